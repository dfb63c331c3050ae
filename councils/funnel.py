"""Where a recruitment stands, and where one application in it stands. Pure: standard library only, no clock.

Source: rules.md C3: recruitment, application, residents' school, lottery, appointment; each stage with its dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from councils.states import ApplicationStatus, RecruitmentStatus


class Station(StrEnum):
    """The stations of a recruitment in their order."""

    NOTICE = "notice"
    APPLICATIONS = "applications"
    SCHOOL = "school"
    POOL = "pool"
    DRAW = "draw"
    APPOINTMENT = "appointment"


class Standing(StrEnum):
    """Where a station lies, seen from now."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Days:
    """When a recruitment takes applications and hours; half-open."""

    opens_at: datetime
    closes_at: datetime
    learning_until: datetime


POOL_DONE = frozenset(
    {RecruitmentStatus.POOLED, RecruitmentStatus.FROZEN, RecruitmentStatus.DRAWN, RecruitmentStatus.APPOINTED}
)
DRAW_DONE = frozenset({RecruitmentStatus.DRAWN, RecruitmentStatus.APPOINTED})

# How far an application is: how many of the applicant's stations lie behind it.
BEHIND = {
    ApplicationStatus.DRAFT: 0,
    ApplicationStatus.RECEIVED: 1,
    ApplicationStatus.SUPPLEMENT: 1,
    ApplicationStatus.CHECKED: 2,
    ApplicationStatus.LEARNING: 2,
    ApplicationStatus.POOL: 4,
    ApplicationStatus.SELECTED: 5,
    ApplicationStatus.ALTERNATE: 5,
    ApplicationStatus.NOT_SELECTED: 5,
    ApplicationStatus.APPOINTED: 6,
    ApplicationStatus.DISMISSED: 6,
}


class Stage(StrEnum):
    """The stations of an applicant in their order."""

    RECEIVED = "received"
    CHECKED = "checked"
    LEARNING = "learning"
    POOL = "pool"
    DRAWN = "drawn"
    APPOINTED = "appointed"


def course(status: str, days: Days, *, at: datetime, wants_hours: bool) -> list[tuple[Station, Standing]]:
    """The stations of an announced recruitment, seen from `at`.

    The first that is not done is the present one; a call that has not opened yet stands between notice and
    applications, so nothing is present. Without hours there is no school.
    """
    pooled = status in POOL_DONE
    done = {Station.NOTICE: True, Station.APPLICATIONS: pooled or at >= days.closes_at}
    if wants_hours:
        done[Station.SCHOOL] = pooled or at >= days.learning_until
    done[Station.POOL] = pooled
    done[Station.DRAW] = status in DRAW_DONE
    done[Station.APPOINTMENT] = status == RecruitmentStatus.APPOINTED
    present = next((station for station, is_done in done.items() if not is_done), None)
    waits = at < days.opens_at
    return [
        (
            station,
            Standing.DONE if is_done else Standing.NOW if station is present and not waits else Standing.NEXT,
        )
        for station, is_done in done.items()
    ]


def stages(status: str, *, wants_hours: bool) -> list[tuple[Stage, Standing]]:
    """The stations of one application; [] where it ended before the draw, by exclusion or withdrawal.

    Who was not selected has the draw behind them and nothing before them, and so have those whose membership ended.
    """
    behind = BEHIND.get(ApplicationStatus(status))
    if behind is None:
        return []
    shown: Sequence[Stage] = tuple(Stage)
    if status == ApplicationStatus.NOT_SELECTED:
        shown = tuple(Stage)[:5]
    return [
        (
            stage,
            Standing.DONE
            if place < behind
            else Standing.NOW
            if place == _present(behind, wants_hours)
            else Standing.NEXT,
        )
        for place, stage in enumerate(shown)
        if wants_hours or stage is not Stage.LEARNING
    ]


def _present(behind: int, wants_hours: bool) -> int:
    school = 2
    return behind + 1 if behind == school and not wants_hours else behind
