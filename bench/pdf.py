"""How long a book takes and how much memory: ours, in turn with bare WeasyPrint on the same HTML.

`./run bench pdf` prints a table, `./run bench pdf --json` one JSON object as its last line. Each run is a process of
its own, so that its peak of memory is its own. What the figures mean: docs/performance.md.
"""
# ruff: noqa: PLC0415 - what a process imports is part of what is measured

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
MOST_RATIO = 1.15
MOST_MB = 300
MOST_ROUNDS = 8

if TYPE_CHECKING:
    from reports.content import Report, Section

# korean: the book is Korean
PROSE = (
    "주민자치는 주민이 스스로 마을의 일을 정하고 함께 실행하는 과정이며, 지방자치단체는 그 결정을 존중하고 "
    "필요한 예산과 사람을 제때 뒷받침해야 합니다. 공동대표 고남석(高南錫) 청장은 2013년 12월 정기회의에서 "
    "참여예산(參與豫算)의 범위를 넓히자고 제안하였고, 회원 자치단체 57곳 가운데 41곳이 이듬해 조례를 고쳤습니다. "
)
PLACES = ("서울 성북구", "경기 오산시", "울산 북구", "광주 광산구", "서울 서대문구", "충남 아산시", "전남 순천시")
NAMES = ("고남석(高南錫)", "김영배(金永培)", "문석진(文碩鎭)", "윤종오(尹鍾五)", "곽상욱(郭尙煜)")


@dataclass(frozen=True, slots=True)
class Run:
    """seconds: of the work alone, without starting Python. peak_mb: of the whole process.

    cpu_seconds: how long the processor worked on it, which other programs on the machine disturb less.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    pages: int


def main() -> int:
    options = read_options()
    if options.part:
        return one_run(options)
    missing = asked_what_is_missing()
    if missing:
        print(missing, file=sys.stderr)
        return 2
    ours, bare = [], []
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder:
        for number in range(options.rounds):
            turns = [("ours", ours), ("bare", bare)]
            # Who comes first changes, so that a machine that grows warm harms both.
            for part, runs in turns if number % 2 == 0 else reversed(turns):
                runs.append(in_a_process(part, options, Path(folder)))
    figures = as_figures(ours, bare, options)
    print_table(ours, bare, figures)
    if options.json:
        print(json.dumps(figures))
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench pdf", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    parser.add_argument("--rounds", type=int, default=3, help="turns of ours and bare WeasyPrint (3)")
    parser.add_argument("--chapters", type=int, default=7, help="chapters of about 14 pages (7)")
    parser.add_argument("--keep", type=Path, help="a file to keep the book in")
    parser.add_argument("--part", choices=("ours", "bare"), help=argparse.SUPPRESS)
    parser.add_argument("--html", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not 1 <= options.rounds <= MOST_ROUNDS:
        parser.error(f"there are 1 to {MOST_ROUNDS} rounds")
    if not 1 <= options.chapters <= 20:
        parser.error("a book has 1 to 20 chapters")
    return options


# --- Measuring --------------------------------------------------------------------------------------------------------


def in_a_process(part: str, options: argparse.Namespace, folder: Path) -> Run:
    html = folder / "book.html"
    if part == "bare" and not html.exists():
        write_html(options.chapters, html)
    command = [sys.executable, __file__, "--part", part, "--chapters", str(options.chapters), "--html", str(html)]
    command += ["--keep", str(options.keep)] if options.keep and part == "ours" else []
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        sys.exit(1)
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def one_run(options: argparse.Namespace) -> int:
    """One book in this process; its figures as a JSON line."""
    run = ours if options.part == "ours" else bare
    target = options.keep or options.html.with_name(f"{options.part}.pdf")
    timed, pages = run(options, target)
    # Linux counts in kilobytes, macOS in bytes.
    unit = 1024**2 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    print(json.dumps({"seconds": timed[0], "cpu_seconds": timed[1], "peak_mb": peak, "pages": pages}))
    return 0


def ours(options: argparse.Namespace, target: Path) -> tuple[tuple[float, float], int]:
    set_up()
    import weasyprint  # noqa: F401 - loading the library is in neither time

    from reports.pdf.render import render_pdf

    report = book(options.chapters)
    began = time.perf_counter(), time.process_time()
    printed = render_pdf(report, target, lambda _percent, _step: None)
    return since(began), printed.pages


def bare(options: argparse.Namespace, target: Path) -> tuple[tuple[float, float], int]:
    """WeasyPrint as its own manual has it, with the style sheets of the book and the same kind of PDF."""
    import weasyprint

    sheets = sorted(options.html.parent.glob("*.css"))
    html = options.html.read_text(encoding="utf-8")
    began = time.perf_counter(), time.process_time()
    document = weasyprint.HTML(string=html).render(stylesheets=[weasyprint.CSS(filename=sheet) for sheet in sheets])
    document.write_pdf(target, pdf_variant="pdf/ua-1", pdf_tags=True)
    return since(began), len(document.pages)


def since(began: tuple[float, float]) -> tuple[float, float]:
    """Seconds of the clock and of the processor."""
    return time.perf_counter() - began[0], time.process_time() - began[1]


def set_up() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


def write_html(chapters: int, target: Path) -> None:
    set_up()
    from reports.pdf.html import style_sheets, to_html
    from reports.pdf.render import FOLDER

    report = book(chapters)
    target.write_text(to_html(report).html, encoding="utf-8")
    for number, name in enumerate(style_sheets(report.style)):
        (target.parent / f"{number}.css").write_bytes((FOLDER / name).read_bytes())


def asked_what_is_missing() -> str:
    set_up()
    from reports.pdf.fonts import what_is_missing

    return what_is_missing()


# --- The book ---------------------------------------------------------------------------------------------------------


def book(chapters: int) -> "Report":
    """Chapters of prose, of a list with hanja and of long tables: about a hundred pages where there are seven."""
    from reports.content import Cover, Report, Style

    return Report(
        title="민선5기 지방자치 혁신, 평가와 전망",  # korean: as above
        publisher="희망제작소",  # korean: as above
        style=Style.BOOKLET,
        cover=Cover(),
        contents=True,
        sections=tuple(chapter(number) for number in range(1, chapters + 1)),
    )


def chapter(number: int) -> "Section":
    from reports.content import Align, Column, Items, Paragraph, Run, Section, Table

    columns = (
        Column("번호", 1, Align.CENTRE),  # korean: as above
        Column("자치단체", 2),  # korean: as above
        Column("성명", 2),  # korean: as above
        Column("사업", 4),  # korean: as above
        Column("예산(천 원)", 2, Align.RIGHT),  # korean: as above
    )
    rows = tuple(
        (row + 1, PLACES[row % 7], NAMES[row % 5], PROSE[row % 40 : row % 40 + 36], 12_000 + 731 * row)
        for row in range(100)
    )
    people = tuple(f"{NAMES[person % 5]} {PLACES[person % 7]}" for person in range(20))
    note = Run(" ", note="연수구의회 회의록, 2013. 12. 3.")  # korean: as above
    return Section(
        title=f"제{number}장 주민참여와 소통, 거버넌스",  # korean: as above
        blocks=tuple(Paragraph((Run(PROSE * 3), note)) for _place in range(12)),
        parts=(
            Section(title="사업 목록", blocks=(Table(columns, rows, caption="자치단체별 사업"),)),  # korean: as above
            Section(title="회원", blocks=(Items(people),)),  # korean: as above
        ),
    )


# --- Saying -----------------------------------------------------------------------------------------------------------


def as_figures(ours: list[Run], bare: list[Run], options: argparse.Namespace) -> dict[str, object]:
    ratios = [mine.seconds / theirs.seconds for mine, theirs in zip(ours, bare, strict=True)]
    of_processor = [mine.cpu_seconds / theirs.cpu_seconds for mine, theirs in zip(ours, bare, strict=True)]
    return {
        "benchmark": "pdf",
        "seconds": round(statistics.median(run.seconds for run in ours), 3),
        "reference_seconds": round(statistics.median(run.seconds for run in bare), 3),
        "ratio": round(statistics.median(ratios), 4),
        "ratios": [round(ratio, 4) for ratio in ratios],
        "cpu_seconds": round(statistics.median(run.cpu_seconds for run in ours), 3),
        "reference_cpu_seconds": round(statistics.median(run.cpu_seconds for run in bare), 3),
        "cpu_ratio": round(statistics.median(of_processor), 4),
        "peak_mb": round(max(run.peak_mb for run in ours), 1),
        "reference_peak_mb": round(max(run.peak_mb for run in bare), 1),
        "pages": ours[-1].pages,
        "reference_pages": bare[-1].pages,
        "rounds": options.rounds,
        "chapters": options.chapters,
        "python": platform.python_version(),
    }


def print_table(ours: list[Run], bare: list[Run], figures: dict[str, object]) -> None:
    print(f"{'':<10}{'pages':>7}{'seconds':>10}{'processor':>11}{'peak MB':>10}")
    for name, runs in (("Madang", ours), ("WeasyPrint", bare)):
        seconds = statistics.median(run.seconds for run in runs)
        cpu, peak = statistics.median(run.cpu_seconds for run in runs), max(run.peak_mb for run in runs)
        print(f"{name:<10}{runs[-1].pages:>7}{seconds:>10.2f}{cpu:>11.2f}{peak:>10.0f}")
    print(
        f"Ratio of the times: {figures['ratio']} (at most {MOST_RATIO}), of the processor's: {figures['cpu_ratio']}; "
        f"memory at most {MOST_MB} MB."
    )


if __name__ == "__main__":
    sys.exit(main())
