"""Many meters in one Parquet file, some hundreds at a time: memory does not grow with the file.

Columns: `meter_id`, `kwh`, and either `date` (one row a day) or `start` and `end` (bills, the end not
included). The rows of a meter follow each other; they may be in any order among themselves.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from atre.formats.local_time import paris_days
from atre.formats.reading import UnreadableFile

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

ROWS_READ_AT_ONCE = 131_072
METERS_AT_ONCE = 512
# A meter of daily readings over a century; more is a load curve, to be brought to days before.
MOST_ROWS_OF_A_METER = 40_000
LONGEST_WEATHER_DAYS = 366 * 60
NOT_SORTED_FR = (
    "Le compteur « {meter} » revient après d’autres : triez le fichier par compteur, pour qu’il se "
    "lise sans le garder tout entier en mémoire."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetersRead:
    """Some meters and all their rows. `meter` gives each row's place in `meter_ids`; NaN is unknown."""

    meter_ids: list[str]
    meter: Integers
    start_day: Integers
    end_day: Integers
    kwh: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesWeather:
    """Daily means by place, °C as the file says, shape (places, days) from `first_day`."""

    places: Mapping[str | None, int]
    first_day: int
    mean: Floats


def meters_by_groups(path: Path) -> Iterator[MetersRead]:
    """The meters of a Parquet file, `METERS_AT_ONCE` or so at a time, each whole: day numbers from
    1 January 1970 and kWh, of shape (rows,), a null being NaN. An instant in UTC is brought to its
    legal day. Memory: one group and one batch of rows, whatever the file weighs.

    Raises UnreadableFile: not Parquet, a column that lacks, a meter that comes back or has too many
    rows to be read by day.

    >>> from tempfile import TemporaryDirectory
    >>> days = np.array(["2024-01-01", "2024-01-02", "2024-01-01"], dtype="datetime64[D]")
    >>> rows = {"meter_id": ["A", "A", "B"], "date": days, "kwh": [5, None, 7]}
    >>> with TemporaryDirectory() as folder:
    ...     pq.write_table(pa.table(rows), Path(folder, "m.parquet"))
    ...     meters, = meters_by_groups(Path(folder, "m.parquet"))
    >>> meters.meter_ids, meters.meter.tolist(), meters.kwh.tolist()
    (['A', 'B'], [0, 0, 1], [5.0, nan, 7.0])
    """
    file = _opened(path)
    columns = meter_columns(file.schema_arrow)
    yield from grouped_meters(file.iter_batches(batch_size=ROWS_READ_AT_ONCE, columns=columns))


def grouped_meters(batches: Iterable[pa.RecordBatch]) -> Iterator[MetersRead]:
    """The same from batches of rows, those of a meter following each other.

    >>> days = np.array(["2024-01-01", "2024-01-02"], dtype="datetime64[D]")
    >>> rows = pa.record_batch({"meter_id": ["A", "B"], "date": days, "kwh": [5.0, 7.0]})
    >>> [meters.meter_ids for meters in grouped_meters([rows])]
    [['A', 'B']]
    """
    waiting: list[pa.Table] = []
    done: set[int] = set()
    for batch in batches:
        waiting.append(pa.Table.from_batches([batch]))
        table = pa.concat_tables(waiting).combine_chunks()
        starts, ids = _runs(table["meter_id"])
        if len(ids) <= METERS_AT_ONCE:
            waiting = [table]
            if table.num_rows > MOST_ROWS_OF_A_METER * (len(ids) + 4):
                raise UnreadableFile(_too_many_fr(ids[-1]))
            continue
        # The last meter may go on in the next batch.
        for first in range(0, len(ids) - 1, METERS_AT_ONCE):
            end = min(first + METERS_AT_ONCE, len(ids) - 1)
            yield _group(
                table.slice(starts[first], starts[end] - starts[first]), ids[first:end], done
            )
        waiting = [table.slice(starts[len(ids) - 1])]
    if waiting and waiting[0].num_rows:
        table = pa.concat_tables(waiting).combine_chunks()
        yield _group(table, _runs(table["meter_id"])[1], done)


def _opened(path: Path) -> pq.ParquetFile:
    try:
        # Buffering ahead keeps the bytes of the whole file in memory until its last batch.
        return pq.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20)
    except pa.ArrowInvalid as fault:
        raise UnreadableFile(f"{path.name} n’est pas un fichier Parquet lisible.") from fault


def meter_columns(schema: pa.Schema) -> list[str]:
    """The columns of readings that a schema has, by day or by bill. Raises UnreadableFile.

    >>> meter_columns(pa.schema([("kwh", pa.float64()), ("date", pa.date32()), ("meter_id", "str")]))
    ['meter_id', 'date', 'kwh']
    """
    names = set(schema.names)
    for needed in (["meter_id", "date", "kwh"], ["meter_id", "start", "end", "kwh"]):
        if names.issuperset(needed):
            return needed
    raise UnreadableFile(
        "Le fichier des compteurs doit avoir les colonnes meter_id, date, kwh ou meter_id, start, "
        f"end, kwh ; il a : {', '.join(schema.names)}."
    )


def _runs(meter_id: pa.ChunkedArray) -> tuple[list[int], list[str]]:
    """Where each run of equal meters starts, and its meter."""
    column = meter_id.combine_chunks().cast(pa.string())
    codes = column.dictionary_encode().indices.fill_null(-1).to_numpy(zero_copy_only=False)
    starts = np.flatnonzero(np.diff(codes, prepend=codes[:1] - 1))
    return starts.tolist(), column.take(pa.array(starts)).to_pylist()


def _group(table: pa.Table, ids: list[str], done: set[int]) -> MetersRead:
    for meter in ids:
        if meter is None:
            raise UnreadableFile("Une ligne n’a pas de meter_id.")
        if hash(meter) in done:
            raise UnreadableFile(NOT_SORTED_FR.format(meter=meter))
        done.add(hash(meter))
    starts, _ = _runs(table["meter_id"])
    lengths = np.diff([*starts, table.num_rows])
    if lengths.size and lengths.max() > MOST_ROWS_OF_A_METER:
        raise UnreadableFile(_too_many_fr(ids[int(lengths.argmax())]))
    daily = "date" in table.column_names
    start = _days(table["date" if daily else "start"])
    return MetersRead(
        meter_ids=ids,
        meter=np.repeat(np.arange(len(ids)), lengths),
        start_day=start,
        end_day=start + 1 if daily else _days(table["end"]),
        kwh=_numbers(table["kwh"]),
    )


def _too_many_fr(meter: str) -> str:
    return (
        f"Le compteur « {meter} » a plus de {MOST_ROWS_OF_A_METER} lignes : c’est une courbe de "
        "charge. Ramenez-la d’abord à des jours."
    )


def _numbers(column: pa.ChunkedArray) -> Floats:
    try:
        numbers: Floats = column.cast(pa.float64()).to_numpy().astype(np.float64)
    except pa.ArrowInvalid as fault:
        raise UnreadableFile("Une colonne de nombres contient du texte.") from fault
    return numbers


def _days(column: pa.ChunkedArray) -> Integers:
    """Day numbers of dates, or of instants: those in UTC are brought to legal days."""
    kind = column.type
    try:
        if pa.types.is_timestamp(kind) and kind.tz is not None:
            instants = column.cast(pa.timestamp("us")).to_numpy().astype("datetime64[us]")
            return paris_days(instants).astype(np.int64)
        numbers: Integers = column.cast(pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as fault:
        raise UnreadableFile("Une colonne de dates ne se lit pas comme des dates.") from fault
    return numbers


def places_weather(path: Path) -> PlacesWeather:
    """The daily means of a Parquet file (`date`, `temperature_c`, and `place` when several), whole,
    in °C as the file says; shape (places, days), NaN where a place has no value.

    A day given twice for a place is the mean of the two. Raises UnreadableFile.

    >>> from tempfile import TemporaryDirectory
    >>> days = np.array(["2024-01-01", "2024-01-03", "2024-01-03"], dtype="datetime64[D]")
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "w.parquet")
    ...     pq.write_table(pa.table({"date": days, "temperature_c": [4.0, 6.0, 7.0]}), path)
    ...     places_weather(path).mean.tolist()
    [[4.0, nan, 6.5]]
    """
    schema = _opened(path).schema_arrow
    if not {"date", "temperature_c"} <= set(schema.names):
        raise UnreadableFile(
            "Le fichier météo doit avoir les colonnes date, temperature_c et, s’il y a plusieurs "
            "lieux, place."
        )
    wanted = [name for name in ("place", "date", "temperature_c") if name in schema.names]
    table = pq.read_table(path, columns=wanted)
    if not table.num_rows:
        raise UnreadableFile("Le fichier météo est vide.")
    days, values = _days(table["date"]), _numbers(table["temperature_c"])
    if "place" in table.column_names:
        encoded = table["place"].combine_chunks().cast(pa.string()).dictionary_encode()
        row = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        places: dict[str | None, int] = {
            name: place for place, name in enumerate(encoded.dictionary.to_pylist())
        }
    else:
        row, places = np.zeros(len(days), dtype=np.int64), {None: 0}
    first, width = int(days.min()), int(days.max() - days.min()) + 1
    if width > LONGEST_WEATHER_DAYS:
        raise UnreadableFile("Les dates du fichier météo s’étendent sur plus de soixante ans.")
    cells = row * width + days - first
    known = np.isfinite(values)
    size = len(places) * width
    count = np.bincount(cells[known], minlength=size)
    total = np.bincount(cells[known], weights=values[known], minlength=size)
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return PlacesWeather(places=places, first_day=first, mean=mean.reshape(len(places), width))


def is_daily(meters: MetersRead) -> bool:
    """Whether these rows are days (one day long, most of them) rather than bills; no row at all is
    not.

    >>> start = np.array([19723, 19753, 19783])
    >>> read = {"meter_ids": ["A"], "meter": start * 0, "start_day": start, "kwh": start * 1.0}
    >>> [is_daily(MetersRead(**read, end_day=start + days)) for days in (1, 30)]
    [True, False]
    """
    lengths = meters.end_day - meters.start_day
    return bool(len(lengths)) and float(np.median(lengths)) <= 1
