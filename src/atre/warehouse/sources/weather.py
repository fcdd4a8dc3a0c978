"""Daily temperatures of departments, received as yearly degree days: the figures that an observatory
corrects consumption with.

Météo formula on the conventional base and heating season (1 October to 20 May): the days of a
calendar year that are in the season, from its two winters. A year that lacks one of these days has
no figure: a sum of the others would say that its winter was mild.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from atre.calc.parameters import parameter
from atre.calc.savings.degree_days import (
    degree_days_meteo,
    heating_degree_days_of_mean,
    in_heating_season,
)
from atre.formats.reading import (
    DAILY_EXTREMES,
    DAILY_TEMPERATURES,
    Format,
    Part,
    Warned,
    without_rows,
)
from atre.formats.territory_figures import FIGURES, Level, Status

MEASURE, UNIT = "heating_degree_days", "degree_days"
# Its files are of departments; a station's temperature is not its department's.
OF_DEPARTMENTS = frozenset({"odre_temperatures"})
DEPARTMENT = re.compile(r"département (2[AB]|\d{2,3})")
BASE = "degree_days.base"
METHOD_FR = (
    "Degrés-jours de chauffage de l’année civile, base 18 °C, formule Météo, jours du 1er janvier au "
    "20 mai et du 1er octobre au 31 décembre, à partir des températures quotidiennes du fichier."
)
INCOMPLETE_FR = (
    "Années d’un département sans toutes leurs journées de saison de chauffe : leurs degrés-jours "
    "restent inconnus. Donnez un fichier qui a l’année entière."
)

Floats = NDArray[np.float64]
Days = NDArray[np.datetime64]


def degree_days_of(read_as: Format) -> Format:
    """The format itself, or for daily temperatures of departments, one that gives their degree days
    as rows of FIGURES."""
    if read_as.key not in OF_DEPARTMENTS:
        return read_as
    return Format(
        key=read_as.key,
        title_fr=read_as.title_fr,
        recognises=read_as.recognises,
        read=partial(_read, read_as=read_as),
    )


def _read(stream: BinaryIO, *, read_as: Format) -> Iterator[Part]:
    """What the file refuses and warns of, then its degree days: a year is known at its last line."""
    means: list[pa.RecordBatch] = []
    extremes: list[pa.RecordBatch] = []
    for part in read_as.read(stream):
        if part.rows.schema.equals(DAILY_TEMPERATURES):
            means.append(part.rows)
        elif part.rows.schema.equals(DAILY_EXTREMES):
            extremes.append(part.rows)
        yield without_rows(rejects=part.rejects, warnings=part.warnings)
    yield _yearly(
        pa.Table.from_batches(means, DAILY_TEMPERATURES),
        pa.Table.from_batches(extremes, DAILY_EXTREMES),
    )


def _yearly(means: pa.Table, extremes: pa.Table) -> Part:
    joined = means.join(extremes, keys=["place", "date"], join_type="left outer")
    texts, places = np.unique(
        np.asarray(joined["place"].fill_null("").to_pylist(), dtype=np.str_), return_inverse=True
    )
    days = joined["date"].to_numpy().astype("datetime64[D]")
    cold = degree_days_of_days(
        *(_floats(joined[name]) for name in ("minimum_c", "maximum_c", "temperature_c")), on=days
    )
    years, place_of, sums = yearly_sums(places.astype(np.int64), days, cold)
    codes = [found[1] if (found := DEPARTMENT.fullmatch(text)) else None for text in texts.tolist()]
    kept = [at for at in range(len(sums)) if codes[place_of[at]] and not np.isnan(sums[at])]
    lost = sum(1 for at in range(len(sums)) if codes[place_of[at]] and np.isnan(sums[at]))
    rows = [_figure(str(codes[place_of[at]]), int(years[at]), float(sums[at])) for at in kept]
    warnings = [Warned(METHOD_FR), *([Warned(INCOMPLETE_FR, lost)] if lost else [])]
    return Part(rows=_batch(rows), warnings=tuple(warnings))


def degree_days_of_days(low: Floats, high: Floats, mean: Floats, *, on: Days) -> Floats:
    """Degree days of n days, shape (n,), °C·day, NaN unknown: from their two extremes, else from the
    publisher's mean, which is the middle of the two."""
    base = parameter(BASE, on=_last(on)).number
    of_extremes = degree_days_meteo(low, high, base)
    found: Floats = np.where(
        np.isnan(of_extremes), heating_degree_days_of_mean(mean, base), of_extremes
    )
    return found


def yearly_sums(
    places: NDArray[np.int64], days: Days, degree_days: Floats
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Years, places and sums of n days, in their order, NaN where a day of the season is not known.

    A place has each day at most once.
    """
    season = in_heating_season(days, on=_last(days)) if days.size else np.zeros(0, dtype=np.bool_)
    places, days, degree_days = places[season], days[season], degree_days[season]
    of_year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    keys, group = np.unique(np.stack((of_year, places)), axis=1, return_inverse=True)
    group = group.reshape(-1)
    known = ~np.isnan(degree_days)
    counts = np.bincount(group[known], minlength=keys.shape[1])
    sums = np.bincount(group[known], weights=degree_days[known], minlength=keys.shape[1])
    expected = np.array([_season_days(int(year)) for year in keys[0]], dtype=np.int64)
    return keys[0], keys[1], np.where(counts == expected, sums, np.nan)


def _season_days(year: int) -> int:
    days = np.arange(f"{year}-01-01", f"{year + 1}-01-01", dtype="datetime64[D]")
    return int(in_heating_season(days, on=date(year, 12, 31)).sum())


def _last(days: Days) -> date:
    found: date = days.max().item() if days.size else date.max
    return found


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.to_numpy(), dtype=np.float64)


def _figure(department: str, year: int, value: float) -> dict[str, object]:
    return {
        "level": Level.DEPARTMENT.value,
        "territory": department,
        "year": year,
        "measure": MEASURE,
        "value": value,
        "unit": UNIT,
        # Ours, of temperatures that were published.
        "status": Status.ESTIMATED.value,
    }


def _batch(rows: Iterable[dict[str, object]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(list(rows), schema=FIGURES)
