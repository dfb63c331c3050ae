"""How fast the search is: agenda items by words of two, three and six syllables, against a plain scan, on PostgreSQL.

`./run bench search` prints a table, `./run bench search --json` one JSON object as its last line.
What the figures mean: docs/performance.md, "Search".
"""

import argparse
import io
import json
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

from bench.pages import NOT_ON_PAGES, database

ITEMS = 350_000
FEWEST_ITEMS = 1_000
ITEMS_OF_AN_ASSEMBLY = 10
HITS_SHOWN = 20
OK = 200
# What is typed, and what a plain scan has to look for instead: it knows neither particles nor spaces nor errors.
QUERIES = (
    ("two syllables, in every tenth", "주차", "주차"),
    ("two syllables, rare", "텃밭", "텃밭"),
    ("two syllables with a particle", "텃밭에서", "텃밭"),
    ("three syllables, in every tenth", "놀이터", "놀이터"),
    ("three syllables with a particle", "놀이터를", "놀이터"),
    ("six syllables", "자전거보관대", "자전거 보관대"),
    ("six syllables with a particle", "자전거보관대를", "자전거 보관대"),
    ("two words", "경로당 손잡이", "손잡이"),
    ("found nowhere", "우주정거장", "우주정거장"),
    ("typing error", "자전거보간대", "자전거보간대"),
)
# Ten things of which every item names one in its title, and rarer ones with their step: every so manieth item.
THINGS = ["주차장", "놀이터", "도서관", "쉼터", "가로등", "화단", "경로당", "통학로", "골목길", "공원"]
RARE = (("텃밭", 997), ("자전거 보관대", 1_009), ("손잡이", 211))
DEEDS = ("새로 만들기", "고치기", "안전하게 바꾸기", "함께 돌보기", "밤에도 열기", "깨끗하게 하기", "넓히기")
GAINS = (
    "아이들이 마음 놓고 다닙니다.",
    "어르신이 쉬어 갈 곳이 생깁니다.",
    "이웃이 서로 얼굴을 익힙니다.",
    "밤길이 밝아집니다.",
    "쓰레기가 줄어듭니다.",
)
DESCRIPTION = (
    "지난해 마을 조사에서 주민 여러 분이 말씀하신 일입니다. 분과에서 세 번 모여 현장을 보고 "
    "이웃 마을의 사례를 살폈습니다. "
    "구청 담당 부서와 비용을 따져 보았으며, 공사는 봄에 시작하여 여름 전에 마칩니다. "
    "마친 뒤에는 통장과 주민이 함께 살핍니다."
)


@dataclass(slots=True)
class Times:
    """Seconds of one query, each time it was asked, and how much was found."""

    search: list[float] = field(default_factory=list)
    scan: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    found: int = 0

    @property
    def ratio(self) -> float:
        """How many times as long the scan takes."""
        return statistics.median(self.scan) / statistics.median(self.search)


def main() -> int:
    options = read_options()
    signal.signal(signal.SIGTERM, _stop)
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder, database() as url:
        for name in ("DEBUG", "REDIS_URL", "ALLOWED_HOSTS"):
            os.environ.pop(name, None)
        os.environ |= {"DATABASE_URL": url, "MADANG_MODE": "demo", "SEARCH_RATE": "100000/m/ip"}
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "STATIC_ROOT": str(Path(folder) / "static")}
        import django  # noqa: PLC0415 - the environment stands only now

        django.setup()
        from django.db import connections  # noqa: PLC0415

        try:
            built = build(options.items)
            times = measure_all(options.rounds)
        finally:
            connections.close_all()
    print_table(times, options.items, built)
    if options.json:
        print(json.dumps(as_json(times, options, built)))
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench search", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    parser.add_argument("--items", type=int, default=ITEMS, help=f"agenda items ({ITEMS})")
    parser.add_argument("--rounds", type=int, default=7, help="how often each query is asked (7)")
    options = parser.parse_args()
    if options.items < FEWEST_ITEMS:
        parser.error(f"at least {FEWEST_ITEMS} agenda items are needed for the rare words to occur")
    if options.rounds < 1:
        parser.error("each query is asked once at least")
    return options


def _stop(_number: int, _frame: object) -> NoReturn:
    """Leave through the cleaning up: the database goes."""
    sys.exit(143)


# --- Data -------------------------------------------------------------------------------------------------------------


def build(items: int) -> dict[str, Any]:
    """Fill the database, then build the indexes; how long that took and how large they are."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    call_command("compile_messages", verbosity=0, stdout=io.StringIO())
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_ON_PAGES)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("migrate", "portal", "zero", interactive=False, verbosity=0)
    _fill(items)
    began = time.perf_counter()
    call_command("migrate", "portal", interactive=False, verbosity=0)
    took = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT pg_relation_size('search_agenda_item'), pg_table_size('assemblies_agendaitem')")
        index, table = cursor.fetchone()
    return {"index_seconds": round(took, 1), "index_bytes": index, "table_bytes": table}


def _fill(items: int) -> None:
    """The town of the other benchmark, then as many concluded assemblies and items as are wanted, in the database."""
    from django.db import connection  # noqa: PLC0415

    from bench._town import build as build_town  # noqa: PLC0415

    build_town(voters=2, items=2, others=0)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO assemblies_assembly (dong_id, kind, title, host, purpose, description, rule_set_id, status,
                held_at, place, announced_at, cancelled_because)
            SELECT (SELECT max(id) FROM residents_region) - number %% 10, 'residents', '주민총회 ' || number, '',
                '내년 마을 사업의 순서를 정합니다.', '', (SELECT max(id) FROM ordinances_ruleset), 'concluded',
                timestamptz '2026-01-01' - number * interval '1 hour', '행정복지센터', timestamptz '2016-01-01', ''
            FROM generate_series(1, %s) AS number
            """,
            [items // ITEMS_OF_AN_ASSEMBLY],
        )
        rare = " || ".join("CASE WHEN number %% %s = 0 THEN %s ELSE '' END" for _word in RARE)
        cursor.execute(
            f"""
            INSERT INTO assemblies_agendaitem (assembly_id, number, title, gain, description, category, proposer, place,
                opinion)
            SELECT (SELECT max(id) FROM assemblies_assembly) - (number - 1) / %s, 100 + number %% %s,
                (%s::text[])[1 + number * 7 %% 10] || ' ' || {rare} || (%s::text[])[1 + number * 11 %% 7],
                (%s::text[])[1 + number * 13 %% 5], %s || ' ' || number, 'parking', '주민자치회 마을 분과', '', ''
            FROM generate_series(1, %s) AS number
            """,  # noqa: S608 - the pieces are ours
            [
                *(ITEMS_OF_AN_ASSEMBLY, ITEMS_OF_AN_ASSEMBLY, THINGS),
                *(value for word, step in RARE for value in (step, f"{word} ")),
                *(list(DEEDS), list(GAINS), DESCRIPTION, items),
            ],
        )


# --- Measuring --------------------------------------------------------------------------------------------------------


def measure_all(rounds: int) -> dict[str, Times]:
    """Each query in turn as search and as scan, so that whatever else the machine does meets both, then as a page."""
    from django.core.cache import caches  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    client = Client()
    times = {name: Times() for name, *_texts in QUERIES}
    for name, typed, plain in QUERIES:
        one = times[name]
        for _round in range(rounds):
            one.found, seconds = _timed(lambda typed=typed: search(typed))
            one.search.append(seconds)
            _found, seconds = _timed(lambda plain=plain: scan(plain))
            one.scan.append(seconds)
            caches["pages"].clear()
            status, seconds = _timed(lambda typed=typed: client.get(f"/search/?q={quote(typed)}").status_code)
            one.page.append(seconds)
            if status != OK:
                print(f"The search for {typed} answers {status}.", file=sys.stderr)
                sys.exit(1)
    return times


def _timed(ask: Callable[[], int]) -> tuple[int, float]:
    began = time.perf_counter()
    answer = ask()
    return answer, time.perf_counter() - began


def search(typed: str) -> int:
    """Number of the items found, and the first of them read; what sounds alike where none is found."""
    from django.utils import timezone  # noqa: PLC0415

    from portal.search.finding import Search, shown  # noqa: PLC0415
    from portal.search.sources import SOURCES  # noqa: PLC0415

    (items,) = [source for source in SOURCES if source.code == "items"]
    asked = Search.of(typed, at=timezone.now())
    assert asked is not None  # noqa: S101 - every query here says something
    keys = asked.keys(items)
    found = keys.count()
    shown(items, list(keys[:HITS_SHOWN]) if found else asked.alike(items))
    return found


def scan(plain: str) -> int:
    """The same by reading every text."""
    from django.db.models import Q  # noqa: PLC0415

    from portal.search.finding import shown  # noqa: PLC0415
    from portal.search.sources import SOURCES  # noqa: PLC0415

    (items,) = [source for source in SOURCES if source.code == "items"]
    condition = Q()
    for name in items.fields:
        condition |= Q(**{f"{name}__icontains": plain})
    rows = items.rows().filter(condition).order_by("-assembly__held_at", "-pk").values_list("pk", flat=True)
    found = rows.count()
    shown(items, list(rows[:HITS_SHOWN]))
    return int(found)


# --- Saying -----------------------------------------------------------------------------------------------------------


def print_table(times: dict[str, Times], items: int, built: dict[str, Any]) -> None:
    print(f"{items} agenda items; index of {built['index_bytes'] >> 20} MB beside {built['table_bytes'] >> 20} MB,")
    print(f"all indexes built in {built['index_seconds']} s. Milliseconds: median (lowest – highest).")
    print(f"{'':<34}{'found':>8}{'search':>28}{'scan':>28}{'times':>8}{'page':>9}")
    for name, one in times.items():
        print(
            f"{name:<34}{one.found:>8}{_span(one.search):>28}{_span(one.scan):>28}{one.ratio:>8.1f}"
            f"{1000 * statistics.median(one.page):>9.1f}"
        )


def _span(seconds: list[float]) -> str:
    low, middle, high = (1000 * value for value in (min(seconds), statistics.median(seconds), max(seconds)))
    return f"{middle:.1f} ({low:.1f} – {high:.1f})"


def as_json(times: dict[str, Times], options: argparse.Namespace, built: dict[str, Any]) -> dict[str, object]:
    queries = [
        {
            "name": name,
            "typed": typed,
            "found": times[name].found,
            "search_ms": [round(1000 * seconds, 2) for seconds in times[name].search],
            "scan_ms": [round(1000 * seconds, 2) for seconds in times[name].scan],
            "page_ms": [round(1000 * seconds, 2) for seconds in times[name].page],
            "ratio": round(times[name].ratio, 2),
        }
        for name, typed, _plain in QUERIES
    ]
    slowest = max(statistics.median(one.search) for one in times.values())
    return {
        "benchmark": "search",
        "items": options.items,
        "rounds": options.rounds,
        "slowest_ms": round(1000 * slowest, 2),
        "least_ratio": min(query["ratio"] for query in queries),
        "queries": queries,
        "python": platform.python_version(),
    } | built


if __name__ == "__main__":
    sys.exit(main())
