"""What a person says of the document they want."""

from typing import Any

from django import forms

from atre.web.observatory.extract.choices import CHAPTERS, PURPOSES

FIRST = "pcaet"


class ExtractForm(forms.Form):
    """For which document, with which chapters."""

    pour = forms.ChoiceField(
        label="Pour quel document",
        choices=[(key, one.title_fr) for key, one in PURPOSES.items()],
    )
    chapitres = forms.MultipleChoiceField(
        label="Chapitres",
        choices=list(CHAPTERS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un chapitre."},
    )

    @staticmethod
    def first(purpose: str) -> dict[str, Any]:
        """What is ticked before anyone ticks."""
        chosen = purpose if purpose in PURPOSES else FIRST
        return {"pour": chosen, "chapitres": list(PURPOSES[chosen].chapters)}
