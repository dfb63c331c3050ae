from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CouncilsConfig(AppConfig):
    name = "councils"
    verbose_name = _("Residents’ councils")

    def ready(self) -> None:
        """Hand the councils' things to the engines below."""
        from core.audit import actions  # noqa: PLC0415 - models are loaded by now
        from councils import permissions  # noqa: F401, PLC0415 - registers the predicates
        from councils.actions import ACTIONS  # noqa: PLC0415
        from councils.shelf import LISTS  # noqa: PLC0415
        from residents.desk.shelves import Shelf, put_on_shelf  # noqa: PLC0415

        actions.register(ACTIONS)
        put_on_shelf(Shelf.BODIES, LISTS)
        _hand_in_recruitment()
        _hand_in_draws()
        _hand_in_members()
        _hand_in_work()
        _hand_in_what_waits()


def _hand_in_recruitment() -> None:
    """Courses, documents, notices, importers and personal data of recruitments."""
    from councils import gatherings, handover, office_forms  # noqa: PLC0415
    from councils.documents import applicants as applicant_documents  # noqa: PLC0415
    from councils.documents import education as education_document  # noqa: PLC0415
    from councils.documents import recruitment as recruitment_documents  # noqa: PLC0415
    from councils.importers import attendance as attendance_import  # noqa: PLC0415
    from councils.notices import applications as application_notices  # noqa: PLC0415
    from councils.notices import courses as course_notices  # noqa: PLC0415
    from councils.personal_data import applications as application_data  # noqa: PLC0415
    from meetings.signals import meeting_cancelled, meeting_changed  # noqa: PLC0415
    from reports import form_facts  # noqa: PLC0415
    from residents.personal_data import register as register_personal_data  # noqa: PLC0415

    for documents in (recruitment_documents, applicant_documents):
        documents.register_documents()
    form_facts.offer(office_forms.FACTS)
    handover.register()
    application_notices.register()
    course_notices.register()
    register_personal_data("councils.applications", export=application_data.sections, erase=application_data.erase)
    gatherings.register()
    attendance_import.register()
    education_document.register()
    meeting_changed.connect(gatherings.when_changed, dispatch_uid="councils.course_changed")
    meeting_cancelled.connect(gatherings.when_cancelled, dispatch_uid="councils.course_cancelled")


def _hand_in_draws() -> None:
    """Jobs, documents and notices of draws."""
    from councils import jobs  # noqa: PLC0415
    from councils.documents import draws as draw_documents  # noqa: PLC0415
    from councils.notices import draws as draw_notices  # noqa: PLC0415
    from councils.waiting.draws import draws_at_the_desk, next_draws  # noqa: PLC0415
    from residents.desk.waiting import register_coming, register_waiting  # noqa: PLC0415

    jobs.register()
    draw_notices.register()
    draw_documents.register_documents()
    register_waiting(draws_at_the_desk)
    register_coming(next_draws)


def _hand_in_members() -> None:
    """Meetings, documents, notices and personal data of members."""
    from councils import gatherings_councils  # noqa: PLC0415
    from councils.documents import members as member_documents  # noqa: PLC0415
    from councils.importers import members as member_import  # noqa: PLC0415
    from councils.notices import members as member_notices  # noqa: PLC0415
    from councils.personal_data import members as member_data  # noqa: PLC0415
    from meetings.signals import meeting_called, meeting_cancelled, meeting_changed  # noqa: PLC0415
    from residents.personal_data import register  # noqa: PLC0415

    gatherings_councils.register()
    meeting_called.connect(gatherings_councils.when_called, dispatch_uid="councils.meeting_called")
    meeting_changed.connect(gatherings_councils.when_changed, dispatch_uid="councils.meeting_changed")
    meeting_cancelled.connect(gatherings_councils.when_cancelled, dispatch_uid="councils.meeting_cancelled")
    member_notices.register()
    member_documents.register_documents()
    member_import.register()
    register("councils.members", export=member_data.sections, erase=member_data.erase, need=member_data.need)


def _hand_in_work() -> None:
    """Documents, notices and personal data of work, programmes and support staff."""
    from councils.documents import work as work_documents  # noqa: PLC0415
    from councils.notices import work as work_notices  # noqa: PLC0415
    from councils.personal_data import work as work_data  # noqa: PLC0415
    from residents.personal_data import register  # noqa: PLC0415

    work_documents.register_documents()
    work_notices.register()
    register("councils.work", export=work_data.sections, erase=work_data.erase)


def _hand_in_what_waits() -> None:
    from councils.waiting.figures import councils_without_figures  # noqa: PLC0415
    from councils.waiting.members import members_at_the_desk  # noqa: PLC0415
    from councils.waiting.recruitment import (  # noqa: PLC0415
        pools_to_settle,
        quotas_at_risk,
        received_applications,
    )
    from councils.waiting.work import work_at_the_desk  # noqa: PLC0415
    from residents.desk.waiting import register_waiting  # noqa: PLC0415

    for waits in (received_applications, pools_to_settle, quotas_at_risk):
        register_waiting(waits)
    register_waiting(members_at_the_desk)
    register_waiting(work_at_the_desk)
    register_waiting(councils_without_figures)
