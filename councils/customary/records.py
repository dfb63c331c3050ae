"""The record of a customary draw: written down in one way only, so that its SHA-256 means something. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from councils.customary.replaying import Step, StepError, replay
from councils.customary.ways import Method, Way
from councils.drawing.canonical import CanonicalError, canonical, plain, read_canonical
from councils.quotas import Pool

FORMAT = "madang-customary-draw-1"
WHOLE_FIELDS = ("seats", "alternates", "most", "invited", "highest_score")


class RecordError(ValueError):
    """Bytes that are no record of a draw, or of one that cannot have been. The text says why, for logs and tests."""


def way_as_data(way: Way) -> dict[str, Any]:
    """The way as plain values for JSON."""
    return {
        "method": way.method.value,
        **{name: getattr(way, name) for name in WHOLE_FIELDS},
        "features": list(way.features),
        "value": way.value,
        "weights": [[list(group), weight] for group, weight in way.weights],
    }


def way_from_data(data: Mapping[str, Any]) -> Way:
    """The other way round. Raises RecordError for anything that `way_as_data` would not write."""
    try:
        way = Way(
            method=Method(data["method"]),
            **{name: int(data[name]) for name in WHOLE_FIELDS},
            features=tuple(data["features"]),
            value=data["value"],
            weights=tuple((tuple(group), int(weight)) for group, weight in data["weights"]),
        )
        faithful = plain(way_as_data(way)) == dict(data)
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(f"no way of selection: {error}") from error
    if not faithful:
        raise RecordError("no way of selection as it is written")
    return way


def write_record(pool: Pool, way: Way, steps: Sequence[Step]) -> bytes:
    """Pool, way, steps and what they come to, canonical, with a line end. Holds numbers and attributes, no names.

    Only the features that the way looks at are in it. Raises as `replay` does.
    """
    return canonical(_document(pool, way, steps)) + b"\n"


def fingerprint_of(pool: Pool, way: Way, steps: Sequence[Step]) -> str:
    """SHA-256 of the record as it is written, line end included, as 64 hexadecimal digits."""
    return hashlib.sha256(write_record(pool, way, steps)).hexdigest()


def read_record(data: bytes) -> tuple[Pool, Way, tuple[Step, ...]]:
    """Pool, way and steps of a record. Raises RecordError where one byte is not as `write_record` would have it."""
    try:
        document = read_canonical(data)
        way = way_from_data(document["way"])
        pool = Pool(
            ids=tuple(id_ for id_, _ in document["pool"]),
            features=way.features,
            rows=tuple(tuple(row) for _, row in document["pool"]),
        )
        if len(set(pool.ids)) < len(pool):
            raise RecordError("a number stands in the pool twice")
        steps = tuple(Step(number, drawn_by, score) for number, drawn_by, score in document["steps"])
        again = write_record(pool, way, steps)
    except (CanonicalError, StepError, KeyError, TypeError, ValueError, IndexError) as error:
        raise RecordError(f"no record of a draw: {error}") from error
    if again != data:
        raise RecordError("the outcome does not follow from the steps")
    return pool, way, steps


def _document(pool: Pool, way: Way, steps: Sequence[Step]) -> dict[str, Any]:
    outcome = replay(pool, way, steps)
    places = [pool.features.index(feature) for feature in way.features]
    document: dict[str, Any] = plain(
        {
            "format": FORMAT,
            "way": way_as_data(way),
            "pool": [[id_, [row[place] for place in places]] for id_, row in zip(pool.ids, pool.rows, strict=True)],
            "steps": [[step.number, step.drawn_by, step.score] for step in steps],
            "selected": outcome.selected,
            "alternates": outcome.alternates,
            "passed_over": [[passed.number, passed.reason.value] for passed in outcome.passed_over],
            "vacant": outcome.vacant,
            "complete": outcome.complete,
        }
    )
    return document
