"""Ports: how a message leaves the house. The settings' NOTICE_CHANNELS name an implementation for each channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from core.notices.states import Problem


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to one address. `html` is "" for plain text only; text messages have no subject."""

    address: str
    subject: str
    text: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class SendingError(Exception):
    """A message did not, or perhaps did not, go out."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class TemporaryError(SendingError):
    """Surely not sent, and worth another attempt later."""


class UnreachableError(TemporaryError):
    """Nothing at all can be sent now: the next message would fare the same."""


class PermanentError(SendingError):
    """Surely not sent, and another attempt would not help."""


class UncertainError(SendingError):
    """Nobody can tell whether it was sent, so it must not be sent again by itself."""


class Channel(Protocol):
    """One way out. It is opened once for many messages."""

    def open(self) -> None:
        """Get ready. Raises UnreachableError."""

    def send(self, message: Message) -> None:
        """Send one message, once: it returns when the message was taken over. Raises a SendingError."""

    def close(self) -> None:
        """Let go of connections."""


def channel_called(name: str) -> Channel:
    """A new one of this name. Raises KeyError if the settings name none."""
    channel: Channel = import_string(settings.NOTICE_CHANNELS[name])()
    return channel
