"""Contours of communes: read from what they are published with, and nothing else kept."""

import csv
import io
import lzma

import numpy as np
import pytest

from atre.formats import wkb
from atre.formats.contours import UnreadableContours, contour_table, read_communes

SQUARE = np.array([[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]], dtype=float)
TITLES = ("id", "code", "type", "nom", "commune_parent_id", "geometry", "mairie_email")
NONE = "\\N"


def square_at(longitude: float) -> str:
    return wkb.write_multipolygon([[SQUARE + np.array([longitude, 0])]]).hex().upper()


def package(*rows: tuple[str, ...], titles: tuple[str, ...] = TITLES) -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text).writerows([titles, *rows])
    return io.BytesIO(lzma.compress(text.getvalue().encode()))


def test_a_commune_has_its_contour_its_box_and_its_centre() -> None:
    stream = package(("1", "01001", "COM", "A", NONE, square_at(4.0), "mairie@example.org"))
    (row,) = contour_table(read_communes(stream).found, {}).to_pylist()
    assert (row["west"], row["south"], row["east"], row["north"]) == (4.0, 0.0, 5.0, 1.0)
    assert (row["centre_lon"], row["centre_lat"]) == (4.5, 0.5)
    assert not any("example" in str(value) for value in row.values())


def test_a_commune_without_contour_takes_the_outline_of_its_delegated_communes() -> None:
    read = read_communes(
        package(
            ("1", "49126", "COM", "Orée d’Anjou", NONE, NONE, ""),
            ("2", "49126", "COMD", "Drain", "1", square_at(0.0), ""),
            ("3", "49069", "COMD", "Champtoceaux", "1", square_at(1.0), ""),
        )
    )
    (row,) = contour_table(read.found, {}).to_pylist()
    assert (row["code"], row["from_parts"]) == ("49126", True)
    rings = wkb.read_multipolygons([row["geometry_wkb"]])
    assert wkb.signed_areas(rings).tolist() == [-2.0]


@pytest.mark.parametrize("second", [NONE, None])
def test_a_commune_of_which_a_part_is_missing_is_named_rather_than_drawn_short(
    second: str | None,
) -> None:
    parts = [("2", "49126", "COMD", "Drain", "1", square_at(0.0), "")] if second else []
    read = read_communes(
        package(
            ("1", "49126", "COM", "Orée d’Anjou", NONE, NONE, ""),
            *parts,
            *([("3", "49069", "COMD", "Champtoceaux", "1", second, "")] if second else []),
        )
    )
    assert (read.found, read.without) == ([], ["49126"])


def test_a_contour_says_whose_ground_it_still_covers() -> None:
    stream = package(("1", "15141", "COM", "Neussargues", NONE, square_at(3.0), ""))
    table = contour_table(read_communes(stream).found, {"15141": ["15031", "15035"]})
    assert table["covers"].to_pylist() == [["15031", "15035"]]


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        (io.BytesIO(b"version https://git-lfs.github.com/spec/v1\n"), "illisible"),
        (package(titles=("id", "code", "type", "commune_parent_id")), "geometry"),
        (package(("1", "01001", "COM", "A", NONE, "0G", "")), "illisible"),
        (package(("1", "01001")), "trop courte"),
    ],
)
def test_another_file_is_refused_in_a_sentence(stream: io.BytesIO, said: str) -> None:
    with pytest.raises(UnreadableContours, match=said):
        read_communes(stream)


def test_bytes_that_are_no_polygon_are_refused() -> None:
    blob = bytearray(wkb.write_multipolygon([[SQUARE]]))
    assert len(wkb.read_multipolygons([bytes(blob)]).points) == 5
    for wrong in (b"", blob[:-8], blob + b"\0", b"\0" + blob[1:]):
        with pytest.raises(wkb.UnreadableGeometry):
            wkb.read_multipolygons([bytes(wrong)])
