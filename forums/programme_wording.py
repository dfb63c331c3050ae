"""The changes between two versions of a programme, each as a sentence in the reader's language."""

from datetime import date

from django.utils.translation import gettext as _

from core.templatetags.madang import day_text
from forums.programme import Change, Changed, Thing
from forums.states import EventKind, Part

DAY_LENGTH = len("2014-01-10")


def change_in_words(change: Change) -> str:
    """The change as one sentence."""
    values = {"name": change.name, "before": _readable(change.before), "after": _readable(change.after)}
    if change.changed is Changed.PART:
        values |= {"before": _part(change.before), "after": _part(change.after)}
    sentences = _of_people() if change.thing is Thing.PERSON else _of_things()
    full, short = sentences.get(change.changed, ("", ""))
    is_full = {Changed.ADDED: values["after"], Changed.REMOVED: values["before"], Changed.REPLACED: values["name"]}
    if change.thing is Thing.PERSON:
        is_full[Changed.REORDERED] = values["name"]
    if change.changed is Changed.RELOCATED and not (values["before"] and values["after"]):
        full = _("“%(name)s” takes place here: %(after)s.")
        short = _("“%(name)s” no longer takes place at %(before)s. The new place is not known yet.")
        is_full = {Changed.RELOCATED: values["after"]}
    text = full if is_full.get(change.changed, "yes") else short
    return (text or _("The description of “%(name)s” has changed.")) % values


def _of_people() -> dict[Changed, tuple[str, str]]:
    """What is said of people: with what stands beside, and without."""
    return {
        Changed.ADDED: (_("%(name)s takes part (%(after)s)."), _("%(name)s takes part.")),
        Changed.REMOVED: (_("%(name)s no longer takes part (%(before)s)."), _("%(name)s no longer takes part.")),
        Changed.REPLACED: (_("“%(name)s”: %(after)s instead of %(before)s."), _("%(after)s instead of %(before)s.")),
        Changed.PART: (_("%(name)s: %(before)s → %(after)s."), ""),
        Changed.REORDERED: (
            _("“%(name)s”: the people stand in another order."),
            _("The people of the whole event stand in another order."),
        ),
        Changed.RENAMED: (_("%(name)s speaks on another subject: “%(before)s” → “%(after)s”."), ""),
    }


def _of_things() -> dict[Changed, tuple[str, str]]:
    """The same of events, sessions, themes and venues."""
    return {
        Changed.ADDED: (_("New: “%(name)s” (%(after)s)."), _("New: “%(name)s”.")),
        Changed.REMOVED: (_("Dropped: “%(name)s” (%(before)s)."), _("Dropped: “%(name)s”.")),
        Changed.MOVED: (_("Other time for “%(name)s”: %(before)s → %(after)s."), ""),
        Changed.RELOCATED: (_("Other place for “%(name)s”: %(before)s → %(after)s."), ""),
        Changed.RENAMED: (_("“%(before)s” is now called “%(after)s”."), ""),
        Changed.REORDERED: (_("Another place in the order: “%(name)s”."), ""),
        Changed.LENGTHENED: (_("“%(name)s” takes %(after)s minutes instead of %(before)s."), ""),
    }


def _part(value: str) -> str:
    return str(Part(value).label) if value in Part.values else value


def _readable(text: str) -> str:
    """Days at the beginning (and after " ~ ") as people here write them."""
    parts = text.split(" ~ ")
    return " ~ ".join(_with_day(part) for part in parts)


def _with_day(text: str) -> str:
    try:
        day = date.fromisoformat(text[:DAY_LENGTH])
    except ValueError:
        return text
    return f"{day_text(day)}{text[DAY_LENGTH:]}"


def event_label(kind: str, term: str, number: int | None) -> str:
    """What kind of event it is and how it is counted: "민선5기 제24차 정기포럼"."""
    name = str(EventKind(kind).label)
    if number is None:
        return _("%(term)s · %(kind)s") % {"term": term, "kind": name}
    return _("%(term)s · %(kind)s no. %(number)s") % {"term": term, "kind": name, "number": number}


def days_in_words(first: date, last: date) -> str:
    """The day, or the first and the last one."""
    return day_text(first) if first == last else f"{day_text(first)} ~ {day_text(last)}"
