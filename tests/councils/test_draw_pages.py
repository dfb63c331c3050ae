"""The pages of a draw: everybody's, the hall's, the desk's, and the files that strangers verify with."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.audit.models import AccessEntry, AuditEntry
from councils.models import Draw
from councils.services.decisions import record_decision
from councils.services.draws import void_freeze
from councils.states import DecisionKind, DrawStatus
from residents.states import Role
from tests.councils.drawing_town import FREEZING, HALL, LOTTO, agreed, balls, computed, digits, drawn, frozen, runner
from tests.councils.recruiting import decision, settled
from tests.factories import resident

pytestmark = pytest.mark.django_db


def url(name, draw):
    return reverse(f"councils:{name}", args=[draw.pk])


def desk(draw, act=""):
    if act:
        return reverse("councils:draw_act", args=[draw.recruitment_id, act])
    return reverse("councils:draw_desk", args=[draw.recruitment_id])


@pytest.fixture
def without_second_factor(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


def enter(client, user):
    client.force_login(user, backend="residents.backends.EmailBackend")
    return client


def test_a_computed_lottery_is_nobodys_page(client) -> None:
    draw = computed()
    assert client.get(url("draw", draw)).status_code == 404
    assert client.get(url("draw_freeze", draw)).status_code == 404


@pytest.mark.parametrize("name", ["draw", "draw_hall", "draw_verify", "draw_state", "draw_freeze", "draw_csv"])
def test_everybody_sees_a_freeze(client, name) -> None:
    draw = frozen()
    assert client.get(url(name, draw)).status_code == 200


def test_the_page_shows_the_freeze_and_what_decides(client) -> None:
    draw = frozen()
    page = client.get(url("draw", draw)).content.decode()
    assert draw.freeze in page
    assert str(draw.beacon["number"]) in page


def test_an_applicant_reads_their_number_and_panels(client) -> None:
    recruitment = settled()
    user = resident(recruitment.council.dong)
    recruitment.applications.filter(pool_number=1).update(user=user)
    draw = frozen(computed(recruitment))
    page = enter(client, user).get(url("draw", draw))
    assert page.context["own"]["number"] == 1
    assert 0 < page.context["own"]["panels"] <= 1000


def test_a_voided_freeze_stays_with_its_decision(client) -> None:
    draw = frozen()
    facts = decision(text="명부에 오류가 있어 무효로 하였습니다.")
    voiding = record_decision(
        recruitment_id=draw.recruitment_id,
        kind=DecisionKind.VOID_FREEZE,
        facts=facts,
        actor=draw.computed_by,
        at=FREEZING,
    )
    void_freeze(draw_id=draw.pk, decision_id=voiding.pk, actor=draw.computed_by, at=FREEZING)
    second = frozen(computed(draw.recruitment, actor=draw.computed_by))
    assert facts.text in client.get(url("draw", draw)).content.decode()
    assert draw.freeze in client.get(url("draw", second)).content.decode()
    assert facts.text in client.get(reverse("councils:draw", args=[second.pk])).content.decode()


def test_readings_are_shown_once_they_agree(client) -> None:
    draw = frozen()
    numbers = "3, 7, 12, 24, 33, 41"
    from councils.services.beacons import enter_beacon

    enter_beacon(draw_id=draw.pk, value=LOTTO, actor=runner(draw.recruitment), at=HALL)
    assert numbers not in client.get(url("draw", draw)).content.decode()
    enter_beacon(draw_id=draw.pk, value=LOTTO, actor=runner(draw.recruitment), at=HALL)
    page = client.get(url("draw", draw)).content.decode()
    assert numbers in page
    for entry in draw.entries.all():
        assert entry.official.name in page
        assert entry.official.email not in page


def test_the_state_follows_the_digits(client) -> None:
    draw = agreed(frozen())
    assert client.get(url("draw_state", draw)).json()["digits"] == ["", "", ""]
    digits(draw, "41")
    assert client.get(url("draw_state", draw)).json() == {
        "phase": "digits",
        "digits": ["4", "1", ""],
        "index": None,
        "panel": [],
    }


def test_the_result_names_numbers_and_no_attributes_of_single_people(client) -> None:
    draw = drawn()
    page = client.get(url("draw", draw))
    assert len(page.context["panel"]) == draw.recruitment.seats
    names = draw.recruitment.applications.values_list("name", flat=True)
    assert not any(name in page.content.decode() for name in names)
    assert client.get(url("draw_state", draw)).json()["phase"] == "drawn"
    assert client.get(url("draw_record", draw)).status_code == 200


@pytest.mark.parametrize("pool", [24, 40])
def test_the_pages_cost_the_same_for_small_and_large_pools(client, django_assert_max_num_queries, pool) -> None:
    draw = drawn(pool=pool)
    for name, most in (("draw", 16), ("draw_hall", 8), ("draw_state", 6)):
        client.get(url(name, draw))
        with django_assert_max_num_queries(most):
            client.get(url(name, draw) + "?x")


def test_the_list_costs_the_same_for_few_and_many(client, django_assert_max_num_queries) -> None:
    frozen()
    with django_assert_max_num_queries(6):
        client.get(reverse("councils:draws"))
    for _number in range(3):
        frozen()
    with django_assert_max_num_queries(6):
        assert len(client.get(reverse("councils:draws") + "?page=1").context["page"].object_list) == 4


def test_a_stranger_verifies_the_downloaded_record_with_the_downloaded_script(client, tmp_path) -> None:
    draw = drawn()
    record, script = tmp_path / "draw.json", tmp_path / "verify_draw.py"
    record.write_bytes(client.get(url("draw_record", draw)).content)
    script.write_bytes(b"".join(client.get(reverse("councils:draw_script"))))
    command = [sys.executable, "-I", str(script), str(record)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    record.write_bytes(record.read_bytes().replace(b'"digits":"417"', b'"digits":"418"'))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_the_sealed_attributes_are_the_committees_and_each_download_is_logged(client, without_second_factor) -> None:
    draw = frozen()
    assert client.get(url("draw_openings", draw)).status_code == 302
    assert enter(client, runner(frozen().recruitment)).get(url("draw_openings", draw)).status_code == 404
    client.logout()
    answer = enter(client, runner(draw.recruitment)).get(url("draw_openings", draw))
    assert set(json.loads(answer.content)) <= {str(n) for n in range(1, 25)}
    assert AccessEntry.objects.filter(what="councils.application", act="download").count() == 1


# --- the desk ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COUNCIL_OFFICER])
def test_who_does_not_run_recruitments_finds_no_desk(client, without_second_factor, role) -> None:
    draw = computed()
    enter(client, runner(draw.recruitment, role))
    assert client.get(desk(draw)).status_code == 404
    assert client.post(desk(draw, "discard")).status_code == 404


def test_from_the_lottery_to_the_panel_at_the_desk(
    client, without_second_factor, django_capture_on_commit_callbacks
) -> None:
    recruitment = settled()
    official = runner(recruitment)
    enter(client, official)
    page = reverse("councils:draw_desk", args=[recruitment.pk])
    assert client.get(page).context["step"] == "to_compute"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("councils:draw_act", args=[recruitment.pk, "compute"]))
    draw = Draw.objects.get()
    assert client.get(page).context["step"] == "computed"
    early = f"{timezone.localtime() + timedelta(hours=2):%Y-%m-%dT%H:%M}"
    refused = client.post(desk(draw, "freeze"), {"kind": "balls", "at": early, "count": 6})
    assert refused.status_code == 409
    later = f"{timezone.localtime() + timedelta(hours=26):%Y-%m-%dT%H:%M}"
    client.post(desk(draw, "freeze"), {"kind": "lotto", "at": later})
    draw.refresh_from_db()
    assert draw.status == DrawStatus.FROZEN
    assert client.post(desk(draw, "reading"), {"numbers": "1 2 3 4 5 6", "bonus": 7}).status_code == 409
    Draw.objects.filter(pk=draw.pk).update(
        frozen_at=draw.frozen_at - timedelta(days=9), beacon_at=timezone.now() - timedelta(hours=1)
    )
    assert client.post(desk(draw, "reading"), {"numbers": "1 2 3", "bonus": 7}).status_code == 400
    assert client.post(desk(draw, "reading"), {"numbers": "one", "bonus": 7}).status_code == 400
    client.post(desk(draw, "reading"), {"numbers": "6,5 4 3 2 1", "bonus": 7})
    client.logout()
    enter(client, runner(recruitment, Role.DONG_OFFICIAL))
    client.post(desk(draw, "reading"), {"numbers": "1 2 3 4 5 6", "bonus": 7})
    for place, digit in enumerate("417"):
        client.post(desk(draw, "digit"), {"place": place, "digit": digit})
    assert client.get(page).context["phase"] == "confirm"
    assert client.post(desk(draw, "panel"), {"digits": "418"}).status_code == 409
    client.post(desk(draw, "panel"), {"digits": "417"})
    assert client.get(page).context["phase"] == "drawn"
    assert client.post(desk(draw, "panel"), {"digits": "417"}).status_code == 409
    assert AuditEntry.objects.filter(action="councils.second_draw_refused").count() == 1


@pytest.mark.parametrize("data", [{}, {"place": "x", "digit": "1"}])
def test_a_digit_that_is_none_is_a_bad_request(client, without_second_factor, data) -> None:
    draw = agreed(frozen())
    enter(client, runner(draw.recruitment))
    assert client.post(desk(draw, "digit"), data).status_code == 400


def test_an_act_that_does_not_exist(client, without_second_factor) -> None:
    draw = frozen(beacon=balls())
    enter(client, runner(draw.recruitment))
    assert client.post(desk(draw, "nothing")).status_code == 404
    assert client.get(desk(draw, "panel")).status_code == 405


def test_the_notice_of_the_recruitment_shows_every_freeze(client) -> None:
    draw = frozen()
    page = client.get(reverse("councils:recruitment", args=[draw.recruitment_id])).content.decode()
    assert draw.freeze in page
    assert draw.get_absolute_url() in page


def test_somebody_of_the_pool_opens_their_own_seal(client) -> None:
    draw = frozen()
    number = next(iter(json.loads(draw.full)))
    mine = draw.recruitment.applications.get(pool_number=int(number))
    page = url("draw_seal", draw)
    assert client.get(page).status_code == 200
    answer = client.post(page, {"number": number, "secret": mine.salt})
    assert answer.status_code == 200
    assert answer.context["opened"]["fits"]
    assert client.post(page, {"number": number, "secret": "0" * 32}).status_code == 400
    assert client.post(page, {"number": "999", "secret": mine.salt}).status_code == 400
    assert client.post(page, {"number": "", "secret": ""}).status_code == 400


def test_attempts_to_open_a_seal_are_limited(client, settings) -> None:
    settings.VERIFY_RATE = "2/m/ip"
    page = url("draw_seal", frozen())
    answers = [client.post(page, {"number": "1", "secret": "0" * 32}) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert client.get(page).status_code == 200
