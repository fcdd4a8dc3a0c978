"""Forms of the taking over of a file: the file, then what its columns say."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings

from atre.domain.agencies.models import Programme
from atre.domain.households.importing.columns import COLUMNS, missing
from atre.domain.households.importing.store import Import
from atre.formats.case_table import Table
from atre.web.design.widgets import DateInput

MEGABYTE = 1024 * 1024
SAMPLES = 3
SAMPLE_CHARACTERS = 24
NEW, ASIDE = "new", "aside"


class ImportFileForm(forms.Form):
    """The file and its programme. Its content is read only if its size is accepted."""

    programme = forms.ChoiceField(label="Dispositif des dossiers")
    file = forms.FileField(
        label="Fichier",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text="Un classeur .xlsx ou un fichier .csv. La première ligne porte les titres.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )

    def __init__(self, *args: Any, programmes: Iterable[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programmes = list(programmes)
        fields: dict[str, Any] = self.fields
        fields["programme"].choices = [(p.slug, p.name) for p in self.programmes]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            limit = settings.UPLOAD_MAX_BYTES // MEGABYTE
            raise forms.ValidationError(
                f"Ce fichier pèse {-(-file.size // MEGABYTE)} Mo ; la limite est de {limit} Mo. "
                "Enlevez les images et les feuilles inutiles, ou reprenez-le en plusieurs fois.",
                code="too_large",
            )
        return file

    def chosen(self) -> Programme:
        slug = self.cleaned_data["programme"]
        return next(p for p in self.programmes if p.slug == slug)


class ColumnsForm(forms.Form):
    """Which column says what, with the first values of each so that nobody chooses blind."""

    def __init__(
        self, data: Any = None, *, table: Table, waiting: Import, guessed: Mapping[str, int]
    ) -> None:
        super().__init__(data)
        choices = [("", "Pas dans ce fichier"), *column_choices(table)]
        start = waiting.mapping or guessed
        fields: dict[str, Any] = self.fields
        for column in COLUMNS:
            position = start.get(column.key)
            fields[column.key] = forms.ChoiceField(
                label=column.label,
                help_text=column.hint,
                choices=choices,
                # Missing ones are named all together, by what no file can do without.
                required=False,
                initial="" if position is None else str(position),
            )
        fields["attested"] = forms.BooleanField(
            label=(
                "J’atteste que l’agence détient l’accord de chaque ménage de ce fichier pour "
                "traiter son dossier."
            ),
            required=False,
            initial=waiting.consented_on is not None,
        )
        fields["attested_on"] = forms.DateField(
            label="Accords recueillis au plus tard le",
            required=False,
            widget=DateInput(),
            initial=waiting.consented_on,
        )

    def columns(self) -> list[Any]:
        return [self[column.key] for column in COLUMNS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.mapping = {
            column.key: int(cleaned[column.key]) for column in COLUMNS if cleaned.get(column.key)
        }
        lacking = missing(self.mapping)
        if lacking:
            self.add_error(None, f"Dites quelle colonne donne : {', '.join(lacking)}.")
        twice = {p for p in self.mapping.values() if list(self.mapping.values()).count(p) > 1}
        for column in COLUMNS:
            if self.mapping.get(column.key) in twice:
                self.add_error(column.key, "Cette colonne est choisie deux fois.")
        self._check_agreement(cleaned)
        return cleaned

    def _check_agreement(self, cleaned: dict[str, Any]) -> None:
        attested, day = cleaned.get("attested"), cleaned.get("attested_on")
        if attested and day is None and "attested_on" not in self.errors:
            self.add_error("attested_on", "Donnez la date avant laquelle ils ont été recueillis.")
        if not attested and "consented_on" not in self.mapping:
            self.add_error(
                "attested",
                "Sans l’accord des ménages, un dossier ne peut pas être repris : attestez-le, ou "
                "choisissez la colonne de sa date.",
            )

    @property
    def consented_on(self) -> date | None:
        values = self.cleaned_data
        return values["attested_on"] if values.get("attested") else None


def column_choices(table: Table) -> list[tuple[str, str]]:
    """« Nom du ménage (Dupont, Martin) »: the header and its first values."""
    return [
        (str(position), f"{header} ({', '.join(samples)})" if samples else f"{header} (vide)")
        for position, header in enumerate(table.headers)
        for samples in [samples_of(table, position)]
    ]


def samples_of(table: Table, position: int) -> Sequence[str]:
    found: list[str] = []
    for line in table.lines[:60]:
        value = line.values[position] if position < len(line.values) else None
        text = value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value)
        if value is not None and text[:SAMPLE_CHARACTERS] not in found:
            found.append(text[:SAMPLE_CHARACTERS])
        if len(found) == SAMPLES:
            break
    return found


class LaunchForm(forms.Form):
    """What becomes of the lines that look like a household already known."""

    doubles = forms.ChoiceField(
        label="Les lignes qui ressemblent à un ménage déjà connu",
        choices=[
            (ASIDE, "Les laisser de côté : elles seront dans le fichier des lignes non reprises"),
            (NEW, "Les reprendre quand même : les fiches pourront être fusionnées ensuite"),
        ],
        initial=ASIDE,
        widget=forms.RadioSelect,
    )
