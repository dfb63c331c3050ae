"""What an address may ask of a list of the desk, and whose names a history tells."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from assemblies.services import cast_ballot
from core.audit.models import AccessEntry
from core.audit.services import record
from residents.desk.filters import PERIODS, PlaceFilter
from residents.models import Region
from residents.states import Role
from tests.assemblies.conftest import make_town
from tests.factories import (
    NOON,
    SEOUL,
    AssemblyFactory,
    DongFactory,
    MunicipalityFactory,
    ProvinceFactory,
    RoleFactory,
    RuleSetFactory,
    UserFactory,
    official,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open_desk(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


def enter(client, user):
    client.force_login(user, backend="residents.backends.EmailBackend")
    return client


@pytest.mark.parametrize(
    "query", ["participations__isnull=False", "participations__isnull=True", "participations=1", "user=1", "user__id=1"]
)
def test_the_roll_cannot_be_asked_who_took_part(client, query):
    town = make_town()
    cast_ballot(
        poll_id=town.poll.pk,
        voter=town.voters[0],
        choices=town.options()[:1],
        submission=uuid.uuid4(),
        at=NOON + timedelta(hours=1),
    )
    enter(client, town.official)
    assert client.get(f"{reverse('admin:assemblies_rollentry_changelist')}?{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ["password__startswith=argon2", "email__startswith=a", "name=x", "roles__isnull=False", "pseudonym__gte=0"]
)
def test_accounts_cannot_be_guessed_sign_by_sign(client, query):
    enter(client, RoleFactory(role=Role.OPERATOR, region=None).user)
    assert client.get(f"{reverse('admin:residents_user_changelist')}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("residents_residence", "status=%00"),
        ("residents_residence", "basis__exact=%00"),
        ("residents_residence", f"place={'9' * 40}"),
        ("residents_roleassignment", "role__exact=%00"),
        ("audit_auditentry", "action=%00"),
    ],
)
def test_signs_that_no_database_takes_are_a_bad_request(client, page, query):
    enter(client, RoleFactory(role=Role.DISTRICT_OFFICIAL).user)
    assert client.get(f"{reverse(f'admin:{page}_changelist')}?{query}").status_code == 400


def test_the_filters_of_a_list_still_work(client):
    town = make_town(upto="draft")
    enter(client, official(Role.DISTRICT_OFFICIAL, town.assembly.dong.parent))
    address = reverse("admin:residents_residence_changelist")
    asked = f"{address}?status=verified&basis__exact=registered&place={town.assembly.dong.code}"
    assert client.get(asked).context_data["cl"].result_count == len(town.voters)


def test_a_thing_named_by_no_field_is_found_by_its_key(client):
    operator = official(Role.OPERATOR)
    client.force_login(operator)
    page = f"/admin/residents/user/{operator.pk}/change/"
    assert client.get(f"{page}?_to_field=").status_code == 200
    assert client.get(f"{page}?_to_field=password").status_code == 400


def test_a_chosen_row_with_a_number_beyond_all_numbers_is_not_found(client):
    enter(client, RoleFactory(role=Role.DISTRICT_OFFICIAL).user)
    sent = {"action": "end", ACTION_CHECKBOX_NAME: "9" * 40}
    assert client.post(reverse("admin:residents_roleassignment_changelist"), sent).status_code == 404


def test_a_history_names_officials_and_no_residents(client):
    """The page of a residence masks who left the dong; its history must not tell the name after all."""
    town = make_town(upto="draft")
    person = town.voters[0]
    residence = person.residences.get()
    facts = {"target": residence, "persons": [person], "scope": residence.dong.path, "at": NOON}
    record(actor=person, action="residents.residence_declared", **facts)
    record(actor=town.official, action="residents.residence_verified", **facts)

    page = enter(client, town.official).get(reverse("admin:residents_residence_history", args=[residence.pk]))
    text = page.content.decode()
    assert town.official.name in text.split("<main", 1)[-1]
    assert person.name not in text
    assert person.email not in text
    assert str(person.pseudonym)[:8] in text


def test_reading_the_history_of_an_account_is_noted(client):
    """Its title is the person's name."""
    person = UserFactory()
    enter(client, RoleFactory(role=Role.OPERATOR, region=None).user)
    client.get(reverse("admin:residents_user_history", args=[person.pk]))
    assert AccessEntry.objects.get().whose == person.pseudonym


# --- by place ---------------------------------------------------------------------------------------------------------


def places_offered(response):
    """(depth, name, selected) of each line of the filter by place, without “all”."""
    changelist = response.context_data["cl"]
    spec = next(spec for spec in changelist.filter_specs if isinstance(spec, PlaceFilter))
    return [(line["depth"], line["display"], line["selected"]) for line in spec.choices(changelist)][1:]


@pytest.fixture
def country():
    """Two provinces; in the first one two districts, of which 갑구 has two dongs with an assembly each."""
    first, second = ProvinceFactory(name="가도"), ProvinceFactory(name="나도")
    one, other = MunicipalityFactory(name="갑구", parent=first), MunicipalityFactory(name="을구", parent=first)
    far = MunicipalityFactory(name="병구", parent=second)
    rules = RuleSetFactory(region=one)
    parents = {"가동": one, "나동": one, "다동": other, "라동": far}
    dongs = {name: DongFactory(name=name, parent=parent) for name, parent in parents.items()}
    for dong in dongs.values():
        AssemblyFactory(dong=dong, rule_set=rules, title=f"{dong.name} 총회")
    DongFactory(name="빈동", parent=one)
    return dongs


ASSEMBLIES = "/admin/assemblies/assembly/"


def test_the_operator_goes_down_from_the_province_to_the_dong(client, country):
    enter(client, RoleFactory(role=Role.OPERATOR, region=None).user)
    dong = country["나동"]
    district, province = dong.parent, dong.parent.parent
    assert places_offered(client.get(ASSEMBLIES)) == [(0, "가도", False), (0, "나도", False)]
    assert places_offered(client.get(f"{ASSEMBLIES}?place={province.code}")) == [
        (0, "가도", True),
        (1, "갑구", False),
        (1, "을구", False),
    ]
    assert places_offered(client.get(f"{ASSEMBLIES}?place={district.code}")) == [
        (0, "가도", False),
        (1, "갑구", True),
        (2, "가동", False),
        (2, "나동", False),
    ]
    last = client.get(f"{ASSEMBLIES}?place={dong.code}")
    assert places_offered(last)[-2:] == [(2, "가동", False), (2, "나동", True)]
    assert [row.title for row in last.context_data["cl"].result_list] == ["나동 총회"]


def test_a_district_official_begins_with_the_dongs_that_occur(client, country):
    enter(client, official(Role.DISTRICT_OFFICIAL, country["가동"].parent))
    assert places_offered(client.get(ASSEMBLIES)) == [(0, "가동", False), (0, "나동", False)]


def test_a_place_of_ones_own_without_rows_is_an_empty_list(client, country):
    enter(client, official(Role.DISTRICT_OFFICIAL, country["가동"].parent))
    empty = Region.objects.get(name="빈동")
    assert client.get(f"{ASSEMBLIES}?place={empty.code}").context_data["cl"].result_count == 0


@pytest.mark.parametrize("code", ["", "x", "9" * 40, "다동"])
def test_a_place_out_of_reach_is_a_bad_request(client, country, code):
    enter(client, official(Role.DISTRICT_OFFICIAL, country["가동"].parent))
    wanted = country[code].code if code in country else code
    assert client.get(f"{ASSEMBLIES}?place={wanted}").status_code == 400


def test_counts_stand_beside_the_places_on_request(client, country):
    enter(client, official(Role.DISTRICT_OFFICIAL, country["가동"].parent))
    shown = places_offered(client.get(f"{ASSEMBLIES}?_facets=True"))
    assert shown == [(0, "가동 (1)", False), (0, "나동 (1)", False)]


@pytest.mark.parametrize("name", sorted(label.label_lower for label in (model._meta for model in admin.site._registry)))
def test_every_list_with_regions_is_narrowed_down_by_place(client, country, name):
    enter(client, RoleFactory(role=Role.OPERATOR, region=None).user)
    model_admin = next(own for model, own in admin.site._registry.items() if model._meta.label_lower == name)
    answer = client.get(f"{reverse('admin:' + name.replace('.', '_') + '_changelist')}?place={country['가동'].code}")
    seen = Role.OPERATOR in model_admin.viewing_roles
    has_regions = name not in {
        "residents.user",
        "residents.consent",
        "residents.localelection",
        "jobs.job",
        "notices.mailing",
        "notices.delivery",
    }
    assert answer.status_code == (404 if not seen else 200 if has_regions else 400)


# --- by period --------------------------------------------------------------------------------------------------------


@pytest.fixture
def dated(client):
    """Assemblies on the first and the last moment of June 2026 and just outside it, at the desk of their official."""
    dong = DongFactory()
    rules = RuleSetFactory(region=dong.parent)
    midnight = datetime(2026, 6, 1, tzinfo=SEOUL)
    moments = {
        "before": midnight - timedelta(minutes=1),
        "first": midnight,
        "last": datetime(2026, 6, 30, 23, 59, tzinfo=SEOUL),
        "after": datetime(2026, 7, 1, tzinfo=SEOUL),
    }
    for title, held_at in moments.items():
        AssemblyFactory(dong=dong, rule_set=rules, title=title, held_at=held_at)
    return enter(client, official(Role.DONG_OFFICIAL, dong))


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("from=2026-06-01&until=2026-06-30", {"first", "last"}),
        ("from=2026-07-01", {"after"}),
        ("until=2026-05-31", {"before"}),
        ("from=&until=", {"before", "first", "last", "after"}),
    ],
)
def test_both_days_of_a_period_are_in_it_by_korean_time(dated, query, titles):
    rows = dated.get(f"{ASSEMBLIES}?{query}").context_data["cl"].result_list
    assert {row.title for row in rows} == titles


@pytest.mark.parametrize(
    "query",
    [
        "from=x",
        "until=2026-02-30",
        "from=2026-06-02&until=2026-06-01",
        "until=9999-12-31",
        "from=0001-01-01",
        "from=20260601T00",
        "from=%00",
    ],
)
def test_a_period_that_is_none_is_a_bad_request(dated, query):
    assert dated.get(f"{ASSEMBLIES}?{query}").status_code == 400


def test_the_form_of_the_period_keeps_the_other_filters(dated):
    page = dated.get(f"{ASSEMBLIES}?status__exact=preparing&from=2026-06-01").content.decode()
    form = page.split('class="period-form"')[1].split("</form>")[0]
    assert '<input type="hidden" name="status__exact" value="preparing">' in form
    assert 'value="2026-06-01"' in form
    assert 'name="from"' not in form.split('type="date"')[0]


@pytest.mark.parametrize(
    ("today", "week", "month"),
    [
        (date(2026, 6, 1), (date(2026, 6, 1), date(2026, 6, 7)), (date(2026, 6, 1), date(2026, 6, 30))),
        (date(2026, 12, 31), (date(2026, 12, 28), date(2027, 1, 3)), (date(2026, 12, 1), date(2026, 12, 31))),
        (date(2028, 2, 29), (date(2028, 2, 28), date(2028, 3, 5)), (date(2028, 2, 1), date(2028, 2, 29))),
    ],
)
def test_weeks_and_months_begin_and_end_where_they_do_here(today, week, month):
    assert [period(today) for _label, period in PERIODS[:2]] == [week, month]


def test_states_that_there_are_not_are_a_bad_request(dated):
    assert dated.get(f"{ASSEMBLIES}?status__exact=announced").status_code == 200
    assert dated.get(f"{ASSEMBLIES}?status__exact=flying").status_code == 400
