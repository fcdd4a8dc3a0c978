"""Energy-poverty need of every commune, by the open model of `calc/poverty/territory.py`."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atre.calc.dwelling.spreads import Spread
from atre.calc.errors import RefusedInput
from atre.calc.parameters import UnknownParameter
from atre.calc.poverty.income_distribution import spread_reference
from atre.calc.poverty.territory import TerritoryNeed, territory_need
from atre.calc.poverty.territory_spending import DPE_CLASSES, Territories
from atre.formats.territory_figures import Level
from atre.warehouse.engine import Table
from atre.warehouse.indicators import Flag
from atre.warehouse.marts.inputs import Inputs
from atre.warehouse.marts.shape import MART
from atre.warehouse.staging.figures import Standing

SOURCE = "model_energy_poverty"
Floats = NDArray[np.float64]
INCOMES = ("median_income", "decile_1", "decile_9", "tax_households")
MEASURES = (*INCOMES, "dwellings", "degree_days", "dpe_count")
PERCENT = 100.0


def energy_poverty(inputs: Inputs) -> pa.Table:
    """Rows of MART: share and number of households by TEE and BRDE, with the model's band.

    Of the latest year whose incomes were received and whose parameters are known; no row without
    incomes. A commune that lacks an input is missing, never zero.
    """
    known = _known(inputs)
    years = sorted({year for measure, _, year in known if measure == "median_income" and year})
    for year in reversed(years):
        try:
            return _rows(known, year, _need(known, year))
        except (UnknownParameter, RefusedInput):
            continue
    return MART.empty_table()


def _known(inputs: Inputs) -> dict[tuple[str, str, int | None], dict[str, float]]:
    """Values by commune, for each measure, category and year that the model reads."""
    staged = inputs.staged
    rows = staged.filter(
        (staged.standing == Standing.KEPT.value) & staged.measure.isin(list(MEASURES))
    )
    parts = rows.filter(rows.commune.notnull())
    # A median of two communes merged since is no median: only what stands alone is read.
    sums = parts.group_by("measure", "category", "year", "commune", "level").agg(
        value=parts.value.sum(), rows=parts.count()
    )
    found: dict[tuple[str, str, int | None], dict[str, float]] = {}
    for line in inputs.engine.rows(sums).to_pylist():
        if _is_read(line):
            key = (line["measure"], line["category"] or "", line["year"])
            found.setdefault(key, {})[line["commune"]] = line["value"]
    found["degree_days", "", None] = _degree_days(inputs, rows)
    return found


def _is_read(line: dict[str, Any]) -> bool:
    if line["value"] is None:
        return False
    by_iris = bool(line["level"] == Level.IRIS)
    if line["measure"] in INCOMES:
        return not by_iris and bool(line["rows"] == 1 or line["measure"] == "tax_households")
    return by_iris or bool(line["measure"] != "dwellings")


def _degree_days(inputs: Inputs, rows: Table) -> dict[str, float]:
    days = rows.filter((rows.measure == "degree_days") & (rows.level == Level.DEPARTMENT.value))
    days = days.select(of="territory", days="value")
    members = inputs.communes.join(days, inputs.communes.department == days.of)
    table = inputs.engine.rows(members.select("code", "days"))
    return dict(zip(table["code"].to_pylist(), table["days"].to_pylist(), strict=True))


def _need(
    known: dict[tuple[str, str, int | None], dict[str, float]], year: int
) -> tuple[list[str], TerritoryNeed, Floats]:
    communes = sorted(
        known["median_income", "", year] | known.get(("tax_households", "", year), {})
    )

    def column(measure: str, category: str = "", of_year: int | None = year) -> Floats:
        values = known.get((measure, category, of_year), {})
        return np.array([values.get(code, np.nan) for code in communes])

    houses, flats = (_latest(known, communes, category) for category in ("houses", "flats"))
    days = column("degree_days", "", None)
    dwellings = houses + flats
    weighted = ~np.isnan(days) & (dwellings > 0)
    if not weighted.any():
        raise RefusedInput(
            "Ni logements ni degrés-jours : pas de moyenne nationale.", field="houses"
        )
    given = Territories(
        median_eur=column("median_income"),
        first_decile_eur=column("decile_1"),
        ninth_decile_eur=column("decile_9"),
        households=column("tax_households"),
        houses=houses,
        flats=flats,
        degree_days=days,
        national_degree_days=float(np.average(days[weighted], weights=dwellings[weighted])),
        dpe_counts=_dpe(known, communes),
    )
    reference = spread_reference(
        given.median_eur, given.first_decile_eur, given.ninth_decile_eur, given.households
    )
    need = territory_need(given, income_year=year, reference=reference)
    return communes, need, column("tax_households")


def _latest(
    known: dict[tuple[str, str, int | None], dict[str, float]], communes: list[str], category: str
) -> Floats:
    years = [year for measure, name, year in known if (measure, name) == ("dwellings", category)]
    values = known["dwellings", category, max(years, key=lambda y: y or 0)] if years else {}
    return np.array([values.get(code, np.nan) for code in communes])


def _dpe(
    known: dict[tuple[str, str, int | None], dict[str, float]], communes: list[str]
) -> Floats | None:
    columns = []
    for letter in DPE_CLASSES:
        years = [k for k in known if k[0] == "dpe_count" and k[1] == f"dpe:{letter}"]
        total: dict[str, float] = {}
        for key in years:
            for code, count in known[key].items():
                total[code] = total.get(code, 0.0) + count
        columns.append([total.get(code, np.nan) for code in communes])
    counts = np.array(columns).T
    return None if np.isnan(counts).all() else counts


def _rows(
    known: dict[tuple[str, str, int | None], dict[str, float]],
    year: int,
    found: tuple[list[str], TerritoryNeed, Floats],
) -> pa.Table:
    communes, need, households = found
    parts = []
    for category, share, number in (
        ("tee", need.tee_share, need.tee_households),
        ("brde", need.brde_share, need.brde_households),
    ):
        parts.append(_part("energy_poverty_share", "%", category, share.times(PERCENT), households))
        parts.append(_part("energy_poverty_households", "households", category, number, None))
    count = len(communes)
    tables = [
        pa.table(
            {
                **part,
                "territory": pa.array(communes, pa.string()),
                "level": _same(Level.COMMUNE.value, count),
                "year": pa.array([year] * count, pa.int16()),
                "source": _same(SOURCE, count),
            }
        ).select(MART.names)
        for part in parts
    ]
    return pa.concat_tables(tables).cast(MART)


def _part(
    indicator: str, unit: str, category: str, values: Spread, weight: Floats | None
) -> dict[str, pa.Array]:
    central = np.asarray(values.central)
    count, is_known = len(central), ~np.isnan(central)
    nothing = pa.nulls(count, pa.string())
    number = is_known.astype(np.int64)
    return {
        "indicator": _same(indicator, count),
        "sector": nothing,
        "energy": nothing,
        "category": _same(category, count),
        "value": _floats(central),
        "value_pcs": pa.nulls(count, pa.float64()),
        "lower": _floats(values.low),
        "upper": _floats(values.high),
        "weight": pa.nulls(count, pa.float64()) if weight is None else _floats(weight),
        "flag": pa.array(np.where(is_known, Flag.ESTIMATED.value, Flag.MISSING.value).tolist()),
        "cells": pa.array(np.ones(count, np.int64)),
        "known_cells": pa.array(number),
        "secret_cells": pa.array(np.zeros(count, np.int64)),
        "estimated_cells": pa.array(number),
        "geographies": pa.array(np.ones(count, np.int64)),
        "unit": _same(unit, count),
    }


def _floats(values: Any) -> pa.Array:
    return pa.array(np.asarray(values, dtype=np.float64), from_pandas=True)


def _same(text: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), count)
