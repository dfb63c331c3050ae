"""Documents about the applicants of a recruitment: the pool by number, the list of applications, the receipt."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core.errors import RuleViolation
from core.templatetags.madang import day_text, moment_text
from councils.documents.recruitment import (
    LISTS,
    PAPER,
    RECRUITMENT,
    find_recruitment,
    may_on_recruitment,
    may_read_numbers,
    office_of,
    report_of,
)
from councils.lookup import code_of
from councils.models import Application, Recruitment
from councils.queries.applications import minutes_of
from councils.queries.pool import pool_of
from councils.states import ApplicationStatus, IntakeWay
from ordinances.phrases import minutes_as_hours
from reports.content import Cell, Column, Facts, Paragraph, Report, Style, Table
from reports.registry import Document, Kind, Order, Parameter, Values, register
from residents.models import User

POOL, APPLICATIONS, RECEIPT = "council-pool", "council-applications", "council-receipt"
PERSONAL_DATA = "councils.application"
WITHHELD = "–"


def may_read_applications(user: User, values: Values) -> bool:
    """Applications are checked along a path of their own: an unsaved one of this recruitment stands for all."""
    if "recruitment" not in values:
        return bool(user.has_perm("councils.view_application"))
    found = Recruitment.objects.filter(pk=int(str(values["recruitment"]))).select_related("council__dong").first()
    return found is not None and bool(user.has_perm("councils.view_application", Application(recruitment=found)))


def build_pool(order: Order) -> Report:
    """The pool by number. Attributes stand only where so many share them all as the rule set asks for."""
    recruitment = find_recruitment(order.values)
    given = pool_of(recruitment, at=order.at)
    if not given.pool.ids:
        raise RuleViolation(_("Nobody is in the pool."), code="nothing_to_print")
    rule = recruitment.rule_set.for_councils().publication_group_size
    enough = rule.value if rule else None
    alike = Counter(given.pool.rows)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            int(number),
            *(
                given.labels[feature, value] if enough is not None and alike[row] >= enough else WITHHELD
                for feature, value in zip(given.pool.features, row, strict=True)
            ),
        )
        for number, row in zip(given.pool.ids, given.pool.rows, strict=True)
    )
    columns = (
        Column(_("Number in the pool"), 1),
        *(Column(given.labels[feature, ""], 2) for feature in given.pool.features),
    )
    note = (
        _("Attributes stand only where at least %(count)s people share all of them; otherwise “–”.") % {"count": enough}
        if enough is not None
        else _("The rule set names no size of group, so no attributes are published.")
    )
    table = Table(columns, rows, caption=_("Pool of applicants by number"), note=note, numbered=False)
    return report_of(order, recruitment, _("Pool of applicants"), table)


def build_applications(order: Order) -> Report:
    """Every application with name, state and hours, for the file of the office."""
    recruitment = find_recruitment(order.values)
    received = list(recruitment.applications.exclude(status=ApplicationStatus.DRAFT).order_by("number"))
    if not received:
        raise RuleViolation(_("Nobody has applied yet."), code="nothing_to_print")
    minutes = minutes_of(received, at=order.at)
    columns = (
        Column(pgettext("council application", "Receipt number"), 1),
        Column(_("Name"), 2),
        Column(_("Date of birth"), 3),
        Column(_("Sex"), 1),
        Column(_("Track"), 2),
        Column(_("State"), 2),
        Column(_("Hours"), 2),
        Column(_("Number in the pool"), 1),
        Column(_("Reason"), 4),
    )
    rows = tuple(
        (
            one.number,
            one.name or None,
            one.birth_date,
            one.get_sex_display() or None,
            one.get_track_display(),
            one.get_status_display(),
            minutes_as_hours(minutes[one.pk]),
            one.pool_number,
            one.reason or None,
        )
        for one in received
    )
    return report_of(order, recruitment, _("List of applications"), Table(columns, rows, row_heads=2, numbered=False))


def build_receipt(order: Order) -> Report:
    """The receipt of an application that was taken in at the counter."""
    recruitment = find_recruitment(order.values)
    application = recruitment.applications.filter(
        number=int(str(order.values["number"])), way=IntakeWay.COUNTER, erased_at=None
    ).first()
    if application is None:
        raise RuleViolation(_("There is no such receipt of the counter."), code="unknown_receipt", status=404)
    facts = Facts(
        (
            (pgettext("council application", "Receipt number"), str(application.number)),
            (_("Name"), application.name),
            (_("Received at"), moment_text(application.submitted_at) if application.submitted_at else ""),
            (_("Code on the receipt"), code_of(application.key)),
            (_("Hours of education until"), moment_text(recruitment.learning_until)),
            (_("Personal data are deleted on"), day_text(recruitment.erase_on)),
            (_("For questions"), recruitment.contact or office_of(recruitment)),
        )
    )
    how = Paragraph(_("With receipt number, date of birth and code you see at any time where the application stands."))
    return report_of(order, recruitment, _("Receipt of the application"), facts, how, style=Style.LETTER)


NUMBER = Parameter("number", pgettext_lazy("council application", "Receipt number"), Kind.NUMBER)


def register_documents() -> None:
    """Hand the documents to the engine."""
    register(
        Document(
            POOL,
            gettext_lazy("Pool of a recruitment by number"),
            build_pool,
            may_read_numbers,
            LISTS,
            parameters=(RECRUITMENT,),
        )
    )
    register(
        Document(
            APPLICATIONS,
            gettext_lazy("Applications of a recruitment"),
            build_applications,
            may_read_applications,
            LISTS,
            parameters=(RECRUITMENT,),
            about=gettext_lazy("With names, states and hours, for the file of the office."),
            personal_data=PERSONAL_DATA,
        )
    )
    register(
        Document(
            RECEIPT,
            gettext_lazy("Receipt of the counter"),
            build_receipt,
            lambda user, values: may_on_recruitment(user, values, "councils.take_in_recruitment"),
            PAPER,
            parameters=(RECRUITMENT, NUMBER),
            personal_data=PERSONAL_DATA,
            purpose_asked=False,
        )
    )
