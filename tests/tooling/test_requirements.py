"""The pins: exact versions with hashes, and nothing about the place they were made in."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "requirements"
NAMES = ["base.txt", "dev.txt"]


def pins(name: str) -> dict[str, tuple[str, int]]:
    """Version and number of hashes by package."""
    found = {}
    for entry in re.split(r"\n(?=\S)", (FOLDER / name).read_text(encoding="utf-8").strip()):
        match = re.fullmatch(r"([a-z0-9-]+)==([\w.]+)(?: ; [^\\]+)? \\\n(.*)", entry, re.DOTALL)
        assert match, f"not a pin: {entry.splitlines()[0]}"
        found[match[1]] = (match[2], len(re.findall(r"--hash=sha256:[0-9a-f]{64}", match[3])))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_package_has_hashes(name: str) -> None:
    assert [package for package, (_, hashes) in pins(name).items() if not hashes] == []


@pytest.mark.parametrize("name", [*NAMES, "base.in", "dev.in"])
def test_no_address_is_recorded(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert re.findall(r".*(?:://|--index|--extra-index|--find-links|file:|@).*", text) == []


def test_dev_holds_all_of_base() -> None:
    base, dev = pins("base.txt"), pins("dev.txt")
    assert {package: dev.get(package) for package in base} == base
