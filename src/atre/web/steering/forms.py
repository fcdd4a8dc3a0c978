"""What the steering page is asked: a programme, a territory, some days."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from atre.domain.agencies.models import Programme
from atre.domain.steering.question import Audience, Period, Question, presets
from atre.domain.territories.models import Commune
from atre.web.design.widgets import DateInput

OWN_DATES = "dates"


def territory_choices(communes: Sequence[Commune]) -> list[tuple[str, Any]]:
    """Groupings of communes first, then each commune."""
    groupings = {c.epci.siren: c.epci.name for c in communes if c.epci}
    groupings |= {c.ept.siren: c.ept.name for c in communes if c.ept}
    return [
        ("", "Tout le territoire"),
        ("Intercommunalités", sorted(groupings.items(), key=lambda pair: pair[1])),
        ("Communes", [(commune.insee, commune.name) for commune in communes]),
    ]


class SteeringForm(forms.Form):
    """The question of a person of the agency."""

    programme = forms.ChoiceField(label="Dispositif", required=False)
    territory = forms.ChoiceField(label="Territoire", required=False)
    period = forms.ChoiceField(label="Période", required=False)
    start = forms.DateField(label="Du", required=False, widget=DateInput())
    end = forms.DateField(label="Au (inclus)", required=False, widget=DateInput())

    def __init__(
        self,
        data: Any,
        *,
        schemes: Sequence[Programme],
        communes: Sequence[Commune],
        on: date,
    ) -> None:
        super().__init__(data)
        self.schemes, self.communes, self.on = schemes, communes, on
        self.presets = presets(on)
        fields: dict[str, Any] = self.fields
        fields["programme"].choices = [
            ("", "Tous les dispositifs"),
            *((scheme.slug, scheme.name) for scheme in schemes),
        ]
        fields["territory"].choices = territory_choices(communes)
        fields["period"].choices = [
            *((key, period.label) for key, period in self.presets.items()),
            (OWN_DATES, "Les dates ci-dessous"),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("period") != OWN_DATES or self.errors:
            return cleaned
        start, end = cleaned.get("start"), cleaned.get("end")
        if start is None or end is None:
            self.add_error("start" if start is None else "end", "Donnez les deux dates.")
        elif end < start:
            self.add_error("end", "Cette date vient avant celle du début.")
        return cleaned

    def question(self, *, agency_id: int) -> Question:
        """The question of a valid form."""
        values = self.cleaned_data
        chosen = next((s for s in self.schemes if s.slug == values["programme"]), None)
        communes, name = self._territory(values["territory"])
        return Question(
            agency_id=agency_id,
            programme=chosen,
            communes=communes,
            territory=name,
            period=self._period(values),
            on=self.on,
            restricted=False,
        )

    def _territory(self, code: str) -> tuple[frozenset[str] | None, str]:
        if not code:
            return None, "tout le territoire"
        inside = [c for c in self.communes if code in (c.insee, c.epci_id, c.ept_id)]
        first = inside[0]
        grouping = first.epci if first.epci_id == code else first.ept
        name = first.name if first.insee == code or grouping is None else grouping.name
        return frozenset(commune.insee for commune in inside), name

    def _period(self, values: dict[str, Any]) -> Period:
        if values["period"] == OWN_DATES:
            return Period(values["start"], values["end"], "dates choisies")
        return self.presets[values["period"] or "this_year"]


class RestrictedForm(forms.Form):
    """The question of a reader outside the agency: one programme, one whole year."""

    programme = forms.ChoiceField(label="Dispositif", required=False)
    year = forms.ChoiceField(label="Année", required=False)

    def __init__(
        self,
        data: Any,
        *,
        schemes: Sequence[Programme],
        years: Sequence[Period],
        reader: Audience,
        on: date,
    ) -> None:
        super().__init__(data)
        self.schemes, self.years, self.reader, self.on = schemes, years, reader, on
        fields: dict[str, Any] = self.fields
        fields["programme"].choices = [(scheme.slug, scheme.name) for scheme in schemes]
        fields["year"].choices = [(str(y.start.year), str(y.start.year)) for y in years]

    def question(self, *, agency_id: int) -> Question:
        """Never all programmes at once: one less the other would show a third."""
        values = self.cleaned_data
        scheme = next((s for s in self.schemes if s.slug == values["programme"]), self.schemes[0])
        period = next((y for y in self.years if str(y.start.year) == values["year"]), self.years[0])
        return Question(
            agency_id=agency_id,
            programme=scheme,
            communes=self.reader.communes,
            territory=self.reader.label,
            period=period,
            on=self.on,
            restricted=True,
        )
