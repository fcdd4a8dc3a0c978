"""Greenhouse gases of the energy consumed, by the factors of the year of consumption."""

from datetime import date
from math import isnan

import pyarrow as pa

from atre.calc.emissions.carriers import Carrier, carrier_codes
from atre.calc.emissions.territory import kg_co2e
from atre.formats.territory_figures import Sector
from atre.warehouse import engine as e
from atre.warehouse.engine import Table
from atre.warehouse.indicators import Flag
from atre.warehouse.marts.additive import shaped

YEARS = range(2008, 2036)
KG_PER_TONNE = 1000
RECONSTRUCTED = Flag.RECONSTRUCTED.value
TRANSPORT = (Sector.ROAD_TRANSPORT.value, Sector.OTHER_TRANSPORT.value)


def consumption_emissions(rows: Table, factors: Table) -> Table:
    """Rows of MART in tCO2e from those of consumption, of final energy in PCI, and the `factors` of
    `emission_factors`; missing where the year has no factor."""
    rows = rows.filter(rows.indicator == "consumption")
    joined = rows.left_join(
        factors, [rows.energy == factors.factor_energy, rows.year == factors.factor_year]
    )
    # What is burnt on roads is not heating oil, whose factor ours is.
    is_fuel_of_roads = joined.sector.isin(TRANSPORT) & (joined.energy == Carrier.OIL.value)
    factor = is_fuel_of_roads.fill_null(False).ifelse(e.null("float64"), joined.tonnes_per_kwh)
    value = joined.value * factor
    has_factor = value.notnull()
    return shaped(
        joined.mutate(
            indicator=e.literal("consumption_emissions"),
            unit=e.literal("tCO2e"),
            value=value,
            value_pcs=e.null("float64"),
            lower=joined.lower * factor,
            upper=joined.upper * factor,
            known_cells=has_factor.ifelse(joined.known_cells, 0),
            estimated_cells=has_factor.ifelse(joined.known_cells, 0),
            flag=e.cases(
                (has_factor & (joined.flag == RECONSTRUCTED), RECONSTRUCTED),
                (has_factor, Flag.ESTIMATED.value),
                (joined.flag == Flag.SECRET.value, Flag.SECRET.value),
                else_=Flag.MISSING.value,
            ),
        )
    )


def emission_factors() -> pa.Table:
    """Tonnes of CO2 equivalent a kWh of final energy (PCI), by energy and year."""
    carriers, rows = list(Carrier), []
    for year in YEARS:
        found = kg_co2e([1.0] * len(carriers), carrier_codes(carriers), date(year, 7, 1))
        rows += [
            {
                "factor_energy": carrier.value,
                "factor_year": year,
                "tonnes_per_kwh": kilograms / KG_PER_TONNE,
            }
            for carrier, kilograms in zip(carriers, found.values.tolist(), strict=True)
            if not isnan(kilograms)
        ]
    schema = pa.schema(
        [
            ("factor_energy", pa.string()),
            ("factor_year", pa.int16()),
            ("tonnes_per_kwh", pa.float64()),
        ]
    )
    return pa.Table.from_pylist(rows, schema=schema)
