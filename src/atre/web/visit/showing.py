"""How appointments and visits are told on the screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from atre.domain.visits import catalogue, schemas
from atre.domain.visits.enums import AppointmentState
from atre.domain.visits.models import Appointment
from atre.web.design.formatting import plural
from atre.web.visit.form_sections import SECTIONS, Section
from atre.web.visit.schema_fields import in_words

TONES: Mapping[str, str] = {
    AppointmentState.PLANNED: "active",
    AppointmentState.HELD: "done",
    AppointmentState.NO_SHOW: "attention",
    AppointmentState.CANCELLED: "stopped",
}


def appointment_tone(appointment: Appointment) -> str:
    return TONES[appointment.state]


@dataclass(frozen=True)
class SectionSummary:
    """A section of a visit in the overview: how much of it is known."""

    section: Section
    known: int
    total: int
    lines: int

    @property
    def sentence(self) -> str:
        parts = []
        if self.total:
            parts.append(f"{self.known} sur {self.total} renseigné{plural(self.known)}")
        if self.section.rows:
            lines = f"{self.lines} ligne{plural(self.lines)}"
            parts.append(lines if self.lines else "aucune ligne")
        return ", ".join(parts)

    @property
    def tone(self) -> str:
        if self.known == 0 and self.lines == 0:
            return "new"
        return "done" if self.total == self.known else "active"


def section_summaries(document: dict[str, Any]) -> list[SectionSummary]:
    """One line a section, in the order of the form."""
    return [_summary(section, document) for section in SECTIONS]


def _summary(section: Section, document: dict[str, Any]) -> SectionSummary:
    values: list[Any] = []
    if section.part is not None:
        values = [v for v in document[section.part].values() if not isinstance(v, list)]
    lines = sum(len(_at(document, rows.path)) for rows in section.rows)
    known = sum(value is not None for value in values)
    return SectionSummary(section, known, len(values), lines)


@dataclass(frozen=True)
class Told:
    """A section to read: what is known of it, the names of what is not, then its tables."""

    section: Section
    facts: list[tuple[str, Any]]
    unknown: list[str]
    tables: list[tuple[str, list[str], list[list[tuple[str, Any]]]]]


def told(document: dict[str, Any]) -> list[Told]:
    """A visit to read, section after section. What is unknown is named apart, never dropped."""
    return [_told(section, document) for section in SECTIONS]


def _told(section: Section, document: dict[str, Any]) -> Told:
    facts, unknown = [], []
    if section.part is not None:
        for name, part in schemas.field_schema([section.part])["properties"].items():
            if part.get("type") != "array":
                value = in_words(part, document[section.part][name])
                if value is None:
                    unknown.append(part["title"])
                else:
                    facts.append((part["title"], _with_unit(part, value)))
    tables = []
    for rows in section.rows:
        fields = schemas.field_schema(rows.path)["items"]["properties"]
        stored = _at(document, rows.path)
        empty = {name for name in fields if stored and all(line[name] is None for line in stored)}
        unknown += [
            f"{fields[name]['title']} ({rows.title.lower()})" for name in fields if name in empty
        ]
        told_fields = {name: part for name, part in fields.items() if name not in empty}
        heads = [part["title"] for part in told_fields.values()]
        lines = [
            [
                (part["title"], _with_unit(part, in_words(part, line[name])))
                for name, part in told_fields.items()
            ]
            for line in stored
        ]
        tables.append((rows.title, heads, lines))
    return Told(section, facts, unknown, tables)


def _with_unit(part: Mapping[str, Any], value: Any) -> Any:
    # A year is a name, not a quantity: « 2009 », never « 2 009 ».
    if part.get("minimum", 0) >= 1000:
        return None if value is None else str(value)
    unit = part.get("x-unit")
    return f"{value} {unit}" if unit and value is not None else value


def _at(document: dict[str, Any], path: tuple[str, ...]) -> list[Any]:
    part: Any = document
    for step in path:
        part = part[step]
    return list(part)


def equipment_words(document: dict[str, Any]) -> list[str]:
    """« 4 × Ampoule LED »; a number that is unknown is not invented."""
    words = []
    for row in document["equipment"]:
        if row["item"]:
            count = f"{row['quantity']} × " if row["quantity"] is not None else ""
            words.append(f"{count}{catalogue.EQUIPMENT[row['item']].label}")
    return words
