"""EPW: local standard time, hour 1 first, and a typical year is never taken for a measured one."""

import contextlib
import gzip
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.formats import epw
from atre.formats.daily_temperatures import IMPOSSIBLE_FR
from atre.formats.meter_series import daily_temperatures
from atre.formats.reading import HOURLY_TEMPERATURES, Reading, UnreadableFile, collect
from atre.formats.recognition import recognise_stream

REAL = Path(__file__).parents[3] / "shared" / "cases" / "weather"
NAME = "FRA_AR_Lyon-Bron.AP.074800_TMYx.2004-2018.epw.gz"


def real() -> bytes:
    path = REAL / NAME
    if not path.exists():
        pytest.skip(f"real files absent: {path} is not in the repository")
    return gzip.decompress(path.read_bytes())


def year(
    *hours: str, ahead: str = "1.0", source: str = "Measured", summer: str = "0,0", note: str = ""
) -> bytes:
    header = (
        f"LOCATION,Ville,AR,FRA,{source},074800,45.7,4.9,{ahead},198.0",
        "DESIGN CONDITIONS,0",
        "TYPICAL/EXTREME PERIODS,0",
        "GROUND TEMPERATURES,0",
        f"HOLIDAYS/DAYLIGHT SAVINGS,No,{summer},0",
        f'COMMENTS 1,"{note}"',
        "COMMENTS 2,none",
        "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31",
    )
    return "\n".join((*header, *hours)).encode()


def hour(
    year: Any = 2023,
    month: Any = 1,
    day: Any = 1,
    number: Any = 1,
    dry: Any = 5.0,
    minute: Any = 60,
) -> str:
    return f"{year},{month},{day},{number},{minute},?9?9,{dry},1.0,80"


def read(content: bytes) -> Reading:
    known = recognise_stream(io.BytesIO(content))
    return collect(known, known.read(io.BytesIO(content)))


def rows(reading: Reading) -> list[dict[str, Any]]:
    (table,) = reading.tables
    assert table.schema in (HOURLY_TEMPERATURES, epw.TYPICAL_TEMPERATURES)
    return list(table.to_pylist())


def reasons(reading: Reading) -> list[str]:
    return [each.reason_fr for each in reading.warnings]


def test_the_real_file_has_8760_hours_and_its_place():
    reading = read(real())
    found = rows(reading)
    assert (reading.format.key, len(found), reading.rejects) == ("epw", 8760, ())
    assert {each["place"] for each in found} == {"Lyon Bron AP 074800"}


def test_the_real_typical_year_is_not_a_measured_one_and_it_is_told():
    told = reasons(read(real()))
    assert epw.TYPICAL_FR in told
    assert epw.YEARS_FR.format(7) in told


def test_a_typical_year_has_no_year_and_no_instant():
    reading = read(real())
    assert reading.tables[0].schema == epw.TYPICAL_TEMPERATURES
    first, last = rows(reading)[0], rows(reading)[-1]
    assert (first["month"], first["day"], first["hour"]) == (1, 1, 0.0)
    assert (last["month"], last["day"], last["hour"]) == (12, 31, 23.0)


def test_a_typical_year_cannot_correct_a_measured_use():
    with pytest.raises(UnreadableFile, match=r"année météo type.*ne peut pas corriger"):
        daily_temperatures(read(real()))


def test_hour_one_begins_at_midnight_of_standard_time():
    (found,) = rows(read(year(hour(month=7))))
    # In July too: 00:00 at UTC+1 is 23:00 UTC, not 22:00.
    assert found["at"] == datetime(2023, 6, 30, 23, tzinfo=UTC)


def test_hour_24_is_the_last_of_its_day():
    (found,) = rows(read(year(hour(number=24))))
    assert found["at"] == datetime(2023, 1, 1, 22, tzinfo=UTC)


def test_another_time_zone_is_followed():
    (found,) = rows(read(year(hour(), ahead="-4")))
    assert found["at"] == datetime(2023, 1, 1, 4, tzinfo=UTC)


def test_a_missing_dry_bulb_stays_unknown():
    reading = read(year(hour(dry="99.9"), hour(number=2)))
    assert [each["temperature_c"] for each in rows(reading)] == [None, 5.0]
    assert epw.MISSING_FR in reasons(reading)


def test_years_that_differ_are_told_even_without_the_word():
    reading = read(year(*(hour(year=2000 + month, month=month) for month in range(1, 13))))
    assert epw.TYPICAL_FR in reasons(reading)


def test_a_measured_year_is_not_called_typical():
    assert epw.TYPICAL_FR not in reasons(read(year(hour(), hour(number=2))))


@pytest.mark.parametrize("source", ["TMYx", "IWEC", "TMY3", "ISD-TMYx"])
def test_a_typical_source_is_known_by_its_name(source: str):
    assert epw.TYPICAL_FR in reasons(read(year(hour(), source=source)))


def test_a_summer_time_that_the_file_announces_moves_nothing():
    reading = read(year(hour(month=7), summer="3/26,10/29"))
    assert rows(reading)[0]["at"] == datetime(2023, 6, 30, 23, tzinfo=UTC)
    assert epw.SUMMER_FR in reasons(reading)


def test_a_part_of_a_year_is_told():
    assert epw.LENGTH_FR in reasons(read(year(hour())))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (hour(number=25), epw.ROW_FR),
        (hour(number=0), epw.ROW_FR),
        (hour(month=13), epw.ROW_FR),
        (hour(day="un"), epw.ROW_FR),
        (hour(dry="froid"), epw.ROW_FR),
        ("2023,1,1", epw.ROW_FR),
        (hour(dry=72), IMPOSSIBLE_FR),
        (hour(number=2, dry=4), epw.AGAIN_FR),
    ],
)
def test_an_hour_that_does_not_hold_is_refused_with_its_line(bad: str, reason: str):
    reading = read(year(hour(number=2), bad))
    assert [(each.line, each.reason_fr) for each in reading.rejects] == [(10, reason)]


def test_a_year_in_fahrenheit_is_refused():
    hours = [
        hour(month=month, day=day, number=number, dry=50)
        for month in range(1, 13)
        for day in (1, 2)
        for number in range(1, 25)
    ]
    with pytest.raises(UnreadableFile, match="degrés Fahrenheit"):
        read(year(*hours))


@pytest.mark.parametrize("location", ["LOCATION,a,b,c,d,e,x,y,z,t", "LOCATION,a,b,c,d,e,1,2,99,3"])
def test_a_location_that_cannot_be_is_refused(location: str):
    with pytest.raises(UnreadableFile):
        read(f"{location}\n{hour()}".encode())


def test_a_file_of_header_only_is_refused():
    with pytest.raises(UnreadableFile, match="aucune heure"):
        read(year())


@settings(max_examples=80, deadline=None)
@given(place=st.integers(0, 9_990), written=st.binary(max_size=8))
def test_the_real_file_with_bytes_changed_is_refused_or_read(place: int, written: bytes):
    content = real()[:10_000]
    changed = content[:place] + written + content[place + len(written) :]
    with contextlib.suppress(UnreadableFile):
        read(changed)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused(content: bytes):
    (known,) = epw.FORMATS
    with pytest.raises(UnreadableFile):
        [*known.read(io.BytesIO(content))]
