"""The life of a delivery, and the words of notices."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChannelName(models.TextChoices):
    MAIL = "mail", _("mail")
    SMS = "sms", _("text message")
    MESSENGER = "messenger", _("messenger")


class DeliveryStatus(models.TextChoices):
    WAITING = "waiting", _("waits to be sent")
    SENDING = "sending", _("is being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("could not be sent")
    UNCERTAIN = "uncertain", _("perhaps sent")
    LEFT_OUT = "left_out", _("not wanted")


DELIVERY_TRANSITIONS: dict[str, frozenset[str]] = {
    DeliveryStatus.WAITING: frozenset({DeliveryStatus.SENDING, DeliveryStatus.FAILED, DeliveryStatus.LEFT_OUT}),
    # Back to waiting only when it is known that nothing went out.
    DeliveryStatus.SENDING: frozenset(
        {DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.UNCERTAIN, DeliveryStatus.WAITING}
    ),
    # The worker may still come back and know better; else somebody decides.
    DeliveryStatus.UNCERTAIN: frozenset({DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.WAITING}),
    DeliveryStatus.FAILED: frozenset({DeliveryStatus.WAITING}),
    DeliveryStatus.SENT: frozenset(),
    DeliveryStatus.LEFT_OUT: frozenset(),
}

UNDER_WAY = frozenset({DeliveryStatus.WAITING, DeliveryStatus.SENDING})


class Problem(models.TextChoices):
    """Why something was not sent. Servers' own words may name the person, so they are not kept."""

    REFUSED_ADDRESS = "refused_address", _("The receiving side does not know this address.")
    REFUSED = "refused", _("The receiving side did not take the message.")
    UNREACHABLE = "unreachable", _("The server for sending could not be reached.")
    BUSY = "busy", _("The receiving side asked to try again later.")
    NO_ANSWER = "no_answer", _("The connection broke before it was clear whether the message was taken.")
    STOPPED = "stopped", _("The work was stopped before it was clear whether the message was taken.")
    CANCELLED = "cancelled", _("The sending was cancelled before.")
    NOT_WRITABLE = "not_writable", _("The message could not be made from its template.")
    FORGOTTEN = "forgotten", _("The address has been deleted meanwhile.")
