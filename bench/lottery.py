"""How fast and how fair the lottery is: ours beside `sortition-algorithms` (maximin and leximin) on the same pools.

`./run bench lottery` prints a table, `./run bench lottery --json` one JSON object as its last line. The pools come from
../shared/instances/lottery where that is there, the others are made. The reference (GPL) is installed into an
environment of its own under var/ and runs in a process of its own with a limit of time; where it cannot be installed
the table says so. What the figures mean: docs/performance.md, "Lottery".
"""

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from councils.lottery import compute_lottery
from councils.quotas import Pool, Quota
from councils.sortition_files import read_categories, read_respondents, write_categories, write_respondents

ROOT = Path(__file__).resolve().parents[1]
GIVEN = ROOT.parent / "shared" / "instances" / "lottery"
REQUIREMENT = ROOT / "bench" / "lottery.txt"
# Name, people, seats, values of each feature, and how far quotas may be from the panel they are made around.
POOLS = (
    ("kr120_30", 120, 30, (2, 5, 8, 2, 5), 3),
    ("syn200_20", 200, 20, (2, 5, 6, 4, 3), 0),
    ("syn1000_50", 1000, 50, (2, 5, 6, 4, 3, 3), 0),
    ("made2000_50", 2000, 50, (2, 5, 6, 4, 3, 3), 0),
)
OBJECTIVES = ("maximin", "leximin")


@dataclass(frozen=True, slots=True)
class Run:
    """One engine on one pool. Times in seconds; `gap` is what the smallest chance is short of our proven bound."""

    pool: str
    engine: str
    seconds: float | None
    cpu_seconds: float | None
    minimum: float | None
    gini: float | None
    gap: float | None
    remark: str = ""


def main() -> int:
    options = read_options()
    reference = None if options.alone else reference_python()
    runs: list[Run] = []
    with tempfile.TemporaryDirectory(prefix="madang-bench-") as folder:
        for name, place, seats in instances(Path(folder), options.pools):
            ours, bound = measure(name, place, seats)
            runs.append(ours)
            print_run(ours)
            for objective in () if options.alone else OBJECTIVES:
                run = measure_reference(reference, objective, name, place, seats, options.limit, bound)
                runs.append(run)
                print_run(run)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"Our process: at most {peak} MB.")
    if options.json:
        machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
        print(json.dumps({"runs": [asdict(run) for run in runs], "peak_mb": peak, "limit": options.limit, **machine}))
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench lottery", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    parser.add_argument("--alone", action="store_true", help="without the reference")
    parser.add_argument("--limit", type=int, default=20, help="seconds that the reference has for each pool (20)")
    names = [name for name, *_others in POOLS]
    parser.add_argument("--pools", nargs="+", choices=names, default=names, metavar="NAME", help=" ".join(names))
    options = parser.parse_args()
    if options.limit < 1:
        parser.error("the reference needs a second at least")
    return options


# --- Pools ------------------------------------------------------------------------------------------------------------


def instances(folder: Path, wanted: Sequence[str]) -> Iterator[tuple[str, Path, int]]:
    for name, people, seats, features, play in POOLS:
        if name not in wanted:
            continue
        place = GIVEN / name
        if not place.is_dir():
            place = folder / name
            place.mkdir()
            pool, quotas = made(people, seats, features, play)
            (place / "categories.csv").write_bytes(write_categories(quotas))
            (place / "respondents.csv").write_bytes(write_respondents(pool))
        yield name, place, seats


def made(people: int, seats: int, features: Sequence[int], play: int) -> tuple[Pool, list[Quota]]:
    """A pool in which some groups are keener than others, and quotas around a panel of it."""
    chance = random.Random(people)  # noqa: S311 - a made pool, the same each time
    keen = [[chance.uniform(0.3, 1.5) for _ in range(values)] for values in features]
    rows = [tuple(chance.choices(range(len(weights)), weights)[0] for weights in keen) for _ in range(people)]
    panel = chance.sample(rows, seats)
    quotas = []
    for feature, values in enumerate(features):
        for value in range(values):
            count = sum(row[feature] == value for row in panel)
            quotas.append(Quota(f"feature{feature}", f"v{value}", max(0, count - play), count + play))
    names = tuple(f"feature{feature}" for feature in range(len(features)))
    written = tuple(tuple(f"v{value}" for value in row) for row in rows)
    return Pool(tuple(f"p{number:04}" for number in range(people)), names, written), quotas


# --- Ours and theirs --------------------------------------------------------------------------------------------------


def measure(name: str, place: Path, seats: int) -> tuple[Run, float]:
    """Our run and the bound that its certificate proves."""
    quotas = read_categories((place / "categories.csv").read_bytes())
    pool = read_respondents((place / "respondents.csv").read_bytes(), quotas)
    worked = time.process_time()
    lottery = compute_lottery(pool, quotas, seats)
    worked = time.process_time() - worked
    proof = lottery.certificate
    remark = "certified" if proof["certified"] else "not certified"
    chances = list(lottery.probabilities.values())
    run = Run(name, "madang", lottery.seconds, worked, min(chances), gini(chances), proof["gap"], remark)
    return run, float(proof["upper_bound"])


def measure_reference(  # noqa: PLR0913, PLR0917 - what a run depends on
    python: Path | None, objective: str, name: str, place: Path, seats: int, limit: int, bound: float
) -> Run:
    def nothing(remark: str) -> Run:
        return Run(name, objective, None, None, None, None, None, remark)

    if python is None:
        return nothing("cannot be installed here")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    try:
        done = subprocess.run(
            [python, ROOT / "bench" / "_sortition.py", objective, place, str(seats)],
            capture_output=True,
            check=False,
            env=environment | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"),
            text=True,
            timeout=limit,
        )
    except subprocess.TimeoutExpired:
        return nothing(f"stopped after {limit} s")
    if done.returncode:
        return nothing((done.stderr.strip().splitlines() or ["failed"])[-1][:80])
    found = json.loads(done.stdout.splitlines()[-1])
    chances = found["chances"]
    least = min(chances)
    return Run(name, objective, found["seconds"], found["cpu_seconds"], least, gini(chances), max(bound - least, 0.0))


def reference_python() -> Path | None:
    """The interpreter of the reference's environment, made at the first use; None where that is not possible."""
    folder = ROOT / "var" / "bench-lottery"
    python = folder / "bin" / "python"
    mark = folder / "installed.txt"
    wanted = REQUIREMENT.read_text(encoding="utf-8")
    if mark.is_file() and mark.read_text(encoding="utf-8") == wanted:
        return python
    try:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, capture_output=True, timeout=120)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--requirement", REQUIREMENT],
            check=True,
            capture_output=True,
            timeout=300,
        )
    except (OSError, subprocess.SubprocessError) as error:
        print(f"The reference cannot be installed ({type(error).__name__}).", file=sys.stderr)
        return None
    mark.write_text(wanted, encoding="utf-8")
    return python


# --- Figures ----------------------------------------------------------------------------------------------------------


def gini(chances: Sequence[float]) -> float:
    """0 where all chances are equal, towards 1 where few have them all."""
    ordered = sorted(chances)
    count = len(ordered)
    weighted = sum(place * chance for place, chance in enumerate(ordered, start=1))
    return 2 * weighted / (count * sum(ordered)) - (count + 1) / count


def print_run(run: Run) -> None:
    if run.seconds is None:
        print(f"{run.pool:12} {run.engine:8} {run.remark}", flush=True)
        return
    print(
        f"{run.pool:12} {run.engine:8} {run.seconds:8.2f} s ({run.cpu_seconds:.2f} s of processor)  "
        f"minimum {run.minimum:.6f}  gini {run.gini:.4f}  gap {run.gap:.1e}  {run.remark}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
