"""What waits at the desk about councils."""

import pytest

from councils.waiting.figures import councils_without_figures
from residents.states import Role
from tests.factories import CouncilFactory, DongFactory, official

pytestmark = pytest.mark.django_db


def test_councils_without_figures_wait_for_those_who_keep_them():
    council = CouncilFactory(members=None)
    CouncilFactory(dong=DongFactory(parent=council.dong.parent))
    CouncilFactory(members=None)
    district = council.dong.parent
    (line,) = councils_without_figures(official(Role.DISTRICT_OFFICIAL, district))
    assert line.count == 1
    assert line.url.endswith(f"/councils/council/{council.pk}/change/")
    assert councils_without_figures(official(Role.AUDITOR, district)) == []


def test_several_are_a_list():
    council = CouncilFactory(capacity=None, members=None)
    CouncilFactory(dong=DongFactory(parent=council.dong.parent), members=None)
    (line,) = councils_without_figures(official(Role.DISTRICT_OFFICIAL, council.dong.parent))
    assert line.count == 2
    assert "/council/?" in line.url
