"""Where a built file comes from, written in the file itself, so that none can be mistaken."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from atre.formats import decoupage
from atre.warehouse.atomic import replacing

KEY = b"atre.provenance"
FORMATS = Path(decoupage.__file__).parent
# Code that decides what the files hold: another version of it makes them again.
MODULES = (
    "commune_years",
    "contour_gaps",
    "contours",
    "geojson_contours",
    "iris_census",
    "outlines",
    "wkb",
)
CODE = (
    *sorted(Path(__file__).parent.glob("*.py")),
    *(FORMATS / f"{name}.py" for name in MODULES),
)


@dataclass(frozen=True)
class Provenance:
    """What a reader needs to cite a file, and what tells that it is not to be built again.

    inputs_sha256: of the files it was made from and of the code that made it.
    """

    source: str
    version: str
    licence: str
    vintage: str
    inputs_sha256: str
    caution: str | None = None


def sha256_of(paths: Iterable[Path]) -> str:
    """One digest of several files' contents, in their order."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def digest_of(*inputs: Path) -> str:
    """One digest of these files and of the code that reads them."""
    return sha256_of([*inputs, *CODE])


def is_current(target: Path, wanted: Provenance) -> bool:
    return target.is_file() and read_provenance(target) == wanted


def read_provenance(target: Path) -> Provenance | None:
    """Where a table comes from; None when it is damaged, or was written by something else."""
    try:
        metadata = pq.read_schema(target).metadata or {}
        return Provenance(**json.loads(metadata[KEY]))
    except (pa.ArrowException, OSError, KeyError, ValueError, TypeError):
        return None


def write_table(target: Path, table: pa.Table, provenance: Provenance) -> None:
    """Writes a Parquet file whole or not at all."""
    content = json.dumps(asdict(provenance), ensure_ascii=False).encode()
    table = table.replace_schema_metadata({KEY: content})
    with replacing(target) as draft:
        pq.write_table(table, draft, compression="zstd")
