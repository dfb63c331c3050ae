"""The facts of the demo town, held against the figures printed in their sources. No Django, no database."""

import csv
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "demo" / "data"

Row = dict[str, str]

MUNICIPAL_KINDS = {"시", "군", "자치구"}
SEO_GU_DONGS = [
    "양동",
    "양3동",
    "농성1동",
    "농성2동",
    "광천동",
    "유덕동",
    "치평동",
    "상무1동",
    "상무2동",
    "화정1동",
    "화정2동",
    "화정3동",
    "화정4동",
    "서창동",
    "금호1동",
    "금호2동",
    "풍암동",
    "동천동",
]
BY_ELECTED = {"박원순", "최문순", "조충훈", "김종훈"}


def rows_of(name: str) -> list[Row]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def in_force(row: Row, on: date) -> bool:
    """Half-open, as everywhere: valid_from ≤ on < valid_until; an empty bound is open."""
    since, until = day(row["valid_from"]), day(row["valid_until"])
    return (since is None or since <= on) and (until is None or on < until)


@pytest.fixture(scope="module")
def regions() -> dict[str, Row]:
    return {row["code"]: row for row in rows_of("regions.csv")}


@pytest.fixture(scope="module")
def offices() -> list[Row]:
    return rows_of("office_terms.csv")


@pytest.fixture(scope="module")
def taxes() -> list[Row]:
    return rows_of("seoul_resident_tax_2016.csv")


def test_every_file_is_plain_utf8_with_unix_line_ends() -> None:
    for path in sorted(DATA.iterdir()):
        content = path.read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf"), path.name
        assert b"\r" not in content, path.name
        assert content.decode("utf-8").endswith("\n"), path.name


def test_no_file_carries_an_address_or_a_number_to_call() -> None:
    for path in sorted(DATA.glob("*.csv")):
        assert "@" not in path.read_text(encoding="utf-8"), path.name


# Regions


def test_region_codes_are_unique_and_of_ten_digits(regions: dict[str, Row]) -> None:
    assert len(regions) == len(rows_of("regions.csv"))
    assert all(len(code) == 10 and code.isdecimal() for code in regions)


def test_every_parent_is_one_level_up_and_stands_before_its_children(regions: dict[str, Row]) -> None:
    above = {"province": None, "municipality": "province", "dong": "municipality"}
    seen: set[str] = set()
    for code, row in regions.items():
        parent = row["parent_code"]
        assert (regions[parent]["level"] if parent else None) == above[row["level"]], code
        assert not parent or parent in seen, code
        seen.add(code)


def test_a_region_that_ended_is_followed_by_its_successor_on_the_same_day(regions: dict[str, Row]) -> None:
    ended = [row for row in regions.values() if row["valid_until"]]
    assert ended
    for row in ended:
        successor = regions[row["successor_code"]]
        assert successor["valid_from"] == row["valid_until"], row["code"]
        assert successor["level"] == row["level"], row["code"]
    assert all(not row["successor_code"] for row in regions.values() if not row["valid_until"])


def test_a_region_is_in_force_no_longer_than_its_parent(regions: dict[str, Row]) -> None:
    for code, row in regions.items():
        if row["parent_code"]:
            parent = regions[row["parent_code"]]
            assert (day(row["valid_until"]) or date.max) <= (day(parent["valid_until"]) or date.max), code


@pytest.mark.parametrize(
    ("on", "number", "present", "absent"),
    [
        (date(2014, 1, 10), 17, {"강원도", "전라북도", "광주광역시"}, {"강원특별자치도", "전북특별자치도"}),
        (date(2023, 6, 10), 17, {"강원도"}, {"강원특별자치도"}),
        (date(2023, 6, 11), 17, {"강원특별자치도", "전라북도"}, {"강원도"}),
        (date(2024, 1, 18), 17, {"전북특별자치도", "광주광역시"}, {"전라북도"}),
    ],
)
def test_provinces_by_day(regions: dict[str, Row], on: date, number: int, present: set[str], absent: set[str]) -> None:
    names = [row["name"] for row in regions.values() if row["level"] == "province" and in_force(row, on)]
    assert len(names) == number
    assert present <= set(names)
    assert not absent & set(names)


@pytest.mark.parametrize("district", ["2914000000"])
def test_seo_gu_has_its_18_dongs_and_their_demo_population(regions: dict[str, Row], district: str) -> None:
    dongs = [row for row in regions.values() if row["parent_code"] == district]
    assert [row["name"] for row in dongs] == SEO_GU_DONGS
    assert {row["kind"] for row in dongs} == {"행정동"}
    assert {row["population_source"] for row in dongs} == {"demo"}
    assert sum(int(row["population"]) for row in dongs) == int(regions[district]["population"])


def test_seo_gu_has_18_legal_dongs_and_each_dong_holds_some(regions: dict[str, Row]) -> None:
    dongs = [row for row in regions.values() if row["parent_code"] == "2914000000"]
    held = [name for row in dongs for name in row["legal_dongs"].split(";")]
    assert all(held)
    assert len(set(held)) == 18
    assert not any(row["legal_dongs"] for row in regions.values() if row["level"] != "dong")


def test_seoul_has_25_districts(regions: dict[str, Row]) -> None:
    districts = [row for row in regions.values() if row["parent_code"] == "1100000000"]
    assert len(districts) == 25
    assert {row["kind"] for row in districts} == {"자치구"}


def test_the_southern_district_of_incheon_was_renamed(regions: dict[str, Row]) -> None:
    old = regions["2817000000"]
    assert (old["name"], old["valid_until"]) == ("남구", "2018-07-01")
    assert regions[old["successor_code"]]["name"] == "미추홀구"


def test_population_figures_say_where_they_come_from(regions: dict[str, Row]) -> None:
    for code, row in regions.items():
        given = [row["population"], row["population_date"], row["population_source"]]
        assert all(given) or not any(given), code
    assert regions["4137000000"]["population"] == "205460"
    assert regions["4137000000"]["population_source"] == "source-doc"


# Resident tax of Seoul's districts


def test_a_dongs_share_is_what_was_collected_divided_and_rounded_down(taxes: list[Row]) -> None:
    computed = [int(row["collected"]) // int(row["dongs"]) for row in taxes]
    assert computed == [int(row["share_per_dong"]) for row in taxes]


def test_resident_tax_names_all_25_districts_once(taxes: list[Row], regions: dict[str, Row]) -> None:
    assert len({row["district_code"] for row in taxes}) == 25
    assert [int(row["position"]) for row in taxes] == list(range(1, 26))
    for row in taxes:
        assert regions[row["district_code"]]["name"] == row["district"]
        assert regions[row["district_code"]]["parent_code"] == "1100000000"


def test_resident_tax_has_424_dongs(taxes: list[Row]) -> None:
    assert sum(int(row["dongs"]) for row in taxes) == 424


def test_sums_of_the_rows_and_printed_totals_of_resident_tax_differ(taxes: list[Row]) -> None:
    printed = {row["item"]: row for row in rows_of("seoul_resident_tax_2016_printed.csv")}["individual"]
    assert [sum(int(row[column]) for row in taxes) for column in ("levied", "collected")] == [18_836, 15_776]
    assert [int(printed[column]) for column in ("levied", "collected")] == [18_847, 15_789]
    assert round(1000 * int(printed["collected"]) / int(printed["levied"])) == 838


# Heads of local governments in the club's list


def test_the_list_has_56_regular_members_and_one_honorary(offices: list[Row]) -> None:
    assert [int(row["printed_position"]) for row in offices] == list(range(1, 58))
    kinds = [row["member_kind"] for row in offices]
    assert kinds == ["regular"] * 56 + ["honorary"]


def test_regular_members_head_54_municipalities_seoul_and_gangwon(offices: list[Row], regions: dict[str, Row]) -> None:
    regular = [regions[row["region_code"]] for row in offices if row["member_kind"] == "regular"]
    assert len({row["code"] for row in regular}) == 56
    assert {row["name"] for row in regular if row["level"] == "province"} == {"서울특별시", "강원도"}
    assert {row["kind"] for row in regular if row["level"] == "municipality"} == MUNICIPAL_KINDS
    assert sum(row["level"] == "municipality" for row in regular) == 54


def test_one_pair_of_the_printed_list_is_out_of_order(offices: list[Row]) -> None:
    names = [row["name"] for row in offices]
    assert [pair for pair in pairwise(names) if pair[0] > pair[1]] == [("홍미영", "허태정")]


def test_terms_lie_in_the_fifth_elected_term_and_hold_on_the_day_of_the_forum(
    offices: list[Row], regions: dict[str, Row]
) -> None:
    for row in offices[:-1]:
        assert row["term"] == "민선5기"
        assert row["valid_until"] == "2014-07-01"
        assert in_force(row, date(2014, 1, 10))
        assert in_force(regions[row["region_code"]], date(2014, 1, 10))
        by_election = row["elected_by"] == "by_election"
        assert by_election == (row["valid_from"] != "2010-07-01") == (row["name"] in BY_ELECTED)
        assert row["elected_on"] < row["valid_from"]


def test_the_honorary_member_has_no_term_in_the_source(offices: list[Row], regions: dict[str, Row]) -> None:
    honorary = offices[-1]
    assert not any(honorary[column] for column in ("term", "elected_by", "elected_on", "valid_from", "valid_until"))
    assert regions[honorary["region_code"]]["name"] == "강진군"


def test_the_office_fits_the_region(offices: list[Row], regions: dict[str, Row]) -> None:
    kinds = {
        "특별시": "mayor_metro",
        "도": "governor",
        "시": "mayor",
        "군": "county_head",
        "자치구": "district_head",
    }
    for row in offices:
        region = regions[row["region_code"]]
        assert row["office_kind"] == kinds[region["kind"]], row["name"]
        if region["level"] == "municipality":
            assert row["office"] == region["name"] + {"시": "장", "군": "수", "자치구": "청장"}[region["kind"]]


# Councils and rule sets


def test_councils_are_the_printed_roster(regions: dict[str, Row]) -> None:
    columns = ("name", "type", "established_on", "capacity", "current", "advisers", "status", "inferred")
    roster = [tuple(row[column] for column in columns) for row in rows_of("councils.csv")]
    assert roster == [
        ("금호1동", "행안부형", "2016-03-01", "30", "29", "0", "working", "false"),
        ("풍암동", "행안부형", "2016-03-01", "30", "26", "2", "working", "false"),
        ("금호2동", "광주형", "2017-03-02", "30", "28", "4", "working", "false"),
        ("치평동", "광주형", "2019-01-01", "30", "30", "0", "working", "true"),
        ("상무2동", "서구형", "", "", "", "", "converting", "false"),
        ("동천동", "서구형", "", "", "", "", "converting", "false"),
    ]
    for row in rows_of("councils.csv"):
        assert regions[row["region_code"]]["name"] == row["name"]
