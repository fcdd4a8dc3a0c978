"""Whether the data suffice, and if not, why: typed reasons, on arrays, as bits of one number."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from atre.calc.savings.method import CaltrackMethod
from atre.calc.wording import NO_BREAK, number_fr

Bits = NDArray[np.int64]
Mask = NDArray[np.bool_]
Integers = NDArray[np.int64]


class Insufficiency(StrEnum):
    """Why no saving is measured. Rules of CalTRACK 2.0 in `CaltrackMethod`."""

    NO_BASELINE_DATA = "no_baseline_data"
    BASELINE_NOT_A_YEAR = "baseline_not_a_year"
    BASELINE_ENDS_EARLY = "baseline_ends_early"
    READINGS_MISSING = "too_many_days_without_reading"
    TEMPERATURES_MISSING = "too_many_days_without_temperature"
    DAYS_MISSING = "too_many_days_without_both"
    BILLS_TOO_LONG = "bills_too_long"
    OVERLAPPING_BILLS = "overlapping_bills"
    REPEATED_DAYS = "repeated_days"
    NEGATIVE_USE = "negative_use"
    NO_MODEL = "no_qualified_model"
    NO_REPORTING_DATA = "no_reporting_data"
    REPORTING_TOO_SHORT = "reporting_too_short"
    NO_TEMPERATURES = "no_temperatures"
    TOO_FEW_OBSERVATIONS = "too_few_observations"

    @property
    def bit(self) -> int:
        return _BITS[self]


_BITS = {one: 1 << place for place, one in enumerate(Insufficiency)}

# Reasons that leave the model itself unknown; the others only stop the comparison.
BASELINE_BITS = sum(
    one.bit
    for one in Insufficiency
    if one
    not in (
        Insufficiency.NO_REPORTING_DATA,
        Insufficiency.REPORTING_TOO_SHORT,
        Insufficiency.TOO_FEW_OBSERVATIONS,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCounts:
    """Days of a period, each of shape (m,): what the sentences of a refusal quote.

    span : from the first to the last known reading ; readings, temperatures, usable : days with
    each, and with both ; ends_early : days between the last reading and the works.
    """

    span: Integers
    readings: Integers
    temperatures: Integers
    usable: Integers
    ends_early: Integers


def flagged(reason: Insufficiency, where: Mask) -> Bits:
    """The bit of one reason where it holds, 0 elsewhere, shape (m,).

    >>> flagged(Insufficiency.NO_BASELINE_DATA, np.array([True, False])).tolist()
    [1, 0]
    """
    return np.where(where, reason.bit, 0).astype(np.int64)


def reasons_of(bits: int) -> tuple[Insufficiency, ...]:
    """The reasons held by one number, in the order of `Insufficiency`; none for 0.

    >>> [one.value for one in reasons_of(Insufficiency.NO_MODEL.bit | 1)]
    ['no_baseline_data', 'no_qualified_model']
    """
    found = int(bits)
    return tuple(one for one, bit in _BITS.items() if found & bit) if found else ()


def baseline_bits(counts: DayCounts, negative: Mask, method: CaltrackMethod) -> Bits:
    """What is wrong with each baseline (CalTRACK 2.2.1, 2.2.3, 2.3.5), shape (m,); 0 is nothing.

    counts : days, (m,). negative : whether a reading of the baseline is below zero, (m,).

    A whole year; eleven months; a year of which a tenth and more lacks its temperature.

    >>> days = {"span": [365, 335, 365], "readings": [365, 335, 365],
    ...     "temperatures": [365, 335, 300], "usable": [365, 335, 300], "ends_early": [0, 0, 0]}
    >>> counts = DayCounts(**{name: np.array(values) for name, values in days.items()})
    >>> found = baseline_bits(counts, np.zeros(3, np.bool_), CaltrackMethod())
    >>> [[str(reason) for reason in reasons_of(bits)] for bits in found]
    [[], ['baseline_not_a_year'], ['too_many_days_without_temperature']]
    """
    asked = method.baseline_days
    least = method.minimum_coverage * asked
    shortest = asked - method.edge_days_at_most
    empty = counts.readings == 0
    no_weather = ~empty & (counts.temperatures == 0)
    bits = flagged(Insufficiency.NO_BASELINE_DATA, empty)
    bits |= flagged(Insufficiency.NO_TEMPERATURES, no_weather)
    bits |= flagged(Insufficiency.BASELINE_NOT_A_YEAR, ~empty & (counts.span < shortest))
    long = ~empty & (counts.span >= shortest)
    too_few = ~empty & (counts.readings < least)
    bits |= flagged(Insufficiency.READINGS_MISSING, too_few & long)
    cold = long & ~no_weather & (counts.temperatures < least)
    bits |= flagged(Insufficiency.TEMPERATURES_MISSING, cold)
    both = long & ~no_weather & ~too_few & ~cold & (counts.usable < least)
    bits |= flagged(Insufficiency.DAYS_MISSING, both)
    return bits | flagged(Insufficiency.NEGATIVE_USE, negative)


def sentence_fr(
    reason: Insufficiency, counts: DayCounts, meter: int, method: CaltrackMethod
) -> str:
    """Why, in one French sentence with the figures of this meter, in days.

    meter : its row in `counts`. The least asked is 90 % of 365 days, 328,5, shown whole.

    >>> read, year = np.array([300]), np.array([365])
    >>> counts = DayCounts(span=year, readings=read, temperatures=year, usable=read,
    ...     ends_early=np.array([0]))
    >>> said = sentence_fr(Insufficiency.READINGS_MISSING, counts, 0, CaltrackMethod())
    >>> said.split(" : ")[1]
    '300 jours relevés, il en faut 329 sur 365.'
    """
    return _SENTENCES_FR[reason].format(
        asked=method.baseline_days,
        shortest=method.baseline_days - method.edge_days_at_most,
        least=number_fr(method.minimum_coverage * method.baseline_days),
        span=int(counts.span[meter]),
        readings=int(counts.readings[meter]),
        temperatures=int(counts.temperatures[meter]),
        usable=int(counts.usable[meter]),
        ends_early=int(counts.ends_early[meter]),
        shortest_bill=method.bill_days[0],
        longest_bill=method.bill_days[1],
        reporting=method.minimum_reporting_days,
        nb=NO_BREAK,
    )


_SENTENCES_FR = {
    Insufficiency.NO_BASELINE_DATA: (
        "Aucun relevé avant les travaux : il n’y a pas d’année de référence."
    ),
    Insufficiency.NO_TEMPERATURES: (
        "Aucune température pendant l’année de référence : rien ne peut être corrigé de la météo."
    ),
    Insufficiency.BASELINE_NOT_A_YEAR: (
        "L’année de référence ne couvre que {span} jours avant les travaux ; il en faut au moins "
        "{shortest} sur {asked}, car onze mois ne sont pas une année."
    ),
    Insufficiency.BASELINE_ENDS_EARLY: (
        "Les relevés s’arrêtent {ends_early} jours avant les travaux : le ménage a pu changer "
        "d’habitudes entre-temps."
    ),
    Insufficiency.READINGS_MISSING: (
        "Il manque trop de relevés dans l’année de référence : {readings} jours relevés, "
        "il en faut {least} sur {asked}."
    ),
    Insufficiency.TEMPERATURES_MISSING: (
        "Il manque trop de températures dans l’année de référence : {temperatures} jours connus, "
        "il en faut {least} sur {asked}."
    ),
    Insufficiency.DAYS_MISSING: (
        "Relevés et températures ne sont connus ensemble que {usable} jours de l’année de "
        "référence ; il en faut {least} sur {asked}."
    ),
    Insufficiency.BILLS_TOO_LONG: (
        "Les factures de l’année de référence ne couvrent pas {shortest_bill} à {longest_bill} "
        "jours chacune : elles sont trop longues ou trop courtes pour voir l’effet du froid. "
        "Demandez les relevés mensuels ou quotidiens."
    ),
    Insufficiency.OVERLAPPING_BILLS: (
        "Deux factures comptent les mêmes jours : l’énergie serait comptée deux fois."
    ),
    Insufficiency.REPEATED_DAYS: "Un même jour a plusieurs relevés : on ne sait lequel croire.",
    Insufficiency.NEGATIVE_USE: (
        "L’année de référence contient une consommation négative : production solaire injectée ou "
        "facture de régularisation. La méthode ne s’y applique pas."
    ),
    Insufficiency.NO_MODEL: (
        "Aucun modèle ne relie cette consommation à la température sans coefficient négatif."
    ),
    Insufficiency.TOO_FEW_OBSERVATIONS: (
        "L’année de référence a trop peu de factures pour dire à quel point l’économie est sûre. "
        "Demandez les relevés mensuels ou quotidiens."
    ),
    Insufficiency.NO_REPORTING_DATA: (
        "Aucun relevé, ou aucune température, après les travaux : il n’y a rien à comparer."
    ),
    Insufficiency.REPORTING_TOO_SHORT: (
        "Moins de {reporting} jours connus après les travaux : attendez avant de conclure."
    ),
}
