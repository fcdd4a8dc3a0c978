"""Every function that we ask of an engine, each in a small expression whose answer is checked.

What a mart, the staging or a figure uses and that is not here makes `test_engine_conformance` fail.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa

from atre.warehouse import engine as e
from atre.warehouse.engine import Table

# Two groups, one of which has nothing but missing values; texts with accents, zeros, an empty text.
ROWS = pa.table(
    {
        "place": pa.array(["95001", "95001", "95002", "95002", None, "2A004"], pa.string()),
        "name": pa.array(["Écouen", "écouen", None, "", "Œting", "Île-de-France"], pa.string()),
        "year": pa.array([2022, 2023, 2023, None, None, 2022], pa.int16()),
        "value": pa.array([1.5, 2.25, None, None, 0.0, -4.0], pa.float64()),
        "sites": pa.array([3, None, None, None, 0, 11], pa.int64()),
        "line": pa.array([1, 2, 3, 4, 5, 6], pa.int64()),
    }
)
PLACES = pa.table(
    {
        "code": pa.array(["95001", "95003", None], pa.string()),
        "today": pa.array(["95001", "95002", "75056"], pa.string()),
    }
)
Answer = list[dict[str, Any]]


def grouped(rows: Table, _: Table) -> Table:
    return rows.group_by("place").agg(
        total=rows.value.sum(),
        known=rows.value.count(),
        rows=rows.count(),
        # A missing condition counts nothing on DuckDB, and makes the count missing on Spark.
        some_rows=rows.count(where=(rows.value > 2).fill_null(False)),
        years=rows.year.nunique(),
        known_years=rows.year.nunique(where=rows.value.notnull()),
        least=rows.name.min(),
        most=rows.value.max(),
        some=(rows.value > 2).any(),
        every=(rows.value > 2).all(),
        mean=rows.value.mean(),
    )


def compared(rows: Table, _: Table) -> Table:
    return rows.select(
        "line",
        same=rows.name == "Écouen",
        other=rows.name != "Écouen",
        less=rows.value < 1.5,
        at_most=rows.value <= 1.5,
        more=rows.value > 1.5,
        at_least=rows.value >= 1.5,
        both=(rows.value > 0) & (rows.sites > 0),
        either=(rows.value > 0) | (rows.sites > 0),
        no=~(rows.value > 0),
        among=rows.place.isin(["95001", "2A004"]),
        nothing=rows.name.isnull(),
        something=rows.name.notnull(),
    )


def computed(rows: Table, _: Table) -> Table:
    return rows.select(
        "line",
        twice=rows.value * 2,
        ratio=rows.value / rows.sites.nullif(0),
        plus=rows.value + rows.sites,
        minus=rows.value - 1,
        negative=-rows.value,
        size=rows.value.abs(),
        department=rows.place.substr(0, 2),
        length=rows.name.length(),
        small=rows.name.lower(),
        number=rows.sites.cast("float64"),
        short=rows.line.cast("int16"),
        text=rows.year.cast("string"),
        first_known=e.coalesce(rows.value, rows.sites.cast("float64"), 7.0),
        filled=rows.name.fill_null("?"),
        unknown=e.null("string"),
        chosen=(rows.value > 0).ifelse("some", "none"),
        largest=e.greatest(rows.value, 1.0),
        smallest=e.least(rows.value, 1.0),
        kind=e.cases((rows.value > 2, "big"), (rows.value.isnull(), "missing"), else_="small"),
    )


def together(rows: Table, places: Table) -> Table:
    known = rows.join(places, rows.place == places.code).drop("code")
    return known.mutate(again=known.today).rename(former="place")


def left(rows: Table, places: Table) -> Table:
    return rows.left_join(places, [rows.place == places.code])


def semi(rows: Table, places: Table) -> Table:
    return rows.semi_join(places, rows.place == places.code)


def anti(rows: Table, places: Table) -> Table:
    return rows.anti_join(places, rows.place == places.code)


def unequal(rows: Table, places: Table) -> Table:
    wanted = places.code.isnull() | (places.code == rows.place)
    return rows.semi_join(places, [rows.name == places.today, wanted])


def gathered(rows: Table, _: Table) -> Table:
    return e.union(rows.filter(rows.line < 3), rows.filter(rows.line > 4)).select("place", "value")


def distinct(rows: Table, _: Table) -> Table:
    return rows.select("place").distinct()


def ranked(rows: Table, _: Table) -> Table:
    order = e.window(group_by=rows.place, order_by=[e.desc(rows.value), e.asc(rows.line)])
    whole = e.window(group_by=rows.place)
    rows = rows.mutate(
        rank=e.row_number().over(order),
        in_place=rows.count().over(whole),
        most=rows.value.max().over(whole),
        total=rows.value.sum().over(whole),
    )
    return rows.filter(rows["rank"] == 0)


def page(rows: Table, _: Table) -> Table:
    return rows.order_by(["place", e.desc("value"), "line"]).limit(3, offset=1)


def told(rows: Table, _: Table) -> Table:
    return rows.mutate(unit=e.literal("kWh"), ratio=e.literal(1.0), order=e.literal(3))


EXPRESSIONS: Mapping[str, Callable[[Table, Table], Table]] = {
    one.__name__: one
    for one in (
        grouped, compared, computed, together, left, semi, anti, unequal, gathered, distinct, ranked,
        page, told,
    )
}  # fmt: skip
# Where the order of the rows is asked too.
ORDERED = frozenset({"page"})


def operations(expression: Table) -> set[str]:
    """The operations that an expression is made of, by their names in Ibis."""
    found, waiting = set(), [expression.op()]
    seen = set()
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            found.add(type(node).__name__)
            waiting.extend(node.__children__)
    return found
