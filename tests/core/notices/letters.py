"""Kinds of notices for tests, recipients, and a clock that is moved by hand."""

from datetime import timedelta

from core.notices.kinds import Category, NoticeKind
from core.notices.services import Recipient, send_notice
from tests.factories import NOON

FORUMS = Category("tests-forums", "포럼 소식", "포럼의 일정과 자료")
DUTIES = Category("tests-duties", "회원의 의무")
HELLO = NoticeKind("tests.hello", "포럼 안내", FORUMS)
MUST = NoticeKind("tests.must", "총회 소집", DUTIES, obligatory=True, why="규약에 따라 모든 회원에게 보냅니다.")
WITH_HTML = NoticeKind("tests.html", "그림이 있는 안내", FORUMS, html=True)
EMPTY = NoticeKind("tests.empty", "제목이 없는 안내", FORUMS)
MISSING = NoticeKind("tests.missing", "양식이 없는 안내", FORUMS)
SECRETARYS = NoticeKind("tests.hello_", "사무국 안내", FORUMS, may_send=lambda user: user.name == "사무국")
KINDS = (HELLO, MUST, WITH_HTML, EMPTY, MISSING, SECRETARYS)


class Clock:
    """Tells the time it was moved to; sleeping moves it."""

    def __init__(self, at=NOON):
        self.now = at
        self.slept = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


def people(count, **facts):
    return [
        Recipient(address=f"head{number}@example.org", context={"title": "제24회"}, **facts) for number in range(count)
    ]


def notice(recipients=2, *, kind="tests.hello", actor=None, at=NOON, **facts):
    """A mailing in the queue; its job is ordered at commit, which most tests never reach."""
    wanted = people(recipients) if isinstance(recipients, int) else recipients
    return send_notice(kind=kind, recipients=wanted, actor=actor, at=at, **facts)


def states(mailing):
    return [delivery.status for delivery in mailing.deliveries.order_by("id")]
