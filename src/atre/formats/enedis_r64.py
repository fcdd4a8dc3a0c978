"""Enedis' flow R64: indexes asked for on demand, in JSON, one object a meter.

`mesures[].contexte[].grandeur[].calendrier[].classeTemporelle[].valeur[]` and
`…grandeur[].cadranTotalisateur.valeur[]`, each value being `{"d": date, "v": number, "iv": doubt}`.
The document is cut meter by meter while it is read, so that only one is in memory.
"""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from atre.formats.curve_points import NO_DATE_FR
from atre.formats.enedis_hdm_powers import FULL_SCALE_FR, FULL_SCALE_VA, power_batch
from atre.formats.enedis_hdm_registers import NEGATIVE_FR, NO_NUMBER_FR, Registers
from atre.formats.enedis_hdm_section import is_consumption
from atre.formats.energy_units import unit_of
from atre.formats.instants import instants_of
from atre.formats.local_time import ParisClock
from atre.formats.reading import PART_ROWS, Format, Part, Reject, UnreadableFile, without_rows
from atre.formats.text_files import HEAD_BYTES, WarningTally, head_text, rejected

CHUNK_BYTES = 256 * 1024
MAX_METER_CHARACTERS = 16 * 1024 * 1024
DAMAGED_FR = "Ce JSON est mal formé : téléchargez le fichier de nouveau."
HUGE_FR = "Un seul compteur de ce JSON dépasse 16 Mo : ce n’est pas un flux R64."
CUT_FR = "Le JSON est coupé ou mal formé à partir d’ici : la suite n’est pas lue."
NOT_AN_OBJECT_FR = "Cet élément n’a pas la forme d’un compteur du flux R64."
NOT_READ_FR = "Série qui n’est ni un index d’énergie active consommée, ni une puissance maximale."


def _recognises(head: bytes) -> bool:
    """Whether a JSON document announces the flow R64."""
    text = head_text(head[:HEAD_BYTES]).lstrip()
    return text.startswith("{") and '"mesures"' in text and _names_r64(text)


def _names_r64(text: str) -> bool:
    _, found, after = text.partition('"codeFlux"')
    return bool(found) and after.lstrip(" :\r\n\t").startswith('"R64"')


def read(stream: BinaryIO) -> Iterator[Part]:
    """The parts of an R64 document: `INDEXES` in kWh, `MAXIMUM_POWERS` in VA. A refusal gives the
    place in the document, which has no lines. Raises UnreadableFile when no meter can be read at
    all.

    >>> from io import BytesIO
    >>> from atre.formats.reading import collect
    >>> flow = '''{"header": {"codeFlux": "R64"}, "mesures": [{"contexte": [{"grandeur": [
    ... {"grandeurMetier": "CONS", "grandeurPhysique": "EA", "unite": "Wh", "calendrier": [
    ... {"classeTemporelle": [{"codeCadran": "HP", "valeur": [
    ... {"d": "2026-01-01", "v": 123456}, {"d": "2026-02-01", "v": "douze"}]}]}]}]}]}]}'''
    >>> found = collect(FORMATS[0], read(BytesIO(flow.encode())))
    >>> found.tables[0]["register"].to_pylist(), found.tables[0]["index_kwh"].to_pylist()
    (['HP'], [123.456])
    >>> found.rejects[0].place, found.rejects[0].found
    ('mesures[1].EA', 'douze')
    """
    warnings = WarningTally()
    gathered = _Gathered(warnings)
    for rank, meter in enumerate(_meters(stream), start=1):
        if isinstance(meter, Reject):
            yield without_rows(rejects=(meter,))
        else:
            gathered.add(meter, f"mesures[{rank}]")
        if gathered.rows >= PART_ROWS:
            yield from gathered.take()
    yield from gathered.take()
    yield without_rows(warnings=warnings.take())


def _meters(stream: BinaryIO) -> Iterator[Any]:
    """The elements of the array `mesures`, decoded one by one; a Reject where it breaks."""
    decoder = json.JSONDecoder()
    utf8 = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
    text, place, given = "", -1, 0
    while True:
        chunk = stream.read(CHUNK_BYTES)
        text = text[max(place, 0) :] + utf8.decode(chunk, final=not chunk)
        place = 0 if place >= 0 else _opening(text)
        while place >= 0:
            place = _SEPARATORS.match(text, place).end()  # type: ignore[union-attr]
            if text.startswith("]", place):
                return
            try:
                meter, place = decoder.raw_decode(text, place)
            except (ValueError, RecursionError):
                break
            given += 1
            yield meter
        if not chunk:
            break
        if len(text) - max(place, 0) > MAX_METER_CHARACTERS:
            raise UnreadableFile(HUGE_FR)
    if not given:
        raise UnreadableFile(DAMAGED_FR)
    found = text[place : place + 200]
    yield rejected(None, CUT_FR, place=f"mesures[{given + 1}]", found=found)


_SEPARATORS = re.compile(r"[\s,]*")
_OPENING = re.compile(r'"mesures"\s*:\s*\[')


def _opening(text: str) -> int:
    """Where the array `mesures` begins, -1 while it has not been read."""
    found = _OPENING.search(text)
    return found.end() if found else -1


def _listed(holder: object, key: str) -> list[Any]:
    """The objects of an array, none when the key is absent or is something else."""
    found = holder.get(key) if isinstance(holder, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _text(holder: dict[str, Any], key: str) -> str:
    found = holder.get(key)
    return found if isinstance(found, str) else ""


class _Gathered:
    """Registers and powers of the meters read so far."""

    def __init__(self, warnings: WarningTally) -> None:
        self._warnings = warnings
        self._registers = Registers()
        self._powers: dict[str, list[tuple[np.datetime64, float]]] = {}
        self._rejects: list[Reject] = []
        self.rows = 0

    def add(self, meter: object, place: str) -> None:
        if not isinstance(meter, dict):
            self._reject(place, NOT_AN_OBJECT_FR, meter)
            return
        for context in _listed(meter, "contexte"):
            for quantity in _listed(context, "grandeur"):
                self._quantity(meter, context, quantity, place)

    def _quantity(
        self, meter: dict[str, Any], context: dict[str, Any], quantity: dict[str, Any], place: str
    ) -> None:
        physical = _text(quantity, "grandeurPhysique")
        unit = unit_of(_text(quantity, "unite"))
        is_power = physical == "PMA"
        is_energy = physical == "EA" and unit is not None and unit.kwh is not None
        if not is_consumption(_text(quantity, "grandeurMetier")) or not (is_power or is_energy):
            self._warnings.add(NOT_READ_FR)
            return
        scale = (unit.kwh if unit and unit.kwh else 1.0) if is_energy else _va_of(quantity)
        for calendar, named, values in _series(quantity):
            for value in values:
                found = self._value(value, f"{place}.{physical}")
                if found is None:
                    continue
                at, number = found
                self.rows += 1
                if is_power and number * scale == FULL_SCALE_VA:
                    self._reject(f"{place}.{physical}", FULL_SCALE_FR, number)
                elif is_power:
                    known = self._powers.setdefault(_text(meter, "idPrm"), [])
                    known.append((at, number * scale))
                else:
                    self._register(meter, context, calendar, named, value, at, number * scale)

    def _value(self, value: dict[str, Any], place: str) -> tuple[np.datetime64, float] | None:
        at = instants_of([_text(value, "d")], ParisClock()).utc[0]
        number = value.get("v")
        if np.isnat(at):
            self._reject(place, NO_DATE_FR, value.get("d"))
            return None
        try:
            kwh = float(number) if isinstance(number, int | float | str) else float("nan")
        except (ValueError, OverflowError):
            kwh = float("nan")
        if not np.isfinite(kwh) or isinstance(number, bool) or kwh < 0:
            self._reject(place, NEGATIVE_FR if kwh < 0 else NO_NUMBER_FR, number)
            return None
        return np.datetime64(at, "us"), kwh

    def _register(
        self,
        meter: dict[str, Any],
        context: dict[str, Any],
        calendar: dict[str, Any],
        named: dict[str, Any],
        value: dict[str, Any],
        at: np.datetime64,
        kwh: float,
    ) -> None:
        filled = self._registers
        filled.meter.append(_text(meter, "idPrm") or None)
        filled.at.append(at)
        filled.calendar.append(_text(calendar, "idCalendrier") or None)
        filled.register.append(_text(named, "codeCadran") or "T")
        filled.kwh.append(kwh)
        filled.quality.append(_text(context, "typeReleve") or None)
        filled.temporal_class.append(_text(named, "idClasseTemporelle") or None)

    def _reject(self, place: str, reason_fr: str, found: object) -> None:
        self._rejects.append(rejected(None, reason_fr, place=place, found=str(found)[:200]))

    def take(self) -> Iterator[Part]:
        registers, self._registers = self._registers, Registers()
        powers, self._powers = self._powers, {}
        rejects, self._rejects, self.rows = tuple(self._rejects), [], 0
        if registers.at:
            yield Part(rows=registers.batch())
        for meter_id, found in powers.items():
            instants = np.array([at for at, _ in found], dtype="datetime64[us]")
            yield Part(
                rows=power_batch(
                    meter_id or None, instants, np.array([power for _, power in found])
                )
            )
        if rejects:
            yield without_rows(rejects=rejects)


def _va_of(quantity: dict[str, Any]) -> float:
    return 1000.0 if _text(quantity, "unite").casefold() in {"kva", "kw"} else 1.0


def _series(
    quantity: dict[str, Any],
) -> Iterator[tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]]:
    """Calendar, register and values of each register, then of the totaliser."""
    for calendar in _listed(quantity, "calendrier"):
        for named in _listed(calendar, "classeTemporelle"):
            yield calendar, named, _listed(named, "valeur")
    total = quantity.get("cadranTotalisateur")
    if isinstance(total, dict):
        yield {}, total, _listed(total, "valeur")


FORMATS = (
    Format(
        key="enedis_r64",
        title_fr="le flux R64 d’Enedis (index, JSON)",
        recognises=_recognises,
        read=read,
    ),
)
