"""The list of attendees, in the order that is asked for: heads first, then officials, then guests."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.errors import RuleViolation
from core.templatetags.madang import day_text
from forums.attendance import Order as ListOrder
from forums.models import Forum
from forums.permissions import is_member, keeps_the_club
from forums.programme_wording import days_in_words, event_label
from forums.queries.forums import as_published, forum_by_reference
from forums.queries.registrations import AttendeeLine, AttendeeList, attendees_of, default_order
from reports.content import Align, Block, Column, Paragraph, Report, Section, Style, Table, Tone, Unit
from reports.registry import Document, Format, Order, Parameter, Values
from reports.registry import register as register_document
from residents.models import User

NAME = "forum-attendees"
PERSONAL_DATA = "forums.registration"
ORDERS = {
    ListOrder.SOURCE: gettext_lazy("in the order of the source"),
    ListOrder.REGION: gettext_lazy("by region, the host first"),
    ListOrder.NAME: gettext_lazy("by name"),
    ListOrder.OFFICE: gettext_lazy("by office"),
}
EVENT = Parameter(
    "forum",
    gettext_lazy("Event"),
    check=lambda value: forum_by_reference(str(value)),
    help=gettext_lazy("Number, or term and number, for example 24."),
)


def asked_order(values: Values, forum: Forum) -> ListOrder:
    """The order that is asked for, else the event's own. Raises RuleViolation for what is none."""
    asked = str(values.get("order", ""))
    if not asked:
        return default_order(forum)
    try:
        return ListOrder(asked)
    except ValueError:
        raise RuleViolation(_("There is no such order of the list."), code="unknown_order") from None


def counts_in_words(found: AttendeeList) -> str:
    """How many stand on the list, as one line."""
    text = _("Heads: %(heads)s, of which proxies %(proxies)s. Officials: %(officials)s.") % {
        "heads": len(found.heads),
        "proxies": found.proxies,
        "officials": len(found.staff),
    }
    return f"{text} {_('Guests: %(guests)s.') % {'guests': len(found.guests)}}" if found.guests else text


def attendee_tables(found: AttendeeList) -> list[Table]:
    """A table for each rank, numbered through, as the source has it."""
    columns = (
        Column(_("No."), 0.9, Align.RIGHT, Unit.PLAIN),
        Column(_("Area"), 1.2),
        Column(pgettext("of a list", "Local government"), 2.2),
        Column(_("Name"), 1.8),
        Column(_("Office or rank"), 3),
        Column(_("Remark"), 2),
    )
    groups = (
        (_("Heads of local governments"), found.heads),
        (_("Officials"), found.staff),
        (_("Guests"), found.guests),
    )
    return [
        Table(columns, tuple(_row(line) for line in lines), caption=caption, row_heads=1, numbered=False)
        for caption, lines in groups
        if lines
    ]


def one_table(found: AttendeeList) -> Table:
    """The whole list as one table, for files that hold one."""
    parts = attendee_tables(found)
    names = {0: _("head"), 1: _("official"), 2: pgettext("of an event", "guest")}
    columns = (parts[0].columns[0], Column(_("Kind"), 1.4), *parts[0].columns[1:])
    rows = tuple((_row(line)[0], names[line.attendee.rank], *_row(line)[1:]) for line in found.lines)
    return Table(columns, rows, row_heads=1, numbered=False)


def _row(line: AttendeeLine) -> tuple[str | int | None, ...]:
    one = line.attendee
    return (line.number, one.area, one.organisation, one.name or None, one.position, line.remark)


def attendees_section(found: AttendeeList) -> Section:
    """The chapter of a forum book. Guests are counted, not named: books are kept for good, their names for a year."""
    named = AttendeeList((*found.heads, *found.staff), found.order)
    blocks: list[Block] = [Paragraph(counts_in_words(found), Tone.SMALL), *attendee_tables(named)]
    return Section(_("Attendees"), tuple(blocks))


def build(order: Order) -> Report:
    forum = forum_by_reference(str(order.values["forum"]))
    found = attendees_of(forum, asked_order(order.values, forum))
    if not found.lines:
        raise RuleViolation(_("Nobody is registered for this event yet."), code="nothing_to_print")
    (forum,) = as_published([forum])
    return Report(
        title=_("Attendees: %(title)s") % {"title": forum.title},
        subtitle=" · ".join(
            (event_label(forum.kind, forum.term, forum.number), days_in_words(forum.starts_on, forum.ends_on))
        ),
        sections=(Section(_("Attendees"), (Paragraph(counts_in_words(found), Tone.SMALL), one_table(found))),),
        publisher=_("Mokmingwan Club"),
        language=order.language,
        style=Style.A4,
        running=day_text(forum.starts_on),
    )


def may_order(user: User, values: Values) -> bool:
    """Members and the secretariat, of events that they may see."""
    if not (keeps_the_club(user) or is_member.test(user)):
        return False
    reference = values.get("forum")
    if reference is None:
        return True
    try:
        forum = forum_by_reference(str(reference))
    except RuleViolation:
        return keeps_the_club(user)
    return user.has_perm("forums.view_forum", forum) and user.has_perm("forums.read_attendees", forum)


def _orders(_user: User | None) -> list[tuple[str, str]]:
    return [(value.value, str(label)) for value, label in ORDERS.items()]


def register() -> None:
    register_document(
        Document(
            name=NAME,
            title=gettext_lazy("Attendees of an event"),
            about=gettext_lazy("Heads first, then officials; proxies, host and presenters marked."),
            build=build,
            may_order=may_order,
            formats=(Format.PDF, Format.HWPX, Format.XLSX, Format.CSV),
            parameters=(
                EVENT,
                Parameter(
                    "order",
                    gettext_lazy("Order"),
                    required=False,
                    choices=_orders,
                    help=gettext_lazy("Empty means the order of the source, or by region where there is none."),
                ),
            ),
            personal_data=PERSONAL_DATA,
            purpose_asked=False,
        )
    )
