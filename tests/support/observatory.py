"""A small observatory: five communes of two EPCI, a former commune, an arrondissement; files whose
rows a test writes out."""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq

from atre.formats.territory_figures import FIGURES
from atre.warehouse import building, engine
from atre.warehouse.edition import Edition
from atre.warehouse.engine import in_memory
from atre.warehouse.folders import Folders
from atre.warehouse.marts.inputs import Inputs
from atre.warehouse.marts.registry import MARTS, VIEWS
from atre.warehouse.sources.receipts import (
    FIGURES_FILE,
    Receipt,
    folder_of,
    receipts,
    write_receipt,
)
from atre.warehouse.staging.figures import staged
from atre.warehouse.staging.geography import communes

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
COMMUNES = [
    # code, name, department, epci, ept
    ("95001", "Aincourt", "95", "200000001", None),
    ("95002", "Boisemont", "95", "200000001", None),
    ("95003", "Courcelles", "95", "200000001", None),
    ("83001", "Draguignan", "83", "200000002", None),
    ("75056", "Paris", "75", "200054781", "200054781"),
]
# Former code, kind, commune of today; None where it was divided among several.
FORMERS = [
    ("95900", "old_code", "95001"),
    ("95901", "delegated", "95001"),
    ("95902", "old_code", None),
    ("75101", "district", "75056"),
    ("75102", "district", "75056"),
]
NAMES = {"95": "Val-d’Oise", "83": "Var", "75": "Paris"}


def row(territory: str, value: float | None, **more: Any) -> dict[str, Any]:
    """A figure of a file: a consumption of 2023 in MWh, unless said otherwise."""
    standard = {
        "level": "commune",
        "territory": territory,
        "year": 2023,
        "measure": "consumption",
        "value": value,
        "unit": "MWh",
        "status": "published" if value is not None else "missing",
    }
    return {**standard, **more}


@dataclass
class SmallObservatory:
    """Folders of a throw-away observatory, and what was put in them."""

    folders: Folders
    order: int = field(default=0)

    @classmethod
    def at(cls, path: Path) -> "SmallObservatory":
        folders = Folders(path)
        folders.reference.mkdir(parents=True)
        texts = ("code", "name", "department", "epci", "ept")
        communes = [dict(zip(texts, line, strict=True)) for line in COMMUNES]
        for line in communes:
            line |= {
                "department_name": NAMES[str(line["department"])],
                "region": "11",
                "region_name": "Île-de-France",
                "epci_name": f"CC {line['epci']}",
                "ept_name": line["ept"],
            }
        pq.write_table(pa.Table.from_pylist(communes), folders.reference / "communes-2026.parquet")
        formers = [
            {"code": code, "name": None, "kind": kind, "code_2026": today}
            for code, kind, today in FORMERS
        ]
        pq.write_table(pa.Table.from_pylist(formers), folders.reference / "formers.parquet")
        return cls(folders)

    def receive(self, source: str, rows: Sequence[dict[str, Any]]) -> Receipt:
        """A file of `source`, as if it had been read: the later one replaces what it says again."""
        self.order += 1
        table = pa.Table.from_pylist(
            [{"line": line, **one} for line, one in enumerate(rows, 2)], schema=FIGURES
        )
        sha256 = hashlib.sha256(f"{source}{self.order}{rows}".encode()).hexdigest()
        folder = folder_of(self.folders, sha256[:16])
        folder.mkdir(parents=True)
        pq.write_table(table, folder / FIGURES_FILE)
        receipt = Receipt(
            sha256=sha256,
            name=f"{source}-{self.order}.csv",
            bytes=1,
            format=source,
            title_fr=source,
            received_at=NOW.isoformat(),
            order=self.order,
            rows=table.num_rows,
            rejected=0,
            rejects={},
            warnings={},
            years=(2023,),
            levels=("commune",),
            measures=("consumption",),
        )
        write_receipt(self.folders, receipt)
        return receipt

    def build(self, *marts: str) -> Edition:
        """Builds and serves, with DuckDB: every mart, or the named ones alone, which is quicker."""
        with ExitStack() as opened:
            if marts:
                chosen = {name: building.MARTS[name] for name in marts}
                opened.enter_context(patch.object(building, "MARTS", chosen))
                opened.enter_context(patch.object(building, "CALCULATIONS", {}))
                opened.enter_context(patch.object(building, "BOUNDED_MARTS", ()))
            found = opened.enter_context(engine.opened("", scratch=self.folders.scratch))
            return building.build(found, self.folders, now=NOW)

    def staged(self) -> list[dict[str, Any]]:
        """Every row received, staged."""
        with engine.opened("", scratch=self.folders.scratch) as opened:
            rows = staged(opened, self.folders, receipts(self.folders), on=NOW.date())
            found: list[dict[str, Any]] = opened.rows(rows).to_pylist()
            return found

    def mart(self, name: str) -> list[dict[str, Any]]:
        """The rows of one mart."""
        with engine.opened("", scratch=self.folders.scratch) as opened:
            rows = staged(opened, self.folders, receipts(self.folders), on=NOW.date())
            rows = in_memory(opened.rows(rows))
            inputs = Inputs(opened, rows, communes(opened, self.folders))
            if name in VIEWS:
                view = VIEWS[name]
                made = view.rows(MARTS[view.of].rows(inputs), in_memory(view.constants()))
            else:
                made = MARTS[name].rows(inputs)
            found: list[dict[str, Any]] = opened.rows(made).to_pylist()
            return found
