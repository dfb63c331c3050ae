"""Chance that everyone can work out again: whole numbers from a SHA-256 counter stream. Pure: standard library only.

Block number k of the stream NAME of a draw is SHA-256(digest ‖ NAME ‖ 0x00 ‖ k as eight bytes, the highest first). Each
block is eight words of 32 bits, the highest byte first. A number below n is the next word that is smaller than the
largest multiple of n up to 2³², modulo n; other words are passed over, so that no number is likelier than another.
"""

import hashlib
from array import array
from collections.abc import MutableSequence
from sys import byteorder
from typing import Any

WORDS = 1 << 32
BLOCKS_AT_ONCE = 4096


def draw_digest(freeze: str, beacon: bytes) -> bytes:
    """SHA-256(freeze ‖ beacon): everything that the beacon decides follows from these 32 bytes.

    `freeze` is the fingerprint of the frozen document as 64 hexadecimal digits; its 32 bytes are taken.
    """
    return hashlib.sha256(bytes.fromhex(freeze) + beacon).digest()


class Stream:
    """The words of one named stream, one after the other."""

    __slots__ = ("_at", "_block", "_prefix", "_size", "_words")

    def __init__(self, digest: bytes, name: str, *, first: int = 1) -> None:
        """`first` is how many blocks are worked out at the first asking; it changes nothing but the time."""
        self._prefix = digest + name.encode() + b"\0"
        self._block = 0
        self._words = array("I")
        self._at = 0
        self._size = first

    def _fill(self) -> None:
        sha256 = hashlib.sha256
        prefix = self._prefix
        until = self._block + self._size
        self._words = array("I")
        self._words.frombytes(
            b"".join([sha256(prefix + k.to_bytes(8, "big")).digest() for k in range(self._block, until)])
        )
        if byteorder == "little":
            self._words.byteswap()
        self._block = until
        self._at = 0
        self._size = min(self._size * 4, BLOCKS_AT_ONCE)

    def below(self, n: int) -> int:
        """The next number of the stream from 0 to n - 1. Raises ValueError unless 0 < n ≤ 2³²."""
        if not 0 < n <= WORDS:
            raise ValueError(f"no number below {n} in this stream")
        limit = WORDS - WORDS % n
        while True:
            if self._at == len(self._words):
                self._fill()
            word = self._words[self._at]
            self._at += 1
            if word < limit:
                return word % n

    def shuffle(self, items: MutableSequence[Any]) -> None:
        """Put `items` into an order of chance: from the last place down, each swapped with one at or before it."""
        below = self.below
        for place in range(len(items) - 1, 0, -1):
            other = below(place + 1)
            items[place], items[other] = items[other], items[place]

    def many(self, n: int, count: int) -> list[int]:
        """The next `count` numbers below `n`, as `below` would give them one by one."""
        limit = WORDS - WORDS % n
        found: list[int] = []
        while len(found) < count:
            if self._at == len(self._words):
                self._size = max(self._size, min(BLOCKS_AT_ONCE, (count - len(found)) // 8 + 1))
                self._fill()
            part = self._words[self._at : self._at + count - len(found)]
            self._at += len(part)
            found.extend([word % n for word in part if word < limit])
        return found
