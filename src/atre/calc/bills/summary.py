"""The bills of one dwelling at a visit: by energy, what is covered, and a year only if it is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from atre.calc.bills.coverage import (
    YEAR_LONGEST_DAYS,
    YEAR_SHORTEST_DAYS,
    SortedPeriods,
    days_inside,
    gaps_between,
    latest_years,
    overlapping_pairs,
    sort_periods,
)
from atre.calc.bills.energies import Energy, KwhFactor, kwh_factor
from atre.calc.bills.model import AnnualTotal, Bill, EnergySummary, Gap, OverlappingBills
from atre.calc.errors import RefusedInput
from atre.calc.wording import NO_BREAK, date_fr, number_fr

# Above this an entry is a typing slip: a dwelling does not use a gigawatt-hour between two bills.
MAX_KWH_PER_BILL = 1_000_000
MAX_EUROS_PER_BILL = 100_000


def summarise_bills(bills: Sequence[Bill], visit_on: date) -> tuple[EnergySummary, ...]:
    """Summarise the bills seen at a visit, one summary an energy, in the order of `Energy`.

    The window is the twelve months before the visit day. Raises `RefusedInput` for a bill that
    ends before it starts or after the visit, or has a negative or absurd figure;
    `OverlappingBills` naming the two bills of one energy that share days.

    >>> from atre.calc.bills.energies import QuantityUnit
    >>> bill = Bill(energy=Energy.ELECTRICITY, start=date(2025, 1, 10), end=date(2026, 1, 10),
    ...             quantity=Decimal(4200), unit=QuantityUnit.KWH, euros_ttc=Decimal("1180.40"),
    ...             estimated=False)
    >>> summary, = summarise_bills([bill], date(2026, 2, 1))
    >>> summary.annual.kwh, summary.annual.days, summary.days_covered_last_year
    (4200.0, 365, 343)
    """
    for bill in bills:
        _refuse_impossible(bill, visit_on)
    energies = [energy for energy in Energy if any(bill.energy is energy for bill in bills)]
    group = np.array([energies.index(bill.energy) for bill in bills], dtype=np.int64)
    start = np.array([bill.start for bill in bills], dtype="datetime64[D]")
    end = np.array([bill.end for bill in bills], dtype="datetime64[D]")
    overlaps = overlapping_pairs(group, start, end)
    if overlaps.size:
        raise OverlappingBills(bills[overlaps[0, 0]], bills[overlaps[0, 1]])
    periods = sort_periods(group, start, end)
    window = (_year_before(visit_on), visit_on)
    opens = np.full(len(energies), window[0], dtype="datetime64[D]")
    closes = np.full(len(energies), window[1], dtype="datetime64[D]")
    covered = days_inside(periods, opens, closes, len(energies))
    firsts, lasts = latest_years(periods, len(energies))
    ordered = [bills[position] for position in periods.order]
    return tuple(
        _energy_summary(
            _OneEnergy(energy, ordered, periods, rank),
            year=(int(firsts[rank]), int(lasts[rank])),
            days_covered=int(covered[rank]),
            window=window,
        )
        for rank, energy in enumerate(energies)
    )


@dataclass(frozen=True, slots=True)
class _OneEnergy:
    """The bills of one energy inside the sorted bills of the dwelling."""

    energy: Energy
    ordered: Sequence[Bill]
    periods: SortedPeriods
    rank: int

    @property
    def bills(self) -> list[Bill]:
        return [self.ordered[int(at)] for at in np.flatnonzero(self.periods.group == self.rank)]

    def gaps(self) -> tuple[Gap, ...]:
        before, days = gaps_between(self.periods)
        mine = self.periods.group[before] == self.rank
        ends = self.periods.day_end[before[mine]]
        return tuple(
            Gap(_day(end), _day(end + length)) for end, length in zip(ends, days[mine], strict=True)
        )

    def between(self, first: int, last: int) -> tuple[list[Bill], date, date]:
        """The bills from one sorted position to another, and the days they span."""
        return (
            list(self.ordered[first : last + 1]),
            _day(self.periods.day_start[first]),
            _day(self.periods.day_end[last]),
        )


def _energy_summary(
    one: _OneEnergy, *, year: tuple[int, int], days_covered: int, window: tuple[date, date]
) -> EnergySummary:
    bills = one.bills
    factors = [_factor(bill) for bill in bills]
    latest = None if year[0] < 0 else _annual_total(*one.between(*year))
    too_old = latest is not None and latest.end <= window[0]
    annual = None if too_old else latest
    gaps = one.gaps()
    return EnergySummary(
        energy=one.energy,
        bills=len(bills),
        kwh=_total_kwh(bills),
        euros_ttc=_total_euros(bills),
        days_covered_last_year=days_covered,
        window_days=(window[1] - window[0]).days,
        gaps=gaps,
        annual=annual,
        no_annual_reason_fr=None if annual else _no_year_reason(one, gaps, latest),
        reasons_fr=_unknown_reasons(bills, factors),
        cautions_fr=_cautions(one.energy, bills, factors),
    )


def _annual_total(bills: list[Bill], start: date, end: date) -> AnnualTotal:
    return AnnualTotal(
        start=start,
        end=end,
        days=(end - start).days,
        kwh=_total_kwh(bills),
        euros_ttc=_total_euros(bills),
        estimated_bills=sum(bill.estimated is True for bill in bills),
    )


def _no_year_reason(one: _OneEnergy, gaps: tuple[Gap, ...], too_old: AnnualTotal | None) -> str:
    if too_old is not None:
        return (
            f"Pas de total annuel{NO_BREAK}: la dernière année complète s’achève le "
            f"{date_fr(too_old.end)}, plus de douze mois avant la visite."
        )
    asked = (
        f"une année demande {YEAR_SHORTEST_DAYS} à {YEAR_LONGEST_DAYS} jours de factures entières "
        "qui se suivent"
    )
    mine = one.periods.group == one.rank
    lengths = np.bincount(
        one.periods.run[mine], weights=(one.periods.day_end - one.periods.day_start)[mine]
    )
    longest = int(lengths.max())
    if longest > YEAR_LONGEST_DAYS:
        return (
            f"Pas de total annuel{NO_BREAK}: {asked}, et les périodes de ces factures "
            f"({number_fr(longest)} jours d’affilée) ne permettent pas de former une année "
            "sans en couper une."
        )
    holes = f" ({len(gaps)} trou{'s' if len(gaps) > 1 else ''} entre les factures)" if gaps else ""
    return (
        f"Pas de total annuel{NO_BREAK}: {asked}, et la plus longue suite en couvre "
        f"{number_fr(longest)}{holes}."
    )


def _total_kwh(bills: Sequence[Bill]) -> float | None:
    total = 0.0
    for bill in bills:
        factor = _factor(bill).kwh_per_unit
        if bill.quantity is None or factor is None:
            return None
        total += float(bill.quantity) * factor
    return round(total, 3)


def _total_euros(bills: Sequence[Bill]) -> Decimal | None:
    amounts = [bill.euros_ttc for bill in bills if bill.euros_ttc is not None]
    return sum(amounts, Decimal(0)) if len(amounts) == len(bills) else None


def _factor(bill: Bill) -> KwhFactor:
    return kwh_factor(bill.energy, bill.unit, bill.end, bill.kwh_per_m3)


def _unknown_reasons(bills: Sequence[Bill], factors: Sequence[KwhFactor]) -> tuple[str, ...]:
    reasons = []
    for bill, factor in zip(bills, factors, strict=True):
        if bill.quantity is None:
            reasons.append(f"kWh inconnus{NO_BREAK}: pas de quantité sur la {bill.name_fr}")
        elif factor.reason_fr:
            reasons.append(f"kWh inconnus{NO_BREAK}: {factor.reason_fr}")
        if bill.euros_ttc is None:
            reasons.append(f"euros inconnus{NO_BREAK}: pas de montant sur la {bill.name_fr}")
    return tuple(dict.fromkeys(reasons))


def _cautions(
    energy: Energy, bills: Sequence[Bill], factors: Sequence[KwhFactor]
) -> tuple[str, ...]:
    cautions = []
    estimated = sum(bill.estimated is True for bill in bills)
    unsaid = sum(bill.estimated is None for bill in bills)
    if estimated:
        cautions.append(
            f"{estimated} facture{'s' if estimated > 1 else ''} sur index estimé "
            f"(sur {len(bills)}){NO_BREAK}: la consommation réelle peut être différente."
        )
    if unsaid:
        cautions.append(
            f"{unsaid} facture{'s' if unsaid > 1 else ''} (sur {len(bills)}) sans indication "
            "d’index relevé ou estimé."
        )
    if energy.is_delivered_in_stock:
        cautions.append(
            f"{energy.label_fr.capitalize()}{NO_BREAK}: une livraison n’est pas une consommation, "
            "le stock de début et de fin n’est pas compté."
        )
    sources = dict.fromkeys(factor.source_fr for factor in factors if factor.source_fr)
    cautions.extend(f"Conversion en kWh{NO_BREAK}: {source}." for source in sources)
    return tuple(cautions)


def _refuse_impossible(bill: Bill, visit_on: date) -> None:
    problem = _impossible_dates(bill, visit_on) or _impossible_figures(bill)
    if problem:
        sentence, field = problem
        name = f"{bill.name_fr[0].upper()}{bill.name_fr[1:]}"
        raise RefusedInput(f"{name}{NO_BREAK}: {sentence}.", field=field)


def _impossible_dates(bill: Bill, visit_on: date) -> tuple[str, str] | None:
    if bill.end <= bill.start:
        return "la date de fin doit suivre la date de début", "end"
    if bill.end > visit_on:
        return f"elle se termine après la visite du {date_fr(visit_on)}", "end"
    return None


def _impossible_figures(bill: Bill) -> tuple[str, str] | None:
    if bill.quantity is not None:
        if not (bill.quantity.is_finite() and bill.quantity >= 0):
            return "la quantité doit être un nombre positif ou nul", "quantity"
        if float(bill.quantity) * (_factor(bill).kwh_per_unit or 0) > MAX_KWH_PER_BILL:
            return "la quantité n’est pas plausible pour un logement", "quantity"
    if bill.euros_ttc is not None:
        if not (bill.euros_ttc.is_finite() and bill.euros_ttc >= 0):
            # A negative balance is what remains after monthly payments, not what the energy cost.
            return (
                "le montant doit être positif ou nul (le coût TTC de la période, pas le solde "
                "après mensualités)",
                "euros_ttc",
            )
        if bill.euros_ttc > MAX_EUROS_PER_BILL:
            return "le montant n’est pas plausible pour un logement", "euros_ttc"
    return None


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        # 29 February: the year before has none; its last day of February is the same season.
        return day.replace(year=day.year - 1, day=28)


def _day(days_since_1970: np.int64) -> date:
    return date(1970, 1, 1) + timedelta(days=int(days_since_1970))
