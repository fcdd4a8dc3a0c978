"""The census by IRIS: figures as they are, and the commune of today that holds each."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from atre.formats.iris_census import FIGURES, UnreadableCensus, read_iris

COMMUNES = {"75101": ("Paris 1er", "75056"), "85084": ("Essarts-en-Bocage", None)}


def census(**changes: list[object]) -> io.BytesIO:
    columns: dict[str, list[object]] = {
        "iris": ["751010101", "850840000"],
        "com": ["75101", "85084"],
        "typ_iris": ["H", "Z"],
        **{name: [1200, None] for name in FIGURES},
        **changes,
    }
    file = io.BytesIO()
    pq.write_table(pa.table({name: pa.array(values) for name, values in columns.items()}), file)
    file.seek(0)
    return file


def test_districts_go_to_their_city_and_divided_communes_nowhere() -> None:
    table = read_iris(census(), COMMUNES)
    assert table["code_2026"].to_pylist() == ["75056", None]
    assert table["commune"].to_pylist() == ["75101", "85084"]
    assert table["name"].to_pylist() == [None, "Essarts-en-Bocage"]


def test_a_figure_that_is_not_there_stays_unknown() -> None:
    assert read_iris(census(), COMMUNES)["dwellings"].to_pylist() == [1200, None]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (io.BytesIO(b"version https://git-lfs.github.com/spec/v1\n"), "illisible"),
        (census(typ_iris=["H", "X"]), "type d’IRIS inconnu : « X »"),
    ],
)
def test_another_file_is_refused_in_a_sentence(file: io.BytesIO, said: str) -> None:
    with pytest.raises(UnreadableCensus, match=said):
        read_iris(file, COMMUNES)


def test_a_file_without_a_column_of_figures_is_refused_by_its_name() -> None:
    table = pq.read_table(census()).drop_columns(["maisons"])
    file = io.BytesIO()
    pq.write_table(table, file)
    with pytest.raises(UnreadableCensus, match="maisons"):
        read_iris(file, COMMUNES)
