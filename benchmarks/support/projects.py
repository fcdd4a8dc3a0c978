"""Invented projects by the million, and the plain loop that judges them one by one.

The loop is what a spreadsheet or a script does: one household at a time, the rules of one day
written as conditions. It shares no code with `atre.calc.aids` but the published numbers.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from atre.calc.aids.situation import Situations, Works
from atre.calc.aids.situation_fields import GESTE_CODE, Geste
from atre.calc.parameters import parameter

GESTES = (Geste.ITE, Geste.COMBLES_PERDUS, Geste.FENETRE, Geste.PAC_AIR_EAU, Geste.VMC_DF)
INSULATION = (Geste.ITE, Geste.COMBLES_PERDUS, Geste.FENETRE)
FLAGS = {
    "dwelling_in_idf": 0.2,
    "dwelling_in_metropole": 0.99,
    "main_residence": 0.97,
    "energy_audit": 0.95,
    "accompagnateur": 0.95,
    "france_renov_certificate": 0.95,
    "works_started": 0.03,
    "rge_firms": 0.97,
    "new_fossil_heating": 0.03,
    "unfit_dwelling": 0.03,
    "energy_poverty": 0.2,
}
HEATING_AFTER = ("electricity", "gas", "wood", "fuel_oil")
UNKNOWN_SHARE = 0.02


def invented_projects(n: int, seed: int = 20261122) -> Situations:
    """n owner-occupiers' projects, two unknown inputs in a hundred; three works each on average."""
    draw = np.random.default_rng(seed)
    columns: dict[str, Any] = {
        name: np.where(draw.random(n) < UNKNOWN_SHARE, -1, draw.random(n) < share).astype(np.int8)
        for name, share in FLAGS.items()
    }
    rfr = np.round(draw.lognormal(10.2, 0.6, n))
    columns["rfr_eur"] = np.where(draw.random(n) < UNKNOWN_SHARE, np.nan, np.minimum(rfr, 1e6))
    columns["persons"] = draw.integers(1, 7, n).astype(np.float64)
    columns["dwelling_age_years"] = draw.integers(1, 150, n).astype(np.float64)
    columns["dpe_before"] = draw.integers(2, 7, n).astype(np.int8)
    columns["dpe_after"] = draw.integers(-1, 5, n).astype(np.int8)
    columns["heating_after"] = draw.choice([0, 1, 2, 4], n).astype(np.int8)
    columns["hot_water_after"] = draw.choice([0, 4], n).astype(np.int8)
    columns["mar_cost_ttc_eur"] = draw.integers(1000, 3000, n).astype(np.float64)
    columns["other_public_aids_eur"] = np.where(draw.random(n) < 0.8, 0.0, 5000.0)
    columns["saving_eur_per_year"] = draw.integers(200, 3000, n).astype(np.float64)
    return Situations.of(
        n,
        works=_works(n, draw),
        occupancy="owner_occupier",
        dwelling_kind="house",
        heating_before="fuel_oil",
        occupancy_commitment_years=3,
        occupied_months_per_year=12,
        floor_area_m2=95,
        cee_days_after_quote=-1,
        **columns,
    )


def _works(n: int, draw: np.random.Generator) -> Works:
    count = draw.integers(1, len(GESTES) + 1, n)
    household = np.repeat(np.arange(n), count)
    first = np.cumsum(count) - count
    rank = np.arange(household.size) - first[household]
    codes = np.array([GESTE_CODE[geste] for geste in GESTES], dtype=np.int8)
    cost = draw.integers(1000, 25_000, household.size).astype(np.float64)
    return Works(
        household=household,
        geste=codes[rank],
        quantity=draw.integers(1, 120, household.size).astype(np.float64),
        cost_ht_eur=cost,
        cost_ttc_eur=np.round(cost * 1.055, 2),
        cee_eur=np.where(rank == 3, 2500.0, 0.0),
    )


def as_dictionaries(situations: Situations, rows: np.ndarray) -> list[dict[str, Any]]:
    """Some households as plain dictionaries, None for what is unknown."""
    works = situations.works
    assert works is not None
    order = np.searchsorted(works.household, [rows, rows + 1])
    households = []
    for place, row in enumerate(rows):
        lines = slice(int(order[0][place]), int(order[1][place]))
        one = {name: _plain(values[row]) for name, values in situations.columns.items()}
        one["gestes"] = [GESTES_NAMES[code] for code in works.geste[lines]]
        one["cost_ht"] = float(works.cost_ht_eur[lines].sum())
        one["cost_ttc"] = float(works.cost_ttc_eur[lines].sum())
        households.append(one)
    return households


GESTES_NAMES = tuple(Geste)


def _plain(value: Any) -> float | int | None:
    if isinstance(value, np.floating):
        return None if np.isnan(value) else float(value)
    return None if value < 0 else int(value)


class PlainLoop:
    """MaPrimeRénov' rénovation d'ampleur for one household at a time, on a day of late 2026."""

    def __init__(self, on: date) -> None:
        def read(key: str) -> Any:
            return parameter(key, on=on).value

        self.ceilings = {
            region: [
                read(f"anah.ceilings.{region}.{one}")
                for one in ("tres_modestes", "modestes", "intermediaires")
            ]
            for region in ("idf", "hors_idf")
        }
        self.rates = [read(f"mpr.ampleur.rate_gain_{gain}") for gain in (2, 3, 4)]
        self.caps = [read(f"mpr.ampleur.cap_gain_{gain}") for gain in (2, 3, 4)]
        self.share = read("mpr.ampleur.public_aids_share")
        self.names = ("tres_modestes", "modestes", "intermediaires", "superieurs")

    def income_class(self, household: Mapping[str, Any]) -> int | None:
        rfr, persons, idf = (household[k] for k in ("rfr_eur", "persons", "dwelling_in_idf"))
        if rfr is None or persons is None or idf is None:
            return None
        for code, table in enumerate(self.ceilings["idf" if idf else "hors_idf"]):
            size = int(persons)
            extra = max(size - len(table.persons), 0)
            ceiling = table.persons[min(size, len(table.persons)) - 1]
            if rfr < ceiling + extra * table.per_extra_person + 1:
                return code
        return 3

    def judge(self, household: Mapping[str, Any]) -> tuple[int, float | None]:
        """1 and an amount, 0 and zero, or -1 and nothing."""
        answers = self.conditions(household)
        if any(answer is False for answer in answers):
            return 0, 0.0
        amount = self.amount(household)
        if amount is None or any(answer is None for answer in answers):
            return -1, None
        return 1, amount

    def conditions(self, one: Mapping[str, Any]) -> list[bool | None]:
        def flag(name: str, wanted: bool = True) -> bool | None:
            value = one[name]
            return None if value is None else bool(value) is wanted

        before, after = one["dpe_before"], one["dpe_after"]
        heating = HEATING_NAMES[one["heating_after"]]
        hot_water = HEATING_NAMES[one["hot_water_after"]]
        new_fossil = flag("new_fossil_heating", wanted=False)
        fossil = {"gas", "fuel_oil", "coal"}
        return [
            flag("dwelling_in_metropole"),
            one["dwelling_age_years"] >= 15,
            flag("main_residence"),
            before >= 4,
            None if after is None else before - after >= 2,
            len({geste for geste in one["gestes"] if geste in INSULATION}) >= 2,
            flag("energy_audit"),
            flag("accompagnateur"),
            flag("france_renov_certificate"),
            flag("works_started", wanted=False),
            flag("rge_firms"),
            False if heating in {"fuel_oil", "coal"} else new_fossil,
            heating not in fossil and hot_water not in fossil,
        ]

    def amount(self, one: Mapping[str, Any]) -> float | None:
        income, after = self.income_class(one), one["dpe_after"]
        if income is None or after is None:
            return None
        gain = min(max(one["dpe_before"] - after, 2), 4) - 2
        name = self.names[income]
        aid = self.rates[gain][name] * min(one["cost_ht"], self.caps[gain])
        room = self.share[name] * one["cost_ttc"] - one["other_public_aids_eur"]
        return min(aid, max(room, 0.0))


HEATING_NAMES = ("electricity", "gas", "fuel_oil", "coal", "wood", "heat_network", "solar", "none")
