"""Documents of each style for tests: small, with every kind of block; and PDFs of others to append."""

import hashlib
import io
from datetime import date
from pathlib import Path

import pydyf
from PIL import Image

from reports.content import (
    Align,
    Attachment,
    Chart,
    Column,
    Cover,
    Facts,
    Item,
    Items,
    Paragraph,
    Picture,
    Report,
    Run,
    Section,
    Signatures,
    Style,
    Table,
    Tone,
    Unit,
)

# korean: the documents are Korean
HOSTS = ("서울 성북구", "경기 오산시", "울산 북구", "광주 광산구", "서울 서대문구", "충남 아산시", "전남 순천시")
SENTENCE = (
    "주민자치는 주민이 스스로 마을의 일을 정하고 함께 실행하는 과정이며, 지방자치단체는 그 결정을 존중하고 "
    "필요한 예산과 사람을 제때 뒷받침해야 합니다. "
)


def picture(size=(320, 180), colour="#3a6ea5") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "PNG")
    return made.getvalue()


def attendance(rows: int = 14, caption: str = "정기포럼 참석 현황") -> Table:
    """Forums with their hosts and how many came."""
    return Table(
        columns=(
            Column("차수", width=1, align=Align.CENTRE, unit=Unit.PLAIN),
            Column("개최지", width=2),
            Column("개최일", width=2, align=Align.CENTRE),
            Column("단체장(명)", width=1.5, align=Align.RIGHT),
            Column("참석자(명)", width=1.5, align=Align.RIGHT),
        ),
        rows=tuple(
            (row + 1, HOSTS[row % len(HOSTS)], date(2011 + row % 8, 1 + row % 12, 10), 15 + row % 9, 60 + 31 * row)
            for row in range(rows)
        ),
        caption=caption,
        total=("합계", "", None, sum(15 + row % 9 for row in range(rows)), sum(60 + 31 * row for row in range(rows))),
        note="※ 수행원을 포함한 수입니다.",
    )


def foreign_pdf(path: Path, pages: int = 3, size: tuple[float, float] = (720, 540), words: str = "Slide") -> Path:
    """A PDF of slides, 4:3 unless another size in points is given; each page carries `words` and its number."""
    made = pydyf.PDF()
    font = pydyf.Dictionary({"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/Helvetica"})
    made.add_object(font)
    for number in range(1, pages + 1):
        content = pydyf.Stream()
        content.set_color_rgb(0.9, 0.94, 1)
        content.rectangle(0, 0, *size)
        content.fill()
        content.set_color_rgb(0, 0, 0)
        content.begin_text()
        content.set_font_size("F1", 48)
        content.move_text_to(60, size[1] / 2)
        content.show_text_string(f"{words} {number}")
        content.end_text()
        made.add_object(content)
        made.add_page(
            pydyf.Dictionary(
                {
                    "Type": "/Page",
                    "Parent": made.pages.reference,
                    "MediaBox": pydyf.Array([0, 0, *size]),
                    "Contents": content.reference,
                    "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary({"F1": font.reference})}),
                }
            )
        )
    with path.open("wb") as file:
        made.write(file)
    return path


def attachment(
    path: Path, title: str = "발제 1. 주민참여와 소통, 거버넌스 구축사례와 향후과제", pages: int = 3
) -> Attachment:
    return Attachment(
        title=title,
        path=str(path),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        pages=pages,
        author="윤석인 희망제작소 소장",
    )


def chapter(number: int, paragraphs: int = 3) -> Section:
    return Section(
        title=f"제{number}장 주민참여의 길",
        short=f"{number}. 주민참여",
        blocks=(
            Paragraph("이 장은 주민참여가 무엇을 바꾸었는지 숫자와 이야기로 살펴봅니다.", Tone.LEAD),
            *(Paragraph(SENTENCE * 3) for _number in range(paragraphs)),
            Paragraph(
                (
                    Run("공동대표 고남석(高南錫) 청장은 "),
                    Run("주민총회", bold=True),
                    Run("에서 결정된 의제를 모두 예산에 담았습니다", note="연수구의회 회의록, 2013. 12. 3."),
                    Run(". 자세한 내용은 "),
                    Run("포럼 누리집", link="https://example.org/forum/24"),
                    Run("에 있습니다."),
                )
            ),
        ),
        parts=(
            Section(
                title="참석자와 발제",
                blocks=(
                    Items(
                        (
                            "주민참여예산제의 정착",
                            Item("동 기능 전환", below=("복지 인력 확충", "통장의 역할 강화")),
                            "사회적경제 생태계 조성",
                        )
                    ),
                    Items(("접수", "개회", "발제와 토론"), ordered=True),
                    Facts(
                        (
                            ("일시", "2014. 1. 10.(금) ~ 11.(토)"),
                            ("장소", "경기 오산시 일원"),
                            ("주제", "민선5기 지방자치 혁신, 평가와 전망"),
                        ),
                        caption="포럼 개요",
                    ),
                    attendance(caption="" if number % 2 else "연도별 참석 현황"),
                ),
            ),
        ),
    )


def paper() -> Report:
    """A paper on A4: a cover, contents, one of each block."""
    return Report(
        title="정기포럼 참석 통계",
        subtitle="2011년부터 2018년까지",
        publisher="목민관클럽 사무국",
        issued_on=date(2014, 1, 10),
        cover=Cover(above=("지역, 희망을 디자인하다",), below=("2014년 1월 10일", "목민관클럽")),
        contents=True,
        running="정기포럼 참석 통계",
        keywords=("주민자치", "통계"),
        sections=(
            chapter(1),
            Section(
                title="차수별 참석",
                blocks=(
                    Chart(attendance(8, "차수별 참석자"), value=4),
                    Picture(picture(), alt="파란 네모", caption="회의장 모습", width_mm=80),
                    Paragraph("위 표는 사무국이 적은 수입니다.", Tone.SMALL),
                ),
            ),
        ),
    )


def book(materials: tuple[Attachment, ...] = (), chapters: int = 2) -> Report:
    """A forum book: cover, imprint, contents, chapters and the materials of others."""
    return Report(
        title="민선5기 지방자치 혁신, 평가와 전망",
        subtitle="목민관클럽 제24차 정기포럼",
        publisher="희망제작소",
        style=Style.BOOKLET,
        issued_on=date(2014, 1, 10),
        cover=Cover(above=("지역, 희망을 디자인하다",), below=("2014. 1. 10.(금) ~ 11.(토)", "경기 오산시 일원")),
        contents=True,
        running="목민관클럽 제24차 정기포럼",
        imprint=(
            ("발행", "희망제작소"),
            ("발행일", "2014년 1월 10일"),
            ("주소", "서울시 종로구 평창동"),
            ("메일", "member@example.org"),
        ),
        keywords=("목민관클럽", "정기포럼"),
        sections=(
            *(chapter(number) for number in range(1, chapters + 1)),
            *((Section(title="워크숍 발제", blocks=materials),) if materials else ()),
            Section(title="목민관클럽 임원 및 조직 구성", blocks=(attendance(4, "임원"),)),
        ),
    )


def directory(people: int = 57) -> Report:
    """The two-column directory, by region, with hanja."""
    regions = [HOSTS[start : start + 2] for start in range(0, len(HOSTS), 2)]
    return Report(
        title="목민관클럽 회원 주소록",
        publisher="목민관클럽 사무국",
        style=Style.DIRECTORY,
        issued_on=date(2014, 1, 10),
        running="회원 주소록",
        sections=tuple(
            Section(
                title=region[0].split()[0],
                columns=2,
                blocks=tuple(
                    Facts(
                        (
                            ("직위", "연수구청장"),
                            ("전화", "032-000-0000"),
                            ("메일", f"member{number}@example.org"),
                            ("주소", "인천광역시 연수구 원인재로 115"),
                        ),
                        caption=f"고남석 (高南錫) {number + 1}",
                    )
                    for number in range(people // len(regions))
                ),
            )
            for region in regions
        ),
    )


def letter() -> Report:
    """A certificate on one page."""
    return Report(
        title="위 촉 장",
        publisher="오산시장",
        style=Style.LETTER,
        issued_on=date(2026, 3, 2),
        serial="제2026-0001호",
        code="K7QM-2XHD-P4RW",
        sections=(
            Section(
                title="",
                blocks=(
                    Facts((("성명", "홍길동"), ("직위", "주민자치회 위원"), ("기간", "2026. 3. 2. ~ 2028. 3. 1."))),
                    Paragraph("위 사람을 오산시 주민자치회 위원으로 위촉합니다.", Tone.CENTRED),
                    Signatures((("오산시장", "(관인)"),), place_and_day="2026년 3월 2일"),
                ),
            ),
        ),
    )
