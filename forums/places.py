"""Which local government somebody means who writes its name. Pure: no Django."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.hangul import folded
from forums.titles import area_of

# korean file: what people call local governments

HALL = "청"  # 오산시청, 서구청
ENDINGS = ("특별자치시", "특별자치도", "특별시", "광역시", "도", "시", "군", "구")


@dataclass(frozen=True, slots=True)
class Place:
    """A region by its names; `province` is "" for provinces and metropolitan cities themselves."""

    key: int
    name: str
    province: str = ""
    name_en: str = ""


def meant_by(words: str, places: Iterable[Place]) -> list[Place]:
    """Those that are called so: by the whole name, with or without the province before it or the hall behind it.

    Where nothing is called so, those whose name without its ending is meant: 오산 is 오산시. "" means nobody.
    """
    wanted = folded(words)
    if not wanted:
        return []
    known = list(places)
    exact = [place for place in known if wanted in _names(place)]
    return exact or [place for place in known if wanted in _short_names(place)]


def _with_province(place: Place, names: Iterable[str]) -> set[str]:
    provinces = ("", place.province, area_of(place.province)) if place.province else ("",)
    return {folded(f"{province}{name}") for province in provinces for name in names}


def _names(place: Place) -> set[str]:
    names = _with_province(place, (place.name, f"{place.name}{HALL}"))
    return names | ({folded(place.name_en)} if place.name_en else set())


def _short_names(place: Place) -> set[str]:
    stem = next((place.name.removesuffix(end) for end in ENDINGS if place.name.endswith(end)), place.name)
    return _with_province(place, {name for name in (stem, area_of(place.name)) if len(name) > 1})
