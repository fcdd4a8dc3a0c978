"""Gas files: gas days, kWh PCS, what is absent stays unknown, what does not fit together is told."""

import contextlib
import gzip
import io
import itertools
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.formats import grdf_intervals as told
from atre.formats import grdf_json, grdf_workbook
from atre.formats.grdf import FORMATS
from atre.formats.reading import INTERVALS, Reading, UnreadableFile, collect
from atre.formats.recognition import recognise_stream

REAL = Path(__file__).parents[3] / "shared" / "cases" / "grdf"
WORKBOOK, JSON = FORMATS
METER = "00000000000001"
DAILY_TITLES = (
    "Date de relevé",
    "Index de début de période (m3)",
    "Index de fin de période (m3)",
    "Volume consommé (m3)",
    "Energie consommée (kWh)",
    "Coefficient de conversion",
    "Température locale (°C)",
    "Qualification du relevé",
)
MONTHLY_TITLES = ("Date de relevé", "Volume consommé (m3)", "Energie consommée (kWh)")


def real(name: str) -> bytes:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"real files absent: {path} is not in the repository")
    content = path.read_bytes()
    return gzip.decompress(content) if name.endswith(".gz") else content


def read(content: bytes) -> Reading:
    known = recognise_stream(io.BytesIO(content))
    return collect(known, known.read(io.BytesIO(content)))


def rows(reading: Reading) -> list[dict[str, Any]]:
    (table,) = reading.tables
    assert table.schema == INTERVALS
    return list(table.to_pylist())


def warned(reading: Reading) -> dict[str, int]:
    return {each.reason_fr: each.count for each in reading.warnings}


def releve(day: str, *, until: str | None = None, **changed: Any) -> dict[str, Any]:
    """A reading of one gas day, or until another one, written as the site wrote them in 2022."""
    end = until or str(date.fromisoformat(day) + timedelta(days=1))
    found = {
        "coeffConversion": 11.2,
        "dateDebutReleve": f"{day}T06:00:00+00:00",
        "dateFinReleve": f"{end}T06:00:00+00:00",
        "energieConsomme": 112,
        "indexDebut": None,
        "indexFin": None,
        "journeeGaziere": day if until is None else None,
        "qualificationReleve": "Mesuré",
        "volumeBrutConsomme": 10,
    }
    return found | changed


def site_json(*releves: Any, meter: str = METER) -> bytes:
    return json.dumps({meter: {"idPce": meter, "releves": list(releves)}}).encode()


def workbook(
    *lines: tuple[Any, ...], titles: tuple[str, ...] = DAILY_TITLES, top: str = ""
) -> bytes:
    import xlsxwriter

    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Historique")
        sheet.write_row(0, 1, ["Données informatives et détaillées", "", "", top])
        sheet.write_row(3, 2, ["N° PCE : 12345678901234"])
        sheet.write_row(8, 1, titles)
        for number, line in enumerate(lines, start=9):
            sheet.write_row(number, 1, line)
    return written.getvalue()


# The real files.


def test_the_real_daily_workbook_has_its_363_gas_days():
    reading = read(real("Donnees_informatives_PCE_DAILY.xlsx"))
    assert (reading.format.key, reading.rows, reading.rejects) == ("grdf_xlsx", 363, ())
    assert sum(row["kwh"] or 0 for row in rows(reading)) == 23181.0


def test_the_real_workbook_writes_0_for_absent_days_and_they_are_unknown():
    reading = read(real("Donnees_informatives_PCE_DAILY.xlsx"))
    absent = [row for row in rows(reading) if row["quality"] == "Absence de Données"]
    assert [row["kwh"] for row in absent] == [None, None, None]
    assert [row["volume_m3"] for row in absent] == [None, None, None]
    assert warned(reading)[told.NO_DATA_FR] == 3


def test_the_real_zeros_that_were_measured_stay_zeros():
    zeros = [row for row in rows(read(real("donnees_informatives.json.gz"))) if row["kwh"] == 0]
    assert len(zeros) == 75
    assert {row["quality"] for row in zeros} == {"Mesuré"}


def test_the_real_monthly_workbook_gives_its_eleven_whole_months():
    reading = read(real("Donnees_informatives_PCE_MONTHLY.xlsx"))
    assert [row["kwh"] for row in rows(reading)][:2] == [3808.0, 4586.0]
    assert (reading.rows, [reject.line for reject in reading.rejects]) == (11, [10, 22])


def test_a_month_of_the_real_workbook_is_the_sum_of_its_gas_days():
    days = rows(read(real("donnees_informatives.json.gz")))
    for month in rows(read(real("Donnees_informatives_PCE_MONTHLY.xlsx"))):
        inside = [day for day in days if month["start"] <= day["start"] < month["end"]]
        volume = sum(day["volume_m3"] or 0 for day in inside)
        assert volume == month["volume_m3"], month


def test_the_real_informative_readings_are_three_years_of_gas_days():
    reading = read(real("donnees_informatives.json.gz"))
    found = rows(reading)
    assert (len(found), reading.rejects) == (1096, ())
    assert all(before["end"] == after["start"] for before, after in itertools.pairwise(found))


def test_the_real_years_have_three_days_of_23_hours_and_three_of_25():
    found = rows(read(real("donnees_informatives.json.gz")))
    hours = [(row["end"] - row["start"]).total_seconds() / 3600 for row in found]
    assert (hours.count(23), hours.count(24), hours.count(25)) == (3, 1090, 3)


def test_the_real_coefficients_are_within_rounding():
    for name in ("donnees_informatives.json.gz", "donnees_publiees.json.gz"):
        assert told.COEFFICIENT_FR not in warned(read(real(name)))


def test_the_real_published_readings_keep_their_hole_of_october_2019():
    reading = read(real("donnees_publiees.json.gz"))
    holes = [row for row in rows(reading) if row["kwh"] is None]
    assert reading.rows == 88
    assert [(row["start"].date(), row["end"].date()) for row in holes] == [
        (date(2019, 10, 3), date(2019, 11, 3))
    ]


def test_the_real_bills_and_gas_days_agree_where_both_are_known():
    bills = rows(read(real("donnees_publiees.json.gz")))
    days = rows(read(real("donnees_informatives.json.gz")))
    known = {row["start"]: row for row in days}
    compared = 0
    for bill in bills:
        inside = [row for row in days if bill["start"] <= row["start"] < bill["end"]]
        covered = sum((row["end"] - row["start"] for row in inside), timedelta())
        if (
            bill["kwh"] is None
            or bill["start"] not in known
            or covered != bill["end"] - bill["start"]
        ):
            continue
        compared += 1
        summed = sum(row["kwh"] or 0 for row in inside)
        # Days are billed to the litre, bills between indexes cut to the cubic metre, some 11 kWh.
        assert abs(summed - bill["kwh"]) <= 12
    assert compared == 71


# Gas days.


def test_a_gas_day_of_winter_starts_at_five_utc_and_one_of_summer_at_four():
    winter, summer = rows(read(site_json(releve("2022-01-10"), releve("2022-07-10"))))[::2]
    assert winter["start"] == datetime(2022, 1, 10, 5, tzinfo=UTC)
    assert summer["start"] == datetime(2022, 7, 10, 4, tzinfo=UTC)


def test_the_gas_day_before_summer_time_lasts_23_hours():
    # The clocks change at 02:00 on Sunday 27 March, within the gas day of Saturday.
    reading = read(site_json(releve("2022-03-26"), releve("2022-03-27")))
    saturday, sunday = rows(reading)
    assert saturday["end"] - saturday["start"] == timedelta(hours=23)
    assert sunday["end"] - sunday["start"] == timedelta(hours=24)
    assert warned(reading)[told.DAY_23_FR] == 1


def test_an_offset_that_is_right_is_read_without_a_word():
    right = releve(
        "2026-07-23",
        dateDebutReleve="2026-07-23T06:00:00+02:00",
        dateFinReleve="2026-07-24T06:00:00+02:00",
    )
    reading = read(site_json(right))
    assert rows(reading)[0]["start"] == datetime(2026, 7, 23, 4, tzinfo=UTC)
    assert grdf_json.OFFSET_FR not in warned(reading)


def test_a_reading_in_utc_is_read_as_the_same_gas_day():
    utc = releve(
        "2022-07-10", dateDebutReleve="2022-07-10T04:00:00Z", dateFinReleve="2022-07-11T04:00:00Z"
    )
    assert rows(read(site_json(utc)))[0]["start"] == datetime(2022, 7, 10, 4, tzinfo=UTC)


def test_a_wrong_offset_is_told_once_a_reading():
    reading = read(site_json(releve("2022-01-10"), releve("2022-01-11")))
    assert warned(reading)[grdf_json.OFFSET_FR] == 2


def test_dates_without_hours_are_gas_days():
    bare = releve("2022-01-10", dateDebutReleve="2022-01-10", dateFinReleve="2022-01-11")
    assert rows(read(site_json(bare)))[0]["end"] == datetime(2022, 1, 11, 5, tzinfo=UTC)


def test_another_hour_than_six_is_refused():
    odd = releve("2022-01-10", dateDebutReleve="2022-01-10T11:30:00+01:00")
    reading = read(site_json(odd, releve("2022-01-12")))
    assert [reject.reason_fr for reject in reading.rejects] == [grdf_json.HOUR_FR]


def test_a_gas_day_alone_is_enough():
    short = {"journeeGaziere": "2026-07-23", "energieConsomme": 3.16, "volumeBrutConsomme": 0.28}
    (row,) = rows(read(json.dumps([short]).encode()))
    assert (row["kwh"], row["volume_m3"], row["basis"]) == (3.16, 0.28, "pcs")


# What does not fit together.


def test_energy_that_is_not_volume_times_coefficient_is_told():
    reading = read(site_json(releve("2022-01-10"), releve("2022-01-11", energieConsomme=130)))
    assert warned(reading)[told.COEFFICIENT_FR] == 1


@pytest.mark.parametrize(("kwh", "is_told"), [(106, False), (118, False), (105, True), (119, True)])
def test_whole_cubic_metres_allow_half_of_one_and_no_more(kwh: int, is_told: bool):
    # 10 m³ × 11.2 = 112 kWh; half a m³ is 5.6 kWh, half a kWh and half a hundredth more.
    reading = read(site_json(releve("2022-01-10", energieConsomme=kwh)))
    assert (told.COEFFICIENT_FR in warned(reading)) is is_told


def test_a_volume_with_decimals_allows_less():
    exact = releve("2022-01-10", volumeBrutConsomme=10.02, energieConsomme=112.22)
    off = releve("2022-01-11", volumeBrutConsomme=10.02, energieConsomme=115.01)
    assert warned(read(site_json(exact, off)))[told.COEFFICIENT_FR] == 1


def test_whole_and_decimal_volumes_in_one_file_are_judged_each_by_its_own():
    whole = releve("2022-01-10", energieConsomme=107)
    decimal = releve("2026-01-10", volumeBrutConsomme=10.02, energieConsomme=112.22)
    assert told.COEFFICIENT_FR not in warned(read(site_json(whole, decimal)))


def test_an_index_that_jumps_between_two_days_is_told():
    first = releve("2022-01-10", indexDebut=100, indexFin=110)
    jumped = releve("2022-01-11", indexDebut=250, indexFin=260)
    assert warned(read(site_json(first, jumped)))[told.INDEX_JUMP_FR] == 1


def test_an_index_that_goes_back_is_told_and_the_volume_kept():
    reading = read(site_json(releve("2022-01-10", indexDebut=99995, indexFin=5)))
    assert warned(reading)[told.INDEX_BACK_FR] == 1
    assert rows(reading)[0]["volume_m3"] == 10


def test_indexes_that_are_not_the_volume_are_told():
    reading = read(site_json(releve("2022-01-10", indexDebut=100, indexFin=120)))
    assert warned(reading)[told.INDEX_VOLUME_FR] == 1


def test_indexes_within_one_cubic_metre_of_the_volume_are_not_told():
    reading = read(site_json(releve("2022-01-10", indexDebut=100, indexFin=111)))
    assert told.INDEX_VOLUME_FR not in warned(reading)


def test_megawatt_hours_under_a_kwh_name_are_told_by_the_kwh_per_cubic_metre():
    reading = read(site_json(releve("2022-01-10", energieConsomme=0.112, coeffConversion=None)))
    assert warned(reading)[told.PER_M3_FR] == 1


def test_more_than_a_dwelling_can_burn_is_told():
    big = releve("2022-01-10", energieConsomme=1120, volumeBrutConsomme=100)
    assert warned(read(site_json(big)))[told.ABOVE_FR] == 1


def test_a_blank_energy_stays_unknown():
    reading = read(site_json(releve("2022-01-10", energieConsomme=None)))
    assert rows(reading)[0]["kwh"] is None
    assert warned(reading)[told.BLANK_FR] == 1


def test_a_hole_is_one_interval_without_value():
    reading = read(site_json(releve("2022-01-10"), releve("2022-01-15")))
    assert [row["kwh"] for row in rows(reading)] == [112, None, 112]
    assert rows(reading)[1]["end"] - rows(reading)[1]["start"] == timedelta(days=4)


def test_unsorted_readings_are_sorted_and_it_is_told():
    days = ("2022-01-12", "2022-01-10", "2022-01-11")
    reading = read(site_json(*map(releve, days)))
    starts = [row["start"] for row in rows(reading)]
    assert starts == sorted(starts)
    assert told.UNSORTED_FR in warned(reading)


def test_the_latest_first_is_an_order():
    days = ("2022-01-12", "2022-01-11", "2022-01-10")
    reading = read(site_json(*map(releve, days)))
    assert told.UNSORTED_FR not in warned(reading)
    assert told.HOLE_FR not in warned(reading)


@pytest.mark.parametrize(("again", "reason"), [(112, told.SAME_FR), (113, told.OTHER_FR)])
def test_a_day_said_twice_is_kept_once(again: int, reason: str):
    reading = read(site_json(releve("2022-01-10"), releve("2022-01-10", energieConsomme=again)))
    assert [row["kwh"] for row in rows(reading)] == [112]
    assert [reject.reason_fr for reject in reading.rejects] == [reason]


def test_a_period_across_another_is_refused():
    reading = read(
        site_json(
            releve("2022-01-10", until="2022-01-20"), releve("2022-01-15", until="2022-01-25")
        )
    )
    assert [reject.reason_fr for reject in reading.rejects] == [told.OVERLAP_FR]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"energieConsomme": -5}, told.NEGATIVE_FR),
        ({"energieConsomme": "douze"}, "« energieConsomme » n’est pas un nombre."),
        ({"energieConsomme": True}, "« energieConsomme » n’est pas un nombre."),
        ({"energieConsomme": [1]}, "« energieConsomme » n’est pas un nombre."),
        ({"dateFinReleve": "2022-01-10T06:00:00+01:00"}, told.REVERSED_FR),
        ({"dateFinReleve": None, "journeeGaziere": None}, "La date de fin de relevé manque."),
        ({"dateDebutReleve": "1901-01-01T06:00:00+00:00"}, told.OUT_OF_YEARS_FR),
    ],
)
def test_a_reading_that_cannot_be_is_refused_with_its_reason(changed: Any, reason: str):
    reading = read(site_json(releve("2022-01-10", **changed), releve("2022-02-10")))
    assert [reject.reason_fr for reject in reading.rejects] == [reason]
    assert reading.rows == 1


def test_a_number_written_with_a_comma_is_read():
    assert rows(read(site_json(releve("2022-01-10", energieConsomme="112,0"))))[0]["kwh"] == 112


def test_two_meters_are_kept_apart():
    document = {
        name: {"idPce": name, "releves": [releve("2022-01-10")]} for name in ("1" * 14, "2" * 14)
    }
    reading = read(json.dumps(document).encode())
    assert [row["meter_id"] for row in rows(reading)] == ["1" * 14, "2" * 14]
    assert reading.rejects == ()


@pytest.mark.parametrize(
    "content",
    [
        b'{"releves": [',
        b'{"releves": [' + b"[" * 100_000,
        b'{"releves": [{"energieConsomme": NaN}]}',
        b'{"releves": [{"energieConsomme": ' + b"9" * 5000 + b"}]}",
    ],
)
def test_a_json_that_is_broken_is_refused(content: bytes):
    with pytest.raises(UnreadableFile, match="mal formé"):
        read(content)


@pytest.mark.parametrize("content", [b'{"releves": []}', b'{"releves": 3}', b'{"releves": [1, 2]}'])
def test_a_json_without_readings_is_refused(content: bytes):
    with pytest.raises(UnreadableFile, match="aucun de lisible"):
        read(content)


# Workbooks.


def test_a_workbook_gives_its_gas_days_and_its_meter():
    reading = read(workbook(("24/11/2020", 12163, 12175, 12, 133, 11.12, 8.5, "Mesuré")))
    (row,) = rows(reading)
    assert (row["meter_id"], row["kwh"], row["volume_m3"]) == ("12345678901234", 133, 12)
    assert row["start"] == datetime(2020, 11, 24, 5, tzinfo=UTC)


def test_a_text_in_a_number_column_refuses_its_row_and_names_its_cell():
    reading = read(
        workbook(
            ("24/11/2020", 1, 2, 1, "environ 11", "", "", "Mesuré"),
            ("25/11/2020", 2, 3, 1, 11, "", "", "Mesuré"),
        )
    )
    (reject,) = reading.rejects
    assert (reject.line, reject.place, reject.found) == (10, "F10", "environ 11")
    assert reading.rows == 1


def test_a_formula_gives_the_value_that_was_kept():
    import xlsxwriter

    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, DAILY_TITLES)
        sheet.write_row(1, 0, ["24/11/2020", 1, 13, 12])
        sheet.write_formula(1, 4, "=D2*11.1", None, 133)
    assert rows(read(written.getvalue()))[0]["kwh"] == 133


def test_weeks_are_read_from_their_first_to_their_last_day():
    content = workbook(
        ("Du 02/11/2020 au 08/11/2020", 60, 670), titles=MONTHLY_TITLES, top="Export du 24/11/2021"
    )
    (row,) = rows(read(content))
    assert row["end"] - row["start"] == timedelta(days=7)


def test_a_first_month_of_another_name_than_the_export_is_kept_with_a_warning():
    months = [("Février 2021", 60, 670), ("Mars 2021", 50, 560)]
    reading = read(workbook(*months, titles=MONTHLY_TITLES, top="Export du 24/11/2021"))
    assert (reading.rows, warned(reading)[grdf_workbook.FIRST_MONTH_FR]) == (2, 1)


def test_months_at_the_ends_of_an_export_without_date_are_refused():
    months = [("Février 2021", 60, 670), ("Mars 2021", 50, 560), ("Avril 2021", 40, 450)]
    reading = read(workbook(*months, titles=MONTHLY_TITLES))
    assert [row["kwh"] for row in rows(reading)] == [560]
    assert {reject.reason_fr for reject in reading.rejects} == {grdf_workbook.UNKNOWN_ENDS_FR}


def test_a_period_that_is_none_is_refused():
    reading = read(workbook(("an 2020", 1, 2, 1, 11), ("31/02/2021", 1, 2, 1, 11)))
    assert [reject.reason_fr for reject in reading.rejects] == [grdf_workbook.PERIOD_FR] * 2
    assert reading.rows == 0


def test_an_energy_in_another_unit_is_refused():
    titles = tuple(title.replace("(kWh)", "(MWh)") for title in DAILY_TITLES)
    with pytest.raises(UnreadableFile, match="n’est pas en kwh"):
        read(workbook(("24/11/2020", 1, 2, 1, 0.011), titles=titles))


def test_another_workbook_is_not_taken_for_gas():
    content = workbook(("a", 1), titles=("Début", "Fin", "Valeur (en kW)"))
    assert not WORKBOOK.recognises(content)


# Fuzzing: refused or read, never anything else raised.


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_real_workbook_with_bytes_changed_is_refused_or_read(data: st.DataObject):
    content = bytearray(real("Donnees_informatives_PCE_MONTHLY.xlsx"))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UnreadableFile):
        [*WORKBOOK.read(io.BytesIO(content[: data.draw(st.integers(0, len(content)))]))]


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 60_000), written=st.binary(max_size=8), cut=st.booleans())
def test_the_real_json_with_bytes_changed_is_refused_or_read(place: int, written: bytes, cut: bool):
    content = real("donnees_publiees.json.gz")
    place %= len(content)
    changed = content[:place] + written + (b"" if cut else content[place + len(written) :])
    with contextlib.suppress(UnreadableFile):
        [*JSON.read(io.BytesIO(changed))]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
days = st.dates(date(1990, 1, 1), date(2101, 1, 1)).map(lambda day: f"{day}T06:00:00+00:00")
odd_releves = st.fixed_dictionaries(
    {"dateDebutReleve": days | anything, "dateFinReleve": days | anything},
    optional={
        name: anything | st.integers(-10, 20_000)
        for name in (*grdf_json.NUMBERS, "qualificationReleve", "journeeGaziere")
    },
)


@settings(max_examples=150, deadline=None)
@given(st.lists(odd_releves | anything, max_size=6))
def test_readings_of_any_shape_are_refused_or_become_ordered_intervals(releves: list[Any]):
    with contextlib.suppress(UnreadableFile):
        reading = collect(JSON, JSON.read(io.BytesIO(site_json(*releves))))
        found = rows(reading)
        assert all(row["start"] < row["end"] for row in found)
        assert all(a["end"] <= b["start"] for a, b in itertools.pairwise(found))
        assert all(row["kwh"] is None or row["kwh"] >= 0 for row in found)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused(content: bytes):
    for known in FORMATS:
        known.recognises(content)
        with pytest.raises(UnreadableFile):
            [*known.read(io.BytesIO(content))]
