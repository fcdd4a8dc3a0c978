"""The form of a request for help: the household's own, a referrer's, the agency's.

Everything a person may not know can stay empty, and empty means unknown, never zero.
"""

import re
import uuid
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from atre.domain.agencies.models import Programme
from atre.domain.errors import DomainError
from atre.domain.households import keys
from atre.domain.households.actions.opening import Request
from atre.domain.households.consent_texts import ConsentText, consent_text
from atre.domain.households.enums import Channel, ConsentKind, Difficulty, DwellingKind, Tenure
from atre.domain.network.enums import OrganisationKind
from atre.domain.network.models import Organisation
from atre.domain.territories.selectors import perimeter_contains
from atre.web.communes import postal_code_of, resolve
from atre.web.design.widgets import ChoiceCardsMultiple, CommuneEntry, CommuneField, DateInput

NOT_KNOWN = "Je ne sais pas"
# A tax notice of the year tells the incomes of the year before; older ones are no longer asked.
INCOME_YEARS_BACK = 4
MOST_PERSONS = 30
# What the page folds away: useful on the day of the visit, never needed to ask for help.
FOLDED = ("landlord_name", "dwelling_kind", "floor_area_m2")
# Names of the domain's refusals whose field has another name on this form.
FIELD_OF_REFUSAL = {"persons": "adults", "consent_processing": "processing"}
SPACES = re.compile(r"[\s\u00a0\u202f]")


class EuroField(forms.DecimalField):
    """Euros as people write them: « 18 250,40 € ». Empty is unknown; a minus sign is refused."""

    default_error_messages = {
        "invalid": "Écrivez un montant en chiffres, par exemple 18 250.",
        "min_value": "Ce montant ne peut pas être négatif. Écrivez 0 s’il est nul.",
        "max_value": "Ce montant est trop grand : vérifiez le nombre de chiffres.",
        "max_decimal_places": "Deux chiffres au plus après la virgule.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(
            min_value=Decimal(0),
            max_value=Decimal("9999999"),
            decimal_places=2,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **options,
        )

    # The stubs derive DecimalField from IntegerField and silence the same difference.
    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = SPACES.sub("", str(value or "")).removesuffix("€").replace(",", ".")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return number


class AreaField(forms.DecimalField):
    """Square metres with a comma or a point; empty is unknown."""

    default_error_messages = {
        "invalid": "Écrivez une surface en chiffres, par exemple 54.",
        "min_value": "Une surface est plus grande que zéro. Laissez vide si vous ne savez pas.",
        "max_value": "Cette surface est trop grande : elle s’exprime en mètres carrés.",
        "max_decimal_places": "Un chiffre au plus après la virgule.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(
            min_value=Decimal("1"),
            max_value=Decimal("9999"),
            decimal_places=1,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **options,
        )

    # The stubs derive DecimalField from IntegerField and silence the same difference.
    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = SPACES.sub("", str(value or "")).removesuffix("m²").replace(",", ".")
        return super().to_python(text)


def count_field(label: str, least: int) -> forms.IntegerField:
    """A number of people; empty is unknown."""
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=MOST_PERSONS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": "Écrivez un nombre en chiffres, par exemple 2.",
            "min_value": "Ce nombre est trop petit." if least else "Ce nombre est négatif.",
            "max_value": "Ce nombre est trop grand pour un seul foyer.",
        },
    )


def text_field(label: str, longest: int, *, required: bool = False, **options: Any) -> Any:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        error_messages={
            "max_length": f"C’est trop long : {longest} signes au plus.",
            "required": options.pop("missing", "Ce renseignement est nécessaire."),
        },
        **options,
    )


def with_a_number(data: QueryDict | None) -> QueryDict | None:
    """The data with a new form number when theirs is no number: nothing a person could correct."""
    if data is None:
        return None
    try:
        uuid.UUID(str(data.get("submission")))
    except ValueError:
        data = data.copy()
        data["submission"] = str(uuid.uuid4())
    return data


class RequestForm(forms.Form):
    """A request to one programme. After `is_valid()`: `as_request()` and `sent_as`.

    `channel` decides who is speaking and which agreements are asked. Reads the agency's partners:
    construct it inside the agency's context.
    """

    data: MultiValueDict[str, Any]

    difficulties = forms.MultipleChoiceField(
        label="Qu’est-ce qui vous pèse ?",
        choices=Difficulty.choices,
        required=False,
        widget=ChoiceCardsMultiple,
    )
    told = text_field("En quelques mots", 2000, widget=forms.Textarea(attrs={"rows": 4}))

    address_line = text_field(
        "Numéro et rue", 200, required=True, missing="Indiquez le numéro et la rue du logement."
    )
    address_extra = text_field("Bâtiment, étage, porte", 200)
    postal_code = forms.RegexField(
        r"^\d{5}$",
        label="Code postal",
        required=False,
        error_messages={"invalid": "Un code postal a cinq chiffres, par exemple 94130."},
    )
    commune = CommuneField(resolve=lambda entry: entry, suggestions="commune_suggestions")
    tenure = forms.ChoiceField(
        label="Vous êtes",
        required=False,
        choices=[("", NOT_KNOWN), *Tenure.choices],
    )
    dwelling_kind = forms.ChoiceField(
        label="Type de logement",
        required=False,
        choices=[("", NOT_KNOWN), *DwellingKind.choices],
    )
    floor_area_m2 = AreaField(label="Surface", required=False)
    landlord_name = text_field("Nom du bailleur ou de l’agence", 150)

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
        max_length=254,
        error_messages={
            "invalid": "Cette adresse n’est pas complète : elle ressemble à prenom@exemple.fr.",
            "max_length": "Cette adresse est trop longue.",
        },
    )
    contact_preference = text_field("Quand et comment vous joindre", 200)

    adults = count_field("Adultes, vous compris", 1)
    children = count_field("Enfants de moins de 18 ans", 0)
    rfr_eur = EuroField(label="Revenu fiscal de référence", required=False)
    rfr_income_year = forms.TypedChoiceField(
        label="Année de ces revenus", required=False, coerce=int, empty_value=None
    )

    processing = forms.BooleanField(
        required=True,
        error_messages={"required": "Sans cet accord, nous ne pouvons rien garder ni vous aider."},
    )
    inform_referrer = forms.BooleanField(required=False)
    partners = forms.MultipleChoiceField(
        label="Partager avec des services qui aident",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        programme: Programme,
        channel: Channel,
        on: date,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(
            with_a_number(data), initial={"submission": uuid.uuid4()} | (initial or {})
        )
        self.programme, self.channel, self.on = programme, channel, on
        self._offer_income_years()
        self._offer_partners()
        self._word_consents()
        if channel != Channel.PUBLIC:
            self._speak_of_the_household()

    def _offer_income_years(self) -> None:
        years = range(self.on.year - 1, self.on.year - 1 - INCOME_YEARS_BACK, -1)
        fields: dict[str, Any] = self.fields
        fields["rfr_income_year"].choices = [
            ("", NOT_KNOWN),
            *((str(year), f"{year} (avis reçu en {year + 1})") for year in years),
        ]

    def _offer_partners(self) -> None:
        # The visit operator works for the programme itself: its part is in the first agreement.
        partners = (
            Organisation.objects.filter(agency_id=self.programme.agency_id, is_active=True)
            .exclude(kind=OrganisationKind.OPERATOR)
            .order_by("kind", "name")
            .values_list("pk", "name")
        )
        fields: dict[str, Any] = self.fields
        fields["partners"].choices = [(str(pk), name) for pk, name in partners]
        if not fields["partners"].choices:
            del fields["partners"]

    def _word_consents(self) -> None:
        self.texts: dict[str, ConsentText] = {
            str(kind): consent_text(programme=self.programme, kind=kind) for kind in ConsentKind
        }
        self.fields["processing"].label = self.texts[ConsentKind.PROCESSING].statement
        self.fields["inform_referrer"].label = self.texts[ConsentKind.INFORM_REFERRER].statement
        if self.channel != Channel.REFERRER:
            del self.fields["inform_referrer"]

    def _speak_of_the_household(self) -> None:
        """Someone else fills the form: it speaks of the household, and of what it agreed to."""
        self.fields["difficulties"].label = "Qu’est-ce qui pèse à ce foyer ?"
        self.fields["tenure"].label = "Statut d’occupation"
        self.fields["contact_preference"].label = "Quand et comment joindre ce foyer"
        self.fields["adults"].label = "Adultes"
        self.fields[
            "processing"
        ].label = "J’atteste que le ménage a entendu ce texte et qu’il a donné son accord."
        self.fields["processing"].error_messages["required"] = (
            "Sans l’accord du ménage, la demande ne peut pas être enregistrée."
        )
        if "inform_referrer" in self.fields:
            self.fields[
                "inform_referrer"
            ].label = "Le ménage accepte que je sache où en est sa demande."

    def clean_phone(self) -> str:
        try:
            return keys.phone_e164(self.cleaned_data["phone"])
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message_fr, code="invalid") from refusal

    def clean_commune(self) -> Any:
        entry: CommuneEntry = self.cleaned_data["commune"]
        return resolve(entry, self.cleaned_data.get("postal_code") or "")

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "postal_code" in cleaned and "commune" in cleaned:
            try:
                cleaned["postal_code"] = postal_code_of(cleaned["commune"], cleaned["postal_code"])
            except forms.ValidationError as error:
                self.add_error("postal_code", error)
        birth_date = cleaned.get("birth_date")
        if birth_date is not None and not date(1900, 1, 1) <= birth_date <= self.on:
            self.add_error(
                "birth_date", "Cette date de naissance n’est pas possible : vérifiez l’année."
            )
        if not cleaned.get("phone") and not cleaned.get("email") and not self._contact_refused():
            self.add_error(
                "phone",
                "Donnez un téléphone ou une adresse e-mail : sans eux, personne ne pourra rappeler.",
            )
        return cleaned

    def _contact_refused(self) -> bool:
        return "phone" in self.errors or "email" in self.errors

    @property
    def details_have_errors(self) -> bool:
        """Whether the folded part must open to show what to correct."""
        return any(name in self.errors for name in FOLDED)

    @property
    def is_outside(self) -> bool:
        """Whether the commune is known and outside the programme's perimeter."""
        commune = self.cleaned_data.get("commune") if hasattr(self, "cleaned_data") else None
        if commune is None:
            return False
        return not perimeter_contains(self.programme.perimeter, commune.pk, self.on)

    @property
    def sent_as(self) -> uuid.UUID:
        """The form's own number: the same when the same form is sent again."""
        return self.cleaned_data["submission"]

    def as_request(self) -> Request:
        """What the domain takes. Only after `is_valid()`."""
        told = self.cleaned_data
        consents = {ConsentKind.PROCESSING}
        if told.get("inform_referrer"):
            consents.add(ConsentKind.INFORM_REFERRER)
        if told.get("partners"):
            consents.add(ConsentKind.SHARE_WITH_PARTNERS)
        same = [
            "first_name",
            "last_name",
            "birth_date",
            "phone",
            "email",
            "contact_preference",
            "adults",
            "children",
            "tenure",
            "address_line",
            "address_extra",
            "postal_code",
            "commune",
            "dwelling_kind",
            "floor_area_m2",
            "landlord_name",
            "told",
            "rfr_eur",
            "rfr_income_year",
        ]
        return Request(
            **{name: told[name] for name in same},
            difficulties=frozenset(Difficulty(value) for value in told["difficulties"]),
            consents=frozenset(consents),
            partner_ids=tuple(int(pk) for pk in told.get("partners") or ()),
        )

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the domain beside its field, or above the form."""
        name = getattr(error, "field", None) or ""
        name = FIELD_OF_REFUSAL.get(name, name)
        self.add_error(name if name in self.fields else None, error.message_fr)


# What a person does not give again when the same words go to another programme.
NOT_CARRIED = {"processing", "inform_referrer", "partners", "submission"}


def carried(typed: QueryDict) -> dict[str, Any]:
    """What was typed on another programme's form, as starting values; agreements left aside."""
    initial: dict[str, Any] = {}
    for name in RequestForm.base_fields:
        if name in typed and name not in NOT_CARRIED:
            many = name == "difficulties"
            initial[name] = typed.getlist(name) if many else typed.get(name)
    initial["commune"] = CommuneEntry(typed.get("commune", ""), typed.get("commune_code", ""))
    return initial
