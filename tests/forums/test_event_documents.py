"""The programme on paper: what it says, and who may order it."""

import pytest
from django.utils import timezone
from pypdf import PdfReader

from core.errors import RuleViolation
from forums.documents.programme import PROGRAMME, _themes
from forums.programme import PersonLine, Programme, ThemeLine
from forums.services.forums import publish_forum
from forums.services.programme import change_session
from reports.content import Paragraph, Table
from reports.registry import Format, Order, document_called
from reports.rendering import render
from residents.states import Role
from tests.factories import NOON, UserFactory, official
from tests.forums.events import FIRST, SECOND, THEN, forum_24, planned

pytestmark = pytest.mark.django_db


def ordered(forum, reader=None):
    return PROGRAMME.build(Order({"forum": forum}, reader, timezone.now()))


def texts(report):
    return [str(cell) for table in report.tables() for row in table.rows for cell in row]


def test_the_programme_is_registered():
    assert document_called("forum-programme") is PROGRAMME
    assert PROGRAMME.formats == (Format.PDF, Format.HWPX)


def test_the_24th_forum_is_printed_with_its_days_and_themes():
    forum = forum_24()
    publish_forum(forum_id=forum.pk, actor=None, at=THEN)
    report = ordered("24")
    first, second, themes = report.tables()
    assert (len(first.rows), len(second.rows)) == (9, 7)
    assert first.rows[0][:2] == ("~13:00", "집결과 접수")
    assert first.rows[8][0] == "21:30~"
    assert [row[0].split(".")[0] for row in themes.rows] == ["1", "2", "3", "4"]
    assert any("윤종오" in text for text in texts(report))


def test_only_what_is_published_is_printed():
    forum = planned(number=1)
    publish_forum(forum_id=forum.pk, actor=None, at=NOON)
    change_session(session_id=forum.sessions.get(title="휴식").pk, changes={"title": "비밀"}, actor=None, at=NOON)
    assert "비밀" not in set(texts(ordered("1")))


def test_a_draft_is_printed_for_the_secretariat_and_called_so():
    planned(number=1)
    assert ordered("1", official(Role.CLUB_SECRETARIAT)).running
    with pytest.raises(RuleViolation) as refusal:
        ordered("1", UserFactory())
    assert refusal.value.code == "not_published"


def test_who_may_order_a_programme():
    planned(number=1)
    publish_forum(forum_id=planned(number=2).pk, actor=None, at=NOON)
    person, secretariat = UserFactory(), official(Role.CLUB_SECRETARIAT)
    assert [PROGRAMME.may_order(person, {"forum": number}) for number in ("1", "2", "3")] == [False, True, False]
    assert [PROGRAMME.may_order(secretariat, {"forum": number}) for number in ("1", "2")] == [True, True]


@pytest.mark.parametrize("form", PROGRAMME.formats)
def test_it_can_be_rendered(tmp_path, form):
    forum = forum_24()
    publish_forum(forum_id=forum.pk, actor=None, at=THEN)
    out = tmp_path / f"programme.{form.value}"
    render(ordered("24"), form, out, lambda _percent, _step: None)
    assert out.stat().st_size > 5_000
    if form is Format.PDF:
        assert len(PdfReader(out).pages) == 2


def test_who_leads_the_whole_event_stands_before_the_themes():
    person = PersonLine(1, "moderator", "윤석인 소장")
    theme = ThemeLine(1, 1, "주민참여", 60)
    first, table = _themes(Programme("포럼", "forum", FIRST, SECOND, themes=(theme,), people=(person,)))
    assert isinstance(first, Paragraph)
    assert "윤석인 소장" in str(first.text)
    assert isinstance(table, Table)
