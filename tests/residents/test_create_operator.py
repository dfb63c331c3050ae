"""The first-operator command."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from core.audit.models import AuditEntry
from residents.models import RoleAssignment, User
from residents.states import Role
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery"


def run(*arguments, stdin="", monkeypatch=None):
    if monkeypatch:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    out = io.StringIO()
    call_command("create_operator", *arguments, stdout=out)
    return out.getvalue()


def test_it_makes_the_account_and_prints_a_link_that_sets_the_password_once(client):
    out = run("Boss@Example.org", "--link", "--site", "https://madang.example.org/")
    assert "given" in out
    user = User.objects.get()
    assert (user.email, user.has_usable_password()) == ("boss@example.org", False)
    assert RoleAssignment.objects.get(user=user).role == Role.OPERATOR
    link = re.search(r"https://madang\.example\.org(/\S+)", out).group(1)
    form = client.get(link, follow=True).redirect_chain[-1][0]
    assert client.post(form, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert client.get(link, follow=True).status_code == 404
    signed_in = client.post("/accounts/login/", {"login": "boss@example.org", "password": PASSWORD})
    assert signed_in.status_code == 302


def test_the_password_comes_from_standard_input(monkeypatch):
    out = run("boss@example.org", "--password-stdin", stdin=PASSWORD + "\n", monkeypatch=monkeypatch)
    assert "link" not in out
    assert User.objects.get().check_password(PASSWORD)


def test_an_existing_account_keeps_its_name_and_password():
    user = UserFactory(email="boss@example.org", name="김민수", password=PASSWORD)
    out = run("boss@example.org", "--link")
    assert "there already" in out
    user.refresh_from_db()
    assert (user.name, user.check_password(PASSWORD)) == ("김민수", True)


def test_a_second_time_changes_nothing(monkeypatch):
    run("boss@example.org", "--password-stdin", stdin=PASSWORD, monkeypatch=monkeypatch)
    entries = AuditEntry.objects.count()
    assert "held already" in run("boss@example.org", "--link")
    assert RoleAssignment.objects.count() == 1
    assert AuditEntry.objects.count() == entries


def test_a_second_call_prints_a_new_link_while_no_password_is_set():
    run("boss@example.org", "--link")
    assert "/accounts/password/reset/key/" in run("boss@example.org", "--link")


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (["no address"], "", "not a mail address"),
        (["boss@example.org\x00"], "", "not a mail address"),
        (["boss@example.org", "--name", ""], "", "not a name"),
        (["boss@example.org", "--password-stdin"], "short\n", "too short"),
        (["boss@example.org", "--password-stdin"], "", "too short"),
    ],
)
def test_wrong_input_is_a_sentence_and_code_2(arguments, stdin, said, monkeypatch):
    with pytest.raises(CommandError, match=said) as no:
        run(*arguments, stdin=stdin, monkeypatch=monkeypatch)
    assert no.value.returncode == 2
    assert not User.objects.exists()


def test_an_account_that_is_gone_does_not_become_operator():
    UserFactory(email="boss@example.org", is_active=False)
    with pytest.raises(CommandError, match="switched off") as no:
        run("boss@example.org", "--link")
    assert no.value.returncode == 2
