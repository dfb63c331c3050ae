"""The style guide: every component, only where DEBUG is on."""

import re
from pathlib import Path

import pytest
from django.conf import settings as house

pytestmark = pytest.mark.django_db
# Parts of a page's frame, and of other components.
NOT_SHOWN_ALONE = {"brand.html", "footer.html", "header_quiet.html", "messages.html", "yard.html"}


def test_visitors_do_not_see_it(client):
    assert client.get("/styleguide/").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_it_shows_every_component(client, settings, prefix):
    settings.DEBUG = True
    answer = client.get(f"{prefix}/styleguide/")
    assert answer.status_code == 200
    drawn = {str(template.name).rpartition("/")[2] for template in answer.templates}
    components = {path.name for path in (Path(house.BASE_DIR) / "templates/components").glob("*.html")}
    assert components - drawn <= NOT_SHOWN_ALONE
    html = answer.content.decode()
    assert html.count("<h1") == 1
    assert not re.search(r"\sstyle=|\son\w+=", html)
