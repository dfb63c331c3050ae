import pytest


@pytest.fixture(autouse=True)
def _own_media(tmp_path, settings):
    """What jobs keep lies in a folder of the test."""
    places = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path / "media")}}
    settings.STORAGES = {**settings.STORAGES, "default": places}
