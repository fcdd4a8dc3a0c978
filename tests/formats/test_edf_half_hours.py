"""EDF's half hours: days on their own line, hours that go backwards, midnight at the end."""

from datetime import UTC, datetime

import pytest

from atre.formats.reading import UnreadableFile
from tests.support.enedis_files import reading, reasons

TITLES = (
    "\nRécapitulatif de mes puissances atteintes en W\n"
    "Date et heure de relève par le distributeur;Puissance atteinte (W);Nature de la donnée\n"
)


def edf(*lines: str, titles: str = TITLES) -> bytes:
    return (titles + "\n".join(lines) + "\n").encode("cp1252")


def test_midnight_ends_the_day_under_which_it_is_written():
    found = reading(
        edf("30/01/2026;;", "00:00:00;3916;Réelle", "23:30:00;4522;Réelle", "23:00:00;7446;Estimée")
    )
    table = found.tables[0]
    assert found.format.key == "edf_half_hours"
    assert table["end"][-1].as_py() == datetime(2026, 1, 30, 23, tzinfo=UTC)
    assert table["kwh"].to_pylist() == [3.723, 2.261, 1.958]
    assert table["quality"].to_pylist() == ["Estimée", "Réelle", "Réelle"]


def test_two_days_follow_each_other_whatever_their_order():
    first = [f"{h:02}:{m}:00;1000;Réelle" for h in range(24) for m in ("00", "30")]
    backwards = ["00:00:00;1000;Réelle", *reversed(first[1:])]
    found = reading(edf("31/01/2026;;", *backwards, "30/01/2026;;", *backwards))
    table = found.tables[0]
    assert table.num_rows == 96
    assert table["kwh"].null_count == 0
    assert table["start"][0].as_py() == datetime(2026, 1, 29, 23, tzinfo=UTC)


def test_the_25_hours_of_october_come_out_of_hours_that_go_backwards():
    hours = ["00:00:00"] + [f"{h:02}:{m}:00" for h in range(23, 2, -1) for m in ("30", "00")]
    hours += ["02:30:00", "02:00:00", "02:30:00", "02:00:00", "01:30:00", "01:00:00", "00:30:00"]
    found = reading(edf("31/10/2021;;", *(f"{hour};1000;Réelle" for hour in hours)))
    table = found.tables[0]
    assert table.num_rows == 50
    assert found.rejects == ()
    assert sum(table["kwh"].to_pylist()) == pytest.approx(25.0)


def test_duplicates_and_quarters_of_hours_are_refused():
    found = reading(
        edf(
            "30/01/2026;;",
            "23:30:00;4522;Réelle",
            "23:30:00;9999;Réelle",
            "23:15:00;1234;Réelle",
            "23:00:00;7446;Réelle",
        )
    )
    assert len(reasons(found)) == 2
    assert found.tables[0]["kwh"].to_pylist() == [3.723, 2.261]


def test_a_day_that_does_not_exist_takes_its_hours_with_it():
    found = reading(
        edf("31/02/2026;;", "23:30:00;1;Réelle", "30/01/2026;;", "23:30:00;2000;Réelle")
    )
    assert len(found.rejects) == 2
    assert found.tables[0]["kwh"].to_pylist() == [1.0]


def test_the_unit_of_the_title_is_followed():
    titles = TITLES.replace("(W)", "(kW)")
    found = reading(edf("30/01/2026;;", "23:30:00;2;Réelle", "23:00:00;2;Réelle", titles=titles))
    assert found.tables[0]["kwh"].to_pylist() == [1.0, 1.0]


def test_without_titles_days_and_hours_are_enough():
    found = reading(edf("30/01/2026;;", "23:30:00;2000;Réelle", titles=""))
    assert found.tables[0]["kwh"].to_pylist() == [1.0]


def test_titles_without_a_day_are_refused():
    with pytest.raises(UnreadableFile, match="aucun jour"):
        reading(edf("23:30:00;2000;Réelle"))
