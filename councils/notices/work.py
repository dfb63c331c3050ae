"""What people on the list of a programme are told: a place that came free, a programme that is called off."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.notices.kinds import Category, NoticeKind, register_kind
from core.notices.services import Recipient, send_notice
from councils.models import Enrolment, Programme
from councils.states import EnrolmentStatus
from residents.models import User

PROGRAMMES = Category(
    "councils.programmes", _("Programmes of residents’ centres"), _("Places in programmes that you enrolled in.")
)
ENROLLED = _("You get this because you enrolled in this programme.")
MOVED_UP, CALLED_OFF = "councils.enrolment_moved_up", "councils.programme_called_off"


def register() -> None:
    for name, title in (
        (MOVED_UP, _("A place in a programme came free")),
        (CALLED_OFF, _("A programme is called off")),
    ):
        register_kind(NoticeKind(name, title, PROGRAMMES, obligatory=True, why=ENROLLED))


def tell_of_place(*, enrolment: Enrolment, programme: Programme, at: datetime) -> None:
    """Tell an account that it has a place now; whoever enrolled at the counter is called by the office."""
    if recipient := _recipient(enrolment, programme):
        send_notice(
            kind=MOVED_UP,
            recipients=[recipient],
            actor=None,
            at=at,
            subject_key=f"enrolment:{enrolment.pk}",
            scope=programme.council.dong.path,
        )


def tell_of_calling_off(*, programme: Programme, actor: User | None, at: datetime) -> None:
    """Tell everybody on the list who has an account that the programme is called off."""
    standing = programme.enrolments.exclude(status=EnrolmentStatus.CANCELLED).select_related("user")
    recipients = [recipient for one in standing if (recipient := _recipient(one, programme))]
    if recipients:
        send_notice(
            kind=CALLED_OFF,
            recipients=recipients,
            actor=actor,
            at=at,
            subject_key=f"programme:{programme.pk}:called-off",
            scope=programme.council.dong.path,
        )


def _recipient(enrolment: Enrolment, programme: Programme) -> Recipient | None:
    user = enrolment.user
    if user is None or not user.email:
        return None
    context = {
        "programme": programme.title,
        "times": programme.times,
        "place": programme.place,
        "has_fee": programme.fee > 0,
        "path": reverse("councils:programme", args=[programme.pk]),
    }
    return Recipient(address=user.email, language=user.language, name=enrolment.name, user=user, context=context)
