"""The voter roll at the desk: numbers before names, masked before full, and every reading logged."""

from datetime import date, timedelta

import pytest

from assemblies.models import RollEntry
from assemblies.services import cast_ballot
from assemblies.states import AssemblyKind
from core.audit.models import AccessAct, AccessEntry
from residents.masking import masked_name
from residents.models import Residence
from residents.states import Basis, Role
from tests.assemblies.conftest import make_town
from tests.assemblies.desk import act, signed_in, url, words
from tests.factories import NOON, AssemblyFactory, RollEntryFactory, official, resident

pytestmark = pytest.mark.usefixtures("clock", "db")

NAME = "홍길동"


@pytest.fixture
def draft():
    return make_town(upto="draft", voters=2)


@pytest.fixture
def desk(draft):
    return signed_in(draft.official)


def named(dong, **fields):
    person = resident(dong, name=NAME, **fields)
    person.profile.name_key = NAME
    person.profile.save()
    return person


def roll_of(town):
    return town.assembly.roll.filter(removed_at=None).count()


# --- building ---------------------------------------------------------------------------------------------------------


def test_building_says_the_numbers_before_and_after(draft, desk):
    resident(draft.assembly.dong, birth_date=date(2020, 1, 1))
    asked = words(desk.get(act("assembly", "build-roll", draft.assembly)))

    assert "On the roll now: 0 people." in asked
    assert "Verified residents of the dong: 3 people." in asked
    assert "Would be added: 2 people." in asked
    assert "Stay off the roll: 1 person." in asked
    assert roll_of(draft) == 0

    done = words(desk.post(act("assembly", "build-roll", draft.assembly), follow=True))
    assert "2 people were added to the voter roll; now there are 2 on it." in done
    assert roll_of(draft) == 2


def test_the_scan_says_who_is_missing_and_why(draft, desk):
    dong = draft.assembly.dong
    named(dong, birth_date=date(2020, 5, 5))
    resident(dong, basis=Basis.ORGANISATION)
    desk.post(act("assembly", "build-roll", draft.assembly))
    late = resident(dong)
    page = words(desk.get(url("assembly_scan", draft.assembly.pk)))

    assert "younger than the voting age 1 person 16 full years" in page
    assert "no vote on this basis 1 person" in page
    assert "may vote, is added when the roll is built 1 person" in page
    assert draft.assembly.rule_set.rules.get(name="voting_age").article in page
    assert "홍*동" in page
    assert "2020-**-**" in page
    assert NAME not in page
    assert late.name not in page


def test_the_scan_is_noted_in_the_access_log(draft, desk):
    desk.get(url("assembly_scan", draft.assembly.pk))
    entry = AccessEntry.objects.get(what="assemblies.rollentry")
    assert (entry.act, entry.count, entry.scope) == (AccessAct.LIST, 2, draft.assembly.dong.path)


def test_the_scan_counts_who_left_the_dong(draft, desk):
    desk.post(act("assembly", "build-roll", draft.assembly))
    Residence.objects.filter(user=draft.voters[0]).update(status="ended")
    assert "On the roll but no longer verified here: 1 person." in words(
        desk.get(url("assembly_scan", draft.assembly.pk))
    )


@pytest.mark.parametrize("many", [1, 30])
def test_list_and_scan_cost_the_same_for_one_person_and_thirty(draft, desk, django_assert_num_queries, many):
    for number in range(many):
        resident(draft.assembly.dong, birth_date=date(2020, 1, 1 + number % 28))
        RollEntryFactory(assembly=draft.assembly, user=resident())
    with django_assert_num_queries(14):
        assert desk.get(url("assembly_scan", draft.assembly.pk)).status_code == 200
    with django_assert_num_queries(8):
        assert desk.get(url("rollentry_changelist")).status_code == 200


# --- list and entry ---------------------------------------------------------------------------------------------------


def test_the_list_is_masked_and_the_entry_in_full(draft, desk):
    named(draft.assembly.dong)
    desk.post(act("assembly", "build-roll", draft.assembly))
    entry = RollEntry.objects.get(user__name=NAME)
    listed = words(desk.get(f"{url('rollentry_changelist')}?assembly={draft.assembly.pk}"))
    opened = words(desk.get(url("rollentry_change", entry.pk)))

    assert "홍*동" in listed
    assert "1960-**-**" in listed
    assert NAME not in listed
    assert NAME in opened
    logged = list(AccessEntry.objects.order_by("at", "count").values_list("act", "count", "whose"))
    assert (AccessAct.LIST, 3, None) in logged
    assert (AccessAct.READ, 1, entry.user.pseudonym) in logged


def test_a_name_is_masked_again_when_it_is_no_longer_needed(draft, desk):
    named(draft.assembly.dong)
    desk.post(act("assembly", "build-roll", draft.assembly))
    entry = RollEntry.objects.get(user__name=NAME)
    answer = desk.post(act("rollentry", "remove", entry), {"reason": "이사"}, follow=True)
    assert NAME not in words(answer)
    assert "홍*동" in words(answer)


def test_no_name_stands_in_titles_or_questions(draft, desk):
    named(draft.assembly.dong)
    desk.post(act("assembly", "build-roll", draft.assembly))
    entry = RollEntry.objects.get(user__name=NAME)
    for address in (act("rollentry", "remove", entry), url("rollentry_history", entry.pk)):
        assert NAME not in words(desk.get(address))


def test_removing_needs_a_reason_and_can_be_undone(draft, desk):
    person = named(draft.assembly.dong)
    desk.post(act("assembly", "build-roll", draft.assembly))
    entry = RollEntry.objects.get(user=person)
    assert desk.post(act("rollentry", "remove", entry), {"reason": " "}).status_code == 400
    assert desk.post(act("rollentry", "remove", entry), {"reason": "가" * 201}).status_code == 400
    assert roll_of(draft) == 3
    assert desk.post(act("rollentry", "remove", entry), {"reason": "다른 동으로 이사"}).status_code == 302
    assert roll_of(draft) == 2
    assert desk.post(act("rollentry", "remove", entry), {"reason": "다시"}).status_code == 409
    found = {"name": NAME, "birth_date": "1960-01-01"}
    assert desk.post(act("assembly", "add-person", draft.assembly), found).status_code == 302
    assert roll_of(draft) == 3


def test_who_has_voted_stays_and_the_page_does_not_say_so(town):
    cast_ballot(
        poll_id=town.poll.pk,
        voter=town.voters[0],
        choices=town.options()[:1],
        submission="8c4f7a52-6f0e-4a57-8f3e-0d5d3a1b2c3d",
        at=NOON,
    )
    desk = signed_in(town.official)
    pages = []
    for number in (0, 1):
        entry = town.entry(number)
        page = words(desk.get(url("rollentry_change", entry.pk)))
        name = town.voters[number].name
        pages.append(page.replace(name, "").replace(masked_name(name), "").replace(f"#{entry.pk}", ""))
    assert pages[0] == pages[1]
    refused = desk.post(act("rollentry", "remove", town.entry()), {"reason": "이사"})
    assert refused.status_code == 409
    assert roll_of(town) == 3


# --- adding one person ------------------------------------------------------------------------------------------------


def test_a_person_is_found_by_name_and_birth_date_and_added(draft, desk):
    named(draft.assembly.dong)
    answer = desk.post(
        act("assembly", "add-person", draft.assembly), {"name": " 홍 길동 ", "birth_date": "1960-01-01"}, follow=True
    )
    assert "홍*동 stands on the voter roll now" in words(answer)
    assert RollEntry.objects.get().user.name == NAME
    assert AccessEntry.objects.filter(whose=RollEntry.objects.get().user.pseudonym, act=AccessAct.CHANGE).exists()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"name": NAME, "birth_date": "1960-01-02"}, 409),
        ({"name": "김철수", "birth_date": "1960-01-01"}, 409),
        ({"name": "<b>", "birth_date": "1960-01-01"}, 409),
        ({"name": NAME, "birth_date": "1760-01-01"}, 400),
        ({"name": NAME, "birth_date": "2999-01-01"}, 400),
        ({"name": NAME, "birth_date": ""}, 400),
        ({"name": "", "birth_date": "1960-01-01"}, 400),
        ({"name": "가" * 61, "birth_date": "1960-01-01"}, 400),
        ({}, 400),
    ],
)
def test_nobody_else_is_added(draft, desk, sent, status):
    named(draft.assembly.dong)
    assert desk.post(act("assembly", "add-person", draft.assembly), sent).status_code == status
    assert roll_of(draft) == 0


def test_a_resident_of_another_dong_is_not_found(draft, desk):
    named(None)
    found = {"name": NAME, "birth_date": "1960-01-01"}
    assert desk.post(act("assembly", "add-person", draft.assembly), found).status_code == 409


def test_who_is_too_young_is_refused_with_the_article(draft, desk):
    named(draft.assembly.dong, birth_date=date(2015, 1, 1))
    answer = desk.post(act("assembly", "add-person", draft.assembly), {"name": NAME, "birth_date": "2015-01-01"})
    assert answer.status_code == 409
    assert draft.assembly.rule_set.rules.get(name="voting_age").article in words(answer)


def test_a_search_that_adds_nobody_is_noted_too(draft, desk):
    """The page promises it, and the refusal tells something about the person."""
    child = named(draft.assembly.dong, birth_date=date(2015, 1, 1))
    address = act("assembly", "add-person", draft.assembly)
    desk.post(address, {"name": NAME, "birth_date": "2015-01-01"})
    assert AccessEntry.objects.get().whose == child.pseudonym
    desk.post(address, {"name": "김철수", "birth_date": "2015-01-01"})
    assert AccessEntry.objects.filter(whose=None, count=0, act=AccessAct.LIST).count() == 1


def test_a_pupil_is_added_without_a_name(draft, desk):
    school = AssemblyFactory(
        dong=draft.assembly.dong, rule_set=draft.assembly.rule_set, kind=AssemblyKind.SCHOOL, host="금부초등학교"
    )
    sent = {"reference": "5-2-14", "basis": "studying"}
    assert desk.post(act("assembly", "add-person", school), sent).status_code == 302
    assert desk.post(act("assembly", "add-person", school), sent).status_code == 409
    assert desk.post(act("assembly", "add-person", school), {"reference": "5-2-15", "basis": "x"}).status_code == 400
    assert desk.post(act("assembly", "build-roll", school)).status_code == 409
    assert school.roll.count() == 1


def test_the_list_of_an_empty_roll_is_empty(draft, desk):
    other = RollEntryFactory(assembly=AssemblyFactory(dong=draft.assembly.dong, rule_set=draft.assembly.rule_set))
    page = desk.get(f"{url('rollentry_changelist')}?assembly={draft.assembly.pk}")
    assert page.status_code == 200
    assert url("rollentry_change", other.pk) not in page.content.decode()


def test_the_roll_of_an_assembly_that_is_over_stays(draft, desk):
    desk.post(act("assembly", "build-roll", draft.assembly))
    entry = draft.assembly.roll.first()
    desk.post(act("assembly", "cancel", draft.assembly), {"reason": "태풍"})
    assert desk.post(act("assembly", "build-roll", draft.assembly)).status_code == 409
    assert desk.post(act("rollentry", "remove", entry), {"reason": "이사"}).status_code == 409
    assert roll_of(draft) == 2


@pytest.mark.parametrize("role", [Role.COUNCIL_OFFICER, Role.AUDITOR, Role.OPERATOR])
def test_names_are_for_officials_only(draft, desk, role):
    desk.post(act("assembly", "build-roll", draft.assembly))
    dong = draft.assembly.dong
    region = {Role.COUNCIL_OFFICER: dong, Role.AUDITOR: dong.parent}.get(role)
    other = signed_in(official(role, region))
    entry = draft.assembly.roll.first()
    for address in (
        url("rollentry_changelist"),
        url("rollentry_change", entry.pk),
        url("rollentry_history", entry.pk),
        act("rollentry", "remove", entry),
        act("assembly", "add-person", draft.assembly),
        act("assembly", "build-roll", draft.assembly),
        url("assembly_scan", draft.assembly.pk),
    ):
        assert other.get(address).status_code == 404
        assert other.post(address, {"reason": "이사", "name": NAME}).status_code == 404
    page = words(other.get(url("assembly_change", draft.assembly.pk)))
    assert "On the roll: 2 people." in page
    assert not AccessEntry.objects.filter(act=AccessAct.READ).exists()


def test_an_entry_is_neither_written_nor_deleted_by_form(draft, desk):
    desk.post(act("assembly", "build-roll", draft.assembly))
    entry = draft.assembly.roll.first()
    assert desk.post(url("rollentry_change", entry.pk), {"basis": "working"}).status_code == 403
    assert desk.post(url("rollentry_delete", entry.pk), {"post": "yes"}).status_code == 404
    assert desk.get(url("rollentry_add")).status_code == 404
    entry.refresh_from_db()
    assert entry.basis == Basis.REGISTERED
    assert entry.added_at == NOON + timedelta(0)
