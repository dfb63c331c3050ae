"""What answers of a mail server mean, told by a real one."""

import pytest

from core.notices.channels import Message, PermanentError, TemporaryError, UncertainError, UnreachableError
from core.notices.mail import MailChannel
from tests.core.notices.smtp import HANG_UP, MailServer

MESSAGE = Message("head1@example.org", "제목", "본문\n", headers={"Message-ID": "<1@example.org>"})


@pytest.fixture
def server(settings):
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_TIMEOUT = 5
        yield server


@pytest.fixture
def channel(server):
    channel = MailChannel()
    channel.open()
    yield channel
    channel.close()


def test_many_mails_go_over_one_connection(server, channel):
    for _mail in range(3):
        channel.send(MESSAGE)
    assert len(server.taken) == 3
    assert server.connections == 1


def test_the_mail_is_whole(server, channel):
    channel.send(Message("head1@example.org", "제목", "본문\n", html="<p>본문</p>", headers={"X-Test": "1"}))
    (taken,) = server.taken
    assert b"To: head1@example.org" in taken
    assert b"X-Test: 1" in taken
    assert b"multipart/alternative" in taken


@pytest.mark.parametrize(
    ("verb", "answer", "error", "problem"),
    [
        ("RCPT", "550 no such user", PermanentError, "refused_address"),
        ("RCPT", "450 mailbox busy", TemporaryError, "busy"),
        ("RCPT", "452 too many", TemporaryError, "busy"),
        ("MAIL", "451 try later", TemporaryError, "busy"),
        ("MAIL", "554 no", PermanentError, "refused"),
        ("DATA", "554 spam", PermanentError, "refused"),
        ("DATA", "451 try later", TemporaryError, "busy"),
        ("DATA", HANG_UP, UncertainError, "no_answer"),
    ],
)
def test_answers(server, channel, verb, answer, error, problem):
    server.answers[verb] = [answer]
    with pytest.raises(error, check=lambda raised: raised.problem == problem and type(raised) is error) as raised:
        channel.send(MESSAGE)
    assert "head1" not in str(raised.value)
    channel.send(MESSAGE)
    assert len(server.taken) == 1


def test_an_address_that_no_mail_can_name_is_refused_and_the_next_one_goes(server, channel):
    with pytest.raises(PermanentError):
        channel.send(Message(f"a@{'가' * 57}.kr", "제목", "본문\n"))
    channel.send(MESSAGE)
    assert len(server.taken) == 1


def test_a_mail_that_was_taken_before_the_line_broke_is_uncertain(server, channel):
    server.takes_before_hanging_up = True
    server.answers["DATA"] = [HANG_UP]
    with pytest.raises(UncertainError):
        channel.send(MESSAGE)
    assert len(server.taken) == 1


def test_a_line_that_broke_while_idle_is_opened_anew(server, channel):
    channel.send(MESSAGE)
    server.answers["NOOP"] = [HANG_UP]
    channel.send(MESSAGE)
    assert len(server.taken) == 2
    assert server.connections == 2


def test_no_server_is_unreachable(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(UnreachableError):
        MailChannel().open()


def test_a_server_that_refuses_to_talk_is_unreachable(server):
    server.answers["EHLO"] = ["500 unknown"]
    server.answers["HELO"] = [HANG_UP]
    with pytest.raises(UnreachableError):
        MailChannel().open()


def test_a_backend_that_takes_nothing_refuses(settings):
    settings.EMAIL_BACKEND = "tests.core.notices.backends.TakesNothing"
    with pytest.raises(PermanentError):
        MailChannel().send(MESSAGE)
