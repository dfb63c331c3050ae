"""The database refuses to change entries, and at commit every entry balances (PostgreSQL; the embedded one has no triggers).

Row triggers only: TRUNCATE stays possible for whoever owns the tables, because the tests empty them so.
"""

from django.db import migrations

TABLES = ("ledgers_transaction", "ledgers_posting")
# Deferred to the commit, because the postings come one after another. As many postings as the entry says, so that a
# balanced pair cannot be slipped into an old one.
BALANCED = """
CREATE FUNCTION ledgers_refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry bigint;
    seen record;
BEGIN
    IF TG_TABLE_NAME = 'ledgers_posting' THEN
        entry := NEW.transaction_id;
    ELSE
        entry := NEW.id;
    END IF;
    SELECT t.size AS size, count(p.id) AS sides, coalesce(sum(p.amount), 0) AS total,
           count(p.id) FILTER (WHERE a.ledger_id <> t.ledger_id) AS strangers
      INTO seen
      FROM ledgers_transaction t
      LEFT JOIN ledgers_posting p ON p.transaction_id = t.id
      LEFT JOIN ledgers_account a ON a.id = p.account_id
     WHERE t.id = entry
     GROUP BY t.id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF seen.total <> 0 OR seen.sides <> seen.size OR seen.strangers <> 0 THEN
        RAISE EXCEPTION 'entry % does not balance: % postings of %, sum %, % of another ledger',
            entry, seen.sides, seen.size, seen.total, seen.strangers USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(BALANCED, params=None)
    for table in TABLES:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()"
        )
        schema_editor.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_balanced AFTER INSERT ON {table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledgers_refuse_unbalanced()"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_balanced ON {table}")
        schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    schema_editor.execute("DROP FUNCTION ledgers_refuse_unbalanced()")


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0001_initial"), ("audit", "0002_append_only")]

    operations = [migrations.RunPython(create, drop)]
