"""A page as a screen reader has it: roles, names, descriptions and states from the browser's accessibility tree."""

from dataclasses import dataclass, field

from playwright.sync_api import Page


@dataclass
class Heard:
    """One thing of the accessibility tree; `groups` are the names of the groups around it, the nearest first."""

    role: str
    name: str
    description: str
    states: dict[str, object]
    groups: list[str] = field(default_factory=list)


def tree(page: Page) -> list[Heard]:
    """Everything that a screen reader meets on the page, in its order."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}

    def value(node, key):
        return str(node.get(key, {}).get("value", "")).strip()

    def groups(node):
        found, above = [], by_id.get(node.get("parentId"))
        while above is not None:
            if value(above, "role") in {"group", "radiogroup"} and not above.get("ignored"):
                found.append(value(above, "name"))
            above = by_id.get(above.get("parentId"))
        return found

    heard = []
    for node in nodes:
        if node.get("ignored"):
            continue
        states = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
        role = value(node, "role")
        heard.append(Heard(role, value(node, "name"), value(node, "description"), states, groups(node)))
    return heard


def heard_as(page: Page, *roles: str) -> list[Heard]:
    return [one for one in tree(page) if one.role in roles]
