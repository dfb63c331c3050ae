"""Every address of the demo town, followed link by link as everybody who comes here: nothing leads nowhere.

One page of each kind is drawn and inspected; each state that a page can be in is in test_states.py.
"""

import re
from functools import cache
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import transaction

from residents.states import Role
from tests.browser.crawl import Walk, Walked, inside, kind_of, read
from tests.browser.inspection import DESKTOP, LAYOUT, PHONE, inspect, look
from tests.browser.language import data_of_the_town, english_in, korean_in
from tests.browser.people import client_of, somebody

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "without_second_factor")]

DESK_KINDS = [role.value for role in Role]
SEE_MOST = {Role.OPERATOR, Role.DISTRICT_OFFICIAL}
# Who walks, from where, in which language, and how many pages of one kind they open.
WALKS = {
    ("anonymous", "/", "ko"): 12,
    ("verified", "/", "ko"): 4,
    ("voted", "/", "ko"): 2,
    ("waiting", "/", "ko"): 2,
    ("anonymous", "/en/", "en"): 2,
    ("verified", "/en/", "en"): 2,
    # From the desk a link leads to the site, so that officials see that too. Most pages are seen by several roles.
    **{(role, "/admin/", "ko"): 2 if role in SEE_MOST else 1 for role in DESK_KINDS},
    ("dong_official", "/en/admin/", "en"): 1,
}
# Whoever is not on the roll follows the link to the ballot and reads there why.
REFUSED_WITH_REASON = {("assemblies:ballot", 403)}
# A form sent as it stands is answered with a page: done, once more with what is missing, or refused with a reason.
ANSWERS_TO_FORMS = {200, 302, 303, 400, 403, 409, 422, 429}
SAYS_NOTHING = {
    "여기", "여기를 클릭", "클릭", "더보기", "더 보기", "자세히", "자세히 보기", "바로가기", "링크", "이동",
    "here", "click here", "click", "more", "read more", "details", "link", "go",
}  # fmt: skip
# Addresses of other sites that pages may lead to: mail, and the official site of local laws from the library.
ABROAD: tuple[str, ...] = ("mailto:", "https://www.elis.go.kr/")
# What a projector throws on the wall of a hall has nothing of the site around it; test_draw.py looks at it.
WALLS = {"councils:draw_hall"}
KINDS_OF_THE_SITE = {
    "portal:home", "portal:dong", "portal:dongs", "portal:help", "portal:privacy", "portal:accessibility",
    "assemblies:list", "assemblies:assembly", "assemblies:result", "ordinances:rule_set", "ordinances:list",
    "councils:roster", "councils:council", "councils:recruitments", "councils:recruitment", "councils:find_application",
    "councils:draws", "councils:draw", "councils:draw_verify", "councils:education", "councils:rollout",
    "councils:bodies",
}  # fmt: skip


@pytest.fixture(scope="module")
def transactional_db(demo_town):
    """The demo town stays in the database from the first test of this module to the last."""


@cache
def town_data():
    return data_of_the_town()


def said_wrongly(walked: Walked, language: str) -> list[str]:
    """What the page says in the wrong language, or without saying anything."""
    page = walked.page
    assert page is not None
    said = []
    if page.lang != language:
        said.append(f"is in {page.lang!r}")
    if not page.title.strip():
        said.append("has no title")
    if language == "ko":
        said.extend(f"says in English: {text}" for text in english_in(f"{page.title}\n{page.said}"))
    else:
        said.extend(f"says in Korean: {text}" for text in korean_in(f"{page.title}\n{page.said}", town_data()))
    for link in page.named_links:
        if not link.words:
            said.append(f"has a link that says nothing, to {link.to}")
        elif link.words.lower().strip(" .›»→") in SAYS_NOTHING:
            said.append(f"has a link that says only “{link.words}”, to {link.to}")
    return said


def built_wrongly(walked: Walked) -> list[str]:
    """Ids, fragments of the page itself, and files of its own."""
    page = walked.page
    assert page is not None
    said = []
    if page.h1 != 1:
        said.append(f"has {page.h1} h1")
    doubled = [name for name, count in page.ids.items() if count > 1]
    if doubled:
        said.append(f"has the ids {doubled} twice")
    for link in page.links:
        if link == "#" or (link.startswith("#") and link[1:] not in page.ids):
            said.append(f"links to {link}, which is not there")
        elif link.lower().startswith("javascript:"):
            said.append(f"has a link that is a script: {link}")
        elif (urlsplit(link).scheme or urlsplit(link).netloc) and not link.startswith(ABROAD):
            said.append(f"leads to another site: {link}")
    said.extend(f"loads {file}, which is not there" for file in page.files if not is_there(file))
    return said


@cache
def is_there(file: str) -> bool:
    """Whether a file that a page loads exists; nothing is loaded from elsewhere."""
    parts = urlsplit(file)
    if parts.scheme == "data":
        return True
    if parts.scheme or parts.netloc or not parts.path.startswith(settings.STATIC_URL):
        return kind_of(file) != "nowhere" if file.startswith("/") else file.startswith("#")
    return finders.find(unquote(parts.path.removeprefix(settings.STATIC_URL))) is not None


@cache
def walk(name, start, language):
    """Every page on a walk as somebody; walked once."""
    most = WALKS[name, start, language]
    return tuple(
        Walk(client_of(name), most, most_filtered=1 if start.endswith("admin/") else min(most, 4)).from_page(start)
    )


def pages_of(*key):
    """The pages of a walk in its own language; the other language's pages are another walk."""
    return [one for one in walk(*key) if one.page is not None and one.page.lang == key[2]]


def once(faults):
    """Faults that many pages share are named where they were first met."""
    first = {}
    for address, fault in faults:
        first.setdefault(fault, address)
    return "\n".join(f"{address} {fault}" for fault, address in first.items())


def name_of(key):
    return "-".join(part.strip("/").replace("/", "-") or "site" for part in key)


@pytest.fixture(params=WALKS, ids=name_of)
def who(request):
    return request.param


def test_every_link_is_answered(who):
    refused = [
        (one.address, f"(linked from {one.linked_from}) answers {one.response.status_code}")
        for one in walk(*who)
        if one.response.status_code >= 400 and (one.kind, one.response.status_code) not in REFUSED_WITH_REASON
    ]
    assert not refused, once(refused)
    kinds = {one.kind for one in walk(*who)}
    assert (KINDS_OF_THE_SITE if "admin" not in who[1] else {"admin:index"}) <= kinds


def test_every_page_speaks_its_language(who):
    faults = [(one.address, fault) for one in pages_of(*who) for fault in said_wrongly(one, who[2])]
    assert not faults, once(faults)


def test_every_page_is_built_rightly(who):
    faults = [(one.address, fault) for one in pages_of(*who) for fault in built_wrongly(one)]
    assert not faults, once(faults)


def test_links_into_pages_find_their_place(who):
    """A link to /assemblies/1/#agenda wants an element of that id on that page."""
    client, ids, faults = client_of(who[0]), {one.address: one.page.ids for one in pages_of(*who)}, []
    for one in pages_of(*who):
        for link in one.page.links:
            address, fragment = urldefrag(urljoin(one.address, link))
            if not fragment or not inside(address):
                continue
            if address not in ids:
                answer = client.get(address)
                ids[address] = read(answer.content.decode()).ids if answer.status_code == 200 else {}
            if unquote(fragment) not in ids[address]:
                faults.append((one.address, f"links to {address}#{fragment}, where nothing is called so"))
    assert not faults, once(faults)


def test_every_form_is_answered(who):
    """Each form once, sent as it stands; what that would change is taken back."""
    faults, sent = [], set()
    client = client_of(who[0])
    cookies = client.cookies.output()
    for one in pages_of(*who):
        for form in one.page.forms:
            action = urljoin(one.address, form.action)
            key = (kind_of(action), form.method)
            if key in sent:
                continue
            sent.add(key)
            with transaction.atomic():
                if form.method == "post":
                    answer = client.post(action, form.values, HTTP_REFERER=f"http://testserver{one.address}")
                else:
                    answer = client.get(action, form.values)
                transaction.set_rollback(True)
            if client.cookies.output() != cookies:
                # It signed somebody out, or left a cookie: the next form is sent as before.
                client = client_of(who[0])
                cookies = client.cookies.output()
            if answer.status_code not in ANSWERS_TO_FORMS:
                faults.append((one.address, f"has a form to {form.method} {action} that answers {answer.status_code}"))
    assert not faults, once(faults)


def drawn_faults(page, addresses, **how):
    """What is wrong with pages as they are drawn; the same fault of a part that many pages share is named once."""
    faults = []
    for address in addresses:
        page.goto(address)
        faults.extend((address, fault) for fault in inspect(page, **how))
    return once(faults)


def one_of_each(*key):
    """The first page of each kind that a walk came to."""
    first = {}
    for one in pages_of(*key):
        first.setdefault(one.kind, one.address)
    return [address for kind, address in first.items() if not kind.endswith("?") and kind not in WALLS]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("name", ["anonymous", "verified"])
def test_every_kind_of_page_is_for_everybody(visit, listener, name, size):
    listener.allowed.add(403)
    addresses = one_of_each(name, "/", "ko")
    if name != "anonymous":
        # What looks the same to everybody was seen as a visitor already.
        addresses = sorted(set(addresses) - set(one_of_each("anonymous", "/", "ko")))
    faults = drawn_faults(visit(somebody(name)), addresses, size=size)
    assert not faults, faults


def test_every_kind_of_page_in_english_on_a_small_phone(visit, listener):
    """English words are longer: at 320 pixels, which is 1280 at 400 %, nothing scrolls sideways either."""
    listener.allowed.add(403)
    faults = drawn_faults(visit(somebody("verified")), one_of_each("verified", "/en/", "en"), size=(320, 640))
    assert not faults, faults


@pytest.mark.parametrize("name", ["dong_official", "operator"])
def test_every_kind_of_page_of_the_desk_is_for_everybody(visit, name):
    """Its lists are dense; on a phone they must not scroll sideways."""
    addresses = [address for address in one_of_each(name, "/admin/", "ko") if address.startswith("/admin/")]
    if name != "dong_official":
        addresses = sorted(set(addresses) - set(one_of_each("dong_official", "/admin/", "ko")))
    page = visit(somebody(name), DESKTOP)
    faults = []
    for address in addresses:
        page.goto(address)
        said = inspect(page, for_fingers=False, size=DESKTOP)
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        said += [f"{PHONE[0]}px: {fault}" for fault in look(page, "sideways")]
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        faults.extend((address, fault) for fault in said)
    assert not faults, once(faults)


def test_text_twice_as_large_loses_nothing(visit, listener):
    """A browser set to letters of 32 px: on a phone nothing reaches over the edge, and what is fixed leaves room."""
    listener.allowed.add(403)
    page = visit(somebody("verified"), PHONE)
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    faults = []
    for address in one_of_each("verified", "/", "ko"):
        page.goto(address)
        faults.extend((address, fault) for fault in look(page, *LAYOUT))
    assert not faults, once(faults)


def test_style_sheets_load_what_is_there():
    for path in sorted((settings.BASE_DIR / "static").rglob("*.css")):
        for link in re.findall(r"url\(\s*[\"']?([^)\"']+)", path.read_text(encoding="utf-8")):
            assert link.startswith("data:") or (path.parent / urlsplit(link).path).resolve().exists(), (path.name, link)
