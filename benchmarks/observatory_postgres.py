"""The same cube as a star schema in PostgreSQL: dimensions of communes and cuttings, one table of facts."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pyarrow.csv as pc
import pyarrow.parquet as pq

SCHEMA = """
CREATE TABLE commune (code text PRIMARY KEY, epci text, department text);
CREATE TABLE loaded (level text, territory text, year smallint, sector text, energy text,
                     value double precision, basis text, status text);
CREATE TABLE fact (territory text, level text, year smallint, sector text, energy text,
                   value double precision, cells bigint, known bigint, secret bigint);
"""
# A sum of nothing is NULL in SQL: missing stays missing.
BUILD = """
INSERT INTO fact
SELECT territory, level, year, sector, energy,
       sum(value * 1000 / CASE WHEN basis = 'pcs' THEN 1.111 ELSE 1 END),
       count(*), count(value), count(*) FILTER (WHERE status = 'secret')
FROM loaded GROUP BY territory, level, year, sector, energy;
CREATE INDEX ON fact (territory);
CREATE INDEX ON fact (year, energy) INCLUDE (territory, value);
ANALYZE fact;
"""
PROFILE = """
SELECT year, sector, energy, sum(value), sum(secret) FROM fact
WHERE level = 'commune' AND territory = ANY(%s) GROUP BY year, sector, energy
"""
CHOROPLETH = """
SELECT territory, sum(value) FROM fact
WHERE level = 'commune' AND year = %s AND energy = %s GROUP BY territory
"""
COLUMNS = ("level", "territory", "year", "sector", "energy", "value", "basis", "status")


def run(
    files: Sequence[Path],
    communes: Sequence[tuple[str, str | None, str]],
    territories: Sequence[Sequence[str]],
    years: tuple[int, int],
    energy: str,
) -> dict[str, Any]:
    """Seconds of the same three questions, in a server thrown away at the end."""
    from tests.support.postgres import throwaway_server

    settings = {"shared_buffers": "512MB", "work_mem": "256MB", "maintenance_work_mem": "512MB"}
    with throwaway_server(settings) as server, psycopg.connect(server.url, autocommit=True) as link:
        began = time.perf_counter()
        link.execute(SCHEMA)
        with link.cursor() as cursor:
            with cursor.copy("COPY commune FROM STDIN") as copy:
                for line in communes:
                    copy.write_row(line)
            for path in files:
                load(cursor, path)
        link.execute(BUILD)
        built = time.perf_counter() - began
        profiles = [timed(link, PROFILE, (list(some),)) for some in territories]
        year, other = years
        maps = [timed(link, CHOROPLETH, (one, energy)) for one in (year, year, year, other)]
        total = float(np.nansum([row[1] or 0 for row in link.execute(CHOROPLETH, (year, energy))]))
        return {"rebuild": built, "profiles": profiles, "maps": maps, "total": total}


def load(cursor: psycopg.Cursor[Any], path: Path) -> None:
    with cursor.copy("COPY loaded FROM STDIN (FORMAT csv)") as copy:
        for batch in pq.ParquetFile(path).iter_batches(columns=list(COLUMNS)):
            sink = _Sink(copy.write)
            pc.write_csv(batch.select(COLUMNS), sink, pc.WriteOptions(include_header=False))


class _Sink:
    """What Arrow writes a file to: here, the server."""

    closed = False

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write

    def write(self, content: Any) -> int:
        self._write(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing is kept back."""

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


def timed(link: psycopg.Connection[Any], question: str, given: tuple[Any, ...]) -> float:
    began = time.perf_counter()
    link.execute(question, given).fetchall()
    return time.perf_counter() - began
