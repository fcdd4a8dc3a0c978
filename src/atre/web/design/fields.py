"""A form field seen by its template: one label, one hint, one error, all tied by id."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from atre.web.design.widgets import (
    ChoiceCards,
    ChoiceCardsMultiple,
    CommunePicker,
    DateInput,
    DateTimeInput,
)

KINDS_IN_WORDS = {
    ".pdf": "PDF",
    "application/pdf": "PDF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/heic": "HEIC",
    "image/webp": "WebP",
    "image/*": "photo",
    ".csv": "CSV",
    ".xlsx": "Excel (XLSX)",
}


@dataclass(frozen=True)
class Choice:
    """One radio button or checkbox of a group."""

    id: str
    type: str
    name: str
    value: str
    label: str
    checked: bool
    disabled: bool


class FieldView:
    """What `design/components/field.html` needs to draw a bound field."""

    def __init__(
        self,
        bound: BoundField,
        *,
        label: str = "",
        hint: str | None = None,
        unit: str = "",
        autocomplete: str = "",
        inputmode: str = "",
        width: str = "",
        optional: bool = True,
        placeholder: str | None = None,
        max_mb: int | None = None,
    ) -> None:
        self.bound = bound
        self.widget = bound.field.widget
        self.label = label or bound.label
        self.hint = bound.help_text or self.file_hint(max_mb) if hint is None else hint
        self.unit = unit
        self.width = width or self.usual_width()
        self.errors = list(bound.errors)
        self.optional = optional and not bound.field.required and not self.is_checkbox
        self.extra = {"autocomplete": autocomplete, "inputmode": inputmode}
        self.placeholder = placeholder

    def usual_width(self) -> str:
        """A field as long as what it takes: dates and figures are short."""
        if isinstance(self.widget, DateInput | DateTimeInput):
            return "medium"
        return "short" if isinstance(self.widget, forms.NumberInput) else ""

    @property
    def id(self) -> str:
        return str(self.bound.id_for_label or self.bound.auto_id)

    @property
    def is_hidden(self) -> bool:
        return bool(self.widget.is_hidden)

    @property
    def is_group(self) -> bool:
        return isinstance(self.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)

    @property
    def is_multiple_parts(self) -> bool:
        return bool(self.widget.use_fieldset) and not self.is_group

    @property
    def is_checkbox(self) -> bool:
        return isinstance(self.widget, forms.CheckboxInput)

    @property
    def is_cards(self) -> bool:
        return isinstance(self.widget, ChoiceCards | ChoiceCardsMultiple)

    @property
    def described_by(self) -> str:
        parts = [f"{self.id}-hint"] if self.hint else []
        return " ".join([*parts, f"{self.id}-error"] if self.errors else parts)

    @property
    def control(self) -> SafeString:
        """The control itself, with its class and the ids of its hint and error."""
        attrs: dict[str, Any] = {"class": self.css_class()}
        attrs |= {name: value for name, value in self.extra.items() if value}
        if self.placeholder is not None:
            # Django leaves out an attribute that is False.
            attrs["placeholder"] = self.placeholder or False
        if self.described_by:
            attrs["aria-describedby"] = self.described_by
        if self.errors:
            attrs["aria-invalid"] = "true"
        return self.bound.as_widget(attrs=attrs)

    def css_class(self) -> str:
        given = self.widget.attrs.get("class", "")
        if self.is_checkbox:
            return f"form-check-input {given}".strip()
        base = "form-select" if isinstance(self.widget, forms.Select) else "form-control"
        invalid = "is-invalid" if self.errors else ""
        return " ".join(part for part in (base, invalid, given) if part)

    @property
    def choices(self) -> Iterator[Choice]:
        for subwidget in self.bound.subwidgets:
            data = subwidget.data
            attrs = data["attrs"]
            yield Choice(
                id=attrs.get("id", ""),
                type=data["type"],
                name=data["name"],
                value=str(data["value"]),
                label=data["label"],
                checked=bool(data["selected"]),
                disabled=bool(attrs.get("disabled")),
            )

    def file_hint(self, max_mb: int | None) -> str:
        if not isinstance(self.widget, forms.FileInput):
            return ""
        accepted = self.widget.attrs.get("accept", "").split(",")
        words = [KINDS_IN_WORDS.get(kind.strip(), kind.strip()) for kind in accepted if kind]
        sentence = f"Formats acceptés\u00a0: {', '.join(dict.fromkeys(words))}." if words else ""
        limit = f" {max_mb}\u00a0Mo au plus." if max_mb else ""
        return (sentence + limit).strip()


@dataclass(frozen=True)
class ErrorEntry:
    """One line of the summary; `target` is the id to jump to, "" for the form as a whole."""

    target: str
    label: str
    message: str


def error_entries(forms_or_sets: Iterable[Any]) -> list[ErrorEntry]:
    """All errors of forms and formsets, in the order of the page."""
    entries: list[ErrorEntry] = []
    for item in forms_or_sets:
        if hasattr(item, "forms"):
            entries += [ErrorEntry("", "", str(e)) for e in item.non_form_errors()]
            entries += error_entries(item.forms)
        else:
            entries += entries_of_form(item)
    return entries


def entries_of_form(form: forms.BaseForm) -> Iterator[ErrorEntry]:
    for message in form.non_field_errors():
        yield ErrorEntry("", "", str(message))
    for name in form.fields:
        bound = form[name]
        for message in bound.errors:
            if bound.is_hidden:
                yield ErrorEntry("", "", str(message))
            else:
                yield ErrorEntry(first_control_id(bound), str(bound.label), str(message))


def first_control_id(bound: BoundField) -> str:
    if isinstance(bound.field.widget, CommunePicker):
        return str(bound.auto_id)
    return str(bound.id_for_label or f"{bound.auto_id}_0")
