"""The regions of the demo town. Source: Seoul's plan of 2018, table of the resident tax (rules B4)."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from demo.facts import load_regions
from residents.models import Region
from tests.factories import NOON, DongFactory, UserFactory


@pytest.fixture
def regions(db):
    return load_regions(UserFactory(), NOON)


def test_seouls_25_districts_have_424_dongs(regions):
    districts = Region.objects.filter(parent__code="1100000000")
    assert (districts.count(), districts.aggregate(all=Sum("dong_count"))["all"]) == (25, 424)
    assert districts.get(name="강남구").dong_count == 22


def test_seo_gu_lists_its_18_dongs_one_by_one(regions):
    seogu = regions["2914000000"]
    assert (seogu.children.count(), seogu.dong_count) == (18, None)


def test_a_dong_has_no_number_of_dongs(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        DongFactory(dong_count=3)
