"""Forums and other events of the club: what is talked about, when, where, by whom, in which published versions."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.states import MovesThroughStates
from forums.models.members import Member
from forums.models.officers import Outsider
from forums.states import FORUM_TRANSITIONS, EventKind, ForumStatus, Part, SessionKind
from meetings.models import Meeting
from residents.models import Region

HECTARES = 100  # of a square kilometre


class Forum(MovesThroughStates, models.Model):
    """An event of one or more days. Forums are numbered within a term ("민선5기" 24)."""

    TRANSITIONS: ClassVar = FORUM_TRANSITIONS

    kind = models.CharField(_("kind"), max_length=12, choices=EventKind, default=EventKind.FORUM)
    status = models.CharField(_("state"), max_length=10, choices=ForumStatus, default=ForumStatus.DRAFT)
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    term = models.CharField(_("term"), max_length=20, help_text=_("As it is counted, for example 민선5기."))
    title = models.CharField(_("title"), max_length=160)
    host = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="hosted_forums", verbose_name=_("host")
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    is_online = models.BooleanField(_("online"), default=False)
    intent = models.TextField(_("intent"), blank=True)
    # For events with admission (academies, training): how many may come, and until when one registers.
    places = models.PositiveIntegerField(_("places"), null=True, blank=True)
    fee = models.PositiveIntegerField(_("fee in won"), default=0)
    register_until = models.DateTimeField(_("registration until"), null=True, blank=True)
    public_registration = models.BooleanField(_("anybody may register"), default=False)
    note = models.TextField(_("notes and doubts"), blank=True)
    cancelled_because = models.CharField(_("why it was cancelled"), max_length=300, blank=True)
    meeting = models.OneToOneField(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="forum", verbose_name=_("attendance")
    )

    class Meta:
        verbose_name = _("event of the club")
        verbose_name_plural = _("events of the club")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ForumStatus.values), name="forum_status_known"),
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="forum_kind_known"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="forum_ends_after_it_starts"),
            models.CheckConstraint(
                condition=~Q(status=ForumStatus.CANCELLED) | ~Q(cancelled_because=""), name="forum_cancelled_says_why"
            ),
            models.UniqueConstraint(
                fields=["kind", "term", "number"], condition=Q(number__isnull=False), name="forum_number_once_in_a_term"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("forums:forum", args=[self.pk])


class Venue(models.Model):
    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="venues", verbose_name=_("event"))
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=200, blank=True)
    directions = models.CharField(_("how to get there"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["forum", "name"], name="venue_once")]

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="themes", verbose_name=_("event"))
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=160)
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "number"], name="theme_number_once"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="theme_takes_time"),
        ]

    def __str__(self) -> str:
        return self.title


class DiscussionPoint(models.Model):
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="points", verbose_name=_("theme"))
    text = models.CharField(_("discussion point"), max_length=300)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("discussion point")
        verbose_name_plural = _("discussion points")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class Session(models.Model):
    """A line of the timetable. An open start or end is None: "~13:00" has no start, "21:30~" has no end."""

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("event"))
    kind = models.CharField(_("kind"), max_length=12, choices=SessionKind)
    title = models.CharField(_("title"), max_length=160)
    day = models.DateField(_("day"))
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("until"), null=True, blank=True)
    venue = models.ForeignKey(
        Venue, on_delete=models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name=_("venue")
    )
    room = models.CharField(_("room"), max_length=80, blank=True)
    details = models.TextField(_("details"), blank=True)
    themes = models.ManyToManyField(Theme, blank=True, related_name="sessions", verbose_name=_("themes"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    # Beside others at the same time (parallel rooms): overlaps with it are meant.
    is_parallel = models.BooleanField(_("runs beside others"), default=False)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["day", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SessionKind.values), name="session_kind_known"),
            models.CheckConstraint(
                condition=Q(starts__isnull=False) | Q(ends__isnull=False), name="session_has_a_start_or_an_end"
            ),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gt=F("starts")),
                name="session_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Contribution(models.Model):
    """Somebody's part in a theme: a member or a person from outside. `printed_as` is how the programme calls them."""

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="contributions", verbose_name=_("event"))
    theme = models.ForeignKey(
        Theme, on_delete=models.CASCADE, null=True, blank=True, related_name="contributions", verbose_name=_("theme")
    )
    part = models.CharField(_("part"), max_length=12, choices=Part)
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="contributions", verbose_name=_("member")
    )
    outsider = models.ForeignKey(
        Outsider,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("person outside the membership"),
    )
    printed_as = models.CharField(_("as printed"), max_length=80)
    title = models.CharField(_("title of the presentation"), max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("part in an event")
        verbose_name_plural = _("parts in an event")
        ordering = ["theme__number", "part", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(part__in=Part.values), name="contribution_part_known"),
            models.CheckConstraint(
                condition=Q(member__isnull=True) | Q(outsider__isnull=True), name="contribution_of_one_person"
            ),
        ]

    def __str__(self) -> str:
        return self.printed_as


def _place(material: "Material", _name: str) -> str:
    """Where the file lies: a name that tells nothing."""
    return f"materials/{material.forum_id}/{material.sha256[:32]}"


class Material(models.Model):
    """A file for the participants. PDFs are appended to the forum book; every type is checked by its content."""

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="materials", verbose_name=_("event"))
    contribution = models.ForeignKey(
        Contribution,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="materials",
        verbose_name=_("presentation"),
    )
    title = models.CharField(_("title"), max_length=160)
    author = models.CharField(_("author"), max_length=80, blank=True)
    file = models.FileField(_("file"), upload_to=_place, max_length=200)
    file_name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=60)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    in_book = models.BooleanField(_("in the forum book"), default=True)
    is_public = models.BooleanField(_("open to everybody"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["forum", "sha256"], name="material_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def format_name(self) -> str:
        """What people call the type: PDF, HWPX …"""
        return self.file_name.rpartition(".")[2].upper()


class ProgrammeVersion(models.Model):
    """The programme as it was published. `changes` are the differences to the version before, in plain data."""

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="versions", verbose_name=_("event"))
    number = models.PositiveSmallIntegerField(_("version"))
    published_at = models.DateTimeField(_("published at"))
    snapshot = models.JSONField(_("programme"))
    changes = models.JSONField(_("changes"), default=list)
    note = models.CharField(_("note to the participants"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["forum", "number"], name="programme_version_once")]

    def __str__(self) -> str:
        return f"{self.number}"


class HostProfile(models.Model):
    """What the book of a forum tells of its host, as of the forum. Area in hectares: 42.76 km² are 4,276."""

    forum = models.OneToOneField(Forum, on_delete=models.CASCADE, related_name="profile", verbose_name=_("event"))
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)
    people = models.PositiveIntegerField(_("people"), null=True, blank=True)
    area_hectares = models.PositiveIntegerField(_("area in hectares"), null=True, blank=True)
    budget_million = models.PositiveBigIntegerField(_("budget in million won"), null=True, blank=True)
    budget_note = models.CharField(_("which budget"), max_length=80, blank=True)
    goal = models.CharField(_("goal of the local government"), max_length=120, blank=True)
    # [{"title": …, "lines": [...]}]: policies, traits. [{"when": …, "what": …}]: history.
    aims = models.JSONField(_("aims"), default=list, blank=True)
    history = models.JSONField(_("history"), default=list, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("profile of a host")
        verbose_name_plural = _("profiles of hosts")

    def __str__(self) -> str:
        return str(self.forum)

    @property
    def square_kilometres(self) -> str:
        """The area in km², to the hectare: 4,276 hectares are "42.76"."""
        whole, rest = divmod(self.area_hectares or 0, HECTARES)
        return f"{whole:,}.{rest:02}"
