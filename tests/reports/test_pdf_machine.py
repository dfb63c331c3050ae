"""A machine without Pango or without the font says which package it needs; machines that lack them are played."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reports.pdf.fonts import FONT_PACKAGE, PANGO_PACKAGES, what_is_missing

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]

BEGIN = """
import django
django.setup()
"""

# Prints the sentence of the refusal.
PRINT = """
from pathlib import Path
from core.errors import RuleViolation
from reports.content import Report
from reports.pdf import render_pdf
try:
    render_pdf(Report(title="One", sections=()), Path("never.pdf"), lambda percent, step: None)
except RuleViolation as refused:
    print(refused.status, refused.text)
"""

# Prints what `check --deploy` says about printing.
CHECK = """
from django.core.checks import run_checks
found = run_checks(tags=["madang"], include_deployment_checks=True)
print([message.msg for message in found if message.id == "madang.W001"])
"""

WITHOUT_PANGO = """
import cffi
load = cffi.FFI.dlopen
def dlopen(self, name, flags=0):
    if "pango" in str(name):
        raise OSError(f"cannot load library {name}")
    return load(self, name, flags)
cffi.FFI.dlopen = dlopen
"""


def asked(folder, code, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **os.environ,
            "MADANG_MODE": "test",
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not (folder / "never.pdf").exists()
    return done.stdout


def test_without_pango_it_names_the_packages(tmp_path):
    said = asked(tmp_path, WITHOUT_PANGO + BEGIN + PRINT + CHECK)
    assert said.startswith("503 ")
    assert said.count(PANGO_PACKAGES) == 2


def test_without_the_font_it_names_the_package(tmp_path):
    (tmp_path / "empty").mkdir()
    config = tmp_path / "fonts.conf"
    config.write_text(f"<fontconfig><dir>{tmp_path}/empty</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>")
    said = asked(tmp_path, BEGIN + PRINT + CHECK, FONTCONFIG_FILE=str(config))
    assert said.startswith("503 ")
    assert said.count(FONT_PACKAGE) == 2


@pytest.mark.skipif(bool(what_is_missing()), reason="no Pango or no font on this machine")
def test_where_everything_is_there_nothing_is_said(tmp_path):
    assert asked(tmp_path, BEGIN + CHECK) == "[]\n"
