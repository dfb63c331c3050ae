"""Names of files: nothing that an address, a command or an eye could take for something else."""

from dataclasses import replace

import pytest
from django.utils import timezone

from reports.building import file_name
from reports.registry import Format, Order
from tests.reports.documents import BOOK


def named(title):
    order = Order(values={}, reader=None, at=timezone.now())
    return file_name(replace(BOOK, file_name=lambda _order: title), order, Format.PDF)


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("제24차 정기포럼", "제24차 정기포럼.pdf"),
        ("../../etc/passwd", "etc passwd.pdf"),
        ('회의 "록"; filename=x\r\ny', "회의 록 filename=x y.pdf"),
        ("자료\u202efdp\u2066.exe", "자료 fdp .exe.pdf"),
        ("가\x00나\ud800다\u2028라", "가 나 다 라.pdf"),
        ("...", "test-book.pdf"),
        ("高南錫 😀", "高南錫 😀.pdf"),
    ],
)
def test_only_what_is_seen_stays_in_a_name(title, kept):
    assert named(title) == kept


def test_a_long_korean_name_is_one_that_disks_take():
    assert len(named("가" * 300).encode()) <= 255
