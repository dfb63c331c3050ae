"""What the house holds about one person, asked of every app that holds something.

An app registers in `AppConfig.ready()` what it can show of a person and, if it keeps personal fields, how it empties
them. Nothing here knows the apps above.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise

from core.errors import RuleViolation
from residents.models import User

FORMAT = "madang-my-data/1"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: a stable `key` for machines, a `label` and a `value` for people."""

    key: str
    label: str | Promise
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """Facts of one kind; each record is one thing (one residence, one participation) with its facts."""

    key: str
    title: str | Promise
    records: tuple[tuple[Fact, ...], ...]


Exporter = Callable[[User], Iterable[Section]]
Eraser = Callable[[User, datetime], None]
# Why the data of a person is needed a while longer, as a sentence for them; "" if it is not.
Need = Callable[[User, datetime], str]


@dataclass(frozen=True, slots=True)
class _Holder:
    export: Exporter
    erase: Eraser | None
    need: Need | None


_holders: dict[str, _Holder] = {}


def register(app: str, *, export: Exporter, erase: Eraser | None = None, need: Need | None = None) -> None:
    """Let `app` take part. `erase` is called in the transaction that erases a person, its row locked."""
    _holders[app] = _Holder(export, erase, need)


def sections_of(user: User) -> list[Section]:
    """Everything that is held about this person, in the order in which the apps registered."""
    return [section for holder in _holders.values() for section in holder.export(user)]


def refuse_while_needed(user: User, at: datetime) -> None:
    """Raise RuleViolation with what an app still needs this person's data for."""
    for holder in _holders.values():
        reason = holder.need(user, at) if holder.need else ""
        if reason:
            raise RuleViolation(reason, code="still_needed")


def erase(user: User, at: datetime) -> None:
    """Let every app empty what it holds, the topmost first, because rows above point to rows below."""
    for holder in reversed(list(_holders.values())):
        if holder.erase is not None:
            holder.erase(user, at)


def as_json(user: User, at: datetime) -> dict[str, object]:
    """The same as plain data: format, time, and sections with their records as key and value."""
    return {
        "format": FORMAT,
        "exported_at": timezone.localtime(at).isoformat(timespec="seconds"),
        "sections": [
            {
                "key": section.key,
                "title": str(section.title),
                "records": [{fact.key: fact.value for fact in one} for one in section.records],
            }
            for section in sections_of(user)
        ],
    }
