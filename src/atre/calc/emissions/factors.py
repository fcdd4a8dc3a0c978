"""Kilograms of CO2 equivalent a kWh of final energy (PCI), by use and energy."""

from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from atre.calc.bills.energies import Energy
from atre.calc.parameters import parameter

USES = ("heating", "hot_water", "cooking", "specific")


class FactorSet(StrEnum):
    """Whose factors: those of the DPE, or the yearly mean of the Base Empreinte."""

    DPE = "dpe"
    BASE_EMPREINTE = "base_empreinte"

    @property
    def label_fr(self) -> str:
        return _LABELS_FR[self]


_LABELS_FR = {
    FactorSet.DPE: "facteurs du DPE (arrêté du 31 mars 2021) ; cuisson et appareils électriques au facteur d’éclairage",
    FactorSet.BASE_EMPREINTE: "facteurs de la Base Empreinte de l’Ademe, moyenne annuelle pour l’électricité",
}


def emission_factors(factor_set: FactorSet, on: date) -> NDArray[np.float64]:
    """kg CO2e per kWh PCI, shape (4 uses, 7 energies), in the order of `USES` and `Energy`.

    A heat network has no factor of its own in the DPE set: NaN, the caller brings the network's.
    Cooking and appliances are outside the DPE: its set gives them the lighting factor.

    Raises `UnknownParameter` before the first known day of the set.

    >>> emission_factors(FactorSet.DPE, date(2026, 1, 1))[0, 0]
    np.float64(0.079)
    >>> emission_factors(FactorSet.BASE_EMPREINTE, date(2026, 1, 1))[0, 0]
    np.float64(0.0519)
    """
    found = np.full((len(USES), len(Energy)), np.nan)
    fuels = parameter(f"emissions.{factor_set}.fuels", on=on).named_numbers
    for name, factor in fuels.items():
        found[:, list(Energy).index(Energy(name))] = factor
    electricity = parameter(f"emissions.{factor_set}.electricity", on=on)
    if factor_set is FactorSet.DPE:
        by_use = electricity.named_numbers
        found[:, 0] = [
            by_use["heating"],
            by_use["hot_water"],
            by_use["lighting"],
            by_use["lighting"],
        ]
    else:
        found[:, 0] = electricity.number
    return found
