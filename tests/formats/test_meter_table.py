"""Many meters in one Parquet file: whole meters, by groups, in bounded memory."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atre.formats import meter_table
from atre.formats.meter_table import meters_by_groups, places_weather
from atre.formats.reading import UnreadableFile
from atre.formats.works_table import works_by_meter

FIRST = date(2024, 1, 1)


def table(lengths: list[int]) -> pa.Table:
    names = [f"m{place:03d}" for place in range(len(lengths))]
    return pa.table(
        {
            "meter_id": np.repeat(names, lengths),
            "date": [FIRST + timedelta(days=day) for length in lengths for day in range(length)],
            "kwh": np.arange(sum(lengths), dtype=float),
        }
    )


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.integers(1, 20), st.integers(1, 7))
def test_each_meter_comes_whole_and_once_however_the_file_is_cut(
    tmp_path, monkeypatch, lengths, rows_at_once, meters_at_once
):
    monkeypatch.setattr(meter_table, "ROWS_READ_AT_ONCE", rows_at_once)
    monkeypatch.setattr(meter_table, "METERS_AT_ONCE", meters_at_once)
    path = tmp_path / "m.parquet"
    pq.write_table(table(lengths), path)
    found = {}
    for group in meters_by_groups(path):
        for place, name in enumerate(group.meter_ids):
            assert name not in found
            found[name] = group.kwh[group.meter == place].tolist()
    edges = np.cumsum([0, *lengths])
    assert list(found.values()) == [
        np.arange(first, last, dtype=float).tolist() for first, last in pairwise(edges)
    ]


def test_a_meter_that_comes_back_is_refused(tmp_path):
    path = tmp_path / "m.parquet"
    pq.write_table(pa.concat_tables([table([2, 3]), table([2])]), path)
    with pytest.raises(UnreadableFile, match="triez"):
        list(meters_by_groups(path))


def test_a_load_curve_is_refused_rather_than_kept_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(meter_table, "MOST_ROWS_OF_A_METER", 5)
    path = tmp_path / "m.parquet"
    pq.write_table(table([6]), path)
    with pytest.raises(UnreadableFile, match="courbe de charge"):
        list(meters_by_groups(path))


@pytest.mark.parametrize("content", [b"", b"PAR1", b"date,kwh\n"])
def test_what_is_not_parquet_is_said(tmp_path: Path, content):
    path = tmp_path / "m.parquet"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="Parquet"):
        list(meters_by_groups(path))


def test_missing_columns_are_named(tmp_path):
    path = tmp_path / "m.parquet"
    pq.write_table(pa.table({"id": [1], "kwh": [2.0]}), path)
    with pytest.raises(UnreadableFile, match="meter_id"):
        list(meters_by_groups(path))
    with pytest.raises(UnreadableFile, match="temperature_c"):
        places_weather(path)


def test_the_weather_of_two_places_is_kept_apart(tmp_path):
    path = tmp_path / "w.parquet"
    rows = {"place": ["a", "b", "a"], "date": [FIRST, FIRST, FIRST + timedelta(days=2)]}
    pq.write_table(pa.table({**rows, "temperature_c": [1.0, 2.0, 3.0]}), path)
    weather = places_weather(path)
    assert dict(weather.places) == {"a": 0, "b": 1}
    assert np.nan_to_num(weather.mean, nan=-99).tolist() == [[1.0, -99, 3.0], [2.0, -99, -99]]


@pytest.mark.parametrize(
    ("row", "line"), [("a,hier", 2), ("a,2024-02-01,2024-01-01", 2), (",2024-02-01", 2)]
)
def test_a_wrong_row_of_works_names_its_line(tmp_path, row, line):
    path = tmp_path / "e.csv"
    titles = "meter_id,event,works_end" if row.count(",") == 2 else "meter_id,event"
    path.write_text(f"{titles}\n{row}\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match=f"Ligne {line}"):
        works_by_meter(path)


def test_works_without_end_end_the_day_they_start(tmp_path):
    path = tmp_path / "e.csv"
    path.write_text("meter_id,event,works_end\n007,2024-02-01,\n", encoding="utf-8")
    works = works_by_meter(path)["007"]
    assert works.start_day == works.end_day
    assert not works.is_comparison
