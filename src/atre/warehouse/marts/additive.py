"""Indicators whose figures add up: a commune of today is the sum of what it was made of."""

from collections.abc import Callable, Sequence

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
    # Each part is asked of the rows received by itself: an engine keeps whole what two parts share.
    others = _kept(inputs, measures, lambda rows: rows.level != Level.IRIS.value)
    by_iris = _kept(inputs, measures, lambda rows: rows.level == Level.IRIS.value)
    whole = _kept(inputs, measures, lambda rows: rows.level == Level.COMMUNE.value)
    whole = whole.select(**{f"whole_{name}": _comparable(whole, name) for name in _ASKED})
    # Few communes are given by IRIS: the millions of others are not looked at.
    some = by_iris.select(iris_commune=by_iris.commune).distinct()
    whole = whole.semi_join(some, whole.whole_commune == some.iris_commune)
    parts = by_iris.anti_join(
        whole, [_comparable(by_iris, name) == whole[f"whole_{name}"] for name in _ASKED]
    )
    parts = parts.mutate(territory=parts.commune, level=e.literal(Level.COMMUNE.value))
    return summed(e.union(others, parts))


def _kept(inputs: Inputs, measures: Sequence[str], which: Callable[[Table], Column]) -> Table:
    staged = inputs.staged
    is_kept = staged.standing == Standing.KEPT.value
    return staged.filter(is_kept & staged.measure.isin(list(measures)) & which(staged))


# What a row says something of.
_ASKED = ("source", "measure", "commune", "year", "energy")


def _comparable(rows: Table, name: str) -> Column:
    # A missing year or energy is one like another: it must meet itself.
    missing: dict[str, int | str] = {"year": UNKNOWN_YEAR, "energy": ""}
    return rows[name].fill_null(missing[name]) if name in missing else rows[name]


def summed(rows: Table) -> Table:
    """Staged rows added up to the grain of MART."""
    # A partial figure has a value, and lacks what its publisher hid: no less than the value.
    # A missing condition would make the count missing on Spark.
    secret = rows.status.isin((Status.SECRET.value, Status.PARTIAL.value)).fill_null(False)
    estimated = (rows.status == Status.ESTIMATED.value).fill_null(False)
    # Most rows are of today's territory itself: only the others are told apart, which costs.
    itself = rows.published_territory == rows.territory
    totals = rows.group_by(indicator=rows.measure, **{name: rows[name] for name in _KEYS}).agg(
        value=rows.value.sum(),
        value_pcs=rows.value_pcs.sum(),
        cells=rows.count(),
        known_cells=rows.value.count(),
        secret_cells=rows.count(where=secret),
        estimated_cells=rows.count(where=estimated),
        is_itself=itself.ifelse(1, 0).max(),
        others=rows.published_territory.nunique(where=~itself),
    )
    totals = totals.mutate(
        lower=e.null("float64"),
        upper=e.null("float64"),
        weight=e.null("float64"),
        geographies=totals.is_itself + totals.others,
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
