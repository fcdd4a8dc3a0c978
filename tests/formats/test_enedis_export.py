"""What households download themselves: the XLSX export of 2025 and the CSV made of it."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from atre.formats import enedis_export_table, load_curve, workbook_files
from atre.formats.reading import UnreadableFile
from tests.support.enedis_files import doubts, reading, reasons, workbook

PARIS = ZoneInfo("Europe/Paris")
TITLES = [None, None, "Début", "Fin", "Valeur (en kW)"]


def exported(*rows: tuple[object, object, object]) -> bytes:
    above = [[None] * 5, [None, None, "Point Référence Mesure", "09111642617347"]]
    return workbook([*above, TITLES, *([None, None, *row] for row in rows)])


def test_kilowatts_of_half_hours_become_kwh_and_the_meter_is_found_above_the_table():
    found = reading(
        exported(
            ("02/03/2023 00:00:00", "02/03/2023 00:30:00", "4,030"),
            ("02/03/2023 00:30:00", "02/03/2023 01:00:00", 1.5),
            ("02/03/2023 01:00:00", "02/03/2023 02:00:00", 1),
        )
    )
    table = found.tables[0]
    assert found.format.key == "enedis_export_xlsx"
    assert table["kwh"].to_pylist() == [2.015, 0.75, 1.0]
    assert table["start"][0].as_py() == datetime(2023, 3, 1, 23, tzinfo=UTC)
    assert set(table["meter_id"].to_pylist()) == {"09111642617347"}


def test_dates_kept_by_the_spreadsheet_are_read_as_such():
    begin = datetime(2023, 3, 2)  # noqa: DTZ001  a spreadsheet's date has no zone
    found = reading(exported((begin, begin.replace(minute=30), 2)))
    assert found.tables[0]["kwh"].to_pylist() == [1.0]


def test_na_and_blanks_are_unknown_and_not_zero():
    found = reading(
        exported(
            ("02/03/2023 00:00:00", "02/03/2023 00:30:00", "NA"),
            ("02/03/2023 00:30:00", "02/03/2023 01:00:00", None),
            ("02/03/2023 01:00:00", "02/03/2023 01:30:00", 0),
        )
    )
    assert found.tables[0]["kwh"].to_pylist() == [None, None, 0.0]
    assert doubts(found)[enedis_export_table.ABSENT_FR] == 1


def test_the_hour_lived_twice_keeps_its_four_half_hours():
    halves = ["02:00", "02:30", "02:00", "02:30", "03:00"]
    rows = [
        (f"31/10/2021 {start}:00", f"31/10/2021 {end}:00", 2) for start, end in pairwise(halves)
    ]
    found = reading(exported(*rows))
    assert found.tables[0]["kwh"].to_pylist() == [1.0] * 4
    assert found.rejects == ()


def test_daily_values_last_a_legal_day():
    rows = [["Date", "Valeur (en kWh)"], ["27/03/2021", 10], ["28/03/2021", "9,5"]]
    found = reading(workbook(rows, sheet="Export Consommation Quotidienne"))
    table = found.tables[0]
    hours = [
        (end - start).total_seconds() / 3600
        for start, end in zip(table["start"].to_pylist(), table["end"].to_pylist(), strict=True)
    ]
    assert hours == [24, 23]
    assert not any(reason.startswith("Le pas") for reason in doubts(found))
    assert table["kwh"].to_pylist() == [10.0, 9.5]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("debut,kW\n2023-03-02 00:00:00,1.5\n2023-03-02 00:30:00,1\n", [0.75, 0.5]),
        ("debut;kW\n2023-03-02 00:00:00;1,5\n2023-03-02 00:30:00;1\n", [0.75, 0.5]),
        (
            'debut;fin;kWh\n2025-03-02T00:00:00+01:00;2025-03-02T00:30:00+01:00;"0,5"\n',
            [0.5],
        ),
        (
            "Début;Fin;Valeur (en Kw)\n02/03/2023 00:00:00;02/03/2023 00:30:00;4,030\n",
            [2.015],
        ),
    ],
)
def test_the_unit_is_the_one_of_the_title(content, expected):
    found = reading(content.encode())
    assert found.format.key == "enedis_export_csv"
    assert found.tables[0]["kwh"].to_pylist() == expected


def test_kwh_of_half_hours_are_doubted_aloud():
    found = reading(b"debut;fin;kWh\n2025-03-02 00:00:00;2025-03-02 00:30:00;0,5\n")
    assert enedis_export_table.KWH_OF_HALF_HOURS_FR in doubts(found)


def test_kwh_between_two_days_last_from_one_to_the_other():
    content = "debut;fin;kWh\n01/03/2021;01/04/2021;300\n01/04/2021;01/05/2021;250\n"
    found = reading(content.encode())
    table = found.tables[0]
    assert table["kwh"].to_pylist() == [300.0, 250.0]
    assert table["end"][0].as_py() == datetime(2021, 3, 31, 22, tzinfo=UTC)
    assert not any(reason.startswith("Le pas") for reason in doubts(found))


def test_a_single_value_without_an_end_is_refused_rather_than_given_a_length():
    found = reading(b"debut,kW\n2023-03-02 00:00:00,1.5\n")
    assert found.rows == 0
    assert "combien de temps" in reasons(found)[0]


def test_a_formula_gives_the_value_its_spreadsheet_kept():
    content = io.BytesIO()
    import xlsxwriter

    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Début", "Fin", "Valeur (en kW)"])
        sheet.write_row(1, 0, ["02/03/2023 00:00:00", "02/03/2023 00:30:00"])
        sheet.write_formula(1, 2, "=1+1", None, 8)
    assert reading(content.getvalue()).tables[0]["kwh"].to_pylist() == [4.0]


WEIGHT = 6 * 1024 * 1024


def bomb(announced: int | None) -> bytes:
    """A workbook that weighs 6 MB once open; its directory may announce less."""
    source = exported(("02/03/2023 00:00:00", "02/03/2023 00:30:00", 1))
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(source)) as known,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for entry in known.infolist():
            made.writestr(entry.filename, known.read(entry.filename))
        with made.open("xl/media/image1.png", "w") as stream:
            stream.write(bytes(WEIGHT))
    content = target.getvalue()
    if announced is not None:
        content = content.replace(WEIGHT.to_bytes(4, "little"), announced.to_bytes(4, "little"))
    return content


@pytest.mark.parametrize("announced", [None, 10])
def test_a_zip_bomb_is_refused_by_what_it_announces_then_by_what_comes_out(announced, monkeypatch):
    monkeypatch.setattr(workbook_files, "MAX_UNPACKED_BYTES", 1024 * 1024)
    with pytest.raises(UnreadableFile):
        list(workbook_files.sheets_of(bomb(announced)))


def test_a_cell_far_beyond_the_table_is_refused(monkeypatch):
    monkeypatch.setattr(workbook_files, "MAX_ROWS", 1_000)
    content = io.BytesIO()
    import xlsxwriter

    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Début", "Fin", "Valeur (en kW)"])
        sheet.write(2_000, 2, 1)
    with pytest.raises(UnreadableFile):
        list(workbook_files.sheets_of(content.getvalue()))


def october_night(*, latest_first: bool) -> list[str]:
    """Half hours from 28 to 30 October 2023, 25 hours on the 29th, each with its own power."""
    first = datetime(2023, 10, 27, 22, tzinfo=UTC)
    rows = []
    for place in range(48 * 3 + 2):
        start = (first + timedelta(minutes=30 * place)).astimezone(PARIS)
        end = (first + timedelta(minutes=30 * place + 30)).astimezone(PARIS)
        rows.append(f"{start:%d/%m/%Y %H:%M:%S};{end:%d/%m/%Y %H:%M:%S};{place % 7},{place % 10}")
    return rows[::-1] if latest_first else rows


def test_the_latest_row_first_keeps_both_repeated_hours_of_october():
    title = "Début;Fin;Valeur (en kW)\n"
    forward, backward = (
        reading((title + "\n".join(october_night(latest_first=side))).encode())
        for side in (False, True)
    )
    assert backward.rejects == ()
    assert load_curve.HOLE_FR not in doubts(backward)
    assert backward.tables[0].equals(forward.tables[0])
