"""What the deployment files promise each other and the settings."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SETTINGS = (ROOT / "config/settings.py").read_text(encoding="utf-8")
VARIABLES = set(re.findall(r"(?:env(?:\.\w+)?|environ\.get)\(\s*\"([A-Z_]+)\"", SETTINGS))


def example() -> dict[str, str]:
    """The variables of .env.example, those in comments included."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return dict(re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", text, re.MULTILINE))


def test_every_setting_is_explained() -> None:
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert "SECRET_KEY" in VARIABLES
    ours = VARIABLES - {"PYTEST_XDIST_WORKER"}  # set by the test runner itself
    assert {name for name in ours if f"`{name}`" not in text} == set()


def test_example_names_only_settings_that_exist() -> None:
    assert set(example()) - VARIABLES == {"POSTGRES_PASSWORD"}


def test_example_holds_no_secret() -> None:
    secret = {"SECRET_KEY", "SECRET_KEY_FALLBACKS", "POSTGRES_PASSWORD", "EMAIL_URL"}
    assert {name: example()[name] for name in secret} == dict.fromkeys(secret, "")


def test_site_worker_and_scheduler_run_one_image_in_production_mode() -> None:
    ours = [COMPOSE["services"][name] for name in ("migrate", "web", "worker", "beat")]
    assert {service["image"] for service in ours} == {"madang:${MADANG_TAG:-latest}"}
    assert {service["environment"]["MADANG_MODE"] for service in ours} == {"production"}


def test_image_and_run_install_the_same_system_packages() -> None:
    wanted = {"libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-nanum", "fonts-droid-fallback"}
    for file in ("Dockerfile", "run", ".ci/run"):
        words = set((ROOT / file).read_text(encoding="utf-8").split())
        assert wanted <= words, file
