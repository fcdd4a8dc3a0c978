"""ODRÉ's daily temperatures by department: lowest, highest, and their half-sum as « moyenne ».

One figure stands for a whole department, its valleys and its summits: see docs/explanation/meteo.md.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np

from atre.formats.daily_cells import cells_of, days_of, take_titles, temperatures_of
from atre.formats.daily_temperatures import DailyRows, DailySeries
from atre.formats.reading import Format, Part, Reject, without_rows
from atre.formats.text_files import (
    WarningTally,
    fields_of,
    head_lines,
    line_blocks,
    plain,
    sniffed_delimiter,
)

# As first published, then as the site titles its columns.
TITLES = {
    "date_obs": "date",
    "date": "date",
    "code_insee_departement": "department",
    "code insee departement": "department",
    "tmin": "minimum",
    "tmin (°c)": "minimum",
    "tmax": "maximum",
    "tmax (°c)": "maximum",
    "tmoy": "mean",
    "tmoy (°c)": "mean",
}
NEEDED = frozenset({"date", "department", "mean"})

DEPARTMENT_FR = (
    "Températures d’un département entier, à peu près demi-somme de la plus basse et de la plus haute : "
    "pour un lieu en altitude ou en bord de mer, prenez une station de Météo-France."
)


def _columns(titles: str, delimiter: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, title in enumerate(fields_of(titles, delimiter)):
        name = TITLES.get(plain(title))
        if name:
            found.setdefault(name, place)
    return found


def _is_odre(head: bytes) -> bool:
    lines = head_lines(head, 1)
    return bool(lines) and _columns(lines[0], sniffed_delimiter(lines)).keys() >= NEEDED


def read_odre(stream: BinaryIO) -> Iterator[Part]:
    """Temperatures and extremes of each day in °C; `place` is « département 01 ». The mean is the
    one of the file, about the half-sum of the extremes. Raises `UnreadableFile` when nothing can be
    read.

    >>> from io import BytesIO
    >>> regional = '''date_obs;code_insee_departement;tmin;tmax;tmoy
    ... 2025-01-31;1;-1,2;6,4;2,6
    ... 2025-02-01;1;-0,4;;
    ... 2025-02-02;1;0,2;8,0;doux
    ... '''
    >>> means, extremes, told = read_odre(BytesIO(regional.encode()))
    >>> means.rows["place"][0].as_py(), means.rows["temperature_c"].to_pylist()
    ('département 01', [2.6, None])
    >>> means.rejects[0].line, means.rejects[0].reason_fr
    (4, 'La température n’est pas un nombre.')
    """
    tally = WarningTally()
    tally.add(DEPARTMENT_FR)
    series = DailySeries(tally, has_extremes=True)
    columns: dict[str, int] = {}
    delimiter = ";"
    for block in line_blocks(stream, tally):
        rejects: list[Reject] = [*block.rejects]
        if not columns and (titles := take_titles(block)):
            delimiter = sniffed_delimiter([titles])
            columns = _columns(titles, delimiter)
        if not columns.keys() >= NEEDED:
            yield without_rows(rejects=block.rejects)
            continue
        numbers, cells = cells_of(block, delimiter, [*columns.values()], rejects)
        yield from series.parts(_rows(numbers, cells, [*columns]), rejects)
    yield series.finish()


def _rows(
    numbers: Sequence[int], cells: Sequence[Sequence[str]], names: Sequence[str]
) -> DailyRows:
    unreadable = np.zeros(len(cells), dtype=np.bool_)

    def texts(name: str) -> list[str]:
        if name not in names:
            return [""] * len(cells)
        place = names.index(name)
        return [row[place] for row in cells]

    return DailyRows(
        lines=numbers,
        places=[f"département {code.zfill(2)}" if code else None for code in texts("department")],
        days=days_of(texts("date")),
        mean_c=temperatures_of(texts("mean"), unreadable),
        minimum_c=temperatures_of(texts("minimum"), unreadable),
        maximum_c=temperatures_of(texts("maximum"), unreadable),
        unreadable=unreadable,
        found=[";".join(row) for row in cells],
    )


FORMATS: tuple[Format, ...] = (
    Format(
        key="odre_temperatures",
        title_fr="températures quotidiennes par département d’ODRÉ (CSV)",
        recognises=_is_odre,
        read=read_odre,
    ),
)
