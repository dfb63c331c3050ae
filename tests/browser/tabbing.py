"""A page by keyboard alone: every stop is reached, seen and left again, forwards and backwards."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("tabbing.js").read_text(encoding="utf-8")
# A stop may be opened on the way (a menu, a date); a keyboard that goes round in a corner is caught all the same.
SPARE = 12
# Within a field of this kind the keyboard stops at year, month, day, hour … and at the button beside them.
FIELDS_OF_TIME = "input:is([type=date], [type=time], [type=datetime-local], [type=month])"
STOPS_WITHIN = 8
MOST_IN_MENU = 40
# So many presses at once before the page is asked what they met: each question takes as long as a press.
PRESSES_AT_ONCE = 8
IS_ELSEWHERE = "one => document.activeElement !== document.body && !one.contains(document.activeElement)"
CHOSEN_TAB = """() => {
  const tab = document.activeElement;
  const every = [...(tab.closest("[role=tablist]")?.querySelectorAll("[role=tab]") ?? [])];
  const chosen = every.filter((one) => one.getAttribute("aria-selected") === "true");
  const panels = every.map((one) => document.getElementById(one.getAttribute("aria-controls")));
  const open = panels.filter((one) => one?.checkVisibility());
  const own = document.getElementById(tab.getAttribute("aria-controls"));
  return { chosen: chosen.length === 1 && chosen[0] === tab, open: open.length === 1 && open[0] === own };
}"""


def tab_through(page: Page, *, only_seen: bool = False) -> list[str]:
    """What a person who only has a keyboard meets on the page, with everything opened that opens.

    `only_seen`: whether each stop shows, as in other colours; the way back and the menus are the same as in these.
    """
    page.evaluate(SCRIPT)
    stops = page.evaluate("madangTabbing.begin()")
    seen, held = _walk(page, "Tab", stops)
    if only_seen:
        return [*dict.fromkeys(seen), *held]
    page.evaluate("madangTabbing.again()")
    # Backwards each stop looks the same; what matters is that nothing holds the keyboard.
    _seen, held_backwards = _walk(page, "Shift+Tab", stops)
    return [*dict.fromkeys(seen), *held, *held_backwards, *_menus(page)]


def _walk(page: Page, key: str, stops: int) -> tuple[list[str], list[str]]:
    """What the stops looked like, and where the keyboard was held or never came to."""
    faults: list[str] = []
    within = STOPS_WITHIN * page.locator(FIELDS_OF_TIME).count()
    page.evaluate("madangTabbing.hear()")
    for _presses in range(-(-(stops + within + SPARE) // PRESSES_AT_ONCE)):
        for _press in range(PRESSES_AT_ONCE):
            page.keyboard.press(key)
        for stop in page.evaluate("madangTabbing.heard()"):
            faults += stop["faults"]
            if stop["all"] and stop["left"]:
                page.evaluate("madangTabbing.deaf()")
                return faults, []
    page.evaluate("madangTabbing.deaf()")
    missed = page.evaluate("madangTabbing.missed()")
    where = page.evaluate("madangTabbing.stop()").get("html", "nothing")
    if not missed:
        return faults, [f"{key} does not leave {where}"]
    return faults, [f"{key} never comes to {one}; it ended on {where}" for one in missed]


def _menus(page: Page) -> list[str]:
    """Each menu that lies over the page: opens by Enter, is gone with the keyboard and by Escape."""
    faults = []
    for number in range(page.evaluate("madangTabbing.menus()")):
        page.evaluate("number => madangTabbing.menu(number)", number)
        page.keyboard.press("Enter")
        if not page.evaluate("madangTabbing.inMenu().open"):
            faults.append(f"Enter does not open menu {number + 1}")
            continue
        stops = _within_menu(page)
        if stops[-1]["inside"]:
            faults.append(f"the keyboard does not leave menu {number + 1}")
        faults += [f"in menu {number + 1}: {fault}" for stop in stops if stop["inside"] for fault in stop["faults"]]
        if page.evaluate("madangTabbing.inMenu().open"):
            faults.append(f"menu {number + 1} stays open over the page when the keyboard has left it")
        page.evaluate("number => madangTabbing.menu(number)", number)
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        after = page.evaluate("madangTabbing.inMenu()")
        if after["open"] or not after["opener"]:
            faults.append(f"Escape does not close menu {number + 1} and lead back to what opened it")
    return faults


def _within_menu(page: Page) -> list[dict]:
    """The stops from the opener of a menu to the first one outside it, or to where too many were met."""
    stops = []
    page.evaluate("madangTabbing.hear()")
    while len(stops) < MOST_IN_MENU and (not stops or stops[-1]["inside"]):
        for _press in range(PRESSES_AT_ONCE):
            page.keyboard.press("Tab")
        for stop in page.evaluate("madangTabbing.heard()"):
            stops.append(stop)
            if not stop["inside"]:
                break
    page.evaluate("madangTabbing.deaf()")
    return stops


def dialogs(page: Page) -> list[str]:
    """Each dialog that a button opens: takes the keyboard, keeps it, closes by Escape, gives it back."""
    faults = []
    for button in page.locator("button[data-dialog]:visible").all():
        name = button.get_attribute("data-dialog")
        button.focus()
        page.keyboard.press("Enter")
        dialog = page.locator(f"dialog#{name}")
        if not dialog.evaluate("one => one.open && one.matches(':modal')"):
            faults.append(f"the dialog {name} does not open")
            continue
        if not dialog.evaluate("one => one.contains(document.activeElement)"):
            faults.append(f"the dialog {name} does not take the keyboard")
        for key in ("Tab", "Shift+Tab"):
            for _press in range(SPARE):
                page.keyboard.press(key)
                if dialog.evaluate(
                    "one => document.activeElement !== document.body && !one.contains(document.activeElement)"
                ):
                    faults.append(f"the keyboard leaves the open dialog {name} by {key}")
                    break
        page.keyboard.press("Escape")
        if dialog.evaluate("one => one.open"):
            faults.append(f"Escape does not close the dialog {name}")
        elif not button.evaluate("one => one === document.activeElement"):
            faults.append(f"the dialog {name} does not give the keyboard back")
    return faults


def tabs(page: Page) -> list[str]:
    """Each tablist: one stop, the arrows change the tab, its panel shows and no other."""
    faults = []
    for tablist in page.get_by_role("tablist").all():
        every = tablist.get_by_role("tab").all()
        stops = [tab for tab in every if tab.evaluate("one => one.tabIndex") >= 0]
        if len(stops) != 1:
            faults.append(f"{len(stops)} stops in a tablist")
            continue
        stops[0].focus()
        for _tab in every:
            page.keyboard.press("ArrowRight")
            said = page.evaluate(CHOSEN_TAB)
            if not said["chosen"]:
                faults.append("an arrow does not choose the tab beside it")
            elif not said["open"]:
                faults.append("a chosen tab does not show its panel alone")
    return list(dict.fromkeys(faults))
