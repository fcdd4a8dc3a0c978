"""A small observatory with its map: four communes as squares, a fifth not drawn, all with a need but one."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from atre.calc.poverty import income_distribution
from atre.warehouse.contours import CONTOURS_FILE
from atre.warehouse.secrecy.cells import membership
from atre.warehouse.sources.cases import CaseCount, keep_cases
from tests.support.map_tiles import write_tiles
from tests.support.observatory import COMMUNES, SmallObservatory, row

# West, south, east, north. The last commune of the list has no contour.
SQUARES = {
    "95001": (1.0, 49.0, 2.0, 50.0),
    "95002": (2.0, 49.0, 3.0, 50.0),
    "95003": (1.0, 48.0, 2.0, 49.0),
    "83001": (2.0, 48.0, 3.0, 49.0),
}
NAMES = {code: name for code, name, *_ in COMMUNES}
INCOMES = {
    "95001": 19_000.0,
    "95002": 24_000.0,
    "95003": None,
    "83001": 21_000.0,
    "75056": 27_000.0,
}
PEOPLE = {"95001": 1_000, "95002": 1_100, "95003": 900, "83001": 40_000, "75056": 90_000}
SPENT = {"95001": 2_000.0, "95002": 3_300.0, "95003": None}
OPENED_IN = 2026


def fill(observatory: SmallObservatory) -> None:
    observatory.receive(
        "installed_populations",
        [
            row(code, n, measure="population", unit="persons", category="municipal")
            for code, n in PEOPLE.items()
        ],
    )
    observatory.receive(
        "ore_consumption",
        [
            row(
                code,
                mwh,
                sector="residential",
                energy="electricity",
                status="secret" if mwh is None else "published",
            )
            for code, mwh in SPENT.items()
        ]
        + [row("95001", None, sector="residential", energy="gas", status="secret")],
    )
    observatory.receive("filosofi", _incomes())
    observatory.receive("installed_census", _dwellings())
    observatory.receive(
        "installed_climate",
        [
            row(
                code, days, level="department", year=None, measure="degree_days", unit="degree_days"
            )
            for code, days in (("95", 2_200.0), ("83", 1_300.0), ("75", 2_000.0))
        ],
    )


def _incomes() -> list[dict]:
    asked = {"measure": "median_income", "unit": "EUR/UC/year", "year": 2021}
    homes = {"measure": "tax_households", "unit": "households", "year": 2021}
    found = []
    for code, income in INCOMES.items():
        status = "secret" if income is None else "published"
        found.append(row(code, income, status=status, **asked))
        for decile, share in (("decile_1", 0.6), ("decile_9", 1.7)):
            value = None if income is None else income * share
            found.append(row(code, value, status=status, **asked | {"measure": decile}))
        found.append(
            row(code, None if income is None else PEOPLE[code] / 2, status=status, **homes)
        )
    return found


def _dwellings() -> list[dict]:
    asked = {"level": "iris", "year": 2021, "measure": "dwellings", "unit": "dwellings"}
    return [
        row(f"{code}0000", n * share, category=category, **asked)
        for code, n in PEOPLE.items()
        for category, share in ((None, 0.6), ("houses", 0.4), ("flats", 0.2))
    ]


def draw(observatory: SmallObservatory) -> None:
    """Contours and tiles, as `./atre prepare` leaves them."""
    edges = dict(
        zip(("west", "south", "east", "north"), zip(*SQUARES.values(), strict=True), strict=True)
    )
    table = pa.table({"code": list(SQUARES), **edges})
    pq.write_table(table, observatory.folders.reference / CONTOURS_FILE)
    write_tiles(observatory.folders.reference / "communes.pmtiles", SQUARES, NAMES)


def open_cases(observatory: SmallObservatory, agency: str, cases: dict[str, int]) -> None:
    """What one agency opened in the year, carried as its nightly task does."""
    communes = pa.table(
        {
            "code": [code for code, *_ in COMMUNES],
            "epci": [epci for *_, epci, _ in COMMUNES],
            "department": [department for _, _, department, *_ in COMMUNES],
            "region": ["11"] * len(COMMUNES),
        }
    )
    keep_cases(
        observatory.folders,
        agency=agency,
        counts=[CaseCount(code, OPENED_IN, "visites", "opened", n) for code, n in cases.items()],
        households={(code, OPENED_IN): n for code, n in cases.items()},
        perimeter=list(cases),
        places=membership(communes, "FR"),
        on=date(OPENED_IN, 11, 1),
    )


# Once for all tests: an engine keeps its questions by edition, and each is a second to write.
@pytest.fixture(scope="session")
def map_built(tmp_path_factory: pytest.TempPathFactory) -> SmallObservatory:
    observatory = SmallObservatory.at(tmp_path_factory.mktemp("map") / "data")
    fill(observatory)
    with pytest.MonkeyPatch.context() as patched:
        # Thirty communes fit a law; here four do, since what they give is not what is tested.
        patched.setattr(income_distribution, "LEAST_REFERENCE", 4)
        observatory.build()
    draw(observatory)
    return observatory


@pytest.fixture
def mapped(map_built: SmallObservatory, monkeypatch: pytest.MonkeyPatch) -> SmallObservatory:
    monkeypatch.setenv("ATRE_DATA_DIR", str(map_built.folders.data))
    return map_built
