"""What dwellings use in a usual year, with a range that says what was not known.

Each quantity that has a range is moved alone to its low and to its high value; the changes of a
result are then added as the root of the sum of their squares, upwards and downwards apart. That is
a combination of independent unknowns, not a worst case, and it is deterministic: nothing is drawn
at random, a batch gives what its dwellings give one by one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from atre.calc.dwelling.conversions import Prices, pcs_per_pci
from atre.calc.dwelling.inputs import ENERGIES, Dwellings, Floats
from atre.calc.dwelling.scenarios import FINAL_AT, OUTPUTS, Quadrature, Scenarios
from atre.calc.dwelling.spreads import Spread
from atre.calc.emissions.factors import FactorSet
from atre.calc.wording import NO_BREAK

# Monthly arrays of a batch then fit in the cache of a core.
BATCH = 4_000

NOT_A_DPE_FR = (
    f"C’est une estimation de conseiller, faite avec ce qu’une visite montre. Ce n’est pas un DPE{NO_BREAK}: "
    "elle ne donne pas de classe et ne peut pas en tenir lieu."
)


@dataclass(frozen=True)
class Estimate:
    """Results of n dwellings: low, central and high arrays of shape (n,) by output name.

    kWh are final energy (PCI) a year unless named otherwise; `need_kwh` is useful heat. NaN is
    unknown. `heating_kwh` is what such dwellings are really found to use; `conventional_heating_kwh`
    is what heating the whole of it at the set-point would take. `primary_coefficient` is the one of electricity in force on `on`. `reach` holds, by
    unknown quantity, how much it widens the final energy (the need where that is unknown), kWh.
    `heating_months`, shape (n, 12), is the share of each month in the heating need.
    """

    on: date
    outputs: Mapping[str, Spread]
    reach: Mapping[str, Floats]
    heating_months: Floats = field(repr=False)
    primary_coefficient: float
    factor_set: FactorSet
    prices: Prices | None = field(repr=False)
    dwellings: Dwellings = field(repr=False)
    network_kg_per_kwh: Floats | None = field(repr=False)
    statement_fr: str = NOT_A_DPE_FR

    def __len__(self) -> int:
        return len(self.dwellings)

    def __getitem__(self, name: str) -> Spread:
        return self.outputs[name]

    def billed_kwh(self, energy: str) -> Spread:
        """One energy as its bills count it (fuels in PCS), shape (n,) each."""
        return self.outputs[f"{energy}_kwh"].times(
            float(pcs_per_pci(self.on)[ENERGIES.index(energy)])
        )


def estimate(
    dwellings: Dwellings,
    *,
    on: date,
    prices: Prices | None = None,
    factor_set: FactorSet = FactorSet.DPE,
    network_kg_per_kwh: ArrayLike | None = None,
) -> Estimate:
    """Need, uses, primary energy, CO2 and cost of n dwellings in a conventional year.

    `on` chooses the parameters (electricity counts 2.3 until 2025, 1.9 from 2026).
    `network_kg_per_kwh`, shape (n,): CO2 content of each heat network, NaN unknown. Valid in
    mainland France and Corsica. Raises `RefusedInput` for an altitude its zone does not have or a
    price of no energy, `UnknownParameter` before July 2021, or before 2024 for a heat network whose
    content is not given.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flat = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": 60.0,
    ...     "built": "1975_1989", "heating_system": "electric", "hot_water_system": "tank",
    ...     "hot_water_energy": "electricity", "cooking_energy": "electricity", "occupants": 2})
    >>> found = estimate(flat, on=date(2026, 6, 1))
    >>> low, central, high = (float(one[0]) for one in found["final_kwh"])
    >>> low < central < high, found.primary_coefficient
    (True, 1.9)
    """
    network = None
    if network_kg_per_kwh is not None:
        network = np.broadcast_to(
            np.asarray(network_kg_per_kwh, dtype=np.float64), (len(dwellings),)
        )
    parts = [
        _batch(scenarios_of(dwellings, rows, on, prices, factor_set, network))
        for rows in bounds(len(dwellings))
    ]
    return Estimate(
        on=on,
        outputs=joined([part.outcome for part in parts]),
        reach=_joined_reach(parts),
        heating_months=np.concatenate([part.heating_months for part in parts]),
        primary_coefficient=parts[0].primary_coefficient,
        factor_set=factor_set,
        prices=prices,
        dwellings=dwellings,
        network_kg_per_kwh=network,
    )


def scenarios_of(
    dwellings: Dwellings,
    rows: tuple[int, int],
    on: date,
    prices: Prices | None,
    factor_set: FactorSet,
    network_kg_per_kwh: Floats | None,
) -> Scenarios:
    """The scenarios of rows start to stop, each input cut to them.

    `network_kg_per_kwh`, shape (n,), as in `estimate`; raises as it does.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flats = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": [50.0, 60.0, 70.0]})
    >>> prices = Prices(date(2026, 6, 1), {"electricity": [0.2, 0.3, 0.4]})
    >>> one = scenarios_of(flats, (1, 2), date(2026, 6, 1), prices, FactorSet.DPE, None)
    >>> one.dwellings["floor_area_m2"].tolist(), one.conversion.eur_per_kwh[0].tolist()
    ([60.0], [0.3])
    """
    start, stop = rows
    return Scenarios(
        dwellings.part(start, stop),
        on,
        _prices_of(prices, start, stop),
        factor_set,
        None if network_kg_per_kwh is None else network_kg_per_kwh[start:stop],
    )


def bounds(size: int) -> Iterable[tuple[int, int]]:
    """First row and row after the last of each batch: memory does not grow with the dwellings.

    >>> list(bounds(9_000)), list(bounds(0))
    ([(0, 4000), (4000, 8000), (8000, 9000)], [])
    """
    return ((start, min(start + BATCH, size)) for start in range(0, size, BATCH))


def _prices_of(prices: Prices | None, start: int, stop: int) -> Prices | None:
    """The prices of rows start to stop."""
    if prices is None:
        return None
    return Prices(
        prices.read_on,
        {name: _rows_of(price, start, stop) for name, price in prices.eur_ttc_per_kwh.items()},
        _rows_of(prices.standing_eur_ttc_per_year, start, stop),
    )


def _rows_of(values: ArrayLike, start: int, stop: int) -> Floats:
    found = np.asarray(values, dtype=np.float64)
    return found if found.ndim == 0 else found[start:stop]


def joined(batches: list[Spread]) -> dict[str, Spread]:
    """Batches of outputs, shape (outputs, n) each, as one array of shape (n,) by output name.

    >>> first, second = (Spread(*(np.full((len(OUTPUTS), rows), own) for own in (1.0, 2.0, 3.0)))
    ...     for rows in (2, 1))
    >>> joined([first, second])["final_kwh"].high.tolist()
    [3.0, 3.0, 3.0]
    """
    whole = [np.concatenate([batch[side] for batch in batches], axis=1) for side in range(3)]
    return {name: Spread(*(table[place] for table in whole)) for place, name in enumerate(OUTPUTS)}


@dataclass(frozen=True)
class _Part:
    outcome: Spread
    reach: Mapping[str, Floats]
    heating_months: Floats
    primary_coefficient: float


def _batch(scenarios: Scenarios) -> _Part:
    central = scenarios.outcome
    total = Quadrature(central)
    reach = {}
    for name in scenarios.unsure():
        change = total.add(scenarios.moved(name, "low"), scenarios.moved(name, "high"))
        reach[name] = np.where(np.isnan(central[FINAL_AT]), change[0], change[FINAL_AT])
    return _Part(
        Spread(np.maximum(total.low(), 0.0), central, total.high()),
        reach,
        scenarios.heating_months,
        float(scenarios.conversion.primary[0]),
    )


def _joined_reach(parts: list[_Part]) -> dict[str, Floats]:
    names = dict.fromkeys(name for part in parts for name in part.reach)
    return {
        name: np.concatenate(
            [part.reach.get(name, np.zeros(len(part.heating_months))) for part in parts]
        )
        for name in names
    }
