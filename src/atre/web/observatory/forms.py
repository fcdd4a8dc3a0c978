"""What the observatory asks."""

from typing import Any

from django import forms

from atre.web.design.widgets import CommuneField
from atre.web.observatory.search import resolve
from atre.web.observatory.similar import MEASURES, Criteria

MEGABYTE = 1024 * 1024
# The largest national file of a publisher weighs less; beyond, the command line reads from the disk.
MOST_BYTES = 200 * MEGABYTE


class SearchForm(forms.Form):
    """A territory by its name or its code."""

    territoire = CommuneField(
        label="Commune, intercommunalité, département ou région",
        resolve=resolve,
        suggestions="observatory_suggestions",
        error_messages={"required": "Écrivez le nom d’un territoire."},
    )


class DropForm(forms.Form):
    """An official file."""

    file = forms.FileField(
        label="Fichier officiel",
        widget=forms.FileInput(attrs={"accept": ".csv,.gz,.parquet,.json,.xlsx"}),
        help_text="Tel que téléchargé chez son producteur : CSV, compressé ou non, ou Parquet.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                f"Ce fichier pèse {-(-file.size // MEGABYTE)} Mo ; la limite de cette page est de "
                f"{MOST_BYTES // MEGABYTE} Mo. Sur le serveur, « ./atre import FICHIER » lit plus grand.",
                code="too_large",
            )
        return file


class SimilarForm(forms.Form):
    """What is compared, and how near the others must be."""

    mesure = forms.ChoiceField(
        label="Comparer",
        choices=[(one.key, one.title_fr) for one in MEASURES.values()],
    )
    population = forms.ChoiceField(
        label="Population, à ±",
        choices=[("10", "10 %"), ("20", "20 %"), ("30", "30 %"), ("50", "50 %")],
    )
    hiver = forms.ChoiceField(
        label="Hiver, à ±",
        required=False,
        choices=[
            ("100", "100 degrés-jours"),
            ("200", "200 degrés-jours"),
            ("400", "400 degrés-jours"),
            ("", "peu importe"),
        ],
    )
    maisons = forms.ChoiceField(
        label="Maisons, à ±",
        required=False,
        choices=[
            ("10", "10 points"),
            ("15", "15 points"),
            ("25", "25 points"),
            ("", "peu importe"),
        ],
    )

    parmi = forms.ChoiceField(
        label="Parmi",
        required=False,
        choices=[("connus", "ceux dont le chiffre est connu"), ("", "tous")],
    )

    @staticmethod
    def first() -> dict[str, str]:
        """What is asked before anyone asks."""
        return {
            "mesure": "consommation",
            "population": "30",
            "hiver": "200",
            "maisons": "15",
            "parmi": "connus",
        }

    def criteria(self) -> Criteria:
        said = self.cleaned_data
        return Criteria(
            population_percent=float(said["population"]),
            degree_days=float(said["hiver"]) if said["hiver"] else None,
            house_points=float(said["maisons"]) if said["maisons"] else None,
            with_figure=bool(said["parmi"]),
        )
