"""Money that goes back to a member: never more than they paid, in their account and in the ledger, never edited."""

from datetime import date

import pytest

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.ledgers.models import Ledger, Transaction
from core.ledgers.queries import balances
from forums.models import Payment, Refund
from forums.queries.dues import entries_of, overview, standings
from forums.services.dues import charge_month, record_payment, record_refund, set_dues, take_back
from forums.services.members import leave_club
from residents.states import Role
from tests.factories import NOON, RoleFactory, UserFactory, acting_for, serving_member

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 1)
DESK = "/admin/forums/refund/"


@pytest.fixture
def desk(client, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    client.force_login(RoleFactory(role=Role.CLUB_SECRETARIAT, region=None).user)
    return client


def paid(member, amount, on=MAY):
    return record_payment(member_id=member.pk, amount=amount, received_on=on, note="", actor=None, at=NOON)


def back(member, amount, on=MAY, reason="두 번 냄", **more):
    return record_refund(member_id=member.pk, amount=amount, paid_on=on, reason=reason, actor=None, at=NOON, **more)


def standing_of(member):
    (one,) = standings([member])
    return one.standing


def sent(member, **fields):
    return {"member": member.pk, "amount": "30,000원", "paid_on": "2026-05-02", "reason": "두 번 냄", **fields}


@pytest.fixture
def twice():
    """A member that paid the dues of May twice."""
    member = serving_member()
    set_dues(amount=30_000, from_month=MAY, resolution=None, basis="운영위원회", actor=None, at=NOON)
    charge_month(month=MAY, actor=None, at=NOON)
    paid(member, 30_000)
    paid(member, 30_000)
    return member


class TestGivingBack:
    def test_what_was_paid_twice_goes_back(self, twice):
        refund = back(twice, 30_000)
        assert (standing_of(twice).open, standing_of(twice).credit) == (0, 0)
        found = {account.code: sum_ for account, sum_ in balances(Ledger.objects.get()).items()}
        assert (found["bank"], found[f"member-{twice.pk}"]) == (30_000, 0)
        assert AuditEntry.objects.filter(action="forums.refund_recorded", details={"amount": 30_000}).exists()
        (line,) = [entry for entry in entries_of(twice) if entry.is_refund]
        assert (line.paid, line.charged) == (-30_000, 0)
        assert "두 번 냄" in line.what
        assert "두 번" not in refund.transaction.text  # what the ledger keeps names nobody

    @pytest.mark.parametrize("amount", [60_001, 100_000_000])
    def test_never_more_than_was_paid(self, twice, amount):
        with pytest.raises(RuleViolation) as refused:
            back(twice, amount)
        assert refused.value.code == "more_than_paid"
        assert not Refund.objects.exists()

    def test_several_together_not_either(self, twice):
        back(twice, 40_000)
        with pytest.raises(RuleViolation) as refused:
            back(twice, 20_001)
        assert "20,000" in refused.value.text

    def test_who_paid_nothing_gets_nothing(self):
        with pytest.raises(RuleViolation) as refused:
            back(serving_member(), 1)
        assert refused.value.code == "more_than_paid"

    def test_what_it_takes_from_what_is_owed_is_open_again(self, twice):
        back(twice, 40_000)
        assert (standing_of(twice).open, standing_of(twice).credit) == (10_000, 0)

    def test_who_left_gets_what_they_paid_in_advance(self, twice):
        leave_club(member_id=twice.pk, left_on=NOON.date(), reason="임기", actor=UserFactory(), at=NOON)
        assert [one.member for one in overview()] == [twice]
        back(twice, 30_000, reason="탈퇴")
        assert overview() == []

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"reason": "  "}, "reason_missing"),
            ({"amount": 0}, "wrong_amount"),
            ({"amount": -1}, "wrong_amount"),
            ({"on": date(2009, 1, 1)}, "wrong_day"),
            ({"on": date(2027, 1, 1)}, "in_the_future"),
        ],
    )
    def test_what_cannot_be_right_is_refused(self, twice, wrong, code):
        with pytest.raises(RuleViolation) as refused:
            back(twice, **{"amount": 1, **wrong})
        assert refused.value.code == code
        assert not Refund.objects.exists()

    def test_the_same_form_is_booked_once(self, twice):
        first = back(twice, 40_000, key="k")
        assert back(twice, 40_000, key="k") == first
        assert Refund.objects.count() == 1


class TestErrors:
    def test_a_refund_is_taken_back_by_a_counter_entry(self, twice):
        refund = back(twice, 30_000)
        take_back(entry=refund.transaction, reason="착오", actor=UserFactory(), at=NOON)
        assert standing_of(twice).credit == 30_000
        assert Transaction.objects.filter(pk=refund.transaction_id, countered_by__isnull=False).exists()
        assert [line.is_taken_back for line in entries_of(twice) if line.is_refund] == [True]
        back(twice, 60_000)

    def test_a_payment_stays_while_its_money_is_given_back(self, twice):
        refund = back(twice, 40_000)
        with pytest.raises(RuleViolation) as refused:
            take_back(entry=Payment.objects.first().transaction, reason="착오", actor=UserFactory(), at=NOON)
        assert refused.value.code == "given_back"
        take_back(entry=refund.transaction, reason="착오", actor=UserFactory(), at=NOON)
        take_back(entry=Payment.objects.first().transaction, reason="착오", actor=UserFactory(), at=NOON)
        assert standing_of(twice).credit == 0


class TestAtTheDesk:
    def test_it_is_booked_once_however_often_the_page_is_sent(self, desk, twice):
        fields = sent(twice, form_key="7f1f8a1e-6f0a-4e7e-8f39-0d1d3b6c9a10")
        for _time in range(2):
            assert desk.post(f"{DESK}add/", fields).status_code == 302
        refund = Refund.objects.get()
        assert (refund.amount, refund.paid_on, refund.reason) == (30_000, date(2026, 5, 2), "두 번 냄")
        html = desk.get(f"{DESK}{refund.pk}/change/").content.decode()
        assert "30,000" in html
        assert 'name="amount"' not in html

    def test_more_than_was_paid_is_said_in_the_form(self, desk, twice):
        response = desk.post(f"{DESK}add/", sent(twice, amount="60001"))
        assert response.status_code == 409
        assert "60,000" in response.content.decode()
        assert not Refund.objects.exists()

    def test_it_says_what_is_owed_after_it(self, desk, twice):
        html = desk.post(f"{DESK}add/", sent(twice, amount="40000"), follow=True).content.decode()
        assert "10,000" in html

    def test_the_page_of_dues_leads_there_with_the_member(self, desk, twice):
        html = desk.get("/club/dues/?show=all").content.decode()
        assert f"{DESK}add/?member={twice.pk}" in html
        assert f'value="{twice.pk}" selected' in desk.get(f"{DESK}add/?member={twice.pk}").content.decode()

    def test_it_is_taken_back_with_a_reason(self, desk, twice):
        refund = back(twice, 30_000)
        desk.post(f"{DESK}{refund.pk}/take-back/", {"reason": "착오"})
        assert standing_of(twice).credit == 30_000

    def test_others_find_no_such_page(self, client, twice):
        client.force_login(acting_for(twice))
        assert client.post(f"{DESK}add/", sent(twice)).status_code in {302, 403, 404}
        assert not Refund.objects.exists()


def test_the_member_reads_it_in_their_account(client, twice):
    back(twice, 30_000)
    client.force_login(acting_for(twice))
    html = client.get("/club/dues/").content.decode()
    assert "두 번 냄" in html
    assert "−30,000" in html
