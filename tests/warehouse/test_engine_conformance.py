"""DuckDB, Apache Spark and Sail give the same answers, what is missing included: function by
function, then the whole build on files that have everything that goes wrong."""

import math
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from atre.warehouse import building, engine, gate
from atre.warehouse.edition import Edition
from atre.warehouse.engine import Engine
from atre.warehouse.territories import atlas
from tests.support.observatory import NOW, SmallObservatory, row
from tests.warehouse import engines
from tests.warehouse.engine_expressions import (
    EXPRESSIONS,
    ORDERED,
    PLACES,
    ROWS,
    Answer,
    operations,
)

pytestmark = engines.SPARK_LEAVES_SOCKETS
CLOSE = 1e-12


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("conformance")
    pq.write_table(ROWS, folder / "rows.parquet")
    pq.write_table(PLACES, folder / "places.parquet")
    return {"rows": folder / "rows.parquet", "places": folder / "places.parquet"}


def answer(asked: Engine, name: str, files: dict[str, Path]) -> Answer:
    rows, places = (asked.table([files[key]]) for key in ("rows", "places"))
    found: Answer = asked.rows(EXPRESSIONS[name](rows, places)).to_pylist()
    return found if name in ORDERED else sorted(found, key=sortable)


def sortable(line: dict[str, Any]) -> list[tuple[bool, str]]:
    return [(value is None, str(value)) for value in line.values()]


def same(one: Answer, other: Answer) -> bool:
    return len(one) == len(other) and all(
        left.keys() == right.keys() and all(alike(left[key], right[key]) for key in left)
        for left, right in zip(one, other, strict=True)
    )


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)
    return type(one) is type(other) and bool(one == other)


def test_the_engine_is_the_one_that_was_asked(cluster, request):
    assert cluster.name in request.node.callspec.id


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_each_function_gives_what_duckdb_gives(name, cluster, duckdb, files):
    expected, found = answer(duckdb, name, files), answer(cluster, name, files)

    assert same(expected, found), f"DuckDB : {expected}\n{cluster.name} : {found}"


def test_a_group_of_missing_values_is_missing_on_duckdb(duckdb, files):
    by_place = {line["place"]: line for line in answer(duckdb, "grouped", files)}

    assert by_place["95002"]["total"] is None
    assert (by_place["95002"]["known"], by_place["95002"]["rows"]) == (0, 2)
    assert by_place[None]["total"] == 0


def test_a_missing_key_meets_nothing_on_duckdb(duckdb, files):
    assert {line["place"] for line in answer(duckdb, "semi", files)} == {"95001"}
    assert len(answer(duckdb, "anti", files)) == 4


INCOME = {"measure": "median_income", "unit": "EUR/UC/year"}
DWELLINGS = {"measure": "dwellings", "unit": "dwellings"}
PEOPLE = {"measure": "population", "unit": "persons", "category": "municipal"}
DAYS = {"measure": "degree_days", "unit": "degree_days", "level": "department", "year": None}


def receive_everything_that_goes_wrong(observatory: SmallObservatory) -> None:
    """Merged communes, arrondissements beside their city and without it, a divided and an unknown
    commune, a file said again, secrets, estimates, zeros, missing values, years and sectors, gas in
    PCS, units of five kinds, IRIS beside their commune and alone."""
    gas = {"energy": "gas", "basis": "pcs", "sector": "residential"}
    power = {"energy": "electricity", "sector": "tertiary"}
    observatory.receive(
        "ore_consumption",
        [
            row("95001", 1.0, **gas), row("95900", 2.5, **gas), row("95901", None, **gas),
            row("95002", None, status="secret", **gas), row("95003", 0.0, **gas),
            row("95001", 3.0, status="estimated", **power), row("95002", 4.0, **power),
            row("75101", 7.0, **gas), row("75102", 8.0, **gas), row("95902", 9.0, **gas),
            row("99999", 10.0), row("83001", 1.25, unit="GWh", sector=None),
            row("83001", 2.0, unit="tep", year=None), row("95003", None),
        ],
    )  # fmt: skip
    observatory.receive("ore_consumption", [row("95001", 1.5, **gas), row("95002", 6.0, year=2024)])
    observatory.receive(
        "sdes_local_energy",
        [
            row("95001", 1.0, **power), row("95002", None, status="secret", **power),
            row("95003", None, status="secret", **power),
            row("200000001", 9.0, level="epci", status="partial", **power),
            row("95", 12.0, level="department", **power),
        ],
    )  # fmt: skip
    observatory.receive(
        "filosofi",
        [row(code, 5.0, measure="tax_households", unit="households") for code in PARIS]
        + [row("95001", 20_000, **INCOME), row("95900", 30_000, **INCOME)]
        + [row("95002", 21_000, **INCOME), row("95003", None, **INCOME)],
    )
    observatory.receive(
        "base_logement",
        [
            row(code, value, level=level, **DWELLINGS)
            for code, value, level in [
                ("950010101", 10.0, "iris"), ("950010102", None, "iris"),
                ("950020101", 4.0, "iris"), ("95002", 11.0, "commune"),
            ]
        ],
    )  # fmt: skip
    observatory.receive("installed_climate", [row("95", 2400.0, **DAYS), row("83", 1500.0, **DAYS)])
    observatory.receive(
        "installed_populations",
        [row("95001", 300.0, **PEOPLE), row("95001", 290.0, **{**PEOPLE, "year": 2020})],
    )
    observatory.receive(
        "igt", [row("83001", 5.5, measure="emissions", unit="ktCO2e", category="CO2")]
    )


PARIS = ("75056", "75101", "75102")


@pytest.fixture(scope="module")
def nasty(
    duckdb: Engine, tmp_path_factory: pytest.TempPathFactory
) -> tuple[SmallObservatory, Edition]:
    return built(duckdb, tmp_path_factory.mktemp("by-duckdb"))


def built(asked: Engine, folder: Path) -> tuple[SmallObservatory, Edition]:
    observatory = SmallObservatory.at(folder / "data")
    receive_everything_that_goes_wrong(observatory)
    return observatory, building.build(asked, observatory.folders, now=NOW)


def tables(observatory: SmallObservatory, edition: Edition) -> dict[str, Answer]:
    names = {"staged": edition.staged, **edition.marts, **edition.bounds}
    return {
        name: sorted(pq.read_table(observatory.folders.marts / file).to_pylist(), key=sortable)
        for name, file in names.items()
    }


def test_rows_that_come_in_several_pieces_are_given_whole(cluster):
    pieces = pa.concat_tables([ROWS, ROWS.slice(2)])

    found = cluster.rows(engine.in_memory(pieces)).to_pylist()

    assert same(sorted(found, key=sortable), sorted(pieces.to_pylist(), key=sortable))


def test_the_nasty_files_are_as_nasty_as_they_say(nasty):
    observatory, edition = nasty
    staged = pq.read_table(observatory.folders.marts / edition.staged)

    assert set(staged["standing"].to_pylist()) == {
        "kept", "superseded", "counted_in_city", "outside",
    }  # fmt: skip
    assert set(staged["geography"].to_pylist()) == {
        None, "current", "former", "district", "outside",
    }  # fmt: skip


def test_the_whole_build_is_the_same_row_for_row(cluster, nasty, tmp_path):
    expected, found = tables(*nasty), tables(*built(cluster, tmp_path))

    assert expected.keys() == found.keys()
    different = [name for name in expected if not same(expected[name], found[name])]
    assert not different, {name: (expected[name], found[name]) for name in different}


def test_every_function_that_we_ask_of_an_engine_is_compared(duckdb, tmp_path, files, monkeypatch):
    used: set[str] = set()
    watch(monkeypatch, used)
    observatory, _ = built(duckdb, tmp_path)
    epci = atlas(observatory.folders).territory("epci:200000001")
    gate.profile(epci, folders=observatory.folders)
    gate.profile(epci, cut=False, basis="pcs", folders=observatory.folders)
    gate.source_rows("consumption", epci, year=2023, folders=observatory.folders)
    gate.of_communes("consumption", year=2023, folders=observatory.folders)

    compared: set[str] = set()
    for expression in EXPRESSIONS.values():
        tables = (duckdb.table([files[key]]) for key in ("rows", "places"))
        compared |= operations(expression(*tables))
    # A table of the process's memory: what it gives is what the joins above are given.
    assert used - compared <= {"InMemoryTable"}


def watch(monkeypatch: pytest.MonkeyPatch, used: set[str]) -> None:
    """Notes the operations of all that is asked of an engine."""
    honest = {name: getattr(Engine, name) for name in ("rows", "write", "batches", "asked")}

    def noted(name: str) -> Any:
        def ask(self: Engine, expression: Any, *given: Any, **more: Any) -> Any:
            used.update(operations(expression))
            return honest[name](self, expression, *given, **more)

        return ask

    for name in ("rows", "write", "batches"):
        monkeypatch.setattr(Engine, name, noted(name))

    def asked(self: Engine, key: Any, given: Any, ask: Any) -> Any:
        tables = {name: engine.in_memory(rows) for name, rows in given.items()}
        used.update(operations(ask(tables)))
        return honest["asked"](self, key, given, ask)

    monkeypatch.setattr(Engine, "asked", asked)
