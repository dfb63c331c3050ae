"""What everybody reads of members and meetings; what the desk does with terms and members; documents; own data."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import RuleViolation
from councils.documents.members import build_leaving, build_letter, build_roster, letter_text
from councils.models import Council, CouncilTerm, Member
from councils.personal_data.members import erase, need, sections
from councils.services.appointing import appoint_members
from councils.services.bodies import found_body
from councils.services.members import resign
from councils.services.subcommittees import ask_to_join, found_subcommittee
from councils.states import BodyKind, CouncilStatus, MemberStatus, RecruitmentStatus
from councils.waiting.members import members_at_the_desk
from meetings.services import approve_minutes, call_meeting, check_in, close_meeting, draft_minutes, open_meeting
from meetings.services.records import record_resolution
from ordinances.models import Rule
from portal.queries import council_of
from reports.content import plain
from reports.registry import Order
from residents.states import Role
from tests.councils.membership_town import DAY, START, drawn, rule_set, term_of
from tests.councils.test_council_meetings import plan
from tests.factories import NOON, CouncilFactory, MunicipalityFactory, official, resident

pytestmark = pytest.mark.django_db
WHO = {"actor": None, "at": NOON}


@pytest.fixture(autouse=True)
def _demo_door(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def term():
    """One that runs today, whatever day it is."""
    today = timezone.localdate()
    return term_of(starts_on=today - timedelta(days=100), ends_on=today + timedelta(days=200))


def page(client, name, pk):
    return client.get(reverse(f"councils:{name}", args=[pk])).content.decode()


# --- pages ------------------------------------------------------------------------------------------------------------


def test_names_stand_there_only_as_the_rules_say(client, term):
    """Source: rule set, parameter names_published."""
    html = page(client, "members", term.council_id)
    assert "김○○○" in html or "김***" not in html
    assert "김위원01" not in html

    Rule.objects.create(rule_set=rule_set(term.council), name="names_published", value=True, article="제7조")
    resign(member_id=term.members.last().pk, on=timezone.localdate(), reason="이사 감", actor=None, at=timezone.now())

    html = page(client, "members", term.council_id)
    assert "김위원01" in html
    assert "이사 감" not in html
    assert "1970" not in html


def test_terms_of_the_past_are_there(client, term):
    old = term_of(term.council, number=2, members=1, starts_on=date(2016, 1, 1), ends_on=date(2017, 12, 31))

    address = reverse("councils:members", args=[term.council_id])

    assert client.get(f"{address}?term={old.number}").context["roster"].term == old
    assert client.get(f"{address}?term=9").status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_members_costs_the_same(client, django_assert_num_queries, count):
    today = timezone.localdate()
    term = term_of(members=count, seats=50, starts_on=today - timedelta(days=9), ends_on=today + timedelta(days=9))
    for number in range(count):
        found_subcommittee(
            council_id=term.council_id, name=f"분과{number}", founded_on=DAY - timedelta(days=999), **WHO
        )

    # newest audit entry, council, terms, rules in force, members, subcommittees, seats
    with django_assert_num_queries(7):
        client.get(reverse("councils:members", args=[term.council_id]))


def test_a_council_without_a_register_says_so(client):
    assert reverse("councils:council", args=[1])[:-2] in page(client, "members", CouncilFactory().pk)


@pytest.fixture
def minuted():
    term = term_of()
    own = plan(term)
    call_meeting(meeting_id=own.meeting_id, **WHO)
    begins = own.meeting.starts_at
    for participant in own.meeting.participants.all():
        check_in(participant_id=participant.pk, way="desk", actor=None, at=begins)
    open_meeting(meeting_id=own.meeting_id, actor=None, at=begins)
    record_resolution(
        meeting_id=own.meeting_id,
        text="마을축제를 10월에 엽니다.",
        present=3,
        in_favour=2,
        against=1,
        actor=None,
        at=begins,
    )
    close_meeting(meeting_id=own.meeting_id, actor=None, at=begins + timedelta(hours=1))
    return own


def test_decisions_are_public_once_minutes_are_approved(client, minuted):
    """Source: rules.md O5."""
    council = minuted.council_id
    assert "마을축제를" not in page(client, "meetings", council)
    at = minuted.meeting.starts_at + timedelta(days=1)
    minutes = draft_minutes(meeting_id=minuted.meeting_id, actor=None, at=at)

    approve_minutes(minutes_id=minutes.pk, signed_by=[("회장", "김위원00")], actor=None, at=at)

    assert "마을축제를" in page(client, "meetings", council)
    assert "마을축제를" in page(client, "council", council)
    # 재적, 출석, 결정, 서명
    content = minutes.content
    assert (content["eligible"], content["present"], len(content["resolutions"])) == (3, 3, 1)


def test_the_next_meeting_is_announced(client):
    today = timezone.localdate()
    term = term_of(starts_on=today - timedelta(days=9), ends_on=today + timedelta(days=90))
    begins = timezone.now() + timedelta(days=3)
    own = plan(term, starts_at=begins, ends_at=begins + timedelta(hours=2), title="다음 회의")
    assert "다음 회의" not in page(client, "council", term.council_id)

    call_meeting(meeting_id=own.meeting_id, actor=None, at=timezone.now())

    assert "다음 회의" in page(client, "council", term.council_id)


# --- other bodies -----------------------------------------------------------------------------------------------------


def test_other_bodies_stand_beside_the_councils(client):
    """Source: rules.md C12: youth participation committee of 42, planning groups of 130 and 100."""
    district = MunicipalityFactory()
    council = CouncilFactory(dong__parent=district)
    body = found_body(kind=BodyKind.YOUTH, name="청년참여위원회", region=district, **WHO)
    found_body(kind=BodyKind.PLANNING, name="시민계획단", region=council.dong, **WHO)

    recruitment = drawn(body, selected="F" * 21 + "M" * 21, waiting="F")
    appoint_members(recruitment_id=recruitment.pk, starts_on=START, ends_on=DAY, number=None, **WHO)

    body.refresh_from_db()
    assert (body.status, body.members) == (CouncilStatus.WORKING, 42)
    html = client.get(reverse("councils:bodies")).content.decode()
    assert "청년참여위원회" in html
    assert "시민계획단" in html
    assert "청년참여위원회" not in client.get(reverse("councils:roster")).content.decode()
    assert "청년참여위원회" in page(client, "council", body.pk)
    assert "청년참여위원회" in page(client, "members", body.pk)
    assert council_of(council.dong) == council
    assert client.get("/api/v1/councils/").json()["count"] == 1


@pytest.mark.parametrize(
    ("given", "code"),
    [({"kind": BodyKind.COUNCIL}, "is_a_council"), ({"name": " "}, "no_name"), ({"name": "있는 이름"}, "name_taken")],
)
def test_bodies_that_cannot_be(given, code):
    district = MunicipalityFactory()
    found_body(kind=BodyKind.OTHER, name="있는 이름", region=district, **WHO)

    with pytest.raises(RuleViolation) as no:
        found_body(**{"kind": BodyKind.YOUTH, "name": "새 이름", "region": district, **WHO, **given})
    assert no.value.code == code


def test_the_desk_founds_a_body_of_the_district(client):
    district = MunicipalityFactory()
    client.force_login(official(region=district))
    sent = {"dong": district.pk, "kind": "youth", "name": "청년참여위원회", "type": "", "advisers": "0"}

    assert client.post(reverse("admin:councils_council_add"), sent).status_code == 302
    assert Council.objects.get().kind == BodyKind.YOUTH
    assert client.get(reverse("admin:councils_council_changelist")).status_code == 200


# --- the desk ---------------------------------------------------------------------------------------------------------


def test_the_district_appoints_at_the_desk(client):
    recruitment = drawn(rules={"term_months": 24})
    district = recruitment.council.dong.parent
    address = reverse("admin:councils_recruitment_appoint", args=[recruitment.pk])
    sent = {"starts_on": timezone.localdate().isoformat(), "ends_on": "", "number": "", "term": ""}
    client.force_login(official(Role.DONG_OFFICIAL, recruitment.council.dong))
    assert client.post(address, sent).status_code == 404
    client.force_login(official(region=district))
    assert client.get(address).status_code == 200

    assert client.post(address, sent).status_code == 302

    recruitment.refresh_from_db()
    assert recruitment.status == RecruitmentStatus.APPOINTED
    for name, pk in (("councilterm", CouncilTerm.objects.get().pk), ("member", Member.objects.first().pk)):
        assert client.get(reverse(f"admin:councils_{name}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:councils_{name}_change", args=[pk])).status_code == 200


def test_a_resignation_and_its_replacement_at_the_desk(client):
    recruitment = drawn(rules={"term_months": 120})
    appoint_members(recruitment_id=recruitment.pk, starts_on=START, ends_on=None, number=None, **WHO)
    member = Member.objects.filter(sex="female").first()
    client.force_login(official(region=recruitment.council.dong.parent))
    today = timezone.localdate().isoformat()

    def act(name, data):
        return client.post(reverse(f"admin:councils_member_{name}", args=[member.pk]), data)

    assert act("resign", {"on": today, "reason": ""}).status_code == 400
    assert act("resign", {"on": today, "reason": "이사"}).status_code == 302
    listed = reverse("admin:councils_member_changelist")
    assert client.get(f"{listed}?seat=vacant").context_data["cl"].result_count == 1
    waiting = {line.label: line.count for line in members_at_the_desk(official(region=recruitment.council.dong.parent))}
    assert 1 in waiting.values()
    assert act("replace", {"on": today}).status_code == 302

    assert Member.objects.get(replaces=member).application.number == 101
    assert client.get(f"{listed}?seat=vacant").context_data["cl"].result_count == 0


def test_members_are_added_and_corrected_at_the_desk(client, term):
    client.force_login(official(Role.DONG_OFFICIAL, term.council.dong))
    sent = {"name": "새위원", "birth_date": "", "sex": "female"}
    add = {**sent, "term": term.pk, "office": "member", "appointed_on": term.starts_on.isoformat()}

    assert client.post(reverse("admin:councils_member_add"), add).status_code == 302
    member = Member.objects.get(name="새위원")
    change = reverse("admin:councils_member_change", args=[member.pk])
    assert client.post(change, {**sent, "name": "새 위원"}).status_code == 302

    member.refresh_from_db()
    assert member.name == "새 위원"
    foreign = term_of()
    assert client.get(reverse("admin:councils_member_change", args=[foreign.members.first().pk])).status_code == 404
    assert client.post(reverse("admin:councils_member_add"), {**add, "term": foreign.pk}).status_code == 400


def test_terms_are_written_down_at_the_desk(client):
    council = CouncilFactory()
    client.force_login(official(Role.DONG_OFFICIAL, council.dong))
    sent = {"council": council.pk, "number": "1", "starts_on": "2018-01-01", "ends_on": "2019-12-31", "seats": "30"}

    assert client.post(reverse("admin:councils_councilterm_add"), sent).status_code == 302
    assert client.post(reverse("admin:councils_councilterm_add"), sent).status_code == 400
    assert CouncilTerm.objects.count() == 1


def test_what_waits(term):
    user = official(region=term.council.dong.parent)
    CouncilTerm.objects.filter(pk=term.pk).update(ends_on=timezone.localdate() + timedelta(days=89))
    part = found_subcommittee(
        council_id=term.council_id, name="문화분과", founded_on=term.starts_on, **WHO | {"at": timezone.now()}
    )
    ask_to_join(subcommittee_id=part.pk, user=resident(term.council.dong), at=timezone.now())

    assert [line.count for line in members_at_the_desk(user)] == [0, 1, 0, 1]
    recruitment = drawn(term.council)
    assert [line.count for line in members_at_the_desk(user)] == [0, 0, 0, 1]
    type(recruitment).objects.update(status=RecruitmentStatus.APPOINTED)
    CouncilTerm.objects.filter(pk=term.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert [line.count for line in members_at_the_desk(user)] == [0, 0, 1, 1]
    assert [line.count for line in members_at_the_desk(official(region=MunicipalityFactory()))] == [0, 0, 0, 0]


# --- documents and data -----------------------------------------------------------------------------------------------


def order(**values):
    return Order(values=values, reader=None, at=NOON)


def test_the_roster_as_a_document():
    term = term_of()
    left = term.members.last()
    resign(member_id=left.pk, on=DAY, reason="이사", **WHO)

    [table] = build_roster(order(term=term.pk)).tables()

    assert [row[1] for row in table.rows] == ["김위원00", "김위원01", "김위원02"]
    assert (table.rows[2][7], table.rows[2][8]) == (DAY, "이사")
    with pytest.raises(RuleViolation):
        build_roster(order(term=0))


def test_the_record_of_a_resignation():
    term = term_of()
    member = term.members.last()
    with pytest.raises(RuleViolation):
        build_leaving(order(member=member.pk))
    resign(member_id=member.pk, on=DAY, reason="이사", **WHO)

    report = build_leaving(order(member=member.pk))

    facts, _signatures = report.blocks()
    assert "이사" in {plain(value) for _name, value in facts.rows}


def test_the_draft_of_the_letter():
    term = term_of()

    text = letter_text(term, DAY)

    assert text.rstrip().endswith("끝.")
    assert build_letter(order(term=term.pk)).sections


def test_own_data_are_shown_and_erased():
    term = term_of()
    user = resident(term.council.dong)
    member = term.members.first()
    Member.objects.filter(pk=member.pk).update(user=user)
    assert [len(section.records) for section in sections(user)] == [1, 0]
    assert need(user, NOON)
    resign(member_id=member.pk, on=DAY, reason="이사", **WHO)
    assert not need(user, NOON)

    erase(user, NOON)

    member.refresh_from_db()
    assert (member.user, member.birth_date, member.sex) == (None, None, "")
    assert member.name == "김위원00"  # a public fact of the council
    assert member.status == MemberStatus.RESIGNED
