"""Ways to tamper with the document of a draw, written down again as it would be: for the three programmes that verify.

`changed(document, changes, anew=True)` makes the fingerprint anew, as somebody would who composes a freeze of their
own; what is wrong must then be found by what it says.
"""

import json
import pickle
from datetime import datetime, timedelta
from decimal import Decimal

from councils.drawing import fingerprint_of, write_document

HUGE = 10**400


def _at(document, path):
    for key in path:
        document = document[key]
    return document


def _set(*path, to):
    def change(document):
        place = _at(document, path[:-1])
        place[path[-1]] = to(place[path[-1]]) if callable(to) else to

    return change


def _drop(*path):
    def change(document):
        del _at(document, path[:-1])[path[-1]]

    return change


def _swap(*path, places=(0, 1)):
    def change(document):
        items = _at(document, path)
        one, other = places
        items[one], items[other] = items[other], items[one]

    return change


def _deep(levels):
    nested = []
    for _level in range(levels):
        nested = [nested]
    return nested


def _late(document):
    frozen_at = datetime.fromisoformat(document["beacon"]["at"]) - timedelta(hours=document["notice_hours"])
    document["frozen_at"] = (frozen_at + timedelta(seconds=1)).isoformat()


def _swapped_commitments(document):
    one, other = [entry for entry in document["pool"] if "commitment" in entry][:2]
    one["commitment"], other["commitment"] = other["commitment"], one["commitment"]


# What must fail in whatever document, also where the fingerprint is made anew.
OF_A_FREEZE = {
    "seats as text": _set("seats", to="10"),
    "seats with places": _set("seats", to=Decimal(10)),
    "seats true": _set("seats", to=True),
    "no seats": _set("seats", to=0),
    "fewer seats than none": _set("seats", to=-10),
    "seats beyond count": _set("seats", to=HUGE),
    "one seat more": _set("seats", to=lambda seats: seats + 1),
    "seats null": _set("seats", to=None),
    "title a number": _set("title", to=7),
    "title a list": _set("title", to=["a"]),
    "format another": _set("format", to="madang-draw/2"),
    "a key besides": lambda document: document.update(note="x"),
    "a key of the prototype": lambda document: document.update(__proto__={"a": 1}),
    "no certificate": _drop("certificate"),
    "certificate empty": _set("certificate", to={}),
    "certificate a list": _set("certificate", to=[]),
    "certificate without prices": _drop("certificate", "duals"),
    "price of a seat true": _set("certificate", "duals", "seat", to=True),
    "price of a seat with places": _set("certificate", "duals", "seat", to=Decimal(7)),
    "price of a seat text": _set("certificate", "duals", "seat", to="7"),
    "prices too few": _set("certificate", "duals", "quotas", to=lambda prices: prices[1:]),
    "prices null": _set("certificate", "duals", "quotas", to=None),
    "prices of unknown homes": _set("certificate", "duals", "households", to={"nobody": 1}),
    "bound too low": _set("certificate", "upper_bound", to=Decimal("0.01")),
    "bound whole": _set("certificate", "upper_bound", to=1),
    "bound text": _set("certificate", "upper_bound", to="1"),
    "gap below zero": _set("certificate", "gap", to=Decimal("-0.5")),
    "smallest chance another": _set("certificate", "minimum", to=Decimal("0.9")),
    "certified a word": _set("certificate", "certified", to="yes"),
    "certified one": _set("certificate", "certified", to=1),
    "quotas none": _set("quotas", to=[]),
    "quotas a mapping": _set("quotas", to={}),
    "quota twice": _set("quotas", to=lambda quotas: [*quotas, quotas[0]]),
    "quota left out": _set("quotas", to=lambda quotas: quotas[1:]),
    "quota with more": lambda document: document["quotas"][0].update(a=1),
    "quota without most": _drop("quotas", 0, "max"),
    "quota of a number": _set("quotas", 0, "value", to=1),
    "least with places": _set("quotas", 0, "min", to=Decimal(0)),
    "least below zero": _set("quotas", 0, "min", to=-1),
    "most too low": _set("quotas", 0, "max", to=0),
    "least huge": _set("quotas", 0, "min", to=HUGE),
    "pool empty": _set("pool", to=[]),
    "pool a mapping": _set("pool", to={}),
    "somebody twice": _set("pool", to=lambda pool: [*pool, pool[0]]),
    "somebody left out": _set("pool", to=lambda pool: pool[1:]),
    "somebody nameless": _set("pool", 0, "id", to=""),
    "somebody a number": _set("pool", 0, "id", to=1),
    "somebody null": _set("pool", 0, to=None),
    "somebody with more": lambda document: document["pool"][0].update(name="x"),
    "somebody with both": lambda document: document["pool"][0].update(attributes={}, commitment="0" * 64),
    "commitment short": _set("pool", 0, to=lambda person: {"id": person["id"], "commitment": "ab"}),
    "commitment a number": _set("pool", 0, to=lambda person: {"id": person["id"], "commitment": 7}),
    "household a number": lambda document: document["pool"][0].update(household=1),
    "household empty": lambda document: document["pool"][0].update(household=""),
    "chance text": lambda document: document["probabilities"].update({document["pool"][0]["id"]: "0.1"}),
    "chance whole": lambda document: document["probabilities"].update({document["pool"][0]["id"]: 0}),
    "chance true": lambda document: document["probabilities"].update({document["pool"][0]["id"]: True}),
    "chance above one": lambda document: document["probabilities"].update({document["pool"][0]["id"]: Decimal("1.1")}),
    "chance of a stranger": lambda document: document["probabilities"].update(nobody=Decimal("0.1")),
    "chances a list": _set("probabilities", to=[]),
    "one panel less": _set("panels", to=lambda panels: panels[1:]),
    "panel short": _set("panels", 0, to=lambda panel: panel[1:]),
    "member twice": _set("panels", 0, to=lambda panel: [panel[1], *panel[1:]]),
    "member unknown": _set("panels", 0, 0, to="nobody"),
    "member a number": _set("panels", 0, 0, to=1),
    "member a list": _set("panels", 0, 0, to=["p001"]),
    "member null": _set("panels", 0, 0, to=None),
    "panel a text": _set("panels", 0, to="p001p002p0"),
    "panels deep": _set("panels", 0, to=_deep(30)),
    "rule empty": _set("rule", to={}),
    "rule with more": lambda document: document["rule"].update(a=1),
    "fewer rounds": _set("rule", "exchange", "rounds", to=0),
    "rounds true": _set("rule", "exchange", "rounds", to=True),
    "rounds with places": _set("rule", "exchange", "rounds", to=Decimal),
    "other trials": _set("rule", "exchange", "trials", to=lambda trials: trials - 1),
    "trials huge": _set("rule", "exchange", "trials", to=HUGE),
    "among fewer": _set("rule", "exchange", "among", to=2),
    "households a number": _set("rule", "one_per_household", to=0),
    "households null": _set("rule", "one_per_household", to=None),
    "index rule another": _set("rule", "index", to="digits"),
    "beacon empty": _set("beacon", to={}),
    "beacon a list": _set("beacon", to=[]),
    "beacon unknown": _set("beacon", "kind", to="dice"),
    "beacon with more": lambda document: document["beacon"].update(note="x"),
    "beacon number text": _set("beacon", "number", to=str),
    "beacon number true": _set("beacon", "number", to=True),
    "beacon number with places": _set("beacon", "number", to=Decimal),
    "beacon number huge": _set("beacon", "number", to=HUGE),
    "beacon number below one": _set("beacon", "number", to=0),
    "beacon another week": _set("beacon", "number", to=lambda number: number + 1),
    "beacon in another zone": _set("beacon", "at", to=lambda at: at.replace("20:35:00+09:00", "11:35:00+00:00")),
    "beacon time a number": _set("beacon", "at", to=7),
    "beacon without time": _drop("beacon", "at"),
    "frozen too late": _late,
    "frozen without zone": _set("frozen_at", to=lambda at: at[:19]),
    "frozen at no time": _set("frozen_at", to="yesterday"),
    "frozen a number": _set("frozen_at", to=7),
    "frozen before counting": _set("frozen_at", to="0000-00-00T00:00:00+09:00"),
    "notice below zero": _set("notice_hours", to=-24),
    "notice true": _set("notice_hours", to=True),
    "notice text": _set("notice_hours", to="24"),
    "notice with places": _set("notice_hours", to=Decimal(24)),
    "notice huge": _set("notice_hours", to=HUGE),
    "notice left out": _drop("notice_hours"),
    "moment left out": _drop("frozen_at"),
    "alternates empty": lambda document: document.update(alternates=[]),
    "chosen before the event": lambda document: document.update(chosen=1, digits="001", panel=[]),
    "value null": lambda document: document.update(value=None),
    "counts of nothing": lambda document: document.update(counts=[]),
}
# What must fail in a document that was drawn. The fingerprint stays as it is: what follows from the event is not in it.
OF_A_DRAW = {
    "numbers another": _set("value", "numbers", to=[3, 7, 12, 24, 33, 42]),
    "numbers unsorted": _set("value", "numbers", to=[7, 3, 12, 24, 33, 41]),
    "numbers with places": _set("value", "numbers", 0, to=Decimal(3)),
    "bonus true": _set("value", "bonus", to=True),
    "bonus text": _set("value", "bonus", to="9"),
    "value a list": _set("value", to=[]),
    "value null": _set("value", to=None),
    "value with more": lambda document: document["value"].update(a=1),
    "digits wrong": _set("digits", to="418"),
    "digits a number": _set("digits", to=417),
    "digits with a line": _set("digits", to="417\n"),
    "digits of another script": _set("digits", to="\u0664\u0661\u0667"),
    "digits four": _set("digits", to="0417"),
    "index off by one": _set("chosen", to=lambda chosen: (chosen + 1) % 1000),
    "index below zero": _set("chosen", to=lambda chosen: chosen - 1000),
    "index true": _set("chosen", to=True),
    "index with places": _set("chosen", to=Decimal),
    "index huge": _set("chosen", to=HUGE),
    "index left out": _drop("chosen"),
    "panel permuted": _swap("panel"),
    "panel of others": lambda document: document.update(panel=document["drawn_from"][document["chosen"] - 1]),
    "panel null": _set("panel", to=None),
    "alternates permuted": _swap("alternates", 17),
    "alternates short": _set("alternates", 17, to=lambda order: order[:-1]),
    "alternate twice": _set("alternates", 17, to=lambda order: [order[0], *order]),
    "alternate a number": _set("alternates", 17, 0, to=1),
    "alternates swapped": _swap("alternates"),
    "panels swapped": _swap("drawn_from"),
    "seats swapped": _swap("drawn_from", 3),
    "panels as frozen": lambda document: document.update(drawn_from=document["panels"]),
    "value left out": _drop("value"),
    "panels left out": _drop("drawn_from"),
    "fingerprint in capitals": _set("freeze", to=str.upper),
    "fingerprint a number": _set("freeze", to=7),
    "fingerprint of another": _set("freeze", to="0" * 64),
}
# What must fail where attributes are withheld.
OF_WITHHELD = {
    "commitments swapped": _swapped_commitments,
    "counts wrong": _set("counts", 0, 0, to=lambda count: count + 1),
    "counts with places": _set("counts", 0, 0, to=Decimal),
    "counts true": _set("counts", 0, 0, to=True),
    "counts below zero": _set("counts", 0, 0, to=-1),
    "counts short": _set("counts", 0, to=lambda row: row[1:]),
    "counts null": _set("counts", to=None),
    "counts left out": _drop("counts"),
    "drawn counts wrong": _set("drawn_counts", 0, 0, to=lambda count: count + 1),
    "drawn counts left out": _drop("drawn_counts"),
    "transcript left out": _drop("transcript"),
    "transcript null": _set("transcript", to=None),
    "transcript of fewer trials": _set("transcript", "number", to=lambda number: number - 8),
    "transcript number true": _set("transcript", "number", to=True),
    "transcript number huge": _set("transcript", "number", to=HUGE),
    "transcript not base64": _set("transcript", "trials", to=lambda trials: f"!{trials[1:]}"),
    "transcript with a space": _set("transcript", "trials", to=lambda trials: f" {trials}"),
    "transcript with more": lambda document: document["transcript"].update(a=1),
    "deals left out": _set("transcript", "deals", to=[]),
    "deal empty": _set("transcript", "deals", 0, to=[]),
    "deal of a text": _set("transcript", "deals", 0, to=["a", "b"]),
    "deal far away": _set("transcript", "deals", 0, to=[[], [10**9, 10**9]]),
    "deal below zero": _set("transcript", "deals", 0, to=[[], [-1, -1]]),
    "deal odd": _set("transcript", "deals", 0, to=[[], [1]]),
}


def changed(document, changes, *, anew):
    """(name, bytes) of each of `changes` to `document`; `anew` makes the fingerprint fit again."""
    for name, change in changes.items():
        copied = pickle.loads(pickle.dumps(document))  # noqa: S301 - our own, and much faster than copy.deepcopy
        change(copied)
        if anew:
            copied["freeze"] = fingerprint_of(copied)
        yield name, write_document(copied)


def misspelt(data):
    """(name, bytes) of `data` that means the same, or nearly, and is written in another way."""
    document = json.loads(data)
    plain = data.decode()
    yield "spaces", json.dumps(document, ensure_ascii=False).encode() + b"\n"
    yield "keys in another order", (json.dumps(document, separators=(",", ":"))[:-1] + ',"a":1}\n').encode()
    yield "no line end", data[:-1]
    yield "two line ends", data + b"\n"
    yield "carriage return", data[:-1] + b"\r\n"
    yield "byte order mark", b"\xef\xbb\xbf" + data
    yield "key twice", plain.replace('"seats":10', '"seats":10,"seats":10').encode()
    yield "exponent", plain.replace('"seats":10', '"seats":1e1').encode()
    yield "minus zero", plain.replace('"seats":10', '"seats":-0').encode()
    yield "leading zero", plain.replace('"seats":10', '"seats":010').encode()
    yield "not a number", plain.replace('"seats":10', '"seats":NaN').encode()
    yield "infinity", plain.replace('"seats":10', '"seats":Infinity').encode()
    yield "digits of another script", plain.replace('"seats":10', '"seats":\u0661\u0660').encode()
    yield "escaped letter", plain.replace('"seats"', '"\\u0073eats"').encode()
    yield "escaped stroke", plain.replace("madang-draw/1", "madang-draw\\/1").encode()
    yield "lonely surrogate", plain.replace("madang-draw/1", "\\ud800").encode()
    yield "surrogate in bytes", data.replace(b"madang-draw/1", b"\xed\xa0\x80")
    yield "decomposed", plain.replace("madang-draw/1", "e\u0301").encode()
    yield "deep", b"[" * 5000 + b"]" * 5000 + b"\n"
    yield "deep keys", b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"\n"
    yield "number beyond count", b'{"a":' + b"9" * 5000 + b"}\n"
    yield "places beyond count", b'{"a":0.' + b"9" * 5000 + b"}\n"
    yield "lists in lists", plain.replace('"certificate":{', f'"certificate":{{"a":{"[" * 50}{"]" * 50},').encode()
    yield "digits too many", plain.replace('"certificate":{', f'"certificate":{{"a":{"9" * 30}.{"0" * 12},').encode()
    yield "a list", b"[]\n"
    yield "null", b"null\n"
    yield "empty", b""
    yield "cut", data[: len(data) // 2]
