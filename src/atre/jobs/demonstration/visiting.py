"""What a visitor writes at an invented home: a whole visit document, with its unknowns."""

from datetime import date, timedelta
from random import Random
from typing import Any

from atre.domain.households.models import Case
from atre.jobs.demonstration import words
from atre.jobs.demonstration.bills import bills_of
from atre.jobs.demonstration.fates import Fate, one_of
from atre.jobs.demonstration.homes import Home

SUPPLIERS = ("Énergie Claire (inventé)", "Courant Commun (inventé)", "Gaz du Bourg (inventé)")
GESTURES = (
    *("minus_1_degree", "close_shutters", "stop_draughts", "air_daily", "short_shower"),
    *("cut_standby", "wash_cold", "fridge_setting", "read_meter", "energy_cheque", "led"),
)
EQUIPMENT = (
    *("led_bulb", "tap_aerator", "shower_head", "thermo_hygrometer", "draught_strip"),
    *("draught_excluder", "window_film", "radiator_reflector", "power_strip", "shower_timer"),
)


def fill(document: dict[str, Any], *, fate: Fate, home: Home, case: Case) -> dict[str, Any]:
    """The document begun by `start_visit`, completed with what is seen and said."""
    rng, visited_on = fate.rng, date.fromisoformat(document["visited_on"])
    damp = "none" if not case.damp else rng.choice(["traces", "marked"])
    heat, power = rng.randint(*home.heat_kwh), rng.randint(*home.power_kwh)
    last = visited_on - timedelta(days=rng.randint(8, 45))
    return document | {
        "dwelling": document["dwelling"] | _dwelling(rng, home, damp),
        "heating": _heating(rng, home, cold=case.too_cold_or_hot),
        "hot_water": document["hot_water"]
        | {"system": home.hot_water[0], "energy": home.hot_water[1], "scope": home.scope},
        "uses": document["uses"] | _uses(rng),
        "contracts": _contracts(rng, home, late=case.trouble_paying),
        "bills": bills_of(rng, home, last=last, heat_kwh=heat, power_kwh=power),
        "comfort": _comfort(rng, case, damp, visited_on),
        "equipment": [
            {"item": item, "quantity": rng.randint(1, 5), "note": None}
            for item in rng.sample(EQUIPMENT, rng.randint(2, 6))
        ],
        "gestures": [
            {"code": code, "note": None} for code in rng.sample(GESTURES, rng.randint(2, 5))
        ],
        "conclusion": _conclusion(rng, home, damp),
    }


def _dwelling(rng: Random, home: Home, damp: str) -> dict[str, Any]:
    return {
        "built": one_of(rng, home.built),
        "storey": rng.randint(0, 6) if home.kind == "flat" else None,
        "levels": 1 if home.kind == "flat" else rng.randint(1, 2),
        "orientation": rng.choice(["north", "east", "south", "west", "through", None]),
        "walls_insulated": rng.choice(["no", "no", "partial", "yes", None]),
        "roof_insulated": rng.choice(["partial", "no", None]) if home.kind == "house" else None,
        "glazing": rng.choice(["single", "mixed", "double", "double"]),
        "windows_state": rng.choice(["draughty", "good"]),
        "shutters": rng.random() < 0.7,
        "ventilation": rng.choice(
            ["blocked", "natural", "none"] if damp != "none" else ["natural", "vmc_simple"]
        ),
        "dpe_class": rng.choice(["D", "E", "F", "G", None, None]),
    }


def _heating(rng: Random, home: Home, *, cold: bool) -> dict[str, Any]:
    return {
        "system": home.system,
        "energy": home.energy,
        "scope": home.scope,
        "installed_year": rng.choice([None, rng.randint(1986, 2021)]),
        "maintained_in_year": rng.choice([True, False, None]) if home.system == "boiler" else None,
        "thermostat": rng.random() < 0.4,
        "valves": rng.choice([True, False]) if home.system in {"boiler", "collective"} else None,
        "setpoint_c": str(rng.choice([17, 18, 19, 20, 21, 22])) if rng.random() < 0.8 else None,
        "backup": rng.choice(
            ["none", "electric", "paraffin"] if cold else ["none", "none", "wood"]
        ),
        "restricts": rng.random() < (0.65 if cold else 0.2),
        "note": None,
    }


def _uses(rng: Random) -> dict[str, Any]:
    items = ["fridge", "washing_machine", "television", "box"]
    items += rng.sample(["freezer", "dryer", "halogen_lamp", "computer", "portable_heater"], 2)
    return {
        "cooking_energy": rng.choice(["electricity", "natural_gas", None]),
        "led_everywhere": rng.choice([True, False]),
        "standby_cut": rng.choice([True, False, None]),
        "appliances": [
            {"item": item, "count": 1, "old": rng.choice([True, False, None]), "note": None}
            for item in items
        ],
    }


def _contracts(rng: Random, home: Home, *, late: bool) -> list[dict[str, Any]]:
    arrears = str(rng.randrange(80, 920, 10)) if late and rng.random() < 0.8 else None
    power = {
        "energy": "electricity",
        "supplier": one_of(rng, SUPPLIERS),
        "offer": None,
        "option": rng.choice(["base", "off_peak", None]),
        "power_kva": rng.choice([3, 6, 6, 9]),
        "meter": None,
        "payment": rng.choice(["monthly", "each_bill"]),
        "arrears_eur": arrears,
    }
    if home.energy != "natural_gas":
        return [power]
    gas = power | {"energy": "natural_gas", "option": None, "power_kva": None, "arrears_eur": None}
    return [power, gas]


def _comfort(rng: Random, case: Case, damp: str, visited_on: date) -> dict[str, Any]:
    winter = visited_on.month in {11, 12, 1, 2, 3}
    low, high = (14, 19) if winter and case.too_cold_or_hot else (18, 26)
    rooms = rng.sample(words.ROOMS, rng.randint(1, 3)) if rng.random() < 0.85 else []
    return {
        "cold_in_winter": case.too_cold_or_hot,
        "hot_in_summer": rng.choice([True, False, None]),
        "cold_rooms": one_of(rng, words.ROOMS) if case.too_cold_or_hot else None,
        "draughts": rng.choice([True, False, None]),
        "damp": damp,
        "mould": damp == "marked",
        "note": None,
        "measures": [
            {
                "room": room,
                "temperature_c": f"{rng.randint(low, high - 1)}.{rng.choice([0, 5])}",
                "humidity_percent": rng.randint(62, 84) if damp != "none" else rng.randint(38, 58),
            }
            for room in rooms
        ],
    }


def _conclusion(rng: Random, home: Home, damp: str) -> dict[str, Any]:
    subjects = ["draughty", "any", home.system if home.system in words.FINDINGS else "any"]
    if damp != "none":
        subjects.insert(0, "damp")
    findings = {one_of(rng, words.FINDINGS[subject]) for subject in dict.fromkeys(subjects)}
    steps = rng.sample(words.NEXT_STEPS, rng.randint(2, 4))
    return {
        "household_words": one_of(rng, words.HOUSEHOLD_WORDS),
        "visitor_note": one_of(rng, words.VISITOR_NOTES),
        "findings": [
            {"sentence": s, "caution": c} for s, c in sorted(findings, key=lambda row: row[0])
        ],
        "next_steps": [
            {"action": action, "who": who, "partner": partner, "due": None}
            for action, who, partner in steps
        ],
    }
