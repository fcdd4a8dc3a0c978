"""A figure as a page shows it: its words, where it comes from, and the way down to its rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from atre.warehouse.catalogue import BREAK_2018_FR, GAS_FR
from atre.warehouse.catalogue import indicator as catalogued
from atre.warehouse.figures import Figure
from atre.warehouse.indicators import Flag
from atre.web.design import charts
from atre.web.design.formatting import NBSP, NNBSP, number
from atre.web.observatory import publishers, words
from atre.web.observatory.places import Place

BREAK_YEAR = 2018


@dataclass(frozen=True)
class Shown:
    """One line of a chart and of its table. `figure` is None for an empty cell of a frame."""

    label: str
    figure: Figure | None
    rows_url: str = ""
    note: str = ""
    # The largest of the values read together, whose unit is then theirs.
    largest: float | None = None

    @property
    def value(self) -> float | None:
        return None if self.figure is None else self.figure.value

    @property
    def text(self) -> str:
        if self.figure is None:
            return "pas de donnée"
        return words.value_fr(self.figure, self.largest)

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
        cut = self.figure.sector or self.figure.energy or self.figure.category
        parts = (
            words.flag_fr(self.figure.flag),
            words.secret_fr(self.figure.secret_share),
            # A commune without farms has no line of farms: only a total says what is lacking.
            "" if cut else words.known_fr(self.figure),
        )
        return f"{NNBSP}; ".join(part for part in parts if part)

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


# What is computed has no rows of its own: those of what it is computed from.
MADE_FROM = {
    "consumption_emissions": "consumption",
    "consumption_corrected": "consumption",
    "energy_poverty_share": "median_income",
    "energy_poverty_households": "median_income",
}


def rows_url(place: Place, figure: Figure, basis: str = "pci", *, whole: bool = False) -> str:
    """The page of the rows behind a figure; `whole`: whatever its cutting."""
    origin = MADE_FROM.get(figure.indicator)
    asked: dict[str, Any] = {"indicateur": origin or figure.indicator}
    whole = whole or origin == "median_income"
    if figure.year is not None:
        asked["annee"] = figure.year
    if not whole:
        cut = {"secteur": figure.sector, "energie": figure.energy, "categorie": figure.category}
        asked |= {name: value for name, value in cut.items() if value}
    if basis != "pci":
        asked["base"] = basis
    return f"{place.url_of('observatory_rows')}?{urlencode(asked)}"


def shown(place: Place, figures: Iterable[Figure], label: Any, basis: str = "pci") -> list[Shown]:
    """Figures as lines, `label` naming each; those of one unit are read in one scale."""
    together = list(figures)
    known = [abs(one.value) for one in together if one.value is not None]
    largest = max(known, default=None)
    return [
        Shown(label(one), one, rows_url(place, one, basis), largest=largest) for one in together
    ]


def provenance(
    place: Place,
    figures: Sequence[Figure],
    basis: str = "pci",
    *,
    about: Figure | None = None,
    cautions: bool = True,
) -> Provenance | None:
    """What may be said of several figures of one indicator together; None when there is none.

    `about`: their total, which says what is lacking of them.
    """
    if not figures:
        return None
    first = max(figures, key=lambda one: one.year or 0)
    years = sorted({one.year for one in figures if one.year is not None})
    sources = dict.fromkeys(publishers.short_fr(one.source) for one in figures)
    source, said = ", ".join(sources), _years_fr(years)
    return Provenance(
        source=source,
        years="" if source.endswith(said) else said,
        standing=_standing_of(figures, about),
        geography=f"communes de {first.geography_year}",
        rows_url=rows_url(place, first, basis, whole=True),
        cautions=_cautions(first.indicator, years, basis) if cautions else (),
    )


def _cautions(key: str, years: Sequence[int], basis: str) -> tuple[str, ...]:
    """Those of the indicator that these figures call for."""
    useless = set()
    if basis == "pcs":
        useless.add(GAS_FR)
    if years and years[0] >= BREAK_YEAR:
        useless.add(BREAK_2018_FR)
    return tuple(one for one in catalogued(key).cautions_fr if one not in useless)


def _years_fr(years: Sequence[int]) -> str:
    if not years:
        return year_fr(None)
    return str(years[0]) if len(years) == 1 else f"{years[0]} à {years[-1]}"


def _standing_of(figures: Sequence[Figure], about: Figure | None) -> str:
    flags = dict.fromkeys(words.flag_fr(one.flag) for one in figures)
    whole = about or (figures[0] if len(figures) == 1 else None)
    most = max(one.secret_share for one in figures)
    parts = (
        "donnée " + " ou ".join(flags),
        words.secret_fr(whole.secret_share if whole else most),
        words.known_fr(whole) if whole else "",
        "total donné par le producteur" if all(one.as_published for one in figures) else "",
    )
    return f"{NNBSP}; ".join(part for part in parts if part)


def with_share(line: Shown, whole: Figure | None) -> Shown:
    if line.value is None or whole is None or not whole.value:
        return line
    share = words.share_fr(line.value / whole.value)
    return Shown(line.label, line.figure, line.rows_url, share, line.largest)


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
