"""Papers of the club of their own: what the title says is not said again in a heading, and articles stand first."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from forums.documents.directory import build as build_directory
from forums.documents.governance import build_bylaws, bylaws_section
from reports.registry import Order
from tests.factories import serving_member
from tests.forums.club import adopt

pytestmark = pytest.mark.django_db


def test_the_bylaws_on_their_own_are_their_articles():
    bylaws = adopt()
    report = build_bylaws(Order({}, None, timezone.now()))
    assert [section.title for section in report.sections[:3]] == ["", "제1조 목적", "제2조 회원"]
    assert report.sections[0].blocks == bylaws_section(bylaws).blocks
    assert report.title not in [section.title for _depth, section in report.all_sections()]


def test_the_directory_on_its_own_has_no_second_title():
    serving_member()
    report = build_directory(Order({}, None, datetime(2026, 6, 1, tzinfo=UTC)))
    assert [section.title for section in report.sections] == [""]
    assert report.sections[0].columns == 2
