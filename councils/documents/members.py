"""Rosters, certificates of activity, records of those who left, and drafts of the letters about them."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.errors import RuleViolation
from core.templatetags.madang import day_text
from councils.models import CouncilTerm, Member
from councils.queries.meetings import activity_of
from councils.queries.members import members_of, municipality_of
from councils.services.appointing import LANGUAGE, head_of, name_of
from councils.states import MemberOffice, MemberStatus
from reports.certificates import certificate_report
from reports.content import Block, Column, Facts, Paragraph, Report, Section, Signatures, Style, Table, Tone
from reports.letters import Point, draft_letter
from reports.registry import Document, Format, Kind, Order, Parameter, Values, register
from reports.states import CertificateStatus
from residents.models import User

ROSTER, LEAVING, LETTER = "council-members", "council-leaving", "council-appointment-letter"
LETTERS = "council-letters"
PERSONAL_DATA = "councils.member"
MINUTES_IN_HOUR = 60
LEFT = (MemberStatus.RESIGNED, MemberStatus.DISMISSED)


def _term(values: Values) -> CouncilTerm:
    found = (
        CouncilTerm.objects.filter(pk=int(str(values.get("term", 0))))
        .select_related("council__dong__parent__parent", "recruitment__rule_set")
        .first()
    )
    if found is None:
        raise RuleViolation(_("There is no such term of a council."), code="unknown_term", status=404)
    return found


def _member(values: Values) -> Member:
    found = (
        Member.objects.filter(pk=int(str(values.get("member", 0))))
        .select_related("term__council__dong__parent__parent", "replaced_by", "letter")
        .first()
    )
    if found is None:
        raise RuleViolation(_("There is no such member of a council."), code="unknown_member", status=404)
    return found


def _may_read_term(user: User, values: Values) -> bool:
    if "term" not in values:
        return bool(user.has_perm("councils.view_councilterm"))
    term = CouncilTerm.objects.filter(pk=int(str(values["term"]))).select_related("council__dong").first()
    return term is not None and bool(user.has_perm("councils.view_councilterm", term))


def _may_read_member(user: User, values: Values) -> bool:
    if "member" not in values:
        return bool(user.has_perm("councils.view_member"))
    member = Member.objects.filter(pk=int(str(values["member"]))).select_related("term__council__dong").first()
    return member is not None and bool(user.has_perm("councils.view_member", member))


def term_in_words(term: CouncilTerm) -> str:
    """The number of a term with its first and last day."""
    return _("Term %(number)s (%(first)s to %(last)s)") % {
        "number": term.number,
        "first": day_text(term.starts_on),
        "last": day_text(term.ends_on),
    }


def build_roster(order: Order) -> Report:
    """Everybody who belongs or belonged to the term, with activity; advisers in a table of their own."""
    term = _term(order.values)
    everybody = members_of(term)
    if not everybody:
        raise RuleViolation(_("Nobody is in the register of this term."), code="nothing_to_print")
    activity = activity_of(everybody)
    members = [one for one in everybody if one.office != MemberOffice.ADVISER]
    advisers = [one for one in everybody if one.office == MemberOffice.ADVISER]
    serving = sum(one.status == MemberStatus.SERVING for one in members)
    counts = _("Seats: %(seats)s. Serving: %(serving)s. Advisers: %(advisers)s.") % {
        "seats": term.seats,
        "serving": serving,
        "advisers": len(advisers),
    }
    columns = (
        Column(_("No."), 1),
        Column(_("name"), 2),
        Column(_("office"), 2),
        Column(_("sex"), 1),
        Column(_("date of birth"), 2.6),
        Column(_("track"), 2),
        Column(_("appointed on"), 2.6),
        Column(pgettext("of a council", "left on"), 2.6),
        Column(_("remark"), 2.6),
        Column(_("came to meetings"), 2.2),
    )
    rows = tuple(
        (
            place,
            one.name,
            one.get_office_display(),
            one.get_sex_display(),
            one.birth_date,
            one.get_track_display(),
            one.appointed_on,
            one.left_on,
            _remark(one),
            _("%(came)s of %(called)s") % {"came": activity[one.pk].came, "called": activity[one.pk].called},
        )
        for place, one in enumerate(members, start=1)
    )
    blocks: list[Block] = [Paragraph(counts, Tone.LEAD), Table(columns, rows, row_heads=2, numbered=False)]
    if advisers:
        blocks.append(
            Table(
                (Column(_("name"), 2), Column(_("appointed on"), 2), Column(pgettext("of a council", "left on"), 2)),
                tuple((one.name, one.appointed_on, one.left_on) for one in advisers),
                caption=_("Advisers"),
                numbered=False,
            )
        )
    return Report(
        title=_("Roster of members"),
        subtitle=f"{name_of(term.council)} · {term_in_words(term)}",
        sections=(Section("", tuple(blocks)),),
        publisher=name_of(term.council),
        language=order.language,
        issued_on=timezone.localdate(order.at),
    )


def _remark(member: Member) -> str:
    parts = [member.leaving_reason]
    if member.replaces_id and member.replaces:
        parts.append(_("took the seat of %(name)s") % {"name": member.replaces.name})
    return ", ".join(part for part in parts if part)


def build_leaving(order: Order) -> Report:
    """The record of a resignation or dismissal, to be signed."""
    member = _member(order.values)
    if member.status not in LEFT:
        raise RuleViolation(_("This member has neither resigned nor been dismissed."), code="nothing_to_print")
    is_resignation = member.status == MemberStatus.RESIGNED
    title = _("Record of a resignation") if is_resignation else _("Record of a dismissal")
    day = member.left_on or timezone.localdate(order.at)
    office = head_of(municipality_of(member.term.council.dong))
    signer = (_("Member"), member.name) if is_resignation else (_("Office"), office)
    return Report(
        title=title,
        sections=(
            Section(
                "",
                (
                    Facts(
                        rows=(
                            (_("Council"), name_of(member.term.council)),
                            (_("Term"), term_in_words(member.term)),
                            (_("Name"), member.name),
                            (_("Office"), member.get_office_display()),
                            (_("Appointed on"), day_text(member.appointed_on)),
                            (_("Last day"), day_text(day)),
                            (_("Reason"), member.leaving_reason),
                        )
                    ),
                    Signatures((signer,), day_text(day)),
                ),
            ),
        ),
        publisher=name_of(member.term.council),
        language=order.language,
        style=Style.LETTER,
        issued_on=day,
    )


def build_letters(order: Order) -> Report:
    """The letters of a whole term but of those who left, each on a page of its own, in the order of their serials."""
    term = _term(order.values)
    issued = term.members.select_related("letter__region").filter(letter__status=CertificateStatus.ISSUED)
    letters = [
        member.letter
        for member in issued.exclude(status__in=LEFT)
        if member.letter is not None and member.letter.holder_name
    ]
    if not letters:
        raise RuleViolation(_("No letter of appointment was issued for this term."), code="nothing_to_print")
    return Report(
        title=_("Letters of appointment"),
        subtitle=f"{name_of(term.council)} · {term_in_words(term)}",
        sections=tuple(
            Section(letter.title, (Paragraph(letter.serial), *certificate_report(letter).blocks()))
            for letter in sorted(letters, key=lambda letter: letter.pk)
        ),
        publisher=head_of(municipality_of(term.council.dong)),
        language=LANGUAGE,
        style=Style.LETTERS,
        issued_on=timezone.localdate(order.at),
    )


def letter_text(term: CouncilTerm, day: date) -> str:
    """The draft of the official letter on the appointment, to copy into the administration's own system."""
    members = [one for one in members_of(term) if one.status == MemberStatus.SERVING]
    seated = [one for one in members if one.office != MemberOffice.ADVISER]
    related = [term.recruitment.title] if term.recruitment else []
    return draft_letter(
        related,
        [
            Point(
                _("The members of the %(council)s are appointed as follows.") % {"council": name_of(term.council)},
                (
                    Point(
                        _("Term: %(first)s to %(last)s")
                        % {"first": day_text(term.starts_on), "last": day_text(term.ends_on)}
                    ),
                    Point(_("Members: %(count)s") % {"count": len(seated)}),
                    Point(_("Day of this letter: %(day)s") % {"day": day_text(day)}),
                ),
            )
        ],
        [_("Roster of members, 1 copy")],
        subject=_("Appointment of members of the %(council)s") % {"council": name_of(term.council)},
    )


def build_letter(order: Order) -> Report:
    term = _term(order.values)
    text = letter_text(term, timezone.localdate(order.at))
    return Report(
        title=_("Draft of an official letter"),
        sections=(Section("", tuple(Paragraph(line) for line in text.splitlines() if line.strip())),),
        publisher=name_of(term.council),
        language=order.language,
        style=Style.LETTER,
        issued_on=timezone.localdate(order.at),
    )


TERM = Parameter(
    "term", gettext_lazy("term"), Kind.NUMBER, help=gettext_lazy("Its number in this site, as the desk shows it.")
)
MEMBER = Parameter(
    "member", gettext_lazy("member"), Kind.NUMBER, help=gettext_lazy("Their number in this site, as the desk shows it.")
)


def register_documents() -> None:
    """Hand the documents to the engine."""
    papers = (Format.PDF, Format.HWPX)
    register(
        Document(
            ROSTER,
            gettext_lazy("Roster of a council’s members"),
            build_roster,
            _may_read_term,
            (*papers, Format.XLSX, Format.CSV),
            parameters=(TERM,),
            about=gettext_lazy("Members of a term with office, days, activity, and who took whose seat."),
            personal_data=PERSONAL_DATA,
        )
    )
    register(
        Document(
            LETTERS,
            gettext_lazy("Letters of appointment of a term"),
            build_letters,
            _may_read_term,
            papers,
            parameters=(TERM,),
            about=gettext_lazy("All of them in one file, each on a page of its own, to be sealed by hand."),
            personal_data=PERSONAL_DATA,
        )
    )
    register(
        Document(
            LEAVING,
            gettext_lazy("Record of a resignation or dismissal"),
            build_leaving,
            _may_read_member,
            papers,
            parameters=(MEMBER,),
            about=gettext_lazy("One page to be signed."),
            personal_data=PERSONAL_DATA,
        )
    )
    register(
        Document(
            LETTER,
            gettext_lazy("Draft of the letter on an appointment"),
            build_letter,
            _may_read_term,
            papers,
            parameters=(TERM,),
            about=gettext_lazy("To copy into the administration’s own system."),
        )
    )
