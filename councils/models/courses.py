"""Which participant of a course is which applicant, with an account or without, and what certifies it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from councils.models.applications import Application
from meetings.models import Participant
from reports.models import Certificate


class Learner(models.Model):
    """An applicant on the list of a course; the hours that the participant was there are the applicant's."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="learning", verbose_name=_("application for a council")
    )
    participant = models.OneToOneField(
        Participant, on_delete=models.CASCADE, related_name="learner", verbose_name=_("participant")
    )

    class Meta:
        verbose_name = _("applicant in a course")
        verbose_name_plural = _("applicants in courses")
        ordering = ["application", "participant"]

    def __str__(self) -> str:
        return str(self.participant)


class EducationCertificate(models.Model):
    """The certificate of education that an applicant got: one for all courses of a recruitment."""

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="education", verbose_name=_("application for a council")
    )
    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, related_name="council_education", verbose_name=_("certificate")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    class Meta:
        verbose_name = _("certificate of education")
        verbose_name_plural = _("certificates of education")
        ordering = ["application"]

    def __str__(self) -> str:
        return str(self.certificate)
