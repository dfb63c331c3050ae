"""The rules of the draw: the stream of chance, the exchange, the alternates, the index."""

import hashlib
import random
from collections import Counter
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.drawing import DigitsError, Stream, chosen_index, draw_digest, exchange, exchange_rule, who_moves_up
from councils.drawing.alternates import beacon_order, choose_alternates, is_in_beacon_order
from councils.drawing.exchanging import ExchangeRule, ImpossibleTranscriptError, Transcript
from councils.drawing.people import read_people
from councils.quotas import Pool, Quota
from tests.councils.drawing_pools import panels_under_quotas, some_pool, some_quotas

pytestmark = pytest.mark.once

DIGEST = draw_digest("ab" * 32, b"beacon")
FEW = ExchangeRule(rounds=3, trials=200, among=40)


# --- The stream ------------------------------------------------------------------------------


def test_the_stream_is_sha256_of_digest_name_and_counter():
    """Known answer, so that whoever writes it anew can compare; docs/draw-format.md prints the same."""
    stream = Stream(bytes(32), "exchange")
    block = hashlib.sha256(bytes(32) + b"exchange\0" + bytes(8)).digest()
    assert stream.below(2**32) == int.from_bytes(block[:4], "big")
    assert [stream.below(1000) for _ in range(8)] == [
        *(int.from_bytes(block[at : at + 4], "big") % 1000 for at in range(4, 32, 4)),
        int.from_bytes(hashlib.sha256(bytes(32) + b"exchange\0" + bytes(7) + b"\x01").digest()[:4], "big") % 1000,
    ]


def test_the_digest_is_sha256_of_freeze_and_beacon():
    assert draw_digest("00" * 32, b"\x01") == hashlib.sha256(bytes(32) + b"\x01").digest()


@given(n=st.integers(1, 2**32), count=st.integers(0, 40), name=st.text(max_size=5))
def test_many_numbers_are_those_that_come_one_by_one(n, count, name):
    alone = Stream(DIGEST, name)
    assert Stream(DIGEST, name).many(n, count) == [alone.below(n) for _ in range(count)]


def test_no_number_is_likelier_than_another():
    """Words beyond the last multiple of n are passed over: with n = 3·2³⁰ that is every fourth."""
    n = 3 * 2**30
    counts = Counter(number * 3 // n for number in Stream(DIGEST, "even").many(n, 9000))
    assert all(abs(counts[third] - 3000) < 300 for third in range(3))


def test_every_order_is_as_likely():
    orders = Counter()
    for number in range(6000):
        items = [0, 1, 2]
        Stream(DIGEST, f"order {number}").shuffle(items)
        orders[tuple(items)] += 1
    assert all(abs(orders[order] - 1000) < 150 for order in permutations(range(3)))


@pytest.mark.parametrize("n", [0, -1, 2**32 + 1])
def test_there_is_no_number_below_nothing(n):
    with pytest.raises(ValueError, match="no number"):
        Stream(DIGEST, "x").below(n)


# --- The index -------------------------------------------------------------------------------


def test_the_index_is_digits_plus_digest():
    rest = int.from_bytes(DIGEST, "big") % 1000
    assert chosen_index(DIGEST, "000") == rest
    assert {chosen_index(DIGEST, f"{digits:03}") for digits in range(1000)} == set(range(1000))


@pytest.mark.parametrize("digits", ["", "12", "1234", "12a", "²12", "-12"])
def test_the_hall_draws_three_digits(digits):
    with pytest.raises(DigitsError):
        chosen_index(DIGEST, digits)


# --- The exchange ----------------------------------------------------------------------------


@given(panels_under_quotas(), st.binary(max_size=4))
def test_every_panel_keeps_its_quotas_and_everybody_their_number_of_panels(given_, seed):
    people, panels = given_
    assert all(people.keeps(panel) for panel in panels)
    after, _transcript = exchange(people, panels, FEW, draw_digest("00" * 32, seed))
    assert all(people.keeps(panel) for panel in after)
    assert Counter(person for panel in after for person in panel) == Counter(p for panel in panels for p in panel)


@given(panels_under_quotas())
def test_a_transcript_replays_the_exchange_without_attributes(given_):
    people, panels = given_
    after, transcript = exchange(people, panels, FEW, DIGEST)
    followed, again = exchange(people, panels, FEW, DIGEST, transcript=transcript)
    assert followed == after
    assert again == transcript


def test_one_per_household_holds_after_the_exchange():
    pool, quotas = some_pool(households=True), [Quota("sex", "f", 3, 7), Quota("sex", "m", 3, 7)]
    pool = Pool(pool.ids, ("sex",), tuple(row[:1] for row in pool.rows), pool.households)
    people = read_people(pool, quotas, 10, one_per_household=True)
    panels = random_panels(people, 200, seed=4)
    after, transcript = exchange(people, panels, ExchangeRule(5, 4000, 40), DIGEST)
    assert all(people.keeps(panel) for panel in after)
    assert any(transcript.trials)
    assert any(singles for _pairs, singles in transcript.deals)


def random_panels(people, count, *, seed, tries=200_000):
    """Panels by chance that keep the quotas."""
    chance = random.Random(seed)
    found = []
    for _ in range(tries):
        panel = sorted(chance.sample(range(len(people.ids)), people.seats))
        if people.keeps(panel):
            found.append(panel)
        if len(found) == count:
            return found
    raise AssertionError("the quotas are too tight for panels by chance")


@pytest.mark.parametrize("change", ["fewer trials", "more trials", "fewer deals", "other deal"])
def test_a_transcript_that_the_beacon_leaves_no_room_for_is_refused(change):
    pool = some_pool()
    people = read_people(pool, some_quotas(), 10)
    panels = random_panels(people, 20, seed=2)
    _after, done = exchange(people, panels, FEW, DIGEST)
    trials, deals = list(done.trials), [([*pairs], [*singles]) for pairs, singles in done.deals]
    match change:
        case "fewer trials":
            trials.pop()
        case "more trials":
            trials.append(False)
        case "fewer deals":
            deals.pop()
        case "other deal":
            at = next(n for n, (_pairs, singles) in enumerate(deals) if len(singles) >= 4)
            pairs, singles = deals[at]
            deals[at] = (pairs, [*singles[2:4], *singles[:2], *singles[4:]])
    with pytest.raises(ImpossibleTranscriptError):
        exchange(people, panels, FEW, DIGEST, transcript=Transcript(trials, deals))


def test_at_least_300_000_trials():
    for seats in (1, 5, 10, 20, 30, 50, 200):
        rule = exchange_rule(1000, seats)
        assert rule.rounds * rule.trials >= max(300_000, 8000 * seats)


def together(panels, friends):
    return sum(set(friends) <= set(panel) for panel in panels) / len(panels)


@pytest.mark.parametrize("exact", [False, True])
def test_planted_friends_are_scattered(exact):
    """Four who are in the same panels always: afterwards together as often as four who were never arranged, to 1 %.

    `exact`: every quota leaves no room, and the four count for things that few others do, so that hardly anybody could
    change places with one of them alone.
    """
    chance = random.Random(5)
    size, seats = 150, 20
    rows = []
    for n in range(size):
        rare = n < 12
        rows.append(
            (
                "f" if n % 2 else "m",
                ("young" if chance.random() < 0.5 else "old") if not rare else ("young", "old")[n // 2 % 2],
                chance.choice("abc") if not rare else "abc"[n % 3],
                "yes" if rare else "no",
            )
        )
    features = ("sex", "age", "school", "rare")
    pool = Pool(tuple(f"p{n}" for n in range(size)), features, tuple(rows))
    friends = [0, 1, 2, 5]
    # Panels with exactly the same numbers: two of them planted with the friends, all by exchange of whoever is alike.
    model = friends + chance.sample(range(12, size), seats - 4)
    numbers = Counter((feature, value) for n in model for feature, value in zip(features, rows[n], strict=True))
    slack = 0 if exact else 3
    values = sorted({(feature, row[place]) for row in rows for place, feature in enumerate(features)})
    quotas = [Quota(f, v, max(0, numbers[f, v] - slack), numbers[f, v] + slack) for f, v in values]
    people = read_people(pool, quotas, seats)
    alike = {}
    for person in range(12, size):
        alike.setdefault(people.counts_for[person], []).append(person)
    rare = [person for person in range(12) if person not in friends]

    def dealt(*, planted):
        """A panel with all of the friends or with none, otherwise the same numbers by chance."""
        for _ in range(10_000):
            first = friends if planted else chance.sample(rare, 4)
            rest = [n for kind in Counter(people.counts_for[n] for n in model[4:]).items() for n in pick(*kind)]
            if people.keeps([*first, *rest]):
                return [*first, *rest]
        raise AssertionError("no such panel")

    def pick(kind, number):
        return chance.sample(alike[kind], number)

    panels = [dealt(planted=n % 4 == 0) for n in range(1000)]
    assert together(panels, friends) == 0.25
    rule = exchange_rule(1000, seats)
    after, _transcript = exchange(people, panels, rule, DIGEST)
    shares = [Fraction(sum(friend in panel for panel in after), 1000) for friend in friends]
    independent = float(shares[0] * shares[1] * shares[2] * shares[3])
    assert abs(together(after, friends) - independent) <= 0.01


# --- Alternates ------------------------------------------------------------------------------


def fits(people, panel, member, person):
    return people.keeps([*(other for other in panel if other != member), person])


@given(panels_under_quotas(), st.integers(0, 999))
def test_every_member_who_can_be_replaced_has_an_alternate_who_fits(given_, number):
    people, panels = given_
    panel = panels[0]
    alternates = choose_alternates(people, panel, DIGEST, number)
    others = [person for person in range(len(people.ids)) if person not in panel]
    assert len(alternates) <= people.seats
    assert is_in_beacon_order(people, panel, DIGEST, number, alternates)
    for member in panel:
        possible = any(fits(people, panel, member, person) for person in others)
        assert any(fits(people, panel, member, person) for person in alternates) == possible
    assert all(any(fits(people, panel, member, person) for member in panel) for person in alternates)


@given(panels_under_quotas(), st.integers(0, 999))
def test_as_many_alternates_as_seats_or_all_who_fit(given_, number):
    people, panels = given_
    panel = panels[0]
    others = [person for person in range(len(people.ids)) if person not in panel]
    fit = [person for person in others if any(fits(people, panel, member, person) for member in panel)]
    assert len(choose_alternates(people, panel, DIGEST, number)) == min(people.seats, len(fit))


@given(panels_under_quotas())
def test_who_moves_up_keeps_the_quotas(given_):
    people, panels = given_
    panel = panels[0]
    alternates = choose_alternates(people, panel, DIGEST, 0)
    for member in panel:
        remaining = [other for other in panel if other != member]
        up = who_moves_up(people, remaining, alternates)
        expected = [person for person in alternates if fits(people, panel, member, person)]
        assert up == (expected[0] if expected else None)


def test_with_two_seats_open_nobody_closes_the_way_for_the_other():
    pool = Pool(tuple("abcdef"), ("sex",), (("f",), ("f",), ("m",), ("m",), ("m",), ("f",)))
    people = read_people(pool, [Quota("sex", "f", 2, 2), Quota("sex", "m", 2, 2)], 4)
    assert who_moves_up(people, [2, 3], [4, 5]) == 5
    assert who_moves_up(people, [0, 3], [4, 5]) == 4
    assert who_moves_up(people, [0, 1, 2, 3], [4, 5]) is None


def test_a_planted_order_of_alternates_is_not_the_beacons():
    people = read_people(some_pool(), some_quotas(), 10)
    panel = random_panels(people, 1, seed=1)[0]
    order = choose_alternates(people, panel, DIGEST, 7)
    assert len(order) == 10
    assert not is_in_beacon_order(people, panel, DIGEST, 7, [order[1], order[0], *order[2:]])
    assert not is_in_beacon_order(people, panel, DIGEST, 7, [*order, panel[0]])
    assert beacon_order(people, panel, DIGEST, 7) != beacon_order(people, panel, DIGEST, 8)
