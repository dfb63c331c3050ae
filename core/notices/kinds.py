"""The kinds of notices, handed in by `AppConfig.ready()`.

Each has a template for each language: `templates/notices/<app>/<name>.<language>.txt` for the kind "<app>.<name>". It
extends "notices/base.txt" and fills two blocks: `subject` (one line) and `body`. It sees the recipient's context,
`name`, `SITE_NAME`, `SITE_OWNER`, `SITE_CONTACT` and `site` (the site's own address, without a stroke at its end).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Category:
    """What somebody can stop and take up again: its name in the database, and in words with what belongs to it."""

    key: str
    title: str | Promise
    about: str | Promise = ""


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One kind of notice.

    name: "<app>.<name>", also where its templates lie.
    title: what it is called on the desk; names no person.
    category: what recipients can stop; needed even where it is obligatory, for their list.
    obligatory: sent to everybody whatever they stopped; `why` says so in the message, as a sentence.
    may_send: (account) → whether it may order this notice, asked wherever somebody orders it; None: the callers check.
    html: whether there is `<name>.<language>.html` besides.
    """

    name: str
    title: str | Promise
    category: Category
    obligatory: bool = False
    why: str | Promise = ""
    may_send: Callable[[Any], bool] | None = None
    html: bool = False

    def template(self, language: str, ending: str = "txt") -> str:
        """Path of the template in this language."""
        app, _dot, name = self.name.partition(".")
        return f"notices/{app}/{name}.{language}.{ending}"


_kinds: dict[str, NoticeKind] = {}


def register_kind(kind: NoticeKind) -> None:
    """Let notices of this kind be sent.

    Raises ValueError if the name is taken or has no app, an obligatory one does not say why, or its category is known
    under another title.
    """
    app, dot, name = kind.name.partition(".")
    if not (app and dot and name):
        raise ValueError(f"{kind.name} is not <app>.<name>")
    if kind.obligatory and not kind.why:
        raise ValueError(f"{kind.name} is obligatory and does not say why")
    if _kinds.get(kind.name, kind) != kind:
        raise ValueError(f"two kinds of notices are called {kind.name}")
    known = {one.category.key: one.category for one in _kinds.values()}
    if known.get(kind.category.key, kind.category) != kind.category:
        raise ValueError(f"two categories are called {kind.category.key}")
    _kinds[kind.name] = kind


def kind_called(name: str) -> NoticeKind:
    """Raises KeyError if no app registered it."""
    return _kinds[name]


def all_kinds() -> list[NoticeKind]:
    """Every kind, in the order in which the apps registered them."""
    return list(_kinds.values())


def categories_to_choose() -> list[Category]:
    """The categories with at least one kind that can be stopped."""
    return list({kind.category.key: kind.category for kind in _kinds.values() if not kind.obligatory}.values())


def category_called(key: str) -> Category | None:
    return next((kind.category for kind in _kinds.values() if kind.category.key == key), None)
