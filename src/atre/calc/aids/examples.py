"""One whole project, known in every input: where the doctests and the documentation start."""

from typing import Any

import numpy as np

from atre.calc.aids.situation import Situations, Works
from atre.calc.aids.situation_fields import GESTE_CODE, Geste

# A house of 1974 in Drôme, class G, heated with fuel oil; one person with 17 000 euros a year.
EXAMPLE_COLUMNS: dict[str, Any] = {
    "occupancy": "owner_occupier",
    "rfr_eur": 17_000,
    "persons": 1,
    "dwelling_in_idf": False,
    "dwelling_in_metropole": True,
    "dwelling_kind": "house",
    "dwelling_age_years": 52,
    "main_residence": True,
    "occupied_months_per_year": 12,
    "occupancy_commitment_years": 3,
    "floor_area_m2": 95,
    "cee_zone": "H2",
    "dpe_before": "G",
    "dpe_after": "C",
    "heating_before": "fuel_oil",
    "heating_after": "electricity",
    "hot_water_after": "electricity",
    "new_fossil_heating": False,
    "works_started": False,
    "rge_firms": True,
    "energy_audit": True,
    "accompagnateur": True,
    "france_renov_certificate": True,
    "mar_cost_ttc_eur": 1_900,
    "unfit_dwelling": False,
    "energy_poverty": False,
    "cee_days_after_quote": -10,
    "other_public_aids_eur": 0,
    "saving_eur_per_year": 1_800,
}

EXAMPLE_WORKS: tuple[tuple[Geste, float, float, float], ...] = (
    (Geste.ITE, 90, 18_000, 18_990),
    (Geste.COMBLES_PERDUS, 80, 4_000, 4_220),
    (Geste.PAC_AIR_EAU, 1, 15_000, 15_825),
    (Geste.VMC_DF, 1, 8_000, 8_440),
)


def example_project(**changed: Any) -> Situations:
    """The example as one household, with some columns changed.

    >>> example_project(dpe_before="D").choice("dpe_before").tolist()
    [3]
    """
    columns = {**EXAMPLE_COLUMNS, **changed}
    works = columns.pop("works", works_of(EXAMPLE_WORKS))
    return Situations.of(1, works=works, **columns)


def example_projects(n: int, **changed: Any) -> Situations:
    """n times the example, with some columns changed: one value for all, or one a household.

    >>> example_projects(2, dpe_before=["D", "E"]).choice("dpe_before").tolist()
    [3, 4]
    """
    one = works_of(EXAMPLE_WORKS)
    lines = one.household.size
    works = Works(
        household=np.repeat(np.arange(n), lines),
        geste=np.tile(one.geste, n),
        quantity=np.tile(one.quantity, n),
        cost_ht_eur=np.tile(one.cost_ht_eur, n),
        cost_ttc_eur=np.tile(one.cost_ttc_eur, n),
        cee_eur=np.zeros(n * lines),
    )
    return Situations.of(n, works=works, **{**EXAMPLE_COLUMNS, **changed})


def works_of(lines: tuple[tuple[Geste, float, float, float], ...], cee_eur: float = 0) -> Works:
    """Works of one household from (geste, quantity, cost HT, cost TTC); one CEE offer for each.

    Quantities in square metres or windows; costs and offer in euros for the whole line.

    >>> works = works_of(((Geste.ITE, 90, 18_000, 18_990), (Geste.FENETRE, 4, 3_000, 3_165)))
    >>> works.total(works.cost_ht_eur, n=1).tolist(), works.cee_eur.tolist()
    ([21000.0], [0.0, 0.0])
    """
    gestes, quantities, costs_ht, costs_ttc = zip(*lines, strict=True)
    return Works(
        household=np.zeros(len(lines), np.int64),
        geste=np.array([GESTE_CODE[geste] for geste in gestes], dtype=np.int8),
        quantity=np.array(quantities, dtype=np.float64),
        cost_ht_eur=np.array(costs_ht, dtype=np.float64),
        cost_ttc_eur=np.array(costs_ttc, dtype=np.float64),
        cee_eur=np.full(len(lines), float(cee_eur)),
    )
