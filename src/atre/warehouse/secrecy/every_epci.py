"""The attack over the tables of every EPCI of an edition: what is published, put together, EPCI by EPCI."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from atre.calc.errors import CalcRefusal
from atre.calc.parameters import parameter
from atre.calc.secrecy.attack import attack_intervals
from atre.calc.secrecy.tables import Dimension, crossed_tables
from atre.formats.territory_figures import Level
from atre.warehouse.edition import Edition
from atre.warehouse.engine import Engine, literal
from atre.warehouse.folders import Folders
from atre.warehouse.secrecy.cells import Flags, Floats
from atre.warehouse.staging.geography import communes

PROTECTION = "secrecy.protection"
# A margin that the publisher gives has no sector, or no energy: « all ».
ALL_FR = "ensemble"
CHUNK = 16


@dataclass(frozen=True, slots=True, eq=False)
class EpciTable:
    """Places × sectors × energies; NaN where nothing is published. The EPCI comes first, and so does
    « ensemble » where the publisher gives that margin: without it, no reader adds the cutting up."""

    epci: str
    places: tuple[str, ...]
    sectors: tuple[str, ...]
    energies: tuple[str, ...]
    values: Floats
    secret: Flags


@dataclass(frozen=True, slots=True)
class EpciAttack:
    """`opened`: secret cells that a reader computes, or bounds too closely. `contradicts`: the figures
    of the table do not close, and nothing is concluded from them."""

    epci: str
    cells: int
    secret: int
    opened: tuple[str, ...]
    contradicts: bool


@dataclass(frozen=True, slots=True)
class AttackReport:
    """The attacks, and the seconds that all of them took."""

    attacks: tuple[EpciAttack, ...]
    seconds: float

    @property
    def cells(self) -> int:
        return sum(one.cells for one in self.attacks)

    @property
    def secret(self) -> int:
        return sum(one.secret for one in self.attacks)

    @property
    def opened(self) -> int:
        return sum(len(one.opened) for one in self.attacks)


def attack_every_epci(
    engine: Engine,
    folders: Folders,
    edition: Edition,
    *,
    on: date,
    indicator: str = "consumption",
    mart: str = "consumption",
    year: int,
    processes: int = 2,
    progress: Callable[[str], None] | None = None,
) -> AttackReport:
    """Attacks the table of each EPCI: communes × sectors × energies with every published total.

    Beyond one process, each has its own copy of a few tables at a time. `on`: the day whose margin of
    protection says how close is too close.
    """
    started = time.monotonic()
    tables = list(epci_tables(engine, folders, edition, indicator=indicator, mart=mart, year=year))
    share = parameter(PROTECTION, on=on).number / 100
    say = progress or (lambda _: None)
    found: list[EpciAttack] = []
    for one in _attacked(tables, share, processes):
        found.append(one)
        if len(found) % 100 == 0:
            say(f"{len(found)} intercommunalités sur {len(tables)}")
    return AttackReport(tuple(found), time.monotonic() - started)


def epci_tables(
    engine: Engine, folders: Folders, edition: Edition, *, indicator: str, mart: str, year: int
) -> Iterator[EpciTable]:
    """The published cells of each EPCI that has some, in the order of their codes."""
    rows = engine.table([folders.marts / edition.marts[mart]])
    levels = [Level.COMMUNE.value, Level.EPCI.value]
    rows = rows.filter(
        (rows.indicator == indicator) & (rows.year == year) & rows.level.isin(levels)
    )
    known = communes(engine, folders)
    owners = known.select(member=known.code, owner=known.epci)
    rows = rows.left_join(owners, rows.territory == owners.member)
    rows = rows.mutate(
        epci=(rows.level == literal(Level.EPCI.value)).ifelse(rows.territory, rows.owner)
    )
    rows = rows.filter(rows.epci.notnull()).order_by("epci")
    wanted = ("epci", "territory", "sector", "energy", "value_pcs", "value", "secret_cells")
    found = engine.rows(rows.select(*wanted))
    codes = np.asarray(found["epci"].to_pylist(), dtype=object)
    if not len(codes):
        return
    starts = np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]]))
    for start, stop in zip(starts, [*starts[1:], len(codes)], strict=True):
        yield _table(str(codes[start]), found.slice(int(start), int(stop - start)))


def _table(epci: str, rows: pa.Table) -> EpciTable:
    axes = [[value or "" for value in rows[name].to_pylist()] for name in ("sector", "energy")]
    territories = rows["territory"].to_pylist()
    places = (epci, *sorted({*territories} - {epci}))
    cuts = [tuple(sorted(set(axis))) for axis in axes]
    where = tuple(
        np.array([names.index(value) for value in axis])
        for names, axis in zip((places, *cuts), (territories, *axes), strict=True)
    )
    values = np.full((len(places), *(len(names) for names in cuts)), np.nan)
    published = [rows[name].to_numpy(zero_copy_only=False) for name in ("value_pcs", "value")]
    secret = rows["secret_cells"].to_numpy(zero_copy_only=False) > 0
    # What was reconstructed is ours: the reader has it from the same totals.
    one = np.where(np.isnan(published[0]), published[1], published[0])
    values[where] = np.where(secret, np.nan, one)
    hidden = np.zeros(values.shape, dtype=bool)
    hidden[where] = secret
    sectors, energies = (tuple(name or ALL_FR for name in names) for names in cuts)
    return EpciTable(epci, places, sectors, energies, values, hidden)


def _attacked(tables: list[EpciTable], share: float, processes: int) -> Iterator[EpciAttack]:
    if processes <= 1:
        yield from (attack_table(table, share) for table in tables)
        return
    # Forking a process that has an engine open would share its threads' locks.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        yield from pool.map(attack_table, tables, [share] * len(tables), chunksize=CHUNK)


def attack_table(table: EpciTable, share: float) -> EpciAttack:
    """Which secret cells of one EPCI its published cells open. `share`: how far a bound must stay from
    the middle of its interval, 0 to 1."""
    cuts = [_axis(names, is_summed=names[0] == ALL_FR) for names in (table.sectors, table.energies)]
    tables = crossed_tables([_axis(table.places, is_summed=True), *cuts])
    values, secret = table.values.ravel(), table.secret.ravel()
    hidden = np.isnan(values)
    try:
        found = attack_intervals(tables, values, hidden)
    except CalcRefusal:
        return EpciAttack(table.epci, len(values), int(secret.sum()), (), contradicts=True)
    with np.errstate(invalid="ignore"):
        width = found.upper - found.lower
        narrow = width < share * (found.upper + found.lower)
    opened = np.flatnonzero(secret & (narrow | (found.upper <= 0)))
    labels = tuple(str(tables.cells[place]) for place in opened)
    return EpciAttack(table.epci, len(values), int(secret.sum()), labels, contradicts=False)


def _axis(names: tuple[str, ...], *, is_summed: bool) -> Dimension:
    """The first name is the sum of the others, or all stand side by side."""
    return Dimension(names, [-1, *([0] if is_summed else [-1]) * (len(names) - 1)])
