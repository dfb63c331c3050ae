"""Alternates: who waits for each panel, in which order, and who moves up when a member leaves. Pure.

The beacon puts all who are not in the panel into an order. Taking the first of them would leave members whom nobody
among the alternates could replace; so they are taken in rounds, in each of which every member for whom there is anybody
gets one who could take the seat. The order among those taken is the beacon's, which everybody can check.

Source: Assos, Baharav, Flanigan, Procaccia, "Alternates, Assemble!" (2025), on why the first by lot are not enough.
"""

from collections.abc import Iterable, Sequence

from councils.drawing.people import NO_HOUSEHOLD, People
from councils.drawing.stream import Stream


def beacon_order(people: People, panel: Sequence[int], digest: bytes, number: int) -> list[int]:
    """All of the pool who are not in panel `number`, in the order that the beacon gives them for it."""
    members = set(panel)
    waiting = [person for person in range(len(people.ids)) if person not in members]
    Stream(digest, f"alternates/{number}", first=len(waiting) // 8 + 1).shuffle(waiting)
    return waiting


def _fits(people: People, panel: Sequence[int]) -> list[int]:
    """For every quota, which seats a person who counts for it could take as far as its feature goes.

    A set of bits: bit k stands for panel[k]. Somebody can take the seats that are in the sets of all they count for.
    """
    numbers = people.numbers(panel)
    low, high = people.bounds.low, people.bounds.high
    held = [0] * len(low)
    for seat, person in enumerate(panel):
        for quota in people.counts_for[person]:
            held[quota] |= 1 << seat
    fits = list(held)
    for feature in people.features:
        free = 0
        for quota in feature:
            if numbers[quota] > low[quota]:
                free |= held[quota]
        for quota in feature:
            if numbers[quota] < high[quota]:
                fits[quota] |= free
    return fits


def _seats_for(people: People, panel: Sequence[int], waiting: Sequence[int]) -> list[int]:
    """Which seats each of `waiting` could take, as a set of bits."""
    fits = _fits(people, panel)
    homes = {
        people.household[person]: 1 << seat
        for seat, person in enumerate(panel)
        if people.household[person] != NO_HOUSEHOLD
    }
    seats_of_kind: dict[tuple[int, ...], int] = {}
    found = []
    for person in waiting:
        counts_for = people.counts_for[person]
        seats = seats_of_kind.get(counts_for)
        if seats is None:
            seats = (1 << len(panel)) - 1
            for quota in counts_for:
                seats &= fits[quota]
            seats_of_kind[counts_for] = seats
        if homes:
            seats &= homes.get(people.household[person], -1)
        found.append(seats)
    return found


def choose_alternates(people: People, panel: Sequence[int], digest: bytes, number: int) -> list[int]:
    """Up to as many alternates as seats for panel `number`, in the order in which they move up.

    In each round those are taken, in the order of the beacon, who could take the seat of a member whom none of this
    round could replace yet. It ends with as many as there are seats, or when nobody is left who fits.
    """
    waiting = beacon_order(people, panel, digest, number)
    could_take = _seats_for(people, panel, waiting)
    left = [place for place, seats in enumerate(could_take) if seats]
    taken: list[int] = []
    while left and len(taken) < people.seats:
        open_seats = (1 << len(panel)) - 1
        passed_over: list[int] = []
        for place in left:
            if could_take[place] & open_seats and len(taken) < people.seats:
                open_seats &= ~could_take[place]
                taken.append(place)
            else:
                passed_over.append(place)
        left = passed_over
    return [waiting[place] for place in sorted(taken)]


def is_in_beacon_order(people: People, panel: Sequence[int], digest: bytes, number: int, order: Sequence[int]) -> bool:
    """Whether `order` has nobody of the panel and follows the beacon: what can be checked without knowing any quota."""
    rank = {person: place for place, person in enumerate(beacon_order(people, panel, digest, number))}
    ranks = [rank.get(person, -1) for person in order]
    return -1 not in ranks and ranks == sorted(set(ranks)) and len(ranks) <= people.seats


def who_moves_up(people: People, remaining: Sequence[int], alternates: Iterable[int]) -> int | None:
    """The first of `alternates` who can take a seat beside the `remaining` members so that the quotas can be kept.

    With one seat open the panel keeps every quota afterwards. With several, no maximum is passed, and the seats that
    stay open are enough for what is missing. None where nobody fits.
    """
    low, high = people.bounds.low, people.bounds.high
    homes = {people.household[person] for person in remaining} - {NO_HOUSEHOLD}
    still_open = people.seats - len(remaining) - 1
    if still_open < 0:
        return None
    for person in alternates:
        if person in remaining or people.household[person] in homes:
            continue
        numbers = people.numbers([*remaining, person])
        if all(
            all(numbers[quota] <= high[quota] for quota in feature)
            and sum(max(0, low[quota] - numbers[quota]) for quota in feature) <= still_open
            for feature in people.features
        ):
            return person
    return None
