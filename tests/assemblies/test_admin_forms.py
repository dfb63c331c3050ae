"""The desk's forms: what they offer, what they refuse, and that nothing is changed then."""

from datetime import timedelta

import pytest

from assemblies.models import AgendaItem, Assembly, Poll, PollOption
from residents.states import Role
from tests.assemblies.conftest import make_town
from tests.assemblies.desk import act, assembly_form, item_form, poll_form, signed_in, url, words
from tests.factories import NOON, AgendaItemFactory, AssemblyFactory, DongFactory, RuleSetFactory, official

pytestmark = pytest.mark.usefixtures("clock", "db")


@pytest.fixture
def desk(town):
    return signed_in(town.official)


# --- the form and the service -----------------------------------------------------------------------------------------


def test_population_can_be_given_and_is_kept():
    dong = DongFactory(population=9_000, population_on=NOON.date(), population_source="official")
    rule_set = RuleSetFactory(region=dong.parent)
    desk = signed_in(official(Role.DISTRICT_OFFICIAL, dong.parent))
    sent = assembly_form(dong, rule_set, population="8000", population_on="2026-01-31")
    desk.post(url("assembly_add"), sent)
    assert Assembly.objects.get().population == 8_000


def test_the_form_offers_own_dongs_and_rule_sets_in_force_with_their_articles():
    dong, foreign = DongFactory(), DongFactory()
    own = RuleSetFactory(region=dong.parent, title="우리 조례")
    RuleSetFactory(region=foreign.parent, title="남의 조례")
    RuleSetFactory(region=dong.parent, title="지난 조례", valid_until=NOON.date())
    RuleSetFactory(region=dong.parent, title="다음 조례", valid_from=NOON.date() + timedelta(days=1))
    page = signed_in(official(Role.DONG_OFFICIAL, dong)).get(url("assembly_add")).content.decode()

    assert "우리 조례" in page
    assert own.rules.get(name="voting_age").article in page
    assert str(dong) in page
    for absent in ("남의 조례", "지난 조례", "다음 조례", str(foreign)):
        assert absent not in page


def test_the_form_offers_no_rule_set_that_cannot_carry_an_assembly():
    dong = DongFactory()
    whole = RuleSetFactory(region=dong.parent, title="온전한 조례")
    half = RuleSetFactory(region=dong.parent, title="덜 적은 조례")
    half.rules.filter(name="quorum").delete()
    desk = signed_in(official(Role.DONG_OFFICIAL, dong))
    page = desk.get(url("assembly_add")).content.decode()

    assert whole.title in page
    assert half.title not in page
    assert desk.post(url("assembly_add"), assembly_form(dong, half)).status_code == 400


def test_a_page_that_is_out_of_date_is_told_that_nothing_was_changed():
    town = make_town(upto="scheduled")
    desk = signed_in(town.official)
    assembly, poll = town.assembly, town.poll
    stale = desk.post(
        url("assembly_change", assembly.pk), assembly_form(assembly.dong, assembly.rule_set, title="다른 이름")
    )
    stale_poll = desk.post(url("poll_change", poll.pk), poll_form(assembly, title="다른 이름"))
    item = assembly.agenda.first()
    stale_item = desk.post(url("agendaitem_change", item.pk), item_form(assembly, title="다른 이름"))

    assert [stale.status_code, stale_poll.status_code, stale_item.status_code] == [409, 409, 409]
    for model in (Assembly, Poll, AgendaItem):
        assert not model.objects.filter(title="다른 이름").exists()


def test_place_and_time_change_after_the_announcement(town, desk):
    form = {"description": "", "held_at": "2026-07-02T10:00", "place": "체육관"}
    assert desk.post(url("assembly_change", town.assembly.pk), form).status_code == 302
    town.assembly.refresh_from_db()
    assert town.assembly.place == "체육관"


def test_an_assembly_that_is_over_offers_no_save(clock):
    town = make_town(upto="draft")
    desk = signed_in(town.official)
    desk.post(act("assembly", "cancel", town.assembly), {"reason": "비가 많이 옵니다."})
    page = desk.get(url("assembly_change", town.assembly.pk)).content.decode()

    assert 'name="_save"' not in page
    assert "비가 많이 옵니다." in page


def test_an_unusual_cost_is_saved_and_said():
    town = make_town(upto="draft")
    desk = signed_in(town.official)
    page = words(desk.post(url("agendaitem_add"), item_form(town.assembly, cost="3000"), follow=True))
    assert "unusual" in page
    assert AgendaItem.objects.filter(cost=3000).exists()


def test_an_item_comes_only_from_earlier_public_items_of_the_district():
    town = make_town(upto="draft")
    here = town.assembly.dong.parent
    past = NOON - timedelta(days=300)
    school = AssemblyFactory(
        dong=DongFactory(parent=here),
        rule_set=town.assembly.rule_set,
        status="concluded",
        announced_at=past,
        held_at=past,
    )
    foreign = AssemblyFactory(status="concluded", announced_at=past, held_at=past)
    draft = AssemblyFactory(dong=DongFactory(parent=here), rule_set=town.assembly.rule_set, held_at=past)
    own, other, hidden = (AgendaItemFactory(assembly=one) for one in (school, foreign, draft))
    desk = signed_in(town.official)
    page = desk.get(f"{url('agendaitem_add')}?assembly={town.assembly.pk}").content.decode()

    assert own.title in page
    assert other.title not in page
    assert hidden.title not in page
    assert desk.post(url("agendaitem_add"), item_form(town.assembly, origin=other.pk)).status_code == 400
    assert desk.post(url("agendaitem_add"), item_form(town.assembly, origin=own.pk)).status_code == 302


def test_an_item_is_taken_off_while_nothing_hangs_on_it():
    town = make_town(upto="draft")
    desk = signed_in(town.official)
    free = AgendaItemFactory(assembly=town.assembly, number=9)
    on_ballot = town.assembly.agenda.first()

    assert desk.get(url("agendaitem_delete", free.pk)).status_code == 200
    assert AgendaItem.objects.filter(pk=free.pk).exists()
    desk.post(url("agendaitem_delete", free.pk), {"post": "yes"})
    assert not AgendaItem.objects.filter(pk=free.pk).exists()
    refused = words(desk.post(url("agendaitem_delete", on_ballot.pk), {"post": "yes"}, follow=True))
    assert "stands on a ballot" in refused
    assert AgendaItem.objects.filter(pk=on_ballot.pk).exists()


def test_the_ballot_follows_the_places_given():
    town = make_town(upto="draft")
    items = list(town.assembly.agenda.all())
    places = {f"item-{items[2].pk}": "1", f"item-{items[0].pk}": "2", f"item-{items[1].pk}": ""}
    answer = signed_in(town.official).post(act("poll", "ballot", town.poll), places)

    assert answer.status_code == 302
    assert list(PollOption.objects.filter(poll=town.poll).values_list("item_id", "position")) == [
        (items[2].pk, 1),
        (items[0].pk, 2),
    ]


def test_the_agenda_is_ordered_anew():
    town = make_town(upto="draft")
    first, second, third = town.assembly.agenda.all()
    desk = signed_in(town.official)
    places = {f"item-{first.pk}": "30", f"item-{second.pk}": "10", f"item-{third.pk}": "20"}
    assert desk.post(act("assembly", "order", town.assembly), places).status_code == 302
    assert list(town.assembly.agenda.values_list("pk", "number")) == [(second.pk, 1), (third.pk, 2), (first.pk, 3)]


def test_an_order_with_gaps_repeats_or_strangers_is_refused():
    town = make_town(upto="draft")
    first, second, third = town.assembly.agenda.all()
    desk = signed_in(town.official)
    whole = {f"item-{first.pk}": "3", f"item-{second.pk}": "2", f"item-{third.pk}": "1"}
    for wrong in (
        {f"item-{first.pk}": "1"},
        {**whole, f"item-{second.pk}": "1"},
        {**whole, f"item-{second.pk}": "0"},
        {**whole, f"item-{AgendaItemFactory().pk}": "4"},
    ):
        assert desk.post(act("assembly", "order", town.assembly), wrong).status_code == 400
    assert list(town.assembly.agenda.values_list("pk", flat=True)) == [first.pk, second.pk, third.pk]


def test_items_on_an_announced_ballot_keep_their_numbers():
    town = make_town(upto="scheduled")
    first, second, third = town.assembly.agenda.all()
    places = {f"item-{first.pk}": "3", f"item-{second.pk}": "2", f"item-{third.pk}": "1"}
    assert signed_in(town.official).post(act("assembly", "order", town.assembly), places).status_code == 409
    assert list(town.assembly.agenda.values_list("pk", flat=True)) == [first.pk, second.pk, third.pk]


# --- absurd input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"cost": "-1"},
        {"cost": "1000000000000"},
        {"cost": "1e9"},
        {"cost": "삼천만"},
        {"number": "0"},
        {"number": "99999999999999999999"},
        {"title": ""},
        {"title": "가" * 81},
        {"title": "a\x00b"},
        {"gain": "가" * 151},
        {"description": "가" * 5001},
        {"category": "nonsense"},
        {"origin": "9" * 30},
        {"assembly": "9" * 30},
        {"assembly": ""},
        {"number": "1"},
    ],
)
def test_an_absurd_item_is_refused(changed):
    town = make_town(upto="draft")
    answer = signed_in(town.official).post(url("agendaitem_add"), item_form(town.assembly, **changed))
    assert answer.status_code in {400, 409}
    assert town.assembly.agenda.count() == 3


@pytest.mark.parametrize(
    "changed",
    [
        {"closes_at": "2026-06-01T17:59"},
        {"closes_at": "2026-06-01T18:00"},
        {"opens_at": "gestern"},
        {"opens_at": "0001-01-01T00:00"},
        {"closes_at": "9999-12-31T23:59"},
        {"max_choices": "0"},
        {"max_choices": "-3"},
        {"max_choices": ""},
        {"max_choices": "1000000000000"},
        {"adopted_count": "0"},
        {"kind": "for_against"},
        {"kind": "for_against", "max_choices": "", "adopted_count": "2"},
        {"kind": "rank"},
        {"tie_rule": "dice"},
        {"question": "가" * 201},
        {"title": " "},
    ],
)
def test_an_absurd_poll_is_refused(changed):
    town = make_town(upto="draft")
    desk = signed_in(town.official)
    added = desk.post(url("poll_add"), poll_form(town.assembly, **changed))
    saved = desk.post(url("poll_change", town.poll.pk), poll_form(town.assembly, **changed))

    assert {added.status_code, saved.status_code} <= {400, 409}
    assert Poll.objects.count() == 1
    assert Poll.objects.get().max_choices == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"held_at": "0001-01-01T00:00"},
        {"held_at": "2200-01-01T00:00"},
        {"held_at": ""},
        {"population": "-5"},
        {"population": "0"},
        {"population": "100"},
        {"population": "99999999999", "population_on": "2026-01-01"},
        {"population": "100", "population_on": "2027-01-01"},
        {"kind": "school", "host": ""},
        {"kind": "party"},
        {"title": "가" * 81},
        {"rule_set": ""},
        {"rule_set": "abc"},
        {"dong": "9" * 40},
    ],
)
def test_an_absurd_assembly_is_refused(changed):
    dong = DongFactory()
    rule_set = RuleSetFactory(region=dong.parent)
    desk = signed_in(official(Role.DONG_OFFICIAL, dong))
    assert desk.post(url("assembly_add"), assembly_form(dong, rule_set, **changed)).status_code == 400
    assert not Assembly.objects.exists()


def test_a_ballot_takes_no_foreign_items_and_no_place_twice():
    town = make_town(upto="draft")
    foreign = AgendaItemFactory()
    items = list(town.assembly.agenda.all())
    desk = signed_in(town.official)
    for places in (
        {f"item-{foreign.pk}": "1"},
        {"item-": "1"},
        {f"item-{items[0].pk}": "1", f"item-{items[1].pk}": "1"},
        {f"item-{items[0].pk}": "0"},
        {f"item-{items[0].pk}": "first"},
    ):
        assert desk.post(act("poll", "ballot", town.poll), places).status_code == 400
    assert town.poll.options.count() == 3


def test_a_rule_set_of_another_municipality_is_refused():
    dong, foreign = DongFactory(), RuleSetFactory()
    RuleSetFactory(region=dong.parent)
    desk = signed_in(official(Role.DONG_OFFICIAL, dong))
    assert desk.post(url("assembly_add"), assembly_form(dong, foreign)).status_code == 400
    assert not Assembly.objects.exists()


def test_markup_in_titles_is_text():
    evil = "<script>alert(1)</script>"
    town = make_town(upto="draft")
    Assembly.objects.filter(pk=town.assembly.pk).update(title=evil, place=evil)
    AgendaItem.objects.filter(assembly=town.assembly).update(title=evil, proposer=evil)
    Poll.objects.filter(pk=town.poll.pk).update(title=evil, question=evil)
    desk = signed_in(town.official)
    item = town.assembly.agenda.first()
    for address in (
        url("assembly_changelist"),
        url("agendaitem_changelist"),
        url("poll_changelist"),
        url("rollentry_changelist"),
        url("assembly_change", town.assembly.pk),
        url("agendaitem_change", item.pk),
        url("poll_change", town.poll.pk),
        url("poll_missing", town.poll.pk),
        url("assembly_scan", town.assembly.pk),
        act("poll", "ballot", town.poll),
        act("assembly", "announce", town.assembly),
        f"{url('poll_add')}?assembly={town.assembly.pk}",
    ):
        page = desk.get(address)
        assert page.status_code == 200
        assert "alert(1)" not in page.content.decode().replace("&lt;script&gt;alert(1)&lt;/script&gt;", "")
