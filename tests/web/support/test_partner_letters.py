"""Letters to the social worker and to the housing fund: read over, agreed to, then a PDF."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from atre.domain.audit.models import ReadEntry
from atre.domain.households.enums import ConsentKind
from atre.domain.households.models import Consent
from atre.domain.network.models import Organisation
from atre.domain.support.actions import aiding
from atre.domain.support.models import AidFile
from tests.documents.pdf_reading import text_of

ADDRESS = "1 rue de l’Essai\n94130 Nogent-sur-Marne"


@pytest.fixture
def fsl(followed) -> AidFile:
    return ask(followed, "fsl")


def ask(followed, kind: str) -> AidFile:
    day = date(2026, 3, 2)
    return aiding.ask_aid(
        by=followed.adviser,
        case=followed.case,
        kind=kind,
        asked_on=day,
        asked_eur=Decimal("320"),
        note="",
        today=day,
    )


def social(followed) -> str:
    return reverse("social_worker_letter", args=[followed.case.reference])


def support(followed, aid: AidFile) -> str:
    return reverse("aid_letter", args=[followed.case.reference, aid.pk])


def typed(followed, **changes) -> dict[str, object]:
    values = {
        "service": followed.service.pk,
        "attention": "Mme Modèle",
        "address": ADDRESS,
        "place": "Nogent-sur-Marne",
        "situation": "Le ménage a froid.\nDeux factures sont en retard.",
        "done": "",
        "requests": "Monter une demande au FSL.",
    }
    return values | changes


def for_fsl(followed, **changes) -> dict[str, object]:
    values = typed(followed) | {
        "energy": "natural_gas",
        "supplier": "Gaz d’Essai",
        "debt_eur": "180,50",
        "reasons": "La fenêtre ne ferme plus",
        "already_done": "",
    }
    return values | changes


def printed(answer) -> str:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    return text_of(b"".join(answer.streaming_content))


def test_the_case_page_leads_to_both_letters(followed, fsl, signed_in):
    page = (
        signed_in(followed.adviser)
        .get(reverse("case_detail", args=[followed.case.reference]))
        .content.decode()
    )

    assert f'href="{social(followed)}"' in page
    assert f'href="{support(followed, fsl)}"' in page


def test_the_letter_starts_from_what_is_known(followed, fsl, signed_in):
    browser = signed_in(followed.adviser)
    assert "La fenêtre de la chambre ne ferme plus" in browser.get(social(followed)).text
    form = browser.get(support(followed, fsl)).context["form"]
    assert (form["energy"].value(), form["debt_eur"].value()) == ("natural_gas", "180")
    assert not form["main_residence"].value()


def test_without_the_agreement_no_letter_is_made_and_what_was_typed_stays(followed, signed_in):
    answer = signed_in(followed.adviser).post(social(followed), typed(followed))

    assert answer.status_code == 422
    assert "n’a pas donné son accord" in answer.text
    assert "Deux factures sont en retard." in answer.text
    assert not Consent.objects.filter(kind=ConsentKind.SHARE_WITH_PARTNERS).exists()


def test_an_agreement_told_now_is_noted_with_the_letter(followed, signed_in):
    answer = signed_in(followed.adviser).post(social(followed), typed(followed, agreed="on"))

    text = printed(answer)
    assert "À l’attention de Mme Modèle" in text
    assert "Deux factures sont en retard." in text
    consent = Consent.objects.get(kind=ConsentKind.SHARE_WITH_PARTNERS)
    assert (consent.stated_by, list(consent.partners.all())) == (
        followed.adviser,
        [followed.service],
    )


def test_the_reading_is_in_the_journal(followed, signed_in):
    followed.agree()
    printed(signed_in(followed.adviser).post(social(followed), typed(followed)))

    read = ReadEntry.objects.get(screen="lettre-travailleur-social")
    assert (read.case_id, read.reader_id) == (followed.case.pk, followed.adviser.pk)


def test_the_support_letter_holds_the_amounts_of_the_aid_file(followed, fsl, signed_in):
    followed.agree()
    text = printed(signed_in(followed.adviser).post(support(followed, fsl), for_fsl(followed)))

    plain = text.translate({0x202F: " ", 0xA0: " "})
    assert "320 €" in plain
    assert "180,50 €" in plain
    assert "2 mars 2026" in plain
    assert "trêve" not in plain


def test_the_winter_truce_is_cited_for_a_main_residence_alone(followed, fsl, signed_in):
    followed.agree()
    answer = signed_in(followed.adviser).post(
        support(followed, fsl), for_fsl(followed, main_residence="on", debt_eur="")
    )
    text = printed(answer)
    assert "31 mars" in text.translate({0xA0: " "})
    assert "non renseigné" in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"address": ""}, "n’a pas d’adresse postale"),
        ({"address": "\n".join("abcdef")}, "L’adresse tient en 6 lignes"),
        ({"requests": ""}, "Dites ce que vous demandez."),
        ({"service": ""}, "Choisissez un service."),
    ],
)
def test_what_a_letter_lacks_is_said(followed, signed_in, changes, sentence):
    answer = signed_in(followed.adviser).post(
        social(followed), typed(followed, agreed="on", **changes)
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Consent.objects.filter(kind=ConsentKind.SHARE_WITH_PARTNERS).exists()


def test_the_address_of_the_service_s_sheet_serves(followed, signed_in):
    Organisation.objects.filter(pk=followed.service.pk).update(
        postal_address="9 place du Modèle\n94130 Nogent"
    )
    answer = signed_in(followed.adviser).post(
        social(followed), typed(followed, agreed="on", address="")
    )
    assert "9 place du Modèle" in printed(answer)


def test_another_aid_has_no_such_letter(followed, signed_in):
    ccas = ask(followed, "ccas")
    assert signed_in(followed.adviser).get(support(followed, ccas)).status_code == 404


def test_a_foreign_user_finds_neither_page(followed, elsewhere, fsl, signed_in):
    for url in (social(followed), support(followed, fsl)):
        assert signed_in(elsewhere.adviser).get(url).status_code == 404
        assert signed_in(elsewhere.adviser).post(url, typed(followed)).status_code == 404
        assert signed_in(followed.visitor).get(url).status_code == 403
    mixed = reverse("aid_letter", args=[elsewhere.case.reference, fsl.pk])
    assert signed_in(elsewhere.adviser).get(mixed).status_code == 404
