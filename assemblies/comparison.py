"""Which items of an agenda are compared. Pure: standard library only."""

from collections.abc import Collection, Sequence
from enum import StrEnum

LEAST_COMPARED = 2
MOST_COMPARED = 3


class Complaint(StrEnum):
    """Why a choice of items cannot be compared."""

    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    UNKNOWN = "unknown"


class ComparisonError(ValueError):
    """A choice of items that cannot be compared; `complaint` says why."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.value)
        self.complaint = complaint


def read_numbers(asked: Sequence[str], *, on_agenda: Collection[int]) -> frozenset[int]:
    """The numbers of two or three items from the texts of an address; a number that stands there twice counts once.

    Raises ComparisonError: unknown items, too few, too many.
    """
    by_text = {str(number): number for number in on_agenda}
    if not set(asked) <= by_text.keys():
        raise ComparisonError(Complaint.UNKNOWN)
    numbers = frozenset(by_text[text] for text in asked)
    if len(numbers) < LEAST_COMPARED:
        raise ComparisonError(Complaint.TOO_FEW)
    if len(numbers) > MOST_COMPARED:
        raise ComparisonError(Complaint.TOO_MANY)
    return numbers
