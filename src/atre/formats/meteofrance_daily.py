"""Météo-France's daily temperatures: « Données climatologiques de base quotidiennes » (a station a
row, a quality code a value) and SIM2 (a square of the SAFRAN grid a row).

The day's temperature is TM, the mean of the hours. Where a station has none, it is the half-sum of
the lowest and the highest, which is told: the two differ by some tenths of a degree over a winter.
"""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from atre.formats.daily_cells import cells_of, days_of, take_titles, temperatures_of
from atre.formats.daily_temperatures import DailyRows, DailySeries
from atre.formats.instants import Floats
from atre.formats.local_time import Mask
from atre.formats.meteofrance_stations import Stations
from atre.formats.reading import Part, Reject, UnreadableFile, without_rows
from atre.formats.text_files import WarningTally, fields_of, line_blocks, sniffed_delimiter

# Météo-France's own words: 9 filtered, 0 protected, 1 validated, 2 doubtful.
TRUSTED_CODES = frozenset({"0", "1", "9", ""})
DOUBTFUL_CODE = "2"
TEMPERATURES = ("TM", "TNTXM", "TN", "TX")
STATION = ("NUM_POSTE", "NOM_USUEL", "LAT", "LON", "ALTI")

NOT_DAILY_FR = "Ce fichier n’a pas les colonnes des températures quotidiennes de Météo-France."
DOUBTFUL_FR = "Valeurs que Météo-France dit douteuses (code qualité 2) : laissées de côté."
UNKNOWN_CODE_FR = "Valeurs au code qualité inconnu : laissées de côté."
NO_CODE_FR = (
    "Le fichier n’a pas les codes qualité de Météo-France : toutes les valeurs sont gardées."
)
HALF_SUM_FR = (
    "Jours sans moyenne des heures (TM) : leur température est la demi-somme de la plus basse et "
    "de la plus haute."
)
GRID_FR = (
    "Températures d’une maille de 8 km, recalculées par un modèle (SIM2) : ce n’est pas un relevé, "
    "et l’altitude est celle de la maille."
)


def read_daily(stream: BinaryIO) -> Iterator[Part]:
    """Temperatures of each day (`DAILY_TEMPERATURES`, °C), extremes, then stations: the file «
    RR-T-Vent » of Météo-France's « Données climatologiques de base quotidiennes ».

    A value that Météo-France says doubtful (quality code 2) is left unknown. A day without TM has
    the half-sum of its extremes, told. Raises `UnreadableFile` without a temperature, or in °F.

    >>> from io import BytesIO
    >>> station = b'''NUM_POSTE;AAAAMMJJ;TN;QTN;TX;QTX;TM;QTM
    ... 44020001;20250130;2.0;1;9.0;1;5.1;1
    ... 44020001;20250131;3.0;1;8.0;1;;
    ... 44020001;20250201;3.0;2;8.0;1;6.6;2
    ... '''
    >>> means, extremes, told = read_daily(BytesIO(station))
    >>> means.rows["temperature_c"].to_pylist()
    [5.1, 5.5, None]
    """
    tally = WarningTally()
    series = DailySeries(tally, has_extremes=True)
    stations = Stations()
    sheet: _Sheet | None = None
    for block in line_blocks(stream, tally):
        rejects: list[Reject] = [*block.rejects]
        if sheet is None and (titles := take_titles(block)):
            sheet = _Sheet(titles, tally)
        if sheet is None:
            yield without_rows(rejects=block.rejects)
            continue
        numbers, cells = cells_of(block, sheet.delimiter, sheet.columns, rejects)
        stations.add(sheet.station_rows(cells))
        yield from series.parts(sheet.rows(numbers, cells), rejects)
    yield series.finish()
    if found := stations.part():
        yield found


class _Sheet:
    """Where the columns are, told by the titles."""

    def __init__(self, titles: str, tally: WarningTally) -> None:
        self.delimiter = sniffed_delimiter([titles])
        self._tally = tally
        places = {
            name.upper(): place for place, name in enumerate(fields_of(titles, self.delimiter))
        }
        if not {"NUM_POSTE", "AAAAMMJJ"} <= places.keys():
            raise UnreadableFile(NOT_DAILY_FR)
        if not {"TM", "TNTXM"} & places.keys() and not {"TN", "TX"} <= places.keys():
            raise UnreadableFile(
                "Ce fichier quotidien de Météo-France n’a pas de température : prenez celui qui "
                "finit par « RR-T-Vent », et non « autres-parametres »."
            )
        wanted = ["AAAAMMJJ", *STATION, *TEMPERATURES, *(f"Q{name}" for name in TEMPERATURES)]
        self._names = [name for name in wanted if name in places]
        self.columns = [places[name] for name in self._names]
        if not any(name.startswith("Q") for name in self._names):
            tally.add(NO_CODE_FR)

    def station_rows(self, cells: Sequence[Sequence[str]]) -> Iterator[dict[str, str]]:
        """What each station says of itself, once a block."""
        if not set(STATION) <= set(self._names):
            return
        at = [self._names.index(name) for name in STATION]
        last = {row[at[0]]: row for row in cells}
        for row in last.values():
            yield dict(zip(STATION, (row[place] for place in at), strict=True))

    def rows(self, numbers: Sequence[int], cells: Sequence[Sequence[str]]) -> DailyRows:
        unreadable = np.zeros(len(cells), dtype=np.bool_)
        values = {
            name: self._trusted(name, cells, unreadable)
            if name in self._names
            else np.full(len(cells), np.nan)
            for name in TEMPERATURES
        }
        half = np.where(
            np.isnan(values["TNTXM"]), (values["TN"] + values["TX"]) / 2, values["TNTXM"]
        )
        filled = np.isnan(values["TM"]) & ~np.isnan(half) & ~unreadable
        self._count(HALF_SUM_FR, filled, numbers)
        return DailyRows(
            lines=numbers,
            places=self._texts("NUM_POSTE", cells),
            days=days_of(self._texts("AAAAMMJJ", cells)),
            mean_c=np.where(filled, half, values["TM"]),
            minimum_c=values["TN"],
            maximum_c=values["TX"],
            unreadable=unreadable,
            found=[";".join(row) for row in cells] if unreadable.any() else self._days_shown(cells),
        )

    def _days_shown(self, cells: Sequence[Sequence[str]]) -> list[str]:
        return [f"{row[0]} {';'.join(row[6:])}" for row in cells]

    def _texts(self, name: str, cells: Sequence[Sequence[str]]) -> list[str]:
        place = self._names.index(name)
        return [row[place] for row in cells]

    def _trusted(self, name: str, cells: Sequence[Sequence[str]], unreadable: Mask) -> Floats:
        values = temperatures_of(self._texts(name, cells), unreadable)
        if f"Q{name}" not in self._names:
            return values
        codes = self._texts(f"Q{name}", cells)
        known = ~np.isnan(values)
        doubtful = known & np.array([code == DOUBTFUL_CODE for code in codes], dtype=np.bool_)
        other = known & ~doubtful
        other &= np.array([code not in TRUSTED_CODES for code in codes], dtype=np.bool_)
        self._count(DOUBTFUL_FR, doubtful, None)
        self._count(UNKNOWN_CODE_FR, other, None)
        return np.where(doubtful | other, np.nan, values)

    def _count(self, reason: str, found: Mask, numbers: Sequence[int] | None) -> None:
        places: NDArray[np.intp] = np.flatnonzero(found)
        if places.size:
            line = numbers[int(places[0])] if numbers else None
            self._tally.add(reason, line=line, count=int(places.size))


def read_sim2(stream: BinaryIO) -> Iterator[Part]:
    r"""Temperatures and extremes of squares of the SAFRAN grid, 8 km wide, in °C: what a model
    gives for the square and its altitude, not a measure. Raises `UnreadableFile` without a
    temperature.

    >>> from io import BytesIO
    >>> grid = b"LAMBX;LAMBY;DATE;T_Q\n3000;22000;20250131;4.2\n3000;22000;20250132;4.4\n"
    >>> means, extremes, told = read_sim2(BytesIO(grid))
    >>> means.rows["place"].to_pylist(), means.rows["temperature_c"].to_pylist()
    (['maille 3000 22000'], [4.2])
    >>> means.rejects[0].line, means.rejects[0].reason_fr
    (3, 'Date illisible : attendue comme 20250131, 2025-01-31 ou 31/01/2025.')
    """
    tally = WarningTally()
    tally.add(GRID_FR)
    series = DailySeries(tally, has_extremes=True)
    grid: _Grid | None = None
    for block in line_blocks(stream, tally):
        rejects: list[Reject] = [*block.rejects]
        if grid is None and (titles := take_titles(block)):
            grid = _Grid(titles)
        if grid is None:
            yield without_rows(rejects=block.rejects)
            continue
        numbers, cells = cells_of(block, grid.delimiter, grid.columns, rejects)
        yield from series.parts(grid.rows(numbers, cells), rejects)
    yield series.finish()


class _Grid:
    """Columns of SIM2; names lost their « _Q » in 2026."""

    def __init__(self, titles: str) -> None:
        self.delimiter = sniffed_delimiter([titles])
        names = [name.upper().removesuffix("_Q") for name in fields_of(titles, self.delimiter)]
        wanted = ("DATE", "T", "TINF_H", "TSUP_H", "LAMBX", "LAMBY")
        self._places = {name: names.index(name) for name in wanted if name in names}
        if not {"DATE", "T"} <= self._places.keys():
            raise UnreadableFile(NOT_DAILY_FR)
        self.columns = [*self._places.values()]
        self._at = {name: place for place, name in enumerate(self._places)}

    def rows(self, numbers: Sequence[int], cells: Sequence[Sequence[str]]) -> DailyRows:
        unreadable = np.zeros(len(cells), dtype=np.bool_)

        def texts(name: str) -> list[str]:
            return [row[self._at[name]] for row in cells] if name in self._at else [""] * len(cells)

        squares: list[str | None] = [
            f"maille {x} {y}" if x and y else None
            for x, y in zip(texts("LAMBX"), texts("LAMBY"), strict=True)
        ]
        return DailyRows(
            lines=numbers,
            places=squares,
            days=days_of(texts("DATE")),
            mean_c=temperatures_of(texts("T"), unreadable),
            minimum_c=temperatures_of(texts("TINF_H"), unreadable),
            maximum_c=temperatures_of(texts("TSUP_H"), unreadable),
            unreadable=unreadable,
            found=[";".join(row) for row in cells],
        )
