"""What can be chosen on the map's page: only what this installation really has."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest

from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.contours import Box, contours
from atre.warehouse.folders import data_folder
from atre.warehouse.territories import Kind, atlas
from atre.web.observatory import words
from atre.web.observatory.mapping.answer import PER_FR, year_fr
from atre.web.observatory.mapping.question import (
    Question,
    cuts_of,
    modes,
    offer_of,
    offers,
    year_word,
)
from atre.web.observatory.places import own_places

WHOLE_FR = {"secteur": "Tous", "energie": "Toutes", "categorie": "Ensemble"}
LABELS_FR = {"secteur": "Secteur", "energie": "Énergie", "categorie": "Détail"}
WORDS_FR = {
    "secteur": words.sector_fr,
    "energie": words.energy_fr,
    "categorie": words.category_fr,
}
FRANCE = "pays/FR"
# The frame of the mainland and Corsica, in degrees.
MAINLAND: Box = (-5.2, 41.3, 9.7, 51.2)
OVERSEAS = ("971", "972", "973", "974", "976")

Choices = list[tuple[str, str]]


class MapForm(forms.Form):
    """The fields of a question; a cutting that its year does not have is not asked."""

    def __init__(self, request: HttpRequest, question: Question) -> None:
        super().__init__(initial={"territoire": FRANCE, **question.parameters()})
        known = offers()
        found = known[question.indicator.key]
        offer = offer_of(found, year_word(question.year))
        named = [(key, CATALOGUE[key].title_fr) for key in CATALOGUE if key in known]
        self._add("indicateur", "Indicateur", named)
        self._add("annee", "Année", [(year_word(one.year), year_fr(one.year)) for one in found])
        for word, name in words.CUTS.items():
            self._add_cut(word, cuts_of(offer, name))
        divided = modes(question.indicator, by_category="category" in dict(question.cut))
        self._add("par", "Rapporté à", [(mode, PER_FR[mode]) for mode in divided])
        self._add("territoire", "Territoire", places_of(request, question))

    def _add(self, name: str, label: str, choices: Choices) -> None:
        if choices:
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)

    def _add_cut(self, word: str, values: tuple[str, ...]) -> None:
        named = sorted(((one, WORDS_FR[word](one)) for one in values), key=lambda one: one[1])
        if len(named) > 1:
            self._add(word, LABELS_FR[word], [("", WHOLE_FR[word]), *named])


class PlaceForm(forms.Form):
    """A territory, and the year of the cases where there are some."""

    def __init__(self, request: HttpRequest, question: Question, years: Sequence[int]) -> None:
        super().__init__(
            initial={
                "territoire": FRANCE,
                **question.parameters(),
                "annee": request.GET.get("annee") or next(iter(years), ""),
            }
        )
        self.fields["territoire"] = forms.ChoiceField(
            label="Territoire", choices=places_of(request, question), required=False
        )
        if years:
            self.fields["annee"] = forms.ChoiceField(
                label="Année des dossiers",
                choices=[(year, str(year)) for year in years],
                required=False,
            )


def places_of(request: HttpRequest, question: Question) -> Choices:
    """France, the perimeters of one's agency, the departments; and the place shown."""
    names = atlas(data_folder()).names[Kind.DEPARTMENT]
    found: Choices = [(FRANCE, "France entière")]
    if request.agency is not None:
        found += [(word_of(link.url), link.name) for link in own_places(request.agency)]
    found += [(f"departement/{code}", f"{name} ({code})") for code, name in sorted(names.items())]
    place = question.place
    if place is not None and not any(key == f"{place.word}/{place.code}" for key, _ in found):
        found.insert(1, (f"{place.word}/{place.code}", place.name))
    return found


def word_of(url: str) -> str:
    """A place as the form names it: « /observatoire/perimetre/12/ » → « perimetre/12 »."""
    return "/".join(url.strip("/").split("/")[-2:])


def frame_of(question: Question) -> Box:
    """What the map shows at first."""
    if question.place is None:
        return MAINLAND
    return contours(data_folder()).box(question.place.territory.communes) or MAINLAND


def frames() -> list[dict[str, Any]]:
    """The mainland and the overseas departments, which no one map can show together."""
    known = atlas(data_folder())
    found = [{"label": "Métropole", "box": written(MAINLAND)}]
    for code in OVERSEAS:
        box = contours(data_folder()).box(known.members[Kind.DEPARTMENT].get(code, ()))
        if box is not None:
            found.append({"label": known.names[Kind.DEPARTMENT][code], "box": written(box)})
    return found


def written(box: Box) -> str:
    return ",".join(f"{edge:.4f}" for edge in box)
