"""Where Météo-France's stations stand: from their list, or from the files of their temperatures."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

import pyarrow as pa

from atre.formats.daily_cells import SHORT_FR
from atre.formats.daily_temperatures import MAX_PLACES, TOO_MANY_FR
from atre.formats.reading import Part, Reject, UnreadableFile
from atre.formats.text_files import (
    WarningTally,
    fields_of,
    line_blocks,
    number_of,
    rejected,
    sniffed_delimiter,
)

# `place` is the eight-figure number of the station: its first two are those of its department.
STATIONS = pa.schema(
    [
        pa.field("place", pa.string(), nullable=False),
        pa.field("name", pa.string()),
        pa.field("latitude_deg", pa.float64()),
        pa.field("longitude_deg", pa.float64()),
        pa.field("altitude_m", pa.float64()),
    ]
)
STATION_TITLES = frozenset({"NUM_POSTE", "NOM_USUEL", "LAT", "LON", "ALTI"})
NO_STATION_FR = "Cette liste de postes n’en a aucun de lisible."
PLACE_FR = "Numéro de poste absent."
POSITION_FR = (
    "Position impossible : latitude de -90 à 90, longitude de -180 à 180, altitude en mètres."
)
AGAIN_FR = "Poste déjà lu : le premier a été gardé."


class Stations:
    """The stations met in a file, each as it was last described."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, str | float | None]] = {}

    def add(self, found: Iterable[dict[str, str]]) -> None:
        """Keep what can be read; the readers of temperatures do not refuse a day for a position."""
        for row in found:
            try:
                station = _read_station(row)
            except ValueError:
                continue
            self._rows[str(station["place"])] = station

    def part(self) -> Part | None:
        if not self._rows:
            return None
        return Part(rows=_batch(self._rows.values()))


def _batch(rows: Iterable[dict[str, str | float | None]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(list(rows), schema=STATIONS)


def _read_station(row: dict[str, str]) -> dict[str, str | float | None]:
    """A row of STATIONS. Raises ValueError, with a French sentence, for what is no position."""
    if not row["NUM_POSTE"]:
        raise ValueError(PLACE_FR)
    try:
        latitude, longitude, altitude = (number_of(row[name]) for name in ("LAT", "LON", "ALTI"))
    except ValueError:
        raise ValueError(POSITION_FR) from None
    limits = ((latitude, -90, 90), (longitude, -180, 180), (altitude, -500, 9000))
    if any(value is not None and not low <= value <= high for value, low, high in limits):
        raise ValueError(POSITION_FR)
    return {
        "place": row["NUM_POSTE"].zfill(8),
        "name": row["NOM_USUEL"] or None,
        "latitude_deg": latitude,
        "longitude_deg": longitude,
        "altitude_m": altitude,
    }


def read_stations(stream: BinaryIO) -> Iterator[Part]:
    """The list of stations (`STATIONS`), in the order of the file: degrees WGS 84, metres. A
    station without a position stays, with unknown ones; an impossible position is refused, and so
    is a station met again. Raises `UnreadableFile` when none can be read.

    >>> from io import BytesIO
    >>> stations = b'''NUM_POSTE;NOM_USUEL;LAT;LON;ALTI
    ... 1014002;ARBENT;46.278333;5.669;534
    ... 44020001;NANTES-BOUGUENAIS;471.5;-1.6;26
    ... 44109002;NANTES;;;
    ... '''
    >>> part, = read_stations(BytesIO(stations))
    >>> part.rows["place"].to_pylist(), part.rows["altitude_m"].to_pylist(), part.rejects[0].line
    (['01014002', '44109002'], [534.0, None], 3)
    """
    tally = WarningTally()
    rejects: list[Reject] = []
    stations: dict[str, dict[str, str | float | None]] = {}
    titles: list[str] = []
    delimiter = ","
    for block in line_blocks(stream, tally):
        rejects += block.rejects
        for number, line in zip(block.numbers, block.lines, strict=True):
            if not line.strip():
                continue
            if not titles:
                delimiter = sniffed_delimiter([line])
                titles = [title.upper() for title in fields_of(line, delimiter)]
                if not set(titles) >= STATION_TITLES:
                    raise UnreadableFile(NO_STATION_FR)
                continue
            cells = fields_of(line, delimiter)
            _keep(number, cells, titles, stations, rejects)
    if not stations:
        raise UnreadableFile(NO_STATION_FR)
    yield Part(rows=_batch(stations.values()), rejects=tuple(rejects), warnings=tally.take())


def _keep(
    number: int,
    cells: list[str],
    titles: list[str],
    stations: dict[str, dict[str, str | float | None]],
    rejects: list[Reject],
) -> None:
    found = ";".join(cells)
    if len(cells) < len(titles):
        rejects.append(rejected(number, SHORT_FR, found=found))
        return
    if len(stations) >= MAX_PLACES:
        raise UnreadableFile(TOO_MANY_FR)
    try:
        station = _read_station(dict(zip(titles, cells, strict=False)))
    except ValueError as fault:
        rejects.append(rejected(number, str(fault), found=found))
        return
    if station["place"] in stations:
        rejects.append(rejected(number, AGAIN_FR, found=found))
        return
    stations[str(station["place"])] = station
