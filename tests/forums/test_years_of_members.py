"""Members over the years: terms linked ahead, names as keyboards type them, posts of who leaves."""

import unicodedata
from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.errors import RuleViolation
from forums.admin.member_forms import approve_form, begin_term_form
from forums.models import Appointment, Member
from forums.names import name_order
from forums.queries.member_history import history_of
from forums.queries.members import members_on, to_be_settled
from forums.services.members import (
    Particulars,
    add_member,
    begin_term,
    change_particulars,
    come_back,
    leave_club,
)
from forums.states import MemberKind, MemberStatus, Position
from tests.factories import (
    NOON,
    ApplicationFactory,
    MemberFactory,
    MunicipalityFactory,
    OfficeTermFactory,
    UserFactory,
    serving_member,
)

pytestmark = pytest.mark.django_db
DAY = NOON.date()


def add(name="홍길동", **fields):
    values = {"kind": MemberKind.HONORARY, "term": None, "joined_on": None, "actor": UserFactory(), "at": NOON}
    return add_member(particulars=Particulars(name=name, name_hanja=fields.pop("hanja", "")), **values | fields)


class TestTermsLinkedAhead:
    """Elected in June, in office from the first of July."""

    @pytest.fixture
    def linked(self):
        member = MemberFactory(name="김강진", kind=MemberKind.HONORARY, former_office="강진군수", area="전남")
        term = OfficeTermFactory(name="김강진", since=DAY + timedelta(days=30), until=DAY + timedelta(days=1490))
        begin_term(member_id=member.pk, term_id=term.pk, actor=UserFactory(), at=NOON)
        member.refresh_from_db()
        return member, term

    def test_until_then_nothing_changes(self, linked):
        member, _term = linked
        assert (member.kind, member.former_office, member.area) == (MemberKind.HONORARY, "강진군수", "전남")

    def test_from_then_on_the_same_step_makes_a_regular_member(self, linked):
        member, term = linked
        at = NOON + timedelta(days=30)
        assert member in to_be_settled(at.date())

        begin_term(member_id=member.pk, term_id=term.pk, actor=UserFactory(), at=at)

        member.refresh_from_db()
        assert (member.kind, member.former_office) == (MemberKind.REGULAR, "")
        assert member not in to_be_settled(at.date())

    def test_the_desk_offers_the_term_that_is_linked(self, rf):
        member = MemberFactory(name="김강진", kind=MemberKind.HONORARY)
        term = OfficeTermFactory(name="김강진", until=timezone.localdate() + timedelta(days=400))
        member.terms.create(term=term)
        assert list(begin_term_form(rf.get("/"), member, None).fields["term"].queryset) == [term]

    def test_before_it_begins_it_is_not_linked_twice(self, linked):
        member, term = linked
        with pytest.raises(RuleViolation) as refused:
            begin_term(member_id=member.pk, term_id=term.pk, actor=UserFactory(), at=NOON)
        assert refused.value.code == "term_taken"


class TestNames:
    def test_letters_of_a_mac_are_composed(self):
        assert add(unicodedata.normalize("NFD", " 김  강진 ")).name == "김 강진"

    def test_they_are_composed_when_they_are_put_right(self):
        member = MemberFactory()
        change_particulars(
            member_id=member.pk,
            particulars=Particulars(name=unicodedata.normalize("NFD", "고남석"), name_hanja=" 高南錫 "),
            actor=UserFactory(),
            at=NOON,
        )
        member.refresh_from_db()
        assert (member.name, member.name_hanja) == ("고남석", "高南錫")

    @pytest.mark.parametrize(
        "fields", [{"name": "홍\x01길동"}, {"name": "<홍길동>"}, {"name": "1"}, {"hanja": "高\x01"}]
    )
    def test_what_cannot_be_printed_is_refused(self, fields):
        with pytest.raises(RuleViolation) as refused:
            add(**fields)
        assert refused.value.code == "odd_name"

    def test_the_order_is_that_of_the_syllables_whatever_was_typed(self):
        names = ["高南錫", "kim", "하나", "가 나", "가가", "가다", "Adam", unicodedata.normalize("NFD", "나"), "女"]
        assert sorted(names, key=name_order) == [
            "가가", "가 나", "가다", unicodedata.normalize("NFD", "나"), "하나", "Adam", "kim", "女", "高南錫",
        ]  # fmt: skip


class TestLeaving:
    def test_posts_end_with_the_membership(self):
        member = serving_member()
        for since in (date(2025, 9, 1), date(2027, 9, 1)):
            Appointment.objects.create(position=Position.CO_CHAIR, member=member, since=since)

        leave_club(member_id=member.pk, left_on=DAY, reason="사임", actor=UserFactory(), at=NOON)

        assert list(Appointment.objects.order_by("since").values_list("ended_on", flat=True)) == [DAY, date(2027, 9, 1)]

    def test_a_post_that_ended_before_stays_as_it_was(self):
        member = serving_member()
        Appointment.objects.create(
            position=Position.AUDITOR,
            member=member,
            since=date(2024, 1, 1),
            ended_on=date(2025, 1, 1),
            end_reason="만료",
        )
        leave_club(member_id=member.pk, left_on=DAY, reason="사임", actor=UserFactory(), at=NOON)
        assert Appointment.objects.get().end_reason == "만료"

    def test_on_the_day_of_joining(self):
        member = serving_member(joined_on=DAY)
        leave_club(member_id=member.pk, left_on=DAY, reason="착오", actor=UserFactory(), at=NOON)
        member.refresh_from_db()
        assert (member.status, member.left_on) == (MemberStatus.LEFT, DAY)

    def test_who_comes_back_as_the_head_is_no_former_one(self):
        member = MemberFactory(
            name="김강진", kind=MemberKind.HONORARY, former_office="강진군수", status=MemberStatus.LEFT, left_on=DAY
        )
        term = OfficeTermFactory(name="김강진")
        come_back(member_id=member.pk, kind=MemberKind.REGULAR, term=term, actor=UserFactory(), at=NOON)
        assert Member.objects.get().former_office == ""


class TestBeingAway:
    """Left in March 2024, back in June 2026: the register knows the time between."""

    @pytest.fixture
    def returned(self):
        member = MemberFactory(name="김강진", joined_on=date(2020, 1, 1))
        actor = UserFactory()
        leave_club(member_id=member.pk, left_on=date(2024, 3, 5), reason="재선 도전", actor=actor, at=NOON)
        term = OfficeTermFactory(name="김강진")
        return come_back(member_id=member.pk, kind=MemberKind.REGULAR, term=term, actor=actor, at=NOON)

    def test_the_directory_of_a_day_between_does_not_name_them(self, returned):
        days = (date(2024, 3, 4), date(2024, 3, 5), DAY - timedelta(days=1), DAY)
        assert [returned in members_on(day) for day in days] == [True, False, False, True]

    def test_the_history_keeps_when_and_why(self, returned):
        steps = history_of(returned, with_steps=True).steps
        assert [(step.day, step.note) for step in steps] == [
            (DAY, ""), (date(2024, 3, 5), "재선 도전"), (date(2020, 1, 1), ""),
        ]  # fmt: skip

    def test_whoever_leaves_again_was_away_once(self, returned):
        leave_club(member_id=returned.pk, left_on=DAY, reason="사임", actor=UserFactory(), at=NOON)
        returned.refresh_from_db()
        assert returned not in members_on(DAY)
        steps = history_of(returned, with_steps=True).steps
        assert sorted(step.note for step in steps if step.note) == ["사임", "재선 도전"]


def test_nobody_joins_in_days_to_come():
    term = OfficeTermFactory(until=date(2040, 7, 1))
    with pytest.raises(RuleViolation) as refused:
        add(kind=MemberKind.REGULAR, term=term, joined_on=DAY + timedelta(days=1))
    assert refused.value.code == "joined_ahead"


def test_a_namesake_who_heads_another_region_is_not_the_one_that_is_proposed(rf):
    today = timezone.localdate()
    namesake = serving_member(name="김영수")
    namesake.terms.get().term.__class__.objects.update(since=today - timedelta(days=9), until=today + timedelta(days=9))
    application = ApplicationFactory(name="김영수", region=MunicipalityFactory())

    form = approve_form(rf.get("/"), application, None)

    assert form.initial["member"] is None
    assert namesake in form.fields["member"].queryset
