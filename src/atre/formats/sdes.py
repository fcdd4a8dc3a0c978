"""SDES, « Données locales de consommation d'énergie »: electricity, gas, heat and cold delivered, by
IRIS, commune, EPCI, department, region, or by address (whose addresses are never kept).

Source: SDES, list of variables of the IRIS files 2018-2023, and methodological note of September 2022.
"""

from collections.abc import Iterator
from typing import BinaryIO

from atre.formats.figure_lines import Titles, found_titles
from atre.formats.local_energy import Conventions, energy_titles, read_energy
from atre.formats.reading import Format, Part

UNKNOWN_FR = (
    "Ce fichier n’a pas les colonnes des données locales d’énergie du SDES "
    "(OPERATEUR, ANNEE, FILIERE, un code de territoire, CODE_GRAND_SECTEUR, CONSO)."
)
RESIDUE_FR = (
    "Les valeurs masquées d’un IRIS ou d’une commune ne manquent pas toujours au territoire plus grand : "
    "la somme des communes n’est pas l’EPCI. Prenez le fichier de l’échelle que vous publiez."
)
ADDRESS_FR = (
    "Fichier à l’adresse : additionné par IRIS, les adresses ne sont pas gardées. Les logements n’y sont "
    "que par immeubles d’au moins 10 points de livraison : ce n’est pas le total du territoire."
)
SDES = Conventions(unknown_fr=UNKNOWN_FR, always_tells_break=True, sentences=(RESIDUE_FR,))
BY_ADDRESS = Conventions(
    unknown_fr=UNKNOWN_FR, always_tells_break=True, by_address=True, sentences=(ADDRESS_FR,)
)


def _titles(line: str) -> Titles | None:
    # CONSO is the ministry's word for the column, PDL for the sites; ORE's exports say otherwise.
    upper = line.upper().replace('"', "")
    titles = energy_titles(line)
    is_ministry = "CONSO" in upper.replace(",", ";").split(";") and "PDL" in upper
    has_labels = "MILLÉSIME DES DONNÉES" in upper or "MILLESIME DES DONNEES" in upper
    is_ore = "SECRETISEES" in upper or "LIBELLE_GRAND_SECTEUR" in upper
    return titles if titles and (is_ministry or has_labels) and not is_ore else None


def _is_sdes(head: bytes) -> bool:
    return found_titles(head, _titles) is not None and not _has_address(head)


def _is_by_address(head: bytes) -> bool:
    return found_titles(head, _titles) is not None and _has_address(head)


def _has_address(head: bytes) -> bool:
    titles = found_titles(head, _titles)
    if titles is None or "address" in titles.places:
        return titles is not None
    # By address too, its addresses taken away; the files by IRIS have a category.
    return "commune_name" in titles.places and "category" not in titles.places


def read_sdes(stream: BinaryIO) -> Iterator[Part]:
    """Rows of `FIGURES`: `consumption` (MWh, gas PCS) and `sites`. « s », « secret », and −99 up to
    2017, are secret; « nd » is missing; a total with hidden IRIS is partial.

    Raises UnreadableFile for other titles and for a file without lines.

    >>> import io
    >>> text = b"ANNEE;FILIERE;IRIS_CODE;CODE_GRAND_SECTEUR;CONSO;PDL\\n2016;E;770540000;R;-99;-99"
    >>> [part.rows["status"].to_pylist() for part in read_sdes(io.BytesIO(text)) if part.rows.num_rows]
    [['secret', 'secret']]
    """
    yield from read_energy(stream, _titles, SDES)


def read_sdes_addresses(stream: BinaryIO) -> Iterator[Part]:
    """The file by address, added up by IRIS: the same rows, and no address.

    >>> import io
    >>> text = (b"ANNEE;FILIERE;CODE_IRIS;NOM_COMMUNE;ADRESSE;CODE_GRAND_SECTEUR;CONSO;PDL\\n"
    ...         b"2019;E;770540000;X;1 RUE A;R;10;12\\n2019;E;770540000;X;2 RUE A;R;5;10")
    >>> found = [part.rows for part in read_sdes_addresses(io.BytesIO(text)) if part.rows.num_rows]
    >>> found[0]["value"].to_pylist()
    [15.0, 22.0]
    """
    yield from read_energy(stream, _titles, BY_ADDRESS)


FORMATS: tuple[Format, ...] = (
    Format(
        key="sdes_addresses",
        title_fr="données locales d’énergie du SDES, à l’adresse (CSV)",
        recognises=_is_by_address,
        read=read_sdes_addresses,
    ),
    Format(
        key="sdes_local_energy",
        title_fr="données locales d’énergie du SDES, par IRIS, commune, EPCI ou plus grand (CSV)",
        recognises=_is_sdes,
        read=read_sdes,
    ),
)
