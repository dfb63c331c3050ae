"""Figures as people here write them, in both languages."""

import re
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils.translation import override

from core.templatetags import madang

SEOUL = ZoneInfo("Asia/Seoul")
NOON = datetime(2019, 6, 18, 12, 0, tzinfo=SEOUL)


def both(function, *args):
    """What a filter says in Korean and in English."""
    said = []
    for language in ("ko", "en"):
        with override(language):
            said.append(function(*args))
    return tuple(said)


def drawn(source, **context):
    return Template("{% load madang %}" + source).render(Context(context))


class TestDates:
    def test_day(self):
        assert both(madang.day_text, date(2019, 6, 18)) == ("2019. 6. 18.(화)", "Tue 18 Jun 2019")

    def test_day_of_a_moment_is_that_of_seoul(self):
        evening_in_london = datetime(2019, 6, 18, 16, 0, tzinfo=UTC)
        assert both(madang.day_text, evening_in_london) == ("2019. 6. 19.(수)", "Wed 19 Jun 2019")

    def test_day_is_a_time_element(self):
        assert drawn("{{ d|day }}", d=date(2019, 6, 18)) == '<time datetime="2019-06-18">2019. 6. 18.(화)</time>'

    def test_moment(self):
        assert both(madang.moment_text, NOON) == ("2019. 6. 18.(화) 12:00", "Tue 18 Jun 2019, 12:00")

    def test_moment_is_a_time_element_with_its_offset(self):
        expected = '<time datetime="2019-06-18T12:00+09:00">2019. 6. 18.(화) 12:00</time>'
        assert drawn("{{ m|moment }}", m=NOON.astimezone(UTC)) == expected

    @pytest.mark.parametrize("function", [madang.day, madang.day_text, madang.moment, madang.moment_text])
    def test_nothing_is_a_dash(self, function):
        assert function(None) == "–"


class TestTimeLeft:
    @pytest.mark.parametrize(
        ("until", "korean", "english"),
        [
            (NOON, "마감되었습니다", "deadline passed"),
            (NOON + timedelta(minutes=1), "오늘 12:01까지", "until 12:01 today"),
            (datetime(2019, 6, 18, 18, 0, tzinfo=SEOUL), "오늘 18:00까지", "until 18:00 today"),
            (datetime(2019, 6, 19, 0, 0, tzinfo=SEOUL), "오늘까지", "until the end of today"),
            (datetime(2019, 6, 19, 0, 1, tzinfo=SEOUL), "내일까지", "until tomorrow"),
            (datetime(2019, 6, 20, 0, 0, tzinfo=SEOUL), "내일까지", "until tomorrow"),
            (datetime(2019, 6, 21, 9, 0, tzinfo=SEOUL), "3일 남음", "3 days left"),
        ],
    )
    def test_days_are_counted_in_calendar_days(self, until, korean, english):
        assert both(madang.time_left, until, NOON) == (korean, english)

    @pytest.mark.parametrize(
        ("start", "korean", "english"),
        [
            (datetime(2019, 6, 18, 18, 0, tzinfo=SEOUL), "오늘 18:00부터", "from 18:00 today"),
            (datetime(2019, 6, 19, 9, 0, tzinfo=SEOUL), "내일부터", "from tomorrow"),
            (datetime(2019, 6, 21, 9, 0, tzinfo=SEOUL), "3일 뒤부터", "in 3 days"),
            (datetime(2019, 12, 24, 9, 0, tzinfo=SEOUL), "2019. 12. 24.(화)", "Tue 24 Dec 2019"),
            (datetime(2019, 6, 17, 9, 0, tzinfo=SEOUL), "2019. 6. 17.(월)", "Mon 17 Jun 2019"),
        ],
    )
    def test_start(self, start, korean, english):
        assert both(madang.starts_in, start, NOON) == (korean, english)


class TestMoney:
    def test_exact(self):
        assert both(madang.won, 30_000_000) == ("30,000,000원", "30,000,000 won")

    @pytest.mark.parametrize(
        ("amount", "korean", "english"),
        [
            (0, "0원", "0 won"),
            (9_500, "9,500원", "9,500 won"),
            (10_000, "1만 원", "10,000 won"),
            (500_000, "50만 원", "500,000 won"),
            (30_000_000, "3,000만 원", "30 million won"),
            (5_500_000, "550만 원", "5.5 million won"),
            (120_000_000, "1억 2,000만 원", "120 million won"),
            (2_500_000_000, "25억 원", "2,500 million won"),
            (12_344_999, "약 1,234만 원", "about 12.34 million won"),
            (12_345_000, "약 1,235만 원", "about 12.35 million won"),
            (-30_000_000, "−3,000만 원", "−30 million won"),
        ],
    )
    def test_short(self, amount, korean, english):
        assert both(madang.won_short, amount) == (korean, english)

    def test_unknown(self):
        assert (madang.won(None), madang.won_short(None)) == ("–", "–")


class TestCounts:
    @pytest.mark.parametrize(
        ("function", "korean", "english"),
        [
            (madang.people, "1,234명", "1,234 people"),
            (madang.items, "1,234건", "1,234 items"),
            (madang.votes, "1,234표", "1,234 votes"),
        ],
    )
    def test_counts_have_their_unit(self, function, korean, english):
        assert both(function, 1234) == (korean, english)

    def test_one(self):
        assert both(madang.people, 1) == ("1명", "1 person")

    @pytest.mark.parametrize(
        ("share", "expected"),
        [
            (Fraction(123, 1000), "12.3%"),
            (Fraction(1, 3), "33.3%"),
            (Fraction(2, 3), "66.7%"),
            (Fraction(1, 2000), "0.1%"),
            (Fraction(0), "0.0%"),
            (Fraction(1), "100.0%"),
            ((1, 8), "12.5%"),
            ((5, 0), "–"),
            (None, "–"),
        ],
    )
    def test_percent_rounds_half_up(self, share, expected):
        assert both(madang.percent, share) == (expected, expected)

    def test_percent_of_two_figures_in_a_template(self):
        assert drawn("{{ votes|out_of:ballots|percent }}", votes=312, ballots=1000) == "31.2%"


class TestComponents:
    def test_bar_has_no_inline_style_and_marks_the_threshold(self):
        html = drawn("{% bar 312 1000 mark=500 %}")
        assert 'width="312"' in html
        assert 'x="500"' in html
        assert "style=" not in html

    @pytest.mark.parametrize(("value", "whole", "filled"), [(5, 0, "0"), (20, 10, "1000"), (-1, 10, "0")])
    def test_bar_stays_within_itself(self, value, whole, filled):
        assert f'width="{filled}"' in drawn("{% bar value whole %}", value=value, whole=whole)

    def test_breadcrumb_ends_with_the_page_itself(self):
        html = drawn("{% breadcrumb name '/there/' here %}", name="<동네>", here="총회")
        assert '<a href="/there/">&lt;동네&gt;</a>' in html
        assert '<span aria-current="page">총회</span>' in html


class Part:
    def __init__(self, amount):
        self.amount = amount


class TestSumsAsBars:
    def pieces(self, amounts, total):
        html = drawn("{% stacked_bar parts total %}", parts=[Part(amount) for amount in amounts], total=total)
        return [(int(x), int(width)) for x, width in re.findall(r'x="(\d+)" width="(\d+)"', html)]

    def test_each_piece_begins_where_the_one_before_ends(self):
        assert self.pieces([50, 30, 20], 100) == [(0, 498), (500, 298), (800, 198)]

    def test_a_small_part_stays_visible(self):
        assert self.pieces([999_999, 1], 1_000_000) == [(0, 997), (999, 1)]

    def test_nothing_of_nothing_is_drawn_without_a_fault(self):
        assert self.pieces([0], 0) == [(0, 1)]

    def test_four_colours_in_turn(self):
        assert [madang.nth_colour(place) for place in range(6)] == [1, 2, 3, 4, 1, 2]


class TestMoneyOnDemand:
    @pytest.mark.parametrize("amount", [0, 9_999, 30_000_000, -20_000, None])
    def test_what_is_said_exactly_needs_no_more(self, amount):
        with override("ko"):
            html = drawn("{% money amount %}", amount=amount)
        assert "<details" not in html
        assert f'value="{amount}"' in html or amount is None

    @pytest.mark.parametrize(("amount", "exact"), [(123_456_789, "123,456,789원"), (10_001, "10,001원")])
    def test_what_was_rounded_opens_to_the_won(self, amount, exact):
        with override("ko"):
            html = drawn("{% money amount %}", amount=amount)
        assert "<summary>약 " in html
        assert f'<data value="{amount}">{exact}</data>' in html
