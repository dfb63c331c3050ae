"""What the search needs in PostgreSQL: the pieces and the sounds of a text, and indexes on them.

Nothing on SQLite, which reads instead. Without pg_trgm (a server that lacks it, or an account that may not add it) the
search works all the same; only words that sound alike are then looked for among the newest titles. See
docs/operations.md, "Search".
"""

import sys

from django.db import migrations, transaction
from django.db.utils import DatabaseError

# Letters and digits that count; portal.search.words has the same list.
SIGNS = r"0-9a-z\u00df-\u00f6\u00f8-\u024f\u0370-\u04ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"

# Single signs, pairs within a word, and runs of three over spaces.
KEYS = f"""
CREATE FUNCTION madang_search_keys(words text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 2000 AS $$
DECLARE
  spaced text := regexp_replace(lower(normalize(words, NFKC)), '[^{SIGNS}]+', ' ', 'g');
  signs text[] := string_to_array(spaced, NULL);
  solid text[] := string_to_array(replace(spaced, ' ', ''), NULL);
BEGIN
  RETURN ARRAY(
    SELECT DISTINCT one FROM unnest(solid) AS one
    UNION ALL
    SELECT a || b FROM unnest(signs, signs[2:]) AS pair(a, b) WHERE a <> ' ' AND b <> ' '
    UNION ALL
    SELECT a || b || c FROM unnest(solid, solid[2:], solid[3:]) AS run(a, b, c) WHERE c IS NOT NULL
  );
END $$
"""

JAMO = "".join(map(chr, [*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A8, 0x11C3)]))
LETTERS = "ggnddrmbbssojjcktph" + "aeqfvexflaeeyuveiwzii" + "gggnnndrgmbrrprmbbssojcktph"
SOUNDS = f"""
CREATE FUNCTION madang_search_sounds(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 500 AS $$
  SELECT translate(
    normalize(btrim(regexp_replace(lower(normalize(words, NFKC)), '[^{SIGNS}]+', ' ', 'g')), NFD), '{JAMO}', '{LETTERS}'
  )
$$
"""

INDEXES = {
    "search_assembly": ("assemblies_assembly", ["title", "purpose", "description", "place", "host"]),
    "search_agenda_item": ("assemblies_agendaitem", ["title", "gain", "description", "place", "proposer"]),
    "search_poll": ("assemblies_poll", ["title", "question"]),
    "search_council": ("councils_council", ["main_work"]),
}
LIKENESS_INDEXES = {
    "search_assembly_like": "assemblies_assembly",
    "search_agenda_item_like": "assemblies_agendaitem",
}
WITHOUT = (
    "pg_trgm cannot be added to this database (%s).\n"
    "The search works without it, but finds words that only sound alike only among the newest titles.\n"
    "How to add it later: docs/operations.md, “Search”.\n"
)


def build(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    # For this transaction: such indexes are built several times as fast with it.
    schema_editor.execute("SET LOCAL maintenance_work_mem = '256MB'", params=None)
    schema_editor.execute(KEYS, params=None)
    schema_editor.execute(SOUNDS, params=None)
    for name, (table, fields) in INDEXES.items():
        text = " || ' ' || ".join(f'"{field}"' for field in fields)
        schema_editor.execute(f"CREATE INDEX {name} ON {table} USING gin (madang_search_keys({text}))", params=None)
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm", params=None)
            for name, table in LIKENESS_INDEXES.items():
                schema_editor.execute(
                    f'CREATE INDEX {name} ON {table} USING gin (madang_search_sounds("title") gin_trgm_ops)', params=None
                )
    except DatabaseError as error:
        sys.stderr.write(WITHOUT % str(error).strip().splitlines()[0])


def remove(apps, schema_editor):
    """The extension stays: something else may use it by now."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in [*LIKENESS_INDEXES, *INDEXES]:
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}", params=None)
    schema_editor.execute("DROP FUNCTION IF EXISTS madang_search_sounds(text)", params=None)
    schema_editor.execute("DROP FUNCTION IF EXISTS madang_search_keys(text)", params=None)


class Migration(migrations.Migration):
    dependencies = [("assemblies", "0001_initial"), ("councils", "0001_initial")]

    operations = [migrations.RunPython(build, remove)]
