"""Everything of councils, by noun."""

from councils.models.applications import Application, ApplicationStep, CreditedHours
from councils.models.councils import Council
from councils.models.courses import EducationCertificate, Learner
from councils.models.draws import BeaconEntry, CustomaryDraw, Draw, DrawnBall, DrawnDigit, DrawResult
from councils.models.members import (
    CouncilMeeting,
    CouncilTerm,
    Member,
    MemberAtCouncilMeeting,
    Subcommittee,
    SubcommitteeSeat,
)
from councils.models.recruitment import (
    CommitteeDecision,
    CommitteeMember,
    Course,
    EducationFigure,
    QuotaFeature,
    QuotaRelaxation,
    QuotaValue,
    Recruitment,
)
from councils.models.rollout import (
    CallBriefing,
    ConversionBid,
    ConversionCall,
    RolloutPlan,
    RolloutYear,
    StaffAssignment,
    StaffCareer,
    SupportStaff,
)
from councils.models.work import Agreement, Enrolment, FundSettlement, Programme, WorkItem

__all__ = [
    "Agreement",
    "Application",
    "ApplicationStep",
    "BeaconEntry",
    "CallBriefing",
    "CommitteeDecision",
    "CommitteeMember",
    "ConversionBid",
    "ConversionCall",
    "Council",
    "CouncilMeeting",
    "CouncilTerm",
    "Course",
    "CreditedHours",
    "CustomaryDraw",
    "Draw",
    "DrawResult",
    "DrawnBall",
    "DrawnDigit",
    "EducationCertificate",
    "EducationFigure",
    "Enrolment",
    "FundSettlement",
    "Learner",
    "Member",
    "MemberAtCouncilMeeting",
    "Programme",
    "QuotaFeature",
    "QuotaRelaxation",
    "QuotaValue",
    "Recruitment",
    "RolloutPlan",
    "RolloutYear",
    "StaffAssignment",
    "StaffCareer",
    "Subcommittee",
    "SubcommitteeSeat",
    "SupportStaff",
    "WorkItem",
]
