"""What the actions in the audit log are called on the screen.

An app names its actions in `AppConfig.ready()`: `actions.register({"assemblies.poll_opened": _("Voting opened")})`.
"""

from collections.abc import Mapping

from django.utils.functional import Promise

Label = str | Promise

_labels: dict[str, Label] = {}


def register(labels: Mapping[str, Label]) -> None:
    """Name actions. Raises ValueError if an action already has a name: two apps would mean different things by it."""
    twice = labels.keys() & _labels.keys()
    if twice:
        raise ValueError(f"named twice: {', '.join(sorted(twice))}")
    _labels.update(labels)


def label_of(action: str) -> str:
    """The name of an action in the reader's language; the action itself where nobody named it."""
    return str(_labels.get(action, action))
