"""Documents about the club itself: officers, bylaws, how things stand with the bylaws."""

from dataclasses import replace
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleViolation
from core.templatetags.madang import day_text
from forums.bylaw_wording import in_words
from forums.models import Bylaws
from forums.queries.governance import bylaws_on, partners_on, state_of_the_bylaws
from forums.queries.officers import groups_on
from forums.states import BylawsStatus
from reports.content import Block, Column, Paragraph, Report, Section, Style, Table, Tone, Unit
from reports.registry import Document, Format, Kind, Order, Parameter, Values, register
from residents.models import User

ON = Parameter("on", gettext_lazy("as of"), Kind.DAY, required=False)


def _anybody(_user: User, _values: Values) -> bool:
    """Officers and bylaws are public."""
    return True


def day_of(order: Order) -> date:
    asked = order.values.get("on")
    return asked if isinstance(asked, date) else timezone.localdate(order.at)


def officers_section(day: date) -> Section:
    """Officers and partners as a chapter: one table for each position."""
    tables: list[Block] = []
    for group in groups_on(day):
        rows = tuple(
            (
                officer.name,
                officer.name_hanja,
                " ".join(part for part in (officer.area, officer.office) if part),
                ", ".join(part for part in (officer.elections, officer.remark) if part),
            )
            for officer in group.officers
        )
        tables.append(
            Table(
                columns=(
                    Column(_("name"), 2),
                    Column(_("name in hanja"), 2),
                    Column(_("office"), 4),
                    Column(_("remark"), 3),
                ),
                rows=rows,
                caption=_("%(position)s: %(count)s") % {"position": group.name, "count": len(rows)},
                numbered=False,
            )
        )
    partners = list(partners_on(day))
    if partners:
        tables.append(
            Table(
                columns=(Column(_("organisation"), 3), Column(_("what it does"), 5), Column(_("since"), 2)),
                rows=tuple((one.name, one.about, one.since) for one in partners),
                caption=_("Partner organisations"),
                numbered=False,
            )
        )
    if not tables:
        raise RuleViolation(_("Nobody holds a position of the club on that day."), code="nothing_to_print")
    return Section(_("Officers and organisation of the club"), tuple(tables), short=_("Officers"))


def bylaws_section(version: Bylaws) -> Section:
    """The bylaws as a chapter, one part for each article."""
    opening = _("Version %(number)s, adopted on %(adopted)s, in force from %(day)s") % {
        "number": version.number,
        "adopted": day_text(version.adopted_on),
        "day": day_text(version.in_force_from),
    }
    parts = tuple(
        Section(
            one.heading,
            tuple(Paragraph(line) for line in one.text.splitlines() if line.strip()),
            in_contents=False,
        )
        for one in version.articles.all()
    )
    note = (
        (Section(_("Amendments"), (Paragraph(version.note, Tone.SMALL),), in_contents=False),) if version.note else ()
    )
    return Section(_("Bylaws of the club"), (Paragraph(opening, Tone.LEAD),), parts + note, short=_("Bylaws"))


def build_officers(order: Order) -> Report:
    day = day_of(order)
    return Report(
        title=_("Officers and organisation of the Mokmingwan Club"),
        subtitle=_("as of %(day)s") % {"day": day_text(day)},
        # The title of the paper says what the chapter of a book says in its heading.
        sections=(replace(officers_section(day), title=""),),
        publisher=_("Mokmingwan Club"),
        language=order.language,
        issued_on=day,
    )


def build_bylaws(order: Order) -> Report:
    """The version with this number, or the one in force on the day of the order."""
    number = order.values.get("version")
    adopted = Bylaws.objects.filter(status=BylawsStatus.ADOPTED).prefetch_related("articles")
    if number is None:
        in_force = bylaws_on(timezone.localdate(order.at))
        version = adopted.filter(pk=in_force.pk).first() if in_force else None
    else:
        version = adopted.filter(number=int(str(number))).first()
    if version is None:
        raise RuleViolation(_("There is no such version of the bylaws."), code="unknown_version", status=404)
    chapter = bylaws_section(version)
    return Report(
        title=_("Bylaws of the Mokmingwan Club"),
        # In a paper of its own the articles are what is turned to.
        sections=(Section("", chapter.blocks), *chapter.parts),
        publisher=_("Mokmingwan Club"),
        language=order.language,
        issued_on=version.in_force_from,
    )


def build_state(order: Order) -> Report:
    day = day_of(order)
    version, checks = state_of_the_bylaws(day)
    if version is None:
        raise RuleViolation(_("On that day the club had no bylaws."), code="nothing_to_print")
    lines = [in_words(check) for check in checks]
    table = Table(
        columns=(
            Column(_("Rule"), 4),
            Column(_("Article"), 1, unit=Unit.PLAIN),
            Column(_("Required"), 3),
            Column(_("Actual"), 2),
            Column(_("State"), 4),
        ),
        rows=tuple(
            (
                line.name,
                line.check.article,
                line.required,
                line.actual,
                " – ".join(part for part in (line.state, line.consequence) if part),
            )
            for line in lines
        ),
        caption=_("Rules of the bylaws, as of %(day)s") % {"day": day_text(day)},
    )
    return Report(
        title=_("How things stand with the bylaws"),
        subtitle=_("as of %(day)s") % {"day": day_text(day)},
        sections=(Section(_("Rules and how they are met"), (table,)),),
        publisher=_("Mokmingwan Club"),
        language=order.language,
        style=Style.A4,
        issued_on=day,
    )


def register_documents() -> None:
    """Hand the documents to the engine."""
    all_formats = (Format.PDF, Format.HWPX, Format.XLSX)
    register(
        Document(
            "club-officers",
            gettext_lazy("Officers of the club"),
            build_officers,
            _anybody,
            all_formats,
            parameters=(ON,),
            about=gettext_lazy("Co-chairs, auditors, committee, advisers and partners on a day."),
        )
    )
    register(
        Document(
            "club-bylaws",
            gettext_lazy("Bylaws of the club"),
            build_bylaws,
            _anybody,
            (Format.PDF, Format.HWPX),
            parameters=(Parameter("version", gettext_lazy("version"), Kind.NUMBER, required=False),),
            about=gettext_lazy("A version with all its articles; without a number the one in force."),
        )
    )
    register(
        Document(
            "bylaws-state",
            gettext_lazy("State of the bylaws"),
            build_state,
            _anybody,
            (*all_formats, Format.CSV),
            parameters=(ON,),
            about=gettext_lazy("Each rule with its article, what it asks, and whether it is met."),
        )
    )
