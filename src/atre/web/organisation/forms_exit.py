"""The exit test of a programme as a form, instead of the small dictionary that calc reads."""

from collections.abc import Mapping
from typing import Any

from django import forms

from atre.domain.agencies.adjusting import EXIT_FIELDS, version_of
from atre.domain.agencies.models import Programme

NEVER_HAD = [
    ("", "Choisir"),
    ("left_out", "on ne compte pas ce critère pour lui"),
    ("met", "le critère est rempli"),
    ("not_met", "le critère n’est pas rempli"),
]
NEEDS = [
    ("all", "tous les critères cochés"),
    ("any", "au moins un"),
    ("at_least", "au moins le nombre ci-dessous"),
]
BEFORE = "Pour un ménage qui n’avait pas cette difficulté"


def percent_field(label: str) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        required=False,
        localize=True,
        error_messages={"invalid": "Écrivez un pourcentage, par exemple 10."},
    )


def never_had_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=BEFORE, choices=NEVER_HAD, required=False)


class ExitTestForm(forms.Form):
    """No criterion ticked: the programme does not judge exits, and its pages say so."""

    name = forms.CharField(
        label="Nom de ce test",
        max_length=200,
        required=False,
        help_text="Il est écrit à côté de chaque résultat, par exemple : « Sortie selon le comité ».",
    )
    needs = forms.ChoiceField(
        label="Un ménage est sorti de précarité s’il remplit",
        choices=NEEDS,
        widget=forms.RadioSelect,
        required=False,
    )
    at_least = forms.IntegerField(
        label="Nombre de critères",
        min_value=1,
        max_value=5,
        required=False,
        error_messages={"invalid": "Écrivez un nombre, par exemple 2."},
    )
    no_longer_cold = forms.BooleanField(label="Il n’a plus froid", required=False)
    no_longer_cold_before = never_had_field()
    no_longer_late_on_payments = forms.BooleanField(
        label="Il paie ses factures sans retard", required=False
    )
    no_longer_late_on_payments_before = never_had_field()
    effort_ratio_under = forms.BooleanField(
        label="L’énergie prend moins qu’une part de son revenu", required=False
    )
    effort_threshold = forms.ChoiceField(
        label="Seuil",
        choices=[("onpe", "celui de l’Observatoire (ONPE), à sa date"), ("own", "le nôtre")],
        required=False,
    )
    effort_percent = percent_field("Notre seuil, en % du revenu")
    effort_ratio_under_before = never_had_field()
    bills_fell_by = forms.BooleanField(label="Ses factures ont baissé", required=False)
    bills_percent = percent_field("Baisse d’au moins, en %")
    bills_measure = forms.ChoiceField(
        label="Mesurée en", choices=[("euros", "euros"), ("kwh", "kWh")], required=False
    )
    self_declared = forms.BooleanField(label="Il dit lui-même s’en être sorti", required=False)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, programme: Programme) -> None:
        initial = initial_of(programme.exit_test)
        super().__init__(data, initial=initial | {"seen": version_of(programme, EXIT_FIELDS)})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.criteria(values):
            return values
        self._need("name", "Donnez un nom à ce test.")
        self._need("needs", "Choisissez combien de critères il faut.")
        if values.get("needs") == "at_least":
            self._need("at_least", "Indiquez le nombre de critères.")
        for kind in ("no_longer_cold", "no_longer_late_on_payments", "effort_ratio_under"):
            if values.get(kind):
                self._need(f"{kind}_before", "Choisissez : ce choix change les résultats publiés.")
        if values.get("effort_ratio_under") and values.get("effort_threshold") == "own":
            self._need("effort_percent", "Indiquez votre seuil.")
        if values.get("bills_fell_by"):
            self._need("bills_percent", "Indiquez la baisse attendue.")
        return values

    def _need(self, field: str, sentence: str) -> None:
        if self.cleaned_data.get(field) in (None, "") and field not in self.errors:
            self.add_error(field, sentence)

    def criteria(self, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The ticked criteria, in the words of calc/poverty/exit_test.schema.json."""
        found: list[dict[str, Any]] = []
        for kind in ("no_longer_cold", "no_longer_late_on_payments"):
            if values.get(kind):
                found.append(
                    {"kind": kind, "without_difficulty_before": values.get(f"{kind}_before")}
                )
        if values.get("effort_ratio_under"):
            own = values.get("effort_threshold") == "own"
            found.append(
                {
                    "kind": "effort_ratio_under",
                    "threshold": values.get("effort_percent") if own else "onpe",
                    "without_difficulty_before": values.get("effort_ratio_under_before"),
                }
            )
        if values.get("bills_fell_by"):
            found.append(
                {
                    "kind": "bills_fell_by",
                    "percent": values.get("bills_percent"),
                    "measure": values.get("bills_measure") or "euros",
                }
            )
        if values.get("self_declared"):
            found.append({"kind": "self_declared"})
        return found

    def definition(self) -> dict[str, Any] | None:
        """What `set_exit_test` takes."""
        values = self.cleaned_data
        criteria = self.criteria(values)
        if not criteria:
            return None
        needs = values["needs"]
        return {
            "name": values["name"],
            "needs": {"at_least": values["at_least"]} if needs == "at_least" else needs,
            "criteria": criteria,
        }


def initial_of(definition: Mapping[str, Any] | None) -> dict[str, Any]:
    """The form's fields for a stored definition."""
    if definition is None:
        return {}
    needs = definition["needs"]
    initial: dict[str, Any] = {"name": definition["name"]}
    initial["needs"] = needs if isinstance(needs, str) else "at_least"
    initial["at_least"] = None if isinstance(needs, str) else needs["at_least"]
    for entry in definition["criteria"]:
        kind = entry["kind"]
        initial[kind] = True
        if "without_difficulty_before" in entry:
            initial[f"{kind}_before"] = entry["without_difficulty_before"]
        if kind == "effort_ratio_under":
            own = entry["threshold"] != "onpe"
            initial["effort_threshold"] = "own" if own else "onpe"
            initial["effort_percent"] = entry["threshold"] if own else None
        if kind == "bills_fell_by":
            initial |= {"bills_percent": entry["percent"], "bills_measure": entry["measure"]}
    return initial
