"""Codes that say whether a certificate is genuine: random, and written so that nobody mistakes a sign. Pure."""

import re
import unicodedata
from collections.abc import Callable, Sequence

# Without signs that look alike: 0 O, 1 I L, 2 Z, 5 S, 8 B.
SIGNS = "34679ACDEFGHJKMNPQRTUVWXY"
# 25 signs to the twelfth are some 6 × 10^16 codes: not to be guessed through a page that limits attempts.
LENGTH = 12
GROUP = 4
CODE = re.compile(f"[{SIGNS}]{{{LENGTH}}}")


def new_code(choose: Callable[[Sequence[str]], str]) -> str:
    """A code of signs that `choose` picks; secrets.choice for real ones."""
    return "".join(choose(SIGNS) for _place in range(LENGTH))


def grouped(code: str) -> str:
    """As it is printed: 3A4C-D6EF-7GHJ."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def as_typed(text: str) -> str:
    """The code in what somebody typed, in any case and with any signs between; "" if there is none.

    Korean keyboards also write letters and digits as wide as a syllable.
    """
    signs = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text[:60]).upper())
    return signs if CODE.fullmatch(signs) else ""
