"""Verification: which claims about a draw a document proves, which it breaks, and which it leaves open. Pure.

A claim that nobody could check with what the document holds is `OPEN`, never `PROVED`: withheld attributes without
openings, or whether the numbers entered are those that were broadcast.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from councils.drawing.alternates import is_in_beacon_order
from councils.drawing.beacons import KOREA, Beacon, BeaconError, Drand, read_beacon
from councils.drawing.canonical import CanonicalError, read_canonical
from councils.drawing.drawing import (
    NO_OPENINGS,
    DigitsError,
    alternates_of,
    chosen_index,
    ids_of,
    people_of,
    places_of,
    read_transcript,
)
from councils.drawing.exchanging import ExchangeRule, exchange
from councils.drawing.freezing import PANELS, draw_rule, features_of, fingerprint_of, quotas_of
from councils.drawing.people import NO_HOUSEHOLD, People, tighten
from councils.drawing.privacy import is_opened_by, whole_pool
from councils.drawing.shape import misshapen
from councils.drawing.stream import draw_digest
from councils.lottery import check_certificate

# The claims in the order in which things happened. Which of them a document makes hangs on how far its draw is.
CLAIMS = (
    "form",
    "shape",
    "freeze",
    "rule",
    "openings",
    "panels",
    "shares",
    "certificate",
    "beacon",
    "notice",
    "genuine",
    "exchange",
    "counts_kept",
    "drawn_panels",
    "alternates",
    "choice",
)
# How far the share of panels may be from the probability: half a panel in a thousand would be 0.0005.
SHARE_TOLERANCE = Decimal("0.002000001")
SUM_TOLERANCE = Decimal("0.000001")
# Ids named in a sentence.
MOST_NAMED = 5


class Verdict(StrEnum):
    PROVED = "proved"
    FAILED = "failed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that the document says of the draw. `reason` says why it failed or is open; both are stable codes."""

    code: str
    verdict: Verdict
    reason: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


def is_verified(claims: list[Claim]) -> bool:
    """Whether nothing failed. What is open was not checked, and the claims say so."""
    return bool(claims) and all(claim.verdict != Verdict.FAILED for claim in claims)


def verify_bytes(data: bytes, *, openings: Mapping[str, Mapping[str, Any]] = NO_OPENINGS) -> list[Claim]:
    """The claims of a document as it was downloaded; one byte more, less or other than its canonical form fails."""
    try:
        document = read_canonical(data)
    except CanonicalError:
        return [Claim("form", Verdict.FAILED, "form")]
    return [Claim("form", Verdict.PROVED), *verify(document, openings=openings)]


def verify(document: Any, *, openings: Mapping[str, Mapping[str, Any]] = NO_OPENINGS) -> list[Claim]:
    """The claims of a document with their verdicts, in the order in which things happened.

    `openings`: {id: {"attributes", "household", "salt"}} of those whose attributes are withheld, where the reader has
    them. Of CLAIMS those that speak of what has not happened yet are left out.
    """
    wrong = misshapen(document)
    if wrong:
        return [Claim("shape", Verdict.FAILED, "shape", {"keys": ", ".join(dict.fromkeys(wrong))})]
    replay = _Replay(document, openings)
    return [Claim("shape", Verdict.PROVED), *(claim for check in _CHECKS if (claim := check(replay)) is not None)]


class _Replay:
    """A document, and what follows from its frozen part and its beacon."""

    def __init__(self, document: Mapping[str, Any], openings: Mapping[str, Mapping[str, Any]]) -> None:
        self.document = document
        self.withheld = [entry for entry in document["pool"] if "commitment" in entry]
        self.misfits = [
            entry["id"]
            for entry in self.withheld
            if entry["id"] in openings and not is_opened_by(entry, openings[entry["id"]])
        ]
        self.people, self.whole = self._people({} if self.misfits else openings)
        self.pool = whole_pool(features_of(quotas_of(document)), document["pool"], openings) if self.whole else None
        self.is_as_frozen = fingerprint_of(document) == document["freeze"]
        self.beacon: Beacon | None = None
        self.digest: bytes | None = None
        self.beacon_reason = ""
        try:
            self.beacon = read_beacon(document["beacon"])
            seed = self.beacon.read(document["value"]) if "value" in document else b""
            self.digest = draw_digest(document["freeze"], seed)
        except BeaconError as error:
            self.beacon_reason = error.code

    def _people(self, openings: Mapping[str, Mapping[str, Any]]) -> tuple[People, bool]:
        """The pool for the draw, and whether it is known who counts for what."""
        people = people_of(self.document, openings)
        if people is not None:
            return people, True
        ids = tuple(entry["id"] for entry in self.document["pool"])
        quotas, seats = quotas_of(self.document), self.document["seats"]
        nothing: tuple[tuple[int, ...], ...] = ((),) * len(ids)
        unknown = People(
            ids=ids,
            seats=seats,
            bounds=tighten(quotas, seats),
            features=(),
            counts_for=nothing,
            loose=nothing,
            kind=(0,) * len(ids),
            sort=(0,) * len(ids),
            household=(NO_HOUSEHOLD,) * len(ids),
            households=0,
        )
        return unknown, False

    def frozen(self) -> list[list[int]]:
        """The panels as frozen, as places in the pool."""
        return places_of(self.people, self.document["panels"])

    def drawn(self) -> list[list[int]]:
        """The panels that the document says were drawn from, as places in the pool."""
        return places_of(self.people, self.document["drawn_from"])


def _freeze(replay: _Replay) -> Claim:
    return _judged("freeze", ok=replay.is_as_frozen)


def _rule(replay: _Replay) -> Claim:
    return _judged("rule", ok=_follows_rule(replay.document))


def _follows_rule(document: Mapping[str, Any]) -> bool:
    rule = document["rule"]
    known = draw_rule(document["seats"], one_per_household=rule["one_per_household"])
    return bool(rule == known)


def _openings(replay: _Replay) -> Claim | None:
    if not replay.withheld:
        return None
    if replay.misfits:
        return Claim("openings", Verdict.FAILED, "openings", {"ids": ", ".join(replay.misfits[:MOST_NAMED])})
    if replay.whole:
        return Claim("openings", Verdict.PROVED)
    return Claim("openings", Verdict.OPEN, "withheld", {"count": len(replay.withheld)})


def _panels(replay: _Replay) -> Claim:
    return _keep("panels", replay, replay.frozen(), "counts")


def _drawn_panels(replay: _Replay) -> Claim | None:
    if "value" not in replay.document:
        return None
    return _keep("drawn_panels", replay, replay.drawn(), "drawn_counts")


def _keep(code: str, replay: _Replay, panels: list[list[int]], stated: str) -> Claim:
    """Whether all panels keep the quotas; where attributes are withheld, whether what is stated of them does."""
    people, numbers = replay.people, replay.document.get(stated)
    if replay.whole:
        ok = all(people.keeps(panel) for panel in panels)
        return _judged(code, ok=ok and numbers in (None, [people.numbers(panel) for panel in panels]))
    quotas = replay.document["quotas"]
    for row in numbers or ():
        of_feature: Counter[str] = Counter()
        for quota, number in zip(quotas, row, strict=True):
            of_feature[quota["feature"]] += number
            if not quota["min"] <= number <= quota["max"]:
                return Claim(code, Verdict.FAILED, code)
        if any(total != people.seats for total in of_feature.values()):
            return Claim(code, Verdict.FAILED, code)
    return Claim(code, Verdict.OPEN, "stated_only")


def _shares(replay: _Replay) -> Claim:
    """Whether everybody is in as many panels as their probability says, and the probabilities add up to the seats."""
    document = replay.document
    probabilities: Mapping[str, Decimal] = document["probabilities"]
    held = Counter(id_ for panel in document["panels"] for id_ in panel)
    farthest = max((abs(Decimal(held[id_]) / PANELS - p) for id_, p in probabilities.items()), default=Decimal(0))
    sums_up = abs(sum(probabilities.values()) - document["seats"]) <= SUM_TOLERANCE
    if sums_up and farthest > SHARE_TOLERANCE and farthest <= _stated_difference(document["certificate"]):
        return Claim("shares", Verdict.OPEN, "wide", {"difference": f"{farthest:f}"})
    return _judged("shares", ok=sums_up and farthest <= SHARE_TOLERANCE)


def _stated_difference(certificate: Mapping[str, Any]) -> Decimal:
    """How far shares are from chances at most, where the certificate says itself that they are too far."""
    stated = certificate.get("frequencies")
    if not isinstance(stated, dict) or stated.get("within") is not False:
        return Decimal(0)
    largest = stated.get("largest_difference")
    return largest + SUM_TOLERANCE if isinstance(largest, Decimal) else Decimal(0)


def _certificate(replay: _Replay) -> Claim:
    """Whether the prices prove that no lottery gives the least favoured person more."""
    if replay.pool is None:
        return Claim("certificate", Verdict.OPEN, "withheld", {"count": len(replay.withheld)})
    document = replay.document
    certificate = _with_floats(document["certificate"])
    problems = check_certificate(replay.pool, quotas_of(document), document["seats"], certificate)
    if not isinstance(certificate.get("certified"), bool):
        problems.append("certificate_unreadable")
    if certificate.get("one_per_household") is not document["rule"]["one_per_household"]:
        problems.append("certificate_unreadable")
    least = min(document["probabilities"].values())
    if problems or abs(Decimal(str(certificate["minimum"])) - least) > SUM_TOLERANCE:
        return Claim("certificate", Verdict.FAILED, "certificate", {"problems": ", ".join(problems)})
    facts = {"minimum": f"{least:f}", "bound": f"{document['certificate']['upper_bound']:f}"}
    if not certificate["certified"]:
        return Claim("certificate", Verdict.OPEN, "not_certified", facts)
    return Claim("certificate", Verdict.PROVED, facts=facts)


def _beacon(replay: _Replay) -> Claim | None:
    if replay.digest is None:
        return Claim("beacon", Verdict.FAILED, replay.beacon_reason)
    return _judged("beacon", ok=True) if "value" in replay.document else None


def _notice(replay: _Replay) -> Claim | None:
    """Whether the freeze was made early enough before the beacon."""
    at = replay.beacon.happens_at() if replay.beacon else None
    if at is None:
        return None
    hours = replay.document["notice_hours"]
    try:
        # Programmes read moments more and less strictly: one form of them is taken.
        frozen_at = datetime.fromisoformat(replay.document["frozen_at"]).astimezone(KOREA)
        ok = frozen_at.isoformat("T", "seconds") == replay.document["frozen_at"]
        ok = ok and frozen_at + timedelta(hours=hours) <= at
    except (ValueError, OverflowError):
        ok = False
    return _judged("notice", ok=ok, facts={"frozen_at": replay.document["frozen_at"], "at": at.isoformat()})


def _genuine(replay: _Replay) -> Claim | None:
    """Only drand signs what came out: of all else the document says with what to compare it."""
    if replay.digest is None or "value" not in replay.document:
        return None
    if isinstance(replay.beacon, Drand):
        try:
            replay.beacon.prove(replay.document["value"])
        except BeaconError:
            return Claim("genuine", Verdict.FAILED, "genuine")
        return Claim("genuine", Verdict.PROVED)
    return Claim("genuine", Verdict.OPEN, f"compare_{replay.document['beacon']['kind']}")


def _exchange(replay: _Replay) -> Claim | None:
    document = replay.document
    if "value" not in document:
        return None
    if replay.digest is None or not replay.is_as_frozen or not _follows_rule(document):
        return Claim("exchange", Verdict.FAILED, "nothing_to_replay")
    rule = ExchangeRule(**document["rule"]["exchange"])
    try:
        told = read_transcript(document["transcript"]) if "transcript" in document else None
        given = None if replay.whole else told
        panels, done = exchange(replay.people, replay.frozen(), rule, replay.digest, transcript=given)
    except ValueError:
        return Claim("exchange", Verdict.FAILED, "transcript")
    if ids_of(replay.people, panels) != document["drawn_from"] or told not in (None, done):
        return Claim("exchange", Verdict.FAILED, "exchange")
    return (
        Claim("exchange", Verdict.PROVED) if replay.whole else Claim("exchange", Verdict.OPEN, "acceptance_only_told")
    )


def _counts_kept(replay: _Replay) -> Claim | None:
    if "value" not in replay.document:
        return None
    before, after = (
        Counter(id_ for panel in replay.document[key] for id_ in panel) for key in ("panels", "drawn_from")
    )
    return _judged("counts_kept", ok=before == after)


def _alternates(replay: _Replay) -> Claim | None:
    document = replay.document
    if "alternates" not in document:
        return None
    if replay.digest is None or not replay.is_as_frozen:
        return Claim("alternates", Verdict.FAILED, "nothing_to_replay")
    panels = replay.drawn() if "value" in document else replay.frozen()
    if replay.whole:
        ok = alternates_of(replay.people, panels, replay.digest) == document["alternates"]
        return _judged("alternates", ok=ok)
    orders = places_of(replay.people, document["alternates"])
    ok = all(
        is_in_beacon_order(replay.people, panel, replay.digest, number, order)
        for number, (panel, order) in enumerate(zip(panels, orders, strict=True))
    )
    return Claim("alternates", Verdict.OPEN, "order_only") if ok else Claim("alternates", Verdict.FAILED, "alternates")


def _choice(replay: _Replay) -> Claim | None:
    document = replay.document
    if "digits" not in document:
        return None
    try:
        index = chosen_index(replay.digest, document["digits"]) if replay.digest is not None else None
    except DigitsError:
        index = None
    ok = index is not None and index == document["chosen"] and document["drawn_from"][index] == document["panel"]
    return _judged("choice", ok=ok, facts={"digits": document["digits"], "chosen": document["chosen"]})


def _judged(code: str, *, ok: bool, facts: Mapping[str, object] | None = None) -> Claim:
    verdict = Verdict.PROVED if ok else Verdict.FAILED
    return Claim(code, verdict, "" if ok else code, facts or {})


def _with_floats(value: Any) -> Any:
    """A certificate as the lottery wrote it: decimals of twelve places as the numbers nearest to them."""
    match value:
        case Decimal():
            return float(value)
        case dict():
            return {key: _with_floats(item) for key, item in value.items()}
        case list():
            return [_with_floats(item) for item in value]
    return value


_CHECKS: tuple[Callable[[_Replay], Claim | None], ...] = (
    _freeze,
    _rule,
    _openings,
    _panels,
    _shares,
    _certificate,
    _beacon,
    _notice,
    _genuine,
    _exchange,
    _counts_kept,
    _drawn_panels,
    _alternates,
    _choice,
)
