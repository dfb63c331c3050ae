"""Documents of a draw: what is frozen, what is withheld, and what verification finds."""

import copy
import json
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.drawing import (
    QUICKNET,
    Balls,
    BeaconError,
    CanonicalError,
    Drand,
    Lotto,
    Seed,
    Verdict,
    canonical,
    choose,
    draw,
    fingerprint_of,
    is_opened_by,
    is_verified,
    next_lotto,
    next_round,
    panels_with,
    people_of,
    read_beacon,
    read_document,
    verify,
    verify_bytes,
    with_alternates,
    write_document,
)
from councils.drawing.beacons import KOREA
from councils.drawing.canonical import plain
from councils.drawing.privacy import commitment
from councils.drawing_wording import FAILED, OPEN, PROVED, claim_in_words, claim_rows
from tests.councils.drawing_pools import frozen

pytestmark = pytest.mark.once

LOTTO = Lotto(1250)
VALUE = {"numbers": [3, 7, 12, 24, 33, 41], "bonus": 9}
LONG_BEFORE = LOTTO.happens_at() - timedelta(days=3)


@pytest.fixture(scope="module")
def drawn():
    """A draw by the seed of the command, with all attributes published."""
    document, _openings = frozen()
    return draw(document, {"seed": "00ff"}, digits="417")


@pytest.fixture(scope="module")
def withheld():
    """A draw by lotto of which most attributes are withheld, and the openings."""
    document, openings = frozen(group_size=5, beacon=LOTTO, frozen_at=LONG_BEFORE, notice_hours=24)
    return draw(document, VALUE, digits="123", openings=openings), openings


def verdicts(claims):
    return {claim.code: claim.verdict for claim in claims}


def failed(document, **options):
    """The codes of what fails."""
    return {claim.code for claim in verify(document, **options) if claim.verdict == Verdict.FAILED}


# --- The form --------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(-10, 10, places=12),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_whatever_is_written_reads_back_and_is_json(value):
    value = plain(value)
    data = canonical(value)
    assert read_document_of(value) == value
    assert json.loads(data) is not Ellipsis
    assert b"\n" not in data


def read_document_of(value):
    return read_document(write_document({"value": value}))["value"]


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1}',
        b'{"a":1}\n\n',
        b'{"a": 1}\n',
        b'{"b":1,"a":2}\n',
        b'{"a":1,"a":1}\n',
        b'{"a":1.5}\n',
        b'{"a":1e3}\n',
        b'{"a":-0}\n',
        b'{"a":NaN}\n',
        b'{"a":"\\u0061"}\n',
        b'{"a":"\\/"}\n',
        "\N{BYTE ORDER MARK}{}\n".encode(),
        b'{"a":"e\xcc\x81"}\n',
        b'{"a":"\xff"}\n',
        b"[1]\n",
        b"[" * 100_000,
        b"",
    ],
)
def test_only_one_form_is_read(data):
    with pytest.raises(CanonicalError):
        read_document(data)


# --- Beacons ---------------------------------------------------------------------------------


def test_lotto_is_drawn_on_saturdays():
    """Number 1 was on 2002-12-07; number 1,000 on 2022-01-29. Source: the operator's list of results."""
    assert Lotto(1).happens_at() == datetime(2002, 12, 7, 20, 35, tzinfo=KOREA)
    assert Lotto(1000).happens_at() == datetime(2022, 1, 29, 20, 35, tzinfo=KOREA)
    assert next_lotto(Lotto(1000).happens_at()) == Lotto(1000)
    assert next_lotto(Lotto(1000).happens_at() + timedelta(seconds=1)) == Lotto(1001)
    assert LOTTO.read(VALUE) == b"lotto:1250:3,7,12,24,33,41+9"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"numbers": [3, 7, 12, 24, 33, 41]}, "beacon_value"),
        ({"numbers": [3, 7, 12, 24, 33], "bonus": 9}, "lotto_numbers"),
        ({"numbers": [3, 7, 12, 24, 33, 46], "bonus": 9}, "lotto_numbers"),
        ({"numbers": [3, 7, 12, 24, 33, 41], "bonus": 3}, "lotto_numbers"),
        ({"numbers": [3, 7, 12, 24, 33, True], "bonus": 9}, "lotto_numbers"),
        ({"numbers": [7, 3, 12, 24, 33, 41], "bonus": 9}, "lotto_order"),
    ],
)
def test_lotto_numbers_that_cannot_be(value, code):
    with pytest.raises(BeaconError) as error:
        LOTTO.read(value)
    assert error.value.code == code


def test_a_drand_round_has_its_time_and_its_randomness():
    """Round 1 of quicknet was at 1692803367; rounds come every 3 seconds. Source: drand's chain info."""
    assert Drand(1).happens_at().timestamp() == QUICKNET.genesis == 1692803367
    assert Drand(1001).happens_at() - Drand(1).happens_at() == timedelta(seconds=3000)
    at = datetime(2026, 11, 28, 12, tzinfo=UTC)
    following = next_round(at, QUICKNET)
    assert timedelta(0) <= following.happens_at() - at < timedelta(seconds=QUICKNET.period)
    # SHA-256 of the signature.
    assert Drand(7).read({"signature": "ab" * 48}).startswith(b"drand:" + QUICKNET.chain.encode() + b":7:")
    for signature in ("AB" * 48, "ab" * 47, "ab" * 96, "xy" * 48, 7):
        with pytest.raises(BeaconError, match="drand_signature"):
            Drand(7).read({"signature": signature})


def test_balls_and_seed():
    at = datetime(2026, 11, 28, 14, tzinfo=KOREA)
    assert Balls(6, at).read({"digits": "481516"}) == b"balls:481516"
    assert Seed().read({"seed": "00ff"}) == b"\x00\xff"
    for beacon, value in ((Balls(6, at), {"digits": "48151"}), (Seed(), {"seed": "0"}), (Seed(), {"seed": ""})):
        with pytest.raises(BeaconError):
            beacon.read(value)
    for count in (5, 41):
        with pytest.raises(BeaconError):
            Balls(count, at)


@pytest.mark.parametrize("beacon", [LOTTO, Drand(9), Balls(8, datetime(2026, 1, 3, tzinfo=KOREA)), Seed()])
def test_a_beacon_is_read_back_from_its_freeze_and_from_nothing_else(beacon):
    description = beacon.description()
    assert read_beacon(description) == beacon
    for other in ({**description, "more": 1}, {**description, "kind": "dice"}, {**description, "at": "2001-01-01"}, {}):
        with pytest.raises(BeaconError):
            read_beacon(other)


# --- What is frozen and drawn ----------------------------------------------------------------


def test_a_draw_verifies(drawn):
    claims = verify_bytes(write_document(drawn))
    assert is_verified(claims)
    assert [claim.code for claim in claims if claim.verdict != Verdict.PROVED] == ["genuine"]
    assert drawn["panel"] == drawn["drawn_from"][drawn["chosen"]]


def test_a_freeze_and_a_freeze_with_alternates_verify():
    document, openings = frozen()
    assert not openings
    assert is_verified(verify_bytes(write_document(document)))
    assert is_verified(verify_bytes(write_document(with_alternates(document))))


def test_the_freeze_does_not_hang_on_what_comes_later(drawn):
    document, _openings = frozen()
    assert fingerprint_of(drawn) == drawn["freeze"] == document["freeze"]


def test_digits_may_come_later_than_the_beacon(drawn):
    document, _openings = frozen()
    before = draw(document, {"seed": "00ff"})
    assert "panel" not in before
    assert is_verified(verify(before))
    assert choose(before, "417") == drawn


def test_everybody_learns_in_how_many_panels_they_are(drawn):
    numbers = [panels_with(drawn, entry["id"]) for entry in drawn["pool"]]
    assert sum(numbers) == 1000 * drawn["seats"]


def test_one_per_household_is_frozen_and_kept():
    document, _openings = frozen(households=True)
    drawn = draw(document, {"seed": "01"}, digits="000")
    assert is_verified(verify(drawn))
    home = {entry["id"]: entry.get("household") for entry in drawn["pool"]}
    for panel in drawn["drawn_from"]:
        homes = [home[id_] for id_ in panel if home[id_]]
        assert len(homes) == len(set(homes))


# --- Tampering -------------------------------------------------------------------------------


def swapped(panels):
    """Two members of different panels change places, with everybody's number of panels kept."""
    a, b = 0, next(n for n in range(1, 1000) if not set(panels[n]) & set(panels[0]))
    panels[a][0], panels[b][0] = panels[b][0], panels[a][0]


def refrozen(document):
    document["freeze"] = fingerprint_of(document)


TAMPERINGS = {
    "a frozen panel": (lambda d: swapped(d["panels"]), {"freeze"}),
    "a quota": (lambda d: d["quotas"][0].update(min=0), {"freeze"}),
    "a chance": (lambda d: d["probabilities"].update(p000=d["probabilities"]["p000"] + Decimal("1e-12")), {"freeze"}),
    "an attribute": (lambda d: d["pool"][0]["attributes"].update(tong="9"), {"shape"}),
    "a panel after the exchange": (lambda d: swapped(d["drawn_from"]), {"exchange"}),
    "the order of alternates": (lambda d: d["alternates"][5].reverse(), {"alternates"}),
    "an alternate": (lambda d: d["alternates"][5].pop(), {"alternates"}),
    "the digits": (lambda d: d.update(digits="418"), {"choice"}),
    "the index": (lambda d: d.update(chosen=(d["chosen"] + 1) % 1000), {"choice"}),
    "a member": (lambda d: d.update(panel=d["panel"][::-1]), {"choice"}),
    "the seed": (lambda d: d["value"].update(seed="00fe"), {"exchange", "alternates", "choice"}),
    "a key besides": (lambda d: d.update(note="x"), {"shape"}),
    "a key away": (lambda d: d.pop("alternates"), {"shape"}),
    "a panel too few": (lambda d: d["panels"].pop(), {"shape"}),
    "somebody else": (lambda d: d["panels"][3].__setitem__(0, "x"), {"shape"}),
    "no exchange, frozen so": (lambda d: (d["rule"]["exchange"].update(rounds=0), refrozen(d)), {"rule"}),
    "panels against the quotas, frozen so": (
        lambda d: (d["quotas"][0].update(min=5), refrozen(d)),
        {"panels", "drawn_panels"},
    ),
    "a bound too low, frozen so": (
        lambda d: (d["certificate"].update(upper_bound=d["certificate"]["upper_bound"] / 2), refrozen(d)),
        {"certificate"},
    ),
    "chances unlike the shares, frozen so": (
        lambda d: (d["probabilities"].update(p000=Decimal(0), p001=Decimal(1)), refrozen(d)),
        {"shares"},
    ),
}


def test_under_quotas_without_room_too():
    document, openings = frozen(room=0, group_size=5, beacon=LOTTO, frozen_at=LONG_BEFORE, notice_hours=24)
    drawn = draw(document, VALUE, digits="999", openings=openings)
    assert any(pairs for pairs, _singles in drawn["transcript"]["deals"])
    assert is_verified(verify(drawn))


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_was_changed_afterwards_fails(drawn, name):
    tamper, expected = TAMPERINGS[name]
    document = copy.deepcopy(drawn)
    tamper(document)
    claims = verify(document)
    assert not is_verified(claims)
    assert expected <= {claim.code for claim in claims if claim.verdict == Verdict.FAILED}
    assert all(claim_in_words(claim) for claim in claims)


def test_a_change_of_one_byte_anywhere_is_found(drawn):
    data = write_document(drawn)
    chance = random.Random(6)
    # Most of a document is panels; what stands between must be met too.
    edges = [
        n for key in drawn for n in (data.index(f'"{key}":'.encode()), data.index(f'"{key}":'.encode()) + len(key) + 3)
    ]
    places = [*chance.sample(edges, 12), *chance.sample(range(len(data)), 12), 0, len(data) - 1]
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(7)
        assert not is_verified(verify_bytes(bytes(changed))), place
    assert not is_verified(verify_bytes(data + b"\n"))
    assert not is_verified(verify_bytes(data[:-1]))


# --- Time ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "fails"),
    [
        (timedelta(hours=24), False),
        (timedelta(hours=24) - timedelta(seconds=1), True),
        (timedelta(0), True),
        (-timedelta(days=1), True),
    ],
)
def test_a_freeze_later_than_its_notice_before_the_beacon_is_refused(before, fails):
    """Source: 24 hours at least before the beacon, as the rule set says."""
    document, _openings = frozen(beacon=LOTTO, frozen_at=LOTTO.happens_at() - before, notice_hours=24)
    claims = verify(document)
    assert (verdicts(claims)["notice"] == Verdict.FAILED) == fails
    assert is_verified(claims) != fails


def test_a_beacon_at_another_time_than_it_has_is_refused():
    document, _openings = frozen(beacon=LOTTO, frozen_at=LONG_BEFORE, notice_hours=24)
    document = copy.deepcopy(document)
    document["beacon"]["at"] = "2030-01-05T20:35:00+09:00"
    refrozen(document)
    assert "beacon" in failed(document)


def test_a_freeze_before_a_beacon_has_a_moment():
    with pytest.raises(ValueError, match="moment"):
        frozen(beacon=Lotto(1251))


# --- What is withheld ------------------------------------------------------------------------


def test_few_of_a_kind_are_withheld(withheld):
    document, openings = withheld
    published = [entry for entry in document["pool"] if "attributes" in entry]
    alike = [json.dumps(entry["attributes"], sort_keys=True) for entry in published]
    assert openings
    assert all(alike.count(one) >= 5 for one in alike)
    assert {entry["id"] for entry in document["pool"] if "commitment" in entry} == set(openings)
    assert all(set(entry) == {"id", "commitment"} for entry in document["pool"] if "commitment" in entry)


def test_without_openings_verification_says_what_it_could_not_prove(withheld):
    document, _openings = withheld
    claims = verify_bytes(write_document(document))
    assert is_verified(claims)
    open_ = {claim.code for claim in claims if claim.verdict == Verdict.OPEN}
    assert open_ == {"openings", "panels", "certificate", "genuine", "exchange", "drawn_panels", "alternates"}


def test_with_openings_everything_is_proved(withheld):
    document, openings = withheld
    claims = verify(document, openings=openings)
    assert {claim.code for claim in claims if claim.verdict != Verdict.PROVED} == {"genuine"}


def test_an_opening_fits_one_person_and_one_truth(withheld):
    document, openings = withheld
    (first, opening), (_second, other) = list(openings.items())[:2]
    entry = next(entry for entry in document["pool"] if entry["id"] == first)
    assert is_opened_by(entry, opening)
    assert not is_opened_by(entry, other)
    sex = "f" if opening["attributes"]["sex"] == "m" else "m"
    lied = {**opening, "attributes": {**opening["attributes"], "sex": sex}}
    assert not is_opened_by(entry, lied)
    assert "openings" in failed(document, openings={first: lied})
    assert entry["commitment"] == commitment(first, opening)


@pytest.mark.parametrize("part", ["trials", "deals", "counts", "alternates"])
def test_a_record_that_was_changed_fails_without_openings_too(withheld, part):
    document = copy.deepcopy(withheld[0])
    match part:
        case "trials":
            document["transcript"]["trials"] = "/" + document["transcript"]["trials"][1:]
        case "deals":
            document["transcript"]["deals"][0][1] = []
        case "counts":
            document["drawn_counts"][0][0] += 1
        case "alternates":
            document["alternates"][0].reverse()
    expected = {"trials": "exchange", "deals": "exchange", "counts": "drawn_panels"}.get(part, part)
    assert expected in failed(document)


def test_stated_numbers_are_checked_by_those_who_hold_the_attributes(withheld):
    document, openings = withheld
    document = copy.deepcopy(document)
    document["drawn_counts"][0], document["drawn_counts"][1] = document["drawn_counts"][1], document["drawn_counts"][0]
    other = document["drawn_counts"][0] != document["drawn_counts"][1]
    assert ("drawn_panels" in failed(document, openings=openings)) == other


def test_a_draw_needs_the_openings(withheld):
    document, openings = frozen(group_size=5, beacon=LOTTO, frozen_at=LONG_BEFORE, notice_hours=24)
    with pytest.raises(ValueError, match="withheld"):
        draw(document, VALUE)
    assert people_of(document) is None
    assert people_of(document, openings) is not None


def test_salts_are_needed_and_never_the_same():
    from councils.drawing.privacy import publish
    from tests.councils.drawing_pools import some_pool

    for salts in ((), [bytes(16)] * 60, [bytes(8)] * 60):
        with pytest.raises(ValueError, match="salt"):
            publish(some_pool(), 5, salts)


# --- Words -----------------------------------------------------------------------------------


def test_every_claim_has_its_words():
    rows = claim_rows()
    assert {row["code"] for row in rows} == set(PROVED) | set(FAILED) | {"genuine"}
    assert sum(len(row["open"]) for row in rows) == len(OPEN)


def test_the_signature_of_a_drand_round_is_proved_or_refused():
    """Source of the signatures: drand, quicknet, rounds 1000 and 657413."""
    right = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
    other = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
    early = Drand(1000).happens_at() - timedelta(days=2)
    document, _openings = frozen(beacon=Drand(1000), frozen_at=early, notice_hours=24)
    drawn = draw(document, {"signature": right})
    genuine = next(claim for claim in verify(drawn) if claim.code == "genuine")
    assert (genuine.verdict, genuine.facts) == (Verdict.PROVED, {})
    assert "genuine" in failed({**drawn, "value": {"signature": other}})
