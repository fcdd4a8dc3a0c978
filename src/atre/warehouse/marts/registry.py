"""The marts, by name: each one expression of the rows received, or a calculation on them."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import pyarrow as pa

from atre.warehouse.engine import Table
from atre.warehouse.marts.additive import additive
from atre.warehouse.marts.as_published import as_published
from atre.warehouse.marts.climate import climate
from atre.warehouse.marts.consumption_corrected import consumption_corrected
from atre.warehouse.marts.consumption_emissions import consumption_emissions
from atre.warehouse.marts.energy_poverty import energy_poverty
from atre.warehouse.marts.inputs import Inputs

Mart = Callable[[Inputs], Table]
Calculation = Callable[[Inputs], pa.Table]

MARTS: Mapping[str, Mart] = MappingProxyType(
    {
        "population": partial(additive, measures=("population",)),
        "dwellings": partial(additive, measures=("dwellings", "main_dwellings")),
        "climate": climate,
        "consumption": partial(additive, measures=("consumption", "sites")),
        "consumption_corrected": consumption_corrected,
        "consumption_emissions": consumption_emissions,
        "production": partial(
            additive, measures=("production", "installed_power", "installations")
        ),
        "emissions": partial(additive, measures=("emissions", "pollutant_emissions")),
        "incomes": partial(
            as_published, measures=("median_income", "poverty_rate", "decile_1", "decile_9")
        ),
        "tax_households": partial(additive, measures=("tax_households",)),
        "dpe": partial(additive, measures=("dpe_count",)),
    }
)
# What no expression says: fitted laws, bounds by linear programming. In the process, on arrays.
CALCULATIONS: Mapping[str, Calculation] = MappingProxyType({"energy_poverty": energy_poverty})
