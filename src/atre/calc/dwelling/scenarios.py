"""The results of a batch of dwellings when one unknown or another is moved, and their combination."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from atre.calc.bills.energies import Energy
from atre.calc.dwelling import balance
from atre.calc.dwelling.climate import Weather, weather
from atre.calc.dwelling.conversions import (
    Conversion,
    Prices,
    by_use_and_energy,
    conversion,
    totals,
)
from atre.calc.dwelling.inputs import Dwellings, Floats
from atre.calc.dwelling.quantities import (
    TOGETHER,
    WITH_SAME_NEED,
    WITHOUT_HEATING,
    quantities,
)
from atre.calc.emissions.factors import USES, FactorSet
from atre.calc.parameters import parameter

OUTPUTS = (
    "need_kwh",
    *(f"{use}_kwh" for use in USES),
    "final_kwh",
    "primary_kwh",
    "kg_co2e",
    "eur_ttc",
    *(f"{energy}_kwh" for energy in Energy),
    "conventional_heating_kwh",
)
USES_AT = slice(1, 1 + len(USES))
FINAL_AT = OUTPUTS.index("final_kwh")


def assemble(
    need_kwh: Floats,
    conventional_heating_kwh: Floats,
    uses: Floats,
    multipliers: Conversion,
    moved: Mapping[str, Floats],
) -> Floats:
    """Every output of `OUTPUTS`, shape (outputs, n), from the need (n,) and the uses (4, n), kWh PCI.

    `moved` gives `cooking_electric_share` and `network_kg_per_kwh`, (n,) each.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flat = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": 50.0,
    ...     "heating_system": "electric", "hot_water_system": "tank", "hot_water_energy": "natural_gas"})
    >>> given = {"cooking_electric_share": np.ones(1), "network_kg_per_kwh": np.zeros(1)}
    >>> uses = np.array([[3000.0], [1000.0], [500.0], [1500.0]])
    >>> table = assemble(np.array([2900.0]), np.array([4000.0]), uses,
    ...     conversion(flat, date(2026, 6, 1), FactorSet.DPE, None), given)
    >>> told = dict(zip(OUTPUTS, table[:, 0].tolist(), strict=True))
    >>> [told[name] for name in ("final_kwh", "electricity_kwh", "primary_kwh", "eur_ttc")]
    [6000.0, 5000.0, 10500.0, nan]
    """
    matrix = by_use_and_energy(multipliers, uses, moved["cooking_electric_share"])
    sums = totals(multipliers, matrix, moved["network_kg_per_kwh"])
    return np.vstack(
        [
            need_kwh,
            uses,
            uses.sum(axis=0),
            sums["primary_kwh"],
            sums["kg_co2e"],
            sums["eur_ttc"],
            matrix.sum(axis=0),
            conventional_heating_kwh,
        ]
    )


class Scenarios:
    """One batch: its quantities, its central outcome, and its outcome with one quantity moved."""

    def __init__(
        self,
        dwellings: Dwellings,
        on: date,
        prices: Prices | None,
        factor_set: FactorSet,
        network_kg_per_kwh: Floats | None,
    ) -> None:
        self.dwellings, self.on = dwellings, on
        self.spreads = quantities(dwellings, on, network_kg_per_kwh)
        self.conversion = conversion(dwellings, on, factor_set, prices)
        self.central = {name: spread.central for name, spread in self.spreads.items()}
        self._unrestrained_kwh_m2 = parameter("dwelling.unrestrained_need", on=on).number
        self._air = weather(dwellings, self.central["altitude_level"])
        self._need = balance.heating_need(self.central, dwellings, self._air, on)
        self.outcome = self._outcome(self.central, self._air, self._need)

    @property
    def heating_months(self) -> Floats:
        """Share of each month in the central heating need, shape (n, 12); zeros without need."""
        yearly = self._need.monthly_kwh.sum(axis=1, keepdims=True)
        shares = np.zeros_like(self._need.monthly_kwh)
        return np.asarray(np.divide(self._need.monthly_kwh, yearly, out=shares, where=yearly > 0))

    def unsure(self) -> list[str]:
        """Quantities that have a range for at least one dwelling, one name a group."""
        grouped = {name for names in TOGETHER.values() for name in names} - set(TOGETHER)
        return [
            name
            for name, spread in self.spreads.items()
            if name not in grouped and not spread.is_certain
        ]

    def moved_quantities(self, name: str, side: str) -> dict[str, Floats]:
        """The central quantities, one group of them at its « low » or « high »."""
        changed = {one: getattr(self.spreads[one], side) for one in TOGETHER.get(name, (name,))}
        return {**self.central, **changed}

    def moved(self, name: str, side: str) -> Floats:
        """Outputs (outputs, n) with one group of quantities moved."""
        moved = self.moved_quantities(name, side)
        air, need = self._air, self._need
        if name == "altitude_level":
            air = weather(self.dwellings, moved[name])
        if name not in WITHOUT_HEATING and name not in WITH_SAME_NEED:
            need = balance.heating_need(moved, self.dwellings, air, self.on)
        return self._outcome(moved, air, need)

    def _outcome(self, moved: Mapping[str, Floats], air: Weather, need: balance.Need) -> Floats:
        scale = moved["use_scale"]
        conventional = balance.conventional_heating(moved, self.dwellings, need)
        uses = np.stack(
            [
                conventional
                * balance.restraint(moved, self.dwellings, need, self._unrestrained_kwh_m2),
                balance.hot_water_use(moved, air),
                moved["cooking"] * scale,
                moved["specific"] * scale,
            ]
        )
        yearly = need.monthly_kwh.sum(axis=1)
        return assemble(yearly, conventional, uses, self.conversion, moved)


class Quadrature:
    """Independent changes around central results, added as squares, up and down apart."""

    def __init__(self, central: Floats) -> None:
        self.central = central
        self._up: Floats = np.zeros_like(central)
        self._down: Floats = np.zeros_like(central)

    def add(self, one: Floats, other: Floats) -> Floats:
        """Count one unknown by its two extremes; returns half of what it widens."""
        up = np.maximum(np.maximum(one, other) - self.central, 0.0)
        down = np.maximum(self.central - np.minimum(one, other), 0.0)
        self._up, self._down = self._up + up**2, self._down + down**2
        return np.asarray((up + down) / 2)

    def low(self) -> Floats:
        """Central results less the root of the squared falls counted so far."""
        return np.asarray(self.central - np.sqrt(self._down))

    def high(self) -> Floats:
        """Central results plus the root of the squared rises counted so far."""
        return np.asarray(self.central + np.sqrt(self._up))
