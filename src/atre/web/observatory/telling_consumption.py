"""What a territory consumes: over the years, by sector, by inhabitant, and the frame of a PCAET."""

from collections.abc import Sequence
from dataclasses import dataclass

from atre.formats.territory_figures import Energy, Sector
from atre.warehouse.figures import Figure
from atre.web.observatory import words
from atre.web.observatory.reading import Reading, last, per_inhabitant
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
    with_share,
    year_fr,
)

CORRECTED = "consumption_corrected"
PCAET_SECTORS = tuple(Sector)[:8]
PCAET_ENERGIES = (
    Energy.ELECTRICITY,
    Energy.GAS,
    Energy.HEAT_NETWORK,
    Energy.OIL,
    Energy.WOOD,
    Energy.OTHER,
)


@dataclass(frozen=True)
class Consumption:
    trend: LineChart | None
    corrected: LineChart | None
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
        corrected=_corrected(reading),
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
    title = f"{words.headline_fr(end)} consommés en {year_fr(end.year)}"
    return line_chart(
        f"{title}, {change}" if change else title,
        series,
        provenance(reading.place, list(reading.by_energy), reading.basis, about=end),
    )


def _corrected(reading: Reading) -> LineChart | None:
    """The homes' consumption, raw beside what an ordinary winter would have made of it."""
    found = [one for one in reading.totals if one.indicator == CORRECTED]
    if not any(one.value is not None for one in found):
        return None
    years = {one.year for one in found}
    homes = [one for one in reading.by_sector if one.sector == Sector.RESIDENTIAL]
    raw = [one for one in homes if one.year in years]
    series = [
        ("Brute", shown(reading.place, raw, lambda _: "Logements, brute", reading.basis)),
        ("Corrigée", shown(reading.place, found, lambda _: "Logements, corrigée du climat")),
    ]
    title = "Logements : la consommation brute, et corrigée du climat"
    return line_chart(title, series, provenance(reading.place, found))


def _sectors(reading: Reading, end: Figure) -> BarChart | None:
    found = [one for one in reading.by_sector if one.year == end.year]
    found.sort(key=lambda one: -(one.value or 0))
    if not found:
        return None
    name = words.sector_fr(found[0].sector)
    title = f"{name} : le premier secteur en {year_fr(end.year)}" if found[0].value else ""
    lines = shown(reading.place, found, lambda one: words.sector_fr(one.sector), reading.basis)
    origin = provenance(reading.place, found, reading.basis, about=end, cautions=False)
    return bar_chart(
        title or f"Par secteur en {year_fr(end.year)}",
        [with_share(line, end) for line in lines],
        origin,
    )


def _each(reading: Reading, totals: Sequence[Figure]) -> list[tuple[str, str, str]]:
    """Year, consumption by inhabitant, and of which population; a year that lacks one is left out."""
    found = []
    for one in totals:
        population = reading.population(one.year)
        each = per_inhabitant(one, population)
        if each is not None and population is not None:
            text = f"{least_fr(one)}{words.quantity_fr(each, 'kWh')}"
            of_year = year_fr(population.year)
            found.append((year_fr(one.year), text, f"population municipale de {of_year}"))
    return found


def _frame(reading: Reading, end: Figure) -> Frame:
    cells = {(one.sector, one.energy): one for one in reading.of_year("consumption", end.year)}
    sectors = [*PCAET_SECTORS, *_others([key[0] for key in cells], PCAET_SECTORS)]
    energies = [*PCAET_ENERGIES, *_others([key[1] for key in cells], PCAET_ENERGIES)]
    lines = shown(reading.place, cells.values(), lambda one: words.energy_fr(one.energy), reading.basis)  # fmt: skip
    told = dict(zip(cells, lines, strict=True))
    rows = []
    for sector in sectors:
        names = [(words.energy_fr(energy), told.get((sector, energy))) for energy in energies]
        line = [(name, cell or Shown(name, None)) for name, cell in names]
        rows.append((words.sector_fr(sector), line))
    return Frame(
        year=year_fr(end.year),
        energies=[words.energy_fr(energy) for energy in energies],
        rows=rows,
        origin=provenance(
            reading.place, list(cells.values()), reading.basis, about=end, cautions=False
        ),
    )


def _others(found: Sequence[str | None], known: Sequence[str]) -> list[str]:
    return sorted({one for one in found if one is not None} - set(known))


def least_fr(figure: Figure) -> str:
    return "au moins " if words.is_partial(figure) else ""
