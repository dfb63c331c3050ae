"""Dues, payments and shared costs. All amounts are whole won in the club's ledger; nothing is ever edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.ledgers.models import Account, Ledger, Transaction
from core.ledgers.services import Leg, counter_transaction, open_account, open_ledger, record_transaction
from core.ledgers.splitting import RemainderRule, split_equally
from core.ledgers.states import AccountKind
from core.templatetags.madang import won
from forums.dues import rate_of
from forums.models import CostShare, CostShareLine, DuesCharge, DuesRate, Forum, Member, MemberAbsence, Payment, Refund
from forums.names import name_order
from forums.queries.dues import LEDGER_KEY, LEDGER_KIND, paid_by, rates
from forums.states import ClubMeetingKind, MemberKind
from meetings.models import Resolution
from meetings.states import Outcome
from residents.models import User

BANK, DUES, EVENTS, REMAINDERS = "bank", "dues", "events", "remainders"
FIRST_DAY = date(2010, 1, 1)  # a booking before it is a slip of the keyboard
HIGHEST = 100_000_000  # won: a sum beyond it is a slip of the keyboard


@dataclass(frozen=True, slots=True)
class Books:
    """The club's ledger and the accounts that are not a member's."""

    ledger: Ledger
    bank: Account
    dues: Account
    events: Account
    remainders: Account


def open_books(*, actor: User | None, at: datetime) -> Books:
    """The club's ledger, opened when it is first needed."""
    ledger = open_ledger(
        kind=LEDGER_KIND, key=LEDGER_KEY, title=_("Dues and shared costs of the club"), actor=actor, at=at
    )

    def account(code: str, name: str, kind: AccountKind) -> Account:
        return open_account(ledger_id=ledger.pk, code=code, name=name, kind=kind, actor=actor, at=at)

    return Books(
        ledger=ledger,
        bank=account(BANK, _("Bank"), AccountKind.ASSET),
        dues=account(DUES, _("Dues"), AccountKind.INCOME),
        events=account(EVENTS, _("Costs of events passed on"), AccountKind.INCOME),
        remainders=account(REMAINDERS, _("Remainders that the club bears"), AccountKind.EXPENSE),
    )


def _account_of(books: Books, member: Member, actor: User | None, at: datetime) -> Account:
    """What this member owes the club. The ledger knows members by number: a name there could never be deleted."""
    return open_account(
        ledger_id=books.ledger.pk,
        code=f"member-{member.pk}",
        name=_("Member no. %(number)s") % {"number": member.pk},
        kind=AccountKind.ASSET,
        actor=actor,
        at=at,
    )


@transaction.atomic
def set_dues(  # noqa: PLR0913 - a rate has this many facts
    *, amount: int, from_month: date, resolution: Resolution | None, basis: str, actor: User | None, at: datetime
) -> DuesRate:
    """Set the monthly dues from a month on, by a resolution of the committee (bylaws, article 8).

    `basis` says where the amount comes from if the committee did not meet here.
    Raises RuleViolation without either, for a resolution that is none of the committee's or was not adopted, for a
    month that has been charged already, or twice for the same month.
    """
    if amount < 0 or amount > HIGHEST:
        raise RuleViolation(_("Please check the amount."), code="wrong_amount")
    if from_month.day != 1:
        raise RuleViolation(_("Dues are set from the first day of a month on."))
    if resolution is None and not basis.strip():
        raise RuleViolation(_("Dues are set by a resolution of the committee. Please name it."), code="basis_missing")
    if resolution is not None:
        _refuse_other_than_committee(resolution)
    if DuesRate.objects.select_for_update().filter(from_month=from_month).exists():
        raise RuleViolation(_("Dues are set from this month on already."), code="set_already")
    if DuesCharge.objects.filter(month__gte=from_month, transaction__countered_by__isnull=True).exists():
        raise RuleViolation(_("Months from then on have been charged already."), code="charged_already")
    rate = DuesRate.objects.create(amount=amount, from_month=from_month, resolution=resolution, basis=basis.strip())
    record(
        actor=actor,
        action="forums.dues_set",
        target=rate,
        details={"amount": amount, "from": from_month.isoformat()},
        at=at,
    )
    return rate


@transaction.atomic
def take_back_rate(*, rate_id: int, reason: str, actor: User, at: datetime) -> None:
    """Take dues back that were set by mistake, as long as nobody owes them. What was charged is taken back first.

    Raises RuleViolation without a reason, or if a month was charged by this rate.
    """
    rate = DuesRate.objects.select_for_update().get(pk=rate_id)
    if not reason.strip():
        raise RuleViolation(_("Please say why the dues are taken back."), code="reason_missing")
    later = DuesRate.objects.filter(from_month__gt=rate.from_month).order_by("from_month").first()
    charged = DuesCharge.objects.filter(month__gte=rate.from_month, transaction__countered_by__isnull=True)
    if later is not None:
        charged = charged.filter(month__lt=later.from_month)
    if charged.exists():
        raise RuleViolation(
            _("Months were charged by these dues. Please take back what was charged first."), code="charged_already"
        )
    details = {"amount": rate.amount, "from": rate.from_month.isoformat(), "reason": reason.strip()}
    record(actor=actor, action="forums.dues_rate_taken_back", target=rate, details=details, at=at)
    rate.delete()


def _refuse_other_than_committee(resolution: Resolution) -> None:
    meeting = getattr(resolution.meeting, "club_meeting", None)
    if meeting is None or meeting.kind != ClubMeetingKind.COMMITTEE:
        raise RuleViolation(_("The amount of dues is for the steering committee to set."), code="wrong_meeting")
    if resolution.outcome != Outcome.ADOPTED or resolution.withdrawn_at is not None:
        raise RuleViolation(_("This resolution was not adopted."), code="not_adopted")


@transaction.atomic
def charge_month(*, month: date, actor: User | None, at: datetime) -> int:
    """Charge every regular member the dues of a month, and say how many. Done again, it charges only who is missing.

    Honorary members pay none. Who joined in the month pays it whole, who left before it does not. A month of the past
    is owed by who was a regular member then. Whose charge was taken back is not charged again by this (`charge_again`).
    Raises RuleViolation if no dues are set for it, or it has not begun.
    """
    if month.day != 1:
        raise RuleViolation(_("A month is named by its first day."))
    if month > timezone.localdate(at):
        raise RuleViolation(_("This month has not begun."), code="in_the_future")
    amount = rate_of(rates(), month)
    if amount == 0:
        raise RuleViolation(_("No dues are set for this month."), code="no_rate")
    books = open_books(actor=actor, at=at)
    Ledger.objects.select_for_update().get(pk=books.ledger.pk)
    charged = 0
    for member in _who_owes(month):
        _charge(books, member, month, amount, 1, actor, at)
        charged += 1
    record(
        actor=actor,
        action="forums.dues_charged",
        target=DuesCharge,
        details={"month": month.isoformat(), "members": charged, "amount": amount},
        at=at,
    )
    return charged


def _who_owes(month: date) -> list[Member]:
    """Members of that month who were regular ones then and were not charged for it yet, in the order of names.

    The register knows the kind of today. Who became an honorary member since was a regular one while a term of office
    ran; who became a regular one since, by a term that began later, was not. Who was away owes the months in which
    they were a member on any day, as at the first joining and the last leaving.
    """
    next_month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    members = Member.objects.filter(
        Q(joined_on__isnull=True) | Q(joined_on__lt=next_month), Q(left_on__isnull=True) | Q(left_on__gt=month)
    ).exclude(charges__month=month)
    away = MemberAbsence.objects.filter(member=OuterRef("pk"), left_on__lte=month, back_on__gte=next_month)
    members = members.filter(~Exists(away))
    owing = []
    for member in members.prefetch_related("terms__term"):
        terms = [one.term for one in member.terms.all()]
        served = any(term.since < next_month and month < term.until for term in terms)
        only_later = bool(terms) and all(next_month <= term.since for term in terms)
        if served or (member.kind == MemberKind.REGULAR and not only_later):
            owing.append(member)
    return sorted(owing, key=lambda member: (name_order(member.name), member.pk))


def _charge(  # noqa: PLR0913, PLR0917 - a charge has this many facts
    books: Books, member: Member, month: date, amount: int, time: int, actor: User | None, at: datetime
) -> DuesCharge:
    """Book the dues of a month; `time` counts how often this member was charged for it."""
    again = f":{time}" if time > 1 else ""
    entry = record_transaction(
        ledger_id=books.ledger.pk,
        occurred_on=month,
        text=_("Dues of %(month)s") % {"month": f"{month:%Y-%m}"},
        legs=[Leg(_account_of(books, member, actor, at).pk, amount), Leg(books.dues.pk, -amount)],
        key=f"dues:{month:%Y-%m}:{member.pk}{again}",
        actor=actor,
        at=at,
    )
    return DuesCharge.objects.create(member=member, month=month, amount=amount, transaction=entry)


@transaction.atomic
def charge_again(*, charge_id: int, actor: User, at: datetime) -> DuesCharge:
    """Charge a month anew, by the dues that are set now, after its charge was taken back as an error.

    Raises RuleViolation if the charge stands, another one does, or no dues are set for the month.
    """
    charge = DuesCharge.objects.select_related("member").get(pk=charge_id)
    books = open_books(actor=actor, at=at)
    Ledger.objects.select_for_update().get(pk=books.ledger.pk)
    amount = rate_of(rates(), charge.month)
    if amount == 0:
        raise RuleViolation(_("No dues are set for this month."), code="no_rate")
    before = DuesCharge.objects.filter(member=charge.member, month=charge.month)
    if before.filter(transaction__countered_by__isnull=True).exists():
        raise RuleViolation(_("This month is charged already."), code="charged_already")
    anew = _charge(books, charge.member, charge.month, amount, before.count() + 1, actor, at)
    record(
        actor=actor,
        action="forums.dues_charged",
        target=anew,
        details={"month": charge.month.isoformat(), "members": 1, "amount": amount},
        at=at,
    )
    return anew


@transaction.atomic
def record_payment(  # noqa: PLR0913 - a payment has this many facts
    *, member_id: int, amount: int, received_on: date, note: str, actor: User | None, at: datetime, key: str = ""
) -> Payment:
    """Note money that came from a member. With a `key` the same line of a bank's list is noted once.

    Raises RuleViolation for amounts that are none, or a day that is still to come or before the club existed.
    """
    _refuse_day_before_the_club(received_on)
    if not 0 < amount <= HIGHEST:
        raise RuleViolation(_("Please check the amount."), code="wrong_amount")
    # no_key: who charges a month holds the ledger and refers to members, and would wait for this lock for ever.
    member = Member.objects.select_for_update(no_key=True).get(pk=member_id)
    books = open_books(actor=actor, at=at)
    account = _account_of(books, member, actor, at)
    entry = record_transaction(
        ledger_id=books.ledger.pk,
        occurred_on=received_on,
        text=_("Payment received"),
        legs=[Leg(books.bank.pk, amount), Leg(account.pk, -amount)],
        key=f"payment:{key}" if key else "",
        actor=actor,
        at=at,
    )
    known = Payment.objects.filter(transaction=entry).first()
    if known is not None:
        return known
    payment = Payment.objects.create(
        member=member, amount=amount, received_on=received_on, note=note.strip(), transaction=entry
    )
    record(actor=actor, action="forums.payment_recorded", target=payment, details={"amount": amount}, at=at)
    return payment


@transaction.atomic
def record_refund(  # noqa: PLR0913 - a refund has this many facts
    *, member_id: int, amount: int, paid_on: date, reason: str, actor: User | None, at: datetime, key: str = ""
) -> Refund:
    """Note money that went back to a member, also to one who left. With a `key` the same form is booked once.

    What it takes from sums that are owed is open again. Raises RuleViolation without a reason, for more than the
    member paid and did not get back yet, or a day that is still to come or before the club existed.
    """
    _refuse_day_before_the_club(paid_on)
    if not reason.strip():
        raise RuleViolation(_("Please say why the money is given back."), code="reason_missing")
    if not 0 < amount <= HIGHEST:
        raise RuleViolation(_("Please check the amount."), code="wrong_amount")
    member = Member.objects.select_for_update(no_key=True).get(pk=member_id)
    booked = Refund.objects.filter(transaction__key=f"refund:{key}").first() if key else None
    left = paid_by([member.pk]).get(member.pk, 0)
    if booked is None and amount > left:
        raise RuleViolation(
            _("Of what this member paid %(left)s can be given back. Please check the amount.") % {"left": won(left)},
            code="more_than_paid",
        )
    books = open_books(actor=actor, at=at)
    account = _account_of(books, member, actor, at)
    entry = record_transaction(
        ledger_id=books.ledger.pk,
        occurred_on=paid_on,
        text=_("Money given back"),
        legs=[Leg(account.pk, amount), Leg(books.bank.pk, -amount)],
        key=f"refund:{key}" if key else "",
        actor=actor,
        at=at,
    )
    if booked is not None:
        return booked
    refund = Refund.objects.create(
        member=member, amount=amount, paid_on=paid_on, reason=reason.strip(), transaction=entry
    )
    record(actor=actor, action="forums.refund_recorded", target=refund, details={"amount": amount}, at=at)
    return refund


def _refuse_day_before_the_club(day: date) -> None:
    if day < FIRST_DAY:
        raise RuleViolation(_("The club did not exist on this day. Please check it."), code="wrong_day")


@transaction.atomic
def take_back(*, entry: Transaction, reason: str, actor: User, at: datetime) -> Transaction:
    """Counter a charge, a payment, a refund or shared costs that were an error.

    Raises RuleViolation as the ledger does, or for a payment of which money was given back.
    """
    payment = Payment.objects.filter(transaction=entry).first()
    if payment is not None:
        # As a refund does, so that not both count the same money.
        Member.objects.select_for_update(no_key=True).get(pk=payment.member_id)
        if paid_by([payment.member_id]).get(payment.member_id, 0) < payment.amount:
            raise RuleViolation(
                _("Money of this payment was given back. Please take the refund back first."), code="given_back"
            )
    countered = counter_transaction(transaction_id=entry.pk, reason=reason, actor=actor, at=at)
    record(actor=actor, action="forums.booking_taken_back", target=entry, details={"reason": reason.strip()}, at=at)
    return countered


@transaction.atomic
def split_cost(  # noqa: PLR0913 - shared costs have this many facts
    *,
    title: str,
    total: int,
    members: Sequence[Member],
    rule: RemainderRule,
    split_on: date,
    actor: User | None,
    at: datetime,
    forum: Forum | None = None,
    host: Member | None = None,
    key: str = "",
) -> CostShare:
    """Split the costs of an event equally among the members that took part (bylaws, article 8).

    The won that do not divide go where `rule` says: to the club, to the first in 가나다 order, or to the host.
    With a `key` the same form is booked once.
    Who took part and left the club since bears their part, so that nobody else bears it for them.
    Raises RuleViolation for amounts that are none, nobody to share, somebody who had left before the event, or a host
    who took no part.
    """
    title = title.strip()
    if not title:
        raise RuleViolation(_("Please say what the costs were for."))
    if not 0 < total <= HIGHEST:
        raise RuleViolation(_("Please check the amount."), code="wrong_amount")
    _refuse_day_before_the_club(split_on)
    members = sorted(set(members), key=lambda member: (name_order(member.name), member.pk))
    if not members:
        raise RuleViolation(_("Please choose the members that share the costs."), code="nobody")
    held_on = forum.starts_on if forum is not None else split_on
    if any(member.left_on is not None and member.left_on <= held_on for member in members):
        raise RuleViolation(_("Somebody among them had left the club by then."), code="not_a_member")
    if rule is RemainderRule.TO_HOST and host not in members:
        raise RuleViolation(_("The host is not among those who share the costs."), code="host_missing")
    split = split_equally(total, members, rule=rule, host=host if rule is RemainderRule.TO_HOST else None)
    books = open_books(actor=actor, at=at)
    legs = [Leg(_account_of(books, member, actor, at).pk, part) for member, part in split.shares.items() if part]
    if split.fund_share:
        legs.append(Leg(books.remainders.pk, split.fund_share))
    entry = record_transaction(
        ledger_id=books.ledger.pk,
        occurred_on=split_on,
        text=_("Shared costs: %(title)s") % {"title": title},
        legs=[*legs, Leg(books.events.pk, -total)],
        key=f"cost:{key}" if key else "",
        actor=actor,
        at=at,
    )
    known = CostShare.objects.filter(transaction=entry).first()
    if known is not None:
        return known
    share = CostShare.objects.create(
        forum=forum,
        title=title,
        total=total,
        rule=rule,
        remainder=split.remainder,
        split_on=split_on,
        transaction=entry,
    )
    CostShareLine.objects.bulk_create(
        CostShareLine(share=share, member=member, amount=part) for member, part in split.shares.items()
    )
    record(
        actor=actor,
        action="forums.costs_split",
        target=share,
        details={"total": total, "members": len(members), "remainder": split.remainder, "rule": rule.value},
        at=at,
    )
    return share
