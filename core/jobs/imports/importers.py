"""What can be imported: apps hand in an `Importer` in `AppConfig.ready()`. README.md has an example."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.utils.functional import Promise

from core.tables import Cell

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that points to a thing: equal by `code`, shown as `text`."""

    code: str
    text: str = field(compare=False)

    def __str__(self) -> str:
        return self.text


Value = str | int | bool | Decimal | date | datetime | Reference | None
Key = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """A column that an importer knows.

    parse: makes the value of a filled cell; raises ValueError with a sentence for the person (see `cells`).
    required: must be in the file and filled in each row. aliases: other headings that mean this column, in any
    language. empty: the value of an empty cell. help: one sentence on what belongs here. example: for the sample file.
    shown: how a value is written for people in their language, where it is a code; what it does not know it gives back.
    """

    name: str
    label: Words
    parse: Callable[[Any], Value]
    required: bool = False
    aliases: tuple[str, ...] = ()
    empty: Value = ""
    help: Words = ""
    example: Cell = ""
    shown: Callable[[Any], Any] | None = None


class Draft:
    """A row that could be read, on its way through the importer's checks. `values` has the mapped columns by name."""

    __slots__ = ("number", "values", "wrongs")

    def __init__(self, number: int, values: dict[str, Value]) -> None:
        self.number, self.values = number, values
        self.wrongs: dict[str, str] = {}

    def wrong(self, column: str, sentence: str) -> None:
        """The row cannot be written because of what stands in `column`. The first sentence for a column stays."""
        self.wrongs.setdefault(column, sentence)


@dataclass(frozen=True, slots=True)
class Late:
    """What is found wrong with row `number` only after all rows were seen."""

    number: int
    column: str
    sentence: str


class RowChecks:
    """Checks beyond single cells, made anew for each check of a file, so that they may remember rows.

    reader: the account that sees the preview, set by the engine. The preview shows what stands in the database beside
    a row, so whoever has data by region marks rows outside of that account's regions as wrong: these are not looked up.
    """

    reader: Any = None

    def take(self, drafts: Sequence[Draft]) -> None:
        """Rows in the order of the file, some thousand at a time: look things up for all of them at once.

        May replace values (a name by its `Reference`) and call `draft.wrong`. Reads, writes nothing.
        """

    def finish(self) -> Iterable[Late]:
        """After the last row."""
        return ()


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row to be written: `values` of the mapped columns by name. `is_new`: nothing stands under this key yet."""

    number: int
    key: Key
    values: Mapping[str, Value]
    is_new: bool


class Write(Protocol):
    def __call__(self, batches: Iterable[Sequence[ImportedRow]], *, actor: Any, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Importer:
    """How one kind of thing is imported. Everything runs in the app that registers it; the engine knows no domain.

    name: "app.things". key: the columns that say which thing a row is about; each of them is `required`.
    load: for each of these keys what stands in the database, as values of all columns by name (a look-up in bulk, a
        fixed number of queries); keys that are not there are left out, two things under one key are ambiguous.
    write: a service of the app. Gets new and changed rows in batches, within the one transaction of the import, and
        records its own audit entries. May raise RuleViolation: then nothing is written.
    lock: takes, before `load` is asked within that transaction, the row locks that keep others from changing what is
        compared.
    may_import: whether this account may; asked at each step, also when the job writes.
    checks: makes the checks beyond single cells. max_rows: more are refused.
    personal_data: what the access log calls these rows if they show data of persons, else "".
    """

    name: str
    title: Words
    about: Words
    columns: tuple[ImportColumn, ...]
    key: tuple[str, ...]
    load: Callable[[Sequence[Key]], Mapping[Key, Sequence[Mapping[str, Value]]]]
    write: Write
    may_import: Callable[[Any], bool]
    checks: Callable[[], RowChecks] = RowChecks
    lock: Callable[[], object] | None = None
    max_rows: int = 100_000
    personal_data: str = ""

    def __post_init__(self) -> None:
        required = {column.name for column in self.columns if column.required}
        if not self.key or not set(self.key) <= required:
            raise ValueError(f"{self.name}: the key is made of required columns")

    def column(self, name: str) -> ImportColumn:
        return next(column for column in self.columns if column.name == name)


_importers: dict[str, Importer] = {}


def register_importer(importer: Importer) -> None:
    """Let people import this. Raises ValueError if the name is taken by another one."""
    known = _importers.get(importer.name)
    if known is not None and known != importer:
        raise ValueError(f"two importers are called {importer.name}")
    _importers[importer.name] = importer


def importer_called(name: str) -> Importer:
    """Raises KeyError if no app registered it: an import of an app that is gone."""
    return _importers[name]


def importers_for(user: Any) -> list[Importer]:
    """What this account may import, in the order in which the apps handed it in."""
    return [importer for importer in _importers.values() if importer.may_import(user)]
