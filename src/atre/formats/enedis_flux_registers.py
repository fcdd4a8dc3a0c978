"""Indexes and highest powers that Enedis publishes as flows: R151 (C5, once a day) and R171 (C1 to
C4, at an instant)."""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from atre.formats.curve_points import NO_DATE_FR
from atre.formats.enedis_hdm_section import is_consumption
from atre.formats.enedis_register_flow import RegisterFlow
from atre.formats.energy_units import unit_of
from atre.formats.local_time import DAY
from atre.formats.reading import Format, Part
from atre.formats.xml_stream import has_root, read_xml

NO_UNIT_FR = "Unité d’index inconnue : la valeur n’est pas lue."
PRODUCTION_FR = "Série de production (électricité injectée) : non lue."
END_OF_DAY_FR = (
    "R151 donne l’index de la fin du jour : il est daté de 0 h du lendemain ; la puissance "
    "maximale est datée de 0 h du jour."
)


DAY_TAGS = {"Date_Releve", "Id_Calendrier_Fournisseur", "Id_Calendrier_Distributeur"}
SERIES_TAGS = {
    "prmId",
    "grandeurMetier",
    "grandeurPhysique",
    "typeCalendrier",
    "codeClasseTemporelle",
    "unite",
}


class R151Flow(RegisterFlow):
    """R151: each <Donnees_Releve> of a meter has a day, two calendars and their registers."""

    def __init__(self) -> None:
        super().__init__()
        self._units = {"Unite_Mesure_Index": "Wh", "Unite_Mesure_Puissance": "VA"}
        self._meter_id = ""
        self._day: dict[str, str] = {}
        self._class: dict[str, str] = {}
        self._in_power = False

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        if tag == "Donnees_Releve":
            self._day = {}
        elif tag in {"Classe_Temporelle", "Classe_Temporelle_Distributeur"}:
            self._class = {}
        elif tag == "Puissance_Maximale":
            self._in_power = True

    def end(self, tag: str, text: str, line: int) -> None:
        if tag in self._units:
            self._units[tag] = text
        elif tag == "Id_PRM":
            self._meter_id = text
        elif tag == "Valeur" and self._in_power:
            self._add_power(text, line)
        elif tag in {"Id_Classe_Temporelle", "Rang_Cadran", "Valeur", "Indice_Vraisemblance"}:
            self._class[tag] = text
        elif tag == "Classe_Temporelle":
            self._add_register("F", self._day.get("Id_Calendrier_Fournisseur", ""), line)
        elif tag == "Classe_Temporelle_Distributeur":
            self._add_register("D", self._day.get("Id_Calendrier_Distributeur", ""), line)
        elif tag == "Puissance_Maximale":
            self._in_power = False
        elif tag in DAY_TAGS:
            self._day[tag] = text

    def _add_register(self, owner: str, calendar: str, line: int) -> None:
        unit = unit_of(self._units["Unite_Mesure_Index"])
        if unit is None or unit.kwh is None:
            self.refuse(line, NO_UNIT_FR, self._units["Unite_Mesure_Index"])
            return
        midnight = self._midnight(1, line)
        value = self.number(self._class.get("Valeur", ""), line)
        if midnight is None or value is None:
            return
        self.warnings.add(END_OF_DAY_FR, line=line)
        self.register(
            self._meter_id,
            midnight,
            calendar=calendar,
            register=owner + self._class.get("Rang_Cadran", ""),
            kwh=value * unit.kwh,
            quality=self._class.get("Indice_Vraisemblance", ""),
            temporal_class=self._class.get("Id_Classe_Temporelle", ""),
        )

    def _add_power(self, text: str, line: int) -> None:
        scale = 1000.0 if self._units["Unite_Mesure_Puissance"].casefold() == "kva" else 1.0
        midnight = self._midnight(0, line)
        value = self.number(text, line)
        if midnight is not None and value is not None:
            self.power(self._meter_id, midnight, value * scale, line)

    def _midnight(self, days: int, line: int) -> np.datetime64 | None:
        """The midnight at which the day begins, or the `days`-th after."""
        text = self._day.get("Date_Releve", "")
        try:
            day = np.datetime64(text, "D") + days * DAY
        except ValueError:
            self.refuse(line, NO_DATE_FR, text)
            return None
        return self.instant(str(day), line)


class R171Flow(RegisterFlow):
    """R171: each series is a quantity of one class, with dates and values."""

    def __init__(self) -> None:
        super().__init__()
        self._series: dict[str, str] = {}
        self._dated: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        if tag == "serieMesuresDatees":
            self._series = {}
        elif tag == "mesureDatee":
            self._dated = {}

    def end(self, tag: str, text: str, line: int) -> None:
        if tag in {"dateFin", "valeur"}:
            self._dated[tag] = text
        elif tag == "mesureDatee":
            self._measure(line)
        elif tag in SERIES_TAGS:
            self._series[tag] = text

    def _measure(self, line: int) -> None:
        quantity = self._series.get("grandeurPhysique", "")
        if not is_consumption(self._series.get("grandeurMetier", "")):
            self.warnings.add(PRODUCTION_FR, line=line)
            return
        if quantity not in {"EA", "PMA"}:
            self.warnings.add(
                f"Grandeur « {quantity[:20]} » non lue : seules l’énergie active (EA) et la "
                "puissance maximale (PMA) le sont.",
                line=line,
            )
            return
        at = self.instant(self._dated.get("dateFin", ""), line)
        value = self.number(self._dated.get("valeur", ""), line)
        if at is None or value is None:
            return
        meter_id = self._series.get("prmId", "")
        unit_text = self._series.get("unite", "")
        if quantity == "PMA":
            scale = 1000.0 if unit_text.casefold() == "kva" else 1.0
            self.power(meter_id, at, value * scale, line)
            return
        unit = unit_of(unit_text)
        if unit is None or unit.kwh is None:
            self.refuse(line, NO_UNIT_FR, unit_text)
            return
        name = self._series.get("codeClasseTemporelle", "")
        self.register(
            meter_id,
            at,
            calendar=self._series.get("typeCalendrier", ""),
            register=name or "T",
            kwh=value * unit.kwh,
            quality="",
            temporal_class=name,
        )


def _recognises_r151(head: bytes) -> bool:
    return has_root(head, "R151")


def _recognises_r171(head: bytes) -> bool:
    return has_root(head, "R171")


def read_r151(stream: BinaryIO) -> Iterator[Part]:
    """The parts of an R151 flow (meters C5): `INDEXES` in kWh, `MAXIMUM_POWERS` in VA.

    The flow gives the index of the end of its day: it is dated of the midnight that follows. A
    highest power of 65 535 VA, the end of the register's scale, is refused.

    >>> from io import BytesIO
    >>> from atre.formats.reading import collect
    >>> flow = b'''<R151><Unite_Mesure_Index>Wh</Unite_Mesure_Index><PRM><Id_PRM>1</Id_PRM>
    ... <Donnees_Releve><Date_Releve>2022-02-02</Date_Releve><Classe_Temporelle>
    ... <Id_Classe_Temporelle>HCB</Id_Classe_Temporelle><Rang_Cadran>1</Rang_Cadran>
    ... <Valeur>9744495</Valeur></Classe_Temporelle>
    ... <Puissance_Maximale><Valeur>65535</Valeur></Puissance_Maximale>
    ... </Donnees_Releve></PRM></R151>'''
    >>> found = collect(FORMATS[0], read_r151(BytesIO(flow)))
    >>> read, = found.tables[0].to_pylist()
    >>> read["read_at"].isoformat(), read["register"], read["temporal_class"], read["index_kwh"]
    ('2022-02-02T23:00:00+00:00', 'F1', 'HCB', 9744.495)
    >>> found.rejects[0].reason_fr
    '65 535 VA : c’est la fin d’échelle du compteur, pas une puissance.'
    """
    return read_xml(stream, R151Flow())


def read_r171(stream: BinaryIO) -> Iterator[Part]:
    """The parts of an R171 flow (meters C1 to C4): `INDEXES` in kWh, `MAXIMUM_POWERS` in VA.

    A time without offset is legal time. Other quantities (reactive energy, hours of overrun) are
    left out, each named in a warning.

    >>> from io import BytesIO
    >>> from atre.formats.reading import collect
    >>> active = '''<serieMesuresDatees><grandeurMetier>CONS</grandeurMetier>
    ... <grandeurPhysique>EA</grandeurPhysique><unite>Wh</unite>
    ... <codeClasseTemporelle>HPH</codeClasseTemporelle><mesureDatee>
    ... <dateFin>2022-02-01T00:00:00</dateFin><valeur>429229000</valeur>
    ... </mesureDatee></serieMesuresDatees>'''
    >>> reactive = active.replace("EA", "ERI").replace("Wh", "VArh")
    >>> flow = f"<R171>{active}{reactive}</R171>".encode()
    >>> found = collect(FORMATS[1], read_r171(BytesIO(flow)))
    >>> found.tables[0]["index_kwh"].to_pylist(), found.warnings[0].reason_fr[:23]
    ([429229.0], 'Grandeur « ERI » non lu')
    """
    return read_xml(stream, R171Flow())


FORMATS = (
    Format(
        key="enedis_r151",
        title_fr="le flux R151 d’Enedis (index et puissance maximale)",
        recognises=_recognises_r151,
        read=read_r151,
    ),
    Format(
        key="enedis_r171",
        title_fr="le flux R171 d’Enedis (index)",
        recognises=_recognises_r171,
        read=read_r171,
    ),
)
