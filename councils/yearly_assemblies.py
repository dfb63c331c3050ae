"""Whether a dong held its yearly assembly: the app that keeps assemblies stands above this one and hands it in."""

from collections.abc import Callable, Sequence
from datetime import date

Span = tuple[date, date]  # the first day, and the first day after
Counter = Callable[[int, Sequence[Span]], int]
_counters: list[Counter] = []


def register(counter: Counter) -> None:
    """`counter`: (key of a dong, spans) → in how many of the spans residents’ assemblies were held. One query."""
    _counters.append(counter)


def held_in(dong_id: int, spans: Sequence[Span]) -> int | None:
    """In how many of `spans` the dong held an assembly; None where nobody knows of assemblies."""
    return max((counter(dong_id, spans) for counter in _counters), default=None)
