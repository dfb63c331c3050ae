"""Pools and panels for tests of the draw: small, any, and made to be hard."""

import random
from functools import cache

from hypothesis import strategies as st

from councils.drawing import freeze
from councils.drawing.beacons import Seed
from councils.drawing.people import read_people
from councils.lottery import compute_lottery
from councils.quotas import Pool, Quota

SEED = Seed()
FEATURES = {"sex": ("f", "m"), "age": ("young", "middle", "old"), "tong": ("1", "2", "3", "4")}


def some_pool(size=60, seed=1, *, households=False):
    """A pool with all values of FEATURES; with `households` about every second person lives with another."""
    chance = random.Random(seed)
    rows = tuple(tuple(chance.choice(values) for values in FEATURES.values()) for _ in range(size))
    homes = tuple(f"h{chance.randrange(size)}" if chance.random() < 0.7 else "" for _ in range(size))
    return Pool(tuple(f"p{n:03}" for n in range(size)), tuple(FEATURES), rows, homes if households else None)


def some_quotas(seats=10, *, room=1):
    """Half of each sex, give or take `room`, and the others within bounds; without room each age has its number too."""
    ages = (0, 0, 0) if room else (seats // 3, seats // 3, seats - 2 * (seats // 3))
    return [
        *(Quota("sex", value, seats // 2 - room, seats // 2 + room) for value in FEATURES["sex"]),
        *(
            Quota("age", value, n or seats // 5, n or seats // 2)
            for value, n in zip(FEATURES["age"], ages, strict=True)
        ),
        *(Quota("tong", value, 1, seats // 2) for value in FEATURES["tong"]),
    ]


@cache
def frozen(*, room=1, group_size=1, households=False, beacon=SEED, frozen_at=None, notice_hours=0):
    """(document, openings) of a pool of 60 for 10 seats. Without `room` panels meet often: the replay takes longer."""
    pool, quotas = some_pool(households=households), some_quotas(room=room)
    lottery = compute_lottery(pool, quotas, 10, one_per_household=households)
    chance = random.Random(3)
    return freeze(
        pool,
        quotas,
        10,
        probabilities=lottery.probabilities,
        panels=lottery.panels,
        certificate=lottery.certificate,
        beacon=beacon,
        one_per_household=households,
        group_size=group_size,
        salts=[chance.randbytes(16) for _ in pool.ids] if group_size > 1 else (),
        frozen_at=frozen_at,
        notice_hours=notice_hours,
    )


@st.composite
def panels_under_quotas(draw):
    """(people, panels): any pool, some panels of it often repeated, and quotas that just let these panels pass."""
    size = draw(st.integers(4, 24))
    seats = draw(st.integers(1, size - 1))
    values = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    row = st.tuples(*(st.integers(0, count - 1) for count in values))
    rows = draw(st.lists(row, min_size=size, max_size=size))
    features = tuple(f"f{n}" for n in range(len(values)))
    homes = draw(st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=size, max_size=size))
    chance = random.Random(draw(st.integers(0, 2**32)))
    distinct = [chance.sample(range(size), seats) for _ in range(draw(st.integers(1, 6)))]
    slack = draw(st.integers(0, 1))
    quotas = []
    for place, count in enumerate(values):
        for value in range(count):
            held = [sum(rows[person][place] == value for person in panel) for panel in distinct]
            quotas.append(Quota(features[place], str(value), max(0, min(held) - slack), max(held) + slack))
    pool = Pool(
        tuple(f"p{n}" for n in range(size)),
        features,
        tuple(tuple(str(value) for value in row) for row in rows),
        tuple(homes),
    )
    free = read_people(pool, quotas, seats)
    at_home = read_people(pool, quotas, seats, one_per_household=True)
    people = at_home if all(at_home.keeps(panel) for panel in distinct) else free
    return people, [distinct[n % len(distinct)] for n in range(draw(st.integers(2, 30)))]
