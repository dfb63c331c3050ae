"""Errors with dues and how the secretariat gets out of them: a wrong amount, a month of the past, sums with commas."""

from datetime import date

import pytest
from django.contrib.admin import helpers
from django.utils import timezone

from core.errors import RuleViolation
from core.ledgers.models import Transaction
from core.notices.models import Delivery
from core.templatetags.madang import day_text
from forums.forms_dues import MonthForm, WonField
from forums.models import DuesCharge, DuesRate, Payment
from forums.queries.dues import entries_of, rates_from, standings
from forums.services.dues import (
    charge_again,
    charge_month,
    record_payment,
    set_dues,
    split_cost,
    take_back,
    take_back_rate,
)
from forums.services.reminders import last_reminder, remind_of_dues
from forums.states import MemberKind
from residents.states import Role
from tests.factories import (
    NOON,
    MemberFactory,
    MunicipalityFactory,
    OfficeTermFactory,
    RoleFactory,
    UserFactory,
    serving_member,
)

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)
DESK = "/admin/forums"


def rate(amount, month=MAY):
    return set_dues(amount=amount, from_month=month, resolution=None, basis="운영위원회", actor=None, at=NOON)


def charge(month=MAY):
    return charge_month(month=month, actor=None, at=NOON)


@pytest.fixture
def desk(client, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    client.force_login(RoleFactory(role=Role.CLUB_SECRETARIAT, region=None).user)
    return client


def open_of(member):
    (one,) = standings([member])
    return one.standing.open


class TestAWrongAmount:
    def test_before_anybody_was_charged_it_is_taken_back_and_set_anew(self):
        wrong = rate(300_000)
        take_back_rate(rate_id=wrong.pk, reason="0을 하나 더 적음", actor=UserFactory(), at=NOON)
        assert rate(30_000).amount == DuesRate.objects.get().amount == 30_000

    def test_it_stays_while_somebody_owes_it(self):
        serving_member()
        wrong = rate(300_000)
        charge()
        with pytest.raises(RuleViolation) as refused:
            take_back_rate(rate_id=wrong.pk, reason="착오", actor=UserFactory(), at=NOON)
        assert refused.value.code == "charged_already"

    def test_months_charged_by_a_later_amount_do_not_hold_it(self):
        serving_member()
        wrong = rate(300_000, date(2026, 4, 1))
        rate(20_000)
        charge()
        take_back_rate(rate_id=wrong.pk, reason="착오", actor=UserFactory(), at=NOON)
        assert DuesRate.objects.get().amount == 20_000

    def test_a_month_is_charged_anew_by_the_right_amount(self):
        member = serving_member()
        wrong = rate(300_000)
        charge()
        first = DuesCharge.objects.get()
        take_back(entry=first.transaction, reason="금액 착오", actor=UserFactory(), at=NOON)
        take_back_rate(rate_id=wrong.pk, reason="금액 착오", actor=UserFactory(), at=NOON)
        rate(30_000)

        charge_again(charge_id=first.pk, actor=UserFactory(), at=NOON)

        assert open_of(member) == 30_000
        assert [(line.amount, line.is_taken_back) for line in entries_of(member)].count((300_000, True)) == 1
        with pytest.raises(RuleViolation) as refused:
            charge_again(charge_id=first.pk, actor=UserFactory(), at=NOON)
        assert refused.value.code == "charged_already"

    def test_charging_the_month_does_not_touch_whose_charge_was_taken_back(self):
        member = serving_member()
        rate(30_000)
        charge()
        take_back(entry=DuesCharge.objects.get().transaction, reason="면제", actor=UserFactory(), at=NOON)
        serving_member()
        assert charge() == 1
        assert open_of(member) == 0

    def test_at_the_desk_for_several_at_once(self, desk):
        members = [serving_member() for _number in range(3)]
        wrong = rate(300_000)
        charge()
        chosen = {helpers.ACTION_CHECKBOX_NAME: list(DuesCharge.objects.values_list("pk", flat=True))}
        act = {"action": "take-back", "confirmed": "yes", "reason": "금액 착오", **chosen}
        desk.post(f"{DESK}/duescharge/", act)
        assert Transaction.objects.filter(counters__isnull=False).count() == 3
        response = desk.post(f"{DESK}/duesrate/{wrong.pk}/take-back/", {"reason": "금액 착오"})
        assert (response.status_code, response.url) == (302, f"{DESK}/duesrate/")
        added = {"amount": "30,000원", "from_month": "2026-05", "resolution": "", "basis": "운영위원회"}
        assert desk.post(f"{DESK}/duesrate/add/", added).status_code == 302
        desk.post(f"{DESK}/duescharge/", {"action": "charge-again", "confirmed": "yes", **chosen})
        assert [open_of(member) for member in members] == [30_000] * 3


def test_the_page_says_what_holds_today_and_what_comes(desk):
    today = timezone.localdate()
    coming = date(today.year + 1, 1, 1)
    for amount, month in ((10_000, date(2020, 1, 1)), (20_000, MAY), (30_000, coming)):
        rate(amount, month)
    assert [one.amount for one in rates_from(today)] == [20_000, 30_000]
    html = desk.get("/club/dues/").content.decode()
    assert "20,000" in html
    assert "30,000" in html


class TestMonthsOfThePast:
    def test_who_is_an_honorary_member_since_owes_it_and_who_is_regular_since_does_not(self):
        rate(30_000)
        was = serving_member(kind=MemberKind.HONORARY)  # the term ran in May; honorary since
        is_now = MemberFactory()
        is_now.terms.create(term=OfficeTermFactory(since=date(2026, 6, 1), until=date(2030, 7, 1)))
        MemberFactory(kind=MemberKind.HONORARY)

        assert charge() == 1

        assert (open_of(was), open_of(is_now)) == (30_000, 0)


class TestInput:
    @pytest.mark.parametrize("words", ["1000000", "1,000,000", "1,000,000원", " １，０００，０００ 원 "])
    def test_sums_as_people_write_them(self, words):
        assert WonField().clean(words) == 1_000_000

    @pytest.mark.parametrize("words", ["0", "-5", "1.5", "99999999999999999999", "백만", ""])
    def test_what_is_no_sum_is_said_in_words(self, desk, words):
        sent = {"member": serving_member().pk, "amount": words, "received_on": "2026-01-05", "note": ""}
        response = desk.post(f"{DESK}/payment/add/", sent)
        assert response.status_code == 400
        assert "club_payment" not in response.content.decode()
        assert not Payment.objects.exists()

    def test_dues_begin_with_a_month_whatever_day_is_sent(self, desk):
        sent = {"amount": "30000", "from_month": "2026-05-17", "resolution": "", "basis": "운영위원회"}
        assert desk.post(f"{DESK}/duesrate/add/", sent).status_code == 302
        assert DuesRate.objects.get().from_month == MAY

    def test_a_month_before_the_club_is_no_month(self):
        assert not MonthForm({"month": "1026-03"}).is_valid()

    @pytest.mark.parametrize("day", [date(1, 1, 1), date(2009, 12, 31)])
    def test_a_booking_before_the_club_is_a_slip(self, day):
        member = serving_member()
        with pytest.raises(RuleViolation) as refused:
            record_payment(member_id=member.pk, amount=1, received_on=day, note="", actor=None, at=NOON)
        assert refused.value.code == "wrong_day"
        with pytest.raises(RuleViolation):
            split_cost(
                title="포럼", total=3, members=[member], rule="remainder_to_club", split_on=day, actor=None, at=NOON
            )

    def test_members_of_the_same_name_are_told_apart_by_their_office(self, desk):
        for region in ("갑구", "을구"):
            serving_member(MunicipalityFactory(name=region), name="김영수")
        for page in ("payment", "costshare", "appointment", "clubmeeting"):
            html = desk.get(f"{DESK}/{page}/add/").content.decode()
            assert "갑구청장" in html
            assert "을구청장" in html


class TestReminding:
    @pytest.fixture
    def owing(self):
        rate(30_000)
        members = [serving_member(name=name) for name in ("있음", "주소없는이", "거절")]
        for member in (members[0], members[2]):
            member.mails.create(address=f"{member.pk}@example.org")
        charge()
        return members

    @pytest.mark.usefixtures("owing")
    def test_who_has_no_address_is_named(self, desk):
        html = desk.post("/club/dues/remind/", follow=True).content.decode()
        assert "주소없는이" in html[: html.index("<table")]

    @pytest.mark.usefixtures("owing")
    def test_a_second_one_in_the_month_is_refused_on_the_page_with_when_the_first_went_out(self, desk):
        desk.post("/club/dues/remind/")
        day = day_text(timezone.now())
        assert f"{day}" in desk.get("/club/dues/").content.decode()
        response = desk.post("/club/dues/remind/")
        html = response.content.decode()
        assert response.status_code == 409
        said = html[html.index("notice--danger") : html.index("plain-facts")]
        assert day in said
        assert "2" in said.replace(day, "")
        assert 'action="/club/dues/remind/"' in html  # the page that it came from

    @pytest.mark.parametrize("step", ["charge", "remind"])
    def test_who_loads_the_page_of_a_refusal_anew_comes_to_the_dues(self, desk, step):
        response = desk.get(f"/club/dues/{step}/")
        assert (response.status_code, response.url) == (302, "/club/dues/")

    @pytest.mark.usefixtures("owing")
    def test_who_owes_since_the_first_one_is_reminded_in_the_same_month(self, desk):
        desk.post("/club/dues/remind/")
        late = serving_member(name="나중")
        late.mails.create(address="late@example.org")
        charge()
        assert desk.post("/club/dues/remind/").status_code == 302
        assert Delivery.objects.filter(address="late@example.org").count() == 1
        assert last_reminder().members == 1

    def test_a_month_that_has_not_begun_is_refused_on_the_page(self, desk):
        rate(30_000)
        response = desk.post("/club/dues/charge/", {"month": "2099-01"})
        html = response.content.decode()
        assert response.status_code == 409
        assert "notice--danger" in html
        assert 'value="2099-01"' in html
        assert not DuesCharge.objects.exists()

    def test_who_paid_meanwhile_is_not_reminded(self, owing):
        record_payment(member_id=owing[0].pk, amount=30_000, received_on=NOON.date(), note="", actor=None, at=NOON)
        secretary = RoleFactory(role=Role.CLUB_SECRETARIAT, region=None).user
        assert remind_of_dues(actor=secretary, at=NOON) == (1, ["주소없는이"])
