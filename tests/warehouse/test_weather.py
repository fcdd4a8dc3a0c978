"""Daily temperatures become degree days of whole years; homes are corrected by them, and nothing else."""

from datetime import UTC, date, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from atre.calc.parameters import parameter
from atre.formats.reading import UnreadableFile
from atre.formats.territory_figures import Level
from atre.warehouse.gate import released
from atre.warehouse.marts.consumption_corrected import factors, reference_category, reference_years
from atre.warehouse.sources.receipts import FIGURES_FILE, folder_of
from atre.warehouse.sources.receiving import receive
from atre.warehouse.sources.weather import BASE, INCOMPLETE_FR, METHOD_FR
from atre.warehouse.territories import atlas
from tests.support.observatory import SmallObservatory, row

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
# 1 January to 20 May, and 1 October to 31 December.
SEASON_2023 = 31 + 28 + 31 + 30 + 20 + 31 + 30 + 31


def daily_file(folder, years, *, without=(), middle_c=8.0, department="95"):
    """A file of ODRÉ where each day of the years is around the same temperature."""
    lines = ["date_obs;code_insee_departement;tmin;tmax;tmoy"]
    day = date(min(years), 1, 1)
    while day <= date(max(years), 12, 31):
        if day not in without:
            lines.append(f"{day};{department};{middle_c - 3};{middle_c + 3};{middle_c}")
        day += timedelta(days=1)
    path = folder / f"temperatures-{department}-{min(years)}-{middle_c}-{len(without)}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def kept(observatory, receipt):
    return pq.read_table(folder_of(observatory.folders, receipt.key) / FIGURES_FILE).to_pylist()


def test_days_of_a_heating_season_become_the_degree_days_of_their_year(observatory, tmp_path):
    path = daily_file(tmp_path, [2023], middle_c=8.0)

    receipt = receive(observatory.folders, path, now=NOW).receipt

    [line] = kept(observatory, receipt)
    assert (line["territory"], line["year"], line["level"]) == ("95", 2023, Level.DEPARTMENT)
    assert line["value"] == pytest.approx(10.0 * SEASON_2023)
    assert (line["measure"], line["status"]) == ("heating_degree_days", "estimated")
    assert METHOD_FR in receipt.warnings


def test_the_method_that_is_said_is_the_one_of_the_parameters():
    assert f"base {parameter(BASE, on=date(2023, 1, 1)).number:g} °C" in METHOD_FR


def test_a_year_that_lacks_a_winter_day_is_unknown_rather_than_mild(observatory, tmp_path):
    path = daily_file(tmp_path, [2022, 2023], without=[date(2023, 2, 3)])

    receipt = receive(observatory.folders, path, now=NOW).receipt

    assert [line["year"] for line in kept(observatory, receipt)] == [2022]
    assert receipt.warnings[INCOMPLETE_FR] == 1


def test_a_missing_summer_day_takes_nothing_from_a_winter(observatory, tmp_path):
    path = daily_file(tmp_path, [2023], without=[date(2023, 7, 14)])

    [line] = kept(observatory, receive(observatory.folders, path, now=NOW).receipt)

    assert line["value"] == pytest.approx(10.0 * SEASON_2023)


def test_a_file_without_one_whole_year_is_refused_in_a_sentence(observatory, tmp_path):
    path = daily_file(tmp_path, [2023], without=[date(2023, 12, 31)])

    with pytest.raises(UnreadableFile, match="année entière"):
        receive(observatory.folders, path, now=NOW)


def weather(observatory: SmallObservatory, days: dict[tuple[str, int], float]) -> None:
    standard = {"measure": "heating_degree_days", "unit": "degree_days", "level": "department"}
    observatory.receive(
        "odre_temperatures",
        [row(place, value, year=year, **standard) for (place, year), value in days.items()],
    )


def homes(territory, value, **more):
    return row(territory, value, **{"sector": "residential", "energy": "gas", **more})


def corrected(observatory, territory, **more):
    return released(
        "consumption_corrected",
        atlas(observatory.folders).territory(territory),
        folders=observatory.folders,
        **more,
    )


def test_gas_of_homes_is_brought_to_the_mean_of_the_years_received(observatory):
    weather(observatory, {("95", 2022): 2200.0, ("95", 2023): 1800.0})
    observatory.receive("ore_consumption", [homes("95001", 10_000.0)])
    observatory.build("consumption", "consumption_corrected")

    [found] = corrected(observatory, "com:95001")

    # 10 000 × (1 − 0,8 + 0,8 × 2 000 ÷ 1 800), as the explanation shows.
    assert found.value == pytest.approx(10_888_888.9, abs=0.1)
    assert (found.flag, found.category) == ("estimated", "reference:2022-2023")


def test_the_raw_figure_stays_beside(observatory):
    weather(observatory, {("95", 2022): 2200.0, ("95", 2023): 1800.0})
    observatory.receive("ore_consumption", [homes("95001", 10_000.0)])
    observatory.build("consumption", "consumption_corrected")

    [raw] = released(
        "consumption",
        atlas(observatory.folders).territory("com:95001"),
        folders=observatory.folders,
    )

    assert (raw.value, raw.flag) == (10_000_000, "measured")


def test_other_sectors_are_never_corrected(observatory):
    weather(observatory, {("95", 2023): 1800.0})
    observatory.receive(
        "ore_consumption", [homes("95001", 1.0, sector="tertiary"), homes("95001", 2.0)]
    )

    lines = observatory.mart("consumption_corrected")

    assert [line["sector"] for line in lines] == ["residential"]


@pytest.mark.parametrize(
    ("given", "flag"),
    [
        (homes("83001", 5.0), "missing"),
        (homes("95001", 5.0, year=2019), "missing"),
        (homes("95001", 5.0, energy="coal"), "missing"),
        (homes("95001", 5.0, energy=None), "missing"),
        (homes("95001", None, status="secret"), "secret"),
        (homes("95001", 5.0), "estimated"),
    ],
    ids=["other department", "other year", "no share", "no energy", "secret", "known"],
)
def test_what_cannot_be_corrected_is_unknown_never_raw(observatory, given, flag):
    weather(observatory, {("95", 2023): 1800.0})
    observatory.receive("ore_consumption", [given])

    [line] = observatory.mart("consumption_corrected")

    assert line["flag"] == flag
    assert (line["value"] is None) == (flag != "estimated")


def test_without_any_temperature_there_is_no_corrected_figure(observatory):
    observatory.receive("ore_consumption", [homes("95001", 5.0)])

    assert observatory.mart("consumption_corrected") == []


def test_a_department_is_corrected_by_its_own_degree_days(observatory):
    weather(observatory, {("95", 2022): 2200.0, ("95", 2023): 1800.0})
    observatory.receive("sdes_local_energy", [homes("95", 10_000.0, level="department")])

    [line] = observatory.mart("consumption_corrected")

    assert (line["territory"], line["level"]) == ("95", "department")
    assert line["value"] == pytest.approx(10_888_888.9, abs=0.1)


def test_the_reference_is_the_years_that_most_departments_have():
    days = {("95", 2021): 2000.0, ("95", 2022): 1.0, ("83", 2021): 1.0, ("95", 2023): 3.0}

    assert reference_years(days) == (2021,)


def test_a_department_without_the_reference_years_has_no_factor():
    days = {("95", 2021): 2000.0, ("83", 2022): 1000.0}

    assert set(factors(days, (2021,))["factor_department"].to_pylist()) == {"95"}


def test_a_department_almost_without_winter_does_not_stop_the_others():
    days = {("95", 2021): 2000.0, ("974", 2021): 0.0}

    assert set(factors(days, (2021,))["factor_department"].to_pylist()) == {"95"}


def test_the_reference_says_when_some_of_its_years_are_not_there():
    assert reference_category((2018, 2019, 2020)) == "reference:2018-2020"
    assert reference_category((2018, 2020)) == "reference:2018-2020(2)"


def test_degree_days_of_a_year_reach_the_communes(observatory):
    weather(observatory, {("95", 2023): 1800.0})

    lines = {(line["territory"], line["year"]): line for line in observatory.mart("climate")}

    assert lines["95001", 2023]["value"] == 1800
    assert lines["95001", 2023]["indicator"] == "heating_degree_days"
    assert ("83001", 2023) not in lines
