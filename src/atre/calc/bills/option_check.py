"""Base or peak/off-peak: which option would have cost less, for the use that was measured."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.bills.finding import Finding, FindingKind, cannot_check
from atre.calc.bills.reference_prices import (
    Reference,
    is_low_confidence,
    price_on,
    sources_fr,
)
from atre.calc.errors import RefusedInput
from atre.calc.three_valued import Answer, Codes, codes_from_condition
from atre.calc.wording import NO_BREAK, number_fr

Floats = NDArray[np.float64]

# Less than this a year is within what next August's prices will change.
LEAST_SAVING_EUR_PER_YEAR = 15.0

LOW_CONFIDENCE_FR = " Un prix de référence de cette date est peu sûr : à vérifier."


class TariffOption(StrEnum):
    """The two common options of a home's electricity contract."""

    BASE = "base"
    PEAK_OFF_PEAK = "peak_off_peak"

    @property
    def label_fr(self) -> str:
        return "base" if self is TariffOption.BASE else "heures pleines / heures creuses"


@dataclass(frozen=True, slots=True)
class OptionPrices:
    """One supplier's prices on one day, euros TTC; NaN = unknown. Numbers, or shape (n,)."""

    base_eur_per_kwh: float
    hp_eur_per_kwh: float
    hc_eur_per_kwh: float
    base_standing_eur_per_year: float
    hphc_standing_eur_per_year: float
    sources_fr: tuple[str, ...] = ()
    low_confidence: bool = False

    @property
    def break_even_hc_share(self) -> float:
        """The off-peak share of the kWh above which peak/off-peak costs less, subscriptions equal.

        >>> prices = OptionPrices(0.2001, 0.2142, 0.1589, 190.32, 190.32)
        >>> round(prices.break_even_hc_share, 3)
        0.255
        """
        return (self.hp_eur_per_kwh - self.base_eur_per_kwh) / (
            self.hp_eur_per_kwh - self.hc_eur_per_kwh
        )


def regulated_prices(kva: int, on: date) -> OptionPrices:
    """The regulated tariff of a day for one subscribed power (`kva`); NaN where it was not found.

    Source: `price.electricity.trv.*` of the parameters.

    >>> regulated_prices(6, date(2026, 9, 1)).hphc_standing_eur_per_year
    190.32
    >>> regulated_prices(6, date(2025, 9, 1)).hphc_standing_eur_per_year
    nan
    """
    base = (
        Reference.ELECTRICITY_BASE_TO_6_KVA if kva <= 6 else Reference.ELECTRICITY_BASE_FROM_9_KVA
    )
    names: list[Reference | None] = [base, Reference.ELECTRICITY_HP, Reference.ELECTRICITY_HC]
    for option in ("base", "hphc"):
        name = f"electricity_{option}_standing_{kva}_kva"
        names.append(Reference(name) if name in set(Reference) else None)
    known = [name for name in names if name is not None and price_on(name, on) is not None]
    base_kwh, hp_kwh, hc_kwh, base_standing, hphc_standing = (
        np.nan if name is None else _or_nan(price_on(name, on)) for name in names
    )
    return OptionPrices(
        base_kwh,
        hp_kwh,
        hc_kwh,
        base_standing,
        hphc_standing,
        sources_fr=tuple(
            dict.fromkeys(line for name in known for line in sources_fr(name, on, on))
        ),
        low_confidence=any(is_low_confidence(name, on) for name in known),
    )


@dataclass(frozen=True, slots=True)
class OptionCosts:
    """Euros TTC a year in each option, shape (n,); NaN where a price or a quantity is unknown."""

    base_eur_per_year: Floats
    hphc_eur_per_year: Floats

    def saving(self, has_hphc: Codes) -> Floats:
        """What the other option would save each year, negative if it costs more; NaN = unknown."""
        difference = self.hphc_eur_per_year - self.base_eur_per_year
        signed = np.where(np.asarray(has_hphc) == 1, difference, -difference)
        return np.where(np.asarray(has_hphc) < 0, np.nan, signed)


def option_costs(
    kwh_hp_per_year: ArrayLike, kwh_hc_per_year: ArrayLike, prices: OptionPrices
) -> OptionCosts:
    """The same year of use priced in the two options.

    Parameters
    ----------
    kwh_hp_per_year, kwh_hc_per_year : kWh of a whole year in peak and off-peak hours, whatever
        the present option, shape (n,); NaN = unknown.
    prices : one supplier, one day; its figures may be arrays of shape (n,).

    Raises `RefusedInput` for a negative quantity.

    >>> prices = OptionPrices(0.20, 0.21, 0.16, 190.0, 190.0)
    >>> costs = option_costs([3000.0], [2000.0], prices)
    >>> costs.saving(np.array([0], np.int8)).round(2).tolist()
    [50.0]
    """
    hp = np.atleast_1d(np.asarray(kwh_hp_per_year, dtype=np.float64))
    hc = np.atleast_1d(np.asarray(kwh_hc_per_year, dtype=np.float64))
    if (hp < 0).any() or (hc < 0).any():
        raise RefusedInput("Une consommation d’électricité est positive ou nulle.", field="kwh")
    return OptionCosts(
        prices.base_standing_eur_per_year + prices.base_eur_per_kwh * (hp + hc),
        prices.hphc_standing_eur_per_year + prices.hp_eur_per_kwh * hp + prices.hc_eur_per_kwh * hc,
    )


def wrong_option(costs: OptionCosts, has_hphc: Codes) -> Codes:
    """Whether the other option would save at least 15 € a year: 1 yes, 0 no, -1 unknown, (n,).

    `has_hphc` codes the present option: 1 peak/off-peak, 0 base, -1 unknown, (n,).

    >>> costs = OptionCosts(np.array([1000.0, 1000.0, 1000.0]), np.array([985.0, 986.0, 900.0]))
    >>> wrong_option(costs, np.array([0, 0, -1], np.int8)).tolist()
    [1, 0, -1]
    """
    saving = costs.saving(has_hphc)
    return codes_from_condition(saving >= LEAST_SAVING_EUR_PER_YEAR, ~np.isnan(saving))


def check_option(
    *,
    option: TariffOption | None,
    kva: int | None,
    kwh_hp_per_year: float | None,
    kwh_hc_per_year: float | None,
    on: date,
    prices: OptionPrices | None = None,
    evidence: tuple[int, ...] = (),
) -> Finding:
    """Check one home's option, with its supplier's prices or the regulated ones of that day.

    kWh are those of a whole year; None = not known, and the finding says which. `evidence` lists
    the rows the two quantities come from.

    >>> prices = OptionPrices(0.20, 0.21, 0.16, 190.0, 190.0)
    >>> given = {"option": TariffOption.BASE, "kva": 6, "kwh_hp_per_year": 3000.0,
    ...          "on": date(2026, 9, 1), "prices": prices}
    >>> check_option(**given, kwh_hc_per_year=2000.0).euros_per_year  # 2000 x 0.04 - 3000 x 0.01
    50.0
    >>> check_option(**given, kwh_hc_per_year=None).missing_fr
    ('les kWh d’un an en heures creuses',)
    """
    kind = FindingKind.WRONG_OPTION
    missing = [
        label
        for label, value in (
            ("l’option du contrat", option),
            ("la puissance souscrite", kva),
            ("les kWh d’un an en heures pleines", kwh_hp_per_year),
            ("les kWh d’un an en heures creuses", kwh_hc_per_year),
        )
        if value is None
    ]
    if option is None or kva is None or kwh_hp_per_year is None or kwh_hc_per_year is None:
        return cannot_check(kind, *missing, evidence=evidence)
    used = prices or regulated_prices(kva, on)
    has_hphc = np.array([int(option is TariffOption.PEAK_OFF_PEAK)], dtype=np.int8)
    costs = option_costs([kwh_hp_per_year], [kwh_hc_per_year], used)
    saving = float(costs.saving(has_hphc)[0])
    if np.isnan(saving):
        wanted = f"les prix et abonnements des deux options pour {kva}{NO_BREAK}kVA à cette date"
        return cannot_check(kind, wanted, evidence=evidence)
    found = saving >= LEAST_SAVING_EUR_PER_YEAR
    return Finding(
        kind=kind,
        answer=Answer.YES if found else Answer.NO,
        sentence_fr=_sentence(option, saving, kwh_hp_per_year, kwh_hc_per_year, used),
        euros_per_year=round(saving, 2) if found else None,
        euros_reason_fr=None if found else "L’option actuelle convient.",
        evidence=evidence,
        caution_fr=(
            "À prix constants et sans déplacer d’usage ; vérifiez les heures creuses du logement "
            "et les conditions du fournisseur."
            + ("" if prices else " Calcul au tarif réglementé, pas au prix du contrat.")
            + (LOW_CONFIDENCE_FR if used.low_confidence else "")
        ),
        sources_fr=used.sources_fr,
    )


def _sentence(
    option: TariffOption, saving: float, kwh_hp: float, kwh_hc: float, prices: OptionPrices
) -> str:
    total = kwh_hp + kwh_hc
    share = 100 * kwh_hc / total if total else 0.0
    other = next(one for one in TariffOption if one is not option)
    split = (
        f"{number_fr(share)}{NO_BREAK}% des kWh en heures creuses, seuil d’intérêt à "
        f"{number_fr(100 * prices.break_even_hc_share)}{NO_BREAK}%"
    )
    if saving >= LEAST_SAVING_EUR_PER_YEAR:
        return (
            f"L’option {other.label_fr} coûterait {number_fr(saving)}{NO_BREAK}€ de moins par an "
            f"que l’option {option.label_fr} ({split})."
        )
    if saving > 0:
        return f"Les deux options se valent à {number_fr(saving)}{NO_BREAK}€ près par an ({split})."
    return (
        f"L’option {option.label_fr} est la bonne{NO_BREAK}: l’autre coûterait "
        f"{number_fr(-saving)}{NO_BREAK}€ de plus par an ({split})."
    )


def _or_nan(price: float | None) -> float:
    return np.nan if price is None else price
