"""A household asks for help without account: what it sends, what it reads, what is refused."""

import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.households.models import Case, CaseLink, Dwelling, Household
from atre.domain.messages.models import Message
from tests.support import world
from tests.web.public.support import post, typed

PAYLOAD = "<script>alert(1)</script>\"'><img src=x>"


@pytest.fixture
def programme(db):
    agency = world.agency()
    world.organisation(agency, "ccas", "CCAS d’Essai")
    return world.programme(agency, name="Visites d’essai")


def stored(programme) -> dict[str, int]:
    with isolation.within(programme.agency):
        return {
            model.__name__: model.objects.filter(agency=programme.agency).count()
            for model in (Case, Household, Dwelling, Message, CaseLink)
        }


def only_case(programme) -> Case:
    with isolation.within(programme.agency):
        return Case.objects.select_related("household", "dwelling").get(agency=programme.agency)


NOTHING = {"Case": 0, "Household": 0, "Dwelling": 0, "Message": 0, "CaseLink": 0}


def test_the_form_opens_a_case_and_leads_to_its_receipt(client, programme):
    response = post(client, programme, children="0", rfr_eur="18 250,40 €")

    assert response.status_code == 302
    assert re.fullmatch(r"/suivi/[\w-]{30,}/recu/", response.url)
    case = only_case(programme)
    assert (case.household.children, case.household.adults) == (0, 1)
    assert (case.rfr_eur, case.rfr_income_year) == (Decimal("18250.40"), 2024)
    assert case.dwelling.floor_area_m2 == Decimal("54.5")
    assert (case.too_cold_or_hot, case.high_bills, case.damp) == (True, True, False)
    page = client.get(response.url).content.decode()
    assert case.reference in page
    assert "Amina" not in page


def test_what_is_not_known_stays_unknown(client, programme):
    blank = dict.fromkeys(
        ("birth_date", "adults", "children", "rfr_eur", "rfr_income_year", "floor_area_m2",
         "tenure", "dwelling_kind", "told", "email", "contact_preference"), "",
    )  # fmt: skip

    response = post(client, programme, **blank, difficulties=[])

    assert response.status_code == 302
    case = only_case(programme)
    household = case.household
    assert (household.adults, household.children, household.birth_date) == (None, None, None)
    assert (case.rfr_eur, case.dwelling.floor_area_m2) == (None, None)
    assert (household.tenure, case.eligibility_answer) == ("", "unknown")


def test_sent_twice_gives_one_case_and_the_same_receipt(client, programme):
    submission = str(uuid4())

    first = post(client, programme, submission=submission)
    again = post(client, programme, submission=submission)

    assert (again.status_code, again.url) == (302, first.url)
    assert stored(programme)["Case"] == 1
    assert stored(programme)["Message"] == 1


def test_two_households_have_two_cases(client, programme):
    first, second = post(client, programme), post(client, programme)

    assert first.url != second.url
    assert stored(programme)["Case"] == 2


def test_a_form_without_its_number_still_arrives(client, programme):
    assert post(client, programme, submission="n’importe quoi").status_code == 302


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"commune": "Trifouillis", "commune_code": ""}, "Nous ne trouvons pas cette commune"),
        ({"commune": "", "commune_code": ""}, "Indiquez la commune."),
        ({"postal_code": "941"}, "Un code postal a cinq chiffres"),
        ({"birth_date": "2031-02-04"}, "vérifiez l’année"),
        ({"birth_date": "1899-12-31"}, "vérifiez l’année"),
        ({"birth_date": "1980-02-31"}, "Cette date n’existe pas"),
        ({"rfr_eur": "-5"}, "ne peut pas être négatif"),
        ({"rfr_eur": "beaucoup"}, "Écrivez un montant en chiffres"),
        ({"rfr_eur": "99999999999"}, "Ce montant est trop grand"),
        ({"rfr_eur": "NaN"}, "Écrivez un montant en chiffres"),
        ({"floor_area_m2": "0"}, "plus grande que zéro"),
        ({"adults": "0"}, "trop petit"),
        ({"adults": "31"}, "trop grand pour un seul foyer"),
        ({"adults": "30", "children": "30"}, "entre 1 et 30"),
        ({"children": "-1"}, "négatif"),
        ({"children": "deux"}, "Écrivez un nombre"),
        ({"first_name": ""}, "Indiquez un prénom."),
        ({"last_name": "x" * 101}, "C’est trop long"),
        ({"told": "x" * 2001}, "C’est trop long"),
        ({"address_line": "  "}, "Indiquez le numéro et la rue"),
        ({"phone": "", "email": ""}, "sans eux, personne ne pourra rappeler"),
        ({"phone": "06 12"}, "dix chiffres"),
        ({"email": "menage@"}, "n’est pas complète"),
        ({"processing": None}, "Sans cet accord"),
        ({"website": "http://spam.example"}, "champ caché"),
        ({"opened": "forged"}, "comme le ferait une machine"),
        ({"tenure": "landlord"}, "Sélectionnez un choix valide"),
        ({"partners": ["999999"]}, "Sélectionnez un choix valide"),
    ],
)
def test_what_cannot_be_is_said_kept_typed_and_not_stored(client, programme, changes, sentence):
    response = post(client, programme, **({"told": "Trop froid ici."} | changes))

    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "à corriger avant de continuer" in page
    assert "3 rue des Essais" in page or "address_line" in changes
    assert stored(programme) == NOTHING
    assert post(client, programme).status_code == 302


def test_a_page_sent_at_once_is_a_machine(client, programme):
    page = client.get(f"/{programme.slug}/demande").content.decode()
    opened = re.search(r'name="opened" value="([^"]+)"', page).group(1)

    refused = post(client, programme, opened=opened)

    assert refused.status_code == 422
    assert "très vite" in refused.content.decode()
    assert stored(programme) == NOTHING


def test_a_script_typed_in_any_field_is_shown_as_text(client, programme):
    texts = [
        "told",
        "address_line",
        "address_extra",
        "postal_code",
        "commune",
        "landlord_name",
        "first_name",
        "last_name",
        "birth_date",
        "phone",
        "email",
        "contact_preference",
        "adults",
        "children",
        "rfr_eur",
        "floor_area_m2",
        "opened",
        "submission",
        "tenure",
        "website",
    ]

    response = post(client, programme, **dict.fromkeys(texts, PAYLOAD), commune_code=PAYLOAD)

    page = response.content.decode()
    assert response.status_code == 422
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert" in page


def test_a_form_with_html_in_names_arrives_and_stays_text(client, programme):
    response = post(client, programme, first_name=PAYLOAD, told=PAYLOAD)

    assert response.status_code == 302
    assert only_case(programme).household.first_name == PAYLOAD
    follow = response.url.removesuffix("recu/")
    assert "<script>alert" not in client.get(follow).content.decode()


def test_out_of_every_programme_is_answered_and_nothing_stored(client, programme):
    world.commune(world.HYERES)

    response = post(
        client, programme, commune="Hyères", commune_code=world.HYERES, postal_code="83400"
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "ne couvre Hyères" in page
    assert "france-renov.gouv.fr" in page
    assert "Il fait 14 °C dans la chambre." in page
    assert stored(programme) == NOTHING


def test_the_agency_that_covers_the_commune_is_named(client, programme):
    neighbour = world.agency(insee=world.ANGERS, name="Agence d’Anjou")

    response = post(
        client, programme, commune="Angers", commune_code=world.ANGERS, postal_code="49000"
    )

    page = response.content.decode()
    assert neighbour.name in page.replace("&#x27;", "’")
    assert "01\u00a040\u00a000\u00a000\u00a000" in page
    assert stored(programme) == NOTHING
    assert stored_in(neighbour) == 0


def stored_in(agency) -> int:
    with isolation.within(agency):
        return Case.objects.filter(agency=agency).count()


def test_another_programme_takes_over_what_was_typed_but_not_the_agreements(client, programme):
    other = world.programme(world.agency(insee=world.ANGERS), name="Ecogie d’essai")
    outside = {"commune": "Angers", "commune_code": world.ANGERS, "postal_code": "49000"}
    answer = post(client, programme, **outside).content.decode()
    assert f'formaction="/{other.slug}/demande"' in answer

    page = client.post(f"/{other.slug}/demande", typed(**outside, carry="1"))

    text = page.content.decode()
    assert page.status_code == 200
    assert "Il fait 14 °C dans la chambre." in text
    assert 'value="Angers"' in text
    assert not re.search(r'name="processing"[^>]*checked', text)
    assert stored(programme) == NOTHING == stored(other)
    assert post(client, other, **outside).status_code == 302
    assert (stored(programme)["Case"], stored(other)["Case"]) == (0, 1)


def test_partners_ticked_are_named_in_the_consent(client, programme):
    with isolation.within(programme.agency):
        ccas = world.organisation(programme.agency, "caf", "CAF d’Essai")
    foreign = world.organisation(world.agency(insee=world.ANGERS), "ccas", "CCAS étranger")
    page = client.get(f"/{programme.slug}/demande").content.decode()
    assert "CAF d’Essai" in page
    assert "CCAS étranger" not in page

    assert post(client, programme, partners=[str(foreign.pk)]).status_code == 422
    assert post(client, programme, partners=[str(ccas.pk)]).status_code == 302

    with isolation.within(programme.agency):
        shared = only_case(programme).consents.get(kind="share_with_partners")
        assert [partner.name for partner in shared.partners.all()] == ["CAF d’Essai"]


def test_the_public_is_never_told_that_someone_is_known(client, programme):
    first = client.get(post(client, programme).url).content.decode()

    second_response = post(client, programme)
    second = client.get(second_response.url).content.decode()

    anonymous = re.compile(
        r"A\d+-\w{6}|/suivi/[\w-]+/|nonce-?=?\"?[^\"]+|value=\"[^\"]+\"|content=\"[^\"]+\""
    )
    assert anonymous.sub("", first) == anonymous.sub("", second)


def test_a_closed_programme_has_no_page(client, programme):
    yesterday = timezone.localdate() - timedelta(days=1)
    closed = world.programme(programme.agency)
    closed.closes_on = yesterday
    closed.save()

    assert client.get(f"/{closed.slug}/").status_code == 404
    assert client.get(f"/{closed.slug}/demande").status_code == 404
    assert post(client, closed).status_code == 404
    assert client.get(f"/{programme.slug}/").status_code == 200


def test_too_many_requests_from_one_place_wait(client, programme, monkeypatch):
    monkeypatch.setattr("atre.web.public.request.MOST_REQUESTS", 2)

    statuses = [post(client, programme).status_code for _ in range(3)]
    refused = post(client, programme)

    assert statuses == [302, 302, 429]
    assert "3 rue des Essais" in refused.content.decode()
    assert post_from(client, programme, "203.0.113.9").status_code == 302


def post_from(client, programme, address: str):
    return client.post(f"/{programme.slug}/demande", typed(), REMOTE_ADDR=address)


def test_the_page_costs_the_same_whatever_the_number_of_cases(client, programme):
    client.get(f"/{programme.slug}/demande")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/{programme.slug}/demande")
    for number in range(5):
        world.organisation(programme.agency, "ccas", f"CCAS {number}")
        world.case(programme)
    with CaptureQueriesContext(connection) as many:
        client.get(f"/{programme.slug}/demande")

    assert len(few) == len(many)


def test_no_personal_data_reaches_the_address_or_the_log(client, programme, caplog, capfd):
    response = post(client, programme)
    client.get(response.url)

    for word in ("Amina", "Exemple", "0612345678", "menage@example.org", "Essais"):
        assert word not in response.url
        assert word not in caplog.text + "".join(capfd.readouterr())
