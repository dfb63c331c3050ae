"""What waits for an official: each app hands in its own counts, the desk's first page shows them."""

from collections.abc import Callable
from dataclasses import dataclass

from residents.models import User


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of "what waits for you today": a sentence or name, how many, and where to go."""

    label: str
    count: int
    url: str


WaitingProvider = Callable[[User], list[Waiting]]

_providers: list[WaitingProvider] = []


def register_waiting(provider: WaitingProvider) -> WaitingProvider:
    """Let `provider` add lines to the desk's first page. Called in AppConfig.ready(); twice does no harm."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def waiting_for(user: User) -> list[Waiting]:
    """Everything that waits for `user`, in the order of the apps; lines with nothing in them are left out."""
    return [line for provider in _providers for line in provider(user) if line.count]
