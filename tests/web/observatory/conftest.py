"""A small observatory served to the pages: five communes, written out file by file."""

import pytest
from django.core.cache import cache

from tests.support.observatory import SmallObservatory, row

AINCOURT, BOISEMONT, COURCELLES, DRAGUIGNAN = "95001", "95002", "95003", "83001"
EPCI = "200000001"


def municipal(code: str, persons: int) -> dict:
    return row(code, persons, year=2023, measure="population", unit="persons", category="municipal")


def spent(code: str, mwh: float | None, year: int = 2023, **more) -> dict:
    return row(code, mwh, year=year, sector="residential", energy="electricity", **more)


def fill(observatory: SmallObservatory) -> None:
    """Populations of four communes, consumptions of three with a secret, incomes of two of three,
    an inventory of one."""
    observatory.receive(
        "installed_populations",
        [
            municipal(AINCOURT, 1_000),
            municipal(BOISEMONT, 1_100),
            municipal(COURCELLES, 900),
            municipal(DRAGUIGNAN, 40_000),
        ],
    )
    observatory.receive(
        "ore_consumption",
        [
            spent(AINCOURT, 2_000.0, 2022),
            spent(AINCOURT, 1_900.0),
            spent(BOISEMONT, 2_500.0),
            spent(COURCELLES, None, status="secret"),
            row(AINCOURT, 111.1, sector="residential", energy="gas", basis="pcs"),
        ],
    )
    income = {"measure": "median_income", "unit": "EUR/UC/year", "year": 2021}
    observatory.receive(
        "filosofi",
        [
            row(AINCOURT, 24_540.0, **income),
            row(BOISEMONT, 31_000.0, **income),
            row(COURCELLES, None, status="secret", **income),
        ],
    )
    emitted = {"measure": "emissions", "unit": "tCO2e", "year": None}
    observatory.receive(
        "igt",
        [
            row(AINCOURT, 300.0, sector="residential", **emitted),
            row(AINCOURT, 40.0, sector="waste", **emitted),
            row(AINCOURT, 12.0, category="biomass_co2_outside_total", **emitted),
        ],
    )


# Once for all tests: an engine keeps its questions by edition, and two folders would share them.
@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> SmallObservatory:
    observatory = SmallObservatory.at(tmp_path_factory.mktemp("observatory") / "data")
    fill(observatory)
    # The tables that these files feed: the others cost seconds each.
    observatory.build("population", "consumption", "emissions", "incomes")
    return observatory


@pytest.fixture
def served(built: SmallObservatory, monkeypatch: pytest.MonkeyPatch) -> SmallObservatory:
    monkeypatch.setenv("ATRE_DATA_DIR", str(built.folders.data))
    return built


@pytest.fixture
def nothing_built(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATRE_DATA_DIR", str(tmp_path))


@pytest.fixture(autouse=True)
def _nobody_came_before(db) -> None:
    cache.clear()
