"""The public draw, as plain rules: no Django, no clock, no chance of its own.

A document of a draw is a mapping that `canonical` writes in one way only (docs/draw-format.md). It grows in steps:

1. `freeze(pool, quotas, seats, *, probabilities, panels, certificate, beacon, one_per_household=False, group_size=1,
   salts=(), title="", frozen_at=None, notice_hours=0) -> (document, openings)`. Everything settled before the beacon,
   with its SHA-256 under "freeze". With `group_size` above 1 (and a secret salt of 16 bytes for each person) attributes
   are withheld of whoever shares all of them with fewer people; `openings` {id: opening} are for each person and the
   committee. `panels_with(document, id)` says in how many of the 1,000 panels somebody is.
2. A beacon, named in the freeze: `Lotto(number)`, `Drand(round, network)`, `Balls(count, at)`, `Seed()`; each has
   `happens_at()`, `description()` and `read(value) -> bytes` (BeaconError with a code). `next_lotto(after)`,
   `next_round(after)`, `read_beacon(document["beacon"])`. Values: {"numbers": [six, sorted], "bonus": n},
   {"signature": hex}, {"digits": "…"}, {"seed": hex}.
3. `draw(document, value, *, digits=None, openings={}, tell=None) -> document` with "value", "drawn_from", "alternates"
   and, where attributes are withheld, "transcript" and "drawn_counts". It takes some seconds: `tell(done, of)`.
   `choose(document, digits)` adds "digits", "chosen" (0–999) and "panel" once the three balls of the hall are drawn.
4. `verify_bytes(data, openings={})` or `verify(document, openings={}) -> [Claim(code, verdict, reason, facts)]`;
   `is_verified(claims)`. `councils.drawing_wording.claim_in_words(claim)` has the sentences.

`write_document(document) -> bytes` is what is downloaded; `read_document(data)` reads it back.
`people_of(document, openings)` gives the pool as `People`; `who_moves_up(people, remaining, alternates)` the alternate
for an open seat, all as places in the pool (`people.places()`, `people.ids`).
`is_opened_by(document["pool"][n], opening)`: whether an opening fits what stands in the public pool.
`Stream(digest, name)` is the counter stream of chance, for whoever else needs one that can be replayed.
"""

from collections.abc import Mapping
from typing import Any

from councils.drawing.alternates import choose_alternates, who_moves_up
from councils.drawing.beacons import (
    QUICKNET,
    Balls,
    Beacon,
    BeaconError,
    Drand,
    Lotto,
    Seed,
    next_lotto,
    next_round,
    read_beacon,
)
from councils.drawing.canonical import CanonicalError, canonical, read_canonical
from councils.drawing.drawing import DigitsError, choose, chosen_index, draw, people_of, with_alternates
from councils.drawing.exchanging import ExchangeRule, exchange, exchange_rule
from councils.drawing.freezing import FORMAT, PANELS, fingerprint_of, freeze
from councils.drawing.people import People, read_people
from councils.drawing.privacy import is_opened_by
from councils.drawing.stream import Stream, draw_digest
from councils.drawing.verification import CLAIMS, Claim, Verdict, is_verified, verify, verify_bytes


def write_document(document: Mapping[str, Any]) -> bytes:
    """A document of a draw as it is downloaded: canonical, with a line end."""
    return canonical(dict(document)) + b"\n"


def read_document(data: bytes) -> dict[str, Any]:
    """The other way round. Raises CanonicalError for anything but what `write_document` writes."""
    document = read_canonical(data)
    if not isinstance(document, dict):
        raise CanonicalError("not a document")
    return document


def panels_with(document: Mapping[str, Any], id_: str) -> int:
    """In how many of the frozen panels `id_` is."""
    return sum(id_ in panel for panel in document["panels"])


__all__ = [
    "CLAIMS",
    "FORMAT",
    "PANELS",
    "QUICKNET",
    "Balls",
    "Beacon",
    "BeaconError",
    "CanonicalError",
    "Claim",
    "DigitsError",
    "Drand",
    "ExchangeRule",
    "Lotto",
    "People",
    "Seed",
    "Stream",
    "Verdict",
    "choose",
    "choose_alternates",
    "chosen_index",
    "draw",
    "draw_digest",
    "exchange",
    "exchange_rule",
    "fingerprint_of",
    "freeze",
    "is_opened_by",
    "is_verified",
    "next_lotto",
    "next_round",
    "panels_with",
    "people_of",
    "read_beacon",
    "read_document",
    "read_people",
    "verify",
    "verify_bytes",
    "who_moves_up",
    "with_alternates",
    "write_document",
]
