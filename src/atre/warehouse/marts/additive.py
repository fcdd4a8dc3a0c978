"""Indicators whose figures add up: a commune of today is the sum of what it was made of."""

from collections.abc import Sequence

from atre.formats.territory_figures import Level, Status
from atre.warehouse import engine as e
from atre.warehouse.engine import Column, Table
from atre.warehouse.indicators import Flag
from atre.warehouse.marts.inputs import Inputs
from atre.warehouse.marts.shape import GRAIN, MART
from atre.warehouse.staging.figures import UNKNOWN_YEAR, Standing


def additive(inputs: Inputs, measures: Sequence[str]) -> Table:
    """Rows of MART for these measures, at commune level and at each other level as published.

    A commune that a publisher gives both whole and by IRIS, for a year and an energy, is taken whole:
    what is secret in an IRIS is often counted in its commune. The sum of a cell whose parts are all
    missing is missing.
    """
    staged = inputs.staged
    kept = staged.filter(
        (staged.standing == Standing.KEPT.value) & staged.measure.isin(list(measures))
    )
    by_iris = kept.filter(kept.level == Level.IRIS.value)
    others = kept.filter(kept.level != Level.IRIS.value)
    whole = others.filter(others.level == Level.COMMUNE.value)
    whole = whole.select(
        **{f"whole_{name}": _comparable(whole, name) for name in _ASKED}
    ).distinct()
    parts = by_iris.anti_join(
        whole, [_comparable(by_iris, name) == whole[f"whole_{name}"] for name in _ASKED]
    )
    parts = parts.mutate(territory=parts.commune, level=e.literal(Level.COMMUNE.value))
    return summed(e.union(others, parts))


# What a row says something of.
_ASKED = ("source", "measure", "commune", "year", "energy")


def _comparable(rows: Table, name: str) -> Column:
    # A missing year or energy is one like another: it must meet itself.
    missing: dict[str, int | str] = {"year": UNKNOWN_YEAR, "energy": ""}
    return rows[name].fill_null(missing[name]) if name in missing else rows[name]


def summed(rows: Table) -> Table:
    """Staged rows added up to the grain of MART."""
    # A partial figure has a value, and lacks what its publisher hid: no less than the value.
    secret = rows.status.isin((Status.SECRET.value, Status.PARTIAL.value)).ifelse(1, 0)
    estimated = (rows.status == Status.ESTIMATED.value).ifelse(1, 0)
    totals = rows.group_by(indicator=rows.measure, **{name: rows[name] for name in _KEYS}).agg(
        value=rows.value.sum(),
        value_pcs=rows.value_pcs.sum(),
        cells=rows.count(),
        known_cells=rows.value.count(),
        secret_cells=secret.sum(),
        estimated_cells=estimated.sum(),
        geographies=rows.published_territory.nunique(),
    )
    totals = totals.mutate(
        lower=e.null("float64"),
        upper=e.null("float64"),
        weight=e.null("float64"),
        flag=flag(totals.known_cells, totals.secret_cells, totals.estimated_cells),
    )
    return shaped(totals)


def shaped(rows: Table) -> Table:
    """The columns of MART, in its order and types."""
    return rows.select(*(rows[f.name].cast(_TYPES[str(f.type)]).name(f.name) for f in MART))


_KEYS = tuple(name for name in GRAIN if name != "indicator")
_TYPES = {"string": "string", "double": "float64", "int16": "int16", "int64": "int64"}


def flag(known: Column, secret: Column, estimated: Column) -> Column:
    """The flag of a sum: secret when it lacks a secret, missing when nothing is known, estimated
    when part of it is; else measured."""
    return e.cases(
        ((known == 0) & (secret > 0), Flag.SECRET.value),
        (known == 0, Flag.MISSING.value),
        (estimated > 0, Flag.ESTIMATED.value),
        else_=Flag.MEASURED.value,
    )
