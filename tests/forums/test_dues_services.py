"""Dues, payments and shared costs in the club's ledger (bylaws, article 8)."""

from datetime import date, datetime

import pytest

from core.errors import RuleViolation
from core.ledgers.models import Ledger
from core.ledgers.queries import balances
from core.ledgers.splitting import RemainderRule
from forums.admin.dues import members_at
from forums.models import CostShareLine, DuesCharge
from forums.queries.dues import entries_of, months_charged, standings
from forums.services.dues import charge_month, record_payment, set_dues, split_cost, take_back
from forums.services.members import come_back, leave_club
from forums.states import AttendeeRole, MemberKind
from tests.factories import NOON, SEOUL, ForumFactory, MemberFactory, OfficeTermFactory, ParticipantFactory, UserFactory

pytestmark = pytest.mark.django_db

MONTH = date(2026, 3, 1)


def with_dues(amount=200_000):
    return set_dues(
        amount=amount, from_month=date(2026, 1, 1), resolution=None, basis="운영위원회", actor=None, at=NOON
    )


def standing_of(member):
    return standings([member])[0].standing


def paid(member, amount, **more):
    return record_payment(
        member_id=member.pk, amount=amount, received_on=date(2026, 3, 5), note="", actor=None, at=NOON, **more
    )


class TestCharging:
    def test_every_regular_member_is_charged_once(self):
        with_dues()
        MemberFactory.create_batch(3)
        MemberFactory(kind=MemberKind.HONORARY)
        assert charge_month(month=MONTH, actor=None, at=NOON) == 3
        assert charge_month(month=MONTH, actor=None, at=NOON) == 0
        late = MemberFactory()
        assert charge_month(month=MONTH, actor=None, at=NOON) == 1
        assert standing_of(late).open == 200_000
        assert months_charged() == [(MONTH, 4, 800_000)]

    def test_who_joins_in_the_month_pays_it_and_who_joins_after_does_not(self):
        with_dues()
        MemberFactory(joined_on=date(2026, 3, 31))
        MemberFactory(joined_on=date(2026, 4, 1))
        assert charge_month(month=MONTH, actor=None, at=NOON) == 1

    def test_who_was_away_does_not_owe_the_months_between(self):
        with_dues()
        member = MemberFactory(joined_on=date(2025, 1, 1))
        actor = UserFactory()
        leave_club(member_id=member.pk, left_on=date(2026, 2, 10), reason="사임", actor=actor, at=NOON)
        term = OfficeTermFactory(name=member.name)
        back = datetime(2026, 5, 20, 12, tzinfo=SEOUL)
        come_back(member_id=member.pk, kind=MemberKind.REGULAR, term=term, actor=actor, at=back)
        months = [date(2026, number, 1) for number in (1, 2, 3, 4, 5, 6)]
        later = datetime(2026, 6, 30, 12, tzinfo=SEOUL)
        assert [charge_month(month=month, actor=None, at=later) for month in months] == [1, 1, 0, 0, 1, 1]

    def test_a_month_without_dues_or_to_come_is_refused(self):
        with pytest.raises(RuleViolation) as refused:
            charge_month(month=MONTH, actor=None, at=NOON)
        assert refused.value.code == "no_rate"
        with pytest.raises(RuleViolation) as refused:
            charge_month(month=date(2099, 1, 1), actor=None, at=NOON)
        assert refused.value.code == "in_the_future"

    def test_dues_are_not_set_behind_a_month_that_was_charged(self):
        with_dues()
        MemberFactory()
        charge_month(month=MONTH, actor=None, at=NOON)
        with pytest.raises(RuleViolation) as refused:
            set_dues(amount=1, from_month=date(2026, 2, 1), resolution=None, basis="가", actor=None, at=NOON)
        assert refused.value.code == "charged_already"

    def test_the_amount_needs_its_basis(self):
        with pytest.raises(RuleViolation) as refused:
            set_dues(amount=1, from_month=MONTH, resolution=None, basis=" ", actor=None, at=NOON)
        assert refused.value.code == "basis_missing"


class TestPaying:
    def test_a_payment_pays_and_the_ledger_balances(self):
        with_dues()
        member = MemberFactory()
        charge_month(month=MONTH, actor=None, at=NOON)
        paid(member, 150_000)
        assert (standing_of(member).open, standing_of(member).credit) == (50_000, 0)
        held = {account.code: amount for account, amount in balances(Ledger.objects.get()).items()}
        assert held["bank"] == 150_000
        assert held["dues"] == 200_000
        assert held[f"member-{member.pk}"] == 50_000

    def test_the_same_line_of_the_bank_counts_once(self):
        member = MemberFactory()
        assert paid(member, 1000, key="bank-7") == paid(member, 1000, key="bank-7")
        assert standing_of(member).credit == 1000

    @pytest.mark.parametrize("amount", [0, -5, 100_000_001])
    def test_odd_amounts_are_refused(self, amount):
        with pytest.raises(RuleViolation):
            paid(MemberFactory(), amount)

    def test_an_error_is_taken_back_by_a_counter_entry(self):
        member, actor = MemberFactory(), UserFactory()
        payment = paid(member, 1000)
        take_back(entry=payment.transaction, reason="다른 회원의 돈", actor=actor, at=NOON)
        assert standing_of(member).credit == 0
        assert [entry.is_taken_back for entry in entries_of(member)] == [True]
        with pytest.raises(RuleViolation):
            take_back(entry=payment.transaction, reason="또", actor=actor, at=NOON)

    def test_the_ledger_names_nobody(self):
        member = MemberFactory(name="홍길동")
        paid(member, 1000)
        ledger = Ledger.objects.get()
        texts = [*ledger.accounts.values_list("name", flat=True), *ledger.transactions.values_list("text", flat=True)]
        assert not any("홍길동" in text for text in texts)


class TestSharing:
    def split(self, members, total=1_000_000, rule=RemainderRule.REMAINDER_TO_CLUB, **more):
        return split_cost(
            title="제24차 포럼 만찬",
            total=total,
            members=members,
            rule=rule,
            split_on=date(2026, 3, 1),
            actor=None,
            at=NOON,
            **more,
        )

    @pytest.mark.parametrize("rule", list(RemainderRule))
    def test_every_won_is_assigned(self, rule):
        members = MemberFactory.create_batch(7)
        host = members[3] if rule is RemainderRule.TO_HOST else None
        share = self.split(members, rule=rule, host=host)
        assert share.remainder == 1_000_000 % 7
        held = {account.code: amount for account, amount in balances(Ledger.objects.get()).items()}
        shares = sum(CostShareLine.objects.values_list("amount", flat=True))
        assert shares + held.get("remainders", 0) == 1_000_000 == held["events"]
        assert max(line.amount for line in share.lines.all()) - min(line.amount for line in share.lines.all()) <= 6

    def test_a_share_is_owed_like_dues(self):
        (member, *_rest) = members = MemberFactory.create_batch(3)
        self.split(members, total=300)
        paid(member, 100)
        assert standing_of(member).open == 0

    def test_a_host_who_took_no_part_is_refused(self):
        with pytest.raises(RuleViolation) as refused:
            self.split(MemberFactory.create_batch(2), rule=RemainderRule.TO_HOST, host=MemberFactory())
        assert refused.value.code == "host_missing"

    def test_who_left_after_the_event_bears_a_part_and_who_left_before_does_not(self):
        forum = ForumFactory(starts_on=date(2026, 2, 5), ends_on=date(2026, 2, 6))
        there, gone = MemberFactory.create_batch(2)
        leave_club(member_id=gone.pk, left_on=date(2026, 2, 20), reason="사임", actor=UserFactory(), at=NOON)
        gone.refresh_from_db()

        assert standing_of(gone).open == 0
        self.split([there, gone], total=100_000, forum=forum)
        assert (standing_of(there).open, standing_of(gone).open) == (50_000, 50_000)
        with pytest.raises(RuleViolation) as refused:
            self.split([there, gone], total=100_000)
        assert refused.value.code == "not_a_member"

    def test_those_who_came_are_proposed_also_if_they_left_the_club_since(self):
        forum = ForumFactory(starts_on=date(2026, 2, 5), ends_on=date(2026, 2, 6))
        for left_on in (None, date(2026, 2, 20)):
            member = MemberFactory(left_on=left_on, status="left" if left_on else "active")
            participant = ParticipantFactory()
            participant.attendances.create(arrived_at=NOON, recorded_at=NOON, way="desk")
            forum.registrations.create(
                member=member,
                participant=participant,
                role=AttendeeRole.HEAD,
                status="registered",
                name=member.name,
                registered_at=NOON,
            )
        assert len(members_at(forum)) == 2

    def test_nobody_to_share_is_refused(self):
        with pytest.raises(RuleViolation) as refused:
            self.split([])
        assert refused.value.code == "nobody"


def test_standings_take_four_queries_for_any_number(django_assert_num_queries):
    with_dues()
    members = MemberFactory.create_batch(30)
    charge_month(month=MONTH, actor=None, at=NOON)
    assert DuesCharge.objects.count() == 30
    with django_assert_num_queries(4):
        standings(members)
    with django_assert_num_queries(4):
        standings(members[:1])
