"""Sign-up, sign-in, its lock, a new password, another mail address: through the pages, as people do it."""

import logging
import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from axes.handlers.proxy import AxesProxyHandler
from django.core import mail
from django.core.cache.backends import locmem
from django.test import Client
from django.utils import timezone

from core.audit.models import AuditEntry
from core.letters import columns_of
from core.templatetags.madang import moment_text
from residents.consents import ACCOUNT
from residents.models import Consent, User
from residents.services import register_person
from tests.factories import NOON, UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct-horse-battery"


@pytest.fixture
def person():
    return register_person(
        email="person@example.org", name="김민수", password=PASSWORD, mail_confirmed=True, consents=[ACCOUNT], at=NOON
    )


@pytest.fixture
def _mail_must_be_confirmed(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def sign_up(client, path="/accounts/signup/", **changes):
    facts = {
        "email": "new@example.org",
        "name": "박하늘",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "consent": "on",
        "consent_version": "1",
    }
    return client.post(path, {key: value for key, value in {**facts, **changes}.items() if value is not None})


def sign_in(client, email="person@example.org", password=PASSWORD, **extra):
    return client.post("/accounts/login/", {"login": email, "password": password}, **extra)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def link_in_mail():
    return re.search(r"https?://testserver(/\S+)", mail.outbox[-1].body).group(1)


# --- sign-up ----------------------------------------------------------------------------------------------------------


def test_signing_up_keeps_name_language_consent_and_goes_on_to_the_profile(client):
    response = sign_up(client, email="New@Example.ORG")
    assert response.status_code == 302
    assert response["Location"] == "/me/profile/"
    user = User.objects.get()
    assert (user.email, user.name, user.language) == ("new@example.org", "박하늘", "ko")
    assert Consent.objects.get(user=user).purpose == ACCOUNT
    assert AuditEntry.objects.filter(action="residents.account_opened", actor=user.pseudonym).exists()


def test_signing_up_in_english_keeps_the_language(client):
    sign_up(client, "/en/accounts/signup/")
    assert User.objects.get().language == "en"


def test_the_sign_up_page_shows_what_one_consents_to(client):
    page = client.get("/en/accounts/signup/").content.decode()
    for part in ("What it is for", "mail address", "until you erase your account", "You may refuse", "Version"):
        assert part in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": None},
        {"email": "x"},
        {"email": "a" * 10_000 + "@example.org"},
        {"email": "a\x00b@example.org"},
        {"name": None},
        {"name": ""},
        {"name": "가" * 10_000},
        {"name": "김\x00민수"},
        {"name": "<script>"},
        {"password1": "short", "password2": "short"},
        {"password1": "1234567890", "password2": "1234567890"},
        {"password2": "something-else-entirely"},
        {"password1": "a1" * 100, "password2": "a1" * 100},
        {"password1": "a1" * 6000, "password2": "a1" * 6000},
        {"password1": PASSWORD + "\x00", "password2": PASSWORD + "\x00"},
        {"consent": None},
        {"consent_version": None},
        {"consent_version": "7"},
        {"consent_version": "x"},
    ],
)
def test_a_wrong_sign_up_makes_nothing(client, wrong):
    response = sign_up(client, **wrong)
    assert response.status_code == 422
    assert not User.objects.exists()
    assert not AuditEntry.objects.exists()
    assert not is_signed_in(client)


def test_signing_up_twice_makes_one_account(client):
    sign_up(client)
    response = sign_up(Client())
    assert response.status_code == 422
    assert User.objects.count() == 1


@pytest.mark.usefixtures("_mail_must_be_confirmed")
def test_nobody_learns_from_a_sign_up_whether_an_account_is_there(client, person):
    other = Client()
    known, unknown = sign_up(client, email=person.email), sign_up(other, email="nobody@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert client.get(known["Location"]).content.count(b"person@") == other.get(unknown["Location"]).content.count(
        b"nobody@"
    )
    assert User.objects.filter(email=person.email).count() == 1


@pytest.mark.usefixtures("_mail_must_be_confirmed")
def test_the_address_is_confirmed_by_a_link_before_the_first_sign_in(client):
    sign_up(client)
    assert not is_signed_in(client)
    link = link_in_mail()
    assert client.get(link).status_code == 200
    assert client.post(link).status_code == 302
    assert EmailAddress.objects.get(email="new@example.org").verified
    sign_in(client, "new@example.org")
    assert is_signed_in(client)
    assert client.get(link).status_code == 404


# --- sign-in and its lock ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["person@example.org", "PERSON@Example.org", " person@example.org "])
def test_signing_in_whatever_the_case(client, person, spelling):
    assert sign_in(client, spelling).status_code == 302
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("person@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("", ""),
        ("no address", PASSWORD),
        ("a" * 10_000 + "@example.org", PASSWORD),
        ("person@example.org", "x" * 10_000),
        ("person\x00@example.org", PASSWORD),
    ],
)
def test_a_wrong_sign_in_is_a_422(client, person, email, password):
    assert sign_in(client, email, password).status_code == 422
    assert not is_signed_in(client)


def test_the_answer_does_not_tell_whether_the_account_is_there(client, person):
    def said(response):
        return re.findall(r'id="form-errors"[^>]*>(.*?)</div>', response.content.decode(), re.DOTALL)

    known, unknown = sign_in(client, password="wrong"), sign_in(client, "nobody@example.org", "wrong")
    assert said(known) == said(unknown) != []


def test_a_switched_off_account_does_not_sign_in(client, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert sign_in(client)["Location"] == "/accounts/inactive/"
    assert not is_signed_in(client)


def fail(client, times, **facts):
    return [sign_in(client, password="wrong", **facts).status_code for _ in range(times)]


def test_ten_failures_lock_the_right_password_out_too(client, person):
    assert fail(client, 9) == [422] * 9
    assert fail(client, 1) == [429]
    response = sign_in(client)
    assert response.status_code == 429
    assert response["Retry-After"] == "900"
    assert not is_signed_in(client)


def test_the_lock_knows_one_address_in_every_spelling(client, person):
    fail(client, 5)
    fail(client, 5, email="PERSON@example.org")
    assert sign_in(client).status_code == 429


def test_others_are_not_locked(client, person):
    UserFactory(email="other@example.org")
    fail(client, 10)
    assert sign_in(client, "other@example.org").status_code == 302


def test_the_lock_is_for_one_network_address(client, person):
    fail(client, 10, REMOTE_ADDR="192.0.2.1")
    assert sign_in(client, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_the_lock_is_for_a_whole_network_of_ipv6(client, person):
    for number in range(10):
        fail(client, 1, REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
    assert sign_in(client, REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert sign_in(client, REMOTE_ADDR="2001:db8:1:3::1").status_code == 302


def test_behind_a_proxy_the_clients_address_is_counted(client, person, settings):
    settings.PROXY_COUNT = 1
    fail(client, 10, HTTP_X_FORWARDED_FOR="203.0.113.9, 192.0.2.1")
    assert sign_in(client, HTTP_X_FORWARDED_FOR="198.51.100.1, 192.0.2.1").status_code == 429
    assert sign_in(client, HTTP_X_FORWARDED_FOR="203.0.113.9, 192.0.2.2").status_code == 302


def test_a_successful_sign_in_starts_the_count_anew(client, person):
    fail(client, 9)
    sign_in(Client())
    assert fail(client, 9) == [422] * 9


def test_trying_during_the_lock_does_not_make_it_longer(client, person, monkeypatch):
    # The clock of a Redis server cannot be set; the cache in memory reads ours.
    monkeypatch.setattr(AxesProxyHandler.get_implementation(), "cache", locmem.LocMemCache("lock", {}))
    now = locmem.time.time()
    clock = type("Clock", (), {"time": staticmethod(lambda: now)})
    monkeypatch.setattr(locmem, "time", clock)
    fail(client, 10)
    clock.time = staticmethod(lambda: now + 14 * 60)
    assert sign_in(client).status_code == 429
    clock.time = staticmethod(lambda: now + 15 * 60 + 1)
    assert sign_in(client).status_code == 302


def test_a_new_password_by_mail_lifts_the_lock(client, person):
    fail(client, 10)
    client.post("/accounts/password/reset/", {"email": person.email})
    page = client.get(link_in_mail(), follow=True)
    new = "another-horse-battery"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert sign_in(client, password=new).status_code == 302


def test_no_name_gets_into_the_logs(client, person, caplog):
    with caplog.at_level(logging.DEBUG):
        fail(client, 11)
        sign_in(client, "other@example.org", "wrong")
    assert "example.org" not in caplog.text
    assert "wrong" not in caplog.text


FOREIGN_PAGES = [
    "https://evil.example.net/",
    "//evil.example.net/",
    "/\\evil.example.net/",
    "javascript:alert(1)",
    "/" + "x" * 600,
    "/\n/evil.example.net",
]


@pytest.mark.parametrize("goal", FOREIGN_PAGES[:4])
def test_a_foreign_page_is_not_where_the_sign_in_leads(client, person, goal):
    response = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD, "next": goal})
    assert response["Location"] == "/"


# --- where one was going ----------------------------------------------------------------------------------------------

BALLOT = "/polls/1/ballot/"


def test_the_sign_in_hands_the_goal_to_its_other_ways(client):
    page = client.get("/accounts/login/", {"next": BALLOT}).content.decode()
    assert 'href="/accounts/password/reset/?next=%2Fpolls%2F1%2Fballot%2F"' in page
    assert 'href="/accounts/signup/?next=%2Fpolls%2F1%2Fballot%2F"' in page


def test_newcomers_come_to_the_ballot_by_their_details(client):
    response = sign_up(client, next=BALLOT)
    assert response["Location"] == "/me/profile/?next=%2Fpolls%2F1%2Fballot%2F"


@pytest.mark.usefixtures("_mail_must_be_confirmed")
def test_who_confirms_in_the_browser_of_the_sign_up_goes_on_at_once(client):
    sign_up(client, next=BALLOT)
    confirmed = client.post(link_in_mail())
    assert is_signed_in(client)
    assert confirmed["Location"] == "/me/profile/?next=%2Fpolls%2F1%2Fballot%2F"


@pytest.mark.usefixtures("_mail_must_be_confirmed")
def test_the_link_alone_signs_nobody_in(client):
    sign_up(Client())
    client.post(link_in_mail())
    assert not is_signed_in(client)


@pytest.mark.usefixtures("_mail_must_be_confirmed")
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_who_only_opens_somebody_elses_link_stays_signed_in(client, person, prefix):
    sign_up(Client())
    client.force_login(person, backend="residents.backends.EmailBackend")
    page = client.get(prefix + link_in_mail())
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "strict-origin"
    assert is_signed_in(client)
    client.post(link_in_mail())
    assert not is_signed_in(client)


@pytest.mark.usefixtures("_mail_must_be_confirmed")
def test_the_mail_of_a_sign_up_leads_on_also_on_another_device(client):
    sign_up(client, next=BALLOT)
    link, elsewhere = link_in_mail(), Client()
    assert BALLOT not in elsewhere.get(link).content.decode().partition("<main")[0]
    confirmed = elsewhere.post(link)
    assert confirmed["Location"] == "/me/profile/?next=%2Fpolls%2F1%2Fballot%2F"


def test_the_mail_for_a_new_password_leads_on(client, person):
    client.post("/accounts/password/reset/", {"email": person.email, "next": BALLOT})
    form = client.get(link_in_mail(), follow=True)
    address, new = form.redirect_chain[-1][0], "another-horse-battery"
    assert f'name="next" value="{BALLOT}"' in form.content.decode()
    done = client.post(address, {"password1": new, "password2": new, "next": BALLOT})
    assert done["Location"] == BALLOT


@pytest.mark.usefixtures("_mail_must_be_confirmed")
@pytest.mark.parametrize("goal", FOREIGN_PAGES)
def test_no_mail_leads_to_a_foreign_page(client, person, goal):
    sign_up(client, next=goal)
    client.post("/accounts/password/reset/", {"email": person.email, "next": goal})
    assert len(mail.outbox) == 2
    for sent in mail.outbox:
        assert "evil" not in sent.body
        assert "xxx" not in sent.body


@pytest.mark.parametrize("goal", ["http://[", "//["])
@pytest.mark.parametrize("page", ["login", "signup", "password/reset"])
def test_a_goal_that_is_no_address_leads_nowhere(client, page, goal):
    assert client.get(f"/accounts/{page}/", {"next": goal}).status_code == 200


@pytest.mark.parametrize("goal", ["http://[", "//["])
def test_somebody_with_a_goal_that_is_no_address_is_signed_in_all_the_same(client, person, goal):
    response = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD, "next": goal})
    assert response["Location"] == "/"
    assert is_signed_in(client)


# --- a new password, another address ----------------------------------------------------------------------------------


def test_asking_for_a_new_password_tells_nothing(client, person):
    known = client.post("/accounts/password/reset/", {"email": person.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_a_new_password_is_set_once(client, person):
    client.post("/accounts/password/reset/", {"email": person.email})
    link = link_in_mail()
    form = client.get(link, follow=True).redirect_chain[-1][0]
    assert client.post(form, {"password1": "short", "password2": "short"}).status_code == 422
    new = "another-horse-battery"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert AuditEntry.objects.filter(action="residents.password_reset").count() == 1
    assert client.get(link, follow=True).status_code == 404
    assert sign_in(client).status_code == 422
    assert sign_in(client, password=new).status_code == 302


def test_mails_are_in_the_language_of_the_page(client, person):
    client.post("/en/accounts/password/reset/", {"email": person.email})
    assert mail.outbox[-1].subject == "[Madang] Set a new password"
    assert "/en/accounts/" in mail.outbox[-1].body
    assert person.name not in mail.outbox[-1].body


def every_mail(client, person, path):
    """One of each mail that accounts send."""
    client.post(f"{path}/accounts/password/reset/", {"email": person.email})
    client.post(f"{path}/accounts/password/reset/", {"email": "nobody@example.org"})
    sign_up(Client(), f"{path}/accounts/signup/")
    sign_up(Client(), f"{path}/accounts/signup/", email=person.email)
    client.post(f"{path}/accounts/login/", {"login": person.email, "password": PASSWORD})
    client.post(f"{path}/accounts/email/", {"email": "fresh@example.org", "action_add": ""})
    return mail.outbox


@pytest.mark.usefixtures("_mail_must_be_confirmed")
@pytest.mark.parametrize(
    ("path", "name", "never"), [("", "마당", "비밀번호를 묻지 않"), ("/en", "Madang", "Nobody of us asks")]
)
def test_every_mail_says_whose_it_is_and_fits_into_72_columns(client, person, path, name, never):
    mails = every_mail(client, person, path)
    assert len(mails) == 5
    for sent in mails:
        assert sent.subject.startswith(f"[{name}] ")
        assert never in sent.body
        assert "help@example.org" in sent.body
        assert re.search(r"^http://testserver\S+$", sent.body, re.MULTILINE)
        wide = [line for line in sent.body.splitlines() if columns_of(line) > 72 and not line.startswith("http")]
        assert not wide


def test_a_link_in_a_mail_says_until_when_it_opens(client, person, settings):
    settings.PASSWORD_RESET_TIMEOUT = 3600
    before = timezone.now()
    client.post("/en/accounts/password/reset/", {"email": person.email})
    said = mail.outbox[-1].body.replace("\n", " ")
    moments = {moment_text(before + timedelta(hours=1)), moment_text(timezone.now() + timedelta(hours=1))}
    assert any(f"The link opens once, until {moment}." in said for moment in moments)


@pytest.mark.parametrize(
    "email", ["a@example.org\nBcc: b@example.org", "a@example.org\r\nSubject: x", "a@example.org,b@example.org"]
)
def test_nothing_typed_becomes_a_header_of_a_mail(client, email):
    assert client.post("/accounts/password/reset/", {"email": email}).status_code == 422
    assert sign_up(client, email=email).status_code == 422
    assert not mail.outbox


@pytest.mark.parametrize("email", ["", "x", "a" * 10_000 + "@example.org", "a\x00@example.org"])
def test_a_wrong_address_for_a_new_password(client, email):
    assert client.post("/accounts/password/reset/", {"email": email}).status_code == 422
    assert not mail.outbox


@pytest.mark.parametrize("key", ["1-abc", "zzzzzzzzzzzzz-abc", "1-set-password"])
def test_a_made_up_link_is_a_404(client, key):
    assert client.get(f"/accounts/password/reset/key/{key}/").status_code == 404
    assert client.post(f"/accounts/password/reset/key/{key}/", {"password1": "x"}).status_code == 404


@pytest.mark.parametrize("key", ["abc", "MQ:1abcde:x"])
def test_a_made_up_confirmation_is_a_404(client, key):
    assert client.get(f"/accounts/confirm-email/{key}/").status_code == 404
    assert client.post(f"/accounts/confirm-email/{key}/").status_code == 404


def test_changing_the_password_keeps_this_session_and_ends_the_others(client, person):
    other = Client()
    sign_in(client)
    sign_in(other)
    path, new = "/accounts/password/change/", "another-horse-battery"
    wrong = client.post(path, {"oldpassword": "wrong", "password1": new, "password2": new})
    assert wrong.status_code == 422
    right = client.post(path, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert right.status_code == 302
    assert client.get("/me/data/").status_code == 200
    assert other.get("/me/data/").status_code == 302
    assert AuditEntry.objects.filter(action="residents.password_changed").exists()


def test_the_mail_address_changes_when_the_new_one_is_confirmed(client, person):
    sign_in(client)
    response = client.post("/accounts/email/", {"email": "Fresh@Example.org", "action_add": ""})
    assert response.status_code == 302
    person.refresh_from_db()
    assert person.email == "person@example.org"
    client.post(link_in_mail())
    person.refresh_from_db()
    assert person.email == "fresh@example.org"
    assert EmailAddress.objects.get(user=person).email == "fresh@example.org"
    assert AuditEntry.objects.filter(action="residents.mail_changed", actor=person.pseudonym).exists()


def test_an_address_that_somebody_else_has_is_never_taken_over(client, person):
    UserFactory(email="taken@example.org")
    sign_in(client)
    client.post("/accounts/email/", {"email": "taken@example.org", "action_add": ""})
    client.post(link_in_mail())
    person.refresh_from_db()
    assert person.email == "person@example.org"


@pytest.mark.parametrize("email", ["", "x", "person@example.org", "a" * 10_000 + "@example.org", "a\x00@example.org"])
def test_a_wrong_new_address(client, person, email):
    sign_in(client)
    assert client.post("/accounts/email/", {"email": email, "action_add": ""}).status_code == 422
    assert EmailAddress.objects.count() == 1


# --- forms that help --------------------------------------------------------------------------------------------------


def attributes(page, name):
    return re.search(rf'<input[^>]*name="{name}"[^>]*>', page).group()


def test_the_sign_in_fits_keyboards_and_password_stores(client):
    page = client.get("/accounts/login/").content.decode()
    login, password = attributes(page, "login"), attributes(page, "password")
    for hint in (
        'type="email"',
        'inputmode="email"',
        'autocomplete="username"',
        'autocapitalize="off"',
        'enterkeyhint="next"',
    ):
        assert hint in login
    for hint in ('autocomplete="current-password"', 'enterkeyhint="go"'):
        assert hint in password
    assert "placeholder" not in login + password


def test_the_sign_up_asks_for_a_new_password(client):
    page = client.get("/accounts/signup/").content.decode()
    assert 'autocomplete="new-password"' in attributes(page, "password1")
    assert 'autocomplete="new-password"' in attributes(page, "password2")
    assert 'autocomplete="name"' in attributes(page, "name")


def test_the_sign_up_says_first_what_the_way_is(client):
    page = client.get("/en/accounts/signup/").content.decode()
    assert page.index("Show your ID at the community centre") < page.index(
        '<form method="post" action="/en/accounts/signup/"'
    )
    assert page.count('aria-current="step"') == 1


def test_errors_stand_on_top_with_links_to_their_fields(client):
    page = sign_up(client, "/en/accounts/signup/", email="x", name="").content.decode()
    summary = re.search(r'<div[^>]*id="form-errors".*?</div>', page, re.DOTALL).group()
    assert "autofocus" in summary
    assert re.findall(r'href="#(\w+)"', summary) == ["id_email", "id_name"]
    for field in ("email", "name"):
        assert 'aria-invalid="true"' in attributes(page, field)
        described = re.search(r'aria-describedby="([^"]*)"', attributes(page, field)).group(1).split()
        assert all(f'id="{part}"' in page for part in described)
        assert f"id_{field}_error" in described
    assert "<title>Error: " in page
    assert 'value="x"' in attributes(page, "email")
    assert PASSWORD not in page


@pytest.mark.parametrize("path", ["login", "signup", "password/reset", "password/reset/done", "inactive"])
def test_account_pages_are_never_kept(client, path):
    assert "no-store" in client.get(f"/accounts/{path}/")["Cache-Control"]


def test_too_many_sign_ups_get_a_page_of_ours(client):
    answers = {sign_up(client, email="x").status_code for _ in range(21)}
    assert answers == {422, 429}


def test_who_comes_from_a_ballot_is_told_why_to_sign_in(client, db):
    said = "투표하려면 로그인해 주세요"
    assert said in client.get("/accounts/login/?next=/polls/1/ballot/").content.decode()
    assert said not in client.get("/accounts/login/").content.decode()
