"""Every address of the site: what opens to strangers stands written here, and nothing of one town opens to another's.

The permission matrix asks the predicates; this asks the pages, so that a page that forgets to ask is found.
"""

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from core.jobs.imports import importers
from forums.models import Application, Forum, Material, Member, Publication
from meetings.models import Meeting, Participant
from meetings.views.acts import ACTS
from ordinances.models import Ordinance, OrdinanceVersion, RuleSet
from reports.models import Certificate, OfficeForm
from reports.registry import documents
from tests.residents.town import standing

pytestmark = pytest.mark.django_db

# Whose libraries answer for them.
LIBRARIES = ("account_", "mfa_")
FOR_EVERYBODY = {
    *("forums:bylaws", "forums:bylaws-compare", "forums:bylaws-state", "forums:bylaws-version", "forums:forum"),
    *("forums:forum_calendar", "forums:forum_version", "forums:forum_versions", "forums:forums", "forums:home"),
    *("forums:join", "forums:officers", "forums:publications", "forums:register", "forums:statistics"),
    *("ordinances:compare", "ordinances:list", "ordinances:ordinance", "ordinances:rule_set", "ordinances:version"),
    *("reports:verify", "reports:verified"),
    # The key in the address, or the code of the hall, is the proof.
    *("forums:application", "meetings:arrive"),
}
WITH_AN_ACCOUNT = {
    *("jobs:list", "jobs:unfinished", "meetings:list", "notices:mine", "reports:documents"),
    # Their own job, meeting and certificate.
    *("jobs:job", "jobs:state", "meetings:ics", "meetings:meeting", "meetings:pass_svg", "reports:document"),
}
NAMESPACES = ("jobs:", "imports:", "notices:", "reports:", "meetings:", "forums:", "ordinances:")


def patterns(resolver, names=()):
    """(name with its namespaces, pattern) of every address."""
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield ":".join([*names, one.name or ""]), one
        else:
            yield from patterns(one, (*names, one.namespace) if one.namespace else names)


def keys(model, field="pk"):
    return list(model._default_manager.order_by("pk").values_list(field, flat=True)[:8])


def arguments(name):
    """What stands in an address of this name: things of the town, each once."""
    meetings = keys(Meeting)
    known = {
        "jobs": [{"pk": pk} for pk in keys(apps.get_model("jobs.Job"))],
        "imports": [{"name": importer.name} for importer in importers._importers.values()],
        "meetings": [{"pk": pk} for pk in meetings],
        "meetings:act": [{"pk": meetings[1], "name": act} for act in ACTS],
        "meetings:act_on": [{"pk": meetings[1], "name": act, "thing": 1} for act in ACTS],
        "meetings:door_link": [{"token": f"{meetings[1]}-x"}],
        "meetings:pass_link": [{"token": token} for token in keys(Participant, "token")],
        "notices:stop": [{"token": "0" * 43}, {"token": "x"}],
        "ordinances": [{"pk": pk} for pk in keys(Ordinance)],
        "ordinances:rule_set": [{"pk": pk} for pk in keys(RuleSet)],
        "ordinances:version": [
            {"pk": ordinance, "version_pk": version}
            for version, ordinance in OrdinanceVersion.objects.values_list("pk", "ordinance")
        ],
        "reports:document": [{"name": document.name} for document in documents()],
        "reports:verified": [{"code": code} for code in keys(Certificate, "code")],
        "forums": [{"pk": pk} for pk in keys(Forum)],
        "forums:forum_version": [{"pk": pk, "number": 1} for pk in keys(Forum)],
        "forums:bylaws-version": [{"number": 1}, {"number": 2}],
        "forums:member": [{"pk": pk} for pk in keys(Member)],
        "forums:material": [{"pk": pk} for pk in keys(Material)],
        "forums:publication_file": [{"pk": pk} for pk in keys(Publication)],
        "forums:registration": [{"token": "x"}],
        **{
            f"forums:application{act}": [{"key": key} for key in keys(Application, "key")]
            for act in ("", "_answer", "_withdraw")
        },
    }
    return known.get(name) or known.get(name.partition(":")[0], [])


def addresses(name, pattern):
    """The addresses of a pattern that leads somewhere in this town."""
    takes = set(pattern.pattern.converters)
    for given in [{}] if not takes else arguments(name):
        try:
            yield reverse(name, kwargs=given)
        except NoReverseMatch:
            continue


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker):
    with standing(django_db_blocker) as standing_town:
        yield standing_town


def visitor(town, account):
    client = Client(raise_request_exception=False)
    if account != "anonymous":
        client.force_login(town[0][account], backend="residents.backends.EmailBackend")
    return client


def answers(client, address):
    """The status of each method; what they wrote is taken back."""
    found = {}
    for method in ("get", "head", "options", "post"):
        place = transaction.savepoint()
        found[method] = getattr(client, method)(address).status_code
        transaction.savepoint_rollback(place)
    return found


@pytest.mark.parametrize(
    ("account", "open_to_them"), [("anonymous", FOR_EVERYBODY), ("resident", FOR_EVERYBODY | WITH_AN_ACCOUNT)]
)
def test_what_opens_to_strangers_stands_in_the_list(town, settings, account, open_to_them) -> None:
    settings.VERIFY_RATE = settings.CLUB_JOIN_RATE = settings.EVENT_REGISTER_RATE = "10000/m/ip"
    client, opened, failed = visitor(town, account), set(), []
    for name, pattern in patterns(get_resolver()):
        if not name.startswith(NAMESPACES):
            continue
        for address in addresses(name, pattern):
            found = answers(client, address)
            failed += [(address, method, status) for method, status in found.items() if status >= 500]
            if found["get"] == 200:
                opened.add(name)
            assert found["options"] in {302, 404, 405}, address
    assert not failed
    assert opened == open_to_them


def test_officials_of_another_town_open_nothing_of_this_one(town) -> None:
    """They hold every role there, and none here; what is not theirs is not there."""
    client, wrong = visitor(town, "elsewhere"), []
    for name, pattern in patterns(get_resolver()):
        if not name.startswith("admin:") or name == "admin:" or "object_id" not in pattern.pattern.converters:
            continue
        app, _line, rest = name.removeprefix("admin:").partition("_")
        try:
            model = apps.get_model(app, rest.partition("_")[0])
        except LookupError:
            model = OfficeForm
        if model._meta.label_lower in {"residents.region", "ordinances.ruleset"}:
            # Of the province that is around both towns they read.
            continue
        more = {part: 1 for part in ("number", "theme_id") if part in pattern.pattern.converters}
        for key in keys(model)[:1]:
            address = reverse(name, kwargs={"object_id": key, **more})
            found = answers(client, address)
            wrong += [(address, method, status) for method, status in found.items() if status not in {404, 405}]
    assert not wrong
