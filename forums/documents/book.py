"""The book of a forum: everything that its participants hold in hand, as one booklet.

Source of the form: book of the 24th forum (January 2014): programme, attendees, the host, presentations, officers,
directory of members, bylaws.
"""

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.errors import RuleViolation
from core.jobs.kinds import Offer
from core.templatetags.madang import day_text
from forums.documents.attendees import EVENT, asked_order, attendees_section
from forums.documents.directory import directory_section
from forums.documents.governance import bylaws_section, officers_section
from forums.documents.programme import programme_sections
from forums.filetypes import CONTENT_TYPES
from forums.filetypes import Format as FileFormat
from forums.models import Bylaws, Forum, HostProfile, Material
from forums.permissions import is_member, keeps_the_club
from forums.programme import Programme
from forums.programme_wording import days_in_words, event_label
from forums.queries.forums import (
    forum_by_reference,
    forum_with_programme,
    programme_of,
    published_programme,
)
from forums.queries.governance import bylaws_on
from forums.queries.members import Entry, directory
from forums.queries.registrations import attendees_of
from reports.content import (
    Attachment,
    Block,
    Cover,
    Facts,
    Item,
    Items,
    Paragraph,
    Report,
    Section,
    Style,
    Tone,
)
from reports.registry import Document, Format, Order, Values
from reports.registry import register as register_document
from residents.models import User

NAME = "forum-book"
# The directory of members is the part of the book that is not for everybody.
PERSONAL_DATA = "forums.member"


def build(order: Order) -> Report:
    """The book as of the event's first day, or as of today for one that is still to come.

    The programme is the last published version; the secretariat may take a book of a draft, which then says so.
    """
    forum = forum_by_reference(str(order.values["forum"]))
    order.tell(5, _("Programme"))
    programme, about = _programme(forum, order.reader)
    today = timezone.localdate(order.at)
    day = min(forum.starts_on, today)
    sections = [_with_title(_("Programme"), programme_sections(programme))]
    order.tell(25, _("Attendees"))
    found = attendees_of(forum, asked_order({}, forum))
    if found.lines:
        sections.append(attendees_section(found))
    profile = HostProfile.objects.filter(forum=forum).first()
    if profile is not None:
        sections.append(host_section(profile, programme.host))
    order.tell(45, _("Materials"))
    sections += materials_sections(list(forum.materials.filter(in_book=True).order_by("position", "pk")))
    order.tell(70, _("Officers and directory of members"))
    sections += _club_sections(day, today)
    label = event_label(programme.kind, programme.term, programme.number)
    when = days_in_words(programme.starts_on, programme.ends_on)
    return Report(
        title=programme.title,
        subtitle=label,
        sections=tuple(sections),
        publisher=_("Mokmingwan Club"),
        language=order.language,
        style=Style.BOOKLET,
        issued_on=day,
        cover=Cover(above=(_("Mokmingwan Club"),), below=tuple(part for part in (when, _place(programme)) if part)),
        contents=True,
        running=label,
        imprint=_imprint(programme, label, when, about, order),
        keywords=(label, programme.title),
    )


def _programme(forum: Forum, reader: User | None) -> tuple[Programme, str]:
    """(programme, which version it is). Raises RuleViolation where there is none to be read yet."""
    published = published_programme(forum)
    if published is not None:
        version, programme = published
        values = {"number": version.number, "day": day_text(version.published_at)}
        return programme, _("Version %(number)s, %(day)s") % values
    if reader is not None and not keeps_the_club(reader):
        raise RuleViolation(_("The programme of this event has not been published yet."), code="not_published")
    return programme_of(forum_with_programme().get(pk=forum.pk)), _("Draft")


def _with_title(title: str, parts: list[Section]) -> Section:
    return Section(title, parts=tuple(parts))


def _place(programme: Programme) -> str:
    return programme.place or programme.host


def _imprint(programme: Programme, label: str, when: str, about: str, order: Order) -> tuple[tuple[str, str], ...]:
    rows = (
        (_("Book of"), label),
        (_("Title"), programme.title),
        (_("When"), when),
        (_("Where"), _place(programme)),
        (_("Host"), programme.host),
        (_("Programme"), about),
        (_("Published by"), _("Mokmingwan Club")),
        (_("Printed on"), date_format(timezone.localdate(order.at), "DATE_FORMAT")),
        (_("Use"), _("The directory is for the work of the club only. Please do not pass it on.")),
    )
    return tuple((name, value) for name, value in rows if value)


# --- The host ---------------------------------------------------------------------------------------------------------


def host_section(profile: HostProfile, host: str) -> Section:
    """What there is to know of the host: figures, goals, history."""
    facts = [
        (_("Inhabitants"), _count(profile.people, _("%(count)s persons"))),
        (_("Households"), _count(profile.households, _("%(count)s households"))),
        (
            pgettext("of a place", "Area"),
            f"{profile.square_kilometres} km²" if profile.area_hectares is not None else "",
        ),
        (
            f"{_('Budget')} ({profile.budget_note})" if profile.budget_note else _("Budget"),
            _count(profile.budget_million, _("%(count)s million won")),
        ),
    ]
    blocks: list[Block] = []
    if profile.goal:
        blocks.append(Paragraph(profile.goal, Tone.LEAD))
    if known := tuple((name, value) for name, value in facts if value):
        blocks.append(Facts(known))
    parts = []
    if profile.aims:
        aims = tuple(Item(str(aim["title"]), tuple(str(line) for line in aim["lines"])) for aim in profile.aims)
        parts.append(Section(_("Goals"), (Items(aims),)))
    if profile.history:
        events = tuple((str(event["when"]), str(event["what"])) for event in profile.history)
        parts.append(Section(pgettext("of a place", "History"), (Facts(events),)))
    if profile.source:
        source = Paragraph(_("Source: %(source)s") % {"source": profile.source}, Tone.SMALL)
        if parts:
            last = parts[-1]
            parts[-1] = Section(last.title, (*last.blocks, source))
        else:
            blocks.append(source)
    title = _("Our host: %(host)s") % {"host": host} if host else _("Our host")
    return Section(title, tuple(blocks), tuple(parts), short=_("Our host"))


def _count(number: int | None, words: str) -> str:
    return "" if number is None else words % {"count": f"{number:,}"}


# --- Materials --------------------------------------------------------------------------------------------------------


def materials_sections(materials: list[Material]) -> list[Section]:
    """PDFs come along page by page; what cannot, is named with where it is to be had."""
    if not materials:
        return []
    pdf = CONTENT_TYPES[FileFormat.PDF]
    blocks: list[Block] = [
        Attachment(
            title=material.title,
            path=material.file.path,
            sha256=material.sha256,
            pages=material.pages or 1,
            author=material.author,
        )
        for material in materials
        if material.content_type == pdf
    ]
    others = tuple(_named(material) for material in materials if material.content_type != pdf)
    opening: list[Block] = []
    if others:
        opening = [Paragraph(_("These materials stand on the page of the event:")), Items(others)]
    return [Section(_("Materials"), (*opening, *blocks))]


def _named(material: Material) -> str:
    about = ", ".join(part for part in (material.author, material.format_name) if part)
    return f"{material.title} ({about})"


# --- The club ---------------------------------------------------------------------------------------------------------


def _club_sections(day: date, today: date) -> list[Section]:
    """Officers, directory and bylaws as of `day`; what there was none of then is left out."""
    sections = []
    try:
        sections.append(officers_section(day))
    except RuleViolation as nothing:
        if nothing.code != "nothing_to_print":
            raise
    entries = directory(today=today, on=day)
    if entries:
        sections.append(_directory_section(entries))
    version = bylaws_on(day)
    if version is not None:
        sections.append(bylaws_section(Bylaws.objects.prefetch_related("articles").get(pk=version.pk)))
    return sections


def _directory_section(entries: list[Entry]) -> Section:
    """In one column: the pages of a booklet are too narrow for two."""
    return replace(directory_section(entries), columns=1)


def may_order(user: User, values: Values) -> bool:
    """Members and the secretariat, of events that they may see."""
    if not (keeps_the_club(user) or is_member.test(user)):
        return False
    reference = values.get("forum")
    if reference is None:
        return True
    try:
        forum = forum_by_reference(str(reference))
    except RuleViolation:
        return keeps_the_club(user)
    return user.has_perm("forums.view_forum", forum) and user.has_perm("forums.read_book", forum)


def file_name(order: Order) -> str:
    forum = forum_by_reference(str(order.values["forum"]))
    return _("Book of %(event)s") % {"event": event_label(forum.kind, forum.term, forum.number)}


def offer(user: User, file_format: Format, key: UUID) -> Offer | None:
    """The secretariat keeps a finished book among the publications."""
    if file_format is not Format.PDF or not user.has_perm("forums.add_publication"):
        return None
    return Offer(_("Keep it among the publications"), reverse("forums:keep_book", args=[key]))


def register() -> None:
    register_document(
        Document(
            name=NAME,
            title=gettext_lazy("Forum book"),
            about=gettext_lazy(
                "Programme, attendees, host, materials, officers, directory and bylaws, with page numbers."
            ),
            build=build,
            may_order=may_order,
            formats=(Format.PDF, Format.HWPX),
            parameters=(EVENT,),
            personal_data=PERSONAL_DATA,
            purpose_asked=False,
            file_name=file_name,
            offer=offer,
        )
    )
