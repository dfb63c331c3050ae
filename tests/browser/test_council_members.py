"""A council's pages on a phone: members, meetings, and a resident who joins a subcommittee, with and without script."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from councils.models import SubcommitteeSeat
from councils.services.meetings import Plan, plan_council_meeting
from councils.services.subcommittees import accept_seat, found_subcommittee
from councils.states import CouncilMeetingKind
from meetings.services import add_item, call_meeting
from ordinances.models import Rule
from tests.browser.inspection import inspect
from tests.councils.membership_town import rule_set, term_of
from tests.factories import official, resident

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_second_factor")]


@pytest.fixture
def term(transactional_db):
    now = timezone.now()
    today = timezone.localdate(now)
    made = term_of(starts_on=today - timedelta(days=30), ends_on=today + timedelta(days=300), members=12, seats=14)
    Rule.objects.create(rule_set=rule_set(made.council), name="names_published", value=True, article="제7조")
    plan = Plan(
        kind=CouncilMeetingKind.REGULAR,
        title="정기회의",
        place="주민자치센터",
        starts_at=now + timedelta(days=9),
        ends_at=now + timedelta(days=9, hours=2),
    )
    own = plan_council_meeting(council_id=made.council_id, plan=plan, actor=None, at=now)
    add_item(meeting_id=own.meeting_id, title="마을축제 준비", actor=None, at=now)
    call_meeting(meeting_id=own.meeting_id, actor=None, at=now)
    return made


@pytest.fixture
def part(term):
    return found_subcommittee(
        council_id=term.council_id,
        name="문화분과",
        about="축제와 강좌",
        founded_on=term.starts_on,
        actor=None,
        at=timezone.now(),
    )


def test_everybody_reads_about_a_council(visit, term, part):
    page = visit()
    for address in (
        f"/councils/{term.council_id}/",
        f"/councils/{term.council_id}/members/",
        f"/councils/{term.council_id}/meetings/",
        "/councils/bodies/",
        f"/subcommittees/{part.pk}/",
    ):
        page.goto(address)
        assert inspect(page) == []
    page.goto(f"/councils/{term.council_id}/members/")
    expect(page.locator(".council-member")).to_have_count(12)


@pytest.mark.parametrize("script", [True, False])
def test_a_resident_joins_a_subcommittee(visit, term, part, script):
    page = visit(user=resident(term.council.dong), java_script_enabled=script)
    page.goto(f"/subcommittees/{part.pk}/")
    page.locator("main a.button--primary").click()
    if script:
        assert inspect(page) == []
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".notice--success")).to_be_visible()
    seat = SubcommitteeSeat.objects.get()
    accept_seat(seat_id=seat.pk, actor=None, at=timezone.now())
    page.reload()
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".notice--success")).to_be_visible()
    seat.refresh_from_db()
    assert seat.left_on == timezone.localdate()


def test_the_desk_of_a_council_on_a_tablet(visit, term, part):
    member = term.members.order_by("pk").last()
    page = visit(user=official(region=term.council.dong.parent), size=(768, 1024))
    own = term.council.meetings.get()
    lists = ("councilterm", "member", "subcommittee", "subcommitteeseat", "councilmeeting")
    addresses = [
        *(reverse(f"admin:councils_{name}_changelist") for name in lists),
        *(
            reverse(f"admin:councils_{name}_add")
            for name in ("councilterm", "member", "subcommittee", "councilmeeting")
        ),
        *(reverse(f"admin:councils_member_{name}", args=[member.pk]) for name in ("change", "dismiss", "office")),
        reverse("admin:councils_councilterm_change", args=[term.pk]),
        reverse("admin:councils_subcommittee_change", args=[part.pk]),
        reverse("admin:councils_subcommittee_seat-member", args=[part.pk]),
        reverse("admin:councils_councilmeeting_change", args=[own.pk]),
    ]
    found = {}
    for address in addresses:
        page.goto(address)
        if wrong := inspect(page, size=(768, 1024)):
            found[address] = wrong
    assert found == {}
