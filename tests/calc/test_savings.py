"""Three tiers that no function adds together, and the declared one from bills."""

from datetime import date
from decimal import Decimal

import pytest

from atre.calc.bills.energies import Energy, QuantityUnit
from atre.calc.bills.model import Bill
from atre.calc.errors import RefusedInput
from atre.calc.savings.declared import NOT_CORRECTED_FR, declared_change
from atre.calc.savings.tiers import (
    MixedTiers,
    Saving,
    Tier,
    total_of_one_tier,
    totals_by_tier,
)


def saving(tier: Tier, kwh: float | None, euros: str | None = None) -> Saving:
    return Saving(
        tier=tier,
        kwh_per_year=kwh,
        euros_per_year=None if euros is None else Decimal(euros),
        basis_fr="Essai.",
    )


def test_totals_stay_apart_by_tier():
    totals = totals_by_tier(
        [
            saving(Tier.MEASURED, 900.0),
            saving(Tier.ESTIMATED, 100.0, "20.10"),
            saving(Tier.ESTIMATED, 50.0, "9.90"),
        ]
    )
    assert list(totals) == [Tier.ESTIMATED, Tier.MEASURED]
    assert totals[Tier.ESTIMATED].kwh_per_year == 150.0
    assert totals[Tier.ESTIMATED].euros_per_year == Decimal("30.00")
    assert totals[Tier.MEASURED].kwh_per_year == 900.0


def test_one_total_over_two_tiers_is_refused_where_one_tier_is_accepted():
    estimated, measured = saving(Tier.ESTIMATED, 100.0), saving(Tier.MEASURED, 900.0)
    assert total_of_one_tier([estimated, estimated]).kwh_per_year == 200.0
    with pytest.raises(MixedTiers, match="estimée à la visite, mesurée"):
        total_of_one_tier([measured, estimated])


def test_an_unknown_saving_is_counted_and_not_added_as_zero():
    total = total_of_one_tier([saving(Tier.DECLARED, None), saving(Tier.DECLARED, 40.0)])
    assert (total.savings, total.kwh_known, total.kwh_per_year) == (2, 1, 40.0)
    assert (total.euros_known, total.euros_per_year) == (0, None)


def test_a_saving_without_basis_or_with_an_infinite_figure_is_refused():
    with pytest.raises(RefusedInput):
        Saving(tier=Tier.DECLARED, kwh_per_year=1.0, euros_per_year=None, basis_fr=" ")
    with pytest.raises(RefusedInput):
        saving(Tier.DECLARED, float("nan"))


def bill(start: date, end: date, kwh: str | None, euros: str | None) -> Bill:
    return Bill(
        energy=Energy.ELECTRICITY,
        start=start,
        end=end,
        quantity=None if kwh is None else Decimal(kwh),
        unit=QuantityUnit.KWH,
        euros_ttc=None if euros is None else Decimal(euros),
        estimated=False,
    )


VISIT, FOLLOW_UP = date(2025, 1, 20), date(2026, 2, 10)
BEFORE = [bill(date(2024, 1, 10), date(2025, 1, 9), "5000", "1400")]


def change(after: list[Bill]):
    (found,) = declared_change(BEFORE, after, before_on=VISIT, after_on=FOLLOW_UP)
    return found


def test_two_years_of_bills_give_a_declared_saving_with_its_caution():
    found = change([bill(date(2025, 1, 31), date(2026, 1, 31), "4000", "1150")])
    assert found.saving is not None
    assert found.saving.tier is Tier.DECLARED
    assert found.saving.kwh_per_year == 1000.0
    assert found.saving.euros_per_year == Decimal("250.00")
    assert NOT_CORRECTED_FR in found.saving.cautions_fr


def test_two_years_of_unequal_length_are_brought_to_the_same_days():
    # 365 days at 5 000 kWh then 355 days at the same daily use: nothing was saved.
    daily_same = Decimal(5000) / 365 * 355
    found = change([bill(date(2025, 1, 31), date(2026, 1, 21), str(daily_same), None)])
    assert found.saving is not None
    assert found.saving.kwh_per_year == 0.0
    assert found.saving.euros_per_year is None


def test_more_consumption_is_a_negative_saving():
    found = change([bill(date(2025, 1, 31), date(2026, 1, 31), "6000", "1800")])
    assert found.saving is not None
    assert found.saving.kwh_per_year == -1000.0


def test_eleven_months_after_give_no_saving_and_say_why():
    found = change([bill(date(2025, 2, 28), date(2026, 1, 31), "3000", "900")])
    assert found.saving is None
    assert found.reason_fr is not None
    assert "350 à 380 jours" in found.reason_fr


def test_two_years_that_share_days_are_not_compared():
    found = change([bill(date(2025, 1, 8), date(2026, 1, 8), "4000", "1150")])
    assert found.saving is None
    assert found.reason_fr is not None
    assert "jours en commun" in found.reason_fr


def test_an_energy_seen_only_before_has_no_saving():
    found = change([])
    assert found.saving is None
    assert found.reason_fr == "Aucune facture un an après pour cette énergie (électricité)."
