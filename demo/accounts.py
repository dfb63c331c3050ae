"""The named accounts of the demo town: one for each kind of user. All names are invented."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from residents.states import Role, Sex

PASSWORD = "madang-town-2026"  # noqa: S105 - printed at every start; production has no demo town
READY = "Madang is ready · 마당이 열렸습니다: {address}   (Ctrl+C: stop · 끝내기)"
CLOSING = "마당을 닫는 중입니다. · Closing Madang …"
GEUMHO = "2914082100"
SEOGU = "2914000000"
SANGMU2 = "2914075200"


class Standing(StrEnum):
    """How far a resident of the demo town is."""

    WAITING = "waiting"
    VERIFIED = "verified"
    VOTED = "voted"


@dataclass(frozen=True, slots=True)
class Official:
    """An account with a role; `region` is the code of the role's region, "" for the whole site."""

    email: str
    name: str
    role: Role
    region: str
    who_ko: str
    who_en: str
    try_ko: str
    try_en: str


@dataclass(frozen=True, slots=True)
class NamedResident:
    """A resident of 금호1동 with a password; `age` in full years on the day of loading."""

    email: str
    name: str
    age: int
    sex: Sex
    standing: Standing
    who_ko: str
    who_en: str
    try_ko: str
    try_en: str

    def birth_date(self, today: date) -> date:
        return date(today.year - self.age, 1, 1 + self.age % 28)


RESIDENTS = (
    NamedResident(
        "bom@example.org", "김봄이", 34, Sex.FEMALE, Standing.VERIFIED,
        "주민, 아직 투표하지 않음", "resident, has not voted",
        "홈에서 투표를 찾아 투표하고 확인증 보기", "find the vote from the home page, vote, see the receipt",
    ),
    NamedResident(
        "garam@example.org", "박가람", 47, Sex.MALE, Standing.VOTED,
        "주민, 이미 투표함", "resident, has voted",
        "다시 투표해 보기, 내 화면에서 확인증 보기", "try to vote again; see the receipt on “my page”",
    ),
    NamedResident(
        "saem@example.org", "이새암", 29, Sex.FEMALE, Standing.WAITING,
        "주민, 창구 확인을 기다림", "resident, waiting for the check at the desk",
        "왜 아직 투표할 수 없는지 보기", "see why voting is not possible yet",
    ),
    NamedResident(
        "eoreusin@example.org", "최단오", 82, Sex.FEMALE, Standing.VERIFIED,
        "주민, 82세, 아직 투표하지 않음", "resident aged 82, has not voted",
        "휴대전화에서 큰 글씨로 투표하기", "vote on a phone with large letters",
    ),
)  # fmt: skip
OFFICIALS = (
    Official(
        "operator@example.org", "한운영", Role.OPERATOR, "",
        "운영자", "operator",
        "업무 화면에서 계정과 역할, 감사기록 보기", "accounts, roles and the audit log at the desk",
    ),
    Official(
        "district@example.org", "정서구", Role.DISTRICT_OFFICIAL, SEOGU,
        "서구청 담당 공무원", "official of the district (Seo-gu)",
        "서구의 규칙과 주민총회, 주민 확인 보기", "rule sets, assemblies and checks of residents in the district",
    ),
    Official(
        "dong@example.org", "윤금호", Role.DONG_OFFICIAL, GEUMHO,
        "금호1동 담당 공무원", "official of the dong (Geumho 1-dong)",
        "확인 대기 주민 처리, 투표 마감하고 개표해 공표하기",
        "check waiting residents; close, count and publish the vote",
    ),
    Official(
        "council@example.org", "서자치", Role.COUNCIL_OFFICER, GEUMHO,
        "금호1동 주민자치회 임원", "officer of the residents’ council",
        "내년 주민총회의 의제 적기", "write the agenda of next year’s assembly",
    ),
    Official(
        "club@example.org", "문사무", Role.CLUB_SECRETARIAT, "",
        "목민관클럽 사무국", "secretariat of the mayors’ club",
        "가입 신청 처리, 포럼 준비, 자료집 만들기", "approve applications, plan a forum, order its book",
    ),
    Official(
        "auditor@example.org", "감나래", Role.AUDITOR, SEOGU,
        "서구 감사 담당", "auditor of the district",
        "감사기록과 접속기록 살펴보기", "look through the audit log and the access log",
    ),
)  # fmt: skip


SANGMU_OFFICIAL = Official(
    "sangmu@example.org", "고상무", Role.DONG_OFFICIAL, SANGMU2,
    "상무2동 담당 공무원", "official of the dong (Sangmu 2-dong)",
    "위원 모집을 단계마다 보기, 창구에서 신청 받기, 명부를 확정하고 추첨하기, 공 추첨 이어 가기",
    "the recruitment of the council in each stage: take in an application, freeze, draw; go on with balls",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applicant(NamedResident):
    """A resident of 상무2동 who applied for its council; `applied`: at which stage (recruitments.py)."""

    applied: str


SANGMU_APPLICANTS = (
    Applicant(
        "haru@example.org", "송하루", 31, Sex.FEMALE, Standing.VERIFIED,
        "상무2동 주민, 위원 신청자(교육 중)", "resident of Sangmu 2-dong, applied for the council, learning",
        "내 신청에서 남은 교육 시간 보기", "see on “my application” how many hours are missing",
        "learning",
    ),
    Applicant(
        "maru@example.org", "조마루", 58, Sex.MALE, Standing.VERIFIED,
        "상무2동 주민, 추첨 대상자(명부 확정)", "resident of Sangmu 2-dong, in the frozen pool",
        "1,000개 명단 중 몇 개에 들어 있는지 보고 추첨 검증하기", "see in how many of 1,000 panels; verify the draw",
        "frozen",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ActsForMember:
    """An account in the office of a member of the club; `member` is the head's name in the printed list."""

    email: str
    name: str
    member: str
    who_ko: str
    who_en: str
    try_ko: str
    try_en: str


OFFICES = (
    ActsForMember(
        "osan@example.org", "나비서", "곽상욱",
        "목민관클럽 회원(오산시) 비서실", "office of a member of the mayors’ club (Osan)",
        "회원 주소록 보기, 다음 포럼에 참가 알리기, 회비 확인하기",
        "read the directory, answer for the next forum, see the dues",
    ),
)  # fmt: skip


def _width(text: str) -> int:
    """Columns on a terminal: Hangul takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1 for sign in text)


def table_of_accounts() -> str:
    """One account of each kind with what to try, in Korean and English."""
    people = (*RESIDENTS, *SANGMU_APPLICANTS, *OFFICIALS, SANGMU_OFFICIAL, *OFFICES)
    column = max(_width(person.email) for person in people) + 2
    lines = [f"암호는 모두 {PASSWORD} 입니다. · The password of every account is {PASSWORD}", ""]
    for person in people:
        lines.append(f"  {person.email}{' ' * (column - _width(person.email))}{person.who_ko} — {person.try_ko}")
        lines.append(f"  {' ' * column}{person.who_en}: {person.try_en}")
    return "\n".join(lines)
