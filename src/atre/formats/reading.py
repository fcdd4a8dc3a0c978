"""What every reader of outside files gives: rows in Arrow, the rows it refused and why, and counts.

A reader goes through its file once and gives parts, so that memory does not grow with the file;
`collect` joins them when the whole is wanted.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import pyarrow as pa

# Rows a reader keeps before it hands them over: some megabytes, whatever the file weighs.
PART_ROWS = 65_536

UTC = pa.timestamp("us", tz="UTC")

# Energy of intervals of one meter. `kwh` is null where the file has a hole or a blank.
# `basis` is "pcs" or "pci" for a gas, null for what has none. `quality` keeps the file's own word.
INTERVALS = pa.schema(
    [
        pa.field("meter_id", pa.string()),
        pa.field("start", UTC, nullable=False),
        pa.field("end", UTC, nullable=False),
        pa.field("kwh", pa.float64()),
        pa.field("basis", pa.string()),
        pa.field("volume_m3", pa.float64()),
        pa.field("quality", pa.string()),
    ]
)
# Registers of a meter as they stood at an instant. `temporal_class` says what the register counts
# (BASE, HP, HC…) where the file says it.
INDEXES = pa.schema(
    [
        pa.field("meter_id", pa.string()),
        pa.field("read_at", UTC, nullable=False),
        pa.field("calendar", pa.string()),
        pa.field("register", pa.string(), nullable=False),
        pa.field("index_kwh", pa.float64()),
        pa.field("quality", pa.string()),
        pa.field("temporal_class", pa.string()),
    ]
)
# Highest apparent power of each day.
MAXIMUM_POWERS = pa.schema(
    [
        pa.field("meter_id", pa.string()),
        pa.field("at", UTC, nullable=False),
        pa.field("power_va", pa.float64()),
    ]
)
DAILY_TEMPERATURES = pa.schema(
    [
        pa.field("place", pa.string()),
        pa.field("date", pa.date32(), nullable=False),
        pa.field("temperature_c", pa.float64()),
    ]
)
# The lowest and the highest of a day, where the file gives them: degree days of the professional and
# Météo-France formulas need both.
DAILY_EXTREMES = pa.schema(
    [
        pa.field("place", pa.string()),
        pa.field("date", pa.date32(), nullable=False),
        pa.field("minimum_c", pa.float64()),
        pa.field("maximum_c", pa.float64()),
    ]
)
HOURLY_TEMPERATURES = pa.schema(
    [
        pa.field("place", pa.string()),
        pa.field("at", UTC, nullable=False),
        pa.field("temperature_c", pa.float64()),
    ]
)


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not read: where (1 for the first line; a cell's name when there is one), the
    text found there, cut short, and the reason, a French sentence."""

    line: int | None
    reason_fr: str
    place: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Warned:
    """Something read all the same, which a person must know: a hole, an odd unit, a day of 25 h."""

    reason_fr: str
    count: int = 1
    first_line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a file: rows of one schema, and what was refused on the way."""

    rows: pa.RecordBatch
    rejects: tuple[Reject, ...] = ()
    warnings: tuple[Warned, ...] = ()


NO_ROWS = pa.RecordBatch.from_arrays([], schema=pa.schema([]))


def without_rows(*, rejects: tuple[Reject, ...] = (), warnings: tuple[Warned, ...] = ()) -> Part:
    """A part that only says what was refused or doubted; no table comes of it.

    >>> part = without_rows(rejects=(Reject(line=4, reason_fr="Date illisible.", found="hier"),))
    >>> part.rows.num_columns, part.rejects[0].found
    (0, 'hier')
    """
    return Part(rows=NO_ROWS, rejects=rejects, warnings=warnings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A kind of file this package reads.

    recognises : whether the first bytes of a file (64 KB, whole when smaller; a workbook whole, up
        to 32 MB, since its first bytes tell nothing of what it holds) are of this kind.
    read : gives the parts; raises `UnreadableFile` when the file as a whole cannot be read.
    """

    key: str
    title_fr: str
    recognises: Callable[[bytes], bool]
    read: Callable[[BinaryIO], Iterator[Part]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file read whole. `tables` has one table by schema found, in the order met."""

    format: Format
    tables: tuple[pa.Table, ...]
    rejects: tuple[Reject, ...] = ()
    warnings: tuple[Warned, ...] = field(default=())

    @property
    def rows(self) -> int:
        return sum(table.num_rows for table in self.tables)


class UnreadableFile(ValueError):
    """A file that gives nothing: neither its kind nor its rows can be told. `message_fr` says why
    and what to do."""

    def __init__(self, message_fr: str) -> None:
        super().__init__(message_fr)
        self.message_fr = message_fr


def collect(known: Format, parts: Iterable[Part]) -> Reading:
    r"""The whole of a file in memory: for one meter, not for a territory's load curves.

    Parts of one schema make one table, in the order met; rejects and warnings are joined.

    >>> from io import BytesIO
    >>> from atre.formats.recognition import recognise
    >>> daily = b"date,kwh\n2024-01-01,12\n2024-01-02,douze\n2024-01-03,\n"
    >>> found = collect(recognise(daily), recognise(daily).read(BytesIO(daily)))
    >>> found.tables[0]["kwh"].to_pylist(), found.rejects[0].line, found.rejects[0].found
    ([12.0, None], 3, 'douze')
    """
    batches: dict[pa.Schema, list[pa.RecordBatch]] = {}
    rejects: list[Reject] = []
    warnings: list[Warned] = []
    for part in parts:
        if part.rows.num_columns:
            batches.setdefault(part.rows.schema, []).append(part.rows)
        rejects += part.rejects
        warnings += part.warnings
    return Reading(
        format=known,
        tables=tuple(pa.Table.from_batches(found, schema) for schema, found in batches.items()),
        rejects=tuple(rejects),
        warnings=tuple(warnings),
    )
