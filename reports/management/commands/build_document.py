"""./run manage build_document NAME [--param key=value …] --format pdf --out FILE: any document, without the site."""

import hashlib
import os
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from core.audit.services import record
from core.errors import RuleViolation
from core.jobs.models import MadeFile
from reports.building import gather, write
from reports.parameters import formats_of, read_format, read_values
from reports.registry import Document, Format, Kind, Order, Parameter, document_called, documents
from reports.rendering import Rendered, about_missing

BAD_INPUT = 2
KIND_WORDS = {Kind.TEXT: "text", Kind.NUMBER: "number", Kind.DAY: "YYYY-MM-DD"}
CHUNK = 1024 * 1024


class Command(BaseCommand):
    help = "Builds a document that the site can print, into a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="", metavar="NAME", help="name of the document, see --list")
        parser.add_argument("--param", action="append", default=[], metavar="KEY=VALUE", help="may be repeated")
        parser.add_argument("--format", default="", metavar="FORMAT", help="pdf, hwpx, xlsx, csv or vcf")
        parser.add_argument("--out", default="", metavar="FILE", help="where the file goes")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, metavar="LANGUAGE", help="ko or en")
        parser.add_argument("--list", action="store_true", help="list the documents, their parameters and formats")

    def handle(self, *_args: Any, **options: Any) -> None:
        language = options["language"]
        if language not in dict(settings.LANGUAGES):
            raise _refusal(f"There is no language “{language}” here. There are: {', '.join(dict(settings.LANGUAGES))}.")
        with override(language):
            if options["list"]:
                self._list()
            else:
                self._build(options, language)

    def _list(self) -> None:
        for document in documents():
            self.stdout.write(f"{document.name}  {document.title}")
            self.stdout.write(f"    {_('Formats')}: {', '.join(formats_of(document))}")
            for parameter in document.parameters:
                self.stdout.write(f"    --param {parameter.name}=…  {_about(parameter)}")

    def _build(self, options: dict[str, Any], language: str) -> None:
        if not options["name"]:
            raise _refusal(_("Say which document to build; --list names them all."))
        try:
            document = document_called(options["name"])
            values = read_values(document, _pairs(options["param"]), None)
            file_format = _format(document, options["format"])
            target = _target(options["out"])
            order = Order(values=values, reader=None, at=timezone.now(), language=language, tell=self._tell)
            rendered = self._write(document, file_format, order, target)
        except RuleViolation as violation:
            raise _refusal(violation.text) from violation
        if document.personal_data:
            record(
                actor=None,
                action="reports.built_by_command",
                target=MadeFile,
                details={"document": document.name, "format": file_format.value},
                at=order.at,
            )
        pages = ngettext("%(pages)s page", "%(pages)s pages", rendered.pages or 0) % {"pages": rendered.pages}
        facts = [f"{target.stat().st_size:,} bytes", *([pages] if rendered.pages else []), f"sha256 {_sha256(target)}"]
        if rendered.missing:
            self.stderr.write(about_missing(rendered.missing))
        self.stdout.write(f"{target}  {', '.join(facts)}")

    def _tell(self, percent: int, step: str) -> None:
        if step and self.stderr.isatty():
            self.stderr.write(f"{percent:3} % {step}")

    def _write(self, document: Document, file_format: Format, order: Order, target: Path) -> Rendered:
        """Write beside the target and put the finished file in its place: never half a file, whatever happens."""
        content = gather(document, file_format, order, self._tell)
        try:
            with NamedTemporaryFile(dir=target.parent, prefix=".madang-", delete=False) as beside:
                half = Path(beside.name)
            try:
                rendered = write(content, file_format, half, self._tell)
                half.chmod(0o666 & ~_umask())
                half.replace(target)
            finally:
                half.unlink(missing_ok=True)
        except OSError as error:
            raise _refusal(_unwritable(target, error)) from error
        return rendered


def _about(parameter: Parameter) -> str:
    need = _("required") if parameter.required else _("optional")
    help_text = f": {parameter.help}" if parameter.help else ""
    return f"{parameter.label} ({KIND_WORDS[parameter.kind]}, {need}){help_text}"


def _pairs(given: Sequence[str]) -> dict[str, str]:
    """Raises CommandError for what is no pair, and for a key that comes twice."""
    pairs: dict[str, str] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not key or not equals:
            raise _refusal(_("A parameter is written as key=value, not as “%(given)s”.") % {"given": pair})
        if key in pairs:
            raise _refusal(_("The parameter “%(name)s” was given twice.") % {"name": key})
        pairs[key] = value
    return pairs


def _format(document: Document, text: str) -> Format:
    if not text:
        offered = ", ".join(formats_of(document))
        raise _refusal(_("Say in which format: --format and one of %(offered)s.") % {"offered": offered})
    return read_format(document, text)


def _target(text: str) -> Path:
    """Where the file goes. Raises CommandError where nothing can be written, before anything is built.

    A link is followed: what it points to is replaced, and the link stays.
    """
    if not text.strip():
        raise _refusal(_("Say where the file goes: --out FILE."))
    if text == "-":
        raise _refusal(_("The file cannot go to the terminal or a pipe. Please give it a name: --out FILE."))
    target = Path(text)
    try:
        target = target.resolve() if target.is_symlink() else target
        folder = target.parent
        if target.is_dir():
            raise _refusal(_("“%(path)s” is a folder. Please name a file in it.") % {"path": text})
        if not folder.is_dir():
            raise _refusal(_("There is no folder “%(path)s”.") % {"path": str(folder)})
        if not os.access(folder, os.W_OK) or (target.exists() and not target.is_file()):
            raise _refusal(_unwritable(target, None))
    except OSError as error:
        # Such as a name that is too long, or a folder that nobody else may look into.
        raise _refusal(_unwritable(target, error)) from error
    return target


def _unwritable(target: Path, error: OSError | None) -> str:
    reason = f" ({error.strerror})" if error and error.strerror else ""
    return _("The file “%(path)s” cannot be written%(reason)s.") % {"path": str(target), "reason": reason}


def _refusal(text: str) -> CommandError:
    return CommandError(text, returncode=BAD_INPUT)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
