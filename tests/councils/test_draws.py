"""The life of a draw through its services: computed, frozen, read, drawn once; or declared void."""

import json
from datetime import date, timedelta

import pytest

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.notices.models import Delivery
from councils.drawing import is_verified, read_document, verify
from councils.models import Application, Draw
from councils.queries.draws import Phase, agreed_value, panels_with, phase_of, readings_differ
from councils.services.applications import withdraw
from councils.services.beacons import enter_beacon, take_back_reading
from councils.services.decisions import record_decision
from councils.services.draws import compute_draw, discard_draw, freeze_draw, void_freeze
from councils.services.panels import DrawnAlreadyError, draw_panel, enter_digit, prepare_draw, strike_digit
from councils.states import ApplicationStatus, DecisionKind, DrawStatus, RecruitmentStatus
from residents.models import ResidentProfile
from tests.councils.drawing_town import (
    FREEZING,
    HALL,
    LOTTO,
    agreed,
    balls,
    computed,
    digits,
    drawn,
    frozen,
    runner,
)
from tests.councils.recruiting import SETTLING, announced, decision, settled
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def statuses(draw):
    return list(draw.recruitment.applications.order_by("pool_number").values_list("status", flat=True))


def test_a_lottery_is_computed_of_a_settled_pool_once() -> None:
    draw = computed()
    assert draw.status == DrawStatus.COMPUTED
    again = compute_draw(recruitment_id=draw.recruitment_id, actor=draw.computed_by, at=SETTLING)
    assert again.pk == draw.pk


def test_no_lottery_before_the_pool_is_settled() -> None:
    recruitment = announced()
    with pytest.raises(RuleViolation) as refusal:
        compute_draw(recruitment_id=recruitment.pk, actor=runner(recruitment), at=SETTLING)
    assert refusal.value.code == "wrong_state"


def test_a_pool_that_cannot_fill_the_council_is_refused_in_words() -> None:
    recruitment = settled(pool=6)
    with pytest.raises(RuleViolation) as refusal:
        compute_draw(recruitment_id=recruitment.pk, actor=runner(recruitment), at=SETTLING)
    assert refusal.value.code == "infeasible"
    assert not Draw.objects.exists()


def test_a_discarded_lottery_makes_room_for_another() -> None:
    draw = computed()
    discard_draw(draw_id=draw.pk, actor=draw.computed_by, at=SETTLING)
    assert computed(draw.recruitment, actor=draw.computed_by).number == draw.number + 1


def test_a_freeze_fixes_everything_and_tells_the_pool(django_capture_on_commit_callbacks) -> None:
    recruitment = settled()
    somebody = recruitment.applications.get(pool_number=1)
    somebody.email = "somebody@example.org"
    somebody.save()
    draw = frozen(computed(recruitment))
    document = read_document(draw.public.encode())
    assert draw.recruitment.status == RecruitmentStatus.FROZEN
    assert document["freeze"] == draw.freeze
    assert {len(panel) for panel in document["panels"]} == {recruitment.seats}
    (told,) = Delivery.objects.filter(mailing__kind="councils.draw_frozen")
    assert told.context["freeze"] == draw.freeze
    assert told.context["panels"] == panels_with(Application.objects.get(pk=somebody.pk))


def test_attributes_of_few_are_sealed_and_open_with_the_salt() -> None:
    draw = frozen()
    sealed = [person for person in read_document(draw.public.encode())["pool"] if "commitment" in person]
    assert sealed
    assert set(json.loads(draw.full)) == {person["id"] for person in sealed}
    assert not {key for person in sealed for key in person} - {"id", "commitment"}


@pytest.mark.parametrize("hours", [1, 23])
def test_a_freeze_later_than_the_notice_asks_is_refused(hours) -> None:
    draw = computed()
    with pytest.raises(RuleViolation) as refusal:
        frozen(draw, beacon=balls(FREEZING + timedelta(hours=hours)))
    assert refusal.value.code == "beacon_too_early"
    draw.refresh_from_db()
    assert (draw.status, draw.freeze) == (DrawStatus.COMPUTED, "")


def test_a_pool_that_changed_since_is_not_frozen() -> None:
    draw = computed()
    withdraw(application_id=draw.recruitment.applications.get(pool_number=3).pk, actor=draw.computed_by, at=FREEZING)
    with pytest.raises(RuleViolation) as refusal:
        frozen(draw)
    assert refusal.value.code == "pool_changed"


def test_who_is_in_the_pool_has_no_hand_in_the_draw() -> None:
    draw = computed()
    actor = runner(draw.recruitment)
    draw.recruitment.applications.filter(pool_number=1).update(user=actor)
    with pytest.raises(RuleViolation) as refusal:
        freeze_draw(draw_id=draw.pk, beacon=balls(), actor=actor, at=FREEZING)
    assert refusal.value.code == "own_draw"


def test_a_freeze_is_voided_by_a_recorded_decision_only_and_stays() -> None:
    draw = frozen()
    other = record_decision(
        recruitment_id=draw.recruitment_id,
        kind=DecisionKind.OTHER,
        facts=decision(),
        actor=draw.computed_by,
        at=FREEZING,
    )
    with pytest.raises(RuleViolation):
        void_freeze(draw_id=draw.pk, decision_id=other.pk, actor=draw.computed_by, at=FREEZING)
    voiding = record_decision(
        recruitment_id=draw.recruitment_id,
        kind=DecisionKind.VOID_FREEZE,
        facts=decision(),
        actor=draw.computed_by,
        at=FREEZING,
    )
    void_freeze(draw_id=draw.pk, decision_id=voiding.pk, actor=draw.computed_by, at=FREEZING)
    draw.refresh_from_db()
    assert (draw.status, draw.recruitment.status) == (DrawStatus.VOIDED, RecruitmentStatus.POOLED)
    assert draw.freeze
    second = frozen(computed(draw.recruitment, actor=draw.computed_by))
    with pytest.raises(RuleViolation) as refusal:
        void_freeze(draw_id=second.pk, decision_id=voiding.pk, actor=draw.computed_by, at=FREEZING)
    assert refusal.value.code == "decision_used"


def test_nothing_is_read_before_the_event() -> None:
    draw = frozen()
    with pytest.raises(RuleViolation) as refusal:
        enter_beacon(draw_id=draw.pk, value=LOTTO, actor=draw.computed_by, at=draw.beacon_at - timedelta(seconds=1))
    assert refusal.value.code == "before_the_beacon"
    assert phase_of(draw, FREEZING) == Phase.WAITING


def test_two_officials_must_agree_and_a_third_settles() -> None:
    draw = frozen()
    wrong = {**LOTTO, "bonus": 10}
    first, second, third = (runner(draw.recruitment) for _number in range(3))
    enter_beacon(draw_id=draw.pk, value=LOTTO, actor=first, at=HALL)
    with pytest.raises(RuleViolation) as refusal:
        enter_beacon(draw_id=draw.pk, value=LOTTO, actor=first, at=HALL)
    assert refusal.value.code == "entered_already"
    enter_beacon(draw_id=draw.pk, value=wrong, actor=second, at=HALL)
    assert agreed_value(draw) is None
    assert readings_differ(draw)
    enter_beacon(draw_id=draw.pk, value=LOTTO, actor=third, at=HALL)
    assert agreed_value(draw) == LOTTO
    with pytest.raises(RuleViolation) as refusal:
        take_back_reading(draw_id=draw.pk, actor=second, at=HALL)
    assert refusal.value.code == "beacon_stands"


def test_a_slip_is_taken_back_and_stays_on_record() -> None:
    draw = frozen()
    first = runner(draw.recruitment)
    enter_beacon(draw_id=draw.pk, value={**LOTTO, "bonus": 10}, actor=first, at=HALL)
    take_back_reading(draw_id=draw.pk, actor=first, at=HALL)
    enter_beacon(draw_id=draw.pk, value=LOTTO, actor=first, at=HALL)
    enter_beacon(draw_id=draw.pk, value=LOTTO, actor=runner(draw.recruitment), at=HALL)
    assert agreed_value(draw) == LOTTO
    assert draw.entries.count() == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"email": "kim@example.org"}, {"email": "Kim+second@example.org"}),
        ({"phone": "010-0000-0001"}, {"phone": "01000000001"}),
        ({"name": "김 하나"}, {"name": "김하나"}),
    ],
)
def test_two_accounts_of_one_person_are_no_two_readings(one, other) -> None:
    draw = frozen()
    first, second = (person(runner(draw.recruitment), **facts) for facts in (one, other))
    enter_beacon(draw_id=draw.pk, value=LOTTO, actor=first, at=HALL)
    with pytest.raises(RuleViolation) as refusal:
        enter_beacon(draw_id=draw.pk, value=LOTTO, actor=second, at=HALL)
    assert (refusal.value.code, refusal.value.status) == ("same_person", 403)
    assert agreed_value(draw) is None
    assert AuditEntry.objects.filter(action="councils.second_account_refused", target_id=str(draw.pk)).count() == 1
    take_back_reading(draw_id=draw.pk, actor=first, at=HALL)
    assert enter_beacon(draw_id=draw.pk, value=LOTTO, actor=second, at=HALL)


def person(user, *, email="", name="", phone=""):
    user.email, user.name = email or user.email, name or user.name
    user.save()
    ResidentProfile.objects.create(user=user, birth_date=date(1980, 1, 1), phone=phone, name_key=user.name)
    return user


@pytest.mark.parametrize("value", [{}, {"numbers": [1, 2, 3], "bonus": 4}, {"digits": "123456"}])
def test_what_cannot_have_come_out_is_refused(value) -> None:
    draw = frozen()
    with pytest.raises(RuleViolation):
        enter_beacon(draw_id=draw.pk, value=value, actor=draw.computed_by, at=HALL)


def test_digits_come_in_order_and_a_slip_is_struck_with_its_reason() -> None:
    draw = agreed(frozen())
    with pytest.raises(RuleViolation):
        enter_digit(draw_id=draw.pk, place=1, digit=4, actor=draw.computed_by, at=HALL)
    digits(draw, "41")
    with pytest.raises(RuleViolation):
        strike_digit(draw_id=draw.pk, reason=" ", actor=draw.computed_by, at=HALL)
    strike_digit(draw_id=draw.pk, reason="잘못 눌렀습니다.", actor=draw.computed_by, at=HALL)
    enter_digit(draw_id=draw.pk, place=1, digit=7, actor=draw.computed_by, at=HALL)
    assert draw.digits.count() == 3
    with pytest.raises(RuleViolation) as refusal:
        draw_panel(draw_id=draw.pk, digits="47", actor=draw.computed_by, at=HALL)
    assert refusal.value.code == "digits"


def test_no_digit_before_the_beacon_stands() -> None:
    draw = frozen()
    with pytest.raises(RuleViolation) as refusal:
        enter_digit(draw_id=draw.pk, place=0, digit=4, actor=draw.computed_by, at=HALL)
    assert refusal.value.code == "no_beacon"


def test_the_draw_selects_the_seats_orders_the_alternates_and_verifies() -> None:
    draw = drawn()
    document = read_document(draw.result.record.encode())
    assert draw.recruitment.status == RecruitmentStatus.DRAWN
    assert statuses(draw).count(ApplicationStatus.SELECTED) == draw.recruitment.seats
    assert ApplicationStatus.POOL not in statuses(draw)
    waiting = draw.recruitment.applications.filter(status=ApplicationStatus.ALTERNATE).order_by("alternate_position")
    assert [str(one.pool_number) for one in waiting] == document["alternates"][document["chosen"]]
    assert [one.alternate_position for one in waiting] == list(range(1, len(waiting) + 1))
    assert is_verified(verify(document, openings=json.loads(draw.full)))
    assert is_verified(verify(document))


def test_a_second_attempt_is_refused_and_audited() -> None:
    draw = drawn()
    record = draw.result.record
    with pytest.raises(DrawnAlreadyError):
        draw_panel(draw_id=draw.pk, digits="417", actor=draw.computed_by, at=HALL)
    assert AuditEntry.objects.filter(action="councils.second_draw_refused", target_id=str(draw.pk)).count() == 1
    draw.result.refresh_from_db()
    assert draw.result.record == record


def test_whoever_withdrew_is_replaced_by_the_first_alternate_who_keeps_the_quotas() -> None:
    draw = digits(agreed(frozen()))
    prepare_draw(draw_id=draw.pk)
    draw.refresh_from_db()
    from councils.drawing import choose

    document = choose(read_document(draw.prepared.encode()), "417")
    gone = document["panel"][0]
    application = draw.recruitment.applications.get(pool_number=int(gone))
    withdraw(application_id=application.pk, actor=draw.computed_by, at=HALL)
    draw_panel(draw_id=draw.pk, digits="417", actor=draw.computed_by, at=HALL)
    application.refresh_from_db()
    assert application.status == ApplicationStatus.WITHDRAWN
    selected = draw.recruitment.applications.filter(status=ApplicationStatus.SELECTED)
    assert selected.count() == draw.recruitment.seats
    (moved,) = set(selected.values_list("pool_number", flat=True)) - {int(id_) for id_ in document["panel"]}
    assert str(moved) in document["alternates"][document["chosen"]]
    assert selected.get(pool_number=moved).steps.last().text


def test_what_was_prepared_is_what_would_be_drawn() -> None:
    prepared, plain = digits(agreed(frozen())), None
    prepare_draw(draw_id=prepared.pk)
    draw_panel(draw_id=prepared.pk, digits="417", actor=prepared.computed_by, at=HALL)
    prepared.refresh_from_db()
    plain = read_document(prepared.result.record.encode())
    assert is_verified(verify(plain, openings=json.loads(prepared.full)))


def test_an_official_of_the_pool_cannot_draw() -> None:
    draw = digits(agreed(frozen()))
    actor = UserFactory()
    draw.recruitment.applications.filter(pool_number=2).update(user=actor)
    with pytest.raises(RuleViolation) as refusal:
        draw_panel(draw_id=draw.pk, digits="417", actor=actor, at=HALL)
    assert refusal.value.code == "own_draw"
