"""How fast pages are: requests a second of four pages, each in turn with an empty Django view, on PostgreSQL.

`./run bench pages` prints a table, `./run bench pages --json` one JSON object as its last line.
What the figures mean: docs/performance.md.
"""

import argparse
import http.client
import io
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

from bench._load import Sample, measure
from bench._site import ROOT, THREADS, fetch, refuse, server, stop_cleanly

DEFAULT_SERVER = "postgres://postgres@127.0.0.1:5432/madang_bench"
EMPTY = "/bench/empty/"
WARM_UP_SECONDS = 0.3
SHORTEST_TURN = 0.05
LONGEST_RUN = 100
FEWEST_ITEMS = 2
TARGET = 0.25
# Static files of the desk and the API: packing them takes long, and no measured page asks for them.
NOT_ON_PAGES = ["admin", "rest_framework", "drf_spectacular_sidecar"]
# Pages that anonymous visitors get; the ballot is somebody's own and drawn for each request.
PUBLISHED = ("home", "assembly", "result")


@dataclass(slots=True)
class Figures:
    """Samples of one page and of the empty view in turn with it."""

    page: list[Sample] = field(default_factory=list)
    empty: list[Sample] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return statistics.median(sample.rate for sample in self.page)

    @property
    def ratios(self) -> list[float]:
        return [page.rate / empty.rate for page, empty in zip(self.page, self.empty, strict=True)]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def failures(self) -> int:
        return sum(sample.failures for sample in [*self.page, *self.empty])


def main() -> int:
    options = read_options()
    stop_cleanly()
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder, database() as url:
        environment = site_environment(url, Path(folder))
        pages, session = prepare(environment, options)
        with server(environment, options.workers, Path(folder)) as port:
            figures = measure_all(port, pages, session, options)
    print_table(figures)
    failures = sum(of_page.failures for of_page in figures.values())
    if failures:
        print(f"{failures} requests failed: the figures say nothing.", file=sys.stderr)
    if options.json:
        print(json.dumps(as_json(figures, options, failures)))
    return 1 if failures else 0


def read_options() -> argparse.Namespace:
    def positive(text: str) -> int:
        number = int(text)
        if number < 1:
            raise ValueError(text)
        return number

    parser = argparse.ArgumentParser(prog="./run bench pages", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    parser.add_argument("--rounds", type=positive, default=10, help="turns of page and empty view (10)")
    parser.add_argument("--seconds", type=float, default=0.5, help="length of one turn of one address (0.5)")
    parser.add_argument("--workers", type=positive, default=1, choices=(1, 2), help="processes of gunicorn (1)")
    parser.add_argument("--connections", type=positive, default=8, help="connections that ask at once (8)")
    parser.add_argument("--voters", type=positive, default=300, help="persons on the roll (300)")
    parser.add_argument("--items", type=positive, default=30, help="items on the agenda (30)")
    parser.add_argument("--others", type=int, default=50, help="other assemblies (50)")
    options = parser.parse_args()
    planned = options.rounds * options.seconds * 2 * 4
    if options.seconds < SHORTEST_TURN:
        parser.error(f"a turn is at least {SHORTEST_TURN} seconds long")
    if planned > LONGEST_RUN:
        parser.error(f"these turns would take {planned:.0f} seconds; at most {LONGEST_RUN} are measured")
    if options.items < FEWEST_ITEMS:
        parser.error(f"a ballot needs at least {FEWEST_ITEMS} items")
    if options.others < 0:
        parser.error("there cannot be less than no other assemblies")
    return options


# --- Database ---------------------------------------------------------------------------------------------------------


@contextmanager
def database() -> Iterator[str]:
    """The address of an empty database made for this run on the server of DATABASE_URL, dropped afterwards."""
    given = os.environ.get("DATABASE_URL") or DEFAULT_SERVER
    parts = urlsplit(given)
    if parts.scheme not in {"postgres", "postgresql"}:
        refuse("This benchmark measures on PostgreSQL. DATABASE_URL names another database; unset it or name a server.")
    name = f"madang_bench_{os.getpid()}"
    server_url = parts._replace(scheme="postgresql")
    try:
        connection = psycopg2.connect(server_url._replace(path="/postgres").geturl(), connect_timeout=5)
    except psycopg2.OperationalError as error:
        where = f"{parts.hostname or 'the local socket'}:{parts.port or 5432}"
        refuse(
            f"No PostgreSQL server answers at {where} ({str(error).strip().splitlines()[0]}). "
            f"Start one, or name one in DATABASE_URL."
        )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            try:
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            except psycopg2.errors.InsufficientPrivilege:
                refuse("The account of DATABASE_URL may not create databases, and the benchmark needs one of its own.")
        try:
            yield parts._replace(path=f"/{name}").geturl()
        finally:
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    finally:
        connection.close()


# --- Site -------------------------------------------------------------------------------------------------------------


def site_environment(url: str, folder: Path) -> dict[str, str]:
    """The variables of the site: the demo's settings, but PostgreSQL, and neither DEBUG nor Redis from the shell."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DEBUG", "REDIS_URL", "ALLOWED_HOSTS"}}
    return kept | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "bench._settings",
        "MADANG_MODE": "demo",
        "STATIC_ROOT": str(folder / "static"),
        "PYTHONPATH": str(ROOT),
    }


def prepare(environment: dict[str, str], options: argparse.Namespace) -> tuple[dict[str, str], str]:
    """Migrate, collect static files and fill the database; the addresses of the pages and a voter's session."""
    os.environ.clear()
    os.environ.update(environment)
    import django  # noqa: PLC0415 - the environment stands only now
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    django.setup()
    from bench._town import build  # noqa: PLC0415

    call_command("compile_messages", verbosity=0, stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_ON_PAGES)
    call_command("migrate", interactive=False, verbosity=0)
    town = build(voters=options.voters, items=options.items, others=options.others)
    with connections["default"].cursor() as cursor:
        cursor.execute("ANALYZE")
    connections.close_all()
    return town.pages, town.session


# --- Measuring --------------------------------------------------------------------------------------------------------


def measure_all(port: int, pages: dict[str, str], session: str, options: argparse.Namespace) -> dict[str, Figures]:
    """Each page in turn with the empty view: A B A B …, so that whatever else the machine does meets both."""
    requests = {name: as_bytes(EMPTY if name == "empty" else pages[name], "") for name in ("empty", *PUBLISHED)}
    requests["ballot"] = as_bytes(pages["ballot"], voter_cookies(port, pages["ballot"], session))
    for request in requests.values():
        measure(port=port, request=request, seconds=WARM_UP_SECONDS, connections=options.connections)
    figures = {name: Figures() for name in pages}
    for name, of_page in figures.items():
        for _round in range(options.rounds):
            for samples, wanted in ((of_page.empty, "empty"), (of_page.page, name)):
                samples.append(
                    measure(
                        port=port,
                        request=requests[wanted],
                        seconds=options.seconds,
                        connections=options.connections,
                    )
                )
    return figures


def voter_cookies(port: int, ballot: str, session: str) -> str:
    """The cookies of a browser that has the ballot open."""
    cookies = f"sessionid={session}"
    status, body, set_cookies = fetch(port, ballot, cookies)
    if status != http.client.OK or b'name="submission"' not in body:
        print(f"The ballot answers {status} to a voter: nothing to measure.", file=sys.stderr)
        sys.exit(1)
    return "; ".join([cookies, *set_cookies])


def as_bytes(address: str, cookies: str) -> bytes:
    lines = [f"GET {address} HTTP/1.1", "Host: localhost", "Accept-Encoding: gzip, deflate, br", "Accept: text/html"]
    lines += [f"Cookie: {cookies}"] if cookies else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


# --- Saying -----------------------------------------------------------------------------------------------------------


def empty_rate(figures: dict[str, Figures]) -> float:
    return statistics.median(sample.rate for of_page in figures.values() for sample in of_page.empty)


def print_table(figures: dict[str, Figures]) -> None:
    print(f"{'page':<10}{'requests/s':>12}{'of empty':>10}{'from – to':>16}{'bytes, packed':>15}")
    print(f"{'empty':<10}{empty_rate(figures):>12.0f}{1:>10.2f}")
    for name, of_page in figures.items():
        span = f"{min(of_page.ratios):.2f} – {max(of_page.ratios):.2f}"
        print(f"{name:<10}{of_page.rate:>12.0f}{of_page.ratio:>10.2f}{span:>16}{of_page.page[-1].size:>15}")
    slow = [name for name in PUBLISHED if figures[name].ratio < TARGET]
    if slow:
        print(f"Below the target of {TARGET} of the empty view: {', '.join(slow)}.")
    else:
        print(f"Every published page reaches {TARGET} of the empty view.")


def as_json(figures: dict[str, Figures], options: argparse.Namespace, failures: int) -> dict[str, object]:
    said: dict[str, object] = {"benchmark": "pages", "empty_rps": round(empty_rate(figures), 1), "failures": failures}
    for name, of_page in figures.items():
        said[f"{name}_rps"] = round(of_page.rate, 1)
        said[f"{name}_ratio"] = round(of_page.ratio, 4)
        said[f"{name}_ratios"] = [round(ratio, 4) for ratio in of_page.ratios]
        said[f"{name}_bytes"] = of_page.page[-1].size
    given = {name: value for name, value in vars(options).items() if name != "json"}
    return said | given | {"threads": THREADS, "target": TARGET, "python": platform.python_version()}


if __name__ == "__main__":
    sys.exit(main())
