"""From the draw to the council: appointment, vacancies, offices, and how members leave."""

from datetime import timedelta

import pytest
from django.utils.translation import gettext, override

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.notices.models import Delivery, Mailing
from councils.models import Application, CouncilTerm, Member, QuotaValue
from councils.services.appointing import (
    appoint_members,
    fill_vacancy,
    move_up_before_appointment,
    release_applicant,
)
from councils.services.erasure import erase_due
from councils.services.members import Facts, add_member, change_office, dismiss, record_death, resign
from councils.services.roster import dissolve_council
from councils.services.subcommittees import found_subcommittee
from councils.services.terms import change_term, end_term, open_term
from councils.states import ApplicationStatus, CouncilStatus, MemberOffice, MemberStatus, RecruitmentStatus
from tests.councils.membership_town import BORN, DAY, START, drawn, term_of
from tests.factories import NOON, CouncilFactory, UserFactory

pytestmark = pytest.mark.django_db

TWO_YEARS = {"term_months": 24, "reappointments_max": 1}
ALTERNATE, APPOINTED = ApplicationStatus.ALTERNATE, ApplicationStatus.APPOINTED


def appoint(recruitment, **given):
    facts = {"starts_on": START, "ends_on": None, "number": None, "actor": None, "at": NOON, **given}
    return appoint_members(recruitment_id=recruitment.pk, **facts)


def test_everybody_selected_is_appointed_with_a_letter():
    council = CouncilFactory(status=CouncilStatus.CONVERTING, established_on=None, members=None)
    recruitment = drawn(council, rules=TWO_YEARS)

    term = appoint(recruitment)

    assert (term.number, term.starts_on, term.ends_on.year, term.seats) == (1, START, START.year + 2, 3)
    members = list(term.members.all())
    assert [member.application.status for member in members] == [APPOINTED] * 3
    assert sorted(member.attributes["sex"] for member in members) == ["female", "female", "male"]
    assert sorted(member.letter.number for member in members) == [1, 2, 3]
    recruitment.refresh_from_db()
    council.refresh_from_db()
    assert recruitment.status == RecruitmentStatus.APPOINTED
    assert (council.status, council.established_on) == (CouncilStatus.WORKING, START)
    assert (council.capacity, council.members, council.counted_on) == (3, 3, DAY)
    assert AuditEntry.objects.filter(action="councils.members_appointed").count() == 1


def test_who_left_an_address_is_told():
    recruitment = drawn(rules=TWO_YEARS)
    recruitment.applications.filter(number__in=[1, 101]).update(email="somebody@example.org")
    appoint(recruitment)
    assert list(Mailing.objects.values_list("kind", flat=True)) == ["councils.application_appointed"]

    left = leave(recruitment.applications.get(number=2).member)
    fill_vacancy(member_id=left.pk, on=DAY, actor=None, at=NOON)

    assert Mailing.objects.filter(kind="councils.application_selected").count() == 1
    assert Mailing.objects.filter(kind="councils.application_appointed").count() == 2


def test_nobody_is_appointed_twice():
    recruitment = drawn(rules=TWO_YEARS)
    appoint(recruitment)

    with pytest.raises(RuleViolation) as no:
        appoint(recruitment)
    assert no.value.code == "not_drawn"
    assert CouncilTerm.objects.count() == 1


def test_a_term_is_not_longer_than_the_rules_say():
    """Source: rule set, parameter term_months."""
    recruitment = drawn(rules=TWO_YEARS)

    with pytest.raises(RuleViolation) as no:
        appoint(recruitment, ends_on=START.replace(year=START.year + 3))
    assert no.value.code == "term_too_long"
    assert "제9조" in no.value.text


def test_without_a_length_in_the_rules_the_last_day_is_asked_for():
    with pytest.raises(RuleViolation) as no:
        appoint(drawn())
    assert no.value.code == "no_end_of_term"


def test_terms_do_not_overlap():
    council = CouncilFactory()
    term_of(council)

    with pytest.raises(RuleViolation) as no:
        appoint(drawn(council, rules=TWO_YEARS))
    assert no.value.code == "terms_overlap"


def served(council, number, application):
    years = timedelta(days=400 * (3 - number))
    term = term_of(
        council, number=number, members=0, starts_on=START - years, ends_on=START - years + timedelta(days=300)
    )
    Member.objects.create(
        term=term,
        name=application.name,
        birth_date=application.birth_date,
        appointed_on=term.starts_on,
        status=MemberStatus.ENDED,
        left_on=term.ends_on,
    )


def test_who_was_appointed_as_often_as_allowed_is_not_appointed_again():
    """Source: rule set, parameter reappointments_max."""
    recruitment = drawn(rules=TWO_YEARS)
    often = recruitment.applications.get(number=2)
    served(recruitment.council, 1, often)
    served(recruitment.council, 2, often)

    with pytest.raises(RuleViolation) as no:
        appoint(recruitment, number=3)
    assert no.value.code == "reappointed_too_often"
    assert often.name not in no.value.text
    assert "2" in no.value.text


def test_once_more_is_allowed():
    recruitment = drawn(rules=TWO_YEARS)
    served(recruitment.council, 2, recruitment.applications.get(number=2))

    assert appoint(recruitment, number=3).members.count() == 3


def test_who_cannot_be_appointed_is_released_and_the_next_moves_up():
    recruitment = drawn(rules=TWO_YEARS)
    woman = recruitment.applications.get(number=1)

    release_applicant(application_id=woman.pk, reason="연임 제한", actor=None, at=NOON)
    moved = move_up_before_appointment(recruitment_id=recruitment.pk, actor=None, at=NOON)

    assert moved.number == 101
    assert appoint(recruitment).members.count() == 3


def test_no_more_move_up_than_there_are_seats():
    with pytest.raises(RuleViolation) as no:
        move_up_before_appointment(recruitment_id=drawn().pk, actor=None, at=NOON)
    assert no.value.code == "no_open_seat"


@pytest.fixture
def term():
    return appoint(drawn(rules=TWO_YEARS))


def member_of(term, sex):
    return term.members.filter(sex=sex, status=MemberStatus.SERVING).first()


def leave(member, **given):
    return resign(member_id=member.pk, **{"on": DAY, "reason": "이사", "actor": None, "at": NOON, **given})


def test_a_vacancy_is_filled_within_the_quotas(term):
    """Source: rules.md C5: the first alternate is a woman, and a man left."""
    left = leave(member_of(term, "male"))

    member = fill_vacancy(member_id=left.pk, on=DAY, actor=None, at=NOON)

    assert (member.application.number, member.replaces, member.sex) == (102, left, "male")
    assert member.letter.number == 4
    assert Application.objects.get(number=101).status == ALTERNATE
    term.council.refresh_from_db()
    assert term.council.members == 3


def test_a_seat_is_filled_once(term):
    left = leave(member_of(term, "male"))
    fill_vacancy(member_id=left.pk, on=DAY, actor=None, at=NOON)

    with pytest.raises(RuleViolation) as no:
        fill_vacancy(member_id=left.pk, on=DAY, actor=None, at=NOON)
    assert no.value.code == "filled_already"


def test_who_declines_is_passed_and_a_relaxed_quota_lets_others_in(term):
    left = leave(member_of(term, "female"))
    release_applicant(application_id=Application.objects.get(number=101).pk, reason="사양", actor=None, at=NOON)
    with pytest.raises(RuleViolation) as no:
        fill_vacancy(member_id=left.pk, on=DAY, actor=None, at=NOON)
    assert no.value.code == "nobody_fits"

    QuotaValue.objects.update(minimum=1, maximum=2)

    assert fill_vacancy(member_id=left.pk, on=DAY, actor=None, at=NOON).application.number == 102


def test_with_two_seats_open_the_order_holds_as_long_as_quotas_can_be_kept(term):
    one, other = leave(member_of(term, "male")), leave(member_of(term, "female"))

    first = fill_vacancy(member_id=one.pk, on=DAY, actor=None, at=NOON)
    second = fill_vacancy(member_id=other.pk, on=DAY, actor=None, at=NOON)

    assert (first.application.number, second.application.number) == (101, 102)


def test_seats_of_who_serves_are_not_filled(term):
    with pytest.raises(RuleViolation) as no:
        fill_vacancy(member_id=member_of(term, "male").pk, on=DAY, actor=None, at=NOON)
    assert no.value.code == "not_vacant"


def test_by_the_end_of_the_term_alternates_lapse(term):
    left = leave(member_of(term, "male"))
    CouncilTerm.objects.update(ends_on=DAY)
    later = NOON + timedelta(days=1)

    with pytest.raises(RuleViolation) as no:
        fill_vacancy(member_id=left.pk, on=DAY, actor=None, at=later)
    assert no.value.code == "term_over"
    end_term(term_id=term.pk, actor=None, at=later)

    assert not Application.objects.filter(status=ALTERNATE).exists()
    assert set(term.members.values_list("status", "left_on")) == {
        (MemberStatus.RESIGNED, DAY),
        (MemberStatus.ENDED, DAY),
    }


def test_whoever_waited_is_told_once_that_the_waiting_is_over(term):
    waiting = Application.objects.filter(status=ALTERNATE).order_by("alternate_position")
    waiting.update(email="somebody@example.org")
    moved_up = fill_vacancy(member_id=leave(member_of(term, "male")).pk, on=DAY, actor=None, at=NOON)
    CouncilTerm.objects.update(ends_on=DAY)
    end_term(term_id=term.pk, actor=None, at=NOON + timedelta(days=1))
    with pytest.raises(RuleViolation):
        end_term(term_id=term.pk, actor=None, at=NOON + timedelta(days=2))

    told = Delivery.objects.filter(mailing__kind="councils.alternate_lapsed")

    places = [1, 2, 3]
    places.remove(moved_up.application.alternate_position)
    assert sorted(one.context["position"] for one in told) == places
    assert AuditEntry.objects.filter(action="councils.alternate_lapsed").count() == 2


def test_an_alternate_whose_data_were_deleted_does_not_move_up(term):
    left = leave(member_of(term, "male"))
    recruitment = term.recruitment
    erase_due(at=NOON + (recruitment.erase_on - DAY))

    with pytest.raises(RuleViolation) as no:
        fill_vacancy(member_id=left.pk, on=DAY, actor=None, at=NOON)

    assert no.value.code == "nobody_waits"
    assert not Application.objects.filter(status=ALTERNATE).exists()


def test_a_term_is_not_closed_before_its_last_day_is_over(term):
    with pytest.raises(RuleViolation) as no:
        end_term(term_id=term.pk, actor=None, at=NOON)
    assert no.value.code == "not_over"


def test_the_members_of_a_second_recruitment_take_open_seats(term):
    leave(member_of(term, "male"))
    recruitment = drawn(term.council, selected="M", waiting="", rules=TWO_YEARS)

    same = appoint(recruitment, starts_on=DAY, term_id=term.pk)

    assert (same, same.members.filter(status=MemberStatus.SERVING).count()) == (term, 3)


def test_not_more_than_there_are_open_seats(term):
    recruitment = drawn(term.council, selected="M", waiting="", rules=TWO_YEARS)

    with pytest.raises(RuleViolation) as no:
        appoint(recruitment, starts_on=DAY, term_id=term.pk)
    assert no.value.code == "too_few_seats"


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_a_term_is_written_down_with_its_members():
    council = CouncilFactory(members=20)
    term = open_term(
        council_id=council.pk,
        number=None,
        starts_on=START,
        ends_on=DAY + timedelta(days=10),
        seats=2,
        actor=None,
        at=NOON,
    )
    council.refresh_from_db()
    assert council.members == 20  # nobody is in the register yet

    add_member(term_id=term.pk, facts=Facts("김하나", START), actor=None, at=NOON)
    add_member(term_id=term.pk, facts=Facts("고문님", START, MemberOffice.ADVISER), actor=None, at=NOON)

    council.refresh_from_db()
    assert (council.capacity, council.members, council.advisers) == (2, 1, 1)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (Facts("김하나", START, MemberOffice.CHAIR), "one_chair"),
        (Facts("김하나", START - timedelta(days=1)), "outside_the_term"),
        (Facts("김하나", DAY + timedelta(days=1)), "day_ahead"),
        (Facts("", START), "bad_name"),
    ],
)
def test_who_cannot_be_added(facts, code):
    term = term_of()

    with pytest.raises(RuleViolation) as no:
        add_member(term_id=term.pk, facts=facts, actor=None, at=NOON)
    assert no.value.code == code


def test_nobody_is_added_beyond_the_seats_or_to_those_who_were_drawn(term):
    full = term_of(seats=3)
    for one, code in ((full, "no_open_seat"), (term, "drawn_term")):
        with pytest.raises(RuleViolation) as no:
            add_member(term_id=one.pk, facts=Facts("김하나", START), actor=None, at=NOON)
        assert no.value.code == code


def test_an_account_serves_once():
    term, user = term_of(), UserFactory()
    add_member(term_id=term.pk, facts=Facts("김하나", START, user=user), actor=None, at=NOON)

    with pytest.raises(RuleViolation) as no:
        add_member(term_id=term.pk, facts=Facts("김하나", START, user=user), actor=None, at=NOON)
    assert no.value.code == "serves_already"


def test_offices_change_and_the_log_keeps_what_they_were():
    term = term_of()
    chair, other, *_rest = term.members.order_by("pk")
    with pytest.raises(RuleViolation):
        change_office(member_id=other.pk, office=MemberOffice.CHAIR, actor=None, at=NOON)

    change_office(member_id=chair.pk, office=MemberOffice.AUDITOR, actor=None, at=NOON)
    change_office(member_id=other.pk, office=MemberOffice.CHAIR, actor=None, at=NOON)

    other.refresh_from_db()
    assert other.office == MemberOffice.CHAIR
    entry = AuditEntry.objects.filter(action="councils.office_changed").latest("pk")
    assert (entry.details["before"], entry.details["after"]) == ("member", "chair")


def test_an_adviser_does_not_become_a_member():
    member = term_of().members.last()

    with pytest.raises(RuleViolation):
        change_office(member_id=member.pk, office=MemberOffice.ADVISER, actor=None, at=NOON)


# --- leaving ----------------------------------------------------------------------------------------------------------


def test_resignation_dismissal_and_death_free_the_seat():
    term = term_of()
    one, two, three = term.members.order_by("pk")

    resign(member_id=one.pk, on=DAY, reason="이사", actor=None, at=NOON)
    dismiss(member_id=two.pk, on=DAY, reason="장기 불참", actor=None, at=NOON)
    record_death(member_id=three.pk, on=DAY, actor=None, at=NOON)

    with override("ko"):
        died = gettext("died")
    assert list(term.members.order_by("pk").values_list("status", "left_on", "leaving_reason")) == [
        ("resigned", DAY, "이사"),
        ("dismissed", DAY, "장기 불참"),
        ("ended", DAY, died),
    ]
    term.council.refresh_from_db()
    assert term.council.members == 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reason": " "}, "no_reason"),
        ({"on": START - timedelta(days=1)}, "outside_the_term"),
        ({"on": DAY + timedelta(days=1)}, "day_ahead"),
        ({"reason": "가" * 201}, "too_long"),
    ],
)
def test_how_nobody_leaves(given, code):
    member = term_of().members.first()

    with pytest.raises(RuleViolation) as no:
        leave(member, **given)
    assert no.value.code == code
    member.refresh_from_db()
    assert member.status == MemberStatus.SERVING


def test_nobody_leaves_twice():
    member = term_of().members.first()
    leave(member)

    with pytest.raises(RuleViolation):
        leave(member)


def test_a_term_is_not_cut_off_behind_its_members():
    term = term_of()
    leave(term.members.first())

    with pytest.raises(RuleViolation) as no:
        change_term(term_id=term.pk, ends_on=DAY - timedelta(days=1), seats=5, actor=None, at=NOON)
    assert no.value.code == "members_beyond_the_end"
    with pytest.raises(RuleViolation) as no:
        change_term(term_id=term.pk, ends_on=DAY, seats=1, actor=None, at=NOON)
    assert no.value.code == "too_few_seats"


def test_a_dissolved_council_has_nobody_in_office(term):
    part = found_subcommittee(council_id=term.council_id, name="문화분과", founded_on=START, actor=None, at=NOON)

    dissolve_council(council_id=term.council_id, reason="동 통합", actor=None, at=NOON)

    assert set(term.members.values_list("status", "left_on")) == {(MemberStatus.ENDED, DAY)}
    assert not Application.objects.filter(status=ALTERNATE).exists()
    part.refresh_from_db()
    assert part.dissolved_on == DAY


def test_a_day_of_birth_is_not_shown_in_the_log(term):
    assert BORN.isoformat() not in str(list(AuditEntry.objects.values_list("details", flat=True)))
