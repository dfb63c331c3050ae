"""What councils hold about an account as somebody who takes part in programmes, or who supports councils.

That a place was taken and a fee paid stays without name, number and account: the fund has to add up. Support staff act
in an office: what is recorded of their work stays under their name, and nothing leads to the account.
"""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.madang import day_text, moment_text
from councils.models import Enrolment, SupportStaff
from councils.services.programmes import leave_programmes
from residents.models import User
from residents.personal_data import Fact, Section

ERASED = "–"


def sections(user: User) -> Iterator[Section]:
    """Enrolments, and for support staff what is recorded of their work; three queries and a row's parts."""
    enrolments = Enrolment.objects.filter(user=user).select_related("programme__council__dong__parent")
    rows = tuple(_enrolment(one) for one in enrolments.order_by("enrolled_at", "pk"))
    yield Section("programmes", gettext_lazy("Programmes of residents’ centres"), rows)
    staff = SupportStaff.objects.filter(user=user).select_related("region__parent")
    found = staff.prefetch_related("assignments__council__dong__parent", "careers").order_by("since", "pk")
    if lines := tuple(_support(one) for one in found):
        yield Section("council_support", gettext_lazy("Support of residents’ councils"), lines)


def _enrolment(one: Enrolment) -> tuple[Fact, ...]:
    return (
        Fact("programme", _("programme of a residents’ centre"), one.programme.title),
        Fact("council", _("residents’ council"), str(one.programme.council)),
        Fact("name", _("name"), one.name),
        Fact("phone", _("phone"), one.phone),
        Fact("state", _("state"), one.get_status_display()),
        Fact("enrolled_at", _("enrolled at"), moment_text(one.enrolled_at)),
        Fact("paid_on", _("fee paid on"), one.paid_on.isoformat() if one.paid_on else ""),
        Fact("erase_on", _("personal data deleted on"), day_text(one.programme.erase_on)),
    )


def _support(one: SupportStaff) -> tuple[Fact, ...]:
    assignments = "; ".join(f"{line.council} {line.since}–{line.until or ''}" for line in one.assignments.all())
    careers = "; ".join(f"{line.title} {line.since}–{line.until or ''}" for line in one.careers.all())
    return (
        Fact("region", _("municipality"), one.region.full_name),
        Fact("name", _("name"), one.name),
        Fact("since", _("since"), one.since.isoformat()),
        Fact("until", _("until"), one.until.isoformat() if one.until else ""),
        Fact("assignments", _("councils supported"), assignments),
        Fact("careers", _("career and training"), careers),
    )


def erase(user: User, at: datetime) -> None:
    """Give up the places that are held, then empty name, number and the way to the account."""
    leave_programmes(user=user, at=at)
    Enrolment.objects.filter(user=user).update(user=None, name=ERASED, phone="")
    SupportStaff.objects.filter(user=user).update(user=None)
