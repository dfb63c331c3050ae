"""How fast a table of 100,000 rows is checked and written, against a loop that writes row by row, on PostgreSQL.

`./run bench imports` prints a table, `./run bench imports --json` one JSON object as its last line.
"""

import argparse
import csv
import json
import os
import platform
import resource
import signal
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from bench.pages import database

ROWS = 100_000
FEWEST_ROWS = 1_000
REGIONS = 400
SAMPLE = 2_000
FIRST_YEAR = 1600
TARGET_SECONDS = 30
HEADINGS = ("지역", "직위", "성명", "한자", "임기", "시작일", "종료일", "비고")
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=ZoneInfo("Asia/Seoul"))


class Told:
    """What a job would tell; here nobody listens."""

    def __init__(self, job: Any) -> None:
        self.job = job

    def tell(self, percent: int, step: str = "") -> None:
        """Nothing."""

    def say(self, message: str) -> None:
        """Nothing."""


def main() -> int:
    options = read_options()
    signal.signal(signal.SIGTERM, _stop)
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder, database() as url:
        for name in ("DEBUG", "REDIS_URL", "ALLOWED_HOSTS"):
            os.environ.pop(name, None)
        os.environ |= {"DATABASE_URL": url, "MADANG_MODE": "demo", "MADANG_VAR_DIR": folder}
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings"}
        import django  # noqa: PLC0415 - the environment stands only now

        django.setup()
        from django.db import connections  # noqa: PLC0415

        try:
            figures = measure(options, Path(folder))
        finally:
            connections.close_all()
    print_table(figures)
    if options.json:
        print(json.dumps(figures))
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench imports", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    parser.add_argument("--rows", type=int, default=ROWS, help=f"rows of the table ({ROWS})")
    parser.add_argument("--kind", choices=("xlsx", "csv"), default="xlsx", help="type of the file (xlsx)")
    options = parser.parse_args()
    if options.rows < FEWEST_ROWS:
        parser.error(f"at least {FEWEST_ROWS} rows are needed for the figures to say something")
    return options


def _stop(_number: int, _frame: object) -> NoReturn:
    """Leave through the cleaning up: the database goes."""
    sys.exit(143)


# --- Data -------------------------------------------------------------------------------------------------------------


def line(number: int, rows: int) -> list[Any]:
    """Row `number`: each district has a head for one year after the other."""
    years = -(-rows // REGIONS)
    district, year = divmod(number, years)
    since, until = date(FIRST_YEAR + year, 7, 1), date(FIRST_YEAR + year + 1, 7, 1)
    return [f"D{district:04}", "구청장", f"홍길동{number}", "洪吉童", f"제{year}대", since, until, "시험"]


def make_file(folder: Path, rows: int, kind: str) -> Path:
    """The table. Days before 1900 are texts in a workbook, as Excel has none."""
    path = folder / f"terms.{kind}"
    if kind == "csv":
        with path.open("w", encoding="utf-8-sig", newline="") as target:
            writer = csv.writer(target)
            writer.writerow(HEADINGS)
            writer.writerows(line(number, rows) for number in range(rows))
        return path
    import xlsxwriter  # noqa: PLC0415

    book = xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": str(folder)})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEADINGS)
    for number in range(rows):
        for place, value in enumerate(line(number, rows)):
            if not isinstance(value, date):
                sheet.write_string(number + 1, place, value)
            elif value.year < 1900:
                sheet.write_string(number + 1, place, value.isoformat())
            else:
                sheet.write_datetime(number + 1, place, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
    book.close()
    return path


def build() -> Any:
    """The database with its districts, and the account that imports."""
    from django.core.management import call_command  # noqa: PLC0415

    from residents.models import Region, RoleAssignment, User  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    province = Region(code="P", level="province", kind="광역시", name="빛광역시")
    province.save()
    for number in range(REGIONS):
        Region(code=f"D{number:04}", parent=province, level="municipality", kind="자치구", name=f"구{number}").save()
    user = User.objects.create_user("secretariat@example.org", name="간사")
    RoleAssignment.objects.create(user=user, role="club_secretariat", since=date(2020, 1, 1))
    return user


# --- Measuring --------------------------------------------------------------------------------------------------------


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Check, write, and check once more, each of the whole table; then the loop on a sample of it."""
    from django.core.files import File  # noqa: PLC0415

    from core.jobs.imports import checking, services, writing  # noqa: PLC0415
    from core.jobs.imports.importers import importer_called  # noqa: PLC0415
    from core.jobs.imports.models import ImportRun  # noqa: PLC0415
    from core.jobs.imports.reporting import write_report  # noqa: PLC0415

    user = build()
    path = make_file(folder, options.rows, options.kind)
    importer = importer_called("residents.office-terms")
    loop = row_by_row(options.rows, user)
    before = _peak()
    seconds: dict[str, float] = {}
    processor = time.process_time()
    with path.open("rb") as content:
        began = time.perf_counter()
        run = services.take_upload(importer=importer, file=File(content, name=path.name), owner=user, at=NOW)
        seconds["upload"] = time.perf_counter() - began
    for turn, expected in (("check", "new"), ("check_again", "same")):
        ImportRun.objects.filter(pk=run.pk).update(status="checking")
        began = time.perf_counter()
        checking.check(Told(None), importer, run.pk)
        seconds[turn] = time.perf_counter() - began
        run.refresh_from_db()
        if run.counts != {expected: options.rows}:
            print(f"The check found {run.counts} instead of {options.rows} {expected} rows.", file=sys.stderr)
            sys.exit(1)
        if turn == "check":
            ImportRun.objects.filter(pk=run.pk).update(status="writing")
            began = time.perf_counter()
            writing.write(Told(None), importer, run.pk)
            seconds["write"] = time.perf_counter() - began
            processor = time.process_time() - processor
            began = time.perf_counter()
            run.refresh_from_db()
            write_report(folder / "report.xlsx", importer, run)
            seconds["report"] = time.perf_counter() - began
    whole = seconds["check"] + seconds["write"]
    return {
        "benchmark": "imports",
        "rows": options.rows,
        "kind": options.kind,
        "file_bytes": path.stat().st_size,
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
        "check_and_write_seconds": round(whole, 2),
        "processor_seconds": round(processor, 2),
        "target_seconds": TARGET_SECONDS,
        "rows_a_second": round(options.rows / whole),
        "loop_rows_a_second": round(loop),
        "times_the_loop": round(options.rows / whole / loop, 1),
        "memory_mb": {"before": before, "after": _peak()},
        "python": platform.python_version(),
    }


def row_by_row(rows: int, user: Any) -> float:
    """Rows a second of the plain loop: look up or create, one after the other, in one transaction that is undone."""
    from django.db import transaction  # noqa: PLC0415

    from residents.models import OfficeTerm, Region  # noqa: PLC0415

    del user
    sample = min(SAMPLE, rows)
    began = time.perf_counter()
    with transaction.atomic():
        for number in range(sample):
            code, _office, name, hanja, term, since, until, note = line(number, rows)
            OfficeTerm.objects.get_or_create(
                region=Region.objects.get(code=code),
                office="district_head",
                since=since,
                defaults={"name": name, "name_hanja": hanja, "term": term, "until": until, "note": note},
            )
        transaction.set_rollback(True)
    return sample / (time.perf_counter() - began)


def _peak() -> int:
    """The most memory that this process had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


# --- Saying -----------------------------------------------------------------------------------------------------------


def print_table(figures: dict[str, Any]) -> None:
    megabytes = figures["file_bytes"] / 2**20
    print(f"{figures['rows']} rows of terms of office, {figures['kind']} of {megabytes:.1f} MB")
    for name, value in figures["seconds"].items():
        print(f"{name:<14}{value:>8.2f} s")
    print(
        f"check and write {figures['check_and_write_seconds']:.2f} s "
        f"({figures['processor_seconds']:.2f} s of this process's work), at most {TARGET_SECONDS} s are wanted"
    )
    print(
        f"{figures['rows_a_second']} rows a second; row by row {figures['loop_rows_a_second']}: "
        f"{figures['times_the_loop']} times as fast"
    )
    print(f"memory {figures['memory_mb']['before']} MB before, {figures['memory_mb']['after']} MB at most")


if __name__ == "__main__":
    sys.exit(main())
