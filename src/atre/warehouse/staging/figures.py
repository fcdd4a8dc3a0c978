"""Every row of every file received, in our units and on today's communes, none left out.

`standing` says what becomes of a row, so that the rows of a file add up to the file whatever
happened to them: only rows `kept` go to the marts.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from atre.formats.territory_figures import Level, Status
from atre.warehouse import engine as e
from atre.warehouse.engine import Column, Engine, Table
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
    """The rows of all files: see `STAGED_COLUMNS`. `on`: the day whose conversions are used."""
    rows = e.union(*(_of_file(engine, folders, receipt) for receipt in received))
    rows = _in_our_units(rows, on)
    rows = _on_todays_communes(rows, geography.places(engine, folders))
    return _with_standing(rows, received).select(*STAGED_COLUMNS)


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


def _with_standing(rows: Table, received: Sequence[Receipt]) -> Table:
    rows = _with_whole_city(rows)
    several = [source for source, files in _files_by_source(received).items() if files > 1]
    superseded: Column = e.literal(False)
    if several:
        rows = _with_last_order(rows, several)
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


def _files_by_source(received: Sequence[Receipt]) -> Counter[str]:
    return Counter(receipt.format for receipt in received)


def _with_whole_city(rows: Table) -> Table:
    """Says of each row whether its file has the whole city too, for the same measure."""
    cities = rows.filter(rows.geography == Geography.DISTRICT.value).select("commune").distinct()
    whole = rows.semi_join(cities, rows.territory == cities.commune)
    whole = whole.filter(whole.geography == Geography.CURRENT.value)
    whole = whole.select(
        whole_file=whole.file, whole_measure=whole.measure, whole_city=whole.territory
    ).distinct()
    whole = whole.mutate(has_whole_city=e.literal(True))
    joined = rows.left_join(
        whole,
        [
            rows.file == whole.whole_file,
            rows.measure == whole.whole_measure,
            rows.commune == whole.whole_city,
        ],
    )
    return joined.drop("whole_file", "whole_measure", "whole_city")


def _with_last_order(rows: Table, sources: Sequence[str]) -> Table:
    """Says of each row which file said its territory, year, measure and energy last: publishers
    give electricity and gas in files of their own."""
    rows = rows.mutate(
        asked_year=e.coalesce(rows.year, e.literal(UNKNOWN_YEAR)),
        asked_energy=e.coalesce(rows.energy, e.literal("")),
    )
    some = rows.filter(rows.source.isin(sources))
    last = some.group_by(
        last_source=some.source,
        last_level=some.level,
        last_territory=some.published_territory,
        last_year=some.asked_year,
        last_measure=some.measure,
        last_energy=some.asked_energy,
    ).agg(last_order=some.order.max())
    joined = rows.left_join(
        last,
        [
            rows.source == last.last_source,
            rows.level == last.last_level,
            rows.published_territory == last.last_territory,
            rows.asked_year == last.last_year,
            rows.measure == last.last_measure,
            rows.asked_energy == last.last_energy,
        ],
    )
    return joined.drop(
        *(
            name
            for name in joined.columns
            if name.startswith(("last_", "asked_")) and name != "last_order"
        )
    )


def flag_of(status: Column) -> Column:
    """The flag that a publisher's word becomes: measured, estimated, secret or missing."""
    return (status == Status.PUBLISHED.value).ifelse("measured", status)
