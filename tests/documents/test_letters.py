"""What each letter says, what it must not say, and what it refuses to be sent without."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from atre.documents.law import (
    RentedDwelling,
    UncitableRule,
    all_rules,
    decency_citations,
    read_rules,
)
from atre.documents.letters import LandlordFirstContact, LetterKind, render_letter
from tests.documents.letter_samples import CONTENTS, LANDLORD_CASE, letter_of
from tests.documents.pdf_reading import page_texts, text_of

EXPECTED = {
    LetterKind.LANDLORD_FIRST_CONTACT: [
        "Bobigny, le 2 avril 2026",
        "Objet : le logement que vous louez à Camille Exemple, 4 allée des Essais, 93170 Bagnolet",
        "nous avons visité ce logement le 12 mars 2026.",
        "Camille Exemple est d’accord pour que nous vous écrivions (accord donné le 12 mars 2026).",
        "La fenêtre de la chambre ne ferme plus : l’air froid entre.",
        "Faire vérifier le radiateur.",
        "loi n° 89-462 du 6 juillet 1989, article 6",
        "un logement classé G au DPE ne peut plus faire l’objet d’un nouveau bail",
        "plus de 450 kWh d’énergie finale par m² et par an",
        "Merci de nous répondre avant le 15 mai 2026.",
        "Dominique Modèle, votre conseillère énergie",
    ],
    LetterKind.LANDLORD_REMINDER: [
        "Nous vous avons écrit au sujet de ce logement le 17 mars 2026.",
        "À ce jour, nous n’avons pas reçu de réponse.",
        "Merci de nous répondre avant le 15 mai 2026.",
    ],
    LetterKind.LANDLORD_FORMAL_NOTICE: [
        "Lettre recommandée avec avis de réception",
        "Une lettre vous a déjà été envoyée à ce sujet le 16 mars 2026 et le 30 mars 2026.",
        "Je vous mets en demeure d’agir avant le 15 mai 2026.",
        "Cette lettre a été préparée avec l’aide de la structure Agence locale de l’énergie",
        "Signature de Camille Exemple :",
        "Cette page est pour vous. Ne l’envoyez pas.",
        "vous décidez de l’envoyer ou non",
    ],
    LetterKind.SOCIAL_WORKER: [
        "Objet : situation de Camille Exemple",
        "a donné son accord le 12 mars 2026, pour : partager les informations",
        "Deux factures de gaz ne sont pas payées.",
        "Préparer avec le ménage une demande d’aide au FSL.",
    ],
    LetterKind.FSL_SUPPORT: [
        "Nous soutenons sa demande d’aide.",
        "Somme due 640,20 €",
        "Aide demandée non renseigné",
        "Date de la demande 20 mars 2026",
        "l’énergie est maintenue jusqu’à la décision, pendant deux mois au plus.",
        "Du 1er novembre au 31 mars",
    ],
    LetterKind.APPOINTMENT_CONFIRMATION: [
        "mardi 14 avril 2026 à 14 h 30",
        "environ 1 h 30",
        "Sacha Essai et Andrea Essai (Visites d’Essai)",
        "Votre avis d’impôt.",
        "Vous ne pouvez pas être là ?",
        "Appelez le 01 00 00 00 02, ou écrivez à d.modele@agence.example.",
        "Les visiteurs ne vendent rien.",
    ],
    LetterKind.ONE_YEAR_QUESTIONNAIRE: [
        "Le 12 mars 2025, nous sommes venus chez vous",
        "Renvoyez-nous ces pages avant le 15 mai 2026.",
        "https://agence.example/suivi/7Kq2mVb9TzLxW4cR8NfHdPj3",
        "1. Cet hiver, avez-vous eu trop froid chez vous ?",
        "Elles ont baissé",
        "Fermer les volets dès la nuit",
        "7. Des travaux ont-ils été faits dans le logement ?",
        "Si vous ne voulez pas répondre, dites-le-nous",
    ],
}


@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_letter_says_what_it_is_for(kind: LetterKind):
    text = text_of(render_letter(letter_of(kind)))

    assert [words for words in EXPECTED[kind] if words not in text] == []
    assert "None" not in text


def test_a_formal_notice_is_the_households_letter_and_not_the_agencys():
    pages = page_texts(render_letter(letter_of(LetterKind.LANDLORD_FORMAL_NOTICE)))

    assert pages[0].startswith("Camille Exemple Bâtiment C, porte 12")
    assert "Dominique Modèle" not in " ".join(pages)
    assert "Fait à" in pages[0]
    # What is meant for the household alone is on its own sheet.
    assert pages[-1].startswith("Avant d’envoyer cette lettre")
    assert "mets en demeure" not in pages[-1]


def test_an_answer_already_received_is_acknowledged():
    reminder = replace(
        CONTENTS[LetterKind.LANDLORD_REMINDER][1], answer_so_far="le chauffagiste passera en avril"
    )

    text = text_of(render_letter(letter_of(LetterKind.LANDLORD_REMINDER, content=reminder)))

    assert "Vous nous avez répondu : le chauffagiste passera en avril." in text
    assert "pas reçu de réponse" not in text


def dwelling(**known: object) -> RentedDwelling:
    return RentedDwelling(
        **{"dpe_class": None, "final_kwh_per_m2": None, "overseas": False, **known}
    )


@pytest.mark.parametrize(
    ("described", "on", "expected"),
    [
        (dwelling(), date(2026, 4, 2), ["doit être décent"]),
        (dwelling(dpe_class="C"), date(2026, 4, 2), ["doit être décent"]),
        (dwelling(dpe_class="G"), date(2024, 12, 31), ["doit être décent"]),
        (dwelling(dpe_class="G"), date(2025, 1, 1), ["doit être décent", "classé G"]),
        (dwelling(dpe_class="F"), date(2026, 4, 2), ["doit être décent", "1er janvier 2028"]),
        (dwelling(dpe_class="F"), date(2028, 1, 1), ["doit être décent"]),
        (dwelling(dpe_class="E"), date(2026, 4, 2), ["doit être décent", "1er janvier 2034"]),
        (dwelling(final_kwh_per_m2=Decimal(450)), date(2026, 4, 2), ["doit être décent"]),
        (
            dwelling(final_kwh_per_m2=Decimal("450.1")),
            date(2026, 4, 2),
            ["doit être décent", "450 kWh"],
        ),
        (
            dwelling(dpe_class="G", overseas=True),
            date(2026, 4, 2),
            ["doit être décent", "outre-mer"],
        ),
        (
            dwelling(final_kwh_per_m2=Decimal(900), overseas=True),
            date(2026, 4, 2),
            ["doit être décent"],
        ),
    ],
)
def test_only_the_law_that_concerns_the_dwelling_that_day_is_cited(
    described: RentedDwelling, on: date, expected: list[str]
):
    cited = decency_citations(described, on=on)

    assert len(cited) == len(expected)
    assert all(words in sentence for words, sentence in zip(expected, cited, strict=True))


def test_every_rule_has_a_source_and_only_sure_rules_are_read():
    assert all(rule.source_fr for rule in all_rules().values())
    sure = (
        "rules: [{key: a, cited_from: '2020-01-01', cited_to: null, sentence_fr: Une phrase.,"
        " source_fr: une loi, confidence: high}]"
    )
    assert list(read_rules(sure)) == ["a"]
    with pytest.raises(UncitableRule, match="high confidence"):
        read_rules(sure.replace("high", "medium"))
    with pytest.raises(UncitableRule, match="sentence and a source"):
        read_rules(sure.replace("une loi", "''"))


def test_rules_on_a_deposited_request_are_left_out_while_none_is_deposited():
    waiting = replace(
        CONTENTS[LetterKind.FSL_SUPPORT][1],
        requested_on=None,
        debt_eur=None,
        energy="Fioul",
    )

    text = text_of(render_letter(letter_of(LetterKind.FSL_SUPPORT, content=waiting)))

    assert "maintenue jusqu’à la décision" not in text
    assert "31 mars" not in text
    assert "Date de la demande non renseigné" in text
    assert "Somme due non renseigné" in text


@pytest.mark.parametrize(
    ("kind", "change", "reason"),
    [
        (LetterKind.LANDLORD_REMINDER, {"sent_on": ()}, "follows a letter"),
        (LetterKind.LANDLORD_FORMAL_NOTICE, {"sent_on": ()}, "at least one letter"),
        (LetterKind.FSL_SUPPORT, {"debt_eur": Decimal(-1)}, "never negative"),
        (
            LetterKind.APPOINTMENT_CONFIRMATION,
            {"change_phone": None, "change_email": None},
            "phone number",
        ),
        (
            LetterKind.APPOINTMENT_CONFIRMATION,
            {"starts_at": datetime(2026, 4, 14, 14, 30)},  # noqa: DTZ001 # the very mistake refused
            "time zone",
        ),
    ],
)
def test_content_that_a_letter_cannot_do_without_is_asked_for(
    kind: LetterKind, change: dict[str, object], reason: str
):
    with pytest.raises(ValueError, match=reason):
        replace(CONTENTS[kind][1], **change)


def test_a_landlord_letter_without_finding_or_request_is_refused():
    with pytest.raises(ValueError, match="what was seen"):
        replace(LANDLORD_CASE, findings=())
    with pytest.raises(ValueError, match="what is asked"):
        replace(LANDLORD_CASE, requests=())


def test_dates_that_contradict_the_letter_are_refused():
    past = LandlordFirstContact(case=replace(LANDLORD_CASE, reply_by=date(2026, 4, 2)))
    with pytest.raises(ValueError, match="comes after"):
        letter_of(LetterKind.LANDLORD_FIRST_CONTACT, content=past)
    later = replace(CONTENTS[LetterKind.LANDLORD_REMINDER][1], sent_on=(date(2026, 4, 2),))
    with pytest.raises(ValueError, match="sent before"):
        letter_of(LetterKind.LANDLORD_REMINDER, content=later)
