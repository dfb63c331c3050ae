"""The demo town, loaded once for all tests here and taken away afterwards."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from assemblies.models import AgendaItem, Assembly, Ballot, OptionResult, Participation, Poll, PollResult
from assemblies.states import AssemblyKind, AssemblyStatus, Channel, PollStatus
from core.audit.models import AuditEntry
from councils.models import Application, Council, CouncilTerm, Course, CustomaryDraw, QuotaRelaxation, Recruitment
from councils.queries.courses import minutes_attended, minutes_credited
from councils.queries.draws import panels_with
from councils.queries.recruitment import examination_of
from councils.states import ApplicationStatus, MemberStatus
from demo.accounts import GEUMHO, OFFICES, OFFICIALS, PASSWORD, RESIDENTS, SANGMU_APPLICANTS, Standing
from demo.loader import is_loaded, load
from demo.recruitments import STAGES
from ordinances.models import RuleSet
from residents.models import OfficeTerm, Region, Residence, ResidentProfile, User
from residents.queries import duplicates_of
from residents.states import ResidenceStatus, Role

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=ZoneInfo("Asia/Seoul"))


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        assert load(now=NOW)
        yield
        transaction.set_rollback(True)


def standing(wanted):
    return [User.objects.get(email=resident.email) for resident in RESIDENTS if resident.standing is wanted]


def open_polls():
    return list(Poll.objects.filter(status=PollStatus.OPEN).order_by("pk"))


def test_a_second_time_nothing_is_loaded(town):
    before = AuditEntry.objects.count()
    assert not load(now=NOW)
    assert AuditEntry.objects.count() == before


@pytest.mark.django_db
def test_an_interrupted_load_leaves_nothing_behind():
    def interrupt(step):
        if step == "history":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(now=NOW, tell=interrupt)
    assert not is_loaded()
    assert not Region.objects.exists()
    assert not User.objects.exists()


def test_places_councils_and_heads_are_those_of_the_facts(town):
    assert Region.objects.get(code=GEUMHO).full_name == "서구 금호1동"
    assert Region.objects.filter(parent__code="2914000000").count() == 18
    assert Region.objects.filter(parent__code="1100000000").count() == 25
    assert OfficeTerm.objects.count() == 56
    # Four that the report counts, and the one that the demo appoints after it was converted.
    assert Council.objects.filter(kind="council", status="working").count() == 5
    assert Council.objects.get(kind="council", status="converting").dong.name == "동천동"
    assert Council.objects.get(dong__name="치평동").inferred


def test_every_invented_rule_set_says_so(town):
    used = RuleSet.objects.filter(assemblies__isnull=False).distinct()
    assert used.count() == 3
    assert all(rule_set.kind == "demo" and "가상" in rule_set.title for rule_set in used)


def test_each_official_may_enter_the_desk_with_the_printed_password(town):
    for official in OFFICIALS:
        user = User.objects.get(email=official.email)
        assert user.check_password(PASSWORD)
        assert [role.role for role in user.active_roles] == [official.role]


def test_only_named_people_have_a_password(town):
    named = len(RESIDENTS) + len(SANGMU_APPLICANTS) + len(OFFICIALS) + 1 + len(OFFICES)
    assert sum(user.has_usable_password() for user in User.objects.all()) == named


def test_the_open_polls_run_now_and_are_partly_voted(town):
    polls = open_polls()
    assert [poll.kind for poll in polls] == ["choose", "for_against"]
    assert all(poll.assembly.dong.code == GEUMHO and poll.takes_ballots(NOW) for poll in polls)
    assert polls[0].options.count() == 8
    assert Participation.objects.filter(poll=polls[0]).values("channel").distinct().count() > 1


def test_residents_with_a_password_stand_as_the_table_says(town):
    for poll in open_polls():
        voters = set(Participation.objects.filter(poll=poll).values_list("entry__user_id", flat=True))
        on_roll = set(poll.assembly.roll.values_list("user_id", flat=True))
        assert all(user.pk in voters for user in standing(Standing.VOTED))
        assert all(user.pk in on_roll - voters for user in standing(Standing.VERIFIED))
        assert all(user.pk not in on_roll for user in standing(Standing.WAITING))


def test_the_desk_has_people_waiting_a_likely_duplicate_and_a_child_without_consent(town):
    waiting = Residence.objects.filter(status=ResidenceStatus.DECLARED).select_related("user__profile")
    assert waiting.count() >= 10
    children = [residence for residence in waiting if NOW.year - residence.user.profile.birth_date.year < 14]
    assert len(children) == 1
    assert not hasattr(children[0].user, "guardian_consent")
    twice = [r for r in waiting if any(other.blocks for other in duplicates_of(r.user.profile))]
    assert len(twice) == 1


def test_there_are_residents_from_14_to_over_80(town):
    ages = [NOW.year - year for year in ResidentProfile.objects.values_list("birth_date__year", flat=True)]
    assert min(ages) < 14
    assert sum(age >= 80 for age in ages) >= 8


def test_every_state_can_be_seen(town):
    states = set(Poll.objects.values_list("status", flat=True))
    assert states >= {
        PollStatus.PREPARING,
        PollStatus.SCHEDULED,
        PollStatus.OPEN,
        PollStatus.CLOSED,
        PollStatus.COUNTED,
        PollStatus.PUBLISHED,
        PollStatus.OBJECTION,
    }
    assert set(Assembly.objects.values_list("status", flat=True)) >= {
        AssemblyStatus.PREPARING,
        AssemblyStatus.ANNOUNCED,
        AssemblyStatus.CONCLUDED,
    }


def test_some_quorums_were_met_and_one_was_missed(town):
    missed = [result for result in PollResult.objects.all() if not result.is_quorate]
    assert len(missed) == 1
    assert not missed[0].options.filter(adopted=True).exists()
    assert PollResult.objects.count() > 5


def test_history_keeps_the_day_that_the_source_names(town):
    geumbu = Assembly.objects.get(host="금부초등학교", held_at__year=2019)
    assert (geumbu.held_at.astimezone(ZoneInfo("Asia/Seoul")).date().isoformat()) == "2019-06-18"
    schools = Assembly.objects.filter(kind=AssemblyKind.SCHOOL)
    assert sorted(schools.values_list("host", "held_at__year")) == [
        ("금부초등학교", 2018),
        ("금부초등학교", 2019),
        ("금호중학교", 2019),
        ("금호초등학교", 2019),
        ("상무초등학교", 2019),
    ]
    assert all("지어낸" in school.description for school in schools)


def test_items_of_this_year_go_back_to_the_school_assemblies(town):
    items = AgendaItem.objects.filter(assembly__polls__in=open_polls(), origin__isnull=False).distinct()
    assert items.count() >= 3
    assert {item.origin.assembly.kind for item in items} == {AssemblyKind.SCHOOL}


def test_there_is_a_ballot_for_each_participation(town):
    polls = Poll.objects.annotate(voters=Count("participations", distinct=True), boxes=Count("ballots", distinct=True))
    assert all(poll.voters == poll.boxes for poll in polls)
    assert Ballot.objects.count() > 900


def test_participations_lie_within_the_time_of_voting(town):
    for participation in Participation.objects.select_related("poll"):
        poll = participation.poll
        assert poll.opens_at <= participation.at < min(poll.closes_at, NOW)
        assert participation.channel in set(Channel)


def test_nobody_votes_at_night(town):
    seoul = ZoneInfo("Asia/Seoul")
    for participation in Participation.objects.all():
        hour = participation.at.astimezone(seoul).hour
        assert (7 <= hour < 22) if participation.channel == Channel.WEB else (9 <= hour < 18)


def test_no_roll_is_used_up(town):
    for poll in Poll.objects.annotate(voters=Count("participations")):
        assert poll.voters < poll.assembly.roll.count() or poll.status == PollStatus.PREPARING


def test_a_tie_at_the_limit_can_be_seen(town):
    [result] = {option.result for option in OptionResult.objects.filter(adopted=None, result__poll__adopted_count=2)}
    assert result.is_quorate
    assert result.poll.status == PollStatus.PUBLISHED
    options = result.options.order_by("rank", "pk").values_list("votes", "rank", "tied", "adopted")
    assert list(options) == [(62, 1, False, True), (47, 2, True, None), (47, 2, True, None), (24, 4, False, False)]


def test_what_is_over_is_concluded_and_what_is_to_be_counted_was_held_yesterday(town):
    passed = Assembly.objects.filter(held_at__lt=NOW)
    waiting = [PollStatus.CLOSED, PollStatus.COUNTED]
    held = passed.filter(polls__status__in=waiting)
    assert [(NOW.date() - timezone.localtime(assembly.held_at).date()).days for assembly in held] == [1, 1]
    assert set(passed.exclude(polls__status__in=waiting).values_list("status", flat=True)) == {AssemblyStatus.CONCLUDED}


def test_everything_is_recorded_and_nothing_lies_in_the_future(town):
    assert AuditEntry.objects.count() > 1500
    assert not AuditEntry.objects.filter(at__gt=NOW).exists()
    # Of each role one, and a second official of a dong.
    assert AuditEntry.objects.filter(action="residents.role_granted").count() == len(Role) + 1


# --- the recruitment of 상무2동 in each stage -----------------------------------------------------------------------


def recruitment_of(key):
    name = next(stage.name for stage in STAGES if stage.key == key)
    return Recruitment.objects.get(title__endswith=f"({name})")


def applied(mail):
    return Application.objects.get(user__email=mail)


def test_each_stage_of_a_recruitment_can_be_looked_at(town):
    found = {stage.key: recruitment_of(stage.key).status for stage in STAGES}
    assert found == {
        "appointed": "appointed",
        "drawn": "drawn",
        "frozen": "frozen",
        "pooled": "pooled",
        "learning": "announced",
        "open": "announced",
        "preparing": "preparing",
    }
    assert recruitment_of("open").opens_at < NOW < recruitment_of("open").closes_at
    assert recruitment_of("learning").closes_at < NOW < recruitment_of("learning").learning_until


def test_applications_stand_in_every_state_that_officials_and_applicants_meet(town):
    states = set(Application.objects.values_list("status", flat=True))
    # Whom the draw leaves out waits as an alternate, for there are as many places for alternates as seats.
    seen_elsewhere = {ApplicationStatus.DRAFT, ApplicationStatus.CHECKED, ApplicationStatus.NOT_SELECTED}
    assert states >= set(ApplicationStatus) - seen_elsewhere


def test_the_doctor_says_who_is_missing_where_applications_are_open(town):
    found = examination_of(recruitment_of("open"), at=NOW)
    assert not found.feasible
    assert found.missing or found.at_risk


def test_the_named_applicants_stand_as_the_table_says(town):
    learning, frozen = (applied(one.email) for one in SANGMU_APPLICANTS)
    assert learning.status == ApplicationStatus.LEARNING
    assert learning.recruitment == recruitment_of("learning")
    # Of six hours the first evening's three, attended.
    assert minutes_attended([learning], at=NOW) == {learning.pk: 180}
    assert minutes_credited([learning]) == {learning.pk: 0}
    assert frozen.status == ApplicationStatus.POOL
    assert frozen.recruitment == recruitment_of("frozen")
    assert 0 < (panels_with(frozen) or 0) <= 1000


def test_no_course_that_is_over_was_attended_by_nobody(town):
    for course in Course.objects.filter(meeting__sittings__ends_at__lt=NOW).distinct():
        learners = course.meeting.participants.filter(learner__isnull=False)
        there = learners.filter(attendances__isnull=False).distinct().count()
        assert there > learners.count() // 2


def test_what_the_committee_decided_stays_visible(town):
    drawn = recruitment_of("drawn")
    voided, standing = drawn.draws.order_by("number")
    assert (voided.status, standing.status) == ("voided", "drawn")
    assert "잘못 인쇄" in voided.voided_by.text
    assert voided.freeze != standing.freeze
    relaxed = QuotaRelaxation.objects.get()
    assert relaxed.decision.recruitment == recruitment_of("pooled")
    assert relaxed.minimum == relaxed.minimum_before - 1


def test_balls_are_being_drawn_and_one_was_struck(town):
    draw = CustomaryDraw.objects.get()
    assert draw.status == "running"
    assert draw.recruitment.rule_set.for_councils().selection_method.value == "balls"
    struck = [ball.struck_because for ball in draw.balls.all() if ball.struck_because]
    assert len(struck) == 1
    assert draw.balls.count() == 5


def test_an_alternate_moved_up_for_a_member_who_left(town):
    term = CouncilTerm.objects.get(recruitment=recruitment_of("appointed"))
    left = term.members.get(status=MemberStatus.RESIGNED)
    assert left.replaced_by.status == MemberStatus.SERVING
    assert term.members.filter(status=MemberStatus.SERVING).count() == term.seats
    assert left.replaced_by.letter is not None
