"""Officers of the club, people from outside, and partner organisations."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from forums.models.members import Member
from forums.states import Position
from meetings.models import Resolution


class Outsider(models.Model):
    """A person outside the membership: speaker, adviser, staff of the secretariat."""

    name = models.CharField(_("name"), max_length=40)
    name_hanja = models.CharField(_("name in hanja"), max_length=40, blank=True)
    affiliation = models.CharField(_("organisation"), max_length=80, blank=True)
    title = models.CharField(_("title"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("person outside the membership")
        verbose_name_plural = _("persons outside the membership")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return " ".join(part for part in (self.affiliation, self.name, self.title) if part)


class Appointment(models.Model):
    """Somebody holds a position of the club from `since`; `until` is the first day after the term.

    Whoever's term is over stays until a successor comes or they step down (`ended_on`).

    `resolution` elected or appointed them, where the club's own meetings in Madang did. `ended_on` is earlier than
    `until` where somebody stepped down. `election_count` is how often they were elected head: lists print it.
    """

    position = models.CharField(_("post in the club"), max_length=16, choices=Position)
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments", verbose_name=_("member")
    )
    outsider = models.ForeignKey(
        Outsider,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("person outside the membership"),
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    ended_on = models.DateField(_("stepped down on"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=200, blank=True)
    election_count = models.PositiveSmallIntegerField(_("times elected head"), null=True, blank=True)
    basis = models.CharField(_("ground"), max_length=200, blank=True)
    resolution = models.ForeignKey(
        Resolution,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("resolution"),
    )
    position_in_list = models.PositiveSmallIntegerField(_("place in lists"), default=0)

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        ordering = ["position", "position_in_list", "since", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(position__in=Position.values), name="appointment_position_known"),
            models.CheckConstraint(
                condition=Q(member__isnull=False, outsider__isnull=True)
                | Q(member__isnull=True, outsider__isnull=False),
                name="appointment_of_one_person",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="appointment_since_before_until"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("since")), name="appointment_ended_after_since"
            ),
            models.CheckConstraint(
                condition=~Q(
                    position__in=[
                        Position.CO_CHAIR,
                        Position.AUDITOR,
                        Position.COMMITTEE_CHAIR,
                        Position.COMMITTEE,
                    ]
                )
                | Q(member__isnull=False),
                name="appointment_officers_are_members",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_position_display()} {self.member or self.outsider}"


class Partner(models.Model):
    """A partner organisation, appointed on a resolution of the committee (bylaws, article 9)."""

    name = models.CharField(_("name"), max_length=80)
    about = models.CharField(_("what it does"), max_length=200, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    resolution = models.ForeignKey(
        Resolution,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="partners",
        verbose_name=_("resolution"),
    )
    # Where the committee did not meet in Madang: what says that it resolved so.
    basis = models.CharField(_("ground"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("partner organisation")
        verbose_name_plural = _("partner organisations")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="partner_since_before_until"
            ),
        ]

    def __str__(self) -> str:
        return self.name
