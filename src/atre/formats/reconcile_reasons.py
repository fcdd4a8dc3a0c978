"""Why two counts of the same energy differ: the reasons known, tried in turn, and their sentence."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from atre.calc.wording import NO_BREAK, date_fr, number_fr
from atre.formats.local_time import utc_to_paris
from atre.formats.reconcile_series import CurveCount
from atre.formats.text_files import plain

# Curve and index come from the same counter: rounding to the watt on one side, to the Wh or the
# kWh on the other.
MEASURED_TOLERANCE_KWH = 0.1
MEASURED_TOLERANCE_SHARE = 0.001
# An invoice drops what is under the kWh at both ends.
INVOICE_TOLERANCE_KWH = 1.0
SHIFTS_HOURS = (-24, -23, -1, 1, 23, 24)
# What a unit mistaken for another does to a total: kW for kWh over half hours, W for kW, 10 min.
FACTORS = (2.0, 0.5, 1000.0, 0.001, 6.0, 1 / 6)
FACTOR_TOLERANCE = 0.005
# Holes explain a gap only if the power they suppose was ever seen, with some room.
HIGHEST_POWER_ROOM = 1.2
# Words as `plain` leaves them: Enedis writes ESTI, GRDF and suppliers « Estimé » or « Estimée ».
ESTIMATES = {
    "esti": "estimée",
    "estime": "estimée",
    "estimee": "estimée",
    "estimation": "estimée",
    "regu": "une régularisation",
    "regularisation": "une régularisation",
}


class Source(StrEnum):
    CURVE = "curve"
    INDEX = "index"
    INVOICE = "invoice"


SOURCES_FR = {
    Source.CURVE: "la courbe de charge",
    Source.INDEX: "l’index",
    Source.INVOICE: "la facture",
}


class GapReason(StrEnum):
    """Why two counts of the same period differ, or that they do not."""

    AGREES = "agrees"
    MISSING = "missing"
    CONTRADICTED = "contradicted"
    INDEX_ROUNDING = "index_rounding"
    HOLES = "holes"
    DATED_ELSEWHERE = "dated_elsewhere"
    UNIT = "unit"
    INDEX_WENT_BACK = "index_went_back"
    ESTIMATED = "estimated"
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Gap:
    """`kwh` is the second count minus the first; None when one of them is missing."""

    first: Source
    second: Source
    kwh: float | None
    reason: GapReason
    sentence_fr: str


def missing(first: Source, second: Source, absent: Source) -> Gap:
    """One of the two does not count the whole period: `absent` says which.

    >>> missing(Source.CURVE, Source.INDEX, Source.INDEX).sentence_fr
    'L’index ne couvre pas cette période : rien à comparer.'
    """
    sentence = f"{SOURCES_FR[absent]} ne couvre pas cette période : rien à comparer."
    return Gap(first, second, None, GapReason.MISSING, _capital(sentence))


def contradicted(first: Source, second: Source, kwh: float | None, hours: float) -> Gap:
    """The curve has two values for some `hours`, which are counted in neither; `kwh` is what the
    other count has more, None when there is nothing to subtract.

    >>> contradicted(Source.CURVE, Source.INVOICE, 12.0, 0.5).sentence_fr[:64]
    'Des fichiers de courbe donnent deux mesures différentes pour 0,5'
    """
    sentence = (
        f"Des fichiers de courbe donnent deux mesures différentes pour {number_fr(hours, 1)}"
        f"{NO_BREAK}h : elles ne sont pas comptées. Gardez un seul de ces fichiers."
    )
    return Gap(first, second, kwh, GapReason.CONTRADICTED, sentence)


def measured_gap(
    curve: CurveCount, index_kwh: float, start: np.datetime64, end: np.datetime64
) -> Gap:
    """The index minus the curve, between two readings at the UTC instants `start` and `end`.

    They agree within 0.1 kWh or a thousandth: rounding to the watt on one side, to the Wh or the
    kWh on the other. Reasons are tried in turn (unit, dates, holes); what none explains is said so.

    >>> import pyarrow as pa
    >>> from atre.formats.reconcile_series import curve_count
    >>> day = np.array(["2022-02-01", "2022-02-02"], dtype="datetime64[us]")
    >>> curve = curve_count(pa.table({"start": day[:1], "end": day[1:], "kwh": [20.7]}))
    >>> [measured_gap(curve, kwh, *day).reason.value for kwh in (20.68, 10.35, -3.0, 25.0)]
    ['agrees', 'unit', 'index_went_back', 'unexplained']
    """
    curve_kwh, missing_hours = curve.between(start, end)
    twice = curve.contradicted.between(start, end)
    if twice > 0:
        kwh = None if curve_kwh is None else index_kwh - curve_kwh
        return contradicted(Source.CURVE, Source.INDEX, kwh, twice)
    if curve_kwh is None:
        return missing(Source.CURVE, Source.INDEX, Source.CURVE)
    gap = index_kwh - curve_kwh
    reason, words = _measured_reason(curve, curve_kwh, index_kwh, missing_hours, start, end)
    return Gap(
        Source.CURVE,
        Source.INDEX,
        gap,
        reason,
        f"Du {_day(start)} au {_day(end)}, la courbe compte {_kwh(curve_kwh)} et l’index "
        f"{_kwh(index_kwh)} : {words}",
    )


def _measured_reason(
    curve: CurveCount,
    curve_kwh: float,
    index_kwh: float,
    missing_hours: float,
    start: np.datetime64,
    end: np.datetime64,
) -> tuple[GapReason, str]:
    gap = index_kwh - curve_kwh
    tolerance = max(MEASURED_TOLERANCE_KWH, MEASURED_TOLERANCE_SHARE * abs(index_kwh))
    if index_kwh < 0:
        return GapReason.INDEX_WENT_BACK, "l’index a reculé (compteur changé ou remis à zéro)."
    if abs(gap) <= tolerance:
        return GapReason.AGREES, "ils concordent."
    factor = _factor(curve_kwh, index_kwh)
    if factor is not None and missing_hours == 0:
        times = number_fr(factor, 0 if factor >= 1 else 3)
        return GapReason.UNIT, f"la courbe vaut {times} fois l’index, une unité est fausse."
    shift = _shift(curve, index_kwh, tolerance, start, end)
    if shift is not None:
        side = "trop tard" if shift < 0 else "trop tôt"
        return (
            GapReason.DATED_ELSEWHERE,
            f"l’index est daté {abs(shift)}{NO_BREAK}h {side}, la courbe décalée concorde.",
        )
    if missing_hours > 0 and 0 < gap <= missing_hours * curve.highest_kw * HIGHEST_POWER_ROOM:
        return (
            GapReason.HOLES,
            f"il manque {number_fr(missing_hours, 1)}{NO_BREAK}h à la courbe, et l’index y a "
            f"compté {_kwh(gap)}, soit {number_fr(gap / missing_hours, 2)}{NO_BREAK}kW en "
            "moyenne.",
        )
    return GapReason.UNEXPLAINED, f"écart de {_kwh(gap)} sans raison connue, à vérifier."


def _factor(curve_kwh: float, index_kwh: float) -> float | None:
    if index_kwh <= 0:
        return None
    ratio = curve_kwh / index_kwh
    return next((f for f in FACTORS if abs(ratio / f - 1) <= FACTOR_TOLERANCE), None)


def _shift(
    curve: CurveCount,
    index_kwh: float,
    tolerance: float,
    start: np.datetime64,
    end: np.datetime64,
) -> int | None:
    """By how many hours the period must move for the curve to give the index."""
    for hours in SHIFTS_HOURS:
        moved = np.timedelta64(hours, "h")
        kwh, absent = curve.between(start + moved, end + moved)
        if kwh is not None and absent == 0 and abs(index_kwh - kwh) <= tolerance:
            return hours
    return None


def invoice_gap(
    counted: Source,
    counted_kwh: float,
    invoice_kwh: float,
    word: str | None,
    missing_hours: float,
    *,
    cubic_metre_kwh: float | None = None,
) -> Gap:
    """The invoice minus the curve or the index, on the invoiced period. An invoice is of whole kWh:
    it agrees within one. `word` is what the file says of the reading (estimated, corrected…).

    cubic_metre_kwh : what a cubic metre of this gas holds; None for what is not a gas. A gas bill
    counts whole cubic metres between two indexes, a daily measure does not.

    >>> gap = invoice_gap(Source.INDEX, 177.3, 30, "Estimée", 0.0)
    >>> gap.kwh, gap.reason.value
    (-147.3, 'estimated')
    >>> invoice_gap(Source.CURVE, 1234.0, 1242.0, None, 0.0, cubic_metre_kwh=11.2).reason.value
    'index_rounding'
    """
    gap = invoice_kwh - counted_kwh
    said = f"{_capital(SOURCES_FR[counted])} compte {_kwh(counted_kwh)}, la facture {_kwh(invoice_kwh)} : "
    estimate = ESTIMATES.get(plain(word or ""))
    if abs(gap) <= INVOICE_TOLERANCE_KWH:
        reason, words = (
            GapReason.AGREES,
            "elles concordent." if counted is Source.CURVE else "ils concordent.",
        )
    elif estimate is not None:
        reason, words = GapReason.ESTIMATED, f"cette facture est {estimate}, pas une relève."
    elif missing_hours > 0 and gap > 0:
        hours = f"{number_fr(missing_hours, 1)}{NO_BREAK}h"
        reason, words = GapReason.HOLES, f"il manque {hours} à la courbe."
    elif cubic_metre_kwh is not None and abs(gap) <= cubic_metre_kwh + INVOICE_TOLERANCE_KWH:
        reason, words = (
            GapReason.INDEX_ROUNDING,
            f"écart de {_kwh(gap)}, moins d’un mètre cube de gaz ({_kwh(cubic_metre_kwh)}), "
            "arrondi de l’index.",
        )
    elif (factor := _factor(counted_kwh, invoice_kwh)) is not None:
        times = number_fr(factor, 0 if factor >= 1 else 3)
        reason, words = GapReason.UNIT, f"{times} fois la facture, une unité est fausse."
    else:
        reason, words = (
            GapReason.UNEXPLAINED,
            f"écart de {_kwh(gap)} sans raison connue, à vérifier.",
        )
    return Gap(counted, Source.INVOICE, gap, reason, said + words)


def _kwh(value: float) -> str:
    decimals = 0 if abs(value) >= 100 and float(value).is_integer() else 1
    return f"{number_fr(value, decimals)}{NO_BREAK}kWh"


def _day(instant: np.datetime64) -> str:
    local = utc_to_paris(np.array([instant], dtype="datetime64[us]"))[0].item()
    day = date_fr(local.date())
    if local.hour or local.minute:
        return f"{day} à {local.hour}{NO_BREAK}h{NO_BREAK}{local.minute:02}"
    return day


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
