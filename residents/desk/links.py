"""Links from a form of the desk to related things: only to those that this official may open."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model

# A form holds fieldsets, these hold lines, and these the fields.
DEPTH = 2


class _Each:
    """Something of Django's that is walked through in a template; `visit` sees each field before the template does."""

    def __init__(self, inner: Any, depth: int, visit: Callable[[Any], None]) -> None:
        self._inner, self._depth, self._visit = inner, depth, visit

    def __iter__(self) -> Iterator[Any]:
        for part in self._inner:
            if self._depth:
                yield _Each(part, self._depth - 1, self._visit)
            else:
                self._visit(part)
                yield part

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def with_own_links(adminform: Any, may_open: Callable[[Model], bool]) -> Any:
    """`adminform` naming what may not be opened as plain text: Django links every foreign key that is not editable."""

    def visit(field: Any) -> None:
        if getattr(field, "is_readonly", False):
            link = field.get_admin_url
            field.get_admin_url = lambda relation, related: (
                link(relation, related) if may_open(related) else str(related)
            )

    return _Each(adminform, DEPTH, visit)
