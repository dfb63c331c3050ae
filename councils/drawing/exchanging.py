"""The exchange of members between panels, decided by the beacon. Pure: standard library only.

Whoever computed the panels could have arranged who sits with whom, with everybody's number of panels unchanged. So
members change places before a panel is drawn: every exchange leaves each panel its size and its quotas, and everybody
the number of their panels. Exchanges of one against one alone would leave people where they are whose like is in no
other panel; two against two, who together count for the same, move them too.

The rule in words is in docs/draw-format.md; how many rounds it takes in docs/decisions/0022-the-exchange.md.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from councils.drawing.people import NO_HOUSEHOLD, People
from councils.drawing.stream import Stream

TRIALS = 300_000
# Trials for each seat of all panels, where that is more.
TRIALS_A_SEAT = 8
ROUNDS = 40
MOST_ROUNDS = 100
# Small panels seldom have two against two to exchange: they meet more often.
PAIRS_OF_ROUNDS = 40_000
PAIRS_AMONG = 40

Deal = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True)
class ExchangeRule:
    """How much is exchanged; part of what is frozen.

    `rounds`; `trials` of one against one in each; then every two panels deal, two against two `among` so many of each.
    """

    rounds: int
    trials: int
    among: int


def exchange_rule(panels: int, seats: int) -> ExchangeRule:
    """The rule for so many panels of so many seats: at least 300,000 trials in all."""
    rounds = min(MOST_ROUNDS, max(ROUNDS, PAIRS_OF_ROUNDS // seats**2))
    trials = max(TRIALS, TRIALS_A_SEAT * panels * seats)
    return ExchangeRule(rounds=rounds, trials=-(-trials // rounds), among=PAIRS_AMONG)


@dataclass(slots=True)
class Transcript:
    """What was exchanged, for those who may not know who counts for which quota.

    `trials`: of each trial between two panels that could have been an exchange, whether it was one; `deals`: of each
    two panels that dealt, the places that changed two against two (four numbers each) and one against one (two each).
    """

    trials: list[bool]
    deals: list[Deal]


class ImpossibleTranscriptError(ValueError):
    """A transcript tells of an exchange that the beacon did not allow."""


class _Table:
    """Panels in the middle of the exchange: who sits where, and what is counted of it."""

    def __init__(self, people: People, panels: Sequence[Sequence[int]]) -> None:
        self.people = people
        self.panels = [list(panel) for panel in panels]
        self.sits = [bytearray(len(people.ids)) for _ in panels]
        self.homes = [bytearray(people.households) for _ in panels]
        self.numbers = [people.numbers(panel) for panel in panels]
        self.low, self.high = people.bounds.low, people.bounds.high
        for panel, sits, homes in zip(self.panels, self.sits, self.homes, strict=True):
            for person in panel:
                sits[person] = 1
                if people.household[person] != NO_HOUSEHOLD:
                    homes[people.household[person]] = 1

    def allows(self, a: int, b: int, of_a: Sequence[int], of_b: Sequence[int]) -> bool:
        """Whether both panels keep quotas and households when these persons of the same kinds change places."""
        loose = self.people.loose
        change: dict[int, int] = {}
        for person in of_a:
            for quota in loose[person]:
                change[quota] = change.get(quota, 0) - 1
        for person in of_b:
            for quota in loose[person]:
                change[quota] = change.get(quota, 0) + 1
        in_a, in_b, low, high = self.numbers[a], self.numbers[b], self.low, self.high
        for quota, by in change.items():
            if by and not (
                low[quota] <= in_a[quota] + by <= high[quota] and low[quota] <= in_b[quota] - by <= high[quota]
            ):
                return False
        return not self.people.households or (self._room(a, of_a, of_b) and self._room(b, of_b, of_a))

    def _room(self, panel: int, leave: Sequence[int], enter: Sequence[int]) -> bool:
        household, homes = self.people.household, self.homes[panel]
        freed = {household[person] for person in leave}
        return all(
            household[person] == NO_HOUSEHOLD or household[person] in freed or not homes[household[person]]
            for person in enter
        )

    def swap(self, a: int, b: int, places: Sequence[tuple[int, int]]) -> None:
        """Change the members at these places of the two panels."""
        for i, j in places:
            x, y = self.panels[a][i], self.panels[b][j]
            self.panels[a][i], self.panels[b][j] = y, x
            self.sits[a][x] = self.sits[b][y] = 0
            self.sits[a][y] = self.sits[b][x] = 1
            for quota in self.people.counts_for[x]:
                self.numbers[a][quota] -= 1
                self.numbers[b][quota] += 1
            for quota in self.people.counts_for[y]:
                self.numbers[a][quota] += 1
                self.numbers[b][quota] -= 1
        if self.people.households:
            self._settle_homes(a)
            self._settle_homes(b)

    def _settle_homes(self, panel: int) -> None:
        homes = self.homes[panel] = bytearray(self.people.households)
        for person in self.panels[panel]:
            if self.people.household[person] != NO_HOUSEHOLD:
                homes[self.people.household[person]] = 1


def exchange(  # noqa: PLR0913 - all that decides it, and who wants to hear of it
    people: People,
    panels: Sequence[Sequence[int]],
    rule: ExchangeRule,
    digest: bytes,
    *,
    transcript: Transcript | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> tuple[list[list[int]], Transcript]:
    """The panels after the exchange, and what was exchanged. Panels are places in the pool; all have the same size.

    With a `transcript` what it tells is done, without asking who counts for what, and it is refused where the beacon
    gave no room for it (ImpossibleTranscriptError). `tell(done, of)` hears of each round.
    """
    table = _Table(people, panels)
    stream = Stream(digest, "exchange")
    done = Transcript([], [])
    told_trials = iter(transcript.trials) if transcript else None
    told_deals = iter(transcript.deals) if transcript else None
    order = list(range(len(panels)))
    for round_ in range(rule.rounds):
        _try(table, stream.many(len(panels) * people.seats, 2 * rule.trials), told_trials, done.trials)
        stream.shuffle(order)
        for first in range(0, len(order) - 1, 2):
            told = next(told_deals, None) if told_deals else None
            if told_deals and told is None:
                raise ImpossibleTranscriptError("deals are missing")
            done.deals.append(_deal(table, (order[first], order[first + 1]), rule.among, stream, told))
        if tell:
            tell(round_ + 1, rule.rounds)
    if transcript and (len(done.trials) != len(transcript.trials) or len(done.deals) != len(transcript.deals)):
        raise ImpossibleTranscriptError("there is more than was exchanged")
    return table.panels, done


def _try(table: _Table, drawn: list[int], told: Iterator[bool] | None, done: list[bool]) -> None:
    """Trials of one against one: two seats of all panels, changed where nothing forbids it."""
    seats, kind, panels, sits = table.people.seats, table.people.kind, table.panels, table.sits
    for at in range(0, len(drawn), 2):
        a, i = divmod(drawn[at], seats)
        b, j = divmod(drawn[at + 1], seats)
        x, y = panels[a][i], panels[b][j]
        if a == b or sits[a][y] or sits[b][x]:
            continue
        if told is None:
            change = kind[x] == kind[y] and table.allows(a, b, (x,), (y,))
        else:
            answer = next(told, None)
            if answer is None:
                raise ImpossibleTranscriptError("trials are missing")
            change = answer
        done.append(change)
        if change:
            table.swap(a, b, ((i, j),))


def _deal(table: _Table, two: tuple[int, int], among: int, stream: Stream, told: Deal | None) -> Deal:
    """All that two panels exchange when they meet: two against two, then one against one of the same kind."""
    a, b = two
    panels, sits = table.panels, table.sits
    of_a = [place for place, person in enumerate(panels[a]) if not sits[b][person]]
    of_b = [place for place, person in enumerate(panels[b]) if not sits[a][person]]
    stream.shuffle(of_a)
    stream.shuffle(of_b)
    if told is not None:
        _follow(table, two, among, (of_a, of_b), told)
        return told
    pairs = _deal_pairs(table, a, b, of_a[:among], of_b[:among])
    gone_a, gone_b = _sides(pairs, 2)
    left_a = [place for place in of_a if place not in gone_a]
    left_b = [place for place in of_b if place not in gone_b]
    return pairs, _deal_singles(table, a, b, left_a, left_b)


def _sides(places: list[int], each: int) -> tuple[list[int], list[int]]:
    """The places of the one and of the other panel, of exchanges of `each` against as many."""
    ones = [place for at in range(0, len(places), 2 * each) for place in places[at : at + each]]
    others = [place for at in range(0, len(places), 2 * each) for place in places[at + each : at + 2 * each]]
    return ones, others


def _deal_singles(table: _Table, a: int, b: int, of_a: list[int], of_b: list[int]) -> list[int]:
    """Each of one panel, in the order of the beacon, against the last not yet tried of the same kind of the other."""
    kind, panels = table.people.kind, table.panels
    alike: dict[int, list[int]] = {}
    for j in of_b:
        alike.setdefault(kind[panels[b][j]], []).append(j)
    done: list[int] = []
    for i in of_a:
        partners = alike.get(kind[panels[a][i]])
        if partners:
            j = partners.pop()
            if table.allows(a, b, (panels[a][i],), (panels[b][j],)):
                table.swap(a, b, ((i, j),))
                done += i, j
    return done


def _deal_pairs(table: _Table, a: int, b: int, of_a: list[int], of_b: list[int]) -> list[int]:
    """Each two of one panel, in order, against the first two of the other who count for the same only together."""
    kinds_a = [table.people.sort[table.panels[a][place]] for place in of_a]
    kinds_b = [table.people.sort[table.panels[b][place]] for place in of_b]
    meet = _first_pairs(kinds_b)
    done: list[int] = []
    gone_a: set[int] = set()
    gone_b: set[int] = set()
    for m, kind in enumerate(kinds_a):
        for n in range(m):
            met = _other_than(min(kind, kinds_a[n]), meet.get(kind + kinds_a[n]))
            if met is None or n in gone_a or met[0] in gone_b or met[1] in gone_b:
                continue
            i, k = of_a[m], of_a[n]
            j, l = of_b[met[0]], of_b[met[1]]  # noqa: E741 - the fourth of four places
            persons_a = table.panels[a][i], table.panels[a][k]
            persons_b = table.panels[b][j], table.panels[b][l]
            if table.allows(a, b, persons_a, persons_b):
                table.swap(a, b, ((i, j), (k, l)))
                done += i, k, j, l
                gone_a |= {m, n}
                gone_b |= {*met}
                break
    return done


def _first_pairs(kinds: list[int]) -> dict[int, list[tuple[int, int, int]]]:
    """For every sum of two kinds the first pair, and the first one of other kinds: (smaller kind, later, earlier)."""
    first: dict[int, list[tuple[int, int, int]]] = {}
    for m, kind in enumerate(kinds):
        for n in range(m):
            smaller = min(kind, kinds[n])
            pairs = first.setdefault(kind + kinds[n], [])
            if not pairs or (len(pairs) == 1 and pairs[0][0] != smaller):
                pairs.append((smaller, m, n))
    return first


def _other_than(smaller: int, pairs: list[tuple[int, int, int]] | None) -> tuple[int, int] | None:
    """The first of `pairs` that is not of the very same two kinds: those change one against one."""
    for kind, m, n in pairs or ():
        if kind != smaller:
            return m, n
    return None


def _follow(table: _Table, two: tuple[int, int], among: int, order: tuple[list[int], list[int]], told: Deal) -> None:
    """Do what a transcript tells of two panels, where the order of the beacon leaves room for it."""
    of_a, of_b = order
    pairs, singles = told
    twos_a, twos_b = _sides(pairs, 2)
    if len(pairs) % 4 or not _are_of(twos_a, of_a[:among]) or not _are_of(twos_b, of_b[:among]):
        raise ImpossibleTranscriptError("an exchange of two against two is not the beacon's")
    rank = {place: at for at, place in enumerate(of_a) if place not in twos_a}
    ones_a, ones_b = _sides(singles, 1)
    ranks = [rank.get(place, -1) for place in ones_a]
    left_b = [place for place in of_b if place not in twos_b]
    if len(singles) % 2 or -1 in ranks or ranks != sorted(set(ranks)) or not _are_of(ones_b, left_b):
        raise ImpossibleTranscriptError("an exchange of one against one is not the beacon's")
    table.swap(*two, [*zip(twos_a, twos_b, strict=True), *zip(ones_a, ones_b, strict=True)])


def _are_of(chosen: list[int], places: list[int]) -> bool:
    return len(set(chosen)) == len(chosen) and set(chosen) <= set(places)
