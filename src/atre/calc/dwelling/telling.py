"""One dwelling's estimate in French: figures with their range, what to look at next, cautions."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from atre.calc.bills.energies import Energy
from atre.calc.dwelling.calibration import Calibration, CalibrationState
from atre.calc.dwelling.conversions import Prices, pcs_per_pci
from atre.calc.dwelling.difference import Difference
from atre.calc.dwelling.estimate import Estimate
from atre.calc.dwelling.inputs import LABELS_FR
from atre.calc.dwelling.quantities import GROUPS_FR
from atre.calc.dwelling.spreads import Spread
from atre.calc.dwelling.systems import heating_energy, hot_water_energy
from atre.calc.emissions.factors import USES
from atre.calc.savings.tiers import Saving, Tier
from atre.calc.wording import NO_BREAK, date_fr, list_fr, number_fr

USES_FR: Mapping[str, str] = {
    "heating": "chauffage",
    "hot_water": "eau chaude",
    "cooking": "cuisson",
    "specific": "appareils et éclairage",
}
RANGE_FR = (
    "La fourchette réunit ce qui n’est pas connu, chaque inconnue à part (somme des carrés)\u00a0: "
    "ce n’est ni un pire cas ni une probabilité."
)
JUDGED_FR = "Le soleil qui atteint les fenêtres et l’effet du nombre de personnes sur les appareils sont estimés au jugé."
REAL_USE_FR = (
    "Un logement mal isolé est rarement chauffé en entier\u00a0: le chauffage estimé suit ce que des enquêtes trouvent, "
    "et sa fourchette va jusqu’au chauffage de tout le logement."
)
WEATHER_FR = "Le climat est celui de l’année conventionnelle du DPE pour la zone et l’altitude."
LEFT_OUT_FR = "Un chauffage d’appoint (le bois surtout) et la climatisation ne sont pas comptés."
MANY_REACHES = 5
CLEARLY_MORE = 1.3


def missing_inputs(found: Estimate, row: int) -> tuple[str, ...]:
    """Columns without which the uses of this dwelling cannot be told in kWh.

    >>> from datetime import date
    >>> from atre.calc.dwelling.estimate import estimate
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> flat = read_dwellings({"kind": "flat", "zone": "H3", "floor_area_m2": 40.0,
    ...     "heating_system": "electric"})
    >>> missing_inputs(estimate(flat, on=date(2026, 6, 1)), 0)
    ('hot_water_energy',)
    """
    one = found.dwellings.part(row, row + 1)
    missing = []
    if np.isnan(found["heating_kwh"].central[row]):
        known = heating_energy(one)[0] >= 0
        missing.append("heating_system" if known else "heating_energy")
    if np.isnan(found["hot_water_kwh"].central[row]):
        known = hot_water_energy(one)[0] >= 0
        missing.append("hot_water_system" if known else "hot_water_energy")
    return tuple(missing)


def tell(found: Estimate, row: int) -> dict[str, Any]:
    """Plain values and sentences of one dwelling, fit for JSON or a template; unknown is None.

    >>> from datetime import date
    >>> from atre.calc.dwelling.estimate import estimate
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> house = read_dwellings({"kind": "house", "zone": "H3", "floor_area_m2": 80.0})
    >>> told = tell(estimate(house, on=date(2026, 6, 1)), 0)
    >>> told["missing"], told["final_kwh"], told["need_kwh"]["central"] > 0
    (['heating_energy', 'hot_water_energy'], None, True)
    """
    missing = missing_inputs(found, row)
    told: dict[str, Any] = {
        "statement_fr": found.statement_fr,
        **{name: _triple(spread, row) for name, spread in found.outputs.items()},
        "primary_coefficient": found.primary_coefficient,
        "missing": list(missing),
        "sentences_fr": [*_sentences(found, row, missing)],
        "to_look_at_fr": _to_look_at(found, row),
        "cautions_fr": _cautions(found),
    }
    return told


def _triple(spread: Spread, row: int) -> dict[str, float] | None:
    low, central, high = (float(side[row]) for side in spread)
    if np.isnan(central):
        return None
    return {"low": round(low, 1), "central": round(central, 1), "high": round(high, 1)}


def _sentences(found: Estimate, row: int, missing: tuple[str, ...]) -> list[str]:
    said = [f"Besoin de chaleur{NO_BREAK}: {_between(found['need_kwh'], row, 'kWh')} par an."]
    for use in USES:
        if not np.isnan(found[f"{use}_kwh"].central[row]):
            amount = _between(found[f"{use}_kwh"], row, "kWh")
            said.append(f"{USES_FR[use].capitalize()}{NO_BREAK}: {amount} par an.")
    if _told_apart(found, row):
        amount = _between(found["conventional_heating_kwh"], row, "kWh")
        said.append(f"Chauffer tout le logement à la température dite prendrait {amount} par an.")
    if missing:
        names = list_fr([LABELS_FR[name] for name in missing])
        return [*said, f"Le total n’est pas connu{NO_BREAK}: il manque {names}."]
    coefficient = number_fr(found.primary_coefficient, 1)
    said += [
        f"Énergie finale{NO_BREAK}: {_between(found['final_kwh'], row, 'kWh')} par an (PCI).",
        f"Énergie primaire{NO_BREAK}: {_between(found['primary_kwh'], row, 'kWh')} par an, "
        f"coefficient de l’électricité {coefficient} (au {date_fr(found.on)}).",
        f"Gaz à effet de serre{NO_BREAK}: {_between(found['kg_co2e'], row, 'kg')} de CO₂ par an, "
        f"{found.factor_set.label_fr}.",
    ]
    return [*said, *_cost(found, row, found.prices)]


def _told_apart(found: Estimate, row: int) -> bool:
    """Whether heating all of the dwelling would take clearly more than it is expected to use."""
    whole, real = (found[name].central[row] for name in ("conventional_heating_kwh", "heating_kwh"))
    return bool(whole > CLEARLY_MORE * real)


def tell_calibration(found: Calibration, row: int) -> list[str]:
    r"""What the bills changed, in French: one sentence an energy that has bills, then the uses.

    >>> from datetime import date
    >>> from atre.calc.dwelling.calibration import calibrate
    >>> from atre.calc.dwelling.estimate import estimate
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> from atre.calc.dwelling.readings import read_readings
    >>> house = read_dwellings({"kind": "house", "zone": "H3", "floor_area_m2": 80.0})
    >>> bills = read_readings([0], ["natural_gas"], ["2025-01-01"], ["2025-03-01"], [900.0])
    >>> tell_calibration(calibrate(estimate(house, on=date(2026, 6, 1)), bills), 0)
    ['Gaz de réseau\xa0: les factures ne couvrent pas 350 jours.']
    """
    said = []
    for energy in Energy:
        state = found.state_of(str(energy), row)
        if state is not CalibrationState.NO_BILL:
            label = energy.label_fr
            said.append(f"{label[:1].upper()}{label[1:]}{NO_BREAK}: {state.label_fr}.")
    for use, label in zip(USES, USES_FR.values(), strict=True):
        place = USES.index(use)
        if found.factor[place, row] != 1 and not np.isnan(found.uses.central[place, row]):
            one = Spread(*(side[place] for side in found.uses))
            said.append(
                f"{label.capitalize()} après calage{NO_BREAK}: {_between(one, row, 'kWh')} par an."
            )
    return said


def saving_of(gain: Difference, row: int) -> Saving:
    """The gain of one dwelling as a saving of the estimated tier: kWh as billed, euros TTC a year.

    kWh are None when an energy is not known, euros when a price is not.

    >>> from datetime import date
    >>> from atre.calc.dwelling.difference import difference
    >>> from atre.calc.dwelling.estimate import estimate
    >>> from atre.calc.dwelling.inputs import read_dwellings
    >>> from atre.calc.dwelling.works import save_electricity
    >>> flat = read_dwellings({"kind": "flat", "zone": "H3", "floor_area_m2": 40.0, "occupants": 3,
    ...     "heating_system": "electric", "hot_water_system": "none"})
    >>> led = difference(estimate(flat, on=date(2026, 6, 1)), save_electricity(flat, 0.1))
    >>> saving = saving_of(led, 0)
    >>> saving.tier.value, saving.kwh_per_year, saving.euros_per_year  # a tenth of 2 470 x 1.2
    ('estimated', 296.4, None)
    """
    pcs = pcs_per_pci(gain.on)
    kwh = sum(
        float(gain[f"{energy}_kwh"].central[row] * ratio)
        for energy, ratio in zip(Energy, pcs, strict=True)
    )
    euros = float(gain["eur_ttc"].central[row])
    return Saving(
        tier=Tier.ESTIMATED,
        kwh_per_year=None if np.isnan(kwh) else round(kwh, 1),
        euros_per_year=None if np.isnan(euros) else Decimal(f"{euros:.2f}"),
        basis_fr=(
            f"Énergie finale (PCI){NO_BREAK}: {_between(gain['final_kwh'], row, 'kWh')} par an, "
            + ("calé sur les factures." if gain.calibrated else "sans factures.")
        ),
        cautions_fr=(gain.statement_fr, gain.caution_fr, RANGE_FR),
    )


def _cost(found: Estimate, row: int, prices: Prices | None) -> list[str]:
    if prices is None:
        return []
    if np.isnan(found["eur_ttc"].central[row]):
        return ["Le coût n’est pas connu, faute d’un prix pour chaque énergie du logement."]
    return [
        f"Coût{NO_BREAK}: {_between(found['eur_ttc'], row, '€')} TTC par an, aux prix du "
        f"{date_fr(prices.read_on)}."
    ]


def _between(spread: Spread, row: int, unit: str) -> str:
    low, central, high = (number_fr(_rounded(float(side[row]))) for side in spread)
    return f"environ {central}{NO_BREAK}{unit} (entre {low} et {high})"


def _rounded(value: float) -> float:
    """Two significant figures: more would be false precision."""
    return float(f"{value:.2g}")


def _to_look_at(found: Estimate, row: int) -> list[str]:
    """What widens the range most, first."""
    reaches = sorted(
        ((float(values[row]), name) for name, values in found.reach.items()), reverse=True
    )
    return [GROUPS_FR[name] for reach, name in reaches[:MANY_REACHES] if reach > 0]


def _cautions(found: Estimate) -> list[str]:
    return [found.statement_fr, RANGE_FR, REAL_USE_FR, WEATHER_FR, LEFT_OUT_FR, JUDGED_FR]
