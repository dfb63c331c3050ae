"""A copy of `./run` in a folder of its own, whose name has a space, with stand-ins for what it starts."""

import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What POSIX promises.
TOOLS = [
    "sh",
    "cat",
    "chmod",
    "cmp",
    "cp",
    "dirname",
    "env",
    "find",
    "getconf",
    "grep",
    "id",
    "mkdir",
    "rm",
    "tr",
    "uname",
]
MANAGE = """
    import os, sys
    print([os.environ.get("MADANG_MODE"), os.getcwd(), *sys.argv[1:]])
    sys.exit(int(os.environ.get("STAND_IN_EXIT", "0")))
"""
TOOL = """
    import os, sys
    print([__name__ and os.path.basename(__file__), *sys.argv[1:]])
    sys.exit(os.path.basename(__file__) == os.environ.get("STAND_IN_FAILS"))
"""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout of the project as far as `./run` can tell, and a PATH with nothing but POSIX tools."""

    folder: Path
    bin: Path

    def run(self, *arguments: str, cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run `./run` with these arguments and only these variables; returns its exit code and output."""
        variables = {"PATH": str(self.bin), "MADANG_SYSTEM_PACKAGES": "no", **environ}
        return subprocess.run(
            [str(self.folder / "run"), *arguments],
            cwd=cwd or self.folder.parent,
            env=variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def write(self, path: str, text: str) -> Path:
        """Write a file of the checkout, with its folders."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
        return file

    def program(self, name: str, script: str) -> None:
        """Put a shell script on the PATH."""
        file = self.bin / name
        file.write_text("#!/bin/sh\n" + textwrap.dedent(script), encoding="utf-8")
        file.chmod(0o755)

    def prepare(self) -> None:
        """Lay an environment as an earlier start would have left it; it has no pip, so nothing can be installed."""
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(self.folder / ".venv")], check=True)
        for name in ("base", "dev"):
            shutil.copy(self.folder / f"requirements/{name}.txt", self.folder / f".venv/installed-{name}.txt")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout without an environment, on a machine without Python."""
    folder, programs = tmp_path / "마당 copy", tmp_path / "bin"
    folder.mkdir()
    programs.mkdir()
    shutil.copy(ROOT / "run", folder / "run")
    for tool in TOOLS:
        (programs / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")
    made = Checkout(folder, programs)
    for name in ("base", "dev"):
        made.write(f"requirements/{name}.txt", f"{name}==1\n")
    made.write("manage.py", MANAGE)
    made.write("bench/pages.py", MANAGE)
    for tool in ("pytest", "ruff", "mypy"):
        made.write(f"{tool}.py", TOOL)
    made.write("templates/portal/home.html", "")
    return made


@pytest.fixture
def prepared(checkout: Checkout) -> Checkout:
    """A checkout in which `./run` was started before."""
    checkout.prepare()
    for tool in ("djade", "lint-imports"):
        checkout.write(f".venv/bin/{tool}", "#!/bin/sh\n").chmod(0o755)
    return checkout


@pytest.fixture
def python() -> str:
    """The interpreter of the tests, as a path that stands outside of any environment."""
    return os.path.realpath(sys.executable)
