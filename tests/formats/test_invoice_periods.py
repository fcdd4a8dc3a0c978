"""Invoices of one meter from several files: given twice, contradicted, overlapping."""

from datetime import UTC, datetime, timedelta

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from atre.formats.invoice_periods import invoiced_periods
from atre.formats.reading import INDEXES, INTERVALS
from atre.formats.reconcile import GapReason, reconcile_invoices
from tests.support.enedis_files import reading

FIRST = datetime(2021, 12, 31, 23, tzinfo=UTC)  # 1 January 2022, 00:00 in Paris


def file(*bills: tuple[int, int, float | None], hour: int = 0, word: str | None = None) -> pa.Table:
    """Bills as (first day, end day, kWh), days counted from FIRST."""
    rows = [
        {
            "start": FIRST + timedelta(days=start, hours=hour),
            "end": FIRST + timedelta(days=end, hours=hour),
            "kwh": kwh,
            "quality": word,
        }
        for start, end, kwh in bills
    ]
    return pa.Table.from_pylist(rows, schema=INTERVALS)


def counted(kwh_per_day: float, days: int = 90) -> pa.Table:
    rows = [
        {"read_at": FIRST + timedelta(days=day), "register": "T", "index_kwh": day * kwh_per_day}
        for day in range(days + 1)
    ]
    return pa.Table.from_pylist(rows, schema=INDEXES)


def reasons(*files: pa.Table) -> list[GapReason]:
    return [line.gaps[0].reason for line in reconcile_invoices(files, indexes=counted(10.0))]


def test_the_same_invoice_in_two_files_counts_once_and_is_told():
    bills = file((0, 30, 300.0), (30, 60, 300.0))
    (first, second) = reconcile_invoices([bills, file((0, 30, 300.4))], indexes=counted(10.0))
    assert (first.invoice_kwh, first.gaps[0].reason) == (300.0, GapReason.AGREES)
    assert "dans deux fichiers" in first.invoice_doubts_fr[0]
    assert (second.invoice_kwh, second.invoice_doubts_fr) == (300.0, ())


def test_two_files_that_bill_the_same_days_otherwise_are_not_compared_there_only():
    bills = file((0, 30, 300.0), (30, 60, 300.0))
    (first, second) = reconcile_invoices([bills, file((0, 30, 405.0))], indexes=counted(10.0))
    assert (first.invoice_kwh, first.gaps[0].reason) == (None, GapReason.CONTRADICTED)
    assert "300\xa0kWh et 405\xa0kWh" in first.gaps[0].sentence_fr
    assert second.gaps[0].reason is GapReason.AGREES


def test_a_third_file_does_not_settle_what_two_contradict():
    files = [file((0, 30, kwh)) for kwh in (300.0, 405.0, 300.0)]
    assert reasons(*files) == [GapReason.CONTRADICTED]


def test_invoices_that_overlap_are_compared_each_alone_and_both_are_told():
    lines = reconcile_invoices([file((0, 30, 300.0)), file((20, 50, 300.0))], indexes=counted(10.0))
    assert [line.gaps[0].reason for line in lines] == [GapReason.AGREES] * 2
    assert "chevauche celle du 21\xa0janvier\xa02022" in lines[0].invoice_doubts_fr[0]
    assert "chevauche celle du 1er\xa0janvier\xa02022" in lines[1].invoice_doubts_fr[0]


def test_a_year_among_its_months_is_told_on_each():
    periods = invoiced_periods([file((0, 90, 900.0)), file((0, 30, 300.0), (60, 90, 300.0))])
    assert [len(period.doubts_fr) for period in periods] == [1, 1, 1]


def test_invoices_that_share_their_reading_day_do_not_overlap():
    gas, other = file((0, 30, 300.0), hour=6), file((30, 60, 300.0))
    assert [period.doubts_fr for period in invoiced_periods([gas, other])] == [(), ()]


def test_a_gas_day_and_a_legal_day_are_the_days_of_one_invoice():
    (only,) = invoiced_periods([file((0, 30, 300.0), hour=6), file((0, 30, 300.0))])
    assert only.kwh == 300.0


def test_an_invoice_whose_energy_one_file_does_not_say_is_that_of_the_other():
    files = [file((0, 30, None)), file((0, 30, 300.0), word="Estimée")]
    for found in (invoiced_periods(files), invoiced_periods(files[::-1])):
        assert [(period.kwh, period.word) for period in found] == [(300.0, "Estimée")]


def test_peak_and_off_peak_rows_of_one_file_still_add_up():
    assert reasons(file((0, 30, 200.0), (0, 30, 100.0))) == [GapReason.AGREES]


@given(
    bills=st.lists(st.integers(0, 1000), min_size=1, max_size=6),
    copies=st.integers(1, 4),
)
def test_copies_of_a_file_count_as_one(bills, copies):
    one = file(*((30 * place, 30 * place + 30, float(kwh)) for place, kwh in enumerate(bills)))
    found = invoiced_periods([one] * copies)
    assert [period.kwh for period in found] == bills


def test_a_plain_file_of_bills_and_its_copy_are_one_series():
    bills = b"start,end,kwh\n2022-01-01,2022-01-31,300\n2022-01-31,2022-03-02,300\n"
    tables = [reading(bills).tables[0] for _ in range(2)]
    assert reasons(*tables) == [GapReason.AGREES, GapReason.AGREES]
