"""Invented meters with known truth, for the measured-savings benchmark: days, bills, hourly weather."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FIRST_DAY = 18_993  # 1 January 2022
WORKS_DAY = FIRST_DAY + 400
DAYS = 800
# Heating and cooling, kWh per °C·day, and their balance points.
KINDS = {
    "hdd": (3.2, 15.5, 0.0, 22.0),
    "cdd": (0.0, 15.0, 4.0, 19.0),
    "both": (2.1, 13.0, 3.4, 20.5),
    "none": (0.0, 15.0, 0.0, 22.0),
}
SAVED = 0.12


@dataclass(frozen=True)
class Meter:
    """One meter: its kind, its daily use, and its bills when it is known by bills only."""

    name: str
    daily: bool
    start_day: NDArray[np.int64]
    end_day: NDArray[np.int64]
    kwh: NDArray[np.float64]


def hourly_celsius(seed: int = 1) -> NDArray[np.float64]:
    """Hourly temperatures of all the days, shape (DAYS × 24,)."""
    rng = np.random.default_rng(seed)
    hours = np.arange(DAYS * 24)
    year = -9 * np.cos((hours / 24 - 20) * 2 * np.pi / 365.25)
    spell = np.repeat(rng.normal(0, 3, DAYS), 24)
    return 12 + year + spell + 4 * np.sin((hours % 24 - 9) * 2 * np.pi / 24)


def meters(celsius: NDArray[np.float64], copies: int = 1) -> list[Meter]:
    """Every kind, by days and by monthly bills, `copies` times with other noise."""
    made = []
    mean = celsius.reshape(-1, 24).mean(axis=1)
    for copy in range(copies):
        for kind, (heat, heat_base, cool, cool_base) in KINDS.items():
            rng = np.random.default_rng(1000 * copy + len(made))
            use = (
                8 + heat * np.maximum(heat_base - mean, 0) + cool * np.maximum(mean - cool_base, 0)
            )
            use = use * np.where(np.arange(DAYS) >= WORKS_DAY - FIRST_DAY, 1 - SAVED, 1)
            use = np.abs(use + rng.normal(0, 2, DAYS)).round(3)
            days = FIRST_DAY + np.arange(DAYS)
            made.append(Meter(f"{kind}-daily-{copy}", True, days, days + 1, use))
            made.append(_billed(f"{kind}-billing-{copy}", use, rng))
    return made


def _billed(name: str, use: NDArray[np.float64], rng: np.random.Generator) -> Meter:
    """Bills of 28 to 33 days, one of which ends on the day of the works."""
    before = WORKS_DAY - np.cumsum(rng.integers(28, 34, 12))[::-1]
    after = WORKS_DAY + np.cumsum(rng.integers(28, 34, 12))
    edges = np.concatenate([before, [WORKS_DAY], after])
    total = np.concatenate([[0.0], np.cumsum(use)])
    kwh = np.diff(total[edges - FIRST_DAY])
    return Meter(name, False, edges[:-1], edges[1:], kwh)


def as_json(celsius: NDArray[np.float64], made: list[Meter]) -> dict[str, Any]:
    """What the peers read: temperatures in °F, as they expect, and starts of periods."""
    return {
        "first_day": FIRST_DAY,
        "works_day": WORKS_DAY,
        "fahrenheit": (celsius * 1.8 + 32).tolist(),
        "meters": [
            {
                "name": one.name,
                "daily": one.daily,
                "start": [*one.start_day.tolist(), int(one.end_day[-1])],
                "kwh": one.kwh.tolist(),
            }
            for one in made
        ],
    }
