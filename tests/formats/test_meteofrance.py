"""Météo-France's files: the mean of the hours when there is one, doubtful values set aside, other
units refused, monthly files sent back with what to take."""

import contextlib
import gzip
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.formats import daily_temperatures as told
from atre.formats import meteofrance_daily as daily
from atre.formats.daily_cells import SHORT_FR
from atre.formats.meteofrance import FORMATS
from atre.formats.meteofrance_stations import STATIONS
from atre.formats.reading import (
    DAILY_EXTREMES,
    DAILY_TEMPERATURES,
    HOURLY_TEMPERATURES,
    Reading,
    UnreadableFile,
    collect,
)
from atre.formats.recognition import recognise_stream

REAL = Path(__file__).parents[3] / "shared" / "cases" / "weather"
TITLES = "NUM_POSTE;NOM_USUEL;LAT;LON;ALTI;AAAAMMJJ;RR;QRR;TN;QTN;TX;QTX;TM;QTM;TNTXM;QTNTXM"
PLACE = "69029001;LYON-BRON;45.726500;4.938167;197"


def real(name: str) -> bytes:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"real files absent: {path} is not in the repository")
    return gzip.decompress(path.read_bytes())


def row(day: str, *values: str, place: str = PLACE) -> str:
    """A day: TN, QTN, TX, QTX, TM, QTM, TNTXM, QTNTXM; the rain is blank."""
    return ";".join([place, day, "", "", *values])


def read(content: bytes) -> Reading:
    known = recognise_stream(io.BytesIO(content))
    return collect(known, known.read(io.BytesIO(content)))


def read_days(*rows: str, titles: str = TITLES, encoding: str = "utf-8") -> Reading:
    return read("\n".join((titles, *rows)).encode(encoding))


def means(reading: Reading) -> list[tuple[Any, Any]]:
    table = reading.tables[0]
    assert table.schema == DAILY_TEMPERATURES
    return [(each["date"], each["temperature_c"]) for each in table.to_pylist()]


def warned(reading: Reading) -> dict[str, int]:
    return {each.reason_fr: each.count for each in reading.warnings}


GOOD = ("2.1", "1", "9.9", "1", "5.4", "1", "6.0", "1")
BLANK = ("",) * 8


# The real files.


def test_the_real_sim2_file_has_its_1430_days_without_a_hole():
    reading = read(real("meteofrance_SIM2_daily_St-Crepin_2020-2023.csv.gz"))
    found = means(reading)
    assert (reading.format.key, len(found), reading.rejects) == ("meteofrance_sim2", 1430, ())
    assert (found[0], found[-1]) == ((date(2020, 1, 1), 0.9), (date(2023, 11, 30), 0.5))
    assert told.HOLES_FR not in warned(reading)


def test_the_real_sim2_file_does_not_say_its_place_and_it_is_told():
    reading = read(real("meteofrance_SIM2_daily_St-Crepin_2020-2023.csv.gz"))
    assert warned(reading)[told.NOWHERE_FR] == 1
    assert warned(reading)[daily.GRID_FR] == 1


def test_the_mean_of_the_real_hours_is_not_the_half_sum_of_the_real_extremes():
    reading = read(real("meteofrance_SIM2_daily_St-Crepin_2020-2023.csv.gz"))
    extremes = reading.tables[1]
    assert extremes.schema == DAILY_EXTREMES
    gaps = [
        (low + high) / 2 - mean
        for (_, mean), low, high in zip(
            means(reading),
            extremes.column("minimum_c").to_pylist(),
            extremes.column("maximum_c").to_pylist(),
            strict=True,
        )
    ]
    assert max(map(abs, gaps)) > 2


def test_the_real_monthly_file_is_refused_with_what_to_take_instead():
    with pytest.raises(UnreadableFile, match=r"est mensuel.*RR-T-Vent"):
        read(real("meteofrance_mensuel_04-13-83-84_2022-2023.csv.gz"))


def test_the_real_list_gives_each_station_with_its_altitude():
    reading = read(real("meteofrance_liste_postes_2392.csv.gz"))
    (table,) = reading.tables
    assert (table.schema, table.num_rows, reading.rejects) == (STATIONS, 2392, ())
    first = table.to_pylist()[0]
    assert (first["place"], first["name"], first["altitude_m"]) == ("01014002", "ARBENT", 534.0)


# A day's temperature.


def test_the_temperature_of_a_day_is_the_mean_of_its_hours():
    reading = read_days(row("20250101", *GOOD))
    assert means(reading) == [(date(2025, 1, 1), 5.4)]
    assert (reading.rejects, reading.warnings) == ((), ())


def test_without_hours_it_is_the_half_sum_and_it_is_told():
    reading = read_days(row("20250101", "2.1", "1", "9.9", "1", "", "", "", ""))
    assert means(reading) == [(date(2025, 1, 1), 6.0)]
    assert warned(reading)[daily.HALF_SUM_FR] == 1


def test_the_published_half_sum_comes_before_ours():
    reading = read_days(row("20250101", "2.1", "1", "9.9", "1", "", "", "6.1", "1"))
    assert means(reading) == [(date(2025, 1, 1), 6.1)]


def test_a_doubtful_mean_is_set_aside_for_the_half_sum():
    reading = read_days(row("20250101", "2.1", "1", "9.9", "1", "25.4", "2", "", ""))
    assert means(reading) == [(date(2025, 1, 1), 6.0)]
    assert warned(reading)[daily.DOUBTFUL_FR] == 1


def test_a_doubtful_extreme_makes_no_half_sum():
    reading = read_days(
        row("20250101", "2.1", "2", "9.9", "1", "", "", "", ""), row("20250102", *GOOD)
    )
    assert means(reading)[0] == (date(2025, 1, 1), None)
    assert reading.tables[1].column("minimum_c").to_pylist() == [None, 2.1]


@pytest.mark.parametrize("code", ["0", "1", "9", ""])
def test_filtered_protected_and_validated_values_are_kept(code: str):
    assert means(read_days(row("20250101", "", "", "", "", "5.4", code, "", "")))[0][1] == 5.4


def test_a_code_that_nobody_knows_is_not_trusted():
    reading = read_days(row("20250101", "", "", "", "", "5.4", "7", "", ""))
    assert means(reading)[0][1] is None
    assert warned(reading)[daily.UNKNOWN_CODE_FR] == 1


def test_a_file_without_codes_is_read_and_it_is_told():
    reading = read_days("69029001;20250101;5.4", titles="NUM_POSTE;AAAAMMJJ;TM")
    assert means(reading) == [(date(2025, 1, 1), 5.4)]
    assert daily.NO_CODE_FR in warned(reading)


def test_a_blank_temperature_stays_unknown_and_is_counted():
    reading = read_days(row("20250101", *BLANK), row("20250102", *GOOD))
    assert means(reading)[0] == (date(2025, 1, 1), None)
    assert warned(reading)[told.MISSING_FR] == 1


def test_zero_is_a_temperature():
    reading = read_days(row("20250101", "-3", "1", "3", "1", "0", "1", "", ""))
    assert means(reading)[0][1] == 0.0


def test_stations_come_with_their_position():
    reading = read_days(row("20250101", *GOOD))
    assert reading.tables[2].to_pylist() == [
        {
            "place": "69029001",
            "name": "LYON-BRON",
            "latitude_deg": 45.7265,
            "longitude_deg": 4.938167,
            "altitude_m": 197.0,
        }
    ]


def test_two_stations_keep_the_same_day_each():
    other = PLACE.replace("69029001", "69123001")
    reading = read_days(row("20250101", *GOOD), row("20250101", *GOOD, place=other))
    assert reading.tables[0].column("place").to_pylist() == ["69029001", "69123001"]


# What does not hold.


def test_a_day_said_twice_is_kept_once():
    again = row("20250101", "2.1", "1", "9.9", "1", "7.0", "1", "", "")
    reading = read_days(row("20250101", *GOOD), again)
    assert means(reading) == [(date(2025, 1, 1), 5.4)]
    assert [(each.line, each.reason_fr) for each in reading.rejects] == [(3, told.AGAIN_FR)]


def test_days_out_of_order_are_sorted_and_it_is_told():
    days = ("20250103", "20250101", "20250104", "20250102")
    reading = read_days(*(row(day, *GOOD) for day in days))
    found = [day for day, _ in means(reading)]
    assert found == sorted(found)
    assert told.UNSORTED_FR in warned(reading)


def test_the_latest_first_is_an_order():
    reading = read_days(*(row(day, *GOOD) for day in ("20250103", "20250102", "20250101")))
    assert told.UNSORTED_FR not in warned(reading)
    assert [day.day for day, _ in means(reading)] == [1, 2, 3]


def test_days_that_the_file_lacks_are_counted():
    reading = read_days(row("20250101", *GOOD), row("20250111", *GOOD))
    assert warned(reading)[told.HOLES_FR] == 9


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (row("20250230", *GOOD), told.DAY_FR),
        (row("hier", *GOOD), told.DAY_FR),
        (row("17490101", *GOOD), told.DAY_FR),
        (row("20250101", "2.1", "1", "9.9", "1", "cinq", "1", "", ""), told.NUMBER_FR),
        (row("20250101", "2.1", "1", "999", "1", "5.4", "1", "", ""), told.IMPOSSIBLE_FR),
        ("69029001;LYON-BRON;45.7", SHORT_FR),
    ],
)
def test_a_row_that_does_not_hold_is_refused_with_its_line(bad: str, reason: str):
    reading = read_days(bad, row("20250105", *GOOD))
    assert [(each.line, each.reason_fr) for each in reading.rejects] == [(2, reason)]
    assert len(means(reading)) == 1


def test_a_stray_temperature_is_refused_alone():
    days = [
        row(f"2025{month:02d}{day:02d}", *GOOD) for month in range(1, 9) for day in range(1, 28)
    ]
    stray = row("20251001", "", "", "", "", "45.4", "1", "", "")
    reading = read_days(*days, stray)
    assert [each.reason_fr for each in reading.rejects] == [told.IMPOSSIBLE_FR]
    assert len(means(reading)) == len(days)


def test_a_lowest_above_the_highest_loses_both_and_keeps_the_mean():
    reading = read_days(row("20250101", "9.9", "1", "2.1", "1", "5.4", "1", "", ""))
    assert means(reading) == [(date(2025, 1, 1), 5.4)]
    assert reading.tables[1].column("minimum_c").to_pylist() == [None]
    assert warned(reading)[told.SWAPPED_FR] == 1


def _year(unit: Any) -> list[str]:
    import math

    values = [12 - 9 * math.cos(2 * math.pi * day / 365) for day in range(365)]
    days = [date.fromordinal(date(2023, 1, 1).toordinal() + day) for day in range(365)]
    return [
        row(f"{day:%Y%m%d}", "", "", "", "", f"{unit(value):.1f}", "1", "", "")
        for day, value in zip(days, values, strict=True)
    ]


def test_a_series_in_fahrenheit_is_refused():
    with pytest.raises(UnreadableFile, match="degrés Fahrenheit"):
        read_days(*_year(lambda celsius: celsius * 9 / 5 + 32))


def test_a_winter_in_fahrenheit_is_refused():
    with pytest.raises(UnreadableFile, match="degrés Fahrenheit"):
        read_days(*_year(lambda celsius: celsius * 9 / 5 + 32)[:60])


def test_a_series_in_kelvins_is_refused():
    with pytest.raises(UnreadableFile, match="kelvins"):
        read_days(*_year(lambda celsius: celsius + 273.15))


def test_one_station_in_fahrenheit_among_others_is_refused():
    celsius = _year(float)
    others = [
        line.replace("69029001", f"{69_029_002 + rank}") for rank in range(60) for line in celsius
    ]
    with pytest.raises(UnreadableFile, match="degrés Fahrenheit"):
        read_days(*others, *_year(lambda celsius: celsius * 9 / 5 + 32))


def test_a_stray_value_alone_in_its_part_refuses_its_row_only():
    celsius = _year(float)
    rows = [
        line.replace("69029001", f"{69_029_002 + rank}") for rank in range(180) for line in celsius
    ][:65_535]
    stray = row("20251001", "", "", "", "", "45.4", "1", "", "")
    reading = read_days(*rows, stray)
    assert [each.reason_fr for each in reading.rejects] == [told.IMPOSSIBLE_FR]
    assert len(means(reading)) == 65_535


def test_the_same_year_in_celsius_is_read():
    assert len(means(read_days(*_year(float)))) == 365


def test_a_file_of_other_parameters_is_refused_with_the_name_of_the_right_one():
    with pytest.raises(UnreadableFile, match="RR-T-Vent"):
        read_days(
            "69029001;LYON-BRON;45.7;4.9;197;20250101;80;1",
            titles="NUM_POSTE;NOM_USUEL;LAT;LON;ALTI;AAAAMMJJ;UM;QUM",
        )


def test_a_name_in_another_encoding_is_read():
    reading = read_days(
        row("20250101", *GOOD, place="01014002;ORGÈRES;46;5;100"), encoding="cp1252"
    )
    assert reading.tables[2].column("name").to_pylist() == ["ORGÈRES"]


def test_a_file_of_titles_only_is_refused():
    with pytest.raises(UnreadableFile, match="aucune ligne lisible"):
        read_days()


def test_blank_lines_before_the_titles_do_not_hide_them():
    content = f"\n\n{TITLES}\n\n{row('20250101', *GOOD)}\n".encode()
    assert len(means(read(content))) == 1


def test_commas_between_columns_are_read():
    text = "\n".join((TITLES, row("20250101", *GOOD))).replace(";", ",")
    assert means(read(text.encode())) == [(date(2025, 1, 1), 5.4)]


def test_a_file_is_read_in_bounded_parts():
    rows = [
        row(f"{1950 + k // 336}{k // 28 % 12 + 1:02d}{k % 28 + 1:02d}", *GOOD)
        for k in range(20_000)
    ]
    other = [line.replace("69029001", f"{69_029_002 + k}") for k in range(4) for line in rows]
    content = "\n".join((TITLES, *rows, *other)).encode()
    (known,) = [each for each in FORMATS if each.recognises(content[:65536])]
    sizes = [part.rows.num_rows for part in known.read(io.BytesIO(content))]
    assert max(sizes) <= 65_536
    # Temperatures, extremes, then the five stations.
    assert sum(sizes) == 2 * 100_000 + 5


# Grid, hours, stations.


def test_a_square_of_the_grid_is_its_place():
    content = (
        b"LAMBX;LAMBY;DATE;PRENEI_Q;T_Q;TINF_H_Q;TSUP_H_Q\n600;24010;20200101;0.0;9.9;9.5;10.9\n"
    )
    reading = read(content)
    assert reading.tables[0].column("place").to_pylist() == ["maille 600 24010"]
    assert told.NOWHERE_FR not in warned(reading)


def test_names_of_the_grid_without_their_suffix_are_read():
    assert means(read(b"LAMBX;LAMBY;DATE;T\n600;24010;20200101;9.9\n")) == [(date(2020, 1, 1), 9.9)]


HOURS = "NUM_POSTE;NOM_USUEL;LAT;LON;ALTI;AAAAMMJJHH;T;QT"


def test_hours_are_utc():
    reading = read(f"{HOURS}\n{PLACE};2025070114;31.5;1\n".encode())
    (found,) = reading.tables[0].to_pylist()
    assert reading.tables[0].schema == HOURLY_TEMPERATURES
    assert (found["at"], found["temperature_c"]) == (datetime(2025, 7, 1, 14, tzinfo=UTC), 31.5)


def test_doubtful_hours_are_set_aside_and_odd_ones_refused():
    rows = (f"{PLACE};2025070114;31.5;2", f"{PLACE};2025070124;31.5;1", f"{PLACE};2025070115;999;1")
    reading = read("\n".join((HOURS, *rows)).encode())
    assert reading.tables[0].column("temperature_c").to_pylist() == [None]
    assert [each.line for each in reading.rejects] == [3, 4]


def test_a_station_out_of_the_world_is_refused():
    content = b"num_poste,nom_usuel,lat,lon,alti\n01014002,ARBENT,146.2,5.6,534\n01027003,BALAN,45.8,5.1,196\n"
    reading = read(content)
    assert [each.line for each in reading.rejects] == [2]
    assert reading.tables[0].column("place").to_pylist() == ["01027003"]


def test_a_station_number_that_lost_its_zero_finds_it_again():
    reading = read(b"num_poste,nom_usuel,lat,lon,alti\n1014002,ARBENT,46.2,5.6,534\n")
    assert reading.tables[0].column("place").to_pylist() == ["01014002"]


# Fuzzing: refused or read, never anything else raised.

cells = st.sampled_from(
    ["", "5.4", "-3,2", "20250101", "2025010112", "9", "2", "abc", "1e400", '"', "é"]
)
lines = st.lists(cells, max_size=18).map(";".join)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        [TITLES, HOURS, "DATE;T_Q;TINF_H_Q;TSUP_H_Q", "num_poste;nom_usuel;lat;lon;alti"]
    ),
    st.lists(lines, max_size=8),
)
def test_rows_of_any_cells_are_refused_or_read(titles: str, rows: list[str]):
    with contextlib.suppress(UnreadableFile):
        read("\n".join((titles, *rows)).encode())


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 7_990), written=st.binary(max_size=8))
def test_the_real_sim2_with_bytes_changed_is_refused_or_read(place: int, written: bytes):
    content = real("meteofrance_SIM2_daily_St-Crepin_2020-2023.csv.gz")[:8_000]
    changed = content[:place] + written + content[place + len(written) :]
    with contextlib.suppress(UnreadableFile):
        read(changed)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused(content: bytes):
    for known in FORMATS:
        known.recognises(content)
        with pytest.raises(UnreadableFile):
            [*known.read(io.BytesIO(content))]
