"""A territory beside those that resemble it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from atre.warehouse.edition import NotBuilt
from atre.web.access import public_screen
from atre.web.design.charts import Bar
from atre.web.design.formatting import counted, number, percent
from atre.web.observatory import words
from atre.web.observatory.forms import SimilarForm
from atre.web.observatory.places import KINDS_FR, place_of
from atre.web.observatory.showing import Shown, plain_bars
from atre.web.observatory.similar import MEASURES, Alike, Comparison, Measure, compare
from atre.web.observatory.views.territory import not_built


@public_screen()
def similar(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Chosen by criteria that the page says, with how many there are."""
    form = SimilarForm(request.GET if request.GET else SimilarForm.first())
    try:
        found = place_of(request, place, code)
        if not form.is_valid():
            return render(
                request, "observatory/similar.html", {"place": found, "form": form}, status=422
            )
        measure = MEASURES[form.cleaned_data["mesure"]]
        comparison = compare(found, form.criteria(), measure)
    except NotBuilt:
        return not_built(request)
    context = {"place": found, "form": form, "measure": measure}
    return render(request, "observatory/similar.html", context | told(comparison, measure))


def told(comparison: Comparison, measure: Measure) -> dict[str, Any]:
    """What the template reads: criteria in words, chart, and the table of traits."""
    known = [one for one in comparison.shown if one.value is not None]
    return {
        "comparison": comparison,
        "kind_fr": KINDS_FR[comparison.kind],
        "criteria": criteria_fr(comparison),
        "lines": [line(one, measure) for one in comparison.shown],
        "bars": bars(known, measure) if len(known) > 1 else None,
        "middle": value_fr(comparison.middle, known[0], measure) if known else "",
    }


def criteria_fr(comparison: Comparison) -> list[str]:
    """The traits of the territory itself, from which the others may not be far."""
    own = comparison.own
    said = [
        (own.population, lambda value: counted(value, "habitant")),
        (own.degree_days, lambda value: f"{number(value)} degrés-jours"),
        (own.house_share, lambda value: f"{percent(value)} de maisons"),
    ]
    return [text(value) for value, text in said if value is not None]


def line(one: Alike, measure: Measure) -> dict[str, Any]:
    traits = one.traits
    return {
        "name": one.name,
        "url": one.url,
        "is_own": one.is_own,
        "population": None if traits.population is None else number(traits.population),
        "degree_days": None if traits.degree_days is None else number(traits.degree_days),
        "houses": None if traits.house_share is None else percent(traits.house_share),
        "value": value_fr(one.value, one, measure),
        "year": "" if one.figure is None or one.figure.year is None else str(one.figure.year),
        "standing": "pas de donnée" if one.figure is None else Shown("", one.figure).standing,
    }


def value_fr(value: float | None, of: Alike, measure: Measure) -> str:
    if value is None or of.figure is None:
        return "pas de donnée"
    unit = of.figure.unit
    if not measure.by_inhabitant:
        return words.quantity_fr(value, unit)
    # By inhabitant a tonne is a large unit: two decimals say something.
    if unit == "tCO2e":
        return f"{number(value, 2)} {words.unit_fr(unit)}"
    return words.quantity_fr(value, unit)


def bars(known: list[Alike], measure: Measure) -> list[Bar]:
    """One scale, the territory itself marked by a word and not by a colour."""
    ordered = sorted(known, key=lambda one: -(one.value or 0))
    return plain_bars(
        [
            (
                one.name,
                one.value,
                value_fr(one.value, one, measure),
                "ce territoire" if one.is_own else "",
            )
            for one in ordered
        ]
    )
