"""The kinds of work that jobs do, handed in by `AppConfig.ready()`.

A kind runs a job: `run(work)`. It may be called again from the start after a worker was lost, so it must be safe to
repeat: it either writes nothing but its file, or can tell what it has done already.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from core.jobs.models import Job, MadeFile


class Work(Protocol):
    """What a kind gets: its job, and how it says where it stands."""

    @property
    def job(self) -> "Job": ...

    def tell(self, percent: int, step: str = "") -> None:
        """Say how far it is (0–100) and what is done now, in words. Written at most twice a second.

        Raises `core.jobs.running.Cancelled` if the person asked to stop: let it pass.
        """

    def finish_anyway(self) -> None:
        """From now on a wish to stop comes too late: what the job was for is done, only the rest is left."""

    def keep(
        self,
        path: Path,
        *,
        name: str,
        content_type: str,
        pages: int | None = None,
        fingerprint: str = "",
    ) -> "MadeFile":
        """Take the file at `path` into private storage as what the job made."""

    def offer_again(self, fingerprint: str) -> bool:
        """Whether there is a finished, unexpired file with this fingerprint; it is then what this job made."""

    def say(self, message: str) -> None:
        """What came of it, as a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the owner of a job can do with its file in one click: a button that posts to `address`."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class JobKind:
    """may_download: whether this account may have the job's file now (besides owning the job).

    A failure that is a `RuleViolation` is told with its text; any other exception is logged and told as a fault.
    max_attempts: how often it is begun; 1 for work that must not be repeated.
    on_download: called before the file goes out, with job, account and network address, to leave a trace.
    again: the address of the page where the same is ordered once more; "" where there is none for this job.
    part_of: the address of the page whose work the job does a step of, such as an import.
    offer: what its owner can do with the file besides taking it; None where there is nothing. Shown once it is there.
    """

    name: str
    title: str | Promise
    run: Callable[[Work], None]
    may_download: "Callable[[Job, AbstractBaseUser], bool] | None" = None
    on_download: "Callable[[Job, AbstractBaseUser, str], None] | None" = None
    max_attempts: int = 3
    keep_days: int = 30
    again: "Callable[[Job], str] | None" = None
    part_of: "Callable[[Job], str] | None" = None
    offer: "Callable[[Job], Offer | None] | None" = None


_kinds: dict[str, JobKind] = {}


def register_kind(kind: JobKind) -> None:
    """Let jobs of this kind be ordered. Raises ValueError if the name is taken by another one."""
    known = _kinds.get(kind.name)
    if known is not None and known.run is not kind.run:
        raise ValueError(f"two kinds of jobs are called {kind.name}")
    _kinds[kind.name] = kind


def kind_called(name: str) -> JobKind:
    """Raises KeyError if no app registered it: a job of an app that is gone."""
    return _kinds[name]
