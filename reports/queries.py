"""Which documents are open to an account, and what it has of them already."""

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from core.jobs.models import Job
from core.jobs.states import JobStatus
from reports.orders import KIND
from reports.parameters import read_values
from reports.registry import Document, documents
from residents.models import User

EARLIER_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Group:
    """The documents of one app that an account may order."""

    title: str
    documents: tuple[Document, ...]


def may_order_any(document: Document, user: User) -> bool:
    """Whether there is a document of this kind that the account may order: with the first of what can be chosen."""
    first = {}
    for parameter in document.parameters:
        if parameter.required and parameter.choices is not None:
            choices = parameter.choices(user)
            if not choices:
                return False
            first[parameter.name] = choices[0][0]
    try:
        values = read_values(document, first, user)
    except RuleViolation:
        # What has to be typed is not known yet.
        values = {}
    return document.may_order(user, values)


def any_document_for(user: User) -> bool:
    """Whether the page of documents has anything for this account.

    Documents that everybody may order are asked after first, so that most pages cost no query.
    """
    by_readers = sorted(documents(), key=lambda document: bool(document.personal_data))
    return any(may_order_any(document, user) for document in by_readers)


def documents_for(user: User) -> list[Group]:
    """Everything that this account may order, by the app that it comes from."""
    groups: dict[str, list[Document]] = {}
    for document in documents():
        if may_order_any(document, user):
            groups.setdefault(_app_of(document), []).append(document)
    return [
        Group(title, tuple(sorted(found, key=lambda document: str(document.title))))
        for title, found in sorted(groups.items())
    ]


def _app_of(document: Document) -> str:
    config = apps.get_containing_app_config(document.build.__module__)
    return str(config.verbose_name) if config else _("Documents")


def earlier_files(document: Document, user: User, at: datetime) -> QuerySet[Job]:
    """The newest finished orders of this document by this account whose files are still there."""
    return Job.objects.filter(
        owner=user,
        kind=KIND,
        status=JobStatus.DONE,
        parameters__document=document.name,
        file__expires_at__gt=at,
    ).select_related("file")[:EARLIER_SHOWN]
