"""ODRÉ, « registre national des installations de production et de stockage d'électricité, agrégé »:
what produces or stores electricity, added up by territory and way of producing.

Names of installations, connection points and dates are not kept. Source: columns of the register on
odre.opendatasoft.com and opendata.agenceore.fr.
"""

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from atre.formats.figure_lines import (
    BLOCK_LINES,
    Cells,
    KnownLines,
    Titles,
    cell_blocks,
    found_titles,
    titles_of,
)
from atre.formats.figure_places import located, tell_lines
from atre.formats.figure_sums import FigureSums, figure_columns
from atre.formats.generation import WORD_FR, generation_of
from atre.formats.local_energy_words import MARKS
from atre.formats.reading import Format, Part, Reject, without_rows
from atre.formats.territory_figures import Energy, Level, Status
from atre.formats.text_files import WarningTally, line_blocks
from atre.formats.wide_figures import NOT_NUMBER_FR, values_and_status

TITLES: dict[str, str] = {
    **dict.fromkeys(("code", "codeinseecommune", "code_insee_commune", "code_commune"), "commune"),
    **dict.fromkeys(("codeepci", "code_epci"), "epci"),
    **dict.fromkeys(("codedepartement", "code_departement"), "department"),
    **dict.fromkeys(("coderegion", "code_region"), "region"),
    "filiere": "generation",
    "annee": "year",
    "regime": "regime",
    **dict.fromkeys(("puissance_kw", "puismaxinstallee", "puis_max_installee"), "installed_power"),
    **dict.fromkeys(("installations", "nbinstallations", "nb_installations"), "installations"),
    **dict.fromkeys(("energieannuelleglissanteinjectee", "energieannuelleinjectee"), "production"),
    # An export that writes 0 where the register has a blank.
    "injection_kwh": "injected",
    **dict.fromkeys(("codeeicresourceobject", "idpeps"), "identifier"),
}
MEASURES = {"installed_power": "kW", "production": "kWh", "installations": "installations"}
VALUES = frozenset({*MEASURES, "injected"})
NEEDED = frozenset({"generation", "installed_power"})
LEVELS = (Level.COMMUNE, Level.EPCI, Level.DEPARTMENT, Level.REGION)

UNKNOWN_FR = (
    "Ce fichier n’a pas les colonnes du registre national des installations de production "
    "(code de commune, filière, puissance installée)."
)
INJECTED_FR = (
    "La production est l’énergie injectée sur le réseau pendant douze mois glissants : ce qui est "
    "consommé sur place n’y est pas, et l’année n’est pas une année civile."
)
NO_PRODUCTION_FR = (
    "Installation pour 0 kWh injecté : zéro déclaré ou énergie inconnue, cet export ne les distingue "
    "pas. Gardé comme inconnu ; le registre complet d’ODRÉ laisse un blanc."
)
OFF_FR = "Installation qui n’est pas en service : elle n’est pas comptée."
TWINS_FR = (
    "Ligne identique à une autre et sans identifiant : gardée, car deux installations voisines peuvent "
    "se ressembler."
)
REGISTER_PARTIAL_FR = (
    "Chiffre auquel manque au moins une installation : c’est un minimum, marqué « partiel »."
)


def _titles(line: str) -> Titles | None:
    titles = titles_of(line, TITLES, VALUES)
    has_place = any(level in titles.places for level in LEVELS)
    return titles if has_place and titles.places.keys() >= NEEDED else None


def _is_register(head: bytes) -> bool:
    return found_titles(head, _titles) is not None


def read_register(stream: BinaryIO) -> Iterator[Part]:
    """Rows of `FIGURES`, one a territory and way of producing: `installed_power` (kW), `production`
    (kWh injected over twelve months; `year` null unless the file has a column of it) and
    `installations`. `category` is a `Generation`, after « unlocated: » where the register groups small
    installations without their commune: a part of the territory, not its figure.

    Raises UnreadableFile for other titles and for a file without lines.

    >>> import io
    >>> text = b"code,filiere,puissance_kw,installations,injection_kwh\\n95572,Solaire,115.0,1,158239"
    >>> found = [part.rows for part in read_register(io.BytesIO(text)) if part.rows.num_rows]
    >>> found[0].select(["measure", "category", "value"]).to_pylist()[1]
    {'measure': 'production', 'category': 'solar', 'value': 158239.0}
    """
    tally, sums = WarningTally(), FigureSums()
    tally.add(INJECTED_FR)
    seen: set[tuple[str, ...]] = set()
    blocks = line_blocks(stream, tally, rows=BLOCK_LINES)
    for titles, cells, rejects in cell_blocks(blocks, _titles, _known_lines, unknown_fr=UNKNOWN_FR):
        if "identifier" not in titles.places:
            _tell_twins(cells, seen, tally)
        _add(cells, sums, rejects, tally)
        if rejects:
            yield without_rows(rejects=tuple(rejects))
    for part in sums.parts():
        partial = pc.sum(pc.equal(part.rows["status"], str(Status.PARTIAL))).as_py() or 0
        tally.add(REGISTER_PARTIAL_FR, count=partial)
        yield part
    yield without_rows(warnings=tally.take())


def _known_lines(titles: Titles) -> KnownLines:
    return KnownLines(is_judged="identifier" in titles.places)


def _tell_twins(cells: Cells, seen: set[tuple[str, ...]], tally: WarningTally) -> None:
    columns = [text.to_pylist() for text in cells.texts.values()]
    for number, line in zip(cells.lines.to_pylist(), zip(*columns, strict=True), strict=True):
        if line in seen:
            tally.add(TWINS_FR, line=number)
        seen.add(line)


def _add(cells: Cells, sums: FigureSums, rejects: list[Reject], tally: WarningTally) -> None:
    cells = _running(cells, rejects)
    places, cells = located(cells, LEVELS, rejects, tally)
    blurs_zero = "injected" in cells.texts
    cells = cells.renamed({"production": "injected"})
    generation = generation_of(cells.of("generation"))
    lost = pc.is_null(generation)
    marked = pc.binary_join_element_wise(places.category, generation, ":")
    category = pc.if_else(pc.is_valid(places.category), marked, generation)
    rejects += cells.refused(lost, WORD_FR, "generation")
    year = pc.if_else(
        pc.match_substring_regex(cells.of("year"), r"^20\d\d$"),
        cells.of("year"),
        pa.scalar(None, pa.string()),
    )
    for measure, unit in MEASURES.items():
        if measure not in cells.texts:
            continue
        values, status = values_and_status(cells.of(measure), MARKS)
        known = pc.is_valid(status)
        rejects += cells.refused(pc.and_(pc.invert(known), pc.invert(lost)), NOT_NUMBER_FR, measure)
        if measure == "production" and blurs_zero:
            zero = pc.fill_null(pc.equal(values, 0), False)
            tell_lines(tally, cells, zero, NO_PRODUCTION_FR)
            values = pc.if_else(zero, pa.scalar(None, pa.float64()), values)
            status = pc.if_else(zero, str(Status.MISSING), status)
        figures = figure_columns(
            len(cells),
            {
                "level": places.level,
                "territory": places.territory,
                "year": year.cast(pa.int16()),
                "measure": measure,
                "energy": str(Energy.ELECTRICITY),
                "category": category,
                "value": values,
                "unit": unit,
                "status": pc.fill_null(status, ""),
                "line": cells.lines,
            },
        )
        sums.add(figures.filter(pc.and_(known, pc.invert(lost))))


def _running(cells: Cells, rejects: list[Reject]) -> Cells:
    if "regime" not in cells.texts:
        return cells
    is_on = pc.is_in(pc.utf8_lower(cells.of("regime")), pa.array(["en service", ""]))
    rejects += cells.refused(pc.invert(is_on), OFF_FR, "regime")
    return cells.chosen(is_on)


FORMATS: tuple[Format, ...] = (
    Format(
        key="odre_production_register",
        title_fr="registre national des installations de production d’électricité d’ODRÉ (CSV)",
        recognises=_is_register,
        read=read_register,
    ),
)
