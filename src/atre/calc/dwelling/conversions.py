"""From kWh by use to kWh by energy, primary energy, CO2 and euros."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.bills.energies import Energy
from atre.calc.dwelling.inputs import ENERGIES, UNKNOWN, Dwellings, Floats
from atre.calc.dwelling.quantities import DISTRICT_HEAT, ELECTRICITY
from atre.calc.dwelling.systems import heating_energy, hot_water_energy
from atre.calc.emissions.factors import USES, FactorSet, emission_factors
from atre.calc.errors import RefusedInput
from atre.calc.parameters import parameter
from atre.calc.wording import NO_BREAK

GAS = ENERGIES.index("natural_gas")


@dataclass(frozen=True)
class Prices:
    """What the household pays: EUR TTC a kWh as billed (fuels in PCS), dated by the caller.

    `eur_ttc_per_kwh` holds one number or n of them by energy; an energy that is used and absent
    makes the cost unknown. `standing_eur_ttc_per_year`: the yearly charges, shape (n,) or one.
    """

    read_on: date
    eur_ttc_per_kwh: Mapping[str, ArrayLike]
    standing_eur_ttc_per_year: ArrayLike = 0.0


@dataclass(frozen=True)
class Conversion:
    """Multipliers of kWh PCI, by use and energy."""

    primary: Floats
    """Shape (7,)."""
    kg_per_kwh: Floats
    """Shape (4, 7)."""
    eur_per_kwh: Floats
    """Shape (7, n), NaN where no price was given."""
    standing_eur: Floats
    """Shape (n,)."""
    energies: NDArray[np.int8]
    """Energy code of each use, shape (4, n), -1 not known; cooking's is its fuel, if not electric."""
    has_prices: bool


def pcs_per_pci(on: date) -> Floats:
    """kWh as billed (PCS) in one kWh PCI, shape (7,): 1 for electricity and heat networks.

    Source: `energy.gas.kwh_pcs_per_kwh_pci` and `energy.fuels.kwh_pcs_per_kwh_pci` of the parameters.

    >>> pcs_per_pci(date(2026, 1, 1)).tolist()
    [1.0, 1.111, 1.0, 1.07, 1.09, 1.08, 1.08]
    """
    fuels = parameter("energy.fuels.kwh_pcs_per_kwh_pci", on=on).named_numbers
    gas = parameter("energy.gas.kwh_pcs_per_kwh_pci", on=on).number
    ratios = {**fuels, "natural_gas": gas}
    return np.array([ratios.get(str(energy), 1.0) for energy in Energy])


def primary_coefficients(on: date) -> Floats:
    """kWh of primary energy a kWh of final energy, shape (7,); 2.3 or 1.9 for electricity by date.

    Raises `UnknownParameter` before July 2021. Source: `energy.electricity.primary_per_final` and
    `energy.other.primary_per_final` of the parameters.

    >>> primary_coefficients(date(2025, 12, 31))[0], primary_coefficients(date(2026, 1, 1))[0]
    (np.float64(2.3), np.float64(1.9))
    """
    found = np.full(len(Energy), parameter("energy.other.primary_per_final", on=on).number)
    found[ELECTRICITY] = parameter("energy.electricity.primary_per_final", on=on).number
    return found


def conversion(
    dwellings: Dwellings, on: date, factor_set: FactorSet, prices: Prices | None
) -> Conversion:
    """The multipliers of n dwellings on a day, of kWh PCI; shapes in `Conversion`.

    Prices are given by kWh as billed (PCS for fuels) and turned into PCI here; one that is not
    given stays NaN, and so does the energy of a use that nobody said (-1). Raises `RefusedInput`
    for a price of no energy, `UnknownParameter` before July 2021.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flat = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": 50.0,
    ...     "heating_system": "electric"})
    >>> on, prices = date(2026, 6, 1), Prices(date(2026, 6, 1), {"natural_gas": 0.1})
    >>> found = conversion(flat, on, FactorSet.DPE, prices)
    >>> found.energies[:2, 0].tolist(), found.eur_per_kwh[:2, 0].round(4).tolist()
    ([0, -1], [nan, 0.1111])
    """
    size = len(dwellings)
    eur = np.full((len(Energy), size), np.nan)
    standing: Floats = np.zeros(size)
    if prices is not None:
        ratio = pcs_per_pci(on)
        for name, price in prices.eur_ttc_per_kwh.items():
            if name not in ENERGIES:
                raise RefusedInput(
                    f"Prix d’une énergie inconnue{NO_BREAK}: {name}.", field="eur_ttc_per_kwh"
                )
            code = ENERGIES.index(name)
            eur[code] = np.asarray(price, dtype=np.float64) * ratio[code]
        standing = np.broadcast_to(
            np.asarray(prices.standing_eur_ttc_per_year, dtype=np.float64), (size,)
        ).copy()
    fuel = dwellings["cooking_energy"]
    cooking = np.where((fuel == UNKNOWN) | (fuel == ELECTRICITY), np.int8(GAS), fuel)
    specific = np.full(size, ELECTRICITY)
    energies = np.stack(
        [heating_energy(dwellings), hot_water_energy(dwellings), cooking, specific]
    ).astype(np.int8)
    return Conversion(
        primary=primary_coefficients(on),
        kg_per_kwh=emission_factors(factor_set, on),
        eur_per_kwh=eur,
        standing_eur=standing,
        energies=energies,
        has_prices=prices is not None,
    )


def by_use_and_energy(found: Conversion, uses: Floats, cooking_electric_share: Floats) -> Floats:
    """Final kWh PCI, shape (4 uses, 7 energies, n), from the uses (4, n).

    `cooking_electric_share`, (n,), 0 to 1: the rest of the cooking is on its fuel. A use of no
    kWh counts as zero whatever its energy; one whose energy is not known makes every energy
    unknown, since any may be the one.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flats = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": [50.0, 50.0],
    ...     "heating_system": "electric", "cooking_energy": "natural_gas"})
    >>> found = conversion(flats, date(2026, 6, 1), FactorSet.DPE, None)
    >>> uses = np.array([[5000.0, 5000.0], [0.0, 1500.0], [400.0, 400.0], [2000.0, 2000.0]])
    >>> by_energy = by_use_and_energy(found, uses, np.array([0.5, 0.5])).sum(axis=0)
    >>> by_energy[[ELECTRICITY, GAS]].tolist()  # nobody said what heats the water of the second
    [[7200.0, nan], [200.0, nan]]
    """
    spread = np.zeros((len(USES), len(Energy), uses.shape[1]))
    columns = np.arange(uses.shape[1])
    for use in range(len(USES)):
        known = found.energies[use] != UNKNOWN
        energy = np.where(known, found.energies[use], 0)
        spread[use, energy, columns] = uses[use]
        spread[use][:, ~known & (uses[use] != 0)] = np.nan
        spread[use][:, ~known & (uses[use] == 0)] = 0.0
    electric = uses[2] * cooking_electric_share
    fuel = np.where(found.energies[2] == UNKNOWN, GAS, found.energies[2])
    spread[2] = 0.0
    spread[2, fuel, columns] = uses[2] - electric
    spread[2, ELECTRICITY, columns] += electric
    return spread


def totals(found: Conversion, matrix: Floats, network_kg_per_kwh: Floats) -> dict[str, Floats]:
    """Primary kWh, kg CO2e and euros TTC a year of a use-by-energy matrix (4, 7, n), (n,) each.

    `network_kg_per_kwh`, (n,): CO2 content of the heat network, read only where heat is used. The
    cost is NaN without prices, or without that of an energy that is used.

    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flat = read_dwellings({"kind": "flat", "zone": "H1a", "floor_area_m2": 50.0})
    >>> prices = Prices(date(2026, 6, 1), {"electricity": 0.2}, standing_eur_ttc_per_year=190.0)
    >>> found = conversion(flat, date(2026, 6, 1), FactorSet.DPE, prices)
    >>> heating = np.zeros((len(USES), len(Energy), 1))
    >>> heating[0, ELECTRICITY] = 1000.0
    >>> {name: own.round(1).tolist() for name, own in totals(found, heating, np.zeros(1)).items()}
    {'primary_kwh': [1900.0], 'kg_co2e': [79.0], 'eur_ttc': [390.0]}
    >>> heating[0, GAS] = 1000.0
    >>> totals(found, heating, np.zeros(1))["eur_ttc"].tolist()
    [nan]
    """
    by_energy = matrix.sum(axis=0)
    primary = (by_energy * found.primary[:, None]).sum(axis=0)
    factors = np.nan_to_num(found.kg_per_kwh)
    kg = np.einsum("uen,ue->n", matrix, factors)
    if np.isnan(found.kg_per_kwh[0, DISTRICT_HEAT]):
        kg = kg + by_energy[DISTRICT_HEAT] * network_kg_per_kwh
    cost = np.full(matrix.shape[2], np.nan)
    if found.has_prices:
        # A price that is absent only matters where its energy is used.
        paid = np.where(by_energy == 0, 0.0, by_energy * found.eur_per_kwh)
        cost = paid.sum(axis=0) + found.standing_eur
    return {"primary_kwh": primary, "kg_co2e": kg, "eur_ttc": cost}
