"""The tables, by name: what each has figures of, and how it is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import pyarrow as pa

from atre.warehouse.engine import Table
from atre.warehouse.marts.additive import additive
from atre.warehouse.marts.as_published import as_published
from atre.warehouse.marts.climate import climate
from atre.warehouse.marts.consumption_corrected import consumption_corrected
from atre.warehouse.marts.consumption_emissions import consumption_emissions, emission_factors
from atre.warehouse.marts.energy_poverty import energy_poverty
from atre.warehouse.marts.inputs import Inputs


@dataclass(frozen=True, slots=True)
class Mart:
    """A table written by each build. `rows`: its expression. `is_received`: whether its figures are
    rows of files, of the measures of the same names."""

    indicators: tuple[str, ...]
    rows: Callable[[Inputs], Table]
    is_received: bool = False


@dataclass(frozen=True, slots=True)
class Calculation:
    """A table written by each build that no expression says: fitted laws, in the process, on arrays."""

    indicators: tuple[str, ...]
    rows: Callable[[Inputs], pa.Table]


@dataclass(frozen=True, slots=True)
class View:
    """A table read from another, row by row, and never written: 27 million rows of consumption would
    else be written twice. `constants`: what a build keeps for it, so that an edition never changes."""

    indicators: tuple[str, ...]
    of: str
    constants: Callable[[], pa.Table]
    rows: Callable[[Table, Table], Table]


def _added(*measures: str) -> Mart:
    return Mart(measures, partial(additive, measures=measures), is_received=True)


def _as_published(*measures: str) -> Mart:
    return Mart(measures, partial(as_published, measures=measures), is_received=True)


MARTS: Mapping[str, Mart] = MappingProxyType(
    {
        "population": _added("population"),
        "dwellings": _added("dwellings", "main_dwellings"),
        "climate": Mart(("degree_days", "heating_degree_days"), climate),
        "consumption": _added("consumption", "sites"),
        "consumption_corrected": Mart(("consumption_corrected",), consumption_corrected),
        "production": _added("production", "installed_power", "installations"),
        "emissions": _added("emissions", "pollutant_emissions"),
        "incomes": _as_published("median_income", "poverty_rate", "decile_1", "decile_9"),
        "tax_households": _added("tax_households"),
        "dpe": _added("dpe_count"),
    }
)
CALCULATIONS: Mapping[str, Calculation] = MappingProxyType(
    {
        "energy_poverty": Calculation(
            ("energy_poverty_share", "energy_poverty_households"), energy_poverty
        )
    }
)
VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "consumption_emissions": View(
            ("consumption_emissions",), "consumption", emission_factors, consumption_emissions
        )
    }
)
