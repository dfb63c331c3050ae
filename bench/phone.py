"""A resident's way to a cast vote on an old phone: bytes, time until the ballot can be used, and taps.

`./run bench phone` prints tables, `./run bench phone --json` one JSON object as its last line.
What the figures mean: docs/performance.md.
"""

import argparse
import base64
import gzip
import html
import io
import json
import os
import platform
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from bench._chromium import ChromiumError, Line, Phone, find, running
from bench._site import ROOT, refuse, server, stop_cleanly

# Lighthouse's "slow 4G" as it simulates it, and as DevTools applies it to each request ("Slow 4G").
SLOW_4G = Line(delay=150, down=1638.4, up=750)
DEVTOOLS_SLOW_4G = Line(delay=562.5, down=1474.56, up=675)
SLOWER = 4
LOGIN = "account_login"
WHO = "bom@example.org"
CHOICES = 3
MOST_ROUNDS = 15
AIMS = {"first_bytes": 60_000, "next_bytes": 15_000, "usable_s": 2.0, "taps": 8}
# Named in the design brief, measured elsewhere: bytes of the first page, seconds until it could be used.
PEERS = (
    ("a GOV.UK form", 125_000, 0.9),
    ("Helios: booth", 188_000, 2.4),
    ("OpenDLP: registration", 508_000, None),
    ("pretalx: schedule", 663_000, 5.3),
)
NOT_ON_PAGES = ["admin", "rest_framework", "drf_spectacular_sidecar"]

# Runs in each page before its own scripts. Times are seconds from the start of the navigation, redirects included.
WATCH = """(() => {
    const seen = window.bench = {painted: null, usable: null, shift: 0};
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
    }).observe({type: "layout-shift", buffered: true});
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
            if (entry.name === "first-contentful-paint") seen.painted = entry.startTime / 1000;
    }).observe({type: "paint", buffered: true});
    const look = () => {
        const counter = document.querySelector("form.ballot .ballot-bar__count");
        const answers = counter && !counter.hidden && counter.getClientRects().length > 0;
        if (seen.usable === null && seen.painted !== null && answers) seen.usable = performance.now() / 1000;
        if (seen.usable === null) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})()"""
COUNTED = "document.querySelector('form.ballot .ballot-bar__count').innerText"
ICONS = """Promise.all([...document.querySelectorAll("link[rel~=icon]")].map((link) => fetch(link.href))).then(
    (answers) => Promise.all(answers.map((answer) => answer.arrayBuffer()))).then((files) => files.length)"""


@dataclass(frozen=True, slots=True)
class Visit:
    """One page of the way: bytes of all that came over the line for it, when it was seen, how far it jumped."""

    name: str
    files: dict[str, int]
    painted_s: float
    shift: float

    @property
    def bytes(self) -> int:
        return sum(self.files.values())


@dataclass(frozen=True, slots=True)
class Way:
    """From the link in a message to the receipt."""

    visits: list[Visit]
    taps: int
    taps_to_sign_in: int

    @property
    def first_bytes(self) -> int:
        return self.visits[0].bytes

    @property
    def next_bytes(self) -> int:
        return max(visit.bytes for visit in self.visits[1:])


@dataclass(slots=True)
class Times:
    """Seconds from the start of the navigation, of each round."""

    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    devtools: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)


def main() -> int:
    options = read_options()
    program = find()
    if program is None:
        refuse("This benchmark needs Chromium: install the package chromium, or name the program in CHROMIUM.")
    stop_cleanly()
    with tempfile.TemporaryDirectory(prefix="madang-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        environment = site_environment(folder)
        ballot, session, password = prepare(environment)
        with server(environment, 1, folder) as port, running(program, folder) as browser:
            phone = Phone(browser, SLOW_4G, SLOWER)
            phone.run_in_every_page(WATCH)
            site = f"http://localhost:{port}"
            try:
                times = measure_times(phone, site, ballot, session, options.rounds)
                way = walk(phone, site, ballot, password, options.pictures)
            except ChromiumError as error:
                print(f"The way ended early: {error}", file=sys.stderr)
                return 1
    print_tables(way, times)
    if options.json:
        print(json.dumps(as_json(way, times, options.rounds)))
    return 0


def read_options() -> argparse.Namespace:
    def rounds(text: str) -> int:
        number = int(text)
        if not 1 <= number <= MOST_ROUNDS:
            raise ValueError(text)
        return number

    parser = argparse.ArgumentParser(prog="./run bench phone", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    parser.add_argument(
        "--rounds", type=rounds, default=7, help=f"how often each time is taken (7, at most {MOST_ROUNDS})"
    )
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="keep a picture of each page there")
    return parser.parse_args()


# --- Site -------------------------------------------------------------------------------------------------------------


def site_environment(folder: Path) -> dict[str, str]:
    """The variables of the site: the demo town in a folder of its own, no debug mode whatever the shell says."""
    theirs = {"DEBUG", "REDIS_URL", "DATABASE_URL", "ALLOWED_HOSTS", "STATIC_ROOT", "EMBEDDED_WORKER"}
    kept = {name: value for name, value in os.environ.items() if name not in theirs}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MADANG_MODE": "demo",
        "MADANG_VAR_DIR": str(folder),
        "PYTHONPATH": str(ROOT),
    }


def prepare(environment: dict[str, str]) -> tuple[str, str, str]:
    """Load the demo town; the address of a ballot, the session of somebody who may cast it, and their password."""
    os.environ.clear()
    os.environ.update(environment)
    import django  # noqa: PLC0415 - the environment stands only now
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    django.setup()
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from assemblies.models import Poll  # noqa: PLC0415
    from assemblies.states import PollKind, PollStatus  # noqa: PLC0415
    from demo.accounts import PASSWORD  # noqa: PLC0415
    from residents.models import User  # noqa: PLC0415

    quiet = io.StringIO()
    call_command("compile_messages", verbosity=0, stdout=quiet)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_ON_PAGES)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_demo", stdout=quiet)
    voter = User.objects.get(email=WHO)
    poll = Poll.objects.get(
        status=PollStatus.OPEN, kind=PollKind.CHOOSE, max_choices=CHOICES, assembly__roll__user=voter
    )
    client = Client()
    client.force_login(voter, backend="residents.backends.EmailBackend")
    connections.close_all()
    return reverse("assemblies:ballot", args=[poll.pk]), client.cookies["sessionid"].value, PASSWORD


# --- Times ------------------------------------------------------------------------------------------------------------


def measure_times(phone: Phone, site: str, ballot: str, session: str, rounds: int) -> Times:
    """When the ballot can be used and a bare page of the same words is seen, in turns: A B A B …"""
    times = Times()
    phone.have_cookie("sessionid", session, site)
    phone.open(site + ballot)
    with bare_page(phone.see("document.body.innerText")) as bare:
        for _round in range(rounds):
            come(phone, bare, cold=True)
            times.bare.append(phone.wait_for("window.bench.painted"))
            come(phone, site + ballot, cold=True)
            times.cold.append(usable(phone))
            times.answer.append(answer_to_a_tap(phone))
            come(phone, site + ballot, cold=False)
            times.warm.append(usable(phone))
            phone.use(DEVTOOLS_SLOW_4G)
            come(phone, site + ballot, cold=True)
            times.devtools.append(usable(phone))
            phone.use(SLOW_4G)
    return times


def come(phone: Phone, address: str, *, cold: bool) -> None:
    """Come from outside, as by a link in a message: Chromium then starts a process for the site each time."""
    phone.open("about:blank")
    if cold:
        phone.forget(cookies=False)
    phone.open(address)


def usable(phone: Phone) -> float:
    """When the page was painted and its counting bar at work; that it counts is tried by a tap."""
    seconds: float = phone.wait_for("window.bench.usable")
    return seconds


def answer_to_a_tap(phone: Phone) -> float:
    """Seconds from the finger on the first choice to the frame after the bar has counted it."""
    phone.see(
        f"""(() => {{
            const before = {COUNTED};
            window.benchAnswer = null;
            addEventListener("pointerdown", (event) => {{
                const look = () => {{
                    if ({COUNTED} === before) return requestAnimationFrame(look);
                    requestAnimationFrame(() => window.benchAnswer = (performance.now() - event.timeStamp) / 1000);
                }};
                look();
            }}, {{once: true, capture: true}});
        }})()"""
    )
    phone.tap(choice(1))
    seconds: float = phone.wait_for("window.benchAnswer")
    return seconds


class _BarePage(BaseHTTPRequestHandler):
    """Answers with the same packed page whatever is asked."""

    protocol_version = "HTTP/1.1"

    def __init__(self, packed: bytes, *args: object) -> None:
        self.packed = packed
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(self.packed)))
        self.end_headers()
        self.wfile.write(self.packed)

    def log_message(self, *_args: object) -> None:
        """Nothing: the benchmark says what it found itself."""


@contextmanager
def bare_page(text: str) -> Iterator[str]:
    """The address of a page with these words and nothing else: less cannot be, so it is what pages are held against."""
    lines = "".join(f"<p>{html.escape(line)}" for line in text.splitlines() if line.strip())
    page = f'<!doctype html><html lang="ko"><meta name="viewport" content="width=device-width"><title>-</title>{lines}'
    asked = ThreadingHTTPServer(("127.0.0.1", 0), partial(_BarePage, gzip.compress(page.encode())))
    thread = threading.Thread(target=asked.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{asked.server_port}/"
    finally:
        asked.shutdown()
        asked.server_close()


# --- Way --------------------------------------------------------------------------------------------------------------


def choice(number: int) -> str:
    return f"form.ballot .choice:nth-of-type({number}) label"


def walk(phone: Phone, site: str, ballot: str, password: str, pictures: Path | None) -> Way:
    """From the link in a message to the receipt, as somebody who was never here; afterwards other pages by link."""
    visits: list[Visit] = []

    def visited(name: str) -> None:
        painted = phone.wait_for("window.bench.painted")
        shift = phone.see("window.bench.shift")
        files = {urlsplit(address).path: size for address, size in phone.traffic.bytes.items() if size}
        visits.append(Visit(name, files, round(painted, 3), round(shift, 4)))
        if pictures:
            pictures.mkdir(parents=True, exist_ok=True)
            (pictures / f"{len(visits)}.png").write_bytes(base64.b64decode(phone.picture()))

    phone.open("about:blank")
    phone.forget(cookies=True)
    phone.taps = 1  # the link in the message
    phone.open(site + ballot)
    phone.see(ICONS)
    phone.settle()
    visited("sign-in")
    for name, text in (("login", WHO), ("password", password)):
        phone.tap(f"main input[name={name}]")
        phone.write(text)
    phone.follow("main form button[type=submit]")
    taps_to_sign_in, phone.taps = phone.taps, 0
    visited("ballot")
    for number in range(1, CHOICES + 1):
        phone.tap(choice(number))
    phone.follow("form.ballot button[type=submit]")
    visited("check")
    phone.follow("form[action$='/cast/'] button[type=submit]")
    if not phone.see("location.pathname").endswith("/receipt/"):
        raise ChromiumError(f"the vote did not lead to a receipt but to {phone.see('location.pathname')}")
    taps = phone.taps
    visited("receipt")
    for name, address in (("assembly", "/assemblies/"), ("home", "/")):
        here = f"main a[href^='{address}']" if name == "assembly" else "header a[href='/']"
        phone.follow(here)
        visited(name)
    return Way(visits, taps, taps_to_sign_in)


# --- Saying -----------------------------------------------------------------------------------------------------------


def figures(way: Way, times: Times) -> dict[str, float]:
    return {
        "first_bytes": way.first_bytes,
        "next_bytes": way.next_bytes,
        "usable_s": round(statistics.median(times.cold), 3),
        "taps": way.taps,
    }


def print_tables(way: Way, times: Times) -> None:
    print(
        f"360 × 780, touch, processor {SLOWER} × slower; {SLOW_4G.delay:.0f} ms before each answer, "
        f"{SLOW_4G.down / 1024:.1f} Mbit/s down, {SLOW_4G.up:.0f} kbit/s up\n"
    )
    print(f"{'page':<12}{'bytes':>9}{'requests':>10}{'first seen':>12}{'jumps':>8}")
    for visit in way.visits:
        print(f"{visit.name:<12}{visit.bytes:>9}{len(visit.files):>10}{visit.painted_s:>10.2f} s{visit.shift:>8.3f}")
    print(f"\nTaps after signing in: {way.taps}; from the link in the message to there: {way.taps_to_sign_in}.\n")
    print(f"{'seconds until':<48}{'median':>8}{'from – to':>16}")
    for name, taken in (
        ("the ballot can be used, nothing in the cache", times.cold),
        ("the same, later", times.warm),
        (f"the same, nothing in the cache, {DEVTOOLS_SLOW_4G.delay:.1f} ms", times.devtools),
        ("a tap is counted", times.answer),
        ("a bare page of the same words is seen", times.bare),
    ):
        print(f"{name:<48}{statistics.median(taken):>8.2f}{f'{min(taken):.2f} – {max(taken):.2f}':>16}")
    print(f"\n{'peer, as measured elsewhere':<32}{'bytes':>9}{'usable':>8}{'bytes / ours':>14}")
    for name, size, seconds in PEERS:
        took = f"{seconds:.1f} s" if seconds else "–"
        print(f"{name:<32}{size:>9}{took:>8}{size / way.first_bytes:>14.1f}")
    missed = [name for name, value in figures(way, times).items() if value > AIMS[name]]
    print(f"\nMissed: {', '.join(missed)}." if missed else "\nEvery aim is reached.")


def as_json(way: Way, times: Times, rounds: int) -> dict[str, object]:
    median = statistics.median
    return {
        "benchmark": "phone",
        **figures(way, times),
        "usable_all_s": [round(value, 3) for value in times.cold],
        "usable_warm_s": round(median(times.warm), 3),
        "usable_devtools_s": round(median(times.devtools), 3),
        "tap_answer_s": round(median(times.answer), 3),
        "bare_s": round(median(times.bare), 3),
        "of_bare": round(median(ours / bare for ours, bare in zip(times.cold, times.bare, strict=True)), 3),
        "taps_to_sign_in": way.taps_to_sign_in,
        "visits": [asdict(visit) | {"bytes": visit.bytes} for visit in way.visits],
        "aims": AIMS,
        "line": asdict(SLOW_4G),
        "cpu_slower": SLOWER,
        "rounds": rounds,
        "python": platform.python_version(),
    }


if __name__ == "__main__":
    sys.exit(main())
