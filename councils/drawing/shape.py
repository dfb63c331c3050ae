"""Whether a document of a draw has the shape that it should, so that whoever replays it need not ask again. Pure."""

from collections.abc import Callable, Container, Mapping, Sequence
from decimal import Decimal
from typing import Any

from councils.drawing.freezing import FORMAT, FROZEN, FROZEN_AT_TIMES, PANELS

# Keys that come after the freeze.
BEFORE_BEACON = frozenset({"alternates"})
AFTER_BEACON = frozenset({"alternates", "drawn_from", "value"})
CHOSEN = frozenset({"chosen", "digits", "panel"})
WITHHELD = frozenset({"drawn_counts", "transcript"})


def misshapen(document: object) -> list[str]:
    """The keys of `document` that are missing, too many or not of their shape; [] where it can be replayed."""
    if not isinstance(document, dict):
        return ["document"]
    if document.get("format") != FORMAT:
        return ["format"]
    wrong = sorted((FROZEN | {"freeze"}) - set(document)) or sorted(set(document) - _allowed(document))
    if wrong:
        return wrong
    wrong = [key for key, fits in _SHAPES.items() if key in document and not fits(document[key])]
    if wrong:
        return wrong
    return _does_not_agree(document)


def _allowed(document: Mapping[str, Any]) -> frozenset[str]:
    frozen = FROZEN | FROZEN_AT_TIMES | {"freeze"}
    if "value" not in document:
        return frozen | BEFORE_BEACON
    withheld = WITHHELD if "counts" in document else frozenset()
    return frozen | AFTER_BEACON | withheld | (CHOSEN if "digits" in document else frozenset())


def _does_not_agree(document: Mapping[str, Any]) -> list[str]:
    """Keys that are missing beside others, or do not agree with the pool and the seats in what they speak of."""
    ids = [entry["id"] for entry in document["pool"]]
    known, seats, quotas = set(ids), document["seats"], document["quotas"]
    withheld = any("commitment" in entry for entry in document["pool"])
    wrong = sorted(_needed(document, withheld=withheld) - set(document))
    if "counts" in document and not withheld:
        wrong.append("counts")
    if len(known) != len(ids) or not _attributes_agree(document["pool"], quotas):
        wrong.append("pool")
    if len({(quota["feature"], quota["value"]) for quota in quotas}) != len(quotas):
        wrong.append("quotas")
    if set(document["probabilities"]) != known:
        wrong.append("probabilities")
    for key in ("panels", "drawn_from", "alternates"):
        sizes = range(seats + 1) if key == "alternates" else (seats,)
        if not all(_is_of(known, panel, sizes) for panel in document.get(key, ())):
            wrong.append(key)
    for key in ("counts", "drawn_counts"):
        if any(len(numbers) != len(quotas) for numbers in document.get(key, ())):
            wrong.append(key)
    return wrong


def _needed(document: Mapping[str, Any], *, withheld: bool) -> frozenset[str]:
    needed = {"counts"} if withheld else set()
    if "value" in document:
        needed |= AFTER_BEACON | (WITHHELD if withheld else frozenset())
    if "digits" in document:
        needed |= CHOSEN
    if "at" in document["beacon"]:
        needed |= {"frozen_at", "notice_hours"}
    return frozenset(needed)


def _attributes_agree(pool: Sequence[Mapping[str, Any]], quotas: Sequence[Mapping[str, Any]]) -> bool:
    """Whether everybody has one value of each feature that the quotas speak of, and of it one that they name."""
    features = {quota["feature"] for quota in quotas}
    values = {(quota["feature"], quota["value"]) for quota in quotas}
    return all(
        set(entry["attributes"]) == features and values.issuperset(entry["attributes"].items())
        for entry in pool
        if "attributes" in entry
    )


def _is_of(known: set[str], panel: Sequence[str], sizes: Container[int]) -> bool:
    return len(panel) in sizes and len(set(panel)) == len(panel) and known.issuperset(panel)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    """A whole number from 0 on; JSON's true and false are none."""
    return type(value) is int and value >= 0


def _is_list(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(fits(item) for item in value)


def _is_thousand(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and len(value) == PANELS and all(fits(item) for item in value)


def _is_mapping(**keys: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, dict) and set(value) == set(keys) and all(fits(value[key]) for key, fits in keys.items())
    )


def _is_person(value: Any) -> bool:
    if not isinstance(value, dict) or not _is_text(value.get("id")) or not value["id"]:
        return False
    if "commitment" in value:
        return set(value) == {"id", "commitment"} and _is_hash(value["commitment"])
    attributes = value.get("attributes")
    return (
        set(value) <= {"id", "attributes", "household"}
        and isinstance(attributes, dict)
        and all(_is_text(item) for item in attributes.values())
        and ("household" not in value or (_is_text(value["household"]) and value["household"] != ""))
    )


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")


def _is_chance(value: object) -> bool:
    return isinstance(value, Decimal) and 0 <= value <= 1


def _is_deal(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(_is_list(_is_number)(part) for part in value)


_SHAPES: Mapping[str, Callable[[Any], bool]] = {
    "alternates": _is_thousand(_is_list(_is_text)),
    "beacon": lambda value: isinstance(value, dict),
    "certificate": lambda value: isinstance(value, dict),
    "chosen": _is_number,
    "counts": _is_thousand(_is_list(_is_number)),
    "digits": _is_text,
    "drawn_counts": _is_thousand(_is_list(_is_number)),
    "drawn_from": _is_thousand(_is_list(_is_text)),
    "freeze": _is_hash,
    "frozen_at": _is_text,
    "notice_hours": _is_number,
    "panel": _is_list(_is_text),
    "panels": _is_thousand(_is_list(_is_text)),
    "pool": _is_list(_is_person),
    "probabilities": lambda value: isinstance(value, dict) and all(_is_chance(item) for item in value.values()),
    "quotas": _is_list(_is_mapping(feature=_is_text, value=_is_text, min=_is_number, max=_is_number)),
    "rule": _is_mapping(
        alternates=_is_text,
        exchange=_is_mapping(rounds=_is_number, trials=_is_number, among=_is_number),
        index=_is_text,
        one_per_household=lambda value: isinstance(value, bool),
    ),
    "seats": lambda value: _is_number(value) and value > 0,
    "title": _is_text,
    "transcript": _is_mapping(deals=_is_list(_is_deal), number=_is_number, trials=_is_text),
    "value": lambda value: isinstance(value, dict),
}
