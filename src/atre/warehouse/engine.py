"""The one door to Ibis: the same expressions run on DuckDB in the process or on a Spark cluster.

`ATRE_ENGINE` names the engine: empty for DuckDB, `local[2]` or `spark://…` for Apache Spark, `sc://…`
for Spark Connect, which Sail speaks too. Nothing else of the warehouse imports ibis, duckdb or
pyspark: when Ibis stops being kept, this module is what changes (docs/adr/0012).

What we ask of an engine is what `tests/warehouse/test_engine_conformance.py` shows to be the same
on all three, missing values included: the sum of a group of missing values is missing.
"""

import os
import shutil
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from atre.warehouse.atomic import replacing
from atre.warehouse.spark_session import EngineMissing as EngineMissing
from atre.warehouse.spark_session import (
    given_in_arrow,
    spark_frame,
    spark_schema,
    spark_session,
    spoken_name,
)

# A table's columns are attributes that only the data know: no type checker can follow them.
Table: TypeAlias = Any
Column: TypeAlias = Any
literal = ibis.literal
null = ibis.null
cases = ibis.cases
coalesce = ibis.coalesce
row_number = ibis.row_number
window = ibis.window
asc = ibis.asc
desc = ibis.desc
union = ibis.union
greatest = ibis.greatest
least = ibis.least
in_memory = ibis.memtable

ENGINE_SETTING = "ATRE_ENGINE"
MEMORY_SETTING = "ATRE_ENGINE_MEMORY"
# DuckDB spills to disk beyond it; the rest of the machine keeps what it needs.
MEMORY = "2GB"
# Rows of a written file that a reader can skip together: a territory's page reads few of them. Of
# 8 000 it opens too many, of 120 000 it reads twice as long what it does not need.
ROW_GROUP_ROWS = 32_768
# Rows that go through memory together.
BATCH_ROWS = 122_880
# Beside those it is sorted by, the columns whose least and greatest values let a block be skipped.
# Of every column, they would take a third of the time of writing.
SKIPPED_BY = ("level", "standing")
# A number of its own for each row of a file.
UNIQUE = "line"
# A third less processor time than zstd to write, for a quarter more on disk.
COMPRESSION = "lz4"
# Beyond as many, a territory is whole departments or nearly: a range serves as well.
MOST_COMMUNES = 2_000
# Questions kept in words; an edition's files are in them, so an old edition's are let go.
MOST_QUESTIONS = 200
Mapped = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]
Question = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Range:
    """Values of a column from `low` on and below `high`; or those that are missing."""

    column: str
    low: str | int | None = None
    high: str | int | None = None
    missing: bool = False

    def tests(self) -> tuple[list[str], list[str | int]]:
        """Its conditions, and the values that they name."""
        if self.missing:
            return [f'"{self.column}" IS NULL'], []
        limits = {f'"{self.column}" >= ?': self.low, f'"{self.column}" < ?': self.high}
        known = {test: value for test, value in limits.items() if value is not None}
        return list(known), list(known.values())


# What a row must satisfy, all of it.
Slice: TypeAlias = tuple[Range, ...]


def _ordered(expression: Table, order: Sequence[str]) -> Table:
    return expression.order_by(*order) if order else expression


def _repeated(schema: pa.Schema) -> list[str]:
    # Measures and lines of files seldom repeat: a dictionary of them costs, and is thrown away.
    return [
        field.name
        for field in schema
        if not pa.types.is_floating(field.type) and field.name != UNIQUE
    ]


class Engine:
    """An open engine. One thread uses it at a time; `current()` gives each thread its own.

    `name` is « duckdb », « spark » or « sail ».
    """

    def __init__(self, name: str, backend: Any) -> None:
        self.name = name
        self._backend = backend
        self._questions: dict[Hashable, tuple[str, pa.Schema]] = {}

    def asked(self, key: Hashable, given: Mapping[str, pa.Table], ask: Question) -> pa.Table:
        """The rows that `ask` wants, its words found once for each `key`.

        `ask` gets the `given` tables as expressions, by name; what differs between two questions
        of one key is in these tables alone. Ibis takes 50 to 100 ms to write a question of ours,
        DuckDB 10 to answer it: a page asks the same ones again and again.
        """
        if self.name != "duckdb":
            return self.rows(ask({name: in_memory(rows) for name, rows in given.items()}))
        for name, rows in given.items():
            self._backend.con.register(name, rows)
        if key not in self._questions:
            if len(self._questions) >= MOST_QUESTIONS:
                self._questions.clear()
            tables = {name: self._backend.table(name) for name in given}
            question = ask(tables)
            words = str(self._backend.compile(question))
            self._questions[key] = (words, question.schema().to_pyarrow())
        words, schema = self._questions[key]
        found: pa.Table = self._backend.con.execute(words).to_arrow_table()
        # DuckDB counts in 128 bits, which no reader of Arrow expects of a count.
        return found.cast(schema)

    def table(self, files: Sequence[Path]) -> Table:
        """The rows of Parquet files of one schema, none of them read yet."""
        if not files:
            raise ValueError("at least one file")
        paths = [str(path.resolve()) for path in files]
        if self.name == "duckdb":
            return self._backend.read_parquet(paths[0] if len(paths) == 1 else paths)
        # Ibis takes a list of files for the name of one, there.
        parts = [self._backend.read_parquet(path) for path in paths]
        return parts[0] if len(parts) == 1 else union(*parts)

    def rows(self, expression: Table) -> pa.Table:
        """The rows of an expression, in memory."""
        if self.name == "duckdb":
            rows: pa.Table = self._backend.to_pyarrow(expression)
            return rows
        # Ibis goes through pandas there, where a missing integer becomes a float.
        schema = expression.schema().to_pyarrow()
        return spark_frame(self._backend, expression).toArrow().cast(schema)

    def batches(self, expression: Table, *, rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """The rows of an expression by batches of at most `rows`, for what memory cannot hold."""
        if self.name == "duckdb":
            yield from self._backend.to_pyarrow_batches(expression, chunk_size=rows)
        else:
            yield from self.rows(expression).to_batches(max_chunksize=rows)

    def mapped(
        self, expression: Table, function: Mapped, schema: pa.Schema, *, by: str
    ) -> Iterator[pa.RecordBatch]:
        """What `function` makes of the rows, those of one value of `by` following each other.

        In the process it is given them all; on a cluster, each worker gives it the rows of its own
        values: it must be importable there. `schema` is that of the rows it gives.
        """
        ordered = expression.order_by(by)
        if self.name == "duckdb":
            yield from function(self.batches(ordered))
            return
        frame = spark_frame(self._backend, expression).repartition(by).sortWithinPartitions(by)
        found = frame.mapInArrow(function, spark_schema(schema)).toArrow()
        yield from found.cast(schema).to_batches()

    def write(
        self,
        expression: Table,
        target: Path,
        *,
        order: Sequence[str] = (),
        slices: Sequence[Slice] = (),
    ) -> int:
        """Writes an expression to one Parquet file, whole or not at all, and gives its rows.

        `order`: columns that the rows are sorted by. `slices`: how to sort more rows than memory
        holds, slice after slice; rows are then in order within each.
        """
        with replacing(target) as draft:
            if self.name == "duckdb" and slices:
                self._write_slices(expression, draft, order, slices)
            elif self.name == "duckdb":
                self._write_batches(_ordered(expression, order), draft)
            else:
                self._write_parts(_ordered(expression, order), draft)
            return int(pq.read_metadata(draft).num_rows)

    def _write_slices(
        self, expression: Table, draft: Path, order: Sequence[str], slices: Sequence[Slice]
    ) -> None:
        """One slice is written while DuckDB makes the next. A sort of all the rows would not do:
        it keeps strings that it cannot spill, and 7 million rows ask more than 2 GB."""
        schema = expression.schema().to_pyarrow()
        keys = ", ".join(f'"{name}"' for name in order) or "ALL"
        self._backend._run_pre_execute_hooks(expression)
        # Ibis's own words and the names of columns of ours; bounds go as parameters.
        words = f"SELECT * FROM ({self._backend.compile(expression)}) WHERE "  # nosec B608
        with (
            pq.ParquetWriter(
                draft,
                schema,
                compression=COMPRESSION,
                use_dictionary=_repeated(schema),
                write_statistics=[
                    name for name in schema.names if name in order or name in SKIPPED_BY
                ],
            ) as writer,
            ThreadPoolExecutor(1) as pool,
        ):
            before: Future[None] | None = None
            for ranges in slices:
                tests, limits = zip(*(one.tests() for one in ranges), strict=True)
                query = f"{words}{' AND '.join(chain(*tests))} ORDER BY {keys}"
                found = self._backend.con.execute(query, list(chain(*limits)))
                rows = found.to_arrow_table().cast(schema)
                if before is not None:
                    before.result()
                before = pool.submit(writer.write_table, rows, row_group_size=ROW_GROUP_ROWS)
            if before is not None:
                before.result()

    def _write_batches(self, expression: Table, draft: Path) -> None:
        """By batches rather than by DuckDB's own COPY, which would write its 128-bit counts as
        floats: a table must be the same whatever the engine."""
        schema = expression.schema().to_pyarrow()
        with pq.ParquetWriter(draft, schema, compression=COMPRESSION) as writer:
            for batch in self.batches(expression):
                writer.write_batch(batch.cast(schema), row_group_size=ROW_GROUP_ROWS)

    def _write_parts(self, expression: Table, draft: Path) -> None:
        """A cluster writes a folder of parts, beside the one file that readers expect of us."""
        schema = expression.schema().to_pyarrow()
        folder = draft.with_suffix(".parts")
        try:
            frame = spark_frame(self._backend, expression)
            frame.write.mode("overwrite").parquet(folder.as_uri())
            with pq.ParquetWriter(draft, schema, compression=COMPRESSION) as writer:
                for part in sorted(folder.rglob("*.parquet")):
                    for batch in pq.ParquetFile(part).iter_batches(BATCH_ROWS):
                        writer.write_batch(batch.cast(schema), row_group_size=ROW_GROUP_ROWS)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Lets go of the engine's memory, connections and processes."""
        self._backend.disconnect()


def connect(address: str | None = None, *, scratch: Path | None = None) -> Engine:
    """Opens the engine that `address` names, else the one of ATRE_ENGINE, else DuckDB.

    `scratch`: where DuckDB puts what memory cannot hold. Raises EngineMissing.
    """
    address = os.environ.get(ENGINE_SETTING, "") if address is None else address
    if address in {"", "duckdb"}:
        return Engine("duckdb", _duckdb(scratch))
    if address.startswith(("local", "spark://", "sc://")):
        session = spark_session(address)
        return Engine(spoken_name(session), given_in_arrow(ibis.pyspark.connect(session)))
    raise EngineMissing(
        f"{ENGINE_SETTING}={address} n’est pas un moteur connu : laissez vide pour DuckDB, ou donnez "
        "local[2], spark://hôte:7077 ou sc://hôte:15002."
    )


def _duckdb(scratch: Path | None) -> Any:
    backend = ibis.duckdb.connect(
        # Extensions are fetched from the network when they are not there: never from a server.
        autoinstall_known_extensions=False,
        autoload_known_extensions=False,
        memory_limit=os.environ.get(MEMORY_SETTING, MEMORY),
    )
    # Files are named by their content: what was read of their feet stays true.
    backend.raw_sql("SET parquet_metadata_cache = true")
    # A territory's communes as a list rather than as a range, for what spreads over departments.
    backend.raw_sql(f"SET dynamic_or_filter_threshold = {MOST_COMMUNES}")
    if scratch is not None:
        scratch.mkdir(parents=True, exist_ok=True)
        folder = str(scratch.resolve()).replace("'", "''")
        backend.raw_sql(f"SET temp_directory = '{folder}'")
    return backend


_of_thread = threading.local()


@contextmanager
def opened(address: str | None = None, *, scratch: Path | None = None) -> Iterator[Engine]:
    """An engine for one piece of work, let go at its end."""
    engine = connect(address, scratch=scratch)
    try:
        yield engine
    finally:
        engine.close()


def current() -> Engine:
    """This thread's engine for reading marts: opened once, in the process whatever builds them.

    A page reads a few thousand rows: a cluster would only add its latency.
    """
    engine: Engine | None = getattr(_of_thread, "engine", None)
    if engine is None:
        engine = connect("duckdb")
        _of_thread.engine = engine
    return engine
