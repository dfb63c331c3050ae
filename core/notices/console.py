"""Text messages and messengers where none is connected: a line that says that a message would have gone out."""

import sys

from core.notices.addresses import masked
from core.notices.channels import Message, PermanentError
from core.notices.lengths import NotSendableError, length_of
from core.notices.states import Problem


class ConsoleTexts:
    """Text messages, refused by the same rules as a carrier's."""

    def open(self) -> None:
        """Nothing to open."""

    def send(self, message: Message) -> None:
        try:
            length = length_of(message.text)
        except NotSendableError:
            raise PermanentError(Problem.NOT_WRITABLE) from None
        sys.stdout.write(f"{length.form} to {masked(message.address)}: {length.size} bytes\n")

    def close(self) -> None:
        """Nothing to close."""


class ConsoleMessenger:
    """A messenger such as those that Korean administrations use for notices."""

    def open(self) -> None:
        """Nothing to open."""

    def send(self, message: Message) -> None:
        sys.stdout.write(f"messenger to {masked(message.address)}: {len(message.text)} signs\n")

    def close(self) -> None:
        """Nothing to close."""
