"""The desk's list of jobs: what goes on, what failed and why. Read only; files are taken by those who ordered them.

It stands here and not in `core.jobs`, which knows neither roles nor regions.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.jobs.models import Job
from core.jobs.shown import kind_title
from core.templatetags.madang import moment_text
from residents.desk import ScopedAdmin
from residents.desk.filters import ChoiceFilter
from residents.models import User
from residents.states import Role

NOTHING = "–"


class JobKindFilter(ChoiceFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """The kinds that occur, by their names."""
        del request, model_admin
        occurring = Job.objects.order_by().values_list("kind", flat=True).distinct()
        return sorted(((name, kind_title(name)) for name in occurring), key=lambda pair: pair[1])

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(kind=value)


@admin.register(Job)
class JobAdmin(ScopedAdmin):
    viewing_roles = (Role.OPERATOR,)
    personal_data = "jobs.job"
    list_display = ("ordered_at", "what", "state", "title", "who", "outcome")
    list_display_links = ("ordered_at", "what")
    list_filter = ("status", JobKindFilter)
    period = ("ordered_at", gettext_lazy("ordered at"))
    search_fields = ("title",)
    fields = (
        "what",
        "title",
        "state",
        "step",
        "message",
        "who",
        "ordered_at",
        "started_at",
        "beat_at",
        "finished_at",
        "attempts",
        "made",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        jobs: QuerySet[Any] = super().get_queryset(request).select_related("owner", "file")
        return jobs

    def person_of(self, obj: Job) -> User | None:
        return obj.owner

    def named(self, obj: Job) -> str:
        return f"{obj.title} · {moment_text(obj.ordered_at)}"

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def what(self, job: Job) -> str:
        return kind_title(job.kind)

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, job: Job) -> str:
        if job.percent and not job.finished_at:
            return f"{job.get_status_display()} · {job.percent} %"
        return job.get_status_display()

    @admin.display(description=gettext_lazy("ordered by"))
    def who(self, job: Job) -> str:
        return str(job.owner) if job.owner else _("the system")

    @admin.display(description=gettext_lazy("what came of it"))
    def outcome(self, job: Job) -> str:
        return job.message or job.step or NOTHING

    @admin.display(description=gettext_lazy("file"))
    def made(self, job: Job) -> str:
        if job.file is None:
            return NOTHING
        return _("%(name)s, kept until %(until)s, SHA-256 %(digest)s") % {
            "name": job.file.name,
            "until": moment_text(job.file.expires_at),
            "digest": job.file.sha256,
        }
