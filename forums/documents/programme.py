"""The programme of an event on paper: two A4 pages for two days."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import RuleViolation
from core.templatetags.madang import day_text
from forums.documents.attendees import EVENT
from forums.models import Forum
from forums.permissions import keeps_the_club
from forums.programme import PersonLine, Programme, SessionLine, ThemeLine
from forums.programme_wording import days_in_words, event_label
from forums.queries.forums import (
    forum_by_reference,
    forum_with_programme,
    programme_of,
    published_programme,
)
from forums.states import Part
from reports.content import Block, Column, Paragraph, Report, Section, Style, Table
from reports.registry import Document, Format, Order, Values
from reports.registry import register as register_document
from residents.models import User


def build(order: Order) -> Report:
    """The last published programme; before the first one, and for whom keeps the club, the draft, called so."""
    forum = forum_by_reference(str(order.values["forum"]))
    programme, about = _programme(forum, order.reader)
    return Report(
        title=programme.title,
        subtitle=event_label(programme.kind, programme.term, programme.number),
        sections=tuple(programme_sections(programme)),
        publisher=_("Mokmingwan Club"),
        language=order.language,
        style=Style.A4,
        running=about,
    )


def _programme(forum: Forum, reader: User | None) -> tuple[Programme, str]:
    published = published_programme(forum)
    if published is not None:
        version, programme = published
        values = {"number": version.number, "day": day_text(version.published_at)}
        return programme, _("Version %(number)s, %(day)s") % values
    if reader is not None and not keeps_the_club(reader):
        raise RuleViolation(_("The programme of this event has not been published yet."), code="not_published")
    return programme_of(forum_with_programme().get(pk=forum.pk)), _("Draft")


def programme_sections(programme: Programme) -> list[Section]:
    """The programme in sections, for this paper and for the book: tables, so that it keeps to two pages."""
    when = days_in_words(programme.starts_on, programme.ends_on)
    facts = [_("When: %(days)s") % {"days": when}]
    if place := programme.place or programme.host:
        facts.append(_("Where: %(place)s") % {"place": place})
    if programme.host:
        facts.append(_("Host: %(host)s") % {"host": programme.host})
    intent = [Paragraph(line) for line in programme.intent.splitlines() if line.strip()]
    found = [Section(_("Occasion"), (Paragraph(" · ".join(facts)), *intent))]
    if programme.sessions:
        found.append(Section(_("Timetable"), tuple(_timetables(programme))))
    if programme.themes or programme.people:
        found.append(Section(_("Themes and discussion"), tuple(_themes(programme))))
    return found


def _timetables(programme: Programme) -> list[Table]:
    columns = (Column(_("Time"), 2), Column(_("Programme"), 4), Column(_("Details"), 6))
    return [
        Table(
            columns,
            tuple((_printed(line), line.title, _details(programme, line)) for line in lines),
            caption=day_text(day),
            numbered=False,
        )
        for day, lines in programme.days()
    ]


def _printed(line: SessionLine) -> str:
    return f"{f'{line.starts:%H:%M}' if line.starts else ''}~{f'{line.ends:%H:%M}' if line.ends else ''}"


def _details(programme: Programme, line: SessionLine) -> str:
    venue = next((one for one in programme.venues if one.key == line.venue), None)
    place = ", ".join(part for part in (venue.name if venue else "", line.room, venue.address if venue else "") if part)
    themes = [f"{theme.number}. {theme.title}" for theme in programme.themes if theme.key in line.themes]
    return "\n".join(part for part in (place, line.details.strip(), *themes) if part)


def _themes(programme: Programme) -> list[Block]:
    """Who takes part in the whole event, as books print it first; then the themes with their people and points."""
    blocks: list[Block] = [Paragraph(line) for line in _people(programme.people)]
    if programme.themes:
        columns = (Column(_("Theme"), 3), Column(_("Presentations and panel"), 5), Column(_("To be discussed"), 5))
        themes = sorted(programme.themes, key=lambda theme: theme.number)
        rows = tuple(
            (_theme_title(theme), "\n".join(_people(theme.people)), "\n".join(f"· {point}" for point in theme.points))
            for theme in themes
        )
        blocks.append(Table(columns, rows, numbered=False))
    return blocks


def _theme_title(theme: ThemeLine) -> str:
    minutes = ngettext("%(minutes)s minute", "%(minutes)s minutes", theme.minutes) % {"minutes": theme.minutes}
    return f"{theme.number}. {theme.title} ({minutes})"


def _people(people: tuple[PersonLine, ...]) -> list[str]:
    """A line for each presentation, and one for all others with the same part."""
    lines = []
    for part in Part.values:
        found = [_person(one) for one in people if one.part == part]
        name = str(Part(part).label)
        if part == Part.PRESENTER:
            lines += [f"{name}: {one}" for one in found]
        elif found:
            lines.append(f"{name}: {', '.join(found)}")
    return lines


def _person(person: PersonLine) -> str:
    return f"{person.title} / {person.name}" if person.title else person.name


# --- Who may order it -------------------------------------------------------------------------------------------------


def may_order(user: User, values: Values) -> bool:
    """Whether the event is one that this account may see."""
    reference = values.get("forum")
    if reference is None:
        return True
    try:
        return user.has_perm("forums.view_forum", forum_by_reference(str(reference)))
    except RuleViolation:
        return keeps_the_club(user)


PROGRAMME = Document(
    name="forum-programme",
    title=gettext_lazy("Programme of an event"),
    about=gettext_lazy("Occasion, timetable, themes and people."),
    build=build,
    may_order=may_order,
    formats=(Format.PDF, Format.HWPX),
    parameters=(EVENT,),
)


def register() -> None:
    register_document(PROGRAMME)
