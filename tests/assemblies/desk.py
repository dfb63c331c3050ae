"""What the tests of the desk share: addresses, a clock that stands, accounts in their roles, and whole forms."""

import re
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from assemblies.models import Poll
from assemblies.states import Category, PollKind, PollStatus
from tests.assemblies.conftest import make_town
from tests.factories import NOON


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def status_of(poll):
    return Poll.objects.get(pk=poll.pk).status


def url(name, *args):
    return reverse(f"admin:assemblies_{name}", args=args)


def act(thing, name, obj):
    return url(f"{thing}_{name}", obj.pk)


def words(response):
    """The page as text."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def local(moment):
    return moment.strftime("%Y-%m-%dT%H:%M")


def assembly_form(dong, rule_set, /, **changed):
    form = {
        "dong": dong.pk,
        "kind": "residents",
        "host": "",
        "title": "2026 주민총회",
        "purpose": "내년 마을 사업의 순서를 정합니다.",
        "description": "",
        "rule_set": rule_set.pk,
        "held_at": "2026-07-01T14:00",
        "place": "동 행정복지센터",
        "population": "",
        "population_on": "",
    }
    return {**form, **changed}


def item_form(assembly, /, **changed):
    form = {
        "assembly": assembly.pk,
        "number": "",
        "title": "학교 앞 주차",
        "gain": "아이들이 안전하게 다닙니다.",
        "description": "",
        "category": Category.PARKING,
        "proposer": "주차 분과",
        "place": "",
        "cost": "30,000,000",
        "opinion": "",
        "origin": "",
    }
    return {**form, **changed}


def poll_form(assembly, /, **changed):
    form = {
        "assembly": assembly.pk,
        "title": "사업 우선순위 투표",
        "question": "먼저 했으면 하는 사업을 골라 주세요.",
        "kind": PollKind.CHOOSE,
        "max_choices": "2",
        "adopted_count": "",
        "tie_rule": "",
        "opens_at": local(NOON.replace(hour=18)),
        "closes_at": "2026-06-11T18:00",
    }
    return {**form, **changed}


WAY_TO = {
    PollStatus.CLOSED: ["close"],
    PollStatus.COUNTED: ["close", "count"],
    PollStatus.PUBLISHED: ["close", "count", "publish"],
    PollStatus.OBJECTION: ["close", "count", "publish", "object"],
    PollStatus.HALTED: ["halt"],
}


def brought_to(status, clock):
    """A town whose poll stands in `status`, and the desk of its official; the clock stands in the voting time."""
    upto = {PollStatus.PREPARING: "draft", PollStatus.SCHEDULED: "scheduled"}.get(status, "open")
    town = make_town(upto=upto)
    desk = signed_in(town.official)
    clock.now = NOON + timedelta(hours=1)
    for step in WAY_TO.get(status, []):
        answer = desk.post(act("poll", step, town.poll), {"reason": "까닭"})
        assert answer.status_code == 302, words(answer)
    assert status_of(town.poll) == status
    return town, desk
