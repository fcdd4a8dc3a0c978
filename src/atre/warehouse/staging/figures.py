"""Every row of every file received, in our units and on today's communes, none left out.

`standing` says what becomes of a row, so that the rows of a file add up to the file whatever
happened to them: only rows `kept` go to the marts.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

import pyarrow as pa

from atre.formats.territory_figures import Level
from atre.warehouse import engine as e
from atre.warehouse.engine import Engine, Table
from atre.warehouse.folders import Folders
from atre.warehouse.sources.receipts import FIGURES_FILE, Receipt, folder_of
from atre.warehouse.staging import geography, units
from atre.warehouse.staging.geography import Geography

UNKNOWN_YEAR = -1
BY_COMMUNE = (Level.COMMUNE.value, Level.IRIS.value)


class Standing(StrEnum):
    """What becomes of a row of a file."""

    KEPT = "kept"
    # A file received later says this territory, year and measure again.
    SUPERSEDED = "superseded"
    # The file has Paris, Lyon or Marseille whole: its arrondissements would count twice.
    COUNTED_IN_CITY = "counted_in_city"
    # The code leads to no commune of today.
    OUTSIDE = "outside"


def staged(engine: Engine, folders: Folders, received: Sequence[Receipt], *, on: date) -> Table:
    """The rows of all files: see `STAGED_COLUMNS`. `on`: the day whose conversions are used.

    What other rows say of a row is asked of the files themselves, in the few columns it takes:
    an engine keeps whole what two parts of one expression share.
    """
    places = geography.places(engine, folders)
    rows = e.union(*(_of_file(engine, folders, receipt) for receipt in received))
    rows = _in_our_units(rows, on)
    rows = _on_todays_communes(rows, places)
    rows = _with_whole_city(rows, [_of_file(engine, folders, one) for one in received], places)
    rows = _with_last_order(engine, folders, rows, received, places)
    return _with_standing(rows).select(*STAGED_COLUMNS)


STAGED_COLUMNS = (
    "source", "file", "line", "level", "territory", "published_territory", "commune", "geography",
    "year", "measure", "sector", "energy", "category", "published_value", "published_unit", "basis",
    "value", "value_pcs", "unit", "status", "standing",
)  # fmt: skip


def _of_file(engine: Engine, folders: Folders, receipt: Receipt) -> Table:
    rows = engine.table([folder_of(folders, receipt.key) / FIGURES_FILE])
    return rows.mutate(
        source=e.literal(receipt.format),
        file=e.literal(receipt.key),
        order=e.literal(receipt.order),
    )


def _in_our_units(rows: Table, on: date) -> Table:
    known = e.in_memory(units.conversions())
    rows = rows.rename(published_value="value", published_unit="unit")
    rows = rows.left_join(known, rows.published_unit == known.published_unit)
    factor = e.coalesce(rows.factor, e.literal(1.0))
    whole = rows.published_value * factor
    is_pcs = (rows.basis == units.PCS).fill_null(False)
    return rows.mutate(
        unit=e.coalesce(rows.our_unit, rows.published_unit),
        value=is_pcs.ifelse(whole / units.pcs_per_pci(on), whole),
        # In the file's own calorific value, so that totals can be held against the file's.
        value_pcs=whole,
    ).drop("our_unit", "factor")


def _on_todays_communes(rows: Table, places: Table) -> Table:
    code = rows.level.isin(BY_COMMUNE).ifelse(rows.territory.substr(0, 5), e.null("string"))
    rows = rows.mutate(commune_code=code)
    rows = rows.left_join(places, rows.commune_code == places.published)
    # Paris, Lyon and Marseille are cut in arrondissements by the census alone: those of an IRIS
    # are parts of their city like any other.
    found = e.coalesce(rows.geography, e.literal(Geography.OUTSIDE.value))
    by_commune = rows.level.isin(BY_COMMUNE)
    return rows.mutate(
        published_territory=rows.territory,
        territory=(rows.level == Level.COMMUNE.value).ifelse(
            e.coalesce(rows.commune, rows.territory), rows.territory
        ),
        geography=by_commune.ifelse(found, e.null("string")),
    )


def _with_standing(rows: Table) -> Table:
    superseded = (rows.order < rows.last_order).fill_null(False)
    in_city = (rows.geography == Geography.DISTRICT.value) & rows.has_whole_city.fill_null(False)
    return rows.mutate(
        standing=e.cases(
            ((rows.geography == Geography.OUTSIDE.value).fill_null(False), Standing.OUTSIDE.value),
            (superseded, Standing.SUPERSEDED.value),
            (
                in_city.fill_null(False) & (rows.level == Level.COMMUNE.value),
                Standing.COUNTED_IN_CITY.value,
            ),
            else_=Standing.KEPT.value,
        )
    )


def _with_whole_city(rows: Table, files: Sequence[Table], places: Table) -> Table:
    """Says of each row whether its file has the whole city too, for the same measure."""
    cities = places.filter(places.geography == Geography.DISTRICT.value)
    cities = cities.select(city=cities.commune).distinct()
    parts = []
    for file in files:
        whole = file.filter(file.level == Level.COMMUNE.value)
        whole = whole.select(
            whole_file=whole.file, whole_measure=whole.measure, whole_city=whole.territory
        )
        parts.append(whole.semi_join(cities, whole.whole_city == cities.city).distinct())
    found = e.union(*parts).mutate(has_whole_city=e.literal(True))
    return rows.left_join(
        found,
        [
            rows.file == found.whole_file,
            rows.measure == found.whole_measure,
            rows.commune == found.whole_city,
        ],
    ).drop("whole_file", "whole_measure", "whole_city")


def _with_last_order(
    engine: Engine, folders: Folders, rows: Table, received: Sequence[Receipt], places: Table
) -> Table:
    """Says of each row which file said its territory, year, measure and energy last: publishers
    give electricity and gas in files of their own. Null where one file alone speaks.

    The territory is the commune of today: a merged commune told by a later file would else be added
    to one of its parts in an older file.
    """
    files = [_keys_of(_of_file(engine, folders, one), places) for one in _of_several(received)]
    several = _said_by_several(engine, files) if files else None
    if several is None:
        return rows.mutate(last_order=e.null("int64"))
    keys = e.union(*files)
    said = e.in_memory(several)
    keys = keys.semi_join(
        said,
        [keys[f"last_{name}"] == said[name] for name in ("source", "level", "year", "measure")],
    )
    names = [name for name in keys.columns if name != "order"]
    last = keys.group_by(*names).agg(last_order=keys.order.max())
    rows = rows.mutate(
        asked_year=e.coalesce(rows.year, e.literal(UNKNOWN_YEAR)),
        asked_energy=e.coalesce(rows.energy, e.literal("")),
        asked_territory=e.coalesce(rows.commune, rows.published_territory),
    )
    asked = {
        "source": "source", "level": "level", "territory": "asked_territory",
        "year": "asked_year", "measure": "measure", "energy": "asked_energy",
    }  # fmt: skip
    same = [rows[ours] == last[f"last_{name}"] for name, ours in asked.items()]
    return rows.left_join(last, same).drop(*names, "asked_year", "asked_energy", "asked_territory")


def _keys_of(rows: Table, places: Table) -> Table:
    """What a file speaks of, in the order it was received."""
    code = rows.level.isin(BY_COMMUNE).ifelse(rows.territory.substr(0, 5), e.null("string"))
    rows = rows.mutate(commune_code=code)
    rows = rows.left_join(places, rows.commune_code == places.published)
    return rows.select(
        last_source=rows.source,
        last_level=rows.level,
        last_territory=e.coalesce(rows.commune, rows.territory),
        last_year=e.coalesce(rows.year, e.literal(UNKNOWN_YEAR)),
        last_measure=rows.measure,
        last_energy=e.coalesce(rows.energy, e.literal("")),
        order=rows.order,
    )


def _of_several(received: Sequence[Receipt]) -> list[Receipt]:
    counts = Counter(receipt.format for receipt in received)
    return [receipt for receipt in received if counts[receipt.format] > 1]


def _said_by_several(engine: Engine, files: Sequence[Table]) -> pa.Table | None:
    """The source, level, year and measure that several files have; None where there is none.

    A publisher's files are of a year each: only what they share is looked at row by row.
    """
    parts = e.union(*(file.drop("last_territory", "last_energy").distinct() for file in files))
    counted = parts.group_by(
        source=parts.last_source, level=parts.last_level, year=parts.last_year,
        measure=parts.last_measure,
    ).agg(files=parts.count())  # fmt: skip
    found = engine.rows(counted.filter(counted.files > 1).drop("files"))
    return found if found.num_rows else None
