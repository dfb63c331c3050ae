"""Agreements and letters about them, the village fund of a year with its entries, attendance sheets of programmes."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleViolation
from core.ledgers.models import Transaction
from core.templatetags.madang import day_text, won
from councils.fund import CASH, FundYear, Income, Spending
from councils.fund_wording import ACCOUNT_NAMES
from councils.models import Agreement, Council, FundSettlement, Programme
from councils.queries.fund import entries, fund_book
from councils.queries.members import municipality_of
from councils.services.appointing import head_of, name_of
from councils.states import EnrolmentStatus
from reports.content import (
    Align,
    Block,
    Column,
    Facts,
    Paragraph,
    Report,
    Section,
    Signatures,
    Style,
    Table,
    Tone,
    Unit,
)
from reports.letters import Point, draft_letter
from reports.registry import Document, Format, Kind, Order, Parameter, Values, register
from residents.models import User

AGREEMENT, LETTER = "council-agreement", "council-agreement-letter"
FUND, ATTENDANCE = "council-fund", "programme-attendance"
SESSIONS = 8  # empty columns to be ticked by hand


def _number(values: Values, name: str) -> int:
    return int(str(values.get(name, 0)))


def _agreement(values: Values) -> Agreement | None:
    found = Agreement.objects.select_related("council__dong__parent__parent")
    return found.filter(pk=_number(values, "agreement")).first()


def _council(values: Values) -> Council | None:
    return Council.objects.select_related("dong__parent__parent").filter(pk=_number(values, "council")).first()


def _programme(values: Values) -> Programme | None:
    found = Programme.objects.select_related("council__dong__parent__parent")
    return found.filter(pk=_number(values, "programme")).first()


def _may_read_agreement(user: User, values: Values) -> bool:
    thing = _agreement(values) if "agreement" in values else None
    return bool(user.has_perm("councils.view_agreement", thing)) and not ("agreement" in values and thing is None)


def _may_read_fund(user: User, values: Values) -> bool:
    thing = _council(values) if "council" in values else None
    return bool(user.has_perm("councils.view_fund", thing)) and not ("council" in values and thing is None)


def _may_read_programme(user: User, values: Values) -> bool:
    """Whoever keeps programmes sees who takes part."""
    thing = _programme(values) if "programme" in values else None
    return bool(user.has_perm("councils.change_programme", thing)) and not ("programme" in values and thing is None)


# --- agreements -------------------------------------------------------------------------------------------------------


def _agreement_or_refuse(values: Values) -> Agreement:
    if (found := _agreement(values)) is None:
        raise RuleViolation(_("There is no such agreement."), code="unknown_agreement", status=404)
    return found


def _facts(agreement: Agreement) -> list[tuple[str, str]]:
    span = {"first": day_text(agreement.starts_on), "last": day_text(agreement.ends_on)}
    facts = [(_("From when until when"), _("%(first)s to %(last)s") % span)]
    if agreement.amount is not None:
        facts.append((_("Amount"), won(agreement.amount)))
    if agreement.document_number:
        facts.append((_("document number"), agreement.document_number))
    return facts


def build_agreement(order: Order) -> Report:
    """One page to be signed by district and council."""
    agreement = _agreement_or_refuse(order.values)
    day = agreement.signed_on or timezone.localdate(order.at)
    office = head_of(municipality_of(agreement.council.dong))
    parties = ((_("District"), office), (_("Council"), name_of(agreement.council)))
    blocks: tuple[Block, ...] = (
        Paragraph(_("District and council agree as follows."), Tone.LEAD),
        *(Paragraph(line) for line in agreement.subject.splitlines() if line.strip()),
        Facts(tuple(_facts(agreement))),
        Signatures(parties, day_text(day)),
    )
    return Report(
        title=agreement.title,
        sections=(Section("", blocks),),
        publisher=name_of(agreement.council),
        language=order.language,
        style=Style.LETTER,
        issued_on=day,
    )


def letter_text(agreement: Agreement) -> str:
    """The draft of the official letter on an agreement, to copy into the administration's own system."""
    points = tuple(Point(f"{name}: {value}") for name, value in _facts(agreement))
    about = _("The agreement “%(title)s” is concluded with: %(council)s")
    words = {"title": agreement.title, "council": name_of(agreement.council)}
    return draft_letter(
        [],
        [Point(about % words, points)],
        [_("Agreement, 1 copy")],
        subject=_("Conclusion of an agreement: %(title)s") % {"title": agreement.title},
    )


def build_letter(order: Order) -> Report:
    agreement = _agreement_or_refuse(order.values)
    lines = (line for line in letter_text(agreement).splitlines() if line.strip())
    return Report(
        title=_("Draft of an official letter"),
        sections=(Section("", tuple(Paragraph(line) for line in lines)),),
        publisher=name_of(agreement.council),
        language=order.language,
        style=Style.LETTER,
        issued_on=timezone.localdate(order.at),
    )


# --- the fund ---------------------------------------------------------------------------------------------------------


def build_fund(order: Order) -> Report:
    """A year's sums by account, then every entry; says whether the year is settled."""
    council, number = _council(order.values), _number(order.values, "year")
    if council is None:
        raise RuleViolation(_("There is no such council."), code="unknown_council", status=404)
    year = next((one for one in fund_book(council) if one.year == number), None)
    if year is None:
        raise RuleViolation(_("The books of this fund have nothing of that year."), code="nothing_to_print")
    settlement = FundSettlement.objects.filter(council=council, year=number).select_related("resolution").first()
    blocks: list[Block] = [Paragraph(_state_of(settlement), Tone.LEAD), _sums(year)]
    if settlement and settlement.note:
        blocks += [Paragraph(line) for line in settlement.note.splitlines() if line.strip()]
    if settlement and settlement.resolution:
        blocks.append(Facts(((_("What the council decided"), settlement.resolution.text),)))
    return Report(
        title=_("Village fund %(year)s") % {"year": number},
        subtitle=name_of(council),
        sections=(Section("", tuple(blocks)), Section(_("Entries"), (_entries(council, number),))),
        publisher=name_of(council),
        language=order.language,
        issued_on=settlement.settled_on if settlement else timezone.localdate(order.at),
    )


def _state_of(settlement: FundSettlement | None) -> str:
    if settlement is None:
        return _("This year is not settled yet. These are the sums as the books have them today.")
    return _("This year was settled on: %(day)s") % {"day": day_text(settlement.settled_on)}


def _sums(year: FundYear) -> Table:
    rows: list[tuple[str, str, int]] = [("", _("Carried in"), year.carried_in)]
    for kind, accounts in ((_("Income"), Income), (_("Spending"), Spending)):
        rows += [(kind, str(ACCOUNT_NAMES[one]), year.by_account[one]) for one in accounts if one in year.by_account]
    rows += [("", _("Income"), year.income), ("", _("Spending"), year.spending)]
    return Table(
        (Column(_("kind"), 1), Column(_("account"), 3), Column(_("Sum"), 2, Align.RIGHT, Unit.WON)),
        tuple(rows),
        total=("", _("Carried out"), year.carried_out),
        row_heads=2,
        numbered=False,
    )


def _entries(council: Council, year: int) -> Table:
    found = entries(council).filter(occurred_on__year=year).order_by("occurred_on", "id")
    columns = (
        Column(_("Day"), 2),
        Column(_("text"), 4),
        Column(_("account"), 3),
        Column(_("number of the receipt"), 2),
        Column(_("came in"), 2, Align.RIGHT, Unit.WON),
        Column(_("went out"), 2, Align.RIGHT, Unit.WON),
    )
    return Table(columns, tuple(_entry(one) for one in found), row_heads=2, numbered=False)


def _entry(entry: Transaction) -> tuple[date, str, str, str, int | None, int | None]:
    postings = list(entry.postings.all())
    cash = sum(one.amount for one in postings if one.account.code == CASH)
    account = ", ".join(str(ACCOUNT_NAMES[one.account.code]) for one in postings if one.account.code != CASH)
    came, went = (cash, None) if cash >= 0 else (None, -cash)
    return entry.occurred_on, entry.text, account, entry.reference, came, went


# --- programmes -------------------------------------------------------------------------------------------------------


def build_attendance(order: Order) -> Report:
    """Who has a place, with empty columns to tick; the waiting list below. Without telephone numbers: it hangs out."""
    programme = _programme(order.values)
    if programme is None:
        raise RuleViolation(_("There is no such programme."), code="unknown_programme", status=404)
    standing = list(programme.enrolments.exclude(status=EnrolmentStatus.CANCELLED).order_by("enrolled_at", "pk"))
    enrolled = [one for one in standing if one.status == EnrolmentStatus.ENROLLED]
    waiting = [one for one in standing if one.status == EnrolmentStatus.WAITING]
    if not standing:
        raise RuleViolation(_("Nobody has enrolled yet."), code="nothing_to_print")
    ticks = tuple(Column(str(number), 1) for number in range(1, SESSIONS + 1))
    blanks = ("",) * SESSIONS
    blocks: list[Block] = [
        Facts(
            (
                (_("Days and times"), programme.times),
                (_("Place"), programme.place),
                (_("Teacher"), programme.teacher or "–"),
            )
        ),
        Table(
            (Column(_("No."), 1), Column(_("name"), 3), *ticks),
            tuple((place, one.name, *blanks) for place, one in enumerate(enrolled, start=1)),
            row_heads=2,
            numbered=False,
        ),
    ]
    if waiting:
        blocks.append(
            Table(
                (Column(_("No."), 1), Column(_("name"), 5)),
                tuple((place, one.name) for place, one in enumerate(waiting, start=1)),
                caption=_("Waiting list"),
                row_heads=2,
                numbered=False,
            )
        )
    return Report(
        title=_("Attendance sheet"),
        subtitle=programme.title,
        sections=(Section("", tuple(blocks)),),
        publisher=name_of(programme.council),
        language=order.language,
        issued_on=timezone.localdate(order.at),
    )


NUMBER_HELP = gettext_lazy("Its number in this site, as the desk shows it.")
ITS_AGREEMENT = Parameter("agreement", gettext_lazy("agreement"), Kind.NUMBER, help=NUMBER_HELP)
ITS_COUNCIL = Parameter("council", gettext_lazy("residents’ council"), Kind.NUMBER, help=NUMBER_HELP)
ITS_YEAR = Parameter("year", gettext_lazy("year"), Kind.NUMBER)
ITS_PROGRAMME = Parameter("programme", gettext_lazy("programme"), Kind.NUMBER, help=NUMBER_HELP)


def register_documents() -> None:
    """Hand the documents to the engine."""
    papers = (Format.PDF, Format.HWPX)
    register(
        Document(
            AGREEMENT,
            gettext_lazy("Agreement with a council"),
            build_agreement,
            _may_read_agreement,
            papers,
            parameters=(ITS_AGREEMENT,),
            about=gettext_lazy("What is entrusted, from when until when, to be signed by both."),
        )
    )
    register(
        Document(
            LETTER,
            gettext_lazy("Draft of the letter on an agreement"),
            build_letter,
            _may_read_agreement,
            papers,
            parameters=(ITS_AGREEMENT,),
            about=gettext_lazy("To copy into the administration’s own system."),
        )
    )
    register(
        Document(
            FUND,
            gettext_lazy("Village fund of a year"),
            build_fund,
            _may_read_fund,
            (*papers, Format.XLSX),
            parameters=(ITS_COUNCIL, ITS_YEAR),
            about=gettext_lazy("Sums by account, carried in and out, the report, and every entry."),
        )
    )
    register(
        Document(
            ATTENDANCE,
            gettext_lazy("Attendance sheet of a programme"),
            build_attendance,
            _may_read_programme,
            (*papers, Format.XLSX),
            parameters=(ITS_PROGRAMME,),
            about=gettext_lazy("Who has a place, with columns to tick, and who waits."),
            personal_data="councils.enrolment",
        )
    )
