"""The style page, the error pages and the sign-in pages, as a server answers them."""

import pytest
from django.urls import reverse

from atre.web.design import errors


@pytest.mark.parametrize("name", ["style", "style_communes"])
def test_the_style_page_is_closed_outside_the_demonstration(client, settings, name):
    settings.DEMO = settings.DEBUG = False

    assert client.get(reverse(name)).status_code == 404


@pytest.mark.django_db
def test_the_style_page_opens_in_the_demonstration(client, settings):
    settings.DEMO = True

    assert client.get(reverse("style")).status_code == 200


@pytest.mark.parametrize("status", sorted(errors.PAGES))
def test_each_error_says_what_to_do_and_the_way_back(rf, status):
    response = errors.error_page(rf.get("/x"), status)

    html = response.content.decode()
    assert response.status_code == status
    assert "Revenir à l’accueil" in html
    assert f"Erreur {status}" in html


def test_an_error_page_takes_the_sentence_of_the_refusal(rf):
    response = errors.permission_denied(rf.get("/x"), PermissionError("Réservé à la direction."))

    assert "Réservé à la direction." in response.content.decode()


def test_an_error_without_a_page_is_a_fault_of_ours(rf):
    with pytest.raises(ValueError, match="418"):
        errors.error_page(rf.get("/x"), 418)


def test_the_page_of_a_failure_needs_no_database(rf):
    response = errors.server_error(rf.get("/x"))

    assert response.status_code == 500
    assert "Ce n’est pas votre faute" in response.content.decode()


@pytest.mark.django_db
def test_an_unknown_address_answers_in_french(client):
    response = client.get("/nulle/part/du/tout/")

    assert response.status_code == 404
    assert "Cette page n’existe pas" in response.content.decode()


@pytest.mark.django_db
def test_signing_in_is_in_our_words_and_offers_no_open_registration(client):
    html = client.get(reverse("account_login")).content.decode()

    assert "Connectez-vous avec l’adresse e-mail" in html
    assert "signup" not in html


@pytest.mark.django_db
def test_a_forgotten_password_gets_the_same_answer_whether_the_account_exists_or_not(
    client, django_user_model, mailoutbox
):
    django_user_model.objects.create_user("nadia@exemple.invalid", "une phrase longue 1")

    known = client.post(reverse("account_reset_password"), {"email": "nadia@exemple.invalid"})
    unknown = client.post(reverse("account_reset_password"), {"email": "autre@exemple.invalid"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [mail.to for mail in mailoutbox] == [
        ["nadia@exemple.invalid"],
        ["autre@exemple.invalid"],
    ]
    assert "Pour en choisir un nouveau" in mailoutbox[0].body
    assert "Aucun compte n'existe" in mailoutbox[1].body
