"""Tampered documents of a draw: whatever the site's Python refuses the script refuses too, and neither breaks down."""

import runpy
from datetime import timedelta
from pathlib import Path

import pytest

from councils.drawing import Lotto, is_verified, verify_bytes, write_document
from tests.councils.draw_mutations import OF_A_FREEZE, changed, misspelt
from tests.councils.drawing_pools import frozen

pytestmark = pytest.mark.once

SCRIPT = Path(__file__).resolve().parents[2] / "councils/verifier/verify_draw.py"
LOTTO = Lotto(1250)


@pytest.fixture(scope="module")
def document():
    before = LOTTO.happens_at() - timedelta(days=2)
    return frozen(beacon=LOTTO, frozen_at=before, notice_hours=24)[0]


@pytest.fixture(scope="module")
def verifies():
    """Whether the script finds nothing that fails in these bytes."""
    script = runpy.run_path(str(SCRIPT))

    def holds(data):
        try:
            draw = script["Draw"](data, {})
        except (ValueError, RecursionError):
            return False  # the programme says that the file cannot be read
        # One after the other and no further than the first that fails, as the programme goes after form and shape.
        return all(
            script["check"](draw, name)[0] != "FAILED"
            for name, key, _words, _korean in script["CLAIMS"]
            if not key or key in draw.document
        )

    return holds


def test_the_document_itself_verifies(document, verifies):
    data = write_document(document)
    assert is_verified(verify_bytes(data))
    assert verifies(data)


def test_no_change_of_what_is_frozen_passes_though_its_fingerprint_fits(document, verifies):
    tampered = list(changed(document, OF_A_FREEZE, anew=True))
    assert len(tampered) > 100
    assert [name for name, data in tampered if is_verified(verify_bytes(data))] == []
    assert [name for name, data in tampered if verifies(data)] == []


def test_no_other_way_of_writing_passes(document, verifies):
    data = write_document(document)
    assert [name for name, other in misspelt(data) if is_verified(verify_bytes(other))] == []
    assert [name for name, other in misspelt(data) if verifies(other)] == []
