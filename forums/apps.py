from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ForumsConfig(AppConfig):
    name = "forums"
    verbose_name = _("Mokmingwan Club")

    def ready(self) -> None:
        """Hand the club's things to the engines below."""
        from core.audit import actions  # noqa: PLC0415 - models are loaded by now
        from forums import gatherings, permissions  # noqa: F401, PLC0415 - registers the predicates
        from forums.actions import ACTIONS  # noqa: PLC0415
        from forums.importers import members as member_import  # noqa: PLC0415
        from forums.personal_data import members, registrations  # noqa: PLC0415
        from forums.shelf import LISTS  # noqa: PLC0415
        from meetings.signals import meeting_called, meeting_cancelled, meeting_changed  # noqa: PLC0415
        from residents.desk.shelves import Shelf, put_on_shelf  # noqa: PLC0415
        from residents.personal_data import register  # noqa: PLC0415

        actions.register(ACTIONS)
        put_on_shelf(Shelf.CLUB, LISTS)
        register("forums.members", export=members.sections, erase=members.erase)
        register("forums.registrations", export=registrations.sections, erase=registrations.erase)
        member_import.register()
        gatherings.register()
        meeting_called.connect(gatherings.when_called, dispatch_uid="forums.meeting_called")
        meeting_changed.connect(gatherings.when_changed, dispatch_uid="forums.meeting_changed")
        meeting_cancelled.connect(gatherings.when_cancelled, dispatch_uid="forums.meeting_cancelled")
        _hand_in_documents()
        _hand_in_notices()
        _hand_in_what_waits()


def _hand_in_documents() -> None:
    from forums.documents import attendees, book, directory, governance, programme, statistics  # noqa: PLC0415

    directory.register()
    governance.register_documents()
    programme.register()
    attendees.register()
    book.register()
    statistics.register()


def _hand_in_notices() -> None:
    from forums.notices import events, governance, members, registrations  # noqa: PLC0415

    members.register()
    governance.register()
    events.register()
    registrations.register()


def _hand_in_what_waits() -> None:
    from forums.waiting.attendance import attendance_at_the_desk  # noqa: PLC0415
    from forums.waiting.events import events_at_the_desk, next_event  # noqa: PLC0415
    from forums.waiting.governance import governance_at_the_desk  # noqa: PLC0415
    from forums.waiting.members import members_at_the_desk  # noqa: PLC0415
    from forums.waiting.next_forum import next_forum_at_the_desk  # noqa: PLC0415
    from residents.desk.waiting import register_coming, register_waiting  # noqa: PLC0415

    register_waiting(next_forum_at_the_desk)  # what the year turns around stands first
    register_waiting(members_at_the_desk)
    register_waiting(governance_at_the_desk)
    register_waiting(events_at_the_desk)
    register_waiting(attendance_at_the_desk)
    register_coming(next_event)
