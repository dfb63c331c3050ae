"""How long a text message is, and which kind it has to be. Pure: no Django.

Carriers in Korea count bytes in EUC-KR, where a sign of Hangul takes two: up to 80 make a short message (SMS), up to
2,000 a long one (LMS), which costs more.
"""

from dataclasses import dataclass
from enum import StrEnum

ENCODING = "euc-kr"
SHORT, LONG = 80, 2000  # bytes


class TextForm(StrEnum):
    SMS = "SMS"
    LMS = "LMS"


@dataclass(frozen=True, slots=True)
class TextLength:
    """Length in bytes of EUC-KR, and the form that carries it."""

    size: int
    form: TextForm


class NotSendableError(ValueError):
    """The text cannot go as a text message."""


class UnknownSignsError(NotSendableError):
    """It has signs that EUC-KR lacks; `signs` names each once, in their order."""

    def __init__(self, signs: str) -> None:
        super().__init__(f"not in {ENCODING}: {signs}")
        self.signs = signs


class TooLongError(NotSendableError):
    """It is empty or longer than a long message."""


def length_of(text: str) -> TextLength:
    """Length and form of `text`.

    Raises UnknownSignsError for signs that a carrier could not pass on, TooLongError for nothing and for too much.
    """
    unknown = "".join(dict.fromkeys(sign for sign in text if not _is_known(sign)))
    if unknown:
        raise UnknownSignsError(unknown)
    size = len(text.encode(ENCODING))
    if not 0 < size <= LONG:
        raise TooLongError(f"{size} bytes, at most {LONG} are possible")
    return TextLength(size, TextForm.SMS if size <= SHORT else TextForm.LMS)


def _is_known(sign: str) -> bool:
    # Python would write syllables that EUC-KR lacks as eight bytes of their parts, which telephones show as such.
    try:
        return len(sign.encode(ENCODING)) <= 2
    except UnicodeEncodeError:
        return False
