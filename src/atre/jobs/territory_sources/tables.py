"""Communes, their years, former codes and populations; IRIS of the census; degree days; contours."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from atre.formats import commune_years, contour_gaps, contours, geojson_contours, iris_census
from atre.formats.commune_vintages import SPLIT
from atre.formats.decoupage import Decoupage
from atre.jobs import reference
from atre.jobs.territory_sources.provenance import Provenance, digest_of, is_current, write_table

COMMUNES = "communes-2026.parquet"
POPULATIONS = "commune-populations.parquet"
FORMERS = "formers.parquet"
YEARS = "commune-years.parquet"
IRIS = "iris-2021.parquet"
CONTOURS = "commune-contours.parquet"
DEGREE_DAYS = "degree-days.parquet"
# Contours that the agency brought (./atre contours): they win over the installed ones.
OWN_CONTOURS = "own-contours.geojson"
FACTS = commune_years.TABLES
ZONES = reference.ROOT / "src" / "atre" / "calc" / "dwelling" / "tables" / "department_zones.csv"
OVERSEAS_COLLECTIVITY = "com"


class SourceMissing(Exception):
    """A file of an installed package is not where it should be; the message is in French."""


@dataclass(frozen=True)
class Workplace:
    """Where the packages are, where the files go, and how to say what is done.

    folder: holds the reference file of territories already, and receives the rest.
    """

    folder: Path
    packages: Path
    say: Callable[[str], None]

    @property
    def territories(self) -> Path:
        return self.folder / reference.reference_file().name

    @cached_property
    def content(self) -> Decoupage:
        return reference.read_territories(self.territories)[1]

    def member(self, name: str) -> Path:
        """A data file of one of the installed packages."""
        path = self.packages / name
        if not path.is_file():
            raise SourceMissing(f"{path} manque : relancez ./atre prepare.")
        return path


def build_geography(at: Workplace) -> None:
    """Flat tables of the communes of 2026, beside the reference file that they are made from."""
    source = at.territories
    first = reference.read_provenance(source)
    if first is None:
        raise SourceMissing(f"{source} manque ou est abîmé : relancez ./atre prepare.")
    facts = [FACTS / "commune_movements.csv", FACTS / "commune_differences.csv"]
    own = Provenance(first.source, first.version, first.licence, first.vintage, digest_of(source))
    dated = Provenance(
        f"{first.source}, versions annuelles comparées",
        f"1.1.1 à {first.version}",
        first.licence,
        f"COG {commune_years.FIRST_YEAR} à {commune_years.LAST_YEAR}",
        digest_of(source, *facts),
    )
    makers: list[tuple[str, Provenance, Callable[[], pa.Table]]] = [
        (COMMUNES, own, lambda: commune_table(at.content)),
        (POPULATIONS, own, lambda: population_table(at.content)),
        (FORMERS, own, lambda: former_table(at.content)),
        (YEARS, dated, lambda: commune_years.commune_years(at.content.communes)),
    ]
    for name, wanted, make in makers:
        if not is_current(at.folder / name, wanted):
            table = make()
            write_table(at.folder / name, table, wanted)
            at.say(f"{name} : {table.num_rows} lignes")


def former_table(content: Decoupage) -> pa.Table:
    return commune_years.former_codes(content.formers, [row.insee for row in content.communes])


def commune_table(content: Decoupage) -> pa.Table:
    """One row a commune of 2026, with the names of what it belongs to."""
    rows = content.communes
    regions = {row.code: row.name for row in content.regions}
    departments = {row.code: row.name for row in content.departments}
    groupings = {row.siren: row for row in content.groupings}
    epci = [groupings.get(row.epci or "") for row in rows]
    ept = [groupings.get(row.ept or "") for row in rows]
    texts: Mapping[str, Sequence[str | None]] = {
        "code": [row.insee for row in rows],
        "name": [row.name for row in rows],
        "department": [row.department for row in rows],
        "department_name": [departments[row.department] for row in rows],
        "region": [row.region for row in rows],
        "region_name": [regions[row.region] for row in rows],
        "epci": [row.epci for row in rows],
        "epci_name": [found.name if found else None for found in epci],
        "epci_kind": [found.kind if found else None for found in epci],
        "ept": [row.ept for row in rows],
        "ept_name": [found.name if found else None for found in ept],
        "zone": [row.zone for row in rows],
        "siren": [row.siren for row in rows],
    }
    return pa.table({name: pa.array(values, pa.string()) for name, values in texts.items()})


def population_table(content: Decoupage) -> pa.Table:
    """One row a commune, kind of legal population and year: all that the sources give."""
    rows = sorted(content.populations)
    return pa.table(
        {
            "code": pa.array([row.insee for row in rows], pa.string()),
            "kind": pa.array([row.kind for row in rows], pa.string()),
            "year": pa.array([row.year for row in rows], pa.int16()),
            "persons": pa.array([row.value for row in rows], pa.int32()),
        }
    )


def build_degree_days(at: Workplace) -> None:
    """Conventional degree days and climate zone of the 96 departments of metropolitan France."""
    days = FACTS / "degree_days.csv"
    wanted = Provenance(
        "France Chaleur Urbaine (Costic, Cégibat) ; zone : arrêté du 28 décembre 2012",
        "1.7.3",
        "MIT",
        "année non dite",
        digest_of(days, ZONES),
        caution="Une valeur conventionnelle par département, base non dite : ni une année ni un"
        " lieu ; pour corriger une consommation du climat, prendre une station météo.",
    )
    if is_current(at.folder / DEGREE_DAYS, wanted):
        return
    zone_of = {code: row["zone"] for row in rows_of(ZONES) for code in row["departments"].split()}
    rows = rows_of(days)
    table = pa.table(
        {
            "department": pa.array([row["department"] for row in rows], pa.string()),
            "heating_degree_days": [int(row["heating_degree_days"]) for row in rows],
            "cooling_degree_days": [int(row["cooling_degree_days"]) for row in rows],
            "climate_zone": pa.array([zone_of[row["department"]] for row in rows], pa.string()),
        }
    )
    write_table(at.folder / DEGREE_DAYS, table, wanted)
    at.say(f"Degrés-jours conventionnels : {table.num_rows} départements")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def build_iris(at: Workplace) -> None:
    """The census by IRIS, each with the commune of 2026 that holds it."""
    source = at.member(iris_census.MEMBER)
    wanted = Provenance(
        f"PyPI {iris_census.PACKAGE} (Insee, bases infracommunales)",
        "0.50.0",
        "MIT ; données Insee, Licence Ouverte 2.0",
        f"recensement {iris_census.CENSUS_YEAR}, communes de {iris_census.GEOGRAPHY_YEAR}",
        digest_of(source, at.territories),
    )
    if is_current(at.folder / IRIS, wanted):
        return
    with source.open("rb") as stream:
        table = iris_census.read_iris(stream, communes_of_census(at.content))
    write_table(at.folder / IRIS, table, wanted)
    left = table["code_2026"].null_count
    at.say(f"Recensement : {table.num_rows} IRIS, dont {left} dans une commune divisée depuis")


def communes_of_census(content: Decoupage) -> dict[str, tuple[str, str | None]]:
    """Name of each commune and municipal district of the census, and its commune of 2026."""
    years = commune_years.commune_years(content.communes)
    then = years.filter(pa.compute.field("year") == iris_census.GEOGRAPHY_YEAR)
    found = {
        code: (name, target)
        for code, name, target in zip(
            then["code"].to_pylist(),
            then["name"].to_pylist(),
            then[f"code_{commune_years.LAST_YEAR}"].to_pylist(),
            strict=True,
        )
    }
    districts = [row for row in content.formers if row.kind == "district"]
    return found | {row.code: (row.name or row.code, row.commune) for row in districts}


def build_contours(at: Workplace) -> None:
    """Contours of communes; those that have none are counted and named."""
    source = at.member(contours.MEMBER)
    wanted = Provenance(
        f"PyPI {contours.PACKAGE} (IGN, contours simplifiés)",
        "1.1.0",
        "GPL-3.0 ; données IGN, Licence Ouverte",
        "communes de 2025, inchangées en 2026",
        digest_of(source, at.territories),
        caution="Contours simplifiés, à 150 m près environ : pour voir, pas pour mesurer.",
    )
    own = at.folder / OWN_CONTOURS
    if own.is_file():
        wanted = replace(
            wanted,
            source=f"{wanted.source} ; remplacés par le fichier de l’agence là où il en a",
            inputs_sha256=digest_of(source, at.territories, own),
        )
    if is_current(at.folder / CONTOURS, wanted):
        return
    with source.open("rb") as stream:
        found = contours.read_communes(stream)
    current = {row.insee for row in at.content.communes}
    absorbers = {move.after for move in commune_years.movements() if move.kind != SPLIT}
    whole = {row.code: row for row in contour_gaps.fill_gaps(found.found, absorbers)}
    if own.is_file():
        with own.open("rb") as stream:
            whole |= {row.code: row for row in geojson_contours.read_geojson(stream).found}
    kept = [row for code, row in sorted(whole.items()) if code in current]
    table = contours.contour_table(kept, covered_ground(found.without))
    write_table(at.folder / CONTOURS, table, wanted)
    at.say(f"Contours : {table.num_rows} communes ; {sentence_of_missing(at.content, table)}")


def covered_ground(without: Sequence[str]) -> dict[str, list[str]]:
    """Communes re-created without a contour of their own, by the one they came out of."""
    covers: dict[str, list[str]] = {}
    for move in commune_years.movements():
        if move.kind == SPLIT and move.after in without:
            covers.setdefault(move.before, []).append(move.after)
    return covers


def sentence_of_missing(content: Decoupage, table: pa.Table) -> str:
    drawn = set(table["code"].to_pylist())
    lacking = [row for row in content.communes if row.insee not in drawn]
    named = [f"{r.name} ({r.insee})" for r in lacking if r.zone != OVERSEAS_COLLECTIVITY]
    overseas = len(lacking) - len(named)
    return f"sans contour : {overseas} des collectivités d’outre-mer, {', '.join(named) or 'aucune autre'}"
