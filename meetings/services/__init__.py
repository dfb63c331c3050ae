"""Every write on meetings."""

from meetings.services.agenda import (
    add_item,
    add_sitting,
    change_item,
    change_sitting,
    move_item,
    remove_item,
    remove_sitting,
)
from meetings.services.attendance import check_in, check_in_oneself, check_out, correct_attendance, enter_attendance
from meetings.services.course import (
    adjourn_meeting,
    call_meeting,
    cancel_meeting,
    change_meeting,
    close_meeting,
    create_meeting,
    open_meeting,
    resume_meeting,
)
from meetings.services.minutes import approve_minutes, draft_minutes
from meetings.services.people import (
    Guest,
    add_participants,
    answer_invitation,
    change_participant,
    remove_participant,
)
from meetings.services.records import (
    record_election,
    record_resolution,
    record_statement,
    remove_statement,
    withdraw_resolution,
)

__all__ = [
    "Guest",
    "add_item",
    "add_participants",
    "add_sitting",
    "adjourn_meeting",
    "answer_invitation",
    "approve_minutes",
    "call_meeting",
    "cancel_meeting",
    "change_item",
    "change_meeting",
    "change_participant",
    "change_sitting",
    "check_in",
    "check_in_oneself",
    "check_out",
    "close_meeting",
    "correct_attendance",
    "create_meeting",
    "draft_minutes",
    "enter_attendance",
    "move_item",
    "open_meeting",
    "record_election",
    "record_resolution",
    "record_statement",
    "remove_item",
    "remove_participant",
    "remove_sitting",
    "remove_statement",
    "resume_meeting",
    "withdraw_resolution",
]
