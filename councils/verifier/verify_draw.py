#!/usr/bin/env python3
"""Replays a public draw of a residents' council from its file, and says what is proved and what is not.

    python3 verify_draw.py draw.json
    python3 verify_draw.py draw.json openings.json      with the withheld attributes, for those who hold them

Nothing needs to be installed: Python 3.8 or later and its standard library. Nothing is sent anywhere. The format of the
file is described in draw-format.md beside the place where you found this. This programme was written apart from the one
that made the draw; read it, or write your own.

Exit code 0: nothing fails; 1: something does not hold; 2: the file cannot be read.
"""

import base64
import hashlib
import json
import re
import sys
import unicodedata
from collections import Counter
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

FORMAT = "madang-draw/1"
FROZEN = "beacon certificate counts format frozen_at notice_hours panels pool probabilities quotas rule seats title"
LATER = "freeze alternates value drawn_from drawn_counts transcript digits chosen panel"
KOREA = timezone(timedelta(hours=9))
DRAND = {  # chain: (moment of round 1, seconds between rounds)
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971": (1692803367, 3),
}


class Failed(Exception):
    """A claim does not hold; the text says why."""


class Open(Exception):
    """A claim that this file alone cannot prove; the text says why."""


def require(condition, why):
    if not condition:
        raise Failed(why)


# --- The one way to write a document ---------------------------------------------------------


def canonical(value):
    return unicodedata.normalize("NFC", written(value)).encode("utf-8")


def written(value, depth=0):
    require(depth < 40, "nested too deep")
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, (bool, int)):
        return json.dumps(value)
    if isinstance(value, Decimal):
        return format(value.quantize(Decimal(1).scaleb(-12)), "f")
    if isinstance(value, dict):
        return "{" + ",".join(written(key) + ":" + written(value[key], depth + 1) for key in sorted(value)) + "}"
    return "[" + ",".join(written(item, depth + 1) for item in value) + "]"


def unique(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands there twice")
    return dict(pairs)


def no_number(text):
    raise ValueError(text + " is no number")


def read(data):
    return json.loads(data.decode("utf-8"), parse_float=Decimal, parse_constant=no_number, object_pairs_hook=unique)


# --- Chance that everybody can work out ------------------------------------------------------


class Stream:
    def __init__(self, digest, name):
        self.prefix = digest + name.encode() + b"\0"
        self.block = 0
        self.words = []

    def word(self):
        if not self.words:
            block = hashlib.sha256(self.prefix + self.block.to_bytes(8, "big")).digest()
            self.block += 1
            self.words = [int.from_bytes(block[at : at + 4], "big") for at in range(28, -1, -4)]
        return self.words.pop()

    def below(self, n):
        limit = 2**32 - 2**32 % n
        while True:
            word = self.word()
            if word < limit:
                return word % n

    def shuffle(self, items):
        for place in range(len(items) - 1, 0, -1):
            other = self.below(place + 1)
            items[place], items[other] = items[other], items[place]


# --- Beacons ---------------------------------------------------------------------------------


def moment(text):
    """A moment as documents write it: Korean time, whole seconds."""
    require(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+09:00", text), "a moment")
    return datetime.fromisoformat(text).astimezone(KOREA)


def beacon_time(beacon):
    """When the public event happens, worked out from what names it; None for a seed."""
    kind = beacon.get("kind")
    keys = {"lotto": {"number"}, "drand": {"chain", "round"}, "balls": {"count"}}
    numbers = [beacon[key] for key in ("number", "round", "count") if key in beacon]
    require(kind == "seed" or set(beacon) == {"at", "kind"} | keys.get(kind, set()), "the public event is unknown")
    require(all(type(number) is int for number in numbers), "a number of the public event")
    if kind == "lotto":
        require(1 <= beacon["number"] <= 100000, "no such draw")
        at = datetime(2002, 12, 7, 20, 35, tzinfo=KOREA) + timedelta(weeks=beacon["number"] - 1)
    elif kind == "drand":
        require(1 <= beacon["round"] <= 10**11, "no such round")
        genesis, period = DRAND[beacon["chain"]]
        at = datetime.fromtimestamp(genesis + (beacon["round"] - 1) * period, KOREA)
    elif kind == "balls":
        require(6 <= beacon["count"] <= 40, "number of balls")
        at = moment(beacon["at"])
    else:
        require(beacon == {"kind": "seed"}, "the public event is not one that is known")
        return None
    require(at.isoformat() == beacon["at"], "the public event is at another time than stated")
    return at


def beacon_bytes(beacon, value):
    kind = beacon["kind"]
    if kind == "lotto":
        numbers, bonus = value["numbers"], value["bonus"]
        drawn = numbers + [bonus]
        require(
            set(value) == {"numbers", "bonus"} and len(numbers) == 6 and numbers == sorted(numbers), "lotto numbers"
        )
        require(len(set(drawn)) == 7 and all(type(n) is int and 1 <= n <= 45 for n in drawn), "lotto numbers")
        return "lotto:{}:{}+{}".format(beacon["number"], ",".join(map(str, numbers)), bonus).encode()
    if kind == "drand":
        require(set(value) == {"signature"}, "drand value")
        require(re.fullmatch("[0-9a-f]{96}", value["signature"]), "drand signature")
        randomness = hashlib.sha256(bytes.fromhex(value["signature"])).hexdigest()
        return "drand:{}:{}:{}".format(beacon["chain"], beacon["round"], randomness).encode()
    if kind == "balls":
        require(set(value) == {"digits"} and re.fullmatch("[0-9]{%d}" % beacon["count"], value["digits"]), "digits")
        return "balls:{}".format(value["digits"]).encode()
    require(set(value) == {"seed"} and re.fullmatch("([0-9a-f]{2}){1,1024}", value["seed"]), "seed")
    return bytes.fromhex(value["seed"])


# --- The signature of a drand round ----------------------------------------------------------
# BLS over BLS12-381, keys in G2, signatures in G1 (drand's scheme bls-unchained-g1-rfc9380), from RFC 9380 and the
# drafts on pairing-friendly curves and on BLS signatures. Points are (x, y) or None for infinity.

P = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
R = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
X = 0xD201000000010000
TAG = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
# y^2 = x^3 + A x + B is what hashes fall on. KERNEL and SCALE make the map of degree 11 from there to y^2 = x^3 + 4.
A = 0x144698A3B8E9433D693A02C96D4982B0EA985383EE66A8D8E8981AEFD881AC98936F8DA0E0F97F5CF428082D584C1D
B = 0x12E2908D11688030018B12E8753EEE3B2016C1F0F24F4070A0B9C14FCEF35EF55A23215A316CEAA5D1CC48E98E172BE0
KERNEL = [
    0x133341FB0962A34CB0504A9C4FADA0A5090D38679B4C040D5D1C3AFB023A3409FCC0815FEA66D8B02BBEF9C8B5A66E07,
    0x264908AF037BCEDE00D054CF5D4775E83EB6CF63C76B969F8ED174FB59FCFF78D201F46F6CFC4ED6552E59CE75177B0,
    0x1335C502C1F54C49ACEEA65E87FD7203BA0F626F305FC0CFD606A5DAE9F3C8E81A4B3B69600129FABD307C69BF319D39,
    0x94440F65F408A6E930E16E3E92DD17BF60D6E9679A8D3D58593DE55AC23703042D609537EB3549AAC234D896CA82944,
    0x4AFE09D5CF4956A23B6B71F59D2B3407B415A774B7BE81BBB6FA99CBC798E0AC98BA725A5BC328016B1C268B4766E85,
    1,
]
SCALE = 0x17A3E1BDA8A2D1A38A19241A0EA1E2F25B552D6197903F96BAE690EF6BE6B1381BE22E8A72A9745CD7A1FFFFFFFFB26D
# Points of G2 with numbers a + b u, u^2 = -1, as (a, b): minus the generator, and the public key of drand's quicknet.
MINUS_GENERATOR = (
    (
        0x024AA2B2F08F0A91260805272DC51051C6E47AD4FA403B02B4510B647AE3D1770BAC0326A805BBEFD48056C8C121BDB8,
        0x13E02B6052719F607DACD3A088274F65596BD0D09920B61AB5DA61BBDC7F5049334CF11213945D57E5AC7D055D042B7E,
    ),
    (
        P - 0x0CE5D527727D6E118CC9CDC6DA2E351AADFD9BAA8CBDD3A76D429A695160D12C923AC9CC3BACA289E193548608B82801,
        P - 0x0606C4A02EA734CC32ACD2B02BC28B99CB3E287E85A763AF267492AB572E99AB3F370D275CEC1DA1AAA9075FF05F79BE,
    ),
)
QUICKNET_KEY = (
    (
        0x0D1FEC758C921CC22B0E17E63AAF4BCB5ED66304DE9CF809BD274CA73BAB4AF5A6E9C76A4BC09E76EAE8991EF5ECE45A,
        0x03CF0F2896ADEE7EB8B5F01FCAD3912212C437E0073E911FB90022D3E760183C8C4B450B6A0A6C3AC6A5776A2D106451,
    ),
    (
        0x0E5DB2B6BFBB01C867749CADFFCA88B36C24F3012BA09FC4D3022C5C37DCE0F977D3ADB5D183C7477C442B1F04515273,
        0x01A714F2EDB74119A2F2B0D5A7C75BA902D163700A61BC224EDEDD8E63AEF7BE1AAF8E93D7A9718B047CCDDB3EB5D68B,
    ),
)


def is_signed(number, signature):
    """Whether the network signed this round so; `signature` is hexadecimal."""
    point = signature_point(bytes.fromhex(signature))
    if point is None or times(point, R, 0) is not None:
        return False
    message = hashed_point(hashlib.sha256(number.to_bytes(8, "big")).digest())
    return pairings_give_one([(point, MINUS_GENERATOR), (message, QUICKNET_KEY)])


def root(square):
    found = pow(square, (P + 1) // 4, P)
    return found if (found * found - square) % P == 0 else None


def signature_point(data):
    flags, x = data[0] >> 5, int.from_bytes(data, "big") % 2**381
    y = root(x**3 + 4)
    if flags not in (4, 5) or x >= P or y is None:
        return None
    return x, y if (2 * y > P) == (flags == 5) else P - y


def plus(one, other, a):
    """The sum of points of y^2 = x^3 + a x + b."""
    if one is None or other is None:
        return one or other
    if one[0] != other[0]:
        slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, P)
    elif (one[1] + other[1]) % P == 0:
        return None
    else:
        slope = (3 * one[0] ** 2 + a) * pow(2 * one[1], -1, P)
    x = (slope**2 - one[0] - other[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def times(point, number, a):
    total = None
    while number:
        if number & 1:
            total = plus(total, point, a)
        point = plus(point, point, a)
        number >>= 1
    return total


def hashed_point(message):
    """The point of G1 that stands for the message (RFC 9380)."""
    tag = TAG + bytes([len(TAG)])
    first = int.from_bytes(hashlib.sha256(bytes(64) + message + b"\0\x80\0" + tag).digest(), "big")
    blocks = [bytes(32)]
    for number in range(1, 5):
        mixed = first ^ int.from_bytes(blocks[-1], "big")
        blocks.append(hashlib.sha256(mixed.to_bytes(32, "big") + bytes([number]) + tag).digest())
    numbers = [int.from_bytes(blocks[at] + blocks[at + 1], "big") % P for at in (1, 3)]
    return times(mapped(plus(swu(numbers[0]), swu(numbers[1]), A)), X + 1, 0)


def swu(u):
    zu = 11 * u * u % P
    x = -B * pow(A, -1, P) * (1 + pow(zu * zu + zu, -1, P)) % P
    y = root(x**3 + A * x + B)
    if y is None:
        x = zu * x % P
        y = root(x**3 + A * x + B)
    return x, y if (y - u) % 2 == 0 else P - y


def mapped(point):
    """The map of degree 11 from its kernel (formula of Velu and Kohel)."""
    x, y = point
    values, polynomial = [], KERNEL
    for _ in range(4):
        values.append(sum(factor * pow(x, power, P) for power, factor in enumerate(polynomial)))
        polynomial = [power * polynomial[power] for power in range(1, len(polynomial))]
    h, h1, h2, h3 = values
    one = pow(h, -1, P)
    t1, t2, t3 = h1 * one % P, h2 * one % P, h3 * one % P
    d1, d2 = t2 - t1**2, t3 - 3 * t1 * t2 + 2 * t1**3
    f, f1 = x**3 + A * x + B, 3 * x**2 + A
    image = 11 * x + 2 * KERNEL[4] - 2 * f1 * t1 - 4 * f * d1
    slope = 11 - 12 * x * t1 - 6 * f1 * d1 - 4 * f * d2
    return image * SCALE**2 % P, y * slope * SCALE**3 % P


def pairings_give_one(pairs):
    """Whether the product of the pairings is 1. Their values are polynomials in w, w^12 = 2 w^6 - 2 and u = w^6 - 1."""
    value, at = [1] + [0] * 11, [q for _, q in pairs]
    for bit in bin(X)[3:]:
        value = product(value, value)
        for place, (point, q) in enumerate(pairs):
            line, at[place] = line_and_sum(at[place], at[place], point)
            value = product(value, line)
            if bit == "1":
                line, at[place] = line_and_sum(at[place], q, point)
                value = product(value, line)
    # (P^12 - 1) / R in three steps; the last, P^6 - 1, leaves 1 of whatever has no odd power of w.
    sixth = 0x5F19672FDF76CE51BA69C6076A0F77EADDB3A93BE6F89688DE17D813620A00022E01FFFFFFFEFFFF
    value = product(value, [factor * pow(sixth, power, P) for power, factor in enumerate(value)])
    result = [1] + [0] * 11
    for bit in bin((P**4 - P**2 + 1) // R)[2:]:
        result = product(result, result)
        if bit == "1":
            result = product(result, value)
    return any(result) and not any(result[1::2])


def product(one, other):
    found = [0] * 23
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            found[i + j] += a * b
    for power in range(22, 11, -1):
        found[power - 6] += 2 * found[power]
        found[power - 12] -= 2 * found[power]
    return [number % P for number in found[:12]]


def two(one, other):
    """The product of a + b u and c + d u."""
    return (one[0] * other[0] - one[1] * other[1]) % P, (one[0] * other[1] + one[1] * other[0]) % P


def line_and_sum(one, other, point):
    """The line through two points of G2, or the tangent, at `point`; and their sum."""
    (x1, y1), (x2, y2) = one, other
    if one == other:
        up, across = [3 * part for part in two(x1, x1)], [2 * part for part in y1]
    else:
        up, across = (y2[0] - y1[0], y2[1] - y1[1]), (x2[0] - x1[0], x2[1] - x1[1])
    norm = pow(across[0] ** 2 + across[1] ** 2, -1, P)
    slope = two(up, (across[0] * norm, -across[1] * norm))
    square = two(slope, slope)
    x = (square[0] - x1[0] - x2[0]) % P, (square[1] - x1[1] - x2[1]) % P
    y = two(slope, (x1[0] - x[0], x1[1] - x[1]))
    rest = two(slope, x1)
    c0, c1 = rest[0] - y1[0], rest[1] - y1[1]
    s0, s1 = -slope[0] * point[0], -slope[1] * point[0]
    line = [c0 - c1, 0, s0 - s1, point[1], 0, 0, c1, 0, s1, 0, 0, 0]
    return line, (x, ((y[0] - y1[0]) % P, (y[1] - y1[1]) % P))


# --- The pool --------------------------------------------------------------------------------


class Pool:
    """People by their place in the pool; `known` says whether all attributes are."""

    def __init__(self, document, openings):
        self.quotas = document["quotas"]
        self.seats = document["seats"]
        self.ids = [entry["id"] for entry in document["pool"]]
        self.place = {name: place for place, name in enumerate(self.ids)}
        require(len(self.place) == len(self.ids), "an id is in the pool twice")
        self.features = {}
        for number, quota in enumerate(self.quotas):
            self.features.setdefault(quota["feature"], []).append(number)
        self.low, self.high = [], []
        for quota in self.quotas:
            others = [other for other in self.quotas if other["feature"] == quota["feature"] and other is not quota]
            self.low.append(max(quota["min"], self.seats - sum(other["max"] for other in others)))
            self.high.append(min(quota["max"], self.seats - sum(other["min"] for other in others)))
        self.exact = [q for q in range(len(self.quotas)) if self.low[q] == self.high[q]]
        self.withheld = [entry for entry in document["pool"] if "commitment" in entry]
        self.sealed = [entry for entry in self.withheld if entry["id"] not in openings]
        for entry in self.withheld:
            if entry["id"] in openings:
                require(
                    commitment(entry["id"], openings[entry["id"]]) == entry["commitment"], "opening of " + entry["id"]
                )
        self.known = not self.sealed
        self.counts_for = [()] * len(self.ids)
        self.home = [""] * len(self.ids)
        if self.known:
            number_of = {(quota["feature"], quota["value"]): number for number, quota in enumerate(self.quotas)}
            for place, entry in enumerate(document["pool"]):
                person = openings[entry["id"]] if "commitment" in entry else entry
                self.counts_for[place] = tuple(number_of[f, person["attributes"][f]] for f in self.features)
                if document["rule"]["one_per_household"]:
                    self.home[place] = person.get("household", "")
        # A kind is written in base three: two kinds add up to the same as two others only where they meet the same
        # exact quotas together.
        weight = {quota: 3**rank for rank, quota in enumerate(self.exact)}
        self.sort = [sum(3**quota for quota in counts) for counts in self.counts_for]
        self.kind = [sum(weight.get(quota, 0) for quota in counts) for counts in self.counts_for]

    def numbers(self, panel):
        found = [0] * len(self.quotas)
        for person in panel:
            for quota in self.counts_for[person]:
                found[quota] += 1
        return found

    def keeps(self, panel):
        homes = [self.home[person] for person in panel if self.home[person]]
        fits = all(low <= n <= high for low, n, high in zip(self.low, self.numbers(panel), self.high))
        return fits and len(set(panel)) == len(panel) == self.seats and len(set(homes)) == len(homes)

    def panels(self, named):
        return [[self.place[name] for name in panel] for panel in named]


def commitment(name, opening):
    content = {"attributes": opening["attributes"], "household": opening["household"], "id": name}
    return hashlib.sha256(bytes.fromhex(opening["salt"]) + canonical(content)).hexdigest()


# --- The exchange ----------------------------------------------------------------------------


def rule_of(pool, one_per_household):
    rounds = min(100, max(40, 40000 // pool.seats**2))
    trials = max(300000, 8 * 1000 * pool.seats)
    return {
        "alternates": "rounds-by-seat",
        "exchange": {"among": 40, "rounds": rounds, "trials": -(-trials // rounds)},
        "index": "digits-plus-digest",
        "one_per_household": one_per_household,
    }


class Exchange:
    def __init__(self, pool, panels, told):
        self.pool = pool
        self.panels = [list(panel) for panel in panels]
        self.sits = [set(panel) for panel in panels]
        self.numbers = [pool.numbers(panel) for panel in panels]
        self.told = told
        self.trials = []
        self.deals = []

    def run(self, rule, digest):
        stream = Stream(digest, "exchange")
        order = list(range(len(self.panels)))
        for _ in range(rule["rounds"]):
            for _ in range(rule["trials"]):
                self.one_trial(stream)
            stream.shuffle(order)
            for at in range(0, len(order) - 1, 2):
                self.deal(order[at], order[at + 1], stream, rule["among"])
        if self.told:
            require(
                len(self.trials) == len(self.told[0]) and len(self.deals) == len(self.told[1]), "the record is longer"
            )
        return self.panels

    def one_trial(self, stream):
        total = len(self.panels) * self.pool.seats
        a, i = divmod(stream.below(total), self.pool.seats)
        b, j = divmod(stream.below(total), self.pool.seats)
        x, y = self.panels[a][i], self.panels[b][j]
        if a == b or y in self.sits[a] or x in self.sits[b]:
            return
        if self.pool.known:
            change = self.pool.kind[x] == self.pool.kind[y] and self.allowed(a, b, [x], [y])
        else:
            require(len(self.trials) < len(self.told[0]), "the record is too short")
            change = self.told[0][len(self.trials)]
        self.trials.append(change)
        if change:
            self.swap(a, b, i, j)

    def allowed(self, a, b, leave, enter):
        change = Counter()
        for person in enter:
            change.update(self.pool.counts_for[person])
        for person in leave:
            change.subtract(self.pool.counts_for[person])
        low, high = self.pool.low, self.pool.high
        for quota, by in change.items():
            if by and not low[quota] <= self.numbers[a][quota] + by <= high[quota]:
                return False
            if by and not low[quota] <= self.numbers[b][quota] - by <= high[quota]:
                return False
        return self.homes_fit(a, leave, enter) and self.homes_fit(b, enter, leave)

    def homes_fit(self, panel, leave, enter):
        home = self.pool.home
        if not any(home[person] for person in enter):
            return True
        taken = {home[person] for person in self.panels[panel] if person not in leave}
        return not any(home[person] and home[person] in taken for person in enter)

    def swap(self, a, b, i, j):
        x, y = self.panels[a][i], self.panels[b][j]
        self.panels[a][i], self.panels[b][j] = y, x
        for panel, leaves, enters in ((a, x, y), (b, y, x)):
            self.sits[panel].remove(leaves)
            self.sits[panel].add(enters)
            for quota in self.pool.counts_for[leaves]:
                self.numbers[panel][quota] -= 1
            for quota in self.pool.counts_for[enters]:
                self.numbers[panel][quota] += 1

    def deal(self, a, b, stream, among):
        of_a = [place for place, person in enumerate(self.panels[a]) if person not in self.sits[b]]
        of_b = [place for place, person in enumerate(self.panels[b]) if person not in self.sits[a]]
        stream.shuffle(of_a)
        stream.shuffle(of_b)
        if not self.pool.known:
            require(len(self.deals) < len(self.told[1]), "the record is too short")
            self.deals.append(self.told[1][len(self.deals)])
            self.follow(a, b, of_a, of_b, among)
            return
        twos = self.deal_twos(a, b, of_a[:among], of_b[:among])
        gone_a, gone_b = sides(twos, 2)
        left_a = [place for place in of_a if place not in gone_a]
        left_b = [place for place in of_b if place not in gone_b]
        self.deals.append([twos, self.deal_ones(a, b, left_a, left_b)])

    def deal_ones(self, a, b, of_a, of_b):
        alike, done = {}, []
        for j in of_b:
            alike.setdefault(self.pool.kind[self.panels[b][j]], []).append(j)
        for i in of_a:
            partners = alike.get(self.pool.kind[self.panels[a][i]])
            if partners:
                j = partners.pop()
                if self.allowed(a, b, [self.panels[a][i]], [self.panels[b][j]]):
                    self.swap(a, b, i, j)
                    done += [i, j]
        return done

    def deal_twos(self, a, b, of_a, of_b):
        kinds_a = [self.pool.sort[self.panels[a][place]] for place in of_a]
        kinds_b = [self.pool.sort[self.panels[b][place]] for place in of_b]
        first, done, gone_a, gone_b = {}, [], set(), set()
        for m, kind in enumerate(kinds_b):
            for n in range(m):
                pairs = first.setdefault(kind + kinds_b[n], {})
                if len(pairs) < 2:
                    pairs.setdefault(min(kind, kinds_b[n]), (m, n))
        for m, kind in enumerate(kinds_a):
            for n in range(m):
                pairs = first.get(kind + kinds_a[n], {})
                met = next((pair for other, pair in pairs.items() if other != min(kind, kinds_a[n])), None)
                if met is None or n in gone_a or gone_b & set(met):
                    continue
                i, k, j, l = of_a[m], of_a[n], of_b[met[0]], of_b[met[1]]
                leave, enter = [self.panels[a][i], self.panels[a][k]], [self.panels[b][j], self.panels[b][l]]
                if self.allowed(a, b, leave, enter):
                    self.swap(a, b, i, j)
                    self.swap(a, b, k, l)
                    done += [i, k, j, l]
                    gone_a |= {m, n}
                    gone_b |= set(met)
                    break
        return done

    def follow(self, a, b, of_a, of_b, among):
        twos, ones = self.deals[-1]
        twos_a, twos_b = sides(twos, 2)
        require(len(twos) % 4 == 0 and chosen_of(twos_a, of_a[:among]), "a recorded exchange")
        require(chosen_of(twos_b, of_b[:among]), "a recorded exchange")
        rank = {place: at for at, place in enumerate(of_a) if place not in twos_a}
        ones_a, ones_b = sides(ones, 1)
        ranks = [rank.get(place, -1) for place in ones_a]
        require(len(ones) % 2 == 0 and -1 not in ranks and ranks == sorted(set(ranks)), "a recorded exchange")
        require(chosen_of(ones_b, [place for place in of_b if place not in twos_b]), "a recorded exchange")
        for i, j in list(zip(twos_a, twos_b)) + list(zip(ones_a, ones_b)):
            self.swap(a, b, i, j)


def sides(places, each):
    """The places of the one and of the other panel, of exchanges of `each` against as many."""
    ones = [place for at in range(0, len(places), 2 * each) for place in places[at : at + each]]
    others = [place for at in range(0, len(places), 2 * each) for place in places[at + each : at + 2 * each]]
    return ones, others


def chosen_of(some, places):
    return len(set(some)) == len(some) and set(some) <= set(places)


def read_record(record):
    data = base64.b64decode(record["trials"], validate=True)
    bits = "".join(format(byte, "08b") for byte in data)
    number = record["number"]
    require(0 <= len(bits) - number < 8 and "1" not in bits[number:], "the record of the trials")
    require(base64.b64encode(data).decode() == record["trials"], "the record of the trials")
    return [bit == "1" for bit in bits[:number]], record["deals"]


# --- Alternates ------------------------------------------------------------------------------


def beacon_order(pool, panel, digest, number):
    members = set(panel)
    waiting = [person for person in range(len(pool.ids)) if person not in members]
    Stream(digest, "alternates/%d" % number).shuffle(waiting)
    return waiting


def seats_for(pool, panel, waiting):
    """Which seats each of `waiting` could take: bit k of a number stands for the seat of panel[k]."""
    numbers = pool.numbers(panel)
    fits = [0] * len(pool.quotas)
    for seat, member in enumerate(panel):
        for held in pool.counts_for[member]:
            for quota in pool.features[pool.quotas[held]["feature"]]:
                if quota == held or (numbers[quota] < pool.high[quota] and numbers[held] > pool.low[held]):
                    fits[quota] |= 1 << seat
    homes = {pool.home[member]: 1 << seat for seat, member in enumerate(panel) if pool.home[member]}
    found = []
    for person in waiting:
        seats = homes.get(pool.home[person], (1 << len(panel)) - 1)
        for quota in pool.counts_for[person]:
            seats &= fits[quota]
        found.append(seats)
    return found


def alternates(pool, panel, digest, number):
    waiting = beacon_order(pool, panel, digest, number)
    left = [(rank, seats) for rank, seats in enumerate(seats_for(pool, panel, waiting)) if seats]
    taken = []
    while left and len(taken) < pool.seats:
        still_open, passed_over = (1 << len(panel)) - 1, []
        for rank, seats in left:
            if seats & still_open and len(taken) < pool.seats:
                still_open &= ~seats
                taken.append(rank)
            else:
                passed_over.append((rank, seats))
        left = passed_over
    return [pool.ids[waiting[rank]] for rank in sorted(taken)]


# --- The claims ------------------------------------------------------------------------------


class Draw:
    """The document, and what was replayed of it."""

    def __init__(self, data, openings):
        self.data = data
        self.document = read(data)
        self.openings = openings
        self.pool = None
        self.beacon = b""

    def form(self):
        require(canonical(self.document) + b"\n" == self.data, "not one byte may be other")

    def shape(self):
        document = self.document
        require(isinstance(document, dict) and document["format"] == FORMAT, "another format")
        require(set(document) <= set(FROZEN.split()) | set(LATER.split()), "keys that do not belong there")
        needed = set("beacon certificate format panels pool probabilities quotas rule seats freeze".split())
        withheld = any("commitment" in entry for entry in document["pool"])
        after = {"drawn_from", "alternates"} | ({"transcript", "drawn_counts"} if withheld else set())
        needed |= {"counts"} if withheld else set()
        needed |= {"frozen_at", "notice_hours"} if "at" in document["beacon"] else set()
        needed |= after if "value" in document else set()
        needed |= {"value", "chosen", "panel"} if "digits" in document else set()
        require(needed <= set(document), "keys are missing")
        later = set(document) & {"drawn_from", "drawn_counts", "transcript", "chosen", "panel"}
        require(later <= needed, "keys that do not belong there")
        require(withheld or "counts" not in document, "keys that do not belong there")
        for key in {"panels", "drawn_from", "alternates", "counts", "drawn_counts"} & set(document):
            require(len(document[key]) == 1000, key + ": not 1,000")
        numbers = [document["seats"], document.get("chosen", 0), document.get("notice_hours", 0)]
        numbers += [quota[key] for quota in document["quotas"] for key in ("min", "max")]
        require(all(type(number) is int and number >= 0 for number in numbers), "a number is none")
        self.types()
        self.pool = Pool(document, self.openings)
        require(set(document["probabilities"]) == set(self.pool.ids), "probabilities of others than the pool")
        for key in {"panels", "drawn_from"} & set(document):
            require(all(len(set(panel)) == len(panel) == self.pool.seats for panel in document[key]), key)

    def types(self):
        """What the steps below rely on: texts, whole numbers, and nobody with more or less than belongs to them."""
        document = self.document
        texts = [document[key] for key in ("title", "freeze", "frozen_at", "digits") if key in document]
        for quota in document["quotas"]:
            require(set(quota) == {"feature", "max", "min", "value"}, "a quota with other keys")
            texts += [quota["feature"], quota["value"]]
        named = {(quota["feature"], quota["value"]) for quota in document["quotas"]}
        require(named and len(named) == len(document["quotas"]), "a quota twice, or none")
        for entry in document["pool"]:
            texts += [value for key, value in entry.items() if key != "attributes"]
            require(all(value for key, value in entry.items()), "something empty in the pool")
            if "commitment" in entry:
                fits = set(entry) == {"commitment", "id"} and re.fullmatch("[0-9a-f]{64}", entry["commitment"])
                require(fits, "a sealed person with other keys")
                continue
            require({"attributes", "id"} <= set(entry) <= {"attributes", "household", "id"}, "a person with other keys")
            attributes = entry["attributes"]
            require(set(attributes) == {feature for feature, _ in named}, "attributes without quota")
            require(set(attributes.items()) <= named, "an attribute without quota")
        for key in {"panels", "drawn_from", "alternates"} & set(document):
            require(all(isinstance(panel, list) for panel in document[key]), key)
            texts += [name for panel in document[key] for name in panel]
        require(all(isinstance(text, str) for text in texts), "a text is none")
        require(re.fullmatch("[0-9a-f]{64}", document["freeze"]), "the fingerprint")
        for key in {"counts", "drawn_counts"} & set(document):
            counts = [number for row in document[key] for number in row]
            require(all(type(number) is int and number >= 0 for number in counts), key)
        for key in ("beacon", "certificate", "value"):
            require(isinstance(document.get(key, {}), dict), key)

    def freeze(self):
        frozen = {key: self.document[key] for key in FROZEN.split() if key in self.document}
        require(hashlib.sha256(canonical(frozen)).hexdigest() == self.document["freeze"], "another fingerprint")

    def rule(self):
        rule = self.document["rule"]
        require(type(rule["one_per_household"]) is bool, "another rule")
        require(all(type(number) is int for number in rule["exchange"].values()), "another rule")
        require(rule == rule_of(self.pool, rule["one_per_household"]), "another rule")

    def openings_fit(self):
        if self.pool.sealed:
            raise Open("%d sealed; each person can open their own" % len(self.pool.sealed))

    def panels(self):
        self.keep("panels", "counts")

    def drawn_panels(self):
        self.keep("drawn_from", "drawn_counts")

    def keep(self, key, stated):
        panels = self.pool.panels(self.document[key])
        if self.pool.known:
            require(all(self.pool.keeps(panel) for panel in panels), "a panel breaks a quota")
            if stated in self.document:
                require(self.document[stated] == [self.pool.numbers(panel) for panel in panels], "stated numbers")
            return
        for numbers in self.document[stated]:
            require(len(numbers) == len(self.pool.quotas), "stated numbers")
            bounds = zip(numbers, self.pool.quotas)
            require(all(quota["min"] <= number <= quota["max"] for number, quota in bounds), "stated numbers")
            for places in self.pool.features.values():
                require(sum(numbers[place] for place in places) == self.pool.seats, "stated numbers")
        raise Open("only the stated numbers can be checked without the sealed attributes")

    def shares(self):
        held = Counter(name for panel in self.document["panels"] for name in panel)
        chances = self.document["probabilities"]
        require(
            all(isinstance(chance, Decimal) and 0 <= chance <= 1 for chance in chances.values()), "a chance is none"
        )
        require(abs(sum(chances.values()) - self.pool.seats) <= Decimal("0.000001"), "the chances do not add up")
        farthest = max(abs(Decimal(held[name]) / 1000 - chance) for name, chance in chances.items())
        stated = self.document["certificate"].get("frequencies", {})
        if farthest > Decimal("0.002000001") and stated.get("within") is False:
            require(farthest <= stated["largest_difference"] + Decimal("0.000001"), "shares")
            raise Open("a share is %s from its chance, as the certificate says itself" % farthest)
        require(farthest <= Decimal("0.002000001"), "a share is %s from its chance" % farthest)

    def certificate(self):
        """Prices of seats, quotas and households prove that the smallest chance cannot be raised above the bound."""
        if not self.pool.known:
            raise Open("it can be checked with the sealed attributes")
        document, pool = self.document, self.pool
        certificate, prices = document["certificate"], document["certificate"]["duals"]
        homes = prices.get("households", {})
        whole = [prices["seat"]] + prices["quotas"] + list(homes.values())
        require(all(type(price) is int for price in whole) and len(prices["quotas"]) == len(pool.quotas), "prices")
        require(all(price >= 0 for price in homes.values()), "prices")
        require(not homes or document["rule"]["one_per_household"], "prices of households without their rule")
        price_of_home = {pool.home[pool.place[name]]: price for name, price in homes.items()}
        require("" not in price_of_home and len(price_of_home) == len(homes), "prices of households")
        allowed = prices["seat"] * pool.seats + sum(homes.values())
        for price, quota in zip(prices["quotas"], pool.quotas):
            allowed += price * quota["max" if price > 0 else "min"]
        total = 0
        for person, counts_for in enumerate(pool.counts_for):
            cost = prices["seat"] + sum(prices["quotas"][quota] for quota in counts_for)
            cost += price_of_home.get(pool.home[person], 0)
            if cost > 0:
                total += cost
            else:
                allowed -= cost
        bound = min(Fraction(1), Fraction(allowed, total)) if total else Fraction(1)
        least = min(document["probabilities"].values())
        upper, gap = certificate["upper_bound"], certificate["gap"]
        near = Decimal("0.000001")
        require(bound <= Fraction(upper), "the prices do not prove the bound")
        require(abs(least - certificate["minimum"]) <= near and 0 <= gap, "the smallest chance is another")
        require(abs(upper - least - gap) <= near, "the gap is another")
        require(type(certificate["certified"]) is bool, "neither proven nor not")
        if not certificate["certified"]:
            raise Open("smallest chance %s, at most %s: not proven to be as large as can be" % (least, upper))
        require(gap <= near, "called proven with a gap of %s" % gap)
        return "smallest chance %s, at most %s" % (least, upper)

    def event(self):
        beacon_time(self.document["beacon"])
        if "value" in self.document:
            self.beacon = beacon_bytes(self.document["beacon"], self.document["value"])

    def notice(self):
        at = beacon_time(self.document["beacon"])
        if at is None:
            raise Open("a seed has no time")
        frozen_at = moment(self.document["frozen_at"])
        require(frozen_at + timedelta(hours=self.document["notice_hours"]) <= at, "frozen too late")
        return "frozen %s, public event %s" % (frozen_at, at)

    def genuine(self):
        where = {
            "lotto": "compare the numbers with those that were broadcast",
            "balls": "compare the digits with those that the audience saw",
            "seed": "a seed given by hand: nothing proves that it was not chosen",
        }
        beacon = self.document["beacon"]
        if beacon["kind"] != "drand":
            raise Open(where[beacon["kind"]])
        beacon_bytes(beacon, self.document["value"])
        require(is_signed(beacon["round"], self.document["value"]["signature"]), "not the signature of this round")
        return "signed by the network of drand"

    def digest(self):
        return hashlib.sha256(bytes.fromhex(self.document["freeze"]) + self.beacon).digest()

    def exchange(self):
        self.rule()
        told = read_record(self.document["transcript"]) if "transcript" in self.document else None
        replay = Exchange(self.pool, self.pool.panels(self.document["panels"]), told)
        panels = replay.run(self.document["rule"]["exchange"], self.digest())
        require(panels == self.pool.panels(self.document["drawn_from"]), "other panels come out")
        if told:
            require(replay.trials == told[0] and replay.deals == told[1], "another record")
        if not self.pool.known:
            raise Open("as recorded; which exchanges the quotas allowed needs the sealed attributes")

    def counts_kept(self):
        before, after = [
            Counter(name for panel in self.document[key] for name in panel) for key in ("panels", "drawn_from")
        ]
        require(before == after, "somebody is in more or fewer panels than before")

    def order(self):
        panels = self.pool.panels(self.document["drawn_from" if "value" in self.document else "panels"])
        for number, (panel, names) in enumerate(zip(panels, self.document["alternates"])):
            where = "panel %d" % number
            if self.pool.known:
                require(alternates(self.pool, panel, self.digest(), number) == names, where)
                continue
            rank = {person: at for at, person in enumerate(beacon_order(self.pool, panel, self.digest(), number))}
            ranks = [rank.get(self.pool.place[name], -1) for name in names]
            require(-1 not in ranks and ranks == sorted(set(ranks)) and len(ranks) <= self.pool.seats, where)
        if not self.pool.known:
            raise Open("in the order of the public event; whom each could replace needs the sealed attributes")

    def choice(self):
        document = self.document
        require(re.fullmatch("[0-9]{3}", document["digits"]), "three digits")
        index = (int(document["digits"]) + int.from_bytes(self.digest(), "big") % 1000) % 1000
        require(document["chosen"] == index, "panel %d is chosen" % index)
        require(document["panel"] == document["drawn_from"][index], "other members")
        return "panel %d: %s" % (index, " ".join(document["panel"]))


# What is checked, in words; the key that it needs.
CLAIMS = (
    ("form", None, "written in the one form that it can have", "파일 형식"),  # korean: the claim for readers here
    ("shape", None, "complete, and nothing besides", "빠짐없는 내용"),  # korean: the claim for readers here
    ("freeze", None, "fingerprint of what was frozen", "명부 확정값"),  # korean: the claim for readers here
    ("rule", None, "the published rule of the draw", "추첨 규칙"),  # korean: the claim for readers here
    ("openings_fit", "counts", "sealed attributes", "봉인된 정보"),  # korean: the claim for readers here
    ("panels", None, "1,000 frozen panels keep the quotas", "확정 명단의 할당"),  # korean: the claim for readers here
    ("shares", None, "panels of each person fit the chances", "당첨 확률"),  # korean: the claim for readers here
    ("certificate", None, "as fair as the quotas allow", "공정성 증명"),  # korean: the claim for readers here
    ("event", None, "the public event and what came out of it", "공개 추첨 값"),  # korean: the claim for readers here
    ("notice", "frozen_at", "frozen before the public event", "확정 시각"),  # korean: the claim for readers here
    ("genuine", "value", "what was really drawn there", "실제 값과 대조"),  # korean: the claim for readers here
    ("exchange", "value", "exchange between the panels", "명단 사이 교환"),  # korean: the claim for readers here
    ("counts_kept", "value", "everybody's number of panels", "교환 전후 횟수"),  # korean: the claim for readers here
    ("drawn_panels", "value", "quotas after the exchange", "교환 뒤 할당"),  # korean: the claim for readers here
    ("order", "alternates", "alternates and their order", "예비위원 순서"),  # korean: the claim for readers here
    ("choice", "digits", "the panel that was chosen", "선정된 명단"),  # korean: the claim for readers here
)
# An unreadable document shows itself as one of these, wherever it is met first.
BROKEN = (ArithmeticError, AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError)


def check(draw, name):
    """("proved" | "open" | "FAILED", what there is to say)."""
    try:
        return "proved", getattr(draw, name)() or ""
    except Open as why:
        return "open", str(why)
    except Failed as why:
        return "FAILED", str(why)
    except BROKEN as error:
        return "FAILED", "cannot be read (%s)" % type(error).__name__


def say(line):
    """Print what the terminal can show."""
    encoding = sys.stdout.encoding or "ascii"
    print(line.encode(encoding, "replace").decode(encoding), flush=True)


def main(arguments):
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(arguments[0], "rb") as file:
            data = file.read()
        openings = {}
        if len(arguments) == 2:
            with open(arguments[1], "rb") as file:
                openings = read(file.read())
        draw = Draw(data, openings)
    except (OSError, ValueError, RecursionError) as error:
        print("This file cannot be read: %s" % error, file=sys.stderr)
        return 2
    failed = False
    for name, key, words, korean in CLAIMS:
        if key and key not in draw.document:
            continue
        verdict, remark = check(draw, name)
        failed = failed or verdict == "FAILED"
        say("{:7} {} / {}{}".format(verdict, words, korean, ": " + remark if remark else ""))
        if failed and name in ("form", "shape"):
            break
    say(
        "FAILED: this draw does not verify." if failed else "Nothing fails. What is open, this file alone cannot prove."
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
