"""ODRÉ's temperatures by department."""

import contextlib
import gzip
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.formats import daily_temperatures as told
from atre.formats.odre import DEPARTMENT_FR, FORMATS
from atre.formats.reading import Reading, UnreadableFile, collect
from atre.formats.recognition import recognise_stream

REAL = Path(__file__).parents[3] / "shared" / "reference" / "data"
NAME = "temperature_quotidienne_departementale_2018_2020.csv.gz"
TITLES = "date_obs;code_insee_departement;departement;tmin;tmax;tmoy"


def real() -> bytes:
    path = REAL / NAME
    if not path.exists():
        pytest.skip(f"real files absent: {path} is not in the repository")
    return gzip.decompress(path.read_bytes())


def read(content: bytes) -> Reading:
    known = recognise_stream(io.BytesIO(content))
    return collect(known, known.read(io.BytesIO(content)))


def reasons(reading: Reading) -> dict[str, int]:
    return {each.reason_fr: each.count for each in reading.warnings}


def test_the_real_file_has_96_departments_of_three_whole_years():
    reading = read(real())
    places = reading.tables[0].column("place")
    assert (reading.format.key, reading.tables[0].num_rows) == ("odre_temperatures", 96 * 1096)
    assert len(places.unique()) == 96
    assert reading.rejects == ()
    assert told.HOLES_FR not in reasons(reading)


def test_the_real_file_has_one_day_whose_lowest_is_above_its_highest():
    reading = read(real())
    assert reasons(reading)[told.SWAPPED_FR] == 1
    assert reading.tables[1].column("minimum_c").null_count == 1
    assert reading.tables[0].column("temperature_c").null_count == 0


def test_the_real_mean_is_the_half_sum_but_for_58_rows():
    reading = read(real())
    mean = reading.tables[0].column("temperature_c").to_numpy()
    low = reading.tables[1].column("minimum_c").to_numpy()
    high = reading.tables[1].column("maximum_c").to_numpy()
    gap = abs(mean - (low + high) / 2)
    assert (gap > 0.006).sum() == 58
    assert gap[gap == gap].max() < 0.5


def test_what_a_department_stands_for_is_told():
    reading = read(f"{TITLES}\n2018-01-01;01;Ain;5.4;9.4;7.4\n".encode())
    assert reasons(reading)[DEPARTMENT_FR] == 1
    assert reading.tables[0].to_pylist() == [
        {"place": "département 01", "date": date(2018, 1, 1), "temperature_c": 7.4}
    ]


def test_the_titles_of_the_site_are_known_too():
    titles = "Date;Code INSEE département;Département;TMin (°C);TMax (°C);TMoy (°C)"
    reading = read(f"{titles}\n2024-01-01;2A;Corse-du-Sud;5,4;9,4;7,4\n".encode())
    assert reading.tables[0].column("place").to_pylist() == ["département 2A"]
    assert reading.tables[0].column("temperature_c").to_pylist() == [7.4]


def test_a_department_that_lost_its_zero_finds_it_again():
    reading = read(f"{TITLES}\n2018-01-01;1;Ain;5.4;9.4;7.4\n".encode())
    assert reading.tables[0].column("place").to_pylist() == ["département 01"]


def test_a_text_in_a_temperature_refuses_its_row():
    reading = read(f"{TITLES}\n2018-01-01;01;Ain;;;froid\n2018-01-02;01;Ain;;;7.4\n".encode())
    assert [(each.line, each.reason_fr) for each in reading.rejects] == [(2, told.NUMBER_FR)]


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 7_990), written=st.binary(max_size=8))
def test_the_real_file_with_bytes_changed_is_refused_or_read(place: int, written: bytes):
    content = real()[:8_000]
    changed = content[:place] + written + content[place + len(written) :]
    with contextlib.suppress(UnreadableFile):
        read(changed)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused(content: bytes):
    (known,) = FORMATS
    with pytest.raises(UnreadableFile):
        [*known.read(io.BytesIO(content))]
