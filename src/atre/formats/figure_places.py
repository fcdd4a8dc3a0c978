"""Which territory a line of an official table is about: the finest code it has, checked, with the
zero that a spreadsheet ate put back where nothing else can have stood there."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from atre.formats.figure_lines import Cells
from atre.formats.reading import Reject
from atre.formats.territory_codes import Codes, official_codes, tell_repaired, unknown_code_fr
from atre.formats.territory_figures import Level
from atre.formats.text_files import WarningTally

# `category` of what a publisher could place in a wide territory only: part of it, not its figure.
UNLOCATED = "unlocated"
_WITHIN_COMMUNE = "XXXX"

NOWHERE_FR = "Ligne sans code de territoire : elle n’est rattachée à rien."
OTHER_DEPARTMENT_FR = (
    "Code sans son zéro de tête, et le département de la ligne n’est pas celui que ce zéro donnerait : "
    "le code n’est pas réparé."
)
UNLOCATED_FR = (
    "Consommation que le publieur n’a pas pu placer plus finement : gardée au territoire qui la porte, "
    "comme « non localisée »."
)
WITHIN_COMMUNE_FR = "Code « XXXX » : consommation de la commune non affectée à un IRIS. Elle compte dans la commune."


@dataclass(frozen=True, slots=True)
class Places:
    """Columns of `FIGURES` for the lines kept, in their order."""

    level: pa.Array
    territory: pa.Array
    category: pa.Array


def located(
    cells: Cells, levels: Sequence[Level], rejects: list[Reject], tally: WarningTally
) -> tuple[Places, Cells]:
    """The territory of each line, and the lines that have one. `levels`: from the finest, also
    the names of the columns; a blank cell passes to the next, a wrong code refuses the line.

    >>> cells = Cells(pa.array([2, 3]), {"commune": pa.array(["1004", ""]),
    ...                                  "epci": pa.array(["", "200027100"])})
    >>> places, kept = located(cells, [Level.COMMUNE, Level.EPCI], [], WarningTally())
    >>> places.territory.to_pylist(), places.category.to_pylist()
    (['01004', '200027100'], [None, 'unlocated'])
    """
    given = [level for level in levels if level in cells.texts]
    nothing = pa.nulls(len(cells), pa.string())
    level_names, codes, refused = nothing, nothing, pa.array([False] * len(cells), pa.bool_())
    for level in given:
        texts = cells.of(level)
        here = pc.and_(pc.and_(pc.is_null(codes), pc.invert(refused)), pc.not_equal(texts, ""))
        found = _codes(texts, level)
        repaired = pc.and_(found.repaired, here)
        moved = pc.and_(repaired, _contradicted(cells, found.codes, level))
        wrong = pc.and_(here, pc.is_null(found.codes))
        rejects += cells.refused(moved, OTHER_DEPARTMENT_FR, level)
        rejects += cells.refused(wrong, unknown_code_fr(level), level)
        refused = pc.or_(refused, pc.or_(moved, wrong))
        kept = pc.and_(here, pc.invert(refused))
        tell_repaired(Codes(found.codes, pc.and_(repaired, kept)), cells.lines.to_pylist(), tally)
        codes = pc.if_else(kept, found.codes, codes)
        level_names = pc.if_else(kept, str(level), level_names)
    lost = pc.and_(pc.is_null(codes), pc.invert(refused))
    rejects += cells.refused(lost, NOWHERE_FR, given[0] if given else "")
    good = pc.is_valid(codes)
    wider = pc.not_equal(level_names, str(given[0]) if given else "")
    category = pc.if_else(wider, pa.scalar(UNLOCATED), pa.scalar(None, pa.string()))
    tell_lines(tally, cells, pc.fill_null(wider, False), UNLOCATED_FR)
    within = pc.fill_null(pc.ends_with(codes, _WITHIN_COMMUNE), False)
    tell_lines(tally, cells, within, WITHIN_COMMUNE_FR)
    places = Places(level_names.filter(good), codes.filter(good), category.filter(good))
    return places, cells.chosen(good)


def _codes(texts: pa.Array, level: Level) -> Codes:
    if level is not Level.IRIS:
        return official_codes(texts, level)
    # « 77054XXXX »: the commune is judged as such, the rest is kept as published.
    partly = pc.ends_with(pc.utf8_upper(texts), _WITHIN_COMMUNE)
    whole = official_codes(texts, level)
    commune = official_codes(pc.utf8_slice_codeunits(texts, 0, -4), Level.COMMUNE)
    named = pc.binary_join_element_wise(commune.codes, _WITHIN_COMMUNE, "")
    return Codes(
        pc.if_else(partly, named, whole.codes), pc.if_else(partly, commune.repaired, whole.repaired)
    )


def _contradicted(cells: Cells, codes: pa.Array, level: Level) -> pa.Array:
    """Whether the department that the line names is not the one of its code."""
    if level not in (Level.COMMUNE, Level.IRIS):
        return pa.array([False] * len(cells), pa.bool_())
    named = official_codes(cells.of(Level.DEPARTMENT), Level.DEPARTMENT).codes
    return pc.fill_null(pc.not_equal(named, pc.utf8_slice_codeunits(codes, 0, 2)), False)


def tell_lines(tally: WarningTally, cells: Cells, mask: pa.Array, sentence: str) -> None:
    """Counts in `tally` the lines where `mask` is true, with the first.

    >>> tally = WarningTally()
    >>> tell_lines(tally, Cells(pa.array([2, 3]), {}), pa.array([False, True]), "?")
    >>> tally.take()[0].first_line
    3
    """
    count = pc.sum(mask).as_py() or 0
    if count:
        first = cells.lines[pc.index(mask, pa.scalar(True)).as_py()].as_py()
        tally.add(sentence, line=first, count=count)
