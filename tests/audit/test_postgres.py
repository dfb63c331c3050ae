"""What only PostgreSQL can show: triggers, and sealers and writers at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.audit import sealing
from core.audit.models import AccessAct, AccessEntry, AuditEntry, AuditSeal
from core.audit.services import forget_old_access_entries, log_access, record
from tests.factories import NOON, DongFactory, UserFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

WRITERS = 4
ENTRIES_EACH = 40
LONG_AGO = NOON.replace(year=2020)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_auditentry SET action = 'else'",
        "DELETE FROM audit_auditentry",
        "UPDATE audit_auditseal SET position = position + 1",
        "DELETE FROM audit_auditseal",
        "UPDATE audit_accessentry SET what = 'else'",
        "DELETE FROM audit_accessentry",
    ],
)
def test_the_database_refuses_to_change_what_is_only_added(sql):
    record(actor=None, action="test.done", target=DongFactory(), at=NOON)
    log_access(account=UserFactory(), act=AccessAct.READ, what="residence", at=NOON)
    sealing.seal_pending(at=NOON)

    with pytest.raises(IntegrityError, match="only ever added"), connection.cursor() as cursor:
        cursor.execute(sql)

    assert sealing.verify_log().count == 1
    assert AccessEntry.objects.get().what == "residence"


def test_old_access_entries_go_with_the_service_alone():
    log_access(account=UserFactory(), act=AccessAct.READ, what="residence", at=LONG_AGO)

    with pytest.raises(IntegrityError, match="forgotten after two years"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_accessentry")
    with transaction.atomic():
        assert forget_old_access_entries(at=timezone.now()) == 1
        log_access(account=UserFactory(), act=AccessAct.READ, what="residence", at=LONG_AGO)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM audit_accessentry")
    assert AccessEntry.objects.count() == 1


def test_the_database_keeps_access_entries_for_two_years_whatever_time_it_is_told():
    log_access(account=UserFactory(), act=AccessAct.READ, what="residence", at=timezone.now() - timedelta(days=700))

    with pytest.raises(IntegrityError, match="forgotten after two years"):
        forget_old_access_entries(at=timezone.now() + timedelta(days=800))

    assert AccessEntry.objects.count() == 1


def test_a_test_database_can_still_be_emptied():
    record(actor=None, action="test.done", target=DongFactory(), at=NOON)
    sealing.seal_pending(at=NOON)

    call_command("flush", interactive=False, verbosity=0)

    assert not AuditEntry.objects.exists()


def run_all(*jobs):
    """Run every job in a thread with a connection of its own; an error in any of them fails the test."""

    def alone(job):
        try:
            job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        for running in [pool.submit(alone, job) for job in jobs]:
            running.result()


def test_two_sealers_and_many_writers_leave_one_whole_chain():
    dong = DongFactory()
    writing = threading.Barrier(WRITERS + 2)
    writers_done = threading.Event()

    def write(number):
        writing.wait()
        for n in range(ENTRIES_EACH):
            with transaction.atomic():
                record(actor=None, action=f"test.{number}.{n}", target=dong, at=NOON)

    def write_all():
        run_all(*(lambda number=number: write(number) for number in range(WRITERS)))
        writers_done.set()

    def seal():
        writing.wait()
        while not writers_done.is_set():
            sealing.seal_pending(at=NOON, batch=7)

    run_all(write_all, seal, seal)
    sealing.seal_pending(at=NOON)

    verdict = sealing.verify_log()
    assert verdict.is_whole
    assert verdict.count == WRITERS * ENTRIES_EACH == AuditSeal.objects.count()


def test_an_entry_still_being_written_is_sealed_after_the_one_that_overtook_it():
    dong = DongFactory()
    slow_wrote, fast_sealed = threading.Event(), threading.Event()
    ids = {}

    def slow():
        with transaction.atomic():
            ids["slow"] = record(actor=None, action="test.slow", target=dong, at=NOON).pk
            slow_wrote.set()
            assert fast_sealed.wait(30)

    def fast():
        assert slow_wrote.wait(30)
        ids["fast"] = record(actor=None, action="test.fast", target=dong, at=NOON).pk
        sealing.seal_pending(at=NOON)
        fast_sealed.set()

    run_all(slow, fast)
    sealing.seal_pending(at=NOON)

    assert ids["slow"] < ids["fast"]
    assert list(AuditSeal.objects.values_list("entry_id", flat=True)) == [ids["fast"], ids["slow"]]
    assert sealing.verify_log().is_whole
