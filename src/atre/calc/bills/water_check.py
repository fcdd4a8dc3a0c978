"""Abnormal water: against the home's own past, as the law has it, or else against other homes.

Code général des collectivités territoriales, article L2224-12-4, III bis: an increase is abnormal
above twice the mean of an equivalent period over the three years before. The part above twice is
not owed if a plumber certifies, within a month of being told, the repair of a leak on the pipes
(not on appliances, sanitary ware or heating).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.bills.finding import Finding, FindingKind, cannot_check
from atre.calc.errors import RefusedInput
from atre.calc.parameters import UnknownParameter, parameter
from atre.calc.three_valued import Answer, Codes, codes_from_condition
from atre.calc.wording import NO_BREAK, number_fr

Floats = NDArray[np.float64]

MULTIPLE_KEY = "billing.water.abnormal_multiple"
PER_PERSON_KEY = "billing.water.litres_per_person_per_day"
PRICE_KEY = "price.water.total_m3"

# Gardens, baths and long stays are not leaks: the same multiple as the law, said in the sentence.
HIGH_MULTIPLE_PER_PERSON = 2.0


@dataclass(frozen=True, slots=True)
class WaterUse:
    """Codes 1, 0, -1 and the m³ above the limit, shape (n,).

    `legal` compares with the home's own past, `high` with its number of persons; the excess is
    that of the comparison that could be made, the legal one first, 0 when under, NaN unknown.
    """

    legal: Codes
    high: Codes
    excess_m3: Floats


def water_use(
    m3: ArrayLike,
    days: ArrayLike,
    usual_m3_same_period: ArrayLike,
    persons: ArrayLike,
    on: date,
) -> WaterUse:
    """Judge n water bills, against their own past and against their number of persons.

    Parameters
    ----------
    m3, days : volume since the last reading and its days, shape (n,); NaN = unknown.
    usual_m3_same_period : mean volume of an equivalent period over the three years before, (n,).
    persons : persons living there, shape (n,).
    on : the day of the reading.

    Raises `RefusedInput` for a negative volume, days or persons below 1; `UnknownParameter` before
    the rule or the mean of persons was known.

    Source: code général des collectivités territoriales, article L2224-12-4, III bis.

    >>> use = water_use([80.0, 80.0], [182, 182], [35.0, np.nan], [3, 1], date(2025, 7, 1))
    >>> use.legal.tolist(), use.high.tolist(), use.excess_m3.round(1).tolist()
    ([1, -1], [0, 1], [10.0, 26.1])
    """
    volume, length, usual, size = (
        np.atleast_1d(np.asarray(values, dtype=np.float64))
        for values in (m3, days, usual_m3_same_period, persons)
    )
    if (volume < 0).any() or (usual < 0).any():
        raise RefusedInput("Un volume d’eau est positif ou nul.", field="m3")
    if (length < 1).any():
        raise RefusedInput("Une facture couvre au moins un jour.", field="days")
    if (size < 1).any():
        raise RefusedInput("Un nombre de personnes est un entier d’au moins 1.", field="persons")
    own_limit = parameter(MULTIPLE_KEY, on=on).number * usual
    litres = parameter(PER_PERSON_KEY, on=on).number
    other_limit = HIGH_MULTIPLE_PER_PERSON * litres * size * length / 1000
    legal = codes_from_condition(volume > own_limit, ~np.isnan(volume) & ~np.isnan(own_limit))
    high = codes_from_condition(volume > other_limit, ~np.isnan(volume) & ~np.isnan(other_limit))
    limit = np.where(np.isnan(own_limit), other_limit, own_limit)
    return WaterUse(legal, high, np.maximum(volume - limit, 0.0))


def check_water(
    *,
    m3: float | None,
    days: int,
    on: date,
    usual_m3_same_period: float | None = None,
    persons: int | None = None,
    eur_per_m3: float | None = None,
    evidence: tuple[int, ...] = (),
) -> Finding:
    """Check one home's water bill. `eur_per_m3` is the bill's own price, all included.

    Volumes in m³; `usual_m3_same_period` is the mean of an equivalent period over the three years
    before, None = not known. Without a price the mean one of France serves where it is known for
    that day, and is said to. Raises `RefusedInput` as `water_use`.

    Source: code général des collectivités territoriales, article L2224-12-4, III bis.

    >>> bill = {"m3": 80.0, "days": 182, "on": date(2025, 7, 1), "eur_per_m3": 5.0}
    >>> check_water(**bill, usual_m3_same_period=35.0).euros_once  # 80 - 2 x 35
    50.0
    >>> check_water(**bill).missing_fr
    ('la consommation des années précédentes ou le nombre de personnes',)
    """
    kind = FindingKind.ABNORMAL_WATER
    if m3 is None:
        return cannot_check(kind, "le volume de la facture d’eau", evidence=evidence)
    unknown = [np.nan if v is None else float(v) for v in (usual_m3_same_period, persons)]
    try:
        use = water_use([m3], [days], [unknown[0]], [unknown[1]], on)
    except UnknownParameter:
        return cannot_check(kind, "la règle en vigueur à cette date", evidence=evidence)
    if use.legal[0] < 0 and use.high[0] < 0:
        wanted = "la consommation des années précédentes ou le nombre de personnes"
        return cannot_check(kind, wanted, evidence=evidence)
    lawful = use.legal[0] >= 0
    abnormal = bool((use.legal if lawful else use.high)[0] == 1)
    price, mean_price = (eur_per_m3, False) if eur_per_m3 is not None else (_mean_price(on), True)
    excess = float(use.excess_m3[0])
    euros = round(excess * price, 2) if abnormal and price is not None else None
    return Finding(
        kind=kind,
        answer=Answer.YES if abnormal else Answer.NO,
        sentence_fr=_sentence(m3, days, unknown, lawful, abnormal, on),
        euros_once=euros,
        euros_reason_fr=_no_euros(abnormal, euros),
        evidence=evidence,
        caution_fr=_caution(lawful, abnormal, euros is not None and mean_price),
        sources_fr=(parameter(MULTIPLE_KEY if lawful else PER_PERSON_KEY, on=on).source.line_fr,),
    )


def _sentence(
    m3: float, days: int, known: list[float], lawful: bool, abnormal: bool, on: date
) -> str:
    drawn = f"{number_fr(m3)}{NO_BREAK}m³ en {days} jours"
    if lawful:
        verdict = "plus du double" if abnormal else "pas plus du double"
        return (
            f"{drawn}, {verdict} de l’habitude du logement à la même période "
            f"({number_fr(known[0])}{NO_BREAK}m³)."
        )
    litres = 1000 * m3 / days / known[1]
    usual = parameter(PER_PERSON_KEY, on=on).number
    return (
        f"{drawn}, soit {number_fr(litres)} litres par personne et par jour pour "
        f"{number_fr(usual)} en moyenne{NO_BREAK}: "
        f"{'' if abnormal else 'pas '}plus du double."
    )


def _caution(lawful: bool, abnormal: bool, at_mean_price: bool) -> str:
    if not abnormal:
        return "Une petite fuite reste possible : relevez le compteur le soir et le matin."
    steps = "Relevez le compteur le soir et le matin pour chercher une fuite."
    if lawful:
        steps += (
            " Si une fuite sur canalisation est réparée, l’attestation du plombier est à envoyer "
            "au service de l’eau dans le mois qui suit son information : la part au-delà du double "
            "n’est alors pas due (hors appareils ménagers, sanitaires et chauffage)."
        )
    else:
        steps += " Jardin, bain, présence accrue : à vérifier avant de conclure."
    return steps + (" Euros au prix moyen français de l’année." if at_mean_price else "")


def _no_euros(abnormal: bool, euros: float | None) -> str | None:
    if not abnormal:
        return "Rien d’anormal à chiffrer."
    if euros is None:
        return "Le prix du m³ n’est pas connu à cette date."
    return "Le montant est celui de cette facture, pas d’une année."


def _mean_price(on: date) -> float | None:
    try:
        return parameter(PRICE_KEY, on=on).number
    except UnknownParameter:
        return None
