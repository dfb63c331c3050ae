"""Bands of age and quotas that follow the residents. Sources: rules C1 (young: aged 49 or less), C4."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councils.bands import DECADES, AgeBand, band_of, bands_from, proportional_quotas
from ordinances.values import Bound, Share

DAY = date(2026, 3, 2)


def test_decades():
    assert [band.key for band in bands_from(DECADES)] == ["0-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-up"]


@pytest.mark.parametrize(
    ("birth_date", "key"),
    [
        (date(1976, 3, 3), "0-49"),  # 50 tomorrow
        (date(1976, 3, 2), "50-up"),  # 50 today
        (date(2026, 3, 2), "0-49"),
        (date(1926, 1, 1), "50-up"),
    ],
)
def test_young_is_whoever_is_49_or_less_on_the_day(birth_date, key):
    assert band_of(birth_date, DAY, bands_from((0, 50))).key == key


def test_nobody_is_in_a_band_before_their_birth():
    with pytest.raises(ValueError, match="no band"):
        band_of(date(2026, 3, 3), DAY, bands_from((0, 50)))


@pytest.mark.parametrize("starts", [(), (20, 30), (0, 30, 30), (0, 40, 30), (-1, 5)])
def test_bands_with_gaps_or_overlaps_are_refused(starts):
    with pytest.raises(ValueError, match="bands of age"):
        bands_from(starts)


@given(st.sets(st.integers(1, 110)), st.dates(date(1906, 1, 1), DAY))
def test_everybody_is_in_exactly_one_band(starts, birth_date):
    bands = bands_from((0, *sorted(starts)))
    age = band_of(birth_date, DAY, bands)
    assert [band for band in bands if band == age] == [age]
    assert len({band.key for band in bands}) == len(bands)
    assert sum(band.holds(n) for band in bands for n in range(120)) == 120


def test_a_band_without_end():
    assert AgeBand(70, None).holds(112)
    assert not AgeBand(70, None).holds(69)


@given(
    st.dictionaries(st.text("abc", min_size=1), st.integers(0, 10**6), min_size=1).filter(lambda f: sum(f.values())),
    st.integers(1, 60),
    st.integers(0, 5),
)
def test_quotas_that_follow_the_residents_never_contradict_each_other(residents, seats, slack):
    quotas = proportional_quotas("age", residents, seats, slack=slack)
    assert sum(quota.minimum for quota in quotas) <= seats <= sum(quota.maximum for quota in quotas)
    total = sum(residents.values())
    for quota in quotas:
        assert 0 <= quota.minimum <= quota.maximum <= seats
        assert quota.minimum * total <= seats * residents[quota.value] <= quota.maximum * total


def test_quotas_that_follow_the_residents():
    quotas = proportional_quotas("sex", {"female": 101, "male": 99}, 30)
    assert [(quota.minimum, quota.maximum) for quota in quotas] == [(15, 16), (14, 15)]
    assert [(q.minimum, q.maximum) for q in proportional_quotas("sex", {"female": 1, "male": 1}, 30)] == [(15, 15)] * 2


@pytest.mark.parametrize(
    ("residents", "seats", "slack"), [({}, 3, 0), ({"a": 0}, 3, 0), ({"a": 1}, 0, 0), ({"a": -1, "b": 2}, 3, 0)]
)
def test_no_share_of_nobody(residents, seats, slack):
    with pytest.raises(ValueError, match="nobody"):
        proportional_quotas("age", residents, seats, slack=slack)


@pytest.mark.parametrize(
    ("share", "seats", "persons"),
    [
        (Share(600, Bound.AT_MOST), 30, 18),
        (Share(600, Bound.AT_MOST), 31, 18),
        (Share(150, Bound.AT_LEAST), 30, 5),
        (Share(500, Bound.AT_LEAST), 31, 16),
        (Share(500, Bound.BELOW), 30, 14),
        (Share(500, Bound.BELOW), 31, 15),
    ],
)
def test_shares_of_the_seats_in_persons(share, seats, persons):
    """Seoul 2018: no sex above 60 %, young at least 15 %. Seo-gu 2019: open call at least half, recommended below."""
    assert share.limit(seats) == persons
