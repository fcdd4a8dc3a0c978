"""The values of a map: one a commune, divided as asked, rounded as shown, put in classes."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from atre.warehouse import gate
from atre.warehouse.commune_values import CommuneValues
from atre.warehouse.contours import contours
from atre.warehouse.edition import read_edition
from atre.warehouse.folders import Folders, data_folder
from atre.warehouse.indicators import Flag, Indicator, Quantity
from atre.warehouse.territories import Kind, atlas
from atre.web.observatory import words
from atre.web.observatory.mapping import classes
from atre.web.observatory.mapping.question import Per, Question, offers

Floats = NDArray[np.float64]
# A letter a commune, in what the browser receives.
SECRET, UNKNOWN, PARTIAL = "s", "u", "p"
LETTERS = {
    Flag.MEASURED: "m",
    Flag.ESTIMATED: "e",
    Flag.RECONSTRUCTED: "r",
    Flag.SECRET: SECRET,
    Flag.MISSING: UNKNOWN,
}
FLAGS_FR = {
    "m": "publiée",
    "e": "estimée",
    "r": "reconstituée, avec ses bornes",
    PARTIAL: "minimum : une partie est secrète",
    SECRET: "secrète",
    UNKNOWN: "inconnue",
}
# Few enough for any server: each is about a megabyte.
MOST_KEPT = 16
PER_PEOPLE, PER_DWELLINGS = 1000.0, 100.0


@dataclass(frozen=True, eq=False)
class Choropleth:
    """Arrays of shape (n,), in the order of `codes`: every commune of the question's place.

    values, lower, upper: in `unit`, rounded to `decimals`, NaN where unknown. flags: letters of
    FLAGS_FR. places: class of each, from 0, classes.OUTSIDE where there is no value.
    """

    question: Question
    edition: str
    codes: NDArray[np.object_]
    names: NDArray[np.object_]
    values: Floats
    lower: Floats
    upper: Floats
    flags: NDArray[np.str_]
    places: NDArray[np.int64]
    limits: tuple[float, ...]
    legend: tuple[classes.Class, ...]
    unit: str
    decimals: int
    source: str | None
    undrawn: int

    def count(self, letter: str) -> int:
        return int((self.flags == letter).sum())


@dataclass(frozen=True, eq=False)
class Aligned:
    """Values of an indicator for `codes`, as the gate gives them."""

    values: Floats
    lower: Floats
    upper: Floats
    flags: NDArray[np.str_]
    source: str | None


def choropleth(question: Question, folders: Folders | None = None) -> Choropleth:
    """The map that answers a question, kept for the next who asks. Raises NotBuilt."""
    folders = folders or data_folder()
    return _choropleth(folders, read_edition(folders).key, question)


@lru_cache(maxsize=MOST_KEPT)
def _choropleth(folders: Folders, edition: str, question: Question) -> Choropleth:
    codes, names = communes_of(folders, question)
    found = _aligned(folders, question, codes)
    by = _divisor(folders, edition, question, codes)
    size = 1.0 if by is None else _size_of(question)
    divided = [
        each if by is None else each / by * size
        for each in (found.values, found.lower, found.upper)
    ]
    unit, scale = _unit(question, divided[0])
    values, lower, upper = (each / scale for each in divided)
    return made(
        question,
        edition,
        codes,
        names,
        Aligned(values, lower, upper, found.flags, found.source),
        unit,
    )


def made(
    question: Question,
    edition: str,
    codes: NDArray[np.object_],
    names: NDArray[np.object_],
    found: Aligned,
    unit: str,
) -> Choropleth:
    """A map of values in `unit`: rounded to what is shown, then put in classes."""
    decimals = min(classes.decimals_for(found.values), _most_decimals(question))
    values, lower, upper = (
        np.round(each, decimals) for each in (found.values, found.lower, found.upper)
    )
    limits = classes.limits(values, decimals)
    places = classes.classed(values, limits)
    drawn = contours(data_folder()).places.keys()
    return Choropleth(
        question=question,
        edition=edition,
        codes=codes,
        names=names,
        values=values,
        lower=lower,
        upper=upper,
        flags=np.where(np.isnan(values) & (found.flags != SECRET), UNKNOWN, found.flags),
        places=places,
        limits=tuple(limits),
        legend=tuple(classes.legend(limits, places, decimals)),
        unit=unit,
        decimals=decimals,
        source=found.source,
        undrawn=codes.size - len(drawn & set(codes)),
    )


def communes_of(
    folders: Folders, question: Question
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    names = atlas(folders).names[Kind.COMMUNE]
    codes = question.place.territory.communes if question.place else sorted(names)
    # Every commune of the place, known or not: a table that leaves some out is another map.
    return (
        np.asarray(list(codes), dtype=object),
        np.asarray([names[code] for code in codes], dtype=object),
    )


def _aligned(folders: Folders, question: Question, codes: NDArray[np.object_]) -> Aligned:
    found = gate.of_communes(
        question.indicator.key, year=question.year, cut=dict(question.cut), folders=folders
    )
    return aligned(found, codes)


def aligned(found: CommuneValues, codes: NDArray[np.object_]) -> Aligned:
    """What the gate gives, in the order of `codes`; unknown where it says nothing."""
    letters = np.full(found.flags.shape, UNKNOWN, dtype="<U1")
    for flag, letter in LETTERS.items():
        letters[found.flags == flag] = letter
    is_partial = (found.secret_share > 0) & ~np.isin(letters, [SECRET, UNKNOWN])
    letters[is_partial] = PARTIAL
    at, known = _rows(found.codes, codes)
    return Aligned(
        values=_placed(found.values, at, known),
        lower=_placed(found.lower, at, known),
        upper=_placed(found.upper, at, known),
        flags=np.where(known, np.append(letters, UNKNOWN)[at], UNKNOWN),
        source=found.source,
    )


def _rows(
    found: NDArray[np.object_], codes: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """For each of `codes`, its row in `found`, which is sorted, and whether it has one."""
    if not found.size:
        return np.zeros(codes.size, dtype=np.int64), np.zeros(codes.size, dtype=bool)
    sorted_codes, wanted = found.astype(str), codes.astype(str)
    at = np.minimum(np.searchsorted(sorted_codes, wanted), found.size - 1)
    return at, sorted_codes[at] == wanted


def _placed(values: Floats, at: NDArray[np.int64], known: NDArray[np.bool_]) -> Floats:
    if not values.size:
        return np.full(known.shape, np.nan)
    return np.where(known, values[at], np.nan)


def _divisor(
    folders: Folders, edition: str, question: Question, codes: NDArray[np.object_]
) -> Floats | None:
    """Inhabitants or dwellings of each commune; NaN where nobody lives. None for no division."""
    if question.per in (None, Per.WHOLE):
        return None
    key = "population" if question.per is Per.INHABITANT else "dwellings"
    every, counts = _counts(folders, edition, key, question.year)
    at, known = _rows(every, codes)
    placed = _placed(counts, at, known)
    return np.where(placed > 0, placed, np.nan)


@lru_cache(maxsize=8)
def _counts(
    folders: Folders, edition: str, key: str, year: int | None
) -> tuple[NDArray[np.object_], Floats]:
    """Inhabitants or dwellings of every commune in the year nearest to the one asked, the latest
    when none is."""
    every = np.asarray(sorted(atlas(folders).names[Kind.COMMUNE]), dtype=object)
    found = np.full(every.shape, np.nan)
    years = [one.year for one in offers(folders).get(key, ()) if one.year is not None]
    for near in sorted(years, key=lambda one: (abs(one - (year or max(years))), -one)):
        given = gate.of_communes(key, year=near, folders=folders)
        at, known = _rows(given.codes, every)
        found = np.where(np.isnan(found), _placed(given.values, at, known), found)
        if not np.isnan(found).any():
            break
    return every, found


def _size_of(question: Question) -> float:
    """For how many inhabitants or dwellings a figure is said: a count is small for one."""
    if question.indicator.key == "population" or not _is_counted(question.indicator):
        return 1.0
    return PER_PEOPLE if question.per is Per.INHABITANT else PER_DWELLINGS


def _most_decimals(question: Question) -> int:
    """Half a household is nobody, and no share of households is known to a hundredth."""
    if question.per is Per.WHOLE and question.indicator.quantity is Quantity.COUNT:
        return 0
    return 1 if question.indicator.quantity is Quantity.SHARE else 4


def _is_counted(indicator: Indicator) -> bool:
    return indicator.quantity in {Quantity.COUNT, Quantity.POWER}


def _unit(question: Question, values: Floats) -> tuple[str, float]:
    """The unit of the whole map, in words, and how many of the first it holds."""
    known = np.abs(values[np.isfinite(values)])
    unit = question.indicator.unit
    if question.per in (None, Per.WHOLE):
        return words.scale_of(float(np.median(known)) if known.size else None, unit)
    people, dwellings = ("habitant", "habitants"), ("logement", "logements")
    one, many = people if question.per is Per.INHABITANT else dwellings
    size = _size_of(question)
    if question.indicator.key == "dwellings" and question.per is Per.DWELLING:
        return "% des logements", 1.0
    if size > 1:
        return f"{words.unit_fr(unit)} pour {words.number(size)} {many}", 1.0
    name, scale = words.scale_of(float(np.median(known)) if known.size else None, unit)
    return f"{name} par {one}", scale
