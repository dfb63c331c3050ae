"""The catalogue keeps what people wrote, guesses nothing, and shows what is missing."""

import gettext
import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.translation.reloader import translation_file_changed

from config import catalogue
from config.catalogue import (
    Translation,
    compile_catalogues,
    merge,
    placeholders,
    problems,
    read_catalogue,
    read_translations,
    updated,
    write_catalogue,
)
from config.extraction import Key, Message

pytestmark = pytest.mark.once

VOTE = Message(Key(None, "Vote"), None)
MAY = Message(Key("month", "May"), None)
PEOPLE = Message(Key(None, "%(n)s person"), "%(n)s people")
ALL = [VOTE, MAY, PEOPLE]


def filled(path, messages=ALL, **texts):
    """A catalogue file with `messages`, each translated as `texts` or by “…”."""
    new = updated(read_catalogue(path), messages)
    merge(new, [Translation(m.key, m.plural, texts.get(m.key.singular, "…")) for m in messages])
    write_catalogue(new, path)
    return path


@pytest.fixture
def po(tmp_path):
    path = tmp_path / "ko" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    return path


def test_an_update_keeps_translations_and_drops_what_is_gone(po):
    filled(po, Vote="투표하기")
    write_catalogue(updated(read_catalogue(po), [VOTE, Message(Key(None, "New"), None)]), po)
    text = po.read_text(encoding="utf-8")
    assert "투표하기" in text
    assert "May" not in text
    assert 'msgid "New"\nmsgstr ""' in text


def test_a_new_text_never_inherits_the_translation_of_a_similar_one(po):
    filled(po, [Message(Key(None, "Close the poll"), None)])
    new = updated(read_catalogue(po), [Message(Key(None, "Close the polls"), None)])
    assert [problem for _key, problem in problems(new, [Message(Key(None, "Close the polls"), None)])] == [
        "has no translation"
    ]


def test_the_file_does_not_depend_on_order_and_carries_no_dates(po):
    filled(po)
    before = po.read_bytes()
    assert not write_catalogue(updated(read_catalogue(po), reversed(ALL)), po)
    assert po.read_bytes() == before
    assert b"Date" not in before
    assert b"nplurals=1; plural=0;" in before


def test_merging_fills_and_does_not_overwrite(po, tmp_path):
    lines = tmp_path / "lines"
    lines.write_text(
        "# words\nVote\t투표하기\n\n"
        "%(n)s person\t%(n)s people\t%(n)s명\nmonth\tMay\t\t5월\nLost\t없음\nA\\nB\t가\\n나\n",
        encoding="utf-8",
    )
    new = updated(read_catalogue(po), [*ALL, Message(Key(None, "A\nB"), None)])
    first = merge(new, read_translations(lines))
    assert (first.filled, first.unknown, first.different) == (4, ["Lost"], [])
    other = [Translation(VOTE.key, None, "표 던지기")]
    assert merge(new, other).different == ["Vote"]
    assert merge(new, other, overwrite=True).filled == 1


def test_a_line_with_the_wrong_number_of_fields_is_named(tmp_path):
    lines = tmp_path / "lines"
    lines.write_text("Vote\t투표하기\nVote 투표하기\n", encoding="utf-8")
    with pytest.raises(ValueError, match="lines:2 has 1 fields"):
        list(read_translations(lines))


@pytest.mark.parametrize(
    ("singular", "plural", "text", "sentence"),
    [
        ("Hello %(name)s", None, "%(person)s님", "has other placeholders"),
        ("Hello {name}", None, "안녕하세요", "has other placeholders"),
        ("Hello", None, "", "has no translation"),
        ("Hello\n", None, "안녕하세요", "new line only on one side"),
    ],
)
def test_wrong_translations_are_named(po, singular, plural, text, sentence):
    message = Message(Key(None, singular), plural)
    filled(po, [message], **{singular: text})
    [(_key, found)] = problems(read_catalogue(po), [message])
    assert sentence in found


def test_fuzzy_and_missing_entries_are_named(po):
    po.write_text('#, fuzzy\nmsgid "Vote"\nmsgstr "투표"\n', encoding="utf-8")
    assert [problem for _key, problem in problems(read_catalogue(po), [VOTE, MAY])] == [
        "is marked as fuzzy",
        "is not in the catalogue (run update_messages)",
    ]


def test_placeholders_of_both_kinds_are_seen():
    assert placeholders("%(n)d of %(all)s, {name} {total:,} 100%% {{ x }}") == {"%(n)", "%(all)", "{name}", "{total}"}


def test_a_compiled_catalogue_answers(po):
    filled(po, Vote="투표하기", **{"%(n)s person": "%(n)s명"})
    [mo] = compile_catalogues(po.parents[2])
    with mo.open("rb") as file:
        korean = gettext.GNUTranslations(file)
    assert korean.gettext("Vote") == "투표하기"
    assert korean.ngettext("%(n)s person", "%(n)s people", 5) == "%(n)s명"
    assert korean.pgettext("month", "May") == "…"


def test_only_what_is_older_is_compiled(po):
    filled(po)
    assert len(compile_catalogues(po.parents[2])) == 1
    assert compile_catalogues(po.parents[2]) == []
    future = po.stat().st_mtime + 10
    os.utime(po, (future, future))
    assert len(compile_catalogues(po.parents[2])) == 1


def test_a_process_that_looked_before_speaks_korean_after_compiling(po, settings):
    settings.LOCALE_PATHS = [po.parents[2]]
    filled(po, Vote="투표하기")
    try:
        translation_file_changed(None, po.with_suffix(".mo"))
        with translation.override("ko"):
            assert translation.gettext("Vote") == "Vote"
        compile_catalogues(po.parents[2])
        with translation.override("ko"):
            assert translation.gettext("Vote") == "투표하기"
    finally:
        settings.LOCALE_PATHS = [catalogue.LOCALE]
        translation_file_changed(None, po.with_suffix(".mo"))


def test_several_may_compile_at_once(po):
    filled(po)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(compile_catalogues, [po.parents[2]] * 16))
    assert sorted(path.name for path in po.parent.iterdir()) == ["django.mo", "django.po"]


def test_the_house_speaks_korean_completely(capsys):
    call_command("check_messages")


def test_the_house_s_own_catalogue_is_used():
    assert catalogue.KOREAN.with_suffix(".mo").exists()
    with translation.override("ko"):
        assert translation.gettext("residents’ assembly") != "residents’ assembly"
