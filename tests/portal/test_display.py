"""Size of the letters, colours and the dong shown first: kept in cookies that name nobody."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.urls import reverse

from core.display import Colours, Display, TextSize, display_of
from tests.factories import DongFactory, resident

pytestmark = pytest.mark.django_db
ADDRESS = "/display/"


def html_of(client, address="/"):
    return client.get(address).content.decode().partition("<head>")[0]


def test_without_a_choice_the_page_follows_the_device(client):
    assert "data-" not in html_of(client)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"text": "large"}, 'data-text="large"'),
        ({"text": "largest"}, 'data-text="largest"'),
        ({"colours": "dark"}, 'data-colours="dark"'),
        ({"colours": "contrast"}, 'data-colours="contrast"'),
    ],
)
def test_a_choice_holds_on_the_pages_that_follow(client, sent, shown):
    answer = client.post(ADDRESS, {**sent, "next": "/dongs/"})
    assert answer.status_code == 302
    assert answer["Location"] == "/dongs/"
    for page in ("/", "/dongs/", "/en/", "/accounts/login/", "/no-such-page/"):
        assert shown in html_of(client, page)


def test_size_and_colours_are_chosen_one_after_the_other(client):
    client.post(ADDRESS, {"text": "large"})
    client.post(ADDRESS, {"colours": "dark"})
    assert 'data-text="large" data-colours="dark"' in html_of(client)
    client.post(ADDRESS, {"text": "normal"})
    assert 'data-colours="dark"' in html_of(client)
    assert "data-text" not in html_of(client)


def test_back_to_the_usual_leaves_no_cookie(client):
    client.post(ADDRESS, {"text": "large"})
    answer = client.post(ADDRESS, {"text": "normal"})
    assert not answer.cookies["madang_display"].value
    assert "data-" not in html_of(client)


def test_a_page_from_the_cache_is_the_visitors_own_choice(client):
    plain = html_of(client)
    client.post(ADDRESS, {"text": "largest"})
    assert 'data-text="largest"' in html_of(client)
    client.cookies.clear()
    assert html_of(client) == plain


@pytest.mark.parametrize(
    "sent", [{"text": "huge"}, {"colours": "pink"}, {"text": "large", "colours": ""}, {"text": "<b>"}, {"text": "\0"}]
)
def test_what_is_not_offered_is_refused(client, sent):
    answer = client.post(ADDRESS, sent)
    assert answer.status_code == 400
    assert "madang_display" not in answer.cookies


@pytest.mark.parametrize(
    "way", ["https://evil.example.org/", "//evil.example.org/", "/\\evil.example.org", "javascript:alert(1)", "", "\0"]
)
def test_the_way_back_stays_on_the_site(client, way):
    assert client.post(ADDRESS, {"text": "large", "next": way})["Location"] == reverse("portal:display")
    assert (
        "evil"
        not in client.get(ADDRESS, {"next": way}).content.decode().replace("/display/?next=", "").partition("<main")[2]
    )


def test_another_site_changes_nothing(client):
    answer = client.post(ADDRESS, {"text": "largest"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "madang_display" not in answer.cookies


def test_the_choice_needs_no_account_and_opens_no_session(client):
    answer = client.post(ADDRESS, {"text": "large"})
    assert set(answer.cookies) == {"madang_display"}
    cookie = answer.cookies["madang_display"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 365 * 24 * 3600


def test_the_page_names_the_present_choice(client):
    client.post(ADDRESS, {"text": "large", "colours": "contrast"})
    html = client.get(ADDRESS).content.decode()
    main = html.partition("<main")[2]
    assert 'value="large" aria-pressed="true"' in main
    assert 'value="contrast" aria-pressed="true"' in main
    assert main.count('aria-pressed="true"') == 2


@pytest.mark.parametrize(
    "cookie", ["", "large", "large.pink", "LARGE.dark", ".", "large.dark.x", "한글", "x" * 4000, '"><script>']
)
def test_a_cookie_that_somebody_made_up_counts_as_no_choice(rf, cookie):
    request = rf.get("/")
    request.COOKIES["madang_display"] = cookie
    found = display_of(request)
    assert found.text in TextSize
    assert found.colours in Colours
    assert found.cookie in {f"{text}.{colours}" for text in TextSize.values for colours in Colours.values}


@pytest.mark.parametrize("code", ["", "123", "29140123456", "２９１４０１２３４５", "2914000000\n", "<script>12"])
def test_only_ten_digits_are_the_code_of_a_dong(rf, code):
    request = rf.get("/")
    request.COOKIES["madang_dong"] = code
    assert not display_of(request).dong_code


def test_the_header_names_the_dong_that_was_chosen(client):
    dong = DongFactory(code="2914070000")
    address = f'href="/dongs/{dong.code}/"'
    assert address not in client.get("/help/").content.decode()
    client.cookies["madang_dong"] = dong.code
    caches["pages"].clear()
    assert address in client.get("/help/").content.decode()


def test_a_persons_own_dong_goes_before_the_chosen_one(client):
    own, other = DongFactory(code="2914070000"), DongFactory(code="2914071000")
    client.force_login(resident(own), backend="residents.backends.EmailBackend")
    client.cookies["madang_dong"] = other.code
    html = client.get("/help/").content.decode().partition("<main")[0]
    assert f"/dongs/{own.code}/" in html
    assert f"/dongs/{other.code}/" not in html


def test_a_chosen_code_that_is_no_dong_of_today_is_passed_over(client):
    client.cookies["madang_dong"] = "9999999999"
    assert client.get("/").status_code == 200


def test_display_as_a_value():
    assert Display().cookie == "normal.auto"
    assert Display(TextSize.LARGE, Colours.DARK).cookie == "large.dark"


@pytest.mark.parametrize("mode", ["dark", "contrast"])
def test_a_mode_has_the_same_colours_whether_device_or_person_chose_it(mode):
    """What the device asks for and what was chosen are two blocks of the style sheet."""
    sheet = (Path(settings.BASE_DIR) / "static/css/roles.css").read_text(encoding="utf-8")
    wish = {"dark": "prefers-color-scheme: dark", "contrast": "prefers-contrast: more"}[mode]
    by_device = properties(sheet, rf"@media \({wish}\) \{{\s*:root:not\(\[data-colours\]\) \{{(.*?)\}}")
    by_person = properties(sheet, rf':root\[data-colours="{mode}"\] \{{(.*?)\}}')
    assert by_device
    # High contrast by choice brings colours of its own besides; dark is the same throughout.
    assert by_device.items() <= by_person.items()
    assert mode == "contrast" or by_device == by_person


def properties(sheet, block):
    """The custom properties of the first block that `block` finds."""
    (found,) = re.findall(block, sheet, flags=re.DOTALL)[:1]
    return dict(re.findall(r"(--[\w-]+|color-scheme): ([^;]+);", found))
