"""Each inspection is shown a page with the fault that it is there to find: none of them can pass in silence."""

import pytest

from tests.browser.inspection import DESKTOP, FINGERS, LAYOUT, PHONE, STRUCTURE, axe_violations, inspect, look
from tests.browser.tabbing import dialogs, tab_through, tabs

pytestmark = pytest.mark.browser

STYLE = """
  * { box-sizing: border-box } body { margin: 0; font: 17px/1.5 sans-serif; color: #1e2124; background: #fff }
  a, button, input, summary { display: inline-block; min-height: 44px; min-width: 44px; color: #0b50d0 }
  :focus-visible { outline: 2px solid #256ef4; outline-offset: 2px }
  .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
"""
GOOD = """
  <header><a href="#main">마당</a><nav aria-label="주 메뉴"><a href="/a">총회</a></nav></header>
  <main id="main"><h1>투표</h1><p id="help">고르세요.</p>
    <section aria-labelledby="one"><h2 id="one">의제</h2><form aria-label="투표지">
      <label>이름 <input name="name" aria-describedby="help"></label><button>보내기</button></form></section>
    <details><summary>더 알아보기</summary><p>자세한 내용 <a href="/b">의제 원문</a></p></details>
    <table><caption>득표</caption><tbody><tr><th scope="row">쉼터</th><td>3</td></tr></tbody></table>
  </main>
  <footer>운영: 마당</footer>
"""


@pytest.fixture
def show(browser):
    """show(body, style="") → a page that says just that."""
    contexts = []

    def page_of(body, style="", size=PHONE):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.set_content(
            "<!doctype html><html lang='ko'><head><meta name='viewport' content='width=device-width, initial-scale=1'>"
            f"<title>투표</title><style>{STYLE}{style}</style></head><body>{body}</body></html>"
        )
        return page

    yield page_of
    for context in contexts:
        context.close()


def test_a_good_page_has_no_fault(show):
    page = show(GOOD)
    for size in (PHONE, DESKTOP):
        assert inspect(page, size=size) == []
    assert tab_through(page) == []


def changed(old, new):
    assert old in GOOD
    return GOOD.replace(old, new)


BAD = {
    "two h1": ("headings", changed('<h2 id="one">의제</h2>', "<h1 id='one'>의제</h1>"), "2 h1"),
    "no h1": ("headings", changed("<h1>투표</h1>", "<p>투표</p>"), "0 h1"),
    "a level left out": (
        "headings",
        changed('<h2 id="one">의제</h2>', "<h3 id='one'>의제</h3>"),
        "followed by h3",
    ),
    "an empty heading": ("headings", changed("의제</h2>", "</h2>"), "empty heading"),
    "no main": ("landmarks", changed('<main id="main">', "<div id='main'>").replace("</main>", "</div>"), "0 main"),
    "two mains": ("landmarks", changed("<footer>", "<main>둘째</main><footer>"), "2 main"),
    "no banner": ("landmarks", changed("<header>", "<div>").replace("</header>", "</div>"), "0 banner"),
    "no footer": ("landmarks", changed("<footer>운영: 마당</footer>", ""), "0 contentinfo"),
    "a nameless nav": ("landmarks", changed(' aria-label="주 메뉴"', ""), "navigation without a name"),
    "two navs of one name": (
        "landmarks",
        changed("</header>", "<nav aria-label='주 메뉴'><a href='/x'>둘</a></nav></header>"),
        "two navigation landmarks",
    ),
    "two regions of one name": (
        "landmarks",
        changed("<details>", "<section aria-labelledby='one'>또</section><details>"),
        "two region landmarks",
    ),
    "a nameless aside": (
        "landmarks",
        changed("</header>", "</header><aside>곁</aside>"),
        "complementary without a name",
    ),
    "words outside": ("landmarks", changed("<footer>", "<p>떠도는 말</p><footer>"), "outside of all landmarks"),
    "one id twice": ("ids", changed('<p id="help">', "<p id='one'>"), "“one” stands 2 times"),
    "help that is not there": ("references", changed('<p id="help">', "<p>"), "aria-describedby leads to “help”"),
    "a label for nothing": ("references", changed("<label>", "<label for='gone'>"), "for leads to “gone”"),
    "a link that says nothing": ("names", changed(">총회</a>", "><svg></svg></a>"), "says nothing"),
    "a field without a label": (
        "names",
        changed("<label>이름 ", "<p>이름 ").replace("</label>", "</p>"),
        "field",
    ),
    "a group without a name": ("names", changed("<details>", "<fieldset></fieldset><details>"), "group without a name"),
    "a table without a name": ("names", changed("<caption>득표</caption>", ""), "table without a name"),
    "a stop before its turn": ("order", changed("<button>", "<button tabindex='3'>"), "goes before its turn"),
    "a wide table": ("sideways", changed("<td>3</td>", "<td><div style='width:500px'>3</div></td>"), "reaches over"),
    "words cut off": (
        "cut",
        changed(
            "고르세요.",
            "<p style='width:60px;overflow:hidden;white-space:nowrap'>세 가지까지</p>",
        ),
        "words are cut off",
    ),
    "words cut off below": (
        "cut",
        changed("<details>", "<p style='height:10px;overflow:hidden'>세 가지까지</p><details>"),
        "words are cut off",
    ),
    "a small button": ("targets", changed("<button>", "<button style='min-height:30px;height:30px'>"), "small target"),
    "a small link": ("targets", changed('<a href="/a">', "<a href='/a' style='min-height:0'>"), "small target"),
    "a small fold": ("targets", changed("<summary>", "<summary style='min-height:0'>"), "small target"),
    "a second main action": (
        "primary",
        changed(
            "<button>보내기</button>",
            "<button class='button--primary'>하나</button>"
            "<p style='position:sticky;bottom:0'><button class='button--primary'>둘</button></p>",
        ),
        "a main action that stays in view",
    ),
}


@pytest.mark.parametrize(("check", "body", "says"), BAD.values(), ids=BAD)
def test_a_bad_page_is_found(show, check, body, says):
    page = show(body)
    found = look(page, check)
    assert any(says in fault for fault in found), found


def test_each_check_of_every_page_is_shown_a_bad_page():
    assert {check for check, _body, _says in BAD.values()} == {*STRUCTURE, *LAYOUT, *FINGERS}


def test_axe_finds_grey_on_grey(show):
    found = axe_violations(show(GOOD, "p { color: #bbb }"))
    assert any(fault.startswith("axe color-contrast") for fault in found), found


def on(selector, handler):
    """A script that listens to the keys of one element, or to it being focused."""
    return f"<script>document.querySelector('{selector}').{handler}</script>"


TRAPS = {
    "no ring": ("", ":focus-visible { outline: none }", "no ring"),
    "a thin ring": ("", ":focus-visible { outline: 1px solid #256ef4 }", "no ring"),
    "a ring that was there before": ("", "a, button, input, summary { outline: 2px solid #256ef4 }", "no ring"),
    "a pale ring": ("", ":focus-visible { outline: 2px solid #dddddd }", "hardly shows"),
    "a covered stop": ("<div style='position:fixed;inset:0;background:#fff'></div>", "", "covered"),
    "a stop that holds Tab": (
        on("input", "onkeydown = (e) => { if (e.key === 'Tab') e.preventDefault() }"),
        "",
        "never comes to",
    ),
    "a corner that sends back": (
        on("button", "onfocus = () => document.querySelector('input').focus()"),
        "",
        "never comes to",
    ),
    "a last stop that does not let go": (
        "<p><button id='last'>끝</button></p>" + on("#last", "onkeydown = (e) => e.shiftKey || e.preventDefault()"),
        "",
        "does not leave",
    ),
    "a trap backwards": (
        on("input", "onkeydown = (e) => { if (e.shiftKey) e.preventDefault() }"),
        "",
        "Shift+Tab never comes to",
    ),
    "a trap in what opens": (
        on("details a", "onkeydown = (e) => e.preventDefault()"),
        "",
        "Tab",
    ),
}


@pytest.mark.parametrize(("more", "style", "says"), TRAPS.values(), ids=TRAPS)
def test_a_keyboard_in_trouble_is_found(show, more, style, says):
    found = tab_through(show(changed("<footer>운영: 마당</footer>", f"<footer>운영: 마당{more}</footer>"), style))
    assert any(says in fault for fault in found), found


def test_a_ring_on_the_row_of_a_box_counts(show):
    page = show(GOOD, "input:focus-visible { outline: none } label:has(:focus-visible) { outline: 2px solid #256ef4 }")
    assert tab_through(page) == []


MENU = (
    "<p style='height:100px'><details><summary>메뉴</summary>"
    "<p style='position:absolute;background:#fff'><a href='/m'>안</a></p></details></p><p><a href='/after'>뒤</a></p>"
)
GOOD_MENU = (
    "<script>{ const menu = document.querySelectorAll('details')[1], opener = menu.querySelector('summary');"
    "document.addEventListener('focusin', (e) => { if (!menu.contains(e.target)) menu.open = false });"
    "document.addEventListener('keydown', (e) => {"
    "if (e.key === 'Escape' && menu.open) { menu.open = false; opener.focus() } }) }</script>"
)


def test_a_menu_that_stays_in_the_way_is_found(show):
    found = tab_through(show(changed("<footer>운영: 마당</footer>", f"<footer>운영: 마당{MENU}</footer>")))
    assert found == [
        "menu 1 stays open over the page when the keyboard has left it",
        "Escape does not close menu 1 and lead back to what opened it",
    ]


def test_a_menu_that_makes_way_has_no_fault(show):
    assert (
        tab_through(show(changed("<footer>운영: 마당</footer>", f"<footer>운영: 마당{MENU}{GOOD_MENU}</footer>"))) == []
    )


def dialog(script, inside="<button data-close>닫기</button>"):
    return (
        "<header>마당</header><main><h1>투표</h1><button type='button' data-dialog='more'>더 보기</button>"
        f"<dialog id='more' aria-label='더 보기'>{inside}</dialog></main><footer>끝</footer><script>"
        "const dialog = document.querySelector('dialog'), opener = document.querySelector('[data-dialog]');"
        f"{script}</script>"
    )


MODAL = "opener.onclick = () => dialog.showModal();"
DIALOGS = {
    "does not open": ("", "does not open"),
    "does not hold the keyboard": ("opener.onclick = () => dialog.show();", "does not open"),
    "ignores Escape": (
        f"{MODAL} dialog.onkeydown = (e) => e.key === 'Escape' && e.preventDefault();",
        "Escape does not close",
    ),
    "keeps the keyboard": (f"{MODAL} dialog.onclose = () => opener.blur();", "does not give the keyboard back"),
}


@pytest.mark.parametrize(("script", "says"), DIALOGS.values(), ids=DIALOGS)
def test_a_bad_dialog_is_found(show, script, says):
    found = dialogs(show(dialog(script)))
    assert any(says in fault for fault in found), found


def test_a_good_dialog_has_no_fault(show):
    assert dialogs(show(dialog(MODAL))) == []


def tablist(script, second="-1"):
    return (
        "<main><h1>투표</h1><div role='tablist' aria-label='의제'>"
        "<button role='tab' id='a' aria-selected='true' aria-controls='pa'>하나</button>"
        f"<button role='tab' id='b' aria-selected='false' aria-controls='pb' tabindex='{second}'>둘</button></div>"
        "<div role='tabpanel' id='pa'>첫째</div><div role='tabpanel' id='pb' hidden>둘째</div></main><script>"
        "const all = [...document.querySelectorAll('[role=tab]')];"
        "const choose = (tab, show = true) => all.forEach((one) => { const on = one === tab;"
        "one.tabIndex = on ? 0 : -1; one.setAttribute('aria-selected', on); if (on) one.focus();"
        "if (show) document.getElementById(one.getAttribute('aria-controls')).hidden = !on; });"
        "document.querySelector('[role=tablist]').onkeydown = (e) => { if (e.key !== 'ArrowRight') return;"
        f"const next = all[(all.indexOf(document.activeElement) + 1) % all.length]; {script} }};</script>"
    )


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (tablist("choose(next)", second="0"), "2 stops in a tablist"),
        (tablist("next.focus()"), "does not choose"),
        (tablist("choose(next, false)"), "does not show its panel"),
    ],
    ids=["two stops", "arrows only move", "the panel stays"],
)
def test_bad_tabs_are_found(show, body, says):
    found = tabs(show(body))
    assert any(says in fault for fault in found), found


def test_good_tabs_have_no_fault(show):
    assert tabs(show(tablist("choose(next)"))) == []
