"""Contours of communes that an agency brings: a GeoJSON FeatureCollection (RFC 7946), as IGN's Admin
Express or data.gouv.fr give them, in longitude and latitude."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from atre.formats import wkb
from atre.formats.contours import Contour, Contours, UnreadableContours
from atre.formats.territory_codes import official_codes
from atre.formats.territory_figures import Level

# Read whole: France's communes at full precision weigh 300 MB as GeoJSON.
MAX_BYTES = 600 * 1024**2
# Names that publishers give to the commune's code, the first one found in a feature is read.
CODE_PROPERTIES = ("code", "insee_com", "code_insee", "codgeo", "insee", "com", "code_commune")

NOT_GEOJSON_FR = (
    "Ce fichier n’est pas un GeoJSON de communes (FeatureCollection de polygones) : exportez-le en "
    "GeoJSON, en longitude et latitude (WGS 84)."
)
HUGE_FR = "Ce fichier fait plus de 600 Mo : prenez des contours simplifiés, ou une seule région."
PROJECTED_FR = (
    "Les coordonnées ne sont pas des longitudes et latitudes en degrés (du Lambert 93, sans doute) : "
    "exportez le fichier en WGS 84 (EPSG:4326)."
)
NO_CODE_FR = (
    "Aucun contour n’a de code de commune : il est cherché dans les propriétés "
    f"{', '.join(CODE_PROPERTIES)}."
)


def read_geojson(stream: BinaryIO) -> Contours:
    """The contour of each commune of a GeoJSON file, degrees WGS 84; `without` has the codes whose
    geometry is empty or is not of polygons. Raises UnreadableContours.

    >>> import io
    >>> square = [[[2.0, 49.0], [2.1, 49.0], [2.1, 49.1], [2.0, 49.0]]]
    >>> shape = {"type": "Polygon", "coordinates": square}
    >>> feature = {"type": "Feature", "properties": {"INSEE_COM": "95018"}, "geometry": shape}
    >>> file = {"type": "FeatureCollection", "features": [feature]}
    >>> found = read_geojson(io.BytesIO(json.dumps(file).encode()))
    >>> found.found[0].code, wkb.boxes(wkb.read_multipolygons([found.found[0].geometry]), 1).tolist()
    ('95018', [[2.0, 49.0, 2.1, 49.1]])
    """
    found: dict[str, bytes] = {}
    without: set[str] = set()
    for code, geometry in _coded(_features(stream)):
        polygons = _polygons(geometry)
        if polygons:
            found[code] = wkb.write_multipolygon(polygons)
        else:
            without.add(code)
    if not found:
        raise UnreadableContours(NO_CODE_FR)
    kept = [Contour(code, geometry, from_parts=False) for code, geometry in found.items()]
    return Contours(sorted(kept), sorted(without - set(found)))


def _features(stream: BinaryIO) -> list[Any]:
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnreadableContours(HUGE_FR)
    try:
        read = json.loads(content)
        features = read["features"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise UnreadableContours(NOT_GEOJSON_FR) from error
    if not isinstance(features, list):
        raise UnreadableContours(NOT_GEOJSON_FR)
    return features


def _coded(features: Iterable[Any]) -> list[tuple[str, Any]]:
    texts, geometries = [], []
    for feature in features:
        if isinstance(feature, dict) and isinstance(feature.get("properties"), dict):
            texts.append(_code_of(feature["properties"]))
            geometries.append(feature.get("geometry"))
    codes = official_codes(pa.array(texts, pa.string()), Level.COMMUNE).codes.to_pylist()
    return [(code, shape) for code, shape in zip(codes, geometries, strict=True) if code]


def _code_of(properties: Mapping[str, Any]) -> str | None:
    plain = {str(name).casefold(): value for name, value in properties.items()}
    for name in CODE_PROPERTIES:
        if plain.get(name) is not None:
            return str(plain[name])
    return None


def _polygons(geometry: Any) -> list[list[Any]]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        return []
    shape = geometry.get("coordinates")
    try:
        polygons = [shape] if kind == "Polygon" else list(shape)
        read = [[_ring(ring) for ring in polygon] for polygon in polygons]
    except (TypeError, ValueError, IndexError) as error:
        raise UnreadableContours(NOT_GEOJSON_FR) from error
    return [polygon for polygon in read if polygon]


def _ring(ring: Any) -> Any:
    points = np.array([point[:2] for point in ring], dtype=np.float64)
    if points.ndim != 2 or len(points) < 4 or not np.isfinite(points).all():
        raise ValueError
    if (np.abs(points) > [180.0, 90.0]).any():
        raise UnreadableContours(PROJECTED_FR)
    return points
