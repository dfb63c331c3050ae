"""Work that takes longer than a request, and the files it makes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# What the audit log calls what is done here.
ACTIONS = {
    "jobs.ordered": _("Job ordered"),
    "jobs.cancelled": _("Job cancelled"),
    "jobs.done": _("Job finished"),
    "jobs.failed": _("Job failed"),
    "jobs.taken_up": _("Job taken up again after its worker was lost"),
    "jobs.files_forgotten": _("Expired files deleted"),
    "jobs.import_brought": _("File brought for an import"),
    "jobs.import_confirmed": _("Import confirmed"),
    "jobs.import_written": _("Import written"),
    "jobs.import_thrown_away": _("Import thrown away"),
    "jobs.imports_forgotten": _("Old imports deleted"),
}


class JobsConfig(AppConfig):
    name = "core.jobs"
    label = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        from core.audit import actions  # noqa: PLC0415 - apps name their actions when all are loaded
        from core.jobs.imports import running as imports  # noqa: PLC0415
        from core.jobs.imports import services, tasks  # noqa: F401, PLC0415
        from core.jobs.kinds import JobKind, register_kind  # noqa: PLC0415

        actions.register(ACTIONS)
        register_kind(
            JobKind(
                services.KIND,
                _("Import"),
                imports.carry_on,
                may_download=imports.may_download,
                on_download=imports.on_download,
                part_of=imports.page_of,
                keep_days=services.KEPT_DAYS,
            )
        )
