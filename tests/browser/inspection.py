"""What holds of every page as drawn: axe finds nothing, nothing scrolls sideways, fingers hit what they aim at."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Preloading would put style sheets into the page, which the content security policy refuses.
AXE_OPTIONS = {"preload": False, "resultTypes": ["violations"]}
PHONE, DESKTOP = (360, 780), (1280, 800)
LEAST = 44  # CSS pixels that a target must have in height, and a button or field in width

# Elements that reach over the right edge although nothing around them scrolls.
SIDEWAYS = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const all = [...document.body.querySelectorAll("*")];
  const wide = all.filter((one) => one.getBoundingClientRect().right > width + 1).slice(-3);
  return wide.map((one) => one.outerHTML.slice(0, 120)).concat(`page is ${document.documentElement.scrollWidth}px`);
}"""

# Buttons, fields and links that stand alone; a link within a sentence may be as high as its line. The label of a box
# counts as the box, and so does what a label covers with its ::after.
SMALL_TARGETS = """(least) => {
  const visible = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const clipped = (one) => one.closest(".visually-hidden, .skip-link, [inert]") !== null;
  const alone = (link) => {
    const around = link.closest("p, li, dd, td, th, dt, figcaption, summary, label, h1, h2, h3, h4, div, nav");
    const rest = (around?.textContent ?? "").replace(link.textContent, "").replace(/[\\s·•|,/›]+/g, "");
    return !["inline"].includes(getComputedStyle(link).display) || rest === "";
  };
  const box = (one) => {
    const label = one.matches("[type=checkbox], [type=radio]") && one.labels?.[0];
    const area = label ? (label.closest(".choice") ?? label) : one;
    const rect = area.getBoundingClientRect();
    return label && !area.contains(one) ? { width: rect.width, height: rect.height } : rect;
  };
  const found = [];
  for (const one of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!visible(one) || clipped(one) || (one.matches("a") && !alone(one))) continue;
    const { width, height } = box(one);
    if (height < least - 0.5 || width < (one.matches("a") ? 24 : least) - 0.5) {
      found.push(`${Math.round(width)}×${Math.round(height)} ${one.outerHTML.slice(0, 140).replace(/\\s+/g, " ")}`);
    }
  }
  return found;
}"""


def axe_violations(page: Page) -> list[str]:
    found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"][:3]]


def sideways(page: Page) -> list[str]:
    return [f"reaches over the edge: {element}" for element in page.evaluate(SIDEWAYS)]


def small_targets(page: Page) -> list[str]:
    return [f"small target: {target}" for target in page.evaluate(SMALL_TARGETS, LEAST)]


def inspect(page: Page, *, for_fingers: bool = True) -> list[str]:
    """What is wrong with the page as it stands, on a desktop's and a phone's screen; it stays at its size.

    `for_fingers` False: dense pages for a mouse, which on a phone only must not scroll sideways.
    """
    before = page.viewport_size
    said = []
    for width, height in (DESKTOP, PHONE):
        on_phone = (width, height) == PHONE
        page.set_viewport_size({"width": width, "height": height})
        wrong = sideways(page)
        if for_fingers or not on_phone:
            wrong += axe_violations(page)
        if for_fingers and on_phone:
            wrong += small_targets(page)
        said.extend(f"{width}px: {fault}" for fault in wrong)
    page.set_viewport_size(before)
    return said
