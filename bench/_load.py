"""A load generator: one thread, raw sockets, keep-alive; a fiftieth of the work of the server that it asks."""

import selectors
import socket
import time
from dataclasses import dataclass, field

HEADER_END = b"\r\n\r\n"
ANSWERS_WITHIN = 30.0
CHUNK = 256 * 1024
OK = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """What came back within a time; `size` is the body of the last answer in bytes, packed as it was sent."""

    answers: int
    failures: int
    seconds: float
    size: int

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return self.answers / self.seconds


@dataclass(slots=True)
class _Line:
    """One connection with the request under way on it."""

    port: int
    request: bytes
    link: socket.socket = field(init=False)
    received: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.link = self._connected()

    def _connected(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port), timeout=ANSWERS_WITHIN)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def reconnect(self) -> None:
        self.link.close()
        self.link = self._connected()

    def ask(self) -> None:
        self.received.clear()
        self.link.sendall(self.request)

    def answer(self) -> tuple[int, int, bool] | None:
        """Status, size of the body and whether the server hangs up, once the answer is whole."""
        end = self.received.find(HEADER_END)
        if end < 0:
            return None
        head = bytes(self.received[:end]).lower()
        size = int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0] or 0)
        if len(self.received) < end + len(HEADER_END) + size:
            return None
        return int(head[9:12]), size, b"\r\nconnection: close" in head


def measure(*, port: int, request: bytes, seconds: float, connections: int) -> Sample:
    """Send `request` on so many connections, again as soon as each is answered, for so many seconds.

    What is under way then is waited for and counted, so that slow pages are not cut off. Any status but 200 and any
    connection that breaks off is a failure. Raises TimeoutError if an answer stays away for long.
    """
    lines = [_Line(port, request) for _number in range(connections)]
    answers = failures = size = 0
    with selectors.DefaultSelector() as selector:
        began = time.perf_counter()
        for line in lines:
            selector.register(line.link, selectors.EVENT_READ, line)
            line.ask()
        while selector.get_map():
            ready = selector.select(ANSWERS_WITHIN)
            if not ready:
                raise TimeoutError(f"no answer within {ANSWERS_WITHIN:.0f} seconds")
            for line in (key.data for key, _events in ready):
                chunk = line.link.recv(CHUNK)
                line.received += chunk
                answer = line.answer()
                if answer is None and chunk:
                    continue
                status, length, hangs_up = answer or (0, 0, True)
                answers += status == OK
                failures += status != OK
                size = length if status == OK else size
                if time.perf_counter() - began >= seconds:
                    selector.unregister(line.link)
                    continue
                if hangs_up:
                    selector.unregister(line.link)
                    line.reconnect()
                    selector.register(line.link, selectors.EVENT_READ, line)
                line.ask()
        took = time.perf_counter() - began
    for line in lines:
        line.link.close()
    return Sample(answers=answers, failures=failures, seconds=took, size=size)
