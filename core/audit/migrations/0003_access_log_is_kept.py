"""The database lets no row of the access log go before its two years are over, and then only to the forgetting task.

PostgreSQL, as 0002: the task says in its transaction that it is forgetting (`services.forget_old_access_entries`), and
the database's own clock says whether a row may be forgotten. A day's grace, because two clocks are never the same.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION audit_refuse_early_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('madang.forgets_access_log', true) = 'on'
       AND OLD.at < now() - interval '2 years' + interval '1 day' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are only ever added, and forgotten after two years', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(FUNCTION, params=None)
    schema_editor.execute(
        "CREATE TRIGGER audit_accessentry_kept BEFORE DELETE ON audit_accessentry "
        "FOR EACH ROW EXECUTE FUNCTION audit_refuse_early_forgetting()"
    )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("DROP TRIGGER audit_accessentry_kept ON audit_accessentry")
    schema_editor.execute("DROP FUNCTION audit_refuse_early_forgetting()")


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [migrations.RunPython(create, drop)]
