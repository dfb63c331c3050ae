"""The documents of a meeting: the list of attendance, and the minutes."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.errors import RuleViolation
from core.templatetags.madang import day_text, moment_text
from core.templatetags.madang import people as people_text
from meetings.guidance import below_quorum, clock_text, vacant_seats
from meetings.kinds import meeting_kind
from meetings.minutes import record_of
from meetings.models import Attendance, Meeting, Minutes, Participant, Sitting
from meetings.permissions import kept_meetings
from meetings.queries import attended_by, attended_each, came, roll_of, sittings_of, spans_of, spans_within
from meetings.states import HELD, BallotWay, MajorityRule, MeetingStatus, Outcome, ResolutionKind
from reports.content import (
    Align,
    Block,
    Column,
    Facts,
    Items,
    Paragraph,
    Report,
    Run,
    Section,
    Signatures,
    Table,
    Text,
    Tone,
    Unit,
)
from reports.registry import Document, Format, Kind, Order, Parameter, Values
from residents.models import User

SIGNATURE_ROOM = "　" * 6


def _meeting(values: Values) -> Meeting:
    meeting = Meeting.objects.prefetch_related("sittings").filter(pk=int(str(values["meeting"]))).first()
    if meeting is None:
        raise RuleViolation(_("There is no such meeting."), code="no_meeting", status=404)
    return meeting


def _keeps(user: User, values: Values) -> bool:
    """Without a meeting among the values: whether they keep any."""
    if "meeting" not in values:
        return user.has_perm("meetings.keep_meeting")
    meeting = Meeting.objects.filter(pk=int(str(values["meeting"]))).first()
    return meeting is not None and user.has_perm("meetings.keep_meeting", meeting)


def _file_name(order: Order) -> str:
    meeting = _meeting(order.values)
    return f"{meeting.title} {timezone.localdate(meeting.starts_at):%Y-%m-%d}"


# --- attendance -------------------------------------------------------------------------------------------------------


def attendance_list(order: Order) -> Report:
    """Who is on the list, who was there and how long; empty fields to sign in where nobody has come yet."""
    meeting = _meeting(order.values)
    roll = list(roll_of(meeting))
    if not roll:
        raise RuleViolation(_("There is nobody on the list of participants yet."), code="nothing_to_print")
    to_sign = meeting.status in {MeetingStatus.DRAFT, MeetingStatus.CALLED}
    sittings = list(meeting.sittings.all())
    if to_sign:
        sections = [Section(name, (*words, _sheet(roll)), in_contents=False) for name, words in _parts(sittings)]
        sections[0] = replace(sections[0], blocks=(_facts_of(meeting), *sections[0].blocks))
    else:
        whole = _in_sittings(meeting, roll, order.at) if sittings else _attended(meeting, roll, order.at)
        sections = [Section(_("Attendance"), (_facts_of(meeting), whole), in_contents=False)]
        if sittings:
            by_sitting = tuple(_each_sitting(meeting, roll, order.at))
            sections.append(Section(_("Attendance by sitting"), by_sitting, in_contents=False))
    return Report(
        title=_("Sheet to sign: %(meeting)s") % {"meeting": meeting.title}
        if to_sign
        else _("Attendance: %(meeting)s") % {"meeting": meeting.title},
        sections=tuple(sections),
        language=order.language,
        issued_on=timezone.localdate(order.at),
    )


def _parts(sittings: list[Sitting]) -> list[tuple[str, tuple[Block, ...]]]:
    """Title and time of each sheet to sign: one for each sitting, one for a meeting without sittings."""
    if not sittings:
        return [(_("Attendance"), ())]
    return [
        (sitting.title, (Paragraph(_times(sitting.starts_at, sitting.ends_at), Tone.SMALL),)) for sitting in sittings
    ]


def _times(begins: datetime, ends: datetime) -> str:
    """The day is said again where something ends on another one."""
    same_day = timezone.localdate(begins) == timezone.localdate(ends)
    return f"{moment_text(begins)} – {f'{timezone.localtime(ends):%H:%M}' if same_day else moment_text(ends)}"


def _facts_of(meeting: Meeting) -> Facts:
    kind = meeting_kind(meeting.kind)
    rows: list[tuple[str, Text]] = [
        (_("Meeting"), meeting.title),
        (_("Kind"), str(kind.title) if kind else meeting.kind),
        (pgettext("a meeting", "When"), _times(meeting.starts_at, meeting.ends_at)),
        (_("Place"), " ".join(part for part in (meeting.place, meeting.address) if part)),
    ]
    return Facts(tuple(rows))


def _sheet(roll: list[Participant]) -> Table:
    columns = (
        Column(_("No."), 0.6, Align.CENTRE, Unit.PLAIN),
        Column(_("Affiliation"), 2),
        Column(_("Role"), 1.5),
        Column(_("Name"), 1.2),
        Column(_("Came at"), 1),
        Column(_("Signature"), 1.5),
        Column(_("Remark"), 1.3),
    )
    rows = tuple(
        (number, one.affiliation, one.role, one.name, "", "", _remark(one)) for number, one in enumerate(roll, start=1)
    )
    return Table(columns, rows, row_heads=4, numbered=False)


def _attended(meeting: Meeting, roll: list[Participant], at: datetime) -> Table:
    columns = (
        Column(_("No."), 0.6, Align.CENTRE, Unit.PLAIN),
        Column(_("Affiliation"), 2),
        Column(_("Role"), 1.4),
        Column(_("Name"), 1.2),
        Column(_("Came at"), 1, Align.CENTRE),
        Column(_("Left at"), 1, Align.CENTRE),
        Column(pgettext("time", "Minutes"), 0.9, Align.RIGHT),
        Column(_("Remark"), 1.3),
    )
    sittings = sittings_of(meeting)
    until = meeting.closed_at or at
    rows = []
    for number, one in enumerate(roll, start=1):
        spans = spans_of(one)
        minutes = attended_by(one, sittings, until=until).minutes if spans else None
        rows.append(
            (number, one.affiliation, one.role, one.name, *_clocks(spans, meeting.starts_at), minutes, _remark(one))
        )
    present = sum(came(one) for one in roll)
    total = ("", pgettext("persons", "Present"), "", people_text(present), "", "", None, "")
    return Table(columns, tuple(rows), total=total, note=_rounding(), row_heads=4, numbered=False)


def _rounding() -> str:
    return _("Minutes count within the meeting and are rounded down.")


def _clocks(spans: list[Attendance], begins: datetime) -> tuple[str, str]:
    """When somebody came first and left last."""
    if not spans:
        return pgettext("a person", "absent"), ""
    return clock_text(spans[0].arrived_at, begins), clock_text(spans[-1].left_at, begins)


def _in_sittings(meeting: Meeting, roll: list[Participant], at: datetime) -> Table:
    """How long everybody was there in all: in minutes to reckon with, in hours to read, and in how many sittings."""
    sittings, until = sittings_of(meeting), meeting.closed_at or at
    columns = (
        Column(_("No."), 0.6, Align.CENTRE, Unit.PLAIN),
        Column(_("Affiliation"), 2),
        Column(_("Role"), 1.4),
        Column(_("Name"), 1.2),
        Column(_("Sittings attended"), 0.9, Align.RIGHT),
        Column(pgettext("time", "Minutes"), 0.9, Align.RIGHT),
        Column(_("Hours"), 1.3, Align.RIGHT),
        Column(_("Remark"), 1.3),
    )
    rows = []
    for number, one in enumerate(roll, start=1):
        minutes = attended_by(one, sittings, until=until).minutes
        attended = sum(part.minutes > 0 for part in attended_each(one, sittings, until=until))
        said = (attended, minutes, hours_text(minutes)) if came(one) else (pgettext("a person", "absent"), None, "")
        rows.append((number, one.affiliation, one.role, one.name, *said, _remark(one)))
    present = sum(came(one) for one in roll)
    total = ("", pgettext("persons", "Present"), "", people_text(present), "", None, "", "")
    return Table(columns, tuple(rows), _("All sittings"), total, _rounding(), row_heads=4, numbered=False)


def hours_text(minutes: int) -> str:
    """3시간 20분."""  # korean: how the catalogue says it
    return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}


def _each_sitting(meeting: Meeting, roll: list[Participant], at: datetime) -> list[Table]:
    """A list for each sitting: when they were there in it, and how long."""
    sittings, until = list(meeting.sittings.all()), meeting.closed_at or at
    times = sittings_of(meeting)
    minutes = {one.pk: attended_each(one, times, until=until) for one in roll}
    spans = {one.pk: spans_within(one, times, until=until) for one in roll}
    columns = (
        Column(_("No."), 0.6, Align.CENTRE, Unit.PLAIN),
        Column(_("Affiliation"), 2),
        Column(_("Role"), 1.4),
        Column(_("Name"), 1.2),
        Column(_("Came at"), 1, Align.CENTRE),
        Column(_("Left at"), 1, Align.CENTRE),
        Column(pgettext("time", "Minutes"), 0.9, Align.RIGHT),
    )
    tables = []
    for place, sitting in enumerate(sittings):
        rows = [
            (
                number,
                one.affiliation,
                one.role,
                one.name,
                *_clocks(spans[one.pk][place], sitting.starts_at),
                minutes[one.pk][place].minutes if spans[one.pk][place] else None,
            )
            for number, one in enumerate(roll, start=1)
        ]
        present = sum(bool(spans[one.pk][place]) for one in roll)
        total = ("", pgettext("persons", "Present"), "", people_text(present), "", "", None)
        when = _times(sitting.starts_at, sitting.ends_at)
        tables.append(Table(columns, tuple(rows), sitting.title, total, when, row_heads=4, numbered=False))
    return tables


def _remark(participant: Participant) -> str:
    parts = [participant.remark]
    if participant.proxy_for:
        parts.append(_("for %(name)s") % {"name": participant.proxy_for})
    return ", ".join(part for part in parts if part)


# --- minutes ----------------------------------------------------------------------------------------------------------


def minutes_document(order: Order) -> Report:
    """The newest version of the minutes; before there is one, the record as it stands, marked as a draft."""
    meeting = _meeting(order.values)
    if meeting.status not in HELD:
        raise RuleViolation(_("Minutes are printed when the meeting is closed."), code="nothing_to_print")
    minutes = meeting.minutes.order_by("-version").first()
    content = minutes.content if minutes else record_of(meeting)
    is_approved = minutes is not None and minutes.approved_at is not None
    sections = [
        Section(_("The meeting"), (_minutes_facts(content),), in_contents=False),
        Section(_("Who was there"), tuple(_present(content)), in_contents=False),
        *_items(content),
    ]
    if minutes and minutes.remarks:
        paragraphs = tuple(Paragraph(line) for line in minutes.remarks.splitlines() if line.strip())
        sections.append(Section(_("Further notes"), paragraphs, in_contents=False))
    sections.append(Section(_("Signatures"), tuple(_signatures(minutes, content)), in_contents=False))
    return Report(
        title=_("Minutes: %(meeting)s") % {"meeting": content["title"]},
        subtitle="" if is_approved else _("Draft, not approved"),
        sections=tuple(sections),
        language=order.language,
        issued_on=timezone.localdate(minutes.approved_at) if minutes and minutes.approved_at else None,
    )


def _at(iso: str) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None


def _minutes_facts(content: dict[str, Any]) -> Facts:
    kind = meeting_kind(content["kind"])
    rows: list[tuple[str, Text]] = [
        (_("Kind"), str(kind.title) if kind else content["kind"]),
        (_("Place"), content["place"]),
        (pgettext("a meeting", "Opened"), moment_text(_at(content["opened_at"]))),
        (pgettext("a meeting", "Closed"), moment_text(_at(content["closed_at"]))),
    ]
    if content["convened_by"]:
        called_on = f" ({day_text(date.fromisoformat(content['convened_on']))})" if content["convened_on"] else ""
        rows.append((_("Called by"), f"{content['convened_by']}{called_on}"))
    found = _("%(present)s of %(eligible)s members present, %(needed)s needed") % {
        "present": content["present"],
        "eligible": content["eligible"],
        "needed": content["needed"],
    }
    article = f" ({content['quorum_article']})" if content["quorum_article"] else ""
    rows.append((pgettext("persons", "Members"), people_text(content["eligible"])))
    rows.append((_("Present at the opening"), people_text(content["present"])))
    rows.append((_("Quorum"), found + article))
    for sitting in content.get("sittings", ()):
        when = _times(datetime.fromisoformat(sitting["starts_at"]), datetime.fromisoformat(sitting["ends_at"]))
        there = _("members present: %(number)s") % {"number": people_text(sitting["present"])}
        rows.append((sitting["title"], f"{when}, {there}"))
    return Facts(tuple(rows))


def _named(person: dict[str, str]) -> str:
    office = " ".join(part for part in (person["affiliation"], person["role"]) if part)
    proxy = _("for %(name)s") % {"name": person["proxy_for"]} if person["proxy_for"] else ""
    about = ", ".join(part for part in (office, proxy) if part)
    return f"{person['name']} ({about})" if about else person["name"]


def _present(content: dict[str, Any]) -> list[Block]:
    groups = (
        (_("Members who were there"), content["present_names"]),
        (_("Members who were absent"), content["absent_names"]),
        (_("Others who were there"), content["others"]),
    )
    blocks: list[Block] = []
    for name, persons in groups:
        if persons:
            heading = f"{name} ({people_text(len(persons))})"
            blocks.append(Paragraph((Run(f"{heading}: ", bold=True), Run(", ".join(_named(one) for one in persons)))))
    return blocks


def _items(content: dict[str, Any]) -> list[Section]:
    sections = []
    for item in content["agenda"]:
        proposer = [Paragraph(_("Proposed by: %(name)s") % {"name": item["proposer"]})] if item["proposer"] else []
        title = f"{item['position']}. {item['title']}"
        record = _spoken_and_decided(content, item["id"]) or [Paragraph(_("Not dealt with."))]
        sections.append(Section(title, (*proposer, *record), in_contents=False))
    others = _spoken_and_decided(content, None)
    if others:
        sections.append(Section(_("Beside the agenda"), tuple(others), in_contents=False))
    return sections


def _spoken_and_decided(content: dict[str, Any], item: int | None) -> list[Block]:
    said: tuple[Text, ...] = tuple(
        (Run(f"{one['speaker']}: ", bold=True), Run(one["gist"]))
        for one in content["statements"]
        if one["item"] == item
    )
    blocks: list[Block] = [Items(said)] if said else []
    for resolution in content["resolutions"]:
        if resolution["item"] == item:
            blocks += _resolution(resolution, content["needed"])
    return blocks


def majority_in_words(rule: str, permille: int | None, article: str) -> str:
    """By which majority was decided, with its article."""
    words = str(MajorityRule(rule).label)
    if rule == MajorityRule.SHARE_OF_PRESENT:
        words = _("at least %(permille)s ‰ of those present") % {"permille": permille}
    return f"{words} ({article})" if article else words


def _resolution(facts: dict[str, Any], needed: int | None) -> list[Block]:
    """`needed`: how many had to be there to open."""
    outcome = str(Outcome(facts["outcome"]).label)
    heading: tuple[Run, ...] = (
        Run(_("Resolution %(number)s: ") % {"number": facts["number"]}, bold=True),
        Run(facts["text"]),
    )
    how = _("%(way)s; majority: %(rule)s; %(present)s present, %(needed)s votes needed.") % {
        "way": str(BallotWay(facts["ballot"]).label),
        "rule": majority_in_words(facts["rule"], facts["permille"], facts["article"]),
        "present": facts["present"],
        "needed": facts["needed"],
    }
    blocks: list[Block] = [Paragraph(heading)]
    if needed is not None and facts["present"] < needed:
        how += " " + below_quorum(needed)
    if facts["kind"] == ResolutionKind.MOTION:
        counted = (pgettext("votes", "For"), pgettext("votes", "Against"), _("Abstentions"), _("Invalid votes"))
        blocks.append(
            Table(
                (*(Column(name, align=Align.CENTRE) for name in counted), Column(_("Outcome"), 2)),
                ((facts["in_favour"], facts["against"], facts["abstained"], facts["invalid"], outcome),),
                numbered=False,
                row_heads=0,
            )
        )
    else:
        blocks.append(_candidates(facts))
    return [*blocks, Paragraph(how, Tone.SMALL)]


def _candidates(facts: dict[str, Any]) -> Table:
    def became(one: dict[str, Any]) -> str:
        if one["is_elected"]:
            return str(Outcome.ELECTED.label)
        return _("goes into the run-off") if one["in_run_off"] else ""

    columns = (Column(_("Candidate"), 2), Column(_("Votes"), 1, Align.RIGHT), Column(_("Outcome"), 2))
    rows = tuple((one["name"], one["votes"], became(one)) for one in facts["candidates"])
    note = _("Seats: %(seats)s; invalid votes: %(invalid)s.") % {"seats": facts["seats"], "invalid": facts["invalid"]}
    if vacant := facts["seats"] - sum(one["is_elected"] for one in facts["candidates"]):
        note += " " + vacant_seats(vacant)
    return Table(columns, rows, numbered=False, note=note)


def _signatures(minutes: Minutes | None, content: dict[str, Any]) -> list[Block]:
    if minutes is None or minutes.approved_at is None:
        chair = (pgettext("a meeting", "Chair"), SIGNATURE_ROOM)
        keeper = (_("Keeper of the minutes"), SIGNATURE_ROOM)
        return [Signatures((chair, keeper), place_and_day=str(content["place"]))]
    signed = tuple((str(role), str(name)) for role, name in minutes.signed_by)
    return [Signatures(signed, place_and_day=day_text(timezone.localdate(minutes.approved_at)))]


def _choices(user: User | None) -> list[tuple[str, str]]:
    """The meetings that `user` keeps, the newest first; all of them on the command line."""
    meetings = Meeting.objects.all() if user is None else kept_meetings(user)
    facts = meetings.order_by("-starts_at", "-pk").values_list("pk", "title", "starts_at")
    return [(str(pk), f"{day_text(timezone.localdate(starts_at))} {title}") for pk, title, starts_at in facts]


_MEETING = Parameter("meeting", gettext_lazy("Meeting"), Kind.NUMBER, choices=_choices)

ATTENDANCE = Document(
    name="meeting-attendance",
    title=gettext_lazy("Attendance of a meeting"),
    about=gettext_lazy("Before the meeting a sheet to sign, after it who was there and how long."),
    build=attendance_list,
    may_order=_keeps,
    formats=(Format.PDF, Format.XLSX, Format.HWPX),
    parameters=(_MEETING,),
    personal_data="meetings.participant",
    purpose_asked=False,
    file_name=_file_name,
)
MINUTES = Document(
    name="meeting-minutes",
    title=gettext_lazy("Minutes of a meeting"),
    about=gettext_lazy("Who was there, who said what in short, what was decided with which votes, and who signs."),
    build=minutes_document,
    may_order=_keeps,
    formats=(Format.PDF, Format.HWPX),
    parameters=(_MEETING,),
    personal_data="meetings.participant",
    purpose_asked=False,
    file_name=_file_name,
)
