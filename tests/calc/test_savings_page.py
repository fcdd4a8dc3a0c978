"""The worked example of the page for advisers is what the code finds on the real home's gas."""

import gzip
import io
import json
from datetime import date
from pathlib import Path

import numpy as np

from atre.calc.wording import number_fr
from atre.formats.meter_series import DailyTemperatures, meter_series
from atre.formats.reading import collect
from atre.formats.recognition import recognise
from atre.jobs.measured_saving import Question, measure_meter
from tests.calc.savings_cases import SHARED, day_number, needs

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "economies-mesurees.md"


@needs(SHARED / "grdf")
def test_the_worked_example_is_recomputed():
    folder = SHARED / "grdf"
    content = gzip.decompress((folder / "donnees_informatives.json.gz").read_bytes())
    known = recognise(content)
    weather = json.loads((folder / "temperatures.json").read_text(encoding="utf-8"))
    days = [day_number(date.fromisoformat(day)) for day in weather]
    mean = np.full(max(days) - min(days) + 1, np.nan)
    mean[np.array(days) - min(days)] = list(weather.values())
    event = date(2021, 12, 1)
    answer = measure_meter(
        meter_series(collect(known, known.read(io.BytesIO(content)))),
        DailyTemperatures(place=None, first_day=min(days), mean=mean),
        Question(works_start=event, works_end=event),
    ).answer
    model = answer["model"]
    low, high = answer["saving_interval_kwh"]
    degree_days = [
        (answer[use] - model["intercept"] * answer[days]) / model["beta_hdd"]
        for use, days in (
            ("baseline_kwh", "baseline_days"),
            ("counterfactual_kwh", "reporting_days"),
        )
    ]
    figures = [
        (answer["baseline_kwh"], 0),
        (answer["reported_kwh"], 0),
        (answer["raw_difference_kwh"], 0),
        (answer["counterfactual_kwh"], 0),
        (answer["weather_effect_kwh"], 0),
        (answer["saving_kwh"], 0),
        (answer["saving_share"] * 100, 1),
        (low, 0),
        (high, 0),
        (model["intercept"], 2),
        (model["beta_hdd"], 2),
        (model["heating_balance_point_c"], 1),
        *((value, 0) for value in degree_days),
    ]
    page = PAGE.read_text(encoding="utf-8").replace("\u202f", " ").replace("\u00a0", " ")
    for value, decimals in figures:
        assert number_fr(value, decimals).replace("\u202f", " ") in page


def test_every_reason_of_a_refusal_is_explained():
    from atre.calc.savings.sufficiency import Insufficiency

    page = PAGE.read_text(encoding="utf-8")
    assert [one.value for one in Insufficiency if f"`{one.value}`" not in page] == []
