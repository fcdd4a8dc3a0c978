"""The twenty-five or so things a visitor can see of a dwelling, as columns.

Names and words are those of the visit document (`visit-1.json`) where it has them; what it does
not record yet (exposed sides, kind of roof and floor…) is unknown until someone says it. An
unknown word or number widens the range of the estimate; three things have no substitute and are
refused when absent: the kind, the floor area and the climate zone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atre.calc.bills.energies import Energy
from atre.calc.errors import RefusedInput
from atre.calc.wording import NO_BREAK

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

UNKNOWN = -1
ZONES = ("H1a", "H1b", "H1c", "H2a", "H2b", "H2c", "H2d", "H3")
ENERGIES = tuple(str(energy) for energy in Energy)
YES_NO = ("no", "yes")
INSULATION = ("no", "partial", "yes")

WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": ("flat", "house"),
    "zone": ZONES,
    "built": (
        "before_1949",
        "1949_1974",
        "1975_1989",
        "1990_2000",
        "2001_2012",
        "after_2012",
    ),
    "roof_exposed": YES_NO,
    "floor_exposed": YES_NO,
    "roof_kind": ("attic", "terrace"),
    "floor_kind": ("cellar", "ground", "outside"),
    "walls_insulated": INSULATION,
    "roof_insulated": INSULATION,
    "floor_insulated": INSULATION,
    "glazing": ("single", "mixed", "double", "triple"),
    "windows_state": ("good", "draughty"),
    "shutters": YES_NO,
    "orientation": ("north", "east", "south", "west", "through"),
    "ventilation": ("none", "natural", "blocked", "vmc_simple", "vmc_double"),
    "heating_system": (
        "electric",
        "boiler",
        "heat_pump_water",
        "heat_pump_air",
        "collective",
        "stove",
        "portable",
        "none",
    ),
    "heating_energy": ENERGIES,
    "thermostat": YES_NO,
    "valves": YES_NO,
    "hot_water_system": (
        "tank",
        "instant",
        "boiler",
        "heat_pump",
        "solar",
        "collective",
        "none",
    ),
    "hot_water_energy": ENERGIES,
    "cooking_energy": ENERGIES,
}

# Lowest and highest believable value; outside is a slip of the pen, refused with its name.
NUMBERS: Mapping[str, tuple[float, float]] = {
    "floor_area_m2": (5, 1000),
    "altitude_m": (-10, 2500),
    "built_year": (1000, 2100),
    "levels": (1, 10),
    "ceiling_height_m": (1.8, 6),
    "exposed_sides": (0, 4),
    "window_area_m2": (0, 500),
    "window_u_w_m2k": (0.5, 7),
    "occupants": (1, 30),
    "setpoint_c": (5, 30),
    "heating_installed_year": (1900, 2100),
    "tank_l": (1, 2000),
}
# What works and gestures add; absent means none was done, which is known.
ADDED: Mapping[str, tuple[float, float]] = {
    "walls_added_r_m2k_w": (0, 20),
    "roof_added_r_m2k_w": (0, 20),
    "floor_added_r_m2k_w": (0, 20),
    "hot_water_saved_share": (0, 0.9),
    "setpoint_lowered_c": (0, 10),
    "specific_saved_share": (0, 0.9),
}
REQUIRED = ("kind", "floor_area_m2", "zone")

LABELS_FR: Mapping[str, str] = {
    "kind": "le type de logement",
    "zone": "la zone climatique",
    "built": "la période de construction",
    "built_year": "l’année de construction",
    "floor_area_m2": "la surface habitable",
    "altitude_m": "l’altitude",
    "levels": "le nombre de niveaux",
    "ceiling_height_m": "la hauteur sous plafond",
    "exposed_sides": "le nombre de façades sur l’extérieur",
    "roof_exposed": "la présence d’un toit au-dessus",
    "floor_exposed": "la présence d’un sol non chauffé au-dessous",
    "roof_kind": "le type de toit",
    "floor_kind": "le type de plancher bas",
    "walls_insulated": "l’isolation des murs",
    "roof_insulated": "l’isolation du toit",
    "floor_insulated": "l’isolation du plancher bas",
    "glazing": "le vitrage",
    "window_area_m2": "la surface des fenêtres",
    "window_u_w_m2k": "le coefficient des fenêtres",
    "windows_state": "l’état des fenêtres",
    "shutters": "les volets",
    "orientation": "l’orientation",
    "ventilation": "l’aération",
    "occupants": "le nombre de personnes",
    "setpoint_c": "la température demandée",
    "heating_system": "le chauffage",
    "heating_energy": "l’énergie de chauffage",
    "heating_installed_year": "l’année de pose du chauffage",
    "thermostat": "le thermostat",
    "valves": "les robinets thermostatiques",
    "hot_water_system": "la production d’eau chaude",
    "hot_water_energy": "l’énergie de l’eau chaude",
    "tank_l": "le volume du ballon",
    "cooking_energy": "l’énergie de cuisson",
    "walls_added_r_m2k_w": "l’isolant ajouté aux murs",
    "roof_added_r_m2k_w": "l’isolant ajouté au toit",
    "floor_added_r_m2k_w": "l’isolant ajouté au plancher bas",
    "hot_water_saved_share": "la part d’eau chaude économisée",
    "setpoint_lowered_c": "la baisse de température demandée",
    "specific_saved_share": "la part d’électricité des appareils économisée",
}


@dataclass(frozen=True)
class Dwellings:
    """n dwellings, one array of shape (n,) a column: int8 codes of WORDS, float64 numbers.

    Build it with `read_dwellings`, which checks; -1 and NaN are unknown.
    """

    columns: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self.columns["kind"])

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    def says(self, name: str, *words: str) -> Flags:
        """Where a column holds one of these words, shape (n,)."""
        codes = [WORDS[name].index(word) for word in words]
        return np.asarray(np.isin(self.columns[name], codes), dtype=np.bool_)

    def unknown(self, name: str) -> Flags:
        """Where a column is unknown, shape (n,)."""
        column = self.columns[name]
        if column.dtype == np.float64:
            return np.asarray(np.isnan(column))
        return np.asarray(column == UNKNOWN)

    def part(self, start: int, stop: int) -> "Dwellings":
        """Rows start to stop, without copying."""
        return Dwellings({name: column[start:stop] for name, column in self.columns.items()})

    def replaced(self, **columns: Any) -> "Dwellings":
        """The same dwellings with some columns changed, checked as `read_dwellings` does."""
        unknown_name = next((name for name in columns if name not in self.columns), None)
        if unknown_name is not None:
            raise RefusedInput(f"Colonne inconnue{NO_BREAK}: {unknown_name}.", field=unknown_name)
        size = len(self)
        read = {name: _column(name, raw, size) for name, raw in columns.items()}
        return _with_required(Dwellings({**self.columns, **read}))


def read_dwellings(columns: Mapping[str, Any]) -> Dwellings:
    """Check and encode columns: a word or a number a dwelling, None or NaN for unknown.

    A column is a sequence of length n, or one value for all. Columns left out are unknown, except
    what works add (`ADDED`), which is then zero. n comes from `floor_area_m2`.

    Raises `RefusedInput` naming the column: required and absent, unknown word, number out of its
    bounds, lengths that differ.

    >>> one = read_dwellings({"kind": "house", "zone": "H1a", "floor_area_m2": [100.0, 80.0]})
    >>> len(one), one["kind"].tolist(), bool(one.unknown("glazing").all())
    (2, [1, 1], True)
    """
    for name in columns:
        if name not in LABELS_FR:
            raise RefusedInput(f"Colonne inconnue{NO_BREAK}: {name}.", field=name)
    size = np.atleast_1d(np.asarray(columns.get("floor_area_m2", []), dtype=object)).size
    if size == 0:
        raise _absent("floor_area_m2")
    read = {name: _column(name, columns.get(name), size) for name in (*WORDS, *NUMBERS, *ADDED)}
    return _with_required(Dwellings(read))


def _with_required(found: Dwellings) -> Dwellings:
    for name in REQUIRED:
        if found.unknown(name).any():
            raise _absent(name)
    return found


def _absent(name: str) -> RefusedInput:
    return RefusedInput(
        f"Sans {LABELS_FR[name]}, rien ne peut être estimé.",
        field=name,
    )


def _column(name: str, raw: Any, size: int) -> NDArray[Any]:
    if name in WORDS:
        return _codes(name, raw, size)
    low, high = NUMBERS.get(name) or ADDED[name]
    missing = 0.0 if name in ADDED else np.nan
    values = _numbers(name, raw, missing)
    if ((values < low) | (values > high)).any():
        raise RefusedInput(
            f"Valeur impossible pour {LABELS_FR[name]}{NO_BREAK}: attendue entre {low:g} et {high:g}.",
            field=name,
        )
    return _sized(name, values, size)


def _numbers(name: str, raw: Any, missing: float) -> Floats:
    if raw is None:
        return np.array([missing])
    try:
        values = np.atleast_1d(np.asarray(raw, dtype=np.float64))
    except (TypeError, ValueError, OverflowError) as error:
        raise RefusedInput(f"Un nombre est attendu pour {LABELS_FR[name]}.", field=name) from error
    if np.isinf(values).any():
        raise RefusedInput(f"Un nombre fini est attendu pour {LABELS_FR[name]}.", field=name)
    return np.where(np.isnan(values), missing, values)


def _codes(name: str, raw: Any, size: int) -> NDArray[np.int8]:
    if raw is None:
        return np.full(size, UNKNOWN, dtype=np.int8)
    if isinstance(raw, np.ndarray) and raw.dtype == np.int8:
        if ((raw < UNKNOWN) | (raw >= len(WORDS[name]))).any():
            raise RefusedInput(f"Code inconnu pour {LABELS_FR[name]}.", field=name)
        return _sized(name, raw, size)
    one = isinstance(raw, str) or not isinstance(raw, Iterable)
    words = [raw] if one else [None if word != word else word for word in raw]
    code_of: dict[Any, int] = {word: code for code, word in enumerate(WORDS[name])}
    code_of |= {None: UNKNOWN, "": UNKNOWN}
    if WORDS[name] is YES_NO:
        code_of |= {False: 0, True: 1}
    try:
        codes = np.array([code_of[word] for word in words], dtype=np.int8)
    except (KeyError, TypeError) as error:
        raise RefusedInput(f"Réponse inconnue pour {LABELS_FR[name]}.", field=name) from error
    return _sized(name, codes, size)


def _sized(name: str, values: NDArray[Any], size: int) -> NDArray[Any]:
    if values.ndim == 1 and values.size == size:
        return values
    if values.ndim == 1 and values.size == 1:
        return np.full(size, values[0])
    raise RefusedInput(
        f"Il faut autant de valeurs que de logements pour {LABELS_FR[name]}.", field=name
    )
