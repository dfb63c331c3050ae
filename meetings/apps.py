from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self) -> None:
        from core.audit import actions  # noqa: PLC0415 - models are loaded by now
        from meetings import documents, permissions, personal_data  # noqa: F401, PLC0415 - registers the predicates
        from meetings.actions import ACTIONS  # noqa: PLC0415
        from meetings.waiting import meeting_work, next_meetings  # noqa: PLC0415
        from reports.registry import register as register_document  # noqa: PLC0415
        from residents.desk.waiting import register_coming, register_waiting  # noqa: PLC0415
        from residents.personal_data import register  # noqa: PLC0415

        register("meetings", export=personal_data.sections, erase=personal_data.erase, need=personal_data.need)
        actions.register(ACTIONS)
        register_document(documents.ATTENDANCE)
        register_document(documents.MINUTES)
        register_waiting(meeting_work)
        register_coming(next_meetings)
