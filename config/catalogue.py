"""The Korean catalogue: read, brought up to date, filled, checked and compiled with Babel; no gettext programs needed.

The file is kept sorted and without places and dates, so that a change of a text changes the lines of that text only.
"""

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.reloader import translation_file_changed

from config.extraction import Key, Message

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
KOREAN = LOCALE / "ko" / "LC_MESSAGES" / "django.po"
# Texts of libraries whose own Korean is missing or wrong; one message id a line, with \n and \t written so.
OTHERS = LOCALE / "others.txt"

HEADER = """\
# Korean texts of Madang. Written by `manage.py update_messages`; the translations are filled in here.
msgid ""
msgstr ""
"Language: ko\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
FIELDS_SINGULAR, FIELDS_PLURAL, FIELDS_CONTEXT = 2, 3, 4
_NAMED = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]")
_BRACED = re.compile(r"(?<!\{)\{(\w*)[^{}]*\}(?!\})")
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Translation:
    """One line of a file of translations."""

    key: Key
    plural: str | None
    text: str


@dataclass(slots=True)
class Merge:
    """What became of the lines of files of translations: counts, and the texts that need a look."""

    filled: int = 0
    unknown: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)


def unescaped(text: str) -> str:
    r"""`text` with \n, \t and \\ turned into what they stand for."""
    return re.sub(r"\\([nt\\])", lambda match: _ESCAPES[match[1]], text)


def read_catalogue(path: Path = KOREAN) -> Catalog:
    """The catalogue in `path`, an empty one if there is none."""
    if not path.exists():
        return Catalog(locale="ko")
    with path.open("rb") as file:
        return read_po(file, locale="ko")


def other_messages(path: Path = OTHERS) -> list[Message]:
    """The libraries' texts that this catalogue translates."""
    if not path.exists():
        return []
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [Message(Key(None, unescaped(line)), None) for line in lines]


def _key(entry: Entry) -> Key:
    return Key(entry.context, entry.id if isinstance(entry.id, str) else entry.id[0])


def _plural(entry: Entry) -> str | None:
    return None if isinstance(entry.id, str) else entry.id[1]


def _text(entry: Entry) -> str:
    """The translation, of which Korean has one form."""
    return entry.string if isinstance(entry.string, str) else "".join((entry.string or ())[:1])


def entries(catalogue: Catalog) -> dict[Key, Entry]:
    """Every entry but the header."""
    return {_key(entry): entry for entry in catalogue if entry.id}


def _add(catalogue: Catalog, message: Message, text: str) -> None:
    key = message.key
    if message.plural is None:
        catalogue.add(key.singular, text, context=key.context)
    else:
        catalogue.add((key.singular, message.plural), (text,), context=key.context)


def _unique(messages: Iterable[Message]) -> dict[Key, Message]:
    """One message for each key; where a text stands with and without a plural, the plural counts."""
    unique: dict[Key, Message] = {}
    for message in messages:
        if message.key not in unique or unique[message.key].plural is None:
            unique[message.key] = message
    return unique


def updated(old: Catalog, messages: Iterable[Message]) -> Catalog:
    """A catalogue of exactly `messages` with the translations that `old` has for them; nothing is guessed."""
    known = entries(old)
    new = Catalog(locale="ko")
    for key, message in _unique(messages).items():
        entry = known.get(key)
        _add(new, message, _text(entry) if entry and not entry.fuzzy else "")
    return new


def write_catalogue(catalogue: Catalog, path: Path = KOREAN) -> bool:
    """Write the catalogue; whether the file changed."""
    body = BytesIO()
    write_po(body, catalogue, width=110, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    content = HEADER.encode() + body.getvalue().strip(b"\n") + b"\n"
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


def read_translations(path: Path) -> Iterator[Translation]:
    r"""The lines of a file of translations, fields separated by tabs, with \n and \t written so.

    `msgid ⇥ msgstr`, `msgid ⇥ plural ⇥ msgstr` or `context ⇥ msgid ⇥ plural or nothing ⇥ msgstr`; empty lines and
    lines that begin with # say nothing. Raises ValueError for any other line.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = [unescaped(part) for part in line.split("\t")]
        if len(fields) == FIELDS_SINGULAR:
            yield Translation(Key(None, fields[0]), None, fields[1])
        elif len(fields) == FIELDS_PLURAL:
            yield Translation(Key(None, fields[0]), fields[1], fields[2])
        elif len(fields) == FIELDS_CONTEXT:
            yield Translation(Key(fields[0], fields[1]), fields[2] or None, fields[3])
        else:
            raise ValueError(f"{path}:{number} has {len(fields)} fields; it must have 2, 3 or 4.")


def merge(catalogue: Catalog, translations: Iterable[Translation], *, overwrite: bool = False) -> Merge:
    """Fill the catalogue's empty entries; with `overwrite` also those that are translated differently."""
    known = entries(catalogue)
    merge = Merge()
    for translation in translations:
        entry = known.get(translation.key)
        if entry is None:
            merge.unknown.append(translation.key.singular)
            continue
        old = _text(entry)
        if old == translation.text or not translation.text:
            continue
        if old and not overwrite:
            merge.different.append(translation.key.singular)
            continue
        entry.string = translation.text if _plural(entry) is None else (translation.text,)
        merge.filled += 1
    return merge


def placeholders(text: str) -> set[str]:
    """Names that are filled in: %(name)s and {name}."""
    return {f"%({name})" for name in _NAMED.findall(text)} | {f"{{{name}}}" for name in _BRACED.findall(text)}


def problems(catalogue: Catalog, messages: Iterable[Message]) -> list[tuple[Key, str]]:
    """What is missing or wrong in the catalogue for `messages`, as (key, sentence)."""
    known = entries(catalogue)
    found = []
    for key, message in _unique(messages).items():
        entry = known.get(key)
        text = _text(entry) if entry else ""
        if entry is None:
            found.append((key, "is not in the catalogue (run update_messages)"))
        elif entry.fuzzy:
            found.append((key, "is marked as fuzzy"))
        elif not text:
            found.append((key, "has no translation"))
        elif _plural(entry) != message.plural:
            found.append((key, "has another plural in the catalogue (run update_messages)"))
        elif placeholders(text) != placeholders(message.plural or key.singular) and (
            placeholders(text) != placeholders(key.singular)
        ):
            found.append((key, f"has other placeholders in its translation: {text}"))
        elif key.singular.startswith("\n") != text.startswith("\n") or key.singular.endswith("\n") != text.endswith(
            "\n"
        ):
            found.append((key, "begins or ends with a new line only on one side"))
    return found


def compile_catalogues(folder: Path = LOCALE) -> list[Path]:
    """Write the .mo beside every .po that is newer than it; the files written.

    Several processes may do so at once: each writes a file of its own and moves it into place.
    """
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        handle, temporary = tempfile.mkstemp(dir=target.parent, suffix=".mo.tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                write_mo(file, catalogue)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(target)
        finally:
            Path(temporary).unlink(missing_ok=True)
        written.append(target)
        # A process that looked for texts before finds the new ones from here on.
        translation_file_changed(None, target)
    return written
