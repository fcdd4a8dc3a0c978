"""What can be asked of communes: the years and the cuttings that some source gives, by indicator."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from atre.formats.territory_figures import Level
from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.edition import Edition
from atre.warehouse.engine import Engine, Table
from atre.warehouse.folders import Folders
from atre.warehouse.indicators import DIMENSIONS
from atre.warehouse.served import served

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """A year of an indicator by commune, from the source preferred that year.

    `communes`: how many have the cutting that most have. sectors, energies, categories: sorted.
    """

    indicator: str
    year: int | None
    source: str
    communes: int
    sectors: tuple[str, ...]
    energies: tuple[str, ...]
    categories: tuple[str, ...]


def offered(engine: Engine, folders: Folders, edition: Edition) -> list[Offer]:
    """Everything there is by commune, in the order of the catalogue, the latest year first and what
    has no year last."""
    rows = engine.asked(
        ("offered", edition.key),
        {"levels": pa.table({"name": [Level.COMMUNE.value]})},
        lambda asked: _counted(served(engine, folders, edition), asked),
    ).to_pylist()
    found: dict[tuple[str, int | None], dict[str, list[Row]]] = defaultdict(dict)
    for row in rows:
        found[row["indicator"], row["year"]].setdefault(row["source"], []).append(row)
    offers = []
    for (key, year), by_source in found.items():
        named = CATALOGUE[key].sources if key in CATALOGUE else ()
        source = next((one for one in named if one in by_source), None)
        if source is not None:
            offers.append(_offer(key, year, source, by_source[source]))
    order = {key: place for place, key in enumerate(CATALOGUE)}
    return sorted(offers, key=lambda one: (order[one.indicator], -(one.year or 0)))


def _counted(rows: Table, asked: Mapping[str, Table]) -> Table:
    # A cutting has one row a commune: counting rows costs a tenth of counting who they are of.
    rows = rows.semi_join(asked["levels"], rows.level == asked["levels"].name)
    return rows.group_by("indicator", "year", "source", *DIMENSIONS).agg(communes=rows.count())


def _offer(key: str, year: int | None, source: str, rows: Sequence[Row]) -> Offer:
    sectors, energies, categories = (
        tuple(sorted({row[cut] for row in rows if row[cut]})) for cut in DIMENSIONS
    )
    communes = max(row["communes"] for row in rows)
    return Offer(key, year, source, communes, sectors, energies, categories)
