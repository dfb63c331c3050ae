"""The papers of a recruitment: what they say, who may have them, and the handover folder."""

import zipfile
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from core.errors import RuleViolation
from core.templatetags.madang import people
from councils import handover
from councils.documents import applicants, recruitment
from councils.handover import PARTS, order_handover
from councils.services.pool import settle_pool
from reports.content import Facts, Table
from reports.registry import Order, document_called
from residents.states import Role
from tests.councils.drawing_town import frozen
from tests.councils.recruiting import SETTLING, announced, apply, confirmed, fill, prepared, settled
from tests.factories import CouncilFactory, DongFactory, MunicipalityFactory, official, resident

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return CouncilFactory(dong=DongFactory(parent=MunicipalityFactory()))


def built(name, made, **values):
    order = Order(values={"recruitment": made.pk, **values}, reader=None, at=SETTLING)
    return document_called(name).build(order)


def cells(report):
    return [cell for table in report.tables() for row in table.rows for cell in row]


def words(report):
    facts = [
        text
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Facts)
        for pair in block.rows
        for text in pair
    ]
    return [*facts, *cells(report)]


@pytest.mark.parametrize("name", [name for name, _formats in PARTS if name != recruitment.DECISIONS])
def test_every_paper_of_a_settled_recruitment_can_be_built(council, name):
    made = settled(council=council, pool=12, hours=None)

    assert built(name, made).sections


def test_the_notice_names_quotas_and_their_sources(council):
    report = built(recruitment.NOTICE, announced(council=council))

    assert "시연 조례 제8조" in cells(report)
    assert any(isinstance(block, Table) for section in report.sections for block in section.blocks)


def test_the_notice_is_of_the_day_of_its_announcement_and_says_who_may_apply(council):
    made = announced(council=council)
    report = built(recruitment.NOTICE, made)
    facts = next(block for block in report.sections[0].blocks if isinstance(block, Facts))

    assert report.issued_on == timezone.localdate(made.announced_at) < timezone.localdate(SETTLING)
    assert dict(facts.rows)[gettext("Who may apply")].startswith(gettext("Aged %(age)s or more") % {"age": 15})
    assert dict(facts.rows)[gettext("Seats to fill")] == people(made.seats)


def test_the_notice_carries_the_hash_of_the_freeze(council):
    draw = frozen(council=council)

    assert draw.freeze in words(built(recruitment.NOTICE, draw.recruitment))


def test_the_letter_ends_as_letters_end(council):
    report = built(recruitment.LETTER, announced(council=council))

    assert str(report.sections[0].blocks[-1].text).endswith("끝.")


def test_the_pool_withholds_attributes_that_too_few_share(council):
    """Rule set: a group of five. The only young man on the recommended track would be known by it."""
    made = announced(council=council)
    fill(made, 24)
    confirmed(made, sex="male", age=20, track="recommended", organisation="청년회")

    settle_pool(recruitment_id=made.pk, actor=None, at=SETTLING)
    made.refresh_from_db()

    report = built(applicants.POOL, made)
    (table,) = report.tables()
    rows = {tuple(row[1:]) for row in table.rows}
    assert ("–", "–", "–") in rows
    assert [row[0] for row in table.rows] == list(range(1, 26))
    for row in rows - {("–", "–", "–")}:
        assert sum(tuple(other[1:]) == row for other in table.rows) >= 5


def test_the_receipt_is_of_the_counter_only(council):
    made = announced(council=council)
    apply(made, name="이영자")
    apply(made, user=resident())

    assert "이영자" in words(built(applicants.RECEIPT, made, number=1))
    with pytest.raises(RuleViolation):
        built(applicants.RECEIPT, made, number=2)


@pytest.mark.parametrize("name", [recruitment.DECISIONS, applicants.POOL, applicants.APPLICATIONS])
def test_what_is_not_there_yet_is_said(council, name):
    with pytest.raises(RuleViolation):
        built(name, announced(council=council))


def test_who_may_have_which_paper(council):
    made, hidden = announced(council=council), prepared(council=council)
    people = {
        "dong": official(Role.DONG_OFFICIAL, council.dong),
        "auditor": official(Role.AUDITOR, council.dong.parent),
        "officer": official(Role.COUNCIL_OFFICER, council.dong),
        "elsewhere": official(region=MunicipalityFactory()),
        "resident": resident(),
    }
    allowed = {
        (recruitment.NOTICE, made): {"dong", "auditor", "officer", "elsewhere", "resident"},
        (recruitment.NOTICE, hidden): {"dong", "auditor", "officer"},
        (recruitment.BOARD, made): {"dong", "auditor", "officer"},
        (recruitment.LETTER, made): {"dong"},
        (applicants.POOL, made): {"dong", "auditor", "officer"},
        (applicants.APPLICATIONS, made): {"dong", "auditor"},
        (applicants.RECEIPT, made): {"dong"},
    }
    for (name, thing), expected in allowed.items():
        values = {"recruitment": thing.pk}
        may = {who for who, user in people.items() if document_called(name).may_order(user, values)}
        assert may == expected, name


def test_the_handover_folder_is_ordered_with_a_purpose(client, council, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    made = settled(council=council, pool=3)
    page = reverse("admin:councils_recruitment_handover", args=[made.pk])
    client.force_login(official(Role.COUNCIL_OFFICER, council.dong))
    assert client.get(page).status_code == 404
    client.force_login(official(Role.DONG_OFFICIAL, council.dong))

    assert client.get(page).status_code == 200
    assert client.post(page, {"purpose": "1"}).status_code in {400, 409}
    assert client.post(page, {"purpose": "담당자 인계"}).status_code == 302


def test_the_handover_folder_holds_what_there_is(council, monkeypatch, tmp_path):

    made = settled(council=council, pool=3)
    clerk = official(Role.DONG_OFFICIAL, council.dong)
    job = order_handover(recruitment_id=made.pk, purpose="담당자 인계", owner=clerk, at=timezone.now())
    monkeypatch.setattr(handover, "PARTS", [(name, (formats[-1],)) for name, formats in PARTS if formats[-1] == "xlsx"])
    kept = {}

    class Work:
        def __init__(self):
            self.job = job

        def tell(self, percent, step=""):
            del step
            assert 0 <= percent <= 100

        def keep(self, path, *, name, content_type):
            kept[name] = (path.read_bytes(), content_type)

    handover.run(Work())

    (data, content_type), *_rest = kept.values()
    names = zipfile.ZipFile(BytesIO(data)).namelist()
    assert content_type == "application/zip"
    assert len([name for name in names if name.endswith(".xlsx")]) == 3
    assert any(name.startswith("00_") for name in names)


def test_the_doctor_reckons_chances(client, council, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    made = settled(council=council, pool=24)
    client.force_login(official(Role.DONG_OFFICIAL, council.dong))
    page = reverse("admin:councils_recruitment_doctor", args=[made.pk])

    chances = client.get(page, {"chances": "1"}).context["chances"]

    assert {line.applicants for line in chances.lines if line.feature} == {12, 8, 16, 18, 6}
    assert chances.least_fair >= chances.least_customary
