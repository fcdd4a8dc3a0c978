"""Contours that an agency brings: read, or refused in a sentence."""

import contextlib
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atre.formats.contours import UnreadableContours
from atre.formats.geojson_contours import read_geojson

SQUARE = [[[2.0, 49.0], [2.1, 49.0], [2.1, 49.1], [2.0, 49.0]]]
LAMBERT = [
    [[651000.0, 6861000.0], [652000.0, 6861000.0], [652000.0, 6862000.0], [651000.0, 6861000.0]]
]


def file_of(*features: dict) -> io.BytesIO:
    return io.BytesIO(json.dumps({"type": "FeatureCollection", "features": features}).encode())


def commune(coordinates=SQUARE, kind="Polygon", **properties) -> dict:
    shape = None if coordinates is None else {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": shape}


@pytest.mark.parametrize("name", ["INSEE_COM", "code", "codgeo", "CODE_INSEE"])
def test_the_code_is_found_under_the_names_publishers_give_it(name):
    assert [row.code for row in read_geojson(file_of(commune(**{name: "95018"}))).found] == [
        "95018"
    ]


def test_a_zero_eaten_by_a_spreadsheet_is_put_back():
    assert read_geojson(file_of(commune(code="1004"))).found[0].code == "01004"


def test_a_multipolygon_is_read_and_an_empty_geometry_is_told():
    found = read_geojson(
        file_of(commune([SQUARE], kind="MultiPolygon", code="95018"), commune(None, code="95019"))
    )
    assert [row.code for row in found.found] == ["95018"]
    assert found.without == ["95019"]


@pytest.mark.parametrize(
    ("stream", "word"),
    [
        (file_of(commune(LAMBERT, code="95018")), "Lambert"),
        (file_of(commune(nom="Argenteuil")), "code de commune"),
        (io.BytesIO(b"<html>"), "GeoJSON"),
        (io.BytesIO(b'{"type": "Feature"}'), "GeoJSON"),
        (file_of(commune([[["a", "b"]] * 4], code="95018")), "GeoJSON"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(stream, word):
    with pytest.raises(UnreadableContours, match=word):
        read_geojson(stream)


@given(st.binary(max_size=200), st.integers(0, 150))
def test_a_damaged_file_is_never_a_crash(noise, place):
    content = bytearray(file_of(commune(code="95018")).getvalue())
    content[place : place + len(noise)] = noise
    with contextlib.suppress(UnreadableContours):
        read_geojson(io.BytesIO(bytes(content)))
