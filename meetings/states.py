"""The words and lives of meetings, attendance, resolutions and minutes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MeetingStatus(models.TextChoices):
    DRAFT = "draft", _("being prepared")
    CALLED = "called", pgettext_lazy("a meeting", "called")
    OPEN = "open", _("in session")
    ADJOURNED = "adjourned", _("adjourned")
    CLOSED = "closed", pgettext_lazy("a meeting", "closed")
    MINUTED = "minuted", _("minutes approved")
    CANCELLED = "cancelled", _("cancelled")


MEETING_TRANSITIONS: dict[str, frozenset[str]] = {
    MeetingStatus.DRAFT: frozenset({MeetingStatus.CALLED, MeetingStatus.CANCELLED}),
    MeetingStatus.CALLED: frozenset({MeetingStatus.OPEN, MeetingStatus.CANCELLED}),
    MeetingStatus.OPEN: frozenset({MeetingStatus.ADJOURNED, MeetingStatus.CLOSED}),
    MeetingStatus.ADJOURNED: frozenset({MeetingStatus.OPEN, MeetingStatus.CLOSED}),
    MeetingStatus.CLOSED: frozenset({MeetingStatus.MINUTED}),
    MeetingStatus.MINUTED: frozenset(),
    MeetingStatus.CANCELLED: frozenset(),
}

# The invitation may still be put right.
BEFORE_OPENING = frozenset({MeetingStatus.DRAFT, MeetingStatus.CALLED})
# People come and go; what they do is recorded.
UNDER_WAY = frozenset({MeetingStatus.OPEN, MeetingStatus.ADJOURNED})
CHECK_IN_POSSIBLE = frozenset({MeetingStatus.CALLED, *UNDER_WAY})
# The record is written: during the meeting, and after it until its minutes are approved.
RECORDING = frozenset({*UNDER_WAY, MeetingStatus.CLOSED})
HELD = frozenset({MeetingStatus.CLOSED, MeetingStatus.MINUTED})


class QuorumRule(models.TextChoices):
    """With how many a meeting may open. The amount beside it is permille for a share and persons for a number."""

    MAJORITY = "majority", _("more than half of those eligible")
    SHARE = "share", _("a share of those eligible")
    NUMBER = "number", _("a fixed number")
    NONE = "none", _("no quorum")


class MajorityRule(models.TextChoices):
    """How many votes a motion needs. The amount beside a share is permille."""

    OF_PRESENT = "of_present", _("more than half of those present")
    SHARE_OF_PRESENT = "share_of_present", _("a share of those present")
    OF_ELIGIBLE = "of_eligible", _("more than half of those eligible")
    MOST = "most", _("the most votes")


class CheckInWay(models.TextChoices):
    QR = "qr", _("code in the hall")
    DESK = "desk", _("at the desk")
    SHEET = "sheet", _("from the signed sheet")
    SELF = "self", _("by the personal code")


class Answer(models.TextChoices):
    OPEN = "open", _("not answered")
    COMES = "comes", _("takes part")
    DECLINES = "declines", _("does not take part")


class ResolutionKind(models.TextChoices):
    MOTION = "motion", _("motion")
    ELECTION = "election", _("election")


class BallotWay(models.TextChoices):
    SHOW_OF_HANDS = "hands", _("show of hands")
    SECRET_PAPER = "paper", _("secret, on paper")
    ACCLAMATION = "acclamation", _("without objection")


class Outcome(models.TextChoices):
    ADOPTED = "adopted", pgettext_lazy("a motion", "adopted")
    REJECTED = "rejected", pgettext_lazy("a motion", "rejected")
    TIED = "tied", _("tied, not adopted")
    ELECTED = "elected", _("elected")
    RUN_OFF = "run_off", _("run-off needed")


MOTION_OUTCOMES = (Outcome.ADOPTED, Outcome.REJECTED, Outcome.TIED)
ELECTION_OUTCOMES = (Outcome.ELECTED, Outcome.RUN_OFF)
