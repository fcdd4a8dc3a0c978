"""Communes of each year since 2021, and what a commune of one year surely lies in, in another.

A commune that merged lies in the one it joined. A merged one lies in all of those it was made of
together, and in none of them alone: what was published of it is never shared out.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from atre.warehouse.edition import NotBuilt
from atre.warehouse.folders import Folders
from atre.warehouse.staging.geography import COMMUNES_FILE, FORMERS_FILE, GEOGRAPHY_YEAR
from atre.warehouse.territories import Atlas, UnknownTerritory

YEARS_FILE = "commune-years.parquet"
FIRST_YEAR = 2021
YEARS = range(FIRST_YEAR, GEOGRAPHY_YEAR + 1)
Communes = frozenset[str]


class UnknownGeography(ValueError):
    """A year whose communes we do not have; `message_fr` says which ones we have."""

    def __init__(self, year: int) -> None:
        self.message_fr = f"Les communes de {year} ne sont pas connues : donnez une année de {YEARS[0]} à {YEARS[-1]}."
        super().__init__(self.message_fr)


class _Groups:
    """Things joined two by two, and the group that each one ends in."""

    def __init__(self) -> None:
        self._parents: dict[Hashable, Hashable] = {}

    def of(self, one: Hashable) -> Hashable:
        while (parent := self._parents.get(one, one)) != one:
            self._parents[one] = self._parents.get(parent, parent)
            one = parent
        return one

    def join(self, one: Hashable, other: Hashable) -> None:
        self._parents[self.of(one)] = self.of(other)


class Geographies:
    """The communes that merged, were re-created or changed code, by family: the codes that one
    commune of some year leads to. Every other commune is the same in all years.

    `family_of`: by code, past ones included. `members`: communes of a family, by year.
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]], formers: Mapping[str, str]) -> None:
        self.names: dict[str, str] = {}
        self.links: dict[int, set[tuple[str, str]]] = defaultdict(set)
        self.members: dict[str, dict[int, Communes]] = {}
        self.family_of: dict[str, str] = {}
        self._spreads: dict[tuple[int, int], dict[str, Communes]] = {}
        moved = list(rows)
        families = _Groups()
        years_of: dict[int, set[str]] = defaultdict(set)
        for row in moved:
            code, year = row["code"], row["year"]
            years_of[year].add(code)
            self.names[code] = row["name"] or code
            for other in YEARS:
                held = row[f"code_{other}"]
                if held is not None:
                    families.join(held, code)
                    self._link(code, year, held, other)
        for year, codes in years_of.items():
            grouped: dict[str, set[str]] = defaultdict(set)
            for code in codes:
                grouped[str(families.of(code))].add(code)
            for family, together in grouped.items():
                self.members.setdefault(family, {})[year] = frozenset(together)
                self.family_of |= dict.fromkeys(together, family)
        self.family_of |= {
            old: self.family_of[today]
            for old, today in formers.items()
            if today in self.family_of and old not in self.family_of
        }

    def _link(self, code: str, year: int, held: str, other: int) -> None:
        if other == year + 1:
            self.links[year].add((code, held))
        elif other == year - 1:
            self.links[other].add((held, code))

    def communes(self, family: str, year: int) -> Communes:
        return self.members[family].get(year, frozenset())

    def spread(self, code: str, published: int | None, asked: int) -> Communes:
        """The communes of `asked` that what is published of `code` surely lies in, together and in no
        fewer. `published`: the year of the code, None when nothing tells it."""
        family = self.family_of[code]
        whole = self.communes(family, asked)
        if published is None or code not in self.communes(family, published):
            return whole
        return self._between(published, asked).get(code) or whole

    def _between(self, published: int, asked: int) -> dict[str, Communes]:
        key = published, asked
        if key not in self._spreads:
            groups = _Groups()
            first, last = sorted(key)
            for year in range(first, last):
                for before, after in self.links[year]:
                    groups.join((before, year), (after, year + 1))
            found: dict[Hashable, set[str]] = defaultdict(set)
            for family in self.members:
                for code in self.communes(family, asked):
                    found[groups.of((code, asked))].add(code)
            self._spreads[key] = {
                code: frozenset(found[groups.of((code, published))])
                for family in self.members
                for code in self.communes(family, published)
            }
        return self._spreads[key]

    def as_of(self, communes: Iterable[str], year: int) -> Communes:
        """The communes of a year that communes of today were. Raises UnknownTerritory for one that
        was then a part of a commune of which they lack the rest."""
        today = frozenset(communes)
        found: set[str] = set()
        for code in today:
            lies_in = self._lies_in(code, GEOGRAPHY_YEAR, year)
            for then in lies_in:
                if not self._lies_in(then, year, GEOGRAPHY_YEAR) <= today:
                    raise UnknownTerritory(f"{code} en {year}")
            found |= lies_in
        return frozenset(found)

    def _lies_in(self, code: str, published: int, asked: int) -> Communes:
        if code not in self.family_of:
            return frozenset({code})
        return self.spread(code, published, asked)

    def vintages(self, codes: Collection[str]) -> dict[str, int | None]:
        """The year of the communes that one file gives for one year, by family, told by its codes:
        None where no year has them all. `codes`: those of the file that are in a family."""
        held: dict[str, set[str]] = defaultdict(set)
        for code in codes:
            family = self.family_of[code]
            # Codes from before the first year say nothing of the others.
            if any(code in known for known in self.members[family].values()):
                held[family].add(code)
        votes = Counter(
            year
            for family, found in held.items()
            for year in YEARS
            if self.communes(family, year) == found
        )
        of_file = max(votes, key=lambda year: (votes[year], year), default=None)
        return {family: self._vintage(family, found, of_file) for family, found in held.items()}

    def _vintage(self, family: str, found: set[str], of_file: int | None) -> int | None:
        possible = [year for year in YEARS if found <= self.communes(family, year)]
        if of_file in possible:
            return of_file
        return min(
            possible, key=lambda year: (len(self.communes(family, year)), -year), default=None
        )


def check_year(year: int) -> None:
    """Raises UnknownGeography for a year whose communes we do not have."""
    if year not in YEARS:
        raise UnknownGeography(year)


def geographies(folders: Folders) -> Geographies:
    """The families of this installation, read once a process. Raises NotBuilt."""
    return _geographies(*_stamped(folders, FORMERS_FILE))


def atlas_of(folders: Folders, year: int) -> Atlas:
    """The communes of a year and what they belonged to. Raises UnknownGeography, NotBuilt.

    Public territorial establishments (EPT) are known today only.
    """
    check_year(year)
    return _atlas(year, *_stamped(folders, COMMUNES_FILE))


def _stamped(folders: Folders, other: str) -> tuple[Path, Path, int]:
    paths = folders.reference / YEARS_FILE, folders.reference / other
    try:
        stamp = max(path.stat().st_mtime_ns for path in paths)
    except FileNotFoundError:
        raise NotBuilt from None
    return *paths, stamp


@lru_cache(maxsize=2)
def _geographies(years: Path, formers: Path, stamp: int) -> Geographies:
    table = pq.read_table(years)
    moved = pc.field("code") != pc.field("code")
    for year in YEARS:
        held = pc.field(f"code_{year}")
        moved = moved | held.is_null() | (held != pc.field("code"))
    codes = set()
    for row in table.filter(moved).to_pylist():
        codes |= {row["code"], *(row[f"code_{year}"] for year in YEARS)} - {None}
    old = pq.read_table(formers, columns=["code", "code_2026"]).to_pylist()
    return Geographies(
        table.filter(pc.field("code").isin(sorted(codes))).to_pylist(),
        {row["code"]: row["code_2026"] for row in old if row["code_2026"]},
    )


@lru_cache(maxsize=len(YEARS))
def _atlas(year: int, years: Path, communes: Path, stamp: int) -> Atlas:
    today = pq.read_table(communes).to_pylist()
    department_of = {
        row["department"]: (row["department_name"], row["region"], row["region_name"])
        for row in today
    }
    epci_names = {row["epci"]: row["epci_name"] for row in today}
    rows = pq.read_table(years, filters=[("year", "=", year)]).to_pylist()
    return Atlas(
        {
            "code": row["code"],
            "name": row["name"],
            "department": row["department"],
            "department_name": department_of.get(row["department"], (None,))[0],
            "region": department_of.get(row["department"], (None, None))[1],
            "region_name": department_of.get(row["department"], (None, None, None))[2],
            "epci": row["epci"],
            "epci_name": epci_names.get(row["epci"]),
            "ept": None,
            "ept_name": None,
        }
        for row in rows
    )
