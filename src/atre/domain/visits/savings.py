"""The first tier of saving: what sources allow to estimate from a visit, or why nothing does."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from atre.calc.wording import list_fr
from atre.domain.visits import catalogue
from atre.domain.visits.models import Visit


@dataclass(frozen=True)
class GestureEstimate:
    """A gesture's yearly saving in kWh and, when the bills give a price, in euros."""

    code: str
    low_kwh: Decimal
    high_kwh: Decimal
    low_euros: Decimal | None
    high_euros: Decimal | None
    source: str


@dataclass(frozen=True)
class EstimatedSaving:
    """The estimate of a whole visit. None with `unknown_because_fr` when nothing allows one.

    It is the largest single gesture, never a sum: no source says how gestures add up.
    """

    kwh_per_year: Decimal | None
    euros_per_year: Decimal | None
    basis_fr: str
    unknown_because_fr: str | None
    gestures: tuple[GestureEstimate, ...]


def estimated_saving(visit: Visit) -> EstimatedSaving:
    """What a sealed visit lets estimate (tier « estimated »)."""
    document = visit.document
    advised = [row["code"] for row in document["gestures"] if row["code"] is not None]
    heating, reason = heating_year(document)
    if heating is None:
        return _unknown(reason)
    estimates = []
    for code in dict.fromkeys(advised):
        saving = catalogue.GESTURES[code].saving
        if saving is not None and saving.share_of_heating:
            estimates.append(_estimate(code, saving, heating))
    if not estimates:
        return _unknown("Aucun geste conseillé n’a de chiffre sourcé sur le chauffage.")
    best = max(estimates, key=lambda estimate: estimate.low_kwh)
    return EstimatedSaving(
        kwh_per_year=best.low_kwh,
        euros_per_year=best.low_euros,
        basis_fr=(
            f"« {catalogue.GESTURES[best.code].label} », sur une année de chauffage de "
            f"{heating['annual_quantity']} kWh lue sur les factures. Source : {best.source}. "
            "Les gestes ne sont pas additionnés."
        ),
        unknown_because_fr=None,
        gestures=tuple(estimates),
    )


def heating_year(document: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
    """The year of bills that is heating alone, else None and why.

    A bill says what an energy cost, not what it was used for: heating is known only when nothing
    else uses its energy.
    """
    energy = document["heating"]["energy"]
    if energy is None:
        return None, "L’énergie de chauffage n’est pas connue."
    shared = {
        "l’eau chaude": document["hot_water"]["energy"],
        "la cuisson": document["uses"]["cooking_energy"],
    }
    if unknown := [name for name, used in shared.items() if used is None]:
        return None, f"On ne sait pas quelle énergie sert à {list_fr(unknown)}."
    if energy == "electricity":
        return None, "Le chauffage partage l’électricité avec les autres appareils."
    if same := [name for name, used in shared.items() if used == energy]:
        return None, f"Le chauffage partage son énergie avec {list_fr(same)}."
    for use in document.get("results", {}).get("uses", []):
        if use["energy"] == energy and use["annual_quantity"] is not None:
            return use, ""
    return None, "Les factures de chauffage ne couvrent pas une année."


def _estimate(
    code: str, saving: catalogue.SourcedSaving, heating: dict[str, Any]
) -> GestureEstimate:
    kwh = Decimal(heating["annual_quantity"])
    euros = None if heating["annual_euros"] is None else Decimal(heating["annual_euros"])
    low, high = saving.low / 100, saving.high / 100
    return GestureEstimate(
        code=code,
        low_kwh=(kwh * low).quantize(Decimal(1)),
        high_kwh=(kwh * high).quantize(Decimal(1)),
        low_euros=None if euros is None else (euros * low).quantize(Decimal(1)),
        high_euros=None if euros is None else (euros * high).quantize(Decimal(1)),
        source=saving.source,
    )


def _unknown(reason: str) -> EstimatedSaving:
    return EstimatedSaving(None, None, "", reason, ())
