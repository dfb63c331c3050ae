"""Sealing, verifying and reviewing the logs as they stand in the database."""

import io
import json
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.audit import sealing, tasks
from core.audit.chain import GENESIS, Broken, Fault, Head, digest_after
from core.audit.models import AppendOnlyError, AuditEntry, AuditSeal
from core.audit.services import record
from tests.factories import NOON, SEOUL, DongFactory, UserFactory

pytestmark = pytest.mark.django_db


def write(count=1, **fields):
    dong = DongFactory()
    return [record(actor=None, action=f"test.{n}", target=dong, at=NOON, **fields) for n in range(count)]


def tamper(sql, *parameters):
    """What somebody with the database's password could do: past Django and past the triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute(sql, parameters)
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")


def test_sealing_chains_entries_in_order_without_gaps():
    entries = write(3)

    assert sealing.seal_pending(at=NOON) == 3

    seals = list(AuditSeal.objects.all())
    assert [(seal.position, seal.entry_id) for seal in seals] == [(n, e.pk) for n, e in enumerate(entries, 1)]
    assert seals[0].digest == digest_after(GENESIS, AuditEntry.objects.get(pk=entries[0].pk).facts())
    assert seals[1].digest == digest_after(seals[0].digest, AuditEntry.objects.get(pk=entries[1].pk).facts())


def test_sealing_goes_on_from_the_head_in_batches():
    write(2)
    sealing.seal_pending(at=NOON)
    write(5)

    assert sealing.seal_pending(at=NOON, batch=2) == 5
    assert sealing.verify_log().count == 7


def test_sealing_again_does_nothing():
    write(2)
    sealing.seal_pending(at=NOON)

    assert sealing.seal_pending(at=NOON) == 0


def test_an_entry_that_commits_late_is_sealed_later_and_the_chain_stays_whole():
    late, early = write(2)
    tamper("DELETE FROM audit_auditentry WHERE id = %s", late.pk)
    sealing.seal_pending(at=NOON)
    AuditEntry.objects.bulk_create([late])

    assert sealing.seal_pending(at=NOON) == 1
    assert list(AuditSeal.objects.values_list("entry_id", flat=True)) == [early.pk, late.pk]
    assert sealing.verify_log().is_whole


def test_every_kind_of_detail_survives_the_database():
    person = UserFactory()
    write(details={"won": 30_000_000, "share": 0.1, "name": "금호1동", "empty": None, "list": [1, "둘"], "big": 10**20},
          persons=[person])  # fmt: skip
    sealing.seal_pending(at=NOON)

    assert sealing.verify_log().is_whole


def test_verification_reads_a_long_chain_in_batches(django_assert_num_queries):
    write(20)
    sealing.seal_pending(at=NOON)

    with django_assert_num_queries(9):  # 4 batches of 5 with their entries, and one that is empty
        assert len(list(sealing.links(batch=5))) == 20


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE audit_auditentry SET action = 'else' WHERE id = %s", Fault.CHANGED_ENTRY),
        ("UPDATE audit_auditentry SET persons = '[\"x\"]' WHERE id = %s", Fault.CHANGED_ENTRY),
        ("UPDATE audit_auditseal SET digest = 'f' || substr(digest, 2, 62) || 'g' WHERE entry_id = %s",
         Fault.CHANGED_ENTRY),
        ("DELETE FROM audit_auditseal WHERE entry_id = %s", Fault.MISSING_SEAL),
    ],
)  # fmt: skip
def test_verification_points_at_the_first_broken_link(sql, fault):
    entries = write(4)
    sealing.seal_pending(at=NOON)
    tamper(sql, entries[1].pk)

    broken = sealing.verify_log().broken

    assert (broken.position, broken.fault) == (2, fault)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_verification_finds_a_removed_entry():
    entries = write(3)
    sealing.seal_pending(at=NOON)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM audit_auditentry WHERE id = %s", [entries[1].pk])
        cursor.execute("SET session_replication_role = origin")

    assert sealing.verify_log().broken == Broken(2, Fault.MISSING_ENTRY)


def test_swapped_entries_break_the_chain():
    entries = write(3)
    sealing.seal_pending(at=NOON)
    tamper("UPDATE audit_auditseal SET entry_id = %s WHERE position = 99", 0)
    tamper("DELETE FROM audit_auditseal WHERE position > 1")
    seals = [
        AuditSeal(position=2, entry=entries[2], digest="a" * 64, sealed_at=NOON),
        AuditSeal(position=3, entry=entries[1], digest="b" * 64, sealed_at=NOON),
    ]
    AuditSeal.objects.bulk_create(seals)

    assert sealing.verify_log().broken == Broken(2, Fault.CHANGED_ENTRY, entries[2].pk)


@pytest.mark.parametrize("model", [AuditEntry, AuditSeal])
def test_django_refuses_to_change_or_delete(model):
    write()
    sealing.seal_pending(at=NOON)
    row = model.objects.get()

    for change in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(pk=1)):
        with pytest.raises(AppendOnlyError):
            change()


def test_the_task_seals():
    write(2)

    assert tasks.seal_audit_entries() == 2


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_command_prints_count_and_head():
    write(2)
    sealing.seal_pending(at=NOON)
    write()

    code, out, err = run()

    assert (code, err) == (0, "")
    assert "2 entries sealed, 1 waiting, chain whole" in out
    assert f"head 2:{AuditSeal.objects.get(position=2).digest}" in out


def test_command_names_the_first_broken_link():
    entries = write(3)
    sealing.seal_pending(at=NOON)
    tamper("UPDATE audit_auditentry SET scope = '/x/' WHERE id = %s", entries[1].pk)

    code, out, err = run()

    assert (code, out) == (1, "")
    assert "changed_entry" in err
    assert f"(entry {entries[1].pk})" in err


def test_command_answers_in_json():
    write(2)
    sealing.seal_pending(at=NOON)

    code, out, _err = run("--json")

    assert code == 0
    assert json.loads(out) == {
        "whole": True,
        "sealed": 2,
        "waiting": 0,
        "head": str(Head(2, AuditSeal.objects.get(position=2).digest)),
        "broken": None,
    }


def test_command_finds_a_cut_off_end():
    write(3)
    sealing.seal_pending(at=NOON)
    head = str(sealing.verify_log().head)
    tamper("DELETE FROM audit_auditseal WHERE position = 3")

    assert run()[0] == 0
    code, out, _err = run("--json", f"--expect-head={head}")

    assert code == 1
    assert json.loads(out)["broken"] == {"position": 3, "fault": "cut_off", "entry": None}


def test_command_accepts_a_head_that_the_chain_has_outgrown():
    write(1)
    sealing.seal_pending(at=NOON)
    head = str(sealing.verify_log().head)
    write(2)
    sealing.seal_pending(at=NOON)

    assert run("--expect-head", head)[0] == 0


def test_command_refuses_a_head_that_makes_no_sense():
    with pytest.raises(CommandError, match="POSITION:DIGEST"):
        run("--expect-head", "3")


def test_sealed_at_is_the_clock_that_was_given():
    write()
    later = datetime(2026, 6, 2, 9, 0, tzinfo=SEOUL) + timedelta(seconds=1)
    sealing.seal_pending(at=later)

    assert AuditSeal.objects.get().sealed_at == later
