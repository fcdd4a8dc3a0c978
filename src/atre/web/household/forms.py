"""Forms of the desk. They parse and explain; what is allowed is the actions' business."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from atre.domain.agencies.models import Membership, Programme
from atre.domain.households.enums import AttachmentKind, CaseState, Channel, Difficulty
from atre.domain.households.listing import STATE_GROUPS, Criteria
from atre.domain.network.models import Organisation
from atre.domain.territories.models import Commune
from atre.web.design.widgets import DateInput

Choices = Sequence[tuple[Any, Any]]
ANY: Choices = (("", "Tous"),)
NOBODY = "none"


def member_choices(members: Iterable[Membership]) -> list[tuple[str, str]]:
    return [(str(member.pk), member.user.full_name) for member in members]


def territory_choices(communes: Iterable[Commune]) -> list[tuple[str, Any]]:
    """Groupings of communes first, then each commune."""
    listed = list(communes)
    groupings = {c.epci.siren: c.epci.name for c in listed if c.epci}
    groupings |= {c.ept.siren: c.ept.name for c in listed if c.ept}
    by_name = sorted(groupings.items(), key=lambda pair: pair[1])
    return [
        ("", "Tout le territoire"),
        ("Intercommunalités", by_name),
        ("Communes", [(commune.insee, commune.name) for commune in listed]),
    ]


class CaseFilterForm(forms.Form):
    """What the list of cases is narrowed to. Nothing here names a person: it is in the address."""

    programme = forms.ChoiceField(label="Dispositif", required=False)
    state = forms.ChoiceField(label="État", required=False)
    difficulty = forms.ChoiceField(
        label="Difficulté", required=False, choices=[("", "Toutes"), *Difficulty.choices]
    )
    adviser = forms.ChoiceField(label="Suivi par", required=False)
    operator = forms.ChoiceField(label="Opérateur", required=False)
    territory = forms.ChoiceField(label="Territoire", required=False)
    channel = forms.ChoiceField(
        label="Arrivé par", required=False, choices=[("", "Toutes les voies"), *Channel.choices]
    )
    deposited_from = forms.DateField(label="Déposé depuis le", required=False, widget=DateInput())
    deposited_to = forms.DateField(label="Déposé jusqu’au", required=False, widget=DateInput())
    stalled = forms.BooleanField(label="Seulement ce qui n’avance plus", required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        programmes: Iterable[Programme],
        advisers: Sequence[Membership],
        operators: Sequence[Organisation],
        communes: Iterable[Commune],
    ) -> None:
        super().__init__(data)
        self.operators, self.advisers = operators, advisers
        fields: dict[str, Any] = self.fields
        fields["programme"].choices = [*ANY, *((str(p.pk), p.name) for p in programmes)]
        fields["state"].choices = [
            ("", "Tous"),
            ("Ensembles", [(key, label) for key, (label, _) in STATE_GROUPS.items()]),
            ("États", CaseState.choices),
        ]
        fields["adviser"].choices = [
            ("", "Tout le monde"),
            (NOBODY, "Personne encore"),
            *member_choices(advisers),
        ]
        fields["operator"].choices = [*ANY, *((str(o.pk), o.name) for o in operators)]
        fields["territory"].choices = territory_choices(communes)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("deposited_from"), cleaned.get("deposited_to")
        if start and end and end < start:
            self.add_error("deposited_to", "Cette date vient avant celle du début.")
        return cleaned

    def criteria(self) -> Criteria:
        """What was chosen; a field in error narrows nothing."""
        values = self.cleaned_data if self.is_bound else {}
        adviser = values.get("adviser", "")
        return Criteria(
            programme=int(values["programme"]) if values.get("programme") else None,
            state=values.get("state", ""),
            difficulty=values.get("difficulty", ""),
            adviser=int(adviser) if adviser and adviser != NOBODY else None,
            without_adviser=adviser == NOBODY,
            operator=int(values["operator"]) if values.get("operator") else None,
            territory=values.get("territory", ""),
            channel=values.get("channel", ""),
            stalled=bool(values.get("stalled")),
            deposited_from=values.get("deposited_from"),
            deposited_to=values.get("deposited_to"),
        )


class AssignForm(forms.Form):
    """Who takes the case up. A visitor belongs to one operator: the action checks it."""

    operator = forms.ChoiceField(label="Opérateur de visites")
    visitor = forms.ChoiceField(
        label="Visiteur",
        required=False,
        help_text="Laissez vide si l’opérateur choisit lui-même qui se déplace.",
    )
    adviser = forms.ChoiceField(label="Suivi à l’agence par", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        operators: Sequence[Organisation],
        visitors: Sequence[Membership],
        advisers: Sequence[Membership],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.operators, self.visitors, self.advisers = operators, visitors, advisers
        fields: dict[str, Any] = self.fields
        fields["operator"].choices = [
            ("", "Choisir un opérateur"),
            *((str(o.pk), o.name) for o in operators),
        ]
        fields["visitor"].choices = [
            ("", "L’opérateur choisira"),
            *(
                (
                    operator.name,
                    member_choices(v for v in visitors if v.organisation_id == operator.pk),
                )
                for operator in operators
            ),
        ]
        fields["adviser"].choices = [("", "Ne pas changer"), *member_choices(advisers)]

    def chosen(self) -> dict[str, Any]:
        """Arguments of `assign_case`."""
        values = self.cleaned_data
        return {
            "operator": pick(self.operators, values["operator"]),
            "visitor": pick(self.visitors, values["visitor"]),
            "adviser": pick(self.advisers, values["adviser"]),
            "revision": values["revision"],
        }


class BulkAssignForm(forms.Form):
    """Who takes up the cases ticked in the list."""

    operator = forms.ChoiceField(label="Confier à l’opérateur", required=False)
    adviser = forms.ChoiceField(label="Faire suivre par", required=False)

    def __init__(
        self, data: Any = None, *, operators: Sequence[Organisation], advisers: Sequence[Membership]
    ) -> None:
        super().__init__(data, auto_id="bulk_%s")
        self.operators, self.advisers = operators, advisers
        fields: dict[str, Any] = self.fields
        fields["operator"].choices = [
            ("", "Ne pas changer"),
            *((str(o.pk), o.name) for o in operators),
        ]
        fields["adviser"].choices = [("", "Ne pas changer"), *member_choices(advisers)]

    def chosen(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "operator": pick(self.operators, values["operator"]),
            "adviser": pick(self.advisers, values["adviser"]),
        }


def pick(rows: Sequence[Any], key: str) -> Any:
    """The row whose number was chosen; None for an empty choice."""
    return next((row for row in rows if str(row.pk) == key), None)


class NoteForm(forms.Form):
    text = forms.CharField(
        label="Note",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Écrivez la note avant de l’enregistrer."},
    )
    contact_on = forms.DateField(
        label="Contact avec le ménage le",
        required=False,
        widget=DateInput(),
        help_text="Si cette note raconte un appel ou une rencontre.",
    )


class TaskForm(forms.Form):
    title = forms.CharField(
        label="À faire",
        max_length=200,
        error_messages={"required": "Écrivez ce qu’il y a à faire."},
    )
    due_on = forms.DateField(
        label="Pour le", widget=DateInput(), error_messages={"required": "Donnez une échéance."}
    )
    assigned_to = forms.ChoiceField(label="Par", required=False)

    def __init__(self, data: Any = None, *, advisers: Sequence[Membership]) -> None:
        super().__init__(data)
        self.advisers = advisers
        fields: dict[str, Any] = self.fields
        fields["assigned_to"].choices = [("", "Moi"), *member_choices(advisers)]


class AttachmentForm(forms.Form):
    """A file is read only if its size is accepted; what was typed beside it is kept."""

    file = forms.FileField(
        label="Fichier",
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
        },
    )
    kind = forms.ChoiceField(
        label="Ce que c’est",
        choices=[("", "Choisir"), *AttachmentKind.choices],
        error_messages={"required": "Dites ce que montre ce fichier."},
    )
    name = forms.CharField(
        label="Nom dans le dossier",
        max_length=140,
        required=False,
        help_text="Par exemple « Facture de gaz de janvier ». Sinon, le nom du fichier est gardé.",
    )
