"""Channels for tests: one that writes down what went out, and one that fails as it is told."""

import os
import signal
from pathlib import Path

from core.notices.channels import Message


class FileChannel:
    """Appends each address to the file NOTICES_FILE; kills its process at the NOTICES_KILL_AT-th message.

    NOTICES_KILL is "before" or "after" the message went out.
    """

    sent = 0

    def open(self) -> None:
        pass

    def send(self, message: Message) -> None:
        FileChannel.sent += 1
        is_fatal = os.environ.get("NOTICES_KILL_AT") == str(FileChannel.sent)
        if is_fatal and os.environ["NOTICES_KILL"] == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        with Path(os.environ["NOTICES_FILE"]).open("a") as file:
            file.write(message.address + "\n")
        if is_fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def close(self) -> None:
        pass


class ScriptedChannel:
    """Does for each message what stands first in `script`: raises it, calls it, or sends. Then it sends all."""

    script: list = []
    sent: list[Message] = []
    opened = closed = 0

    @classmethod
    def forget(cls) -> None:
        cls.script, cls.sent, cls.opened, cls.closed = [], [], 0, 0

    def open(self) -> None:
        ScriptedChannel.opened += 1
        self._next("open")

    def send(self, message: Message) -> None:
        self._next("send")
        ScriptedChannel.sent.append(message)

    def _next(self, where: str) -> None:
        script = ScriptedChannel.script
        if script and (script[0] is None or script[0][0] == where):
            step = script.pop(0)
            if step is None:
                return
            if callable(step[1]):
                step[1]()
            else:
                raise step[1]

    def close(self) -> None:
        ScriptedChannel.closed += 1
