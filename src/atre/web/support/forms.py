"""Forms of orientations and of reinforced support. What is allowed is the actions' business."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from atre.domain.agencies.models import Membership
from atre.domain.households.models import Case
from atre.domain.network.models import Organisation
from atre.domain.support.enums import AidKind, AidState, MediationStepKind, SupportActionKind
from atre.domain.support.mediation_plan import PROPOSED_DAYS
from atre.domain.support.models import AidFile
from atre.domain.support.orientation_states import possible_answers
from atre.web.design.formatting import counted
from atre.web.design.widgets import DateInput
from atre.web.household.forms import member_choices
from atre.web.request_form import EuroField

DATE_ERRORS = {
    "invalid": "Cette date n’existe pas : vérifiez le jour et le mois.",
    "required": "Indiquez une date.",
}


def date_field(label: str, *, required: bool = True, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=DateInput(), error_messages=DATE_ERRORS, **options
    )


def words_field(label: str, missing: str, *, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing, "max_length": "C’est trop long."},
        **options,
    )


def lines(text: str) -> tuple[str, ...]:
    """Whole sentences, one a line."""
    return tuple(line.strip(" -•\t") for line in text.splitlines() if line.strip(" -•\t"))


class OrientationForm(forms.Form):
    service = forms.ChoiceField(
        label="Service", error_messages={"required": "Choisissez un service."}
    )
    purpose = words_field(
        "Ce que le ménage attend de ce service",
        "Dites ce que le ménage attend de ce service.",
        help_text="Le service lira ces mots, avec le nom et les coordonnées du ménage. N’écrivez "
        "ni ses ressources ni ce qu’il n’a pas besoin de savoir.",
    )
    answer_due_on = date_field("Réponse attendue avant le", required=False)
    agreed = forms.BooleanField(
        label="Le ménage m’a dit qu’il est d’accord pour que ce service connaisse sa situation",
        required=False,
        help_text="À cocher seulement si son accord n’est pas déjà noté. Il sera enregistré à "
        "votre nom, et le ménage pourra le retirer.",
    )

    def __init__(
        self, data: Any = None, *, services: Sequence[Organisation], agreed: set[int]
    ) -> None:
        super().__init__(data)
        self.services = {str(service.pk): service for service in services}
        fields: dict[str, Any] = self.fields
        fields["service"].choices = [
            ("", "Choisir un service"),
            *((pk, _service_label(row, agreed)) for pk, row in self.services.items()),
        ]
        self._ask_a_date_where_no_service_has_a_delay(fields["answer_due_on"])

    def _ask_a_date_where_no_service_has_a_delay(self, due: forms.DateField) -> None:
        known = [service.answer_days is not None for service in self.services.values()]
        due.required = not any(known)
        if not any(known):
            due.help_text = "Aucun de ces services n’a de délai habituel dans sa fiche."
        elif all(known):
            due.help_text = (
                "Si vous laissez vide : le délai habituel du service, écrit avec son nom."
            )
        else:
            due.help_text = (
                "Si vous laissez vide : le délai habituel, écrit avec le nom du service. Un "
                "service sans délai demande une date."
            )

    @property
    def date_may_be_left(self) -> bool:
        """Whether every service gives the date by itself: only then is it marked optional."""
        return all(service.answer_days is not None for service in self.services.values())

    @property
    def chosen(self) -> Organisation:
        return self.services[self.cleaned_data["service"]]


def _service_label(service: Organisation, agreed: set[int]) -> str:
    notes = []
    if service.pk in agreed:
        notes.append("accord noté")
    if service.accepts_referrals is None:
        notes.append("à vérifier : prend-il des orientations ?")
    if service.answer_days is not None:
        notes.append(f"répond en {counted(service.answer_days, 'jour')}")
    return f"{service.name} ({', '.join(notes)})" if notes else service.name


class AnswerForm(forms.Form):
    """The answer of a service, whoever writes it."""

    verb = forms.ChoiceField(
        label="Réponse",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse."},
    )
    words = forms.CharField(
        label="Un mot d’explication",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nécessaire pour un refus : le ménage a besoin de savoir pourquoi.",
    )

    def __init__(self, data: Any = None, *, state: str) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["verb"].choices = [(move.verb, move.label) for move in possible_answers(state)]


class SupportOpenForm(forms.Form):
    goal = words_field(
        "À quoi cet accompagnement doit aboutir",
        "Dites à quoi cet accompagnement doit aboutir.",
        help_text="Par exemple : obtenir le remplacement de la fenêtre, apurer la dette de gaz.",
    )
    adviser = forms.ChoiceField(label="Mené par")
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, case: Case, by: Membership, advisers: Sequence[Membership]
    ) -> None:
        super().__init__(data, initial={"revision": case.revision, "adviser": str(by.pk)})
        self.advisers = {str(member.pk): member for member in advisers}
        fields: dict[str, Any] = self.fields
        fields["adviser"].choices = member_choices(advisers)


class SupportActionForm(forms.Form):
    kind = forms.ChoiceField(
        label="Ce qui a été fait",
        choices=[("", "Choisir"), *SupportActionKind.choices],
        error_messages={"required": "Choisissez ce qui a été fait."},
    )
    on = date_field("Le")
    minutes = forms.IntegerField(
        label="Temps passé (minutes)",
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": "Écrivez des minutes en chiffres, par exemple 30.",
            "required": "Indiquez le temps passé, même court.",
            "min_value": "Comptez au moins une minute.",
        },
    )
    text = words_field("En quelques mots", "Écrivez ce qui a été fait.")

    def __init__(self, data: Any = None, *, on: date) -> None:
        super().__init__(data, initial={"on": on})


class SupportCloseForm(forms.Form):
    outcome = words_field("Ce que cela a donné", "Écrivez ce que l’accompagnement a donné.")
    on = date_field("Clos le")
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, case: Case, on: date) -> None:
        super().__init__(data, initial={"on": on, "revision": case.revision})


class ConfirmForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data, initial={"revision": case.revision})


class AidForm(forms.Form):
    kind = forms.ChoiceField(
        label="Aide",
        choices=[("", "Choisir"), *AidKind.choices],
        error_messages={"required": "Choisissez une aide."},
    )
    asked_on = date_field("Demandée le")
    asked_eur = EuroField(
        label="Montant demandé (€)",
        required=False,
        help_text="Vide si aucun montant n’est demandé : c’est l’organisme qui le fixe.",
    )
    note = words_field("Précisions", "", required=False, rows=2)

    def __init__(self, data: Any = None, *, on: date) -> None:
        super().__init__(data, initial={"asked_on": on})


class AidDecisionForm(forms.Form):
    state = forms.ChoiceField(
        label="Ce qui est décidé",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce qui est décidé."},
    )
    decided_on = date_field("Le")
    granted_eur = EuroField(
        label="Montant accordé (€)", required=False, help_text="Nécessaire si l’aide est accordée."
    )
    note = words_field("Précisions", "", required=False, rows=2)

    def __init__(self, data: Any = None, *, aid: AidFile, on: date) -> None:
        super().__init__(data, initial={"decided_on": on, "granted_eur": aid.granted_eur})
        fields: dict[str, Any] = self.fields
        states = {
            AidState.ASKED: (AidState.GRANTED, AidState.REFUSED),
            AidState.GRANTED: (AidState.PAID, AidState.GRANTED, AidState.REFUSED),
            AidState.REFUSED: (AidState.GRANTED,),
        }[AidState(aid.state)]
        fields["state"].choices = [(state.value, state.label) for state in states]


class MediationForm(forms.Form):
    landlord_name = forms.CharField(
        label="Nom du bailleur ou de l’agence",
        max_length=150,
        error_messages={"required": "Indiquez le nom du bailleur."},
    )
    landlord_address = forms.CharField(
        label="Adresse postale",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Cinq lignes au plus. Nécessaire pour imprimer une lettre.",
    )
    landlord_email = forms.EmailField(
        label="Adresse e-mail",
        required=False,
        error_messages={"invalid": "Cette adresse n’est pas complète."},
    )
    problem = words_field(
        "Ce qui est demandé au bailleur",
        "Écrivez ce qui est demandé au bailleur.",
        help_text="Une demande par ligne, par exemple : Réparer la fenêtre de la chambre.",
    )
    agreed_on = date_field(
        "Le ménage a donné son accord le",
        required=False,
        help_text="Sans son accord, rien n’est écrit au bailleur.",
    )


class MediationStepForm(forms.Form):
    kind = forms.ChoiceField(
        label="Étape",
        choices=[("", "Choisir"), *MediationStepKind.choices],
        error_messages={"required": "Choisissez une étape."},
    )
    on = date_field("Le")
    due_on = date_field(
        "Sans nouvelle, reprendre le",
        required=False,
        help_text="Ce jour-là, la suite vous sera proposée.",
    )
    text = words_field("Ce qui a été dit ou fait", "Écrivez ce qui a été dit ou fait.")

    def __init__(self, data: Any = None, *, kind: str, on: date) -> None:
        super().__init__(
            data, initial={"kind": kind, "on": on, "due_on": proposed_due_on(kind, on=on)}
        )


class MediationLetterForm(forms.Form):
    """What the letter says, to be read over before it is printed."""

    findings = words_field(
        "Ce qui a été constaté",
        "Écrivez ce qui a été constaté.",
        help_text="Une phrase par ligne. Proposé d’après la visite.",
    )
    requests = words_field(
        "Ce qui est demandé", "Écrivez ce qui est demandé.", help_text="Une demande par ligne."
    )
    answer_so_far = words_field(
        "Ce que le bailleur a répondu jusqu’ici",
        "",
        required=False,
        rows=2,
        help_text="Repris dans une relance. Vide s’il n’a rien répondu.",
    )
    place = forms.CharField(
        label="Fait à",
        max_length=80,
        error_messages={"required": "Indiquez d’où la lettre est écrite."},
    )
    due_on = date_field("Réponse demandée avant le")

    def __init__(self, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)


class MediationCloseForm(forms.Form):
    solved = forms.ChoiceField(
        label="Résultat",
        widget=forms.RadioSelect,
        choices=[("yes", "Aboutie : le bailleur a fait le nécessaire"), ("no", "Sans résultat")],
        error_messages={"required": "Dites si la médiation a abouti."},
    )


def proposed_due_on(kind: str, *, on: date) -> date | None:
    """The day proposed to look again after a step; None when nothing is awaited."""
    days = PROPOSED_DAYS.get(kind)
    return on + timedelta(days=days) if days else None
