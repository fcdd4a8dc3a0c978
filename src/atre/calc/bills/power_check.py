"""Subscribed power against the power really drawn, from the daily maxima of a Linky meter."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.bills.coverage import YEAR_SHORTEST_DAYS, Indices
from atre.calc.bills.finding import Finding, FindingKind, cannot_check
from atre.calc.bills.option_check import (
    LOW_CONFIDENCE_FR,
    TariffOption,
    regulated_prices,
)
from atre.calc.errors import RefusedInput
from atre.calc.parameters import parameter
from atre.calc.three_valued import Answer, Codes, codes_from_condition
from atre.calc.wording import NO_BREAK, number_fr

Floats = NDArray[np.float64]

STEPS_KEY = "billing.electricity.subscribed_power_steps"

# A maximum of the past year is not the maximum of the next: keep a tenth above it.
MARGIN = 1.1
# A dwelling never draws a hundred kVA on a domestic contract (36 at most): W taken for kVA.
MOST_KVA = 100.0


@dataclass(frozen=True, slots=True)
class PowerUse:
    """What the daily maxima of each meter show, shape (meters,).

    `highest_kva` over the known days, NaN without any; `needed_kva` the smallest offered power
    that covers it with a margin of 10 %, NaN if none does; `days` known;
    `days_at_limit` days whose maximum reached the subscribed power.
    """

    highest_kva: Floats
    needed_kva: Floats
    days: Indices
    days_at_limit: Indices
    highest_row: Indices


def power_use(
    meter: ArrayLike, daily_max_kva: ArrayLike, subscribed_kva: ArrayLike, on: date
) -> PowerUse:
    """Read the daily maximum powers of many meters.

    Parameters
    ----------
    meter : the meter of each day, 0 to meters - 1, shape (n,).
    daily_max_kva : highest apparent power of the day, in kVA, shape (n,); NaN = unknown.
    subscribed_kva : shape (meters,); NaN = unknown.
    on : the day whose offered powers apply.

    Raises `RefusedInput` for a negative power, or one above 100 kVA (values in VA or W).

    >>> use = power_use([0, 0, 0], [3.2, 5.1, np.nan], [9.0], date(2026, 1, 1))
    >>> use.highest_kva.tolist(), use.needed_kva.tolist(), use.days.tolist()
    ([5.1], [6.0], [2])
    """
    which = np.asarray(meter, dtype=np.int64)
    power = np.asarray(daily_max_kva, dtype=np.float64)
    subscribed = np.atleast_1d(np.asarray(subscribed_kva, dtype=np.float64))
    if (power < 0).any() or (power > MOST_KVA).any():
        raise RefusedInput(
            "Une puissance maximale est entre 0 et 100 kVA (les fichiers d’Enedis sont en VA).",
            field="daily_max_kva",
        )
    known = np.flatnonzero(~np.isnan(power))
    highest = np.full(subscribed.size, -np.inf)
    np.maximum.at(highest, which[known], power[known])
    row = np.full(subscribed.size, -1, dtype=np.int64)
    at_top = known[power[known] == highest[which[known]]]
    # Assigned backwards so that the first day at the maximum is the one kept.
    row[which[at_top[::-1]]] = at_top[::-1]
    highest = np.where(np.isinf(highest), np.nan, highest)
    steps = np.array(sorted(parameter(STEPS_KEY, on=on).named_numbers.values()))
    place = np.searchsorted(steps, highest * MARGIN)
    needed = np.where(place < steps.size, np.append(steps, np.nan)[place], np.nan)
    at_limit = known[power[known] >= subscribed[which[known]]]
    return PowerUse(
        highest,
        np.where(np.isnan(highest), np.nan, needed),
        np.bincount(which[known], minlength=subscribed.size).astype(np.int64),
        np.bincount(which[at_limit], minlength=subscribed.size).astype(np.int64),
        row,
    )


def too_much_power(use: PowerUse, subscribed_kva: ArrayLike) -> Codes:
    """Whether a lower power would have done all year: 1, 0, -1, shape (meters,).

    `subscribed_kva`, shape (meters,); NaN = unknown. Unknown under 350 known days: a summer says
    nothing of a winter's maximum. A « no » needs no year: a power that was needed once is needed.

    >>> meter, on = np.repeat([0, 1, 2], [350, 349, 1]), date(2026, 1, 1)
    >>> use = power_use(meter, np.repeat([5.0, 5.0, 8.0], [350, 349, 1]), [9.0, 9.0, 9.0], on)
    >>> too_much_power(use, [9.0, 9.0, 9.0]).tolist()
    [1, -1, 0]
    """
    subscribed = np.atleast_1d(np.asarray(subscribed_kva, dtype=np.float64))
    lower = use.needed_kva < subscribed
    seen = ~np.isnan(subscribed) & ~np.isnan(use.highest_kva)
    return codes_from_condition(lower, seen & (~lower | (use.days >= YEAR_SHORTEST_DAYS)))


def too_little_power(use: PowerUse, subscribed_kva: ArrayLike) -> Codes:
    """Whether the subscribed power was reached: 1, 0, -1, shape (meters,).

    `subscribed_kva`, shape (meters,); NaN = unknown. A « yes » needs one day; a « no » needs a
    year of them (350 days).

    >>> meter, on = np.repeat([0, 1, 2], [1, 1, 350]), date(2026, 1, 1)
    >>> use = power_use(meter, np.repeat([6.0, 5.9, 5.9], [1, 1, 350]), [6.0, 6.0, 6.0], on)
    >>> too_little_power(use, [6.0, 6.0, 6.0]).tolist()
    [1, -1, 0]
    """
    subscribed = np.atleast_1d(np.asarray(subscribed_kva, dtype=np.float64))
    reached = use.days_at_limit > 0
    known = ~np.isnan(subscribed) & (reached | (use.days >= YEAR_SHORTEST_DAYS))
    return codes_from_condition(reached, known)


def check_power(
    *,
    daily_max_kva: ArrayLike,
    subscribed_kva: int | None,
    option: TariffOption | None,
    on: date,
) -> tuple[Finding, Finding]:
    """Check one home's subscribed power: too much, then too little. Evidence: days of the input.

    `daily_max_kva` : highest power of each day, kVA, shape (n,), NaN unknown. The saving is the
    difference of the regulated subscriptions in force on `on`, None where one is not known.
    Raises `RefusedInput` as `power_use`.

    >>> a_year = np.full(365, 4.0)
    >>> too_much, too_little = check_power(daily_max_kva=a_year, subscribed_kva=9,
    ...                                    option=TariffOption.BASE, on=date(2026, 9, 1))
    >>> str(too_much.answer), too_much.euros_per_year, str(too_little.answer)  # 6 kVA would do
    ('yes', 48.24, 'no')
    >>> str(check_power(daily_max_kva=a_year[:90], subscribed_kva=9, option=None,
    ...                 on=date(2026, 9, 1))[0].answer)
    'unknown'
    """
    power = np.atleast_1d(np.asarray(daily_max_kva, dtype=np.float64))
    if subscribed_kva is None:
        wanted = "la puissance souscrite"
        return (
            cannot_check(FindingKind.TOO_MUCH_POWER, wanted),
            cannot_check(FindingKind.TOO_LITTLE_POWER, wanted),
        )
    use = power_use(np.zeros(power.size, np.int64), power, [float(subscribed_kva)], on)
    return (
        _too_much(use, subscribed_kva, option, on),
        _too_little(use, subscribed_kva, power),
    )


def _too_much(use: PowerUse, subscribed: int, option: TariffOption | None, on: date) -> Finding:
    kind = FindingKind.TOO_MUCH_POWER
    code = too_much_power(use, [subscribed])[0]
    evidence = (int(use.highest_row[0]),) if use.highest_row[0] >= 0 else ()
    if code < 0:
        days = f"{YEAR_SHORTEST_DAYS} jours de puissance maximale ({int(use.days[0])} connus)"
        return cannot_check(kind, days, evidence=evidence)
    peak = f"{number_fr(float(use.highest_kva[0]), 1)}{NO_BREAK}kVA"
    if code == 0:
        return Finding(
            kind=kind,
            answer=Answer.NO,
            sentence_fr=(
                f"La puissance souscrite n’est pas trop forte (maximum atteint{NO_BREAK}: {peak})."
            ),
            euros_reason_fr="Rien à gagner.",
            evidence=evidence,
        )
    needed = int(use.needed_kva[0])
    saving = _standing_saving(subscribed, needed, option, on)
    prices = regulated_prices(subscribed, on), regulated_prices(needed, on)
    doubtful = saving is not None and any(one.low_confidence for one in prices)
    return Finding(
        kind=kind,
        answer=Answer.YES,
        sentence_fr=(
            f"{needed}{NO_BREAK}kVA suffiraient au lieu de {subscribed}{NO_BREAK}kVA"
            f"{NO_BREAK}: le maximum de l’année est de {peak}."
        ),
        euros_per_year=saving,
        euros_reason_fr=(
            None
            if saving is not None
            else "L’abonnement de référence de l’une des deux puissances n’est pas connu à cette "
            "date ; comparez ceux du fournisseur."
        ),
        evidence=evidence,
        caution_fr=(
            "Marge de 10 % comptée. À revoir avant tout nouvel équipement (pompe à chaleur, "
            "plaques, voiture) ; le changement peut être facturé, et le prix du kWh de l’option "
            "base dépend un peu de la puissance." + (LOW_CONFIDENCE_FR if doubtful else "")
        ),
        sources_fr=prices[1].sources_fr if saving is not None else (),
    )


def _too_little(use: PowerUse, subscribed: int, power: Floats) -> Finding:
    kind = FindingKind.TOO_LITTLE_POWER
    code = too_little_power(use, [subscribed])[0]
    if code < 0:
        days = f"{YEAR_SHORTEST_DAYS} jours de puissance maximale ({int(use.days[0])} connus)"
        return cannot_check(kind, days)
    if code == 0:
        return Finding(
            kind=kind,
            answer=Answer.NO,
            sentence_fr=f"La puissance de {subscribed}{NO_BREAK}kVA n’a jamais été atteinte.",
            euros_reason_fr="Rien à payer de plus.",
        )
    rows = np.flatnonzero(power >= subscribed)
    times = int(use.days_at_limit[0])
    return Finding(
        kind=kind,
        answer=Answer.YES,
        sentence_fr=(
            f"La puissance de {subscribed}{NO_BREAK}kVA a été atteinte {times} "
            f"jour{'s' if times > 1 else ''} (maximum{NO_BREAK}: "
            f"{number_fr(float(use.highest_kva[0]), 1)}{NO_BREAK}kVA)."
        ),
        euros_reason_fr="Une puissance plus forte coûte plus cher ; étaler les usages ne coûte rien.",
        evidence=tuple(int(row) for row in rows),
        caution_fr="Demandez d’abord si le compteur coupe ; étalez les usages avant de changer.",
    )


def _standing_saving(
    subscribed: int, needed: int, option: TariffOption | None, on: date
) -> float | None:
    """The difference of the two regulated subscriptions of a day, None unless both are known."""
    if option is None:
        return None
    now, then = regulated_prices(subscribed, on), regulated_prices(needed, on)
    if option is TariffOption.BASE:
        saving = now.base_standing_eur_per_year - then.base_standing_eur_per_year
    else:
        saving = now.hphc_standing_eur_per_year - then.hphc_standing_eur_per_year
    return None if np.isnan(saving) else round(saving, 2)
