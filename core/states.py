"""States and the one way to change them.

A model with a life has a `status` field, a table of allowed transitions in its app's `states.py`, and this mixin.
Nothing else assigns `status`.
"""

from collections.abc import Mapping
from typing import ClassVar

from django.utils.translation import gettext as _

from core.errors import RuleViolation


class MovesThroughStates:
    """Mixin for models: `move_to` is the only place that assigns `status`."""

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]]
    status: str

    def move_to(self, status: str) -> None:
        """Go to `status`, unsaved. Raises RuleViolation if the table does not allow it."""
        if status not in self.TRANSITIONS[self.status]:
            raise RuleViolation(
                _("This step is not possible now: “%(now)s” cannot become “%(next)s”.")
                % {"now": self._status_label(self.status), "next": self._status_label(status)},
                code="wrong_state",
            )
        self.status = status

    def _status_label(self, status: str) -> str:
        field = self._meta.get_field("status")  # type: ignore[attr-defined]
        return str(dict(field.flatchoices).get(status, status))
