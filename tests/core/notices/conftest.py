from copy import deepcopy
from pathlib import Path

import pytest

from core.notices import kinds
from tests.core.notices.letters import KINDS
from tests.core.notices.ports import ScriptedChannel

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(autouse=True)
def _kinds_of_the_tests(monkeypatch, settings):
    """Only these kinds are registered, and their templates are found."""
    monkeypatch.setattr(kinds, "_kinds", {})
    for kind in KINDS:
        kinds.register_kind(kind)
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [TEMPLATES, *templates[0]["DIRS"]]
    settings.TEMPLATES = templates


@pytest.fixture
def scripted(settings):
    """The channel of mails is the scripted one."""
    ScriptedChannel.forget()
    settings.NOTICE_CHANNELS = {
        **settings.NOTICE_CHANNELS,
        "mail": "tests.core.notices.ports.ScriptedChannel",
    }
    return ScriptedChannel
