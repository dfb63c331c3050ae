"""The register: who joins, whose term changes, who leaves and comes back, which accounts act, what a list brings."""

import unicodedata
from datetime import date, timedelta

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.jobs.imports.importers import importer_called
from core.jobs.imports.reporting import write_report
from core.notices.models import Delivery
from forums.importers.members import NAME
from forums.models import Member, MemberAccount
from forums.permissions import members_of
from forums.queries.members import entry_of, serves_on, to_be_settled
from forums.services.members import (
    Particulars,
    add_member,
    begin_term,
    change_particulars,
    checked_mails,
    come_back,
    end_account,
    invite_account,
    leave_club,
    make_honorary,
)
from forums.states import MemberKind, MemberStatus
from residents.states import Office, Role
from tests.core.imports.tables import Imports, xlsx
from tests.factories import (
    NOON,
    MemberFactory,
    MunicipalityFactory,
    OfficeTermFactory,
    ProvinceFactory,
    RoleFactory,
    UserFactory,
    acting_for,
    serving_member,
)

pytestmark = pytest.mark.django_db
DAY = NOON.date()


@pytest.fixture
def secretary():
    return RoleFactory(role=Role.CLUB_SECRETARIAT, region=None).user


def add(secretary, *, kind=MemberKind.REGULAR, term=None, joined_on=DAY, **fields):
    particulars = Particulars(**{"name": term.name if term else "아무개"} | fields)
    return add_member(particulars=particulars, kind=kind, term=term, joined_on=joined_on, actor=secretary, at=NOON)


class TestJoining:
    def test_a_regular_member_comes_with_a_term_that_runs(self, secretary):
        member = add(secretary, term=OfficeTermFactory())
        assert serves_on(member, DAY)

    def test_without_one_nobody_is_a_regular_member(self, secretary):
        with pytest.raises(RuleViolation) as no:
            add(secretary)
        assert no.value.code == "not_serving"
        assert not Member.objects.exists()

    def test_a_member_of_the_past_is_judged_by_the_day_of_joining(self, secretary):
        term = OfficeTermFactory(since=date(2010, 7, 1), until=date(2014, 7, 1))
        assert add(secretary, term=term, joined_on=date(2010, 9, 7)).joined_on == date(2010, 9, 7)

    def test_a_member_whose_day_nobody_knows_is_judged_by_the_term(self, secretary):
        term = OfficeTermFactory(since=date(2010, 7, 1), until=date(2014, 7, 1), office=Office.GOVERNOR)
        assert add(secretary, term=term, joined_on=None).joined_on is None

    def test_a_governor_before_the_amendment_was_an_honorary_member(self, secretary):
        term = OfficeTermFactory(since=date(2010, 7, 1), until=date(2014, 7, 1), office=Office.GOVERNOR)
        with pytest.raises(RuleViolation):
            add(secretary, term=term, joined_on=date(2011, 11, 29))
        add(secretary, kind=MemberKind.HONORARY, term=term, joined_on=date(2011, 11, 29))

    def test_a_term_belongs_to_one_member(self, secretary):
        term = OfficeTermFactory()
        add(secretary, term=term)
        with pytest.raises(RuleViolation) as no:
            add(secretary, term=term)
        assert no.value.code == "term_taken"

    def test_mails_are_kept_once_and_in_order(self, secretary):
        member = add(secretary, term=OfficeTermFactory(), mails=("B@example.org", "a@example.org", "b@example.org"))
        assert [mail.address for mail in member.mails.all()] == ["b@example.org", "a@example.org"]

    @pytest.mark.parametrize("mails", [("nobody",), tuple(f"m{number}@example.org" for number in range(6))])
    def test_what_is_no_address_and_too_many_are_refused(self, secretary, mails):
        with pytest.raises(RuleViolation):
            add(secretary, term=OfficeTermFactory(), mails=mails)


class TestTerms:
    def test_who_is_elected_again_stands_with_the_new_term(self, secretary):
        member = serving_member(name="재선")
        region = member.terms.get().term.region
        term = OfficeTermFactory(name="재선", region=region, since=date(2026, 7, 1), until=date(2030, 7, 1))

        begin_term(member_id=member.pk, term_id=term.pk, actor=secretary, at=NOON)

        member = Member.objects.get()
        assert entry_of(member, DAY).term == "민선8기"
        assert entry_of(member, date(2026, 7, 1)).mails == ()
        assert member.terms.first().term == term

    def test_a_former_head_who_is_elected_again_is_a_regular_member(self, secretary):
        member = MemberFactory(kind=MemberKind.HONORARY, former_office="강진군수")
        begin_term(member_id=member.pk, term_id=OfficeTermFactory().pk, actor=secretary, at=NOON)
        member.refresh_from_db()
        assert (member.kind, member.former_office) == (MemberKind.REGULAR, "")

    def test_a_term_that_is_over_begins_nothing(self, secretary):
        member = serving_member()
        with pytest.raises(RuleViolation):
            begin_term(member_id=member.pk, term_id=OfficeTermFactory(until=DAY).pk, actor=secretary, at=NOON)

    def test_regular_members_after_their_term_and_honorary_ones_in_office_wait_to_be_settled(self):
        serving = serving_member()
        honorary = MemberFactory(kind=MemberKind.HONORARY)
        again = serving_member(kind=MemberKind.HONORARY)
        left = MemberFactory(status=MemberStatus.LEFT, left_on=DAY)

        assert set(to_be_settled(DAY)) == {again}
        after = set(to_be_settled(date(2026, 7, 1)))
        assert after == {serving}
        assert not after & {honorary, left}

    def test_a_former_head_stays_as_an_honorary_member_with_the_office_of_before(self, secretary):
        member = serving_member(MunicipalityFactory(name="강진군", parent=ProvinceFactory(name="전라남도")))
        after = NOON + timedelta(days=60)

        with pytest.raises(RuleViolation) as no:
            make_honorary(member_id=member.pk, former_office="", actor=secretary, at=NOON)
        assert no.value.code == "still_serves"
        member.terms.get().term.__class__.objects.update(office=Office.COUNTY_HEAD)
        member = make_honorary(member_id=member.pk, former_office="", actor=secretary, at=after)

        assert member.former_office == "강진군수"
        assert entry_of(member, after.date()).title == "前 강진군수"


class TestLeaving:
    def test_who_leaves_keeps_the_history_and_the_accounts_end(self, secretary):
        member = serving_member()
        user = acting_for(member)

        leave_club(member_id=member.pk, left_on=DAY, reason="본인 뜻", actor=secretary, at=NOON)

        member.refresh_from_db()
        assert (member.status, member.left_on, member.terms.count()) == (MemberStatus.LEFT, DAY, 1)
        assert member.accounts.get().until == DAY
        assert members_of(user, DAY) == []

    @pytest.mark.parametrize("left_on", [DAY + timedelta(days=1), date(2022, 8, 31)])
    def test_a_day_ahead_or_before_the_joining_is_refused(self, secretary, left_on):
        with pytest.raises(RuleViolation):
            leave_club(member_id=serving_member().pk, left_on=left_on, reason="뜻", actor=secretary, at=NOON)

    def test_nobody_leaves_twice(self, secretary):
        member = serving_member()
        leave_club(member_id=member.pk, left_on=DAY, reason="뜻", actor=secretary, at=NOON)
        with pytest.raises(RuleViolation):
            leave_club(member_id=member.pk, left_on=DAY, reason="뜻", actor=secretary, at=NOON)

    def test_who_comes_back_is_the_same_person_and_old_accounts_stay_ended(self, secretary):
        member = serving_member()
        user = acting_for(member)
        leave_club(member_id=member.pk, left_on=DAY, reason="뜻", actor=secretary, at=NOON)

        come_back(member_id=member.pk, kind=MemberKind.REGULAR, term=None, actor=secretary, at=NOON)

        member.refresh_from_db()
        assert (member.status, member.left_on, member.joined_on) == (MemberStatus.ACTIVE, None, date(2022, 9, 1))
        assert members_of(user, DAY) == []

    def test_nobody_comes_back_as_a_regular_member_without_an_office(self, secretary):
        member = MemberFactory(status=MemberStatus.LEFT, left_on=DAY)
        with pytest.raises(RuleViolation):
            come_back(member_id=member.pk, kind=MemberKind.REGULAR, term=None, actor=secretary, at=NOON)
        come_back(member_id=member.pk, kind=MemberKind.HONORARY, term=None, actor=secretary, at=NOON)

    def test_there_is_no_such_member(self, secretary):
        with pytest.raises(RuleViolation) as no:
            leave_club(member_id=0, left_on=DAY, reason="뜻", actor=secretary, at=NOON)
        assert no.value.status == 404


class TestAccounts:
    def test_an_account_acts_from_the_day_it_is_let(self, secretary):
        member, user = serving_member(), UserFactory(email="staff@example.org")

        invite_account(member_id=member.pk, email=" Staff@example.org", is_head=False, actor=secretary, at=NOON)

        assert members_of(user, DAY) == [member]
        assert Delivery.objects.get().address == "staff@example.org"

    @pytest.mark.parametrize("email", ["nobody@example.org", "off@example.org"])
    def test_only_an_account_in_use_acts(self, secretary, email):
        UserFactory(email="off@example.org", is_active=False)
        with pytest.raises(RuleViolation) as no:
            invite_account(member_id=serving_member().pk, email=email, is_head=False, actor=secretary, at=NOON)
        assert no.value.code == "no_such_account"

    def test_it_is_let_once(self, secretary):
        member = serving_member()
        user = acting_for(member)
        with pytest.raises(RuleViolation):
            invite_account(member_id=member.pk, email=user.email, is_head=False, actor=secretary, at=NOON)

    def test_it_ends_at_once_and_only_once(self, secretary):
        member = serving_member()
        user = acting_for(member)
        account = MemberAccount.objects.get()

        end_account(account_id=account.pk, actor=secretary, at=NOON)

        assert members_of(user, DAY) == []
        with pytest.raises(RuleViolation):
            end_account(account_id=account.pk, actor=secretary, at=NOON)


def test_what_was_changed_is_logged_without_what_it_says(secretary):
    member = serving_member()

    change_particulars(
        member_id=member.pk,
        particulars=Particulars(name=member.name, name_hanja="洪吉童", mails=("new@example.org",)),
        actor=secretary,
        at=NOON,
    )

    entry = AuditEntry.objects.get(action="forums.member_changed")
    assert set(entry.details["changed"]) == {"name_hanja", "mails"}
    assert "洪" not in str(entry.details)


class TestMails(TestCase):
    @settings(max_examples=50, deadline=None)
    @given(st.lists(st.from_regex(r"\A[a-zA-Z]{1,8}@example\.org\Z"), max_size=5))
    def test_one_spelling_is_stable(self, addresses):
        once = checked_mails(addresses)
        assert checked_mails(once) == once
        assert len(set(once)) == len(once)


# --- a list ---------------------------------------------------------------------------------------------------------

HEADINGS = ["지역", "단체명", "직위", "성명", "한자", "구분", "이메일"]


@pytest.fixture
def imports(secretary, settings, tmp_path, django_capture_on_commit_callbacks):
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": str(tmp_path / "media")}}
    settings.STORAGES = storages
    return Imports(secretary, django_capture_on_commit_callbacks, NAME)


@pytest.fixture
def two_towns():
    """동구 of two cities; each with its head of term 5."""
    days = {"since": date(2010, 7, 1), "until": date(2014, 7, 1)}
    for city, head in (("인천광역시", "조택상"), ("울산광역시", "김종훈")):
        region = MunicipalityFactory(name="동구", parent=ProvinceFactory(name=city))
        OfficeTermFactory(region=region, name=head, **days)


@pytest.mark.usefixtures("two_towns")
class TestImport:
    def test_the_printed_directory_is_understood(self, imports):
        run = imports.written(
            xlsx(
                [
                    ["인천", "동구청장", "동구청장", "조택상", "趙澤相", "", "dong@example.org"],
                    ["울산", "동구", "구청장", "김종훈", "金鍾勳", "정회원", "a@example.org, b@example.org"],
                ],
                HEADINGS,
            )
        )

        assert run.counts == {"new": 2}
        found = {member.name: member for member in Member.objects.all()}
        assert {name: member.area for name, member in found.items()} == {"조택상": "인천", "김종훈": "울산"}
        assert found["김종훈"].mails.count() == 2
        assert found["조택상"].terms.get().term.region.parent.name == "인천광역시"

    def test_the_same_list_again_changes_nothing(self, imports):
        rows = xlsx([["인천", "동구", "구청장", "조택상", "趙澤相", "정회원", "dong@example.org"]], HEADINGS)
        imports.written(rows)

        assert imports.checked(rows).counts == {"same": 1}

    def test_the_kind_is_shown_in_the_reader_s_words(self, imports, client, secretary, tmp_path):
        rows = [["인천", "동구", "구청장", "조택상", "", "정회원", ""], ["인천", "동구", "구청장", "", "", "손님", ""]]
        run = imports.checked(xlsx(rows, HEADINGS))

        client.force_login(secretary)
        page = client.get(run.get_absolute_url()).content.decode()
        assert str(MemberKind.REGULAR.label) in page
        assert "<td>regular</td>" not in " ".join(page.split()).replace("> ", ">").replace(" <", "<")
        assert "손님" in page

        write_report(tmp_path / "report.xlsx", importer_called(NAME), run)
        sheet = openpyxl.load_workbook(tmp_path / "report.xlsx").worksheets[-1]
        kinds = [cell.value for row in sheet.iter_rows(min_row=2) for cell in row]
        assert str(MemberKind.REGULAR.label) in kinds
        assert "regular" not in kinds

    def test_hanja_and_mails_are_put_right(self, imports):
        imports.written(xlsx([["인천", "동구", "구청장", "조택상", "", "", ""]], HEADINGS))

        run = imports.written(xlsx([["인천", "동구", "구청장", "조택상", "趙澤相", "", "dong@example.org"]], HEADINGS))

        member = Member.objects.get()
        assert run.counts == {"changed": 1}
        assert (member.name_hanja, member.mails.get().address) == ("趙澤相", "dong@example.org")

    def test_a_former_head_comes_as_an_honorary_member_without_a_term(self, imports):
        MunicipalityFactory(name="강진군", parent=ProvinceFactory(name="전라남도"))

        imports.written(xlsx([["전남", "강진군", "군수", "황주홍", "黃柱洪", "명예회원", ""]], HEADINGS))

        member = Member.objects.get()
        assert (member.kind, member.former_office, member.area) == ("honorary", "강진군수", "전남")

    @pytest.mark.parametrize(
        "row",
        [
            ["", "동구", "구청장", "조택상", "", "", ""],  # two of this name
            ["인천", "없는구", "구청장", "조택상", "", "", ""],
            ["인천", "동구", "구청장", "아무개", "", "", ""],  # no such term
            ["인천", "동구", "시장", "조택상", "", "", ""],
            ["인천", "동구", "왕", "조택상", "", "", ""],
            ["인천", "동구", "구청장", "조택상", "", "손님", ""],
            ["인천", "동구", "구청장", "조택상", "", "", "메일 없음"],
            ["인천", "동구", "구청장", "", "", "", ""],
        ],
    )
    def test_wrong_rows_are_told_and_not_written(self, imports, row):
        run = imports.checked(xlsx([row], HEADINGS))

        assert run.counts.get("wrong") == 1
        assert not Member.objects.exists()

    def test_letters_of_a_mac_find_the_same_member(self, imports):
        row = ["인천", "동구", "구청장", "조택상", "", "", ""]
        imports.written(xlsx([row], HEADINGS))
        assert imports.checked(xlsx([[unicodedata.normalize("NFD", cell) for cell in row]], HEADINGS)).counts == {
            "same": 1
        }

    def test_who_left_comes_back_by_a_step_of_their_own_not_by_a_list(self, imports, secretary):
        row = ["인천", "동구", "구청장", "조택상", "", "", ""]
        imports.written(xlsx([row], HEADINGS))
        leave_club(member_id=Member.objects.get().pk, left_on=DAY, reason="탈퇴", actor=secretary, at=NOON)

        run = imports.checked(xlsx([row], HEADINGS))

        assert run.counts == {"wrong": 1}
