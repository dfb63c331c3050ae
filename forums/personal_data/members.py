"""What the club holds about an account: applications that were sent with it, and the members it acts for."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.madang import day_text, moment_text
from forums.models import Application, ApplicationStep, MemberAccount
from forums.services.applications import erase_of_account
from residents.models import User
from residents.personal_data import Fact, Section


def sections(user: User) -> Iterator[Section]:
    """Applications with their steps, and memberships; three queries."""
    applications = Application.objects.filter(user=user).prefetch_related("steps").order_by("submitted_at")
    yield Section(
        "club_applications",
        gettext_lazy("Applications for membership of the Mokmingwan Club"),
        tuple(_application(one) for one in applications),
    )
    accounts = MemberAccount.objects.filter(user=user).select_related("member").order_by("since", "pk")
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
    )


def erase(user: User, at: datetime) -> None:
    """Empty the applications and let the account act for nobody any more."""
    erase_of_account(user=user, at=at)
    day = timezone.localdate(at)
    for account in MemberAccount.objects.select_for_update(of=("self",)).filter(user=user, until__isnull=True):
        account.until = max(day, account.since)
        account.save(update_fields=["until"])
