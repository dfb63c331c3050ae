"""What strangers, applicants and officials of elsewhere must not get at, and what nobody may do in their own matter."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import RuleViolation
from core.jobs.imports.models import ImportRow
from core.jobs.imports.states import RowKind
from core.notices.models import Delivery
from councils.forms.draws import FreezeForm
from councils.importers.members import NAME
from councils.models import Application, ApplicationStep, QuotaValue
from councils.services.applications import withdraw
from councils.services.appointing import appoint_members, fill_vacancy, move_up_before_appointment
from councils.services.courses import CourseFacts, Lecture, plan_course
from councils.services.decisions import CommitteeSeat, record_decision, set_committee
from councils.services.draws import discard_draw, void_freeze
from councils.services.eligibility import ask_supplement, confirm_eligibility, credit_hours, exclude
from councils.services.members import dismiss
from councils.services.pool import reopen_pool, settle_pool
from councils.services.quotas import QuotaChange, relax_quotas
from councils.services.recruitment import cancel_recruitment, give_more_time
from councils.states import ApplicationStatus, BeaconKind, DecisionKind, IntakeWay, MemberStatus
from meetings.permissions import kept_meetings
from residents.states import Role
from tests.core.imports.tables import Imports, xlsx
from tests.councils.drawing_town import FREEZING, computed, frozen
from tests.councils.membership_town import drawn, term_of
from tests.councils.recruiting import (
    DATES,
    OPEN,
    SETTLING,
    announced,
    apply,
    confirmed,
    decision,
    rule_set,
)
from tests.factories import NOON, CouncilFactory, DongFactory, MunicipalityFactory, UserFactory, official

pytestmark = pytest.mark.django_db

HEADINGS = ["행정동", "기수", "성명", "생년월일"]


# --- other people's data ----------------------------------------------------------------------------------------------


def test_a_preview_shows_nothing_of_a_council_elsewhere(settings, tmp_path, django_capture_on_commit_callbacks) -> None:
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": str(tmp_path / "media")}}
    settings.STORAGES = storages
    council = CouncilFactory(dong=DongFactory(parent=MunicipalityFactory(), name="가람동"))
    term = term_of(council, members=0, seats=3)
    term.members.create(name="김하나", birth_date=date(1961, 2, 3), appointed_on=term.starts_on)
    stranger = Imports(official(Role.DONG_OFFICIAL, DongFactory()), django_capture_on_commit_callbacks, NAME)

    run = stranger.checked(xlsx([["가람동", 1, "김하나", "1970-05-01"]], HEADINGS))

    (row,) = ImportRow.objects.filter(run=run, check_number=run.checks)
    assert (row.kind, row.changes) == (RowKind.WRONG, {})


def test_a_freeze_tells_no_address() -> None:
    rules = rule_set(MunicipalityFactory(), one_per_household=True)
    recruitment = announced(rules=rules, council=CouncilFactory(dong=DongFactory(parent=rules.region)))
    for place in range(24):
        confirmed(
            recruitment,
            sex=("female", "male")[place % 2],
            age=(62, 55, 33)[place % 3],
            address=f"비밀로 {place // 2}",
        )
    settle_pool(recruitment_id=recruitment.pk, actor=None, at=SETTLING)
    recruitment.refresh_from_db()
    draw = frozen(computed(recruitment))

    assert "비밀로" not in draw.public + draw.full
    households = [person["household"] for person in json.loads(draw.full).values()]
    assert max(households.count(one) for one in households) == 2


# --- one's own matter -------------------------------------------------------------------------------------------------


def in_the_pool(recruitment):
    """An official whose application is in the pool."""
    user = official(Role.DISTRICT_OFFICIAL, recruitment.council.dong.parent)
    recruitment.applications.filter(pool_number=1).update(user=user)
    return user


def test_who_may_be_drawn_neither_discards_a_lottery_nor_voids_a_freeze() -> None:
    draw = computed()
    actor = in_the_pool(draw.recruitment)
    with pytest.raises(RuleViolation) as discarding:
        discard_draw(draw_id=draw.pk, actor=actor, at=SETTLING)
    draw = frozen(draw)
    voiding = record_decision(
        recruitment_id=draw.recruitment_id,
        kind=DecisionKind.VOID_FREEZE,
        facts=decision(),
        actor=UserFactory(),
        at=FREEZING,
    )
    with pytest.raises(RuleViolation) as refusal:
        void_freeze(draw_id=draw.pk, decision_id=voiding.pk, actor=actor, at=FREEZING)
    assert (discarding.value.code, refusal.value.code) == ("own_draw", "own_draw")


def test_an_official_who_applied_takes_nobody_else_out() -> None:
    recruitment = announced()
    actor = official(Role.DONG_OFFICIAL, recruitment.council.dong)
    own, other = apply(recruitment, user=actor), apply(recruitment)
    for act in (
        lambda: exclude(application_id=other.pk, reason="사유", actor=actor, at=OPEN),
        lambda: withdraw(application_id=other.pk, actor=actor, at=OPEN, reason="전화"),
    ):
        with pytest.raises(RuleViolation) as refusal:
            act()
        assert refusal.value.status == 403
    withdraw(application_id=own.pk, actor=actor, at=OPEN)
    exclude(application_id=other.pk, reason="사유", actor=actor, at=OPEN)
    assert Application.objects.get(pk=other.pk).status == ApplicationStatus.EXCLUDED


def _changes(recruitment):
    value = QuotaValue.objects.filter(feature__recruitment=recruitment, minimum__gt=0).first()
    return [QuotaChange(value.pk, value.minimum - 1, value.maximum)]


DECISIVE = {
    "relaxing quotas": lambda of, actor: relax_quotas(
        recruitment_id=of.pk, changes=_changes(of), decision=decision(), actor=actor, at=OPEN
    ),
    "recording a decision": lambda of, actor: record_decision(
        recruitment_id=of.pk, kind=DecisionKind.OTHER, facts=decision(), actor=actor, at=OPEN
    ),
    "giving more time": lambda of, actor: give_more_time(
        recruitment_id=of.pk, decision_id=0, dates=DATES, actor=actor, at=OPEN
    ),
    "settling the pool": lambda of, actor: settle_pool(recruitment_id=of.pk, actor=actor, at=SETTLING),
    "opening the pool again": lambda of, actor: reopen_pool(
        recruitment_id=of.pk, decision_id=0, dates=DATES, actor=actor, at=SETTLING
    ),
    "calling it off": lambda of, actor: cancel_recruitment(recruitment_id=of.pk, reason="사유", actor=actor, at=OPEN),
    "naming the committee": lambda of, actor: set_committee(
        recruitment_id=of.pk, members=[CommitteeSeat("김하나")], actor=actor, at=OPEN
    ),
    "appointing": lambda of, actor: appoint_members(
        recruitment_id=of.pk, starts_on=date(2026, 8, 1), ends_on=None, number=None, actor=actor, at=SETTLING
    ),
    "letting an alternate move up": lambda of, actor: move_up_before_appointment(
        recruitment_id=of.pk, actor=actor, at=SETTLING
    ),
    "asking a rival for a supplement": lambda of, actor: ask_supplement(
        application_id=_rival(of, actor).pk, what="주소", actor=actor, at=OPEN
    ),
    "confirming a rival": lambda of, actor: confirm_eligibility(
        application_id=_rival(of, actor).pk, document="여권", actor=actor, at=OPEN
    ),
    "crediting a rival's hours": lambda of, actor: credit_hours(
        application_id=_rival(of, actor).pk, minutes=60, reason="수료증", actor=actor, at=OPEN
    ),
}


def _rival(recruitment, actor):
    return recruitment.applications.exclude(user=actor).get()


@pytest.mark.parametrize("act", DECISIVE)
def test_who_applied_decides_nothing_in_that_recruitment(act) -> None:
    recruitment = announced()
    actor = official(Role.DISTRICT_OFFICIAL, recruitment.council.dong.parent)
    apply(recruitment, user=actor)
    apply(recruitment)

    with pytest.raises(RuleViolation) as refusal:
        DECISIVE[act](recruitment, actor)

    assert (refusal.value.code, refusal.value.status) == ("own_recruitment", 403)


def test_who_withdrew_decides_again() -> None:
    recruitment = announced()
    actor = official(Role.DISTRICT_OFFICIAL, recruitment.council.dong.parent)
    withdraw(application_id=apply(recruitment, user=actor).pk, actor=actor, at=OPEN)
    assert relax_quotas(
        recruitment_id=recruitment.pk, changes=_changes(recruitment), decision=decision(), actor=actor, at=OPEN
    )


def test_who_waits_as_an_alternate_makes_no_room_for_themselves() -> None:
    """Neither by a dismissal nor by moving up into the seat."""
    recruitment = drawn()
    term = appoint_members(
        recruitment_id=recruitment.pk, starts_on=NOON.date(), ends_on=date(2030, 1, 1), number=None, actor=None, at=NOON
    )
    actor = official(Role.DISTRICT_OFFICIAL, recruitment.council.dong.parent)
    recruitment.applications.filter(alternate_position=1).update(user=actor)
    member, left = term.members.order_by("pk")[:2]
    dismiss(member_id=left.pk, on=term.starts_on, reason="전출", actor=UserFactory(), at=NOON)

    for act in (
        lambda: dismiss(member_id=member.pk, on=term.starts_on, reason="사유", actor=actor, at=NOON),
        lambda: fill_vacancy(member_id=left.pk, on=term.starts_on, actor=actor, at=NOON),
    ):
        with pytest.raises(RuleViolation) as refusal:
            act()
        assert refusal.value.code == "own_recruitment"
    member.refresh_from_db()
    assert member.status == MemberStatus.SERVING


def test_the_desk_offers_no_step_to_who_applied(client, settings, monkeypatch) -> None:
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    monkeypatch.setattr("django.utils.timezone.now", lambda: OPEN)
    recruitment = announced()
    actor = official(Role.DONG_OFFICIAL, recruitment.council.dong)
    colleague = official(Role.DONG_OFFICIAL, recruitment.council.dong)
    apply(recruitment, user=actor)
    pages = {}
    for who in (actor, colleague):
        client.force_login(who, backend="residents.backends.EmailBackend")
        pages[who] = client.get(reverse("admin:councils_recruitment_change", args=[recruitment.pk])).content.decode()
    relax = reverse("admin:councils_recruitment_relax", args=[recruitment.pk])
    said = "본인이 이 모집에 신청하였습니다"

    assert (relax in pages[colleague], said in pages[colleague]) == (True, False)
    assert (relax in pages[actor], said in pages[actor]) == (False, True)
    client.force_login(actor, backend="residents.backends.EmailBackend")
    for name in ("relax", "settle-pool", "more-time", "record-decision", "cancel", "committee"):
        address = reverse(f"admin:councils_recruitment_{name}", args=[recruitment.pk])
        assert client.post(address, {"reason": "사유"}).status_code == 404


# --- what a form is sent ----------------------------------------------------------------------------------------------


def test_what_cannot_be_kept_is_left_out_of_an_answer(client, monkeypatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: OPEN)
    application = apply(announced())
    ask_supplement(application_id=application.pk, what="주소", actor=UserFactory(), at=OPEN)
    address = reverse("councils:application_supplement", args=[application.key])

    client.post(
        address,
        {"name": "김하나", "sex": "female", "basis": "working", "track": "open", "answer": "적었\x00습니다.\r\n예"},
    )

    texts = ApplicationStep.objects.filter(application=application).values_list("text", flat=True)
    assert "적었습니다. 예" in texts


@pytest.mark.parametrize("kind", BeaconKind.values)
@pytest.mark.parametrize("at", ["0001-01-01T00:00", "9999-12-31T23:59", "2020-01-01T00:00", "2126-01-01T10:00"])
def test_an_event_of_another_age_is_refused_in_words(kind, at) -> None:
    form = FreezeForm({"kind": kind, "at": at, "count": "6"})
    assert not form.is_valid()
    assert "at" in form.errors


def test_a_large_pool_is_settled_in_few_queries() -> None:
    recruitment = announced()
    Application.objects.bulk_create(
        Application(
            recruitment=recruitment,
            number=number,
            status=ApplicationStatus.SUPPLEMENT if number % 3 == 0 else ApplicationStatus.CHECKED,
            reason="주소",
            way=IntakeWay.WEB,
            email=f"person{number}@example.org",
            submitted_at=OPEN,
        )
        for number in range(1, 91)
    )
    with CaptureQueriesContext(connection) as queries:
        settle_pool(recruitment_id=recruitment.pk, actor=None, at=SETTLING)
    assert len(queries) < 90 * 2
    assert recruitment.applications.filter(status=ApplicationStatus.EXCLUDED).exclude(reason="주소").count() == 30
    assert Delivery.objects.count() == 90


def test_nobody_notes_their_own_hours_at_the_door_of_a_course() -> None:
    recruitment = announced(hours=6)
    dong = recruitment.council.dong
    actor, colleague = official(Role.DONG_OFFICIAL, dong), official(Role.DONG_OFFICIAL, dong)
    meeting = plan_course(
        recruitment_id=recruitment.pk,
        facts=CourseFacts(
            title="주민자치학교",
            place="동 행정복지센터",
            lectures=(Lecture("첫 강의", OPEN + timedelta(days=20), OPEN + timedelta(days=20, hours=6)),),
        ),
        actor=colleague,
        at=OPEN,
    ).meeting
    apply(recruitment, user=actor)

    assert meeting.participants.filter(user=actor).exists()
    assert [who.has_perm("meetings.keep_meeting", meeting) for who in (actor, colleague)] == [False, True]
    assert [kept_meetings(who).filter(pk=meeting.pk).exists() for who in (actor, colleague)] == [False, True]
