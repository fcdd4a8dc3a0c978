"""Curve against index against invoice: the real home month by month, then each reason alone."""

import gzip
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.calc.wording import number_fr
from atre.formats.reading import INDEXES, INTERVALS
from atre.formats.reconcile import (
    GapReason,
    NotComparable,
    Source,
    reconcile_invoices,
    reconcile_months,
)
from atre.formats.reconcile_series import curve_count, index_count, sorted_by_role
from tests.support.enedis_files import reading, real, real_reading

ROOT = Path(__file__).resolve().parents[2]
JANUARY = datetime(2021, 12, 31, 23, tzinfo=UTC)  # 1 January 2022, 00:00 in Paris
HOURS = 31 * 24


def intervals(
    kwh, *, start=JANUARY, hours=1.0, meter="1", quality=None, basis=None, volume_m3=None
):
    rows = []
    for place, value in enumerate(kwh):
        begin = start + timedelta(hours=hours * place)
        end = begin + timedelta(hours=hours)
        rows.append(
            {
                "meter_id": meter,
                "start": begin,
                "end": end,
                "kwh": value,
                "quality": quality,
                "basis": basis,
                "volume_m3": volume_m3,
            }
        )
    return pa.Table.from_pylist(rows, schema=INTERVALS)


def indexes(*readings: tuple[datetime, float], meter="1", register="T"):
    rows = [
        {"meter_id": meter, "read_at": at, "register": register, "index_kwh": kwh}
        for at, kwh in readings
    ]
    return pa.Table.from_pylist(rows, schema=INDEXES)


def month(curve, read):
    """The gap of January 2022."""
    found = next(line for line in reconcile_months(curve, read) if "janvier" in line.label_fr)
    return found.gaps[0]


def around(kwh: float, *, late: timedelta = timedelta(0)):
    return indexes((JANUARY + late, 1000.0), (JANUARY + late + timedelta(hours=HOURS), 1000 + kwh))


def test_the_real_home_reconciles_month_by_month():
    curve = real_reading("HDM_C5_CDC.csv.gz").tables[0]
    read = real_reading("HDM_C5_IDX.csv.gz").tables[0]
    lines = reconcile_months(curve, read)
    assert len(lines) == 14
    found = {line.label_fr.replace("\xa0", " "): line.gaps[0] for line in lines}
    # 14 hours without a measure in February 2021; the 13 other months agree to the Wh.
    assert {label for label, gap in found.items() if gap.reason is not GapReason.AGREES} == {
        "février 2021"
    }
    february = found["février 2021"]
    assert february.reason is GapReason.HOLES
    assert february.kwh == pytest.approx(47.372, abs=0.001)
    agreed = [gap.kwh for gap in found.values() if gap.reason is GapReason.AGREES]
    assert max(abs(kwh) for kwh in agreed if kwh is not None) < 0.002


def test_the_real_invoices_agree_but_the_estimated_ones_and_the_holes_of_the_curve():
    invoices = reading(real("ConsultationMesures_C5_response.xml")).tables[0]
    curve = real_reading("HDM_C5_CDC.csv.gz").tables[0]
    read = real_reading("HDM_C5_IDX.csv.gz").tables[0]
    lines = reconcile_invoices([invoices], curve=curve, indexes=read)
    by_index = [line.gaps[2].reason for line in lines]
    by_curve = [line.gaps[1].reason for line in lines]
    estimated = [GapReason.ESTIMATED] * 2
    assert by_index == estimated + [GapReason.AGREES] * 11
    assert by_curve == [*estimated, GapReason.HOLES] + [GapReason.AGREES] * 10


def test_the_worked_example_of_the_advisers_page_is_what_the_files_give():
    page = (ROOT / "docs" / "explanation" / "fichiers-de-compteur.md").read_text(encoding="utf-8")
    page = page.replace("\u202f", " ").replace("\xa0", " ")
    curve = real_reading("HDM_C5_CDC.csv.gz").tables[0]
    lines = reconcile_months(curve, real_reading("HDM_C5_IDX.csv.gz").tables[0])
    february, march, october = lines[1], lines[2], lines[9]
    told = [sum(kwh for kwh in curve["kwh"].to_pylist() if kwh is not None)]
    told += [february.curve_kwh, february.index_kwh, february.gaps[0].kwh]
    told += [march.curve_kwh, march.index_kwh, october.curve_kwh, october.index_kwh]
    for kwh in told:
        assert f"{number_fr(kwh, 1)} kWh".replace("\u202f", " ") in page
    assert february.curve_missing_hours == 14
    assert "il manque 14 h à la courbe" in page


def test_two_files_of_the_same_count_agree():
    gap = month(intervals([1.0] * HOURS), around(744.0))
    assert gap.reason is GapReason.AGREES
    assert gap.kwh == pytest.approx(0)


def test_what_a_hole_hides_is_given_by_the_index():
    gap = month(intervals([1.0] * 100 + [None] * 20 + [1.0] * 624), around(744.0))
    assert gap.reason is GapReason.HOLES
    assert gap.kwh == pytest.approx(20)
    assert "20,0" in gap.sentence_fr


def test_a_hole_does_not_explain_more_than_the_highest_power_ever_seen():
    gap = month(intervals([1.0] * 740 + [None] * 4), around(1744.0))
    assert gap.reason is GapReason.UNEXPLAINED


def test_a_hole_does_not_explain_an_index_below_the_curve():
    gap = month(intervals([1.0] * 740 + [None] * 4), around(600.0))
    assert gap.reason is GapReason.UNEXPLAINED


@pytest.mark.parametrize(("late", "shift"), [(1, -1), (23, -23), (-1, 1), (24, -24)])
def test_an_index_dated_otherwise_than_read_is_found_by_moving_the_curve(late, shift):
    # A month whose first and last days differ, so that a shift is seen.
    kwh = [0.5 + 3.0 * place / HOURS for place in range(HOURS + 96)]
    start = JANUARY - timedelta(hours=48)
    curve = intervals(kwh, start=start)
    true = sum(kwh[48 : 48 + HOURS - 48])
    read = indexes(
        (JANUARY + timedelta(hours=late), 0.0),
        (JANUARY + timedelta(hours=HOURS - 48 + late), true),
    )
    if late < 0:
        read = indexes(
            (JANUARY + timedelta(hours=24 + late), 0.0),
            (JANUARY + timedelta(hours=HOURS - 24 + late), sum(kwh[72 : 48 + HOURS - 24])),
        )
    gap = month(curve, read)
    assert gap.reason is GapReason.DATED_ELSEWHERE
    assert f"{abs(shift)}\xa0h" in gap.sentence_fr


@pytest.mark.parametrize("factor", [2.0, 0.5, 1000.0])
def test_a_unit_taken_for_another_is_named(factor):
    assert month(intervals([factor] * HOURS), around(744.0)).reason is GapReason.UNIT


def test_an_index_that_goes_back_is_a_meter_replaced():
    assert month(intervals([1.0] * HOURS), around(-900.0)).reason is GapReason.INDEX_WENT_BACK


def test_what_no_reason_explains_is_said_to_be_unexplained():
    gap = month(intervals([1.0] * HOURS), around(800.0))
    assert gap.reason is GapReason.UNEXPLAINED
    assert "à vérifier" in gap.sentence_fr


def test_a_month_without_two_readings_is_not_compared():
    gap = month(intervals([1.0] * HOURS), indexes((JANUARY, 0.0)))
    assert (gap.reason, gap.kwh) == (GapReason.MISSING, None)


def test_a_month_partly_read_is_compared_on_what_is_read():
    read = indexes((JANUARY, 0.0), (JANUARY + timedelta(days=10), 240.0))
    line = reconcile_months(intervals([1.0] * HOURS), read)[0]
    assert line.index_is_partial
    assert line.gaps[0].reason is GapReason.AGREES


def test_another_meter_is_refused():
    with pytest.raises(NotComparable, match="même compteur"):
        reconcile_months(intervals([1.0]), indexes((JANUARY, 0.0), meter="2"))


def test_an_invoice_of_peak_and_off_peak_hours_is_their_sum():
    parts = [intervals([kwh], hours=float(HOURS), quality="REEL") for kwh in (500.0, 244.0)]
    line = reconcile_invoices([pa.concat_tables(parts)], curve=intervals([1.0] * HOURS))[0]
    assert line.invoice_kwh == 744
    assert line.gaps[0].reason is GapReason.AGREES


def test_an_invoice_whose_period_the_index_does_not_bound_is_not_compared_with_it():
    read = indexes((JANUARY + timedelta(days=1), 0.0), (JANUARY + timedelta(days=20), 1.0))
    invoices = intervals([744.0], hours=float(HOURS))
    (line,) = reconcile_invoices([invoices], indexes=read)
    assert (line.gaps[0].first, line.gaps[0].reason) == (Source.INDEX, GapReason.MISSING)


@pytest.mark.parametrize("registers", [("F1", "F2"), ("D1", "D2"), ("HPH", "HCH")])
def test_without_a_total_the_registers_are_added(registers):
    tables = [indexes((JANUARY, 100.0 + n), register=name) for n, name in enumerate(registers)]
    assert index_count(pa.concat_tables(tables)).kwh.tolist() == [201.0]


def test_supplier_and_grid_registers_are_never_added_together():
    tables = [indexes((JANUARY, 100.0), register=name) for name in ("F1", "D1")]
    assert index_count(pa.concat_tables(tables)).kwh.tolist() == [100.0]


def test_files_are_told_apart_by_what_they_hold():
    names = ("HDM_C5_CDC.csv.gz", "HDM_C5_IDX.csv.gz")
    readings = [real_reading(name) for name in names]
    readings.append(reading(real("ConsultationMesures_C5_response.xml")))
    curve, read, invoices = sorted_by_role(readings)
    assert [table.num_rows for table in (curve, read, *invoices)] == [17_869, 1_261, 13]


@settings(max_examples=50, deadline=None)
@given(
    kwh=st.lists(st.floats(0, 9), min_size=48, max_size=24 * 70),
    splits=st.integers(2, 9),
)
def test_an_index_made_from_the_curve_always_agrees(kwh, splits):
    """Whatever the days of reading, months and clock changes."""
    start = datetime(2021, 2, 27, 23, tzinfo=UTC)
    along = np.concatenate(([0.0], np.cumsum(kwh)))
    places = np.linspace(0, len(kwh), splits + 1).astype(int)
    read = indexes(*((start + timedelta(hours=int(p)), float(along[p])) for p in places))
    for line in reconcile_months(intervals(list(kwh), start=start), read):
        assert line.gaps[0].reason in {GapReason.AGREES, GapReason.MISSING}


@pytest.mark.parametrize("word", ["ESTI", "Estimé", "Estimée", "ESTIMÉE", "estime"])
def test_an_estimated_invoice_is_told_whatever_its_case_and_accents(word):
    invoice = intervals([500.0], hours=HOURS, quality=word)
    (line,) = reconcile_invoices([invoice], curve=intervals([1.0] * HOURS))
    assert line.gaps[0].reason is GapReason.ESTIMATED


def both(*tables: pa.Table) -> pa.Table:
    return pa.concat_tables(tables)


def day(number: int) -> datetime:
    return JANUARY + timedelta(days=number)


def test_the_days_that_two_exports_share_count_once_and_are_told():
    curve = both(intervals([1.0] * 480), intervals([1.0] * 504, start=day(10)))
    gap = month(curve, around(744.0))
    line = next(one for one in reconcile_months(curve, around(744.0)) if one.gaps)
    assert (line.curve_kwh, line.curve_missing_hours) == (744.0, 0.0)
    assert gap.reason is GapReason.AGREES
    assert line.curve_doubled_hours == 240.0


def test_a_hole_of_one_export_is_filled_by_the_other():
    holed = intervals([1.0] * 100 + [None] * 50 + [1.0] * 594)
    line = reconcile_months(both(holed, intervals([1.0] * HOURS)), around(744.0))[0]
    assert (line.curve_kwh, line.curve_missing_hours) == (744.0, 0.0)


def test_hours_that_two_exports_give_differently_are_told_and_never_summed():
    curve = both(intervals([1.0] * HOURS), intervals([3.0] * 5, start=day(2)))
    line = reconcile_months(curve, around(744.0))[0]
    assert line.curve_kwh == pytest.approx(739.0)
    assert line.curve_contradicted_hours == line.curve_missing_hours == 5.0
    assert line.gaps[0].reason is GapReason.CONTRADICTED
    assert "5,0\xa0h" in line.gaps[0].sentence_fr


def test_intervals_that_straddle_each_other_are_a_contradiction():
    curve = both(intervals([1.0] * HOURS), intervals([0.5], start=day(2), hours=0.5))
    line = reconcile_months(curve, around(744.0))[0]
    assert (line.curve_kwh, line.curve_contradicted_hours) == (743.0, 1.0)


def test_an_invoice_is_not_compared_with_contradicted_hours_in_silence():
    curve = both(intervals([1.0] * HOURS), intervals([2.0] * HOURS))
    (line,) = reconcile_invoices([intervals([744.0], hours=HOURS)], curve=curve)
    assert line.curve_kwh is None
    assert (line.gaps[0].reason, line.gaps[0].kwh) == (GapReason.CONTRADICTED, None)


def test_the_same_reading_in_two_files_is_one_reading_and_two_different_ones_are_none():
    once = around(744.0)
    assert index_count(both(once, once)).kwh.tolist() == [1000.0, 1744.0]
    other = indexes((JANUARY, 1200.0))
    assert index_count(both(once, other)).kwh.tolist() == [1744.0]


@given(
    kwh=st.lists(st.floats(0, 9).map(lambda value: round(value, 3)), min_size=1, max_size=60),
    cut=st.integers(0, 60),
    back=st.integers(0, 60),
)
@settings(max_examples=60, deadline=None)
def test_a_curve_cut_into_overlapping_files_counts_as_the_whole(kwh, cut, back):
    cut = min(cut, len(kwh))
    back = min(back, cut)
    start = JANUARY + timedelta(hours=cut - back)
    parts = both(intervals(kwh[:cut]), intervals(kwh[cut - back :], start=start))
    first = np.datetime64("2021-12-31T23:00", "us")
    bounds = first, first + np.timedelta64(len(kwh), "h")
    whole, joined = curve_count(intervals(kwh)), curve_count(parts)
    assert joined.between(*bounds) == pytest.approx(whole.between(*bounds))
    assert joined.doubled.between(*bounds) == pytest.approx(back)


@pytest.mark.parametrize(
    ("invoiced", "basis", "reason"),
    [
        (744.0, "pcs", GapReason.AGREES),
        (756.0, "pcs", GapReason.INDEX_ROUNDING),
        (732.0, "pcs", GapReason.INDEX_ROUNDING),
        (757.0, "pcs", GapReason.UNEXPLAINED),
        (756.0, None, GapReason.UNEXPLAINED),
    ],
)
def test_a_gas_bill_may_differ_from_its_days_by_a_cubic_metre_of_its_own_gas(
    invoiced, basis, reason
):
    volume = None if basis is None else invoiced / 11.2
    invoice = intervals([invoiced], hours=HOURS, basis=basis, volume_m3=volume)
    (line,) = reconcile_invoices([invoice], curve=intervals([1.0] * HOURS, basis=basis))
    assert line.gaps[0].reason is reason


def test_the_published_gas_bills_leave_no_gap_unexplained():
    bills, days = (
        reading(gzip.decompress(path.read_bytes())).tables[0]
        for path in (gas_file("donnees_publiees"), gas_file("donnees_informatives"))
    )
    lines = reconcile_invoices([bills], curve=days)
    found = Counter(gap.reason for line in lines for gap in line.gaps)
    assert found[GapReason.UNEXPLAINED] == 0
    assert found[GapReason.INDEX_ROUNDING] == 56


def gas_file(name: str) -> Path:
    path = ROOT.parent / "shared" / "cases" / "grdf" / f"{name}.json.gz"
    if not path.is_file():
        pytest.skip(f"published case absent: {name}")
    return path


def test_the_gas_example_of_the_advisers_page_is_what_the_file_gives():
    page = (ROOT / "docs" / "explanation" / "fichiers-de-compteur.md").read_text(encoding="utf-8")
    page = page.replace("\u202f", " ").replace("\xa0", " ")
    bill = (
        reading(gzip.decompress(gas_file("donnees_publiees").read_bytes())).tables[0].to_pylist()[0]
    )
    assert (bill["kwh"], bill["volume_m3"]) == (22_417, 2_025)
    assert "2 025 × 11,07 = 22 416,75, publiés 22 417 kWh" in page
    assert abs(bill["volume_m3"] * 11.07 - bill["kwh"]) < 0.5
