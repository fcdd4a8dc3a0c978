"""Forms of the agency's settings, and of a household's data."""

from decimal import Decimal
from typing import Any

from django import forms

from atre.domain.agencies.adjusting import CONTACT_FIELDS, PROGRAMME_FIELDS, version_of
from atre.domain.agencies.enums import RequiredIncomeClass, Role
from atre.domain.agencies.models import Agency, Programme
from atre.domain.network.models import Organisation
from atre.web.design.widgets import DateInput

BAD_EMAIL = "Cette adresse n’est pas complète : elle ressemble à prenom@exemple.fr."
BAD_DATE = "Cette date n’existe pas : vérifiez le jour et le mois."


class InvitationForm(forms.Form):
    full_name = forms.CharField(
        label="Prénom et nom",
        max_length=150,
        error_messages={"required": "Indiquez le prénom et le nom."},
    )
    email = forms.EmailField(
        label="Adresse e-mail",
        error_messages={"invalid": BAD_EMAIL, "required": "Indiquez une adresse e-mail."},
    )
    role = forms.ChoiceField(
        label="Rôle",
        choices=[("", "Choisir un rôle"), *Role.choices],
        error_messages={"required": "Choisissez un rôle."},
    )
    organisation = forms.ChoiceField(
        label="Organisation",
        required=False,
        help_text="Pour coordonner, visiter ou prescrire, une personne agit pour une organisation.",
        error_messages={"invalid_choice": "Choisissez une organisation de votre réseau."},
    )

    def __init__(self, data: Any = None, *, organisations: list[Organisation]) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["organisation"].choices = [
            ("", "Aucune"),
            *((str(row.pk), f"{row.name} ({row.get_kind_display()})") for row in organisations),
        ]

    def clean_organisation(self) -> int | None:
        value = self.cleaned_data["organisation"]
        return int(value) if value else None


class AgencyContactForm(forms.Form):
    phone = forms.CharField(
        label="Téléphone",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )
    email = forms.EmailField(
        label="Adresse e-mail", required=False, error_messages={"invalid": BAD_EMAIL}
    )
    website = forms.URLField(
        label="Site",
        required=False,
        assume_scheme="https",
        error_messages={
            "invalid": "Cette adresse de site n’est pas complète : elle commence par https://."
        },
    )
    postal_address = forms.CharField(
        label="Adresse postale",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, agency: Agency) -> None:
        initial = {name: getattr(agency, name) for name in CONTACT_FIELDS}
        super().__init__(data, initial=initial | {"seen": version_of(agency, CONTACT_FIELDS)})


class ProgrammeForm(forms.Form):
    """What a programme says of itself, whom it takes, what it aims at, when."""

    summary = forms.CharField(
        label="Présentation publique",
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Ce que lisent les ménages avant de demander une visite.",
    )
    required_income_class = forms.ChoiceField(
        label="Ressources acceptées",
        choices=RequiredIncomeClass.choices,
        help_text="Vaut pour les demandes à venir : les dossiers déposés gardent leur réponse.",
    )
    support_target = forms.DecimalField(
        label="Part visée d’accompagnements renforcés",
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(100),
        max_digits=4,
        decimal_places=1,
        localize=True,
        help_text="Vide : aucun objectif.",
        error_messages={
            "invalid": "Écrivez un pourcentage, par exemple 30.",
            "min_value": "Une part va de 0 à 100 %%.",
            "max_value": "Une part va de 0 à 100 %%.",
        },
    )
    opens_on = forms.DateField(
        label="Ouvre le",
        widget=DateInput(),
        error_messages={"invalid": BAD_DATE, "required": "Indiquez la date d’ouverture."},
    )
    closes_on = forms.DateField(
        label="Ferme le",
        required=False,
        widget=DateInput(),
        error_messages={"invalid": BAD_DATE},
        help_text="Vide : pas de fin prévue.",
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, programme: Programme) -> None:
        names = ("summary", "required_income_class", "opens_on", "closes_on")
        share = programme.support_target_share
        initial = {name: getattr(programme, name) for name in names}
        initial["support_target"] = None if share is None else (share * 100).normalize()
        initial["seen"] = version_of(programme, PROGRAMME_FIELDS)
        super().__init__(data, initial=initial)

    def values(self) -> dict[str, Any]:
        """The arguments of `update_programme`."""
        values = dict(self.cleaned_data)
        percent = values.pop("support_target")
        return values | {"support_target_share": None if percent is None else percent / 100}


class JournalForm(forms.Form):
    """GET: which case's entries."""

    dossier = forms.CharField(label="Référence d’un dossier", required=False, max_length=20)


class EraseForm(forms.Form):
    """Typing the reference is the confirmation: a click alone erases nobody."""

    reference = forms.CharField(
        label="Référence du dossier",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Recopiez la référence du dossier pour confirmer."},
    )
    reason = forms.CharField(
        label="Motif",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Par exemple : demande du ménage. Sans nom ni adresse.",
        error_messages={"required": "Dites pourquoi ce ménage est effacé."},
    )

    def __init__(self, data: Any = None, *, expected: str) -> None:
        super().__init__(data)
        self.expected = expected

    def clean_reference(self) -> str:
        typed: str = self.cleaned_data["reference"].strip().upper()
        if typed != self.expected.upper():
            raise forms.ValidationError("Ce n’est pas la référence de ce dossier.")
        return typed
