"""What a household's bills say one year later: the declared tier, corrected for nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from atre.calc.bills.coverage import YEAR_DAYS
from atre.calc.bills.energies import Energy
from atre.calc.bills.model import AnnualTotal, Bill, EnergySummary
from atre.calc.bills.summary import summarise_bills
from atre.calc.savings.tiers import Saving, Tier
from atre.calc.wording import NO_BREAK, date_fr

NOT_CORRECTED_FR = (
    "Écart brut entre deux années de factures : il n’est corrigé ni de la météo, ni des prix, "
    "ni d’un changement dans le ménage."
)


@dataclass(frozen=True, slots=True)
class DeclaredChange:
    """The change of one energy between two visits; `saving` is None with the reason."""

    energy: Energy
    saving: Saving | None
    reason_fr: str | None


def declared_change(
    before_bills: Sequence[Bill],
    after_bills: Sequence[Bill],
    *,
    before_on: date,
    after_on: date,
) -> tuple[DeclaredChange, ...]:
    """Compare a full year of bills before with one after, for each energy seen at either time.

    `before_on` is the visit's day, `after_on` the follow-up's. Each side must hold a year of whole
    bills (350 to 380 days, see `summarise_bills`) and the two years must not share days; otherwise
    there is no saving, and the reason says why. Both years are brought to 365 days by rule of
    three, so that two readings taken days apart do not look like a saving. kWh and euros TTC a year.

    Raises what `summarise_bills` raises. Tier: declared. No weather correction: that is the
    measured tier.

    >>> from atre.calc.bills.energies import QuantityUnit
    >>> def year(start, end, kwh):
    ...     return Bill(energy=Energy.ELECTRICITY, start=start, end=end, quantity=Decimal(kwh),
    ...         unit=QuantityUnit.KWH, euros_ttc=None, estimated=False)
    >>> [change] = declared_change([year(date(2023, 1, 1), date(2024, 1, 1), 3650)],
    ...     [year(date(2024, 3, 1), date(2025, 3, 1), 2920)],
    ...     before_on=date(2024, 1, 15), after_on=date(2025, 3, 10))
    >>> change.saving.kwh_per_year, change.saving.euros_per_year
    (730.0, None)
    """
    before = {one.energy: one for one in summarise_bills(before_bills, before_on)}
    after = {one.energy: one for one in summarise_bills(after_bills, after_on)}
    return tuple(
        _change(energy, before.get(energy), after.get(energy))
        for energy in Energy
        if energy in before or energy in after
    )


def _change(
    energy: Energy, before: EnergySummary | None, after: EnergySummary | None
) -> DeclaredChange:
    first = _year_or_reason(energy, before, "avant")
    second = _year_or_reason(energy, after, "un an après")
    if isinstance(first, str):
        return DeclaredChange(energy, None, first)
    if isinstance(second, str):
        return DeclaredChange(energy, None, second)
    if second.start < first.end:
        return DeclaredChange(
            energy,
            None,
            "Les deux années de factures ont des jours en commun : pas de comparaison.",
        )
    saving = Saving(
        tier=Tier.DECLARED,
        kwh_per_year=_kwh_saved(first, second),
        euros_per_year=_euros_saved(first, second),
        basis_fr=(
            f"Factures ({energy.label_fr}){NO_BREAK}: {_span(first)}, puis {_span(second)}, "
            f"ramenées à {YEAR_DAYS} jours."
        ),
        cautions_fr=(NOT_CORRECTED_FR, *_summary_cautions(before, after)),
    )
    return DeclaredChange(energy, saving, None)


def _year_or_reason(
    energy: Energy, summary: EnergySummary | None, moment: str
) -> AnnualTotal | str:
    if summary is None:
        return f"Aucune facture {moment} pour cette énergie ({energy.label_fr})."
    return summary.annual or f"Factures {moment}. {summary.no_annual_reason_fr}"


def _kwh_saved(first: AnnualTotal, second: AnnualTotal) -> float | None:
    if first.kwh is None or second.kwh is None:
        return None
    return round((first.kwh / first.days - second.kwh / second.days) * YEAR_DAYS, 1)


def _euros_saved(first: AnnualTotal, second: AnnualTotal) -> Decimal | None:
    if first.euros_ttc is None or second.euros_ttc is None:
        return None
    saved = (first.euros_ttc / first.days - second.euros_ttc / second.days) * YEAR_DAYS
    return saved.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _span(year: AnnualTotal) -> str:
    return f"du {date_fr(year.start)} au {date_fr(year.end)} ({year.days} jours)"


def _summary_cautions(before: EnergySummary | None, after: EnergySummary | None) -> tuple[str, ...]:
    said = [text for summary in (before, after) if summary for text in summary.cautions_fr]
    return tuple(dict.fromkeys(said))
