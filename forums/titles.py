"""How directories print regions and offices: 전라남도 → 전남, 오산시 → 오산시장. Pure.

Source: the printed directory of the 24th forum (January 2014): "인천 연수구청장", "경기 양평군수", "강원 강원도지사".
"""

# korean file: names of provinces and offices

AREAS = {
    "충청북도": "충북",
    "충청남도": "충남",
    "전라북도": "전북",
    "전북특별자치도": "전북",
    "전라남도": "전남",
    "경상북도": "경북",
    "경상남도": "경남",
}
ENDINGS = ("특별자치시", "특별자치도", "특별시", "광역시", "도")
LAST_SYLLABLES = {"mayor_metro": "장", "governor": "지사", "mayor": "장", "county_head": "수", "district_head": "청장"}
FORMER = "前"
REGION_ENDINGS = ("시", "도", "군", "구")


def area_of(province: str) -> str:
    """The short name of a province or metropolitan city; a name that is none comes back as it is."""
    if province in AREAS:
        return AREAS[province]
    for ending in ENDINGS:
        if province.endswith(ending) and len(province) > len(ending) + 1:
            return province.removesuffix(ending)
    return province


def title_of(region: str, office: str) -> str:
    """The office with the place it is held in, in one word: 광산구 → 광산구청장. `office` is a key of the table.

    Raises ValueError for an office that is none.
    """
    ending = LAST_SYLLABLES.get(office)
    if ending is None:
        raise ValueError(f"{office!r} is no office")
    return f"{region}{ending}"
