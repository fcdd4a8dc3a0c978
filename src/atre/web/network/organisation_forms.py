"""Forms of the network of partners."""

from typing import Any

from django import forms

from atre.domain.network.actions import ContactDetails, OrganisationDetails, territory_lines
from atre.domain.network.enums import OrganisationKind
from atre.domain.network.models import Organisation
from atre.domain.network.selectors import NetworkSearch
from atre.web.communes import resolve
from atre.web.design.widgets import CommuneField
from atre.web.request_form import text_field
from atre.web.support.forms import date_field

ACCEPTS = {"yes": True, "no": False, "": None}
BLANK_CONTACTS = 2
EMAIL_ERRORS = {"invalid": "Cette adresse n’est pas complète : elle ressemble à prenom@exemple.fr."}


class NetworkSearchForm(forms.Form):
    text = forms.CharField(label="Nom ou besoin", required=False, max_length=80)
    kind = forms.ChoiceField(
        label="Sorte", required=False, choices=[("", "Toutes"), *OrganisationKind.choices]
    )
    commune = CommuneField(
        label="Commune", required=False, resolve=resolve, suggestions="network_communes"
    )
    inactive = forms.BooleanField(label="Voir les services retirés", required=False)

    def search(self) -> NetworkSearch:
        """What was chosen; a field in error narrows nothing."""
        told = self.cleaned_data if self.is_bound else {}
        commune = told.get("commune")
        return NetworkSearch(
            kind=told.get("kind", ""),
            commune=commune.pk if commune else "",
            text=told.get("text", ""),
            inactive=bool(told.get("inactive")),
        )


class OrganisationForm(forms.Form):
    """A service's sheet. Empty is « nobody asked », never « no »."""

    kind = forms.ChoiceField(
        label="Sorte de service",
        choices=[("", "Choisir"), *OrganisationKind.choices],
        error_messages={"required": "Choisissez une sorte de service."},
    )
    name = text_field("Nom", 150, required=True, missing="Indiquez le nom du service.")
    what_for = forms.CharField(
        label="Pour quoi le solliciter",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    accepts_referrals = forms.ChoiceField(
        label="Prend-il des orientations en ce moment ?",
        required=False,
        choices=[("yes", "Oui"), ("no", "Non"), ("", "Personne ne lui a demandé")],
        widget=forms.RadioSelect,
    )
    answer_days = forms.IntegerField(
        label="Délai de réponse (jours)",
        required=False,
        min_value=1,
        max_value=180,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": "Écrivez un nombre de jours.",
            "min_value": "Un délai de réponse est d’au moins un jour.",
            "max_value": "C’est trop long : 180 jours au plus.",
        },
    )
    email = forms.EmailField(
        label="Adresse e-mail",
        required=False,
        error_messages=EMAIL_ERRORS,
        help_text="Les orientations y sont annoncées, sans aucun nom de ménage.",
    )
    phone = text_field("Téléphone", 30, widget=forms.TextInput(attrs={"type": "tel"}))
    postal_address = forms.CharField(
        label="Adresse postale",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    territory = forms.CharField(
        label="Territoire couvert",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Une commune ou une intercommunalité par ligne : son nom, son code Insee ou son "
        "numéro SIREN. Vide : personne ne l’a noté.",
    )
    checked_on = date_field("Fiche vérifiée le", required=False)

    def __init__(self, data: Any = None, *, organisation: Organisation | None = None) -> None:
        initial: dict[str, Any] = {}
        if organisation is not None:
            accepts = {known: text for text, known in ACCEPTS.items()}
            simple = ("kind", "name", "what_for", "answer_days", "email", "phone")
            initial = {name: getattr(organisation, name) for name in simple}
            initial |= {
                "postal_address": organisation.postal_address,
                "checked_on": organisation.checked_on,
                "accepts_referrals": accepts[organisation.accepts_referrals],
                "territory": "\n".join(territory_lines(organisation=organisation)),
            }
        super().__init__(data, initial=initial)

    def details(self, contacts: tuple[ContactDetails, ...]) -> OrganisationDetails:
        told = self.cleaned_data
        lines = (line.strip() for line in told["territory"].splitlines())
        return OrganisationDetails(
            kind=told["kind"],
            name=told["name"],
            email=told["email"],
            phone=told["phone"],
            postal_address=told["postal_address"],
            what_for=told["what_for"],
            accepts_referrals=ACCEPTS[told["accepts_referrals"]],
            answer_days=told["answer_days"],
            checked_on=told["checked_on"],
            territory=tuple(line for line in lines if line),
            contacts=contacts,
        )


class ContactForm(forms.Form):
    name = text_field("Nom", 150)
    position = text_field("Fonction", 150)
    phone = text_field("Téléphone", 30, widget=forms.TextInput(attrs={"type": "tel"}))
    email = forms.EmailField(label="Adresse e-mail", required=False, error_messages=EMAIL_ERRORS)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not told.get("name") and any(told.get(name) for name in ("position", "phone", "email")):
            self.add_error("name", "Indiquez le nom de cette personne.")
        return told


def contact_formset(data: Any = None, *, organisation: Organisation | None = None) -> Any:
    """The contacts of a service, with blank lines to add some; a line emptied is removed."""
    initial = (
        [
            {"name": row.name, "position": row.position, "phone": row.phone, "email": row.email}
            for row in organisation.contacts.all()
        ]
        if organisation
        else []
    )
    made = forms.formset_factory(ContactForm, extra=BLANK_CONTACTS, max_num=12, absolute_max=12)
    return made(data, initial=initial, prefix="contacts")


def contacts_of(formset: Any) -> tuple[ContactDetails, ...]:
    return tuple(
        ContactDetails(**{name: form.cleaned_data[name] for name in ContactForm.base_fields})
        for form in formset
        if form.cleaned_data.get("name")
    )


class DeactivateForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi ne plus le proposer",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Dites pourquoi ce service n’est plus proposé."},
    )
