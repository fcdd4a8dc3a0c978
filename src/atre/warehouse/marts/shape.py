"""The columns of every mart. One shape, so that one gate and one query serve them all."""

import pyarrow as pa

# `value` is null when nothing of the cell is known; `value_pcs` is the same energy in the file's own
# calorific value. `weight` weighs a mean (households, inhabitants), null for what adds up. `lower` and `upper` bound what is secret, when something bounds it. `cells`: how
# many published figures the row adds up, of which `known_cells`, `secret_cells` and
# `estimated_cells`. `geographies`: how many territories as published (2 after a merger).
MART = pa.schema(
    [
        pa.field("territory", pa.string()),
        pa.field("level", pa.string()),
        pa.field("indicator", pa.string()),
        pa.field("year", pa.int16()),
        pa.field("sector", pa.string()),
        pa.field("energy", pa.string()),
        pa.field("category", pa.string()),
        pa.field("value", pa.float64()),
        pa.field("value_pcs", pa.float64()),
        pa.field("lower", pa.float64()),
        pa.field("upper", pa.float64()),
        pa.field("weight", pa.float64()),
        pa.field("flag", pa.string()),
        pa.field("cells", pa.int64()),
        pa.field("known_cells", pa.int64()),
        pa.field("secret_cells", pa.int64()),
        pa.field("estimated_cells", pa.int64()),
        pa.field("geographies", pa.int64()),
        pa.field("unit", pa.string()),
        pa.field("source", pa.string()),
    ]
)
GRAIN = (
    "territory",
    "level",
    "indicator",
    "year",
    "sector",
    "energy",
    "category",
    "unit",
    "source",
)
