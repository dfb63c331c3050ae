"""Mail through Django's backend of the settings."""

import contextlib
import smtplib
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.encoding import punycode

from core.notices.channels import (
    Message,
    PermanentError,
    TemporaryError,
    UncertainError,
    UnreachableError,
)
from core.notices.states import Problem

NO_SUCH_ADDRESS = frozenset({550, 551, 553})
FIRST_PERMANENT = 500


def _judged(code: int) -> TemporaryError | PermanentError:
    """What an answer of a server means: 4xx is for now, 5xx for good."""
    if code < FIRST_PERMANENT:
        return TemporaryError(Problem.BUSY)
    return PermanentError(Problem.REFUSED_ADDRESS if code in NO_SUCH_ADDRESS else Problem.REFUSED)


class MailChannel:
    """One connection for many mails."""

    def __init__(self) -> None:
        self._connection: Any = get_connection()

    @property
    def _smtp(self) -> smtplib.SMTP | None:
        """The open connection, where the backend is one of SMTP."""
        smtp = getattr(self._connection, "connection", None)
        return smtp if isinstance(smtp, smtplib.SMTP) else None

    def open(self) -> None:
        """Connect and greet, or make sure that the connection still stands.

        So whatever breaks afterwards tells of the message itself.
        """
        if self._smtp is not None and not _answers(self._smtp):
            self.close()
        try:
            self._connection.open()
            if self._smtp is not None:
                self._smtp.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            raise UnreachableError(Problem.UNREACHABLE) from error

    def send(self, message: Message) -> None:
        if not _can_be_written(message.address):
            raise PermanentError(Problem.REFUSED_ADDRESS)
        mail = EmailMultiAlternatives(
            subject=message.subject,
            body=message.text,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[message.address],
            headers=dict(message.headers),
            connection=self._connection,
        )
        if message.html:
            mail.attach_alternative(message.html, "text/html")
        self.open()
        try:
            taken = mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            raise _judged(min((code for code, _text in error.recipients.values()), default=550)) from None
        except smtplib.SMTPResponseException as error:
            raise _judged(error.smtp_code) from None
        except smtplib.SMTPNotSupportedError:
            raise PermanentError(Problem.REFUSED) from None
        except OSError:
            # Also SMTPServerDisconnected and time-outs: the server may have taken the mail before the line broke.
            self.close()
            raise UncertainError(Problem.NO_ANSWER) from None
        if not taken:
            raise PermanentError(Problem.REFUSED)

    def close(self) -> None:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._connection.close()


def _can_be_written(address: str) -> bool:
    """Whether the domain fits the letters of mail: some are too long once they are written in these."""
    try:
        punycode(address.rpartition("@")[2])
    except UnicodeError:
        return False
    return True


def _answers(smtp: smtplib.SMTP) -> bool:
    try:
        return smtp.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False
