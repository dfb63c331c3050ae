"""A certificate on paper, and what a visitor sees of it who has its code."""

import io
from dataclasses import dataclass
from datetime import date

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import RuleViolation
from reports.content import Block, Facts, Paragraph, Picture, Report, Run, Section, Style, Tone
from reports.models import Certificate
from reports.registry import Document, Format, Kind, Order, Parameter, Values
from reports.registry import register as register_document
from reports.states import CertificateStatus
from residents.masking import STAR, masked_name
from residents.models import User

NAME = "certificate"
CIRCLE = "○"
QR_WIDTH_MM = 24
QR_SCALE = 8
SEAL = "(관인)"  # korean: where the office sets its seal by hand; a drawn one would be a forgery


def certificate_report(certificate: Certificate) -> Report:
    """The certificate as a letter of one page, with a square to scan where the site knows its own address."""
    address = verify_address(certificate)
    how = _("Verify this certificate at %(address)s with the code %(code)s.") % {
        "address": _shown(address) or reverse("reports:verify"),
        "code": certificate.printed_code,
    }
    square = [Picture(qr_png(address), _("Square code that leads to the page that verifies"), width_mm=QR_WIDTH_MM)]
    blocks: tuple[Block, ...] = (
        Facts(rows=((_("Name"), certificate.holder_name), *((name, value) for name, value in certificate.facts))),
        Paragraph(certificate.statement),
        Paragraph(date_format(certificate.issued_on, "DATE_FORMAT"), Tone.CENTRED),
        Paragraph((Run(f"{certificate.issued_by}  {SEAL}", bold=True),), Tone.CENTRED),
        *(square if address else []),
        Paragraph(how, Tone.SMALL),
    )
    return Report(
        title=certificate.title,
        sections=(Section("", blocks),),
        publisher=certificate.issued_by,
        style=Style.LETTER,
        issued_on=certificate.issued_on,
        serial=certificate.serial,
        code=certificate.printed_code,
    )


def verify_address(certificate: Certificate) -> str:
    """Where the square leads; "" where the site does not know its own address."""
    if not settings.SITE_URL:
        return ""
    return f"{settings.SITE_URL}{reverse('reports:verified', args=[certificate.printed_code])}"


def _shown(address: str) -> str:
    """The address as people type it: without scheme and code."""
    return address.partition("://")[2].rstrip("/").rpartition("/")[0]


def qr_png(text: str) -> bytes:
    """A square code as PNG, with the quiet zone that scanners want."""
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="png", scale=QR_SCALE, border=4)
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a visitor with the code sees: never the whole name."""

    title: str
    serial: str
    name: str
    statement: str
    facts: list[tuple[str, str]]
    issued_on: date
    issued_by: str
    is_valid: bool
    withdrawn_on: date | None
    withdrawn_because: str


def verdict_on(certificate: Certificate) -> Verdict:
    return Verdict(
        title=certificate.title,
        serial=certificate.serial,
        name=masked_name(certificate.holder_name).replace(STAR, CIRCLE),
        statement=certificate.statement,
        facts=[(str(name), str(value)) for name, value in certificate.facts],
        issued_on=certificate.issued_on,
        issued_by=certificate.issued_by,
        is_valid=certificate.status == CertificateStatus.ISSUED,
        withdrawn_on=certificate.withdrawn_on,
        withdrawn_because=certificate.withdrawn_because,
    )


# --- as a document to order -------------------------------------------------------------------------------------------


def _wanted(values: Values) -> Certificate | None:
    return Certificate.objects.select_related("region").filter(pk=int(str(values.get("certificate", 0)))).first()


def build(order: Order) -> Report:
    """Raises RuleViolation for a certificate that does not exist, was withdrawn, or whose holder's data were erased."""
    certificate = _wanted(order.values)
    if certificate is None:
        raise RuleViolation(_("There is no such certificate."), code="unknown_certificate", status=404)
    if certificate.status != CertificateStatus.ISSUED:
        raise RuleViolation(_("This certificate was withdrawn and is no longer printed."), code="withdrawn")
    if not certificate.holder_name:
        raise RuleViolation(_("The holder’s data were erased. The certificate is no longer printed."), code="erased")
    return certificate_report(certificate)


def _may_order(user: User, values: Values) -> bool:
    if not values:
        return user.has_perm("reports.view_certificate") or user.certificates.exists()
    certificate = _wanted(values)
    return certificate is not None and user.has_perm("reports.print_certificate", certificate)


def register() -> None:
    register_document(
        Document(
            name=NAME,
            title=gettext_lazy("Certificate"),
            build=build,
            may_order=_may_order,
            formats=(Format.PDF, Format.HWPX),
            parameters=(
                Parameter(
                    name="certificate",
                    label=gettext_lazy("certificate"),
                    kind=Kind.NUMBER,
                    help=gettext_lazy("Its number in this site, as the desk and my page show it in their links."),
                ),
            ),
            about=gettext_lazy("A certificate that was issued, with its serial number and the code to verify it."),
            personal_data="reports.certificate",
            purpose_asked=False,
        )
    )
