"""The tables installed with Âtre, received like any file: legal populations, census, degree days."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from atre.formats.territory_figures import FIGURES, Level, Status
from atre.warehouse.atomic import replacing
from atre.warehouse.folders import Folders
from atre.warehouse.sources.receipts import (
    FIGURES_FILE,
    Receipt,
    folder_of,
    receipt_of,
    receipts,
    withdraw,
    write_receipt,
)

# Columns of the census by IRIS, and our category: null for all dwellings.
DWELLINGS: dict[str, str | None] = {
    "dwellings": None,
    "main_residences": "main",
    "secondary_residences": "secondary",
    "vacant_dwellings": "vacant",
    "houses": "houses",
    "flats": "flats",
}
CENSUS_YEAR = 2021


@dataclass(frozen=True, slots=True)
class Installed:
    """One table: where it stands in the reference folder, and how it becomes figures."""

    key: str
    title_fr: str
    file: str
    read: Callable[[Path], pa.Table]


def receive_installed(folders: Folders, *, now: datetime) -> list[Receipt]:
    """Receives what is installed and not yet received; an older version of it is withdrawn."""
    new = []
    for one in INSTALLED:
        path = folders.reference / one.file
        if not path.is_file():
            continue
        sha256 = hashlib.sha256(one.key.encode() + path.read_bytes()).hexdigest()
        if receipt_of(folders, sha256) is not None:
            continue
        for old in receipts(folders):
            if old.format == one.key:
                withdraw(folders, old)
        new.append(_received(folders, one, path, sha256, now))
    return new


def _received(folders: Folders, one: Installed, path: Path, sha256: str, now: datetime) -> Receipt:
    figures = one.read(path)
    with replacing(folder_of(folders, sha256[:16]) / FIGURES_FILE) as draft:
        pq.write_table(figures, draft, compression="zstd")
    receipt = Receipt(
        sha256=sha256,
        name=one.file,
        bytes=path.stat().st_size,
        format=one.key,
        title_fr=one.title_fr,
        received_at=now.isoformat(timespec="seconds"),
        order=1 + max((receipt.order for receipt in receipts(folders)), default=0),
        rows=figures.num_rows,
        rejected=0,
        rejects={},
        warnings={},
        years=tuple(sorted(pc.unique(figures["year"]).drop_null().to_pylist())),
        levels=tuple(sorted(pc.unique(figures["level"]).to_pylist())),
        measures=tuple(sorted(pc.unique(figures["measure"]).to_pylist())),
    )
    write_receipt(folders, receipt)
    return receipt


def _populations(path: Path) -> pa.Table:
    rows = pq.read_table(path)
    return _figures(
        rows, level=Level.COMMUNE, territory="code", measure="population", unit="persons",
        value="persons", year=rows["year"], category=rows["kind"],
    )  # fmt: skip


def _census(path: Path) -> pa.Table:
    """By IRIS; one whose commune was divided since has no commune of today, and is counted so."""
    rows = pq.read_table(path)
    year = pa.array([CENSUS_YEAR] * rows.num_rows, pa.int16())
    tables = [
        _figures(
            rows, level=Level.IRIS, territory="code", measure="dwellings", unit="dwellings",
            value=column, year=year, category=pa.array([category] * rows.num_rows, pa.string()),
        )
        for column, category in DWELLINGS.items()
    ]  # fmt: skip
    return pa.concat_tables(tables)


def _degree_days(path: Path) -> pa.Table:
    rows = pq.read_table(path)
    return _figures(
        rows, level=Level.DEPARTMENT, territory="department", measure="degree_days",
        unit="degree_days", value="heating_degree_days", year=pa.nulls(rows.num_rows, pa.int16()),
        category=pa.nulls(rows.num_rows, pa.string()),
    )  # fmt: skip


def _figures(
    rows: pa.Table,
    *,
    level: Level,
    territory: str,
    measure: str,
    unit: str,
    value: str,
    year: pa.Array,
    category: pa.Array,
) -> pa.Table:
    count = rows.num_rows
    nothing = pa.nulls(count, pa.string())
    values = rows[value].cast(pa.float64())
    columns: Iterable[pa.Array] = (
        _same(level.value, count), rows[territory], year.cast(pa.int16()), _same(measure, count),
        nothing, nothing, category, values, _same(unit, count), nothing,
        pc.if_else(pc.is_null(values), Status.MISSING.value, Status.PUBLISHED.value),
        pa.array(range(2, count + 2), pa.int64()),
    )  # fmt: skip
    return pa.table(dict(zip(FIGURES.names, columns, strict=True))).cast(FIGURES)


def _same(text: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), count)


INSTALLED = (
    Installed(
        "installed_populations",
        "Populations légales (Insee, DGCL)",
        "commune-populations.parquet",
        _populations,
    ),
    Installed(
        "installed_census",
        "Logements par IRIS, recensement 2021 (Insee)",
        "iris-2021.parquet",
        _census,
    ),
    Installed(
        "installed_climate",
        "Degrés-jours conventionnels par département (Costic)",
        "degree-days.parquet",
        _degree_days,
    ),
)
