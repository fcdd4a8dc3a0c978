"""Load curves that Enedis publishes as flows: R50 (half hours of a home, C5) and R4Q, R4H, R4M
(ten minutes, C1 to C4)."""

from collections.abc import Iterator
from typing import BinaryIO

from atre.formats.curve_points import points_of
from atre.formats.curve_steps import MINUTE
from atre.formats.enedis_hdm_section import is_active, is_consumption
from atre.formats.energy_units import Unit, unit_of
from atre.formats.load_curve import LoadCurve, Stamp
from atre.formats.local_time import ParisClock
from atre.formats.reading import PART_ROWS, Format, Part, Reject, without_rows
from atre.formats.text_files import WarningTally, rejected
from atre.formats.xml_stream import has_root, read_xml

NOT_READ_FR = "Courbe de production, réactive ou de tension, ou d’unité inconnue : non lue."
NO_METER_FR = "Le fichier ne dit pas de quel compteur (PRM) sont ces mesures."
WATTS = Unit(kw=0.001)


class _CurveFlow:
    """Points of one curve after the other, cut in parts on the way."""

    def __init__(self, stamp: Stamp) -> None:
        self.warnings = WarningTally()
        self._stamp = stamp
        self._curve: LoadCurve | None = None
        self._parts: list[Part] = []
        self._rejects: list[Reject] = []
        self._step = 0
        self._clock = ParisClock()
        self._clear()

    @property
    def rows(self) -> int:
        return len(self._lines) + sum(int(part.rows.num_rows) for part in self._parts)

    def _clear(self) -> None:
        self._times: list[str] = []
        self._values: list[str] = []
        self._words: list[str | None] = []
        self._lines: list[int] = []

    def open(self, meter_id: str, unit: Unit, line: int) -> None:
        self.close()
        if not meter_id:
            self.warnings.add(NO_METER_FR, line=line)
        self._curve = LoadCurve(meter_id or None, unit, self._stamp, self.warnings)
        self._clock = ParisClock()

    def point(self, time: str, value: str, word: str, line: int) -> None:
        self._times.append(time)
        self._values.append(value)
        self._words.append(word)
        self._lines.append(line)
        if len(self._lines) >= PART_ROWS:
            self._hand_over()

    def refuse(self, line: int, reason_fr: str, found: str) -> None:
        self._rejects.append(rejected(line, reason_fr, found=found))
        self._clear()

    def _hand_over(self) -> None:
        if self._curve is not None and self._lines:
            points, rejects = points_of(
                self._times,
                self._values,
                self._lines,
                clock=self._clock,
                warnings=self.warnings,
                steps=self._step,
                quality=self._words,
            )
            self._rejects += rejects
            self._parts += self._curve.add(points)
        self._clear()

    def close(self) -> None:
        self._hand_over()
        if self._curve is not None:
            self._parts += self._curve.finish()
        self._curve = None

    def take(self, *, is_last: bool) -> Iterator[Part]:
        if is_last:
            self.close()
        parts, self._parts = self._parts, []
        rejects, self._rejects = tuple(self._rejects), []
        yield from parts
        if rejects or is_last:
            warnings = self.warnings.take() if is_last else ()
            yield without_rows(rejects=rejects, warnings=warnings)

    def set_step(self, text: str) -> None:
        is_minutes = text.isascii() and text.isdigit() and len(text) < 4
        self._step = int(text) * MINUTE if is_minutes else 0


class R50Flow(_CurveFlow):
    """R50 : <PDC> of an instant H, the watts V of the half hour that ends there, a doubt IV."""

    def __init__(self) -> None:
        super().__init__(Stamp.END)
        self._point: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        if tag == "PRM":
            self.close()
        elif tag == "PDC":
            self._point = {}

    def end(self, tag: str, text: str, line: int) -> None:
        if tag == "Pas_Publication":
            self.set_step(text)
        elif tag == "Id_PRM":
            self.open(text, WATTS, line)
        elif tag in {"H", "V", "IV"}:
            self._point[tag] = text
        elif tag == "PDC":
            if self._curve is None:
                self.open("", WATTS, line)
            point = self._point
            self.point(point.get("H", ""), point.get("V", ""), point.get("IV", ""), line)
        elif tag == "PRM":
            self.close()


class R4Flow(_CurveFlow):
    """R4x : <Donnees_Point_Mesure> of the instant at which ten minutes begin."""

    def __init__(self) -> None:
        super().__init__(Stamp.START)
        self._meter_id = ""
        self._about: dict[str, str] = {}
        self._refused = 0

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        if tag == "Donnees_Courbe":
            self._about, self._refused = {}, 0
        elif tag == "Donnees_Point_Mesure":
            if self._curve is None and not self._refused:
                self._open_curve(line)
            if self._curve is None:
                self._refused += 1
                return
            self.point(
                attributes.get("Horodatage", ""),
                attributes.get("Valeur_Point", ""),
                attributes.get("Statut_Point", ""),
                line,
            )

    def end(self, tag: str, text: str, line: int) -> None:
        if tag == "Identifiant_PRM":
            self._meter_id = text
        elif tag in {"Granularite", "Unite_Mesure", "Grandeur_Metier", "Grandeur_Physique"}:
            self._about[tag] = text
        elif tag == "Donnees_Courbe":
            self.close()
            if self._refused:
                about = " ".join(self._about.values())
                self.refuse(line, NOT_READ_FR, f"{about} : {self._refused} points")

    def _open_curve(self, line: int) -> None:
        unit = unit_of(self._about.get("Unite_Mesure", ""))
        if (
            unit is not None
            and is_consumption(self._about.get("Grandeur_Metier", ""))
            and is_active(self._about.get("Grandeur_Physique", ""))
        ):
            self.set_step(self._about.get("Granularite", ""))
            self.open(self._meter_id, unit, line)


def _recognises_r50(head: bytes) -> bool:
    return has_root(head, "R50")


def _recognises_r4(head: bytes) -> bool:
    return has_root(head, "Courbe")


def read_r50(stream: BinaryIO) -> Iterator[Part]:
    """The parts of an R50 flow: one curve a meter, watts averaged over the half hour that ends,
    given as kWh by interval (`INTERVALS`). A value that is blank leaves an interval that is
    unknown.

    >>> from io import BytesIO
    >>> from atre.formats.reading import collect
    >>> flow = b'''<R50><Pas_Publication>30</Pas_Publication><PRM><Id_PRM>1</Id_PRM>
    ... <PDC><H>2022-02-02T00:30:00+01:00</H><V>500</V><IV>0</IV></PDC>
    ... <PDC><H>2022-02-02T01:00:00+01:00</H><V/></PDC></PRM></R50>'''
    >>> curve = collect(FORMATS[0], read_r50(BytesIO(flow))).tables[0]
    >>> curve["start"][0].as_py().isoformat(), curve["kwh"].to_pylist()
    ('2022-02-01T23:00:00+00:00', [0.25, None])
    """
    return read_xml(stream, R50Flow())


def read_r4(stream: BinaryIO) -> Iterator[Part]:
    """The parts of an R4x flow (meters C1 to C4): kilowatts averaged over the ten minutes that
    begin, given as kWh by interval (`INTERVALS`). Reactive power and production are refused,
    counted.

    >>> from io import BytesIO
    >>> from atre.formats.reading import collect
    >>> active = '''<Donnees_Courbe><Granularite>10</Granularite>
    ... <Grandeur_Metier>CONS</Grandeur_Metier><Grandeur_Physique>EA</Grandeur_Physique>
    ... <Unite_Mesure>kW</Unite_Mesure>
    ... <Donnees_Point_Mesure Horodatage="2022-02-02T00:00:00+01:00" Valeur_Point="28"/>
    ... </Donnees_Courbe>'''
    >>> reactive = active.replace("EA", "ERI").replace("kW", "kVAr")
    >>> flow = f"<Courbe>{active}{reactive}</Courbe>".encode()
    >>> found = collect(FORMATS[1], read_r4(BytesIO(flow)))
    >>> [round(kwh, 3) for kwh in found.tables[0]["kwh"].to_pylist()], found.rejects[0].found
    ([4.667], '10 CONS ERI kVAr : 1 points')
    """
    return read_xml(stream, R4Flow())


FORMATS = (
    Format(
        key="enedis_r50",
        title_fr="le flux R50 d’Enedis (courbe de charge)",
        recognises=_recognises_r50,
        read=read_r50,
    ),
    Format(
        key="enedis_r4",
        title_fr="le flux R4Q d’Enedis (courbe de charge à 10 minutes)",
        recognises=_recognises_r4,
        read=read_r4,
    ),
)
