"""A territory's yearly consumption brought to the climate of a reference period, beside the raw one.

Only heating follows the cold: corrected = raw x (1 − h + h x reference degree days / degree days of
the year), where h is the share of heating. h is published for dwellings, by energy; for offices,
shops, industry or farms no source was found, and their consumption is given raw only. The caller
names the reference period and gives both degree days on one base, method and season, for the same
place; a mean of several departments is weighted by what is consumed there.

Source: correction of heating by degree days (calc/savings/degree_days); shares from SDES and CEREN,
see docs/explanation/correction-climatique.md.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.bills.energies import Energy
from atre.calc.emissions.carriers import UNLISTED, Carrier, CarrierCodes, by_carrier
from atre.calc.errors import RefusedInput
from atre.calc.parameters import parameter
from atre.calc.savings.degree_days import corrected_heating_kwh
from atre.calc.wording import NO_BREAK

Floats = NDArray[np.float64]
SHARES_KEY = "climate_correction.residential_heating_share"
# A year twice as warm or as cold as the reference was never seen in France: another base was used.
PLAUSIBLE_RATIO = (0.5, 2.0)

CAUTION_FR = (
    "Consommation corrigée du climat : elle dit ce que l’année aurait donné avec les degrés-jours de "
    "la période de référence. Seul le chauffage des logements est corrigé, avec une part moyenne de "
    "France pour chaque énergie. À lire à côté de la consommation brute, jamais à sa place."
)


class CorrectionStatus(StrEnum):
    """Whether a row was corrected, or why not."""

    CORRECTED = "corrected"
    UNKNOWN_CONSUMPTION = "unknown_consumption"
    NO_HEATING_SHARE = "no_heating_share"
    UNKNOWN_DEGREE_DAYS = "unknown_degree_days"

    @property
    def label_fr(self) -> str:
        return _STATUSES_FR[self]


_STATUSES_FR = {
    CorrectionStatus.CORRECTED: "corrigée du climat",
    CorrectionStatus.UNKNOWN_CONSUMPTION: "consommation inconnue ou secrète",
    CorrectionStatus.NO_HEATING_SHARE: (
        f"pas de correction{NO_BREAK}: la part du chauffage de ce secteur ou de cette énergie n’est "
        "pas publiée"
    ),
    CorrectionStatus.UNKNOWN_DEGREE_DAYS: (
        f"pas de correction{NO_BREAK}: les degrés-jours de l’année ou de la référence manquent"
    ),
}


@dataclass(frozen=True)
class CorrectedConsumption:
    """Raw and corrected yearly kWh of n rows, shape (n,), NaN unknown; a status for each row."""

    raw_kwh: Floats
    corrected_kwh: Floats
    heating_share: Floats
    statuses: tuple[CorrectionStatus, ...]
    reference_fr: str
    caution_fr: str = CAUTION_FR


def heating_shares(carriers: CarrierCodes, is_residential: ArrayLike, on: date) -> Floats:
    """Share of heating in the consumption of n rows, shape (n,), 0 to 1, NaN where none is published.

    carriers : from `carrier_codes`, shape (n,). is_residential : booleans, shape (n,). `on` dates
    the published shares. Raises `RefusedInput` for two shapes or a code that is not a carrier.

    >>> from atre.calc.emissions.carriers import carrier_codes
    >>> rows = carrier_codes(["gas", "gas", "coal"])
    >>> heating_shares(rows, [True, False, True], date(2026, 1, 1)).tolist()
    [0.8, nan, nan]
    """
    published = parameter(SHARES_KEY, on=on).named_numbers
    by_energy = np.array([published.get(str(energy), np.nan) for energy in Energy])
    residential, codes = np.asarray(is_residential, dtype=np.bool_), np.asarray(carriers)
    if residential.shape != codes.shape:
        raise RefusedInput("Chaque ligne a une énergie et un secteur.", field="is_residential")
    if ((codes < UNLISTED) | (codes >= len(Carrier))).any():
        raise RefusedInput("Code d’énergie hors de la liste.", field="carriers")
    table = np.append(by_carrier(by_energy), np.nan)
    return np.where(residential, table[codes], np.nan)


def climate_corrected(
    kwh: ArrayLike,
    heating_share: ArrayLike,
    degree_days: ArrayLike,
    reference_degree_days: ArrayLike,
    *,
    reference_fr: str,
) -> CorrectedConsumption:
    """Consumption of n rows brought to the reference climate, beside the raw one.

    Parameters
    ----------
    kwh : yearly consumption in any unit of energy, shape (n,); NaN unknown or secret.
    heating_share : from `heating_shares` or the caller's own source, shape (n,), 0 to 1.
    degree_days : of the year of each row, shape (n,) or one number, NaN unknown.
    reference_degree_days : of the reference period, likewise, on the same base and season.
    reference_fr : the reference in words, for the reader (« moyenne 1991-2020, DJU base 18 »).

    Raises `RefusedInput` for a negative consumption, a share outside 0 to 1, no words for the
    reference, or degree days more than twice or less than half the reference's: they are on another
    base or another season.

    >>> found = climate_corrected([1000.0, 1000.0, np.nan], [0.8, np.nan, 0.8], 1800.0, 2000.0,
    ...     reference_fr="moyenne 2014-2023, DJU base 18")
    >>> found.corrected_kwh.round(1).tolist(), [str(one) for one in found.statuses]
    ([1088.9, nan, nan], ['corrected', 'no_heating_share', 'unknown_consumption'])
    """
    if not reference_fr.strip():
        raise RefusedInput(
            "Dites la période de référence des degrés-jours et leur base.", field="reference_fr"
        )
    raw, share, days, reference = np.broadcast_arrays(
        *(
            np.atleast_1d(np.asarray(one, dtype=np.float64))
            for one in (kwh, heating_share, degree_days, reference_degree_days)
        )
    )
    _check(raw, share, days, reference)
    heating = raw * share
    corrected = raw - heating + corrected_heating_kwh(heating, days, reference)
    return CorrectedConsumption(
        raw_kwh=raw,
        corrected_kwh=corrected,
        heating_share=share,
        statuses=_statuses(raw, share, corrected),
        reference_fr=reference_fr,
    )


def _check(raw: Floats, share: Floats, days: Floats, reference: Floats) -> None:
    if (raw < 0).any() or np.isinf(raw).any():
        raise RefusedInput("Une consommation est positive ou nulle.", field="kwh")
    if ((share < 0) | (share > 1)).any():
        raise RefusedInput("Une part de chauffage est entre 0 et 1.", field="heating_share")
    if (days < 0).any() or (reference < 0).any():
        raise RefusedInput("Des degrés-jours sont positifs ou nuls.", field="degree_days")
    low, high = PLAUSIBLE_RATIO
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = reference / days
    if ((ratio < low) | (ratio > high)).any():
        raise RefusedInput(
            "Les degrés-jours de l’année et ceux de la référence vont du simple à plus du double : "
            "ils ne sont sans doute pas sur la même base (17, 18 ou 19 °C) ou la même saison.",
            field="degree_days",
        )


def _statuses(raw: Floats, share: Floats, corrected: Floats) -> tuple[CorrectionStatus, ...]:
    words = tuple(CorrectionStatus)
    code = np.where(np.isnan(corrected), 3, 0)
    code = np.where(np.isnan(share), 2, code)
    code = np.where(np.isnan(raw), 1, code)
    return tuple(words[one] for one in code.tolist())
