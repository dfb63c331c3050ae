"""The search as the database sees it.

PostgreSQL: `madang_search_keys(text)` gives the pieces of a text, and an index on them finds the rows (migrations of
this app). SQLite, for demos and tests: the same question is answered in Python, row by row.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.models import BooleanField, F, FloatField, Func, TextField, Value
from django.db.models.functions import Lower, Replace

from portal.search import words

SQLITE_FUNCTION = "madang_search_holds"
LEAST_LIKENESS = 0.45
# pg_trgm sets what is shared against both sides, so a typing error weighs more: one of two syllables leaves 0.4.
LEAST_WORD_SIMILARITY = 0.35


class JoinedText(Func):
    """Fields that are never null, a space between each; the indexes are on the same expression."""

    template = "(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = TextField()

    def __init__(self, *fields: str) -> None:
        super().__init__(*(F(field) for field in fields))


class Holds(Func):
    """Whether a text knows all of `pieces`, see `words.holds`."""

    output_field = BooleanField()
    function = SQLITE_FUNCTION

    def __init__(self, text: Func, pieces: Iterable[str]) -> None:
        super().__init__(text, Value(" ".join(sorted(pieces))))

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            template="(madang_search_keys(%(expressions)s, ' '))",
            arg_joiner=") @> string_to_array(",
            **extra,
        )


class Likeness(Func):
    """How much of some words sounds in a text, from 0 to 1; PostgreSQL with pg_trgm only."""

    output_field = FloatField()
    template = "word_similarity(%(expressions)s))"
    arg_joiner = ", madang_search_sounds("

    def __init__(self, sounding: str, text: F | Func) -> None:
        super().__init__(Value(sounding), text)


class IsLike(Func):
    """Whether the likeness reaches the threshold set by `set_least_likeness`; answered from the index."""

    output_field = BooleanField()
    template = "(%(expressions)s))"
    # One sign of percent in SQL: the driver takes two for it.
    arg_joiner = " <%% madang_search_sounds("

    def __init__(self, sounding: str, text: F | Func) -> None:
        super().__init__(Value(sounding), text)


def set_least_likeness() -> None:
    """For the rest of the transaction, on PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(LEAST_WORD_SIMILARITY)])


def knows_likeness() -> bool:
    """Whether this database has pg_trgm: PostgreSQL with the extension. One query on PostgreSQL."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')")
        return bool(cursor.fetchone()[0])


def without_spaces(text: Func | str) -> Replace:
    """Lower case without spaces: what a search without spaces is compared with to put hits in order."""
    return Replace(Lower(text), Value(" "), Value(""), output_field=TextField())


def add_functions(sender: Any, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Teach a new connection to SQLite what PostgreSQL has from the migrations."""
    del sender, kwargs
    if isinstance(connection, SQLite):
        connection.connection.create_function(SQLITE_FUNCTION, 2, _holds, deterministic=True)


def _holds(text: str, pieces: str) -> bool:
    return words.holds(text, frozenset(pieces.split()))
