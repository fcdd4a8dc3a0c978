"""Figures of a territory as it stood in another year, from the rows as published.

Communes that never changed have one figure in every year: that of the marts. For the others, each
row published goes to the communes of that year that it surely lies in. When the territory has all
of them, the row counts whole; when it has some, these are unknown: nothing is shared out.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pyarrow as pa

from atre.formats.territory_figures import Level
from atre.warehouse import engine as e
from atre.warehouse.edition import Edition
from atre.warehouse.engine import Engine, Table
from atre.warehouse.figures import Figure, lines_of, stated_by_category, summed, told
from atre.warehouse.folders import Folders
from atre.warehouse.geographies import Communes, Geographies, check_year, geographies
from atre.warehouse.indicators import Aggregation, Flag, Indicator
from atre.warehouse.marts.additive import shaped
from atre.warehouse.marts.shape import MART
from atre.warehouse.published_rows import (
    FROM_MART,
    Question,
    Row,
    Vintages,
    computed_rows,
    orders_of,
    published_rows,
    vintages_of,
)
from atre.warehouse.reading import (
    Given,
    asked_indicators,
    asked_territory,
    of_indicators,
    of_territory,
)
from atre.warehouse.served import served, tables_of
from atre.warehouse.staging.geography import GEOGRAPHY_YEAR
from atre.warehouse.territories import Kind, Territory

# Totals that publishers give of their own, of places whose limits do not move with communes.
STEADY_KINDS = frozenset({Kind.DEPARTMENT, Kind.REGION, Kind.COUNTRY})
SEVERAL_FR = "Publiée pour plusieurs anciennes communes à part : une médiane ou un taux ne s’y recompose pas."


def rebased(
    engine: Engine,
    folders: Folders,
    edition: Edition,
    *,
    indicators: Sequence[Indicator],
    territory: Territory,
    geography: int,
    years: Sequence[int] | None = None,
    by: Sequence[str] = (),
    basis: str = "pci",
) -> list[Figure]:
    """The figures of a territory of the communes of `geography`: as `figures.figures` gives those of
    today. `territory`: from `geographies.atlas_of` of that year.

    Models and corrections are made for the communes of today: one that merged since is unknown.
    Raises UnknownGeography, NotBuilt.
    """
    check_year(geography)
    known = geographies(folders)
    asked = Question(engine, folders, edition, indicators, territory, geography, by)
    changed = _settled(asked, known)
    stated = stated_by_category(indicators, by)
    keys = [one.key for one in indicators]
    given = {
        **_steady(territory, known),
        **asked_indicators(indicators, by),
        "changed": changed.rows,
    }

    def ask(tables: Mapping[str, Table]) -> Table:
        narrow = partial(of_territory, asked=tables)
        steady = served(engine, folders, edition, keys, narrow=narrow)
        steady = of_indicators(steady, tables)
        rows = e.union(shaped(steady), tables["changed"])
        return summed(rows, by, basis, stated)

    key = ("rebased", edition.key, tables_of(keys), tuple(by), basis, stated)
    lines = lines_of(engine.asked(key, given, ask))
    return [_explained(one, asked, changed) for one in told(lines, indicators, territory, years)]


def _steady(territory: Territory, known: Geographies) -> Given:
    """What is read in the marts: communes that never changed, and a total of their publisher."""
    kind = territory.kind if territory.kind in STEADY_KINDS else Kind.SET
    codes = tuple(code for code in territory.communes if code not in known.family_of)
    return asked_territory(Territory(kind, territory.code, "", codes))


@dataclass(frozen=True, slots=True)
class _Changed:
    """`rows`: of MART, for communes that changed. `unknown`: communes of the territory that an
    indicator, year and source only give with others, and the names of these others."""

    rows: pa.Table
    unknown: Mapping[tuple[str, int | None, str], Mapping[str, Communes]]


def _settled(asked: Question, known: Geographies) -> _Changed:
    wanted = frozenset(asked.territory.communes)
    families = {known.family_of[code] for code in wanted if code in known.family_of}
    if not families:
        return _Changed(MART.empty_table(), {})
    codes = sorted(code for code, family in known.family_of.items() if family in families)
    rows = published_rows(asked, codes) + computed_rows(asked, codes)
    vintages = vintages_of(asked, known)
    kept: list[Row] = []
    unknown: dict[tuple[str, int | None, str], dict[str, Communes]] = defaultdict(dict)
    for row, year in _of_one_geography(rows, vintages, known, orders_of(asked.folders)):
        spread = known.spread(row["published"], year, asked.geography)
        if spread <= wanted:
            kept += _whole(row, spread)
        elif here := spread & wanted:
            kept.append(_unknown(row, min(here)))
            place = unknown[row["indicator"], row["year"], row["source"]]
            place |= {code: spread - {code} for code in here}
    named = {
        key: {code: frozenset(known.names.get(c, c) for c in others) for code, others in at.items()}
        for key, at in unknown.items()
    }
    table = pa.Table.from_pylist(kept, schema=MART)
    return _Changed(table, named)


def _whole(row: Row, spread: Communes) -> list[Row]:
    """A row, and one without a value for each other commune that it is also of: known with it."""
    first, *others = sorted(spread)
    empty = {"value": None, "value_pcs": None, "lower": None, "upper": None, "cells": 0}
    return [
        row | {"territory": first},
        *(row | empty | {"territory": code, "secret_cells": 0} for code in others),
    ]


def _unknown(row: Row, code: str) -> Row:
    nothing = dict.fromkeys(("value", "value_pcs", "lower", "upper", "weight"))
    none = dict.fromkeys(("cells", "known_cells", "secret_cells", "estimated_cells"), 0)
    return row | nothing | none | {"territory": code, "flag": Flag.MISSING.value}


def _of_one_geography(
    rows: Sequence[Row], vintages: Vintages, known: Geographies, orders: Mapping[str, int]
) -> Iterable[tuple[Row, int | None]]:
    """Each row with the year of its communes. Of what several files say of a family, only those of
    one same geography are kept, the most complete, then the last received: a former commune in one
    file and the merged one in another would count twice."""
    answers: dict[Hashable, list[tuple[Row, int | None]]] = defaultdict(list)
    for row in rows:
        family = known.family_of[row["published"]]
        year = _vintage(row, family, vintages)
        key = family, row["source"], row["indicator"], row["year"], row["energy"]
        answers[key].append((row, year))
    for (family, *_), found in answers.items():  # type: ignore[misc]
        rank = partial(_rank, found, known=known, family=family, orders=orders)
        best = max({year for _, year in found}, key=rank)
        yield from _without_doubles([pair for pair in found if pair[1] == best], orders)


def _vintage(row: Row, family: str, vintages: Vintages) -> int | None:
    if row["file"] == FROM_MART:
        return GEOGRAPHY_YEAR
    return vintages.get((row["file"], row["year"]), {}).get(family)


def _rank(
    found: Sequence[tuple[Row, int | None]],
    year: int | None,
    *,
    known: Geographies,
    family: str,
    orders: Mapping[str, int],
) -> tuple[bool, int]:
    rows = [row for row, of in found if of == year]
    codes = {row["published"] for row in rows}
    complete = year is not None and codes >= known.communes(family, year)
    return complete, max(orders.get(row["file"], 0) for row in rows)


def _without_doubles(
    found: Sequence[tuple[Row, int | None]], orders: Mapping[str, int]
) -> Iterable[tuple[Row, int | None]]:
    """A commune is taken whole rather than by IRIS, and from the last file that gives it."""
    best: dict[str, tuple[bool, int]] = {}

    def rank(row: Row) -> tuple[bool, int]:
        return row["of_level"] == Level.COMMUNE.value, orders.get(row["file"], 0)

    for row, _ in found:
        code = row["published"]
        best[code] = max(best.get(code, (False, -1)), rank(row))
    return [pair for pair in found if rank(pair[0]) == best[pair[0]["published"]]]


def _explained(one: Figure, asked: Question, changed: _Changed) -> Figure:
    """A figure with the year of its communes, and why it is unknown."""
    one = replace(one, geography_year=asked.geography)
    is_commune = asked.territory.kind is Kind.COMMUNE
    rule = next(each.aggregation for each in asked.indicators if each.key == one.indicator)
    if is_commune and rule is Aggregation.NEVER and one.value is None and one.known:
        return replace(one, flag=Flag.MISSING, known=0, reason_fr=SEVERAL_FR)
    places = changed.unknown.get((one.indicator, one.year, one.source), {})
    if not places or one.as_published:
        return one
    if is_commune:
        others = ", ".join(sorted(next(iter(places.values()))))
        return replace(
            one, reason_fr=f"Publiée seulement avec {others} : rien ne dit comment partager."
        )
    reason = (
        f"Communes de {asked.geography} publiées seulement avec d’autres, hors du territoire : "
        f"{len(places)}. Leur part est inconnue, et n’est pas dans ce chiffre."
    )
    return replace(one, reason_fr=reason)
