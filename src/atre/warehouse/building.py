"""Builds the tables from the files received: each named by what it is made of, so that a build that
was stopped goes on where it stopped, and one that changes nothing writes nothing."""

import hashlib
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from atre.warehouse.atomic import replacing, sweep_drafts
from atre.warehouse.closing import accounts
from atre.warehouse.edition import Edition, NotBuilt, read_edition, write_edition
from atre.warehouse.engine import Engine, Slice, Table, in_memory
from atre.warehouse.folders import Folders
from atre.warehouse.marts.inputs import Inputs
from atre.warehouse.marts.registry import CALCULATIONS, MARTS, VIEWS, View
from atre.warehouse.own_code import own_code
from atre.warehouse.reconstruction import BOUNDED_MARTS, reconstructed, with_bounds
from atre.warehouse.slicing import mart_slices, received_slices
from atre.warehouse.sources.receipts import Receipt, receipts
from atre.warehouse.staging.figures import staged
from atre.warehouse.staging.geography import COMMUNES_FILE, FORMERS_FILE, communes
from atre.warehouse.wording import TABLES_FR

Progress = Callable[[str], None]
# A map asks one year of every commune, a page every year of a few: of each year, blocks of rows are
# of neighbouring territories.
STAGED_ORDER = ("year", "measure", "commune", "territory", "file", "line")
MART_ORDER = ("level", "indicator", "year", "territory", "sector", "energy", "category")


class NothingReceived(Exception):
    """There is no file to build from; `message_fr` says what to do."""

    message_fr = (
        "Aucun fichier n’a été reçu : lancez ./atre prepare pour les données installées avec Âtre, et "
        "« ./atre import FICHIER » pour les vôtres."
    )


def build(
    engine: Engine, folders: Folders, *, now: datetime, progress: Progress | None = None
) -> Edition:
    """Builds what is missing and serves it. Gives the edition, the former one when nothing changed.

    Raises NothingReceived, and `closing.TotalsDiffer` when rows were lost on the way.
    """
    say = progress or (lambda _: None)
    received = receipts(folders)
    if not received:
        raise NothingReceived
    sweep_drafts(folders.marts)
    key = _fingerprint(folders, received, now)
    seconds: dict[str, float] = {}
    staged_file = folders.marts / f"staged-{key}.parquet"
    if not staged_file.is_file():
        say(f"Mise en forme : {len(received)} fichiers")
        rows = staged(engine, folders, received, on=now.date())
        seconds["staged"] = _timed(
            engine, rows, staged_file, STAGED_ORDER, received_slices(engine, folders, received)
        )
    inputs = Inputs(engine, engine.table([staged_file]), communes(engine, folders))
    bounds: dict[str, str] = {}
    for name in BOUNDED_MARTS:
        say(f"Ce que les producteurs cachent : {TABLES_FR[name]}")
        bounds |= _bounds(inputs, name, folders.marts / f"{name}-bounds-{key}.parquet", now.date())
    marts = {name: folders.marts / f"{name}-{key}.parquet" for name in (*MARTS, *CALCULATIONS)}
    for name, target in marts.items():
        if not target.is_file():
            say(f"Table : {TABLES_FR[name]}")
            rows = _mart(name, inputs, folders.marts / bounds[name] if name in bounds else None)
            slices = mart_slices(inputs, MARTS[name]) if name in MARTS else ()
            seconds[name] = _timed(engine, rows, target, MART_ORDER, slices)
        inputs.written[name] = engine.table([target])
    constants = {
        name: _constants(view, folders.marts / f"{name}-{key}.parquet")
        for name, view in VIEWS.items()
        if view.of in marts
    }
    say("Totaux de contrôle")
    edition = Edition(
        key=key,
        built_at=now.isoformat(timespec="seconds"),
        engine=engine.name,
        staged=staged_file.name,
        marts={name: target.name for name, target in marts.items()},
        constants=constants,
        rows={name: pq.read_metadata(target).num_rows for name, target in marts.items()},
        sources=tuple(receipt.key for receipt in received),
        accounts=accounts(engine, folders, received, inputs.staged, marts),
        seconds=seconds,
        bounds=bounds,
    )
    return _serve(folders, edition)


def _serve(folders: Folders, edition: Edition) -> Edition:
    try:
        former: Edition | None = read_edition(folders)
    except NotBuilt:
        former = None
    if former is not None and former.key == edition.key:
        return former
    write_edition(folders, edition)
    _let_go(folders, (edition, former))
    return edition


def _let_go(folders: Folders, kept: Sequence[Edition | None]) -> None:
    """Removes the tables of neither this edition nor the former one, which pages may be reading."""
    names = {name for edition in kept if edition is not None for name in edition.names()}
    for path in folders.marts.glob("*.parquet"):
        if path.name not in names:
            path.unlink(missing_ok=True)


def _mart(name: str, inputs: Inputs, bounds: Path | None) -> Table:
    if name in CALCULATIONS:
        return in_memory(CALCULATIONS[name].rows(inputs))
    rows = MARTS[name].rows(inputs)
    if bounds is not None:
        rows = with_bounds(rows, inputs.engine.table([bounds]))
    return rows


def _bounds(inputs: Inputs, name: str, target: Path, on: date) -> dict[str, str]:
    """The file of the bounds of a mart, by its name; nothing where its sources hid nothing."""
    if not target.is_file():
        found = reconstructed(inputs, MARTS[name], on=on)
        if found is None:
            return {}
        _write(found, target)
    return {name: target.name}


def _constants(view: View, target: Path) -> str:
    """The file of what a view is read with, by its name."""
    if not target.is_file():
        _write(view.constants(), target)
    return target.name


def _write(rows: pa.Table, target: Path) -> None:
    with replacing(target) as draft:
        pq.write_table(rows, draft, compression="zstd")


def _timed(
    engine: Engine, rows: Table, target: Path, order: Sequence[str], slices: Sequence[Slice]
) -> float:
    """Writes a table; gives the seconds it took."""
    start = time.monotonic()
    engine.write(rows, target, order=order, slices=slices)
    return round(time.monotonic() - start, 3)


def _fingerprint(folders: Folders, received: Sequence[Receipt], now: datetime) -> str:
    """Of everything the tables are made of: files, reference, our code, the day's parameters."""
    digest = hashlib.sha256(own_code().encode())
    for receipt in received:
        digest.update(f"{receipt.order}:{receipt.sha256}".encode())
    for name in (COMMUNES_FILE, FORMERS_FILE):
        digest.update(hashlib.sha256((folders.reference / name).read_bytes()).digest())
    digest.update(str(now.year).encode())
    return digest.hexdigest()[:16]
