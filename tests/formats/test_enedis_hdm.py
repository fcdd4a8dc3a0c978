"""Enedis' history of measures: real files with their traps, and each trap alone."""

from collections import Counter
from datetime import UTC, datetime

import pyarrow.compute as pc
import pytest

from atre.formats import curve_points, load_curve
from atre.formats.enedis_hdm_powers import FULL_SCALE_FR
from atre.formats.reading import INDEXES, INTERVALS, MAXIMUM_POWERS, UnreadableFile
from tests.support.enedis_files import (
    curve,
    doubts,
    half_hours,
    reading,
    real,
    real_reading,
    reasons,
)


def minutes(table) -> list[float]:
    lengths = pc.subtract(table["end"], table["start"]).to_pylist()
    return [length.total_seconds() / 60 for length in lengths]


def kwh(content: bytes) -> list[float | None]:
    return reading(content).tables[0]["kwh"].to_pylist()


def test_a_year_of_a_home_is_read_with_its_change_of_step_its_holes_and_its_blanks():
    found = real_reading("HDM_C5_CDC.csv.gz")
    (table,) = found.tables
    assert table.schema == INTERVALS
    assert found.format.key == "enedis_hdm"
    assert table["start"][0].as_py() == datetime(2021, 1, 6, 23, tzinfo=UTC)
    assert table["end"][-1].as_py() == datetime(2022, 2, 1, 23, tzinfo=UTC)
    # 17 866 lines, and the 3 holes between them
    assert table.num_rows == 17_866 + 3
    assert Counter(minutes(table)) == {30: 16_992, 60: 874 + 2, 720: 1}
    assert pc.sum(table["kwh"]).as_py() == pytest.approx(9674.573, abs=1e-6)
    assert found.rejects == ()
    assert doubts(found) == {
        curve_points.BLANK_FR: 14,
        load_curve.HOLE_FR: 3,
        load_curve.DAY_23_FR: 1,
        load_curve.DAY_25_FR: 1,
        "Le pas passe de 60 à 30 minutes.": 1,
    }


def test_intervals_follow_each_other_without_a_break():
    table = real_reading("HDM_C5_CDC.csv.gz").tables[0]
    assert table["start"][1:].to_pylist() == table["end"][:-1].to_pylist()


def test_ten_minutes_of_a_public_building_are_stamped_at_their_beginning():
    found = real_reading("HDM_C4_CDC.csv.gz")
    table = found.tables[0]
    assert table.num_rows == 105_120
    assert table["kwh"].null_count == 2_448
    assert table["start"][0].as_py() == datetime(2020, 2, 2, 23, tzinfo=UTC)
    # 18 000 W during ten minutes
    assert table["kwh"][0].as_py() == pytest.approx(3.0)
    assert set(minutes(table)) == {10}
    assert load_curve.START_STAMPED_FR in doubts(found)


def test_daily_indexes_have_their_calendar_and_powers_come_after_them():
    found = real_reading("HDM_C5_IDX.csv.gz")
    indexes, powers = found.tables
    assert (indexes.schema, powers.schema) == (INDEXES, MAXIMUM_POWERS)
    last = [row for row in indexes.to_pylist() if row["register"] == "F1"][-1]
    assert last["index_kwh"] == 9723.814
    assert (last["calendar"], last["temporal_class"]) == ("FC000165", "BASE")
    assert powers["power_va"][-1].as_py() == 5125
    assert powers["at"][-1].as_py() == datetime(2022, 2, 1, 7, 18, 9, tzinfo=UTC)


def test_an_index_dated_23_h_in_winter_is_the_one_of_that_days_midnight():
    """The curve of R50 and the index of R151 of 2 February 2022 prove it, to the Wh."""
    dated = real_reading("HDM_C5_IDX.csv.gz").tables[0].to_pylist()
    midnight = datetime(2022, 2, 1, 23, tzinfo=UTC)
    before = next(r for r in dated if r["read_at"] == midnight and r["register"] == "F1")
    after = reading(real("R151.xml")).tables[0].to_pylist()[0]
    day = reading(real("R50.xml")).tables[0]
    assert after["read_at"] == datetime(2022, 2, 2, 23, tzinfo=UTC)
    assert after["index_kwh"] - before["index_kwh"] == pytest.approx(pc.sum(day["kwh"]).as_py())


def test_the_index_written_twice_when_clocks_go_back_is_kept_once():
    found = real_reading("HDM_C5_IDX.csv.gz")
    twice = [reject.line for reject in found.rejects if "deux fois" in reject.reason_fr]
    assert twice == [9, 380]
    readings = [r["read_at"] for r in found.tables[0].to_pylist() if r["register"] == "T"]
    assert len(readings) == len(set(readings)) == 471 - 2


def test_the_end_of_the_meters_scale_is_no_power():
    found = real_reading("HDM_C5_IDX.csv.gz")
    refused = [reject for reject in found.rejects if reject.reason_fr == FULL_SCALE_FR]
    assert [(reject.line, reject.found) for reject in refused] == [(750, "65535")]
    assert pc.max(found.tables[1]["power_va"]).as_py() == 9_121


def test_watts_become_kwh_with_the_length_of_their_interval():
    rows = half_hours(*(f"2021-01-07T0{h}:00:00+01:00" for h in range(1, 8)))
    assert kwh(curve(*rows)) == [1.0] * 7
    assert kwh(curve(*rows, unit="kW")) == [1000.0] * 7
    assert kwh(curve(*rows, unit="Wh")) == [1.0] * 7


def test_an_hour_in_a_run_of_half_hours_is_a_hole_and_not_a_longer_step():
    times = [f"2021-01-07T{h:02}:{m:02}:00+01:00" for h in range(1, 9) for m in (0, 30)]
    del times[6]
    found = reading(curve(*half_hours(*times)))
    assert Counter(minutes(found.tables[0])) == {30: 16}
    assert found.tables[0]["kwh"].null_count == 1
    assert doubts(found)[load_curve.HOLE_FR] == 1


def test_every_other_half_hour_missing_three_times_is_still_not_an_hourly_step():
    times = [f"2021-01-07T{h:02}:{m:02}:00+01:00" for h in range(1, 12) for m in (0, 30)]
    for place in (9, 7, 5):
        del times[place]
    found = reading(curve(*half_hours(*times)))
    assert set(minutes(found.tables[0])) == {30}
    assert found.tables[0]["kwh"].null_count == 3


def stepped(content: bytes, minutes: int) -> bytes:
    return content.replace(b";W;\n", f";W;{minutes}\n".encode())


def test_a_single_point_lasts_the_step_of_the_heading_and_is_refused_without():
    content = curve(*half_hours("2021-01-07T01:00:00+01:00"))
    assert reading(stepped(content, 30)).tables[0]["kwh"].to_pylist() == [0.5]
    assert reasons(reading(content)) == [load_curve.NO_LENGTH_FR]


def test_the_points_are_believed_before_the_heading():
    content = curve(*half_hours(*(f"2021-01-07T0{h}:00:00+01:00" for h in range(1, 8))))
    assert reading(stepped(content, 30)).tables[0]["kwh"].to_pylist() == [1.0] * 7


def test_the_25_hours_of_an_october_day_are_all_there():
    times = [f"2021-10-31T{h:02}:{m}:00+02:00" for h in range(3) for m in ("00", "30")]
    times += [f"2021-10-31T{h:02}:{m}:00+01:00" for h in range(2, 24) for m in ("00", "30")]
    found = reading(curve(*half_hours(*times, "2021-11-01T00:00:00+01:00")))
    day = found.tables[0].slice(1)
    assert day.num_rows == 50
    assert pc.sum(day["kwh"]).as_py() == pytest.approx(25.0)
    assert doubts(found)[load_curve.DAY_25_FR] == 1


def test_local_times_without_offset_are_told_apart_by_their_order():
    times = [f"2021-10-31 0{h}:{m}:00" for h in (1, 2, 2, 3) for m in ("00", "30")]
    found = reading(curve(*half_hours(*times)))
    assert found.tables[0].num_rows == 8
    assert set(minutes(found.tables[0])) == {30}
    assert found.rejects == ()


def test_a_time_that_march_skipped_is_refused():
    times = [f"2021-03-28 0{h}:{m}:00" for h in (1, 2, 3) for m in ("00", "30")]
    found = reading(curve(*half_hours(*times)))
    assert len(reasons(found)) == 2
    assert "n’existe pas" in reasons(found)[0]


def test_blank_is_not_zero():
    rows = [(f"2021-01-07T0{h}:00:00+01:00", "" if h == 3 else "0") for h in range(1, 7)]
    assert kwh(curve(*rows)) == [0.0, 0.0, None, 0.0, 0.0, 0.0]


def test_text_in_a_number_column_costs_its_value_only_and_keeps_its_line():
    rows = [(f"2021-01-07T0{h}:00:00+01:00", "douze" if h == 3 else "500") for h in range(1, 7)]
    found = reading(curve(*rows))
    assert [(r.line, r.found) for r in found.rejects] == [(6, "douze")]
    assert found.tables[0]["kwh"].to_pylist() == [0.5, 0.5, None, 0.5, 0.5, 0.5]


def test_swapped_columns_give_rejects_and_no_row():
    rows = [("1000", f"2021-01-07T0{h}:00:00+01:00") for h in range(1, 5)]
    found = reading(curve(*rows))
    assert found.rows == 0
    assert len(found.rejects) == 4


def test_unsorted_lines_are_put_back_in_order_and_said():
    rows = half_hours(*(f"2021-01-07T0{h}:00:00+01:00" for h in (3, 1, 5, 2, 4, 6)))
    found = reading(curve(*rows))
    starts = found.tables[0]["start"].to_pylist()
    assert starts == sorted(starts)
    assert doubts(found)[load_curve.UNSORTED_FR] == 2


def test_a_duplicated_line_is_refused_and_a_contradicting_one_too():
    rows = [(f"2021-01-07T0{h}:00:00+01:00", "500") for h in range(1, 7)]
    rows += [(rows[1][0], "500"), (rows[2][0], "900")]
    found = reading(curve(*rows))
    assert Counter(reasons(found)) == {
        load_curve.DUPLICATE_SAME_FR: 1,
        load_curve.DUPLICATE_OTHER_FR: 1,
    }
    assert found.tables[0]["kwh"].to_pylist() == [0.5] * 6


def test_negative_and_absurd_values_are_refused_and_their_interval_stays_unknown():
    values = ["500", "-3", "500", "900000000", "500", "500"]
    rows = [(f"2021-01-07T0{h}:00:00+01:00", value) for h, value in enumerate(values, start=1)]
    found = reading(curve(*rows))
    assert Counter(reasons(found)) == {load_curve.NEGATIVE_FR: 1, load_curve.ABSURD_FR: 1}
    assert found.tables[0]["kwh"].to_pylist() == [0.5, None, 0.5, None, 0.5, 0.5]


def test_forty_kilowatts_in_a_home_are_doubted():
    rows = half_hours(*(f"2021-01-07T0{h}:00:00+01:00" for h in range(1, 7)), value="40000")
    assert doubts(reading(curve(*rows)))[load_curve.ABOVE_36_FR] == 6


def test_production_is_never_read_as_consumption():
    content = curve(*half_hours("2021-01-07T01:00:00+01:00")).replace(
        b"Consommation", b"Production"
    )
    found = reading(content)
    assert found.rows == 0
    assert "production" in reasons(found)[0]
    assert found.rejects[0].found == "1 lignes"


def test_an_unknown_unit_is_not_guessed():
    found = reading(curve(*half_hours("2021-01-07T01:00:00+01:00"), unit="VAr"))
    assert found.rows == 0
    assert "Unité inconnue" in reasons(found)[0]


def test_two_meters_in_one_file_keep_their_rows_apart():
    rows = half_hours(*(f"2021-01-07T0{h}:00:00+01:00" for h in range(1, 7)))
    found = reading(curve(*rows, meter="A") + curve(*rows, meter="B").removeprefix(b"\xef\xbb\xbf"))
    assert Counter(found.tables[0]["meter_id"].to_pylist()) == {"A": 6, "B": 6}


def test_windows_encoding_is_read_and_said():
    content = real("HDM_C5_IDX.csv.gz").decode("utf-8-sig").encode("cp1252")
    found = reading(content)
    assert found.tables[0]["quality"][0].as_py() == "Arrêté quotidien"
    assert any("CP1252" in reason for reason in doubts(found))


def test_a_file_cut_in_the_middle_of_a_line_gives_what_comes_before():
    content = real("HDM_C5_CDC.csv.gz")[:300_007]
    found = reading(content)
    assert found.tables[0].num_rows > 9_000
    assert len(found.rejects) <= 1


def test_a_heading_without_section_is_refused():
    with pytest.raises(UnreadableFile, match="aucune section"):
        reading(curve().split(b"Horodate")[0])


FLAT = (
    "Identifiant PRM;Date de début;Date de fin;Grandeur physique;Grandeur métier;Etape métier;"
    "Unité;Horodate;Valeur;Nature;Pas;Indice de vraisemblance;Etat complémentaire\n"
)


def flat(*rows: str) -> bytes:
    return (FLAT + "".join(row + "\n" for row in rows)).encode()


def test_the_flat_layout_names_meter_and_step_on_each_line():
    about = "19125759625988;2023-03-13 00:00:00;2025-03-13 00:00:00;PA;CONS;BRUT;W"
    found = reading(
        flat(
            f"{about};2023-03-13 00:30:00;692;B;PT30M;0;0",
            f"{about};2023-03-13 01:30:00;1284;B;PT1H;0;0",
        )
    )
    assert found.tables[0]["kwh"].to_pylist() == pytest.approx([0.346, 1.284])
    assert minutes(found.tables[0]) == [30, 60]
    assert found.tables[0]["quality"].to_pylist() == ["B", "B"]


def test_the_flat_layout_mixes_consumption_and_production_without_adding_them():
    about = "1;;;PA;{};BRUT;W"
    found = reading(
        flat(
            about.format("CONS") + ";2023-03-13 00:30:00;100;B;PT30M;0;0",
            about.format("PROD") + ";2023-03-13 00:30:00;900;B;PT30M;0;0",
            about.format("CONS") + ";2023-03-13 01:00:00;100;B;PT30M;0;0",
        )
    )
    assert found.tables[0]["kwh"].to_pylist() == [0.05, 0.05]
    assert len(found.rejects) == 1


def test_the_flat_layout_of_indexes_is_read_as_registers():
    titles = (
        "Identifiant PRM;Date de début;Date de fin;Grandeur physique;Grandeur métier;Etape métier;"
        "Unité;Horodate;Valeur;Type relève;Identifiant calendrier;Identifiant classe temporelle;"
        "Cadran\n"
    )
    row = "1;;;EA;CONS;BRUT;Wh;2026-01-01T00:00:00+01:00;100000;AQ;FC000165;HP;01\n"
    found = reading((titles + row + row.replace("Wh", "VA")).encode())
    (only,) = found.tables[0].to_pylist()
    assert (only["index_kwh"], only["register"], only["temporal_class"]) == (100.0, "01", "HP")
    assert len(found.rejects) == 1


def test_a_curve_without_offset_and_latest_first_keeps_both_repeated_hours_of_october():
    rows = [
        f"2023-10-29T{hour:02}:{minute:02}:00;{value}"
        for value, (hour, minute) in enumerate(
            [(0, 30), (1, 0), (1, 30), (2, 0), (2, 30), (2, 0), (2, 30), (3, 0), (3, 30)]
        )
    ]
    forward, backward = reading(curve(*rows)), reading(curve(*rows[::-1]))
    assert backward.rejects == ()
    assert backward.tables[0].equals(forward.tables[0])


def some_hours(first: int, last: int) -> list[tuple[str, str]]:
    return half_hours(*(f"2021-01-07T{hour:02}:00:00+01:00" for hour in range(first, last)))


def test_the_same_section_twice_counts_once_and_each_row_left_is_told():
    content = curve(*some_hours(1, 9))
    found = reading(content + content)
    assert pc.sum(found.tables[0]["kwh"]).as_py() == 8.0
    assert Counter(reasons(found)) == {load_curve.ELSEWHERE_FR: 8}
    assert [reject.line for reject in found.rejects] == list(range(15, 23))


def test_two_downloads_that_overlap_count_their_shared_hours_once():
    found = reading(curve(*some_hours(1, 9)) + curve(*some_hours(6, 12)))
    assert pc.sum(found.tables[0]["kwh"]).as_py() == 11.0
    assert Counter(reasons(found)) == {load_curve.ELSEWHERE_FR: 3}


def test_two_meters_at_the_same_hours_are_both_read():
    found = reading(curve(*some_hours(1, 9)) + curve(*some_hours(1, 9), meter="2"))
    assert pc.sum(found.tables[0]["kwh"]).as_py() == 16.0
    assert found.rejects == ()


def test_a_blank_of_the_first_section_is_filled_by_the_second():
    blank = [*some_hours(1, 5), ("2021-01-07T05:00:00+01:00", ""), *some_hours(6, 9)]
    found = reading(curve(*blank) + curve(*some_hours(1, 9)))
    assert pc.sum(found.tables[0]["kwh"]).as_py() == 8.0


def test_rows_of_a_flat_file_given_again_count_once():
    titles = "Identifiant PRM;Grandeur physique;Grandeur métier;Unité;Horodate;Valeur;Pas"
    rows = {
        meter: [f"{meter};PA;CONS;W;2023-03-13 {hour:02}:00:00;1000;PT60M" for hour in (1, 2, 3)]
        for meter in "12"
    }
    found = reading("\n".join([titles, *rows["1"], *rows["2"], *rows["1"]]).encode())
    assert pc.sum(found.tables[0]["kwh"]).as_py() == 6.0
    assert Counter(reasons(found)) == {load_curve.ELSEWHERE_FR: 3}
