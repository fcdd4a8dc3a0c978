"""Territories that resemble one, by criteria that are said: kind, inhabitants, winters, houses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from atre.warehouse.edition import read_edition
from atre.warehouse.figures import Figure
from atre.warehouse.folders import data_folder
from atre.warehouse.gate import of_communes, released
from atre.warehouse.territories import Kind, Territory, atlas
from atre.web.observatory.places import Place, link_to
from atre.web.observatory.reading import last, per_inhabitant

Floats = NDArray[np.float64]
MOST_SHOWN = 10
HOUSES = ("houses", "type:house")
FRANCE = "fr"
NEARLY_ALL = 0.9


@dataclass(frozen=True)
class Criteria:
    """How near: inhabitants in per cent, degree days, houses in points; None: of no matter."""

    population_percent: float = 30.0
    degree_days: float | None = 200.0
    house_points: float | None = 15.0
    with_figure: bool = True


@dataclass(frozen=True)
class Traits:
    """What makes two territories alike; None where it is not known."""

    population: float | None
    degree_days: float | None
    house_share: float | None


@dataclass(frozen=True)
class Alike:
    """One territory, its traits, and the figure it is compared by."""

    name: str
    url: str
    traits: Traits
    value: float | None
    figure: Figure | None
    is_own: bool = False


@dataclass(frozen=True)
class Comparison:
    """`count`: how many meet the criteria, of `among`; `shown`: the nearest in inhabitants, and the
    territory itself first. `lacking`: traits of its own that are unknown, which choose nobody."""

    kind: Kind
    own: Traits
    count: int
    among: int
    shown: list[Alike]
    lacking: list[str]

    @property
    def middle(self) -> float | None:
        """The median of the others, None when fewer than three have a figure."""
        known = [one.value for one in self.shown if one.value is not None and not one.is_own]
        return float(np.median(known)) if len(known) >= 3 else None


@dataclass(frozen=True)
class Measure:
    """What is compared: an indicator, one sector of it if named, by inhabitant or as it is."""

    key: str
    title_fr: str
    indicator: str
    sector: str | None = None
    by_inhabitant: bool = True


MEASURES = {
    one.key: one
    for one in (
        Measure("consommation", "Énergie consommée par habitant", "consumption"),
        Measure("residentiel", "Énergie des logements par habitant", "consumption", "residential"),
        Measure("production", "Énergie produite par habitant", "production"),
        Measure("emissions", "Émissions par habitant (inventaire)", "emissions"),
        Measure("precarite", "Part des ménages en précarité énergétique (estimation)", "energy_poverty_share", None, False),
        Measure("revenu", "Niveau de vie médian", "median_income", None, False),
        Measure("pauvrete", "Taux de pauvreté", "poverty_rate", None, False),
    )
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Known:
    """Every territory of a kind: its code, and its traits as arrays of shape (n,)."""

    codes: Sequence[str]
    population: Floats
    degree_days: Floats
    house_share: Floats


def compare(place: Place, criteria: Criteria, measure: Measure) -> Comparison:
    """The territories that resemble a place. Raises NotBuilt.

    A set of communes is compared with the intercommunalities.
    """
    territory = place.territory
    kind = Kind.EPCI if territory.kind in {Kind.SET, Kind.COUNTRY} else territory.kind
    known = _known(read_edition(data_folder()).key, kind)
    own = _own_traits(territory)
    chosen, lacking = _chosen(known, own, criteria, territory)
    if criteria.with_figure:
        chosen &= _with_figure(known, kind, measure)
    atlas_of_today = atlas(data_folder())
    others = [
        (atlas_of_today.territory(f"{kind}:{known.codes[at]}"), _traits_at(known, at))
        for at in _nearest(known, own, chosen)
    ]
    first = _measured(territory, own, measure)
    shown = [Alike(place.name, place.url, own, *first, is_own=True)]
    for one, traits in others:
        link = link_to(one)
        shown.append(Alike(link.name, link.url, traits, *_measured(one, traits, measure)))
    return Comparison(kind, own, int(chosen.sum()), len(known.codes), shown, lacking)


def _chosen(
    known: _Known, own: Traits, criteria: Criteria, territory: Territory
) -> tuple[NDArray[np.bool_], list[str]]:
    """Who meets the criteria. A trait that either lacks chooses nobody: unknown is not alike."""
    keep = np.array([code != territory.code for code in known.codes], dtype=bool)
    tests: list[tuple[str, float | None, float | None, Floats]] = [
        ("la population", own.population, (own.population or 0) * criteria.population_percent / 100, known.population),
        ("les degrés-jours", own.degree_days, criteria.degree_days, known.degree_days),
        ("la part de maisons", own.house_share, None if criteria.house_points is None else criteria.house_points / 100, known.house_share),
    ]  # fmt: skip
    lacking = []
    for name, mine, within, theirs in tests:
        if within is None:
            continue
        if mine is None:
            lacking.append(name)
            keep[:] = False
        else:
            keep &= np.abs(theirs - mine) <= within
    return keep, lacking


def _with_figure(known: _Known, kind: Kind, measure: Measure) -> NDArray[np.bool_]:
    """Who has the figure compared, in the last year that nearly all have it: a group of communes
    has it when one of them does."""
    communes = np.array(sorted(atlas(data_folder()).names[Kind.COMMUNE]), dtype=object)
    cut = {"sector": measure.sector} if measure.sector else None
    has = np.isfinite(_of_all(measure.indicator, communes, cut=cut))
    if kind is Kind.COMMUNE:
        return has
    group, count = _groups_of(kind, communes, known.codes)
    return np.bincount(group[group >= 0], has[group >= 0], count) > 0


def _nearest(known: _Known, own: Traits, chosen: NDArray[np.bool_]) -> list[int]:
    at = np.flatnonzero(chosen)
    gaps = np.abs(known.population[at] - (own.population or 0.0))
    return [int(each) for each in at[np.argsort(gaps, kind="stable")][:MOST_SHOWN]]


def _measured(
    territory: Territory, traits: Traits, measure: Measure
) -> tuple[float | None, Figure | None]:
    by = ("sector",) if measure.sector else ()
    found = [
        one
        for one in released(measure.indicator, territory, by=by)
        if measure.sector is None or one.sector == measure.sector
    ]
    figure = last(found)
    if figure is None or not measure.by_inhabitant:
        return (figure.value if figure else None), figure
    people = [one for one in released("population", territory) if one.value is not None]
    near = min(people, key=lambda one: abs((one.year or 0) - (figure.year or 0)), default=None)
    return per_inhabitant(figure, near), figure


def _most_complete(found: Sequence[Figure]) -> Figure | None:
    """The last year that nearly all have: a later one may have a few communes alone."""
    most = max((one.known for one in found), default=0)
    return last(one for one in found if one.known >= NEARLY_ALL * most)


def _own_traits(territory: Territory) -> Traits:
    population = last(released("population", territory))
    days = last(released("degree_days", territory))
    dwellings = released("dwellings", territory, by=("category",))
    whole = last(one for one in dwellings if one.category is None)
    houses = last(one for one in dwellings if one.category in HOUSES)
    share = None
    if whole and houses and whole.value and houses.value is not None:
        share = houses.value / whole.value
    return Traits(population.value if population else None, days.value if days else None, share)


def _traits_at(known: _Known, at: int) -> Traits:
    values = (known.population[at], known.degree_days[at], known.house_share[at])
    people, days, share = (None if np.isnan(one) else float(one) for one in values)
    return Traits(people, days, share)


@lru_cache(maxsize=8)
def _known(edition: str, kind: Kind) -> _Known:
    """The traits of every territory of a kind, kept for an edition: 35 000 communes in four questions."""
    communes = np.array(sorted(atlas(data_folder()).names[Kind.COMMUNE]), dtype=object)
    people = _of_all("population", communes)
    days = _of_all("degree_days", communes)
    dwellings = _of_all("dwellings", communes)
    houses = _of_all("dwellings", communes, HOUSES)
    if kind is Kind.COMMUNE:
        return _Known(communes.tolist(), people, days, _ratio(houses, dwellings))
    return _grouped(kind, communes, people, days, houses, dwellings)


def _grouped(
    kind: Kind,
    communes: NDArray[np.object_],
    people: Floats,
    days: Floats,
    houses: Floats,
    dwellings: Floats,
) -> _Known:
    """A territory that lacks the value of a commune lacks its own."""
    codes = sorted(atlas(data_folder()).members[kind])
    group, _ = _groups_of(kind, communes, codes)
    inside = group >= 0

    def summed(values: Floats) -> Floats:
        return np.bincount(group[inside], values[inside], len(codes)).astype(float)

    total = summed(people)
    return _Known(
        codes,
        total,
        _ratio(summed(days * people), total),
        _ratio(summed(houses), summed(dwellings)),
    )


def _groups_of(
    kind: Kind, communes: NDArray[np.object_], codes: Sequence[str]
) -> tuple[NDArray[np.int64], int]:
    """Of each commune the position of what holds it in `codes`, −1 for none; and how many."""
    parents = atlas(data_folder()).parents
    place = {code: position for position, code in enumerate(codes)}
    group = [place.get(parents[code].get(kind, ""), -1) for code in communes]
    return np.array(group, dtype=np.int64), len(codes)


def _ratio(parts: Floats, whole: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, parts / whole, np.nan)


def _of_all(
    key: str,
    communes: NDArray[np.object_],
    names: Sequence[str] = (),
    cut: Mapping[str, str] | None = None,
) -> Floats:
    """One value a commune in the order of `communes`, of the last year the country has; NaN unknown.

    `names`: the category wanted, under the first of its names that has values.
    """
    country = atlas(data_folder()).territory(FRANCE)
    by = ("category",) if names else ()
    found = [one for one in released(key, country, by=by) if not names or one.category in names]
    end = _most_complete(found)
    values = np.full(len(communes), np.nan)
    if end is None:
        return values
    if names and end.category:
        cut = {"category": end.category}
    read = of_communes(key, year=end.year, cut=cut)
    at = np.searchsorted(communes.astype(str), read.codes.astype(str))
    values[np.minimum(at, len(communes) - 1)] = read.values
    return values
