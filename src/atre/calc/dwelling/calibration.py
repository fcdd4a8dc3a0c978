"""The estimate brought to what the household's own bills say.

Each bill is compared with what the estimate expects over the same days. The gap of an energy is
shared between its uses in proportion to the square of their range on that side: a use that was
badly known moves most, and the energy's total is then the measured one. What remains unknown is how the
measured total splits between uses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from atre.calc.bills.coverage import YEAR_SHORTEST_DAYS
from atre.calc.dwelling.climate import MONTH_DAYS
from atre.calc.dwelling.conversions import (
    Conversion,
    by_use_and_energy,
    conversion,
    pcs_per_pci,
    totals,
)
from atre.calc.dwelling.estimate import Estimate
from atre.calc.dwelling.inputs import ENERGIES, Floats
from atre.calc.dwelling.quantities import cooking_electric_share, heat_network
from atre.calc.dwelling.readings import Readings, days_by_month
from atre.calc.dwelling.spreads import Spread
from atre.calc.emissions.factors import USES
from atre.calc.errors import RefusedInput

# A use is never brought below this share of its estimate: beyond, all uses move alike.
LEAST_SHARE = 0.1
DOUBTFUL_FACTOR = 2.0
YEAR_DAYS = 365


class CalibrationState(StrEnum):
    """What the bills of one energy of one dwelling did to its estimate."""

    CALIBRATED = "calibrated"
    DOUBTFUL = "doubtful"
    NO_BILL = "no_bill"
    TOO_SHORT = "too_short"
    UNEXPECTED_ENERGY = "unexpected_energy"
    NOT_ESTIMATED = "not_estimated"

    @property
    def label_fr(self) -> str:
        return _LABELS_FR[self]


_LABELS_FR = {
    CalibrationState.CALIBRATED: "calé sur les factures",
    CalibrationState.DOUBTFUL: "calé, mais l’écart est si grand qu’il faut vérifier les factures et la visite",
    CalibrationState.NO_BILL: "pas de facture",
    CalibrationState.TOO_SHORT: "les factures ne couvrent pas 350 jours",
    CalibrationState.UNEXPECTED_ENERGY: "la visite ne dit pas à quoi sert cette énergie",
    CalibrationState.NOT_ESTIMATED: "il manque une réponse de la visite pour estimer cette énergie",
}
STATES = tuple(CalibrationState)


@dataclass(frozen=True)
class Calibration:
    """The estimate after its bills.

    `uses`: Spread of shape (4, n), kWh PCI a conventional year, NaN unknown. `energies`: (7, n),
    central kWh PCI; `totals`: central primary_kwh, kg_co2e and eur_ttc, (n,). `factor`: (4, n),
    calibrated over estimated use. `state`: (7, n) codes of `STATES` by energy. `measured_kwh`,
    `expected_kwh` and `fitted_kwh`: (7, n), PCI, of the bills' own days.
    """

    estimate: Estimate
    uses: Spread
    energies: Floats
    totals: Mapping[str, Floats]
    factor: Floats
    state: NDArray[np.int8]
    measured_kwh: Floats
    expected_kwh: Floats
    fitted_kwh: Floats

    def state_of(self, energy: str, row: int) -> CalibrationState:
        """The state of one energy of one dwelling."""
        return STATES[int(self.state[ENERGIES.index(energy), row])]


def calibrate(found: Estimate, readings: Readings) -> Calibration:
    """Bring an estimate to its bills; shapes as in `Calibration`.

    An energy is calibrated when its bills cover 350 days at least; the total over the bills' own
    days is then the measured one. Raises `RefusedInput` for a row that is not a dwelling's.

    >>> from datetime import date
    >>> from atre.calc.dwelling.estimate import estimate
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> from atre.calc.dwelling.readings import read_readings
    >>> house = read_dwellings({"kind": "house", "zone": "H1b", "floor_area_m2": 90.0,
    ...     "heating_system": "boiler", "heating_energy": "natural_gas",
    ...     "hot_water_system": "boiler", "cooking_energy": "electricity"})
    >>> bills = read_readings([0], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [11_110.0])
    >>> found = calibrate(estimate(house, on=date(2026, 6, 1)), bills)
    >>> round(float(found.uses.central[:2, 0].sum())), found.state_of("natural_gas", 0).value
    (10000, 'calibrated')
    """
    size = len(found)
    if len(readings.dwelling) and not ((readings.dwelling >= 0) & (readings.dwelling < size)).all():
        raise RefusedInput("Une facture renvoie à un logement absent.", field="dwelling")
    multipliers = conversion(found.dwellings, found.on, found.factor_set, found.prices)
    yearly, below, above = _by_use_and_energy(found, multipliers)
    heat, plain, days, measured = _sums(found, readings)
    fraction = np.stack([heat, plain, plain, plain])
    expected = yearly * fraction
    state = _states(yearly, expected, measured, days)
    usable = (state == STATES.index(CalibrationState.CALIBRATED))[None]
    half = np.where(measured > expected.sum(axis=0), above, below)
    fitted = np.where(usable, _share_gap(expected, half * fraction, measured), expected)
    factor = np.divide(fitted, expected, out=np.ones_like(fitted), where=expected > 0)
    calibrated = yearly * factor
    state = _doubts(state, expected, fitted)
    network = heat_network(found.dwellings, found.on, found.network_kg_per_kwh)
    remains = _what_remains(half, fraction) * factor
    total, before = calibrated.sum(axis=1), yearly.sum(axis=1)
    down, up = (_width(np.where(usable, remains, side)) for side in (below, above))
    return Calibration(
        estimate=found,
        uses=Spread(np.maximum(total - down, 0.0), total, total + up),
        energies=calibrated.sum(axis=0),
        totals=totals(multipliers, calibrated, network.central),
        factor=np.divide(total, before, out=np.ones_like(total), where=before > 0),
        state=state,
        measured_kwh=measured,
        expected_kwh=expected.sum(axis=0),
        fitted_kwh=fitted.sum(axis=0),
    )


def _width(parts: Floats) -> Floats:
    """Of a use that several energies share: their ranges added as squares."""
    return np.asarray(np.sqrt((parts**2).sum(axis=1)))


def _by_use_and_energy(found: Estimate, multipliers: Conversion) -> tuple[Floats, Floats, Floats]:
    """Central kWh, then its range below and above, shape (4 uses, 7 energies, n) each."""
    share = cooking_electric_share(found.dwellings).central

    def spread(side: int, sign: int) -> Floats:
        parts = [found[f"{use}_kwh"] for use in USES]
        uses = np.stack([sign * (part[side] - part.central) for part in parts])
        return by_use_and_energy(multipliers, uses, share)

    central = np.stack([found[f"{use}_kwh"].central for use in USES])
    return by_use_and_energy(multipliers, central, share), spread(0, -1), spread(2, 1)


def _sums(found: Estimate, readings: Readings) -> tuple[Floats, Floats, Floats, Floats]:
    """By energy and dwelling, (7, n): heating and plain fraction of a year, days, measured kWh."""
    months = days_by_month(readings.start, readings.end)
    rows = found.heating_months[readings.dwelling]
    heat = (months / MONTH_DAYS * rows).sum(axis=1) * readings.weather_ratio
    days = months.sum(axis=1)
    pci = readings.kwh / pcs_per_pci(found.on)[readings.energy]
    place = readings.energy.astype(np.int64) * len(found) + readings.dwelling
    shape = (len(ENERGIES), len(found))

    def added(weights: Floats) -> Floats:
        sums = np.bincount(place, weights=weights, minlength=shape[0] * shape[1])
        return np.asarray(sums.reshape(shape), dtype=np.float64)

    return added(heat), added(days / YEAR_DAYS), added(days), added(pci)


def _states(yearly: Floats, expected: Floats, measured: Floats, days: Floats) -> NDArray[np.int8]:
    used = yearly.sum(axis=0)
    state = np.full(used.shape, STATES.index(CalibrationState.CALIBRATED), dtype=np.int8)
    state[expected.sum(axis=0) <= 0] = STATES.index(CalibrationState.UNEXPECTED_ENERGY)
    state[np.isnan(used)] = STATES.index(CalibrationState.NOT_ESTIMATED)
    state[days < YEAR_SHORTEST_DAYS] = STATES.index(CalibrationState.TOO_SHORT)
    state[days == 0] = STATES.index(CalibrationState.NO_BILL)
    return state


def _share_gap(expected: Floats, half: Floats, measured: Floats) -> Floats:
    """Uses whose sum is the measured total; all in proportion where one would go too low."""
    weight = half**2
    total = weight.sum(axis=0)
    share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    moved = expected + (measured - expected.sum(axis=0)) * share
    sums = expected.sum(axis=0)
    scale = np.divide(measured, sums, out=np.ones_like(measured), where=sums > 0)
    too_low = (moved < LEAST_SHARE * expected).any(axis=0) | (total <= 0)
    return np.asarray(np.where(too_low, expected * scale, moved))


def _what_remains(half: Floats, fraction: Floats) -> Floats:
    """Half-range of each use once the sum is known: w √(1 - w² / Σw²)."""
    weight = (half * fraction) ** 2
    total = weight.sum(axis=0)
    share = np.divide(weight, total, out=np.ones_like(weight), where=total > 0)
    return np.asarray(half * np.sqrt(np.maximum(1 - share, 0.0)))


def _doubts(state: NDArray[np.int8], expected: Floats, fitted: Floats) -> NDArray[np.int8]:
    sums, after = expected.sum(axis=0), fitted.sum(axis=0)
    far = (after > DOUBTFUL_FACTOR * sums) | (after * DOUBTFUL_FACTOR < sums)
    calibrated = state == STATES.index(CalibrationState.CALIBRATED)
    return np.where(
        calibrated & far, np.int8(STATES.index(CalibrationState.DOUBTFUL)), state
    ).astype(np.int8)


def calibrated_kwh(found: Calibration, energy: str, on: date) -> Floats:
    """Calibrated yearly use of one energy as its bills count it (fuels in PCS), shape (n,).

    Unknown (NaN) where the estimate of that energy is. `on` chooses the ratio of PCS to PCI.

    >>> from atre.calc.dwelling.estimate import estimate
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> from atre.calc.dwelling.readings import read_readings
    >>> on = date(2026, 6, 1)
    >>> house = read_dwellings({"kind": "house", "zone": "H1b", "floor_area_m2": 90.0,
    ...     "heating_system": "boiler", "heating_energy": "natural_gas",
    ...     "hot_water_system": "boiler", "cooking_energy": "electricity"})
    >>> a_year = read_readings([0], ["natural_gas"], ["2025-01-01"], ["2026-01-01"], [12_345.0])
    >>> calibrated_kwh(calibrate(estimate(house, on=on), a_year), "natural_gas", on).round(1).tolist()
    [12345.0]
    """
    code = ENERGIES.index(energy)
    return np.asarray(found.energies[code] * pcs_per_pci(on)[code])
