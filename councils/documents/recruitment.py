"""Documents of a recruitment: notice and its letter, rules, board of numbers, decisions of the committee."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.errors import RuleViolation
from core.templatetags.madang import day_text, moment_text, people
from councils.beacon_wording import beacon_in_words
from councils.models import Recruitment
from councils.queries.courses import hours_needed, lessons_of
from councils.queries.draws import draws_on_the_notice
from councils.queries.recruitment import board_of, decisions_of
from councils.queries.rules import features_of
from councils.queries.rules_kept import rule_lines
from councils.states import PUBLIC_RECRUITMENTS
from ordinances.phrases import bases_in_words, hours
from reports.content import Block, Column, Facts, Items, Paragraph, Report, Section, Style, Table, Tone
from reports.letters import Point, draft_letter
from reports.registry import Document, Format, Kind, Order, Parameter, Values, register
from residents.models import User

NOTICE, RULES, BOARD = "council-notice", "council-rules", "council-board"
DECISIONS, LETTER = "council-decisions", "council-notice-letter"


def find_recruitment(values: Values) -> Recruitment:
    """The recruitment that an order names. Raises RuleViolation (404) if there is none."""
    found = (
        Recruitment.objects.filter(pk=int(str(values.get("recruitment", 0))))
        .select_related("council__dong__parent__parent", "rule_set")
        .first()
    )
    if found is None:
        raise RuleViolation(_("There is no such recruitment."), code="unknown_recruitment", status=404)
    return found


def may_on_recruitment(user: User, values: Values, permission: str) -> bool:
    """Whether `user` has this permission on the recruitment that is named, or on any while none is."""
    if "recruitment" not in values:
        return bool(user.has_perm(permission))
    found = Recruitment.objects.filter(pk=int(str(values["recruitment"]))).select_related("council__dong").first()
    return found is not None and bool(user.has_perm(permission, found))


def _may_read_notice(user: User, values: Values) -> bool:
    """Everybody once it is announced; before, whoever works with it."""
    if "recruitment" not in values:
        return True
    found = Recruitment.objects.filter(pk=int(str(values["recruitment"]))).only("status").first()
    return (found is not None and found.status in PUBLIC_RECRUITMENTS) or may_on_recruitment(
        user, values, "councils.view_recruitment"
    )


def may_read_numbers(user: User, values: Values) -> bool:
    """Whoever may see the recruitment on the desk."""
    return may_on_recruitment(user, values, "councils.view_recruitment")


def _may_run(user: User, values: Values) -> bool:
    return may_on_recruitment(user, values, "councils.run_recruitment")


def office_of(recruitment: Recruitment) -> str:
    """Who publishes its papers."""
    return str(recruitment.council.dong.full_name)


def report_of(
    order: Order,
    recruitment: Recruitment,
    title: str,
    *blocks: Block,
    style: Style = Style.A4,
    issued_at: datetime | None = None,
) -> Report:
    """A paper of one part with these blocks, of the day it is ordered or of the one that is named."""
    return Report(
        title=title,
        subtitle=recruitment.title,
        sections=(Section("", blocks),),
        publisher=office_of(recruitment),
        language=order.language,
        style=style,
        issued_on=timezone.localdate(issued_at or order.at),
    )


# --- notice -----------------------------------------------------------------------------------------------------------


def _dates(recruitment: Recruitment) -> Facts:
    rows = [
        (_("Council"), str(recruitment.council)),
        (_("Seats to fill"), people(recruitment.seats)),
        (_("Who may apply"), _who_may_apply(recruitment)),
        (_("Way of selection"), recruitment.get_method_display()),
        (_("Applications from"), moment_text(recruitment.opens_at)),
        (_("Applications until"), moment_text(recruitment.closes_at)),
        (_("Hours of education until"), moment_text(recruitment.learning_until)),
    ]
    if recruitment.draw_at:
        place = f" · {recruitment.place}" if recruitment.place else ""
        rows.append((_("Draw planned at"), moment_text(recruitment.draw_at) + place))
    if recruitment.appoints_on:
        rows.append((_("Appointment planned on"), day_text(recruitment.appoints_on)))
    rows += [
        (_("Rule set"), f"{recruitment.rule_set} · {recruitment.rule_set.source}"),
        (_("Personal data are deleted on"), day_text(recruitment.erase_on)),
    ]
    if recruitment.contact:
        rows.append((_("For questions"), recruitment.contact))
    return Facts(tuple(rows))


def _who_may_apply(recruitment: Recruitment) -> str:
    """Age and grounds as the rule set has them."""
    rules = recruitment.rule_set.for_councils()
    parts = [_("Aged %(age)s or more") % {"age": rules.council_age_min.value}] if rules.council_age_min else []
    bases = bases_in_words(rules.council_bases.value) if rules.council_bases else _("Whoever belongs to this dong.")
    return " · ".join([*parts, bases])


def _courses(recruitment: Recruitment, at: datetime) -> Table | None:
    """Every sitting with its day and place; those called off are left out."""
    rows = tuple(
        (
            f"{lesson.meeting.title}: {lesson.title}" if lesson.title else lesson.meeting.title,
            f"{moment_text(lesson.starts_at)} – {timezone.localtime(lesson.ends_at):%H:%M}",
            lesson.place,
        )
        for lesson in lessons_of(recruitment, None, at)
        if not lesson.is_cancelled
    )
    columns = (Column(_("Course"), 3), Column(pgettext("a meeting", "When"), 3), Column(_("Place"), 3))
    return Table(columns, rows, caption=_("Courses"), numbered=False) if rows else None


def _freezes(recruitment: Recruitment) -> list[Block]:
    """Every freeze with the hash by which it is known; also those declared void, with the decision."""
    blocks: list[Block] = []
    for draw in draws_on_the_notice(recruitment)["draws"]:
        rows = [
            (_("State"), draw.get_status_display()),
            (_("Frozen at"), moment_text(draw.frozen_at)),
            (_("Public event"), beacon_in_words(draw.beacon)),
            (_("SHA-256 of the freeze"), draw.freeze),
        ]
        if draw.voided_by:
            rows.append((_("Decision of the committee"), draw.voided_by.text))
        blocks.append(Facts(tuple(rows), caption=_("Freeze no. %(number)s") % {"number": draw.number}))
    return blocks


def _quotas(recruitment: Recruitment) -> Table | None:
    rows = tuple(
        (feature.label, value.label, value.minimum, value.maximum, value.source)
        for feature in features_of(recruitment)
        for value in feature.values.all()
    )
    columns = (
        Column(_("Feature"), 2),
        Column(_("Value"), 2),
        Column(_("At least"), 1),
        Column(_("At most"), 1),
        Column(_("Article or source"), 3),
    )
    return Table(columns, rows, caption=_("Quotas, in members"), row_heads=2, numbered=False) if rows else None


def build_notice(order: Order) -> Report:
    """The public notice: what, until when, under which rules and quotas, courses, how to apply; later, the freezes."""
    recruitment = find_recruitment(order.values)
    blocks: list[Block] = []
    if recruitment.about:
        blocks.append(Paragraph(recruitment.about, Tone.LEAD))
    blocks.append(_dates(recruitment))
    quotas = _quotas(recruitment)
    if quotas:
        blocks.append(quotas)
    wanted = hours_needed(recruitment)
    if wanted:
        blocks.append(Paragraph(_("Before the draw %(hours)s of education are needed.") % {"hours": hours(wanted)}))
    courses = _courses(recruitment, order.at)
    if courses:
        blocks.append(courses)
    blocks.append(
        Items(
            (
                _("On the web: on the page of this recruitment, with an account."),
                _("At the counter of the office, also without an account: a receipt is printed."),
                _("By an organisation that recommends you, with your consent."),
            )
        )
    )
    blocks += _freezes(recruitment)
    title = _("Notice of a recruitment")
    return report_of(order, recruitment, title, *blocks, issued_at=recruitment.announced_at)


def build_letter(order: Order) -> Report:
    """The draft of the official letter that announces the recruitment."""
    recruitment = find_recruitment(order.values)
    points = [
        Point(
            _("Council: %(council)s, %(seats)s seats") % {"council": recruitment.council, "seats": recruitment.seats}
        ),
        Point(
            _("Applications: %(first)s to %(last)s")
            % {"first": moment_text(recruitment.opens_at), "last": moment_text(recruitment.closes_at)}
        ),
        Point(_("Hours of education until: %(until)s") % {"until": moment_text(recruitment.learning_until)}),
    ]
    if recruitment.draw_at:
        points.append(
            Point(
                _("Draw: %(moment)s %(place)s")
                % {"moment": moment_text(recruitment.draw_at), "place": recruitment.place}
            )
        )
    text = draft_letter(
        [f"{recruitment.rule_set} ({recruitment.rule_set.source})"],
        [Point(_("Members of the residents’ council are recruited as follows."), tuple(points))],
        [_("Notice of the recruitment, 1 copy")],
        subject=_("Recruitment: %(title)s") % {"title": recruitment.title},
    )
    blocks = tuple(Paragraph(line) for line in text.splitlines() if line.strip())
    return report_of(order, recruitment, _("Draft of an official letter"), *blocks, style=Style.LETTER)


# --- rules, board, decisions ------------------------------------------------------------------------------------------


def build_rules(order: Order) -> Report:
    """Every rule of the recruitment with source, required, actual, kept or not."""
    recruitment = find_recruitment(order.values)
    words = {True: _("kept"), False: _("not kept"), None: _("not checked yet")}
    rows = tuple(
        (line.name, line.required, line.actual or None, words[line.met], line.source, line.doubt or None)
        for line in rule_lines(recruitment, at=order.at)
    )
    if not rows:
        raise RuleViolation(_("The rule set says nothing of councils."), code="nothing_to_print")
    columns = (
        Column(_("Rule"), 3),
        Column(_("Required"), 3),
        Column(_("Actual"), 2),
        Column(_("State"), 2),
        Column(_("Source"), 3),
        Column(_("Doubt"), 3),
    )
    source = Paragraph(f"{recruitment.rule_set} · {recruitment.rule_set.source}", Tone.SMALL)
    return report_of(order, recruitment, _("Under which rules"), source, Table(columns, rows, numbered=False))


def build_board(order: Order) -> Report:
    """The board of numbers: applications by stage, groups beside their quotas."""
    recruitment = find_recruitment(order.values)
    board = board_of(recruitment, at=order.at)
    stages = Table(
        (Column(_("Stage"), 3), Column(_("Applications"), 1)),
        board.stages,
        caption=_("Applications by stage"),
        numbered=False,
    )
    blocks: list[Block] = [stages]
    if board.groups:
        columns = (
            Column(_("Feature"), 2),
            Column(_("Value"), 2),
            Column(_("At least"), 1),
            Column(_("At most"), 1),
            Column(_("Applicants"), 1),
            Column(_("With the hours"), 1),
            Column(_("In the pool"), 1),
            Column(pgettext("people", "Selected"), 1),
        )
        rows = tuple(
            (
                line.feature,
                line.value.label,
                line.value.minimum,
                line.value.maximum,
                line.applicants,
                line.with_hours,
                line.in_pool,
                line.chosen,
            )
            for line in board.groups
        )
        blocks.append(Table(columns, rows, caption=_("Groups and quotas, in persons"), row_heads=2, numbered=False))
    return report_of(order, recruitment, _("Board of numbers"), *blocks)


def build_decisions(order: Order) -> Report:
    """Committee and decisions, with the quotas that each changed."""
    recruitment = find_recruitment(order.values)
    decisions = decisions_of(recruitment)
    members = list(recruitment.committee.all())
    if not decisions and not members:
        raise RuleViolation(_("Neither a committee nor a decision is recorded."), code="nothing_to_print")
    blocks: list[Block] = []
    if members:
        rows = tuple((one.name, one.affiliation or None, _("chairs") if one.is_chair else None) for one in members)
        columns = (Column(_("Name"), 2), Column(_("Affiliation"), 3), Column(_("Office"), 1))
        blocks.append(Table(columns, rows, caption=_("Committee of the recruitment"), numbered=False))
    for decision in decisions:
        facts = [
            (_("Decided on"), day_text(decision.decided_on)),
            (_("Kind"), decision.get_kind_display()),
            (_("What was decided, and why"), decision.text),
            (
                pgettext("of a committee", "Votes"),
                _("Members %(entitled)s, present %(present)s, in favour %(in_favour)s")
                % {"entitled": decision.entitled, "present": decision.present, "in_favour": decision.in_favour},
            ),
        ]
        facts += [(_("Document number"), decision.document_number)] if decision.document_number else []
        facts += [
            (
                f"{change.value.feature.label}, {change.value.label}",
                f"{change.minimum_before}–{change.maximum_before} → {change.minimum}–{change.maximum}",
            )
            for change in decision.relaxations.all()
        ]
        blocks.append(Facts(tuple(facts)))
    return report_of(order, recruitment, _("Decisions of the committee"), *blocks)


RECRUITMENT = Parameter(
    "recruitment",
    gettext_lazy("Recruitment"),
    Kind.NUMBER,
    help=gettext_lazy("Its number in this site, as its address shows it."),
)
PAPER = (Format.PDF, Format.HWPX)
LISTS = (*PAPER, Format.XLSX, Format.CSV)


def register_documents() -> None:
    """Hand the documents to the engine."""
    one = (RECRUITMENT,)
    plain = (
        (NOTICE, gettext_lazy("Notice of a recruitment"), build_notice, _may_read_notice, PAPER),
        (LETTER, gettext_lazy("Draft of the letter on a recruitment"), build_letter, _may_run, PAPER),
        (RULES, gettext_lazy("Rules of a recruitment"), build_rules, _may_read_notice, LISTS),
        (BOARD, gettext_lazy("Board of numbers of a recruitment"), build_board, may_read_numbers, LISTS),
        (DECISIONS, gettext_lazy("Decisions of a recruitment’s committee"), build_decisions, may_read_numbers, PAPER),
    )
    for name, title, build, may_order, formats in plain:
        register(Document(name, title, build, may_order, formats, parameters=one))
