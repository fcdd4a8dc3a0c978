"""The cases of one agency as figures of a territory, and as one value a commune."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from atre.formats.territory_figures import Level, Status
from atre.warehouse.catalogue import indicator
from atre.warehouse.commune_values import CommuneValues
from atre.warehouse.figures import Figure
from atre.warehouse.folders import Folders
from atre.warehouse.indicators import Flag
from atre.warehouse.sources.cases import FORMAT, MEASURE, read_cases
from atre.warehouse.territories import PUBLISHED_LEVELS, Territory

# Cases opened are counted as they are: what is hidden is hidden by the threshold, and has no bounds.
Row = Mapping[str, Any]


def case_figures(
    folders: Folders,
    agency: str,
    territory: Territory,
    *,
    years: Sequence[int] | None,
    by: Sequence[str],
) -> list[Figure]:
    """The cases an agency opened in a territory, a row a year and category asked."""
    rows = [
        row
        for row in read_cases(folders, agency).to_pylist()
        if (years is None or row["year"] in years) and (row["category"] is None or "category" in by)
    ]
    own = PUBLISHED_LEVELS.get(territory.kind)
    whole = [
        row
        for row in rows
        if own is not None and (row["level"], row["territory"]) == (own.value, territory.code)
    ]
    inside = frozenset(territory.communes)
    parts = [
        row for row in rows if row["level"] == Level.COMMUNE.value and row["territory"] in inside
    ]
    cells: dict[tuple[int, str], list[Row]] = {}
    for row in whole or parts:
        cells.setdefault((row["year"], row["category"] or ""), []).append(row)
    return [
        _figure(year, category, found, territory, is_whole=bool(whole))
        for (year, category), found in sorted(cells.items())
    ]


def _figure(
    year: int, category: str, rows: Sequence[Row], territory: Territory, *, is_whole: bool
) -> Figure:
    known = [row["value"] for row in rows if row["value"] is not None]
    one = indicator(MEASURE)
    return Figure(
        indicator=one.key,
        territory=territory.key,
        year=year,
        sector=None,
        energy=None,
        category=category or None,
        value=sum(known) if known else None,
        lower=None,
        upper=None,
        unit=one.unit,
        flag=Flag.MEASURED if known else Flag.SECRET,
        secret_share=1 - len(known) / len(rows),
        known=len(known),
        territories=1 if is_whole else len(territory.communes),
        source=FORMAT,
        as_published=is_whole,
    )


def cases_by_commune(folders: Folders, agency: str, *, year: int) -> CommuneValues:
    """The cases an agency opened in a year in each commune where it works."""
    rows = sorted(
        (
            row
            for row in read_cases(folders, agency).to_pylist()
            if row["level"] == Level.COMMUNE.value
            and row["year"] == year
            and row["category"] is None
        ),
        key=lambda row: row["territory"],
    )
    nothing = np.full(len(rows), np.nan)
    values = [np.nan if row["value"] is None else row["value"] for row in rows]
    secret = [row["status"] == Status.SECRET.value for row in rows]
    return CommuneValues(
        codes=np.array([row["territory"] for row in rows], dtype=object),
        values=np.array(values, dtype=np.float64),
        lower=nothing,
        upper=nothing,
        secret_share=np.array(secret, dtype=np.float64),
        flags=np.array([Flag.SECRET if each else Flag.MEASURED for each in secret], dtype=object),
        unit=indicator(MEASURE).unit,
        source=FORMAT if rows else None,
        year=year,
    )
