"""The book of a forum: what stands in it, on which page, and who may have it. Facts: book of the 24th forum."""

import csv
import os
import re
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from hwp_hwpx_parser import Reader
from pypdf import PdfReader

from core.audit.models import AccessEntry
from core.errors import RuleViolation
from core.jobs.models import Job
from forums.documents.book import build
from forums.models import Appointment, MemberTerm
from forums.services.forums import mark_held, publish_forum, set_host_profile
from forums.services.materials import add_material
from forums.services.registrations import register_attendee
from forums.states import MemberKind, Position
from reports.orders import order_document
from reports.pdf.fonts import what_is_missing
from reports.registry import Format, Order, document_called
from residents.models import OfficeTerm
from residents.states import Role
from tests.factories import NOON, MemberFactory, MunicipalityFactory, ProvinceFactory, UserFactory, acting_for, official
from tests.forums.club import adopt
from tests.forums.events import THEN, forum_24, planned
from tests.reports.sample import foreign_pdf

REQUIRE_ALL = os.environ.get("MADANG_REQUIRE_ALL") == "1"
needs_pango = pytest.mark.skipif(bool(what_is_missing()) and not REQUIRE_ALL, reason="no Pango or no font here")
pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[2] / "demo" / "data"
JOINER = "\u2060"


def rows_of(name):
    with (DATA / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def the_57():
    """The members of the printed directory, with their terms of office."""
    province = ProvinceFactory(name="경기도")
    members = {}
    for row in rows_of("office_terms.csv"):
        is_honorary = row["member_kind"] == "honorary"
        member = MemberFactory(
            name=row["name"],
            name_hanja=row["name_hanja"],
            area=row["area"],
            joined_on=None,
            kind=MemberKind.HONORARY if is_honorary else MemberKind.REGULAR,
            former_office=row["office"] if is_honorary else "",
        )
        member.mails.create(address=f"head{row['printed_position']}@example.org")
        if not is_honorary:
            MemberTerm.objects.create(
                member=member,
                term=OfficeTerm.objects.create(
                    region=MunicipalityFactory(parent=province),
                    office=row["office_kind"],
                    name=row["name"],
                    name_hanja=row["name_hanja"],
                    term=row["term"],
                    since=date.fromisoformat(row["valid_from"]),
                    until=date.fromisoformat(row["valid_until"]),
                ),
            )
        members[row["name"]] = member
    return members


@pytest.fixture(scope="module")
def forum(django_db_setup, django_db_blocker, tmp_path_factory):
    """The 24th forum for all tests of this module: what one of them adds is taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("ko"):
        yield held_24th(tmp_path_factory.mktemp("slides"))
        transaction.set_rollback(True)


def held_24th(folder):
    """The 24th forum as it was held, with its attendees, two materials, officers and bylaws."""
    members = the_57()
    forum = forum_24()
    set_host_profile(
        forum_id=forum.pk,
        households=79951,
        people=205460,
        area_hectares=4276,
        budget_million=356019,
        budget_note="2014",
        goal="활기찬 변화 행복도시 오산",
        aims=[{"title": "시정목표", "lines": ["맑은 도시"]}],
        history=[{"when": "1989. 1. 1.", "what": "오산시로 승격"}],
        actor=None,
        at=THEN,
    )
    for row in rows_of("forum_24_attendees.csv"):
        register_attendee(
            forum_id=forum.pk,
            role=row["role"],
            name=row["name"],
            member=members.get(row["name"]) if row["name"] else None,
            area=row["area"],
            organisation=row["organisation"],
            position=row["position"],
            is_proxy=row["proxy"] == "true",
            remark=row["remark"],
            source_position=int(row["printed_position"]),
            actor=None,
            at=THEN,
        )
    slides = foreign_pdf(folder / "slides.pdf", pages=3)
    hwpx = _hwpx()
    for title, name, data in (("발제 1. 주민참여", "s.pdf", slides.read_bytes()), ("토론문", "t.hwpx", hwpx)):
        add_material(forum_id=forum.pk, data=data, name=name, title=title, author="윤석인", actor=None, at=THEN)
    Appointment.objects.create(position=Position.CO_CHAIR, member=members["고재득"], since=date(2012, 9, 20))
    adopt()
    publish_forum(forum_id=forum.pk, actor=None, at=THEN)
    mark_held(forum_id=forum.pk, actor=None, at=NOON)
    return forum


def _hwpx():
    from tests.forums.test_materials import hwpx

    return hwpx()


def order(**fields):
    return Order(values={"forum": "24"}, reader=None, at=NOON, **fields)


def written(file_format, tmp_path):
    target = tmp_path / f"book.{file_format}"
    call_command("build_document", "forum-book", "--param", "forum=24", "--format", file_format, "--out", str(target))
    return target


def clean(text):
    return text.replace(JOINER, "")


# --- What stands in it ------------------------------------------------------------------------------------------------


def test_its_chapters_come_in_the_order_of_the_printed_book(forum) -> None:
    shorts = [section.title for section in build(order()).sections]
    assert [title.split(":")[0] for title in shorts] == [
        _("Programme"),
        _("Attendees"),
        (_("Our host: %(host)s") % {"host": ""}).split(":")[0],
        _("Materials"),
        _("Officers and organisation of the club"),
        _("Directory of members"),
        _("Bylaws of the club"),
    ]


def test_the_directory_has_57_entries_by_name_with_hanja(forum) -> None:
    """Book of the 24th forum: 57 entries; those of the same order of the syllables as sorted by code point."""
    directory = next(one for one in build(order()).sections if one.title == _("Directory of members"))
    (table,) = [block for block in directory.blocks if hasattr(block, "rows")]
    names = [row[2] for row in table.rows]
    assert len(names) == 57
    assert names == sorted(names)
    assert "고남석(高南碩)" in names


def test_the_list_of_attendees_is_the_printed_one(forum) -> None:
    """Book of the 24th forum: 22 heads, two of them by proxy, then 72 officials."""
    attendees = next(one for one in build(order()).sections if one.title == _("Attendees"))
    heads, officials = [block for block in attendees.blocks if hasattr(block, "rows")]
    assert (len(heads.rows), len(officials.rows)) == (22, 72)
    assert heads.rows[0][:4] == (1, "경기", "오산시", "곽상욱")
    assert heads.rows[0][5] == "주관"
    assert sum(_("proxy") in row[5] for row in heads.rows) == 2
    assert officials.rows[0][0] == 23


def test_guests_are_counted_in_it_and_not_named(forum) -> None:
    """A book is kept for good; the names of guests are deleted a year after the event, as they were promised."""
    register_attendee(forum_id=forum.pk, role="guest", name="손님", contact="guest@example.org", actor=None, at=NOON)
    chapter = next(section for section in build(order()).sections if section.title == _("Attendees"))
    assert _("Guests: %(guests)s.") % {"guests": 1} in str(chapter)
    assert "손님" not in str(chapter)


def test_the_host_stands_in_it_with_its_figures(forum) -> None:
    """Osan in 2014: households 79,951, people 205,460, 42.76 km², budget 356,019 million won."""
    host = build(order()).sections[2]
    (facts,) = [block for block in host.blocks if hasattr(block, "rows")]
    said = " ".join(str(value) for _name, value in facts.rows)
    for figure in ("79,951", "205,460", "42.76 km²", "356,019"):
        assert figure in said


def test_what_cannot_come_along_is_named(forum) -> None:
    materials = next(one for one in build(order()).sections if one.title == _("Materials"))
    assert [one.title for one in build(order()).attachments()] == ["발제 1. 주민참여"]
    assert "토론문" in str(materials.blocks)


# --- On which page ----------------------------------------------------------------------------------------------------


@needs_pango
def test_every_entry_of_the_contents_names_the_page_where_its_heading_stands(forum, tmp_path) -> None:
    reader = PdfReader(written("pdf", tmp_path))
    pages = [clean(page.extract_text()) for page in reader.pages]
    contents = [
        (match[1].strip(" .·"), match[2])
        for match in re.finditer(r"^(.+?)[ .·…]*?(\d+)$", pages[2], re.MULTILINE)
        if not match[1].strip().isdigit() and match[1].strip()
    ]
    listed = [(title, number) for title, number in contents if title != str(len(pages))]
    report = build(order())
    expected = [one.title for _depth, one in report.all_sections() if one.in_contents]
    expected += [one.title for one in report.attachments()]
    assert {title for title, _number in listed} >= {clean(title) for title in expected}
    for title, number in listed:
        label = reader.page_labels.index(number)
        if title == "발제 1. 주민참여":
            assert "Slide 1" in pages[label]
        else:
            assert title in pages[label], (title, number)


@needs_pango
def test_hanja_and_the_pages_of_others_are_in_the_file(forum, tmp_path) -> None:
    pages = [clean(page.extract_text()) for page in PdfReader(written("pdf", tmp_path)).pages]
    whole = "\n".join(pages)
    assert "高南碩" in whole
    assert all(f"Slide {number}" in whole for number in (1, 2, 3))


def test_the_same_book_can_be_worked_on_as_hwpx(forum, tmp_path) -> None:
    with Reader(str(written("hwpx", tmp_path))) as document:
        text = document.text
    for words in ("곽상욱", "高南碩", "발제 1. 주민참여", "윤석인"):
        assert words in text


# --- Who may have it --------------------------------------------------------------------------------------------------


def test_members_order_it_with_one_click_and_the_reading_is_logged(forum, client) -> None:
    from forums.models import Member

    user = acting_for(Member.objects.get(name="곽상욱"))
    client.force_login(user)
    response = client.post(reverse("forums:book", args=[forum.pk]))
    job = Job.objects.get()
    assert response.status_code == 302
    assert response.url.endswith(reverse("jobs:job", args=[job.pk]))
    assert (job.owner, job.parameters["document"], job.parameters["format"]) == (user, "forum-book", Format.PDF)
    assert document_called("forum-book").personal_data == "forums.member"
    assert not AccessEntry.objects.filter(what="forums.member").exists()


def test_nobody_else_may_have_it(forum) -> None:
    may_order = document_called("forum-book").may_order
    for values in ({}, {"forum": "24"}, {"forum": "99"}):
        assert not may_order(UserFactory(), values)


def test_a_member_has_no_book_of_a_draft(forum) -> None:
    from forums.models import Member

    draft = planned()
    user = acting_for(Member.objects.get(name="곽상욱"))
    assert document_called("forum-book").may_order(user, {"forum": "24"})
    assert not document_called("forum-book").may_order(user, {"forum": f"#{draft.pk}"})


def test_an_unknown_forum_is_said_to_be_unknown() -> None:
    with pytest.raises(RuleViolation) as refused:
        build(Order(values={"forum": "99"}, reader=None, at=NOON))
    assert refused.value.code == "unknown_forum"


@pytest.mark.parametrize("name", ["forum-book", "forum-programme", "forum-attendees"])
def test_nothing_is_ordered_of_an_unknown_forum(name) -> None:
    secretariat = official(Role.CLUB_SECRETARIAT, region=None)
    with pytest.raises(RuleViolation) as refused:
        order_document(name=name, values={"forum": "99"}, file_format=Format.PDF, owner=secretariat, at=NOON)
    assert (refused.value.code, refused.value.status) == ("unknown_forum", 404)
    assert not Job.objects.exists()
