"""Documents that tests order: open to whoever the test says, about whatever it says."""

from contextlib import contextmanager
from dataclasses import replace

from core.errors import RuleViolation
from reports import registry
from reports.content import Column, Paragraph, Report, Section, Table
from reports.registry import Document, Format, Kind, Parameter

# What the documents print; a test changes it as data change.
WORDS = {"text": "처음"}


def build(order):
    if order.values.get("forum") == 404:
        raise RuleViolation("이 회차에는 자료가 없습니다.")
    order.tell(50, "중간")
    table = Table((Column("이름"), Column("회차")), (("고남석 高南錫", order.values.get("forum", 0)),), caption="참석")
    return Report(
        title="시험 문서",
        sections=(Section("본문", (Paragraph(WORDS["text"]), table)),),
        language=order.language,
        issued_on=order.values.get("day"),
    )


FORUM = Parameter(
    name="forum",
    label="회차",
    kind=Kind.NUMBER,
    choices=lambda _user: [("24", "제24차"), ("25", "제25차"), ("404", "제404차")],
)
DAY = Parameter(name="day", label="기준일", kind=Kind.DAY, required=False)

BOOK = Document(
    name="test-book",
    title="시험 자료집",
    build=build,
    may_order=lambda user, _values: user.name != "외부인",
    formats=(Format.HWPX, Format.XLSX, Format.CSV),
    parameters=(FORUM, DAY),
    about="시험으로 만듭니다.",
)
CARDS = Document(
    name="test-cards",
    title="명단",
    build=build,
    may_order=lambda user, _values: user.name != "외부인",
    formats=(Format.XLSX,),
    own={Format.VCF: lambda _order: b"BEGIN:VCARD\r\nEND:VCARD\r\n" * 2},
    personal_data="tests.cards",
)
ENTITLED = replace(CARDS, name="test-entitled", purpose_asked=False)


@contextmanager
def registered(*documents):
    """These documents, and no others, for as long as the block lasts."""
    before = dict(registry._documents)
    registry._documents.clear()
    try:
        for document in documents:
            registry.register(document)
        yield
    finally:
        registry._documents.clear()
        registry._documents.update(before)
