"""The cases opened in the platform, counted by commune: the one thing the observatory knows of them.

Each agency has its own file, outside the tables that all agencies share: no question about a territory
can reach another agency's cases, because a question names one agency and reads one file. The file holds
what may be shown and nothing else: a cell of fewer households than the threshold is in it without its
value, and so are those that would give it away.

What the file shows to the agency is no publication: what leaves goes through the ledger of releases.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from atre.calc.parameters import parameter
from atre.calc.secrecy.rules import HOUSEHOLDS_KEY
from atre.formats.territory_figures import FIGURES, Level, Status
from atre.warehouse.atomic import replacing
from atre.warehouse.folders import Folders
from atre.warehouse.secrecy.cells import Membership
from atre.warehouse.secrecy.household_counts import Count, shown_counts

FORMAT = "platform_cases"
MEASURE, UNIT = "cases_opened", "cases"
LEVELS = (Level.EPCI, Level.DEPARTMENT)
# Cuttings of the same cases; a case is in one cell of each, and they do not add up together.
PROGRAMME, PROGRESS = "programme", "progress"
WHOLE = ""
AGENCY = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")
# The cell of all the agency's cases: it binds the others, and has no level of its own.
EVERYWHERE = ("", "")
OTHERS = "others"
Place = tuple[str, str]
Cell = tuple[Place, str]


@dataclass(frozen=True, slots=True)
class CaseCount:
    """How many cases opened in a commune and a year, of a programme, are how far."""

    commune: str
    year: int
    programme: str
    progress: str
    cases: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written: rows, and how many of them have no value."""

    rows: int
    hidden: int


def file_of(folders: Folders, agency: str) -> Path:
    """Where an agency's counts stand. Raises ValueError for a name that is no identifier."""
    if not AGENCY.fullmatch(agency):
        raise ValueError(f"{agency!r} names no agency")
    return folders.data / "observatory" / "cases" / f"{agency}.parquet"


def keep_cases(
    folders: Folders,
    *,
    agency: str,
    counts: Sequence[CaseCount],
    households: Mapping[tuple[str, int], int],
    perimeter: Iterable[str],
    places: Membership,
    on: date,
) -> Kept:
    """Protects an agency's counts and writes what may be shown, in place of what was there.

    `households`: how many by commune and year. `perimeter`: the communes where it works; one without a
    case is hidden like one with few. `places`: what communes belong to. `on`: the day whose threshold
    holds. Raises `OpenRelease` rather than write a table that opens.
    """
    communes = sorted({*perimeter, *(count.commune for count in counts)})
    years = sorted({count.year for count in counts})
    rows = [
        row
        for year in years
        for row in _of_year(
            year, [one for one in counts if one.year == year], households, communes, places, on
        )
    ]
    table = pa.Table.from_pylist(rows, schema=FIGURES)
    with replacing(file_of(folders, agency)) as draft:
        pq.write_table(table, draft, compression="zstd")
    return Kept(len(rows), sum(row["value"] is None for row in rows))


def read_cases(folders: Folders, agency: str) -> pa.Table:
    """The rows of an agency, of the schema `FIGURES`; none where nothing was written."""
    path = file_of(folders, agency)
    return pq.read_table(path) if path.is_file() else FIGURES.empty_table()


def _of_year(
    year: int,
    counts: Sequence[CaseCount],
    households: Mapping[tuple[str, int], int],
    communes: Sequence[str],
    places: Membership,
    on: date,
) -> list[dict[str, object]]:
    """The rows of a year. Communes below the threshold are cut no further: together, they are the
    others of their EPCI, which no row shows and every total counts."""
    least = parameter(HOUSEHOLDS_KEY, on=on).number
    small = [commune for commune in communes if households.get((commune, year), 0) < least]
    above = _above(communes, places)
    cuts = {
        PROGRAMME: sorted({f"{PROGRAMME}:{count.programme}" for count in counts}),
        PROGRESS: sorted({f"{PROGRESS}:{count.progress}" for count in counts}),
    }
    cells = _counted(counts, _households(year, above, households), above, frozenset(small), cuts)
    shown = shown_counts(
        f"Dossiers ouverts {year}",
        {_label(cell): count for cell, count in cells.items()},
        [
            (_label(total), [_label(part) for part in parts])
            for total, parts in _totals(above, frozenset(small), cuts)
        ],
        on=on,
        unshown=[_label(cell) for cell in cells if cell[0][0] == OTHERS],
    )
    return [
        {
            "level": place[0],
            "territory": place[1],
            "year": year,
            "measure": MEASURE,
            "category": category or None,
            "value": float(count.value) if is_shown else None,
            "unit": UNIT,
            "status": (Status.PUBLISHED if is_shown else Status.SECRET).value,
        }
        for ((place, category), count), is_shown in zip(cells.items(), shown, strict=True)
        if place != EVERYWHERE and place[0] != OTHERS
    ]


def _above(communes: Sequence[str], places: Membership) -> dict[str, tuple[Place, ...]]:
    """The places that each commune counts in."""
    owners = {level: places.owner(level, communes) for level in LEVELS}
    return {
        commune: (
            EVERYWHERE,
            *((level.value, owners[level][rank]) for level in LEVELS if owners[level][rank]),
        )
        for rank, commune in enumerate(communes)
    }


def _households(
    year: int, above: Mapping[str, tuple[Place, ...]], households: Mapping[tuple[str, int], int]
) -> dict[Place, int]:
    found: dict[Place, int] = {}
    for commune, places in above.items():
        for place in (_commune(commune), _others(places), *places):
            found[place] = found.get(place, 0) + households.get((commune, year), 0)
    return found


def _counted(
    counts: Sequence[CaseCount],
    households: Mapping[Place, int],
    above: Mapping[str, tuple[Place, ...]],
    small: frozenset[str],
    cuts: Mapping[str, Sequence[str]],
) -> dict[Cell, Count]:
    """Every cell, those of no case included."""
    categories = (WHOLE, *(name for names in cuts.values() for name in names))
    cases: dict[Cell, int] = {}
    for commune, places in above.items():
        own = (WHOLE,) if commune in small else categories
        cases |= {(_commune(commune), category): 0 for category in own}
        wider = (*places, *((_others(places),) if commune in small else ()))
        cases |= {(place, category): 0 for place in wider for category in categories}
    for count in counts:
        places = above[count.commune]
        for place in (_commune(count.commune), _others(places), *places):
            if place[0] == OTHERS and count.commune not in small:
                continue
            for category in _categories(count):
                if (place, category) in cases:
                    cases[place, category] += count.cases
    # Cases of households met twice in the year are taken off every cell: none seems to have more
    # households than it has.
    return {
        (place, category): Count(n, max(0, n - cases[place, WHOLE] + households[place]))
        if place[0] != OTHERS
        else Count(n, n)
        for (place, category), n in sorted(cases.items())
    }


def _categories(count: CaseCount) -> tuple[str, ...]:
    return (WHOLE, f"{PROGRAMME}:{count.programme}", f"{PROGRESS}:{count.progress}")


def _totals(
    above: Mapping[str, tuple[Place, ...]],
    small: frozenset[str],
    cuts: Mapping[str, Sequence[str]],
) -> Iterator[tuple[Cell, list[Cell]]]:
    """Every sum: others of their small communes, places of communes and others, wholes of cuttings."""
    members: dict[Place, set[Place]] = {}
    for commune, places in above.items():
        part = _others(places) if commune in small else _commune(commune)
        for place in places:
            members.setdefault(place, set()).add(part)
    others: dict[Place, list[Cell]] = {}
    for commune in sorted(small):
        others.setdefault(_others(above[commune]), []).append((_commune(commune), WHOLE))
    for place, parts in others.items():
        yield (place, WHOLE), parts
    for category in (WHOLE, *(name for names in cuts.values() for name in names)):
        for place, some in members.items():
            yield (place, category), [(part, category) for part in sorted(some)]
    whole = {*members, *others, *(_commune(one) for one in above if one not in small)}
    for place in sorted(whole):
        for names in cuts.values():
            yield (place, WHOLE), [(place, name) for name in names]


def _commune(code: str) -> Place:
    return (Level.COMMUNE.value, code)


def _others(places: tuple[Place, ...]) -> Place:
    """The small communes that count in the same places."""
    return (OTHERS, " ".join(code for _, code in places))


def _label(cell: Cell) -> str:
    (level, code), category = cell
    return " · ".join(
        ("Dossiers ouverts", f"{level}:{code}" if code else "tout", category or "tous")
    )
