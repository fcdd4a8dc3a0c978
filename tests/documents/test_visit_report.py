"""What a household reads on its visit report."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from atre.documents.visit_report import (
    BillReading,
    EnergyUse,
    EstimatedSaving,
    NextStep,
    VisitReport,
    render_visit_report,
)
from atre.documents.visit_report_view import visit_report_data
from tests.documents.pdf_reading import page_texts, text_of
from tests.documents.samples import ELECTRICITY, GAS, WATER, bare_report, full_report


@pytest.fixture(scope="module")
def full_text() -> str:
    return text_of(render_visit_report(full_report()))


def test_first_page_says_what_happens_what_to_do_and_whom_to_call_in_that_order():
    first_page = page_texts(render_visit_report(full_report()))[0]

    in_order = [
        "Bonjour Camille Exemple,",
        "Ce qui va se passer",
        "Nous écrivons à votre propriétaire au sujet de la fenêtre et du radiateur.",
        "(Dominique Modèle, avant le 30 mars 2026)",
        "Ce que vous avez à faire",
        "Appelez votre fournisseur de gaz et donnez le chiffre de votre compteur.",
        "(avant le 15 avril 2026)",
        "(sans date fixée)",
        "Qui appeler",
        "01 00 00 00 02",
        "Dominique Modèle, votre conseillère énergie",
    ]
    positions = [first_page.find(words) for words in in_order]
    assert -1 not in positions, in_order[positions.index(-1)]
    assert positions == sorted(positions)


@pytest.mark.parametrize(
    "words",
    [
        "Dossier VE-2026-0412",
        "Visite du 12 mars 2026",
        "avec Sacha Essai et Andrea Essai",
        "Vous avez froid l’hiver, surtout dans la chambre des enfants.",
        "On dort à trois dans le salon en janvier",
        "chaudière individuelle au gaz",
        "58,5 m²",
        "4 personnes",
        "Chambre des enfants 14,8 °C non renseigné",
        "Gaz naturel 12 910 kWh 1 597 €",
        "352 jours couverts par une facture, sur 365",
        "en partie estimé",
        "Eau froide : Les factures couvrent cinq mois : c’est trop peu pour connaître une année.",
        "Le gaz est compté en kWh PCS",
        "La fenêtre de la chambre ferme mal : l’air froid entre par le bas.",
        "À savoir : ne collez pas les grilles d’aération",
        "La clé de la chaufferie est chez le gardien.",
        "Ampoules LED 4 Elles éclairent autant et consomment moins.",
        "Joint de fenêtre non renseigné",
        "entre 60 € et 110 € par an (source : Ademe, 7 % du chauffage par degré)",
        "Économie estimée : non chiffré",
        "environ 13 m³ par an",
        "Elles ne s’ajoutent pas les unes aux autres.",
        "Votre assistante sociale prépare une demande d’aide au FSL avec vous. Service social,",
        "demande envoyée le 13 mars 2026",
        "téléphone non renseigné",
        "https://agence.example/suivi/7Kq2mVb9TzLxW4cR8NfHdPj3",
        "Elles sont effacées 2 ans après notre dernier contact.",
        "votre assistante sociale et le CCAS de Bagnolet.",
        "www.cnil.fr",
    ],
)
def test_report_prints_what_was_said_and_seen(words: str, full_text: str):
    assert words in full_text


def test_report_where_nothing_is_known_says_so_and_prints_no_zero():
    text = text_of(render_visit_report(bare_report()))

    # Nine facts of the dwelling, each unknown.
    assert text.count("non renseigné") == 9
    for invented in ("0 kWh", "0 €", "0 m²", "0 personne", "None"):
        assert f" {invented}" not in text
    assert "Aucune suite n’est prévue pour le moment." in text
    assert "Vous n’avez rien à faire pour le moment." in text
    assert "Nous n’avons pas pu lire de facture." in text


def test_a_known_zero_is_printed_and_an_unknown_is_not_zero():
    free = replace(
        ELECTRICITY, energy="Bois ramassé", cost_eur=Decimal(0), annual_cost_eur=Decimal(0)
    )
    unknown = replace(WATER, energy="Fioul", quantity=None)

    text = text_of(render_visit_report(replace(full_report(), uses=(free, unknown))))

    assert "Bois ramassé 4 380 kWh 0 €" in text
    assert "Fioul non renseigné non renseigné" in text


def test_only_known_annual_values_have_a_bar_and_water_is_not_drawn_in_kwh():
    water_known = replace(WATER, annual_quantity=Decimal(140), annual_cost_eur=Decimal(610))

    drawing = visit_report_data(replace(full_report(), uses=(ELECTRICITY, GAS, water_known)))[
        "drawing"
    ]
    undrawn = visit_report_data(replace(full_report(), uses=(WATER,)))["drawing"]

    energy, euros = drawing["panels"]
    assert [(bar["label"], round(bar["share"], 3)) for bar in energy["bars"]] == [
        ("Gaz naturel", 1.0),
        ("Électricité", 0.339),
    ]
    assert [bar["label"] for bar in euros["bars"]] == ["Gaz naturel", "Électricité", "Eau froide"]
    assert undrawn is None


def test_many_steps_point_to_the_list_and_the_list_has_them_all():
    steps = tuple(
        NextStep(action=f"Faites l’étape {number}", who="vous", by_household=True, due=None)
        for number in range(1, 5)
    )

    pages = page_texts(render_visit_report(replace(full_report(), steps=steps)))

    assert "Faites l’étape 2." in pages[0]
    assert "Faites l’étape 3." not in pages[0]
    assert "La suite est plus loin dans ce document." in pages[0]
    assert "Faites l’étape 4." in " ".join(pages[1:])


def test_a_note_of_ten_thousand_characters_runs_over_pages_and_loses_no_word():
    words = [f"mot{number:04d}" for number in range(1250)]
    report = full_report()
    short = page_texts(render_visit_report(report))

    pages = page_texts(render_visit_report(replace(report, visitor_note=" ".join(words))))

    assert len(pages) > len(short)
    text = " ".join(pages)
    assert [word for word in words if word not in text] == []


def test_a_file_title_never_names_the_household():
    data = visit_report_data(full_report())

    assert data["title"] == "Compte rendu de votre visite énergie, dossier VE-2026-0412"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"annual_cost_eur": None}, "needs its reason"),
        ({"quantity": Decimal(-1)}, "never negative"),
        ({"period_end": date(2024, 1, 1)}, "ends before"),
    ],
)
def test_an_energy_use_that_cannot_be_is_refused(change: dict[str, object], reason: str):
    assert replace(ELECTRICITY, reading=BillReading.ESTIMATED) is not None
    with pytest.raises(ValueError, match=reason):
        replace(ELECTRICITY, **change)


def test_a_saving_without_source_or_upside_down_is_refused():
    sound = EstimatedSaving(low=Decimal(10), high=Decimal(20), unit="€", source="Ademe")
    with pytest.raises(ValueError, match="has a source"):
        replace(sound, source=" ")
    with pytest.raises(ValueError, match="low to a high"):
        replace(sound, low=Decimal(30))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"issued_on": date(2026, 3, 11)}, "before its visit"),
        ({"visitors": ()}, "has a visitor"),
    ],
)
def test_an_impossible_report_is_refused(change: dict[str, object], reason: str):
    with pytest.raises(ValueError, match=reason):
        replace(full_report(), **change)


def test_a_private_link_of_another_kind_is_refused():
    report: VisitReport = replace(full_report(), private_link="javascript:alert(1)")

    with pytest.raises(ValueError, match="https"):
        render_visit_report(report)


def test_an_unknown_coverage_is_said():
    use: EnergyUse = replace(GAS, covered_days=None)

    text = text_of(render_visit_report(replace(full_report(), uses=(use,))))

    assert "jours couverts par une facture : non renseigné" in text
