"""What works and gestures change: the same dwellings before and after, with a range.

Both sides move together: an unknown wall is as unknown before as after, so that what does not
depend on the works cancels out. Positive is less used, emitted or paid.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from atre.calc.dwelling.calibration import Calibration
from atre.calc.dwelling.estimate import NOT_A_DPE_FR, Estimate, bounds, joined, scenarios_of
from atre.calc.dwelling.inputs import Dwellings, Floats
from atre.calc.dwelling.scenarios import OUTPUTS, USES_AT, Quadrature, Scenarios, assemble
from atre.calc.dwelling.spreads import Spread
from atre.calc.errors import RefusedInput
from atre.calc.savings.tiers import Tier

REAL_LIFE_FR = (
    "Un gain calculé n’est pas un gain de facture : après des travaux, beaucoup de ménages se chauffent mieux, "
    "et l’écart mesuré entre logements isolés et non isolés est bien plus faible que l’écart calculé."
)


@dataclass(frozen=True)
class Difference:
    """Before minus after, low, central and high of shape (n,), by output name."""

    outputs: Mapping[str, Spread]
    on: date
    calibrated: bool
    tier: Tier = Tier.ESTIMATED
    statement_fr: str = NOT_A_DPE_FR
    caution_fr: str = REAL_LIFE_FR

    def __getitem__(self, name: str) -> Spread:
        return self.outputs[name]


def difference(
    before: Estimate, after: Dwellings, calibration: Calibration | None = None
) -> Difference:
    """What works or gestures change, before minus after, of shape (n,) each.

    `before` brings its date, prices and factors. With a `calibration` of `before`, each unknown
    is moved with the measured use kept: only the relative change of a use depends on it.

    Raises `RefusedInput` when `after` has not as many dwellings, or the calibration is another's.

    >>> from atre.calc.dwelling.estimate import estimate
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> from atre.calc.dwelling.works import insulate_roof
    >>> house = read_dwellings({"kind": "house", "zone": "H1b", "floor_area_m2": 90.0,
    ...     "built": "1949_1974", "heating_system": "boiler", "heating_energy": "natural_gas",
    ...     "hot_water_system": "boiler", "roof_insulated": "no"})
    >>> gain = difference(estimate(house, on=date(2026, 6, 1)), insulate_roof(house, 7.0))
    >>> low, central, high = (float(one[0]) for one in gain["natural_gas_kwh"])
    >>> 0 < low < central < high
    True
    """
    if len(after) != len(before):
        raise RefusedInput("Il faut autant de logements après qu’avant.", field="after")
    if calibration is not None and calibration.estimate is not before:
        raise RefusedInput("Ce calage est celui d’une autre estimation.", field="calibration")
    parts = [_batch(before, after, calibration, start, stop) for start, stop in bounds(len(before))]
    return Difference(joined(parts), before.on, calibrated=calibration is not None)


def _batch(
    before: Estimate, after: Dwellings, calibration: Calibration | None, start: int, stop: int
) -> Spread:
    first, second = (
        scenarios_of(
            dwellings,
            (start, stop),
            before.on,
            before.prices,
            before.factor_set,
            before.network_kg_per_kwh,
        )
        for dwellings in (before.dwellings, after)
    )
    measured = None
    if calibration is not None:
        measured = Spread(*(own[:, start:stop] for own in calibration.uses))
    pair = _Pair(first, second, None if measured is None else measured.central)
    total = Quadrature(pair.change(first.outcome, second.outcome))
    for name in dict.fromkeys([*first.unsure(), *second.unsure()]):
        low, high = (
            pair.change(first.moved(name, side), second.moved(name, side))
            for side in ("low", "high")
        )
        total.add(low, high)
    if measured is not None:
        for use in range(len(measured.central)):
            total.add(*(_with_other_use(first, second, measured, use, side) for side in (0, 2)))
    return Spread(total.low(), total.central, total.high())


def _with_other_use(
    first: Scenarios, second: Scenarios, measured: Spread, use: int, side: int
) -> Floats:
    """The change with one use at the low or high end that its bills leave."""
    moved = measured.central.copy()
    moved[use] = measured[side][use]
    return _Pair(first, second, moved).change(first.outcome, second.outcome)


@dataclass(frozen=True)
class _Pair:
    """Before and after of a batch, and the measured uses (4, n) when there are some."""

    first: Scenarios
    second: Scenarios
    measured: Floats | None

    def change(self, before: Floats, after: Floats) -> Floats:
        """Before minus after, shape (outputs, n), of two moved outcomes."""
        if self.measured is None:
            return before - after
        was, becomes = before[USES_AT], after[USES_AT]
        ratio = np.divide(becomes, was, out=np.ones_like(was), where=was > 0)
        kept = np.where(was > 0, self.measured * ratio, becomes)
        heat = np.divide(self.measured[0], was[0], out=np.ones_like(was[0]), where=was[0] > 0)
        need, full = OUTPUTS.index("need_kwh"), OUTPUTS.index("conventional_heating_kwh")
        return assemble(
            before[need] * heat,
            before[full],
            self.measured,
            self.first.conversion,
            self.first.central,
        ) - assemble(
            after[need] * heat, after[full], kept, self.second.conversion, self.second.central
        )
