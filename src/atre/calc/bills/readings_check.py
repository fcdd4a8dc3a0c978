"""Estimated readings, and catch-up bills that reach further back than the law allows.

Code de la consommation, article L224-11: electricity and gas are billed at least once a year on
what was consumed, and nothing consumed more than fourteen months before the last reading can be
billed, unless the meter could not be reached, no index was sent after a registered letter of the
network operator, or there was fraud.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from atre.calc.bills.coverage import Days, Indices
from atre.calc.bills.daily_series import DailySeries
from atre.calc.bills.energies import Energy
from atre.calc.bills.finding import Finding, FindingKind, cannot_check
from atre.calc.bills.load_shape import LoadShape, shape_from_share
from atre.calc.bills.model import Bill
from atre.calc.bills.readings import BillRows, Stretches, stretches_between_readings
from atre.calc.bills.rows import rows_of
from atre.calc.bills.sums import sums_by_group
from atre.calc.errors import RefusedInput
from atre.calc.parameters import UnknownParameter, parameter
from atre.calc.three_valued import UNKNOWN_CODE, YES_CODE, Answer, Codes
from atre.calc.wording import NO_BREAK, date_fr, number_fr

Floats = NDArray[np.float64]

CATCH_UP_KEY = "billing.catch_up_limit_months"
ENERGIES_OF_THE_LAW = frozenset({Energy.ELECTRICITY, Energy.NATURAL_GAS})
LONGEST_WITHOUT_READING_DAYS = 366


@dataclass(frozen=True, slots=True)
class CatchUps:
    """One line a stretch between real readings, shape (m,).

    `beyond` codes: 1 when the reading that closes the stretch bills days before `limit`, 0 when
    it does not, -1 when no real reading has closed it, or when a late bill does not say so. `undue_kwh` is what was consumed before
    the limit and had not been billed by an estimate; NaN where the shape does not tell.
    """

    limit: Days
    beyond: Codes
    undue_kwh: Floats


def catch_ups(
    rows: BillRows,
    stretches: Stretches,
    shape: LoadShape,
    degree_days: DailySeries | None = None,
    place: Indices | None = None,
) -> CatchUps:
    """How far back each real reading bills, over many meters of electricity or gas.

    Parameters
    ----------
    rows, stretches : the bills, and `stretches_between_readings` of them.
    shape, degree_days, place : as in `annual.annualise`, to know how much of a stretch came
        before the limit.

    The limit of a day is that day fourteen months earlier (the last day of a shorter month). A
    reading before the law (18 August 2016) has none.

    >>> rows = BillRows.from_arrays([0], ["2024-01-01"], ["2026-01-01"], [7310.0], [0])
    >>> found = stretches_between_readings(rows)
    >>> late = catch_ups(rows, found, shape_from_share(found, [0.0], None))
    >>> late.limit.astype(str).tolist(), late.beyond.tolist(), late.undue_kwh.round().tolist()
    (['2024-11-01'], [1], [3050.0])
    """
    if not stretches.group.size:
        nothing = np.empty(0)
        return CatchUps(stretches.end, np.empty(0, np.int8), nothing)
    try:
        value = parameter(CATCH_UP_KEY, on=stretches.end.max().item())
    except UnknownParameter:
        # The last reading came before the law: there was nothing to exceed.
        none = np.zeros(stretches.group.size)
        return CatchUps(stretches.start, none.astype(np.int8), none)
    limit = months_before(stretches.end, int(value.number))
    applies = stretches.end >= np.datetime64(value.valid_from or date.min, "D")
    late = applies & (stretches.start < limit)
    # A bill that does not say whether its index was read proves no catch-up.
    unproved = stretches.ends_estimated | (late & stretches.unsaid)
    beyond = np.where(unproved, UNKNOWN_CODE, late.astype(np.int8))
    consumed = stretches.kwh * _share_before(stretches, limit, shape, degree_days, place)
    billed = _billed_before(rows, stretches, limit, shape, degree_days, place)
    undue = np.maximum(consumed - billed, 0.0)
    return CatchUps(limit, beyond.astype(np.int8), np.where(beyond == YES_CODE, undue, 0.0))


def months_before(days: Days, months: int) -> Days:
    """Each day so many calendar months earlier, the last day of the month where it has no such day.

    >>> months_before(np.array(["2025-04-30", "2026-01-01"], "datetime64[D]"), 14).astype(str).tolist()
    ['2024-02-29', '2024-11-01']
    """
    month = days.astype("datetime64[M]")
    rank = (days - month.astype("datetime64[D]")).astype(np.int64)
    earlier = month - months
    length = ((earlier + 1).astype("datetime64[D]") - earlier.astype("datetime64[D]")).astype(int)
    return np.asarray(earlier.astype("datetime64[D]") + np.minimum(rank, length - 1))


def _share_before(
    stretches: Stretches,
    limit: Days,
    shape: LoadShape,
    degree_days: DailySeries | None,
    place: Indices | None,
) -> Floats:
    until = np.clip(limit, stretches.start, stretches.end)
    part = shape.weights(stretches.group, stretches.start, until, degree_days, place)
    whole = shape.weights(stretches.group, stretches.start, stretches.end, degree_days, place)
    days = (until - stretches.start) / (stretches.end - stretches.start)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole == 0, days, part / whole)


def _billed_before(
    rows: BillRows,
    stretches: Stretches,
    limit: Days,
    shape: LoadShape,
    degree_days: DailySeries | None,
    place: Indices | None,
) -> Floats:
    """kWh that estimated bills had already charged for the days before the limit, shape (m,)."""
    estimated = np.flatnonzero(rows.estimated == YES_CODE)
    of_stretch = stretches.of_bill[estimated]
    start, end = rows.start[estimated], rows.end[estimated]
    until = np.clip(limit[of_stretch], start, end)
    group = rows.group[estimated]
    part = shape.weights(group, start, until, degree_days, place)
    whole = shape.weights(group, start, end, degree_days, place)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(whole == 0, (until - start) / (end - start), part / whole)
    share = np.where(until == end, 1.0, np.where(until == start, 0.0, share))
    return sums_by_group(of_stretch, rows.kwh[estimated] * share, stretches.group.size)


def check_readings(
    bills: Sequence[Bill],
    *,
    heating_share: float | None = None,
    degree_days: DailySeries | None = None,
    eur_per_kwh: float | None = None,
) -> tuple[Finding, Finding]:
    """Check one energy's bills for estimates, then for a catch-up beyond the law.

    Parameters
    ----------
    bills : of one energy, in any order. `evidence` numbers them in the order given.
    heating_share, degree_days : as in `annual_answer.annualise_bills`; without them the kWh
        beyond the limit are not counted, though the finding stands.
    eur_per_kwh : price of the kWh TTC on the catch-up bill; None = not known.

    Raises `RefusedInput` for no bill, several energies, bills on the same days.
    Source: code de la consommation, article L224-11.

    >>> from decimal import Decimal
    >>> from atre.calc.bills.energies import QuantityUnit
    >>> bill = Bill(energy=Energy.ELECTRICITY, start=date(2024, 1, 1), end=date(2026, 1, 1),
    ...     quantity=Decimal(7310), unit=QuantityUnit.KWH, euros_ttc=None, estimated=False)
    >>> late = check_readings([bill], heating_share=0.0, eur_per_kwh=0.2)[1]
    >>> late.euros_once  # ten kWh a day over the 305 days before 1 November 2024
    610.0
    """
    if not bills or len({bill.energy for bill in bills}) != 1:
        raise RefusedInput("Il faut des factures d’une seule énergie.", field="bills")
    rows = rows_of(bills)
    if rows.impossible_groups().any():
        raise RefusedInput(
            "Deux factures couvrent les mêmes jours, ou l’une finit avant de commencer.",
            field="bills",
        )
    stretches = stretches_between_readings(rows)
    share = np.nan if heating_share is None else heating_share
    shape = shape_from_share(stretches, [share], degree_days)
    late = catch_ups(rows, stretches, shape, degree_days)
    return _estimated(rows, stretches), _catch_up(bills, rows, stretches, late, eur_per_kwh)


def _estimated(rows: BillRows, stretches: Stretches) -> Finding:
    kind = FindingKind.ESTIMATED_READINGS
    estimated = np.flatnonzero(rows.estimated == YES_CODE)
    if not estimated.size:
        if (rows.estimated == UNKNOWN_CODE).any():
            return cannot_check(kind, "l’indication « relevé » ou « estimé » sur chaque facture")
        return Finding(
            kind=kind,
            answer=Answer.NO,
            sentence_fr="Toutes les factures reposent sur un index relevé.",
            euros_reason_fr="Rien à corriger.",
        )
    longest = int((stretches.end - stretches.start).astype(np.int64).max())
    pending = (
        " La dernière est estimée : la prochaine facture corrigera l’écart."
        if stretches.ends_estimated[-1]
        else ""
    )
    beyond_a_year = (
        " C’est plus d’un an, alors que l’énergie consommée doit être facturée au moins une fois "
        "par an (code de la consommation, article L224-11)."
        if longest > LONGEST_WITHOUT_READING_DAYS
        else ""
    )
    count = estimated.size
    return Finding(
        kind=kind,
        answer=Answer.YES,
        sentence_fr=(
            f"{count} facture{'s' if count > 1 else ''} sur {rows.kwh.size} sur index estimé ; "
            f"jusqu’à {number_fr(longest)} jours sans relevé réel.{beyond_a_year}{pending}"
        ),
        euros_reason_fr="Une estimation ne coûte rien par elle-même : elle reporte l’écart.",
        evidence=tuple(int(row) for row in estimated),
        caution_fr="Relevez le compteur avec le ménage et transmettez l’index au fournisseur.",
    )


def _catch_up(
    bills: Sequence[Bill],
    rows: BillRows,
    stretches: Stretches,
    late: CatchUps,
    eur_per_kwh: float | None,
) -> Finding:
    kind = FindingKind.CATCH_UP_BEYOND_LIMIT
    if bills[0].energy not in ENERGIES_OF_THE_LAW:
        return Finding(
            kind=kind,
            answer=Answer.NO,
            sentence_fr="La limite de quatorze mois ne vise que l’électricité et le gaz de réseau.",
            euros_reason_fr="Sans objet.",
        )
    found = np.flatnonzero(late.beyond == YES_CODE)
    if not found.size:
        if (rows.estimated == UNKNOWN_CODE).any() or stretches.ends_estimated.any():
            return cannot_check(kind, "le prochain relevé réel, ou l’indication des index estimés")
        return Finding(
            kind=kind,
            answer=Answer.NO,
            sentence_fr="Aucune facture ne remonte à plus de quatorze mois avant son relevé.",
            euros_reason_fr="Rien à contester.",
        )
    undue = float(late.undue_kwh[found].sum())
    evidence = tuple(int(row) for row in np.flatnonzero(np.isin(stretches.of_bill, found)))
    if undue == 0:
        return _nothing_due(evidence)
    days = int((late.limit[found] - stretches.start[found]).astype(np.int64).sum())
    reading = stretches.end[found[-1]].item()
    euros = None if eur_per_kwh is None or np.isnan(undue) else round(undue * eur_per_kwh, 2)
    return Finding(
        kind=kind,
        answer=Answer.YES,
        sentence_fr=(
            f"Le relevé du {date_fr(reading)} facture {_days_fr(days)} de plus de "
            f"quatorze mois (code de la consommation, article L224-11). {_undue_fr(undue)}."
        ),
        euros_once=euros,
        euros_reason_fr=None if euros is not None else "Il manque le prix du kWh ou les kWh.",
        evidence=evidence,
        caution_fr=(
            "À vérifier sur l’historique des relevés : la limite ne joue pas si le compteur était "
            "inaccessible, si aucun index n’a été transmis après une lettre recommandée du "
            "gestionnaire de réseau, ou en cas de fraude. Le Médiateur national de l’énergie peut "
            "être saisi."
        ),
        sources_fr=(parameter(CATCH_UP_KEY, on=reading).source.line_fr,),
    )


def _undue_fr(undue_kwh: float) -> str:
    if np.isnan(undue_kwh):
        return "La part de ces jours dans la facture n’est pas connue"
    return f"Environ {number_fr(undue_kwh)}{NO_BREAK}kWh y sont facturés"


def _days_fr(days: int) -> str:
    return f"{number_fr(days)} jours antérieurs" if days > 1 else "un jour antérieur"


def _nothing_due(evidence: tuple[int, ...]) -> Finding:
    return Finding(
        kind=FindingKind.CATCH_UP_BEYOND_LIMIT,
        answer=Answer.NO,
        sentence_fr=(
            "Un relevé solde plus de quatorze mois, mais les estimations avaient déjà facturé "
            "tout ce qui est plus ancien."
        ),
        euros_reason_fr="Rien à contester.",
        evidence=evidence,
    )
