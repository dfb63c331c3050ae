"""Who may do what at the desk: role × thing × address. What is not theirs answers 404, also to a POST."""

import re

import pytest

from assemblies.models import AgendaItem, Assembly, Poll
from residents.states import Role
from tests.assemblies.conftest import make_town
from tests.assemblies.desk import act, assembly_form, item_form, poll_form, signed_in, url, words
from tests.assemblies.test_admin import ASSEMBLY_ACTS, POLL_ACTS
from tests.factories import DongFactory, official

pytestmark = pytest.mark.usefixtures("clock", "db")


def every_address(town):
    """Every address of the desk that names a thing of this town."""
    item, entry = town.assembly.agenda.first(), town.assembly.roll.first()
    things = [("assembly", town.assembly), ("agendaitem", item), ("poll", town.poll)]
    things += [("rollentry", entry)] if entry else []
    pages = [url(f"{name}_{page}", obj.pk) for name, obj in things for page in ("change", "history", "delete")]
    pages += [act("assembly", name, town.assembly) for name in (*ASSEMBLY_ACTS, "scan")]
    pages += [act("poll", name, town.poll) for name in (*POLL_ACTS, "missing")]
    pages += [act("rollentry", "remove", entry)] if entry else []
    pages += [f"{url(f'{name}_add')}?assembly={town.assembly.pk}" for name in ("agendaitem", "poll")]
    return pages


def state_of(town):
    return (
        list(Assembly.objects.values()),
        list(AgendaItem.objects.values()),
        list(Poll.objects.values()),
        list(town.assembly.roll.values()),
    )


def foreigner(role):
    """An official of the same role elsewhere."""
    dong = DongFactory()
    region = {Role.DISTRICT_OFFICIAL: dong.parent, Role.AUDITOR: dong.parent, Role.CLUB_SECRETARIAT: None}
    return signed_in(official(role, region.get(role, dong)))


@pytest.mark.usefixtures("plain_error_pages")
@pytest.mark.parametrize("upto", ["draft", "scheduled", "open"])
@pytest.mark.parametrize(
    "role",
    [Role.DISTRICT_OFFICIAL, Role.DONG_OFFICIAL, Role.COUNCIL_OFFICER, Role.AUDITOR, Role.CLUB_SECRETARIAT],
)
def test_a_foreign_official_gets_404_everywhere(role, upto):
    town = make_town(upto=upto)
    client = foreigner(role)
    before = state_of(town)
    sent = {"reason": "까닭", "post": "yes", **item_form(town.assembly), **poll_form(town.assembly)}
    for address in every_address(town):
        assert client.get(address).status_code == 404, address
        assert client.post(address, sent).status_code == 404, address
    assert state_of(town) == before


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICIAL, Role.DONG_OFFICIAL, Role.COUNCIL_OFFICER, Role.AUDITOR])
def test_lists_show_nothing_of_others(role):
    town = make_town()
    client = foreigner(role)
    for name in ("assembly", "agendaitem", "poll"):
        page = words(client.get(url(f"{name}_changelist")))
        assert "주민총회" not in page
        assert town.assembly.agenda.first().title not in page
        assert town.poll.title not in page


def test_things_of_others_cannot_be_made_in_their_name():
    town = make_town(upto="draft")
    client = foreigner(Role.DONG_OFFICIAL)
    before = state_of(town)
    assert client.post(url("agendaitem_add"), item_form(town.assembly)).status_code == 400
    assert client.post(url("poll_add"), poll_form(town.assembly)).status_code == 400
    form = assembly_form(town.assembly.dong, town.assembly.rule_set)
    assert client.post(url("assembly_add"), form).status_code == 400
    assert state_of(town) == before


def test_the_official_of_the_district_runs_the_dongs_of_it():
    town = make_town(upto="draft")
    client = signed_in(official(Role.DISTRICT_OFFICIAL, town.assembly.dong.parent))
    assert client.post(act("assembly", "announce", town.assembly)).status_code == 302
    assert client.post(act("assembly", "build-roll", town.assembly)).status_code == 302


# --- the council's officer drafts ------------------------------------------------------------------------------------


def test_the_councils_officer_drafts_and_acts_on_nothing():
    town = make_town(upto="draft")
    client = signed_in(official(Role.COUNCIL_OFFICER, town.assembly.dong))
    item = town.assembly.agenda.first()

    assert client.post(url("agendaitem_add"), item_form(town.assembly)).status_code == 302
    assert client.post(url("agendaitem_change", item.pk), item_form(town.assembly, title="새 이름")).status_code == 302
    assert client.post(url("poll_add"), poll_form(town.assembly)).status_code == 302
    form = assembly_form(town.assembly.dong, town.assembly.rule_set, title="새 총회")
    assert client.post(url("assembly_change", town.assembly.pk), form).status_code == 302
    assert client.post(url("assembly_add"), form).status_code == 302
    assert Assembly.objects.filter(title="새 총회").count() == 2

    for thing, obj, names in (
        ("assembly", town.assembly, [name for name in ASSEMBLY_ACTS if name != "order"]),
        ("poll", town.poll, [name for name in POLL_ACTS if name != "ballot"]),
    ):
        page = client.get(url(f"{thing}_change", obj.pk)).content.decode()
        for name in names:
            assert f'href="{act(thing, name, obj)}"' not in page
            assert client.get(act(thing, name, obj)).status_code == 404
            assert client.post(act(thing, name, obj), {"reason": "까닭"}).status_code == 404


def test_what_is_missing_leads_nobody_to_a_page_that_is_not_theirs():
    town = make_town(upto="draft", items=1, max_choices=1)
    dong = town.assembly.dong
    for role, region in ((Role.COUNCIL_OFFICER, dong), (Role.AUDITOR, dong.parent), (Role.DONG_OFFICIAL, dong)):
        client = signed_in(official(role, region))
        page = client.get(url("poll_missing", town.poll.pk)).content.decode()
        assert "Nobody stands on the voter roll yet." in page
        links = re.findall(r'<li><a href="([^"#]+)', page)
        assert (url("assembly_announce", town.assembly.pk) in links) == (role == Role.DONG_OFFICIAL)
        assert {client.get(link).status_code for link in links} <= {200}


def test_the_councils_officer_only_reads_after_the_announcement():
    town = make_town()
    client = signed_in(official(Role.COUNCIL_OFFICER, town.assembly.dong))
    before = state_of(town)
    item = town.assembly.agenda.first()

    assert "Turnout" in words(client.get(url("poll_change", town.poll.pk)))
    assert client.get(f"{url('agendaitem_add')}?assembly={town.assembly.pk}").status_code == 404
    assert client.post(url("agendaitem_add"), item_form(town.assembly)).status_code == 400
    for address, form in (
        (url("assembly_change", town.assembly.pk), {"place": "다른 곳"}),
        (url("agendaitem_change", item.pk), item_form(town.assembly, title="새 이름")),
        (url("poll_change", town.poll.pk), poll_form(town.assembly)),
    ):
        assert client.get(address).status_code == 200
        assert client.post(address, form).status_code == 403
    assert state_of(town) == before


# --- auditor and operator read ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.OPERATOR])
@pytest.mark.parametrize("upto", ["draft", "open"])
def test_auditor_and_operator_read_and_change_nothing(role, upto):
    town = make_town(upto=upto)
    region = town.assembly.dong.parent if role == Role.AUDITOR else None
    client = signed_in(official(role, region))
    before = state_of(town)
    for name, obj in (("assembly", town.assembly), ("agendaitem", town.assembly.agenda.first()), ("poll", town.poll)):
        page = client.get(url(f"{name}_change", obj.pk))
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()
        assert client.post(url(f"{name}_change", obj.pk), {"title": "새 이름"}).status_code == 403
        assert client.get(url(f"{name}_add")).status_code == 404
        assert client.get(url(f"{name}_history", obj.pk)).status_code == 200
    for thing, obj, names in (("assembly", town.assembly, ASSEMBLY_ACTS), ("poll", town.poll, POLL_ACTS)):
        for name in names:
            assert client.get(act(thing, name, obj)).status_code == 404
            assert client.post(act(thing, name, obj), {"reason": "까닭"}).status_code == 404
    assert state_of(town) == before


def test_the_secretariat_of_the_club_has_no_work_on_assemblies():
    make_town()
    client = signed_in(official(Role.CLUB_SECRETARIAT))
    for name in ("assembly", "agendaitem", "poll", "rollentry"):
        assert client.get(url(f"{name}_changelist")).status_code == 404
