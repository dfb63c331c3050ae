"""What follows from the beacon: the exchange, the alternates, the index and the panel. Pure: the same for everybody."""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from councils.drawing.alternates import choose_alternates
from councils.drawing.beacons import read_beacon
from councils.drawing.exchanging import ExchangeRule, Transcript, exchange
from councils.drawing.freezing import PANELS, features_of, quotas_of
from councils.drawing.people import People, read_people
from councils.drawing.privacy import whole_pool
from councils.drawing.stream import draw_digest

NO_OPENINGS: Mapping[str, Mapping[str, Any]] = {}


class DigitsError(ValueError):
    """The digits of the hall are not three."""


def chosen_index(digest: bytes, digits: str) -> int:
    """(digits of the hall + SHA-256(freeze ‖ beacon) mod 1000) mod 1000: neither balls nor beacon decide alone.

    Raises DigitsError unless `digits` are three, hundreds first.
    """
    if not re.fullmatch(r"[0-9]{3}", digits):
        raise DigitsError(digits)
    return (int(digits) + int.from_bytes(digest, "big") % PANELS) % PANELS


def people_of(document: Mapping[str, Any], openings: Mapping[str, Mapping[str, Any]] = NO_OPENINGS) -> People | None:
    """The pool of a document for the draw; None where attributes are withheld that `openings` do not open.

    Raises ValueError for an opening that does not fit its commitment.
    """
    quotas = quotas_of(document)
    pool = whole_pool(features_of(quotas), document["pool"], openings)
    if pool is None:
        return None
    return read_people(pool, quotas, document["seats"], one_per_household=document["rule"]["one_per_household"])


def with_alternates(document: Mapping[str, Any]) -> dict[str, Any]:
    """A frozen document with the alternates of its panels as frozen, the freeze itself being the chance.

    For looking at and trying out: a draw has alternates of its own, which the beacon decides. Raises ValueError where
    attributes are withheld.
    """
    people = people_of(document)
    if people is None:
        raise ValueError("attributes are withheld")
    digest = draw_digest(document["freeze"], b"")
    return {**document, "alternates": alternates_of(people, places_of(people, document["panels"]), digest)}


def draw(
    document: Mapping[str, Any],
    value: Mapping[str, Any],
    *,
    digits: str | None = None,
    openings: Mapping[str, Mapping[str, Any]] = NO_OPENINGS,
    tell: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """The frozen `document` with all that `value` of its beacon decides; with `digits` also index and panel.

    `value` is what came out of the beacon (see `beacons`), `openings` what `freeze` gave for those whose attributes are
    withheld. Adds `value`, `drawn_from`, `alternates`, with digits `digits`, `chosen` and `panel`, and `transcript`
    where attributes are withheld. Raises BeaconError, DigitsError, and ValueError for missing or wrong openings.
    """
    beacon = read_beacon(document["beacon"])
    digest = draw_digest(document["freeze"], beacon.read(value))
    people = people_of(document, openings)
    if people is None:
        raise ValueError("attributes are withheld")
    chosen = None if digits is None else chosen_index(digest, digits)
    rule = ExchangeRule(**document["rule"]["exchange"])
    panels, transcript = exchange(people, places_of(people, document["panels"]), rule, digest, tell=tell)
    drawn = {
        **document,
        "alternates": alternates_of(people, panels, digest),
        "drawn_from": ids_of(people, panels),
        "value": dict(value),
    }
    if chosen is not None:
        drawn |= {"chosen": chosen, "digits": digits, "panel": drawn["drawn_from"][chosen]}
    if "counts" in document:
        drawn["transcript"] = write_transcript(transcript)
        drawn["drawn_counts"] = [people.numbers(panel) for panel in panels]
    return drawn


def choose(drawn: Mapping[str, Any], digits: str) -> dict[str, Any]:
    """A document whose beacon is known, with the index and the panel that the digits of the hall choose."""
    beacon = read_beacon(drawn["beacon"])
    chosen = chosen_index(draw_digest(drawn["freeze"], beacon.read(drawn["value"])), digits)
    return {**drawn, "chosen": chosen, "digits": digits, "panel": drawn["drawn_from"][chosen]}


def places_of(people: People, panels: Sequence[Sequence[str]]) -> list[list[int]]:
    """Panels of ids as places in the pool. Raises KeyError for an id that is not in it."""
    place = people.places()
    return [[place[id_] for id_ in panel] for panel in panels]


def ids_of(people: People, panels: Sequence[Sequence[int]]) -> list[list[str]]:
    """Panels of places in the pool as ids."""
    return [[people.ids[person] for person in panel] for panel in panels]


def alternates_of(people: People, panels: Sequence[Sequence[int]], digest: bytes) -> list[list[str]]:
    """The alternates of every panel, as ids."""
    chosen = [choose_alternates(people, panel, digest, number) for number, panel in enumerate(panels)]
    return ids_of(people, chosen)


def write_transcript(transcript: Transcript) -> dict[str, Any]:
    """`trials` as bits in base64, the highest first, the last byte filled with zeros; `number` says how many."""
    bits = "".join("1" if done else "0" for done in transcript.trials)
    padded = bits + "0" * (-len(bits) % 8)
    data = bytes(int(padded[at : at + 8], 2) for at in range(0, len(padded), 8))
    return {
        "deals": [[list(pairs), list(singles)] for pairs, singles in transcript.deals],
        "number": len(bits),
        "trials": base64.b64encode(data).decode(),
    }


def read_transcript(written: Mapping[str, Any]) -> Transcript:
    """The other way round. Raises ValueError where the bits are not as many as it says, or written in another way."""
    data = base64.b64decode(written["trials"], validate=True)
    bits = "".join(f"{byte:08b}" for byte in data)
    transcript = Transcript(
        trials=[bit == "1" for bit in bits[: written["number"]]],
        deals=[(list(pairs), list(singles)) for pairs, singles in written["deals"]],
    )
    if write_transcript(transcript) != dict(written):
        raise ValueError("the transcript is not written as it should be")
    return transcript
