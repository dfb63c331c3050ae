"""Where each list of the desk stands: shelves named in the words officials use, filled by the apps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from residents.models import User


class Shelf(TextChoices):
    """The shelves, in the order of the menu."""

    MEETINGS = "meetings", _("Assemblies and votes")
    CLUB = "club", _("Mokmingwan Club")
    PEOPLE = "people", _("Residents")
    BODIES = "bodies", _("Councils and rules")
    PLACES = "places", _("Roles and regions")
    PAPERS = "papers", _("Documents and tables")
    RECORDS = "records", _("Records")
    OTHER = "other", _("Other lists")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list stands and what it is for, in one sentence."""

    shelf: Shelf
    about: str | Promise


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site that officials work with, beside the lists.

    address: the name of its address. may_open: asked on every page of the desk, so it asks the database nothing beyond
    the account's roles.
    """

    address: str
    name: str | Promise
    about: str | Promise
    may_open: Callable[[User], bool]


@dataclass(frozen=True, slots=True)
class ShownList:
    """A list or a page as an official sees it in the menu; `add_url` is "" where they add nothing."""

    model: str
    name: str
    about: str
    url: str
    add_url: str


@dataclass(frozen=True, slots=True)
class ShownShelf:
    name: str
    lists: tuple[ShownList, ...]


_places: dict[str, Place] = {}
_pages: dict[str, tuple[Shelf, Page]] = {}


def put_on_shelf(shelf: Shelf, lists: Mapping[str, str | Promise]) -> None:
    """Say where lists stand: "app_label.model" → what the list is for. Called in AppConfig.ready()."""
    _places.update({model: Place(shelf, about) for model, about in lists.items()})


def put_page_on_shelf(shelf: Shelf, page: Page) -> None:
    """Say on which shelf a page of the site stands for officials. Called in AppConfig.ready()."""
    _pages[page.address] = (shelf, page)


def shelves_of(app_list: Sequence[Mapping[str, Any]], user: User | None = None) -> list[ShownShelf]:
    """Django's list of what this official may open, and the pages for them, on our shelves; empty ones are left out."""
    open_to_them = {entry["model"]._meta.label_lower: entry for app in app_list for entry in app["models"]}
    order = [*(model for model in _places if model in open_to_them), *(set(open_to_them) - set(_places))]
    filled: dict[Shelf, list[ShownList]] = {shelf: [] for shelf in Shelf}
    for model in order:
        entry = open_to_them[model]
        if not entry["admin_url"]:
            continue
        place = _places.get(model, Place(Shelf.OTHER, ""))
        filled[place.shelf].append(
            ShownList(
                model=model.partition(".")[2],
                name=str(entry["name"]),
                about=str(place.about),
                url=entry["admin_url"],
                add_url=entry["add_url"] or "",
            )
        )
    for shelf, page in _pages.values():
        if user is not None and page.may_open(user):
            filled[shelf].append(
                ShownList(
                    model=page.address.replace(":", "-"),
                    name=str(page.name),
                    about=str(page.about),
                    url=reverse(page.address),
                    add_url="",
                )
            )
    return [ShownShelf(str(shelf.label), tuple(lists)) for shelf, lists in filled.items() if lists]
