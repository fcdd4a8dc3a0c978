"""Large tables are cut so that every row is written once, by parts that memory holds."""

from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atre.warehouse import engine, slicing
from atre.warehouse.engine import Range

LIMIT = 100
COUNTS = st.dictionaries(
    st.none() | st.integers(2008, 2025),
    st.dictionaries(st.none() | st.sampled_from(["01", "2A", "75", "974"]), st.integers(1, 150)),
    max_size=8,
)


@pytest.fixture(autouse=True)
def small_slices(monkeypatch):
    monkeypatch.setattr(slicing, "ROWS_OF_A_SLICE", LIMIT)


def holds(one: Range, value: object) -> bool:
    if one.missing or value is None:
        return one.missing and value is None
    return (one.low is None or value >= one.low) and (one.high is None or value < one.high)  # type: ignore[operator]


@given(COUNTS)
def test_every_row_is_in_one_slice_and_one_only(counts):
    slices = slicing.slices("territory", counts)

    for year, rows in counts.items():
        for prefix in rows:
            line = {"year": year, "territory": prefix}
            of = [one for one in slices if all(holds(each, line[each.column]) for each in one)]
            assert len(of) == 1 or not slices


@given(COUNTS)
def test_no_slice_is_much_larger_than_two(counts):
    slices = slicing.slices("territory", counts)

    for one in slices:
        rows = [
            count
            for year, by_prefix in counts.items()
            for prefix, count in by_prefix.items()
            if all(holds(each, {"year": year, "territory": prefix}[each.column]) for each in one)
        ]
        # One prefix is never cut.
        assert sum(rows) <= 2 * LIMIT + max(rows, default=0)


def test_a_small_table_is_not_cut():
    assert slicing.slices("territory", {2023: {"01": LIMIT}}) == ()


def test_a_table_written_by_slices_has_the_rows_of_the_one_written_whole(tmp_path):
    years = [None, 2020, 2021, 2022]
    lines = [
        {"year": year, "territory": code, "value": float(number)}
        for number, (year, code) in enumerate(
            (year, f"{code:05}") for year in years for code in range(0, 99_000, 450)
        )
    ]
    pq.write_table(pa.Table.from_pylist(lines), tmp_path / "rows.parquet")
    counts: dict[int | None, Counter[str]] = {year: Counter() for year in years}
    for line in lines:
        counts[line["year"]][line["territory"][:3]] += 1
    slices = slicing.slices("territory", counts)
    order = ("year", "territory")
    with engine.opened("") as opened:
        rows = opened.table([tmp_path / "rows.parquet"])
        opened.write(rows, tmp_path / "whole.parquet", order=order)
        opened.write(rows, tmp_path / "sliced.parquet", order=order, slices=slices)

    whole, sliced = (pq.read_table(tmp_path / f"{name}.parquet") for name in ("whole", "sliced"))
    assert len(slices) > len(years)
    assert whole.schema == sliced.schema
    assert sorted(whole.to_pylist(), key=str) == sorted(sliced.to_pylist(), key=str)
