"""The way of an import as a line of steps."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.jobs.imports.models import ImportRun
from core.jobs.imports.states import ImportStatus


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the line: its name, and whether it is "done", "now" or "next"."""

    name: str
    state: str


def steps_of(run: ImportRun | None) -> list[Step]:
    """The steps with the present one marked; None is before the file was brought."""
    names = [_("Upload the file"), _("Match the columns"), _("Look at the preview"), _("Write")]
    now = 0
    if run is not None:
        now = {
            ImportStatus.UPLOADED: 1,
            ImportStatus.CHECKING: 2,
            ImportStatus.CHECKED: 2,
            ImportStatus.WRITING: 3,
            ImportStatus.DONE: 4,
            ImportStatus.CANCELLED: 0,
        }[ImportStatus(run.status)]
    return [
        Step(name, "done" if place < now else "now" if place == now else "next") for place, name in enumerate(names)
    ]
