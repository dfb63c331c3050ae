"""The replay of a draw in a browser, under the site's policy: it finds what the Python of the site finds."""

import base64
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from councils.drawing import Drand, Lotto, Verdict, draw, verify_bytes, write_document
from councils.drawing_wording import claim_in_words, claim_rows
from tests.councils.draw_mutations import OF_A_FREEZE, changed, misspelt
from tests.councils.drawing_pools import frozen

pytestmark = [pytest.mark.browser, pytest.mark.once]

SCRIPTS = Path(settings.BASE_DIR) / "static/js"
NAMES = ("verify-draw-replay", "verify-draw-signature", "verify-draw-steps", "verify-draw-claims", "verify-draw")
# Source: drand, quicknet.
ROUND = Drand(1000)
SIGNATURE = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
ANOTHER = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"  # 657413
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; "
POLICY += "require-trusted-types-for 'script'; trusted-types 'none'"
LOTTO = Lotto(1250)
# Milliseconds; a busy machine takes several times as long as a quiet one.
LONG = 240_000


@pytest.fixture(scope="module")
def documents():
    """Documents in different states by name."""
    plain, _none = frozen()
    before = LOTTO.happens_at() - timedelta(days=2)
    sealed, openings = frozen(room=0, group_size=5, beacon=LOTTO, frozen_at=before, notice_hours=24)
    late, _none = frozen(beacon=LOTTO, frozen_at=LOTTO.happens_at(), notice_hours=24)
    homes, _none = frozen(households=True)
    exact, _none = frozen(room=0)
    early = ROUND.happens_at() - timedelta(days=2)
    signed, _none = frozen(beacon=ROUND, frozen_at=early, notice_hours=24)
    value = {"numbers": [3, 7, 12, 24, 33, 41], "bonus": 9}
    drawn = draw(plain, {"seed": "00ff"}, digits="417")
    return {
        "frozen": plain,
        "drawn": drawn,
        "sealed": draw(sealed, value, digits="999", openings=openings),
        "frozen too late": late,
        "one of a household": draw(homes, {"seed": "01"}, digits="000"),
        "signed by drand": draw(signed, {"signature": SIGNATURE}, digits="000"),
        "of another round": draw(signed, {"signature": ANOTHER}, digits="000"),
        "no room": draw(exact, {"seed": "02"}, digits="000"),
        "planted order": {**drawn, "alternates": [drawn["alternates"][0][::-1], *drawn["alternates"][1:]]},
        "another member": {**drawn, "panel": drawn["panel"][::-1]},
    }


@pytest.fixture
def replay(browser):
    """replay(bytes) → the page after the bytes were verified on it; fails on anything that the console says."""
    contexts = []

    def replayed(data):
        context = browser.new_context(locale="ko-KR")
        contexts.append(context)
        context.set_default_timeout(LONG)
        problems = []
        context.on("console", lambda message: message.type in {"error", "warning"} and problems.append(message.text))
        context.on("weberror", lambda error: problems.append(str(error.error)))
        with override("ko"):
            part = render_to_string(
                "councils/verify_draw_part.html", {"claims": claim_rows(), "document_url": "/draw.json"}
            )
        scripts = "".join(f'<script defer src="/{name}.js"></script>' for name in NAMES)
        html = f'<!doctype html><html lang="ko"><title>x</title>{scripts}<body>{part}</body></html>'

        def answer(route):
            name = route.request.url.rsplit("/", 1)[1]
            if name == "draw.json":
                route.fulfill(body=data, content_type="application/json")
            elif name.endswith(".js"):
                route.fulfill(path=SCRIPTS / name, content_type="text/javascript")
            elif not name:
                headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
                route.fulfill(body=html, headers=headers)
            else:
                route.fulfill(status=204)

        page = context.new_page()
        page.route("**/*", answer)
        page.goto("https://draw.example/")
        page.locator("[data-start]").click()
        expect(page.locator("[data-verify-draw]")).not_to_have_attribute("aria-busy", "true", timeout=LONG)
        assert not problems
        return page

    yield replayed
    for context in contexts:
        context.close()


def shown(page):
    """{claim: (verdict, sentence)} of what the page shows."""
    return {
        row.get_attribute("data-claim"): (
            row.get_attribute("data-verdict"),
            row.locator("[data-sentence]").inner_text(),
        )
        for row in page.locator("[data-claim]:not([hidden])").all()
    }


WHOLE = ("frozen", "drawn", "sealed", "frozen too late", "one of a household", "signed by drand", "no room")
TAMPERED = ("planted order", "another member", "of another round")


@pytest.mark.parametrize("name", [*WHOLE, *TAMPERED])
def test_the_browser_finds_what_python_finds(documents, replay, name):
    data = write_document(documents[name])
    found = shown(replay(data))
    claims = verify_bytes(data)
    assert {code: verdict for code, (verdict, _words) in found.items()} == {c.code: c.verdict for c in claims}
    with override("ko"):
        for claim in claims:
            if claim.verdict != Verdict.FAILED:
                assert found[claim.code][1] == claim_in_words(claim)


def test_a_change_of_one_byte_is_found(documents, replay):
    data = bytearray(write_document(documents["drawn"]))
    for place in (0, len(data) // 3, len(data) - 1):
        changed = bytearray(data)
        changed[place] ^= 1
        page = replay(bytes(changed))
        assert "failed" in {verdict for verdict, _words in shown(page).values()}
        with override("ko"):
            assert page.locator("[data-summary]").inner_text() == gettext("This draw does not verify.")


VERDICT = """(text) => {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  return [...DrawClaims.verify(bytes)].every((step) => step.verdict !== "failed");
}"""


def test_the_browser_refuses_every_tampered_freeze(replay):
    page = replay(b"{}\n")

    def verifies(data):
        return page.evaluate(VERDICT, base64.b64encode(data).decode())

    before = LOTTO.happens_at() - timedelta(days=2)
    freeze, _none = frozen(beacon=LOTTO, frozen_at=before, notice_hours=24)
    data = write_document(freeze)
    assert verifies(data)
    tampered = [*changed(freeze, OF_A_FREEZE, anew=True), *misspelt(data)]
    assert [name for name, other in tampered if verifies(other)] == []


def test_a_file_from_the_device_is_verified_too(documents, replay):
    page = replay(b"{}\n")
    data = write_document(documents["frozen"])
    page.locator("[data-own]").set_input_files({"name": "d.json", "mimeType": "application/json", "buffer": data})
    expect(page.locator('[data-claim="alternates"]')).to_be_hidden()
    expect(page.locator('[data-claim="certificate"][data-verdict="proved"]')).to_be_visible(timeout=LONG)
