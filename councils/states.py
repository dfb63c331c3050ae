"""The words and lives of councils, recruitments, applications, draws and the council at work."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CouncilType(models.TextChoices):
    MINISTRY = "ministry", _("ministry type")
    GWANGJU = "gwangju", _("Gwangju type")
    SEOGU = "seogu", _("Seo-gu type")
    SEOUL = "seoul", _("Seoul type")


class CouncilStatus(models.TextChoices):
    CONVERTING = "converting", _("being converted")
    WORKING = "working", _("at work")
    DISSOLVED = "dissolved", _("dissolved")


COUNCIL_TRANSITIONS: dict[str, frozenset[str]] = {
    CouncilStatus.CONVERTING: frozenset({CouncilStatus.WORKING, CouncilStatus.DISSOLVED}),
    CouncilStatus.WORKING: frozenset({CouncilStatus.CONVERTING, CouncilStatus.DISSOLVED}),
    CouncilStatus.DISSOLVED: frozenset(),
}


class BodyKind(models.TextChoices):
    """What kind of body it is: the residents' council of a dong, or another one that is formed by the same means."""

    COUNCIL = "council", _("residents’ council")
    YOUTH = "youth", _("youth participation committee")
    PLANNING = "planning", _("citizens’ planning group")
    OTHER = "other", _("other body")


# --- recruitment ---


class RecruitmentStatus(models.TextChoices):
    """Where a recruitment stands. Whether applications are open follows from its dates while it is announced."""

    PREPARING = "preparing", pgettext_lazy("recruitment", "in preparation")
    ANNOUNCED = "announced", pgettext_lazy("recruitment", "announced")
    POOLED = "pooled", pgettext_lazy("recruitment", "pool settled")
    FROZEN = "frozen", pgettext_lazy("recruitment", "pool frozen")
    DRAWN = "drawn", pgettext_lazy("recruitment", "drawn")
    APPOINTED = "appointed", pgettext_lazy("recruitment", "council appointed")
    CANCELLED = "cancelled", pgettext_lazy("recruitment", "called off")


RECRUITMENT_TRANSITIONS: dict[str, frozenset[str]] = {
    RecruitmentStatus.PREPARING: frozenset({RecruitmentStatus.ANNOUNCED, RecruitmentStatus.CANCELLED}),
    RecruitmentStatus.ANNOUNCED: frozenset({RecruitmentStatus.POOLED, RecruitmentStatus.CANCELLED}),
    # Back to announced when the committee gives people more time, on to drawn by a customary way without a freeze.
    RecruitmentStatus.POOLED: frozenset(
        {
            RecruitmentStatus.ANNOUNCED,
            RecruitmentStatus.FROZEN,
            RecruitmentStatus.DRAWN,
            RecruitmentStatus.CANCELLED,
        }
    ),
    # Back to pooled only when the freeze is voided by a recorded decision.
    RecruitmentStatus.FROZEN: frozenset({RecruitmentStatus.POOLED, RecruitmentStatus.DRAWN}),
    # Back to pooled only when a customary draw is declared void by a recorded decision; never after the fair lottery.
    RecruitmentStatus.DRAWN: frozenset({RecruitmentStatus.APPOINTED, RecruitmentStatus.POOLED}),
    RecruitmentStatus.APPOINTED: frozenset(),
    RecruitmentStatus.CANCELLED: frozenset(),
}

PUBLIC_RECRUITMENTS = frozenset(RecruitmentStatus) - {RecruitmentStatus.PREPARING}


class Method(models.TextChoices):
    """How the council is chosen: the fair lottery, or a way that an ordinance demands."""

    LEXIMIN = "leximin", _("fair lottery with quotas")
    BALLS = "balls", _("balls drawn one after another, up to the share of a sex")
    LOTTERY_INTERVIEW = "lottery_interview", _("lottery, then interviews")
    RECOMMENDATION_SHARES = "recommendation_shares", _("shares by recommendation and open call")
    WITHIN_GROUPS = "within_groups", _("lottery within groups of sex, age and area")


class FeatureSource(models.TextChoices):
    """Where the value of a feature comes from."""

    SEX = "sex", _("sex")
    AGE = "age", _("age in full years")
    YOUNG = "young", _("up to the age that the rules call young, or above")
    TRACK = "track", _("open call or recommendation")
    AREA = "area", _("area of the dong")
    ASKED = "asked", _("asked in the application")


class DecisionKind(models.TextChoices):
    RELAXATION = "relaxation", _("quotas relaxed")
    VOID_FREEZE = "void_freeze", _("freeze declared void")
    VOID_DRAW = "void_draw", _("customary draw declared void")
    MORE_TIME = "more_time", _("more time given")
    EXCLUSION = "exclusion", _("exclusion of an applicant")
    OTHER = "other", _("other decision")


class Track(models.TextChoices):
    OPEN = "open", _("open call")
    RECOMMENDED = "recommended", _("recommended by an organisation")


class IntakeWay(models.TextChoices):
    WEB = "web", _("on the web")
    ORGANISATION = "organisation", _("by an organisation")
    COUNTER = "counter", _("at the counter")


class ApplicationStatus(models.TextChoices):
    """작성 중, 접수, 보완 요청, 자격 확인, 교육 중, 추첨 대상, 제외, 선정, 예비, 미선정, 위촉, 취하, 해촉."""

    DRAFT = "draft", pgettext_lazy("council application", "being written")
    RECEIVED = "received", pgettext_lazy("council application", "received")
    SUPPLEMENT = "supplement", pgettext_lazy("council application", "supplement asked for")
    CHECKED = "checked", pgettext_lazy("council application", "eligibility confirmed")
    LEARNING = "learning", pgettext_lazy("council application", "learning")
    POOL = "pool", pgettext_lazy("council application", "in the pool")
    EXCLUDED = "excluded", pgettext_lazy("council application", "excluded")
    SELECTED = "selected", pgettext_lazy("council application", "selected")
    ALTERNATE = "alternate", pgettext_lazy("council application", "alternate")
    NOT_SELECTED = "not_selected", pgettext_lazy("council application", "not selected")
    APPOINTED = "appointed", pgettext_lazy("council application", "appointed")
    WITHDRAWN = "withdrawn", pgettext_lazy("council application", "withdrawn")
    DISMISSED = "dismissed", pgettext_lazy("council application", "left the council")


APPLICATION_TRANSITIONS: dict[str, frozenset[str]] = {
    ApplicationStatus.DRAFT: frozenset({ApplicationStatus.RECEIVED, ApplicationStatus.WITHDRAWN}),
    ApplicationStatus.RECEIVED: frozenset(
        {
            ApplicationStatus.SUPPLEMENT,
            ApplicationStatus.CHECKED,
            ApplicationStatus.EXCLUDED,
            ApplicationStatus.WITHDRAWN,
        }
    ),
    ApplicationStatus.SUPPLEMENT: frozenset(
        {ApplicationStatus.RECEIVED, ApplicationStatus.EXCLUDED, ApplicationStatus.WITHDRAWN}
    ),
    ApplicationStatus.CHECKED: frozenset(
        {
            ApplicationStatus.SUPPLEMENT,
            ApplicationStatus.LEARNING,
            ApplicationStatus.POOL,
            ApplicationStatus.EXCLUDED,
            ApplicationStatus.WITHDRAWN,
        }
    ),
    ApplicationStatus.LEARNING: frozenset(
        {
            ApplicationStatus.SUPPLEMENT,
            ApplicationStatus.POOL,
            ApplicationStatus.EXCLUDED,
            ApplicationStatus.WITHDRAWN,
        }
    ),
    # Back to learning when the settled pool is opened again.
    ApplicationStatus.POOL: frozenset(
        {
            ApplicationStatus.LEARNING,
            ApplicationStatus.EXCLUDED,
            ApplicationStatus.SELECTED,
            ApplicationStatus.ALTERNATE,
            ApplicationStatus.NOT_SELECTED,
            ApplicationStatus.WITHDRAWN,
        }
    ),
    # An exclusion can be taken back before the draw: somebody objected and was right, or brought the hours after all.
    ApplicationStatus.EXCLUDED: frozenset({ApplicationStatus.RECEIVED, ApplicationStatus.LEARNING}),
    # Back into the pool, from all three, when a customary draw is declared void.
    ApplicationStatus.SELECTED: frozenset(
        {ApplicationStatus.APPOINTED, ApplicationStatus.POOL, ApplicationStatus.WITHDRAWN}
    ),
    ApplicationStatus.ALTERNATE: frozenset(
        {
            ApplicationStatus.SELECTED,
            ApplicationStatus.NOT_SELECTED,
            ApplicationStatus.POOL,
            ApplicationStatus.WITHDRAWN,
        }
    ),
    ApplicationStatus.NOT_SELECTED: frozenset({ApplicationStatus.POOL}),
    ApplicationStatus.APPOINTED: frozenset({ApplicationStatus.DISMISSED}),
    ApplicationStatus.WITHDRAWN: frozenset(),
    ApplicationStatus.DISMISSED: frozenset(),
}

BEFORE_POOL = frozenset(
    {
        ApplicationStatus.RECEIVED,
        ApplicationStatus.SUPPLEMENT,
        ApplicationStatus.CHECKED,
        ApplicationStatus.LEARNING,
    }
)


# --- draws ---


class DrawStatus(models.TextChoices):
    COMPUTED = "computed", pgettext_lazy("draw", "lottery computed")
    FROZEN = "frozen", pgettext_lazy("draw", "frozen")
    DRAWN = "drawn", pgettext_lazy("draw", "drawn")
    VOIDED = "voided", pgettext_lazy("draw", "declared void")
    DISCARDED = "discarded", pgettext_lazy("draw", "discarded before the freeze")


DRAW_TRANSITIONS: dict[str, frozenset[str]] = {
    DrawStatus.COMPUTED: frozenset({DrawStatus.FROZEN, DrawStatus.DISCARDED}),
    DrawStatus.FROZEN: frozenset({DrawStatus.DRAWN, DrawStatus.VOIDED}),
    DrawStatus.DRAWN: frozenset(),
    DrawStatus.VOIDED: frozenset(),
    DrawStatus.DISCARDED: frozenset(),
}


class BeaconKind(models.TextChoices):
    LOTTO = "lotto", _("Lotto 6/45")
    DRAND = "drand", _("drand, the public randomness of a network")
    BALLS = "balls", _("balls before an audience")


class CustomaryStatus(models.TextChoices):
    RUNNING = "running", pgettext_lazy("draw", "under way")
    FINISHED = "finished", pgettext_lazy("draw", "finished")
    VOIDED = "voided", pgettext_lazy("draw", "declared void")


CUSTOMARY_TRANSITIONS: dict[str, frozenset[str]] = {
    CustomaryStatus.RUNNING: frozenset({CustomaryStatus.FINISHED, CustomaryStatus.VOIDED}),
    CustomaryStatus.FINISHED: frozenset({CustomaryStatus.VOIDED}),
    CustomaryStatus.VOIDED: frozenset(),
}


# --- the council at work ---


class MemberStatus(models.TextChoices):
    SERVING = "serving", _("serving")
    RESIGNED = "resigned", _("resigned")
    DISMISSED = "dismissed", _("dismissed")
    ENDED = "ended", _("term over")


MEMBER_TRANSITIONS: dict[str, frozenset[str]] = {
    MemberStatus.SERVING: frozenset({MemberStatus.RESIGNED, MemberStatus.DISMISSED, MemberStatus.ENDED}),
    MemberStatus.RESIGNED: frozenset(),
    MemberStatus.DISMISSED: frozenset(),
    MemberStatus.ENDED: frozenset(),
}


class MemberOffice(models.TextChoices):
    MEMBER = "member", _("member of the council")
    CHAIR = "chair", _("chair of the council")
    VICE_CHAIR = "vice_chair", _("deputy chair of the council")
    SECRETARY = "secretary", _("secretary of the council")
    AUDITOR = "auditor", _("auditor of the council")
    ADVISER = "adviser", _("adviser of the council")


class CouncilMeetingKind(models.TextChoices):
    REGULAR = "regular", _("regular meeting of the council")
    SPECIAL = "special", _("special meeting of the council")
    SUBCOMMITTEE = "subcommittee", _("meeting of a subcommittee")


class WorkKind(models.TextChoices):
    """자치, 협의, 수탁."""

    OWN = "own", _("own affairs")
    CONSULTED = "consulted", _("consulted affairs")
    ENTRUSTED = "entrusted", _("entrusted affairs")


class WorkStatus(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("work", "planned")
    UNDER_WAY = "under_way", pgettext_lazy("work", "under way")
    DONE = "done", pgettext_lazy("work", "done")
    STOPPED = "stopped", pgettext_lazy("work", "stopped")


WORK_TRANSITIONS: dict[str, frozenset[str]] = {
    WorkStatus.PLANNED: frozenset({WorkStatus.UNDER_WAY, WorkStatus.STOPPED}),
    WorkStatus.UNDER_WAY: frozenset({WorkStatus.DONE, WorkStatus.STOPPED}),
    WorkStatus.DONE: frozenset(),
    WorkStatus.STOPPED: frozenset({WorkStatus.UNDER_WAY}),
}


class AgreementStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("agreement", "draft")
    IN_FORCE = "in_force", pgettext_lazy("agreement", "in force")
    ENDED = "ended", pgettext_lazy("agreement", "ended")


AGREEMENT_TRANSITIONS: dict[str, frozenset[str]] = {
    AgreementStatus.DRAFT: frozenset({AgreementStatus.IN_FORCE, AgreementStatus.ENDED}),
    AgreementStatus.IN_FORCE: frozenset({AgreementStatus.ENDED}),
    AgreementStatus.ENDED: frozenset(),
}


class ProgrammeStatus(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("programme", "planned")
    OPEN = "open", pgettext_lazy("programme", "open for enrolment")
    RUNNING = "running", pgettext_lazy("programme", "under way")
    DONE = "done", pgettext_lazy("programme", "over")
    CANCELLED = "cancelled", pgettext_lazy("programme", "called off")


PROGRAMME_TRANSITIONS: dict[str, frozenset[str]] = {
    ProgrammeStatus.PLANNED: frozenset({ProgrammeStatus.OPEN, ProgrammeStatus.CANCELLED}),
    ProgrammeStatus.OPEN: frozenset({ProgrammeStatus.RUNNING, ProgrammeStatus.CANCELLED}),
    ProgrammeStatus.RUNNING: frozenset({ProgrammeStatus.DONE, ProgrammeStatus.CANCELLED}),
    ProgrammeStatus.DONE: frozenset(),
    ProgrammeStatus.CANCELLED: frozenset(),
}


class EnrolmentStatus(models.TextChoices):
    ENROLLED = "enrolled", pgettext_lazy("programme", "enrolled")
    WAITING = "waiting", pgettext_lazy("programme", "on the waiting list")
    CANCELLED = "cancelled", pgettext_lazy("programme", "enrolment cancelled")


ENROLMENT_TRANSITIONS: dict[str, frozenset[str]] = {
    EnrolmentStatus.ENROLLED: frozenset({EnrolmentStatus.CANCELLED}),
    EnrolmentStatus.WAITING: frozenset({EnrolmentStatus.ENROLLED, EnrolmentStatus.CANCELLED}),
    EnrolmentStatus.CANCELLED: frozenset(),
}


class CareerKind(models.TextChoices):
    CAREER = "career", _("career")
    TRAINING = "training", _("training")
    ACTIVITY = "activity", _("activity")


class CallStatus(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("call", "planned")
    OPEN = "open", pgettext_lazy("call", "open")
    CLOSED = "closed", pgettext_lazy("call", "closed")
    DECIDED = "decided", pgettext_lazy("call", "decided")


CALL_TRANSITIONS: dict[str, frozenset[str]] = {
    CallStatus.PLANNED: frozenset({CallStatus.OPEN}),
    CallStatus.OPEN: frozenset({CallStatus.CLOSED}),
    CallStatus.CLOSED: frozenset({CallStatus.DECIDED}),
    CallStatus.DECIDED: frozenset(),
}


class BidStatus(models.TextChoices):
    SUBMITTED = "submitted", pgettext_lazy("bid", "submitted")
    CHOSEN = "chosen", pgettext_lazy("bid", "chosen")
    NOT_CHOSEN = "not_chosen", pgettext_lazy("bid", "not chosen")
    WITHDRAWN = "withdrawn", pgettext_lazy("bid", "withdrawn")


BID_TRANSITIONS: dict[str, frozenset[str]] = {
    BidStatus.SUBMITTED: frozenset({BidStatus.CHOSEN, BidStatus.NOT_CHOSEN, BidStatus.WITHDRAWN}),
    BidStatus.CHOSEN: frozenset(),
    BidStatus.NOT_CHOSEN: frozenset(),
    BidStatus.WITHDRAWN: frozenset(),
}
