"""What became of every rule of a recruitment, and what an election restricts."""

import json
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from councils.models import CouncilMeeting, CouncilTerm
from councils.queries.rules_kept import election_warnings, rule_lines
from councils.services.appointing import appoint_members
from ordinances.checked_table import anchor_of
from ordinances.rulesets import Parameter
from residents.models import LocalElection
from tests.councils.drawing_town import FREEZING, computed, frozen
from tests.councils.membership_town import START, drawn, term_of
from tests.councils.recruiting import ANNOUNCED, SETTLING, announced, rule_set, settled
from tests.factories import (
    NOON,
    AssemblyFactory,
    CouncilFactory,
    DongFactory,
    MeetingFactory,
    MunicipalityFactory,
)

pytestmark = pytest.mark.django_db


def lines_of(recruitment, at):
    recruitment.refresh_from_db()
    return {line.source_url.partition("#")[2]: line for line in rule_lines(recruitment, at=at)}


def line(lines, parameter):
    return lines[anchor_of(parameter)]


def test_hours_wait_for_the_pool_and_the_day_of_ages_stands_at_once():
    recruitment = announced(hours=6)
    lines = lines_of(recruitment, ANNOUNCED)
    assert line(lines, Parameter.EDUCATION_HOURS_MIN).met is None
    assert not line(lines, Parameter.EDUCATION_HOURS_MIN).actual


def test_who_is_in_the_pool_kept_what_the_rules_ask():
    recruitment = settled()
    told = line(lines_of(recruitment, SETTLING), Parameter.COUNCIL_AGE_MIN)
    assert told.met is True
    assert "24" in told.actual


def test_the_notice_of_a_draw_is_measured_from_its_freeze():
    draw = frozen()
    notice = line(lines_of(draw.recruitment, FREEZING), Parameter.DRAW_NOTICE_HOURS)
    assert notice.met is True
    assert notice.actual


def test_no_rule_that_was_told_stands_twice():
    draw = frozen()
    names = [line.name for line in rule_lines(draw.recruitment, at=FREEZING)]
    assert len(names) == len(set(names))


def test_an_election_warns_of_publishing_and_of_a_draw_in_its_days():
    recruitment = announced()
    assert election_warnings(recruitment, at=ANNOUNCED) == []
    recruitment.draw_at = ANNOUNCED + timedelta(days=60)
    day = (recruitment.draw_at + timedelta(days=10)).date()
    LocalElection.objects.create(held_on=date(day.year, day.month, day.day))
    assert len(election_warnings(recruitment, at=ANNOUNCED)) == 2
    recruitment.status = "cancelled"
    assert election_warnings(recruitment, at=ANNOUNCED) == []


# --- from the freeze on -----------------------------------------------------------------------------------------------


def test_a_freeze_says_which_groups_it_publishes():
    """Of 24 applicants in 6 groups of features, four or more share all of them; the rule asks for 5."""
    draw = frozen()
    told = line(lines_of(draw.recruitment, FREEZING), Parameter.PUBLICATION_GROUP_SIZE)
    pool = json.loads(draw.public)["pool"]
    alike = Counter(json.dumps(one["attributes"], sort_keys=True) for one in pool if "attributes" in one)
    assert told.met is True
    assert told.actual == (f"{min(alike.values())}명" if alike else "모두의 속성이 봉인되어 있음")


@pytest.mark.parametrize("asked", [True, False])
def test_a_freeze_says_whether_a_household_has_one_seat_at_most(asked):
    rules = rule_set(MunicipalityFactory(), one_per_household=asked)
    draw = frozen(computed(settled(rules=rules, council=CouncilFactory(dong=DongFactory(parent=rules.region)))))
    told = line(lines_of(draw.recruitment, FREEZING), Parameter.ONE_PER_HOUSEHOLD)
    assert told.met is True
    assert ("1,000" in told.actual) == asked


@pytest.mark.parametrize(("shared", "met"), [(False, True), (True, False)])
def test_two_of_a_household_drawn_in_a_customary_way_are_found(shared, met):
    recruitment = drawn(rules={"one_per_household": True}, method="balls")
    recruitment.applications.update(household="상무대로1")
    if not shared:
        for one in recruitment.applications.all():
            one.household = f"상무대로{one.pk}"
            one.save()
    assert line(lines_of(recruitment, NOON), Parameter.ONE_PER_HOUSEHOLD).met is met


# --- at work ----------------------------------------------------------------------------------------------------------

WORK_RULES = {
    "term_months": 24,
    "reappointments_max": 1,
    "names_published": True,
    "selection_body": "dong_selection_committee",
    "council_quorum": {"kind": "majority", "amount": 0},
    "yearly_assembly": True,
}
LATER = (
    Parameter.NAMES_PUBLISHED,
    Parameter.REAPPOINTMENTS_MAX,
    Parameter.COUNCIL_QUORUM,
    Parameter.YEARLY_ASSEMBLY,
)


def at_work(*, committee=True):
    recruitment = drawn(rules=WORK_RULES)
    if committee:
        recruitment.committee.create(name="박위원")
    term = appoint_members(
        recruitment_id=recruitment.pk, starts_on=START, ends_on=None, number=None, actor=None, at=NOON
    )
    return recruitment, term


def met(recruitment, parameter, at=NOON):
    return line(lines_of(recruitment, at), parameter).met


def held_meeting(term, *, present, eligible=3, **fields):
    meeting = MeetingFactory(
        status="closed", opened_at=NOON, closed_at=NOON, eligible_at_opening=eligible, present_at_opening=present,
        needed_at_opening=1, **fields,
    )  # fmt: skip
    CouncilMeeting.objects.create(council=term.council, kind="regular", meeting=meeting)


def test_before_the_appointment_nothing_is_said_of_the_council():
    lines = lines_of(drawn(rules=WORK_RULES), NOON)
    assert [line(lines, parameter).met for parameter in LATER] == [None] * 4


def test_names_and_re_appointments_are_known_with_the_appointment():
    recruitment, _term = at_work()
    lines = lines_of(recruitment, NOON)
    assert line(lines, Parameter.NAMES_PUBLISHED).actual.endswith("3명")
    assert line(lines, Parameter.REAPPOINTMENTS_MAX).met is True


def test_a_re_appointment_is_counted():
    recruitment, term = at_work()
    member = term.members.first()
    CouncilTerm.objects.filter(pk=term.pk).update(number=2)
    before = term_of(term.council, members=0, starts_on=START - timedelta(days=900), ends_on=START - timedelta(days=1))
    before.members.create(
        name=member.name, birth_date=member.birth_date, appointed_on=before.starts_on, status="ended",
        left_on=before.ends_on,
    )  # fmt: skip
    assert line(lines_of(recruitment, NOON), Parameter.REAPPOINTMENTS_MAX).actual == "1회"


@pytest.mark.parametrize("committee", [True, False])
def test_the_committee_in_charge_has_to_be_written_down(committee):
    recruitment, _term = at_work(committee=committee)
    assert met(recruitment, Parameter.SELECTION_BODY) is committee


def test_the_meeting_nearest_to_its_quorum_stands_for_all():
    recruitment, term = at_work()
    assert met(recruitment, Parameter.COUNCIL_QUORUM) is None
    held_meeting(term, present=3)
    assert line(lines_of(recruitment, NOON), Parameter.COUNCIL_QUORUM).actual == "3명"
    held_meeting(term, present=1)
    found = line(lines_of(recruitment, NOON), Parameter.COUNCIL_QUORUM)
    assert (found.required, found.actual, found.met) == ("2명", "1명", False)


def test_each_year_of_the_term_that_is_over_had_its_assembly():
    recruitment, term = at_work()
    year_over = NOON + timedelta(days=340)
    assert met(recruitment, Parameter.YEARLY_ASSEMBLY) is None
    assert met(recruitment, Parameter.YEARLY_ASSEMBLY, year_over) is False
    assembly = AssemblyFactory(
        dong=term.council.dong, status="concluded", announced_at=NOON, held_at=NOON + timedelta(days=90)
    )
    assert met(recruitment, Parameter.YEARLY_ASSEMBLY, year_over) is True
    assembly.held_at = NOON + timedelta(days=350)
    assembly.save()
    assert met(recruitment, Parameter.YEARLY_ASSEMBLY, year_over) is False


def test_the_table_costs_the_same_for_many_members_and_meetings():
    def asked(recruitment):
        recruitment.refresh_from_db()
        with CaptureQueriesContext(connection) as captured:
            rule_lines(recruitment, at=NOON)
        return len(captured)

    recruitment, term = at_work()
    held_meeting(term, present=3)
    few = asked(recruitment)
    for _number in range(8):
        held_meeting(term, present=3)
    term_of(
        term.council, members=20, number=90, starts_on=START - timedelta(days=999), ends_on=START - timedelta(days=1)
    )
    assert asked(recruitment) == few
