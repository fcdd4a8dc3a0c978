"""The sources installed with Âtre, made into tables and a map once, in <data folder>/reference.

Needs no Django and imports nothing of the packages: only their data files are read.
"""

import fcntl
from collections.abc import Callable
from pathlib import Path

from atre.jobs import reference
from atre.jobs.territory_sources import provenance, tables, tiles
from atre.jobs.territory_sources.tables import SourceMissing
from atre.warehouse.atomic import sweep_drafts

__all__ = ["SourceMissing", "build", "files", "inputs"]

STEPS = (
    tables.build_geography,
    tables.build_degree_days,
    tables.build_iris,
    tables.build_contours,
    tiles.build_tiles,
)


def files(folder: Path) -> list[Path]:
    """What a build leaves."""
    names = (
        *(tables.COMMUNES, tables.POPULATIONS, tables.FORMERS, tables.YEARS),
        *(tables.DEGREE_DAYS, tables.IRIS, tables.CONTOURS, tiles.TILES),
    )
    return [folder / name for name in names]


def inputs(folder: Path) -> list[Path]:
    """What a build depends on, beside the packages."""
    reference_file = folder / reference.reference_file().name
    facts = sorted(tables.FACTS.glob("*.csv"))
    own = [path for path in [folder / tables.OWN_CONTOURS] if path.is_file()]
    return [reference_file, tables.ZONES, *own, *facts, *provenance.CODE]


def build(*, folder: Path, packages: Path, progress: Callable[[str], None]) -> None:
    """Makes each file that is missing or outdated; the others are left as they are.

    folder: holds the reference file of territories (`reference.build_territories`). packages: where
    the group `territory` is installed. A file appears whole or not at all, and a second build
    started meanwhile waits. Raises SourceMissing, UnreadableContours or UnreadableCensus.
    """
    at = tables.Workplace(folder, packages, progress)
    with (folder / ".build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sweep_drafts(folder)
        for make in STEPS:
            make(at)
