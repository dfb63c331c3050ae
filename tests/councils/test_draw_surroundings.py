"""What stands around draws: the network that is asked, the printed record, what waits at the desk."""

import hashlib
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import RuleViolation
from councils.documents.draws import build, may_order
from councils.drawing import Drand
from councils.drawing_wording import BEACON
from councils.models import Draw
from councils.queries.draws import agreed_value
from councils.services.beacons import enter_beacon, fetch_beacon, order_fetching
from councils.waiting.draws import draws_at_the_desk, next_draws
from reports.content import Paragraph, plain
from reports.registry import Order
from residents.states import Role
from tests.councils.drawing_town import FREEZING, HALL, computed, drawn, frozen, runner
from tests.councils.recruiting import settled
from tests.factories import MunicipalityFactory, official, resident

pytestmark = pytest.mark.django_db

# Source: drand, quicknet.
ROUND = Drand(1000)
SIGNATURE = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
ANOTHER = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"  # 657413


def on_drand():
    return frozen(beacon=ROUND, at=ROUND.happens_at() - timedelta(hours=25))


@pytest.fixture
def network(settings):
    """A network that answers what a test puts into `answer`."""
    answer = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            answer["path"] = self.path
            self.send_response(answer.get("status", 200))
            self.end_headers()
            self.wfile.write(json.dumps(answer.get("told", {})).encode())

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.DRAND_URL = f"http://127.0.0.1:{server.server_port}"
    yield answer
    server.shutdown()
    server.server_close()


def told(draw, **changed):
    signature = changed.get("signature", SIGNATURE)
    randomness = hashlib.sha256(bytes.fromhex(signature)).hexdigest()
    return {"round": draw.beacon["round"], "randomness": randomness, "signature": signature, **changed}


def test_the_round_is_fetched_checked_and_agrees_with_an_official(network) -> None:
    draw = on_drand()
    network["told"] = told(draw)
    fetch_beacon(draw_id=draw.pk, at=HALL)
    assert network["path"] == f"/{draw.beacon['chain']}/public/{draw.beacon['round']}"
    enter_beacon(draw_id=draw.pk, value={"signature": SIGNATURE}, actor=runner(draw.recruitment), at=HALL)
    assert agreed_value(draw) == {"signature": SIGNATURE}


@pytest.mark.parametrize("changed", [{"round": 1}, {"randomness": "0" * 64}, {"signature": ANOTHER}])
def test_another_answer_is_not_taken(network, changed) -> None:
    draw = on_drand()
    network["told"] = told(draw, **changed)
    with pytest.raises(RuleViolation):
        fetch_beacon(draw_id=draw.pk, at=HALL)
    assert not draw.entries.exists()


def test_a_signature_that_the_network_did_not_make_is_refused_in_words(client, settings) -> None:
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    draw = on_drand()
    client.force_login(runner(draw.recruitment), backend="residents.backends.EmailBackend")
    address = reverse("councils:draw_act", args=[draw.recruitment_id, "reading"])
    page = client.post(address, {"signature": ANOTHER})
    assert page.status_code == 400
    assert str(BEACON["drand_false"]) in page.content.decode()
    assert not draw.entries.exists()
    assert client.post(address, {"signature": SIGNATURE.upper()}).status_code == 302
    assert draw.entries.get().value == {"signature": SIGNATURE}


def test_a_network_that_fails_leaves_it_to_the_officials(network) -> None:
    draw = on_drand()
    network["status"] = 500
    with pytest.raises(RuleViolation) as refusal:
        fetch_beacon(draw_id=draw.pk, at=HALL)
    assert refusal.value.code == "no_answer"


def test_lotto_is_not_fetched(settings) -> None:
    settings.DRAND_URL = "https://example.org"
    draw = frozen()
    with pytest.raises(RuleViolation) as refusal:
        order_fetching(draw_id=draw.pk, actor=runner(draw.recruitment), at=HALL)
    assert refusal.value.code == "no_network"


def test_the_printed_record_has_numbers_and_no_names() -> None:
    draw = drawn()
    report = build(Order({"draw": draw.pk}, None, HALL))
    text = " ".join(plain(block.text) for block in report.blocks() if isinstance(block, Paragraph))
    assert not any(name in text for name in draw.recruitment.applications.values_list("name", flat=True))
    panel = draw.recruitment.applications.filter(status="selected").values_list("pool_number", flat=True)
    assert ", ".join(str(number) for number in sorted(panel)) in text


def test_a_draw_that_did_not_take_place_has_no_record() -> None:
    draw = frozen()
    with pytest.raises(RuleViolation) as refusal:
        build(Order({"draw": draw.pk}, None, HALL))
    assert refusal.value.status == 404


def test_the_record_is_the_officials_of_the_district() -> None:
    draw = frozen()
    assert may_order(runner(draw.recruitment), {"draw": draw.pk})
    assert not may_order(official(Role.DISTRICT_OFFICIAL, MunicipalityFactory()), {"draw": draw.pk})
    assert not may_order(resident(), {"draw": draw.pk})


def waits(user):
    return [(line.label, line.url) for line in draws_at_the_desk(user) if line.count]


def test_each_step_that_is_due_waits_for_who_takes_it() -> None:
    recruitment = settled()
    user = runner(recruitment)
    page = reverse("councils:draw_desk", args=[recruitment.pk])
    (to_begin,) = waits(user)
    draw = computed(recruitment, actor=user)
    (to_freeze,) = waits(user)
    frozen(draw, actor=user)
    Draw.objects.filter(pk=draw.pk).update(
        frozen_at=FREEZING, beacon_at=max(FREEZING + timedelta(hours=1), timezone.now() - timedelta(days=400))
    )
    assert [to_begin[1], to_freeze[1]] == [page, page]
    assert to_begin[0] != to_freeze[0]
    assert waits(official(Role.DISTRICT_OFFICIAL, MunicipalityFactory())) == []


def test_the_next_draw_is_a_date_ahead() -> None:
    draw = frozen()
    user = runner(draw.recruitment)
    draw.recruitment.draw_at = timezone.now() + timedelta(days=3)
    draw.recruitment.save(update_fields=["draw_at"])
    (coming,) = next_draws(user)
    assert draw.recruitment.title in coming.what
