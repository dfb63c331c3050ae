"""Documents as jobs: who may order one, what the job does, and what stays on record when its file goes out."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.audit.models import AccessAct
from core.audit.services import log_access
from core.errors import RuleViolation
from core.jobs.kinds import JobKind, Offer, Work, register_kind
from core.jobs.models import Job, MadeFile
from core.jobs.services import order_job
from core.scratch import scratch_folder
from reports.building import file_name, gather, write
from reports.parameters import as_word, as_words, formats_of, read_format, read_values
from reports.registry import Document, Format, Order, Values, document_called
from reports.rendering import about_missing
from residents.models import User
from residents.services.extracts import Extract, record_extract, refuse_extract

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

KIND = "reports.document"
# What the access log says where the reader is entitled to the data as such and is not asked.
ENTITLED = gettext_lazy("Entitled by office; no purpose is asked.")
FEW_PARAMETERS = 2


def order_document(  # noqa: PLR0913 - an order has this many facts
    *, name: str, values: Values, file_format: Format, owner: User, at: datetime, purpose: str = ""
) -> Job:
    """Order the document called `name` as a file; a worker makes it.

    Asks whether the account may have it, now and again when it is made and when it is taken.
    Raises RuleViolation: 404 for an unknown document, 403 if it is not for this account, 400 for a format that it is
    not made in, 409 or 429 where data of persons needs a purpose and there is none, or after too many files; and what
    the check of a parameter says, 404 for what it does not find.
    """
    document = document_called(name)
    if not document.may_order(owner, values):
        raise _not_yours()
    for parameter in document.parameters:
        if parameter.check is not None and parameter.name in values:
            parameter.check(values[parameter.name])
    if file_format not in formats_of(document):
        read_format(document, file_format.value)
    purpose = purpose.strip()
    if needs_purpose(document):
        refuse_extract(actor=owner, purpose=purpose, rows=0, at=at)
    else:
        purpose = ""
    language = get_language() or "ko"
    parameters = {
        "document": name,
        "format": file_format.value,
        "values": as_words(values),
        **({"purpose": purpose} if purpose else {}),
    }
    return order_job(
        kind=KIND,
        title=_title(document, values, file_format, owner),
        parameters=parameters,
        owner=owner,
        at=at,
        subject=hashlib.sha256(json.dumps([language, parameters], sort_keys=True).encode()).hexdigest(),
        language=language,
    )


def needs_purpose(document: Document) -> bool:
    return bool(document.personal_data) and document.purpose_asked


def _title(document: Document, values: Values, file_format: Format, owner: User) -> str:
    """The document's title with what was chosen; without where that might name a person."""
    said: list[str] = []
    for parameter in document.parameters if not document.personal_data else ():
        if parameter.name in values and len(said) < FEW_PARAMETERS:
            word = as_word(values[parameter.name])
            labels = dict(parameter.choices(owner)) if parameter.choices else {}
            said.append(str(labels.get(word, word)))
    return f"{' · '.join([str(document.title), *said])} ({file_format.value.upper()})"


def _not_yours() -> RuleViolation:
    return RuleViolation(
        _("This document is not open to your account. Nothing was ordered."), code="not_yours", status=403
    )


# --- what a worker does -----------------------------------------------------------------------------------------------


def run(work: Work) -> None:
    """Make the file of a job, or offer the finished one that was made from the same content."""
    job = work.job
    document, values, file_format = _read(job)
    reader = job.owner
    if not isinstance(reader, User) or not reader.is_active or not document.may_order(reader, values):
        raise _not_yours()
    order = Order(values=values, reader=reader, at=job.ordered_at, language=job.language)
    content = gather(document, file_format, order, work.tell)
    _remember_rows(job, content.rows)
    if work.offer_again(content.fingerprint):
        work.say(_("Nothing has changed since this file was made, so it is offered again."))
        return
    with scratch_folder() as folder:
        target = Path(folder) / f"made.{file_format.value}"
        rendered = write(content, file_format, target, work.tell)
        work.keep(
            target,
            name=file_name(document, order, file_format),
            content_type=rendered.content_type,
            pages=rendered.pages,
            # With more fonts the next one will be better: it is made anew.
            fingerprint="" if rendered.missing else content.fingerprint,
        )
        work.say(about_missing(rendered.missing))


def _read(job: Job) -> tuple[Document, Values, Format]:
    """Raises RuleViolation if the document, its parameters or the format are no longer there."""
    document = document_called(str(job.parameters.get("document", "")))
    given = job.parameters.get("values", {})
    owner = job.owner if isinstance(job.owner, User) else None
    values = read_values(document, given if isinstance(given, Mapping) else {}, owner)
    return document, values, read_format(document, str(job.parameters.get("format", "")))


def _remember_rows(job: Job, rows: int) -> None:
    """Note with the job how much data the file holds, for the log when it goes out."""
    job.parameters = {**job.parameters, "rows": rows}
    Job.objects.filter(pk=job.pk).update(parameters=job.parameters)


# --- when the file goes out -------------------------------------------------------------------------------------------


def may_download(job: Job, account: "AbstractBaseUser") -> bool:
    """Asked on each download: roles end, and data moves."""
    try:
        document, values, _format = _read(job)
    except RuleViolation:
        return False
    return isinstance(account, User) and document.may_order(account, values)


def log_download(job: Job, account: "AbstractBaseUser", address: str) -> None:
    """Leave a trace before data of persons goes out. Raises RuleViolation after too many files within an hour."""
    document, values, _format = _read(job)
    if not document.personal_data or not isinstance(account, User):
        return
    rows, at = int(job.parameters.get("rows", 1)), timezone.now()
    if needs_purpose(document):
        record_extract(
            extract=Extract(model=MadeFile, what=document.personal_data, scope="", filters=sorted(values)),
            rows=rows,
            purpose=str(job.parameters.get("purpose", "")),
            actor=account,
            address=address,
            at=at,
        )
        return
    log_access(
        account=account,
        act=AccessAct.DOWNLOAD,
        what=document.personal_data,
        at=at,
        count=rows,
        reason=str(ENTITLED),
        address=address,
    )


def again(job: Job) -> str:
    """The page where the same is ordered once more, with the same parameters filled in."""
    name, given = str(job.parameters.get("document", "")), job.parameters.get("values", {})
    if not name:
        return ""
    address = reverse("reports:document", args=[name])
    chosen = {**given, "format": job.parameters.get("format", "")} if isinstance(given, Mapping) else {}
    return f"{address}?{urlencode(chosen)}" if chosen else address


def offer(job: Job) -> Offer | None:
    """What the document's app lets its owner do with the file."""
    try:
        document, _values, file_format = _read(job)
    except RuleViolation:
        return None
    if document.offer is None or not isinstance(job.owner, User):
        return None
    return document.offer(job.owner, file_format, job.pk)


def register() -> None:
    register_kind(
        JobKind(
            name=KIND,
            title=gettext_lazy("Documents"),
            run=run,
            may_download=may_download,
            on_download=log_download,
            again=again,
            offer=offer,
        )
    )
