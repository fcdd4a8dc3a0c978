"""What a CEE offer might be, line by line: never an answer, a step of the trace.

Until 2025: the least of the Coup de pouce Chauffage, by income class. From October 2025, for an
air-to-water heat pump in a house: base volume × surface factor × zone factor × multiplier, priced
at a low and a high market price, « précarité » or « classique » by the income class.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from atre.calc.aids.applicant import CLASS_NAMES, Applicants
from atre.calc.aids.facts_on import by_code, fact_on, facts, number_of
from atre.calc.aids.result import Euros, Flags
from atre.calc.aids.situation import Situations, Works
from atre.calc.aids.situation_fields import FIELDS, GESTE_CODE, Geste
from atre.calc.parameters import DatedValue
from atre.calc.three_valued import (
    NO_CODE,
    UNKNOWN_CODE,
    YES_CODE,
    Codes,
    codes_from_condition,
)

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
    "cee.precarite_classes",
)
PAC_INPUTS = ("dwelling_kind", "floor_area_m2", "cee_zone", "pac_etas_at_least_140")
PRECARITE, CLASSIQUE = "cee.price_precarite", "cee.price_classique"


@dataclass(frozen=True, slots=True)
class Indication:
    """Low and high amounts by line, (m,), NaN where nothing is published or an input lacks.

    `needs`: by input name, the households (n,) whose indication waits for it.
    """

    low_eur: Euros
    high_eur: Euros
    needs: Mapping[str, Flags]


@dataclass(frozen=True, slots=True)
class MarketPrices:
    """Low and high prices, (n,), in euros per MWh cumac; the whole range where the class lacks.

    `precarite` int8 (n,): whether the certificates of that class are « précarité ».
    """

    precarite: Codes
    low_eur_per_mwh: Euros
    high_eur_per_mwh: Euros


def indicated_eur(situations: Situations, works: Works, who: Applicants, on: date) -> Indication:
    """The indications of m lines, euros, shape (m,): see the module for what they are worth.

    `works`: the lines of the n `situations`, `who` their applicants. NaN where nothing is published
    for the work or an input lacks. Source: parameters `cee.*`.

    763 200 kWh cumac at 9 to 13 € a MWh for a « très modeste » household's heat pump:

    >>> from atre.calc.aids.applicant import applicants
    >>> from atre.calc.aids.examples import example_project
    >>> house = example_project(floor_area_m2=132, cee_zone="H1", pac_etas_at_least_140=False)
    >>> found = indicated_eur(house, house.works, applicants(house, date(2026, 6, 1)),
    ...     date(2026, 6, 1))
    >>> found.low_eur[2].item(), found.high_eur[2].item()
    (6868.8, 9921.6)
    """
    low = np.full(works.household.shape, np.nan)
    high = low.copy()
    by_class = np.zeros(situations.n, np.bool_)
    for geste in WITH_MINIMUM:
        fact = fact_on(f"cee.coup_de_pouce.minimum.{geste}", on)
        if fact is not None:
            lines = works.is_geste(geste)
            low[lines] = high[lines] = who.amounts(fact)[works.household[lines]]
            by_class |= works.any_of(lines, situations.n)
    needs = {name: rows & by_class for name, rows in who.needs.items()}
    pump = works.geste == GESTE_CODE[Geste.PAC_AIR_EAU]
    volume = pac_volume_kwh_cumac(situations, on)[works.household[pump]]
    # Of a volume without a price nothing can be said: then no input would help.
    if fact_on("cee.coup_de_pouce.pac_multiplier", on) and fact_on(CLASSIQUE, on):
        needs |= _pac_needs(situations, works.any_of(pump, situations.n))
        prices = market_prices(who, on)
        low[pump] = volume * prices.low_eur_per_mwh[works.household[pump]] / 1000
        high[pump] = volume * prices.high_eur_per_mwh[works.household[pump]] / 1000
    return Indication(low, high, needs)


def _pac_needs(situations: Situations, pumps: Flags) -> dict[str, Flags]:
    """What the volume of a heat pump lacks; nothing lacks in an apartment, which has no volume."""
    kind = situations.choice("dwelling_kind")
    asked = pumps & (kind != situations.rank("dwelling_kind", "apartment"))
    return {name: asked & situations.unknown(name) for name in PAC_INPUTS}


def market_prices(who: Applicants, on: date) -> MarketPrices:
    """The prices of n applicants' certificates, €/MWh cumac, (n,); NaN without a published one.

    Source: parameters `cee.precarite_classes`, `cee.price_precarite`, `cee.price_classique`.

    « Précarité », « classique », then an unknown income: the whole range.

    >>> from atre.calc.aids.applicant import applicants
    >>> from atre.calc.aids.examples import example_projects
    >>> on = date(2026, 6, 1)
    >>> prices = market_prices(applicants(example_projects(3, rfr_eur=[17e3, 9e4, None]), on), on)
    >>> prices.low_eur_per_mwh.tolist(), prices.high_eur_per_mwh.tolist()
    ([9.0, 8.5, 8.5], [13.0, 9.0, 13.0])
    """
    fact = fact_on("cee.precarite_classes", on)
    names = fact.names if fact is not None else ()
    inside = np.isin(who.codes, [CLASS_NAMES.index(name) for name in names])
    precarite = codes_from_condition(inside, (who.codes != UNKNOWN_CODE) & (fact is not None))
    both = [_prices(fact_on(key, on)) for key in (PRECARITE, CLASSIQUE)]
    kinds = [precarite == YES_CODE, precarite == NO_CODE]
    return MarketPrices(
        precarite,
        np.select(kinds, [low for low, _ in both], min(low for low, _ in both)),
        np.select(kinds, [high for _, high in both], max(high for _, high in both)),
    )


def _prices(fact: DatedValue | None) -> tuple[float, float]:
    if fact is None:
        return np.nan, np.nan
    return fact.named_numbers["low"], fact.named_numbers["high"]


def pac_volume_kwh_cumac(situations: Situations, on: date) -> Euros:
    """Volume of certificates of an air-to-water heat pump in a house, Coup de pouce included.

    kWh cumac, shape (n,); NaN before October 2025 (a lump sum then), elsewhere than in a house, and
    where the area, the zone or the seasonal efficiency (`pac_etas_at_least_140`) is unknown. Source:
    parameters `cee.pac_air_eau.*` and `cee.coup_de_pouce.pac_multiplier`.

    79 500 kWh cumac × 1,6 above 130 m² × 1 in zone H1 × 6; an apartment has no volume.

    >>> two = Situations.of(2, dwelling_kind=["house", "apartment"], floor_area_m2=132,
    ...     cee_zone="H1", pac_etas_at_least_140=False)
    >>> pac_volume_kwh_cumac(two, date(2026, 6, 1)).tolist()
    [763200.0, nan]
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
    house = situations.choice("dwelling_kind") == situations.rank("dwelling_kind", "house")
    volume: Euros = np.where(house, base * surface * zone * multiplier, np.nan)
    return volume


def by_upper_bound(fact: DatedValue | None, values: Euros) -> Euros:
    """The number of the first bound that a value stays under: names `lt_70`, …, then `ge_130`.

    `values` in the unit of the bounds (m²), any shape; NaN where the value or the fact is unknown.

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
    """What the indication of a day reads, whatever the works; only what is published on that day.

    A least amount by class, then a price of the market:

    >>> days = date(2025, 6, 1), date(2026, 6, 1)
    >>> [any(fact.key == CLASSIQUE for fact in indication_facts(on)) for on in days]
    [False, True]
    """
    keys = [f"cee.coup_de_pouce.minimum.{geste}" for geste in WITH_MINIMUM]
    return facts(*(fact_on(key, on) for key in (*keys, *PAC_KEYS, PRECARITE, CLASSIQUE)))
