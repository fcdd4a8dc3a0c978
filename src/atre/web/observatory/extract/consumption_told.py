"""The chapter of energy consumed: by energy and year, by sector, corrected of the weather, and the frame
of a PCAET with its empty cells."""

from collections.abc import Sequence

from atre.documents.territory_extract import Chapter, Exhibit
from atre.warehouse.figures import Figure
from atre.web.design.formatting import NBSP, number
from atre.web.observatory import words
from atre.web.observatory.extract.citing import Citations, exhibit, share_bars
from atre.web.observatory.extract.figures_told import (
    by_year,
    cell_fr,
    chapter,
    largest_of,
    scale_of,
    state_fr,
    valued,
)
from atre.web.observatory.reading import Reading, last, per_inhabitant
from atre.web.observatory.showing import change_fr, year_fr
from atre.web.observatory.telling_consumption import PCAET_ENERGIES, PCAET_SECTORS


def consumption(reading: Reading, cited: Citations) -> Chapter:
    """By energy over the years, by sector in the last one, per inhabitant."""
    totals = [one for one in reading.totals if one.indicator == "consumption"]
    end = last(totals)
    if end is None:
        return chapter("consommation", [])
    over_years = by_year(cited, "Consommation par énergie", totals, reading.by_energy, _energy_of)
    sectors = [one for one in reading.by_sector if one.year == end.year]
    sectors.sort(key=lambda one: -(one.value or 0))
    exhibits = [over_years]
    if len(sectors) > 1 or (sectors and sectors[0].sector):
        labels = [
            words.sector_fr(one.sector) if one.sector else "Secteur inconnu" for one in sectors
        ]
        rows = [
            [label, *valued(one, end, largest_of(sectors)), state_fr(one)]
            for label, one in zip(labels, sectors, strict=True)
        ]
        exhibits.append(
            exhibit(
                cited, f"Consommation par secteur en {year_fr(end.year)}",
                ("Secteur", "Consommation", "Part", "État"), rows, sectors,
                about=end, align="lrrl", bars=share_bars(labels, sectors),
            )
        )  # fmt: skip
    exhibits += [*_frame(reading, cited, end), *_corrected(reading, cited)]
    return chapter("consommation", exhibits, _each_fr(reading, totals, end))


def _frame(reading: Reading, cited: Citations, end: Figure) -> list[Exhibit]:
    """Sectors × energies as a PCAET asks for them; what no file gives stays empty, and is seen so."""
    found = reading.of_year("consumption", end.year)
    cells = {(one.sector, one.energy): one for one in found if one.sector}
    if not cells:
        return []
    others = sorted({name for name, _ in cells if name} - set(PCAET_SECTORS))
    unit, size = scale_of(largest_of(list(cells.values())), end.unit)
    decimals = words.decimals_of((largest_of(list(cells.values())) or 0) / size) if size > 1 else 0
    rows = [
        [
            words.sector_fr(sector),
            *(cell_fr(cells.get((sector, energy)), size, decimals) for energy in PCAET_ENERGIES),
        ]
        for sector in (*PCAET_SECTORS, *others)
    ]
    columns = ("Secteur", *(words.energy_fr(energy) for energy in PCAET_ENERGIES))
    title = f"Cadre d’un PCAET en {year_fr(end.year)}, en {unit}"
    widths = (1.5, *[1.0] * len(PCAET_ENERGIES))
    shown = list(cells.values())
    return [exhibit(cited, title, columns, rows, shown, about=end, widths=widths)]


def _corrected(reading: Reading, cited: Citations) -> list[Exhibit]:
    """Homes as they would have consumed under one same climate, beside what they consumed."""
    totals = [one for one in reading.totals if one.indicator == "consumption_corrected"]
    if not any(one.value is not None for one in totals):
        return []
    parts = [one for one in reading.cut if one.indicator == "consumption_corrected" and one.energy]
    title = "Consommation des logements, corrigée du climat"
    return [by_year(cited, title, totals, parts, _energy_of)]


def _energy_of(figure: Figure) -> str:
    return words.energy_fr(figure.energy) if figure.energy else "Énergie non dite"


def _each_fr(reading: Reading, totals: Sequence[Figure], end: Figure) -> tuple[str, ...]:
    people = reading.population(end.year)
    each = per_inhabitant(end, people)
    first = min(totals, key=lambda one: one.year or 0)
    change = change_fr(first, end) if first is not end else ""
    said = f"{words.headline_fr(end)} consommés en {year_fr(end.year)}"
    if change:
        said += f", {change}"
    if each is not None and people is not None:
        of_each = f"{number(each)}{NBSP}kWh"
        least = "au moins " if words.is_partial(end) else ""
        said += f", soit {least}{of_each} par habitant (population municipale de {year_fr(people.year)})"
    return (f"{said}.",)
