"""The census by IRIS, from the package that carries it."""

import contextlib
import io

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from atre.formats import iris_figures
from atre.formats.reading import UnreadableFile
from tests.support.territory_files import REAL, figures, read_file, real_bytes, refused

NAME = "iris_rp2021_population_logement.parquet"


def written(**columns: list) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def small(**changed: list) -> bytes:
    columns = {
        "iris": ["010040101", "010040102"],
        "pop": [1797, 2000],
        "logements": [921, 1000],
        "res_principales": [793, 900],
    }
    return written(**columns | changed)


@pytest.mark.parametrize(
    ("column", "measure", "category"),
    [
        ("pop", "population", None),
        ("pop_65p", "population", "age:65_and_over"),
        ("logements", "dwellings", None),
        ("res_principales", "dwellings", "occupancy:main"),
        ("res_secondaires", "dwellings", "occupancy:secondary"),
        ("logements_vacants", "dwellings", "occupancy:vacant"),
        ("maisons", "dwellings", "type:house"),
        ("appartements", "dwellings", "type:flat"),
        ("rp_en_appartement", "main_dwellings", "type:flat"),
    ],
)
def test_each_measure_has_the_sum_of_its_column(column, measure, category):
    table = read_file(real_bytes(NAME)).tables[0]
    mine = table.filter(
        (pc.field("measure") == measure)
        & (pc.field("category").is_null() if category is None else pc.field("category") == category)
    )
    file = pq.read_table(REAL / NAME, columns=["iris", column])
    assert mine["territory"].to_pylist() == file["iris"].to_pylist()
    assert pc.sum(mine["value"]).as_py() == pc.sum(file[column]).as_py()


def test_the_real_file_is_of_2021_and_none_of_its_iris_is_refused():
    reading = read_file(real_bytes(NAME))
    assert (reading.format.key, reading.rejects) == ("iris_figures", ())
    assert reading.rows == 49_280 * 11
    assert reading.tables[0]["year"].unique().to_pylist() == [2021]


def test_a_null_is_missing_and_a_zero_is_zero():
    rows = figures(read_file(small(pop=[None, 0])))
    assert [(row["value"], row["status"]) for row in rows[:2]] == [
        (None, "missing"),
        (0.0, "published"),
    ]


@pytest.mark.parametrize("second", ["010040101", "999990101", None])
def test_an_iris_met_twice_or_of_nowhere_is_refused(second):
    reading = read_file(small(iris=["010040101", second]))
    assert [line for line, _ in refused(reading)] == [2]
    assert {row["territory"] for row in figures(reading)} == {"010040101"}


@pytest.mark.parametrize("content", [written(code=["01"], geometry=["x"]), b"PAR1" + b"x" * 50])
def test_another_parquet_file_is_refused(content):
    with pytest.raises(UnreadableFile, match="Parquet"):
        read_file(content)


@settings(max_examples=80, deadline=None)
@example(place=486, bytes_=b"\x80")
@given(place=st.integers(0, 2_000), bytes_=st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_refused_or_read(place: int, bytes_: bytes):
    content = small()
    changed = content[:place] + bytes_ + content[place + len(bytes_) :]
    with contextlib.suppress(UnreadableFile):
        [*iris_figures.read_iris_figures(io.BytesIO(changed))]
