"""./run manage draw_lottery --categories F --respondents F --seats N [--seed HEX] --out draw.json: the fair lottery."""

import os
import re
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from councils.drawing import BeaconError, Seed, draw, freeze, with_alternates, write_document
from councils.drawing_wording import beacon_in_words
from councils.lottery import NoPanelError, compute_lottery
from councils.quota_problems import find_problems
from councils.quota_wording import problem_in_words
from councils.quotas import Pool, Problem, Quota
from councils.sortition_files import InputProblems, read_categories, read_respondents, write_remaining, write_selected

BAD_INPUT = 2
NO_DIGITS = "000"


class Command(BaseCommand):
    help = (
        "Draws a council from a pool under quotas, as fairly as the quotas allow, and writes everything that is needed "
        "to check it. Reads the files of the Sortition Foundation's tools. Exit code 2: the input does not allow it, "
        "with one sentence for each problem."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--categories", required=True, metavar="FILE", help="CSV: feature,value,min,max")
        parser.add_argument(
            "--respondents", required=True, metavar="FILE", help="CSV: id and a column for each feature"
        )
        parser.add_argument("--seats", required=True, metavar="N", help="how many are drawn")
        parser.add_argument("--out", required=True, metavar="FILE", help="where the draw goes, as JSON")
        parser.add_argument("--seed", metavar="HEX", help="hexadecimal digits in place of a public event")
        parser.add_argument("--digits", metavar="DDD", help=f"the three digits of the hall; {NO_DIGITS} if not given")
        parser.add_argument("--one-per-household", action="store_true", help="at most one of each household in a panel")
        parser.add_argument("--selected", metavar="FILE", help="write those drawn as CSV too; needs --seed")
        parser.add_argument("--remaining", metavar="FILE", help="write those not drawn as CSV too; needs --seed")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, metavar="LANGUAGE", help="ko or en")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["language"] not in dict(settings.LANGUAGES):
            raise _refusal(f"There is no language “{options['language']}” here: {', '.join(dict(settings.LANGUAGES))}.")
        with override(options["language"]):
            options["seats"] = _seats(str(options["seats"]))
            value = _value(options["seed"])
            digits = _digits(options, value)
            targets = {
                key: _target(options[key]) for key in ("out", "selected", "remaining") if options[key] is not None
            }
            _apart(targets, [options["categories"], options["respondents"]])
            quotas, pool = _input(options)
            document = self._document(pool, quotas, options, value, digits)
            files = {targets["out"]: write_document(document)}
            for key, write in (("selected", write_selected), ("remaining", write_remaining)):
                if key in targets:
                    files[targets[key]] = write(pool, document["panel"])
            _write(files)
            self._summary(document)

    seconds = 0.0  # what the engine took; not part of the file, which is the same every time

    def _document(
        self, pool: Pool, quotas: list[Quota], options: Mapping[str, Any], value: dict[str, str] | None, digits: str
    ) -> dict[str, Any]:
        one_per_household = options["one_per_household"]
        try:
            lottery = compute_lottery(
                pool, quotas, options["seats"], one_per_household=one_per_household, tell=self._tell_step
            )
        except NoPanelError as error:
            raise _problems(error.problems) from error
        self.seconds = lottery.seconds
        document, _openings = freeze(
            pool,
            quotas,
            options["seats"],
            probabilities=lottery.probabilities,
            panels=lottery.panels,
            certificate=lottery.certificate,
            beacon=Seed(),
            one_per_household=one_per_household,
        )
        if value is None:
            return with_alternates(document)
        return draw(document, value, digits=digits, tell=self._tell_round)

    def _tell_step(self, step: str, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"{step} {done}/{total}")

    def _tell_round(self, done: int, total: int) -> None:
        self._tell_step("exchange", done, total)

    def _summary(self, document: Mapping[str, Any]) -> None:
        least = min(document["probabilities"].values())
        self.stdout.write(_("The smallest chance is %(chance)s.") % {"chance": f"{least:f}"})
        certificate = document["certificate"]
        if not certificate["certified"]:
            self.stdout.write(
                _("It is not proven that it cannot be raised: at most %(gap)s is missing.")
                % {"gap": f"{certificate['gap']:f}"}
            )
        self.stdout.write(_("The lottery was computed in %(seconds)s seconds.") % {"seconds": f"{self.seconds:.2f}"})
        self.stdout.write(_("Fingerprint: %(freeze)s") % {"freeze": document["freeze"]})
        if "panel" in document:
            self.stdout.write(_("Drawn was panel %(number)s.") % {"number": document["chosen"]})
            self.stdout.write(" ".join(document["panel"]))


def _seats(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", text.strip()):
        shown = "".join(sign if sign.isprintable() else " " for sign in text[:80])
        raise _refusal(_("--seats: “%(text)s” is not a whole number.") % {"text": shown})
    return int(text)


def _value(seed: str | None) -> dict[str, str] | None:
    """What came out of the beacon. Raises CommandError for a seed that is not hexadecimal."""
    if seed is None:
        return None
    # An odd number of digits is read as a number is: with a zero before it.
    value = {"seed": ("0" * (len(seed) % 2) + seed).lower()}
    try:
        Seed().read(value)
    except BeaconError as error:
        raise _refusal(f"--seed: {beacon_in_words(error.code)}") from error
    return value


def _digits(options: Mapping[str, Any], value: Mapping[str, str] | None) -> str:
    given: str | None = options["digits"]
    for name in ("digits", "selected", "remaining"):
        if options[name] is not None and value is None:
            raise _refusal(_("--%(option)s needs --seed: without it nothing is drawn.") % {"option": name})
    if given is not None and not re.fullmatch("[0-9]{3}", given):
        raise _refusal(_("--digits: three digits from 0 to 9 are needed, hundreds first."))
    return given or NO_DIGITS


def _input(options: Mapping[str, Any]) -> tuple[list[Quota], Pool]:
    """Quotas and pool of the files, with every problem found at once. Raises CommandError."""
    quotas = _read(options["categories"], read_categories)
    pool = _read(options["respondents"], lambda data: read_respondents(data, quotas))
    problems = find_problems(pool, quotas, options["seats"], one_per_household=options["one_per_household"])
    if problems:
        raise _problems(problems)
    if options["one_per_household"] and pool.households is None:
        raise _refusal(_("--one-per-household needs a column “household” in the file of the respondents."))
    return quotas, pool


def _read(name: str, read: Callable[[bytes], Any]) -> Any:
    try:
        data = Path(name).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refusal(
            _("The file “%(path)s” cannot be read (%(reason)s).") % {"path": name, "reason": reason}
        ) from error
    try:
        return read(data)
    except InputProblems as error:
        raise _problems(error.problems, name) from error


def _problems(problems: Any, name: str = "") -> CommandError:
    """One line a problem, with the file and the row where there are any."""
    found: list[Problem] = list(problems)
    lines = [f"{name}: {problem_in_words(problem)}" if name else problem_in_words(problem) for problem in found]
    return _refusal("\n".join(lines))


def _target(name: str) -> Path:
    """Where a file goes. Raises CommandError where nothing can be written, before anything is computed."""
    try:
        target = Path(name).resolve()
        ok = bool(name.strip()) and target.parent.is_dir() and os.access(target.parent, os.W_OK)
        ok = ok and (target.is_file() or not target.exists())
    except (OSError, ValueError):
        ok = False
    if not ok:
        raise _refusal(_("The file “%(path)s” cannot be written.") % {"path": name})
    return target


def _apart(targets: Mapping[str, Path], sources: Sequence[str]) -> None:
    if len(set(targets.values())) != len(targets):
        raise _refusal(_("Two results cannot go to the same file."))
    for target in targets.values():
        for source in sources:
            if target.exists() and Path(source).exists() and target.samefile(source):
                raise _refusal(_("The file “%(path)s” is read; no result can go there.") % {"path": source})


def _write(files: Mapping[Path, bytes]) -> None:
    """Write all beside their targets, then put them in their places: never half a file, whatever happens."""
    halves: list[tuple[Path, Path]] = []
    mask = os.umask(0)
    os.umask(mask)
    try:
        for target, data in files.items():
            with NamedTemporaryFile(dir=target.parent, prefix=".madang-", delete=False) as beside:
                halves.append((Path(beside.name), target))
                beside.write(data)
        for half, target in halves:
            half.chmod(0o666 & ~mask)
            half.replace(target)
    except OSError as error:
        raise _refusal(
            _("The file “%(path)s” cannot be written.") % {"path": ", ".join(str(target) for target in files)}
        ) from error
    finally:
        for half in (pair[0] for pair in halves):
            half.unlink(missing_ok=True)


def _refusal(text: str) -> CommandError:
    return CommandError(text, returncode=BAD_INPUT)
