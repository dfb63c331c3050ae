"""The files of the Sortition Foundation's tools, read and written: categories (quotas), respondents (pool), results.

Both headings of the categories are read: `feature,value,min,max` and `category,name,min,max[,min_flex,max_flex]`. The
id of a respondent stands under `id`, `nationbuilder_id` or `respondent_id`; a column `household` is kept apart.
Headings may differ in case and spaces, cells in spaces around them; all is read in Unicode's form NFC. Columns of
respondents that no quota names are left out: they are not needed for the draw. Pure: standard library only.
"""

import codecs
import csv
import io
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from councils.quotas import Pool, Problem, Quota

FEATURE_NAMES = ("feature", "category")
VALUE_NAMES = ("value", "name")
ID_NAMES = ("id", "nationbuilder_id", "respondent_id")
HOUSEHOLD = "household"
DELIMITERS = ",;\t"
# More persons than live anywhere: nobody types such a number on purpose.
MOST_DIGITS = 9
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class InputProblems(ValueError):  # noqa: N818 - it carries all of them at once
    """What is wrong with a file, everything at once and in the order of its rows."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Headings as keys in small letters, headings as written, and rows with the number of their line."""

    keys: list[str]
    headings: list[str]
    rows: list[tuple[int, list[str]]]

    def place(self, names: Collection[str]) -> int | None:
        return next((self.keys.index(name) for name in names if name in self.keys), None)


# --- Reading ----------------------------------------------------------------------------------------------------------


def read_categories(data: bytes) -> list[Quota]:
    """The quotas of a file of categories. Raises InputProblems with every problem that a row by itself has."""
    sheet = _read(data)
    places = {
        "feature": sheet.place(FEATURE_NAMES),
        "value": sheet.place(VALUE_NAMES),
        "min": sheet.place(["min"]),
        "max": sheet.place(["max"]),
    }
    problems = [Problem("missing_column", {"column": name}, 1) for name, place in places.items() if place is None]
    if problems:
        raise InputProblems(problems)
    quotas: list[Quota] = []
    first_rows: dict[tuple[str, str], int] = {}
    for row, cells in sheet.rows:
        named = {name: cells[place] for name, place in places.items() if place is not None}
        flexible = {name: cells[sheet.keys.index(name)] for name in ("min_flex", "max_flex") if name in sheet.keys}
        found = [
            *_quota_problems(named, row, first_rows),
            *(
                Problem("not_a_number", {"column": name, "text": text}, row)
                for name, text in flexible.items()
                if text and _whole(text) is None
            ),
        ]
        problems += found
        if not found:
            first_rows[named["feature"], named["value"]] = row
            quotas.append(Quota(named["feature"], named["value"], int(named["min"]), int(named["max"])))
    if not sheet.rows:
        problems.append(Problem("no_quotas"))
    if problems:
        raise InputProblems(problems)
    return quotas


def _quota_problems(cells: dict[str, str], row: int, first_rows: dict[tuple[str, str], int]) -> list[Problem]:
    for name in ("feature", "value"):
        if not cells[name]:
            return [Problem("empty_cell", {"column": name}, row)]
    pair = cells["feature"], cells["value"]
    facts: dict[str, object] = {"feature": pair[0], "value": pair[1]}
    if pair in first_rows:
        return [Problem("duplicate_quota", facts | {"first": first_rows[pair]}, row)]
    numbers = {name: _whole(cells[name]) for name in ("min", "max")}
    unread = [name for name, number in numbers.items() if number is None]
    if unread:
        return [Problem("not_a_number", {"column": name, "text": cells[name]}, row) for name in unread]
    minimum, maximum = numbers["min"] or 0, numbers["max"] or 0
    facts |= {"minimum": minimum, "maximum": maximum}
    if minimum < 0 or maximum < 0:
        return [Problem("negative_quota", facts, row)]
    if minimum > maximum:
        return [Problem("minimum_above_maximum", facts, row)]
    return []


def read_respondents(data: bytes, quotas: Sequence[Quota]) -> Pool:
    """The pool of a file of respondents, with the features that `quotas` name. Raises InputProblems."""
    sheet = _read(data)
    features = tuple(dict.fromkeys(quota.feature for quota in quotas))
    id_place = sheet.place(ID_NAMES)
    places = [sheet.place([_key(feature)]) for feature in features]
    missing = [feature for feature, place in zip(features, places, strict=True) if place is None]
    if id_place is None or missing:
        columns = ([ID_NAMES[0]] if id_place is None else []) + missing
        raise InputProblems([Problem("missing_column", {"column": column}, 1) for column in columns])
    allowed: dict[str, set[str]] = {feature: set() for feature in features}
    for quota in quotas:
        allowed[quota.feature].add(quota.value)
    problems: list[Problem] = []
    first_rows: dict[str, int] = {}
    rows: list[tuple[str, ...]] = []
    for row, cells in sheet.rows:
        id_ = cells[id_place]
        if not id_:
            problems.append(Problem("empty_id", row=row))
        elif id_ in first_rows:
            problems.append(Problem("duplicate_id", {"id": id_, "first": first_rows[id_]}, row))
        else:
            first_rows[id_] = row
        values = tuple(cells[place] for place in places if place is not None)
        problems += [
            Problem("unknown_value", {"feature": feature, "value": value, "id": id_}, row)
            for feature, value in zip(features, values, strict=True)
            if value not in allowed[feature]
        ]
        rows.append(values)
    if not sheet.rows:
        problems.append(Problem("no_respondents"))
    if problems:
        raise InputProblems(problems)
    place = sheet.place([HOUSEHOLD]) if HOUSEHOLD not in map(_key, features) else None
    households = None if place is None else tuple(cells[place] for _row, cells in sheet.rows)
    return Pool(tuple(first_rows), features, tuple(rows), households)


def _read(data: bytes) -> _Sheet:
    """The table in `data`. Raises InputProblems where it is none."""
    if data.startswith(MARKS):
        raise InputProblems([Problem("byte_order_mark", row=1)])
    try:
        # Documents are in Unicode's form NFC: ids that only look different would be one there.
        text = unicodedata.normalize("NFC", data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputProblems([Problem("not_utf8", row=data.count(b"\n", 0, error.start) + 1)]) from error
    if "\0" in text:
        raise InputProblems([Problem("not_a_table", row=text.count("\n", 0, text.index("\0")) + 1)])
    heading = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line, [cell.strip() for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputProblems([Problem("not_a_table", row=reader.line_num)]) from error
    if not rows:
        raise InputProblems([Problem("empty_file")])
    (first, headings), *others = rows
    keys = [_key(cell) for cell in headings]
    problems = [
        Problem("duplicate_column", {"column": heading}, first)
        for place, heading in enumerate(headings)
        if keys[place] and keys[place] in keys[:place]
    ]
    problems += [
        Problem("wrong_width", {"cells": len(cells), "columns": len(keys)}, row)
        for row, cells in others
        if len(cells) != len(keys)
    ]
    if problems:
        raise InputProblems(problems)
    return _Sheet(keys, headings, others)


def _key(heading: str) -> str:
    """A heading without what people write differently: case, and spaces for underlines."""
    return "_".join(heading.casefold().split())


def _whole(text: str) -> int | None:
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > MOST_DIGITS:
        return None
    return int(text)


# --- Writing ----------------------------------------------------------------------------------------------------------


def write_categories(quotas: Sequence[Quota], *, flexible: bool = False) -> bytes:
    """A file of categories; with `flexible` under the headings of newer tools, the margins equal to the quotas."""
    if not flexible:
        return _written(
            [("feature", "value", "min", "max"), *((q.feature, q.value, q.minimum, q.maximum) for q in quotas)]
        )
    heading = ("category", "name", "min", "max", "min_flex", "max_flex")
    return _written([heading, *((q.feature, q.value, q.minimum, q.maximum, q.minimum, q.maximum) for q in quotas)])


def write_respondents(pool: Pool, *, id_name: str = ID_NAMES[0]) -> bytes:
    """A file of the whole pool."""
    return _people(pool, set(pool.ids), id_name)


def write_selected(pool: Pool, panel: Collection[str], *, id_name: str = ID_NAMES[0]) -> bytes:
    """A file of those who were drawn, in the order of the pool. Raises ValueError for an id that is not in the pool."""
    unknown = set(panel) - set(pool.ids)
    if unknown:
        raise ValueError(f"{len(unknown)} of those drawn are not in the pool")
    return _people(pool, set(panel), id_name)


def write_remaining(pool: Pool, panel: Collection[str], *, id_name: str = ID_NAMES[0]) -> bytes:
    """A file of those who were not drawn, in the order of the pool."""
    return _people(pool, set(pool.ids) - set(panel), id_name)


def _people(pool: Pool, wanted: Collection[str], id_name: str) -> bytes:
    heading = [id_name, *pool.features, *([HOUSEHOLD] if pool.households is not None else [])]
    rows = [
        [id_, *pool.rows[place], *([pool.households[place]] if pool.households is not None else [])]
        for place, id_ in enumerate(pool.ids)
        if id_ in wanted
    ]
    return _written([heading, *rows])


def _written(rows: Iterable[Sequence[object]]) -> bytes:
    """CSV in UTF-8 without a mark, lines ended as those tools end them."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
