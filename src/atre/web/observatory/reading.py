"""What a territory's page reads, asked once: totals, finest cuttings, and sums by energy and sector."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from atre.warehouse.edition import read_edition
from atre.warehouse.figures import Figure
from atre.warehouse.folders import data_folder
from atre.warehouse.gate import profile, released
from atre.web.observatory.places import Place

PCI, PCS = "pci", "pcs"
MUNICIPAL = "municipal"
# A few hundred figures each: some ten megabytes a process.
KEPT_PAGES = 64


@dataclass(frozen=True)
class Reading:
    """The released figures of one place, gas in one basis. `cut`: each as finely as published."""

    place: Place
    basis: str
    totals: Sequence[Figure]
    cut: Sequence[Figure]
    by_energy: Sequence[Figure]
    by_sector: Sequence[Figure]

    def total(self, key: str, year: int | None = None) -> Figure | None:
        """The total of an indicator: of one year, else of the last one that has a value."""
        found = [one for one in self.totals if one.indicator == key]
        if year is not None:
            return next((one for one in found if one.year == year), None)
        return last(found)

    def of_year(self, key: str, year: int | None) -> list[Figure]:
        """The finest figures of an indicator in one year."""
        return [one for one in self.cut if one.indicator == key and one.year == year]

    def latest(self, key: str) -> list[Figure]:
        """The finest figures of an indicator in the last year that has a value."""
        found = [one for one in self.cut if one.indicator == key]
        end = last(found)
        return [] if end is None else [one for one in found if one.year == end.year]

    @cached_property
    def people(self) -> list[Figure]:
        """Legal populations: each kind and year apart."""
        return [one for one in self.cut if one.indicator == "population"]

    def population(self, year: int | None = None) -> Figure | None:
        """The municipal population of a year, else the nearest one, the later of two as near."""
        found = [p for p in self.people if p.category == MUNICIPAL and p.value is not None]
        if not found:
            return None
        if year is None:
            return max(found, key=lambda one: one.year or 0)
        return min(found, key=lambda one: (abs((one.year or 0) - year), -(one.year or 0)))

    @property
    def is_empty(self) -> bool:
        return not any(one.value is not None for one in self.totals)


def read(place: Place, basis: str = PCI) -> Reading:
    """What a page reads. Raises NotBuilt.

    An edition never changes and its figures are everybody's: a page asked again asks nobody.
    """
    folders = data_folder()
    return _read(str(folders.data), read_edition(folders).key, place, basis)


@lru_cache(maxsize=KEPT_PAGES)
def _read(folder: str, edition: str, place: Place, basis: str) -> Reading:
    territory = place.territory
    return Reading(
        place=place,
        basis=basis,
        totals=profile(territory, basis=basis, cut=False),
        cut=profile(territory, basis=basis),
        by_energy=released("consumption", territory, by=("energy",), basis=basis),
        by_sector=released("consumption", territory, by=("sector",), basis=basis),
    )


def last(figures: Iterable[Figure]) -> Figure | None:
    """The latest figure that has a value, else the latest one; None when there is none."""
    ordered = sorted(figures, key=lambda one: (one.value is not None, one.year or 0))
    return ordered[-1] if ordered else None


def per_inhabitant(figure: Figure | None, population: Figure | None) -> float | None:
    """What a figure is for one inhabitant; None when either is unknown, or counts other communes."""
    if figure is None or figure.value is None or population is None or not population.value:
        return None
    if figure.known < figure.territories and not figure.as_published:
        return None
    return figure.value / population.value
