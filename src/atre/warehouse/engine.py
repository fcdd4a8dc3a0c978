"""The one door to Ibis: the same expressions run on DuckDB in the process or on a Spark cluster.

`ATRE_ENGINE` names the engine: empty for DuckDB, `local[2]` or `spark://…` for Apache Spark, `sc://…`
for Spark Connect, which Sail speaks too. Nothing else of the warehouse imports ibis, duckdb or
pyspark: when Ibis stops being kept, this module is what changes (docs/adr/0012).

What we ask of an engine is what `tests/warehouse/test_engine_conformance.py` shows to be the same
on all three, missing values included: the sum of a group of missing values is missing.
"""

import importlib
import os
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from atre.warehouse.atomic import replacing

# A table's columns are attributes that only the data know: no type checker can follow them.
Table: TypeAlias = Any
Column: TypeAlias = Any
literal = ibis.literal
null = ibis.null
cases = ibis.cases
coalesce = ibis.coalesce
row_number = ibis.row_number
window = ibis.window
desc = ibis.desc
union = ibis.union
in_memory = ibis.memtable

ENGINE_SETTING = "ATRE_ENGINE"
MEMORY_SETTING = "ATRE_ENGINE_MEMORY"
# DuckDB spills to disk beyond it; the rest of the machine keeps what it needs.
MEMORY = "2GB"
# Rows of a written file that a reader can skip together: a territory's page reads few of them.
ROW_GROUP_ROWS = 122_880

# Questions kept in words; an edition's files are in them, so an old edition's are let go.
MOST_QUESTIONS = 200
Question = Callable[[Mapping[str, Any]], Any]


class EngineMissing(Exception):
    """The engine asked for cannot be had here; `message_fr` says what to do."""

    def __init__(self, message_fr: str) -> None:
        super().__init__(message_fr)
        self.message_fr = message_fr


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
        return self._backend.read_parquet(paths[0] if len(paths) == 1 else paths)

    def rows(self, expression: Table) -> pa.Table:
        """The rows of an expression, in memory."""
        rows: pa.Table = self._backend.to_pyarrow(expression)
        return rows

    def batches(self, expression: Table, *, rows: int = ROW_GROUP_ROWS) -> Iterator[pa.RecordBatch]:
        """The rows of an expression by batches of at most `rows`, for what memory cannot hold."""
        yield from self._backend.to_pyarrow_batches(expression, chunk_size=rows)

    def write(self, expression: Table, target: Path) -> int:
        """Writes an expression to one Parquet file, whole or not at all, and gives its rows.

        The rows are written in the order of the expression.
        """
        with replacing(target) as draft:
            if self.name == "duckdb":
                self._backend.to_parquet(
                    expression, draft, COMPRESSION="zstd", ROW_GROUP_SIZE=ROW_GROUP_ROWS
                )
            else:
                self._write_batches(expression, draft)
            return int(pq.read_metadata(draft).num_rows)

    def _write_batches(self, expression: Table, draft: Path) -> None:
        """A cluster writes folders of parts; the process writes the one file that readers expect."""
        schema = expression.schema().to_pyarrow()
        with pq.ParquetWriter(draft, schema, compression="zstd") as writer:
            for batch in self.batches(expression):
                writer.write_batch(batch.cast(schema), row_group_size=ROW_GROUP_ROWS)

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
        return _spark(address)
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
    if scratch is not None:
        scratch.mkdir(parents=True, exist_ok=True)
        folder = str(scratch.resolve()).replace("'", "''")
        backend.raw_sql(f"SET temp_directory = '{folder}'")
    return backend


def _spark(address: str) -> Engine:
    try:
        sql = importlib.import_module("pyspark.sql")
    except ImportError as missing:
        raise EngineMissing(
            "Apache Spark n’est pas installé ici : lancez « ./atre extra spark » (il faut aussi "
            "Java 17 pour un Spark local ; Sail s’ajoute par « ./atre extra sail »)."
        ) from missing
    builder = sql.SparkSession.builder.appName("atre")
    builder = builder.remote(address) if address.startswith("sc://") else builder.master(address)
    for key, value in SPARK_SETTINGS.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    is_sail = address.startswith("sc://") and "sail" in str(session.version).lower()
    return Engine("sail" if is_sail else "spark", ibis.pyspark.connect(session))


SPARK_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    # A territory's tables are small for Spark: two hundred partitions cost more than they give.
    "spark.sql.shuffle.partitions": "8",
}

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
