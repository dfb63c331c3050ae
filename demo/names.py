"""Invented names for the residents of the demo town, after the fashion of the decade they were born in."""

import random
from datetime import date

# Family names by how common they are, in thousandths.
FAMILY_NAMES = {
    "김": 215, "이": 147, "박": 84, "최": 47, "정": 43, "강": 24, "조": 21, "윤": 21, "장": 20, "임": 17, "한": 15,
    "오": 15, "서": 15, "신": 15, "권": 14, "황": 14, "안": 14, "송": 14, "류": 13, "전": 11, "홍": 11, "고": 10,
    "문": 9, "양": 9, "손": 9, "배": 8, "백": 7, "허": 7, "남": 5, "심": 5, "노": 5, "나": 4, "기": 3, "범": 2,
}  # fmt: skip
# Year from which names were in fashion → given names of women and of men.
GIVEN_NAMES = {
    1900: (
        ("순자 영자 정순 옥순 금례 복순 점례 말순 "
        "춘자 귀례 영순 명자 정자 복례 양순 덕순"),
        ("영수 종수 판수 병호 만식 영길 재수 갑수 "
        "춘식 병철 상길 동식 영철 정수 기석 종식"),
    ),
    1955: (
        ("영숙 미숙 정희 경숙 명숙 은숙 현숙 미경 "
        "영희 순희 경희 정숙 선희 인숙 혜숙 성희"),
        ("성호 영호 정호 상철 종철 성수 광수 영식 "
        "경수 재호 동수 용수 진호 기철 철수 병수"),
    ),
    1970: (
        ("은정 미영 지영 현정 은경 수진 은주 지현 "
        "선영 미정 혜진 윤정 정아 소영 경아 진희"),
        ("정훈 상훈 성훈 지훈 동현 상현 성민 영진 "
        "재훈 승현 진우 종현 광현 태훈 병준 민호"),
    ),
    1985: (
        ("지은 유진 혜원 민지 수민 예진 은지 다혜 "
        "슬기 보람 아름 유리 하나 지혜 수빈 은비"),
        ("민수 준호 현우 동욱 준영 성현 재원 승우 "
        "태현 경민 우진 도현 상우 진혁 종원 한솔"),
    ),
    1997: (
        ("서연 민서 지우 서현 하은 예은 수아 채원 "
        "지민 다은 윤서 소율 나윤 유나 가은 시은"),
        ("민준 서준 도윤 예준 시우 주원 지호 준서 "
        "건우 현준 지환 우빈 유찬 은우 시윤 태오"),
    ),
}  # fmt: skip


def invented_name(chance: random.Random, *, birth_date: date, female: bool) -> str:
    """A family name by how common it is, and a given name of the time."""
    family = chance.choices(list(FAMILY_NAMES), list(FAMILY_NAMES.values()))[0]
    fashion = max(year for year in GIVEN_NAMES if year <= birth_date.year)
    return family + chance.choice(GIVEN_NAMES[fashion][0 if female else 1].split())
