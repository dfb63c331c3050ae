"""Posts over the years: elections before the old terms end, posts that begin anew, posts of who leaves."""

from datetime import date, timedelta

import pytest

from core.articles import heading_of
from core.errors import RuleViolation
from forums.admin.bylaws_form import articles_of
from forums.bylaws import Rule, Seat, first_day_with_room
from forums.models import Appointment, MemberTerm
from forums.queries.governance import serving_in, state_of_the_bylaws
from forums.services.members import leave_club, make_honorary
from forums.services.officers import Wanted, appoint, install_elected
from forums.states import MemberKind, Position
from residents.states import Role
from tests.factories import NOON, MemberFactory, OfficeTermFactory, RoleFactory, UserFactory, serving_member
from tests.forums.club import adopt
from tests.forums.test_officers import assembly_with_election

pytestmark = pytest.mark.django_db

OVER = date(2027, 9, 18)


@pytest.fixture(autouse=True)
def _bylaws():
    adopt()


def appointed(member=None, position=Position.CO_CHAIR, since=date(2025, 9, 18), **more):
    return appoint(
        wanted=Wanted(position=position, since=since, member=member or MemberFactory(), **more), actor=None, at=NOON
    )


def install(resolution, since=None, position=Position.CO_CHAIR):
    return install_elected(
        resolution_id=resolution.pk, position=position, since=since, actor=UserFactory(), at=NOON + timedelta(days=30)
    )


def names(day):
    return {one.member.name for one in serving_in(Position.CO_CHAIR, day)}


class TestElectedBeforeTheTermsEnd:
    def test_they_begin_when_the_present_terms_are_over(self):
        resolution = assembly_with_election([5, 4, 1])
        Appointment.objects.all().delete()
        incumbents = [appointed(MemberFactory(name=f"현직{number}")) for number in range(5)]

        installed = install(resolution)

        assert {one.since for one in installed} == {OVER}
        assert names(OVER - timedelta(days=1)) == {one.member.name for one in incumbents}
        assert names(OVER) == {one.member.name for one in installed}

    def test_a_seat_that_is_vacant_is_filled_from_the_assembly_on(self):
        resolution = assembly_with_election([5])
        (one,) = install(resolution)
        assert one.since == resolution.meeting.starts_at.date()

    def test_a_day_without_room_says_from_when_on_there_is(self):
        resolution = assembly_with_election([5])
        Appointment.objects.all().delete()
        for _number in range(5):
            appointed()
        with pytest.raises(RuleViolation) as refused:
            install(resolution, since=date(2026, 12, 10))
        assert refused.value.code == "no_room"
        assert "2027" in refused.value.text

    def test_a_by_election_until_then_does_not_crowd_those_elected_for_later(self):
        for _number in range(5):
            appointed(since=OVER)
        with pytest.raises(RuleViolation) as refused:
            appointed(since=date(2026, 9, 18))
        assert refused.value.code == "no_room"
        assert appointed(since=date(2026, 9, 18), until=OVER).until == OVER

    def test_nobody_holds_the_same_post_twice_at_a_later_day(self):
        member = MemberFactory()
        appointed(member, since=OVER)
        with pytest.raises(RuleViolation) as refused:
            appointed(member, since=date(2026, 9, 18))
        assert refused.value.code == "holds_it"


def test_the_first_day_with_room_is_that_on_which_enough_terms_are_over():
    seats = [Seat(str(number), date(2025, 1, 1), date(2026, number, 1)) for number in range(1, 6)]
    assert first_day_with_room(seats, 1, 6, date(2025, 5, 1)) == date(2025, 5, 1)
    assert first_day_with_room(seats, 2, 5, date(2025, 5, 1)) == date(2026, 2, 1)
    assert first_day_with_room(seats, 1, 5, date(2025, 5, 1), again=["4"]) == date(2026, 4, 1)
    assert first_day_with_room([Seat("1", date(2025, 1, 1))], 1, 1, date(2025, 5, 1)) is None


def test_a_member_of_the_committee_begins_a_new_term_when_the_old_one_is_over():
    member = MemberFactory()
    appointed(member, Position.COMMITTEE)
    appointed(member, Position.COMMITTEE, since=OVER)
    assert [one.since for one in serving_in(Position.COMMITTEE, OVER)] == [OVER]


def test_a_predecessor_whose_term_is_over_still_has_the_seat_until_somebody_says_who_follows():
    for _number in range(5):
        appointed()
    with pytest.raises(RuleViolation) as refused:
        appointed(since=OVER)
    assert refused.value.code == "no_room"


@pytest.mark.parametrize("since", ["9999-01-01", "9998-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_said(client, settings, since):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    client.force_login(RoleFactory(role=Role.CLUB_SECRETARIAT, region=None).user)
    fields = {"position": "co_chair", "member": MemberFactory().pk, "outsider": "", "since": since, "until": ""}

    response = client.post(
        "/admin/forums/appointment/add/", {**fields, "election_count": "", "basis": "", "resolution": ""}
    )

    assert response.status_code == 409


class TestState:
    def test_two_members_of_the_same_name_are_two(self):
        for _number in range(2):
            serving_member(name="김영수")
        MemberFactory(name="김영수")
        (check, *_others) = state_of_the_bylaws(NOON.date())[1]
        assert (check.rule, check.actual, check.who) == (Rule.SERVING, 1, ("김영수",))

    def test_terms_over_count_persons_of_the_same_name(self):
        for _number in range(2):
            appointed(MemberFactory(name="김영수"))
        found = {check.rule: check for check in state_of_the_bylaws(OVER)[1]}
        assert found[Rule.TERMS_OVER].who == ("김영수", "김영수")

    def test_a_day_of_the_past_is_held_against_the_register_of_then(self, freeze_after_the_terms):
        gone = serving_member(name="떠난이")
        honorary = serving_member(name="명예")
        at = freeze_after_the_terms
        leave_club(member_id=gone.pk, left_on=at.date(), reason="임기", actor=UserFactory(), at=at)
        make_honorary(member_id=honorary.pk, former_office="", actor=UserFactory(), at=at)
        later = MemberFactory(name="나중", joined_on=date(2026, 8, 1))
        MemberTerm.objects.create(member=later, term=OfficeTermFactory(since=date(2026, 7, 1), until=date(2030, 7, 1)))

        (check, *_others) = state_of_the_bylaws(date(2026, 6, 1))[1]

        assert honorary.kind == MemberKind.REGULAR  # the row of before
        assert check.met


@pytest.fixture
def freeze_after_the_terms(monkeypatch):
    """Today is after the terms of 민선8기."""
    at = NOON + timedelta(days=60)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    return at


class TestArticles:
    @pytest.mark.parametrize("heading", ["제5조의2 비밀", "제5의2조 비밀", "제 5 조의 2 비밀"])
    def test_an_article_put_between_two_has_its_own_number(self, heading):
        articles = articles_of(f"제5조 운영위원회\n있다.\n{heading}\n지킨다.\n제6조 의결\n한다.")
        assert [(one.number, one.title) for one in articles] == [("5", "운영위원회"), ("5의2", "비밀"), ("6", "의결")]

    def test_it_is_printed_as_laws_do(self):
        assert heading_of("5의2", "비밀") == "제5조의2 비밀"
        assert heading_of("부칙", "시행일") == "시행일"
