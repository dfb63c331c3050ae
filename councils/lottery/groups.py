"""Who is alike: applicants whom no quota and no household tells apart. Standard library only."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from councils.quotas import Pool, Quota


@dataclass(frozen=True, slots=True)
class Group:
    """Applicants who are interchangeable, so that a fair lottery gives all of them the same chance.

    `members` are places in the pool; `quotas` are places in the list of quotas that count them; `household` is the
    place in the pool of the first member of their household where more than one of it applied, else None.
    """

    members: tuple[int, ...]
    quotas: tuple[int, ...]
    household: int | None = None

    def __len__(self) -> int:
        return len(self.members)


def group_people(pool: Pool, quotas: Sequence[Quota], *, one_per_household: bool = False) -> list[Group]:
    """The groups of `pool` in the order in which their first members applied.

    Two persons are in one group where the same quotas count them. Under the rule of one a household, those who live
    with another applicant are grouped within their household only.
    """
    counted_by = {(quota.feature, quota.value): place for place, quota in enumerate(quotas)}
    heads = _heads(pool) if one_per_household else {}
    groups: dict[tuple[tuple[int, ...], int | None], list[int]] = {}
    for person, row in enumerate(pool.rows):
        counted = tuple(sorted(counted_by[pair] for pair in zip(pool.features, row, strict=True) if pair in counted_by))
        groups.setdefault((counted, heads.get(person)), []).append(person)
    return [Group(tuple(members), counted, head) for (counted, head), members in groups.items()]


def _heads(pool: Pool) -> dict[int, int]:
    """{person: first person of the same household} for everybody who lives with another applicant."""
    households = pool.households or ()
    sizes = Counter(households)
    first: dict[str, int] = {}
    heads = {}
    for person, household in enumerate(households):
        if household and sizes[household] > 1:
            heads[person] = first.setdefault(household, person)
    return heads
