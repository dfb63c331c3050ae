"""What the secretariat's pages need besides the demo town: imports, certificates, a form, meetings in each state."""

from datetime import date, timedelta
from tempfile import TemporaryDirectory

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from core.jobs.imports import services as imports
from core.jobs.imports.importers import importer_called
from core.jobs.imports.models import ImportRun
from meetings.models import Meeting
from meetings.services import add_item, add_participants, call_meeting, check_in, create_meeting, open_meeting
from meetings.services.people import Guest
from meetings.states import MeetingStatus
from reports.models import Certificate
from reports.services import add_form, issue_certificate, withdraw_certificate
from residents.models import User
from residents.states import Role
from tests.browser.people import EMAIL
from tests.core.imports.tables import term, uploaded, xlsx
from tests.meetings.kinds import KIND, soon
from tests.reports.test_forms_filling import form

MEETING_STATES = (MeetingStatus.DRAFT, MeetingStatus.CALLED, MeetingStatus.OPEN)


def prepare_engines() -> None:
    now = timezone.now()
    secretariat = User.objects.get(email=EMAIL[Role.CLUB_SECRETARIAT.value])
    with TemporaryDirectory() as folder:
        places = {**settings.STORAGES["default"], "OPTIONS": {"location": folder}}
        with override_settings(STORAGES={**settings.STORAGES, "default": places}):
            _bring_files(secretariat, now)
            add_form(name="수료증 서식", source="", region=None, content=form(), actor=secretariat, at=now)
    for number in (1, 2):
        certificate = issue_certificate(
            kind="course",
            title="수료증",
            statement="위 사람이 과정을 마쳤음을 증명합니다.",
            facts=[("과정", f"제{number}기")],
            holder=None,
            holder_name="홍길동",
            issued_by="목민관클럽 사무국",
            region=None,
            actor=secretariat,
            at=now,
        )
    withdraw_certificate(certificate_id=certificate.pk, reason="이름이 틀렸습니다.", actor=secretariat, at=now)
    for status in MEETING_STATES:
        _hold(status, secretariat, now)


def _bring_files(secretariat, now) -> None:
    """One import whose columns are still to be matched, one that waits for a decision, with rows of each kind."""
    first = date(1950, 7, 1)
    rows = [term("광주광역시 서구", since=first, until=date(1954, 7, 1)), term("없는구")]
    rows += [term("광주광역시 동구", since=first, until=date(1954, 7, 1))] * 2
    importer = importer_called("residents.office-terms")
    for matched in (False, True):
        run = imports.take_upload(importer=importer, file=uploaded(xlsx(rows)), owner=secretariat, at=now)
        if matched:
            imports.order_check(
                run_id=run.pk, mapping=run.mapping, heading_row=run.heading_row, actor=secretariat, at=now
            )


def _hold(status, secretariat, now) -> None:
    who = {"actor": secretariat, "at": now}
    values = {"title": "정기총회", "place": "시청", "starts_at": soon(now)}
    values |= {"ends_at": now + timedelta(hours=2), "quorum_article": "규약 제7조"}
    meeting = create_meeting(kind=KIND.name, values=values, **who)
    guests = [Guest(name=name, affiliation="연수구") for name in ("고남석", "김만수", "염태영")]
    people = add_participants(meeting_id=meeting.pk, guests=guests, **who)
    add_item(meeting_id=meeting.pk, title="결산 승인", text="결산안은 붙임과 같습니다.", proposer="", **who)
    if status == MeetingStatus.DRAFT:
        return
    call_meeting(meeting_id=meeting.pk, **who)
    for person in people[:2]:
        check_in(participant_id=person.pk, way="desk", **who)
    if status == MeetingStatus.OPEN:
        open_meeting(meeting_id=meeting.pk, **who)


def import_at(status: str) -> str:
    return f"/imports/{ImportRun.objects.get(status=status).pk}/"


def certificate_at(status: str) -> str:
    return f"/verify/{Certificate.objects.get(status=status, kind='course').printed_code}/"


def meeting_at(status: str) -> str:
    return f"/meetings/{Meeting.objects.get(status=status, kind=KIND.name).pk}/"


def item_of(status: str) -> str:
    """The end of the address of an act on the one item of the meeting."""
    return f"{Meeting.objects.get(status=status, kind=KIND.name).agenda.get().pk}/"
