"""One way only to write a document down, so that a fingerprint of it means something. Pure: standard library only.

Canonical JSON here: UTF-8 in Unicode's form NFC, keys sorted by code point, no space, no escape that is not needed,
whole numbers as such, every other number with exactly twelve places. docs/draw-format.md says the same to outsiders.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from json.encoder import encode_basestring
from typing import Any, NoReturn

PLACES = Decimal("0.000000000001")
# Digits of a number that is not whole, before and after the point together: far more than any document holds.
LONGEST_NUMBER = 40
# Levels of lists and mappings: some programmes that read documents have a small stack.
DEEPEST = 40


class CanonicalError(ValueError):
    """Bytes that are not a canonical document. The text says why, in English, for logs and tests."""


def fixed(number: float | Fraction | Decimal) -> Decimal:
    """`number` with twelve places, rounded to the nearest."""
    return Decimal(round(Fraction(number) * 10**12)).scaleb(-12)


def plain(value: Any) -> Any:
    """`value` as a document holds it: mappings, lists, text, whole numbers and decimals of twelve places.

    Floating-point numbers become decimals; tuples become lists; text is brought into the form NFC.
    """
    match value:
        case bool() | int() | None:
            return value
        case str():
            return unicodedata.normalize("NFC", value)
        case float() | Fraction() | Decimal():
            return fixed(value)
        case Mapping():
            return {plain(str(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
    raise TypeError(f"no place for {type(value).__name__} in a document")


def canonical(value: Any) -> bytes:
    """The one way to write `value`. Raises TypeError for a floating-point number and for what JSON does not know."""
    return unicodedata.normalize("NFC", _written(value)).encode()


def _written(value: Any, depth: int = 0) -> str:
    if depth >= DEEPEST:
        raise ValueError("nested too deep")
    match value:
        case str():
            return encode_basestring(value)
        case bool() | None:
            return json.dumps(value)
        case int():
            return str(value)
        case Decimal():
            return f"{value.quantize(PLACES, ROUND_HALF_EVEN):f}"
        case dict():
            return (
                "{"
                + ",".join(f"{encode_basestring(key)}:{_written(value[key], depth + 1)}" for key in sorted(value))
                + "}"
            )
        case list():
            return "[" + ",".join([_written(item, depth + 1) for item in value]) + "]"
    raise TypeError(f"no place for {type(value).__name__} in a document")


def read_canonical(data: bytes) -> Any:
    """What `data` says. Raises CanonicalError unless `data` is exactly what `canonical` writes, and a line end."""
    try:
        text = data.decode()
        value = json.loads(text, parse_float=_decimal, parse_constant=_no_number, object_pairs_hook=_without_doubles)
        again = canonical(value)
    except (UnicodeError, ValueError, ArithmeticError, RecursionError) as error:
        raise CanonicalError(f"not a canonical document: {error}") from error
    if again + b"\n" != data:
        raise CanonicalError("not written in the canonical form")
    return value


def fingerprint(value: Any) -> str:
    """SHA-256 of the canonical form, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _decimal(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER:
        raise ValueError("a number is too long")
    return Decimal(text)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands there twice")
    return found


def upper_bound(number: float | Decimal) -> Decimal:
    """A bound from above with twelve places: never below `number` as it is written."""
    return Decimal(repr(number) if isinstance(number, float) else number).quantize(PLACES, ROUND_CEILING)
