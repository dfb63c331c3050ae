"""Models and migrations lean downwards only, as imports do: a relation named in a string escapes the linter."""

import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import SwappableTuple

ROOT = Path(settings.BASE_DIR)
# The one relation that every app may have, whatever stands below `residents`.
EXCEPTED_MODEL = settings.AUTH_USER_MODEL


def layers():
    """The house's apps from the lowest to the highest, as import-linter's contract lists them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (contract,) = [contract for contract in contracts if contract["type"] == "layers"]
    return [name for layer in reversed(contract["layers"]) for name in layer.replace(" ", "").split("|")]


def layer_of(app_config):
    """Height of an app in the house, or None for a library's app, which stands below all of it."""
    package = app_config.name.split(".")[0]
    return layers().index(package) if package in layers() else None


def own_apps():
    return [config for config in apps.get_app_configs() if layer_of(config) is not None]


def relations():
    """Every relation that a model of the house declares, as (model, field name, related model)."""
    for config in own_apps():
        for model in config.get_models(include_auto_created=True):
            for field in model._meta.get_fields(include_hidden=True):
                if field.is_relation and not field.auto_created and field.related_model is not None:
                    yield model, field.name, field.related_model


def test_the_contract_names_every_app_of_the_house():
    inside = {
        config.name.split(".")[0]
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(ROOT) and ".venv" not in Path(config.path).parts
    }
    assert inside - {"config"} <= set(layers())


def test_relations_lead_downwards():
    upward = [
        f"{model._meta.label}.{name} → {related._meta.label}"
        for model, name, related in relations()
        if related._meta.label != EXCEPTED_MODEL
        and (layer_of(related._meta.app_config) or -1) > layer_of(model._meta.app_config)
    ]
    assert not upward


def test_relations_are_walked_at_all():
    assert ("assemblies.Assembly", "dong", "residents.Region") in {
        (model._meta.label, name, related._meta.label) for model, name, related in relations()
    }


def test_migrations_lean_downwards():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    by_label = {config.label: layer_of(config) for config in own_apps()}
    upward = [
        f"{label}.{name} → {needed}"
        for (label, name), migration in loader.disk_migrations.items()
        if label in by_label
        for needed in migration.dependencies
        if not isinstance(needed, SwappableTuple) and by_label.get(needed[0], -1) > by_label[label]
    ]
    assert not upward


@pytest.mark.parametrize("name", ["utils.py", "common.py", "helpers.py"])
def test_no_drawer_for_everything(name):
    packages = {config.path for config in own_apps()}
    assert not [path for package in packages for path in Path(package).rglob(name)]
