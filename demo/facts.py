"""Reads the facts in demo/data and loads regions and terms of office through their services."""

import csv
from datetime import date, datetime
from pathlib import Path

from residents.models import OfficeTerm, Region, User
from residents.services.places import save_office_term, save_region

DATA = Path(__file__).resolve().parent / "data"
LEVELS = ("province", "municipality", "dong")

Row = dict[str, str]


def rows_of(name: str) -> list[Row]:
    """The rows of a CSV file in demo/data, as text."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def load_regions(actor: User, at: datetime) -> dict[str, Region]:
    """Every region by its code: provinces first, then what is part of them; successors when all are there."""
    rows = sorted(rows_of("regions.csv"), key=lambda row: LEVELS.index(row["level"]))
    dongs = {row["district_code"]: int(row["dongs"]) for row in rows_of("seoul_resident_tax_2016.csv")}
    regions: dict[str, Region] = {}
    for row in rows:
        region = Region(
            code=row["code"],
            parent=regions[row["parent_code"]] if row["parent_code"] else None,
            level=row["level"],
            kind=row["kind"],
            name=row["name"],
            name_en=row["name_en"],
            valid_from=day(row["valid_from"]),
            valid_until=day(row["valid_until"]),
            legal_dongs=", ".join(row["legal_dongs"].split(";")) if row["legal_dongs"] else "",
            population=int(row["population"]) if row["population"] else None,
            population_on=day(row["population_date"]),
            population_source=row["population_source"],
            dong_count=dongs.get(row["code"]),
        )
        regions[region.code] = save_region(region=region, successors=[], actor=actor, at=at)
    for row in rows:
        if row["successor_code"]:
            successor = regions[row["successor_code"]]
            save_region(region=regions[row["code"]], successors=[successor], actor=actor, at=at)
    return regions


def load_office_terms(regions: dict[str, Region], actor: User, at: datetime) -> None:
    """The terms of the heads in the club's list; the honorary member has none there."""
    for row in rows_of("office_terms.csv"):
        since, until = day(row["valid_from"]), day(row["valid_until"])
        if since and until:
            term = OfficeTerm(
                region=regions[row["region_code"]],
                office=row["office_kind"],
                name=row["name"],
                name_hanja=row["name_hanja"],
                term=row["term"],
                since=since,
                until=until,
            )
            save_office_term(term=term, actor=actor, at=at)
