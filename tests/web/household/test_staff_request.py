"""A request taken by the agency, with the households it may already know."""

import uuid

import pytest

from atre.domain.agencies.enums import Role
from atre.domain.households.models import Case, Household, Note
from tests.support import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return world.agency()


@pytest.fixture
def programme(agency):
    return world.programme(agency)


@pytest.fixture
def adviser(client, agency):
    member = world.member(agency)
    client.force_login(member.user)
    return member


def typed(**changes) -> dict[str, object]:
    world.commune()
    return {
        "submission": str(uuid.uuid4()),
        "difficulties": ["damp"],
        "told": "Murs humides.",
        "address_line": "3 rue des Essais",
        "postal_code": "94130",
        "commune": "Nogent-sur-Marne",
        "commune_code": world.NOGENT,
        "first_name": "Amina",
        "last_name": "Exemple",
        "birth_date": "1980-05-04",
        "phone": "06 12 34 56 78",
        "email": "",
        "adults": "1",
        "children": "3",
        "rfr_eur": "",
        "processing": "on",
    } | changes


def send(client, programme, **changes):
    return client.post(f"/dossiers/nouveau/{programme.slug}/", typed(**changes))


def test_a_new_household_is_saved_at_once(client, programme, adviser):
    answer = send(client, programme)

    case = Case.objects.get()
    assert answer.url == f"/dossiers/{case.reference}/"
    assert (case.channel, case.damp, case.rfr_eur) == ("staff", True, None)


def test_a_look_alike_is_shown_before_anything_is_saved(client, programme, adviser):
    world.case(programme)

    page = send(client, programme).content.decode()

    assert Case.objects.count() == 1
    assert "Un ménage connu ressemble à celui-ci" in page
    assert "même nom" in page
    assert "Murs humides." in page


def test_the_same_household_gets_a_second_case_and_keeps_what_was_said(client, programme, adviser):
    known = world.case(programme)

    send(client, programme, household=known.household_id)

    second = Case.objects.exclude(pk=known.pk).get()
    assert second.household_id == known.household_id
    assert Household.objects.count() == 1
    assert "Enfants de moins de 18 ans : 3" in Note.objects.get(case=second).text


def test_another_household_gets_its_own_file(client, programme, adviser):
    world.case(programme)

    send(client, programme, household="another")

    assert Household.objects.count() == 2


def test_a_form_sent_twice_opens_one_case(client, programme, adviser):
    form = typed()
    url = f"/dossiers/nouveau/{programme.slug}/"

    first, second = client.post(url, form), client.post(url, form | {"household": "another"})

    assert first.url == second.url
    assert Case.objects.count() == 1


def test_a_refusal_keeps_what_was_typed(client, programme, adviser):
    answer = send(client, programme, phone="06 12", told="Très froid.")

    assert answer.status_code == 422
    assert "Très froid." in answer.content.decode()
    assert not Case.objects.exists()


def test_a_household_of_another_agency_cannot_be_chosen(client, programme, adviser):
    foreign = world.case(
        world.programme(world.agency(insee=world.BAGNOLET)), commune=world.commune(world.BAGNOLET)
    )

    assert send(client, programme, household=foreign.household_id).status_code == 404


def test_neither_a_referrer_nor_another_agency_uses_this_page(client, agency, programme):
    url = f"/dossiers/nouveau/{programme.slug}/"
    stranger = world.member(world.agency(insee=world.BAGNOLET))
    for who, status in ((world.member(agency, Role.REFERRER), 403), (stranger, 404)):
        client.force_login(who.user)
        assert client.get(url).status_code == status
        assert client.post(url, typed()).status_code == status
