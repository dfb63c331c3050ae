"""Everything of the club, by noun."""

from forums.models.attendance import ListedAttendance, PrintedTotal, Registration
from forums.models.dues import CostShare, CostShareLine, DuesCharge, DuesRate, Payment, Refund
from forums.models.forums import (
    Contribution,
    DiscussionPoint,
    Forum,
    HostProfile,
    Material,
    ProgrammeVersion,
    Session,
    Theme,
    Venue,
)
from forums.models.governance import BylawArticle, Bylaws, ClubMeeting, MemberAtMeeting
from forums.models.members import (
    Application,
    ApplicationStep,
    Member,
    MemberAbsence,
    MemberAccount,
    MemberMail,
    MemberTerm,
)
from forums.models.officers import Appointment, Outsider, Partner
from forums.models.publications import Publication

__all__ = [
    "Application",
    "ApplicationStep",
    "Appointment",
    "BylawArticle",
    "Bylaws",
    "ClubMeeting",
    "Contribution",
    "CostShare",
    "CostShareLine",
    "DiscussionPoint",
    "DuesCharge",
    "DuesRate",
    "Forum",
    "HostProfile",
    "ListedAttendance",
    "Material",
    "Member",
    "MemberAbsence",
    "MemberAccount",
    "MemberAtMeeting",
    "MemberMail",
    "MemberTerm",
    "Outsider",
    "Partner",
    "Payment",
    "PrintedTotal",
    "ProgrammeVersion",
    "Publication",
    "Refund",
    "Registration",
    "Session",
    "Theme",
    "Venue",
]
