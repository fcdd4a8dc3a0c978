"""Choosing a first password, and one membership among several."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from atre.domain.agencies.models import Invitation, Membership, User

NEW_PASSWORD = {"autocomplete": "new-password"}


class FirstPasswordForm(forms.Form):
    """Typed twice: nobody sees it, and a slip would close the door behind it."""

    password = forms.CharField(
        label="Votre mot de passe",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
        help_text=(
            "12 caractères au moins. Une phrase de quelques mots est plus sûre et plus facile à "
            "retenir qu’un mot compliqué."
        ),
        error_messages={"required": "Choisissez un mot de passe."},
    )
    again = forms.CharField(
        label="Le même, encore une fois",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs=NEW_PASSWORD),
        error_messages={"required": "Écrivez le mot de passe une seconde fois."},
    )

    def __init__(self, data: Any = None, *, invitation: Invitation) -> None:
        super().__init__(data)
        self.person = User(email=invitation.email, full_name=invitation.full_name)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, user=self.person)
        return password

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "password" in values and values.get("again", values["password"]) != values["password"]:
            self.add_error("again", "Les deux mots de passe sont différents.")
        return values


class MembershipForm(forms.Form):
    membership = forms.ChoiceField(
        label="Je travaille maintenant pour",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une structure.",
            "invalid_choice": "Cet accès n’est plus le vôtre.",
        },
    )

    def __init__(
        self, data: Any = None, *, standing: list[Membership], current: Membership
    ) -> None:
        super().__init__(data, initial={"membership": str(current.pk)})
        fields: dict[str, Any] = self.fields
        fields["membership"].choices = [(str(row.pk), _told(row)) for row in standing]


def _told(row: Membership) -> str:
    return f"{row.agency.name} · {row.get_role_display()}"
