"""Attendance in figures, on paper: by term a chart with its table, and what is printed beside what is listed."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.errors import RuleViolation
from forums.queries.statistics import attendance_by_term
from forums.statistics import TermFigures
from reports.content import Align, Block, Chart, Column, Paragraph, Report, Section, Style, Table, Tone, Unit
from reports.registry import Document, Format, Order, Parameter, Values
from reports.registry import register as register_document
from residents.models import User

NAME = "attendance-statistics"
ALL = 5  # the column that the chart draws


def build(order: Order) -> Report:
    """All terms, or the one that is asked for. Raises RuleViolation where there is nothing to print."""
    asked = str(order.values.get("term", ""))
    terms = [one for one in attendance_by_term() if one.lines and (not asked or one.term == asked)]
    if not terms:
        raise RuleViolation(_("No forum has been held in this term."), code="nothing_to_print")
    return Report(
        title=_("Attendance of the forums in figures"),
        subtitle=asked,
        sections=tuple(_section(one) for one in terms),
        publisher=_("Mokmingwan Club"),
        language=order.language,
        style=Style.A4,
    )


def _section(one: TermFigures) -> Section:
    blocks: list[Block] = [Chart(forum_table(one), ALL)]
    if one.printed is not None:
        blocks += [_printed_table(one), *_explained(one)]
    return Section(one.term, tuple(blocks))


def forum_table(one: TermFigures) -> Table:
    """One row for each forum, in the order of their days."""
    rows = tuple(
        (
            line.title,
            line.number,
            line.starts_on,
            line.came.heads if line.came else None,
            line.came.officials if line.came else None,
            line.came.all if line.came else None,
        )
        for line in one.lines
    )
    return Table(
        columns=(
            Column(_("Forum"), 5),
            Column(_("No."), 1, Align.RIGHT, Unit.PLAIN),
            Column(_("First day"), 2.2),
            Column(_("Heads"), 1.4, Align.RIGHT),
            Column(_("Officials"), 1.6, Align.RIGHT),
            Column(_("In all"), 1.4, Align.RIGHT),
        ),
        rows=rows,
        caption=_("Who came to the forums of %(term)s, in persons") % {"term": one.term},
        total=(_("Sum of this list"), None, None, one.came.heads, one.came.officials, one.came.all),
        note=_("Figures are those of the sources where they list the forum, else of who checked in or was registered."),
    )


def _printed_table(one: TermFigures) -> Table:
    printed, difference = one.printed, one.unlisted
    if printed is None or difference is None:
        raise ValueError("a term without printed totals has no such table")
    listed = one.listed
    return Table(
        columns=(
            Column(_("Figures"), 5),
            Column(_("Heads"), 1.4, Align.RIGHT),
            Column(_("Officials"), 1.6, Align.RIGHT),
        ),
        rows=(
            (_("Sum of %(count)s listed events") % {"count": one.listed_events}, listed.heads, listed.officials),
            (_("Printed totals"), printed.figures.heads, printed.figures.officials),
            (_("Difference"), difference.heads, difference.officials),
        ),
        caption=_("What is listed and what is printed, %(term)s") % {"term": one.term},
        note=_("Source: %(source)s") % {"source": printed.source},
    )


def _explained(one: TermFigures) -> list[Paragraph]:
    said = []
    if one.unlisted and one.unlisted.all and one.missing:
        numbers = ", ".join(str(number) for number in one.missing)
        text = _(
            "The list lacks the forums with the numbers %(numbers)s. The difference may be theirs; "
            "no source says so for each of them."
        )
        said.append(Paragraph(text % {"numbers": numbers}, Tone.SMALL))
    if one.printed and one.printed.note:
        said.append(Paragraph(one.printed.note, Tone.SMALL))
    return said


def _anybody(_user: User, _values: Values) -> bool:
    """Sums without names are public."""
    return True


def _terms(_user: User | None) -> list[tuple[str, str]]:
    return [(one.term, one.term) for one in attendance_by_term() if one.lines]


def register() -> None:
    register_document(
        Document(
            name=NAME,
            title=gettext_lazy("Attendance of the forums in figures"),
            about=gettext_lazy("By forum and by term, with the totals that sources print."),
            build=build,
            may_order=_anybody,
            formats=(Format.PDF, Format.HWPX, Format.XLSX),
            parameters=(Parameter("term", pgettext_lazy("of office", "Term"), required=False, choices=_terms),),
        )
    )
