"""The documents that the apps can print, handed in by `AppConfig.ready()`.

register(Document(
    name="member-directory", title=_("Directory of members"), parameters=(), build=directory,
    may_order=lambda user, values: user.has_perm("forums.read_directory"), formats=(Format.PDF, Format.XLSX),
    personal_data="forums.directory",
))
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from core.jobs.kinds import Offer
from reports.content import Report
from residents.models import User

Value = str | int | date
Values = Mapping[str, Value]
# (percent of the builder's own work, what it does now in words)
Tell = Callable[[int, str], None]


def _say_nothing(_percent: int, _step: str) -> None:
    """For builders that are called without anybody who watches."""


class Format(StrEnum):
    PDF = "pdf"
    HWPX = "hwpx"
    XLSX = "xlsx"
    CSV = "csv"
    VCF = "vcf"


class Kind(StrEnum):
    """What a parameter is."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that is said when a document is ordered.

    choices: what may be said to this account (None is the command line): (value, label); None where anything of the
    kind may. A parameter without `required` may be left out and is then not among the values.
    check: raises RuleViolation for a value that names nothing; asked before a job is made, of who may order.
    """

    name: str
    label: str | Promise
    kind: Kind = Kind.TEXT
    required: bool = True
    choices: Callable[[User | None], list[tuple[str, str]]] | None = None
    check: Callable[[Value], object] | None = None
    help: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: parameters as typed values, for whom (None: the command line), when, in which language."""

    values: Values
    reader: User | None
    at: datetime
    language: str = "ko"
    tell: Tell = field(default=_say_nothing, compare=False)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that can be ordered.

    build: makes the content; raises RuleViolation with a sentence where there is nothing to print.
    may_order: whether this account may have it with these values; asked when it is ordered and on each download.
    own: formats that are not rendered from the content but written by the app itself, as bytes.
    personal_data: what the access log calls it where it holds data of persons; then ordering asks for a purpose, unless
    `purpose_asked` says that the readers are entitled to it as such (each reading is logged all the same).
    file_name: the file's name without ending, for these values; "" is the title.
    offer: what this account can do in one click with the file of its job (by the job's key), besides taking it; None
    where there is nothing.
    """

    name: str
    title: str | Promise
    build: Callable[[Order], Report]
    may_order: Callable[[User, Values], bool]
    formats: tuple[Format, ...]
    parameters: tuple[Parameter, ...] = ()
    about: str | Promise = ""
    own: Mapping[Format, Callable[[Order], bytes]] = field(default_factory=dict)
    personal_data: str = ""
    purpose_asked: bool = True
    file_name: Callable[[Order], str] | None = None
    offer: Callable[[User, Format, UUID], Offer | None] | None = None


_documents: dict[str, Document] = {}


def register(document: Document) -> None:
    """Let a document be ordered. Raises ValueError if its name is taken by another one."""
    known = _documents.get(document.name)
    if known is not None and known.build is not document.build:
        raise ValueError(f"two documents are called {document.name}")
    _documents[document.name] = document


def document_called(name: str) -> Document:
    """Raises RuleViolation (404) if no document has this name."""
    try:
        return _documents[name]
    except KeyError:
        raise RuleViolation(
            _("There is no document called “%(name)s”.") % {"name": name}, code="unknown_document", status=404
        ) from None


def documents() -> list[Document]:
    """All, by name."""
    return [_documents[name] for name in sorted(_documents)]
