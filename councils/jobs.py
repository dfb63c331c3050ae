"""Work of draws that takes longer than a request: computing a lottery, the exchange after the beacon, fetching it."""

from typing import cast

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.jobs.kinds import JobKind, Work, register_kind
from core.jobs.models import Job
from councils.models import Draw
from councils.services.beacons import FETCH_KIND, PREPARE_KIND, fetch_beacon
from councils.services.draws import JOB_KIND, compute_draw
from councils.services.panels import prepare_draw
from residents.models import User

# Of a hundred: where each step of the engine begins and how much of the whole it is.
STEPS = {"bounding": (5, 30), "composing": (35, 45), "rounding": (80, 15)}


def compute_lottery(work: Work) -> None:
    words = {
        "bounding": _("Looking for the fairest chances"),
        "composing": _("Composing panels that keep every quota"),
        "rounding": _("Writing a thousand panels"),
    }

    def tell(step: str, done: int, total: int) -> None:
        start, length = STEPS.get(step, (0, 0))
        work.tell(start + length * done // max(1, total), words.get(step, ""))

    draw = compute_draw(
        recruitment_id=work.job.parameters["recruitment"],
        actor=cast("User", work.job.owner),
        at=timezone.now(),
        tell=tell,
    )
    work.say(_("The lottery is computed: no. %(number)s of this recruitment.") % {"number": draw.number})


def prepare(work: Work) -> None:
    words = _("Exchanging members between the panels")
    prepare_draw(
        draw_id=work.job.parameters["draw"], tell=lambda done, total: work.tell(95 * done // max(1, total), words)
    )
    work.say(_("The exchange is done. The digits can be drawn."))


def fetch(work: Work) -> None:
    fetch_beacon(draw_id=work.job.parameters["draw"], at=timezone.now())
    work.say(_("The network’s value is recorded."))


def _page_of_recruitment(job: Job) -> str:
    return reverse("councils:draw_desk", args=[job.parameters["recruitment"]])


def _page_of_draw(job: Job) -> str:
    recruitment = Draw.objects.values_list("recruitment_id", flat=True).get(pk=job.parameters["draw"])
    return reverse("councils:draw_desk", args=[recruitment])


def register() -> None:
    register_kind(
        JobKind(
            name=JOB_KIND, title=gettext_lazy("Computing a lottery"), run=compute_lottery, part_of=_page_of_recruitment
        )
    )
    register_kind(
        JobKind(
            name=PREPARE_KIND,
            title=gettext_lazy("Exchange between the panels of a draw"),
            run=prepare,
            part_of=_page_of_draw,
        )
    )
    register_kind(
        JobKind(name=FETCH_KIND, title=gettext_lazy("Fetching the value of a beacon"), run=fetch, part_of=_page_of_draw)
    )
