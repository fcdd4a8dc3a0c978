"""A figure as a page shows it: its words, where it comes from, and the way down to its rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from atre.warehouse.catalogue import indicator as catalogued
from atre.warehouse.figures import Figure
from atre.warehouse.indicators import Flag
from atre.web.design import charts
from atre.web.design.formatting import NBSP, number
from atre.web.observatory import publishers, words
from atre.web.observatory.places import Place


@dataclass(frozen=True)
class Shown:
    """One line of a chart and of its table. `figure` is None for an empty cell of a frame."""

    label: str
    figure: Figure | None
    rows_url: str = ""
    note: str = ""

    @property
    def value(self) -> float | None:
        return None if self.figure is None else self.figure.value

    @property
    def text(self) -> str:
        return "pas de donnée" if self.figure is None else words.value_fr(self.figure)

    @property
    def is_secret(self) -> bool:
        return self.figure is not None and self.figure.flag is Flag.SECRET

    @property
    def bounds(self) -> str:
        return "" if self.figure is None else words.bounds_fr(self.figure)

    @property
    def standing(self) -> str:
        """« publiée », « estimée ; 3 % des données élémentaires sont secrètes »…"""
        if self.figure is None:
            return "pas de donnée"
        parts = (
            words.flag_fr(self.figure.flag),
            words.secret_fr(self.figure.secret_share),
            words.known_fr(self.figure),
        )
        return " ; ".join(part for part in parts if part)

    @property
    def year(self) -> str:
        return "" if self.figure is None else year_fr(self.figure.year)


@dataclass(frozen=True)
class Provenance:
    """What stands under a chart: who says it, of when, how surely, and its rows."""

    source: str
    years: str
    standing: str
    geography: str
    rows_url: str
    cautions: tuple[str, ...] = ()


def year_fr(year: int | None) -> str:
    return "année non dite" if year is None else str(year)


def rows_url(place: Place, figure: Figure, basis: str = "pci", *, whole: bool = False) -> str:
    """The page of the rows behind a figure; `whole`: whatever its cutting."""
    asked: dict[str, Any] = {"indicateur": figure.indicator}
    if figure.year is not None:
        asked["annee"] = figure.year
    if not whole:
        cut = {"secteur": figure.sector, "energie": figure.energy, "categorie": figure.category}
        asked |= {name: value for name, value in cut.items() if value}
    if basis != "pci":
        asked["base"] = basis
    return f"{place.url_of('observatory_rows')}?{urlencode(asked)}"


def shown(place: Place, figures: Iterable[Figure], label: Any, basis: str = "pci") -> list[Shown]:
    """Figures as lines, `label` naming each."""
    return [Shown(label(one), one, rows_url(place, one, basis)) for one in figures]


def provenance(
    place: Place, figures: Sequence[Figure], basis: str = "pci", *, cautions: bool = True
) -> Provenance | None:
    """What may be said of several figures of one indicator together; None when there is none."""
    if not figures:
        return None
    first = max(figures, key=lambda one: one.year or 0)
    years = sorted({one.year for one in figures if one.year is not None})
    sources = dict.fromkeys(publishers.short_fr(one.source) for one in figures)
    return Provenance(
        source=", ".join(sources),
        years=_years_fr(years),
        standing=_standing_of(figures),
        geography=f"communes de {first.geography_year}",
        rows_url=rows_url(place, first, basis, whole=True),
        cautions=catalogued(first.indicator).cautions_fr if cautions else (),
    )


def _years_fr(years: Sequence[int]) -> str:
    if not years:
        return year_fr(None)
    return str(years[0]) if len(years) == 1 else f"{years[0]} à {years[-1]}"


def _standing_of(figures: Sequence[Figure]) -> str:
    flags = dict.fromkeys(words.flag_fr(one.flag) for one in figures)
    least = min(figures, key=lambda one: one.known / (one.territories or 1))
    secret = words.secret_fr(max(one.secret_share for one in figures))
    parts = (
        "donnée " + " ou ".join(flags),
        f"jusqu’à {secret}" if secret and len(figures) > 1 else secret,
        words.known_fr(least),
        "total donné par le producteur" if all(one.as_published for one in figures) else "",
    )
    return " ; ".join(part for part in parts if part)


@dataclass(frozen=True)
class BarChart:
    """Bars on one scale, and the lines of its table. `bars` is empty when nothing can be drawn."""

    title: str
    bars: list[charts.Bar]
    lines: Sequence[Shown]
    provenance: Provenance | None


def bar_chart(title: str, lines: Sequence[Shown], origin: Provenance | None) -> BarChart:
    """The bars of lines of one unit. A negative value has no bar: the table alone says it."""
    known = [line.value for line in lines if line.value is not None]
    drawn: list[charts.Bar] = []
    if known and min(known) >= 0:
        drawn = plain_bars([(line.label, line.value, line.text, line.note) for line in lines])
    return BarChart(title, drawn, lines, origin)


def plain_bars(rows: Sequence[tuple[str, float | None, str, str]]) -> list[charts.Bar]:
    """Bars of (label, value, its words, note); a value that is not known has an empty bar."""
    bars, _ = charts.bars(
        [(label, value, note) for label, value, _, note in rows], "", 0, None, None
    )
    return [replace(bar, text=row[2]) for bar, row in zip(bars, rows, strict=True)]


@dataclass(frozen=True)
class LineChart:
    """Curves over years, and the lines of its table."""

    title: str
    curves: list[charts.Line]
    lines: Sequence[Shown]
    provenance: Provenance | None


def line_chart(
    title: str, series: Sequence[tuple[str, Sequence[Shown]]], origin: Provenance | None
) -> LineChart:
    """Curves of several series; a year without value breaks its curve."""
    years = sorted({line.figure.year or 0 for _, lines in series for line in lines if line.figure})
    known = [line.value for _, lines in series for line in lines if line.value is not None]
    unit = next((line.figure.unit for _, lines in series for line in lines if line.figure), "")
    name, size = words.scale_of(max(known, default=None), unit)
    decimals = words.decimals_of(max(known, default=0) / size) if size > 1 else 0
    drawn = [
        {"name": title_of, "points": _points(lines, years, size)} for title_of, lines in series
    ]
    curves = charts.lines(drawn, name, decimals, None)[0] if len(years) > 1 else []
    return LineChart(title, curves, [line for _, lines in series for line in lines], origin)


def _points(
    lines: Sequence[Shown], years: Sequence[int], size: float
) -> list[tuple[str, float | None]]:
    by_year = {line.figure.year or 0: line.value for line in lines if line.figure}
    return [
        (str(year), None if by_year.get(year) is None else (by_year[year] or 0) / size)
        for year in years
    ]


def change_fr(first: Figure, end: Figure) -> str:
    """« 4 % de moins qu’en 2020 », empty when one of the two lacks something."""
    if not first.value or end.value is None or first.secret_share > 0 or end.secret_share > 0:
        return ""
    change = end.value / first.value - 1
    if abs(change) < 0.005:
        return f"autant qu’en {first.year}"
    side = "de plus" if change > 0 else "de moins"
    return f"{number(abs(change) * 100)}{NBSP}% {side} qu’en {first.year}"
