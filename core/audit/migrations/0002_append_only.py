"""The database refuses to change or delete what is only ever added (PostgreSQL; the embedded database has no roles).

Row triggers only: TRUNCATE stays possible for whoever owns the tables, because the tests empty them so. A log that was
emptied or cut off shows against a head written down elsewhere (`manage.py verify_audit --expect-head`).
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$
"""
# The access log is forgotten after two years, so its rows may go, but not change.
TRIGGERS = {
    "audit_auditentry": "UPDATE OR DELETE",
    "audit_auditseal": "UPDATE OR DELETE",
    "audit_accessreview": "UPDATE OR DELETE",
    "audit_accessentry": "UPDATE",
}


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(FUNCTION, params=None)
    for table, events in TRIGGERS.items():
        schema_editor.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE {events} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    schema_editor.execute("DROP FUNCTION audit_refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
