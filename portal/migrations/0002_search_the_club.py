"""Indexes for searching the club's events and publications, as those of 0001. Nothing on SQLite, which reads instead."""

from django.db import migrations

INDEXES = {
    "search_forum": ("forums_forum", ["title", "intent", "place"]),
    "search_publication": ("forums_publication", ["title", "summary"]),
}


def build(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name, (table, fields) in INDEXES.items():
        text = " || ' ' || ".join(f'"{field}"' for field in fields)
        schema_editor.execute(f"CREATE INDEX {name} ON {table} USING gin (madang_search_keys({text}))", params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in INDEXES:
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}", params=None)


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_search"), ("forums", "0001_initial")]

    operations = [migrations.RunPython(build, remove)]
