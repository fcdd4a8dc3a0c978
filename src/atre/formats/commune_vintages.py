"""What the yearly lists of communes say when laid side by side: the raw material of the two tables
of `tables/commune_*.csv`, which `commune_years` reads.

The package names every code that ever led to a commune, but not when. The dates come from
comparing its versions, one a year. Done once a year, by `python -m atre.jobs.commune_vintages`.
"""

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from atre.formats.decoupage import CURRENT

MERGED = "merged"
MERGED_UNDER_NEW_CODE = "merged_under_new_code"
RENUMBERED = "renumbered"
SPLIT = "split"


class Movement(NamedTuple):
    """`before` is a commune of the year before `year`, `after` one of `year`."""

    year: int
    before: str
    after: str
    kind: str


class Difference(NamedTuple):
    """What a code was from one year to another, where it was not what the last list says."""

    code: str
    first_year: int
    last_year: int
    name: str
    department: str
    epci: str | None


@dataclass(frozen=True)
class YearlyList:
    """The communes of one year, and where each older code leads that year."""

    communes: Mapping[str, tuple[str, str]]
    epci_of: Mapping[str, str]
    leads_to: Mapping[str, frozenset[str]]


def read_list(communes: bytes, epci: bytes) -> YearlyList:
    """Reads `communes.json` and `epci.json` of one version of the package.

    Communes of today only, by INSEE code: (name, department). Raises ValueError (JSON) and KeyError
    for files of another shape. Source: `@etalab/decoupage-administratif`.

    >>> found = read_list(
    ...     b'[{"code": "01015", "nom": "Arboys", "departement": "01", "type": "commune-actuelle",'
    ...     b' "anciensCodes": ["01340"]}]',
    ...     b'[{"code": "240100750", "membres": [{"code": "01015"}]}]')
    >>> found.communes, found.epci_of
    ({'01015': ('Arboys', '01')}, {'01015': '240100750'})
    >>> found.leads_to
    {'01340': frozenset({'01015'})}
    """
    rows = json.loads(communes)
    groupings = json.loads(epci)
    return YearlyList(
        communes={
            # The list of 2021 gives no department to the overseas collectivities.
            row["code"]: (row["nom"], row.get("departement") or row["code"][:3])
            for row in rows
            if row["type"] == CURRENT
        },
        epci_of={
            member["code"]: grouping["code"]
            for grouping in groupings
            for member in grouping["membres"]
        },
        leads_to=_leads(rows),
    )


def _leads(rows: list[dict[str, Any]]) -> dict[str, frozenset[str]]:
    targets: dict[str, set[str]] = {}
    for row in rows:
        for code in row.get("anciensCodes") or () if row["type"] == CURRENT else ():
            targets.setdefault(code, set()).add(row["code"])
        if row.get("chefLieu"):
            targets.setdefault(row["code"], set()).add(row["chefLieu"])
    return {code: frozenset(found) for code, found in targets.items()}


def movements(lists: Mapping[int, YearlyList]) -> list[Movement]:
    """Who became what, from each list to the next; the same codes on both sides do not appear.

    >>> old = YearlyList({"85084": ("Essarts", "85")}, {}, {"85165": frozenset({"85084"})})
    >>> new = YearlyList({"85084": ("Essarts", "85"), "85165": ("L'Oie", "85")}, {}, {})
    >>> movements({2023: old, 2024: new})
    [Movement(year=2024, before='85084', after='85165', kind='split')]
    """
    years = sorted(lists)
    return [
        found
        for before, after in itertools.pairwise(years)
        for found in sorted(_between(after, lists[before], lists[after]))
    ]


def _between(year: int, before: YearlyList, after: YearlyList) -> Iterator[Movement]:
    gone = before.communes.keys() - after.communes.keys()
    new = after.communes.keys() - before.communes.keys()
    pairs = {(code, target) for code in gone for target in after.leads_to.get(code, ())}
    pairs |= {(origin, code) for code in new for origin in before.leads_to.get(code, ())}
    for origin, target in pairs:
        if origin not in gone:
            kind = SPLIT
        elif target not in new:
            kind = MERGED
        else:
            alone = sum(other == target for _, other in pairs) == 1
            kind = RENUMBERED if alone else MERGED_UNDER_NEW_CODE
        yield Movement(year, origin, target, kind)


def differences(lists: Mapping[int, YearlyList]) -> list[Difference]:
    """Every (code, year) whose name, department or EPCI are not those of the last list.

    >>> one = YearlyList({"13001": ("Aix", "13")}, {"13001": "200054807"}, {})
    >>> two = YearlyList({"13001": ("Aix-en-Provence", "13")}, {"13001": "200054807"}, {})
    >>> differences({2025: one, 2026: two})[0].name
    'Aix'
    """
    *former, last = sorted(lists)
    reference = {code: _facts(lists[last], code) for code in lists[last].communes}
    found: list[Difference] = []
    open_rows: dict[str, Difference] = {}
    for year in former:
        for code in sorted(lists[year].communes):
            facts = _facts(lists[year], code)
            if facts == reference.get(code):
                continue
            row = open_rows.get(code)
            if row and row.last_year == year - 1 and row[3:] == facts:
                found.remove(row)
                row = row._replace(last_year=year)
            else:
                row = Difference(code, year, year, *facts)
            found.append(row)
            open_rows[code] = row
    return sorted(found)


def _facts(year: YearlyList, code: str) -> tuple[str, str, str | None]:
    return *year.communes[code], year.epci_of.get(code)
