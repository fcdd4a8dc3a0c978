"""What homes would have consumed each year under one same climate, beside what they consumed.

Degree days are of the department and of the year of consumption, from received daily temperatures;
the reference is the mean of the years received, on the same base, formula and season. Only homes
have a published share of heating: the other sectors have no row here, and stay raw.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atre.calc.climate_correction import (
    PLAUSIBLE_RATIO,
    climate_corrected,
    heating_shares,
)
from atre.calc.emissions.carriers import Carrier, carrier_codes
from atre.formats.territory_figures import Level, Sector
from atre.warehouse import engine as e
from atre.warehouse.engine import Table
from atre.warehouse.indicators import Flag
from atre.warehouse.marts.additive import additive, shaped
from atre.warehouse.marts.climate import OF_YEAR
from atre.warehouse.marts.inputs import Inputs
from atre.warehouse.staging.figures import Standing

INDICATOR = "consumption_corrected"
# A category of the corrected figures says their reference: « reference:2018-2020 ».
REFERENCE = "reference"
RECONSTRUCTED = Flag.RECONSTRUCTED.value
BY_DEPARTMENT = (Level.COMMUNE.value, Level.DEPARTMENT.value)
FACTORS = pa.schema(
    [
        pa.field("factor_department", pa.string()),
        pa.field("factor_year", pa.int16()),
        pa.field("factor_energy", pa.string()),
        pa.field("factor", pa.float64()),
    ]
)
Floats = NDArray[np.float64]


def consumption_corrected(inputs: Inputs) -> Table:
    """Rows of MART in kWh for homes, by commune and by department; missing where the degree days of
    the year or of the reference are unknown, or the energy has no published share of heating.

    No row before any daily temperature was received: nothing names a reference then.
    """
    days = _degree_days(inputs)
    years = reference_years(days)
    rows = _consumption(inputs)
    is_home = rows.sector == Sector.RESIDENTIAL.value
    rows = rows.filter(
        is_home.fill_null(False) & rows.level.isin(BY_DEPARTMENT) & e.literal(bool(years))
    )
    rows = _with_department(rows, inputs)
    known = e.in_memory(factors(days, years))
    rows = rows.left_join(
        known,
        [
            rows.of_department == known.factor_department,
            rows.year == known.factor_year,
            rows.energy == known.factor_energy,
        ],
    )
    value = rows.value * rows.factor
    is_known = value.notnull()
    return shaped(
        rows.mutate(
            indicator=e.literal(INDICATOR),
            category=e.literal(reference_category(years)),
            value=value,
            value_pcs=rows.value_pcs * rows.factor,
            lower=rows.lower * rows.factor,
            upper=rows.upper * rows.factor,
            known_cells=is_known.ifelse(rows.known_cells, 0),
            estimated_cells=is_known.ifelse(rows.known_cells, 0),
            flag=e.cases(
                (is_known & (rows.flag == RECONSTRUCTED), RECONSTRUCTED),
                (is_known, Flag.ESTIMATED.value),
                (rows.flag == Flag.SECRET.value, Flag.SECRET.value),
                else_=Flag.MISSING.value,
            ),
        )
    )


def _consumption(inputs: Inputs) -> Table:
    """The rows of consumption, from their mart where it is written."""
    written = inputs.written.get("consumption")
    if written is None:
        return additive(inputs, ("consumption",))
    return written.filter(written.indicator == "consumption")


def reference_category(years: Sequence[int]) -> str:
    """How corrected figures name their reference: its years, and how many when some are not there.

    « reference:2018-2020 », « reference:2018-2022(4) ».
    """
    if not years:
        return REFERENCE
    whole = years[-1] - years[0] + 1 == len(years)
    return f"{REFERENCE}:{years[0]}-{years[-1]}" + ("" if whole else f"({len(years)})")


def reference_fr(years: Sequence[int]) -> str:
    """The reference in words, for the reader."""
    return (
        f"moyenne des {len(years)} années reçues de {years[0]} à {years[-1]}, DJU base 18 °C, "
        "formule Météo, du 1er octobre au 20 mai"
    )


def reference_years(days: Mapping[tuple[str, int], float]) -> tuple[int, ...]:
    """The years whose mean is the reference: those that most departments have, so that one same
    period serves everywhere."""
    counts = Counter(year for _, year in days)
    most = max(counts.values(), default=0)
    return tuple(sorted(year for year, count in counts.items() if count == most))


def factors(days: Mapping[tuple[str, int], float], years: Sequence[int]) -> pa.Table:
    """What a kWh of homes becomes, by department, year and energy; no row where it is unknown.

    The correction is in proportion to the consumption: one calculation over all departments, years
    and energies serves every commune.
    """
    keys = sorted(days)
    if not keys or not years:
        return FACTORS.empty_table()
    carriers = [carrier.value for carrier in Carrier]
    of_year = np.array([days[key] for key in keys])
    reference = _references(days, keys, years)
    low, high = PLAUSIBLE_RATIO
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = reference / of_year
    # A department almost without winter has no correction, and must not stop the others.
    of_year = np.where((ratio >= low) & (ratio <= high), of_year, np.nan)
    shares = heating_shares(
        carrier_codes(carriers), np.ones(len(carriers), dtype=np.bool_), date(years[-1], 12, 31)
    )
    found = climate_corrected(
        np.ones(len(keys) * len(carriers)),
        np.tile(shares, len(keys)),
        np.repeat(of_year, len(carriers)),
        np.repeat(reference, len(carriers)),
        reference_fr=reference_fr(years),
    ).corrected_kwh
    columns = [
        pa.array(np.repeat([department for department, _ in keys], len(carriers)), pa.string()),
        pa.array(np.repeat([year for _, year in keys], len(carriers)), pa.int16()),
        pa.array(carriers * len(keys), pa.string()),
        pa.array(found, pa.float64()),
    ]
    return pa.Table.from_arrays(columns, schema=FACTORS).filter(pa.array(~np.isnan(found)))


def _references(
    days: Mapping[tuple[str, int], float], keys: Sequence[tuple[str, int]], years: Sequence[int]
) -> Floats:
    """The mean of the reference years for each key's department, NaN where it lacks one of them."""
    means = {
        department: float(np.mean([days.get((department, year), np.nan) for year in years]))
        for department in {department for department, _ in keys}
    }
    return np.array([means[department] for department, _ in keys])


def _degree_days(inputs: Inputs) -> dict[tuple[str, int], float]:
    rows = inputs.staged
    rows = rows.filter(
        (rows.standing == Standing.KEPT.value)
        & (rows.measure == OF_YEAR)
        & (rows.level == Level.DEPARTMENT.value)
        & rows.value.notnull()
    )
    found = inputs.engine.rows(rows.select("territory", "year", "value"))
    return {
        (line["territory"], line["year"]): line["value"]
        for line in found.to_pylist()
        if line["year"] is not None
    }


def _with_department(rows: Table, inputs: Inputs) -> Table:
    members = inputs.communes.select(member="code", department="department")
    rows = rows.left_join(members, rows.territory == members.member)
    is_department = rows.level == Level.DEPARTMENT.value
    return rows.mutate(of_department=is_department.ifelse(rows.territory, rows.department))
