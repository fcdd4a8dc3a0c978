"""What publishers hid, bounded by what they published: the rows of a mart with their intervals.

A step between two expressions: the rows of the sources and years that hide something come into
memory, a source and year at a time; bounds go back as a table that is joined.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa

from atre.calc.parameters import parameter
from atre.calc.secrecy.reconstruction import ReconstructionMethod
from atre.formats.sdes_secrecy import hidden_mwh_at_most
from atre.formats.territory_figures import Level, Status
from atre.warehouse import engine as e
from atre.warehouse.engine import Table
from atre.warehouse.indicators import Flag
from atre.warehouse.marts.inputs import Inputs
from atre.warehouse.marts.registry import Mart
from atre.warehouse.secrecy.cells import (
    GROUP,
    Cells,
    Flags,
    Floats,
    Membership,
    cells_of,
    membership,
)
from atre.warehouse.secrecy.hidden_cells import Bounded, bounded
from atre.warehouse.secrecy.published_totals import totals_of
from atre.warehouse.staging.figures import Standing

KEYS = ("territory", "level", "indicator", "year", "sector", "energy", "category", "unit", "source")
BOUNDS = pa.schema(
    [
        *((name, pa.int16() if name == "year" else pa.string()) for name in KEYS),
        # Of the whole cell, in our units. Nothing of what would give the secret away.
        ("lower", pa.float64()),
        ("upper", pa.float64()),
        ("central", pa.float64()),
        ("central_pcs", pa.float64()),
        ("flag", pa.string()),
        ("method", pa.string()),
        ("by_rule", pa.bool_()),
    ]
)
# Marts of figures that add up, from publishers who hide some.
BOUNDED_MARTS = ("consumption", "production", "emissions", "tax_households", "dpe")
PROTECTION = "secrecy.protection"
# A central value is said when its interval is at most this many times as wide as it: beyond, it
# serves to add up, not to describe.
WIDEST = 2.0
# The publisher whose thresholds are known; its sources.
SDES_SOURCES = ("sdes_local_energy",)
KWH_PER_MWH = 1e3
# What tells the size of a hidden cell when the cell itself is hidden.
COMPANIONS: Mapping[str, tuple[str, ...]] = {
    "consumption": ("sites",),
    "production": ("installed_power",),
}
COUNTRY_CODE = "FR"
HIDING = (Status.SECRET.value, Status.PARTIAL.value)


def reconstructed(inputs: Inputs, mart: Mart, *, on: date) -> pa.Table | None:
    """The bounds of every hidden cell of a mart, rows of `BOUNDS`; None where nothing is hidden.

    `on`: the day whose parameters say how narrow an interval may be shown.
    """
    engine = inputs.engine
    staged = inputs.staged
    kept = staged.filter(
        (staged.standing == Standing.KEPT.value) & staged.measure.isin(mart.indicators)
    )
    # Not « distinct »: Sail 0.7 gives a row twice when a distinct choice is then put in order.
    hiding = kept.filter(kept.status.isin(HIDING))
    hiding = hiding.group_by("source", "year").agg(rows=hiding.count())
    hidden = engine.rows(hiding.order_by("source", "year")).to_pylist()
    if not hidden:
        return None
    places = membership(engine.rows(inputs.communes), COUNTRY_CODE)
    figures = mart.rows(inputs)
    moved = _moved(engine.rows(_counted_elsewhere(kept)), places)
    share = parameter(PROTECTION, on=on).number / 100
    tables = []
    # One source and year at a time: a country's figures of all years would not fit in memory.
    for line in hidden:
        source, year = line["source"], line["year"]
        rows = engine.rows(_of_year(figures, source, year))
        if not rows.num_rows:
            continue
        cells = cells_of(rows)
        if cells.hidden.any():
            totals = totals_of(cells, places, moved.get((source, year), frozenset()))
            found = bounded(cells, totals, _ceilings(cells, source, year), _priors(cells))
            tables.append(_table(rows, cells, found, share))
    return pa.concat_tables(tables) if tables else None


def _counted_elsewhere(kept: Table) -> Table:
    """Communes that a file has under another code than today's."""
    formers = kept.filter(kept.level == Level.COMMUNE.value)
    formers = formers.filter(formers.published_territory != formers.territory)
    return formers.select(
        "source", "year", published=formers.published_territory, commune=formers.territory
    ).distinct()


def with_bounds(mart: Table, bounds: Table) -> Table:
    """The same rows of MART, those that hide something with their interval where totals give one; rows
    wholly secret get the central value and the flag `reconstructed` where one may be said."""
    bounds = bounds.rename({f"b_{name}": name for name in BOUNDS.names})
    same = [_comparable(mart, name) == _comparable(bounds, f"b_{name}") for name in KEYS]
    rows = mart.left_join(bounds, same)
    is_said = (rows.b_flag == Flag.RECONSTRUCTED.value).fill_null(False)
    rows = rows.mutate(
        lower=e.coalesce(rows.b_lower, rows.lower),
        upper=e.coalesce(rows.b_upper, rows.upper),
        value=is_said.ifelse(rows.b_central, rows.value),
        value_pcs=is_said.ifelse(rows.b_central_pcs, rows.value_pcs),
        flag=is_said.ifelse(e.literal(Flag.RECONSTRUCTED.value), rows.flag),
    )
    return rows.select(*mart.columns)


def _comparable(rows: Table, name: str) -> e.Column:
    # A missing sector is a sector like another: it must meet itself.
    return rows[name].fill_null(-1 if name.endswith("year") else "")


def _of_year(mart: Table, source: str, year: int | None) -> Table:
    of_year = mart.year.isnull() if year is None else mart.year == year
    return mart.filter((mart.source == source) & of_year)


def _moved(formers: pa.Table, places: Membership) -> dict[tuple[str, int | None], frozenset[str]]:
    """Departments and regions that no longer have the communes they had in a file: Freigné was counted
    in Maine-et-Loire, its commune of today is in Loire-Atlantique."""
    department, region = places.owners[Level.DEPARTMENT], places.owners[Level.REGION]
    place = {code: number for number, code in enumerate(places.codes)}
    owner = dict(zip(department, region, strict=True))
    found: dict[tuple[str, int | None], set[str]] = {}
    for line in formers.to_pylist():
        number = place.get(line["commune"])
        code = line["published"]
        before = code[:3] if code.startswith("97") else code[:2]
        if number is None or before == department[number]:
            continue
        after = department[number]
        here = found.setdefault((line["source"], line["year"]), set())
        here |= {before, after}
        if owner.get(before) != owner.get(after):
            here |= {str(owner.get(before)), str(owner.get(after))}
    return {pair: frozenset(names) for pair, names in found.items()}


def _ceilings(cells: Cells, source: str, year: int | None) -> Floats:
    """The most that the hidden part of each cell can be by its publisher's own rule, in kWh of its
    calorific value; inf where no rule says. One cell hidden is one time the rule."""
    ceilings = np.full(len(cells.hidden), np.inf)
    if source not in SDES_SOURCES:
        return ceilings
    labels = [dict(zip(GROUP, group, strict=True)) for group in cells.groups]
    at_most = hidden_mwh_at_most(
        [label["energy"] for label in labels],
        [label["sector"] for label in labels],
        [year] * len(labels),
    )
    is_energy = np.array([label["indicator"] == "consumption" for label in labels])
    of_cell = np.where(is_energy, at_most, np.nan)[cells.group] * KWH_PER_MWH * cells.secret_cells
    ruled = (cells.level == Level.COMMUNE.value) & cells.all_secret & np.isfinite(of_cell)
    return np.where(ruled, of_cell, np.inf)


def _priors(cells: Cells) -> Floats:
    """The size of each hidden cell, by what is published beside it: sites, installed power."""
    prior = np.full(len(cells.hidden), np.nan)
    place = {group: number for number, group in enumerate(cells.groups)}
    for number, (indicator, _, *cut) in enumerate(cells.groups):
        for companion in COMPANIONS.get(str(indicator), ()):
            for group, beside in place.items():
                if group[0] == companion and list(group[2:]) == cut:
                    _give(prior, cells, number, beside)
    return prior


def _give(prior: Floats, cells: Cells, group: int, beside: int) -> None:
    known = np.flatnonzero((cells.group == beside) & ~cells.hidden & ~cells.silent)
    size = {(cells.level[one], cells.territory[one]): cells.known[one] for one in known}
    for one in np.flatnonzero((cells.group == group) & cells.hidden):
        prior[one] = size.get((cells.level[one], cells.territory[one]), np.nan)


def _table(rows: pa.Table, cells: Cells, found: Bounded, share: float) -> pa.Table:
    ratio = cells.ratio[cells.group[found.place]]
    middle = (found.hidden_lower + found.hidden_upper) / 2
    with np.errstate(invalid="ignore"):
        is_bounded = np.isfinite(found.hidden_upper)
        is_narrow = found.hidden_upper - found.hidden_lower < 2 * share * middle
    is_narrow |= found.hidden_upper <= 0
    is_wide = found.upper - found.lower > WIDEST * found.central
    is_said = is_bounded & ~is_narrow & ~np.isnan(found.central) & ~is_wide
    is_said &= cells.all_secret[found.place]
    keys = rows.take(pa.array(found.place, pa.int64())).select(KEYS)
    columns = {
        "lower": _shown(found.lower / ratio, is_narrow),
        "upper": _shown(found.upper / ratio, is_narrow | ~is_bounded),
        "central": _shown(found.central / ratio, is_narrow | ~is_bounded),
        "central_pcs": _shown(found.central, is_narrow | ~is_bounded),
        "flag": np.where(is_said, Flag.RECONSTRUCTED.value, Flag.SECRET.value),
        "method": _methods(found, is_narrow, is_bounded),
        "by_rule": found.by_rule,
    }
    arrays = [pa.array(column) for column in columns.values()]
    return pa.table([*(keys[name] for name in KEYS), *arrays], names=BOUNDS.names).cast(BOUNDS)


# Beyond the methods of `calc`: why nothing is said.
WITHHELD, UNBOUNDED = "withheld", "unbounded"


def _methods(found: Bounded, is_narrow: Flags, is_bounded: Flags) -> list[str]:
    names = [ReconstructionMethod(int(code)).name.lower() for code in found.method]
    return [
        WITHHELD if narrow else name if some else UNBOUNDED
        for name, narrow, some in zip(names, is_narrow, is_bounded, strict=True)
    ]


def _shown(values: Floats, withheld: Flags) -> pa.Array:
    return pa.array(values, pa.float64(), mask=withheld | ~np.isfinite(values))
