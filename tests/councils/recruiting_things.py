"""Recruitments and applications in each state, by name, for the matrix of permissions: of another body of the dong."""

from datetime import date, timedelta

from councils.models import Application, EducationFigure, Recruitment
from councils.states import ApplicationStatus, BodyKind, IntakeWay, RecruitmentStatus
from tests.factories import NOON, CouncilFactory, RuleSetFactory, UserFactory

OWN = "the dong official's own application for a council"
OWN_RECRUITMENT = "recruitment that the dong official applied in"
RIVAL = "application beside the dong official's own"


def recruiting_things(dong, dong_official):
    """One of each in each state; in one of the recruitments the dong official applied."""
    things = {}
    for number, status in enumerate(RecruitmentStatus.values):
        things[f"recruitment {status}"] = _recruitment(dong, f"모집단 {number}", status)
    announced = things["recruitment announced"]
    for number, status in enumerate(ApplicationStatus.values, start=1):
        things[f"council application {status}"] = _application(announced, number, status, UserFactory())
    theirs = things[OWN_RECRUITMENT] = _recruitment(dong, "모집단", "announced")
    things[OWN] = _application(theirs, 1, "received", dong_official)
    things[RIVAL] = _application(theirs, 2, "received", UserFactory())
    things["figures of education"] = EducationFigure.objects.create(
        region=dong.parent, title="주민자치 워크숍", hours=11, source="시연 자료"
    )
    return things


def _recruitment(dong, name, status):
    return Recruitment.objects.create(
        council=CouncilFactory(dong=dong, kind=BodyKind.OTHER, name=name, type=""),
        rule_set=RuleSetFactory(region=dong.parent),
        title=f"{name} 모집",
        status=status,
        announced_at=None if status == RecruitmentStatus.PREPARING else NOON,
        cancelled_because="시연" if status == RecruitmentStatus.CANCELLED else "",
        seats=5,
        opens_at=NOON,
        closes_at=NOON + timedelta(days=20),
        learning_until=NOON + timedelta(days=40),
        erase_on=date(2030, 1, 1),
    )


def _application(recruitment, number, status, user):
    return Application.objects.create(
        recruitment=recruitment,
        number=None if status == ApplicationStatus.DRAFT else number,
        status=status,
        user=user,
        way=IntakeWay.WEB,
        submitted_at=NOON,
        reason="시연",
        alternate_position=1 if status == ApplicationStatus.ALTERNATE else None,
    )
