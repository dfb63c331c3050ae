"""Beacons: public events of chance that nobody can foresee or bend, named in a freeze before they happen. Pure.

A beacon says when it happens, and turns what came out into bytes, always the same way. Whether the numbers entered are
those that were really drawn, everybody compares with what was broadcast; no document can prove it. A round of drand
proves itself by its signature.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from councils.drawing.signatures import is_signed

KOREA = timezone(timedelta(hours=9))
# Lotto 6/45 is drawn every Saturday and broadcast at about 20:35; number 1 was on 2002-12-07. Source: the operator.
FIRST_LOTTO = date(2002, 12, 7)
LOTTO_TIME = time(20, 35, tzinfo=KOREA)
LOTTO_NUMBERS = 45
LOTTO_DRAWN = 6
# Far beyond what the calendar of this programme holds.
LAST_LOTTO = 100_000
LAST_ROUND = 10**11
FEWEST_BALLS = 6
MOST_BALLS = 40
SHORTEST_SEED = 1
LONGEST_SEED = 1024


class BeaconError(ValueError):
    """A beacon or what came out of it cannot be right. `code` says why: `councils.drawing_wording` has the sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Lotto:
    """Draw `number` of Lotto 6/45, televised on a Saturday. Value: {"numbers": six numbers, "bonus": one}."""

    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= LAST_LOTTO:
            raise BeaconError("lotto_number")

    def happens_at(self) -> datetime:
        return datetime.combine(FIRST_LOTTO + timedelta(weeks=self.number - 1), LOTTO_TIME)

    def description(self) -> dict[str, Any]:
        return {"at": self.happens_at().isoformat(), "kind": "lotto", "number": self.number}

    def read(self, value: Mapping[str, Any]) -> bytes:
        """Like `lotto:1200:3,7,12,24,33,41+9`, the six numbers from the smallest."""
        numbers, bonus = _only(value, "numbers", "bonus")
        if not isinstance(numbers, list) or len(numbers) != LOTTO_DRAWN:
            raise BeaconError("lotto_numbers")
        every = [*numbers, bonus]
        if any(type(n) is not int or not 1 <= n <= LOTTO_NUMBERS for n in every) or len(set(every)) != len(every):
            raise BeaconError("lotto_numbers")
        if numbers != sorted(numbers):
            raise BeaconError("lotto_order")
        return f"lotto:{self.number}:{','.join(map(str, numbers))}+{bonus}".encode()


def next_lotto(after: datetime) -> Lotto:
    """The first draw of Lotto 6/45 not before `after`, an aware moment."""
    day = after.astimezone(KOREA).date()
    lotto = Lotto(max(1, (day - FIRST_LOTTO).days // 7))
    while lotto.happens_at() < after:
        lotto = Lotto(lotto.number + 1)
    return lotto


@dataclass(frozen=True, slots=True)
class Network:
    """A drand network: its chain, the moment of round 1, seconds between rounds, and the key that signs them."""

    name: str
    chain: str
    genesis: int
    period: int
    public_key: str


# drand's other network signs each round together with the signature before it, which a value does not hold.
QUICKNET = Network(
    "quicknet",
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    genesis=1692803367,
    period=3,
    public_key="83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
)
NETWORKS = {network.chain: network for network in (QUICKNET,)}


@dataclass(frozen=True, slots=True)
class Drand:
    """Round `round` of a drand network. Value: {"signature": hexadecimal}; its SHA-256 is the round's randomness."""

    round: int
    network: Network = QUICKNET

    def __post_init__(self) -> None:
        if not 1 <= self.round <= LAST_ROUND:
            raise BeaconError("drand_round")

    def happens_at(self) -> datetime:
        seconds = self.network.genesis + (self.round - 1) * self.network.period
        return datetime.fromtimestamp(seconds, UTC).astimezone(KOREA)

    def description(self) -> dict[str, Any]:
        at = self.happens_at().isoformat()
        return {"at": at, "chain": self.network.chain, "kind": "drand", "round": self.round}

    def read(self, value: Mapping[str, Any]) -> bytes:
        """Like `drand:<chain>:<round>:<randomness>`, hexadecimal in small letters."""
        (signature,) = _only(value, "signature")
        if not isinstance(signature, str) or not re.fullmatch(r"[0-9a-f]{96}", signature):
            raise BeaconError("drand_signature")
        return f"drand:{self.network.chain}:{self.round}:{randomness(signature)}".encode()

    def prove(self, value: Mapping[str, Any]) -> None:
        """Raise BeaconError unless the network itself signed this round so, and what `read` raises."""
        self.read(value)
        if not is_signed(self.round, bytes.fromhex(value["signature"]), bytes.fromhex(self.network.public_key)):
            raise BeaconError("drand_false")


def randomness(signature: str) -> str:
    """What drand publishes as the randomness of a round: SHA-256 of the signature. Both hexadecimal."""
    return hashlib.sha256(bytes.fromhex(signature)).hexdigest()


def next_round(after: datetime, network: Network = QUICKNET) -> Drand:
    """The first round of `network` not before `after`, an aware moment."""
    seconds = int(after.timestamp()) + bool(after.microsecond) - network.genesis
    return Drand(max(1, -(-seconds // network.period) + 1), network)


@dataclass(frozen=True, slots=True)
class Balls:
    """`count` digits drawn with balls before an audience from `at` on, each ball put back. Value: {"digits": "…"}."""

    count: int
    at: datetime

    def __post_init__(self) -> None:
        if not FEWEST_BALLS <= self.count <= MOST_BALLS:
            raise BeaconError("balls_count")
        if self.at.tzinfo is None or self.at.microsecond:
            raise BeaconError("balls_at")

    def happens_at(self) -> datetime:
        return self.at.astimezone(KOREA)

    def description(self) -> dict[str, Any]:
        return {"at": self.happens_at().isoformat(), "count": self.count, "kind": "balls"}

    def read(self, value: Mapping[str, Any]) -> bytes:
        """Like `balls:481516`."""
        (digits,) = _only(value, "digits")
        if not isinstance(digits, str) or not re.fullmatch(rf"[0-9]{{{self.count}}}", digits):
            raise BeaconError("balls_digits")
        return f"balls:{digits}".encode()


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed given to the command, for trying out. Value: {"seed": hexadecimal}; it has no time and proves none."""

    def happens_at(self) -> None:
        return None

    def description(self) -> dict[str, Any]:
        return {"kind": "seed"}

    def read(self, value: Mapping[str, Any]) -> bytes:
        """The bytes that the hexadecimal digits stand for."""
        (seed,) = _only(value, "seed")
        if not isinstance(seed, str) or not re.fullmatch(rf"(?:[0-9a-f]{{2}}){{{SHORTEST_SEED},{LONGEST_SEED}}}", seed):
            raise BeaconError("seed_hex")
        return bytes.fromhex(seed)


Beacon = Lotto | Drand | Balls | Seed


def read_beacon(description: Mapping[str, Any]) -> Beacon:
    """The beacon that a freeze names. Raises BeaconError where it is none, or its time is not the one it has."""
    beacon = _beacon(description)
    if beacon.description() != dict(description):
        raise BeaconError("beacon_unknown")
    return beacon


def _beacon(description: Mapping[str, Any]) -> Beacon:
    try:
        match description["kind"]:
            case "lotto":
                return Lotto(_whole(description["number"]))
            case "drand":
                return Drand(_whole(description["round"]), NETWORKS[description["chain"]])
            case "balls":
                return Balls(_whole(description["count"]), datetime.fromisoformat(description["at"]))
            case "seed":
                return Seed()
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, BeaconError):
            raise
        raise BeaconError("beacon_unknown") from error
    raise BeaconError("beacon_unknown")


def _whole(number: object) -> int:
    if type(number) is not int:
        raise BeaconError("beacon_unknown")
    return number


def _only(value: Mapping[str, Any], *keys: str) -> tuple[Any, ...]:
    """The values of exactly these keys."""
    if not isinstance(value, Mapping) or set(value) != set(keys):
        raise BeaconError("beacon_value")
    return tuple(value[key] for key in keys)
