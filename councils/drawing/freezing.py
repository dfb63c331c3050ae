"""The freeze: everything that is settled before the beacon, in one document with one fingerprint. Pure.

A document of a draw has the frozen keys (FROZEN, FROZEN_AT_TIMES), `freeze` with their SHA-256, and later what follows
from the beacon. docs/draw-format.md describes each key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from councils.drawing.beacons import KOREA, Beacon
from councils.drawing.canonical import fingerprint, fixed, plain, upper_bound
from councils.drawing.exchanging import exchange_rule
from councils.drawing.people import read_people
from councils.drawing.privacy import publish
from councils.quotas import Pool, Quota

FORMAT = "madang-draw/1"
PANELS = 1000
FROZEN = frozenset({"beacon", "certificate", "format", "panels", "pool", "probabilities", "quotas", "rule", "seats"})
# `counts` where attributes are withheld; the other three where a beacon has a time.
FROZEN_AT_TIMES = frozenset({"counts", "frozen_at", "notice_hours", "title"})
ALTERNATES_RULE = "rounds-by-seat"
INDEX_RULE = "digits-plus-digest"


def fingerprint_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of the frozen part of `document`."""
    return fingerprint({key: value for key, value in document.items() if key in FROZEN | FROZEN_AT_TIMES})


def draw_rule(seats: int, *, one_per_household: bool) -> dict[str, Any]:
    """The rule of the draw as it is frozen."""
    return {
        "alternates": ALTERNATES_RULE,
        "exchange": asdict(exchange_rule(PANELS, seats)),
        "index": INDEX_RULE,
        "one_per_household": one_per_household,
    }


def freeze(  # noqa: PLR0913 - everything that a freeze settles
    pool: Pool,
    quotas: Sequence[Quota],
    seats: int,
    *,
    probabilities: Mapping[str, float],
    panels: Sequence[Sequence[str]],
    certificate: Mapping[str, Any],
    beacon: Beacon,
    one_per_household: bool = False,
    group_size: int = 1,
    salts: Sequence[bytes] = (),
    title: str = "",
    frozen_at: datetime | None = None,
    notice_hours: int = 0,
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The frozen document with its fingerprint under `freeze`, and the openings of those whose attributes it withholds.

    The openings belong to each person and to the committee, never to the public. `notice_hours` must pass between
    `frozen_at` and the beacon. Raises ValueError where a beacon has a time and `frozen_at` is missing, for panels that
    do not keep the quotas, and what `publish` raises.
    """
    people = read_people(pool, quotas, seats, one_per_household=one_per_household)
    place = people.places()
    if len(panels) != PANELS or not all(people.keeps([place[id_] for id_ in panel]) for panel in panels):
        raise ValueError("the panels do not keep the quotas")
    published, openings = publish(_as_published(pool, quotas, one_per_household=one_per_household), group_size, salts)
    document: dict[str, Any] = {
        "beacon": beacon.description(),
        "certificate": certificate_as_frozen(certificate),
        "format": FORMAT,
        "panels": panels,
        "pool": published,
        "probabilities": {id_: fixed(probabilities[id_]) for id_ in pool.ids},
        "quotas": [{"feature": q.feature, "max": q.maximum, "min": q.minimum, "value": q.value} for q in quotas],
        "rule": draw_rule(seats, one_per_household=one_per_household),
        "seats": seats,
    }
    if openings:
        document["counts"] = [people.numbers([place[id_] for id_ in panel]) for panel in panels]
    if beacon.happens_at() is not None:
        if frozen_at is None or frozen_at.tzinfo is None:
            raise ValueError("a freeze before a beacon has a moment")
        document["frozen_at"] = frozen_at.astimezone(KOREA).replace(microsecond=0).isoformat()
        document["notice_hours"] = notice_hours
    if title:
        document["title"] = title
    document = plain(document)
    document["freeze"] = fingerprint_of(document)
    return document, openings


def _as_published(pool: Pool, quotas: Sequence[Quota], *, one_per_household: bool) -> Pool:
    """`pool` with what the draw needs and nothing else."""
    features = features_of(quotas)
    places = [pool.features.index(feature) for feature in features]
    rows = tuple(tuple(row[place] for place in places) for row in pool.rows)
    return Pool(pool.ids, features, rows, pool.households if one_per_household else None)


def certificate_as_frozen(certificate: Mapping[str, Any]) -> dict[str, Any]:
    """`certificate` with numbers of twelve places, its upper bound rounded up so that it stays one."""
    frozen: dict[str, Any] = plain(certificate)
    if "upper_bound" in certificate:
        frozen["upper_bound"] = upper_bound(certificate["upper_bound"])
    return frozen


def quotas_of(document: Mapping[str, Any]) -> list[Quota]:
    """The quotas of a document, in their order."""
    return [Quota(q["feature"], q["value"], q["min"], q["max"]) for q in document["quotas"]]


def features_of(quotas: Sequence[Quota]) -> tuple[str, ...]:
    """The features of which the quotas speak, in the order of their first mention."""
    return tuple(dict.fromkeys(quota.feature for quota in quotas))
