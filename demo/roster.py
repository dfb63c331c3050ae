"""Residents' councils of Seo-gu as its report of 2019 counts them."""

from datetime import datetime

from councils.models import Council
from councils.services import Figures, establish_council, update_figures
from councils.states import BodyKind, CouncilStatus, CouncilType
from demo.facts import day, rows_of
from residents.models import Region, User

TYPES = {
    "행안부형": CouncilType.MINISTRY,
    "광주형": CouncilType.GWANGJU,
    "서구형": CouncilType.SEOGU,
    "서울형": CouncilType.SEOUL,
}
# What the data file notes in English about the print; people read it in Korean.
NOTES = {
    "": "",
    "type and date stand in the row above in the source; main work is printed once, beside 금호1동": (
        "유형과 날짜는 원문에서 윗줄과 합쳐진 칸에 있고, 주요 사업은 금호1동 옆에 한 번만 적혀 있습니다."
    ),
    "main work is printed once, beside 금호1동": "주요 사업은 원문에서 금호1동 옆에 한 번만 적혀 있습니다.",
    "printed row is shifted by one cell and has one figure; type stands in the row above; "
    "main work is printed once, beside 금호1동": (
        "원문의 줄이 한 칸 밀려 숫자가 하나뿐이므로 정원과 현원을 모두 30명으로 읽었습니다. 유형은 윗줄과 합쳐진 칸에, "
        "주요 사업은 금호1동 옆에 한 번만 적혀 있습니다."
    ),
    "chosen in the call of 2019-03-11 to 2019-04-12": "2019. 3. 11.~4. 12. 서구형 전환 공모에서 뽑혔습니다.",
}


def load_councils(regions: dict[str, Region], actor: User, at: datetime) -> None:
    """Four councils at work, and the note of the two whose conversion the call of 2019 began.

    Raises KeyError for a note that has no Korean.
    """
    for row in rows_of("councils.csv"):
        dong, kind, note = regions[row["region_code"]], TYPES[row["type"]], NOTES[row["note"]]
        if row["status"] == CouncilStatus.CONVERTING:
            begun = Council.objects.get(dong=dong, kind=BodyKind.COUNCIL)
            update_figures(council_id=begun.pk, figures=Figures(note=note), actor=actor, at=at)
            continue
        established = day(row["established_on"])
        if established is None:
            raise ValueError(f"{row['name']} is at work since no day")
        figures = Figures(
            capacity=int(row["capacity"]),
            members=int(row["current"]),
            advisers=int(row["advisers"]),
            main_work="; ".join(row["main_work"].split(";")),
            inferred=row["inferred"] == "true",
            note=note,
        )
        establish_council(dong=dong, type=kind, established_on=established, figures=figures, actor=actor, at=at)
