"""An index for searching the library of ordinances, as those of 0001. Nothing on SQLite, which reads instead."""

from django.db import migrations

CREATE = (
    'CREATE INDEX search_ordinance ON ordinances_ordinance USING gin (madang_search_keys("title" || \' \' || "note"))'
)


def build(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE, params=None)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS search_ordinance", params=None)


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_search_the_club"), ("ordinances", "0002_library")]

    operations = [migrations.RunPython(build, remove)]
