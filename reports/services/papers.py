"""Forms of offices, and what was signed in the administration's own system."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit.services import record
from core.errors import RuleViolation
from reports.forms_filling import Filled, UnfitForm, Wrong, fill, read_fields
from reports.models import OfficeForm, SignedDocument
from reports.states import Disclosure, FormStatus
from residents.models import Region, User

REFUSALS = {
    Wrong.TOO_LARGE: gettext_lazy("The file is larger than 5 MB. A form has to be smaller."),
    Wrong.OLD_FORMAT: gettext_lazy(
        "This is a file in the older format HWP. Please open it in the word processor, save it as HWPX and send that."
    ),
    Wrong.NOT_HWPX: gettext_lazy("This is no HWPX file, or it is damaged. Please send the form as HWPX."),
    Wrong.ENCRYPTED: gettext_lazy("The file is locked with a password. Please save it without one and send it again."),
    Wrong.UNSAFE: gettext_lazy(
        "The file holds a script or an embedded object. Please take it out of the form and send it again."
    ),
    Wrong.NO_FIELDS: gettext_lazy(
        "The form has no named fields. Please give each place to be filled a click-here field with a name, "
        "or write the name there in double braces."
    ),
    Wrong.TOO_MANY_FIELDS: gettext_lazy("The form has far too many fields. Please send the form without repetitions."),
    Wrong.REGISTRATION_NUMBER: gettext_lazy(
        "The form asks for the resident registration number. Madang never holds it; please take that field out."
    ),
}


def _refusal(unfit: UnfitForm) -> RuleViolation:
    return RuleViolation(str(REFUSALS[unfit.reason]), code=unfit.reason.value)


@transaction.atomic
def add_form(  # noqa: PLR0913 - a form has this many facts
    *, name: str, source: str, region: Region | None, content: bytes, actor: User, at: datetime
) -> OfficeForm:
    """Keep an office's form, after looking into it, with the names of its fields.

    Raises RuleViolation for a file that is no safe form with named fields, and if the office has the same file already.
    """
    try:
        fields = read_fields(content)
    except UnfitForm as unfit:
        raise _refusal(unfit) from unfit
    sha256 = hashlib.sha256(content).hexdigest()
    if OfficeForm.objects.filter(region=region, sha256=sha256).exists():
        raise RuleViolation(_("This office has exactly this form already."), code="form_known")
    form = OfficeForm(
        name=name.strip(),
        source=source.strip(),
        region=region,
        sha256=sha256,
        size=len(content),
        fields=[{"name": one.name, "kind": one.kind.value, "label": one.label} for one in fields],
        added_at=at,
    )
    form.content.save("form", ContentFile(content), save=False)
    form.save(force_insert=True)
    record(
        actor=actor,
        action="reports.form_added",
        target=form,
        scope=_scope(region),
        details={"sha256": sha256, "fields": len(fields)},
        at=at,
    )
    return form


@transaction.atomic
def retire_form(*, form_id: int, actor: User, at: datetime) -> OfficeForm:
    """Take a form out of use; what was filled with it stays. Raises RuleViolation if it is out of use already."""
    return _move_form(form_id, FormStatus.RETIRED, "reports.form_retired", actor, at)


@transaction.atomic
def bring_back_form(*, form_id: int, actor: User, at: datetime) -> OfficeForm:
    """Take a retired form into use again. Raises RuleViolation if it is in use."""
    return _move_form(form_id, FormStatus.IN_USE, "reports.form_brought_back", actor, at)


def _move_form(form_id: int, status: FormStatus, action: str, actor: User, at: datetime) -> OfficeForm:
    form = OfficeForm.objects.select_for_update(of=("self",)).select_related("region").get(pk=form_id)
    form.move_to(status)
    form.save(update_fields=["status"])
    record(actor=actor, action=action, target=form, scope=_scope(form.region), at=at)
    return form


@transaction.atomic
def map_form(*, form_id: int, mapping: Mapping[str, str], actor: User, at: datetime) -> OfficeForm:
    """Say which fact goes into which field: field → name of a fact that a caller of `fill_form` offers.

    Raises RuleViolation for a field that the form does not have.
    """
    form = OfficeForm.objects.select_for_update(of=("self",)).select_related("region").get(pk=form_id)
    unknown = sorted(mapping.keys() - {field["name"] for field in form.fields})
    if unknown:
        raise RuleViolation(_("The form has no field called “%(name)s”.") % {"name": unknown[0]}, code="unknown_field")
    form.mapping = {field: fact.strip() for field, fact in mapping.items() if fact.strip()}
    form.save(update_fields=["mapping"])
    record(
        actor=actor,
        action="reports.form_mapped",
        target=form,
        scope=_scope(form.region),
        details={"mapping": form.mapping},
        at=at,
    )
    return form


def content_of(form: OfficeForm) -> bytes:
    """The office's file as it was uploaded. Raises RuleViolation where storage lost it, as after a restored backup."""
    try:
        with form.content.open("rb") as file:
            return bytes(file.read())
    except (FileNotFoundError, ValueError) as error:
        raise RuleViolation(
            _("The file of this form is no longer here. Please upload the form anew."),
            code="form_lost",
            status=HTTPStatus.GONE,
        ) from error


def fill_form(form: OfficeForm, values: Mapping[str, str], *, as_named: bool = False) -> Filled:
    """The office's form with `values`, named by its fields or by the facts that its mapping puts into them.

    as_named: all of them are named by fields; the mapping has been applied already. Nothing is written.
    Raises RuleViolation if the form is retired or its file cannot be read.
    """
    if form.status != FormStatus.IN_USE:
        raise RuleViolation(_("This form is out of use. Please take its newer version."), code="form_retired")
    named = dict(values)
    mapping = {} if as_named else form.mapping
    for field, fact in mapping.items():
        if fact in named:
            named[field] = values[fact]
    names = {field["name"] for field in form.fields}
    for fact in set(mapping.values()) - names:
        named.pop(fact, None)
    content = content_of(form)
    try:
        return fill(content, named)
    except UnfitForm as unfit:
        raise _refusal(unfit) from unfit


@dataclass(frozen=True, slots=True)
class Signing:
    """What was signed, as the administration's own system states it."""

    number: str
    title: str
    signed_on: date
    disclosure: Disclosure
    closed_because: str
    retention: str
    about: str = ""


@transaction.atomic
def record_signed_document(*, signing: Signing, region: Region | None, actor: User, at: datetime) -> SignedDocument:
    """Keep the number, date, disclosure class and retention of a letter that was signed outside.

    Raises RuleViolation if the office has this number already, or a class that is not open comes without its ground.
    """
    is_open = signing.disclosure == Disclosure.OPEN
    if not is_open and not signing.closed_because.strip():
        raise RuleViolation(
            _("A letter that is not open states the ground: the item of the law on disclosure."), code="no_ground"
        )
    number = " ".join(signing.number.split())
    if SignedDocument.objects.filter(region=region, number=number).exists():
        raise RuleViolation(_("A letter with this number is recorded already."), code="number_known")
    signed = SignedDocument.objects.create(
        number=number,
        title=signing.title.strip(),
        signed_on=signing.signed_on,
        disclosure=signing.disclosure,
        closed_because="" if is_open else signing.closed_because.strip(),
        retention=signing.retention,
        about=signing.about,
        region=region,
    )
    record(
        actor=actor,
        action="reports.letter_signed",
        target=signed,
        scope=_scope(region),
        details={"signed_on": signing.signed_on.isoformat(), "disclosure": str(signing.disclosure)},
        at=at,
    )
    return signed


def _scope(region: Region | None) -> str:
    return region.path if region else ""
