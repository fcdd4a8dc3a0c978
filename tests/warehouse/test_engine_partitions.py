"""Meters measured in partitions, by DuckDB in the process and by Spark's workers: the same answers as
one by one in the order of a file."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from atre.formats.reading import UnreadableFile
from atre.jobs.measured_savings_fleet import measure_fleet
from atre.jobs.measured_savings_partitions import measure_partitions
from tests.warehouse import engines

pytestmark = engines.SPARK_LEAVES_SOCKETS
METERS, DAYS, PARTS = 240, 800, 3
FIRST_DAY = np.datetime64("2022-06-01")
CLOSE = 1e-9


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Readings of heated dwellings, some of them unknown: one file in order, the same in disorder in a
    folder; a third of the dwellings are compared, ten have no works."""
    folder = tmp_path_factory.mktemp("fleet")
    random = np.random.default_rng(7)
    day = FIRST_DAY + np.arange(DAYS)
    celsius = 11 - 9 * np.cos(2 * np.pi * (np.arange(DAYS) - 15) / 365) + random.normal(0, 2, DAYS)
    after = np.arange(DAYS) >= DAYS // 2
    slope = random.uniform(1, 4, METERS)[:, None]
    kwh = 5 + slope * np.maximum(0, 16 - celsius) * np.where(after, 0.8, 1.0)
    kwh += random.normal(0, 1, kwh.shape)
    rows = pa.table(
        {
            "meter_id": pa.array(np.repeat([f"M{one:04}" for one in range(METERS)], DAYS)),
            "date": pa.array(np.tile(day, METERS)),
            "kwh": pa.array(kwh.ravel(), mask=random.random(METERS * DAYS) < 0.01),
        }
    )
    pq.write_table(rows, folder / "meters.parquet")
    (folder / "meters").mkdir()
    shuffled = rows.take(pa.array(random.permutation(rows.num_rows)))
    for part in range(PARTS):
        name = folder / "meters" / f"part-{part}.parquet"
        pq.write_table(shuffled.slice(part * rows.num_rows // PARTS, rows.num_rows // PARTS), name)
    pq.write_table(
        pa.table({"date": pa.array(day), "temperature_c": celsius}), folder / "weather.parquet"
    )
    works = [
        f"M{one:04},{day[DAYS // 2]},{'comparison' if one % 3 == 0 else 'treated'}"
        for one in range(METERS - 10)
    ]
    (folder / "events.csv").write_text(
        "\n".join(["meter_id,event,group", *works, "ABSENT,2023-01-01,"])
    )
    return folder


def answers(out: Path) -> list[dict[str, Any]]:
    return sorted(pq.read_table(out).to_pylist(), key=lambda line: line["meter_id"])


def alike(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> bool:
    return len(one) == len(other) and all(
        left == {name: pytest.approx(value, rel=CLOSE) if isinstance(value, float) else value
                 for name, value in right.items()}
        for left, right in zip(one, other, strict=True)
    )  # fmt: skip


def given(folder: Path) -> tuple[Path, Path]:
    return folder / "weather.parquet", folder / "events.csv"


@pytest.fixture(scope="module")
def expected(fleet: Path) -> list[dict[str, Any]]:
    measure_fleet(fleet / "meters.parquet", *given(fleet), fleet / "expected.parquet")
    return answers(fleet / "expected.parquet")


def test_the_fleet_has_something_to_measure(expected):
    assert len(expected) == METERS - 10
    assert {line["status"] for line in expected} == {"measured"}
    assert any(line["net_saving_kwh"] is not None for line in expected)


def test_partitions_in_the_process_measure_the_same(fleet, expected, duckdb, tmp_path):
    out = tmp_path / "out.parquet"

    done = measure_partitions(duckdb, [fleet / "meters"], *given(fleet), out)

    assert alike(answers(out), expected)
    assert (done.meters, done.measured) == (METERS - 10, METERS - 10)
    assert (done.without_works, done.without_readings) == (10, 1)


@pytest.mark.parametrize("cluster", ["spark"], indirect=True)
def test_partitions_on_a_cluster_measure_the_same(fleet, expected, cluster, tmp_path):
    out = tmp_path / "out.parquet"

    done = measure_partitions(cluster, [fleet / "meters"], *given(fleet), out)

    assert alike(answers(out), expected)
    assert done.comparison is not None


def test_a_folder_without_readings_is_refused_and_leaves_what_was_there(fleet, duckdb, tmp_path):
    out = tmp_path / "out.parquet"
    out.write_bytes(b"former")
    (tmp_path / "empty").mkdir()

    with pytest.raises(UnreadableFile, match="Aucun fichier"):
        measure_partitions(duckdb, [tmp_path / "empty"], *given(fleet), out)

    assert out.read_bytes() == b"former"
