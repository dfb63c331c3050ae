"""What a council works on, agreements, support staff: services, the desk, and what everybody reads."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core.errors import RuleViolation
from councils.models import Agreement, StaffAssignment, SupportStaff, WorkItem
from councils.services.staff import (
    add_support_staff,
    assign_staff,
    certify_staff,
    end_assignment,
    record_career,
    release_support_staff,
)
from councils.services.work import (
    add_work,
    change_agreement,
    change_work,
    draft_agreement,
    end_agreement,
    move_work,
    sign_agreement,
)
from councils.states import CareerKind, CouncilStatus, WorkKind, WorkStatus
from residents.states import Role
from tests.factories import NOON, CouncilFactory, official

pytestmark = pytest.mark.django_db

DAY = NOON.date()
YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def _demo_door(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def council():
    return CouncilFactory()


def work(council, **facts):
    return add_work(
        council_id=council.pk, facts={"kind": WorkKind.OWN, "title": "마을신문"} | facts, actor=None, at=NOON
    )


def draft(council, **facts):
    stated = {"title": "자치회관 협약", "subject": "강좌 운영", "starts_on": DAY, "ends_on": DAY + YEAR} | facts
    return draft_agreement(council_id=council.pk, facts=stated, actor=None, at=NOON)


def sign(agreement, day=DAY):
    return sign_agreement(agreement_id=agreement.pk, signed_on=day, document_number=" 1-2 ", actor=None, at=NOON)


def move(item, status):
    return move_work(work_id=item.pk, status=status, actor=None, at=NOON)


# --- matters ---


def test_a_matter_goes_its_way(council) -> None:
    item = work(council)
    for status in (WorkStatus.UNDER_WAY, WorkStatus.STOPPED, WorkStatus.UNDER_WAY, WorkStatus.DONE):
        assert move(item, status).status == status
    with pytest.raises(RuleViolation):
        move(item, WorkStatus.UNDER_WAY)
    with pytest.raises(RuleViolation):
        change_work(work_id=item.pk, facts={"title": "다른 일"}, actor=None, at=NOON)


def test_a_consultation_ends_with_the_opinion_of_the_council(council) -> None:
    item = work(council, kind=WorkKind.CONSULTED)
    move(item, WorkStatus.UNDER_WAY)
    with pytest.raises(RuleViolation):
        move(item, WorkStatus.DONE)
    change_work(work_id=item.pk, facts={"opinion": "나무를 두기를 바랍니다."}, actor=None, at=NOON)
    assert move(item, WorkStatus.DONE).status == WorkStatus.DONE


def test_an_agreement_stands_with_entrusted_affairs_of_the_same_council_only(council) -> None:
    agreement = draft(council)
    assert work(council, kind=WorkKind.ENTRUSTED, agreement=agreement).agreement == agreement
    with pytest.raises(RuleViolation):
        work(council, agreement=agreement)
    with pytest.raises(RuleViolation) as no:
        work(CouncilFactory(), kind=WorkKind.ENTRUSTED, agreement=agreement)
    assert no.value.code == "other_council"


@pytest.mark.parametrize("wrong", [{"title": "  "}, {"starts_on": DAY, "ends_on": DAY - timedelta(days=1)}])
def test_a_matter_needs_its_facts(council, wrong) -> None:
    with pytest.raises(RuleViolation):
        work(council, **wrong)
    with pytest.raises(ValueError, match="status"):
        work(council, status="done")


def test_a_dissolved_council_works_no_more() -> None:
    with pytest.raises(RuleViolation):
        work(CouncilFactory(status=CouncilStatus.DISSOLVED))


# --- agreements ---


def test_an_agreement_is_drafted_signed_and_ended(council) -> None:
    agreement = draft(council)
    with pytest.raises(RuleViolation):
        sign(agreement, DAY + timedelta(days=1))
    assert sign(agreement).document_number == "1-2"
    with pytest.raises(RuleViolation):
        change_agreement(agreement_id=agreement.pk, facts={"title": "다른 협약"}, actor=None, at=NOON)
    with pytest.raises(RuleViolation):
        end_agreement(agreement_id=agreement.pk, reason=" ", actor=None, at=NOON)
    ended = end_agreement(agreement_id=agreement.pk, reason="시설 공사", actor=None, at=NOON)
    assert (ended.status, ended.ended_because) == ("ended", "시설 공사")
    after = sign(draft(council))
    assert end_agreement(agreement_id=after.pk, reason="", actor=None, at=NOON + YEAR + YEAR).status == "ended"


@pytest.mark.parametrize("wrong", [{"title": ""}, {"subject": " "}, {"ends_on": DAY - timedelta(days=1)}])
def test_an_agreement_needs_its_facts(council, wrong) -> None:
    with pytest.raises(RuleViolation):
        draft(council, **wrong)


# --- what everybody reads ---


def test_everybody_reads_matters_by_kind_and_no_drafts(client, council, django_assert_num_queries) -> None:
    page = reverse("councils:work", args=[council.pk])
    assert client.get(page).status_code == 200
    signed = sign(draft(council, title="서명한 협약"))
    draft(council, title="아직 초안")
    work(council, kind=WorkKind.CONSULTED, title="공원 정비", opinion="걷는 길을 먼저")
    work(council, kind=WorkKind.ENTRUSTED, title="자치회관 운영", agreement=signed)
    with django_assert_num_queries(4):
        text = client.get(page).content.decode()
    assert "걷는 길을 먼저" in text
    assert "서명한 협약" in text
    assert "아직 초안" not in text
    for place in range(20):
        work(council, title=f"일 {place}")
    with django_assert_num_queries(4):
        client.get(page)


@pytest.mark.parametrize("name", ["work", "programmes", "fund"])
def test_no_page_of_a_council_that_is_not_there(client, name) -> None:
    assert client.get(reverse(f"councils:{name}", args=[999])).status_code == 404


# --- the desk ---


def desk(name, *args):
    return reverse(f"admin:councils_{name}", args=args)


def test_an_officer_keeps_matters_at_the_desk(client, council) -> None:
    client.force_login(official(Role.COUNCIL_OFFICER, council.dong))
    facts = {"council": council.pk, "kind": "own", "title": "마을신문", "about": "", "opinion": "", "answer": ""}
    assert client.post(desk("workitem_add"), facts).status_code == 302
    item = WorkItem.objects.get()
    assert client.get(desk("workitem_changelist")).status_code == 200
    assert client.get(desk("workitem_change", item.pk)).status_code == 200
    assert client.post(desk("workitem_begin", item.pk)).status_code == 302
    assert client.get(desk("agreement_add")).status_code in {403, 404}
    item.refresh_from_db()
    assert item.status == WorkStatus.UNDER_WAY


def test_the_district_signs_agreements_at_the_desk(client, council) -> None:
    client.force_login(official(Role.DISTRICT_OFFICIAL, council.dong.parent))
    facts = {
        "council": council.pk,
        "title": "협약",
        "subject": "운영",
        "starts_on": f"{DAY}",
        "ends_on": f"{DAY + YEAR}",
        "amount": "1000",
    }
    assert client.post(desk("agreement_add"), facts).status_code == 302
    agreement = Agreement.objects.get()
    signed = {"signed_on": f"{DAY}", "document_number": "1"}
    assert client.post(desk("agreement_sign", agreement.pk), signed).status_code == 302
    assert client.get(desk("agreement_changelist")).status_code == 200
    assert client.post(desk("agreement_end", agreement.pk), {"reason": "공사"}).status_code == 302
    agreement.refresh_from_db()
    assert agreement.status == "ended"


# --- support staff ---


@pytest.fixture
def staff(council):
    return add_support_staff(region=council.dong.parent, name="권이음", since=DAY - YEAR, actor=None, at=NOON)


def test_support_staff_are_assigned_once_within_their_municipality(council, staff) -> None:
    order = {"staff_id": staff.pk, "since": DAY, "actor": None, "at": NOON}
    with pytest.raises(RuleViolation) as no:
        assign_staff(council=CouncilFactory(), **order)
    assert no.value.code == "other_place"
    with pytest.raises(RuleViolation):
        assign_staff(council=council, **order | {"since": DAY - YEAR - YEAR})
    assignment = assign_staff(council=council, **order)
    with pytest.raises(RuleViolation) as no:
        assign_staff(council=council, **order)
    assert no.value.code == "assigned_already"
    with pytest.raises(RuleViolation):
        end_assignment(assignment_id=assignment.pk, until=DAY - timedelta(days=1), actor=None, at=NOON)
    end_assignment(assignment_id=assignment.pk, until=DAY, actor=None, at=NOON)
    assert assign_staff(council=council, **order).until is None


def test_who_stops_supports_nobody_any_more(council, staff) -> None:
    assign_staff(staff_id=staff.pk, council=council, since=DAY, actor=None, at=NOON)
    release_support_staff(staff_id=staff.pk, until=DAY, actor=None, at=NOON)
    assert StaffAssignment.objects.get().until == DAY
    for again in (
        lambda: release_support_staff(staff_id=staff.pk, until=DAY, actor=None, at=NOON),
        lambda: assign_staff(staff_id=staff.pk, council=council, since=DAY, actor=None, at=NOON),
    ):
        with pytest.raises(RuleViolation) as no:
            again()
        assert no.value.code == "stopped_already"


def test_training_needs_hours_and_is_certified_with_their_sum(council, staff) -> None:
    line = {"staff_id": staff.pk, "title": "기본 과정", "since": DAY, "actor": None, "at": NOON}
    actor = official(Role.DISTRICT_OFFICIAL, council.dong.parent)
    with pytest.raises(RuleViolation):
        certify_staff(staff_id=staff.pk, actor=actor, at=NOON)
    for wrong in ({"hours": None}, {"hours": 0}, {"hours": 4, "title": " "}, {"hours": 4, "until": DAY - YEAR}):
        with pytest.raises(RuleViolation):
            record_career(kind=CareerKind.TRAINING, **line | wrong)
    for hours in (4, 36):
        record_career(kind=CareerKind.TRAINING, hours=hours, **line)
    assign_staff(staff_id=staff.pk, council=council, since=DAY, actor=None, at=NOON)
    certificate = certify_staff(staff_id=staff.pk, actor=actor, at=NOON)
    assert "40" in str(certificate.facts)
    assert certificate.holder_name == "권이음"


def test_staff_belong_to_a_municipality_and_have_names(council) -> None:
    for region, name in ((council.dong, "권이음"), (council.dong.parent, "12")):
        with pytest.raises(RuleViolation):
            add_support_staff(region=region, name=name, since=DAY, actor=None, at=NOON)


def test_the_district_keeps_staff_at_the_desk_and_nobody_else_sees_them(client, council, staff) -> None:
    client.force_login(official(Role.DISTRICT_OFFICIAL, council.dong.parent))
    assert client.get(desk("supportstaff_changelist")).status_code == 200
    added = {"region": council.dong.parent_id, "name": "한도움", "since": f"{DAY}"}
    assert client.post(desk("supportstaff_add"), added).status_code == 302
    assert SupportStaff.objects.count() == 2
    assigned = {"council": council.pk, "since": f"{DAY}", "duties": "회의 진행"}
    assert client.post(desk("supportstaff_assign", staff.pk), assigned).status_code == 302
    career = {"kind": "training", "title": "기본 과정", "since": f"{DAY}", "hours": "8"}
    assert client.post(desk("supportstaff_career", staff.pk), career).status_code == 302
    assert client.get(desk("supportstaff_change", staff.pk)).status_code == 200
    assert client.post(desk("supportstaff_certify", staff.pk)).status_code == 302
    ended = {"assignment": StaffAssignment.objects.get().pk, "until": f"{DAY}"}
    assert client.post(desk("supportstaff_end-assignment", staff.pk), ended).status_code == 302
    assert client.post(desk("supportstaff_release", staff.pk), {"until": f"{DAY}"}).status_code == 302
    client.force_login(official(Role.DONG_OFFICIAL, council.dong))
    assert client.get(desk("supportstaff_changelist")).status_code in {403, 404}
