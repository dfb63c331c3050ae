"""What is plausible about a person. Pure: no Django, no clock.

Names and telephone numbers come in many spellings; they are brought into one before they are kept.
"""

import re
import unicodedata
from datetime import date

EARLIEST_BIRTH = date(1900, 1, 1)
CHILD_BELOW = 14  # years; Personal Information Protection Act, article 22-2: a guardian consents for a child under 14
NAME_LENGTH = 60
MOBILE_OR_LANDLINE = re.compile(r"0\d{8,10}")
FOREIGN = re.compile(r"\+[1-9]\d{6,14}")
# Letters by their category, but blank on the page: a name of these alone would be no name.
BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # korean: fillers of the alphabet
DATE_WITHOUT_PARTS = re.compile(r"\d{8}")
DATE_IN_PARTS = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D?")
LONG_NUMBER = re.compile(r"\d[\d\s-]{4,}\d")


class ImplausibleError(ValueError):
    """A value that cannot be true of a person. `code` says which; the caller has the words for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def full_years(birth_date: date, day: date) -> int:
    """Age in full years (만 나이) on `day`; below 0 before the birth.

    Who was born on 29 February becomes a year older on 1 March where there is no such day (Civil Act, articles 158 and
    160). A day before the birth is no error: rules count age on days of the past, such as that of an announcement, and
    somebody born since has simply not reached any age then.
    """
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def is_child(birth_date: date, day: date) -> bool:
    """Whether a guardian has to consent for this person on `day`."""
    return full_years(birth_date, day) < CHILD_BELOW


def checked_birth_date(birth_date: date, day: date) -> date:
    """The date of birth itself. Raises ImplausibleError if it is before 1900 or after `day`."""
    if not EARLIEST_BIRTH <= birth_date <= day:
        raise ImplausibleError("birth_date")
    return birth_date


def day_as_typed(text: str) -> str:
    """A date as people type it in the form YYYY-MM-DD: 19450315, 1945.3.15, or with words for year, month and day.

    What is not written like a date comes back as it was. Whether there is such a day is for the caller to find out.
    """
    typed = unicodedata.normalize("NFKC", text[:100]).strip()
    if DATE_WITHOUT_PARTS.fullmatch(typed):
        return f"{typed[:4]}-{typed[4:6]}-{typed[6:]}"
    parts = DATE_IN_PARTS.fullmatch(typed)
    if parts is None:
        return text
    year, month, day = parts.groups()
    return f"{year}-{month:0>2}-{day:0>2}"


def cleaned_name(name: str) -> str:
    """The name in composed letters (NFC), with single spaces.

    Raises ImplausibleError if it is empty, longer than 60 letters, without any letter, or holds signs that are not
    printed or are blank.
    """
    cleaned = " ".join(unicodedata.normalize("NFC", name).split())
    if not cleaned or len(cleaned) > NAME_LENGTH or not any(sign.isalpha() for sign in cleaned):
        raise ImplausibleError("name")
    signs = set(cleaned)
    if any(unicodedata.category(sign).startswith("C") for sign in signs) or signs & {*"<>@/\\", *BLANK_LETTERS}:
        raise ImplausibleError("name")
    return cleaned


def cleaned_phone(phone: str) -> str:
    """The number as digits: 01012345678, or +821012345678 abroad written as the Korean number. "" stays "".

    Raises ImplausibleError if it is no telephone number.
    """
    digits = re.sub(r"[\s().-]", "", unicodedata.normalize("NFKC", phone))
    if not digits:
        return ""
    if digits.startswith("+82"):
        digits = "0" + digits[3:].lstrip("0")
    if MOBILE_OR_LANDLINE.fullmatch(digits) or FOREIGN.fullmatch(digits):
        return digits
    raise ImplausibleError("phone")


def holds_a_number(text: str) -> bool:
    """Whether `text` holds a long number: that of a document, or a resident registration number. Neither is kept."""
    return bool(LONG_NUMBER.search(unicodedata.normalize("NFKC", text)))
