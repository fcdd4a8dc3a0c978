"""An invented national cube of consumption on the real communes, written as files received: one file a
year, as publishers do. Commune × 8 sectors × 7 energies × 14 years, a share of it secret, and the
totals that its publisher would give for each EPCI and department."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from atre.formats.territory_figures import FIGURES, Energy, Level, Sector, Status
from atre.warehouse.folders import Folders
from atre.warehouse.sources.receipts import FIGURES_FILE, Receipt, folder_of, write_receipt

SECTORS = tuple(Sector)[:8]
ENERGIES = (
    Energy.ELECTRICITY, Energy.GAS, Energy.HEAT_NETWORK, Energy.OIL, Energy.LPG, Energy.WOOD,
    Energy.COAL,
)  # fmt: skip
YEARS = tuple(range(2010, 2024))
SOURCE = "mapped_columns"
SEED = 20_261_122
RECEIVED = "2026-11-22T12:00:00+00:00"
# Rows of a written file: what a reader of publishers' files keeps together.
BATCH = 131_072
# MWh behind a hidden figure: known of nobody but the publisher, who counts it above.
SIZE_OF_A_SECRET = 25.0


@dataclass(frozen=True, slots=True)
class Cube:
    """Where the cube was written, its communes, and its rows."""

    folders: Folders
    communes: pa.Table
    rows: int


def written(reference: Path, data: Path, *, share: float = 1.0, secret: float = 0.0) -> Cube:
    """Writes the files of a share of the communes, 0 to 1. Of the last year, a share `secret` of the
    figures is hidden, beside the totals of each EPCI. The reference stays where it is."""
    folders = Folders(data)
    data.mkdir(parents=True, exist_ok=True)
    if not folders.reference.exists():
        folders.reference.symlink_to(reference.resolve())
    communes = pq.read_table(folders.reference / "communes-2026.parquet").sort_by("code")
    generator = np.random.default_rng(SEED)
    kept = generator.permutation(communes.num_rows)[: max(1, round(communes.num_rows * share))]
    communes = communes.take(pa.array(np.sort(kept)))
    rows = 0
    for order, year in enumerate(YEARS, 1):
        # The year that is attacked has secrets, and the totals that close on them.
        is_last = year == YEARS[-1]
        table = of_year(communes["code"], year, secret if is_last else 0.0, generator)
        if is_last and secret:
            table = pa.concat_tables([table, totals(table, communes)])
        rows += table.num_rows
        receive(folders, table, year, order)
    return Cube(folders, communes, rows)


def of_year(
    codes: pa.ChunkedArray, year: int, secret: float, generator: np.random.Generator
) -> pa.Table:
    """The rows of one year's file, commune by commune: shape (communes × sectors × energies,)."""
    cuts = len(SECTORS) * len(ENERGIES)
    count = len(codes) * cuts
    # A commune's size, then how much of it each sector and energy are: spread as real ones are.
    size = np.repeat(generator.lognormal(8.0, 1.3, len(codes)), cuts)
    value = np.round(size * generator.lognormal(-4.0, 1.0, count), 3)
    hidden = generator.random(count) < secret
    is_gas = np.tile(
        np.array([energy is Energy.GAS for energy in ENERGIES]), count // len(ENERGIES)
    )
    columns: dict[str, Any] = {
        "level": same(Level.COMMUNE.value, count),
        "territory": codes.combine_chunks().take(pa.array(np.repeat(np.arange(len(codes)), cuts))),
        "year": pa.array(np.full(count, year, dtype=np.int16)),
        "measure": same("consumption", count),
        "sector": named(SECTORS, np.tile(np.repeat(np.arange(8), len(ENERGIES)), len(codes))),
        "energy": named(ENERGIES, np.tile(np.arange(len(ENERGIES)), len(codes) * len(SECTORS))),
        "category": pa.nulls(count, pa.string()),
        "value": pa.array(value, mask=hidden),
        "unit": same("MWh", count),
        "basis": pa.array(["pcs"]).take(pa.array(np.zeros(count, np.int64), mask=~is_gas)),
        "status": named((Status.PUBLISHED, Status.SECRET), hidden.astype(np.int64)),
        "line": pa.array(np.arange(2, count + 2)),
    }
    return pa.table([columns[name] for name in FIGURES.names], schema=FIGURES)


def totals(rows: pa.Table, communes: pa.Table) -> pa.Table:
    """What the publisher gives of each EPCI, by sector and energy: what it hides below is counted."""
    cuts = len(SECTORS) * len(ENERGIES)
    known = np.nan_to_num(rows["value"].to_numpy(), nan=SIZE_OF_A_SECRET).reshape(-1, cuts)
    owners = np.array([owner or "" for owner in communes["epci"].to_pylist()])
    names, place = np.unique(owners, return_inverse=True)
    sums = np.zeros((len(names), cuts))
    np.add.at(sums, place, known)
    names, sums = names[names != ""], sums[names != ""]
    count = sums.size
    columns = {name: rows.slice(0, cuts)[name].combine_chunks() for name in FIGURES.names}
    each = pa.array(np.tile(np.arange(cuts), len(names)))
    columns = {name: column.take(each) for name, column in columns.items()}
    columns |= {
        "level": same(Level.EPCI.value, count),
        "territory": pa.array(np.repeat(names, cuts), pa.string()),
        "value": pa.array(np.round(sums.ravel(), 3)),
        "status": same(Status.PUBLISHED.value, count),
        "line": pa.array(np.arange(rows.num_rows + 2, rows.num_rows + count + 2)),
    }
    return pa.table([columns[name] for name in FIGURES.names], schema=FIGURES)


def same(text: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), count)


def named(names: tuple[Any, ...], places: np.ndarray) -> pa.Array:
    return pa.array([name.value for name in names], pa.string()).take(pa.array(places))


def receive(folders: Folders, table: pa.Table, year: int, order: int) -> None:
    """As if a publisher's file of this year had been read."""
    sha256 = hashlib.sha256(json.dumps([year, table.num_rows]).encode()).hexdigest()
    folder = folder_of(folders, sha256[:16])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FIGURES_FILE
    with pq.ParquetWriter(path, FIGURES, compression="zstd") as writer:
        writer.write_table(table, row_group_size=BATCH)
    write_receipt(
        folders,
        Receipt(
            sha256=sha256, name=f"cube-{year}.csv", bytes=path.stat().st_size, format=SOURCE,
            title_fr=f"Cube inventé, {year}", received_at=RECEIVED, order=order,
            rows=table.num_rows, rejected=0, rejects={}, warnings={}, years=(year,),
            levels=tuple(sorted(set(table["level"].unique().to_pylist()))), measures=("consumption",),
        ),
    )  # fmt: skip
