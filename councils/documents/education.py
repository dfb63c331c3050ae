"""Who learned how long for a recruitment: the list of education, with the serial numbers of the certificates."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.errors import RuleViolation
from core.templatetags.madang import people
from councils.models import Application, Recruitment
from councils.queries.courses import hours_needed, minutes_attended, minutes_credited
from councils.states import ApplicationStatus
from ordinances.phrases import minutes_as_hours
from reports.content import Align, Column, Report, Section, Table, Unit
from reports.registry import Document, Format, Kind, Order, Parameter, Values
from reports.registry import register as register_document
from residents.desk.scoped import in_regions
from residents.models import User
from residents.permissions import OFFICIALS, role_paths

NAME = "council-education"
MINUTES_IN_HOUR = 60


def _recruitment(values: Values) -> Recruitment | None:
    found = Recruitment.objects.select_related("council__dong", "rule_set")
    return found.filter(pk=int(str(values.get("recruitment", 0)))).first()


def build(order: Order) -> Report:
    """Everybody who applied and did not withdraw, by receipt number. Raises RuleViolation where there is nobody."""
    recruitment = _recruitment(order.values)
    if recruitment is None:
        raise RuleViolation(_("There is no such recruitment."), code="no_recruitment", status=404)
    learners = list(
        Application.objects.filter(recruitment=recruitment, number__isnull=False, erased_at=None)
        .exclude(status=ApplicationStatus.WITHDRAWN)
        .select_related("education__certificate")
        .order_by("number")
    )
    if not learners:
        raise RuleViolation(_("Nobody has applied yet."), code="nothing_to_print")
    needed = hours_needed(recruitment) * MINUTES_IN_HOUR
    table = _table(learners, needed, order)
    return Report(
        title=_("Education for “%(title)s”") % {"title": recruitment.title},
        sections=(Section(_("Hours of education"), (table,), in_contents=False),),
        language=order.language,
        issued_on=timezone.localdate(order.at),
    )


def _table(learners: list[Application], needed: int, order: Order) -> Table:
    attended, credited = minutes_attended(learners, at=order.at), minutes_credited(learners)
    rows, enough = [], 0
    for one in learners:
        whole = attended[one.pk] + credited[one.pk]
        has_them = whole >= needed
        enough += has_them
        rows.append(
            (
                one.number,
                one.name,
                attended[one.pk],
                credited[one.pk],
                minutes_as_hours(whole),
                "" if has_them else minutes_as_hours(needed - whole),
                one.education.certificate.serial if hasattr(one, "education") else "",
            )
        )
    return Table(
        columns=(
            Column(_("Receipt"), 0.8, Align.CENTRE, Unit.PLAIN),
            Column(_("Name"), 1.4),
            Column(_("Minutes attended"), 1.2, Align.RIGHT),
            Column(_("Minutes credited"), 1.2, Align.RIGHT),
            Column(_("In all"), 1.4, Align.RIGHT),
            Column(pgettext("hours", "Missing"), 1.4, Align.RIGHT),
            Column(_("Certificate"), 1.6),
        ),
        rows=tuple(rows),
        total=("", _("Have the hours"), None, None, people(enough), "", ""),
        note=_("Wanted by the rules: %(hours)s.") % {"hours": minutes_as_hours(needed)},
        row_heads=2,
        numbered=False,
    )


def _may_order(user: User, values: Values) -> bool:
    if "recruitment" not in values:
        return user.has_perm("councils.plan_courses")
    found = _recruitment(values)
    return found is not None and user.has_perm("councils.plan_courses", found)


def _choices(user: User | None) -> list[tuple[str, str]]:
    """The recruitments that this account runs, the newest first; all of them on the command line."""
    found = Recruitment.objects.all()
    if user is not None:
        found = found.filter(in_regions(role_paths(user, *OFFICIALS), "council__dong__path"))
    return [(str(pk), title) for pk, title in found.values_list("pk", "title")]


def register() -> None:
    register_document(
        Document(
            name=NAME,
            title=gettext_lazy("Education of applicants"),
            about=gettext_lazy("How long each applicant learned, what is missing, and the certificates."),
            build=build,
            may_order=_may_order,
            formats=(Format.PDF, Format.XLSX, Format.HWPX),
            parameters=(Parameter("recruitment", gettext_lazy("Recruitment"), Kind.NUMBER, choices=_choices),),
            personal_data="councils.application",
            purpose_asked=False,
        )
    )
