"""What notices hold about a person, what goes with their erasing, and what waits for those who look after mailings."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.notices.kinds import category_called
from core.notices.models import Delivery, Mailing, Refusal
from core.notices.services import forget_account
from core.notices.states import DeliveryStatus
from residents.desk.waiting import Urgency, Waiting
from residents.models import User
from residents.notices_permissions import MAILING_VIEWERS, kinds_sent_by
from residents.permissions import role_paths
from residents.personal_data import Fact, Section
from residents.states import Role


def sections(user: User) -> Iterator[Section]:
    """The notices that were sent to them, and those that they refused."""
    yield Section("notices", gettext_lazy("Notices sent to you"), tuple(_deliveries(user)))
    yield Section("refused_notices", gettext_lazy("Notices that you do not want"), tuple(_refusals(user)))


def erase(user: User, at: datetime) -> None:
    forget_account(user_id=user.pk, at=at)


def _deliveries(user: User) -> Iterator[tuple[Fact, ...]]:
    for delivery in Delivery.objects.filter(user=user).select_related("mailing").order_by("-mailing__ordered_at", "id"):
        yield (
            Fact("kind", _("kind"), delivery.mailing.title),
            Fact("address", _("address"), delivery.address),
            Fact("status", _("state"), delivery.get_status_display()),
            Fact("ordered_at", _("ordered at"), _moment(delivery.mailing.ordered_at)),
        )


def _refusals(user: User) -> Iterator[tuple[Fact, ...]]:
    for refusal in Refusal.objects.filter(user=user):
        category = category_called(refusal.category)
        yield (
            Fact("category", _("category"), str(category.title) if category else refusal.category),
            Fact("since", _("since"), _moment(refusal.at)),
        )


def _moment(at: datetime) -> str:
    return timezone.localtime(at).isoformat(sep=" ", timespec="minutes")[:16]


def mailings_to_look_after(user: User) -> list[Waiting]:
    """Messages that were perhaps sent, and such as could not be, in the mailings that this official looks after."""
    if not role_paths(user, *MAILING_VIEWERS):
        return []
    mailings = Mailing.objects.all()
    if not role_paths(user, Role.OPERATOR):
        mailings = mailings.filter(kind__in=kinds_sent_by(user))
    # Nothing can be done any more about those whose address is gone.
    mine = Delivery.objects.filter(mailing__in=mailings).exclude(address="")
    found = mine.aggregate(
        uncertain=Count("pk", filter=Q(status=DeliveryStatus.UNCERTAIN)),
        failed=Count("pk", filter=Q(status=DeliveryStatus.FAILED)),
    )
    url = reverse("admin:notices_delivery_changelist")
    return [
        Waiting(
            _("Messages that were perhaps sent"),
            found["uncertain"],
            f"{url}?status__exact={DeliveryStatus.UNCERTAIN}",
            why=_("The work broke off while they were on their way. Take them as sent, or send them again."),
            urgency=Urgency.THIS_WEEK,
        ),
        Waiting(
            _("Messages that could not be sent"),
            found["failed"],
            f"{url}?status__exact={DeliveryStatus.FAILED}",
            why=_("Look at the reason; correct the address, or send them again from the page of their mailing."),
        ),
    ]
