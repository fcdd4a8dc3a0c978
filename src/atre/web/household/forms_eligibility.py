"""Forms about the income condition: what the tax notice says, and a decision against it."""

from decimal import Decimal
from typing import Any

from django import forms

from atre.domain.households.enums import EligibilityAnswer
from atre.domain.households.models import Case
from atre.web.request_form import NOT_KNOWN, EuroField, count_field

# As many notices as the action accepts before the deposit year.
INCOME_YEARS_BACK = 5


def as_typed(amount: Decimal | None) -> str:
    """An amount as a person writes it in a field: « 18000 », « 18250,40 »; "" when unknown."""
    if amount is None:
        return ""
    return f"{amount:.2f}".removesuffix(".00").replace(".", ",")


class IncomeForm(forms.Form):
    """What the income condition needs. Empty is unknown; zero is an income."""

    rfr_eur = EuroField(
        label="Revenu fiscal de référence",
        required=False,
        help_text="Le montant écrit sur l’avis d’imposition. S’il y a plusieurs avis dans le "
        "foyer, leur somme.",
    )
    rfr_income_year = forms.TypedChoiceField(
        label="Année de ces revenus", required=False, coerce=int, empty_value=None
    )
    adults = count_field("Adultes", 1)
    children = count_field("Enfants de moins de 18 ans", 0)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(
            data,
            initial={
                "rfr_eur": as_typed(case.rfr_eur),
                "rfr_income_year": case.rfr_income_year,
                "adults": case.household.adults,
                "children": case.household.children,
                "revision": case.revision,
            },
        )
        latest = case.deposited_on.year - 1
        years = range(latest, latest - INCOME_YEARS_BACK, -1)
        fields: dict[str, Any] = self.fields
        fields["rfr_income_year"].choices = [
            ("", NOT_KNOWN),
            *((str(year), f"{year} (avis reçu en {year + 1})") for year in years),
        ]


class OverrideForm(forms.Form):
    """A decision against the computation."""

    answer = forms.ChoiceField(
        label="Décision",
        widget=forms.RadioSelect,
        choices=[
            (str(EligibilityAnswer.YES), "Accepter le ménage"),
            (str(EligibilityAnswer.NO), "Refuser le ménage"),
        ],
        error_messages={"required": "Choisissez accepter ou refuser."},
    )
    reason = forms.CharField(
        label="Motif",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Il reste dans le dossier à côté du calcul, avec votre nom.",
        error_messages={"required": "Dites pourquoi : ce motif reste dans le dossier."},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(
            data, auto_id="decision_%s", initial={"revision": case.revision, "answer": ""}
        )

    def clean_answer(self) -> EligibilityAnswer:
        return EligibilityAnswer(self.cleaned_data["answer"])
