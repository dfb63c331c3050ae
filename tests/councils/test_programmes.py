"""Programmes of residents' centres: places in order, the waiting list, fees, what people see and are told."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.ledgers.models import Transaction
from core.notices.models import Delivery
from core.templatetags.madang import day_text
from councils.fund import Spending
from councils.models import Enrolment
from councils.personal_data.work import erase, sections
from councils.queries.fund import fund_year
from councils.services.erasure import erase_due_enrolments
from councils.services.fund import record_spending, take_back_entry
from councils.services.programmes import (
    cancel_enrolment,
    change_programme,
    enrol,
    move_programme,
    plan_programme,
    record_fee,
    return_fee,
)
from councils.states import CouncilStatus, EnrolmentStatus, ProgrammeStatus
from councils.tasks import erase_due_applications
from residents.states import Role
from tests.factories import NOON, CouncilFactory, official, resident

pytestmark = pytest.mark.django_db

DAY = NOON.date()
FACTS = {
    "title": "서예",
    "place": "자치회관 2층",
    "times": "월·수 10:00–12:00",
    "starts_on": DAY,
    "ends_on": DAY + timedelta(days=90),
    "fee": 30_000,
    "places": 2,
}


@pytest.fixture
def council():
    return CouncilFactory()


@pytest.fixture
def keeper(council):
    return official(Role.DONG_OFFICIAL, council.dong)


@pytest.fixture
def programme(council, keeper):
    made = plan_programme(council_id=council.pk, facts=FACTS, actor=keeper, at=NOON)
    return move_programme(programme_id=made.pk, status=ProgrammeStatus.OPEN, actor=keeper, at=NOON)


def join(programme, name="김주민", *, user=None, minutes=0, phone="010-1234-5678"):
    at = NOON + timedelta(minutes=minutes)
    return enrol(programme_id=programme.pk, user=user, name=name, phone=phone, actor=user, at=at)


def status(enrolment):
    return Enrolment.objects.get(pk=enrolment.pk).status


# --- places ---


def test_places_are_given_in_order_and_who_cancels_makes_room(programme) -> None:
    first, second, third, fourth = (join(programme, f"주민{n}호", minutes=n) for n in range(4))
    assert [one.status for one in (first, second, third, fourth)] == ["enrolled", "enrolled", "waiting", "waiting"]
    cancel_enrolment(enrolment_id=first.pk, actor=None, at=NOON)
    assert [status(one) for one in (third, fourth)] == [EnrolmentStatus.ENROLLED, EnrolmentStatus.WAITING]
    assert AuditEntry.objects.filter(action="councils.enrolment_moved_up").count() == 1


def test_who_waits_and_cancels_moves_nobody_up(programme) -> None:
    people = [join(programme, f"주민{n}호", minutes=n) for n in range(4)]
    cancel_enrolment(enrolment_id=people[2].pk, actor=None, at=NOON)
    assert status(people[3]) == EnrolmentStatus.WAITING


def test_more_places_go_to_who_waits_longest(programme, keeper) -> None:
    people = [join(programme, f"주민{n}호", minutes=n) for n in range(4)]
    change_programme(programme_id=programme.pk, facts={"places": 3}, actor=keeper, at=NOON)
    assert [status(one) for one in people] == ["enrolled", "enrolled", "enrolled", "waiting"]


def test_there_are_never_fewer_places_than_people_nor_another_fee(programme, keeper) -> None:
    join(programme, "주민일호")
    join(programme, "주민이호")
    with pytest.raises(RuleViolation) as no:
        change_programme(programme_id=programme.pk, facts={"places": 1}, actor=keeper, at=NOON)
    assert no.value.code == "fewer_places"
    with pytest.raises(RuleViolation) as no:
        change_programme(programme_id=programme.pk, facts={"fee": 1}, actor=keeper, at=NOON)
    assert no.value.code == "fee_fixed"


def test_nobody_is_on_the_list_twice(programme) -> None:
    user = resident(programme.council.dong)
    join(programme, user=user)
    with pytest.raises(RuleViolation) as no:
        join(programme, user=user)
    assert no.value.code == "enrolled_already"
    join(programme, "이주민")
    with pytest.raises(RuleViolation) as no:
        join(programme, "이주민")
    assert no.value.code == "enrolled_already"


@pytest.mark.parametrize(("name", "phone", "code"), [("", "", "name"), ("12", "", "name"), ("김주민", "12", "phone")])
def test_a_name_and_a_number_have_to_be_some(programme, name, phone, code) -> None:
    with pytest.raises(RuleViolation) as no:
        join(programme, name, phone=phone)
    assert no.value.code == code


@pytest.mark.parametrize("wrong", [{"title": " "}, {"place": ""}, {"ends_on": DAY - timedelta(days=1)}, {"places": 0}])
def test_a_programme_needs_its_facts(council, wrong) -> None:
    with pytest.raises(RuleViolation):
        plan_programme(council_id=council.pk, facts=FACTS | wrong, actor=None, at=NOON)


def test_a_dissolved_council_plans_nothing() -> None:
    council = CouncilFactory(status=CouncilStatus.DISSOLVED)
    with pytest.raises(RuleViolation):
        plan_programme(council_id=council.pk, facts=FACTS, actor=None, at=NOON)


def test_what_is_over_takes_nobody_and_stays(programme, keeper) -> None:
    move_programme(programme_id=programme.pk, status=ProgrammeStatus.CANCELLED, actor=keeper, at=NOON)
    with pytest.raises(RuleViolation):
        join(programme)
    with pytest.raises(RuleViolation):
        change_programme(programme_id=programme.pk, facts={"title": "다른 이름"}, actor=keeper, at=NOON)


# --- fees ---


def test_a_fee_enters_the_fund_and_leaves_it_when_it_is_given_back(programme, keeper) -> None:
    enrolment = join(programme)
    record_fee(enrolment_id=enrolment.pk, paid_on=DAY, actor=keeper, at=NOON)
    assert fund_year(programme.council, DAY.year).by_account == {"courses": 30_000}
    with pytest.raises(RuleViolation) as no:
        record_fee(enrolment_id=enrolment.pk, paid_on=DAY, actor=keeper, at=NOON)
    assert no.value.code == "fee_paid"
    with pytest.raises(RuleViolation) as no:
        cancel_enrolment(enrolment_id=enrolment.pk, actor=keeper, at=NOON)
    assert no.value.code == "fee_paid"
    return_fee(enrolment_id=enrolment.pk, actor=keeper, at=NOON)
    assert fund_year(programme.council, DAY.year).income == 0
    with pytest.raises(RuleViolation):
        return_fee(enrolment_id=enrolment.pk, actor=keeper, at=NOON)
    record_fee(enrolment_id=enrolment.pk, paid_on=DAY, actor=keeper, at=NOON)
    assert fund_year(programme.council, DAY.year).income == 30_000
    return_fee(enrolment_id=enrolment.pk, actor=keeper, at=NOON)
    assert cancel_enrolment(enrolment_id=enrolment.pk, actor=keeper, at=NOON).status == EnrolmentStatus.CANCELLED


def test_a_fee_is_given_back_at_the_enrolment_only_and_only_if_the_fund_holds_it(programme, keeper) -> None:
    enrolment, council = join(programme), programme.council
    record_fee(enrolment_id=enrolment.pk, paid_on=DAY, actor=keeper, at=NOON)
    entry = Transaction.objects.get()
    with pytest.raises(RuleViolation) as no:
        take_back_entry(council_id=council.pk, transaction_id=entry.pk, reason="착오", actor=keeper, at=NOON)
    assert no.value.code == "is_fee"
    spent = {"purpose": Spending.RUNNING, "amount": 1, "occurred_on": DAY, "text": "종이"}
    record_spending(council_id=council.pk, **spent, actor=keeper, at=NOON)
    with pytest.raises(RuleViolation) as no:
        return_fee(enrolment_id=enrolment.pk, actor=keeper, at=NOON)
    assert no.value.code == "below_floor"
    assert Enrolment.objects.get().paid_on == DAY


def test_no_fee_from_who_waits_or_ahead_of_time(programme, keeper) -> None:
    first, _second, third = (join(programme, f"주민{n}호", minutes=n) for n in range(3))
    with pytest.raises(RuleViolation):
        record_fee(enrolment_id=third.pk, paid_on=DAY, actor=keeper, at=NOON)
    with pytest.raises(RuleViolation):
        record_fee(enrolment_id=first.pk, paid_on=DAY + timedelta(days=1), actor=keeper, at=NOON)


# --- on the site ---


def test_a_resident_enrols_waits_moves_up_and_cancels(client, programme, django_capture_on_commit_callbacks) -> None:
    user = resident(programme.council.dong)
    people = [join(programme, f"주민{n}호", minutes=n) for n in range(2)]
    page, form = (reverse(f"councils:{name}", args=[programme.pk]) for name in ("programme", "enrol"))
    assert client.get(form).status_code == 302
    client.force_login(user)
    assert client.get(page).context["is_full"]
    assert client.post(form, {"name": "", "phone": ""}).status_code == 400
    wrong = client.post(form, {"name": user.name, "phone": "12"})
    assert wrong.status_code == 400
    assert client.post(form, {"name": user.name, "phone": "010-9999-0000"}).status_code == 302
    assert client.post(form, {"name": user.name, "phone": ""}).status_code == 302
    own = Enrolment.objects.get(user=user)
    assert own.status == EnrolmentStatus.WAITING
    assert client.get(page).context["in_line"] == 1
    with django_capture_on_commit_callbacks(execute=True):
        cancel_enrolment(enrolment_id=people[0].pk, actor=None, at=NOON)
    assert Delivery.objects.filter(mailing__kind="councils.enrolment_moved_up").count() == 1
    assert status(own) == EnrolmentStatus.ENROLLED
    cancel = reverse("councils:enrolment_cancel", args=[programme.pk])
    assert client.get(cancel).status_code == 405
    for _tap in range(2):
        assert client.post(cancel).status_code == 302
    assert status(own) == EnrolmentStatus.CANCELLED


def test_a_fee_that_was_paid_keeps_the_place_until_the_office_gives_it_back(client, programme, keeper) -> None:
    user = resident(programme.council.dong)
    own = join(programme, user=user)
    record_fee(enrolment_id=own.pk, paid_on=DAY, actor=keeper, at=NOON)
    client.force_login(user)
    client.post(reverse("councils:enrolment_cancel", args=[programme.pk]))
    assert status(own) == EnrolmentStatus.ENROLLED


def test_who_enrolled_is_told_that_it_is_called_off(programme, keeper) -> None:
    join(programme, user=resident(programme.council.dong))
    join(programme, "이주민")
    move_programme(programme_id=programme.pk, status=ProgrammeStatus.CANCELLED, actor=keeper, at=NOON)
    assert Delivery.objects.filter(mailing__kind="councils.programme_called_off").count() == 1
    assert not mail.outbox


def test_what_is_only_planned_is_not_shown(client, council) -> None:
    planned = plan_programme(council_id=council.pk, facts=FACTS, actor=None, at=NOON)
    assert client.get(reverse("councils:programme", args=[planned.pk])).status_code == 404
    assert client.get(reverse("councils:enrol", args=[planned.pk])).status_code == 302
    page = client.get(reverse("councils:programmes", args=[council.pk]))
    assert page.status_code == 200
    assert "서예" not in page.content.decode()


def test_many_programmes_take_no_more_queries(client, council, django_assert_num_queries) -> None:
    def made(number):
        for place in range(number):
            one = plan_programme(council_id=council.pk, facts=FACTS | {"title": f"강좌 {place}"}, actor=None, at=NOON)
            move_programme(programme_id=one.pk, status=ProgrammeStatus.OPEN, actor=None, at=NOON)
            join(one)

    made(1)
    page = reverse("councils:programmes", args=[council.pk])
    with django_assert_num_queries(4):
        client.get(page)
    made(12)
    with django_assert_num_queries(4):
        assert client.get(page).status_code == 200


# --- one's own data ---


def test_enrolments_are_given_out_and_erased(programme) -> None:
    user = resident(programme.council.dong)
    own = join(programme, "김주민", user=user)
    (section,) = sections(user)
    assert "서예" in str(section)
    erase(user, NOON)
    own.refresh_from_db()
    assert (own.user, own.name, own.phone, own.status) == (None, "–", "", EnrolmentStatus.CANCELLED)


def test_erasing_makes_room_for_who_waits(programme) -> None:
    user = resident(programme.council.dong)
    join(programme, user=user)
    join(programme, "이주민", minutes=1)
    waits = join(programme, "박주민", minutes=2)
    erase(user, NOON)
    assert status(waits) == EnrolmentStatus.ENROLLED


# --- until when it is kept --------------------------------------------------------------------------------------------

ERASED_ON = FACTS["ends_on"] + timedelta(days=365)


def at_the_counter(programme, name="김하나", phone="062-123-4567"):
    return enrol(programme_id=programme.pk, user=None, name=name, phone=phone, actor=None, at=NOON)


def noon_of(day):
    return NOON + (day - DAY)


def test_a_year_after_its_last_day_names_and_numbers_go(programme, monkeypatch):
    counter = at_the_counter(programme)
    own = enrol(
        programme_id=programme.pk, user=resident(programme.council.dong), name="이둘", phone="", actor=None, at=NOON
    )
    record_fee(enrolment_id=counter.pk, paid_on=DAY, actor=None, at=NOON)

    monkeypatch.setattr("django.utils.timezone.now", lambda: noon_of(ERASED_ON - timedelta(days=1)))
    erase_due_applications()
    counter.refresh_from_db()
    kept = counter.name
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon_of(ERASED_ON))
    erase_due_applications()
    erase_due_applications()

    counter.refresh_from_db()
    own.refresh_from_db()
    assert kept == "김하나"
    assert (counter.name, counter.phone, counter.paid_on, own.name) == ("–", "", DAY, "–")
    assert AuditEntry.objects.get(action="councils.enrolments_erased").details == {"total": 2}


def test_who_is_owed_a_fee_is_known_until_it_is_given_back(programme):
    owed = at_the_counter(programme)
    record_fee(enrolment_id=owed.pk, paid_on=DAY, actor=None, at=NOON)
    move_programme(programme_id=programme.pk, status=ProgrammeStatus.CANCELLED, actor=None, at=NOON)
    assert erase_due_enrolments(at=noon_of(ERASED_ON)) == 0
    return_fee(enrolment_id=owed.pk, actor=None, at=noon_of(ERASED_ON))
    assert erase_due_enrolments(at=noon_of(ERASED_ON)) == 1


def test_the_day_of_deletion_is_said_at_the_counter_and_on_the_page(client, programme, keeper, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    day = day_text(ERASED_ON)
    client.force_login(keeper, backend="residents.backends.EmailBackend")
    counter = reverse("admin:councils_programme_enrol", args=[programme.pk])
    assert day in client.get(counter).content.decode()
    done = client.post(counter, {"name": "김하나", "phone": "062-123-4567"}, follow=True).content.decode()
    page = client.get(reverse("councils:enrol", args=[programme.pk])).content.decode()
    assert day in done
    assert day in page


def test_a_programme_without_an_end_in_sight_has_a_day_of_deletion(programme):
    programme.ends_on = date.max
    assert programme.erase_on == date.max
