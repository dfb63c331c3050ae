"""The customary ways of selection. Source: rules C14; Seoul's plan of 2018 for the 60 % (C1); decision record 23."""

import json
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from councils.customary import (
    Asked,
    Fault,
    Lot,
    Method,
    Prompt,
    RecordError,
    Step,
    StepError,
    Way,
    apportion,
    fingerprint_of,
    indistinguishable,
    lots_of,
    read_record,
    replay,
    simulate,
    way_as_data,
    way_from_data,
    write_record,
)
from councils.quotas import Pool, Quota

pytestmark = pytest.mark.once

SEED = bytes(32)
FEATURES = ("sex", "track", "area")
ROWS = (
    *(("female", "open", "east") for _ in range(6)),
    *(("male", "open", "west") for _ in range(3)),
    *(("male", "recommended", "east") for _ in range(3)),
)
POOL = Pool(tuple(str(number) for number in range(1, 13)), FEATURES, ROWS)
BALLS = Way(Method.BALLS, seats=5, alternates=2, features=("sex",), most=3)
INTERVIEW = Way(Method.LOTTERY_INTERVIEW, seats=2, alternates=1, invited=4, highest_score=100)
SHARES = Way(Method.RECOMMENDATION_SHARES, seats=5, alternates=1, features=("track",), value="recommended", most=2)
GROUPS = Way(Method.WITHIN_GROUPS, seats=4, features=("sex", "area"))
WAYS = (BALLS, INTERVIEW, SHARES, GROUPS)


def balls(*numbers):
    return [Step(str(number), "a resident invited to draw") for number in numbers]


# --- balls one after another, up to the share of a sex ---


def test_a_ball_of_a_sex_that_has_its_share_is_passed_over():
    outcome = replay(POOL, BALLS, balls(1, 7, 2, 3, 4, 10, 5, 6))
    assert outcome.selected == ("1", "7", "2", "3", "10")
    assert [(passed.number, passed.reason, passed.value) for passed in outcome.passed_over] == [
        ("4", "share_reached", "female")
    ]
    assert outcome.alternates == ("5", "6")
    assert outcome.complete
    assert outcome.vacant == 0


def test_it_says_what_comes_next():
    assert replay(POOL, BALLS, []).prompt == Prompt(Asked.SEAT, 0, (), 5)
    assert replay(POOL, BALLS, balls(1, 2, 3, 4)).prompt == Prompt(Asked.SEAT, 0, (), 2)
    assert replay(POOL, BALLS, balls(1, 2, 3, 7, 8)).prompt == Prompt(Asked.ALTERNATE, 0, (), 2)
    assert replay(POOL, BALLS, balls(1, 2, 3, 7, 8, 9, 10)).prompt is None


def test_seats_stay_vacant_where_only_the_sex_with_its_share_is_left():
    pool = Pool(("1", "2", "3", "4"), ("sex",), (("female",),) * 4)
    way = Way(Method.BALLS, seats=3, alternates=1, features=("sex",), most=2)
    outcome = replay(pool, way, balls(1, 2))
    assert outcome.prompt == Prompt(Asked.ALTERNATE, 0, (), 1)
    assert replay(pool, way, balls(1, 2, 3)).vacant == 1


@pytest.mark.parametrize(
    ("steps", "fault", "place"),
    [
        (balls(99), Fault.UNKNOWN_BALL, 1),
        (balls("01"), Fault.UNKNOWN_BALL, 1),
        (balls(1, 1), Fault.ALREADY_DRAWN, 2),
        ([Step("1", score=3)], Fault.BALL_EXPECTED, 1),
        (balls(1, 2, 3, 7, 8, 9, 10, 11), Fault.FINISHED, 8),
    ],
)
def test_a_wrong_ball_is_refused(steps, fault, place):
    with pytest.raises(StepError) as caught:
        replay(POOL, BALLS, steps)
    assert (caught.value.fault, caught.value.place, caught.value.number) == (fault, place, steps[-1].number)


# --- lottery, then interviews ---


def test_scores_decide_and_equal_ones_go_by_the_order_of_the_lottery():
    steps = [*balls(4, 9, 1, 12), Step("1", score=80), Step("12", score=95), Step("4", score=80), Step("9", score=80)]
    assert replay(POOL, INTERVIEW, steps[:4]).prompt == Prompt(Asked.SCORE, 0, (), 4)
    assert replay(POOL, INTERVIEW, steps[:7]).selected == ()
    outcome = replay(POOL, INTERVIEW, steps)
    assert outcome.invited == ("4", "9", "1", "12")
    assert outcome.selected == ("12", "4")
    assert outcome.alternates == ("9",)
    assert dict(outcome.scores) == {"1": 80, "12": 95, "4": 80, "9": 80}


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        (balls(5), Fault.SCORE_EXPECTED),
        ([Step("5", score=1)], Fault.NOT_INVITED),
        ([Step("1", score=-1)], Fault.SCORE_OUT_OF_RANGE),
        ([Step("1", score=101)], Fault.SCORE_OUT_OF_RANGE),
        ([Step("1", score=7), Step("1", score=7)], Fault.ALREADY_SCORED),
        ([Step("77", score=7)], Fault.UNKNOWN_BALL),
    ],
)
def test_a_wrong_score_is_refused(steps, fault):
    with pytest.raises(StepError) as caught:
        replay(POOL, INTERVIEW, [*balls(4, 9, 1, 12), *steps])
    assert caught.value.fault is fault


# --- shares by recommendation ---


def test_recommended_people_have_a_lot_of_their_own():
    assert [(lot.group, lot.seats, lot.alternates, len(lot.members)) for lot in lots_of(POOL, SHARES)] == [
        (("recommended",), 2, 1, 3),
        (("",), 3, 1, 9),
    ]
    outcome = replay(POOL, SHARES, balls(10, 12, 11, 1, 7, 2, 8))
    assert outcome.selected == ("10", "12", "1", "7", "2")
    assert outcome.alternates == ("11", "8")
    assert outcome.complete


def test_a_ball_of_another_lot_is_refused():
    with pytest.raises(StepError) as caught:
        replay(POOL, SHARES, balls(1))
    assert caught.value.fault is Fault.OTHER_LOT


def test_what_the_recommended_cannot_fill_goes_to_the_others():
    way = Way(Method.RECOMMENDATION_SHARES, seats=9, features=("track",), value="recommended", most=4)
    assert [lot.seats for lot in lots_of(POOL, way)] == [3, 6]


# --- within groups ---


def test_seats_go_to_groups_by_largest_remainder():
    """12 applicants, 4 seats: 6 ÷ 3 = 2, 3 ÷ 3 = 1, 3 ÷ 3 = 1."""
    assert [(lot.group, lot.seats) for lot in lots_of(POOL, GROUPS)] == [
        (("female", "east"), 2),
        (("male", "east"), 1),
        (("male", "west"), 1),
    ]


def test_groups_too_small_for_a_seat_are_not_drawn_from():
    assert [lot.group for lot in lots_of(POOL, Way(Method.WITHIN_GROUPS, seats=1, features=("sex", "area")))] == [
        ("female", "east")
    ]


def test_seats_can_go_by_the_residents_of_a_group():
    way = Way(Method.WITHIN_GROUPS, seats=4, features=("sex",), weights=((("female",), 100), (("male",), 300)))
    assert [(lot.group, lot.seats) for lot in lots_of(POOL, way)] == [(("female",), 1), (("male",), 3)]


def test_what_a_group_cannot_fill_goes_to_the_others():
    assert apportion(10, {("a",): 2, ("b",): 9, ("c",): 9}, weights={("a",): 8, ("b",): 1, ("c",): 1}) == {
        ("a",): 2,
        ("b",): 4,
        ("c",): 4,
    }


def test_equal_remainders_go_to_the_heavier_group_then_by_name():
    assert apportion(1, {("b",): 5, ("a",): 5}) == {("a",): 1, ("b",): 0}
    assert apportion(2, {("a",): 3, ("b",): 9}) == {("a",): 0, ("b",): 2}  # exactly 0.5 and 1.5
    assert apportion(1, {("a",): 1, ("b",): 1, ("c",): 2}) == {("a",): 0, ("b",): 0, ("c",): 1}


sizes = st.dictionaries(st.text("abcdef", min_size=1, max_size=2).map(lambda name: (name,)), st.integers(0, 30))


@given(st.integers(1, 60), sizes, st.booleans(), st.randoms(use_true_random=False))
def test_an_apportionment_fills_what_can_be_filled(seats, applicants, weighted, rng):
    weights = {group: rng.randint(1, 50) for group in applicants} if weighted else None
    shares = apportion(seats, applicants, weights=weights)
    assert shares.keys() == applicants.keys()
    assert all(0 <= shares[group] <= applicants[group] for group in shares)
    assert sum(shares.values()) == min(seats, sum(applicants.values()))


@given(st.integers(1, 60), sizes.filter(lambda found: sum(found.values())))
def test_an_apportionment_keeps_to_the_quota_of_each_group(seats, applicants):
    """Largest remainder gives each group its exact share rounded up or down (quota rule)."""
    total = sum(applicants.values())
    if seats > total:
        return
    for group, given_ in apportion(seats, applicants).items():
        assert abs(given_ - Fraction(seats * applicants[group], total)) < 1


# --- the way itself ---


@pytest.mark.parametrize(
    "figures",
    [
        {"method": Method.BALLS, "seats": 0, "features": ("sex",)},
        {"method": Method.BALLS, "seats": 3, "features": ()},
        {"method": Method.BALLS, "seats": 3, "features": ("sex",), "most": 0},
        {"method": Method.BALLS, "seats": 3, "features": ("sex",), "most": 4},
        {"method": Method.RECOMMENDATION_SHARES, "seats": 3, "features": ("track", "sex"), "most": 1},
        {"method": Method.LOTTERY_INTERVIEW, "seats": 3, "invited": 2},
        {"method": Method.WITHIN_GROUPS, "seats": 3},
        {"method": Method.WITHIN_GROUPS, "seats": 3, "features": ("sex",), "weights": ((("female",), -1),)},
        {"method": Method.WITHIN_GROUPS, "seats": 3, "features": ("sex",), "alternates": -1},
    ],
)
def test_figures_that_contradict_each_other_are_refused(figures):
    with pytest.raises(ValueError, match=r"\w"):
        Way(**figures)


def test_a_feature_that_nobody_has_is_refused():
    with pytest.raises(ValueError, match="tuple"):
        lots_of(POOL, Way(Method.WITHIN_GROUPS, seats=3, features=("job",)))


# --- the record ---


def finish(pool, way, choose):
    """Steps that bring a draw to its end, `choose(n)` picking among n possibilities each time."""
    steps = []
    while (prompt := replay(pool, way, steps).prompt) is not None:
        if prompt.asked is Asked.SCORE:
            invited = replay(pool, way, steps).invited
            open_ = [
                number for number in invited if number not in {step.number for step in steps if step.score is not None}
            ]
            steps.append(Step(open_[choose(len(open_))], score=choose(way.highest_score + 1)))
        else:
            drawn = {step.number for step in steps}
            urn = [number for number in lots_of(pool, way)[prompt.lot].members if number not in drawn]
            steps.append(Step(urn[choose(len(urn))], "a resident"))
    return steps


pools = st.lists(
    st.tuples(st.sampled_from(["female", "male"]), st.sampled_from(["open", "recommended"]), st.sampled_from("ew")),
    max_size=14,
).map(lambda rows: Pool(tuple(str(n) for n in range(1, len(rows) + 1)), FEATURES, tuple(rows)))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.method.value)
@given(pools, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_every_draw_comes_to_an_end_and_replays_to_the_same(way, pool, rng):
    steps = finish(pool, way, rng.randrange)
    outcome = replay(pool, way, steps)
    assert outcome.complete
    assert len(outcome.selected) + outcome.vacant == way.seats
    seen = [*outcome.selected, *outcome.alternates, *(passed.number for passed in outcome.passed_over)]
    assert len(seen) == len(set(seen))
    assert {step.number for step in steps} >= set(seen)
    row_of = dict(zip(pool.ids, pool.rows, strict=True))
    if way.method is Method.BALLS:
        assert max(Counter(row_of[number][0] for number in outcome.selected).values(), default=0) <= way.most
    if way.method is Method.RECOMMENDATION_SHARES:
        assert sum(row_of[number][1] == "recommended" for number in outcome.selected) <= way.most
    data = write_record(pool, way, steps)
    again, same_way, same_steps = read_record(data)
    assert (same_way, list(same_steps)) == (way, steps)
    assert write_record(again, same_way, same_steps) == data
    assert fingerprint_of(again, way, steps) == fingerprint_of(pool, way, steps)


def test_a_changed_byte_is_found():
    steps = finish(POOL, BALLS, lambda _: 0)
    data = write_record(POOL, BALLS, steps)
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        try:
            pool, way, found = read_record(bytes(changed))
        except RecordError:
            continue
        assert fingerprint_of(pool, way, found) != fingerprint_of(POOL, BALLS, steps)


@pytest.mark.parametrize("data", [b"", b"[]\n", b"{}\n", b"null\n", b"\xff", b'{"way":{}}\n', b'{"way":1}\n'])
def test_what_is_no_record_is_refused(data):
    with pytest.raises(RecordError):
        read_record(data)


def test_a_record_whose_outcome_was_changed_is_refused():
    data = write_record(POOL, BALLS, balls(1, 7, 2))
    document = json.loads(data)
    document["selected"] = ["1", "7", "3"]
    with pytest.raises(RecordError):
        read_record(json.dumps(document, sort_keys=True, separators=(",", ":")).encode() + b"\n")


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.method.value)
def test_a_way_is_the_same_from_its_data(way):
    assert way_from_data(json.loads(json.dumps(way_as_data(way)))) == way


@pytest.mark.parametrize("change", [{"seats": "5"}, {"seats": 0}, {"method": "leximin"}, {"more": 1}, {"weights": 3}])
def test_data_that_are_no_way_are_refused(change):
    with pytest.raises(RecordError):
        way_from_data({**way_as_data(BALLS), **change})


# --- drawn many times ---


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.method.value)
def test_simulations_of_one_seed_are_the_same_and_fill_the_seats(way):
    found = simulate(POOL, way, seed=SEED, times=200)
    assert found == simulate(POOL, way, seed=SEED, times=200)
    assert found != simulate(POOL, way, seed=bytes([1] * 32), times=200)
    assert sum(found.seated) == 200 * way.seats
    assert max(found.seated) <= 200


def test_a_simulation_draws_as_the_balls_do():
    """Exact for a case small enough to think through: 2 women, 1 man, 2 seats, at most one of a sex."""
    pool = Pool(("1", "2", "3"), ("sex",), (("female",), ("female",), ("male",)))
    found = simulate(pool, Way(Method.BALLS, seats=2, features=("sex",), most=1), seed=SEED, times=4000)
    assert found.seated[2] == 4000
    assert found.seated[0] + found.seated[1] == 4000
    assert abs(found.seated[0] - 2000) < 130


def test_a_simulation_counts_the_quotas_that_were_missed():
    quotas = (Quota("track", "recommended", 0, 0), Quota("sex", "female", 0, 5))
    found = simulate(POOL, BALLS, seed=SEED, times=300, quotas=quotas)
    assert found.kept == 300 - found.missed[0]
    assert found.missed[1] == 0


def test_what_a_way_knows_of_people():
    assert indistinguishable(POOL, INTERVIEW) == [()] * 12
    assert indistinguishable(POOL, SHARES) == [("",)] * 9 + [("recommended",)] * 3
    assert set(indistinguishable(POOL, GROUPS)) == {("female", "east"), ("male", "east"), ("male", "west")}


def test_a_lot_has_no_more_seats_than_people():
    pool = Pool(("1", "2"), ("sex",), (("female",), ("male",)))
    assert lots_of(pool, BALLS) == (Lot((), ("1", "2"), 2, 0, 3),)
