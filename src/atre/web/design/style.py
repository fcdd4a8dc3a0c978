"""Every component in every state, with invented content. Closed outside demonstration and debug."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atre.web.access import public_screen
from atre.web.design import errors
from atre.web.design.widgets import (
    ChoiceCards,
    ChoiceCardsMultiple,
    CommuneEntry,
    CommuneField,
    DateInput,
)

View = Callable[..., HttpResponse]

COMMUNES = (
    {"insee_code": "93006", "name": "Bagnolet", "postal_code": "93170"},
    {"insee_code": "93048", "name": "Montreuil", "postal_code": "93100"},
    {"insee_code": "62588", "name": "Montreuil-sur-Mer", "postal_code": "62170"},
)


def only_shown_in_demonstration(view: View) -> View:
    @wraps(view)
    def closed_elsewhere(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (settings.DEBUG or settings.DEMO):
            raise Http404
        return view(request, *args, **kwargs)

    return closed_elsewhere


def commune_by_name(entry: CommuneEntry) -> dict[str, str]:
    for commune in COMMUNES:
        if entry.code == commune["insee_code"] or entry.text.lower() == commune["name"].lower():
            return commune
    raise forms.ValidationError(f"Aucune commune ne s’appelle «\u00a0{entry.text}\u00a0».")


class ExampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Nom et prénom", max_length=80)
    email = forms.EmailField(
        label="Adresse e-mail", required=False, help_text="Pour vous envoyer le rapport de visite."
    )
    commune = CommuneField(resolve=commune_by_name, suggestions="style_communes")
    area = forms.DecimalField(label="Surface chauffée", required=False, min_value=0)
    birth_date = forms.DateField(label="Date de naissance", widget=DateInput)
    tenure = forms.ChoiceField(
        label="Vous êtes",
        widget=ChoiceCards,
        choices=[("tenant", "Locataire"), ("owner", "Propriétaire"), ("housed", "Hébergé")],
    )
    difficulties = forms.MultipleChoiceField(
        label="Qu’est-ce qui est difficile ?",
        help_text="Cochez tout ce qui vous arrive.",
        widget=ChoiceCardsMultiple,
        choices=[
            ("bills", "Mes factures d’énergie ou d’eau sont trop élevées"),
            ("payment", "J’ai du mal à les payer"),
            ("cold", "J’ai trop froid l’hiver ou trop chaud l’été"),
            ("damp", "Il y a de l’humidité"),
        ],
    )
    heating = forms.ChoiceField(
        label="Chauffage principal",
        choices=[("", "Choisissez"), ("gas", "Gaz"), ("electricity", "Électricité")],
    )
    contact = forms.ChoiceField(
        label="Comment vous joindre ?",
        widget=forms.RadioSelect,
        choices=[("phone", "Par téléphone"), ("email", "Par e-mail")],
    )
    story = forms.CharField(label="Racontez-nous", required=False, widget=forms.Textarea)
    bill = forms.FileField(
        label="Une facture",
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )
    consent = forms.BooleanField(label="J’accepte que l’agence traite ma demande")


def charts_content() -> dict[str, Any]:
    """Invented figures of the three drawings, an unknown and a secret among them."""
    return {
        "difficulty_rows": [
            ("Froid ou chaleur", 184),
            ("Factures élevées", 161),
            {"label": "Impayés", "value": 74, "note": "dont 12 avec coupure"},
            {"label": "Humidité", "value": None},
            {"label": "Autre", "value": 3, "secret": True},
        ],
        "support_rows": [("Est Ensemble", 34.2), ("Grand Paris Grand Est", 21.0)],
        "outcome_rows": [("Réglé", 96), ("En cours", 41), ("Sans réponse", 18), ("Refusé", 9)],
        "request_series": [
            {
                "name": "2026",
                "points": [
                    ("janv.", 31), ("févr.", 42), ("mars", 38), ("avr.", None), ("mai", 22),
                    ("juin", 19), ("juil.", 14), ("août", 12), ("sept.", 27), ("oct.", 41),
                ],
            },
            {
                "name": "2025",
                "points": [
                    ("janv.", 24), ("févr.", 30), ("mars", 26), ("avr.", 21), ("mai", 15),
                    ("juin", 13), ("juil.", 9), ("août", 8), ("sept.", 20), ("oct.", 29),
                ],
            },
        ],
    }  # fmt: skip


@only_shown_in_demonstration
def _style_page(request: HttpRequest) -> HttpResponse:
    context = {
        "form": ExampleForm(prefix="empty"),
        "refused": ExampleForm(
            data={"refused-email": "claire@", "refused-commune": "Monteuil", "refused-area": "-3"},
            prefix="refused",
        ),
        "today": dt.date(2026, 3, 12),
        "moment": dt.datetime(2026, 3, 12, 9, 30, tzinfo=dt.UTC),
        "communes": COMMUNES,
        "agency": {"name": "ALEC-MVE", "phone": "01 99 00 12 34"},
        "tones": ["new", "waiting", "active", "attention", "done", "stopped"],
        "facts": [
            (
                "Surface",
                62,
            ),
            ("Loyer", None),
        ],
        "conflict_rows": [
            {"label": "Téléphone", "yours": "01 99 00 12 34", "theirs": "01 99 00 12 43"},
            {"label": "Surface", "yours": 62, "theirs": None},
            {"label": "Chauffage", "yours": "Gaz", "theirs": "Gaz"},
        ],
        "navigation": [
            {"label": "Aujourd’hui", "url": reverse("style"), "current": True, "count": 4},
            {"label": "Dossiers", "url": "#dossiers", "current": False},
            {"label": "Réseau", "url": "#reseau", "current": False},
            {"label": "Pilotage", "url": "#pilotage", "current": False},
        ],
        **charts_content(),
    }
    return render(request, "design/style.html", context)


@only_shown_in_demonstration
def _commune_examples(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").lower()
    found = [c for c in COMMUNES if c["name"].lower().startswith(query)]
    return render(request, "design/components/commune_options.html", {"communes": found})


@only_shown_in_demonstration
def _error_example(request: HttpRequest, status: int) -> HttpResponse:
    if status not in errors.PAGES:
        raise Http404
    return errors.error_page(request, status)


style_page = public_screen()(_style_page)
commune_examples = public_screen()(_commune_examples)
error_example = public_screen()(_error_example)
