"""Addresses of councils and ordinances under what nobody types by mistake: never more than a 4xx."""

from http import HTTPStatus
from itertools import product

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from core.audit.models import AuditEntry
from residents.states import Role
from tests.councils.drawing_town import frozen
from tests.factories import UserFactory, official

pytestmark = pytest.mark.django_db

HUGE = str(10**30)
KEY = "00000000-0000-4000-8000-000000000000"
QUERIES = ("", "?page=0", f"?page={HUGE}", "?page=%00", "?year=%00&in=%00&type=%00&term=9e9", "?q=%00%F0%9F&region=x")
FIELDS = (
    *("number", "birth_date", "code", "secret", "digits", "digit", "place", "reason", "kind", "at", "count", "numbers"),
    *("bonus", "signature", "name", "phone", "answer", "decision", "position", "score", "drawn_by", "title"),
    *("lecture-TOTAL_FORMS", "lecture-INITIAL_FORMS", "understood"),
)
BODIES = ({}, dict.fromkeys(FIELDS, "\x00" + "9" * 5000), dict.fromkeys(FIELDS, "9" * 30))


def routes(resolver, before="/", wanted=False):
    """Every route of these apps."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            is_ours = wanted or entry.app_name in {"councils", "ordinances"}
            yield from routes(entry, before + str(entry.pattern), is_ours)
        elif wanted:
            yield before + str(entry.pattern)


def addresses(numbers):
    for route in routes(get_resolver()):
        for number in numbers:
            path = route.replace("<uuid:key>", KEY).replace("<slug:name>", "digit")
            for parameter in ("pk", "number", "version_pk", "form_pk", "application_pk"):
                path = path.replace(f"<int:{parameter}>", number)
            yield path


@pytest.fixture
def visitors():
    """A stranger, a resident and an official of the dong, with keys of a frozen draw and its recruitment."""
    draw = frozen()
    clients = [Client(raise_request_exception=False) for _visitor in range(3)]
    clients[1].force_login(UserFactory())
    clients[2].force_login(official(Role.DONG_OFFICIAL, draw.recruitment.council.dong))
    return clients, str(draw.pk), str(draw.recruitment_id)


def test_nothing_breaks_and_nothing_writes_by_get(visitors) -> None:
    clients, draw, recruitment = visitors
    before = AuditEntry.objects.count()
    found = list(dict.fromkeys(addresses((HUGE, draw, recruitment))))
    assert len(found) > 100
    asked = [(path, "") for path in found] + [(path, query) for path in found if HUGE not in path for query in QUERIES]
    broken = [
        (path + query, status)
        for client, (path, query) in product(clients, asked)
        if (status := client.get(path + query).status_code) >= HTTPStatus.INTERNAL_SERVER_ERROR
    ]
    assert not broken
    assert AuditEntry.objects.count() == before


def test_no_body_breaks_anything(visitors) -> None:
    clients, draw, recruitment = visitors
    broken = [
        (path, status)
        for client in clients[1:]
        for path in dict.fromkeys(addresses((draw, recruitment)))
        for body in BODIES
        if (status := client.post(path, body).status_code) >= HTTPStatus.INTERNAL_SERVER_ERROR
    ]
    assert not broken


def test_strange_methods_are_refused(client) -> None:
    allowed = {HTTPStatus.FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
    for path in dict.fromkeys(addresses(("1",))):
        assert client.delete(path).status_code in allowed, path
