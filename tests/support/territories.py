"""The whole real reference in the test database, loaded once for all the tests that ask for it."""

from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from atre.domain.territories.models import TerritoryVintage
from atre.domain.territories.selectors import current_vintage
from atre.jobs import reference


@pytest.fixture(scope="session")
def territory_file() -> Path:
    """The built reference file; building it takes a second where it is missing."""
    return reference.build_territories()


@pytest.fixture(scope="session")
def loaded_territories(
    territory_file: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Loads outside any test's transaction, so that each test finds the rows and none pays twice."""
    with django_db_blocker.unblock():
        reference.load_territories(target=territory_file)


@pytest.fixture
def territories(loaded_territories: None, territory_file: Path, db: None) -> TerritoryVintage:
    """All the communes of France in the database, whatever ran before."""
    # A test that commits ends by emptying every table: what it erased is loaded again.
    reference.load_territories(target=territory_file)
    vintage = current_vintage()
    assert vintage is not None
    return vintage
