"""build_document: any registered document into a file; bad input is one sentence, exit 2, and leaves nothing behind."""

import hashlib
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from core.audit.models import AuditEntry
from tests.reports.documents import BOOK, CARDS, registered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _documents():
    with registered(BOOK, CARDS):
        yield


def build(*arguments, **options):
    out = StringIO()
    call_command("build_document", *arguments, stdout=out, **options)
    return out.getvalue()


def refusal(*arguments):
    with pytest.raises(CommandError) as refused:
        build(*arguments)
    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_it_builds_a_document_and_says_what_it_made(tmp_path):
    target = tmp_path / "book.xlsx"
    said = build("test-book", "--param", "forum=24", "--param=day=2014-01-10", "--format", "xlsx", "--out", str(target))
    book = openpyxl.load_workbook(target)
    assert book["참석"]["B2"].value == 24
    assert hashlib.sha256(target.read_bytes()).hexdigest() in said
    assert f"{target.stat().st_size:,}" in said


def test_it_replaces_a_file_as_a_whole(tmp_path):
    target = tmp_path / "book.csv"
    target.write_text("old")
    build("test-book", "--param=forum=24", "--format=csv", f"--out={target}")
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    assert list(tmp_path.iterdir()) == [target]


def test_it_lists_documents_with_parameters_and_formats():
    said = build("--list")
    assert "test-book  시험 자료집" in said
    assert "hwpx, xlsx, csv" in said
    assert "--param forum=…  회차 (number, 필수)" in said or "forum=" in said
    assert "vcf" in said


def test_a_format_of_the_app_itself(tmp_path):
    target = tmp_path / "cards.vcf"
    build("test-cards", "--format", "vcf", "--out", str(target))
    assert target.read_bytes().count(b"BEGIN:VCARD") == 2
    assert AuditEntry.objects.get(action="reports.built_by_command").details == {
        "document": "test-cards",
        "format": "vcf",
    }


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "--list"),
        (["no-such", "--format=pdf", "--out={}/x"], "no-such"),
        (["test-book", "--format=csv", "--out={}/x"], "forum"),
        (["test-book", "--param=forum=abc", "--format=csv", "--out={}/x"], "forum"),
        (["test-book", "--param=forum=٢٤", "--format=csv", "--out={}/x"], "forum"),
        (["test-book", "--param=forum=99", "--format=csv", "--out={}/x"], "99"),
        (["test-book", "--param=forum", "--format=csv", "--out={}/x"], "key=value"),
        (["test-book", "--param=forum=24", "--param=forum=25", "--format=csv", "--out={}/x"], "forum"),
        (["test-book", "--param=forum=24", "--param=forms=1", "--format=csv", "--out={}/x"], "forms"),
        (["test-book", "--param=forum=24", "--param=day=10.1.2014", "--format=csv", "--out={}/x"], "day"),
        (["test-book", "--param=forum=24", "--param=day=20140110", "--format=csv", "--out={}/x"], "day"),
        (["test-book", "--param=forum=24", "--param=day=2014-W02-5", "--format=csv", "--out={}/x"], "day"),
        (["test-book", "--param=forum=24", "--format=pdf", "--out={}/x"], "hwpx, xlsx, csv"),
        (["test-book", "--param=forum=24", "--format=doc", "--out={}/x"], "doc"),
        (["test-book", "--param=forum=24", "--out={}/x"], "--format"),
        (["test-book", "--param=forum=24", "--format=csv"], "--out"),
        (["test-book", "--param=forum=24", "--format=csv", "--out= "], "--out"),
        (["test-book", "--param=forum=24", "--format=csv", "--out=-"], "--out"),
        (["test-book", "--param=forum=24", "--format=csv", "--out={}/" + "가" * 90], "가가가"),
        (["test-book", "--param=forum=24", "--format=csv", "--out={}/" + "x" * 256], "xxx"),
        (["test-book", "--param=forum=24", "--format=csv", "--out={}"], "{}"),
        (["test-book", "--param=forum=24", "--format=csv", "--out={}/none/x"], "none"),
        (["test-book", "--param=forum=404", "--format=csv", "--out={}/x"], "자료가 없습니다"),
        (["test-book", "--param=forum=24", "--format=csv", "--out={}/x", "--language=fr"], "fr"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_left(tmp_path, arguments, word):
    said = refusal(*(argument.format(tmp_path) for argument in arguments))
    assert word.format(tmp_path) in said
    assert not list(tmp_path.iterdir())


def test_a_name_as_long_as_the_file_system_takes(tmp_path):
    target = tmp_path / ("x" * 255)
    build("test-book", "--param=forum=24", "--format=csv", f"--out={target}")
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_is_followed_and_stays(tmp_path):
    target, link = tmp_path / "book.csv", tmp_path / "newest.csv"
    target.write_text("old")
    link.symlink_to(target)
    build("test-book", "--param=forum=24", "--format=csv", f"--out={link}")
    assert link.is_symlink()
    assert target.read_text() != "old"


def test_a_failure_in_the_middle_leaves_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / "book.csv"
    target.write_text("old")

    def fail(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reports.management.commands.build_document.write", fail)
    assert "No space left" in refusal("test-book", "--param=forum=24", "--format=csv", f"--out={target}")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_shell_sees_exit_code_2(tmp_path):
    ran = subprocess.run(
        [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "build_document", "no-such", "--format", "pdf"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "MADANG_MODE": "test"},
    )
    assert ran.returncode == 2
    assert len(ran.stderr.strip().splitlines()) == 1
    assert "no-such" in ran.stderr
