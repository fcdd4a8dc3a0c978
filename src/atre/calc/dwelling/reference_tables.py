"""The numeric tables of `tables/`, read once into arrays; their sources are in its README."""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from atre.calc.dwelling.inputs import WORDS, ZONES, Floats

FOLDER = Path(__file__).parent / "tables"
ALTITUDES = ("below_400", "400_to_800", "above_800")
PERIODS = (
    "until_1974",
    "1975_1977",
    "1978_1982",
    "1983_1988",
    "1989_2000",
    "2001_2005",
    "2006_2012",
    "from_2013",
)
# First years of the classes in which heating machines are sorted; class 0 is « not known ».
INSTALLED_FROM = (0, 1991, 2001, 2008, 2015, 2017)


def rows(name: str) -> list[dict[str, str]]:
    """The lines of a table, cells as text, an empty cell as an empty string.

    >>> rows("bare_walls")[0]
    {'element': 'wall', 'u_low': '1.3', 'u': '2.1', 'u_high': '3.0'}
    """
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def climate() -> Mapping[str, Floats]:
    """Monthly climate by quantity, shape (3 altitudes, 8 zones, 12 months).

    Degree hours in °C·h, heating time in h, sun in kWh/m², cold water in °C. An altitude class
    that a zone does not have (above 800 m in H1a, H2a, H2b) is NaN.

    Source: arrêté du 31 mars 2021, annexe 1, § 18.2 and § 18.5.

    >>> january = climate()["degree_hours_19"][:, ZONES.index("H1a"), 0]
    >>> january[0].item(), january[2].item()
    (11712.4, nan)
    """
    found: dict[str, Floats] = {}
    for row in rows("climate_monthly"):
        table = found.setdefault(row["quantity"], np.full((3, 8, 12), np.nan))
        values = [float(row[zone]) for zone in ZONES]
        levels = range(3) if row["altitude"] == "any" else [ALTITUDES.index(row["altitude"])]
        for level in levels:
            table[level, :, int(row["month"]) - 1] = values
    absent = found["degree_hours_19"].sum(axis=2) == 0
    for table in found.values():
        table[absent] = np.nan
        table.setflags(write=False)
    return found


@cache
def u_values() -> Mapping[str, Floats]:
    """U by element, W/(m²·K), shape (8 periods, 3 zones H1 H2 H3).

    The column for electric heating is left aside: it tells the rule of the year a dwelling was
    built for, and today's heating, which works may change, does not tell that.

    Source: arrêté du 31 mars 2021, annexe 1, § 3.2.

    >>> u_values()["wall"][[PERIODS.index("until_1974"), PERIODS.index("from_2013")]].tolist()
    [[2.5, 2.5, 2.5], [0.23, 0.23, 0.25]]
    """
    found: dict[str, Floats] = {}
    for row in rows("u_values"):
        table = found.setdefault(row["element"], np.full((8, 3), np.nan))
        place = PERIODS.index(row["period"]), int(row["zone"][1]) - 1
        table[place] = float(row["u_other"])
    return found


@cache
def bare_walls() -> Mapping[str, Mapping[str, float]]:
    """U without insulation by element, W/(m²·K): low, central, high.

    Source: arrêté du 31 mars 2021, annexe 1, § 3.2.1.2, with TABULA FR (2014).

    >>> bare_walls()["floor"]
    {'low': 1.1, 'central': 1.6, 'high': 2.0}
    """
    return {
        row["element"]: {
            "low": float(row["u_low"]),
            "central": float(row["u"]),
            "high": float(row["u_high"]),
        }
        for row in rows("bare_walls")
    }


@cache
def ground_floors() -> Mapping[str, tuple[Floats, Floats]]:
    """By kind of lower floor: U of the floor itself, and its equivalent U with what is below.

    W/(m²·K), increasing, to be interpolated; 2S/P = 5. Source: arrêté du 31 mars 2021, annexe 1,
    § 3.1 and § 3.2.2.

    >>> own_u, with_ground_u = ground_floors()["ground"]
    >>> float(np.interp(0.85, own_u, with_ground_u))
    0.38
    """
    points: dict[str, list[tuple[float, float]]] = {}
    for row in rows("ground_floor"):
        points.setdefault(row["floor_kind"], []).append((float(row["upb"]), float(row["ue"])))
    tables = {kind: np.array(pairs) for kind, pairs in points.items()}
    return {kind: (table[:, 0], table[:, 1]) for kind, table in tables.items()}


@cache
def heating_generation() -> Floats:
    """Low, central, high yield; shape (9 systems, 7 energies, 7 installed classes, 2 zones, 3).

    The last system is « not known », installed class 0 is « not known », zone 1 is H3. NaN where
    the table has no such machine. Yields are on the lower calorific value (PCI).

    Source: arrêté du 31 mars 2021, annexe 1, § 12 and § 13; boilers by judgement around its
    formulas (`tables/README.md`).

    >>> electric, boiler = (WORDS["heating_system"].index(one) for one in ("electric", "boiler"))
    >>> gas = WORDS["heating_energy"].index("natural_gas")
    >>> heating_generation()[[boiler, electric], gas, 0, 0].tolist()
    [[0.72, 0.85, 1.0], [nan, nan, nan]]
    """
    found = np.full((9, 7, 1 + len(INSTALLED_FROM), 2, 3), np.nan)
    for row in rows("heating_generation"):
        system = WORDS["heating_system"].index(row["system"]) if row["system"] else 8
        energy = WORDS["heating_energy"].index(row["energy"])
        zones = {"all": slice(0, 2), "H1H2": slice(0, 1), "H3": slice(1, 2)}[row["zones"]]
        numbers = _numbers(row, ("low", "central", "high"))
        for installed in _installed_classes(row["installed_from"], row["installed_to"]):
            found[system, energy, installed, zones] = numbers
    return found


def _installed_classes(first: str, last: str) -> Sequence[int]:
    """Class 0 and all others for a row without years, else the classes that start within it."""
    if not first and not last:
        return range(1 + len(INSTALLED_FROM))
    low, high = int(first or 0), int(last or 9999)
    return [place for place, start in enumerate(INSTALLED_FROM, start=1) if low <= start <= high]


@cache
def by_words(name: str, words: tuple[str, ...], numbers: tuple[str, ...]) -> Floats:
    """A table keyed by columns of words, as an array indexed by their codes; units are the table's.

    Shape (words of the first + 1, …, numbers): the last index of each axis (-1) is « not known »,
    filled from a row whose cell is empty, NaN without one. A cell « any » fills the whole axis,
    later rows win.

    >>> by_words("windows", ("glazing",), ("u",))[:, 0].tolist()
    [5.2, 3.8, 2.4, 1.1, nan]
    """
    found = np.full([len(WORDS[word]) + 1 for word in words] + [len(numbers)], np.nan)
    for row in rows(name):
        place = tuple(_axis(word, row[word]) for word in words)
        found[place] = _numbers(row, numbers)
    return found


def _axis(word: str, cell: str) -> int | slice:
    if cell == "any":
        return slice(None)
    return WORDS[word].index(cell) if cell else -1


def _numbers(row: Mapping[str, str], names: Sequence[str]) -> list[float]:
    return [float(row[name]) for name in names]
