"""The readings that the distributor's site gives as JSON: « données publiées » (those billed) and
« données informatives » (each gas day).

Their instants are written « 06:00:00+00:00 » in winter as in summer, or with the right offset since
2026: the hour on the clock is the gas day's, whatever the offset says.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO

import numpy as np

from atre.formats.grdf_intervals import GAS_DAY_HOUR, GasReading, gas_parts
from atre.formats.local_time import utc_to_paris, within_rule
from atre.formats.reading import Part, Reject, UnreadableFile
from atre.formats.text_files import WarningTally, head_text, number_of, rejected

MAX_JSON_BYTES = 64 * 1024 * 1024
MAX_NAME = 40
NUMBERS = {
    "energieConsomme": "kwh",
    "volumeBrutConsomme": "volume_m3",
    "coeffConversion": "coefficient",
    "indexDebut": "index_start",
    "indexFin": "index_end",
}
OFFSET_FR = (
    "Heures de relevé écrites avec un décalage qui n’est pas celui de la France : lues comme "
    "06:00, heure légale, début de la journée gazière."
)
MIDNIGHT_FR = "Dates de relevé sans heure : la journée gazière commence à 06:00."
HOUR_FR = "L’heure de relevé n’est pas 06:00, début de la journée gazière."
GAS_DAY_FR = "La journée gazière annoncée n’est pas celle des dates de relevé, qui ont été gardées."


def is_grdf_json(head: bytes) -> bool:
    """Whether the first bytes are GRDF's JSON, published or informative.

    >>> is_grdf_json(b'{"pce": "1", "releves": []}'), is_grdf_json(b"date,kwh")
    (True, False)
    """
    text = head_text(head).lstrip()
    return text.startswith(("{", "[")) and ('"releves"' in text or '"journeeGaziere"' in text)


def read_grdf_json(stream: BinaryIO) -> Iterator[Part]:
    """Intervals of gas (`INTERVALS`), in kWh PCS and m³, from gas day to gas day at 06:00, legal
    time.

    What cannot be read gives the place of the reading in the document. Raises `UnreadableFile` for
    what is not such a JSON, or has no reading that can be read.

    >>> from io import BytesIO
    >>> published = b'''{"idPce": "1", "releves": [
    ... {"dateDebutReleve": "2021-01-01T06:00:00+01:00",
    ...  "dateFinReleve": "2021-02-01T06:00:00+01:00", "energieConsomme": 1234},
    ... {"dateDebutReleve": "2021-02-01T06:00:00+01:00", "energieConsomme": 900}]}'''
    >>> part, = read_grdf_json(BytesIO(published))
    >>> part.rows["end"][0].as_py().isoformat(), part.rows["kwh"].to_pylist()
    ('2021-02-01T05:00:00+00:00', [1234.0])
    >>> part.rejects[0].place, part.rejects[0].reason_fr
    ('relevé 2', 'La date de fin de relevé manque.')
    """
    tally = WarningTally()
    rejects: list[Reject] = []
    readings = []
    for meter_id, number, found in _records(_loaded(stream)):
        place = f"relevé {number}"
        try:
            readings.append(_reading(meter_id, place, found, tally))
        except ValueError as fault:
            rejects.append(rejected(None, str(fault), place=place, found=str(found)[:200]))
    if not readings:
        why = f" {rejects[0].reason_fr}" if rejects else ""
        raise UnreadableFile(f"Ce fichier de relevés de gaz n’en contient aucun de lisible.{why}")
    yield from gas_parts(readings, rejects, tally)


def _loaded(stream: BinaryIO) -> Any:
    content = stream.read(MAX_JSON_BYTES + 1)
    if len(content) > MAX_JSON_BYTES:
        raise UnreadableFile(
            "Ce fichier de relevés dépasse 64 Mo : demandez-le en plusieurs périodes."
        )
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as fault:
        raise UnreadableFile(
            "Ce JSON est coupé ou mal formé : téléchargez-le de nouveau."
        ) from fault


def _refuse_constant(word: str) -> float:
    raise ValueError(word)


def _records(document: Any) -> Iterator[tuple[str | None, int, Any]]:
    """Each reading with its meter and its rank: under each meter, under one, or bare."""
    if isinstance(document, list):
        groups: list[tuple[str | None, Any]] = [(None, document)]
    elif isinstance(document, dict) and isinstance(document.get("releves"), list):
        groups = [(_meter(document.get("idPce")), document["releves"])]
    elif isinstance(document, dict):
        groups = [
            (_meter(held.get("idPce") or name), held.get("releves"))
            for name, held in document.items()
            if isinstance(held, dict)
        ]
    else:
        groups = []
    for meter_id, releves in groups:
        for number, found in enumerate(releves if isinstance(releves, list) else [], start=1):
            yield meter_id, number, found


def _meter(found: Any) -> str | None:
    return found.strip()[:MAX_NAME] or None if isinstance(found, str) else None


def _reading(meter_id: str | None, place: str, found: Any, tally: WarningTally) -> GasReading:
    if not isinstance(found, dict):
        raise ValueError("Ce n’est pas un relevé.")
    first_day, end_day = _days(found, tally)
    numbers = {name: _number(found, key) for key, name in NUMBERS.items()}
    quality = found.get("qualificationReleve")
    return GasReading(
        line=None,
        place=place,
        meter_id=meter_id,
        first_day=first_day,
        end_day=end_day,
        quality=quality[:MAX_NAME] if isinstance(quality, str) else None,
        **numbers,
    )


def _number(found: dict[str, Any], key: str) -> float | None:
    value = found.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"« {key} » n’est pas un nombre.")
    try:
        return number_of(str(value))
    except ValueError:
        raise ValueError(f"« {key} » n’est pas un nombre.") from None


def _days(found: dict[str, Any], tally: WarningTally) -> tuple[date, date]:
    """The first gas day and the one after the last."""
    announced = _day(found.get("journeeGaziere"), tally) if found.get("journeeGaziere") else None
    start = _day(found.get("dateDebutReleve"), tally) if found.get("dateDebutReleve") else announced
    if start is None:
        raise ValueError("Ni date de début de relevé, ni journée gazière.")
    if found.get("dateFinReleve"):
        # Told once a reading, by its start.
        end = _day(found.get("dateFinReleve"), WarningTally())
    elif announced is not None:
        end = _next_day(start)
    else:
        raise ValueError("La date de fin de relevé manque.")
    if announced is not None and announced != start:
        tally.add(GAS_DAY_FR)
    return start, end


def _next_day(day: date) -> date:
    try:
        return day + timedelta(days=1)
    except OverflowError:
        raise ValueError("Date hors du calendrier.") from None


def _day(text: Any, tally: WarningTally) -> date:
    """The gas day that begins at this instant."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError("Date illisible : attendue comme 2021-01-31T06:00:00+01:00.") from None
    if (moment.hour, moment.minute) == (0, 0):
        if len(text) > len("2021-01-31"):
            tally.add(MIDNIGHT_FR)
        return moment.date()
    local = _legal_hour(moment)
    if (moment.hour, moment.minute) == (GAS_DAY_HOUR, 0):
        if local is not None and local != moment.replace(tzinfo=None):
            tally.add(OFFSET_FR)
        return moment.date()
    if local is not None and (local.hour, local.minute) == (GAS_DAY_HOUR, 0):
        return local.date()
    raise ValueError(HOUR_FR)


def _legal_hour(moment: datetime) -> datetime | None:
    """What the clocks of mainland France showed at an instant, when its offset is known."""
    offset = moment.utcoffset()
    if offset is None:
        return None
    utc = np.array(
        [np.datetime64(moment.replace(tzinfo=None), "us") - np.timedelta64(offset, "us")]
    )
    if not within_rule(utc).all():
        return None
    shown: datetime = utc_to_paris(utc)[0].item()
    return shown
