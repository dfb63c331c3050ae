"""The codes that are shown in the hall. Pure: secret and clock are arguments.

A code changes every minute and is good in its minute and the next, so that a photograph of it sent to somebody at home
is worth nothing soon after. A poster on paper cannot change: its token is good on one day, while people are let in.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import date, datetime, timedelta

STEP = timedelta(minutes=1)
DIGITS = 6
TOKEN_BYTES = 9


def step_of(at: datetime) -> int:
    """The number of the minute that `at` lies in."""
    return int(at.timestamp()) // int(STEP.total_seconds())


def seconds_left(at: datetime) -> int:
    """Whole seconds until the code changes, 1 to 60."""
    length = int(STEP.total_seconds())
    return length - int(at.timestamp()) % length


def digits(secret: str, at: datetime) -> str:
    """The six digits of this minute."""
    return _digits(secret, step_of(at))


def token(secret: str, number: int, at: datetime) -> str:
    """What the changing QR code of meeting `number` holds in this minute: number and proof."""
    return f"{number}-{_proof(secret, 'minute', str(step_of(at)))}"


def poster_token(secret: str, number: int, day: date) -> str:
    """What the QR code on paper holds."""
    return f"{number}-{_proof(secret, 'day', day.isoformat())}"


def number_in(text: str) -> int | None:
    """The meeting that a token is about; None if it is no token."""
    number, _dash, proof = text.partition("-")
    return int(number) if number.isascii() and number.isdigit() and len(number) < DIGITS * 2 and proof else None


def digits_hold(secret: str, typed: str, at: datetime) -> bool:
    """Whether the typed digits are those of this minute or the one before; spaces do not matter."""
    given = "".join(typed.split()).encode()
    now = step_of(at)
    return any(hmac.compare_digest(_digits(secret, step).encode(), given) for step in (now, now - 1))


def token_holds(secret: str, number: int, text: str, at: datetime, days: Iterable[date]) -> bool:
    """Whether a token is of this minute or the one before, or of the poster of one of `days`."""
    now = step_of(at)
    proofs = [_proof(secret, "minute", str(step)) for step in (now, now - 1)]
    proofs += [_proof(secret, "day", day.isoformat()) for day in days]
    return any(hmac.compare_digest(f"{number}-{proof}".encode(), text.encode()) for proof in proofs)


def _mac(secret: str, *parts: str) -> bytes:
    return hmac.digest(secret.encode(), ":".join(parts).encode(), hashlib.sha256)


def _digits(secret: str, step: int) -> str:
    return f"{int.from_bytes(_mac(secret, 'digits', str(step))[:8]) % 10**DIGITS:0{DIGITS}}"


def _proof(secret: str, *parts: str) -> str:
    return base64.urlsafe_b64encode(_mac(secret, *parts)[:TOKEN_BYTES]).decode()
