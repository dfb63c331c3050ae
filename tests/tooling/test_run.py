"""What `./run` does with its arguments and with machines that lack something."""

import ast
import os
import socket
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import LONGEST, chromium, put_longest_first
from tests.tooling.conftest import ROOT, Checkout

VERSION = f"python3.{sys.version_info.minor}"


def printed(output: str) -> list[str | None]:
    """The list that a stand-in printed, in the last line."""
    value = ast.literal_eval(output.splitlines()[-1])
    assert isinstance(value, list)
    return value


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["serve"], "There is no command 'serve'. ./run help lists the commands."),
        (["demo", "--prot", "1"], "The command demo does not know '--prot'. It knows --port N and --reset."),
        (["demo", "extra"], "The command demo does not know 'extra'. It knows --port N and --reset."),
        (["demo", "--port"], "The option --port needs a number, like: ./run demo --port 8001"),
        (["demo", "--port", "abc"], "'abc' is not a port. Give a number from 1 to 65535."),
        (["demo", "--port", "-1"], "'-1' is not a port. Give a number from 1 to 65535."),
        (["demo", "--port", "0"], "'0' is not a port. Give a number from 1 to 65535."),
        (["demo", "--port="], "'' is not a port. Give a number from 1 to 65535."),
        (["demo", "--port=65536"], "'65536' is not a port. Give a number from 1 to 65535."),
        (["check", "--fix"], "The command check takes no arguments, but got '--fix'."),
        (["bench"], "Say which benchmark to run: pages"),
        (["bench", "page"], "There is no benchmark 'page'. There are: pages"),
        (["bench", "../manage"], "There is no benchmark '../manage'. There are: pages"),
    ],
)
def test_wrong_call_gets_one_sentence_and_exit_2(checkout: Checkout, arguments: list[str], sentence: str) -> None:
    done = checkout.run(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence + "\n")


def test_no_command_shows_the_usage_as_an_error(checkout: Checkout) -> None:
    done = checkout.run()
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: ./run COMMAND")


@pytest.mark.parametrize("arguments", [["help"], ["--help"], ["-h"], ["demo", "--help"]])
def test_help_needs_no_python(checkout: Checkout, arguments: list[str]) -> None:
    done = checkout.run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert "demo [--port N] [--reset]" in done.stdout


def test_machine_without_python(checkout: Checkout) -> None:
    done = checkout.run("manage", "check")
    assert done.returncode == 1
    assert done.stderr.startswith("Madang needs Python 3.11 or later, but no python3 was found.")


def test_machine_with_an_older_python_only(checkout: Checkout) -> None:
    checkout.program("python3", 'case "$*" in *version_info*) exit 1 ;; *platform*) echo 3.9.2 ;; esac\n')
    done = checkout.run("manage", "check")
    assert done.returncode == 1
    assert done.stderr.startswith("Madang needs Python 3.11 or later, but python3 is version 3.9.2.")


def test_python_without_the_venv_module_names_the_package(checkout: Checkout, python: str) -> None:
    checkout.program("python3", f'case "$*" in *ensurepip*|*virtualenv*|*pip*) exit 1 ;; esac\nexec "{python}" "$@"\n')
    done = checkout.run("manage", "check")
    assert done.returncode == 1
    assert f"sudo apt-get install {VERSION}-venv" in done.stderr
    assert not (checkout.folder / ".venv").exists()


def test_uv_is_used_where_it_is_installed(checkout: Checkout, python: str) -> None:
    checkout.program("python3", f'exec "{python}" "$@"\n')
    checkout.program(
        "uv",
        f"""
        echo "$1 $2" >&2
        [ "$1" != venv ] || exec "{python}" -m venv --without-pip "$5"
        case " $* " in *" --require-hashes "*) ;; *) exit 1 ;; esac
        """,
    )
    done = checkout.run("manage", "check")
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if line in {"venv --quiet", "pip install"}] == [
        "venv --quiet",
        "pip install",
    ]


def test_failed_installation_says_so_and_is_tried_again(checkout: Checkout, python: str) -> None:
    checkout.program("python3", f'exec "{python}" "$@"\n')
    checkout.program("uv", f'[ "$1" != venv ] || exec "{python}" -m venv --without-pip "$5"\nexit 1\n')
    for _ in range(2):
        done = checkout.run("manage", "check")
        assert done.returncode == 1
        assert "Installing requirements/base.txt failed; the lines above say why." in done.stderr


def test_changed_requirements_are_installed(prepared: Checkout) -> None:
    prepared.write("requirements/base.txt", "base==2\n")
    prepared.program("uv", 'echo "uv $1" >&2\n')
    assert "uv pip\n" in prepared.run("manage", "check").stderr
    assert prepared.run("manage", "check").stderr == ""


def test_environment_of_a_moved_project_is_made_anew(prepared: Checkout, python: str) -> None:
    (prepared.folder / ".venv/made-in").write_text("/somewhere/else\n", encoding="utf-8")
    prepared.program("python3", f'exec "{python}" "$@"\n')
    prepared.program("uv", f'[ "$1" != venv ] || exec "{python}" -m venv --without-pip "$5"\n')
    assert "Preparing an environment in .venv" in prepared.run("manage", "check").stderr
    assert (prepared.folder / ".venv/made-in").read_text(encoding="utf-8") == f"{prepared.folder}\n"


def test_manage_passes_arguments_and_exit_code(prepared: Checkout, tmp_path: Path) -> None:
    done = prepared.run("manage", "shell", "-c", "a  b", "", "*", cwd=tmp_path, STAND_IN_EXIT="7")
    assert done.returncode == 7
    assert printed(done.stdout) == ["demo", str(tmp_path), "shell", "-c", "a  b", "", "*"]


def test_manage_keeps_the_mode_that_is_set(prepared: Checkout) -> None:
    assert printed(prepared.run("manage", MADANG_MODE="production").stdout)[0] == "production"


def test_demo_starts_the_site(prepared: Checkout) -> None:
    done = prepared.run("demo", "--port", "48213", MADANG_MODE="production")
    assert printed(done.stdout) == ["demo", str(prepared.folder), "serve_demo", "--port", "48213"]


def test_demo_reset_deletes_its_own_data_only(prepared: Checkout) -> None:
    for name in ("demo.sqlite3", "demo.sqlite3-wal", "demo.sqlite3-shm", "media/a/b.pdf", "kept.txt"):
        prepared.write(f"var/{name}", "")
    done = prepared.run("demo", "--port=48213", "--reset")
    assert printed(done.stdout)[-1] == "--reset"
    assert [path.name for path in (prepared.folder / "var").iterdir()] == ["kept.txt"]


def test_demo_reset_spares_the_database_of_a_running_demo(prepared: Checkout) -> None:
    prepared.write("var/demo.sqlite3", "")
    prepared.write("var/serving-8000.pid", f"{os.getpid()}\n")
    done = prepared.run("demo", "--port", "48213", "--reset")
    assert done.returncode == 1
    assert "Stop it first" in done.stderr
    assert (prepared.folder / "var/demo.sqlite3").exists()


def test_demo_reset_refuses_a_database_of_somebody_else(prepared: Checkout) -> None:
    prepared.write("var/demo.sqlite3", "")
    done = prepared.run("demo", "--reset", DATABASE_URL="postgres://localhost/town")
    assert done.returncode == 2
    assert "The option --reset deletes only the demo database" in done.stderr
    assert (prepared.folder / "var/demo.sqlite3").exists()


def test_demo_says_that_the_port_is_in_use_before_it_deletes_anything(prepared: Checkout) -> None:
    prepared.write("var/demo.sqlite3", "")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = prepared.run("demo", "--port", str(port), "--reset")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is in use by another program.")
    assert (prepared.folder / "var/demo.sqlite3").exists()


def test_tests_run_on_every_core(prepared: Checkout) -> None:
    done = prepared.run("test", "-k", "two words")
    spread = ["-n", str(os.cpu_count()), "--dist", "loadfile", "--no-loadscope-reorder"]
    assert printed(done.stdout) == ["pytest.py", *spread, "-k", "two words"]
    assert printed(done.stderr) == ["test", str(prepared.folder), "compile_messages"]


def test_files_that_take_long_are_begun_first_and_stay_whole() -> None:
    folder = ROOT / "tests"
    short = [folder / "core/test_few.py"] + [folder / "core/test_many.py"] * 2
    drawn = [folder / "browser/test_header.py"]
    long = [folder / name for name in reversed(LONGEST)]
    items = [SimpleNamespace(path=path, turn=turn) for turn, path in enumerate([*short, *drawn, *long, *short])]
    put_longest_first(items)
    paths = [item.path for item in items]
    assert paths == [*long[::-1], *drawn, *[short[1]] * 4, *[short[0]] * 2]
    turns = [item.turn for item in items if item.path == short[1]]
    assert turns == sorted(turns)
    assert all(path.is_file() for path in long)


@pytest.mark.parametrize("browser", ["chromium-headless-shell", "chromium", "chromium-browser"])
def test_any_chromium_will_do_for_the_tests_in_a_browser(prepared: Checkout, browser: str) -> None:
    prepared.program(browser, "exit 1\n")
    assert "Tests in a browser" not in prepared.run("test").stderr


def test_a_machine_without_chromium_is_told_which_package_to_install(prepared: Checkout) -> None:
    prepared.program("dpkg-query", "exit 1\n")
    said = prepared.run("test").stderr
    assert "Tests in a browser: off" in said
    assert "sudo apt-get install chromium-headless-shell\n" in said
    assert "Tests in a browser" not in prepared.run("test", CHROMIUM="/opt/chromium").stderr


@pytest.mark.parametrize(
    ("there", "taken"),
    [
        (["chromium", "chromium-headless-shell"], "chromium-headless-shell"),
        (["chromium"], "chromium"),
        (["chromium-browser"], "chromium-browser"),
        ([], None),
    ],
)
def test_the_browser_without_windows_is_taken_first(checkout: Checkout, monkeypatch, there, taken) -> None:
    for browser in there:
        checkout.program(browser, "exit 1\n")
    monkeypatch.setenv("PATH", str(checkout.bin))
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert chromium() == (taken and str(checkout.bin / taken))
    monkeypatch.setenv("CHROMIUM", "/opt/chromium")
    assert chromium() == "/opt/chromium"


@pytest.mark.parametrize("arguments", [["-n", "0"], ["-n4"], ["--pdb", "tests/core"], ["--collect-only"]])
def test_tests_run_as_the_arguments_say(prepared: Checkout, arguments: list[str]) -> None:
    assert printed(prepared.run("test", *arguments).stdout) == ["pytest.py", *arguments]


def test_bench_passes_its_arguments(prepared: Checkout) -> None:
    assert printed(prepared.run("bench", "pages", "--json", "a b.json").stdout)[2:] == ["--json", "a b.json"]


def test_check_prints_a_line_per_check(prepared: Checkout) -> None:
    done = prepared.run("check")
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout
    assert lines[-1] == "All checks passed."
    assert all(line.startswith("ok    ") for line in lines[:-1])


def test_check_runs_all_checks_when_one_fails(prepared: Checkout) -> None:
    done = prepared.run("check", STAND_IN_FAILS="mypy.py")
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert "FAIL  types (mypy)" in lines
    assert lines[-1] == "ok    translations are complete"
    assert done.stderr == "At least one check failed.\n"
