"""The answer of Enedis' web service « ConsultationMesures »: consumption between two readings, in
kWh, on the grid's calendar and on the supplier's. Both count the same energy: one only is read."""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from atre.formats.curve_points import NO_DATE_FR, NO_NUMBER_FR
from atre.formats.energy_units import unit_of
from atre.formats.instants import instants_of, numbers_of
from atre.formats.load_curve import interval_batch
from atre.formats.local_time import ParisClock
from atre.formats.reading import Format, Part, Reject, without_rows
from atre.formats.text_files import HEAD_BYTES, WarningTally, head_text, rejected
from atre.formats.xml_stream import has_root, read_xml

GRIDS = {"seriesMesuresDateesGrilleTurpe", "seriesMesuresDateesGrilleFrn"}
SERIES_TAGS = {"unite"}
MEASURE_TAGS = {"valeur", "dateDebut", "dateFin"}
CODED = {"grandeurPhysique", "classeTemporelle", "nature", "statut"}
SECOND_GRID_FR = (
    "La même consommation est donnée sur deux calendriers (réseau et fournisseur) : seul le "
    "premier est lu, pour ne pas la compter deux fois."
)
SEVERAL_CLASSES_FR = (
    "Plusieurs classes horaires couvrent la même période : la consommation est leur somme."
)
NOT_ACTIVE_FR = "Mesure qui n’est pas de l’énergie active en kWh : non lue."
NO_PERIOD_FR = "Période dont la fin ne suit pas le début."
NEGATIVE_FR = "Consommation négative (régularisation) : non lue."


class _Consultation:
    def __init__(self) -> None:
        self.warnings = WarningTally()
        self._meter_id: str | None = None
        self._grid = ""
        self._chosen_grid = ""
        self._series: dict[str, str] = {}
        self._measure: dict[str, str] = {}
        self._classes: set[str] = set()
        self._found: list[tuple[np.datetime64, np.datetime64, float, str | None]] = []
        self._rejects: list[Reject] = []

    @property
    def rows(self) -> int:
        return len(self._found)

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        if tag in GRIDS:
            self._grid = tag
            self._chosen_grid = self._chosen_grid or tag
            if tag != self._chosen_grid:
                self.warnings.add(SECOND_GRID_FR, line=line)
        elif tag == "serie":
            self._series = {}
        elif tag == "mesure":
            self._measure = {}
        elif tag in CODED:
            kept = self._measure if tag in {"nature", "statut"} else self._series
            kept[tag] = attributes.get("code", "")

    def end(self, tag: str, text: str, line: int) -> None:
        if tag == "pointId":
            self._meter_id = text or None
        elif tag in SERIES_TAGS:
            self._series[tag] = text
        elif tag in MEASURE_TAGS:
            self._measure[tag] = text
        elif tag == "mesure" and self._grid == self._chosen_grid:
            self._add(line)

    def _add(self, line: int) -> None:
        unit = unit_of(self._series.get("unite", ""))
        is_active = self._series.get("grandeurPhysique") == "EA"
        bounds = [self._measure.get("dateDebut", ""), self._measure.get("dateFin", "")]
        start, end = instants_of(bounds, ParisClock()).utc
        value = self._measure.get("valeur", "")
        values, unreadable = numbers_of([value])
        why_not = None
        if unit is None or unit.kwh is None or not is_active:
            why_not = NOT_ACTIVE_FR
        elif np.isnat(start) or np.isnat(end):
            why_not = NO_DATE_FR
        elif start >= end:
            why_not = NO_PERIOD_FR
        elif unreadable[0]:
            why_not = NO_NUMBER_FR
        elif values[0] < 0:
            why_not = NEGATIVE_FR
        if why_not is not None or unit is None or unit.kwh is None:
            found = " ; ".join([*bounds, value])
            self._rejects.append(rejected(line, why_not or NOT_ACTIVE_FR, found=found))
            return
        if len(self._classes) < 100:
            self._classes.add(self._series.get("classeTemporelle", ""))
        quality = self._measure.get("nature") or None
        self._found.append((start, end, float(values[0]) * unit.kwh, quality))

    def take(self, *, is_last: bool) -> Iterator[Part]:
        found, self._found = sorted(self._found, key=lambda row: (row[0], row[1])), []
        rejects, self._rejects = tuple(self._rejects), []
        if found:
            yield Part(
                rows=interval_batch(
                    self._meter_id,
                    np.array([row[0] for row in found], dtype="datetime64[us]"),
                    np.array([row[1] for row in found], dtype="datetime64[us]"),
                    np.array([row[2] for row in found]),
                    np.array([row[3] for row in found], dtype=object),
                )
            )
        if is_last and len(self._classes) > 1:
            self.warnings.add(SEVERAL_CLASSES_FR)
        yield without_rows(rejects=rejects, warnings=self.warnings.take() if is_last else ())


def _recognises(head: bytes) -> bool:
    """Whether a SOAP envelope holds the answer of the service."""
    return "consulterMesuresResponse" in head_text(head[:HEAD_BYTES]) and (
        has_root(head, "Envelope") or has_root(head, "consulterMesuresResponse")
    )


def read(stream: BinaryIO) -> Iterator[Part]:
    """The parts of an answer: `INTERVALS`, one row a period between two readings, in kWh.

    `quality` is the file's word for the reading (REEL, ESTI, REGU). The answer counts the same
    energy on the grid's calendar and on the supplier's: the first met is read, the other told.

    >>> from io import BytesIO
    >>> from atre.formats.reading import collect
    >>> answer = b'''<consulterMesuresResponse><seriesMesuresDateesGrilleFrn><serie>
    ... <grandeurPhysique code="EA"/><unite>kWh</unite>
    ... <mesure><valeur>926</valeur><nature code="REGU"/>
    ... <dateDebut>2021-01-15+01:00</dateDebut><dateFin>2021-02-06+01:00</dateFin></mesure>
    ... <mesure><valeur>-3</valeur><dateDebut>2021-02-06+01:00</dateDebut>
    ... <dateFin>2021-03-06+01:00</dateFin></mesure>
    ... </serie></seriesMesuresDateesGrilleFrn></consulterMesuresResponse>'''
    >>> found = collect(FORMATS[0], read(BytesIO(answer)))
    >>> found.tables[0]["kwh"].to_pylist(), found.tables[0]["quality"].to_pylist()
    ([926.0], ['REGU'])
    >>> found.rejects[0].reason_fr
    'Consommation négative (régularisation) : non lue.'
    """
    return read_xml(stream, _Consultation())


FORMATS = (
    Format(
        key="enedis_consultation_mesures",
        title_fr="la réponse ConsultationMesures d’Enedis (consommations entre relèves)",
        recognises=_recognises,
        read=read,
    ),
)
