"""What the public pages ask: a request, a commune, a new link."""

import time
from typing import Any

from django import forms
from django.core import signing

from atre.domain.households.enums import Channel
from atre.web.communes import resolve
from atre.web.design.widgets import CommuneField
from atre.web.request_form import RequestForm

SALT = "atre.public.request"
# Nobody reads and fills this page so fast; a machine does.
FASTEST_SECONDS = 2


def opened_now() -> str:
    """When the page was opened, signed."""
    return signing.dumps(time.time(), salt=SALT)


class PublicRequestForm(RequestForm):
    """The household's own request, with two traps that only machines fall into. No puzzle to solve:
    those keep out the very people this page is for."""

    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1"}))
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **options: Any) -> None:
        options["initial"] = {"opened": opened_now()} | (options.get("initial") or {})
        super().__init__(data, channel=Channel.PUBLIC, **options)
        self.fields["website"].label = "Laissez ce champ vide"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("website"):
            self.data = self.data.copy()
            self.data["website"] = ""
            raise forms.ValidationError(
                "Un champ caché de la page a été rempli, sans doute par un logiciel. Rien n’a été "
                "enregistré. Relisez, puis envoyez de nouveau."
            )
        if self._was_sent_too_fast():
            raise forms.ValidationError(
                "La demande est partie très vite, comme le ferait une machine. Rien n’a été "
                "enregistré. Relisez, puis envoyez de nouveau."
            )
        return cleaned

    def _was_sent_too_fast(self) -> bool:
        try:
            opened = float(signing.loads(self.cleaned_data.get("opened") or "", salt=SALT))
        except signing.BadSignature:
            # Lost or altered: the page shown again carries a new one.
            self.data = self.data.copy()
            self.data["opened"] = opened_now()
            return True
        return time.time() - opened < FASTEST_SECONDS


class WhereForm(forms.Form):
    """Where the home is: the only question of the first page."""

    commune = CommuneField(
        resolve=resolve, suggestions="commune_suggestions", label="Votre commune"
    )


class NewLinkForm(forms.Form):
    """What proves enough to send a new link: both are in the household's hands."""

    reference = forms.CharField(
        label="Référence du dossier",
        max_length=20,
        error_messages={
            "required": "Indiquez la référence : elle est sur le reçu et dans nos courriers.",
            "max_length": "Une référence est plus courte que cela.",
        },
    )
    email = forms.EmailField(
        label="Votre adresse e-mail",
        max_length=254,
        error_messages={
            "required": "Indiquez l’adresse e-mail donnée avec la demande.",
            "invalid": "Cette adresse n’est pas complète : elle ressemble à prenom@exemple.fr.",
        },
    )

    def clean_reference(self) -> str:
        return "".join(self.cleaned_data["reference"].upper().split())
