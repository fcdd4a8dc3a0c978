"""Météo-France's hourly temperatures, stamped in UTC (« FU ») at the instant of the measure."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from atre.formats.daily_cells import cells_of, days_of, take_titles, temperatures_of
from atre.formats.daily_temperatures import HIGHEST_C, IMPOSSIBLE_FR, LOWEST_C, NO_ROW_FR, NUMBER_FR
from atre.formats.local_time import Instants, Mask
from atre.formats.meteofrance_daily import (
    DOUBTFUL_CODE,
    DOUBTFUL_FR,
    TRUSTED_CODES,
    UNKNOWN_CODE_FR,
)
from atre.formats.reading import HOURLY_TEMPERATURES, Part, Reject, UnreadableFile, without_rows
from atre.formats.text_files import (
    WarningTally,
    fields_of,
    line_blocks,
    rejected,
    sniffed_delimiter,
)

HOUR_FR = "Heure illisible : attendue comme 2025013114 (année, mois, jour, heure UTC)."
NO_TEMPERATURE_FR = "Ce fichier horaire de Météo-France n’a pas de température (colonne T)."


def read_hourly(stream: BinaryIO) -> Iterator[Part]:
    """Temperatures at each hour (`HOURLY_TEMPERATURES`): °C, at the UTC instant of the measure.
    Doubtful values (quality code 2) are left unknown. Raises `UnreadableFile` without the column T.

    >>> from io import BytesIO
    >>> station = b'''NUM_POSTE;AAAAMMJJHH;T;QT
    ... 44020001;2025013114;7.4;1
    ... 44020001;2025013115;;
    ... 44020001;2025013199;7.0;1
    ... '''
    >>> hours, told = read_hourly(BytesIO(station))
    >>> hours.rows["at"][0].as_py().isoformat(), hours.rows["temperature_c"].to_pylist()
    ('2025-01-31T14:00:00+00:00', [7.4, None])
    >>> hours.rejects[0].reason_fr
    'Heure illisible : attendue comme 2025013114 (année, mois, jour, heure UTC).'
    """
    tally = WarningTally()
    names: list[str] = []
    delimiter, kept = ";", 0
    for block in line_blocks(stream, tally):
        rejects: list[Reject] = [*block.rejects]
        if not names and (titles := take_titles(block)):
            delimiter = sniffed_delimiter([titles])
            names = [name.upper() for name in fields_of(titles, delimiter)]
            if not {"NUM_POSTE", "AAAAMMJJHH", "T"} <= set(names):
                raise UnreadableFile(NO_TEMPERATURE_FR)
        if not names:
            yield without_rows(rejects=block.rejects)
            continue
        wanted = [name for name in ("NUM_POSTE", "AAAAMMJJHH", "T", "QT") if name in names]
        columns = [names.index(name) for name in wanted]
        numbers, cells = cells_of(block, delimiter, columns, rejects)
        part = _part(numbers, cells, rejects, tally)
        kept += part.rows.num_rows
        yield part
    if not kept:
        raise UnreadableFile(NO_ROW_FR)
    yield without_rows(warnings=tally.take())


def _part(
    numbers: Sequence[int],
    cells: Sequence[Sequence[str]],
    rejects: list[Reject],
    tally: WarningTally,
) -> Part:
    unreadable = np.zeros(len(cells), dtype=np.bool_)
    values = temperatures_of([row[2] for row in cells], unreadable)
    instants = _hours([row[1] for row in cells])
    wild = (values < LOWEST_C) | (values > HIGHEST_C)
    no_hour = np.isnat(instants)
    for place in map(int, np.flatnonzero(no_hour | unreadable | wild)):
        reason = HOUR_FR if no_hour[place] else NUMBER_FR if unreadable[place] else IMPOSSIBLE_FR
        rejects.append(rejected(numbers[place], reason, found=";".join(cells[place])))
    good: Mask = ~(no_hour | unreadable | wild)
    if cells and len(cells[0]) == 4:
        known = good & ~np.isnan(values)
        doubtful = known & np.array([row[3] == DOUBTFUL_CODE for row in cells], dtype=np.bool_)
        odd = known & np.array([row[3] not in TRUSTED_CODES for row in cells], dtype=np.bool_)
        tally.add(DOUBTFUL_FR, count=int(doubtful.sum()))
        tally.add(UNKNOWN_CODE_FR, count=int((odd & ~doubtful).sum()))
        values[odd] = np.nan
    arrays = [
        pa.array(
            [row[0] for row, is_good in zip(cells, good, strict=True) if is_good], pa.string()
        ),
        pa.array(instants[good], pa.timestamp("us")).cast(HOURLY_TEMPERATURES.field("at").type),
        pa.array(values[good], pa.float64(), mask=np.isnan(values[good])),
    ]
    return Part(
        rows=pa.RecordBatch.from_arrays(arrays, schema=HOURLY_TEMPERATURES),
        rejects=tuple(rejects),
    )


def _hours(texts: Sequence[str]) -> Instants:
    days = days_of([text[:8] for text in texts]).astype("datetime64[us]")
    hours = [int(text[8:]) if len(text) == 10 and text[8:] in _HOURS else None for text in texts]
    spans = np.array([0 if hour is None else hour for hour in hours], dtype="timedelta64[h]")
    nowhere = np.array([hour is None for hour in hours], dtype=np.bool_)
    instants: Instants = np.where(nowhere, np.datetime64("NaT", "us"), days + spans)
    return instants


_HOURS = frozenset(f"{hour:02d}" for hour in range(24))
