"""One meter's measured saving from its files: read, aligned on the works, measured, ready to show."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from atre.calc.errors import CalcRefusal
from atre.calc.savings.bill_periods import bill_weather, predicted_bill_kwh
from atre.calc.savings.constant_price import constant_price_saving
from atre.calc.savings.measured_bills import measure_bills
from atre.calc.savings.measured_daily import measure_daily
from atre.calc.savings.method import CaltrackMethod
from atre.calc.savings.model import NO_MODEL, number_or_none, predicted_kwh_per_day
from atre.calc.savings.result import REFUSED, MeasuredSavings
from atre.calc.savings.tiers import Tier
from atre.calc.savings.weather_range import FahrenheitSeries, plausible_daily_means
from atre.calc.savings.windows import bill_windows, daily_windows, temperatures_around
from atre.formats.meter_series import (
    EPOCH,
    DailyTemperatures,
    MeterSeries,
    daily_temperatures,
    meter_series,
)
from atre.formats.reading import Reading, UnreadableFile, collect
from atre.formats.recognition import recognise_stream
from atre.jobs.saving_stretches import Stretch, monthly_stretches, stretches_of_bills

Floats = NDArray[np.float64]

# Ten minutes over twenty years; a file of several meters goes through --meters.
MOST_ROWS = 1_500_000
# Days of weather taken on each side of the works, for bills that do not fall on a year exactly.
WEATHER_MARGIN_DAYS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterVerdict:
    """What is said of one meter: `answer` is the JSON, `stretches` what the chart draws."""

    answer: dict[str, Any]
    stretches: tuple[Stretch, ...]
    works_start: date
    works_end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Which saving is asked: when the works were, and how to look at the meter.

    works_end : first day after the works. price_eur_per_kwh : TTC, the same for both years.
    fits_cooling : None lets the file decide: a gas meter has no cooling.
    """

    works_start: date
    works_end: date
    confidence: float = 0.9
    fits_cooling: bool | None = None
    price_eur_per_kwh: float | None = None


def read_whole(path: Path) -> Reading:
    """A file that `formats` knows, whole. Raises UnreadableFile, also when it is too long."""
    with path.open("rb") as stream:
        known = recognise_stream(stream)
        rows = 0

        def counted() -> Any:
            nonlocal rows
            for part in known.read(stream):
                rows += part.rows.num_rows
                if rows > MOST_ROWS:
                    raise UnreadableFile(
                        f"Ce fichier a plus de {MOST_ROWS} lignes : ce n’est pas celui d’un seul "
                        "compteur. Plusieurs compteurs se mesurent avec --meters."
                    )
                yield part

        return collect(known, counted())


def measure_meter(
    meter: MeterSeries, weather: DailyTemperatures, question: Question
) -> MeterVerdict:
    """The saving of one meter, or why there is none; never raises for what the data hold."""
    fits_cooling = meter.basis is None if question.fits_cooling is None else question.fits_cooling
    method = CaltrackMethod(confidence=question.confidence, fits_cooling=fits_cooling)
    try:
        plausible = plausible_daily_means(weather.mean, on=question.works_start)
    except FahrenheitSeries as refusal:
        return _refused(refusal, "fahrenheit_temperatures", question)
    strays = int(np.count_nonzero(np.isfinite(weather.mean) & ~plausible))
    weather_c = np.where(plausible, weather.mean, np.nan)
    measure = _measure_daily if meter.is_daily else _measure_bills
    found, stretches = measure(meter, weather_c[None, :], weather.first_day, question, method)
    answer = found.as_dict(0)
    answer["resolution"] = "daily" if meter.is_daily else "bills"
    answer["input_warnings"] = _input_warnings(meter, weather, strays)
    answer["constant_price"] = _constant_price(found, question.price_eur_per_kwh)
    return MeterVerdict(
        answer=answer,
        stretches=stretches,
        works_start=question.works_start,
        works_end=question.works_end,
    )


def measure_files(
    meter_path: Path,
    weather_path: Path,
    question: Question,
    *,
    meter_id: str | None = None,
    place: str | None = None,
) -> MeterVerdict:
    """The same from two files; what was not read in them is counted in the answer.

    Raises UnreadableFile when one of them gives nothing.
    """
    meter_file, weather_file = read_whole(meter_path), read_whole(weather_path)
    verdict = measure_meter(
        meter_series(meter_file, meter_id), daily_temperatures(weather_file, place), question
    )
    for name, reading in (("meter_file", meter_file), ("weather_file", weather_file)):
        verdict.answer[name] = {
            "format": reading.format.key,
            "rows": reading.rows,
            "rejects": [
                {"line": one.line, "reason": one.reason_fr, "found": one.found}
                for one in reading.rejects[:20]
            ],
            "rejected_rows": len(reading.rejects),
            "warnings": [f"{one.reason_fr} ({one.count})" for one in reading.warnings],
        }
    return verdict


def _measure_daily(
    meter: MeterSeries, weather: Floats, first_day: int, question: Question, method: CaltrackMethod
) -> tuple[MeasuredSavings, tuple[Stretch, ...]]:
    start, end = _number(question.works_start), _number(question.works_end)
    zero = np.zeros(1, dtype=np.int64)
    windows = daily_windows(
        np.zeros(len(meter.kwh), dtype=np.int64),
        meter.start_day,
        meter.kwh,
        works_start=zero + start,
        works_end=zero + end,
        method=method,
    )
    before_day = start - method.baseline_days
    before = temperatures_around(weather, first_day, zero, zero + before_day, method.baseline_days)
    after = temperatures_around(weather, first_day, zero, zero + end, method.reporting_days)
    found = measure_daily(
        windows.baseline_kwh,
        before,
        windows.reporting_kwh,
        after,
        method=method,
        refusals=windows.refusals,
    )
    stretches: list[Stretch] = []
    for day, used, degrees, is_after in (
        (before_day, windows.baseline_kwh, before, False),
        (end, windows.reporting_kwh, after, True),
    ):
        expected = _expected(found, degrees)
        stretches += monthly_stretches(day, used[0], expected, after_works=is_after)
    return found, tuple(stretches)


def _expected(found: MeasuredSavings, degrees: Floats) -> Floats:
    if found.models.kind[0] == NO_MODEL:
        return np.full(degrees.shape[1], np.nan)
    return predicted_kwh_per_day(found.models, degrees)[0]


def _measure_bills(
    meter: MeterSeries, weather: Floats, first_day: int, question: Question, method: CaltrackMethod
) -> tuple[MeasuredSavings, tuple[Stretch, ...]]:
    start, end = _number(question.works_start), _number(question.works_end)
    zero = np.zeros(1, dtype=np.int64)
    windows = bill_windows(
        meter.start_day[None, :],
        meter.end_day[None, :],
        meter.kwh[None, :],
        works_start=zero + start,
        works_end=zero + end,
        method=method,
    )
    from_day = start - method.baseline_days - WEATHER_MARGIN_DAYS
    days = end - from_day + method.reporting_days + WEATHER_MARGIN_DAYS
    degrees = temperatures_around(weather, first_day, zero, zero + from_day, days)
    found = measure_bills(windows, degrees, zero + from_day, method=method)
    stretches: list[Stretch] = []
    for starts, ends, kwh, is_after in (
        (windows.baseline_start, windows.baseline_end, windows.baseline_kwh, False),
        (windows.reporting_start, windows.reporting_end, windows.reporting_kwh, True),
    ):
        seen = bill_weather(starts, ends, degrees, zero + from_day, method)
        expected = predicted_bill_kwh(found.models, seen)
        stretches += stretches_of_bills(
            starts[0], ends[0], kwh[0], expected[0], after_works=is_after
        )
    return found, tuple(stretches)


def _constant_price(found: MeasuredSavings, price: float | None) -> dict[str, Any] | None:
    if price is None or found.refusals[0]:
        return None
    euros = constant_price_saving(found.saving_kwh, found.saving_half_width_kwh, price)
    return {
        "price_eur_per_kwh": price,
        "saving_eur": number_or_none(euros.saving_eur[0]),
        "saving_interval_eur": [
            number_or_none(euros.low_eur[0]),
            number_or_none(euros.high_eur[0]),
        ],
    }


def _input_warnings(meter: MeterSeries, weather: DailyTemperatures, strays: int) -> list[str]:
    said = []
    if strays:
        said.append(f"{strays} températures impossibles en France ont été laissées de côté.")
    if weather.contradicted_days:
        said.append(
            f"{weather.contradicted_days} jours ont deux températures différentes : inconnus."
        )
    if meter.incomplete_days:
        said.append(f"{meter.incomplete_days} jours connus à moitié ou moins ne comptent pas.")
    if meter.basis == "pci":
        said.append("Les kWh de gaz sont en PCI : ne les comparez pas à une facture, en PCS.")
    return said


def _refused(refusal: CalcRefusal, code: str, question: Question) -> MeterVerdict:
    return MeterVerdict(
        answer=refused_answer([refusal.message_fr], [code], question.confidence),
        stretches=(),
        works_start=question.works_start,
        works_end=question.works_end,
    )


def refused_answer(reasons: list[str], codes: list[str], confidence: float) -> dict[str, Any]:
    """The answer when nothing could be computed: every figure is unknown."""
    unknown = (
        "model", "baseline_kwh", "baseline_days", "counterfactual_kwh", "reported_kwh",
        "reporting_days", "saving_kwh", "saving_interval_kwh", "saving_share",
        "raw_difference_kwh", "weather_effect_kwh", "constant_price",
    )  # fmt: skip
    return {
        "status": REFUSED,
        "reasons": reasons,
        "reason_codes": codes,
        **dict.fromkeys(unknown),
        "confidence": confidence,
        "cautions": [],
        "caution_codes": [],
        "tier": str(Tier.MEASURED),
    }


def _number(day: date) -> int:
    return (day - EPOCH).days
