"""Events with admission: guests who register themselves, places, certificates; and members whose answer is missing."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.audit.services import record
from core.errors import RuleViolation
from core.notices.models import Delivery, Mailing
from core.notices.services import Recipient, send_notice
from core.templatetags.madang import day_text, moment_text
from forums.attendance import Order
from forums.consents import GUEST, GUESTS_KEPT
from forums.models import Forum, Registration
from forums.programme_wording import days_in_words
from forums.queries.registrations import attendees_of, registrations_of, unanswered
from forums.services.forums import locked_forum
from forums.services.gathering import programme_for_participants
from forums.services.places import finish, give_place
from forums.services.registration_notices import CONFIRMED, LANGUAGE, tell_registered
from forums.services.registrations import closes_at, refuse_if_closed
from forums.states import AttendeeRole, EventKind, ForumStatus, RegistrationStatus
from meetings.models import Participant
from reports.services.certificates import issue_certificate
from residents.models import User

REMINDER = "forums.answer_missing"
ERASED = "–"  # a list of a meeting has no line without a name
CONFIRMED_AGAIN = timedelta(hours=1)
DAYS_BETWEEN = 7  # between two reminders about the same event
COMPLETION = "club-completion"
CERTIFIED_KINDS = frozenset({EventKind.ACADEMY, EventKind.TRAINING, EventKind.VISIT, EventKind.CONFERENCE})


@transaction.atomic
def register_guest(  # noqa: PLR0913 - a registration has this many facts
    *,
    forum_id: int,
    name: str,
    contact: str,
    consent_version: int,
    user: User | None,
    at: datetime,
    organisation: str = "",
    position: str = "",
    language: str = LANGUAGE,
) -> Registration:
    """Register a guest of a public event; without a free place on the waiting list. They are told by mail.

    language: in which they register, and are written to ever after.
    The same address is registered once: sent again, nothing changes and nobody learns that it was there; a mail that
    was lost goes out anew, once in CONFIRMED_AGAIN. Raises
    RuleViolation where not everybody may register, outside of the time, without name or address, or without consent
    to the text that holds now.
    """
    forum = locked_forum(forum_id)
    if not forum.public_registration:
        raise RuleViolation(_("This event is for members of the club and their offices."), code="not_public")
    refuse_if_closed(forum, at)
    contact = contact.strip().lower()
    if not (name.strip() and contact):
        raise RuleViolation(_("Please write your name and a mail address."), code="nameless")
    if consent_version != GUEST.version:
        raise RuleViolation(_("The text of this consent has changed. Please read it again."), code="old_consent")
    same = forum.registrations.filter(role=AttendeeRole.GUEST, contact=contact)
    known = same.exclude(status=RegistrationStatus.CANCELLED).first()
    if known is not None:
        if not _was_confirmed_lately(contact, at):
            tell_registered(known, actor=None, at=at)
        return known
    registration = same.first() or Registration(forum=forum, role=AttendeeRole.GUEST, contact=contact)
    registration.name, registration.organisation = name.strip(), organisation.strip()
    registration.position, registration.user = position.strip(), user
    registration.language = language
    registration.registered_at, registration.registered_by = at, user
    give_place(forum, registration)
    details = {"consent": consent_version, "state": registration.status}
    record(
        actor=user,
        action="forums.guest_registered",
        target=registration,
        persons=[user] if user else [],
        details=details,
        at=at,
    )
    finish(forum, actor=user, at=at)
    registration.refresh_from_db()
    tell_registered(registration, actor=None, at=at)
    return registration


def _was_confirmed_lately(contact: str, at: datetime) -> bool:
    """Whether a confirmation went to this address a short time ago, so that nobody is flooded with them."""
    sent = Delivery.objects.filter(mailing__kind=CONFIRMED, address=contact)
    return sent.filter(mailing__ordered_at__gt=at - CONFIRMED_AGAIN).exists()


@transaction.atomic
def remind_unanswered(*, forum_id: int, actor: User, at: datetime) -> int:
    """Write to every regular member whose office has not answered, once in DAYS_BETWEEN days; says how many members.

    Raises RuleViolation outside of the time of registration, or if there is nobody (left) to write to.
    """
    forum = locked_forum(forum_id)
    refuse_if_closed(forum, at)
    last = reminded_at(forum)
    if last is not None and at < last + timedelta(days=DAYS_BETWEEN):
        raise RuleViolation(
            _("The last reminder went out on %(day)s. The next one can go out a week after it.")
            % {"day": day_text(last)},
            code="reminded_already",
        )
    programme = programme_for_participants(forum)
    with override(LANGUAGE):
        told = {
            "title": programme.title,
            "when": days_in_words(programme.starts_on, programme.ends_on),
            "place": programme.place,
            "until": moment_text(closes_at(forum)),
        }
    members = list(unanswered(forum).prefetch_related("mails"))
    recipients = [
        Recipient(
            address=mail.address,
            name=member.name,
            language=LANGUAGE,
            context={**told, "path": _path(forum, member.pk)},
        )
        for member in members
        for mail in member.mails.all()[:1]
    ]
    if not recipients:
        raise RuleViolation(_("Everybody has answered, or there is no address to write to."), code="nobody_left")
    key = f"forum:{forum.pk}:answer:{timezone.localdate(at)}"
    send_notice(kind=REMINDER, recipients=recipients, actor=actor, at=at, subject_key=key)
    record(actor=actor, action="forums.members_reminded", target=forum, details={"members": len(recipients)}, at=at)
    return len(recipients)


def reminded_at(forum: Forum) -> datetime | None:
    """When the last reminder about this event went out. One query."""
    last: datetime | None = Mailing.objects.filter(
        kind=REMINDER, subject_key__startswith=f"forum:{forum.pk}:answer:"
    ).aggregate(last=Max("ordered_at"))["last"]
    return last


def _path(forum: Forum, member_id: int) -> str:
    return f"{reverse('forums:register', args=[forum.pk])}?member={member_id}"


@transaction.atomic
def certify_completion(*, forum_id: int, actor: User, at: datetime) -> int:
    """Issue a certificate to everybody who was there and has none; says how many. Only for events of learning.

    Raises RuleViolation before the event was held, for a regular forum, or if there is nobody to certify.
    """
    forum = locked_forum(forum_id)
    if forum.status != ForumStatus.HELD:
        raise RuleViolation(_("Please mark the event as held first."), code="not_held")
    if forum.kind not in CERTIFIED_KINDS:
        raise RuleViolation(_("Certificates are for academies, training, visits and conferences."), code="wrong_kind")
    present = [
        line.registration
        for line in attendees_of(forum, Order.NAME).lines
        if line.came_on and line.registration.certificate_id is None and line.registration.name
    ]
    if not present:
        raise RuleViolation(_("Nobody who was there is without a certificate."), code="nobody_left")
    with override(LANGUAGE):
        when = days_in_words(forum.starts_on, forum.ends_on)
        title, issuer = _("Certificate of completion"), _("Mokmingwan Club")
        statement = _("This certifies that the person named above took part in “%(title)s” (%(when)s).") % {
            "title": forum.title,
            "when": when,
        }
        facts = [(_("Event"), forum.title), (_("When"), when), (_("Where"), forum.place or "-")]
    for registration in present:
        registration.certificate = issue_certificate(
            kind=COMPLETION,
            title=title,
            statement=statement,
            facts=facts,
            holder=registration.user,
            holder_name=registration.name,
            issued_by=issuer,
            region=None,
            actor=actor,
            at=at,
        )
        registration.save(update_fields=["certificate"])
    details = {"certificates": len(present)}
    record(actor=actor, action="forums.completion_certified", target=forum, details=details, at=at)
    return len(present)


@transaction.atomic
def erase_old_guests(*, at: datetime) -> int:
    """Empty name and address of guests GUESTS_KEPT days after their event; says how many rows. Counts stay.

    Of those who came for a member the list keeps name and office, but not the address that notices went to.
    """
    last = timezone.localdate(at) - timedelta(days=GUESTS_KEPT)
    over = Registration.objects.filter(forum__ends_on__lt=last)
    return _erase(over.filter(role=AttendeeRole.GUEST), at) + _forget_contacts(
        over.exclude(role=AttendeeRole.GUEST), at
    )


def _forget_contacts(found: QuerySet[Registration], at: datetime) -> int:
    keys = list(found.exclude(contact="").values_list("pk", flat=True))
    if not keys:
        return 0
    Participant.objects.filter(registration__in=keys).update(email="")
    Registration.objects.filter(pk__in=keys).update(contact="")
    details = {"rows": len(keys), "fields": ["contact"]}
    record(actor=None, action="forums.registrations_erased", target=Registration, details=details, at=at)
    return len(keys)


@transaction.atomic
def erase_registrations_of(*, user: User, at: datetime) -> int:
    """When an account goes: empty what it wrote as a guest, and of who came for a member the address; says how many."""
    erased = _erase(registrations_of(user).filter(role=AttendeeRole.GUEST), at)
    theirs = Q(pk__in=registrations_of(user)) | Q(contact=user.email)
    return erased + _forget_contacts(Registration.objects.filter(theirs).exclude(role=AttendeeRole.GUEST), at)


def _erase(found: QuerySet[Registration], at: datetime) -> int:
    keys = list(found.exclude(name="", contact="").values_list("pk", flat=True))
    if not keys:
        return 0
    Participant.objects.filter(registration__in=keys).update(name=ERASED, affiliation="", email="", role="")
    Registration.objects.filter(pk__in=keys).update(name="", contact="", organisation="", position="", user=None)
    record(actor=None, action="forums.registrations_erased", target=Registration, details={"rows": len(keys)}, at=at)
    return len(keys)
