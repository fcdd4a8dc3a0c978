"""Form fields drawn from the visit's schema, and the way from typed values to the document."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from atre.calc.wording import number_fr
from atre.domain.visits import catalogue
from atre.web.design.widgets import DateInput

UNSAID = "Non renseigné"
YES_NO = [("", UNSAID), ("yes", "Oui"), ("no", "Non")]
# Up to this many answers are seen at once; more go in a list to open.
MOST_RADIOS = 4


class TypedNumber(forms.DecimalField):
    """« 1 240,50 » as people write it: comma or point, any space between thousands."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "".join(value.split()).replace(",", ".")
        return super().to_python(value)


class TypedCount(forms.IntegerField):
    """A whole number, any space between thousands."""

    def to_python(self, value: Any) -> Any:
        return super().to_python("".join(value.split()) if isinstance(value, str) else value)


def field_for(schema: Mapping[str, Any], *, in_row: bool) -> forms.Field:
    """The field of one property. Rows use lists to open, so that they stay short."""
    common: dict[str, Any] = {
        "label": _label(schema),
        "required": False,
        "help_text": schema.get("description", ""),
    }
    kinds = schema.get("type", [])
    if "x-choices" in schema:
        options = list(catalogue.CHOICES[schema["x-choices"]].items())
        radios = not in_row and len(options) <= MOST_RADIOS
        return forms.ChoiceField(
            choices=[("", UNSAID), *options],
            widget=forms.RadioSelect if radios else forms.Select,
            **common,
        )
    if "boolean" in kinds:
        return forms.ChoiceField(
            choices=YES_NO, widget=forms.Select if in_row else forms.RadioSelect, **common
        )
    if "integer" in kinds:
        return TypedCount(
            localize=True, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **common
        )
    if schema.get("format") == "date":
        return forms.DateField(widget=DateInput(), **common)
    if "pattern" in schema:
        return TypedNumber(
            localize=True,
            max_digits=10,
            decimal_places=3,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            **common,
        )
    widget = (
        forms.Textarea(attrs={"rows": schema["x-lines"]})
        if "x-lines" in schema
        else forms.TextInput()
    )
    return forms.CharField(max_length=schema["maxLength"], widget=widget, **common)


def _label(schema: Mapping[str, Any]) -> str:
    unit = schema.get("x-unit")
    return f"{schema['title']} ({unit})" if unit else str(schema["title"])


def to_document(schema: Mapping[str, Any], value: Any) -> Any:
    """A cleaned value as the document writes it; an empty one is null, unknown."""
    if value in (None, ""):
        return None
    if "boolean" in schema.get("type", []) and "x-choices" not in schema:
        return value == "yes"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return value


def to_initial(schema: Mapping[str, Any], value: Any) -> Any:
    """A value of the document as its field shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if schema.get("format") == "date":
        return date.fromisoformat(value)
    if "pattern" in schema:
        return Decimal(value)
    return value


def in_words(schema: Mapping[str, Any], value: Any) -> Any:
    """A value of the document as a person reads it; None stays unknown."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if "x-choices" in schema:
        return catalogue.CHOICES[schema["x-choices"]][value]
    if schema.get("format") == "date":
        return date.fromisoformat(value)
    if "pattern" in schema:
        exact = Decimal(value)
        return number_fr(exact, max(0, -int(exact.as_tuple().exponent)))
    return value
