"""Addresses lead to dongs the way people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.addresses import LONGEST_ADDRESS, Finding, Place, Verdict, Way, find_dongs

GWANGJU, SEO_GU = "광주광역시", "서구"


def dong(key, *legal, province=GWANGJU, municipality=SEO_GU):
    return Place(key, province, municipality, key.partition("@")[0], legal)


TOWN = [
    dong("양동", "양동"),
    dong("양3동", "양동"),
    dong("농성1동", "농성동"),
    dong("농성2동", "농성동"),
    dong("유덕동", "유촌동", "덕흥동"),
    dong("화정1동", "화정동", "내방동"),
    dong("화정2동", "화정동"),
    dong("금호1동", "금호동"),
    dong("금호2동", "금호동"),
    dong("풍암동", "풍암동"),
]
COUNTRY = [
    *TOWN,
    dong("금호1가동@성동", "금호동1가", province="서울특별시", municipality="성동구"),
    dong("중앙동@오산", "오산동", province="경기도", municipality="오산시"),
    dong("송정동@광주시", "송정동", province="경기도", municipality="광주시"),
    dong("조원1동@수원", "조원동", province="경기도", municipality="수원시"),
    dong("중앙동@전주", "전동", province="전북특별자치도", municipality="전주시"),
    dong("종로1·2·3·4가동@종로", "종로1가", "세종로", province="서울특별시", municipality="종로구"),
    dong("풍암동@부산", "풍암동", province="부산광역시", municipality="서구"),
]


def found(text, places=COUNTRY):
    return [hit.key for hit in find_dongs(text, places).hits]


@pytest.mark.parametrize(
    "text",
    [
        "금호1동",
        "금호1동 시영아파트",
        "금호 1동",
        "금호제1동",
        "금호１동 101동 1203호",
        "광주광역시 서구 금호1동 123-4",
        "광주 서구 금호1동",
        "광주시 서구 금호1동",
        "광주서구금호1동123-4",
        "전남광주통합특별시 서구 금호1동",
        "(61964) 광주광역시 서구 운천로 32, 101동 1203호 (금호1동)",
        "서구 금호1동주민센터",
    ],
)
def test_a_numbered_dong_is_exact(text):
    finding = find_dongs(text, COUNTRY)
    assert [hit.key for hit in finding.hits] == ["금호1동"]
    assert finding.is_certain


@pytest.mark.parametrize(
    "text",
    [
        "광주광역시 서구 금호동 123-4",
        "광주광역시 서구 금호동123-4번지",
        "광주 서구 운천로 32, 101동 1203호 (금호동)",
        "광주 서구 운천로32번길 5 (금호동, 시영아파트)",
        "광주 서구 운천로 32（금호동）",
        "광주 서구 금호지구 금호동",
        "광주광역시 서구\n금호동\t123",
        "우리 집은 금호동이에요",
    ],
)
def test_a_legal_dong_leads_to_every_dong_it_lies_in(text):
    finding = find_dongs(text, COUNTRY)
    assert [(hit.key, hit.way, hit.named) for hit in finding.hits] == [
        ("금호1동", Way.LEGAL, "금호동"),
        ("금호2동", Way.LEGAL, "금호동"),
    ]
    assert not finding.is_certain


def test_a_legal_dong_in_one_dong_only():
    finding = find_dongs("광주 서구 내방동 841", COUNTRY)
    assert found("광주 서구 내방동 841") == ["화정1동"]
    assert not finding.is_certain  # it says why


def test_a_name_that_both_kinds_bear_offers_both():
    """양동 is a dong, and addresses call 양3동 so too."""
    assert found("광주 서구 양동 12-3") == ["양동", "양3동"]
    assert found("양동시장") == ["양동", "양3동"]


def test_a_building_is_no_dong():
    assert find_dongs("가동 101호", COUNTRY).verdict is Verdict.NOT_AN_ADDRESS
    assert find_dongs("101동 1203호", COUNTRY).verdict is Verdict.NOT_AN_ADDRESS
    assert found("금호동 1동 203호") == ["금호1동", "금호2동"]


@pytest.mark.parametrize(
    "text", ["광주 서구 운천로 32", "운천로32번길 5", "상무대로 1000", "서구 금화로 12-1, 102동 3호"]
)
def test_a_road_alone_is_said_to_be_unknown(text):
    assert find_dongs(text, COUNTRY).verdict is Verdict.ROAD_ONLY


def test_a_road_with_its_district_offers_the_district():
    assert set(find_dongs("광주 서구 운천로 32", COUNTRY).around) == {place.key for place in TOWN}


@pytest.mark.parametrize(
    "text",
    [
        "광주 북구 금호동",
        "대구 서구 금호동",
        "부산광역시 서구 금호1동",
        "경상남도 금호동",
        "광주 서구 없는동 3",
        "용봉동 12",
    ],
)
def test_another_place_of_that_name_is_not_ours(text):
    finding = find_dongs(text, COUNTRY)
    assert (finding.verdict, finding.hits) == (Verdict.UNKNOWN_DONG, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("부산 서구 풍암동", ["풍암동@부산"]),
        ("광주 서구 풍암동", ["풍암동"]),
        ("서구 풍암동", ["풍암동", "풍암동@부산"]),
        ("경기도 광주시 송정동 12", ["송정동@광주시"]),
        ("광주시 송정동", ["송정동@광주시"]),
        ("오산 중앙동", ["중앙동@오산"]),
        ("중앙동", ["중앙동@오산", "중앙동@전주"]),
        ("경기 수원시 장안구 조원동 1", ["조원1동@수원"]),
        ("전라북도 전주시 중앙동", ["중앙동@전주"]),
        ("서울 종로구 종로1.2.3.4가동", ["종로1·2·3·4가동@종로"]),
        ("서울시 종로구 세종로 1-68", ["종로1·2·3·4가동@종로"]),
    ],
)
def test_province_and_municipality_narrow_the_choice(text, expected):
    assert found(text) == expected


def test_an_area_alone_offers_its_dongs():
    finding = find_dongs("광주 서구", COUNTRY)
    assert finding.verdict is Verdict.AREA_ONLY
    assert set(finding.around) == {place.key for place in TOWN}


@pytest.mark.parametrize("text", ["", " ", "\0", "안녕하세요", "ㄱㅎ", "Geumho 1-dong", "(((((", "12345", "<b>동</b>"])
def test_what_is_no_address_is_said_so(text):
    assert find_dongs(text, COUNTRY) == Finding(Verdict.NOT_AN_ADDRESS)


def test_an_endless_text_is_refused():
    assert find_dongs("가" * LONGEST_ADDRESS, COUNTRY).hits == ()
    with pytest.raises(ValueError, match="201 letters"):
        find_dongs("가" * (LONGEST_ADDRESS + 1), COUNTRY)


@given(st.text(max_size=LONGEST_ADDRESS))
def test_any_text_has_an_answer(text):
    finding = find_dongs(text, COUNTRY)
    assert bool(finding.hits) == (finding.verdict is Verdict.FOUND)


AREAS = ["광주", "서구", "경기도", "수원시", "장안구"]
PARTS = st.sampled_from(
    [*AREAS, "금호동", "금호1동", "양동", "운천로", "32", "101동", "제", "1동", "동", "가", "ㄱ", "(", ")"]
)


@given(st.lists(PARTS, max_size=20).map(" ".join))
def test_pieces_of_addresses_in_any_order_have_an_answer(text):
    finding = find_dongs(text, COUNTRY)
    keys = [hit.key for hit in finding.hits]
    assert len(keys) == len(set(keys))


@given(
    place=st.sampled_from(TOWN),
    province=st.sampled_from(["", "광주 ", "광주시 ", "광주광역시 "]),
    municipality=st.sampled_from(["서구 ", "서구"]),
    rest=st.from_regex(r"( [1-9][0-9]{0,3}(-[1-9][0-9]?)?)?( [1-9][0-9]{2}동 [1-9][0-9]{2,3}호)?", fullmatch=True),
)
def test_every_dong_is_found_in_its_own_address(place, province, municipality, rest):
    """By its own name, and by each legal dong that lies in it, by lot and by road."""
    area = f"{province}{municipality}"
    assert found(f"{area}{place.name}{rest}")[0] == place.key
    for legal in place.legal:
        assert place.key in found(f"{area}{legal}{rest}")
        assert place.key in found(f"{area}운천로 7,{rest} ({legal})")


@given(text=st.text(max_size=60), order=st.permutations(range(len(COUNTRY))))
def test_the_order_of_the_dongs_does_not_matter(text, order):
    shuffled = [COUNTRY[number] for number in order]
    assert set(found(text + " 금호동")) == set(found(text + " 금호동", shuffled))
