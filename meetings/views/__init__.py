"""Pages of meetings: of the participants, of the hall, of the desk at the door, and of whoever keeps the meeting."""

from meetings.views.desk import desk, pass_link
from meetings.views.door import arrive, door_link, door_page, door_svg, poster_page, poster_svg
from meetings.views.hall import hall_page, state
from meetings.views.keeping import keep, keeping_act, new_meeting
from meetings.views.reading import answer, meeting_ics, meeting_list, meeting_page, pass_svg

__all__ = [
    "answer",
    "arrive",
    "desk",
    "door_link",
    "door_page",
    "door_svg",
    "hall_page",
    "keep",
    "keeping_act",
    "meeting_ics",
    "meeting_list",
    "meeting_page",
    "new_meeting",
    "pass_link",
    "pass_svg",
    "poster_page",
    "poster_svg",
    "state",
]
