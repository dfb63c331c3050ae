"""The life of an event: made, changed, copied, published, held or cancelled; the profile of its host."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.signs import clean_texts
from forums.models import Forum, HostProfile, ProgrammeVersion
from forums.programme import as_data, changes, from_data
from forums.queries.forums import forum_with_programme, programme_of
from forums.readiness import missing_before_publishing
from forums.services.gathering import break_off_with_the_event, end_with_the_event, follow_the_event
from forums.services.places import finish
from forums.services.programme_notices import tell_participants
from forums.states import PUBLIC_FORUMS, EventKind, ForumStatus
from residents.models import User
from residents.services.elections import refuse_event, refuse_publishing

FIELDS = frozenset(
    {
        "kind",
        "number",
        "term",
        "title",
        "host",
        "place",
        "starts_on",
        "ends_on",
        "is_online",
        "intent",
        "places",
        "fee",
        "register_until",
        "public_registration",
        "note",
    }
)
# By these a published forum is known, in books and in links.
FIXED_WHEN_PUBLISHED = frozenset({"kind", "number", "term"})
# What stays open once it was held, and is never announced.
CHANGEABLE_WHEN_HELD = frozenset({"note"})
PROFILE_FIELDS = frozenset(
    {
        "households",
        "people",
        "area_hectares",
        "budget_million",
        "budget_note",
        "goal",
        "aims",
        "history",
        "source",
    }
)
PLANNED = frozenset({ForumStatus.DRAFT, ForumStatus.PUBLISHED})
LONGEST = timedelta(days=60)


def locked_forum(forum_id: int) -> Forum:
    """The forum under its row lock; every other service on it and its parts waits."""
    return Forum.objects.select_for_update(of=("self",)).select_related("host__parent").get(pk=forum_id)


def require_planned(forum: Forum) -> None:
    """Raises RuleViolation for an event whose programme is closed."""
    if forum.status not in PLANNED:
        raise RuleViolation(
            _("This event is “%(state)s”. Its programme can no longer be changed.")
            % {"state": forum.get_status_display()},
            code="wrong_state",
        )


def changed_fields(thing: Any, wanted: Mapping[str, Any], allowed: frozenset[str]) -> list[str]:
    """Names of the fields whose values differ. Raises ValueError for a field that is not `allowed`."""
    if not set(wanted) <= allowed:
        raise ValueError(f"not changeable: {sorted(set(wanted) - allowed)}")
    return sorted(name for name, value in wanted.items() if getattr(thing, name) != value)


def _check_facts(forum: Forum) -> None:
    clean_texts(forum)
    if not forum.title.strip() or not forum.term.strip():
        raise RuleViolation(_("An event needs a title and the term in which it is counted."), code="nameless")
    if forum.ends_on < forum.starts_on:
        raise RuleViolation(_("The last day lies before the first."), code="ends_before_it_starts")
    if forum.ends_on - forum.starts_on > LONGEST:
        raise RuleViolation(_("An event takes at most sixty days. Please look at its days."), code="too_long")
    if forum.number is None:
        return
    same = Forum.objects.filter(kind=forum.kind, term=forum.term, number=forum.number).exclude(pk=forum.pk)
    if same.exists():
        raise RuleViolation(
            _("There already is an event of this kind with the number %(number)s in the term %(term)s.")
            % {"number": forum.number, "term": forum.term},
            code="number_taken",
        )


@transaction.atomic
def create_forum(  # noqa: PLR0913 - what every event has
    *,
    title: str,
    term: str,
    starts_on: date,
    ends_on: date,
    actor: User | None,
    at: datetime,
    kind: str = EventKind.FORUM,
    number: int | None = None,
    **fields: Any,
) -> Forum:
    """Make an event in preparation. `fields` are any other of FIELDS.

    Raises RuleViolation if its days are in the wrong order, its number is taken in the term, or the event is still to
    come and falls into the days before a local election when events are restricted; ValueError for an unknown field.
    """
    if not set(fields) <= FIELDS:
        raise ValueError(f"no such field: {sorted(set(fields) - FIELDS)}")
    forum = Forum(title=title, term=term, starts_on=starts_on, ends_on=ends_on, kind=kind, number=number, **fields)
    _check_facts(forum)
    _refuse_if_restricted(forum, at)
    forum.save()
    record(actor=actor, action="forums.forum_created", target=forum, at=at)
    return forum


def _refuse_if_restricted(forum: Forum, at: datetime) -> None:
    """What was held before is a record of the past: the restriction is on events to come."""
    if forum.ends_on >= timezone.localdate(at):
        refuse_event(first_day=forum.starts_on, last_day=forum.ends_on)


@transaction.atomic
def change_forum(*, forum_id: int, changes: Mapping[str, Any], actor: User | None, at: datetime) -> Forum:
    """Change fields. What is public changes only with the next version that is published; more places go to
    those who wait at once.

    Where the event keeps its length and moves to other days, its sessions move along; where it gets longer or shorter
    they stay where they are. Raises RuleViolation if the state does not allow it, a session would be left outside the
    days, or `create_forum` would; ValueError for an unknown field.
    """
    forum = locked_forum(forum_id)
    changed = changed_fields(forum, changes, FIELDS)
    if not changed:
        return forum
    if set(changed) - CHANGEABLE_WHEN_HELD:
        require_planned(forum)
    if forum.status == ForumStatus.PUBLISHED and set(changed) & FIXED_WHEN_PUBLISHED:
        raise RuleViolation(_("Kind, number and term of a published event stay as they are."), code="published")
    first, length = forum.starts_on, forum.ends_on - forum.starts_on
    for name in changed:
        setattr(forum, name, changes[name])
    _check_facts(forum)
    if {"starts_on", "ends_on"} & set(changed):
        _refuse_if_restricted(forum, at)
        _move_sessions(forum, forum.starts_on - first if forum.ends_on - forum.starts_on == length else timedelta())
    forum.save()
    record(actor=actor, action="forums.forum_changed", target=forum, details={"fields": changed}, at=at)
    if "places" in changed:
        finish(forum, actor=actor, at=at)
    return forum


def _move_sessions(forum: Forum, by: timedelta) -> None:
    for session in forum.sessions.all():
        session.day += by
        if not forum.starts_on <= session.day <= forum.ends_on:
            raise RuleViolation(
                _("The session “%(title)s” would stand on a day outside the event. Please move it first.")
                % {"title": session.title},
                code="session_outside",
            )
        if by:
            session.save(update_fields=["day"])


# --- Publishing -------------------------------------------------------------------------------------------------------


@transaction.atomic
def publish_forum(*, forum_id: int, actor: User | None, at: datetime, note: str = "") -> ProgrammeVersion:
    """Publish the programme as it stands now, as the next version, and tell the participants what changed.

    Raises RuleViolation while publicity or the event itself is restricted before a local election, if something is
    missing, the event was held or cancelled, or nothing changed since the last version.
    """
    forum = locked_forum(forum_id)
    require_planned(forum)
    refuse_publishing(at=at)
    _refuse_if_restricted(forum, at)
    for problem in missing_before_publishing(forum):
        raise RuleViolation(problem.text, code=problem.code)
    if forum.status == ForumStatus.DRAFT:
        forum.move_to(ForumStatus.PUBLISHED)
        forum.save(update_fields=["status"])
    version = _new_version(forum, note=note, at=at)
    finish(forum, actor=actor, at=at)
    follow_the_event(forum, actor=actor, at=at)
    record(actor=actor, action="forums.programme_published", target=forum, details={"version": version.number}, at=at)
    tell_participants(forum, version, actor=actor, at=at)
    return version


def _new_version(forum: Forum, *, note: str, at: datetime) -> ProgrammeVersion:
    programme = programme_of(forum_with_programme().get(pk=forum.pk))
    last = forum.versions.order_by("-number").first()
    differences = changes(from_data(last.snapshot), programme) if last else []
    if last and not differences:
        raise RuleViolation(
            _("Nothing has changed since version %(number)s. There is nothing to publish.") % {"number": last.number},
            code="nothing_changed",
        )
    return ProgrammeVersion.objects.create(
        forum=forum,
        number=last.number + 1 if last else 1,
        published_at=at,
        snapshot=as_data(programme),
        changes=[change.as_data() for change in differences],
        note=note.strip(),
    )


@transaction.atomic
def record_past_forum(*, forum_id: int, actor: User | None, at: datetime) -> Forum:
    """Put an event on record that was held before it was entered here. Nobody is told.

    What there is of its programme becomes version 1; it may lack anything. It stands on public pages from then on, with
    the heads who spoke, so that publicity of what they did appears: before a local election it waits as a draft, which
    may be filled all the time. Events themselves are restricted only where they are to come.
    Raises RuleViolation while publicity is restricted, if it is not over, or was published already.
    """
    forum = locked_forum(forum_id)
    refuse_publishing(at=at)
    if forum.ends_on >= timezone.localdate(at):
        raise RuleViolation(_("This event is not over. Please publish its programme instead."), code="not_over")
    if forum.status != ForumStatus.DRAFT:
        raise RuleViolation(_("This event has been published already."), code="wrong_state")
    forum.move_to(ForumStatus.PUBLISHED)
    forum.move_to(ForumStatus.HELD)
    forum.save(update_fields=["status"])
    _new_version(forum, note="", at=at)
    record(actor=actor, action="forums.forum_recorded", target=forum, at=at)
    return forum


@transaction.atomic
def mark_held(*, forum_id: int, actor: User | None, at: datetime) -> Forum:
    """Close the programme of an event whose last day has come. Raises RuleViolation before that day."""
    forum = locked_forum(forum_id)
    if forum.ends_on > timezone.localdate(at):
        raise RuleViolation(_("The last day of the event is still to come."), code="not_over")
    forum.move_to(ForumStatus.HELD)
    forum.save(update_fields=["status"])
    end_with_the_event(forum, actor=actor, at=at)
    record(actor=actor, action="forums.forum_held", target=forum, at=at)
    return forum


@transaction.atomic
def cancel_forum(*, forum_id: int, reason: str, actor: User | None, at: datetime) -> Forum:
    """Call an event off, or break off one that goes on, with a reason that is published where the event was.

    Its meeting ends with it. The participants are told.
    """
    forum = locked_forum(forum_id)
    if not reason.strip():
        raise RuleViolation(_("Please say why the event is called off."), code="reason_missing")
    last = forum.versions.order_by("-number").first()
    forum.move_to(ForumStatus.CANCELLED)
    forum.cancelled_because = reason.strip()
    forum.save(update_fields=["status", "cancelled_because"])
    break_off_with_the_event(forum, actor=actor, at=at)
    record(actor=actor, action="forums.forum_cancelled", target=forum, at=at)
    if last is not None:
        tell_participants(forum, last, actor=actor, at=at)
    return forum


@transaction.atomic
def copy_forum(  # noqa: PLR0913 - what differs in the copy
    *,
    forum_id: int,
    title: str,
    term: str,
    starts_on: date,
    actor: User | None,
    at: datetime,
    number: int | None = None,
    with_people: bool = False,
) -> Forum:
    """Make a new event in preparation from an earlier one: venues, themes with their points, and the timetable.

    The sessions keep their distance from the first day. Speakers come along only `with_people`; materials, versions,
    registrations and the host's profile never do. Raises as `create_forum` does.
    """
    source = locked_forum(forum_id)
    copy = create_forum(
        title=title,
        term=term,
        number=number,
        kind=source.kind,
        starts_on=starts_on,
        ends_on=starts_on + (source.ends_on - source.starts_on),
        host=source.host,
        place=source.place,
        is_online=source.is_online,
        intent=source.intent,
        places=source.places,
        fee=source.fee,
        public_registration=source.public_registration,
        actor=actor,
        at=at,
    )
    _copy_programme(source, copy, with_people=with_people)
    return copy


def _copied(part: Any, **changed: Any) -> Any:
    """A new row with the values of `part`, but for what changed."""
    for name, value in changed.items():
        setattr(part, name, value)
    part.pk = None
    part._state.adding = True
    part.save()
    return part


def _copy_programme(source: Forum, copy: Forum, *, with_people: bool) -> None:
    venues: dict[int | None, Any] = {None: None}
    for venue in source.venues.all():
        key = venue.pk
        venues[key] = _copied(venue, forum=copy)
    themes = {}
    for theme in source.themes.all():
        key, points = theme.pk, list(theme.points.all())
        themes[key] = _copied(theme, forum=copy)
        for point in points:
            _copied(point, theme=themes[key])
    for session in source.sessions.prefetch_related("themes"):
        held = [themes[theme.pk] for theme in session.themes.all()]
        day = copy.starts_on + (session.day - source.starts_on)
        made = _copied(session, forum=copy, venue=venues[session.venue_id], day=day)
        made.themes.set(held)
    if with_people:
        for part in source.contributions.all():
            _copied(part, forum=copy, theme=themes.get(part.theme_id) if part.theme_id else None)


# --- The host ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_host_profile(*, forum_id: int, actor: User | None, at: datetime, **fields: Any) -> HostProfile:
    """Say what the book tells of the host, as of the event. `fields` are any of PROFILE_FIELDS.

    aims: [{"title": …, "lines": […]}], history: [{"when": …, "what": …}]. Raises ValueError for anything else, and
    RuleViolation while publicity is restricted for an event that is public: its page shows the profile at once.
    """
    forum = locked_forum(forum_id)
    if forum.status in PUBLIC_FORUMS:
        refuse_publishing(at=at)
    profile = HostProfile.objects.filter(forum=forum).first() or HostProfile(forum=forum)
    changed = changed_fields(profile, fields, PROFILE_FIELDS)
    for aim in fields.get("aims", []):
        if set(aim) != {"title", "lines"}:
            raise ValueError("an aim has a title and lines")
    for event in fields.get("history", []):
        if set(event) != {"when", "what"}:
            raise ValueError("an event of the history has a when and a what")
    for name in changed:
        setattr(profile, name, fields[name])
    if changed or profile._state.adding:
        profile.save()
        record(actor=actor, action="forums.profile_changed", target=forum, details={"fields": changed}, at=at)
    return profile
