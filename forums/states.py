"""The words and lives of the club's things."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MemberKind(models.TextChoices):
    """Bylaws, article 2: serving heads are regular members, former heads may be honorary ones."""

    REGULAR = "regular", _("regular member")
    HONORARY = "honorary", _("honorary member")


class MemberStatus(models.TextChoices):
    ACTIVE = "active", _("member")
    LEFT = "left", _("has left")


MEMBER_TRANSITIONS: dict[str, frozenset[str]] = {
    MemberStatus.ACTIVE: frozenset({MemberStatus.LEFT}),
    # Who comes back is the same person, with the same history.
    MemberStatus.LEFT: frozenset({MemberStatus.ACTIVE}),
}


class ApplicationStatus(models.TextChoices):
    SUBMITTED = "submitted", _("received")
    SUPPLEMENT = "supplement", _("something is asked for")
    CHECKED = "checked", _("checked, waits for approval")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("not approved")
    WITHDRAWN = "withdrawn", _("withdrawn")


APPLICATION_TRANSITIONS: dict[str, frozenset[str]] = {
    ApplicationStatus.SUBMITTED: frozenset(
        {
            ApplicationStatus.SUPPLEMENT,
            ApplicationStatus.CHECKED,
            ApplicationStatus.REFUSED,
            ApplicationStatus.WITHDRAWN,
        }
    ),
    ApplicationStatus.SUPPLEMENT: frozenset(
        {ApplicationStatus.SUBMITTED, ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN}
    ),
    ApplicationStatus.CHECKED: frozenset(
        {
            ApplicationStatus.APPROVED,
            ApplicationStatus.REFUSED,
            ApplicationStatus.SUPPLEMENT,
            ApplicationStatus.WITHDRAWN,
        }
    ),
    ApplicationStatus.APPROVED: frozenset(),
    ApplicationStatus.REFUSED: frozenset(),
    ApplicationStatus.WITHDRAWN: frozenset(),
}

OPEN_APPLICATIONS = frozenset({ApplicationStatus.SUBMITTED, ApplicationStatus.SUPPLEMENT, ApplicationStatus.CHECKED})


class Position(models.TextChoices):
    """Bylaws, articles 4, 5, 6 and 9."""

    CO_CHAIR = "co_chair", _("co-chair")
    AUDITOR = "auditor", _("auditor of the club")
    COMMITTEE_CHAIR = "committee_chair", _("chair of the steering committee")
    COMMITTEE = "committee", _("member of the steering committee")
    ADVISER = "adviser", _("adviser")
    SECRETARY = "secretary", _("head of the secretariat")
    SECONDED = "seconded", _("seconded official")


class BylawsStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    ADOPTED = "adopted", pgettext_lazy("bylaws", "adopted")


BYLAWS_TRANSITIONS: dict[str, frozenset[str]] = {
    BylawsStatus.DRAFT: frozenset({BylawsStatus.ADOPTED}),
    BylawsStatus.ADOPTED: frozenset(),
}


class ClubMeetingKind(models.TextChoices):
    """Bylaws, article 7."""

    GENERAL = "general", _("general assembly")
    EXTRAORDINARY = "extraordinary", _("extraordinary general assembly")
    COMMITTEE = "committee", _("meeting of the steering committee")


class EventKind(models.TextChoices):
    FORUM = "forum", _("regular forum")
    ACADEMY = "academy", _("academy")
    TRAINING = "training", _("training")
    VISIT = "visit", _("study visit")
    CONFERENCE = "conference", _("conference")


class ForumStatus(models.TextChoices):
    DRAFT = "draft", _("in preparation")
    PUBLISHED = "published", _("published")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


FORUM_TRANSITIONS: dict[str, frozenset[str]] = {
    ForumStatus.DRAFT: frozenset({ForumStatus.PUBLISHED, ForumStatus.CANCELLED}),
    ForumStatus.PUBLISHED: frozenset({ForumStatus.HELD, ForumStatus.CANCELLED}),
    ForumStatus.HELD: frozenset(),
    ForumStatus.CANCELLED: frozenset(),
}

PUBLIC_FORUMS = frozenset({ForumStatus.PUBLISHED, ForumStatus.HELD, ForumStatus.CANCELLED})


class SessionKind(models.TextChoices):
    ARRIVAL = "arrival", _("arrival and registration")
    WORKSHOP = "workshop", _("workshop")
    PRESENTATION = "presentation", _("presentation")
    PANEL = "panel", _("panel")
    DISCUSSION = "discussion", _("discussion")
    PLENARY = "plenary", _("plenary")
    VISIT = "visit", _("visit on site")
    MEAL = "meal", _("meal")
    MOVE = "move", _("move")
    COMMITTEE = "committee", _("committee")
    REST = "rest", _("rest")
    CLOSING = "closing", _("closing")


class Part(models.TextChoices):
    """What somebody does at a forum."""

    PRESENTER = "presenter", _("presentation")
    PANEL = "panel", _("panel member")
    MODERATOR = "moderator", _("moderator")
    DISCUSSANT = "discussant", _("discussant")


class AttendeeRole(models.TextChoices):
    HEAD = "head", _("head")
    STAFF = "staff", _("staff")
    GUEST = "guest", pgettext_lazy("of an event", "guest")


class RegistrationStatus(models.TextChoices):
    REGISTERED = "registered", _("registered")
    WAITING = "waiting", _("on the waiting list")
    DECLINED = "declined", _("does not come")
    CANCELLED = "cancelled", _("registration cancelled")


REGISTRATION_TRANSITIONS: dict[str, frozenset[str]] = {
    RegistrationStatus.REGISTERED: frozenset({RegistrationStatus.CANCELLED, RegistrationStatus.DECLINED}),
    RegistrationStatus.WAITING: frozenset(
        {RegistrationStatus.REGISTERED, RegistrationStatus.CANCELLED, RegistrationStatus.DECLINED}
    ),
    RegistrationStatus.DECLINED: frozenset({RegistrationStatus.REGISTERED, RegistrationStatus.WAITING}),
    RegistrationStatus.CANCELLED: frozenset({RegistrationStatus.REGISTERED, RegistrationStatus.WAITING}),
}


class PublicationKind(models.TextChoices):
    JOURNAL = "journal", _("journal")
    SERIES = "series", _("book series")
    NEWSLETTER = "newsletter", _("newsletter")
    BOOK = "book", _("forum book")


class PublicationStatus(models.TextChoices):
    DRAFT = "draft", _("in preparation")
    PUBLISHED = "published", _("published")


PUBLICATION_TRANSITIONS: dict[str, frozenset[str]] = {
    PublicationStatus.DRAFT: frozenset({PublicationStatus.PUBLISHED}),
    PublicationStatus.PUBLISHED: frozenset({PublicationStatus.DRAFT}),
}
