"""Panels of groups become panels of persons: within a group everybody has their turn. Standard library only."""

from collections.abc import Sequence

from councils.lottery.groups import Group


def seat_people(groups: Sequence[Group], panels: Sequence[Sequence[int]]) -> list[list[int]]:
    """For each panel (persons by group) the places in the pool, ascending.

    The members of a group come in turn, so that the numbers of panels of any two of them differ by 1 at most, and
    nobody is twice in one panel.
    """
    turn = [0] * len(groups)
    seated = []
    for panel in panels:
        people: list[int] = []
        for place, persons in enumerate(panel):
            members = groups[place].members
            people.extend(members[(turn[place] + step) % len(members)] for step in range(persons))
            turn[place] += persons
        seated.append(sorted(people))
    return seated
