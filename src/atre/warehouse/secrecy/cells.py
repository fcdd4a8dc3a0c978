"""The published cells of one source and year as arrays, ready to be put in equations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atre.formats.territory_figures import Level

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

# The levels at which a publisher gives totals of communes, the smallest first.
TOTAL_LEVELS = (Level.EPCI, Level.DEPARTMENT, Level.REGION, Level.COUNTRY)
GROUP = ("indicator", "unit", "sector", "energy", "category")
# Published digits, in our units: the coarsest step that all figures of a measure are multiples of.
STEPS = (1e3, 1e2, 10.0, 1.0, 0.1, 1e-2, 1e-3)
ROUNDED_UNITS = ("kWh", "kW", "tCO2e")


@dataclass(frozen=True, slots=True)
class Membership:
    """What each commune of today belongs to: (n,) sorted codes, and (n,) owners by level."""

    codes: NDArray[np.object_]
    owners: Mapping[Level, NDArray[np.object_]]

    def owner(self, level: Level, communes: Sequence[str]) -> NDArray[np.object_]:
        """The territory of a level that has each commune, "" where none has; shape (k,)."""
        known = dict(zip(self.codes.tolist(), self.owners[level].tolist(), strict=True))
        return np.array([known.get(code, "") for code in communes], dtype=object)

    def members(self, level: Level) -> dict[str, int]:
        """How many communes of today each territory of a level has."""
        names, counts = np.unique(self.owners[level], return_counts=True)
        return dict(zip(names.tolist(), counts.tolist(), strict=True))


def membership(communes: pa.Table, country: str) -> Membership:
    """From the table of communes of today: code, epci, department, region."""
    ordered = communes.sort_by("code")

    def column(name: str) -> NDArray[np.object_]:
        return np.array([value or "" for value in ordered[name].to_pylist()], dtype=object)

    codes = column("code")
    return Membership(
        codes,
        {
            Level.EPCI: column("epci"),
            Level.DEPARTMENT: column("department"),
            Level.REGION: column("region"),
            Level.COUNTRY: np.full(len(codes), country, dtype=object),
        },
    )


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Rows of a mart for one source and year; arrays (n,).

    `name`: the rank of each territory among `names`. `group`: which cells add up to the same totals (indicator, sector, energy, category). `known`: what
    is published of the cell, in the publisher's calorific value, 0 where nothing is; `hidden`: part of
    it is secret; `silent`: nothing is said of it. `step` (groups,): half of it is the rounding.
    """

    level: NDArray[np.object_]
    territory: NDArray[np.object_]
    name: Places
    names: tuple[str, ...]
    group: Places
    groups: tuple[tuple[str | None, ...], ...]
    known: Floats
    hidden: Flags
    silent: Flags
    secret_cells: Floats
    all_secret: Flags
    step: Floats
    ratio: Floats

    def of_level(self, level: Level) -> Places:
        return np.flatnonzero(self.level == level.value)


def cells_of(part: pa.Table) -> Cells:
    """The arrays of the rows of a mart that share a source and a year, one row at least."""
    group, groups = _groups(part)
    pci, pcs = _numbers(part, "value"), _numbers(part, "value_pcs")
    pcs = np.where(np.isnan(pcs), pci, pcs)
    secret, known_cells, all_cells = (
        _numbers(part, name) for name in ("secret_cells", "known_cells", "cells")
    )
    hidden = secret > 0
    level, levels = _codes(part, "level")
    territory, territories = _codes(part, "territory")
    step = _steps(group, pcs, [label[1] for label in groups])
    return Cells(
        level=np.array(levels, dtype=object)[level],
        territory=np.array(territories, dtype=object)[territory],
        name=territory,
        names=tuple(str(each) for each in territories),
        group=group,
        groups=groups,
        known=np.nan_to_num(pcs),
        hidden=hidden,
        silent=np.isnan(pcs) & ~hidden,
        secret_cells=secret,
        all_secret=(known_cells == 0) & (secret == all_cells),
        step=step,
        ratio=_ratios(group, pci, pcs, len(groups)),
    )


def _codes(rows: pa.Table, name: str) -> tuple[Places, list[str | None]]:
    """A column as numbers, and what each number stands for."""
    column = pc.dictionary_encode(rows[name].combine_chunks(), null_encoding="encode")
    return np.asarray(column.indices, dtype=np.intp), column.dictionary.to_pylist()


def _groups(rows: pa.Table) -> tuple[Places, tuple[tuple[str | None, ...], ...]]:
    coded = [_codes(rows, name) for name in GROUP]
    sizes = [len(names) for _, names in coded]
    # One number a combination: sorting rows of five columns takes a hundred times as long.
    whole = np.ravel_multi_index([codes for codes, _ in coded], sizes)
    every, group = np.unique(whole, return_inverse=True)
    parts = [part.tolist() for part in np.unravel_index(every, sizes)]
    words = [[names[code] for code in part] for (_, names), part in zip(coded, parts, strict=True)]
    return np.asarray(group, dtype=np.intp).ravel(), tuple(zip(*words, strict=True))


def _numbers(rows: pa.Table, name: str) -> Floats:
    return np.asarray(
        rows[name].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64
    )


def _steps(group: Places, values: Floats, units: Sequence[str | None]) -> Floats:
    steps = np.zeros(len(units))
    for rank, unit in enumerate(units):
        some = values[(group == rank) & (values > 0)]
        if unit not in ROUNDED_UNITS or not some.size:
            continue
        for step in STEPS:
            in_steps = some / step
            if bool(
                (np.abs(in_steps - np.round(in_steps)) <= 1e-6 * np.maximum(in_steps, 1)).all()
            ):
                steps[rank] = step
                break
    return steps


def _ratios(group: Places, pci: Floats, pcs: Floats, groups: int) -> Floats:
    """One kWh of ours in the publisher's: 1.11 for gas, 1 elsewhere and where nothing tells."""
    ratios = np.ones(groups)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = pcs / pci
    usable = np.isfinite(found) & (pci > 0)
    ratios[group[usable]] = found[usable]
    return ratios
