"""What holds of every page as drawn, for eyes, fingers, keyboards and screen readers.

Each inspection returns sentences about what is wrong, an empty list if nothing is. test_inspection.py shows each one a
page with the fault that it is there to find.
"""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

PHONE, DESKTOP = (360, 780), (1280, 800)
LEAST = 44  # CSS pixels that a target must have in height, and a button or field in width
SCRIPT = Path(__file__).with_name("inspection.js").read_text(encoding="utf-8")
# What hangs on the page alone, and what on how wide it is drawn.
STRUCTURE = ("headings", "landmarks", "ids", "references", "names", "order")
LAYOUT = ("sideways", "cut")
FINGERS = ("targets", "primary")
# Preloading would put style sheets into the page, which the content security policy refuses.
RUN_AXE = """() => axe.run({ preload: false, resultTypes: ["violations"] }).then((said) => said.violations.flatMap(
  (rule) => rule.nodes.slice(0, 3).map((node) => `axe ${rule.id}: ${node.html.slice(0, 160)}`)
))"""


def look(page: Page, *names: str) -> list[str]:
    """What the named checks of inspection.js say about the page as it stands, once it has arrived in full."""
    page.wait_for_load_state()
    return page.evaluate(f"([names, least]) => ({SCRIPT})(names, least)", [names, LEAST])


def axe_violations(page: Page) -> list[str]:
    """What axe finds with its default rules (WCAG 2 A and AA and best practice), the script put in once for a page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN_AXE)


def sideways(page: Page) -> list[str]:
    return look(page, *LAYOUT)


def small_targets(page: Page) -> list[str]:
    return look(page, "targets")


def inspect(page: Page, *, for_fingers: bool = True, size: tuple[int, int] = PHONE) -> list[str]:
    """What is wrong with the page as it stands, drawn at `size` once more; it stays at the size it had.

    `for_fingers` False: dense pages for a mouse, whose targets may be smaller.
    """
    before = page.viewport_size
    page.set_viewport_size({"width": size[0], "height": size[1]})
    said = look(page, *STRUCTURE, *LAYOUT, *(FINGERS if for_fingers else ()))
    said += axe_violations(page)
    if before is not None:
        page.set_viewport_size(before)
    return [f"{size[0]}px: {fault}" for fault in said]
