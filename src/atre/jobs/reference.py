"""The territory reference: from the npm package to one small file, from the file to the tables.

Building needs no Django, so that `./atre territory` answers before any database exists.
"""

import gzip
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from atre.formats import decoupage
from atre.formats.decoupage import Decoupage
from atre.warehouse.atomic import write_bytes

if TYPE_CHECKING:
    from atre.domain.territories.gazetteer import Gazetteer

Progress = Callable[[str], None]

ROOT = Path(__file__).resolve().parents[3]
PACKAGE_DIR = ROOT / "node_modules" / "@etalab" / "decoupage-administratif"
# Raise when the shape of the file changes: a file of another shape is built again.
SHAPE = 1
TABLES = {
    "regions": decoupage.RegionRecord,
    "departments": decoupage.DepartmentRecord,
    "groupings": decoupage.GroupingRecord,
    "communes": decoupage.CommuneRecord,
    "formers": decoupage.FormerRecord,
    "populations": decoupage.PopulationRecord,
    "rejects": decoupage.Reject,
}


class ReferenceMissing(Exception):
    """The reference file, or the package that it is built from, is not there."""


@dataclass(frozen=True)
class Provenance:
    """First line of the reference file: where its content comes from."""

    shape: int
    source: str
    version: str
    licence: str
    vintage: str
    source_sha256: str


def reference_file() -> Path:
    """Where the built reference stands: <data folder>/reference/territories-2026.json.gz."""
    data = Path(os.environ.get("ATRE_DATA_DIR", ROOT / "var")).resolve()
    return data / "reference" / "territories-2026.json.gz"


def build_territories(
    *,
    package: Path = PACKAGE_DIR,
    target: Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Writes the reference file from the npm package, unless it is already what it would write.

    The file appears whole or not at all, whenever the process is killed. Raises ReferenceMissing
    when the package is not installed and UnreadablePackage when it cannot be read.
    """
    target = target or reference_file()
    files = read_files(package)
    wanted = provenance_of(files)
    if target.is_file() and read_provenance(target) == wanted:
        return target
    say = progress or (lambda _: None)
    say(f"Lecture de {decoupage.PACKAGE} {wanted.version}")
    content = decoupage.read_package(files)
    say(
        f"{len(content.communes)} communes, {len(content.groupings)} intercommunalités, "
        f"{len(content.rejects)} lignes écartées"
    )
    write_bytes(target, encode(wanted, content))
    return target


def read_files(package: Path) -> dict[str, bytes]:
    try:
        return {name: (package / name).read_bytes() for name in decoupage.FILES}
    except FileNotFoundError as error:
        raise ReferenceMissing(
            f"{decoupage.PACKAGE} n’est pas installé : lancez « npm ci » ou ./atre up."
        ) from error


def provenance_of(files: dict[str, bytes]) -> Provenance:
    digest = hashlib.sha256()
    for name in decoupage.FILES:
        digest.update(hashlib.sha256(files[name]).digest())
    version = decoupage.package_version(files)
    known = decoupage.VINTAGES.get(version)
    return Provenance(
        shape=SHAPE,
        source=f"npm {decoupage.PACKAGE} (Insee, DGCL, La Poste)",
        version=version,
        licence=decoupage.LICENCE,
        vintage=f"COG {known.cog}" if known else "",
        source_sha256=digest.hexdigest(),
    )


def encode(provenance: Provenance, content: Decoupage) -> bytes:
    """Two lines of JSON, compressed; the same content gives the same bytes."""
    tables = {name: getattr(content, name) for name in TABLES}
    lines = [asdict(provenance), {"version": content.version, "cog": content.cog, **tables}]
    text = "\n".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def read_provenance(target: Path) -> Provenance | None:
    """The first line of the file; None when it is damaged or of another shape."""
    try:
        with gzip.open(target, "rb") as handle:
            return Provenance(**json.loads(handle.readline()))
    except (OSError, EOFError, ValueError, TypeError):
        return None


def read_territories(target: Path | None = None) -> tuple[Provenance, Decoupage]:
    """The content of the reference file. Raises ReferenceMissing when it has not been built."""
    target = target or reference_file()
    if not target.is_file():
        raise ReferenceMissing(f"{target.name} n’est pas construit : lancez ./atre up.")
    first, second = gzip.decompress(target.read_bytes()).splitlines()
    raw = json.loads(second)
    content = Decoupage(version=raw["version"], cog=raw["cog"])
    for name, record in TABLES.items():
        getattr(content, name).extend(record(*row) for row in raw[name])
    return Provenance(**json.loads(first)), content


def load_territories(*, target: Path | None = None, progress: Progress | None = None) -> bool:
    """Fills the reference tables from the file; False when they already hold it.

    One transaction: a reader sees the former vintage or the new one. Needs Django.
    """
    from atre.domain.territories import actions, selectors  # noqa: PLC0415

    target = target or reference_file()
    if not target.is_file():
        build_territories(target=target, progress=progress)
    fingerprint = hashlib.sha256(target.read_bytes()).hexdigest()
    loaded = selectors.current_vintage()
    if loaded is not None and loaded.content_sha256 == fingerprint:
        return False
    provenance, content = read_territories(target)
    if progress:
        progress(f"Chargement de {len(content.communes)} communes ({provenance.vintage})")
    return actions.load_reference(
        content=content,
        fingerprint=fingerprint,
        source=provenance.source,
        version=provenance.version,
        licence=provenance.licence,
        vintage=provenance.vintage,
    )


def gazetteer_of(content: Decoupage) -> "Gazetteer":
    """The search index straight from the file, without a database. Does not need Django set up."""
    from atre.domain.territories import gazetteer as g  # noqa: PLC0415
    from atre.domain.territories.names import normalise  # noqa: PLC0415

    departments = {department.code: department.name for department in content.departments}
    latest: dict[str, tuple[int, int]] = {}
    for population in content.populations:
        if population.kind == decoupage.MUNICIPAL:
            figure = (population.year, population.value)
            latest[population.insee] = max(latest.get(population.insee, figure), figure)
    places = (
        g.Place(
            insee=commune.insee,
            name=commune.name,
            search_name=normalise(commune.name),
            department=commune.department,
            department_name=departments[commune.department],
            region=commune.region,
            epci=commune.epci,
            ept=commune.ept,
            siren=commune.siren,
            postal_codes=tuple(commune.postal_codes),
            population=latest[commune.insee][1] if commune.insee in latest else None,
        )
        for commune in content.communes
    )
    formers = (
        g.Former(f.code, f.name, normalise(f.name) if f.name else None, f.commune)
        for f in content.formers
    )
    groupings = (g.Grouping(e.siren, e.name, normalise(e.name), e.kind) for e in content.groupings)
    return g.Gazetteer(places, formers, groupings)
