"""The lives of what this app keeps."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CertificateStatus(models.TextChoices):
    ISSUED = "issued", pgettext_lazy("certificate", "valid")
    WITHDRAWN = "withdrawn", pgettext_lazy("certificate", "withdrawn")


CERTIFICATE_TRANSITIONS: dict[str, frozenset[str]] = {
    CertificateStatus.ISSUED: frozenset({CertificateStatus.WITHDRAWN}),
    CertificateStatus.WITHDRAWN: frozenset(),
}


class FormStatus(models.TextChoices):
    IN_USE = "in_use", pgettext_lazy("form", "in use")
    RETIRED = "retired", pgettext_lazy("form", "retired")


FORM_TRANSITIONS: dict[str, frozenset[str]] = {
    FormStatus.IN_USE: frozenset({FormStatus.RETIRED}),
    FormStatus.RETIRED: frozenset({FormStatus.IN_USE}),
}


class Disclosure(models.TextChoices):
    """Classes of disclosure. Source: Official Information Disclosure Act, as stated on every official letter."""

    OPEN = "open", pgettext_lazy("disclosure", "open")
    PARTLY = "partly", pgettext_lazy("disclosure", "partly open")
    CLOSED = "closed", pgettext_lazy("disclosure", "closed")


class Retention(models.TextChoices):
    """Periods of retention. Source: enforcement decree of the Public Records Management Act, article 26."""

    YEAR_1 = "1", _("1 year")
    YEARS_3 = "3", _("3 years")
    YEARS_5 = "5", _("5 years")
    YEARS_10 = "10", _("10 years")
    YEARS_30 = "30", _("30 years")
    NEARLY_PERMANENT = "nearly", _("semi-permanent")
    PERMANENT = "permanent", _("permanent")
