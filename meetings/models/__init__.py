"""Meetings with their agenda, the people and when they were there, what was decided, and the minutes."""

from meetings.models.gatherings import AgendaItem, Meeting, Sitting
from meetings.models.people import Attendance, Participant
from meetings.models.records import Candidate, Minutes, Resolution, Statement

__all__ = [
    "AgendaItem",
    "Attendance",
    "Candidate",
    "Meeting",
    "Minutes",
    "Participant",
    "Resolution",
    "Sitting",
    "Statement",
]
