"""The reference meters of opendsm and invented ones, as arrays for the tests of measured savings."""

import csv
import gzip
import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from atre.calc.savings.balance_points import celsius_of_fahrenheit

SHARED = Path(__file__).parents[3] / "shared" / "cases"
FOLDER = SHARED / "opendsm"
EPOCH = date(1970, 1, 1)


def needs(folder: Path) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        not folder.is_dir(), reason=f"reference cases are not here: shared/cases/{folder.name}"
    )


def day_number(day: date) -> int:
    return (day - EPOCH).days


@cache
def rows_of(name: str) -> tuple[tuple[datetime, float], ...]:
    with gzip.open(FOLDER / name, "rt", encoding="utf-8") as file:
        reader = csv.reader(file)
        next(reader)
        return tuple(
            (datetime.fromisoformat(moment).astimezone(UTC), float(value or "nan"))
            for moment, value in reader
        )


def metadata(name: str) -> dict:
    return json.loads((FOLDER / "metadata.json").read_text(encoding="utf-8"))[name]


@cache
def temperatures(name: str, *, shift_hours: int) -> tuple[int, np.ndarray]:
    """Daily means in °C, days beginning `shift_hours` after midnight UTC: (first day, values)."""
    hours, values = [], []
    for moment, fahrenheit in rows_of(metadata(name)["temperature_filename"]):
        hours.append(int(moment.timestamp()) // 3600 - shift_hours)
        values.append(fahrenheit)
    days, kept = np.array(hours) // 24, np.isfinite(values)
    first = int(days.min())
    count = np.bincount(days[kept] - first)
    total = np.bincount(days[kept] - first, weights=np.array(values)[kept])
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(count > 12, total / count, np.nan)
    return first, celsius_of_fahrenheit(mean)
