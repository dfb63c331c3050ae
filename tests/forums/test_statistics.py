"""Attendance in figures: what is listed beside what is printed."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from forums.models import Forum, ListedAttendance, PrintedTotal
from forums.queries.statistics import attendance_by_term
from forums.states import EventKind, ForumStatus
from forums.statistics import Figures, Line, Printed, by_term, missing_numbers

# The launch and the 14 listed forums of term 7: (number, heads, officials). Source: handbook of 2022.
TERM_7 = (
    (None, 30, 43),
    (2, 19, 115),
    (3, 28, 105),
    (5, 12, 38),
    (6, 16, 58),
    (7, 18, 96),
    (8, 24, 106),
    (9, 13, 81),
    (10, 18, 33),
    (13, 24, 52),
    (14, 25, 44),
    (16, 14, 37),
    (17, 18, 36),
    (18, 12, 35),
    (19, 15, 69),
)


def lines_of_term_7() -> list[tuple[str, Line]]:
    return [
        ("민선7기", Line(place, number, f"포럼 {number}", date(2018, 9, place), listed=Figures(heads, officials)))
        for place, (number, heads, officials) in enumerate(TERM_7, start=1)
    ]


def test_the_list_of_the_handbook_adds_up_to_less_than_is_printed() -> None:
    """Handbook of 2022: 286 and 948 are listed, 350 and 1,265 printed; 4, 11, 12 and 15 are not listed."""
    (term,) = by_term(lines_of_term_7(), {"민선7기": Printed(Figures(350, 1265))})
    assert term.listed_events == 15
    assert term.listed == Figures(286, 948)
    assert term.unlisted == Figures(64, 317)
    assert term.missing == (4, 11, 12, 15)


def test_without_printed_totals_there_is_no_difference() -> None:
    (term,) = by_term(lines_of_term_7(), {})
    assert term.unlisted is None


@given(st.sets(st.integers(1, 60)))
def test_missing_numbers_fill_the_gaps_exactly(numbers: set[int]) -> None:
    missing = missing_numbers([None, *numbers])
    assert not set(missing) & numbers
    if numbers:
        assert set(missing) | numbers == set(range(min(numbers), max(numbers) + 1))
    else:
        assert missing == ()


def test_what_a_source_lists_goes_before_what_was_counted_here() -> None:
    line = Line(1, 1, "포럼", date(2024, 1, 1), registered=Figures(9, 9), present=Figures(8, 8))
    assert line.came == Figures(8, 8)
    assert Line(1, 1, "포럼", date(2024, 1, 1), listed=Figures(1, 2), present=Figures(8, 8)).came == Figures(1, 2)
    assert Line(1, 1, "포럼", date(2024, 1, 1)).came is None


def forum(number: int, **fields: object) -> Forum:
    values = {
        "title": f"제{number}차 포럼",
        "term": "민선7기",
        "number": number,
        "status": ForumStatus.HELD,
        "starts_on": date(2019, 1, 10),
        "ends_on": date(2019, 1, 11),
    } | fields
    return Forum.objects.create(**values)


def listed(number: int, heads: int, officials: int, **fields: object) -> Forum:
    made = forum(number, **fields)
    ListedAttendance.objects.create(forum=made, heads=heads, officials=officials, source="안내서")
    return made


@pytest.mark.django_db
def test_the_page_shows_both_sums_and_the_numbers_that_are_missing(client) -> None:
    listed(2, 19, 115)
    listed(5, 12, 38)
    PrintedTotal.objects.create(term="민선7기", heads=40, officials=200, source="안내서")
    page = client.get(reverse("forums:statistics")).content.decode()
    for text in ("31", "153", "40", "200", "9", "47", "3, 4", "안내서"):
        assert text in page


@pytest.mark.django_db
def test_a_draft_and_an_academy_are_no_part_of_the_figures() -> None:
    listed(2, 19, 115)
    listed(3, 1, 1, status=ForumStatus.DRAFT)
    listed(4, 1, 1, kind=EventKind.ACADEMY)
    (term,) = attendance_by_term()
    assert [line.number for line in term.lines] == [2]


@pytest.mark.django_db
def test_an_unknown_term_is_not_found(client) -> None:
    listed(2, 19, 115)
    assert client.get(reverse("forums:statistics"), {"term": "민선99기"}).status_code == 404
    assert client.get(reverse("forums:statistics"), {"term": "민선7기"}).status_code == 200


@pytest.mark.django_db
def test_before_the_first_forum_the_page_says_so(client) -> None:
    assert client.get(reverse("forums:statistics")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 30])
def test_the_figures_take_four_queries(django_assert_num_queries, count: int) -> None:
    for number in range(1, count + 1):
        listed(number, 1, 2)
    with django_assert_num_queries(4):
        attendance_by_term()
