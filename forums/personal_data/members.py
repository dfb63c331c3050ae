"""What the club holds about an account: applications that were sent with it, the members it acts for, and, of a head's
own account, the head.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.madang import day_text, moment_text
from forums.models import Application, ApplicationStep, Appointment, Member, MemberAccount, MemberMail
from forums.services.applications import erase_of_account
from residents.models import User
from residents.personal_data import Fact, Section


def sections(user: User) -> Iterator[Section]:
    """Applications with their steps, and memberships with mails and posts; five queries."""
    applications = Application.objects.filter(user=user).prefetch_related("steps").order_by("submitted_at")
    yield Section(
        "club_applications",
        gettext_lazy("Applications for membership of the Mokmingwan Club"),
        tuple(_application(one) for one in applications),
    )
    accounts = (
        MemberAccount.objects.filter(user=user)
        .select_related("member")
        .prefetch_related("member__mails", "member__appointments")
        .order_by("since", "pk")
    )
    yield Section(
        "club_accounts",
        gettext_lazy("Members of the Mokmingwan Club that this account acts for"),
        tuple(_account(one) for one in accounts),
    )


def _application(one: Application) -> tuple[Fact, ...]:
    return (
        Fact("state", _("state"), one.get_status_display()),
        Fact("submitted_at", _("submitted at"), moment_text(one.submitted_at)),
        Fact("kind", _("kind"), one.get_kind_display()),
        Fact("name", _("name"), one.name),
        Fact("name_hanja", _("name in hanja"), one.name_hanja),
        Fact("organisation", _("local government"), one.organisation),
        Fact("office", _("office"), one.get_office_display()),
        Fact("birth_date", _("date of birth"), one.birth_date.isoformat() if one.birth_date else ""),
        Fact("phone", _("telephone"), one.phone),
        Fact("mobile", _("mobile phone"), one.mobile),
        Fact("email", _("mail address"), one.email),
        Fact("address", _("address"), one.address),
        Fact("steps", _("what happened so far"), "; ".join(_step(step) for step in one.steps.all())),
        Fact("consented_at", _("consented at"), moment_text(one.consented_at)),
        Fact("erase_on", _("personal data deleted on"), day_text(one.erase_on) if one.erase_on else ""),
    )


def _step(step: ApplicationStep) -> str:
    words = f"{moment_text(step.at)} {step.get_status_display()}"
    return f"{words}: {step.note}" if step.note else words


def _account(one: MemberAccount) -> tuple[Fact, ...]:
    return (
        Fact("member", _("member"), one.member.name),
        Fact("since", _("since"), one.since.isoformat()),
        Fact("until", _("until"), one.until.isoformat() if one.until else ""),
        *(_head(one.member) if one.is_head else ()),
    )


def _head(member: Member) -> tuple[Fact, ...]:
    """What the register says of the person whose own account it is."""
    return (
        Fact("name_hanja", _("name in hanja"), member.name_hanja),
        Fact("kind", _("kind"), member.get_kind_display()),
        Fact("joined_on", _("member since"), member.joined_on.isoformat() if member.joined_on else ""),
        Fact("left_on", _("left on"), member.left_on.isoformat() if member.left_on else ""),
        Fact("leaving_reason", _("why they left"), member.leaving_reason),
        Fact("mails", _("mail addresses"), ", ".join(mail.address for mail in member.mails.all())),
        Fact("posts", _("post in the club"), "; ".join(_post(held) for held in member.appointments.all())),
    )


def _post(held: Appointment) -> str:
    last = held.ended_on or held.until
    return f"{held.get_position_display()} {held.since} – {last or ''}".strip()


def erase(user: User, at: datetime) -> None:
    """Empty the applications and let the account act for nobody any more.

    Of a head the register keeps what is public, name and offices, but not the address that was the account's.
    """
    erase_of_account(user=user, at=at)
    MemberMail.objects.filter(
        address=user.email, member__in=MemberAccount.objects.filter(user=user, is_head=True).values("member")
    ).delete()
    day = timezone.localdate(at)
    for account in MemberAccount.objects.select_for_update(of=("self",)).filter(user=user, until__isnull=True):
        account.until = max(day, account.since)
        account.save(update_fields=["until"])
