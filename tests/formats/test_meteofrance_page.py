"""The figures of docs/explanation/meteo.md are those of the files it names."""

import gzip
import io
from pathlib import Path

import numpy as np
import pytest

from atre.calc.wording import NARROW, number_fr
from atre.formats.reading import Reading, collect
from atre.formats.recognition import recognise_stream

SHARED = Path(__file__).parents[3] / "shared"
PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "meteo.md"
SIM2 = "cases/weather/meteofrance_SIM2_daily_St-Crepin_2020-2023.csv.gz"
ODRE = "reference/data/temperature_quotidienne_departementale_2018_2020.csv.gz"
BASE_C = 18


def read(name: str) -> Reading:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"real files absent: {path} is not in the repository")
    stream = io.BytesIO(gzip.decompress(path.read_bytes()))
    known = recognise_stream(stream)
    return collect(known, known.read(stream))


def of_year(reading: Reading, year: int, place: str | None = None) -> np.ndarray:
    table = reading.tables[0]
    days = table.column("date").to_numpy()
    chosen = days.astype("datetime64[Y]") == np.datetime64(str(year), "Y")
    if place:
        chosen &= np.array([each == place for each in table.column("place").to_pylist()])
    return chosen


def line(title: str, mean: float, degree_days: float, decimals: int) -> str:
    shown = number_fr(degree_days).replace(NARROW, " ")
    return f"| {title} | {number_fr(mean, decimals)} °C | {shown} |"


def test_the_example_of_the_half_sum_is_that_of_the_file():
    reading = read(SIM2)
    chosen = of_year(reading, 2022)
    hours = reading.tables[0].column("temperature_c").to_numpy()[chosen]
    low = reading.tables[1].column("minimum_c").to_numpy()[chosen]
    high = reading.tables[1].column("maximum_c").to_numpy()[chosen]
    half = (low + high) / 2
    page = PAGE.read_text()
    sums = [np.maximum(BASE_C - values, 0).sum() for values in (hours, half)]
    assert line("Moyenne des heures", hours.mean(), sums[0], 2) in page
    assert line("Demi-somme des extrêmes", half.mean(), sums[1], 2) in page
    assert f"{round(100 * (1 - sums[1] / sums[0]))} % de degrés-jours de moins. Un hiver" in page


def test_the_example_of_the_department_is_that_of_the_files():
    sim2, odre = read(SIM2), read(ODRE)
    square = sim2.tables[0].column("temperature_c").to_numpy()[of_year(sim2, 2020)]
    department = (
        odre.tables[0].column("temperature_c").to_numpy()[of_year(odre, 2020, "département 05")]
    )
    page = PAGE.read_text()
    sums = [np.maximum(BASE_C - values, 0).sum() for values in (department, square)]
    assert line("ODRÉ, département 05", department.mean(), sums[0], 1) in page
    assert line("SIM2, maille de Saint-Crépin", square.mean(), sums[1], 1) in page
    assert (
        f"{round(100 * (1 - sums[0] / sums[1]))} % de degrés-jours de moins que sa maille" in page
    )
