"""What is still unknown in a visit that its report or its result a year later would need."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Missing:
    """An unknown worth asking before leaving: which section, and what to ask."""

    section: str
    sentence: str


Check = Callable[[dict[str, Any]], bool]

CHECKS: tuple[tuple[str, str, Check], ...] = (
    ("dwelling", "La surface du logement", lambda d: d["dwelling"]["floor_area_m2"] is None),
    ("dwelling", "La période de construction", lambda d: d["dwelling"]["built"] is None),
    ("dwelling", "Le nombre de personnes", lambda d: d["dwelling"]["occupants"] is None),
    ("heating", "Le chauffage principal", lambda d: d["heating"]["system"] is None),
    ("heating", "L’énergie de chauffage", lambda d: d["heating"]["energy"] is None),
    ("hot_water", "L’énergie de l’eau chaude", lambda d: d["hot_water"]["energy"] is None),
    ("bills", "Au moins une facture d’énergie", lambda d: not _energies(d)),
    (
        "bills",
        "Une facture de l’énergie de chauffage",
        lambda d: bool(_energies(d)) and d["heating"]["energy"] not in {None, *_energies(d)},
    ),
    (
        "bills",
        "La période, la quantité et le montant de chaque facture",
        lambda d: any(
            bill[field] is None
            for bill in d["bills"]
            for field in ("energy", "start", "end", "quantity", "euros")
        ),
    ),
    ("comfort", "Une température mesurée", lambda d: not _measured(d)),
    ("comfort", "L’humidité", lambda d: d["comfort"]["damp"] is None),
    ("equipment", "Le matériel donné", lambda d: not d["equipment"]),
    ("gestures", "Les gestes conseillés", lambda d: not d["gestures"]),
    ("conclusion", "Ce que vous avez constaté", lambda d: not d["conclusion"]["findings"]),
    ("conclusion", "La suite convenue", lambda d: not d["conclusion"]["next_steps"]),
)


def missing(document: dict[str, Any]) -> list[Missing]:
    """What is missing, in the order of the form. None of it forbids finishing: unknown is a value."""
    return [Missing(section, sentence) for section, sentence, check in CHECKS if check(document)]


def _energies(document: dict[str, Any]) -> set[str]:
    return {bill["energy"] for bill in document["bills"]} - {None, "water"}


def _measured(document: dict[str, Any]) -> bool:
    return any(row["temperature_c"] is not None for row in document["comfort"]["measures"])
