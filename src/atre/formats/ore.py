"""Agence ORE, « consommation annuelle d'électricité et gaz »: by commune, IRIS, EPCI, department or
region; one line a sector since 2022, one column a sector before.

Source: columns of the open data of Agence ORE (opendata.agenceore.fr), as published and as exported.
"""

from collections.abc import Iterator
from typing import BinaryIO

from atre.formats.figure_lines import (
    BLOCK_LINES,
    KnownLines,
    Titles,
    cell_blocks,
    found_titles,
    titles_of,
)
from atre.formats.local_energy import Conventions, EnergyReader, energy_titles, read_energy
from atre.formats.local_energy_words import TITLES, VALUES
from atre.formats.reading import Format, Part, without_rows
from atre.formats.territory_figures import Sector
from atre.formats.text_files import line_blocks

UNKNOWN_FR = (
    "Ce fichier n’a pas les colonnes de la consommation annuelle de l’Agence ORE (année, filière, "
    "code de commune, code grand secteur, consommation)."
)
ORE = Conventions(unknown_fr=UNKNOWN_FR, zero_hides=True)

# The letters that end the columns of the older files.
SECTORS: dict[str, Sector] = {
    "a": Sector.AGRICULTURE,
    "i": Sector.INDUSTRY,
    "t": Sector.TERTIARY,
    "r": Sector.RESIDENTIAL,
    "na": Sector.UNALLOCATED,
}
_MASKED = ("nombre_maille_secretisees_{}", "nombre_mailles_secretisees_{}")
WIDE_TITLES: dict[str, str] = (
    TITLES
    | {f"conso{letter}": f"consumption_{letter}" for letter in SECTORS}
    | {f"pdl{letter}": f"sites_{letter}" for letter in SECTORS}
    | {title.format(letter): f"masked_{letter}" for letter in SECTORS for title in _MASKED}
    | {f"indqual{letter}": "other" for letter in SECTORS}
    | {"consototale": "other"}
)
WIDE_VALUES = VALUES | {
    f"{name}_{letter}" for name in ("consumption", "sites", "masked") for letter in SECTORS
}


def _wide_titles(line: str) -> Titles | None:
    titles = titles_of(line, WIDE_TITLES, WIDE_VALUES)
    needed = {"year", "energy", "consumption_r", "consumption_t"}
    has_place = {"iris", "commune", "epci", "department", "region"} & titles.places.keys()
    return titles if has_place and titles.places.keys() >= needed else None


def _is_long(head: bytes) -> bool:
    return found_titles(head, energy_titles) is not None


def _is_wide(head: bytes) -> bool:
    return found_titles(head, _wide_titles) is not None


def read_ore(stream: BinaryIO) -> Iterator[Part]:
    """Rows of `FIGURES`: `consumption` (MWh, gas PCS) and `sites`, of the files with one line a
    sector. A figure that lacks masked cells is partial; alone, it is secret.

    Raises UnreadableFile for other titles and for a file without lines.

    >>> import io
    >>> text = ("OPERATEUR;Année;FILIERE;Code Commune;CODE GRAND SECTEUR;Nb sites;Conso totale (MWh);"
    ...         "Nombre de mailles secretisées\\nEnedis;2023;Electricité;1004;TERTIAIRE;;;2").encode()
    >>> found = [part.rows for part in read_ore(io.BytesIO(text)) if part.rows.num_rows]
    >>> found[0].select(["territory", "status"]).to_pylist()[0]
    {'territory': '01004', 'status': 'secret'}
    """
    yield from read_energy(stream, energy_titles, ORE)


def read_ore_wide(stream: BinaryIO) -> Iterator[Part]:
    """The same rows, of the older files with one column a sector (consoa, consoi, consor…).

    >>> import io
    >>> text = (b"annee;filiere;code_commune;consot;pdlt;consor;pdlr\\n2019;Gaz;01004;12;3;40;20")
    >>> found = [part.rows for part in read_ore_wide(io.BytesIO(text)) if part.rows.num_rows]
    >>> found[0].select(["measure", "sector", "value"]).to_pylist()[-1]
    {'measure': 'sites', 'sector': 'residential', 'value': 20.0}
    """
    reader = EnergyReader(ORE)
    blocks = line_blocks(stream, reader.tally, rows=BLOCK_LINES)
    for titles, cells, rejects in cell_blocks(
        blocks, _wide_titles, lambda _: KnownLines(), unknown_fr=UNKNOWN_FR
    ):
        cells, row = reader.identified(cells, rejects)
        for letter, sector in SECTORS.items():
            if f"consumption_{letter}" in titles.places:
                names = {name: f"{name}_{letter}" for name in ("consumption", "sites", "masked")}
                reader.measure(cells.renamed(names), row | {"sector": str(sector)}, rejects)
        if rejects:
            yield without_rows(rejects=tuple(rejects))
    yield from reader.finish()


FORMATS: tuple[Format, ...] = (
    Format(
        key="ore_consumption",
        title_fr="consommation annuelle d’électricité et de gaz de l’Agence ORE (CSV)",
        recognises=_is_long,
        read=read_ore,
    ),
    Format(
        key="ore_consumption_wide",
        title_fr="consommation annuelle de l’Agence ORE, un secteur par colonne (CSV)",
        recognises=_is_wide,
        read=read_ore_wide,
    ),
)
