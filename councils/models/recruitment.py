"""A recruitment: its dates, quotas, courses, and what its committee decided."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.states import MovesThroughStates
from councils.models.councils import Council
from councils.states import (
    RECRUITMENT_TRANSITIONS,
    DecisionKind,
    FeatureSource,
    Method,
    RecruitmentStatus,
)
from meetings.models import Meeting
from ordinances.models import RuleSet


class Recruitment(MovesThroughStates, models.Model):
    """A call for members of a council under one version of its rules.

    Applications are taken from `opens_at` until `closes_at`, hours of education until `learning_until` (half-open).
    `draw_at` and `place` say when and where the draw is planned, `erase_on` when personal data of those who were not
    appointed are deleted. `public_salt` seals what is committed to in a freeze; it is never shown.
    """

    TRANSITIONS: ClassVar = RECRUITMENT_TRANSITIONS

    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="recruitments", verbose_name=_("residents’ council")
    )
    rule_set = models.ForeignKey(
        RuleSet, on_delete=models.PROTECT, related_name="recruitments", verbose_name=_("rule set")
    )
    title = models.CharField(_("title"), max_length=120)
    about = models.TextField(_("about the recruitment"), blank=True, max_length=5000)
    status = models.CharField(
        _("state"),
        max_length=10,
        choices=RecruitmentStatus,
        default=RecruitmentStatus.PREPARING,
        editable=False,
    )
    method = models.CharField(_("way of selection"), max_length=24, choices=Method, default=Method.LEXIMIN)
    seats = models.PositiveSmallIntegerField(_("seats to fill"))
    announced_at = models.DateTimeField(_("announced at"), null=True, blank=True, editable=False)
    opens_at = models.DateTimeField(_("applications from"))
    closes_at = models.DateTimeField(_("applications until"))
    learning_until = models.DateTimeField(_("hours of education until"))
    draw_at = models.DateTimeField(_("draw planned at"), null=True, blank=True)
    place = models.CharField(_("place of the draw"), max_length=120, blank=True)
    appoints_on = models.DateField(_("appointment planned on"), null=True, blank=True)
    contact = models.CharField(_("office and telephone for questions"), max_length=120, blank=True)
    pooled_at = models.DateTimeField(_("pool settled at"), null=True, blank=True, editable=False)
    cancelled_because = models.CharField(_("reason for calling it off"), max_length=300, blank=True, editable=False)
    erase_on = models.DateField(_("personal data are deleted on"))
    erased_at = models.DateTimeField(_("personal data deleted at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("recruitment")
        verbose_name_plural = _("recruitments")
        ordering = ["-opens_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=RecruitmentStatus.values), name="recruitment_status_known"),
            models.CheckConstraint(condition=Q(method__in=Method.values), name="recruitment_method_known"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="recruitment_has_seats"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="recruitment_closes_after_opening"),
            models.CheckConstraint(
                condition=Q(learning_until__gte=F("closes_at")), name="recruitment_learning_not_before_closing"
            ),
            models.CheckConstraint(
                condition=Q(draw_at__isnull=True) | Q(draw_at__gte=F("learning_until")),
                name="recruitment_draw_after_learning",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[RecruitmentStatus.PREPARING, RecruitmentStatus.CANCELLED])
                | Q(announced_at__isnull=False),
                name="recruitment_announced_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=RecruitmentStatus.CANCELLED) | ~Q(cancelled_because=""),
                name="recruitment_cancelled_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("councils:recruitment", args=[self.pk])


class QuotaFeature(models.Model):
    """A feature that quotas are set on. `source` says where an applicant's value comes from."""

    recruitment = models.ForeignKey(
        Recruitment, on_delete=models.CASCADE, related_name="features", verbose_name=_("recruitment")
    )
    key = models.SlugField(_("short name"), max_length=30)
    label = models.CharField(_("name"), max_length=60)
    source = models.CharField(_("where the value comes from"), max_length=10, choices=FeatureSource)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("feature with quotas")
        verbose_name_plural = _("features with quotas")
        ordering = ["recruitment", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(source__in=FeatureSource.values), name="quota_feature_source_known"),
            models.UniqueConstraint(fields=["recruitment", "key"], name="quota_feature_key_once"),
        ]

    def __str__(self) -> str:
        return self.label


class QuotaValue(models.Model):
    """One value of a feature: at least `minimum` and at most `maximum` members have it.

    `age_from` ≤ age ≤ `age_to` in full years for features of age. `source` is the article or decision behind it.
    """

    feature = models.ForeignKey(
        QuotaFeature, on_delete=models.CASCADE, related_name="values", verbose_name=_("feature with quotas")
    )
    key = models.SlugField(_("short name"), max_length=30)
    label = models.CharField(_("name"), max_length=60)
    minimum = models.PositiveSmallIntegerField(_("at least"), default=0)
    maximum = models.PositiveSmallIntegerField(_("at most"))
    age_from = models.PositiveSmallIntegerField(_("from age"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("up to age"), null=True, blank=True)
    source = models.CharField(_("article or source"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering = ["feature", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["feature", "key"], name="quota_value_key_once"),
            models.CheckConstraint(condition=Q(minimum__lte=F("maximum")), name="quota_value_minimum_within_maximum"),
            models.CheckConstraint(
                condition=Q(age_from__isnull=True) | Q(age_to__isnull=True) | Q(age_from__lte=F("age_to")),
                name="quota_value_ages_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Course(models.Model):
    """A course of the residents' school: a meeting whose hours count for a recruitment (None: for all of a region)."""

    recruitment = models.ForeignKey(
        Recruitment,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="courses",
        verbose_name=_("recruitment"),
    )
    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="course", verbose_name=_("meeting"))

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["meeting__starts_at"]

    def __str__(self) -> str:
        return str(self.meeting)


class CommitteeMember(models.Model):
    """Somebody of the committee that decides on a recruitment (추천위원회, 선정위원회)."""

    recruitment = models.ForeignKey(
        Recruitment, on_delete=models.CASCADE, related_name="committee", verbose_name=_("recruitment")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
    )
    name = models.CharField(_("name"), max_length=60)
    affiliation = models.CharField(_("affiliation"), max_length=120, blank=True)
    is_chair = models.BooleanField(_("chairs the committee"), default=False)

    class Meta:
        verbose_name = _("member of the committee")
        verbose_name_plural = _("members of the committee")
        ordering = ["recruitment", "-is_chair", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["recruitment"], condition=Q(is_chair=True), name="recruitment_committee_one_chair"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CommitteeDecision(models.Model):
    """What the committee decided, as recorded; never edited. `entitled` is 재적, `present` 출석, both in persons."""

    recruitment = models.ForeignKey(
        Recruitment, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("recruitment")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=DecisionKind)
    text = models.TextField(_("what was decided, and why"), max_length=3000)
    decided_on = models.DateField(_("decided on"))
    entitled = models.PositiveSmallIntegerField(_("members of the committee"))
    present = models.PositiveSmallIntegerField(_("present"))
    in_favour = models.PositiveSmallIntegerField(_("in favour"))
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("decision of the committee")
        verbose_name_plural = _("decisions of the committee")
        ordering = ["recruitment", "decided_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DecisionKind.values), name="committee_decision_kind_known"),
            models.CheckConstraint(
                condition=Q(in_favour__lte=F("present"), present__lte=F("entitled")),
                name="committee_decision_votes_within_members",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="committee_decision_says_what"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.decided_on}"


class QuotaRelaxation(models.Model):
    """One quota that a decision changed, with what it was."""

    decision = models.ForeignKey(
        CommitteeDecision, on_delete=models.PROTECT, related_name="relaxations", verbose_name=_("decision")
    )
    value = models.ForeignKey(QuotaValue, on_delete=models.PROTECT, related_name="relaxations", verbose_name=_("quota"))
    minimum_before = models.PositiveSmallIntegerField(_("at least, before"))
    maximum_before = models.PositiveSmallIntegerField(_("at most, before"))
    minimum = models.PositiveSmallIntegerField(_("at least"))
    maximum = models.PositiveSmallIntegerField(_("at most"))

    class Meta:
        verbose_name = _("relaxation of a quota")
        verbose_name_plural = _("relaxations of quotas")
        ordering = ["decision", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minimum__lte=F("minimum_before"), maximum__gte=F("maximum_before")),
                name="quota_relaxation_only_relaxes",
            ),
        ]

    def __str__(self) -> str:
        return str(self.value)


class EducationFigure(models.Model):
    """What a published source says of a course of education: lectures, hours, people, years."""

    region = models.ForeignKey(
        "residents.Region", on_delete=models.PROTECT, related_name="education_figures", verbose_name=_("region")
    )
    title = models.CharField(_("title"), max_length=120)
    lectures = models.PositiveSmallIntegerField(_("lectures"), null=True, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours"), null=True, blank=True)
    weeks = models.PositiveSmallIntegerField(_("weeks"), null=True, blank=True)
    times_a_year = models.PositiveSmallIntegerField(_("times a year"), null=True, blank=True)
    people = models.PositiveIntegerField(_("people"), null=True, blank=True)
    from_year = models.PositiveSmallIntegerField(_("from year"), null=True, blank=True)
    to_year = models.PositiveSmallIntegerField(_("to year"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    note = models.CharField(_("doubts and notes"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("published figures of education")
        verbose_name_plural = _("published figures of education")
        ordering = ["region", "title"]
        constraints = [models.UniqueConstraint(fields=["region", "title"], name="education_figure_once")]

    def __str__(self) -> str:
        return self.title
