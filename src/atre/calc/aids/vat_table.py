"""The rates of VAT on works of one day, as arrays by kind of works."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from atre.calc.aids.facts_on import fact_on, facts, number_of
from atre.calc.aids.result import CONFIDENCE_BY_RANK, Euros, Ranks
from atre.calc.parameters import DatedValue


class VatWorks(StrEnum):
    """Kinds of works that have a rate of their own; the int8 code in arrays is the rank here."""

    ENERGY = "energy"
    VENTILATION = "ventilation"
    IMPROVEMENT = "improvement"
    FOSSIL_BOILER = "fossil_boiler"
    BOILER_MAINTENANCE = "boiler_maintenance"
    BEST_BOILER_MAINTENANCE = "best_boiler_maintenance"
    AIR_TO_AIR_HEAT_PUMP = "air_to_air_heat_pump"
    SOLAR_PANELS = "solar_panels"
    NEW_BUILDING = "new_building"

    @property
    def label_fr(self) -> str:
        return _LABELS_FR[self]


_LABELS_FR = {
    VatWorks.ENERGY: "rénovation énergétique",
    VatWorks.VENTILATION: "ventilation mécanique contrôlée",
    VatWorks.IMPROVEMENT: "amélioration, transformation, aménagement ou entretien",
    VatWorks.FOSSIL_BOILER: "chaudière au gaz, au fioul ou au charbon",
    VatWorks.BOILER_MAINTENANCE: "entretien d’une chaudière",
    VatWorks.BEST_BOILER_MAINTENANCE: "entretien d’une chaudière à très haute performance",
    VatWorks.AIR_TO_AIR_HEAT_PUMP: "pompe à chaleur air-air",
    VatWorks.SOLAR_PANELS: "panneaux photovoltaïques",
    VatWorks.NEW_BUILDING: "construction, extension ou reconstruction",
}

VAT_WORKS_BY_CODE = tuple(VatWorks)
# Columns of the table: the kinds, then panels above the power that opens a reduced rate, then
# the place where an unknown kind falls.
ABOVE_POWER = len(VAT_WORKS_BY_CODE)
NOT_KNOWN = ABOVE_POWER + 1
NEW, OLD = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class VatTable:
    """Rates on one day. Rows: dwelling too new, old enough. Columns: kinds of works.

    `rate_pct` and `rank` (confidence) have the shape (2, kinds + 2), NaN where no rate was
    published. `most_power_kwc`: the power of panels up to which the reduced rate holds.
    """

    rate_pct: Euros
    rank: Ranks
    normal_pct: float
    least_age_years: float
    most_power_kwc: float
    facts: tuple[tuple[DatedValue, ...], ...]


@lru_cache(maxsize=512)
def vat_table(on: date) -> VatTable:
    """The rates of a day, %; NaN everywhere before the first day known.

    Source: parameters `vat.*`. A boiler that burns gas or fuel oil is at the normal rate, however
    old the dwelling:

    >>> table = vat_table(date(2026, 6, 1))
    >>> float(table.rate_pct[OLD, VAT_WORKS_BY_CODE.index(VatWorks.FOSSIL_BOILER)])
    20.0
    """
    normal = fact_on("vat.normal", on)
    age = fact_on("vat.least_dwelling_age", on)
    power = fact_on("vat.solar_panels_most_power", on)
    old_only = fact_on("vat.solar_panels_need_old_dwelling", on)
    rate_pct = np.full((2, NOT_KNOWN + 1), np.nan)
    rank = np.zeros((2, NOT_KNOWN + 1), dtype=np.int8)
    columns: list[tuple[DatedValue, ...]] = [()] * (NOT_KNOWN + 1)
    # Whatever the works, a dwelling too new pays the normal rate, unless a text says otherwise.
    _fill(rate_pct, rank, (NEW, slice(0, NOT_KNOWN)), normal)
    for code, kind in enumerate(VAT_WORKS_BY_CODE):
        reduced = normal if kind is VatWorks.NEW_BUILDING else fact_on(f"vat.{kind}", on)
        _fill(rate_pct, rank, (OLD, slice(code, code + 1)), reduced)
        columns[code] = facts(reduced, age, normal)
    panels = VAT_WORKS_BY_CODE.index(VatWorks.SOLAR_PANELS)
    if old_only is not None and not old_only.holds:
        rate_pct[NEW, panels], rank[NEW, panels] = rate_pct[OLD, panels], rank[OLD, panels]
    _fill(rate_pct, rank, (OLD, slice(ABOVE_POWER, NOT_KNOWN)), normal)
    columns[panels] = facts(fact_on("vat.solar_panels", on), power, old_only, normal)
    columns[ABOVE_POWER] = facts(normal, power)
    # Shared by every caller of that day through the cache.
    rate_pct.flags.writeable = rank.flags.writeable = False
    return VatTable(
        rate_pct=rate_pct,
        rank=rank,
        normal_pct=number_of(normal),
        least_age_years=number_of(age),
        most_power_kwc=number_of(power),
        facts=tuple(columns),
    )


def _fill(
    rate_pct: NDArray[np.float64],
    rank: Ranks,
    place: tuple[int, slice],
    fact: DatedValue | None,
) -> None:
    if fact is not None:
        rate_pct[place] = fact.number
        rank[place] = CONFIDENCE_BY_RANK.index(fact.confidence)
