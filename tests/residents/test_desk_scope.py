"""What is not theirs is 404 on the desk: whatever the address, the method and the kind of thing."""

import json
from collections import Counter

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.test import RequestFactory
from django.urls import reverse

from core.audit.models import AuditEntry
from tests.residents.town import standing

pytestmark = pytest.mark.django_db

# Two things of each kind out of each official's reach are enough: it is the list that decides, not the state.
TRIED_OF_A_KIND = 2

OFFICIALS = ("elsewhere", "neighbour", "operator", "secretariat", "district", "dong", "council", "auditor")


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with standing(django_db_blocker) as (who, what):
        yield who, {name: thing for name, thing in what.items() if thing is not None}


@pytest.fixture
def town(built, settings):
    """Accounts and things by name. They are the same for all tests: what a test changes it reads from the database."""
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    return built


def enter(client, user):
    client.force_login(user, backend="residents.backends.EmailBackend")
    return client


def as_seen_by(user):
    request = RequestFactory().get("/admin/")
    request.user = user
    return request


def on_the_desk(what):
    """The things of the town that have a list on the desk, with it."""
    return [
        (name, thing, admin.site._registry[type(thing)])
        for name, thing in what.items()
        if type(thing) in admin.site._registry
    ]


def addresses(thing, model_admin):
    """Every address below a thing: its page, history, deletion, acts and what else the list adds."""
    names = {
        pattern.name
        for pattern in model_admin.get_urls()
        if pattern.name and "<path:object_id>" in str(pattern.pattern)
    }
    return [reverse(f"admin:{name}", args=[thing.pk]) for name in sorted(names)]


@pytest.mark.usefixtures("plain_error_pages")
@pytest.mark.parametrize("name", OFFICIALS)
def test_things_out_of_reach_are_not_found(client, town, name):
    """Whatever the list of an official does not hold has no page, history, deletion or act for them either."""
    who, what = town
    enter(client, who[name])
    request = as_seen_by(who[name])
    tried = Counter()
    for label, thing, model_admin in on_the_desk(what):
        if model_admin.get_queryset(request).filter(pk=thing.pk).exists() or tried[type(thing)] == TRIED_OF_A_KIND:
            continue
        tried[type(thing)] += 1
        for address in addresses(thing, model_admin):
            assert client.get(address).status_code == 404, (label, address)
            assert client.post(address, {"post": "yes"}).status_code == 404, (label, address)


@pytest.mark.parametrize("name", OFFICIALS)
def test_lists_hold_only_what_the_permissions_say(client, town, name):
    """No row stands in a list whose page would be refused."""
    who, _what = town
    enter(client, who[name])
    request = as_seen_by(who[name])
    for model, model_admin in admin.site._registry.items():
        permission = f"{model._meta.app_label}.view_{model._meta.model_name}"
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        seen = model_admin.has_view_permission(request)
        assert client.get(address).status_code == (200 if seen else 404), address
        for row in model_admin.get_queryset(request) if seen else ():
            assert who[name].has_perm(permission, row), (permission, row)


@pytest.mark.parametrize("name", OFFICIALS)
def test_pages_of_what_is_theirs_open(client, town, name):
    who, what = town
    enter(client, who[name])
    request = as_seen_by(who[name])
    for label, thing, model_admin in on_the_desk(what):
        if model_admin.get_queryset(request).filter(pk=thing.pk).exists():
            opts = thing._meta
            for page in ("change", "history"):
                address = reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[thing.pk])
                assert client.get(address).status_code == 200, (label, address)


@pytest.mark.parametrize("name", OFFICIALS)
def test_what_may_not_be_added_has_no_form(client, town, name):
    who, _what = town
    enter(client, who[name])
    request = as_seen_by(who[name])
    for model, model_admin in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        allowed = model_admin.has_add_permission(request)
        assert client.get(address).status_code == (200 if allowed else 404), address
        assert client.post(address, {}).status_code == (400 if allowed else 404), address


def test_nothing_is_deleted_from_the_desk_without_a_service(client, town):
    who, what = town
    enter(client, who["operator"])
    for _label, thing, model_admin in on_the_desk(what):
        # Things that are only asked about are not saved.
        if not model_admin.deletable and thing.pk is not None:
            opts = thing._meta
            address = reverse(f"admin:{opts.app_label}_{opts.model_name}_delete", args=[thing.pk])
            assert client.post(address, {"post": "yes"}).status_code == 404
            assert type(thing)._default_manager.filter(pk=thing.pk).exists()


def test_a_bulk_action_with_a_foreign_row_is_not_found(client, town):
    who, what = town
    enter(client, who["elsewhere"])
    role = what["role of a dong official"]
    response = client.post(
        reverse("admin:residents_roleassignment_changelist"),
        {"action": "end", ACTION_CHECKBOX_NAME: [role.pk], "confirmed": "1", "reason": "전보"},
    )
    assert response.status_code == 404
    role.refresh_from_db()
    assert role.until is None


def test_a_bulk_action_asks_back_and_then_ends_the_roles(client, town):
    who, what = town
    enter(client, who["district"])
    rows = [what["role of a dong official"], what["role of a council officer"]]
    address = reverse("admin:residents_roleassignment_changelist")
    sent = {"action": "end", ACTION_CHECKBOX_NAME: [role.pk for role in rows]}
    asked = client.post(address, {**sent, "index": "0"})
    assert asked.status_code == 200
    assert 'name="confirmed"' in asked.content.decode()
    assert client.post(address, {**sent, "confirmed": "1", "reason": ""}).status_code == 400
    assert client.post(address, {**sent, "confirmed": "1", "reason": "Versetzung"}).status_code == 302
    for role in rows:
        role.refresh_from_db()
        assert role.until is not None


def test_autocomplete_offers_only_the_own_regions(client, town):
    who, what = town
    enter(client, who["elsewhere"])
    response = client.get(
        "/admin/autocomplete/",
        {"app_label": "residents", "model_name": "residence", "field_name": "dong", "term": ""},
    )
    offered = {row["id"] for row in json.loads(response.content)["results"]}
    assert str(what["dong"].pk) not in offered
    assert offered


def test_autocomplete_of_accounts_is_closed_to_officials(client, town):
    who, _what = town
    enter(client, who["district"])
    query = {"app_label": "residents", "model_name": "residence", "field_name": "user", "term": "주민"}
    assert client.get("/admin/autocomplete/", query).status_code in {403, 404}


def test_popups_are_closed_to_foreign_things_too(client, town):
    who, what = town
    enter(client, who["elsewhere"])
    address = reverse("admin:residents_region_change", args=[what["dong"].pk])
    assert client.get(address + "?_popup=1").status_code == 404
    assert client.get(address + "?_popup=1&_to_field=id").status_code == 404


@pytest.mark.parametrize("key", ["0", "999999999", "abc", "%00", "1%27", "9" * 40])
def test_unknown_keys_are_not_found(client, town, key):
    who, _what = town
    enter(client, who["district"])
    assert client.get(f"/admin/residents/residence/{key}/change/").status_code == 404
    assert client.post(f"/admin/residents/residence/{key}/verify/").status_code == 404


@pytest.mark.parametrize("query", ["declared_at__gte=abc", "nonsense=1", "user__email__startswith=a", "p=abc", "o=9.9"])
def test_senseless_filters_are_said_so_or_without_effect(client, town, query):
    who, _what = town
    enter(client, who["district"])
    assert client.get(f"/admin/residents/residence/?{query}").status_code in {200, 400}
    if not query.startswith(("p=", "o=")):
        assert client.get(f"/admin/residents/residence/?{query}").status_code == 400


def test_the_desk_writes_no_log_of_its_own(client, town):
    who, what = town
    enter(client, who["operator"])
    dong = what["dong"]
    data = {
        "kind": dong.kind,
        "name": "새 이름",
        "name_en": "",
        "population": "",
        "population_on": "",
        "population_source": "",
        "valid_from": "",
        "valid_until": "",
    }
    response = client.post(reverse("admin:residents_region_change", args=[dong.pk]), data)
    assert response.status_code == 302
    assert not LogEntry.objects.exists()
    assert AuditEntry.objects.filter(action="residents.region_changed", target_id=str(dong.pk)).exists()
    history = client.get(reverse("admin:residents_region_history", args=[dong.pk])).content.decode()
    assert who["operator"].name in history
