"""Terms of a council and who moves up in it. Pure: no Django, no clock, no chance.

Source: rules.md C5 (alternates keep the quotas when they move up) and C7; rule set, parameters term_months and
reappointments_max.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from councils.drawing.alternates import who_moves_up
from councils.drawing.people import read_people
from councils.quotas import Pool, Quota
from ordinances.council_checks import end_of_term

DAY = timedelta(days=1)
UNKNOWN = ""


def last_day_of_term(starts_on: date, months: int) -> date:
    """The last day, counted, of a term of `months` that begins on `starts_on`."""
    return end_of_term(starts_on, months) - DAY


def reappointments(served: Collection[int], number: int) -> int:
    """How many times in a row somebody would be appointed anew with term `number`, who served in the terms `served`.

    Only terms that follow each other count: a term without them begins the count anew. A part of a term counts as one,
    because ordinances that limit re-appointment speak of appointments and not of time.
    """
    count = 0
    while number - 1 - count in served:
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class Identity:
    """How two rows are known to be one person: the same account, or the same name and day of birth.

    account 0 is none; without a day of birth a name alone says nothing.
    """

    account: int
    name: str
    birth_date: date | None

    def is_same_as(self, other: "Identity") -> bool:
        if self.account and self.account == other.account:
            return True
        is_named_alike = "".join(self.name.split()) == "".join(other.name.split()) and self.name != UNKNOWN
        return is_named_alike and self.birth_date is not None and self.birth_date == other.birth_date


def next_in_order(  # noqa: PLR0913 - who, of whom, under which rules
    pool: Pool,
    quotas: Sequence[Quota],
    *,
    seats: int,
    serving: Sequence[str],
    alternates: Sequence[str],
    one_per_household: bool = False,
) -> str | None:
    """The first of `alternates`, in their order, with whom the quotas can be kept beside `serving`; ids of `pool`.

    None where nobody of them fits, or no seat is open. Raises ValueError where somebody has a value of which no quota
    speaks, KeyError for an id that is not in the pool.
    """
    people = read_people(pool, quotas, seats, one_per_household=one_per_household)
    places = people.places()
    found = who_moves_up(people, [places[one] for one in serving], [places[one] for one in alternates])
    return None if found is None else people.ids[found]
