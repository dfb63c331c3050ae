import pytest

from residents.states import Role
from tests.core.imports.tables import Imports
from tests.factories import MunicipalityFactory, ProvinceFactory, official


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Files of tests lie in a folder of their own."""
    storages = {**settings.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": str(tmp_path / "media")}}
    settings.STORAGES = storages


@pytest.fixture
def secretariat(db):
    return official(Role.CLUB_SECRETARIAT, region=None)


@pytest.fixture
def imports(secretariat, django_capture_on_commit_callbacks):
    return Imports(secretariat, django_capture_on_commit_callbacks)


@pytest.fixture
def seogu(db):
    """A district, as people call it."""
    province = ProvinceFactory(name="광주광역시")
    return MunicipalityFactory(parent=province, name="서구")
