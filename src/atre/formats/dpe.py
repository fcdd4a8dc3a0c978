"""The ADEME's energy performance certificates (DPE), counted by commune and class: a table already
counted, or the open-data file of one line a certificate (`dpe03existant`), counted as it streams.

Of a certificate, only its commune and its two classes are kept, and 8 bytes derived from its number
to count it once. Addresses, numbers and dates are dropped as they are read.
"""

import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from atre.formats.figure_cells import Measured
from atre.formats.reading import Format, Part
from atre.formats.territory_figures import Level, Status
from atre.formats.text_files import (
    WarningTally,
    plain,
)
from atre.formats.wide_figures import Block, WideTable, is_wide, wide_parts

UNIT = "dpe"
MEASURE = "dpe_count"
CLASSES = "ABCDEFG"
LABELS = ("dpe", "ges")

STOCK_FR = (
    "DPE établis depuis juillet 2021, comptés ensemble : c’est l’état d’un fichier, pas une année, et "
    "seulement les logements qui ont eu un diagnostic (vente, location, travaux)."
)
SUM_FR = (
    "La somme des classes n’est pas le total annoncé pour cette commune : les deux sont gardés."
)
UNKNOWN_FR = (
    "Les titres ne sont pas ceux d’un tableau de DPE comptés par commune (code, total, dpe_A… dpe_G, "
    "ges_A… ges_G)."
)
COUNTED = re.compile(r"(?P<label>dpe|ges)_(?P<rank>[a-g])")


def _counted_table(titles: Sequence[str]) -> WideTable | None:
    bare = [plain(title) for title in titles]
    found = {place: COUNTED.fullmatch(title) for place, title in enumerate(bare)}
    columns = {
        place: Measured(
            measure=MEASURE, unit=UNIT, category=f"{each['label']}:{each['rank'].upper()}"
        )
        for place, each in found.items()
        if each
    }
    at = next((bare.index(name) for name in ("code", "code_insee") if name in bare), None)
    if at is None or len(columns) < len(CLASSES):
        return None
    if "total" in bare:
        columns = {bare.index("total"): Measured(measure=MEASURE, unit=UNIT), **columns}
    return WideTable(
        level=Level.COMMUNE,
        territory=at,
        columns=columns,
        marks={"": Status.MISSING, "s": Status.SECRET},
        checks=_tell_sums,
        watched=tuple(place for place, title in enumerate(bare) if title in {"commune", "nom"}),
    )


def _tell_sums(block: Block, tally: WarningTally) -> None:
    named = {plain(title): place for place, title in enumerate(block.titles)}
    if "total" not in named:
        return
    total = _whole_numbers(block.cells[named["total"]])
    for label in LABELS:
        places = [named[name] for rank in CLASSES if (name := f"{label}_{rank.lower()}") in named]
        if len(places) == len(CLASSES):
            summed = sum(_whole_numbers(block.cells[place]) for place in places)
            wrong = np.flatnonzero(summed != total)
            if wrong.size:
                tally.add(SUM_FR, line=block.lines[int(wrong[0])], count=int(wrong.size))


def _whole_numbers(cells: pa.Array) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    is_count = pc.match_substring_regex(cells, r"^\d{1,9}$")
    bare = pc.if_else(is_count, cells, pa.scalar(None, pa.string())).cast(pa.float64())
    numbers: np.ndarray[tuple[int], np.dtype[np.float64]] = bare.to_numpy(zero_copy_only=False)
    return np.nan_to_num(numbers)


def _is_counted(head: bytes) -> bool:
    return is_wide(head, _counted_table)


def read_counted_dpe(stream: BinaryIO) -> Iterator[Part]:
    """Rows of `FIGURES`, measure `dpe_count`: the total (category null) and each class (`dpe:A`…,
    `ges:A`…) of each commune; year null.

    Raises UnreadableFile for other titles and for a file without lines. Source: ADEME.

    >>> import io
    >>> classes = (f"{label}_{rank}" for label in ("dpe", "ges") for rank in "ABCDEFG")
    >>> titles = ["code", "total", *classes]
    >>> line = ["95002", "3", "1", "2", *"00000", "3", *"000000"]
    >>> parts = [*read_counted_dpe(io.BytesIO("\\n".join(map(",".join, (titles, line))).encode()))]
    >>> parts[0].rows.select(["category", "value"]).to_pylist()[:2]
    [{'category': None, 'value': 3.0}, {'category': 'dpe:A', 'value': 1.0}]
    """
    tally = WarningTally()
    tally.add(STOCK_FR)
    yield from wide_parts(stream, _counted_table, tally, unknown_fr=UNKNOWN_FR)


FORMATS: tuple[Format, ...] = (
    Format(
        key="dpe_counted",
        title_fr="DPE de l’ADEME comptés par commune et par classe (CSV)",
        recognises=_is_counted,
        read=read_counted_dpe,
    ),
)
