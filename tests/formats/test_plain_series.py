"""Plain CSV of daily use, bills and temperatures: what is read, what is refused, and why."""

import io
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.calc.savings.weather_range import FahrenheitSeries, plausible_daily_means
from atre.formats.meter_series import daily_temperatures, meter_series
from atre.formats.plain_limits import KEPT_FR
from atre.formats.plain_series import LAST_DAY_FR, TWICE_FR, UNSORTED_FR
from atre.formats.reading import (
    DAILY_TEMPERATURES,
    INTERVALS,
    Part,
    Reading,
    UnreadableFile,
    collect,
)
from atre.formats.recognition import recognise


def read(text: str | bytes) -> Reading:
    content = text.encode() if isinstance(text, str) else text
    known = recognise(content)
    return collect(known, known.read(io.BytesIO(content)))


def test_a_day_of_use_goes_from_midnight_to_midnight_of_legal_time():
    reading = read("date,kwh\n2024-03-31,12.5\n")
    assert reading.format.key == "plain_daily"
    row = reading.tables[0].to_pylist()[0]
    assert row["start"] == datetime(2024, 3, 30, 23, tzinfo=UTC)
    assert row["end"] == datetime(2024, 3, 31, 22, tzinfo=UTC)
    assert row["kwh"] == 12.5


@pytest.mark.parametrize(
    "text",
    [
        "date;kWh\n15/11/2024;12,5\n",
        "\ufeffdate,kwh\r\n2024-11-15,12.5\r\n",
        "jour\tkwh\n2024-11-15\t12.5\n",
        'kwh,"date"\n12.5,"2024-11-15"\n',
    ],
)
def test_french_dates_commas_marks_and_orders_of_columns_are_read(text):
    series = meter_series(read(text))
    assert series.kwh.tolist() == [12.5]
    assert series.start_day.astype("datetime64[D]").astype(str).tolist() == ["2024-11-15"]


def half_hour_curve(start: datetime, *, without: range, days: int) -> bytes:
    rows = []
    for place in range(48 * days):
        if place not in without:
            begin, end = (start + timedelta(minutes=30 * (place + side)) for side in (0, 1))
            rows.append(f"{begin:%d/%m/%Y %H:%M:%S};{end:%d/%m/%Y %H:%M:%S};1,0")
    return ("Début;Fin;Valeur (en kW)\n" + "\n".join(rows)).encode()


@pytest.mark.parametrize("hours", [23, 24, 25])
def test_a_hole_of_about_a_day_leaves_one_row_for_each_day(hours):
    without = range(48 * 4 + 20, 48 * 4 + 20 + 2 * hours)
    series = meter_series(
        read(half_hour_curve(datetime(2023, 1, 1, tzinfo=UTC), without=without, days=10))
    )
    assert sorted(series.start_day.tolist()) == list(range(19358, 19368))
    assert np.isnan(series.kwh).sum() == 1


def test_a_blank_is_unknown_and_not_zero():
    table = read("date,kwh\n2024-11-15,\n2024-11-16,0\n").tables[0]
    assert table["kwh"].to_pylist() == [None, 0.0]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2024-11-31,3", "date"),
        ("hier,3", "date"),
        ("2024-11-15 12:30:00,3", "date"),
        ("2024-11-15,douze", "nombre"),
        ("2024-11-15,inf", "nombre"),
        ("2024-11-15,1,5", "cellules"),
        ("1950-11-15,3", "1996"),
    ],
)
def test_a_row_that_is_not_read_is_kept_with_its_line_and_reason(row, words):
    reading = read(f"date,kwh\n2024-11-14,2\n{row}\n")
    assert reading.rows == 1
    assert [one.line for one in reading.rejects] == [3]
    assert words in reading.rejects[0].reason_fr


def test_doubles_and_disorder_are_said_once_with_their_first_line():
    reading = read("date,kwh\n2024-11-16,2\n2024-11-15,2\n2024-11-15,2\n")
    assert {(one.reason_fr, one.first_line) for one in reading.warnings} == {
        (UNSORTED_FR, 3),
        (TWICE_FR, 4),
    }


def test_the_end_of_a_bill_is_the_first_day_of_the_next_one():
    series = meter_series(
        read("start,end,kwh\n2024-01-01,2024-02-01,300\n2024-02-01,2024-03-01,200\n")
    )
    assert (series.end_day - series.start_day).tolist() == [31, 29]
    assert not series.is_daily


def test_an_end_that_is_always_the_eve_of_the_next_bill_is_its_last_day_and_it_is_said():
    reading = read(
        "date_debut;date_fin;kWh\n01/01/2024;31/01/2024;300\n01/02/2024;29/02/2024;200\n"
    )
    series = meter_series(reading)
    assert (series.end_day - series.start_day).tolist() == [31, 29]
    assert LAST_DAY_FR in [one.reason_fr for one in reading.warnings]


def test_a_bill_that_ends_before_it_starts_is_refused():
    reading = read("start,end,kwh\n2024-02-01,2024-01-01,300\n2024-02-01,2024-03-01,200\n")
    assert [one.line for one in reading.rejects] == [2]


def test_temperatures_are_by_legal_day_and_a_contradicted_day_is_unknown():
    reading = read("date,temperature_c\n2024-11-15,3.5\n2024-11-16,-1\n2024-11-16,9\n")
    assert reading.tables[0].schema == DAILY_TEMPERATURES
    weather = daily_temperatures(reading)
    assert weather.mean[0] == 3.5
    assert weather.contradicted_days == 1
    assert str(weather.mean[1]) == "nan"


def intervals(rows: list[tuple[datetime, datetime, float | None]]) -> Reading:
    names = INTERVALS.names
    table = [dict(zip(names, (None, *row, None, None, None), strict=True)) for row in rows]
    part = Part(rows=pa.RecordBatch.from_pylist(table, schema=INTERVALS))
    return collect(recognise(b"date,kwh\n"), [part])


def half_hours(day: int, kwh: list[float | None]) -> list[tuple[datetime, datetime, float | None]]:
    """Half-hours of a November day, legal time (UTC+1)."""
    first = datetime(2024, 11, day - 1, 23, tzinfo=UTC).timestamp()
    return [
        (
            datetime.fromtimestamp(first + 1800 * place, UTC),
            datetime.fromtimestamp(first + 1800 * (place + 1), UTC),
            value,
        )
        for place, value in enumerate(kwh)
    ]


def test_half_hours_become_days_and_a_day_known_for_more_than_half_is_brought_to_its_whole():
    full, partly, hardly = [0.5] * 48, [0.5] * 36 + [None] * 12, [0.5] * 24 + [None] * 24
    series = meter_series(
        intervals([*half_hours(14, full), *half_hours(15, partly), *half_hours(16, hardly)])
    )
    assert series.is_daily
    assert series.kwh[:2].tolist() == pytest.approx([24.0, 24.0])
    assert str(series.kwh[2]) == "nan"
    assert series.incomplete_days == 1


def test_a_file_of_several_meters_asks_which_one():
    reading = read("meter_id,date,kwh\na,2024-11-15,1\nb,2024-11-15,2\n")
    with pytest.raises(UnreadableFile, match="2 compteurs"):
        meter_series(reading)
    assert meter_series(reading, "b").kwh.tolist() == [2.0]


def test_a_weather_file_given_as_readings_is_said():
    with pytest.raises(UnreadableFile, match="consommation"):
        meter_series(read("date,temperature_c\n2024-11-15,3.5\n"))


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"date,kwh\n", b"start,end,kwh\n", b"date,temperature_c\n"]),
)
def test_no_byte_makes_a_reader_fall(content, titles):
    """Read or refused; never another exception."""
    try:
        reading = read(titles + content)
    except UnreadableFile:
        return
    assert reading.rows + len(reading.rejects) <= content.count(b"\n") + content.count(b"\r") + 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.decimals(0, 1_000_000, places=6), min_size=1, max_size=40))
def test_what_is_written_is_what_is_read(values):
    rows = "".join(
        f"{date(2024, 1 + place // 28, 1 + place % 28)},{value:.6f}\n"
        for place, value in enumerate(values)
    )
    reading = read("date,kwh\n" + rows)
    assert reading.rejects == ()
    assert sorted(reading.tables[0]["kwh"].to_pylist()) == pytest.approx(sorted(map(float, values)))


def dated(column: str, values: list[float]) -> str:
    first = date(2023, 1, 1)
    rows = [f"{first + timedelta(days=place)},{value}" for place, value in enumerate(values)]
    return "\n".join([f"date,{column}", *rows])


def test_degrees_fahrenheit_are_told_in_the_sentence_of_the_calculation_that_refuses_them():
    reading = read(dated("temperature_c", [50.0 + day for day in range(1, 29)]))
    with pytest.raises(FahrenheitSeries) as refusal:
        plausible_daily_means(daily_temperatures(reading).mean, on=date(2023, 1, 28))
    assert "en degrés Fahrenheit" in refusal.value.message_fr
    assert [(one.reason_fr, one.count) for one in reading.warnings] == [
        (f"{refusal.value.message_fr} {KEPT_FR}", 28)
    ]


def test_one_impossible_temperature_among_many_costs_its_own_row():
    reading = read(dated("temperature_c", [12.0] * 200 + [99.9] + [12.0] * 99))
    assert reading.rows == 299
    assert [(reject.line, reject.found) for reject in reading.rejects] == [(202, "99.9")]


def test_an_unknown_temperature_is_not_an_impossible_one():
    reading = read("date,temperature_c\n2024-11-15,\n2024-11-16,3\n")
    assert reading.tables[0]["temperature_c"].to_pylist() == [None, 3.0]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("date,kwh\n2023-01-01,12\n2023-01-02,-0.5\n", 3, "négative"),
        ("start,end,kwh\n2023-01-01,2023-02-01,-100\n2023-02-01,2023-03-01,90\n", 2, "négative"),
        ("date,kwh\n2023-01-01,12\n2023-01-02,1000001\n", 3, "million"),
        ("start,end,kwh\n2023-01-01,2023-01-03,2000001\n2023-01-03,2023-01-04,5\n", 2, "million"),
    ],
)
def test_what_no_meter_gives_is_refused_with_its_line(text, line, words):
    reading = read(text)
    assert reading.rows == 1
    assert reading.rejects[0].line == line
    assert words in reading.rejects[0].reason_fr


def test_a_million_a_day_is_still_read():
    text = "start,end,kwh\n2023-01-01,2023-01-03,2000000\n2023-01-03,2023-01-04,5\n"
    assert read(text).rejects == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (dated("kwh", [300.0] * 30), None),
        (dated("kwh", [300.5] * 30), 2),
        (dated("kwh", [900.0] * 5 + [100.0] * 25), None),
        ("start,end,kwh\n2023-01-01,2023-02-01,9300\n", None),
        ("start,end,kwh\n2023-01-01,2023-02-01,9400\n", 2),
        ("meter_id,date,kwh\nA,2023-01-01,10\nB,2023-01-01,400\n", 3),
    ],
)
def test_a_mean_that_no_dwelling_uses_is_doubted_where_it_begins(text, line):
    doubts = [one for one in read(text).warnings if "logement" in one.reason_fr]
    assert [one.first_line for one in doubts] == ([] if line is None else [line])


def test_the_doubt_names_the_meter():
    reading = read("meter_id,date,kwh\nA,2023-01-01,10\nB,2023-01-01,400\n")
    assert "400\xa0kWh par jour en moyenne pour le compteur B" in reading.warnings[0].reason_fr
