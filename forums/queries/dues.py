"""Shared reads on dues: how each member stands. Money is whole won."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from forums.dues import Owed, Rate, Standing, standing
from forums.models import CostShareLine, DuesCharge, DuesRate, Member, Payment, Refund
from forums.states import MemberStatus

LEDGER_KIND = "forums.club"
LEDGER_KEY = "club"


@dataclass(frozen=True, slots=True)
class MemberStanding:
    member: Member
    standing: Standing


def rates() -> list[Rate]:
    return [Rate(rate.from_month, rate.amount) for rate in DuesRate.objects.all()]


def rates_from(day: date) -> list[DuesRate]:
    """The dues in force on `day` and those that are set for later, in order. One query."""
    known = list(DuesRate.objects.order_by("from_month"))
    begun = [rate for rate in known if rate.from_month <= day]
    return [*begun[-1:], *(rate for rate in known if rate.from_month > day)]


def paid_by(numbers: Iterable[int]) -> dict[int, int]:
    """Won that members (by number) paid, less what they got back; who paid nothing is left out. Two queries."""
    numbers = list(numbers)

    def sums(bookings: type[Payment | Refund]) -> dict[int, int]:
        found = bookings.objects.filter(member__in=numbers, transaction__countered_by__isnull=True)
        return dict(found.order_by().values_list("member").annotate(total=Sum("amount")))

    returned = sums(Refund)
    return {number: paid - returned.get(number, 0) for number, paid in sums(Payment).items()}


def standings(members: Iterable[Member]) -> list[MemberStanding]:
    """How these members stand, in their order. Four queries for any number of members."""
    members = list(members)
    numbers = [member.pk for member in members]
    owed: defaultdict[int, list[Owed]] = defaultdict(list)
    charges = DuesCharge.objects.filter(member__in=numbers, transaction__countered_by__isnull=True)
    for charge in charges:
        owed[charge.member_id].append(Owed(f"dues-{charge.month:%Y-%m}", charge.month, charge.amount))
    shares = CostShareLine.objects.filter(
        member__in=numbers, share__transaction__countered_by__isnull=True
    ).select_related("share")
    for line in shares:
        owed[line.member_id].append(Owed(f"share-{line.share_id}", line.share.split_on, line.amount))
    paid = paid_by(numbers)
    return [MemberStanding(member, standing(owed[member.pk], paid.get(member.pk, 0))) for member in members]


def overview() -> list[MemberStanding]:
    """Every member, and whoever left with something open or paid too much; who owes stands first, the oldest on top."""
    found = standings(Member.objects.order_by("name", "pk"))
    shown = [
        one for one in found if one.member.status == MemberStatus.ACTIVE or one.standing.open or one.standing.credit
    ]
    return sorted(shown, key=lambda one: (one.standing.open_since is None, one.standing.open_since or date.max))


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a member's account: what was charged or given back (above zero) or paid (below), in won."""

    on: date
    what: str
    amount: int
    is_taken_back: bool
    is_refund: bool = False

    @property
    def charged(self) -> int:
        return 0 if self.is_refund else max(0, self.amount)

    @property
    def paid(self) -> int:
        """Below zero for what was given back."""
        return -self.amount if self.is_refund else max(0, -self.amount)


def entries_of(member: Member) -> list[Entry]:
    """Everything that was charged to a member, paid by them and given back, the newest first. Four queries."""
    lines = [
        Entry(
            charge.month,
            _("Dues of %(month)s") % {"month": date_format(charge.month, "YEAR_MONTH_FORMAT")},
            charge.amount,
            hasattr(charge.transaction, "countered_by"),
        )
        for charge in member.charges.select_related("transaction__countered_by")
    ]
    lines += [
        Entry(line.share.split_on, line.share.title, line.amount, hasattr(line.share.transaction, "countered_by"))
        for line in member.cost_shares.select_related("share__transaction__countered_by")
    ]
    lines += [
        Entry(payment.received_on, _("Payment"), -payment.amount, hasattr(payment.transaction, "countered_by"))
        for payment in member.payments.select_related("transaction__countered_by")
    ]
    lines += [
        Entry(
            refund.paid_on,
            _("Given back: %(reason)s") % {"reason": refund.reason},
            refund.amount,
            hasattr(refund.transaction, "countered_by"),
            is_refund=True,
        )
        for refund in member.refunds.select_related("transaction__countered_by")
    ]
    return sorted(lines, key=lambda line: line.on, reverse=True)


def months_charged() -> list[tuple[date, int, int]]:
    """(month, members charged, won in all), the newest first."""
    rows = (
        DuesCharge.objects.filter(transaction__countered_by__isnull=True)
        .order_by()
        .values("month")
        .annotate(members=Count("pk"), total=Sum("amount"))
        .order_by("-month")
    )
    return [(row["month"], row["members"], row["total"]) for row in rows]
