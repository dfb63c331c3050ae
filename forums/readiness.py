"""What is still missing before a programme is published, and what is worth a second look, with where to mend it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from core.templatetags.madang import day_text
from forums.models import Forum
from forums.programme import Programme, SessionLine
from forums.queries.forums import forum_with_programme, programme_of
from forums.states import EventKind
from forums.timetable import Slot, beside, empty_days, gaps, overfills, overlaps
from residents.services.elections import election_warning


class Where(StrEnum):
    """The place at the desk where a thing is mended."""

    EVENT = "event"
    TIMETABLE = "timetable"
    THEME = "theme"
    VENUE = "venue"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to mend: a stable code, a sentence, where to mend it, and the theme, venue or day concerned."""

    code: str
    text: str
    where: Where
    key: int | None = None
    day: date | None = None


def missing_before_publishing(forum: Forum) -> list[Missing]:
    """Everything that keeps the programme from being published."""
    full = forum_with_programme().get(pk=forum.pk)
    return missing_in(full, programme_of(full))


def missing_in(forum: Forum, programme: Programme) -> list[Missing]:
    """The same for a programme that is at hand already. No query."""
    found = []
    if forum.kind == EventKind.FORUM and forum.host_id is None and not forum.is_online:
        found.append(Missing("no_host", _("The host is not named yet."), Where.EVENT))
    slots = programme.slots()
    titles = {line.key: line.title for line in programme.sessions}
    found += [
        Missing("empty_day", _("Nothing is planned yet on %(day)s.") % {"day": day_text(day)}, Where.TIMETABLE, day=day)
        for day in empty_days(slots, forum.starts_on, forum.ends_on)
    ]
    for pair in overlaps(slots):
        text = _("“%(first)s” and “%(second)s” are at the same time on %(day)s. Please mark one if it is meant.")
        values = {"first": titles[pair.first.key], "second": titles[pair.second.key], "day": day_text(pair.first.day)}
        found.append(Missing("overlap", text % values, Where.TIMETABLE, day=pair.first.day))
    for full in overfills(slots):
        text = _("The themes of “%(title)s” take %(needed)s minutes, but it lasts %(minutes)s.")
        values = {"title": titles[full.slot.key], "needed": str(full.needed), "minutes": str(full.minutes)}
        found.append(Missing("overfull", text % values, Where.TIMETABLE, day=full.slot.day))
    return found


def advised_in(programme: Programme, at: datetime) -> list[Missing]:
    """What most programmes have, and what comes up soon; nothing of it stands in the way."""
    found = []
    for venue in programme.venues:
        if not venue.address:
            text = _("The venue “%(name)s” has no address yet.") % {"name": venue.name}
            found.append(Missing("no_address", text, Where.VENUE, venue.key))
    placed = {key for line in programme.sessions for key in line.themes}
    for theme in programme.themes:
        if not theme.people:
            text = _("Nobody is named yet for the theme “%(title)s”.") % {"title": theme.title}
            found.append(Missing("nobody", text, Where.THEME, theme.key))
        if theme.key not in placed:
            text = _("The theme “%(title)s” stands in no session.") % {"title": theme.title}
            found.append(Missing("theme_without_session", text, Where.TIMETABLE))
    found += _twice_at_once(programme)
    found += [_gap(programme, gap.after, gap.before, gap.minutes) for gap in gaps(programme.slots())]
    warning = election_warning(timezone.localdate(at))
    if warning:
        found.append(Missing("election", warning, Where.EVENT))
    return found


def _twice_at_once(programme: Programme) -> list[Missing]:
    """Rooms and people that sessions beside each other want at the same time."""
    lines = {line.key: line for line in programme.sessions}
    venues = {venue.key: venue.name for venue in programme.venues}
    found = []
    for pair in beside(programme.slots()):
        first, second = lines[pair.first.key], lines[pair.second.key]
        values = {"first": first.title, "second": second.title, "day": day_text(first.day)}
        if first.venue and (first.venue, first.room) == (second.venue, second.room):
            place = " ".join(part for part in (venues.get(first.venue, ""), first.room) if part)
            text = _("“%(first)s” and “%(second)s” are in the same place (%(place)s) at the same time on %(day)s.")
            found.append(Missing("same_place", text % {**values, "place": place}, Where.TIMETABLE, day=first.day))
        for name in sorted(_names_in(programme, first) & _names_in(programme, second)):
            text = _("%(name)s takes part in “%(first)s” and in “%(second)s”, which are at the same time on %(day)s.")
            found.append(Missing("same_person", text % {**values, "name": name}, Where.TIMETABLE, day=first.day))
    return found


def _names_in(programme: Programme, line: SessionLine) -> set[str]:
    """Who takes part in the themes of a session, as printed."""
    return {person.name for theme in programme.themes if theme.key in line.themes for person in theme.people}


def _gap(programme: Programme, after: Slot, before: Slot, minutes: int) -> Missing:
    titles = {line.key: line.title for line in programme.sessions}
    text = _("Between “%(after)s” and “%(before)s” on %(day)s %(minutes)s minutes are free.") % {
        "after": titles[after.key],
        "before": titles[before.key],
        "day": day_text(after.day),
        "minutes": minutes,
    }
    return Missing("gap", text, Where.TIMETABLE, day=after.day)
