"""A town that an earlier release left behind goes on after an upgrade: migrations only go forward.

tests/releases/ holds, for each release, a dump of a small town for SQLite and one for PostgreSQL, made by that
release's own code (see make.py there), and what the release said of its town. docs/testing.md says how one is added.
"""

import csv
import hashlib
import io
import json
import lzma
import re
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.sqlite3._functions import register as register_functions
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import timezone

from assemblies.models import Ballot, Participation, Poll
from assemblies.services import close_poll, count_poll, publish_poll
from assemblies.states import PollKind, PollStatus
from core.audit.chain import head_from
from core.audit.models import AccessAct, AuditEntry
from core.audit.sealing import seal_pending, verify_log
from core.audit.services import log_access
from residents.models import User
from tests.browser.crawl import Walk
from tests.browser.words import ko

RELEASES = Path(__file__).with_name("releases")
ARGON2 = "django.contrib.auth.hashers.Argon2PasswordHasher"
TAG = re.compile(r'name="submission" value="([0-9a-f-]{36})"')

# By this name pytest-django knows that a test database is needed; its own emptying after each test stays away.
pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture(scope="module", params=sorted(folder.name for folder in RELEASES.iterdir() if folder.is_dir()))
def upgraded(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """The release's database with today's migrations, in place of the test database; what the release said of it."""
    folder = RELEASES / request.param
    dump = lzma.decompress((folder / f"{connection.vendor}.sql.xz").read_bytes()).decode()
    facts = json.loads((folder / f"{connection.vendor}.json").read_text(encoding="utf-8"))
    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        facts["fresh schema"] = schema()
        restore = _restore_on_sqlite if connection.vendor == "sqlite" else _restore_on_postgres
        with restore(dump, tmp_path_factory.mktemp("release") / "town.sqlite3") as name:
            connection.close()
            connection.settings_dict["NAME"] = name
            try:
                call_command("migrate", verbosity=0, interactive=False)
                yield facts
            finally:
                connection.close()
                connection.settings_dict["NAME"] = usual


@pytest.fixture(scope="module")
def transactional_db(upgraded):
    """The upgraded town stays in the database from the first test of this module to the last."""


class _restore_on_sqlite:  # noqa: N801 - used as a function is
    def __init__(self, dump, path):
        self.dump, self.path = dump, path

    def __enter__(self):
        with sqlite3.connect(self.path) as restored:
            register_functions(restored)  # constraints of tables call them
            restored.executescript(self.dump)
        restored.close()
        return str(self.path)

    def __exit__(self, *_error):
        self.path.unlink()


class _restore_on_postgres:  # noqa: N801 - used as a function is
    def __init__(self, dump, _path):
        self.dump, self.usual = dump, connection.settings_dict["NAME"]
        self.name = f"{self.usual}_upgrade"

    def __enter__(self):
        self._run(f"DROP DATABASE IF EXISTS {self.name}", f"CREATE DATABASE {self.name}")
        connection.close()
        connection.settings_dict["NAME"] = self.name
        with connection.cursor() as cursor:
            cursor.execute(self.dump)
        # The dump set an empty search path for its session.
        connection.close()
        connection.settings_dict["NAME"] = self.usual
        return self.name

    def __exit__(self, *_error):
        self._run(f"DROP DATABASE {self.name} WITH (FORCE)")

    def _run(self, *statements):
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


@pytest.fixture
def release(upgraded, monkeypatch, settings):
    """The town at the moment at which the release left it; what a test does there is taken back after it."""
    at = datetime.fromisoformat(upgraded["at"])
    monkeypatch.setattr(timezone, "now", lambda: at)
    settings.PASSWORD_HASHERS = [ARGON2]
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    block = transaction.atomic()
    # As in Django's own TestCase: services that insist on a transaction of their own may run inside.
    block._from_testcase = True
    with block:
        yield upgraded
        transaction.set_rollback(True)


def schema():
    """Every table of ours with its columns and the names of its constraints."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            columns = connection.introspection.get_table_description(cursor, table)
            constraints = connection.introspection.get_constraints(cursor, table)
            found[table] = (
                sorted((column.name, column.null_ok) for column in columns),
                # What is not named by us is named by the database after its own counting.
                sorted(name for name in constraints if name in {one.name for one in model._meta.constraints}),
            )
    return found


def sign_in(facts, email):
    client = Client()
    answer = client.post("/accounts/login/", {"login": email, "password": facts["password"]})
    assert answer.status_code == 302, f"{email} cannot sign in"
    return client


def open_poll(kind=PollKind.CHOOSE):
    return Poll.objects.get(status=PollStatus.OPEN, kind=kind)


def test_the_upgrade_is_complete(release):
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    connection.check_constraints()


def test_the_upgraded_database_is_built_as_a_fresh_one(release):
    assert schema() == release["fresh schema"]


def test_no_released_migration_was_touched(release):
    """A migration that ran somewhere never runs there again: a change to it reaches nobody."""
    for name, digest in release["migrations"].items():
        label, stem = name.split(".")
        file = Path(apps.get_app_config(label).path, "migrations", f"{stem}.py")
        assert file.exists(), f"{name} was released and is gone"
        assert hashlib.sha256(file.read_bytes()).hexdigest() == digest, f"{name} was released and has been edited"


def test_everybody_signs_in_with_the_password_they_had(release):
    for email in release["accounts"]:
        client = sign_in(release, email)
        assert client.get("/me/").status_code == 200
        assert client.get("/admin/").status_code == (200 if email in release["desk"] else 403), email


def test_every_page_answers(release):
    for client, start in ((Client(), "/"), (sign_in(release, "operator@example.org"), "/admin/")):
        for walked in Walk(client, most=1, most_filtered=1).from_page(start):
            assert walked.response.status_code < 400, walked.address


def test_results_and_turnout_are_what_they_were(release):
    heads = [ko(figure) for figure in release["figures"]]
    assert Poll.objects.count() == len(release["polls"])
    for pk, said in release["polls"].items():
        poll = Poll.objects.get(pk=pk)
        assert (poll.title, poll.status) == (said["title"], said["status"])
        assert (poll.participations.count(), poll.ballots.count()) == (said["participations"], said["ballots"])
        if said["result"] is not None:
            answer = Client().get(f"/polls/{pk}/result.csv")
            rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
            assert [[row[head] for head in heads] for row in rows] == said["result"]


def test_a_receipt_still_shows(release):
    client = sign_in(release, release["voted"])
    for poll, receipt in release["receipts"].items():
        assert receipt in client.get(f"/polls/{poll}/receipt/").content.decode()


def test_a_resident_of_the_old_town_votes_once(release):
    poll = open_poll()
    client = sign_in(release, release["not_yet"])
    before = Ballot.objects.filter(poll=poll).count()
    ballot = client.get(f"/polls/{poll.pk}/ballot/").content.decode()
    chosen = {"submission": TAG.search(ballot).group(1), "option": list(poll.options.values_list("pk", flat=True)[:2])}
    assert client.post(f"/polls/{poll.pk}/ballot/check/", chosen).status_code == 200
    assert client.post(f"/polls/{poll.pk}/ballot/cast/", chosen).status_code == 303
    receipt = Participation.objects.get(poll=poll, entry__user__email=release["not_yet"]).receipt
    assert receipt in client.get(f"/polls/{poll.pk}/receipt/").content.decode()
    again = chosen | {"submission": "00000000-0000-4000-8000-000000000000"}
    assert client.post(f"/polls/{poll.pk}/ballot/cast/", again).status_code == 409
    assert Ballot.objects.filter(poll=poll).count() == before + 1


@pytest.mark.parametrize("kind", PollKind.values)
def test_an_open_vote_of_the_old_town_is_brought_to_its_result(release, kind):
    poll = open_poll(kind)
    official = User.objects.get(email="dong@example.org")
    end = poll.closes_at
    close_poll(poll_id=poll.pk, actor=official, at=end)
    count_poll(poll_id=poll.pk, actor=official, at=end + timedelta(minutes=5))
    publish_poll(poll_id=poll.pk, actor=official, at=end + timedelta(minutes=9))
    assert Client().get(f"/polls/{poll.pk}/result/").status_code == 200
    poll.refresh_from_db()
    assert poll.result.participated == release["polls"][str(poll.pk)]["participations"]


def test_the_audit_chain_is_whole_and_goes_on(release):
    head = head_from(release["audit_head"])
    verdict = verify_log(expected=head)
    assert verdict.is_whole
    assert verdict.count == release["audit_sealed"]
    poll = open_poll()
    close_poll(poll_id=poll.pk, actor=User.objects.get(email="dong@example.org"), at=poll.closes_at)
    seal_pending(at=poll.closes_at)
    after = verify_log(expected=head)
    assert after.is_whole
    assert after.count > verdict.count


@pytest.mark.postgres
def test_the_database_still_refuses_to_change_the_log(release):
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditentry SET action = 'x' WHERE id = %s", [AuditEntry.objects.first().pk])


@pytest.mark.postgres
def test_the_database_keeps_the_access_log(release):
    log_access(account=User.objects.first(), act=AccessAct.READ, what="residence", at=timezone.now())
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_accessentry")
