"""A territory told from top to bottom: who lives there, what is consumed, produced, emitted, lacked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from atre.formats.territory_figures import Energy, Sector
from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.figures import Figure
from atre.web.design.formatting import NBSP, number, percent
from atre.web.observatory import words
from atre.web.observatory.reading import MUNICIPAL, Reading, last, per_inhabitant
from atre.web.observatory.showing import (
    BarChart,
    LineChart,
    Provenance,
    Shown,
    bar_chart,
    change_fr,
    line_chart,
    provenance,
    shown,
    year_fr,
)

PCAET_SECTORS = tuple(Sector)[:8]
PCAET_ENERGIES = (
    Energy.ELECTRICITY,
    Energy.GAS,
    Energy.HEAT_NETWORK,
    Energy.OIL,
    Energy.WOOD,
    Energy.OTHER,
)
OCCUPANCY = ({"main", "occupancy:main"}, {"secondary", "occupancy:secondary"}, {"vacant", "occupancy:vacant"})  # fmt: skip
TYPES = ({"houses", "type:house"}, {"flats", "type:flat"})
CLASSES = tuple(f"dpe:{letter}" for letter in "ABCDEFG")
WORST = ("dpe:F", "dpe:G")
TOLD = frozenset(
    {
        "population",
        "dwellings",
        "degree_days",
        "consumption",
        "production",
        "installed_power",
        "emissions",
        "median_income",
        "poverty_rate",
        "energy_poverty_share",
        "energy_poverty_households",
        "dpe_count",
    }
)


@dataclass(frozen=True)
class Stat:
    """One of the few figures to start with."""

    label: str
    value: str | None
    note: str
    source: str


def key_figures(reading: Reading) -> list[Stat]:
    """What a meeting starts with, each with its year and its source."""
    population, spent = reading.population(), reading.total("consumption")
    each = per_inhabitant(spent, reading.population(spent.year if spent else None))
    found = [
        _stat("Habitants", population, "population municipale"),
        _stat("Logements", reading.total("dwellings")),
        _stat("Énergie consommée", spent, words.BASES_FR[reading.basis]),
    ]
    if spent is not None and each is not None:
        origin = provenance(reading.place, [spent], cautions=False)
        found.append(
            Stat(
                "Par habitant",
                words.quantity_fr(each, "kWh"),
                f"en {year_fr(spent.year)}",
                origin.source if origin else "",
            )
        )
    found.append(_stat("Part des ménages en précarité énergétique", reading.total("energy_poverty_share"), "estimation"))  # fmt: skip
    return [one for one in found if one.value is not None]


def _stat(label: str, figure: Figure | None, note: str = "") -> Stat:
    if figure is None or figure.value is None:
        return Stat(label, None, note, "")
    parts = (note, year_fr(figure.year), words.known_fr(figure), words.bounds_fr(figure))
    said = ", ".join(part for part in parts if part)
    return Stat(label, words.value_fr(figure), said, words.publishers_fr(figure))


@dataclass(frozen=True)
class People:
    populations: list[Shown]
    origin: Provenance | None
    occupancy: BarChart | None
    types: BarChart | None
    dwellings: Shown | None
    degree_days: Shown | None


def people(reading: Reading) -> People:
    """Populations by kind and year, dwellings by occupancy and by type, degree days."""
    place = reading.place
    found = sorted(reading.people, key=lambda one: (one.category != MUNICIPAL, -(one.year or 0)))
    return People(
        populations=shown(place, found, lambda one: words.category_fr(one.category)),
        origin=provenance(place, found),
        occupancy=_dwellings(reading, "Qui les occupe", OCCUPANCY),
        types=_dwellings(reading, "Maisons et appartements", TYPES),
        dwellings=_alone(reading, "dwellings", "Logements"),
        degree_days=_alone(reading, "degree_days", "Degrés-jours de chauffage"),
    )


def _alone(reading: Reading, key: str, label: str) -> Shown | None:
    figure = reading.total(key)
    return None if figure is None else shown(reading.place, [figure], lambda _: label)[0]


def _dwellings(reading: Reading, title: str, classes: Sequence[set[str]]) -> BarChart | None:
    latest = reading.latest("dwellings")
    wanted = [one for names in classes for one in latest if one.category in names]
    if not wanted:
        return None
    whole = next((one for one in latest if one.category is None), None)
    lines = shown(reading.place, wanted, lambda one: words.category_fr(one.category))
    return bar_chart(
        title, [_with_share(line, whole) for line in lines], provenance(reading.place, wanted)
    )


def _with_share(line: Shown, whole: Figure | None) -> Shown:
    if line.value is None or whole is None or not whole.value:
        return line
    return Shown(line.label, line.figure, line.rows_url, percent(line.value / whole.value))


@dataclass(frozen=True)
class Consumption:
    trend: LineChart | None
    sectors: BarChart | None
    per_inhabitant: list[tuple[str, str, str]]
    frame: "Frame | None"


@dataclass(frozen=True)
class Frame:
    """The sectors × energies of a PCAET, empty cells included."""

    year: str
    energies: list[str]
    rows: list[tuple[str, list[tuple[str, Shown]]]]
    origin: Provenance | None


def consumption(reading: Reading) -> Consumption | None:
    """By energy over the years, by sector in the last one, per inhabitant, and the PCAET frame."""
    totals = [one for one in reading.totals if one.indicator == "consumption"]
    end = last(totals)
    if end is None:
        return None
    return Consumption(
        trend=_trend(reading, totals, end),
        sectors=_sectors(reading, end),
        per_inhabitant=_each(reading, totals),
        frame=_frame(reading, end),
    )


def _trend(reading: Reading, totals: Sequence[Figure], end: Figure) -> LineChart | None:
    energies = list(dict.fromkeys(one.energy for one in reading.by_energy))
    series = []
    for energy in energies:
        name = words.energy_fr(energy) if energy else "Énergie inconnue"
        of_energy = [one for one in reading.by_energy if one.energy == energy]
        series.append((name, shown(reading.place, of_energy, lambda _, n=name: n, reading.basis)))
    first = min(totals, key=lambda one: one.year or 0)
    change = change_fr(first, end) if first is not end else ""
    title = f"{words.value_fr(end)} consommés en {year_fr(end.year)}"
    return line_chart(
        f"{title}, {change}" if change else title,
        series,
        provenance(reading.place, list(reading.by_energy), reading.basis),
    )


def _sectors(reading: Reading, end: Figure) -> BarChart | None:
    found = [one for one in reading.by_sector if one.year == end.year]
    found.sort(key=lambda one: -(one.value or 0))
    if not found:
        return None
    name = words.sector_fr(found[0].sector)
    title = f"{name} : le premier secteur en {year_fr(end.year)}" if found[0].value else ""
    lines = shown(reading.place, found, lambda one: words.sector_fr(one.sector), reading.basis)
    origin = provenance(reading.place, found, reading.basis, cautions=False)
    return bar_chart(
        title or f"Par secteur en {year_fr(end.year)}",
        [_with_share(line, end) for line in lines],
        origin,
    )


def _each(reading: Reading, totals: Sequence[Figure]) -> list[tuple[str, str, str]]:
    """Year, consumption by inhabitant, and of which population; a year that lacks one is left out."""
    found = []
    for one in totals:
        population = reading.population(one.year)
        each = per_inhabitant(one, population)
        if each is not None and population is not None:
            text = words.quantity_fr(each, "kWh")
            of_year = year_fr(population.year)
            found.append((year_fr(one.year), text, f"population municipale de {of_year}"))
    return found


def _frame(reading: Reading, end: Figure) -> Frame:
    cells = {(one.sector, one.energy): one for one in reading.of_year("consumption", end.year)}
    sectors = [*PCAET_SECTORS, *_others([key[0] for key in cells], PCAET_SECTORS)]
    energies = [*PCAET_ENERGIES, *_others([key[1] for key in cells], PCAET_ENERGIES)]
    rows = []
    for sector in sectors:
        line = []
        for energy in energies:
            name, figure = words.energy_fr(energy), cells.get((sector, energy))
            cell = Shown(name, None)
            if figure is not None:
                cell = shown(reading.place, [figure], lambda _, n=name: n, reading.basis)[0]
            line.append((name, cell))
        rows.append((words.sector_fr(sector), line))
    return Frame(
        year=year_fr(end.year),
        energies=[words.energy_fr(energy) for energy in energies],
        rows=rows,
        origin=provenance(reading.place, list(cells.values()), reading.basis, cautions=False),
    )


def _others(found: Sequence[str | None], known: Sequence[str]) -> list[str]:
    return sorted({one for one in found if one is not None} - set(known))


def production(reading: Reading) -> list[BarChart]:
    """What is produced and what could be, by way of producing."""
    charts = []
    for key, title in (("production", "Énergie produite"), ("installed_power", "Puissance installée")):  # fmt: skip
        found = [one for one in reading.latest(key) if one.value != 0]
        found.sort(key=lambda one: -(one.value or 0))
        if found:
            lines = shown(reading.place, found, lambda one: words.category_fr(one.category))
            said = f"{title}, {year_fr(found[0].year)}"
            charts.append(bar_chart(said, lines, provenance(reading.place, found)))
    return charts


@dataclass(frozen=True)
class Emissions:
    chart: BarChart
    outside: list[Shown]
    barred: str


def emissions(reading: Reading) -> Emissions | None:
    """By sector; what is outside the total apart; what may not follow a local action."""
    found = reading.latest("emissions")
    inside = [one for one in found if one.category is None]
    if not inside:
        return None
    inside.sort(key=lambda one: -(one.value or 0))
    barred = CATALOGUE["emissions"].bars_follow_up
    lines = [
        Shown(line.label, line.figure, line.rows_url, "répartition" if line.figure and line.figure.sector in barred else "")
        for line in shown(reading.place, inside, lambda one: words.sector_fr(one.sector))
    ]  # fmt: skip
    total = reading.total("emissions")
    title = f"{words.value_fr(total)} émises" if total else "Émissions par secteur"
    outside = [one for one in found if one.category is not None]
    return Emissions(
        chart=bar_chart(title, lines, provenance(reading.place, inside)),
        outside=shown(reading.place, outside, lambda one: words.category_fr(one.category)),
        barred=", ".join(words.sector_fr(sector).lower() for sector in barred),
    )


def incomes(reading: Reading) -> list[dict[str, Any]]:
    """Incomes, poverty and its estimate, each with what is known of it and its own caution."""
    told = []
    for key in (
        "median_income",
        "poverty_rate",
        "energy_poverty_share",
        "energy_poverty_households",
    ):
        figure = reading.total(key)
        if figure is None:
            continue
        line = shown(reading.place, [figure], lambda one: CATALOGUE[one.indicator].title_fr)[0]
        several = figure.territories > 1
        told.append(
            {
                "key": key,
                "line": line,
                "known": words.known_fr(figure) if several else "",
                "several": several and figure.value is None,
                "known_count": figure.known,
                "territories": figure.territories,
                "origin": provenance(reading.place, [figure]),
                "year": figure.year,
            }
        )
    return told


@dataclass(frozen=True)
class Certificates:
    chart: BarChart
    title: str


def certificates(reading: Reading) -> BarChart | None:
    """Energy performance classes, and how many are F or G."""
    found = {one.category: one for one in reading.latest("dpe_count")}
    wanted = [found[name] for name in CLASSES if name in found]
    if not wanted:
        return None
    known = [one.value for one in wanted if one.value is not None]
    worst = [found[name].value for name in WORST if name in found]
    title = "Classes des diagnostics"
    if len(known) == len(CLASSES) and sum(known) and None not in worst:
        share = sum(value for value in worst if value is not None) / sum(known)
        title = f"{percent(share)} des diagnostics sont en classe F ou G, sur {number(sum(known))}"
    whole = found.get(None)
    lines = shown(reading.place, wanted, lambda one: words.category_fr(one.category))
    return bar_chart(
        title, [_with_share(line, whole) for line in lines], provenance(reading.place, wanted)
    )


def others(reading: Reading) -> list[Shown]:
    """Indicators that no section tells, in their last year: nothing that is built is kept unseen."""
    found = []
    for key, one in CATALOGUE.items():
        figure = reading.total(key) if key not in TOLD else None
        if figure is not None:
            title = f"{one.title_fr}{NBSP}: {year_fr(figure.year)}"
            found.append(shown(reading.place, [figure], lambda _, t=title: t)[0])
    return found
