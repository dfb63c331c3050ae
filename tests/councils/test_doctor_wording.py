"""The sentences of the quota doctor and of the customary draws. Source: rules C4, C14."""

import pytest

from councils.customary import Asked, Fault, Method, Passed, Prompt, Reason, StepError, Way
from councils.customary_wording import fault_in_words, lot_in_words, passed_in_words, prompt_in_words
from councils.doctor import (
    Change,
    Contradiction,
    ContradictionKind,
    Need,
    Relaxation,
    Shortage,
    examine,
)
from councils.doctor_wording import (
    change_in_words,
    contradiction_in_words,
    group_in_words,
    need_in_words,
    relaxation_in_words,
    shortage_in_words,
    standing_in_words,
    verdict_in_words,
)
from councils.quotas import Pool, Quota

LABELS = {
    ("young", ""): "Young people",
    ("young", "young"): "49 or younger",
    ("sex", ""): "Sex",
    ("sex", "female"): "women",
    ("sex", "other"): "other",
    ("job", ""): "Job",
    ("job", "other"): "other",
}
YOUNG = Quota("young", "young", 5, 30)


@pytest.fixture(autouse=True)
def _in_english(settings):
    from django.utils import translation

    with translation.override("en"):
        yield


def young(number):
    return Pool(tuple(map(str, range(number))), ("young",), (("young",),) * number)


def test_a_need_is_said_as_people_say_it():
    assert need_in_words(Need("young", "young", 3), LABELS) == "49 or younger: 3 more needed"


def test_two_values_of_one_name_are_told_apart():
    assert group_in_words("job", "other", LABELS) == "Job “other”"
    assert group_in_words("sex", "female", LABELS) == "women"
    assert group_in_words("tong", "t1", LABELS) == "t1"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (2, "3 more needed"),
        (5, "just enough"),
        (9, "at risk"),
        (10, "enough. Applicants: 10"),
    ],
)
def test_how_a_quota_stands(number, words):
    assert words in standing_in_words(examine(young(number), (YOUNG,), 5).standings[0], LABELS)


def test_a_quota_without_a_minimum():
    standing = examine(young(3), (Quota("young", "young", 0, 3), Quota("young", "old", 0, 3)), 3).standings[0]
    assert "no minimum" in standing_in_words(standing, LABELS)


def test_whether_a_council_can_be_formed():
    assert verdict_in_words(examine(young(5), (YOUNG,), 5)).startswith("A council of 5 can be formed.")
    assert verdict_in_words(examine(young(4), (YOUNG,), 5)).startswith("A council of 5 cannot be formed yet.")
    assert "contradict" in verdict_in_words(examine(young(4), (Quota("young", "young", 9, 30),), 5))


def test_who_is_missing():
    assert shortage_in_words(Shortage(2, ()), LABELS) == [
        "With 2 more applicants, whoever they are, a council can be formed."
    ]
    lines = shortage_in_words(Shortage(1, (Need("sex", "female", 1),)), LABELS)
    assert lines[0].startswith("With 1 more applicant a council can be formed")
    assert lines[1:] == ["women: 1 more needed"]


@pytest.mark.parametrize("kind", ContradictionKind)
def test_every_contradiction_has_a_sentence(kind):
    contradiction = Contradiction(kind, "sex", "female", total=7)
    assert contradiction_in_words(contradiction, 5, LABELS).startswith("Sex")


@pytest.mark.parametrize(
    ("minimum", "maximum", "words"),
    [
        (3, 30, "49 or younger: at least 3 instead of 5"),
        (5, 31, "49 or younger: at most 31 instead of 30"),
        (4, 31, "49 or younger: 4 to 31 instead of at least 5 and at most 30"),
    ],
)
def test_what_a_quota_would_become(minimum, maximum, words):
    assert change_in_words(Change(YOUNG, minimum, maximum), LABELS) == words


def test_a_relaxation_is_one_sentence():
    relaxation = Relaxation((Change(YOUNG, 3, 30), Change(Quota("sex", "female", 4, 9), 4, 10)))
    assert relaxation_in_words(relaxation, LABELS) == (
        "A council can be formed if 2 quotas give way "
        "(49 or younger: at least 3 instead of 5; women: at most 10 instead of 9)."
    )


BALLS = Way(Method.BALLS, seats=10, features=("sex",), most=6)
SHARES = Way(Method.RECOMMENDATION_SHARES, seats=9, features=("track",), value="recommended", most=4)
INTERVIEW = Way(Method.LOTTERY_INTERVIEW, seats=2, invited=4)


@pytest.mark.parametrize("fault", Fault)
def test_every_refusal_has_a_sentence(fault):
    assert fault_in_words(StepError(fault, "17", 3), BALLS).endswith(".")


@pytest.mark.parametrize(
    ("way", "prompt", "words"),
    [
        (BALLS, Prompt(Asked.SEAT, 0, (), 1), "Please have a ball drawn. 1 seat is open."),
        (BALLS, Prompt(Asked.ALTERNATE, 0, (), 2), "Please have a ball drawn for the alternates. 2 more can be named."),
        (INTERVIEW, Prompt(Asked.SEAT, 0, (), 4), "4 more persons are invited to an interview."),
        (INTERVIEW, Prompt(Asked.SCORE, 0, (), 4), "4 persons have none yet."),
        (SHARES, Prompt(Asked.SEAT, 1, ("",), 5), "Balls in the urn: everybody else. Please have a ball drawn."),
    ],
)
def test_what_is_asked_for_next(way, prompt, words):
    assert words in prompt_in_words(way, prompt, LABELS)


def test_groups_are_named_by_their_values():
    way = Way(Method.WITHIN_GROUPS, seats=3, features=("sex", "young"))
    assert lot_in_words(way, ("female", "young"), LABELS) == "women, 49 or younger"


def test_why_a_ball_gave_no_seat():
    assert passed_in_words(BALLS, Passed("17", Reason.SHARE_REACHED, "female"), LABELS) == (
        "Number 17 is passed over: women already at 6 of 10 seats."
    )
