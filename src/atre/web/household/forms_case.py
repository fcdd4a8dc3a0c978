"""Forms that change the case itself or its household: closing, contacts, home, merging."""

from typing import Any

from django import forms

from atre.domain.households.actions.correcting import Contacts, Home
from atre.domain.households.enums import ClosingReason, DwellingKind, Tenure
from atre.domain.households.models import Case, Household
from atre.web.design.formatting import phone
from atre.web.design.widgets import DateInput
from atre.web.request_form import NOT_KNOWN, AreaField, text_field


class CloseForm(forms.Form):
    reason_code = forms.ChoiceField(
        label="Motif",
        choices=[("", "Choisir un motif"), *ClosingReason.choices],
        error_messages={"required": "Choisissez un motif de clôture."},
    )
    reason = forms.CharField(
        label="Ce qui s’est passé",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="En une phrase, pour qui reprendra ce dossier un jour.",
        error_messages={"required": "Dites en une phrase ce qui s’est passé."},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        code = str(ClosingReason.NOT_ELIGIBLE) if case.state == "not_eligible" else ""
        super().__init__(data, initial={"revision": case.revision, "reason_code": code})

    def clean_reason_code(self) -> ClosingReason:
        return ClosingReason(self.cleaned_data["reason_code"])


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi le rouvrir",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi ce dossier est rouvert."},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data, initial={"revision": case.revision})


class ContactsForm(forms.Form):
    """Who the household is, how to reach it, where it lives. Empty is unknown."""

    first_name = text_field("Prénom", 100, required=True, missing="Indiquez un prénom.")
    last_name = text_field("Nom", 100, required=True, missing="Indiquez un nom.")
    birth_date = forms.DateField(
        label="Date de naissance",
        required=False,
        widget=DateInput(),
        error_messages={"invalid": "Cette date n’existe pas : vérifiez le jour et le mois."},
    )
    phone = text_field("Téléphone", 30, widget=forms.TextInput(attrs={"type": "tel"}))
    email = forms.EmailField(
        label="Adresse e-mail",
        required=False,
        error_messages={
            "invalid": "Cette adresse n’est pas complète : elle ressemble à prenom@exemple.fr."
        },
    )
    contact_preference = text_field("Quand et comment joindre", 200)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, household: Household) -> None:
        names = Contacts.__dataclass_fields__
        initial = {name: getattr(household, name) for name in names}
        if household.phone:
            initial["phone"] = phone(household.phone)
        super().__init__(data, initial={**initial, "revision": household.revision})

    def contacts(self) -> Contacts:
        values = self.cleaned_data
        return Contacts(**{name: values[name] for name in Contacts.__dataclass_fields__})


class HomeForm(forms.Form):
    """The dwelling and the tenure. Empty is unknown."""

    address_line = text_field(
        "Numéro et rue", 200, required=True, missing="Indiquez le numéro et la rue du logement."
    )
    address_extra = text_field("Bâtiment, étage, porte", 200)
    postal_code = forms.RegexField(
        r"^\d{5}$",
        label="Code postal",
        error_messages={
            "invalid": "Un code postal a cinq chiffres, par exemple 94130.",
            "required": "Indiquez le code postal.",
        },
    )
    kind = forms.ChoiceField(
        label="Type de logement", required=False, choices=[("", NOT_KNOWN), *DwellingKind.choices]
    )
    floor_area_m2 = AreaField(label="Surface (m²)", required=False)
    tenure = forms.ChoiceField(
        label="Statut d’occupation", required=False, choices=[("", NOT_KNOWN), *Tenure.choices]
    )
    landlord_name = text_field("Nom du bailleur ou de l’agence", 150)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        names = [name for name in Home.__dataclass_fields__ if name != "tenure"]
        initial = {name: getattr(case.dwelling, name) for name in names}
        initial |= {"tenure": case.household.tenure, "revision": case.household.revision}
        super().__init__(data, initial=initial, auto_id="home_%s")

    def home(self) -> Home:
        values = self.cleaned_data
        return Home(**{name: values[name] for name in Home.__dataclass_fields__})


class MergeForm(forms.Form):
    """Which of two files is kept, and how the same household was recognised."""

    kept = forms.ChoiceField(
        label="Fiche à garder",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la fiche à garder."},
    )
    reason = forms.CharField(
        label="À quoi vous les reconnaissez",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites à quoi vous reconnaissez le même ménage."},
    )

    def __init__(self, data: Any = None, *, choices: list[tuple[str, str]]) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["kept"].choices = choices
