"""Greenhouse gases of the energy consumed, by the factors of the year of consumption."""

from datetime import date

import pyarrow as pa

from atre.calc.bills.energies import Energy as Fuel
from atre.calc.emissions.territory import energy_codes, kg_co2e
from atre.formats.territory_figures import Energy
from atre.warehouse import engine as e
from atre.warehouse.engine import Table
from atre.warehouse.indicators import Flag
from atre.warehouse.marts.additive import additive, shaped
from atre.warehouse.marts.inputs import Inputs

SOURCE = "model_emission_factors"
# Energies of territorial files that have a factor; wood is left out: the files do not say whether
# it is logs or pellets.
FUELS: dict[Energy, Fuel] = {
    Energy.ELECTRICITY: Fuel.ELECTRICITY,
    Energy.GAS: Fuel.NATURAL_GAS,
    Energy.OIL: Fuel.FUEL_OIL,
    Energy.LPG: Fuel.PROPANE,
}
YEARS = range(2008, 2036)
KG_PER_TONNE = 1000


def consumption_emissions(inputs: Inputs) -> Table:
    """Rows of MART in tCO2e, from final energy in PCI; missing where the year has no factor."""
    rows = additive(inputs, ("consumption",))
    known = e.in_memory(_factors())
    joined = rows.left_join(
        known, [rows.energy == known.factor_energy, rows.year == known.factor_year]
    )
    value = joined.value * joined.tonnes_per_kwh
    has_factor = value.notnull()
    return shaped(
        joined.mutate(
            indicator=e.literal("consumption_emissions"),
            unit=e.literal("tCO2e"),
            source=e.literal(SOURCE),
            value=value,
            value_pcs=e.null("float64"),
            known_cells=has_factor.ifelse(joined.known_cells, 0),
            estimated_cells=has_factor.ifelse(joined.known_cells, 0),
            flag=e.cases(
                (has_factor, Flag.ESTIMATED.value),
                (joined.flag == Flag.SECRET.value, Flag.SECRET.value),
                else_=Flag.MISSING.value,
            ),
        )
    )


def _factors() -> pa.Table:
    """Tonnes of CO2 equivalent a kWh of final energy (PCI), by energy and year."""
    rows = []
    for year in YEARS:
        found = kg_co2e([1.0] * len(FUELS), energy_codes(list(FUELS.values())), date(year, 7, 1))
        rows += [
            {
                "factor_energy": energy.value,
                "factor_year": year,
                "tonnes_per_kwh": float(kilograms) / KG_PER_TONNE,
            }
            for energy, kilograms in zip(FUELS, found.values, strict=True)
            if kilograms == kilograms
        ]
    schema = pa.schema(
        [
            ("factor_energy", pa.string()),
            ("factor_year", pa.int16()),
            ("tonnes_per_kwh", pa.float64()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)
