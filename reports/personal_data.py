"""What this app holds about a person: their certificates."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.models import Certificate
from residents.models import User
from residents.personal_data import Fact, Section


def sections(user: User) -> Iterator[Section]:
    """Certificates; one query."""
    certificates = Certificate.objects.filter(holder=user).order_by("issued_on", "pk")
    yield Section("certificates", gettext_lazy("Certificates"), tuple(_facts(one) for one in certificates))


def _facts(certificate: Certificate) -> tuple[Fact, ...]:
    return (
        Fact("title", _("title"), certificate.title),
        Fact("serial", _("serial number"), certificate.serial),
        Fact("name", _("name"), certificate.holder_name),
        Fact("statement", _("what is certified"), certificate.statement),
        Fact("facts", _("facts"), "; ".join(f"{name}: {value}" for name, value in certificate.facts)),
        Fact("issued_on", _("issued on"), certificate.issued_on.isoformat()),
        Fact("issued_by", _("issued by"), certificate.issued_by),
        Fact("status", _("state"), certificate.get_status_display()),
    )


def erase(user: User, at: datetime) -> None:
    """Take the name off the certificates: their papers can still be verified, but no longer say whose they are."""
    del at
    Certificate.objects.filter(holder=user).update(holder=None, holder_name="")
