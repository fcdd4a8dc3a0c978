"""The settings page: people, invitations, contact details."""

import pytest
from django.contrib.messages import get_messages

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Invitation, Membership
from atre.domain.audit.models import AuditEntry
from atre.domain.messages.models import Message
from tests.support import world
from tests.web.organisation.conftest import save

pytestmark = pytest.mark.django_db

INVITED = {
    "full_name": "Nouvelle Personne",
    "email": "Nouvelle@Example.org",
    "role": "adviser",
    "organisation": "",
}


def test_the_page_shows_this_agency_s_people_and_no_others(client, director):
    colleague = world.member(director.agency)
    stranger = world.member(world.agency(insee=world.BAGNOLET))
    page = client.get("/reglages/").text
    assert colleague.user.email in page
    assert stranger.user.email not in page


def test_inviting_sends_one_message_and_waits_on_the_page(client, director):
    answer = client.post("/reglages/personnes/inviter/", INVITED)
    assert answer.status_code == 302
    isolation.enter(director.agency_id)
    assert Message.objects.get().to_email == "nouvelle@example.org"
    assert "nouvelle@example.org" in client.get("/reglages/").text


def test_the_same_person_is_not_invited_twice(client, director):
    client.post("/reglages/personnes/inviter/", INVITED)
    again = client.post("/reglages/personnes/inviter/", INVITED)
    assert again.status_code == 422
    assert "attend déjà" in again.text
    assert Invitation.objects.count() == 1


def test_a_partner_role_asks_for_its_organisation(client, director):
    refused = client.post("/reglages/personnes/inviter/", INVITED | {"role": "visitor"})
    assert refused.status_code == 422
    assert "Ce rôle s’exerce pour une organisation" in refused.text
    assert "Nouvelle Personne" in refused.text
    own = world.organisation(director.agency)
    accepted = client.post(
        "/reglages/personnes/inviter/", INVITED | {"role": "visitor", "organisation": own.pk}
    )
    assert accepted.status_code == 302


def test_another_agency_s_organisation_cannot_be_chosen(client, director):
    foreign = world.organisation(world.agency(insee=world.BAGNOLET))
    answer = client.post(
        "/reglages/personnes/inviter/", INVITED | {"role": "visitor", "organisation": foreign.pk}
    )
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_ending_an_access_takes_it_away_and_keeps_the_name(client, director):
    colleague = world.member(director.agency)
    client.post(f"/reglages/personnes/{colleague.pk}/fin/")
    colleague.refresh_from_db()
    assert not colleague.is_active
    assert colleague.ended_at is not None


def test_one_s_own_access_cannot_be_ended(client, director):
    answer = client.post(f"/reglages/personnes/{director.pk}/fin/")
    assert "propre accès" in str(next(iter(get_messages(answer.wsgi_request))))
    assert Membership.objects.get(pk=director.pk).is_active


def test_another_agency_s_person_does_not_exist_here(client, director):
    stranger = world.member(world.agency(insee=world.BAGNOLET))
    assert client.post(f"/reglages/personnes/{stranger.pk}/fin/").status_code == 404
    assert Membership.objects.get(pk=stranger.pk).is_active


@pytest.mark.parametrize("verb", ["renvoyer", "annuler"])
def test_a_pending_invitation_is_sent_again_or_cancelled_once(client, director, verb):
    client.post("/reglages/personnes/inviter/", INVITED)
    invitation = Invitation.objects.get()
    before = invitation.token_digest
    path = f"/reglages/invitations/{invitation.pk}/{verb}/"
    assert client.post(path).status_code == 302
    invitation.refresh_from_db()
    if verb == "annuler":
        assert invitation.cancelled_at is not None
        assert client.post(path).status_code == 404
    else:
        assert invitation.token_digest != before


def test_the_agency_s_contact_is_corrected_and_written_in_the_journal(client, director):
    answer = save(
        client,
        "/reglages/agence/",
        {
            "phone": "01 40 00 00 01",
            "email": "nous@example.org",
            "website": "",
            "postal_address": "",
        },
    )
    assert answer.status_code == 302
    director.agency.refresh_from_db()
    assert director.agency.email == "nous@example.org"
    isolation.enter(director.agency_id)
    entry = AuditEntry.objects.get(agency=director.agency, action="update_agency_contact")
    assert entry.details == {"fields": ["email", "phone"]}


def test_a_contact_saved_meanwhile_shows_both_versions(client, director):
    path = "/reglages/agence/"
    values = {"phone": "", "email": "nous@example.org", "website": "", "postal_address": ""}
    mine = client.get(path).context["form"]["seen"].value()
    save(client, path, values | {"phone": "01 40 00 00 01"})

    answer = client.post(path, values | {"phone": "01 40 00 00 02", "seen": mine})

    assert answer.status_code == 409
    assert "01 40 00 00 01" in answer.text
    assert "01 40 00 00 02" in answer.text
    director.agency.refresh_from_db()
    assert director.agency.phone == "01 40 00 00 01"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DIRECTOR])
def test_only_a_director_opens_the_settings(client, director, role):
    member = world.member(director.agency, role)
    client.force_login(member.user)
    assert client.get("/reglages/").status_code == 403
