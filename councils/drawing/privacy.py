"""What of the pool is published: attributes where enough people share all of them, else a sealed commitment. Pure.

Source: publication group size of the rule set. A commitment is SHA-256(salt ‖ canonical JSON of id, attributes and
household): it gives nothing away without the salt of 16 bytes, and cannot be opened in two ways.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from councils.drawing.canonical import canonical, plain
from councils.quotas import Pool

SALT = 16


def commitment(id_: str, opening: Mapping[str, Any]) -> str:
    """What stands in the public pool instead of the attributes of `id_`: 64 hexadecimal digits.

    `opening`: {"attributes": {feature: value}, "household": text, "salt": 32 hexadecimal digits}. Raises ValueError for
    a salt that is none.
    """
    if not re.fullmatch(r"[0-9a-f]{32}", opening["salt"]):
        raise ValueError("a salt has 16 bytes")
    content = {"attributes": dict(opening["attributes"]), "household": opening["household"], "id": id_}
    return hashlib.sha256(bytes.fromhex(opening["salt"]) + canonical(plain(content))).hexdigest()


def publish(
    pool: Pool, group_size: int, salts: Sequence[bytes] = ()
) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """The pool as it is published, and the openings of those who are withheld, by id.

    Attributes are published of those who share all of them, and the household, with at least `group_size` people,
    themselves among them. `salts` has 16 bytes of secret chance for each person of the pool where `group_size` is above
    1; raises ValueError where they are missing, too short or not all different.
    """
    people = [
        {"attributes": dict(zip(pool.features, row, strict=True)), "household": household}
        for row, household in zip(pool.rows, pool.households or ("",) * len(pool), strict=True)
    ]
    alike = Counter(canonical(plain(person)) for person in people)
    if group_size > 1 and (len(set(salts)) != len(pool) or any(len(salt) != SALT for salt in salts)):
        raise ValueError("each person needs a salt of their own")
    published: list[dict[str, Any]] = []
    openings: dict[str, dict[str, Any]] = {}
    for place, (id_, person) in enumerate(zip(pool.ids, people, strict=True)):
        if alike[canonical(plain(person))] >= group_size:
            published.append({"id": id_} | {key: value for key, value in person.items() if value != ""})
        else:
            openings[id_] = person | {"salt": salts[place].hex()}
            published.append({"commitment": commitment(id_, openings[id_]), "id": id_})
    return published, openings


def is_opened_by(published: Mapping[str, Any], opening: Mapping[str, Any]) -> bool:
    """Whether `opening` is what the commitment of this entry of the public pool was made of."""
    try:
        return bool(published["commitment"] == commitment(published["id"], opening))
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def whole_pool(
    features: Sequence[str], published: Sequence[Mapping[str, Any]], openings: Mapping[str, Mapping[str, Any]]
) -> Pool | None:
    """The pool with everybody's attributes; None where somebody's are withheld and not opened.

    Raises ValueError for an opening that does not fit its commitment.
    """
    rows: list[tuple[str, ...]] = []
    households: list[str] = []
    for entry in published:
        person = entry
        if "commitment" in entry:
            if entry["id"] not in openings:
                return None
            person = openings[entry["id"]]
            if not is_opened_by(entry, person):
                raise ValueError(f"the opening of {entry['id']} does not fit")
        rows.append(tuple(person["attributes"][feature] for feature in features))
        households.append(person.get("household", ""))
    ids = tuple(entry["id"] for entry in published)
    return Pool(ids, tuple(features), tuple(rows), tuple(households) if any(households) else None)
