"""Form widgets of ours: a commune, a date, choices shown as cards."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.urls import reverse


class CommuneEntry(NamedTuple):
    """What a person typed, and the INSEE code when they picked a suggestion (else "")."""

    text: str
    code: str


class CommunePicker(forms.TextInput):
    """A text field with suggestions. Without script, the text alone is sent and resolved on submit.

    `suggestions` names the view that answers `?q=` with `design/components/commune_options.html`.
    """

    template_name = "design/widgets/commune_picker.html"

    def __init__(self, suggestions: str = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.suggestions = suggestions

    def value_from_datadict(self, data: Any, files: Any, name: str) -> CommuneEntry:
        return CommuneEntry(
            (data.get(name) or "").strip(), (data.get(f"{name}_code") or "").strip()
        )

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        entry = value if isinstance(value, CommuneEntry) else self.entry_of(value)
        context: dict[str, Any] = super().get_context(name, entry.text, attrs)
        context["widget"]["code"] = entry.code
        context["widget"]["code_name"] = f"{name}_code"
        context["widget"]["suggestions"] = reverse(self.suggestions) if self.suggestions else ""
        return context

    @staticmethod
    def entry_of(value: Any) -> CommuneEntry:
        """An initial value: a commune (`insee`, `name`), a text, or nothing."""
        if value is None or value == "":
            return CommuneEntry("", "")
        if code := getattr(value, "insee", "") or getattr(value, "insee_code", ""):
            return CommuneEntry(value.name, code)
        return CommuneEntry(str(value), "")


class CommuneField(forms.Field):
    """A commune, found by `resolve(entry)`, which raises ValidationError with a French sentence."""

    default_error_messages = {"required": "Indiquez la commune."}

    def __init__(
        self, *, resolve: Callable[[CommuneEntry], Any], suggestions: str = "", **options: Any
    ) -> None:
        options.setdefault("widget", CommunePicker(suggestions))
        options.setdefault("label", "Commune")
        super().__init__(**options)
        self.resolve = resolve

    def clean(self, value: CommuneEntry) -> Any:
        if not value.text:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return None
        return self.resolve(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return CommunePicker.entry_of(initial) != data


class DateInput(forms.DateInput):
    """The browser's own date field: it sends and needs the ISO form, and shows the reader's."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own date and hour field."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class ChoiceCards(forms.RadioSelect):
    """Radio buttons shown as large cards, for the few choices that matter."""


class ChoiceCardsMultiple(forms.CheckboxSelectMultiple):
    """Checkboxes shown as large cards."""
