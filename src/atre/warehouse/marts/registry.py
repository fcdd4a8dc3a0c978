"""The marts, by name: each one expression of the staged rows."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.engine import Table
from atre.warehouse.indicators import Aggregation
from atre.warehouse.marts.additive import additive
from atre.warehouse.marts.as_published import as_published

Mart = Callable[[Table], Table]


def _of(*keys: str) -> Mart:
    known = [CATALOGUE[key] for key in keys]
    adds_up = {one.aggregation is Aggregation.SUM for one in known}
    if len(adds_up) != 1:
        raise ValueError(f"{keys}: one mart adds up, or does not")
    build = additive if adds_up == {True} else as_published
    return partial(build, measures=keys)


MARTS: Mapping[str, Mart] = MappingProxyType(
    {
        "population": _of("population"),
        "dwellings": _of("dwellings"),
        "climate": _of("degree_days"),
        "consumption": _of("consumption", "sites"),
        "production": _of("production", "installed_power"),
        "emissions": _of("emissions"),
        "incomes": _of("median_income", "poverty_rate"),
        "tax_households": _of("tax_households"),
        "dpe": _of("dpe_count"),
    }
)
