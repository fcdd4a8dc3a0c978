"""What a CEE offer might be, line by line: never an answer, a step of the trace.

Until 2025: the least of the Coup de pouce Chauffage, by income class. From October 2025, for an
air-to-water heat pump in a house: base volume × surface factor × zone factor × multiplier, priced
at a low and a high market price.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from atre.calc.aids.applicant import Applicants
from atre.calc.aids.facts_on import by_code, fact_on, facts, number_of
from atre.calc.aids.result import Euros
from atre.calc.aids.situation import Situations, Works
from atre.calc.aids.situation_fields import FIELDS, GESTE_CODE, Geste
from atre.calc.parameters import DatedValue
from atre.calc.three_valued import NO_CODE, YES_CODE

WITH_MINIMUM = (
    Geste.PAC_AIR_EAU,
    Geste.PAC_GEO_SOLAROTHERM,
    Geste.SSC,
    Geste.CHAUDIERE_GRANULES,
    Geste.CHAUDIERE_BUCHES,
    Geste.RESEAU_CHALEUR_FROID,
)
PAC_KEYS = (
    "cee.pac_air_eau.base_low",
    "cee.pac_air_eau.base_high",
    "cee.pac_air_eau.surface_factor",
    "cee.pac_air_eau.zone_factor",
    "cee.coup_de_pouce.pac_multiplier",
    "cee.price",
)


@dataclass(frozen=True, slots=True)
class Indication:
    """Low and high amounts by line, (m,), NaN where nothing is published or an input lacks."""

    low_eur: Euros
    high_eur: Euros


def indicated_eur(situations: Situations, works: Works, who: Applicants, on: date) -> Indication:
    """The indications of m lines.

    >>> from atre.calc.aids.applicant import applicants
    >>> from atre.calc.aids.examples import example_project
    >>> house = example_project(floor_area_m2=132, cee_zone="H1", pac_etas_at_least_140=False)
    >>> found = indicated_eur(house, house.works, applicants(house, date(2026, 6, 1)),
    ...     date(2026, 6, 1))
    >>> found.low_eur[2].item(), found.high_eur[2].item()
    (6487.2, 9921.6)
    """
    low = np.full(works.household.shape, np.nan)
    high = low.copy()
    for geste in WITH_MINIMUM:
        fact = fact_on(f"cee.coup_de_pouce.minimum.{geste}", on)
        if fact is not None:
            lines = works.is_geste(geste)
            low[lines] = high[lines] = who.amounts(fact)[works.household[lines]]
    pump = works.geste == GESTE_CODE[Geste.PAC_AIR_EAU]
    volume = pac_volume_kwh_cumac(situations, on)[works.household[pump]]
    price = fact_on("cee.price", on)
    if price is not None:
        low[pump] = volume * price.named_numbers["low"] / 1000
        high[pump] = volume * price.named_numbers["high"] / 1000
    return Indication(low, high)


def pac_volume_kwh_cumac(situations: Situations, on: date) -> Euros:
    """Volume of certificates of an air-to-water heat pump in a house, Coup de pouce included.

    Shape (n,); NaN before October 2025 (a lump sum then), and where the area, the zone or the
    seasonal efficiency (`pac_etas_at_least_140`) is unknown.
    """
    multiplier = number_of(fact_on("cee.coup_de_pouce.pac_multiplier", on))
    efficient = situations.flag("pac_etas_at_least_140")
    base = np.select(
        [efficient == YES_CODE, efficient == NO_CODE],
        [number_of(fact_on(key, on)) for key in PAC_KEYS[1::-1]],
        np.nan,
    )
    surface = by_upper_bound(fact_on(PAC_KEYS[2], on), situations.number("floor_area_m2"))
    zones = FIELDS["cee_zone"].choices
    zone = by_code(fact_on(PAC_KEYS[3], on), zones, situations.choice("cee_zone"))
    volume: Euros = base * surface * zone * multiplier
    return volume


def by_upper_bound(fact: DatedValue | None, values: Euros) -> Euros:
    """The number of the first bound that a value stays under: names `lt_70`, …, then `ge_130`.

    >>> factor = fact_on("cee.pac_air_eau.surface_factor", date(2026, 6, 1))
    >>> by_upper_bound(factor, np.array([69.9, 70.0, 130.0, np.nan])).tolist()
    [0.5, 0.7, 1.6, nan]
    """
    if fact is None:
        return np.full(values.shape, np.nan)
    named = fact.named_numbers
    bounds = [float(name.removeprefix("lt_")) for name in named if name.startswith("lt_")]
    numbers = np.array([*named.values(), np.nan])
    place = np.where(np.isnan(values), len(named), np.searchsorted(bounds, values, side="right"))
    found: Euros = numbers[place]
    return found


def indication_facts(on: date) -> tuple[DatedValue, ...]:
    """What the indication of a day reads."""
    keys = [f"cee.coup_de_pouce.minimum.{geste}" for geste in WITH_MINIMUM]
    return facts(*(fact_on(key, on) for key in (*keys, *PAC_KEYS)))
