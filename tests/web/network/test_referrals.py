"""A social worker's requests: sent with the agreement stated, seen as far as the household agreed."""

from dataclasses import asdict
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.households.actions.consenting import withdraw_consent
from atre.domain.households.enums import Channel, ConsentKind
from atre.domain.households.models import Case
from atre.domain.households.referrals import ReferralPage, referrals
from tests.support import world
from tests.web.public.support import typed

INFORM = frozenset({ConsentKind.PROCESSING, ConsentKind.INFORM_REFERRER})
SILENT = frozenset({ConsentKind.PROCESSING})


@pytest.fixture
def scheme(db):
    return world.programme(world.agency(), name="Visites d’essai")


@pytest.fixture
def referrer(scheme):
    return world.member(scheme.agency, Role.REFERRER)


@pytest.fixture
def at_work(client, settings):
    """Logs a person in, as after both factors."""
    settings.DEMO = True

    def log_in(membership):
        client.force_login(
            membership.user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return log_in


def send(client, scheme, **changes):
    values = typed(**({"opened": None, "website": None} | changes))
    return client.post(f"/mes-demandes/nouvelle/{scheme.slug}/", values)


def sent_by(referrer, **options) -> ReferralPage:
    with isolation.within(referrer.agency):
        return referrals(by=referrer, **options)


def cases(agency):
    with isolation.within(agency):
        return list(Case.objects.filter(agency=agency).select_related("household"))


def test_a_request_is_sent_in_the_households_name(at_work, scheme, referrer):
    client = at_work(referrer)

    response = send(client, scheme, inform_referrer="on")

    (case,) = cases(scheme.agency)
    assert (case.channel, case.referrer_id) == (Channel.REFERRER, referrer.pk)
    with isolation.within(scheme.agency):
        consents = {row.kind: row for row in case.consents.all()}
    assert set(consents) == {"processing", "inform_referrer"}
    assert {row.stated_by_id for row in consents.values()} == {referrer.pk}
    assert response.url == f"/mes-demandes/recu/{case.reference}/"
    page = client.get(response.url).content.decode()
    assert case.reference in page
    assert "/suivi/" not in page


def test_without_the_households_agreement_nothing_is_sent(at_work, scheme, referrer):
    client = at_work(referrer)

    refused = send(client, scheme, processing=None)

    assert refused.status_code == 422
    assert "Sans l’accord du ménage" in refused.content.decode()
    assert cases(scheme.agency) == []
    assert send(client, scheme).status_code == 302


def test_sent_twice_is_one_request(at_work, scheme, referrer):
    client, submission = at_work(referrer), str(uuid4())

    first, again = (send(client, scheme, submission=submission) for _ in range(2))

    assert first.url == again.url
    assert len(cases(scheme.agency)) == 1


def test_the_list_shows_the_step_only_where_the_household_agreed(at_work, scheme, referrer):
    agreed = world.case(scheme, by=referrer, consents=INFORM)
    silent = world.case(scheme, by=referrer, consents=SILENT)

    rows = {row.reference: row for row in sent_by(referrer).rows}
    page = at_work(referrer).get("/mes-demandes/").content.decode()

    assert rows[agreed.reference].state == agreed.state
    assert (rows[silent.reference].state, rows[silent.reference].since) == (None, None)
    assert page.count("Éligible, à confier") == 1
    assert silent.reference in page
    assert "n’a pas souhaité" in page


def test_a_row_has_these_keys_and_no_other(scheme, referrer):
    world.case(scheme, by=referrer)

    (row,) = sent_by(referrer).rows

    assert set(asdict(row)) == {"reference", "programme", "deposited_on", "state", "since"}


def test_the_page_names_no_person_amount_or_address(at_work, scheme, referrer):
    world.case(scheme, by=referrer, told="secret de famille")

    page = at_work(referrer).get("/mes-demandes/").content.decode()

    for private in (
        "Amina",
        "Exemple",
        "18000",
        "18\u202f000",
        "rue des Essais",
        "secret de famille",
    ):
        assert private not in page


def test_taking_the_agreement_back_hides_the_step(scheme, referrer):
    case = world.case(scheme, by=referrer, consents=INFORM)
    assert sent_by(referrer).rows[0].state is not None

    withdraw_consent(case=case, kind=ConsentKind.INFORM_REFERRER, by=None, channel="private link")

    assert sent_by(referrer).rows[0].state is None


def test_nobody_sees_the_requests_of_another(at_work, scheme, referrer):
    with isolation.within(scheme.agency):
        colleague = world.member(scheme.agency, Role.REFERRER, of=referrer.organisation)
    stranger = world.member(world.agency(insee=world.ANGERS), Role.REFERRER)
    case = world.case(scheme, by=referrer)

    for other in (colleague, stranger):
        assert sent_by(other).rows == ()
        assert at_work(other).get(f"/mes-demandes/recu/{case.reference}/").status_code == 404
    assert at_work(referrer).get(f"/mes-demandes/recu/{case.reference}/").status_code == 200


def test_another_agencys_programme_does_not_exist_here(at_work, scheme, referrer):
    foreign = world.programme(world.agency(insee=world.ANGERS))
    client = at_work(referrer)

    assert send(client, foreign).status_code == 404
    assert client.get(f"/mes-demandes/nouvelle/{foreign.slug}/").status_code == 404
    assert client.get(f"/mes-demandes/nouvelle/{scheme.slug}/").status_code == 200
    assert cases(foreign.agency) == []


@pytest.mark.parametrize(
    "role", [Role.DIRECTOR, Role.ADVISER, Role.COORDINATOR, Role.VISITOR, Role.OBSERVER, Role.FEDERATION]
)  # fmt: skip
def test_other_roles_have_no_such_page(at_work, scheme, role):
    client = at_work(world.member(scheme.agency, role))

    assert client.get("/mes-demandes/").status_code == 403
    assert send(client, scheme).status_code == 403
    assert cases(scheme.agency) == []


def test_a_stranger_is_sent_to_the_login(client, scheme):
    assert client.get("/mes-demandes/").url.startswith("/compte/login/")
    assert send(client, scheme).url.startswith("/compte/login/")


def test_a_commune_outside_is_answered_and_nothing_stored(at_work, scheme, referrer):
    world.commune(world.HYERES)
    client = at_work(referrer)

    response = send(
        client, scheme, commune="Hyères", commune_code=world.HYERES, postal_code="83400"
    )

    assert response.status_code == 422
    assert "ne couvre Hyères" in response.content.decode()
    assert cases(scheme.agency) == []


def test_the_neighbouring_programme_of_the_agency_takes_over(at_work, scheme, referrer):
    from atre.domain.territories.actions import create_perimeter

    world.commune(world.BAGNOLET)
    ecogie = world.programme(
        scheme.agency,
        name="Ecogie",
        perimeter=create_perimeter(name="93", communes=[world.BAGNOLET]),
    )
    outside = {"commune": "Bagnolet", "commune_code": world.BAGNOLET, "postal_code": "93170"}
    client = at_work(referrer)
    page = send(client, scheme, **outside).content.decode()
    assert f'formaction="/mes-demandes/nouvelle/{ecogie.slug}/"' in page

    taken = send(client, ecogie, **outside, carry="1")

    assert taken.status_code == 200
    assert 'value="Bagnolet"' in taken.content.decode()
    assert cases(scheme.agency) == []


def test_the_list_goes_on_page_by_page(at_work, scheme, referrer, monkeypatch):
    sent = [world.case(scheme, by=referrer).reference for _ in range(5)]

    first = sent_by(referrer, size=2)
    second = sent_by(referrer, size=2, before=first.next_before)
    last = sent_by(referrer, size=2, before=second.next_before)

    seen = [row.reference for page in (first, second, last) for row in page.rows]
    assert seen == sent[::-1]
    assert last.next_before is None
    assert at_work(referrer).get("/mes-demandes/?avant=n’importe quoi").status_code == 200


def test_the_list_costs_the_same_whatever_its_length(at_work, scheme, referrer):
    client = at_work(referrer)
    world.case(scheme, by=referrer)
    client.get("/mes-demandes/")
    with CaptureQueriesContext(connection) as few:
        client.get("/mes-demandes/")
    for _ in range(6):
        world.case(scheme, by=referrer)
    with CaptureQueriesContext(connection) as many:
        client.get("/mes-demandes/")

    assert len(few) == len(many)
