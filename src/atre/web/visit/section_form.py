"""One section of the visit as forms: its single fields, its rows, and what the domain refused."""

from collections.abc import Mapping
from copy import deepcopy
from functools import cached_property
from typing import Any

from django import forms

from atre.domain.visits import schemas
from atre.domain.visits.canonical import part_digest
from atre.domain.visits.faults import Fault
from atre.web.design.fields import ErrorEntry, error_entries
from atre.web.visit.form_sections import Rows, Section
from atre.web.visit.schema_fields import field_for, in_words, to_document, to_initial


def _single_fields(section: Section) -> dict[str, Mapping[str, Any]]:
    if section.part is None:
        return {}
    properties = schemas.field_schema([section.part])["properties"]
    return {name: part for name, part in properties.items() if part.get("type") != "array"}


def _row_fields(rows: Rows) -> dict[str, Mapping[str, Any]]:
    properties: dict[str, Mapping[str, Any]] = schemas.field_schema(rows.path)["items"][
        "properties"
    ]
    return properties


class Line(forms.Form):
    """One line of a repeated part: its name on screen, and whether it was never filled."""

    title: str
    is_new: bool


def _section_class(fields: Mapping[str, Mapping[str, Any]]) -> type[forms.Form]:
    made = {name: field_for(part, in_row=False) for name, part in fields.items()}
    return type("SectionFields", (forms.Form,), made)


def _line_class(fields: Mapping[str, Mapping[str, Any]]) -> type[Line]:
    made = {name: field_for(part, in_row=True) for name, part in fields.items()}
    return type("LineFields", (Line,), made)


class RowSet:
    """The lines of a repeated part; those left empty, or ticked « retirer », are dropped."""

    def __init__(
        self, rows: Rows, lines: list[dict[str, Any]], data: Any, *, blank: int | None = None
    ) -> None:
        self.rows = rows
        self.fields = _row_fields(rows)
        self.item = schemas.field_schema(rows.path)["x-item"]
        most = schemas.field_schema(rows.path)["maxItems"]
        formset = forms.formset_factory(
            _line_class(self.fields),
            extra=rows.blank if blank is None else blank,
            can_delete=True,
            max_num=most,
            absolute_max=most + 10,
        )
        initial = [
            {name: to_initial(part, line[name]) for name, part in self.fields.items()}
            for line in lines
        ]
        # What was sent is read whole, never against what is stored: Django takes a line equal to its
        # initial for one left empty, and a line saved by itself a second before would be dropped.
        self.formset = formset(
            data, initial=initial if data is None else None, prefix=rows.path[-1]
        )
        for rank, form in enumerate(self.formset.forms):
            form.title = f"{self.item} {rank + 1}"
            form.fields["DELETE"].label = "Retirer cette ligne"
            form.is_new = rank >= len(initial) and data is None

    @cached_property
    def kept(self) -> list[forms.Form]:
        """The forms that say something, in order. Call once the set is valid."""
        return [
            form
            for form in self.formset.forms
            if not form.cleaned_data.get("DELETE") and any(self._line(form).values())
        ]

    def _line(self, form: forms.Form) -> dict[str, Any]:
        return {
            name: to_document(part, form.cleaned_data.get(name))
            for name, part in self.fields.items()
        }

    def lines(self) -> list[dict[str, Any]]:
        """What was typed, as the document writes it."""
        return [self._line(form) for form in self.kept]


class SectionForm:
    """A section to show, or to read from what a person sent."""

    def __init__(self, section: Section, document: dict[str, Any], data: Any = None) -> None:
        self.section = section
        self.document = document
        self.fields = _single_fields(section)
        initial = {
            name: to_initial(part, document[section.part][name])
            for name, part in self.fields.items()
            if section.part is not None
        }
        self.single = _section_class(self.fields)(data, initial=initial, prefix="s")
        self.rowsets = [RowSet(rows, self._stored(rows), data) for rows in section.rows]

    def _stored(self, rows: Rows) -> list[dict[str, Any]]:
        part: Any = self.document
        for step in rows.path:
            part = part[step]
        return list(part)

    @property
    def seen(self) -> list[tuple[str, str]]:
        """The digest of each part as stored, sent back to tell whether it changed meanwhile."""
        return [(name, part_digest(self.document[name])) for name in self.section.parts]

    def is_valid(self) -> bool:
        valid = [self.single.is_valid(), *(rowset.formset.is_valid() for rowset in self.rowsets)]
        return all(valid)

    def parts(self) -> dict[str, Any]:
        """The parts of the document, as typed. Call once valid."""
        parts: dict[str, Any] = {name: deepcopy(self.document[name]) for name in self.section.parts}
        for name, schema in self.fields.items():
            parts[str(self.section.part)][name] = to_document(
                schema, self.single.cleaned_data.get(name)
            )
        for rowset in self.rowsets:
            path = rowset.rows.path
            if len(path) == 1:
                parts[path[0]] = rowset.lines()
            else:
                parts[path[0]][path[1]] = rowset.lines()
        return parts

    def show_faults(self, faults: tuple[Fault, ...]) -> None:
        """Put each refusal at its field; what belongs elsewhere goes to the top."""
        for fault in faults:
            form, field = self._place(fault.path)
            form.add_error(field, fault.message_fr)

    def _place(self, path: tuple[str | int, ...]) -> tuple[forms.Form, str | None]:
        for rowset in self.rowsets:
            depth = len(rowset.rows.path)
            if path[:depth] == rowset.rows.path and len(path) == depth + 2:
                rank, field = path[depth], path[depth + 1]
                if isinstance(rank, int) and rank < len(rowset.kept):
                    return rowset.kept[rank], str(field)
        if len(path) == 2 and path[0] == self.section.part and path[1] in self.fields:
            return self.single, str(path[1])
        return self.single, None

    @property
    def errors(self) -> list[ErrorEntry]:
        """Every refusal of the section, in the order of the page, for one summary."""
        return error_entries([self.single, *(rowset.formset for rowset in self.rowsets)])

    def conflict_rows(self, theirs: dict[str, Any]) -> list[dict[str, Any]]:
        """Each field where what I typed and what is stored now differ, in words."""
        mine = self.parts()
        rows = [
            {
                "label": schema["title"],
                "yours": in_words(schema, mine[str(self.section.part)][name]),
                "theirs": in_words(schema, theirs[str(self.section.part)][name]),
            }
            for name, schema in self.fields.items()
        ]
        for rowset in self.rowsets:
            stored: Any = theirs
            for step in rowset.rows.path:
                stored = stored[step]
            rows.append(
                {
                    "label": rowset.rows.title,
                    "yours": lines_in_words(rowset.fields, rowset.lines()),
                    "theirs": lines_in_words(rowset.fields, stored),
                }
            )
        return rows


def lines_in_words(
    fields: Mapping[str, Mapping[str, Any]], lines: list[dict[str, Any]]
) -> str | None:
    """« 1. Électricité, 240 kWh ; 2. … »: enough to recognise each line."""
    told = []
    for rank, line in enumerate(lines, start=1):
        known = [
            str(in_words(part, line[name]))
            for name, part in fields.items()
            if line[name] is not None
        ]
        told.append(f"{rank}. {', '.join(known)}")
    return " ; ".join(told) or None
