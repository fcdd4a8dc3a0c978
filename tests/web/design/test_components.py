"""Components tie labels, hints and errors together, and say unknown in words."""

import datetime as dt

import pytest
from django import forms
from django.template import Context, Template

from atre.web.design.widgets import CommuneEntry, CommuneField


def render(source: str, **context) -> str:
    return Template("{% load atre %}" + source).render(Context(context))


class HeatingForm(forms.Form):
    area = forms.DecimalField(label="Surface", help_text="En mètres carrés.", min_value=1)
    note = forms.CharField(label="Remarque", required=False)
    energy = forms.ChoiceField(
        label="Énergie", widget=forms.RadioSelect, choices=[("gas", "Gaz"), ("wood", "Bois")]
    )


def test_a_field_points_at_its_hint_and_its_error():
    html = render("{% field form.area %}", form=HeatingForm({"area": "-2"}))

    assert '<label for="id_area">' in html
    assert 'aria-describedby="id_area-hint id_area-error"' in html
    assert 'id="id_area-hint"' in html
    assert 'id="id_area-error"' in html
    assert 'aria-invalid="true"' in html


def test_a_field_without_error_points_at_its_hint_alone():
    html = render("{% field form.area %}", form=HeatingForm())

    assert 'aria-describedby="id_area-hint"' in html
    assert "aria-invalid" not in html


def test_only_optional_fields_are_marked():
    form = HeatingForm()

    assert "(facultatif)" in render("{% field form.note %}", form=form)
    assert "(facultatif)" not in render("{% field form.area %}", form=form)


def test_radios_stand_in_a_fieldset_and_keep_the_answer():
    html = render("{% field form.energy %}", form=HeatingForm({"energy": "wood"}))

    assert "<fieldset" in html
    assert "<legend>" in html
    wood = html.split('value="wood"')[1].split(">")[0]
    gas = html.split('value="gas"')[1].split(">")[0]
    assert "checked" in wood
    assert "checked" not in gas


def test_the_error_summary_links_to_the_control_of_each_error():
    html = render("{% form_errors form %}", form=HeatingForm({"area": "-2"}))

    assert 'href="#id_area"' in html
    assert 'href="#id_energy_0"' in html
    assert "2 points à corriger" in html


def test_a_valid_form_has_no_summary():
    form = HeatingForm({"area": "20", "energy": "gas"})

    assert render("{% form_errors form %}", form=form).strip() == ""


def test_what_a_person_typed_is_escaped_everywhere():
    evil = "<script>x</script>"
    html = render(
        '{% fact evil evil %}{% status evil "new" %}{% story_item evil who=evil %}{{ evil }}{% endstory_item %}'
        "{% bar_chart evil rows %}{% empty_state evil evil %}{% task_card title=evil url=evil %}",
        evil=evil,
        rows=[(evil, 1)],
    )

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("value", [None, ""])
def test_an_unknown_fact_is_said_and_loses_its_unit(value):
    html = render('{% fact "Loyer" value unit="€" %}', value=value)

    assert "non renseigné" in html
    assert "€" not in html


def test_zero_is_a_fact():
    html = render('{% fact "Impayés" 0 unit="€" %}')

    assert "non renseigné" not in html
    assert "0&nbsp;€" in html


def test_a_story_item_shows_when_and_who_and_keeps_its_markup():
    html = render(
        '{% story %}{% story_item "Visite" when=day who="Samir" %}<p>Faite.</p>{% endstory_item %}{% endstory %}',
        day=dt.date(2026, 3, 12),
    )

    assert "12\u00a0mars 2026" in html
    assert "Samir" in html
    assert "<p>Faite.</p>" in html


def test_a_late_task_says_so_in_words():
    html = render("{% task_card title='Rappeler' url='/x' due=day late=True %}", day=dt.date.max)

    assert "En retard" in html


def test_a_conflict_names_what_differs():
    rows = [
        {"label": "Surface", "yours": 62, "theirs": None},
        {"label": "Énergie", "yours": "Gaz", "theirs": "Gaz"},
    ]

    html = render("{% conflict rows %}", rows=rows)

    assert html.count("différent") == 1
    assert "non renseigné" in html


def test_a_chart_gives_its_figures_in_a_table():
    html = render('{% bar_chart "Titre" rows unit="kWh" %}', rows=[("Gaz", 1240), ("Bois", None)])

    table = html.split("<table")[1]
    assert "1\u202f240\u00a0kWh" in table
    assert "non renseigné" in table


def test_a_confirmation_carries_the_csrf_token():
    html = render(
        '{% confirm_dialog "Clore" "/clore" %}Sûr ?{% endconfirm_dialog %}', csrf_token="jeton"
    )

    assert 'name="csrfmiddlewaretoken" value="jeton"' in html
    assert 'method="post" action="/clore"' in html


class PlaceForm(forms.Form):
    @staticmethod
    def resolve(entry: CommuneEntry) -> str:
        if entry.code == "93006" or entry.text == "Bagnolet":
            return "93006"
        raise forms.ValidationError("Commune inconnue.")

    commune = CommuneField(resolve=resolve)


@pytest.mark.parametrize(
    "data",
    [
        {"commune": "Bagnolet", "commune_code": "93006"},
        {"commune": " Bagnolet ", "commune_code": ""},
        {"commune": "Bagnolet"},
    ],
)
def test_a_commune_is_found_from_its_suggestion_or_from_its_text(data):
    form = PlaceForm(data)

    assert form.is_valid()
    assert form.cleaned_data["commune"] == "93006"


@pytest.mark.parametrize(
    ("text", "message"), [("Nulle-Part", "Commune inconnue."), ("", "Indiquez la commune.")]
)
def test_an_unresolved_commune_is_refused_and_the_text_stays(text, message):
    form = PlaceForm({"commune": text})

    assert form.errors["commune"] == [message]
    assert f'value="{text}"' in render("{% field form.commune %}", form=form)
