"""The files that leave the observatory: what a page shows, and one indicator commune by commune.

Every row says its unit, how surely it is known, its source, its year and the year of its communes.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from atre.formats import outgoing, wkb
from atre.formats.outgoing import Cell
from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.figures import Figure
from atre.warehouse.folders import data_folder
from atre.web.observatory import publishers, words
from atre.web.observatory.by_commune import ByCommune, CommuneLine
from atre.web.observatory.reading import Reading

CONTOURS_FILE = "commune-contours.parquet"
COMMUNES_A_PART = 500
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
}
TEXT, NUMBER, WHOLE = pa.string(), pa.float64(), pa.int64()
# Names of columns, for a program: title, type.
COLUMNS: dict[str, tuple[str, pa.DataType]] = {
    "territory": ("Territoire", TEXT),
    "territory_name": ("Nom", TEXT),
    "commune": ("Commune", TEXT),
    "commune_name": ("Nom", TEXT),
    "indicator": ("Indicateur", TEXT),
    "indicator_title": ("Titre", TEXT),
    "detail": ("Niveau", TEXT),
    "year": ("Année", WHOLE),
    "sector": ("Secteur", TEXT),
    "energy": ("Énergie", TEXT),
    "category": ("Catégorie", TEXT),
    "value": ("Valeur", NUMBER),
    "unit": ("Unité", TEXT),
    "basis": ("Base du gaz", TEXT),
    "flag": ("État", TEXT),
    "secret_share": ("Part secrète", NUMBER),
    "lower": ("Borne basse", NUMBER),
    "upper": ("Borne haute", NUMBER),
    "communes_known": ("Communes connues", WHOLE),
    "communes": ("Communes", WHOLE),
    "source": ("Source", TEXT),
    "vintage": ("Millésime", WHOLE),
    "geography_year": ("Communes de l’année", WHOLE),
}
# A page tells of one territory, a list of communes of each.
OF_COMMUNES = ("commune", "commune_name")
OF_A_TERRITORY = ("territory", "territory_name", "detail", "communes_known", "communes")
FIGURE_COLUMNS = tuple(name for name in COLUMNS if name not in OF_COMMUNES)
COMMUNE_COLUMNS = tuple(name for name in COLUMNS if name not in OF_A_TERRITORY)
ENERGY_UNIT = "kWh"
# « total » is what the details add up to: summing a whole column would count twice.
TOTAL_FR, DETAIL_FR = "total", "détail"


@dataclass(frozen=True)
class Leaving:
    """A file on its way: rows pass once."""

    columns: tuple[str, ...]
    rows: Iterator[Sequence[Cell]]
    sheet: str

    def parts(self, extension: str) -> Iterator[bytes]:
        """The bytes of the file, part by part where the format allows it."""
        titles = [COLUMNS[name][0] for name in self.columns]
        if extension == "csv":
            yield from outgoing.csv_parts(titles, self.rows)
        elif extension == "xlsx":
            yield outgoing.xlsx_bytes(titles, self.rows, sheet=self.sheet)
        else:
            yield self._parquet()

    def _parquet(self) -> bytes:
        schema = pa.schema([pa.field(name, COLUMNS[name][1]) for name in self.columns])
        columns = list(zip(*self.rows, strict=True)) or [()] * len(schema)
        arrays = [
            pa.array(values, kind) for values, kind in zip(columns, schema.types, strict=True)
        ]
        written = BytesIO()
        pq.write_table(pa.table(arrays, schema=schema), written, compression="zstd")
        return written.getvalue()


def of_page(reading: Reading) -> Leaving:
    """Everything of a territory: the total of each indicator and year, then its details."""
    return Leaving(FIGURE_COLUMNS, _figure_rows(reading), "Chiffres")


def _figure_rows(reading: Reading) -> Iterator[Sequence[Cell]]:
    for figure in reading.totals:
        yield _figure_row(reading, figure, TOTAL_FR)
    for figure in reading.cut:
        if figure.sector or figure.energy or figure.category:
            yield _figure_row(reading, figure, DETAIL_FR)


def _figure_row(reading: Reading, one: Figure, detail: str) -> Sequence[Cell]:
    return (
        one.territory,
        reading.place.name,
        one.indicator,
        CATALOGUE[one.indicator].title_fr,
        detail,
        one.year,
        one.sector,
        one.energy,
        one.category,
        one.value,
        one.unit,
        _basis(one.unit, reading.basis),
        str(one.flag),
        one.secret_share,
        one.lower,
        one.upper,
        one.known,
        one.territories,
        publishers.short_fr(one.source),
        one.year,
        one.geography_year,
    )


def _basis(unit: str, basis: str) -> str | None:
    return words.BASES_FR[basis] if unit == ENERGY_UNIT else None


def of_communes(listed: ByCommune) -> Leaving:
    """One indicator, a row a commune."""
    rows = (_commune_row(listed, line) for line in listed.lines)
    return Leaving(COMMUNE_COLUMNS, rows, "Communes")


def _commune_row(listed: ByCommune, line: CommuneLine) -> Sequence[Cell]:
    return (
        line.code,
        line.name,
        listed.indicator.key,
        listed.indicator.title_fr,
        listed.year,
        listed.cut.get("sector"),
        listed.cut.get("energy"),
        listed.cut.get("category"),
        line.value,
        line.unit,
        _basis(line.unit, "pci"),
        str(line.flag),
        line.secret_share,
        line.lower,
        line.upper,
        listed.publisher or None,
        listed.year,
        listed.geography_year,
    )


def has_contours() -> bool:
    return (data_folder().reference / CONTOURS_FILE).is_file()


def geojson_parts(listed: ByCommune) -> Iterator[bytes]:
    """GeoJSON (RFC 7946), a feature a commune; a commune without contour has a null geometry."""
    yield b'{"type":"FeatureCollection","features":['
    first = True
    for start in range(0, len(listed.lines), COMMUNES_A_PART):
        part = listed.lines[start : start + COMMUNES_A_PART]
        shapes = _geometries([line.code for line in part])
        features = [_feature(_commune_row(listed, line), shapes.get(line.code)) for line in part]
        yield (("" if first else ",") + ",".join(features)).encode()
        first = False
    yield b"]}"


def _feature(row: Sequence[Cell], polygons: list[Any] | None) -> str:
    geometry = None if polygons is None else {"type": "MultiPolygon", "coordinates": polygons}
    properties = dict(zip(COMMUNE_COLUMNS, row, strict=True))
    feature = {"type": "Feature", "id": row[0], "geometry": geometry, "properties": properties}
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))


def _geometries(codes: Iterable[str]) -> dict[str, list[Any]]:
    """The polygons of communes, with five decimals: a metre, a hundredth of what they are true to."""
    path = data_folder().reference / CONTOURS_FILE
    if not path.is_file():
        return {}
    wanted = [("code", "in", list(codes))]
    rows = pq.read_table(path, columns=["code", "geometry_wkb"], filters=wanted).to_pylist()
    rings = wkb.read_multipolygons([row["geometry_wkb"] for row in rows])
    points, starts = rings.points.round(5).tolist(), rings.starts.tolist()
    found: list[dict[int, list[Any]]] = [{} for _ in rows]
    for ring, (shape, polygon) in enumerate(
        zip(rings.shape.tolist(), rings.polygon.tolist(), strict=True)
    ):
        outline = points[starts[ring] : starts[ring + 1]]
        found[shape].setdefault(polygon, []).append(outline)
    return {row["code"]: list(parts.values()) for row, parts in zip(rows, found, strict=True)}
