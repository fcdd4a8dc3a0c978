"""Communes year by year since 2021, and the commune of another year that holds each of them whole.

A figure of one geography goes to another by adding what lies whole in each commune. A commune that
was divided lies whole in none: its figure cannot be shared out without inventing, and stays where
it is. Communes that only changed code, and those that merged, are followed.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import pyarrow as pa

from atre.formats.commune_vintages import MERGED, SPLIT, Difference, Movement
from atre.formats.decoupage import CommuneRecord, FormerRecord

TABLES = Path(__file__).parent / "tables"
FIRST_YEAR = 2021
LAST_YEAR = 2026
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


@cache
def movements() -> tuple[Movement, ...]:
    """Merged, renumbered and re-created communes, by the year they took effect (1 January).

    >>> [move.after for move in movements() if move.before == "85084"]
    ['85165', '85212']
    """
    return tuple(
        Movement(int(row["year"]), row["before"], row["after"], row["kind"])
        for row in _rows("commune_movements")
    )


@cache
def differences() -> tuple[Difference, ...]:
    """Names and EPCI of former years, where they are not those of the last list.

    >>> [row.name for row in differences() if row.code == "01039"]
    ['Béon']
    """
    return tuple(
        Difference(
            row["code"],
            int(row["first_year"]),
            int(row["last_year"]),
            row["name"],
            row["department"],
            row["epci"] or None,
        )
        for row in _rows("commune_differences")
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def step(code: str, year: int, forward: bool) -> str | None:
    """The commune of the next year (or of the year before) that holds `code` whole, else None.

    `code` is a commune of `year`.

    >>> step("85084", 2023, True), step("85165", 2024, False), step("01039", 2022, True)
    (None, '85084', '01138')
    """
    effect = year + 1 if forward else year
    moves = [move for move in movements() if move.year == effect]
    if forward:
        found = [move for move in moves if move.before == code]
        divided = any(move.kind == SPLIT for move in found)
        return None if divided else found[0].after if found else code
    found = [move for move in moves if move.after == code]
    if len(found) == 1 and found[0].kind != MERGED:
        return found[0].before
    return None if found else code


def commune_of(code: str, year: int, other_year: int) -> str | None:
    """The commune of `other_year` that holds the commune `code` of `year` whole, else None.

    >>> commune_of("01039", 2021, 2026), commune_of("01138", 2026, 2021)
    ('01138', None)
    """
    forward = other_year > year
    found: str | None = code
    while found is not None and year != other_year:
        found = step(found, year, forward)
        year += 1 if forward else -1
    return found


def commune_years(communes: Iterable[CommuneRecord]) -> pa.Table:
    """One row a commune and year: code, year, name, department, epci, and for each year the code
    of the commune that holds it whole (`code_2021` … `code_2026`), null where it was divided.

    `communes` are those of the last year.

    >>> one = CommuneRecord("13001", "Aix-en-Provence", "13", "93", "metro", None, None, None, ())
    >>> commune_years([one]).filter(pa.compute.field("code") == "13001")["code_2021"].to_pylist()
    ['13001', '13001', '13001', '13001', '13001', '13001']
    """
    facts = {row.insee: (row.name, row.department, row.epci) for row in communes}
    # By code first: equal neighbours make the file four times smaller.
    rows = sorted(
        (code, year, *found) for year in YEARS for code, found in _facts_of(year, facts).items()
    )
    moved = {code for move in movements() for code in (move.before, move.after)}
    text = pa.string()
    columns: dict[str, pa.Array] = {
        "code": pa.array([row[0] for row in rows], text),
        "year": pa.array([row[1] for row in rows], pa.int16()),
        "name": pa.array([row[2] for row in rows], text),
        "department": pa.array([row[3] for row in rows], text),
        "epci": pa.array([row[4] for row in rows], text),
    }
    for other in YEARS:
        held = [commune_of(r[0], r[1], other) if r[0] in moved else r[0] for r in rows]
        columns[f"code_{other}"] = pa.array(held, text)
    return pa.table(columns)


Facts = tuple[str, str, str | None]


def _facts_of(year: int, last: Mapping[str, Facts]) -> dict[str, Facts]:
    later = {m.after for m in movements() if m.year > year and m.kind != MERGED}
    found = {code: facts for code, facts in last.items() if code not in later}
    found.update(
        (row.code, (row.name, row.department, row.epci))
        for row in differences()
        if row.first_year <= year <= row.last_year
    )
    return found


def former_codes(formers: Sequence[FormerRecord], current: Iterable[str]) -> pa.Table:
    """One row a code that is no commune today: code, name, kind, code_2026 and candidates.

    `code_2026` is null when the code led to several communes: nothing says how to share it out.
    These moves have no date. `current` are the codes of today's communes.

    >>> old = [FormerRecord("15110", None, "old_code", c) for c in ("15141", "15035")]
    >>> former_codes(old, ["15141", "15035"]).to_pylist()[0]["code_2026"] is None
    True
    """
    known = set(current)
    found: dict[str, list[FormerRecord]] = {}
    for former in formers:
        if former.code not in known:
            found.setdefault(former.code, []).append(former)
    codes = sorted(found)
    targets = [sorted({row.commune for row in found[code]}) for code in codes]
    names = [next((row.name for row in found[code] if row.name), None) for code in codes]
    return pa.table(
        {
            "code": pa.array(codes, pa.string()),
            "name": pa.array(names, pa.string()),
            "kind": pa.array([found[code][0].kind for code in codes], pa.string()),
            "code_2026": pa.array([t[0] if len(t) == 1 else None for t in targets], pa.string()),
            "candidates": pa.array(targets, pa.list_(pa.string())),
        }
    )
