"""The directory: its order, who reads it, searching it, and its files."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
import vobject
from django.conf import settings
from django.utils.translation import gettext

from core.audit.models import AccessAct, AccessEntry
from core.errors import RuleViolation
from forums.documents.directory import build, may_order, table_of, vcards
from forums.models import Member, MemberMail, MemberTerm
from forums.queries.member_history import history_of
from forums.queries.members import Entry, Wanted, directory, in_order, members_by_term
from forums.queries.statistics import attendance_by_term
from forums.services.registrations import set_printed_total
from forums.states import MemberKind, MemberStatus, Position
from reports.content import Style
from reports.registry import Format, Order, document_called
from residents.models import OfficeTerm, Region
from residents.states import Role
from tests.factories import (
    NOON,
    MemberFactory,
    MunicipalityFactory,
    ProvinceFactory,
    RoleFactory,
    UserFactory,
    acting_for,
    serving_member,
)

pytestmark = pytest.mark.django_db
DAY = NOON.date()
PAGE = "/club/directory/"
PRINTED_ON = date(2014, 1, 10)
HEADS = Path(settings.BASE_DIR) / "demo" / "data" / "office_terms.csv"


@pytest.fixture
def secretary():
    return RoleFactory(role=Role.CLUB_SECRETARIAT, region=None).user


@pytest.fixture
def reader():
    """An account that acts for a member."""
    return acting_for(serving_member(name="읽는이"))


def member(area, region, name, hanja="", **fields):
    province = Region.objects.filter(name=area).first() or ProvinceFactory(name=area)
    return serving_member(MunicipalityFactory(name=region, parent=province), name=name, name_hanja=hanja, **fields)


@pytest.fixture
def printed():
    """The members of the printed directory of January 2014, in the order of the print."""
    rows = list(csv.DictReader(HEADS.open(encoding="utf-8")))
    provinces = {}
    for row in rows:
        province = provinces.setdefault(row["area"], None) or ProvinceFactory(name=f"{row['area']}광역시")
        provinces[row["area"]] = province
        is_honorary = row["member_kind"] == "honorary"
        one = Member.objects.create(
            name=row["name"],
            name_hanja=row["name_hanja"],
            kind=row["member_kind"],
            area=row["area"],
            former_office=row["office"] if is_honorary else "",
        )
        MemberMail.objects.create(member=one, address=f"m{row['printed_position']}@example.org")
        if not is_honorary:
            term = OfficeTerm.objects.create(
                region=MunicipalityFactory(name=row["region_code"], parent=province),
                office=row["office_kind"],
                name=row["name"],
                term=row["term"],
                since=date.fromisoformat(row["valid_from"]),
                until=date.fromisoformat(row["valid_until"]),
            )
            MemberTerm.objects.create(member=one, term=term)
    return [row["name"] for row in rows]


# --- order ------------------------------------------------------------------------------------------------------------


def test_the_directory_of_2014_has_57_entries_in_order_with_the_wrong_pair_put_right(printed):
    names = [entry.name for entry in directory(today=DAY, on=PRINTED_ON)]

    assert len(names) == 57
    assert names == sorted(printed)
    assert names.index("허태정") == names.index("홍미영") - 1
    assert printed.index("허태정") == printed.index("홍미영") + 1
    # But for this pair the print is in order.
    assert [name for name in names if name != "홍미영"] == [name for name in printed if name != "홍미영"]


def test_56_of_them_are_regular_and_one_is_honorary(printed):
    kinds = [entry.kind for entry in directory(today=DAY, on=PRINTED_ON)]
    assert (kinds.count("regular"), kinds.count("honorary"), len(printed)) == (56, 1, 57)
    assert [entry.name for entry in directory(today=DAY, on=PRINTED_ON, kind="honorary")] == ["황주홍"]


def test_members_of_the_same_name_stand_by_area_and_office():
    def entry(pk, area, title):
        return Entry(pk, "김종훈", "", "regular", area, title, "", "", "", ())

    assert [one.pk for one in in_order([entry(1, "울산", "동구청장"), entry(2, "서울", "중구청장")])] == [2, 1]


def test_a_day_of_the_past_has_those_who_were_members_then():
    member("서울특별시", "가구", "남은이", joined_on=date(2010, 9, 7))
    member(
        "서울특별시", "나구", "떠난이", joined_on=date(2010, 9, 7), status=MemberStatus.LEFT, left_on=date(2018, 7, 1)
    )
    member("서울특별시", "다구", "새로온이", joined_on=date(2022, 9, 1))

    assert [entry.name for entry in directory(today=DAY)] == ["남은이", "새로온이"]
    assert [entry.name for entry in directory(today=DAY, on=date(2018, 6, 30))] == ["남은이", "떠난이"]
    assert [entry.name for entry in directory(today=DAY, on=date(2018, 7, 1))] == ["남은이"]


def test_who_is_honorary_today_was_regular_while_in_office():
    one = member("서울특별시", "가구", "전임", kind=MemberKind.HONORARY, former_office="가구청장")
    one.terms.get().term.__class__.objects.update(since=date(2010, 7, 1), until=date(2014, 7, 1))
    Member.objects.update(joined_on=date(2010, 9, 7))

    then, now = directory(today=DAY, on=PRINTED_ON)[0], directory(today=DAY)[0]

    assert (then.kind, then.title) == ("regular", "가구청장")
    assert (now.kind, now.title) == ("honorary", "前 가구청장")


# --- who reads it -----------------------------------------------------------------------------------------------------


def test_visitors_sign_in_first(client):
    response = client.get(PAGE)
    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]


@pytest.mark.parametrize("role", [None, Role.OPERATOR, Role.DISTRICT_OFFICIAL])
def test_others_are_told_who_may_read_it(client, role):
    user = UserFactory() if role is None else RoleFactory(role=role, region=None if role == Role.OPERATOR else
                                                          MunicipalityFactory()).user  # fmt: skip
    shown = member("서울특별시", "가구", "고남석")
    client.force_login(user)

    for page in (PAGE, f"{PAGE}{shown.pk}/"):
        response = client.get(page)
        assert response.status_code == 403
        assert "고남석" not in response.content.decode()


def test_members_and_the_secretariat_read_it(client, reader, secretary):
    for user in (reader, secretary):
        client.force_login(user)
        assert "읽는이" in client.get(PAGE).content.decode()


def test_whose_account_ended_reads_no_more(client):
    client.force_login(acting_for(serving_member(), until=DAY))
    assert client.get(PAGE).status_code == 403


def test_each_reading_is_logged_with_its_count(client, reader):
    one = member("서울특별시", "가구", "고남석")
    client.force_login(reader)

    client.get(PAGE)
    client.get(PAGE, {"q": "고남석"})
    client.get(f"{PAGE}{one.pk}/")

    logged = AccessEntry.objects.filter(what="forums.member").order_by("at")
    assert [(entry.act, entry.count) for entry in logged] == [
        (AccessAct.LIST, 2),
        (AccessAct.LIST, 1),
        (AccessAct.READ, 1),
    ]
    assert {entry.account for entry in logged} == {reader.pseudonym}


def test_a_page_of_who_left_is_for_the_secretariat(client, reader, secretary):
    gone = MemberFactory(status=MemberStatus.LEFT, left_on=DAY, leaving_reason="임기 만료")
    answers = {}
    for name, user in (("reader", reader), ("secretary", secretary)):
        client.force_login(user)
        answers[name] = client.get(f"{PAGE}{gone.pk}/").status_code
    assert answers == {"reader": 404, "secretary": 200}


# --- searching --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "홍미영"}, ["홍미영"]),
        ({"q": "ㅎㅁㅇ"}, ["홍미영"]),
        ({"q": "洪美英"}, ["홍미영"]),
        ({"q": "부평"}, ["홍미영"]),
        ({"q": "구청장"}, ["고남석", "홍미영"]),
        ({"q": "인천 ㅎ"}, ["홍미영"]),
        ({"q": "없는사람"}, []),
        ({"area": "인천"}, ["고남석", "홍미영"]),
        ({"area": "제주"}, []),
        ({"kind": "honorary"}, ["황주홍"]),
        ({"office": "district_head"}, ["고남석", "읽는이", "홍미영"]),
        ({"office": "king"}, []),
        ({"q": "\0"}, ["고남석", "읽는이", "홍미영", "황주홍"]),
    ],
)
def test_it_is_found_by_name_hanja_region_office_and_initials(client, reader, asked, found):
    member("인천광역시", "부평구", "홍미영", "洪美英")
    member("인천광역시", "연수구", "고남석", "高南碩")
    MemberFactory(name="황주홍", kind=MemberKind.HONORARY, area="전남", former_office="강진군수")
    client.force_login(reader)

    entries = client.get(PAGE, asked).context["entries"]

    assert [entry.name for entry in entries] == found


def test_search_words_are_cut_to_what_a_search_needs(client, reader):
    client.force_login(reader)
    assert len(client.get(PAGE, {"q": "가" * 500}).context["wanted"].words) == 50


def test_nothing_asked_fits_everybody():
    assert Wanted().fits(Entry(1, "김", "", "regular", "", "", "", "", "", ()))


@pytest.mark.parametrize("members", [1, 30])
def test_the_page_costs_the_same_for_one_and_for_thirty(client, reader, members, django_assert_num_queries):
    for number in range(members):
        one = member("인천광역시", f"{number}구", f"회원{number}")
        MemberMail.objects.create(member=one, address=f"m{number}@example.org")
    client.force_login(reader)
    client.get(PAGE)

    with django_assert_num_queries(11):
        client.get(PAGE)


def test_a_members_page_tells_the_history(client, secretary):
    one = member("인천광역시", "부평구", "홍미영", "洪美英")
    one.appointments.create(position="co_chair", since=date(2024, 9, 1), until=date(2026, 9, 1))
    client.force_login(secretary)

    html = client.get(f"{PAGE}{one.pk}/").content.decode()

    for text in ("부평구청장", "민선8기", "洪美英", str(Position.CO_CHAIR.label)):
        assert text in html


def test_terms_are_shown_with_their_last_day(client, secretary):
    one = member("인천광역시", "부평구", "홍미영", "洪美英")
    term = one.terms.get().term
    one.appointments.create(position="co_chair", since=date(2024, 9, 1), until=date(2026, 9, 1))

    history = history_of(one, with_steps=False)

    assert history.terms[0].until == term.until - timedelta(days=1)
    assert history.positions[0].until == date(2026, 8, 31)


def test_members_are_counted_by_term():
    member("인천광역시", "가구", "하나")
    member("인천광역시", "나구", "둘")
    assert [(one.term, one.counted, one.printed) for one in members_by_term()] == [("민선8기", 2, None)]


# --- files ------------------------------------------------------------------------------------------------------------


def order(reader=None, **values):
    return Order(values=values, reader=reader, at=NOON)


def test_only_readers_of_the_directory_order_it(reader, secretary):
    assert may_order(reader, {})
    assert may_order(secretary, {"kind": "honorary"})
    assert not may_order(UserFactory(), {})


def test_the_document_is_a_printed_directory(printed):
    report = build(order(on=PRINTED_ON))

    table = report.tables()[0]
    assert (report.style, report.sections[0].columns) == (Style.DIRECTORY, 2)
    assert [row[2] for row in table.rows][:2] == ["고남석(高南碩)", "고재득(高在得)"]
    assert table.rows[-1][:2] == ("전남", f"前 강진군수 ({MemberKind.HONORARY.label})")
    assert len(table.rows) == len(printed)


def test_formats_and_rights_are_registered():
    document = document_called("member-directory")
    assert set(document.formats) == {Format.PDF, Format.XLSX, Format.HWPX, Format.CSV, Format.VCF}
    assert document.personal_data
    assert not document.purpose_asked


@pytest.mark.parametrize("values", [{"kind": "guest"}, {"on": date(2090, 1, 1)}, {"on": date(1990, 1, 1)}])
def test_what_cannot_be_printed_is_said(values):
    member("인천광역시", "부평구", "홍미영")
    with pytest.raises(RuleViolation):
        build(order(**values))


def test_an_empty_directory_is_said():
    with pytest.raises(RuleViolation):
        build(order())


def test_vcards_carry_name_office_mails_and_hanja():
    one = member("인천광역시", "부평구", "홍미영", "洪美英")
    MemberMail.objects.create(member=one, address="a@example.org")
    MemberMail.objects.create(member=one, address="b@example.org", position=1)

    text = vcards(order()).decode()
    card = vobject.readOne(text)

    assert card.version.value == "4.0"
    assert (card.fn.value, card.title.value) == ("홍미영", "부평구청장")
    assert [line.value for line in card.contents["email"]] == ["a@example.org", "b@example.org"]
    assert "洪美英" in card.note.value
    assert card.org.value[0] == "부평구"
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_there_is_one_card_for_each_member(printed):
    cards = list(vobject.readComponents(vcards(order(on=PRINTED_ON)).decode()))
    assert [card.fn.value for card in cards] == sorted(printed)


def test_no_line_of_a_card_is_longer_than_75_octets():
    member("인천광역시", "연수구", "고남석", "高南錫" * 6)
    made = vcards(order())
    assert max(map(len, made.split(b"\r\n"))) <= 75
    assert "高南錫" * 6 in vobject.readOne(made.decode()).note.value


def test_a_name_cannot_write_lines_of_its_own_into_a_card():
    member("인천광역시", "부평구", '홍"미\r\nEMAIL:evil@example.org')
    card = vobject.readOne(vcards(order()).decode())
    assert card.fn.value == '홍"미 EMAIL:evil@example.org'
    assert "evil@example.org" not in [line.value for line in card.contents.get("email", [])]


def test_signs_that_mean_something_in_vcards_do_no_harm():
    member("인천광역시", "부평구", "홍;미,영\\")
    assert vobject.readOne(vcards(order()).decode()).fn.value == "홍;미,영\\"


def test_the_table_names_honorary_members():
    entry = Entry(
        1, "황주홍", "黃柱洪", "honorary", "전남", "前 강진군수", "", "", "", ("a@example.org", "b@example.org")
    )
    assert table_of([entry]).rows == (
        ("전남", f"前 강진군수 ({MemberKind.HONORARY.label})", "황주홍(黃柱洪)", "a@example.org, b@example.org"),
    )


class TestPrintedMembers:
    """Members by term as a source prints them stand beside the counted ones; neither is corrected."""

    @pytest.fixture
    def printed(self):
        member("인천광역시", "가구", "하나")
        for term, members in (("민선7기", 62), ("민선8기", 3)):
            set_printed_total(term=term, members=members, source="안내서", actor=None, at=NOON)

    @pytest.mark.usefixtures("printed")
    def test_both_stand_there_with_the_difference(self):
        assert [(one.term, one.counted, one.printed, one.difference) for one in members_by_term()] == [
            ("민선7기", 0, 62, 62),
            ("민선8기", 1, 3, 2),
        ]

    @pytest.mark.usefixtures("printed")
    def test_they_are_no_attendance(self):
        assert attendance_by_term() == []

    @pytest.mark.parametrize("figures", [{}, {"heads": 3}, {"officials": 3, "members": 5}, {"members": -1}])
    def test_half_of_what_is_printed_is_refused(self, figures):
        with pytest.raises(RuleViolation):
            set_printed_total(term="민선7기", source="안내서", actor=None, at=NOON, **figures)


def test_a_choice_that_may_be_left_out_asks_nobody_to_choose(client, secretary):
    client.force_login(secretary)
    html = client.get("/documents/member-directory/").content.decode()
    assert gettext("not specified") in html
    assert gettext("Please choose") not in html
