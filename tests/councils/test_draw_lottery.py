"""The commands draw_lottery and verify_lottery, as people call them."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from councils.drawing import Verdict, read_document, verify
from councils.drawing.drawing import chosen_index
from councils.drawing.stream import draw_digest
from councils.sortition_files import write_categories, write_respondents
from tests.councils.drawing_pools import some_pool, some_quotas

LATER = ("freeze", "drawn_from", "chosen", "panel")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The folder with the two files of a pool of 60."""
    folder = tmp_path_factory.mktemp("pool")
    (folder / "categories.csv").write_bytes(write_categories(some_quotas()))
    (folder / "respondents.csv").write_bytes(write_respondents(some_pool(households=True)))
    return folder


def lottery(files, out, *options, seats="10"):
    """Order the command; returns what it printed."""
    printed = io.StringIO()
    call_command(
        "draw_lottery",
        "--categories", str(files / "categories.csv"),
        "--respondents", str(files / "respondents.csv"),
        "--seats", seats,
        "--out", str(out),
        *options,
        stdout=printed,
    )  # fmt: skip
    return printed.getvalue()


@pytest.fixture(scope="module")
def drawn(files):
    out = files / "drawn.json"
    lottery(files, out, "--seed", "00FF")
    return out


def test_the_file_has_what_it_should(drawn):
    document = json.loads(drawn.read_bytes())
    promised = {"seats", "quotas", "probabilities", "panels", "alternates", "certificate", *LATER}
    assert promised <= set(document)
    assert document["seats"] == 10
    assert sum(document["probabilities"].values()) == pytest.approx(10)
    assert [len(document[key]) for key in ("panels", "alternates", "drawn_from")] == [1000] * 3
    assert {"upper_bound", "gap", "certified"} <= set(document["certificate"])
    assert 0 <= document["chosen"] <= 999
    assert document["panel"] == document["drawn_from"][document["chosen"]]
    assert document["chosen"] == chosen_index(draw_digest(document["freeze"], b"\x00\xff"), "000")


def test_the_same_input_gives_the_same_bytes(files, drawn, tmp_path):
    lottery(files, tmp_path / "again.json", "--seed", "00ff")
    assert (tmp_path / "again.json").read_bytes() == drawn.read_bytes()


def test_a_seed_may_have_an_odd_number_of_digits(files, drawn, tmp_path):
    lottery(files, tmp_path / "odd.json", "--seed", "0ff")
    assert (tmp_path / "odd.json").read_bytes() == drawn.read_bytes()


def test_without_a_seed_nothing_is_drawn(files, drawn, tmp_path):
    lottery(files, tmp_path / "frozen.json")
    document = read_document((tmp_path / "frozen.json").read_bytes())
    assert not {"drawn_from", "chosen", "panel"} & set(document)
    assert len(document["alternates"]) == 1000
    assert document["freeze"] == read_document(drawn.read_bytes())["freeze"]
    call_command("verify_lottery", str(tmp_path / "frozen.json"), stdout=io.StringIO())


def test_digits_move_the_index(files, drawn, tmp_path):
    lottery(files, tmp_path / "digits.json", "--seed", "00ff", "--digits", "417")
    moved, still = (read_document(file.read_bytes())["chosen"] for file in (tmp_path / "digits.json", drawn))
    assert moved == (still + 417) % 1000


def test_selected_and_remaining_are_written_for_other_tools(files, drawn, tmp_path):
    selected, remaining = tmp_path / "selected.csv", tmp_path / "remaining.csv"
    lottery(files, tmp_path / "d.json", "--seed", "00ff", "--selected", str(selected), "--remaining", str(remaining))
    ids = [[row["id"] for row in csv.DictReader(file.open(newline=""))] for file in (selected, remaining)]
    assert set(ids[0]) == set(read_document(drawn.read_bytes())["panel"])
    assert len(ids[0]) + len(ids[1]) == 60
    assert not set(ids[0]) & set(ids[1])


def test_ids_that_only_look_different_are_the_same(files, tmp_path):
    (tmp_path / "categories.csv").write_bytes((files / "categories.csv").read_bytes())
    data = (files / "respondents.csv").read_bytes()
    (tmp_path / "respondents.csv").write_bytes(
        data.replace(b"p002", "caf\u00e9".encode()).replace(b"p003", "cafe\u0301".encode())
    )
    with pytest.raises(CommandError) as error:
        lottery(tmp_path, tmp_path / "out.json")
    assert error.value.returncode == 2


def test_one_of_a_household(files, tmp_path):
    lottery(files, tmp_path / "homes.json", "--seed", "01", "--one-per-household")
    document = read_document((tmp_path / "homes.json").read_bytes())
    assert document["rule"]["one_per_household"] is True
    assert all(claim.verdict != Verdict.FAILED for claim in verify(document))


def test_a_draw_verifies_and_the_claims_are_listed(drawn):
    printed = io.StringIO()
    call_command("verify_lottery", str(drawn), "--language", "en", stdout=printed)
    assert "Proved: The exchange between the panels" in printed.getvalue()
    assert "Left open: The seed was given by hand" in printed.getvalue()
    assert printed.getvalue().endswith("The draw verifies.\n")


def test_a_changed_draw_does_not_verify(drawn, tmp_path):
    changed = tmp_path / "changed.json"
    changed.write_bytes(drawn.read_bytes().replace(b'"digits":"000"', b'"digits":"001"'))
    said = io.StringIO()
    with pytest.raises(CommandError) as error:
        call_command("verify_lottery", str(changed), "--language", "en", stdout=io.StringIO(), stderr=said)
    assert error.value.returncode == 1
    assert "Does not hold: The digits" in said.getvalue()


def test_a_file_that_is_none_is_refused(tmp_path):
    (tmp_path / "x.json").write_bytes(b"\xff\x00")
    for name, code in (("x.json", 1), ("nothing.json", 2), (".", 2)):
        with pytest.raises(CommandError) as error:
            call_command("verify_lottery", str(tmp_path / name), stdout=io.StringIO(), stderr=io.StringIO())
        assert error.value.returncode == code


@pytest.mark.parametrize(
    "options",
    [
        ("--seed", "xyz"),
        ("--seed", ""),
        ("--seed", "00", "--digits", "12"),
        ("--seed", "00", "--digits", "٣٤٥"),
        ("--digits", "123"),
        ("--selected", "s.csv"),
        ("--seed", "00", "--language", "xx"),
    ],
)
def test_options_that_make_no_sense_are_refused(files, tmp_path, options):
    with pytest.raises(CommandError) as error:
        lottery(files, tmp_path / "out.json", *options)
    assert error.value.returncode == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("seats", ["0", "-3", "61"])
def test_seats_that_cannot_be_are_refused(files, tmp_path, seats):
    with pytest.raises(CommandError) as error:
        lottery(files, tmp_path / "out.json", seats=seats)
    assert error.value.returncode == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("respondents.csv", lambda data: data.replace(b"p003", b"p002")),
        ("respondents.csv", lambda data: data.replace(b"young", b"younger", 1)),
        ("respondents.csv", lambda data: b"\xef\xbb\xbf" + data),
        ("respondents.csv", lambda data: data.decode().encode("utf-16")),
        ("respondents.csv", lambda data: data[:0]),
        ("categories.csv", lambda data: data.replace(b"sex,f,4,6", b"sex,f,7,6")),
        ("categories.csv", lambda data: data.replace(b"sex,f,4,6", b"sex,f,9,9")),
    ],
)
def test_input_that_cannot_be_gives_one_sentence_a_problem_and_no_file(files, tmp_path, name, change):
    for file in ("categories.csv", "respondents.csv"):
        data = (files / file).read_bytes()
        changed = change(data) if file == name else data
        assert file != name or changed != data
        (tmp_path / file).write_bytes(changed)
    with pytest.raises(CommandError) as error:
        lottery(tmp_path, tmp_path / "out.json")
    assert error.value.returncode == 2
    assert str(error.value).strip()
    assert {file.name for file in tmp_path.iterdir()} == {"categories.csv", "respondents.csv"}


@pytest.mark.parametrize("out", ["missing/out.json", ".", "respondents.csv/out.json", ""])
def test_a_place_where_nothing_can_be_written_is_refused(files, out):
    with pytest.raises(CommandError) as error:
        lottery(files, files / out if out else "", "--seed", "00")
    assert error.value.returncode == 2


def test_two_results_in_one_file_are_refused(files, tmp_path):
    with pytest.raises(CommandError) as error:
        lottery(files, tmp_path / "a", "--seed", "00", "--selected", str(tmp_path / "a"))
    assert error.value.returncode == 2


@pytest.mark.parametrize("seats", ["abc", "1.5", "", "1e1", "0x0a", "1_0", "\u0663", "9" * 5000])
def test_seats_that_are_no_number_are_refused_in_one_sentence(files, tmp_path, seats):
    with pytest.raises(CommandError, match="--seats") as error:
        lottery(files, tmp_path / "out.json", "--language", "en", seats=seats)
    assert error.value.returncode == 2
    assert "\n" not in str(error.value)
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize("name", ["categories.csv", "respondents.csv"])
def test_what_is_read_is_never_written_over(files, tmp_path, name):
    before = (files / name).read_bytes()
    (tmp_path / "link.json").symlink_to(files / name)
    for options in ([files / name], [tmp_path / "link.json"], [tmp_path / "out.json", "--seed", "00", "--selected"]):
        target, *others = options
        with pytest.raises(CommandError) as error:
            lottery(files, target, *others, *([str(files / name)] if others else []))
        assert error.value.returncode == 2
        assert (files / name).read_bytes() == before
