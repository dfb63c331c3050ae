"""The short code with which somebody without an account finds their application again. Pure.

It stands on the printed receipt beside the receipt number. Together with the date of birth, under a limit of attempts,
its 32 bits are enough; the key behind it, 122 bits, stands in the square code and in mails.
"""

import re
import unicodedata
from uuid import UUID

LENGTH = 8
_NOT_OF_CODE = re.compile(r"[^0-9A-F]")


def code_of(key: UUID) -> str:
    """The code as it is printed: two groups of four signs."""
    code = key.hex[:LENGTH].upper()
    return f"{code[:4]}-{code[4:]}"


def as_typed(text: str) -> str:
    """The code as people type it, in one spelling: eight signs; "" for what cannot be one."""
    plain = unicodedata.normalize("NFKC", text[:60]).upper().replace("O", "0").replace("I", "1").replace("L", "1")
    code = _NOT_OF_CODE.sub("", plain)
    return code if len(code) == LENGTH else ""


def fits(key: UUID, code: str) -> bool:
    """Whether `code`, as `as_typed` gives it, is the one of this key."""
    return bool(code) and key.hex[:LENGTH].upper() == code
