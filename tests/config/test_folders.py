"""MADANG_VAR_DIR names a folder in which files can be kept, or every command says in one sentence why not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.folders import folder_of_files, refuse_unwritable

ROOT = Path(__file__).resolve().parents[2]


def manage(command, cwd=ROOT, **environ):
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *command],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "MADANG_MODE": "demo", **environ},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_missing_folder_is_made_also_with_spaces_and_hangul(tmp_path):
    wanted = tmp_path / "마당 자료" / "2026년"
    assert folder_of_files(wanted) == wanted
    assert wanted.is_dir()


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").touch()
    for wanted in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ImproperlyConfigured) as refused:
            folder_of_files(wanted)
        assert str(refused.value) == f"MADANG_VAR_DIR must name a folder, but {wanted} is none."


def test_a_folder_that_cannot_be_made_says_why(tmp_path):
    wanted = tmp_path / ("가" * 200)
    with pytest.raises(ImproperlyConfigured, match=r"which is missing and cannot be made: \w"):
        folder_of_files(wanted)


def test_a_folder_without_the_right_to_write_is_refused(tmp_path, monkeypatch):
    refuse_unwritable(tmp_path)
    # A test that runs as root may write everywhere.
    monkeypatch.setattr(os, "access", lambda *_asked: False)
    with pytest.raises(ImproperlyConfigured, match="where this user may not write"):
        refuse_unwritable(tmp_path)


@pytest.mark.once
@pytest.mark.parametrize("command", [["check"], ["migrate"], ["build_document", "--list"], ["serve_demo"]])
def test_a_command_refuses_with_one_sentence_and_exit_2(tmp_path, command):
    named = tmp_path / "마당 자료"
    named.touch()
    done = manage(command, MADANG_VAR_DIR=str(named))
    sentence = f"MADANG_VAR_DIR must name a folder, but {named} is none.\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)


@pytest.mark.once
def test_the_traceback_is_there_for_who_asks(tmp_path):
    (tmp_path / "file").touch()
    assert "Traceback" in manage(["check", "--traceback"], MADANG_VAR_DIR=str(tmp_path / "file")).stderr


@pytest.mark.once
def test_an_unknown_mode_is_refused_in_the_same_way():
    done = manage(["check"], MADANG_MODE="demonstration")
    assert done.returncode == 2
    assert done.stderr == "MADANG_MODE is 'demonstration'; it must be production, demo or test.\n"


@pytest.mark.once
@pytest.mark.parametrize("named", ["", "var"])
def test_the_folder_does_not_depend_on_where_one_stands(tmp_path, named):
    done = manage(
        ["shell", "--no-imports", "-c", "from django.conf import settings; print(settings.VAR_DIR)"],
        cwd=tmp_path,
        MADANG_VAR_DIR=named,
    )
    assert done.stdout == f"{ROOT / 'var'}\n"
    assert not list(tmp_path.iterdir())
