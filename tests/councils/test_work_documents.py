"""Papers of the council at work, and what waits at the desk."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import RuleViolation
from councils.documents.work import (
    _may_read_agreement,
    _may_read_fund,
    _may_read_programme,
    build_agreement,
    build_attendance,
    build_fund,
    build_letter,
    letter_text,
)
from councils.fund import Income, Spending
from councils.models import Agreement, Enrolment, Programme
from councils.services.fund import record_income, record_spending, settle_fund
from councils.states import AgreementStatus, EnrolmentStatus, ProgrammeStatus
from councils.waiting.work import work_at_the_desk
from reports.registry import Order
from residents.states import Role
from tests.factories import NOON, CouncilFactory, official, resident

pytestmark = pytest.mark.django_db

DAY = NOON.date()
LAST = DAY.year - 1


def order(**values):
    return Order(values=values, reader=None, at=NOON)


@pytest.fixture
def council():
    return CouncilFactory()


def agreement_of(council, **fields):
    given = {"starts_on": DAY, "ends_on": DAY + timedelta(days=9), "amount": 1_000_000, "subject": "강좌\n대관"}
    return Agreement.objects.create(council=council, title="위탁 협약", **given | fields)


def programme_of(council, status=ProgrammeStatus.OPEN):
    return Programme.objects.create(
        council=council, title="서예", place="2층", times="월", starts_on=DAY, ends_on=DAY, places=2, status=status
    )


def test_an_agreement_is_printed_to_be_signed_and_the_letter_drafted(council) -> None:
    agreement = agreement_of(council)
    report = build_agreement(order(agreement=agreement.pk))
    assert report.title == "위탁 협약"
    assert "강좌" in str(report)
    assert letter_text(agreement).rstrip().endswith("끝.")
    assert build_letter(order(agreement=agreement.pk)).sections
    with pytest.raises(RuleViolation) as no:
        build_agreement(order(agreement=999))
    assert no.value.status == 404


def test_a_year_of_the_fund_is_printed_with_its_entries(council) -> None:
    facts = {"council_id": council.pk, "occurred_on": date(LAST, 5, 1), "text": "시연", "actor": None, "at": NOON}
    record_income(source=Income.HALL, amount=50_000, **facts)
    record_spending(purpose=Spending.RUNNING, amount=20_000, **facts)
    sums, entries = build_fund(order(council=council.pk, year=LAST)).sections
    assert sums.blocks[1].total[-1] == 30_000
    assert [row[-2:] for row in entries.blocks[0].rows] == [(50_000, None), (None, 20_000)]
    actor = official(Role.DONG_OFFICIAL, council.dong)
    day = date(LAST + 1, 1, 20)
    settle_fund(council_id=council.pk, year=LAST, note="맞습니다.", settled_on=day, actor=actor, at=NOON)
    settled = build_fund(order(council=council.pk, year=LAST))
    assert settled.issued_on == day
    assert "맞습니다." in str(settled)
    for council_pk, year in ((council.pk, 1999), (999, LAST)):
        with pytest.raises(RuleViolation):
            build_fund(order(council=council_pk, year=year))


def test_an_attendance_sheet_has_names_and_no_numbers(council) -> None:
    programme = programme_of(council)
    with pytest.raises(RuleViolation):
        build_attendance(order(programme=programme.pk))
    for name, status in (("김하나", "enrolled"), ("이둘", "waiting"), ("박셋", "cancelled")):
        Enrolment.objects.create(
            programme=programme, name=name, phone="01012345678", status=EnrolmentStatus(status), enrolled_at=NOON
        )
    text = str(build_attendance(order(programme=programme.pk)))
    assert "김하나" in text
    assert "이둘" in text
    assert "박셋" not in text
    assert "01012345678" not in text


def test_who_may_have_these_papers(council) -> None:
    agreement, programme = agreement_of(council), programme_of(council)
    asked = (
        (_may_read_agreement, {"agreement": agreement.pk}),
        (_may_read_fund, {"council": council.pk, "year": LAST}),
        (_may_read_programme, {"programme": programme.pk}),
    )
    here, elsewhere = official(Role.DONG_OFFICIAL, council.dong), official(Role.DONG_OFFICIAL, CouncilFactory().dong)
    for may, values in asked:
        assert may(here, values)
        assert may(here, {})
        assert not may(elsewhere, values)
        assert not may(resident(council.dong), {})
        assert not may(here, dict.fromkeys(values, 999))


def test_what_waits_at_the_desk(council) -> None:
    district, dong = official(region=council.dong.parent), official(Role.DONG_OFFICIAL, council.dong)
    assert all(line.count == 0 for line in work_at_the_desk(district))
    soon = timezone.localdate() + timedelta(days=9)
    agreement_of(council, status=AgreementStatus.IN_FORCE, signed_on=DAY, ends_on=soon)
    agreement_of(council, status=AgreementStatus.IN_FORCE, signed_on=DAY, ends_on=soon + timedelta(days=200))
    programme = programme_of(council, ProgrammeStatus.CANCELLED)
    Enrolment.objects.create(programme=programme, name="김하나", enrolled_at=NOON, paid_on=DAY)
    assert [line.count for line in work_at_the_desk(district)] == [1, 0, 1]
    assert [line.count for line in work_at_the_desk(dong)] == [1]
    assert work_at_the_desk(resident(council.dong)) == []


def test_papers_are_linked_at_the_desk_and_printed(client, council, settings) -> None:
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    agreement, programme = agreement_of(council), programme_of(council)
    client.force_login(official(region=council.dong.parent))
    for name, pk, paper in (
        ("agreement", agreement.pk, f"council-agreement/?agreement={agreement.pk}"),
        ("programme", programme.pk, f"programme-attendance/?programme={programme.pk}"),
    ):
        page = client.get(reverse(f"admin:councils_{name}_change", args=[pk]))
        assert paper in page.content.decode()
        assert client.get(reverse(f"admin:councils_{name}_add")).status_code == 200
    assert client.get(reverse("reports:document", args=["council-fund"])).status_code == 200
