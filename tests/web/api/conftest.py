"""A small observatory served to programs: five communes, whose files are written out here."""

from typing import Any

import pytest
from django.test import Client

from atre.web.api import guard
from tests.support.observatory import SmallObservatory, row

AINCOURT, BOISEMONT, COURCELLES, DRAGUIGNAN = "95001", "95002", "95003", "83001"
EPCI = "epci:200000001"


def municipal(code: str, persons: int) -> dict[str, Any]:
    return row(code, persons, measure="population", unit="persons", category="municipal")


def spent(code: str, mwh: float | None, year: int = 2023, **more: Any) -> dict[str, Any]:
    return row(code, mwh, year=year, sector="residential", energy="electricity", **more)


def fill(observatory: SmallObservatory) -> None:
    """Populations; consumptions of two years with a secret, on lines that hold several figures;
    incomes; a power and a production of sun."""
    places = {AINCOURT: 1_000, BOISEMONT: 1_100, COURCELLES: 900, DRAGUIGNAN: 40_000}
    observatory.receive("installed_populations", [municipal(*one) for one in places.items()])
    wide = {"sector": "tertiary", "energy": "electricity", "line": 3}
    observatory.receive(
        "ore_consumption",
        [
            spent(AINCOURT, 2_000.0, 2022),
            spent(AINCOURT, 1_900.0) | {"line": 3},
            row(AINCOURT, 90.0, **wide),
            row(AINCOURT, 111.1, sector="residential", energy="gas", basis="pcs", line=3),
            spent(BOISEMONT, 2_500.0),
            spent(COURCELLES, None, status="secret"),
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
    observatory.receive(
        "odre_production_register",
        [row(AINCOURT, 40.0, measure="production", category="solar")],
    )


# Once for all tests: an engine keeps its questions by edition, and two folders would share them.
@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> SmallObservatory:
    observatory = SmallObservatory.at(tmp_path_factory.mktemp("api") / "data")
    fill(observatory)
    observatory.build()
    return observatory


@pytest.fixture
def served(built: SmallObservatory, monkeypatch: pytest.MonkeyPatch) -> SmallObservatory:
    monkeypatch.setenv("ATRE_DATA_DIR", str(built.folders.data))
    return built


@pytest.fixture
def nothing_built(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATRE_DATA_DIR", str(tmp_path))


@pytest.fixture(autouse=True)
def _nobody_asked_before() -> None:
    guard.asked.asked.clear()


class Program(Client):
    """A program of someone else: no session, no cookie."""

    def read(self, address: str, **asked: Any) -> Any:
        """The JSON of an address that must answer."""
        answer = self.get(f"/api/v1/{address}", asked)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def refusal(self, address: str, **asked: Any) -> tuple[int, str, str | None]:
        """Status, code and parameter of a refusal, which says something in French."""
        answer = self.get(f"/api/v1/{address}", asked)
        said = answer.json()
        assert set(said) == {"error", "message", "parameter"}
        assert said["message"]
        return answer.status_code, said["error"], said["parameter"]


@pytest.fixture
def program(served: SmallObservatory) -> Program:
    return Program()
