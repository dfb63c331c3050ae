"""Finds the texts of the house that are shown to people: in templates and in Python code. No database, no settings.

Python is read with `ast`, so that strings over several lines arrive whole; templates go through Django's own
`templatize`, which writes every translation tag as a call of gettext and blanks out everything else.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

TRANSLATION_MODULES = frozenset({"django.utils.translation", "gettext"})
# Function → places of (context, singular, plural) among its arguments.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
FUNCTIONS |= {f"{name}_lazy": places for name, places in FUNCTIONS.items()}
FUNCTIONS["gettext_noop"] = FUNCTIONS["_"] = FUNCTIONS["gettext"]

CODE_EXCLUDED = frozenset({".venv", ".git", "var", "tests", "bench", "migrations", "docs", "static", "__pycache__"})
HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
# A line of code may hold Hangul that is no text of a page when it says why, as in:  # korean: names of the law
# and a whole file by a line of its own:  # korean file: the alphabet
HANGUL_MEANT = re.compile(r"# korean: \S")
FILE_MEANT = re.compile(r"^# korean file: \S", re.MULTILINE)

# Letters are written whole in each language: welcome.ko.txt beside welcome.en.txt.
KOREAN_BY_NAME = ".ko."

_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\b({'|'.join(sorted(FUNCTIONS, key=len, reverse=True))})\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)")
_LITERALS = re.compile(_LITERAL, re.DOTALL)


class Key(NamedTuple):
    """What gettext looks a message up by."""

    context: str | None
    singular: str


@dataclass(frozen=True, slots=True)
class Message:
    """A text as it stands in the code."""

    key: Key
    plural: str | None


class Found(NamedTuple):
    """A text or a complaint, and where: a path below the root and a line."""

    path: str
    line: int
    message: Message


class Stray(NamedTuple):
    """Hangul where an English message id belongs."""

    path: str
    line: int
    text: str


def template_files(root: Path) -> list[Path]:
    """Every template of the house, in order."""
    return sorted(
        path
        for folder in [root / "templates", *root.glob("*/templates")]
        for path in folder.rglob("*")
        if path.suffix in {".html", ".txt"} and path.is_file()
    )


def code_files(root: Path) -> list[Path]:
    """Every Python file that runs for people: no tests, migrations or benchmarks."""
    return sorted(
        path for path in root.rglob("*.py") if not CODE_EXCLUDED.intersection(path.relative_to(root).parts[:-1])
    )


def _message(function: str, texts: list[str | None]) -> Message | None:
    """The message of a call, None if one of its texts is not written out there."""
    context_at, singular_at, plural_at = FUNCTIONS[function]
    wanted = [place for place in (context_at, singular_at, plural_at) if place is not None]
    if max(wanted) >= len(texts) or any(texts[place] is None for place in wanted):
        return None
    context = None if context_at is None else texts[context_at]
    singular = texts[singular_at]
    if not singular:
        return None
    return Message(Key(context, singular), None if plural_at is None else texts[plural_at])


def messages_of_template(source: str, name: str = "") -> Iterator[tuple[int, Message]]:
    """Line and message of each translation tag. Raises SyntaxError if a block tag stands inside of blocktranslate."""
    written = templatize(source, name)
    for call in _CALL.finditer(written):
        texts: list[str | None] = [ast.literal_eval(literal) for literal in _LITERALS.findall(call[2])]
        message = _message(call[1], texts)
        if message:
            yield written.count("\n", 0, call.start()) + 1, message


def _names_of_functions(tree: ast.Module) -> dict[str, str]:
    """Local name → function, for what the module imports from Django's translation."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in TRANSLATION_MODULES
        for alias in node.names
        if alias.name in FUNCTIONS
    }


def _function_called(call: ast.Call, names: dict[str, str]) -> str | None:
    if isinstance(call.func, ast.Name):
        return names.get(call.func.id)
    if isinstance(call.func, ast.Attribute) and call.func.attr in FUNCTIONS:
        return call.func.attr
    return None


def messages_of_code(source: str, name: str = "<code>") -> Iterator[tuple[int, Message]]:
    """Line and message of each call of a gettext function with its text written out."""
    tree = ast.parse(source, name)
    names = _names_of_functions(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (function := _function_called(node, names)):
            texts = [
                argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None
                for argument in node.args
            ]
            message = _message(function, texts)
            if message:
                yield node.lineno, message


def messages_of_house(root: Path) -> list[Found]:
    """All texts below `root`, with their places, in the order of files and lines."""
    found = []
    for path in template_files(root):
        name = path.relative_to(root).as_posix()
        found += [Found(name, *hit) for hit in messages_of_template(path.read_text(encoding="utf-8"), name)]
    for path in code_files(root):
        name = path.relative_to(root).as_posix()
        found += [Found(name, *hit) for hit in messages_of_code(path.read_text(encoding="utf-8"), name)]
    return found


def hangul_of_template(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of Hangul outside of comments and translation tags."""
    commented = translated = False
    for token in Lexer(source).tokenize():
        words = token.contents.split()
        tag = words[0] if token.token_type == TokenType.BLOCK and words else ""
        if tag in {"comment", "endcomment"}:
            commented = tag == "comment"
        elif tag.removeprefix("end") in {"blocktranslate", "blocktrans"}:
            translated = not tag.startswith("end")
        elif tag in {"translate", "trans"} or token.token_type == TokenType.COMMENT or commented or translated:
            continue
        elif HANGUL.search(token.contents):
            for offset, text in enumerate(token.contents.splitlines()):
                if HANGUL.search(text):
                    yield (token.lineno or 0) + offset, text.strip()


def _docstrings_and_messages(tree: ast.Module, names: dict[str, str]) -> set[int]:
    """Ids of the string nodes that are no stray text: docstrings, bare strings, arguments of gettext."""
    meant: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            meant.add(id(node.value))
        elif isinstance(node, ast.Call) and _function_called(node, names):
            meant.update(id(argument) for argument in node.args)
    return meant


def hangul_of_code(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of Hangul in strings that are neither documentation nor given to gettext."""
    if FILE_MEANT.search(source):
        return
    tree = ast.parse(source)
    meant = _docstrings_and_messages(tree, _names_of_functions(tree))
    lines = source.splitlines()
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in meant
            and HANGUL.search(node.value)
            and not any(HANGUL_MEANT.search(line) for line in lines[node.lineno - 1 : node.end_lineno])
        ):
            yield node.lineno, node.value


def strays_of_house(root: Path) -> list[Stray]:
    """Hangul in templates and code, where English message ids belong. The demo town's own words are data."""
    strays = []
    for path in template_files(root):
        if KOREAN_BY_NAME in path.name:
            continue
        name = path.relative_to(root).as_posix()
        strays += [Stray(name, *hit) for hit in hangul_of_template(path.read_text(encoding="utf-8"))]
    for path in code_files(root):
        name = path.relative_to(root).as_posix()
        if not name.startswith("demo/"):
            strays += [Stray(name, *hit) for hit in hangul_of_code(path.read_text(encoding="utf-8"))]
    return strays
