"""The letters of appointment of a whole term in one file."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from core.errors import RuleViolation
from councils.documents.members import build_letters
from councils.models import Member
from councils.services.appointing import appoint_members
from councils.services.members import resign
from reports.content import Style
from reports.registry import Format, Order
from reports.rendering import render
from tests.councils.membership_town import DAY, START, drawn, term_of
from tests.factories import NOON, UserFactory

pytestmark = pytest.mark.django_db


def order(term):
    return Order(values={"term": term.pk}, reader=None, at=NOON)


def appointed():
    recruitment = drawn()
    return appoint_members(
        recruitment_id=recruitment.pk,
        starts_on=START,
        ends_on=DAY + timedelta(days=300),
        number=None,
        actor=UserFactory(),
        at=NOON,
    )


def made(report, form, folder):
    target = folder / f"letters.{form}"
    render(report, form, target, lambda _percent, _step: None)
    return target.read_bytes()


def test_each_letter_has_a_page_of_its_own(tmp_path):
    report = build_letters(order(appointed()))
    assert report.style is Style.LETTERS
    reader = PdfReader(BytesIO(made(report, Format.PDF, tmp_path)))
    assert len(reader.pages) == len(report.sections) == 3
    assert all("위촉장" in page.extract_text().replace(" ", "") for page in reader.pages)


def test_the_same_in_hwpx(tmp_path):
    report = build_letters(order(appointed()))
    with ZipFile(BytesIO(made(report, Format.HWPX, tmp_path))) as packed:
        text = packed.read("Contents/section0.xml").decode()
    assert text.count("위촉장") == 3
    assert text.count('pageBreak="1"') == 2


def test_who_left_gets_no_letter_and_a_term_without_letters_none():
    term = appointed()
    member = Member.objects.filter(term=term).first()
    resign(member_id=member.pk, on=START, reason="이사", actor=UserFactory(), at=NOON)
    assert len(build_letters(order(term)).sections) == 2
    with pytest.raises(RuleViolation) as found:
        build_letters(order(term_of()))
    assert found.value.code == "nothing_to_print"
