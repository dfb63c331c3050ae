"""What minutes hold: the record of a meeting as plain values, taken when they are drafted.

Source: rules.md O5: minutes name how many members there are (재적), how many were there (출석), who said what in short,
what was decided, and who signs.
"""

from typing import Any

from django.utils import timezone

from meetings.models import Candidate, Meeting, Participant, Resolution, Statement
from meetings.queries import came, resolutions_of, roll_of, spans_within
from meetings.states import ResolutionKind

FORMAT = 1


def record_of(meeting: Meeting) -> dict[str, Any]:
    """The record now; times as ISO text, no codes and no addresses. Eight queries, however many people there are."""
    roll = list(roll_of(meeting))
    sittings = _sittings(meeting, roll)
    return {
        "format": FORMAT,
        **({"sittings": sittings} if sittings else {}),
        "kind": meeting.kind,
        "title": meeting.title,
        "place": meeting.place,
        "starts_at": _iso(meeting.starts_at),
        "opened_at": _iso(meeting.opened_at),
        "closed_at": _iso(meeting.closed_at),
        "convened_by": meeting.convened_by,
        "convened_on": meeting.convened_on.isoformat() if meeting.convened_on else "",
        "eligible": meeting.eligible_at_opening,
        "present": meeting.present_at_opening,
        "needed": meeting.needed_at_opening,
        "quorum_article": meeting.quorum_article,
        "present_names": [_person(one) for one in roll if one.is_eligible and came(one)],
        "absent_names": [_person(one) for one in roll if one.is_eligible and not came(one)],
        "others": [_person(one) for one in roll if not one.is_eligible and came(one)],
        "agenda": [
            {"id": item.pk, "position": item.position, "title": item.title, "proposer": item.proposer}
            for item in meeting.agenda.order_by("position")
        ],
        "statements": [_statement(one) for one in meeting.statements.order_by("position")],
        "resolutions": [_resolution(one) for one in resolutions_of(meeting)],
    }


def _sittings(meeting: Meeting, roll: list[Participant]) -> list[dict[str, Any]]:
    """The sittings, each with how many members were there at any time of it."""
    sittings = list(meeting.sittings.all())
    times = [(one.starts_at, one.ends_at) for one in sittings]
    until = meeting.closed_at or meeting.ends_at
    there = [spans_within(one, times, until=until) for one in roll if one.is_eligible] if sittings else []
    return [
        {
            "title": one.title,
            "starts_at": _iso(one.starts_at),
            "ends_at": _iso(one.ends_at),
            "present": sum(bool(spans[place]) for spans in there),
        }
        for place, one in enumerate(sittings)
    ]


def _iso(at: Any) -> str:
    return timezone.localtime(at).isoformat(timespec="minutes") if at else ""


def _person(participant: Any) -> dict[str, str]:
    return {
        "name": participant.name,
        "affiliation": participant.affiliation,
        "role": participant.role,
        "proxy_for": participant.proxy_for,
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {"item": statement.item_id, "speaker": statement.speaker, "gist": statement.gist}


def _resolution(resolution: Resolution) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "item": resolution.item_id,
        "number": resolution.number,
        "kind": resolution.kind,
        "text": resolution.text,
        "ballot": resolution.ballot,
        "present": resolution.present,
        "needed": resolution.needed,
        "rule": resolution.rule,
        "permille": resolution.rule_amount,
        "article": resolution.article,
        "outcome": resolution.outcome,
        "invalid": resolution.invalid,
    }
    if resolution.kind == ResolutionKind.MOTION:
        votes = {"in_favour": resolution.in_favour, "against": resolution.against, "abstained": resolution.abstained}
        return {**facts, **votes}
    candidates = [_candidate(one) for one in sorted(resolution.candidates.all(), key=lambda one: one.position)]
    return {**facts, "seats": resolution.seats, "candidates": candidates}


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "name": candidate.name,
        "votes": candidate.votes,
        "is_elected": candidate.is_elected,
        "in_run_off": candidate.in_run_off,
    }
