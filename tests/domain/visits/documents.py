"""Invented visit documents for tests."""

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from atre.domain.visits import schemas


def blank(**parts: Any) -> dict[str, Any]:
    """A document of today in which only `parts` are known (objects are completed)."""
    document = schemas.empty(timezone.localdate().isoformat())
    for name, part in parts.items():
        document[name] = document[name] | part if isinstance(part, dict) else deepcopy(part)
    return document


def bill(energy: str = "electricity", **changes: Any) -> dict[str, Any]:
    """A year of one energy, ending a month ago."""
    end = timezone.localdate() - timedelta(days=30)
    return {
        "energy": energy,
        "start": (end - timedelta(days=365)).isoformat(),
        "end": end.isoformat(),
        "quantity": "12400",
        "unit": "kwh",
        "kwh_per_m3": None,
        "euros": "1240.50",
        "estimated": False,
        "reference": None,
    } | changes


def period(start: date, days: int) -> dict[str, str]:
    return {"start": start.isoformat(), "end": (start + timedelta(days=days)).isoformat()}


def full() -> dict[str, Any]:
    """A visit in which every section says something."""
    return blank(
        dwelling={"occupants": 3, "kind": "flat", "built": "1949_1974", "floor_area_m2": "54"},
        heating={"system": "boiler", "energy": "natural_gas", "scope": "individual"},
        hot_water={"system": "tank", "energy": "electricity", "scope": "individual"},
        uses={"cooking_energy": "electricity"},
        bills=[
            bill("natural_gas"),
            bill("electricity", quantity="3100", euros="870"),
            bill("water", unit="m3", quantity="96.5", euros="410.20"),
        ],
        comfort={
            "cold_in_winter": True,
            "damp": "traces",
            "measures": [{"room": "Chambre", "temperature_c": "15.5", "humidity_percent": 71}],
        },
        equipment=[{"item": "led_bulb", "quantity": 4, "note": None}],
        gestures=[
            {"code": "minus_1_degree", "note": "Dans le séjour"},
            {"code": "close_shutters", "note": None},
        ],
        conclusion={
            "household_words": "On dort dans le salon en janvier.",
            "findings": [{"sentence": "La fenêtre ferme mal", "caution": None}],
            "next_steps": [
                {
                    "action": "Nous écrivons au propriétaire",
                    "who": "agency",
                    "partner": None,
                    "due": None,
                },
                {"action": "Poser le joint", "who": "household", "partner": None, "due": None},
            ],
        },
    )
