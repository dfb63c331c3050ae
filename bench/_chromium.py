"""Chromium as a phone, driven by the DevTools protocol through a pair of pipes: nothing but Chromium is needed.

The protocol: https://chromedevtools.github.io/devtools-protocol/. Each message is JSON that ends with a zero byte.
"""

import fcntl
import json
import os
import select
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PIPES_FROM = 10
CHUNK = 1 << 16
LIMIT = 30.0
LOOKS_EVERY = 0.05
QUIET_FOR = 0.2
WIDTH, HEIGHT = 360, 780
STOPS_WITHIN = 5.0
PROGRAMS = ("chromium", "chromium-browser", "chromium-headless-shell")
OPTIONS = (
    *("--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-extensions", "--disable-default-apps", "--hide-scrollbars", "--mute-audio", "about:blank"),
)
PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Mobile Safari/537.36"


class ChromiumError(Exception):
    """Chromium refused a command, or a page did not become what was waited for."""


def find() -> str | None:
    """The machine's Chromium, or the one of CHROMIUM; the shell without windows where there is no other."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)


@dataclass(frozen=True, slots=True)
class Line:
    """A connection to the web: delay of each answer in milliseconds, speeds in kilobits (1,000 bits) a second."""

    delay: float
    down: float
    up: float


@dataclass(slots=True)
class Traffic:
    """Bytes that came over the line, headers included, by address, and what is still under way."""

    bytes: dict[str, int] = field(default_factory=dict)
    under_way: dict[str, str] = field(default_factory=dict)

    def hear(self, method: str, params: dict[str, Any]) -> None:
        number = params.get("requestId", "")
        if method == "Network.requestWillBeSent":
            if "redirectResponse" in params and number in self.under_way:
                self._add(self.under_way[number], params["redirectResponse"]["encodedDataLength"])
            if params["request"]["url"].startswith("http"):
                self.under_way[number] = params["request"]["url"]
        elif method == "Network.loadingFinished" and number in self.under_way:
            self._add(self.under_way.pop(number), params["encodedDataLength"])
        elif method == "Network.loadingFailed":
            self.under_way.pop(number, None)

    def _add(self, address: str, size: float) -> None:
        self.bytes[address] = self.bytes.get(address, 0) + int(size)

    def begin(self) -> None:
        """Count from here on."""
        self.bytes.clear()


class Chromium:
    """A running browser; `call` sends a command and waits for its answer, events go to who listens."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._received = bytearray()
        self._number = 0
        self._results: dict[int, dict[str, Any]] = {}
        self.listeners: list[Callable[[str, dict[str, Any]], None]] = []

    def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """The result of a command. Raises ChromiumError if Chromium refuses it or does not answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        os.write(self._commands, json.dumps(message | ({"sessionId": session} if session else {})).encode() + b"\0")
        limit = time.monotonic() + LIMIT
        while self._number not in self._results:
            if not self.hear(limit - time.monotonic()):
                raise ChromiumError(f"Chromium did not answer {method} within {LIMIT:.0f} seconds")
        answer = self._results.pop(self._number)
        if "error" in answer:
            raise ChromiumError(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def hear(self, seconds: float) -> bool:
        """Take in what Chromium says within so many seconds; False if it says nothing."""
        ready, _write, _error = select.select([self._answers], [], [], max(0, seconds))
        if not ready:
            return False
        chunk = os.read(self._answers, CHUNK)
        if not chunk:
            raise ChromiumError("Chromium ended")
        self._received += chunk
        while (end := self._received.find(0)) >= 0:
            message = json.loads(self._received[:end])
            del self._received[: end + 1]
            if "id" in message:
                self._results[message["id"]] = message
            else:
                for listener in self.listeners:
                    listener(message["method"], message["params"])
        return True


@contextmanager
def running(program: str, folder: Path) -> Iterator[Chromium]:
    """Chromium with a profile of its own in `folder`, ended afterwards."""
    theirs_in, ours_out = _pipe()
    ours_in, theirs_out = _pipe()
    quiet = (os.POSIX_SPAWN_OPEN, 2, str(folder / "chromium.log"), os.O_WRONLY | os.O_CREAT, 0o600)
    process = os.posix_spawn(
        program,
        [program, f"--user-data-dir={folder / 'profile'}", *OPTIONS],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, theirs_in, 3), (os.POSIX_SPAWN_DUP2, theirs_out, 4), quiet],
    )
    os.close(theirs_in)
    os.close(theirs_out)
    browser = Chromium(ours_out, ours_in)
    try:
        yield browser
    finally:
        _end(process)
        os.close(ours_out)
        os.close(ours_in)


def _pipe() -> tuple[int, int]:
    """A pipe whose numbers leave 3 and 4 free, where Chromium looks for its own."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, PIPES_FROM) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]


def _end(process: int) -> None:
    os.kill(process, signal.SIGTERM)
    limit = time.monotonic() + STOPS_WITHIN
    while time.monotonic() < limit:
        if os.waitpid(process, os.WNOHANG)[0]:
            return
        time.sleep(LOOKS_EVERY)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


class Phone:
    """One window of 360 × 780 with touch, on a slow line and with a slow processor."""

    def __init__(self, browser: Chromium, line: Line, slower: float) -> None:
        self._browser = browser
        self.traffic = Traffic()
        self.taps = 0
        version = browser.call("Browser.getVersion")["product"].partition("/")[2]
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        browser.listeners.append(self.traffic.hear)
        self._call("Page.enable")
        self._call("Network.enable")
        self._call("Network.setUserAgentOverride", userAgent=PHONE.format(version), acceptLanguage="ko-KR")
        self._call("Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=2, mobile=True)
        self._call("Emulation.setTouchEmulationEnabled", enabled=True)
        self._call("Emulation.setCPUThrottlingRate", rate=slower)
        self.use(line)

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, **params)

    def use(self, line: Line) -> None:
        self._call(
            "Network.emulateNetworkConditions",
            offline=False,
            latency=line.delay,
            downloadThroughput=line.down * 1000 / 8,
            uploadThroughput=line.up * 1000 / 8,
        )

    def forget(self, *, cookies: bool) -> None:
        """An empty cache, and no cookies either if wanted."""
        self._call("Network.clearBrowserCache")
        if cookies:
            self._call("Network.clearBrowserCookies")

    def have_cookie(self, name: str, value: str, site: str) -> None:
        self._call("Network.setCookie", name=name, value=value, url=site, httpOnly=True)

    def run_in_every_page(self, script: str) -> None:
        """Run `script` in each new page before its own scripts."""
        self._call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def see(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page. Raises ChromiumError if it throws."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise ChromiumError(f"{expression}: {answer['exceptionDetails']['text']}")
        return answer["result"].get("value")

    def open(self, address: str) -> None:
        """Go to an address and wait until all of it has come."""
        self._leave()
        self._call("Page.navigate", url=address)
        self._arrive()

    def follow(self, selector: str) -> None:
        """Tap what leads to another page, and wait until all of that has come."""
        self._leave()
        self.tap(selector)
        self._arrive()

    def _leave(self) -> None:
        self.traffic.begin()
        self.see("window.benchLeft = true")

    def _arrive(self) -> None:
        self.wait_for("!window.benchLeft && document.readyState === 'complete'")
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is under way for a moment."""
        limit = time.monotonic() + LIMIT
        while self._browser.hear(QUIET_FOR) or self.traffic.under_way:
            if time.monotonic() > limit:
                raise ChromiumError(f"still under way: {', '.join(self.traffic.under_way.values())}")

    def wait_for(self, expression: str) -> Any:
        """The value of `expression` once it is true. Raises ChromiumError if that takes too long."""
        limit = time.monotonic() + LIMIT
        while time.monotonic() < limit:
            try:
                value = self.see(expression)
            except ChromiumError as error:
                # Between two pages there is nothing to look at.
                if "ontext" not in str(error) and "navigated" not in str(error):
                    raise
            else:
                if value:
                    return value
            self._browser.hear(LOOKS_EVERY)
        raise ChromiumError(f"never came true on {self.see('location.href')}: {expression}")

    def tap(self, selector: str) -> None:
        """Put a finger on the middle of an element. Raises ChromiumError if it is not there or something covers it."""
        point = self.see(
            f"""(() => {{
                const found = document.querySelector({json.dumps(selector)});
                if (!found) return null;
                found.scrollIntoView({{block: "center", behavior: "instant"}});
                const box = found.getBoundingClientRect();
                const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                const hit = document.elementFromPoint(x, y);
                const free = hit && (found.contains(hit) || hit.contains(found));
                return free ? {{x, y}} : {{covered: hit?.outerHTML ?? ""}};
            }})()"""
        )
        if point is None or "covered" in point:
            where = self.see("location.pathname")
            raise ChromiumError(f"no finger reaches {selector} on {where}: {point and point['covered'][:200]}")
        self.taps += 1
        self._call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": point["x"], "y": point["y"]}])
        self._call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def write(self, text: str) -> None:
        """Type into the field that has the focus. The keyboard's taps are not counted."""
        self._call("Input.insertText", text=text)

    def picture(self) -> str:
        """The window as a PNG, in base64."""
        data: str = self._call("Page.captureScreenshot", format="png")["data"]
        return data
