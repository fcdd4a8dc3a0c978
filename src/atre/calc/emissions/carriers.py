"""The energies of a territory's figures, and the household energy whose factors each one takes.

Territorial files name broad carriers where a bill names a fuel: wood without saying logs or
pellets, petroleum without saying which. Their words are those of `atre.formats.territory_figures`.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from atre.calc.bills.energies import Energy

Floats = NDArray[np.float64]
CarrierCodes = NDArray[np.int8]
UNLISTED = -1


class Carrier(StrEnum):
    ELECTRICITY = "electricity"
    GAS = "gas"
    HEAT_NETWORK = "heat_network"
    COLD_NETWORK = "cold_network"
    OIL = "oil"
    LPG = "lpg"
    WOOD = "wood"
    COAL = "coal"
    OTHER = "other"

    @property
    def label_fr(self) -> str:
        return _LABELS_FR[self]


_LABELS_FR = {
    Carrier.ELECTRICITY: "électricité",
    Carrier.GAS: "gaz de réseau",
    Carrier.HEAT_NETWORK: "réseau de chaleur",
    Carrier.COLD_NETWORK: "réseau de froid",
    Carrier.OIL: "produits pétroliers",
    Carrier.LPG: "gaz de pétrole liquéfié",
    Carrier.WOOD: "bois",
    Carrier.COAL: "charbon",
    Carrier.OTHER: "autres énergies",
}

# Wood takes the factors of logs, the larger part of what homes burn; petroleum those of heating
# oil, so road fuels are not to be converted here. Coal, cold and the rest have no factor of ours.
FACTORS_OF: Mapping[Carrier, Energy] = {
    Carrier.ELECTRICITY: Energy.ELECTRICITY,
    Carrier.GAS: Energy.NATURAL_GAS,
    Carrier.HEAT_NETWORK: Energy.DISTRICT_HEAT,
    Carrier.OIL: Energy.FUEL_OIL,
    Carrier.LPG: Energy.PROPANE,
    Carrier.WOOD: Energy.WOOD_LOGS,
}


def carrier_codes(words: Sequence[Carrier | str | None]) -> CarrierCodes:
    """Codes of n carriers, places in `Carrier`, shape (n,); −1 for None or a word that is not one.

    >>> carrier_codes(["electricity", Carrier.GAS, "peat", None]).tolist()
    [0, 1, -1, -1]
    """
    places = {str(carrier): place for place, carrier in enumerate(Carrier)}
    return np.fromiter(
        (UNLISTED if word is None else places.get(str(word), UNLISTED) for word in words),
        np.int8,
        len(words),
    )


def by_carrier(by_energy: Floats) -> Floats:
    """A table by household energy, shape (7,), as one by carrier, shape (9,), NaN without factor.

    >>> by_carrier(np.arange(7.0)).tolist()
    [0.0, 1.0, 2.0, nan, 3.0, 4.0, 5.0, nan, nan]
    """
    energies = list(Energy)
    return np.array(
        [
            by_energy[energies.index(FACTORS_OF[carrier])] if carrier in FACTORS_OF else np.nan
            for carrier in Carrier
        ]
    )
