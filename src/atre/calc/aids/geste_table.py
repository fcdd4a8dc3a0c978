"""The « par geste » amounts of a day as arrays: which works are paid, how much, up to what cost."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np

from atre.calc.aids.applicant import CLASS_NAMES
from atre.calc.aids.explanation import lowest_rank
from atre.calc.aids.facts_on import fact_on
from atre.calc.aids.result import Euros, Flags, Ranks
from atre.calc.aids.situation_fields import GESTE_CODE, GESTES_BY_CODE, Geste
from atre.calc.parameters import DatedValue, NoSuchParameter
from atre.calc.three_valued import NO_CODE, UNKNOWN_CODE, YES_CODE, Codes

COVERED = "mpr.gestes.covered"
COVERED_OVERSEAS = "mpr.gestes.covered_overseas"
OVERSEAS_CESI = "cesi_drom"


@dataclass(frozen=True, slots=True)
class GesteTable:
    """One row a geste, in the order of `Geste`, for one place (mainland or overseas).

    `covered` int8 (g,): 1, 0, -1 unknown. `amount_eur` (g, 4): the lump sum by income class, by
    unit where `by_unit`; NaN where none is published. `cap_eur` (g,): the expense kept, by unit
    where `by_unit`; NaN where none is published. `most_units` (g,): infinite without limit.
    `facts`: what was read for each geste; `rank` int8 (g,): the lowest confidence among them.
    """

    covered: Codes
    amount_eur: Euros
    by_unit: Flags
    cap_eur: Euros
    most_units: Euros
    rank: Ranks
    facts: tuple[tuple[DatedValue, ...], ...]


@lru_cache(maxsize=512)
def geste_table(on: date, overseas: bool) -> GesteTable:
    """The table of a day; cached, since an agency judges many files of the same few days.

    Euros, by m² or by window where `by_unit`. Source: parameters `mpr.gestes.*`. On 1 September
    2026 heat pumps stayed, and thermodynamic water heaters left:

    >>> table = geste_table(date(2026, 9, 1), overseas=False)
    >>> int(table.covered[GESTE_CODE[Geste.PAC_AIR_EAU]]), int(table.covered[GESTE_CODE[Geste.CET]])
    (1, 0)
    """
    gestes = len(GESTES_BY_CODE)
    amount = np.full((gestes, len(CLASS_NAMES)), np.nan)
    by_unit = np.zeros(gestes, np.bool_)
    cap = np.full(gestes, np.nan)
    used: list[tuple[DatedValue, ...]] = []
    for code, geste in enumerate(GESTES_BY_CODE):
        name = OVERSEAS_CESI if overseas and geste is Geste.CESI else str(geste)
        paid, kept = _fact(f"mpr.gestes.amount.{name}", on), _fact(f"mpr.gestes.cap.{name}", on)
        if paid is not None:
            amount[code] = [paid.named_numbers.get(one, np.nan) for one in CLASS_NAMES]
            by_unit[code] = paid.unit != "EUR"
        if kept is not None:
            cap[code] = kept.number
        used.append(tuple(fact for fact in (paid, kept) if fact is not None))
    most = np.full(gestes, np.inf)
    ite = fact_on("mpr.gestes.ite_max_area", on)
    if ite is not None:
        most[GESTE_CODE[Geste.ITE]] = ite.number
    rank = np.array([lowest_rank(read) for read in used], dtype=np.int8)
    table = GesteTable(_covered(on, overseas), amount, by_unit, cap, most, rank, tuple(used))
    for shared in (table.covered, amount, by_unit, cap, most, rank):
        shared.flags.writeable = False
    return table


def _covered(on: date, overseas: bool) -> Codes:
    fact = fact_on(COVERED, on)
    if fact is None:
        return np.full(len(GESTES_BY_CODE), UNKNOWN_CODE, dtype=np.int8)
    names = set(fact.names)
    more = fact_on(COVERED_OVERSEAS, on) if overseas else None
    names |= set(more.names) if more is not None else set()
    codes = [YES_CODE if geste in names else NO_CODE for geste in GESTES_BY_CODE]
    return np.array(codes, dtype=np.int8)


def _fact(key: str, on: date) -> DatedValue | None:
    try:
        return fact_on(key, on)
    except NoSuchParameter:
        # Works that the scheme never paid for (a gas boiler) have no amount at all.
        return None
