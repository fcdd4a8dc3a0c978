"""An invitation lets in the person it was written to, once."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from atre.domain.agencies import invitations, isolation
from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Invitation, Membership, User
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.messages.models import Message
from tests.support import world

pytestmark = pytest.mark.django_db

NEW = {"password": world.PASSWORD, "again": world.PASSWORD}


@pytest.fixture
def director():
    return world.member(world.agency(), Role.DIRECTOR)


def invite(director, email="nouvelle@example.org", role=Role.ADVISER, **changes):
    """Returns the address of the link that was e-mailed."""
    with isolation.within(director.agency_id):
        invitations.invite(
            email=email,
            full_name="Nouvelle Personne",
            role=role,
            by=director,
            base_url="",
            **changes,
        )
        return sent_link(email)


def sent_link(email):
    message = Message.objects.filter(to_email=email, cancelled_at__isnull=True).latest("pk")
    return re.search(r"/invitation/\S+/", message.body).group()


def test_a_new_person_chooses_a_password_and_is_in(director):
    link = invite(director)
    client = Client()
    assert client.get(link).status_code == 200
    answer = client.post(link, NEW)
    assert answer.status_code == 302
    membership = Membership.objects.get(user__email="nouvelle@example.org")
    assert (membership.agency, membership.role) == (director.agency, Role.ADVISER)
    assert client.session["membership"] == membership.pk


def test_the_link_serves_once(director):
    link = invite(director)
    Client().post(link, NEW)
    answer = Client().get(link)
    assert answer.status_code == 410
    assert "ne marche plus" in answer.text


def test_the_link_ends_after_fourteen_days(director):
    link = invite(director)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(link).status_code == 410
    assert Client().post(link, NEW).status_code == 410
    assert not User.objects.filter(email="nouvelle@example.org").exists()


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("court", "12 caractères"),
        ("motdepasse1234567890", None),
        ("nouvelle@example.org", "trop semblable"),
        ("password1234", "trop courant"),
    ],
)
def test_a_weak_password_is_refused_in_french(director, password, sentence):
    link = invite(director)
    answer = Client().post(link, {"password": password, "again": password})
    if sentence is None:
        assert answer.status_code == 302
    else:
        assert answer.status_code == 422
        assert sentence in answer.text
        assert not User.objects.filter(email="nouvelle@example.org").exists()


def test_two_different_passwords_are_refused(director):
    link = invite(director)
    answer = Client().post(link, {"password": world.PASSWORD, "again": "autre chose encore"})
    assert answer.status_code == 422
    assert "sont différents" in answer.text


@pytest.fixture
def known_person(director):
    """Someone who already works for another agency."""
    return world.member(world.agency(insee=world.BAGNOLET), email="connue@example.org")


def test_a_link_alone_gives_nothing_to_an_account_that_exists(director, known_person):
    link = invite(director, email="connue@example.org")
    stranger = Client()
    assert "a déjà un compte" in stranger.get(link).text
    assert stranger.post(link, NEW).status_code == 403
    assert known_person.user.memberships.count() == 1
    known_person.user.refresh_from_db()
    assert known_person.user.check_password(world.PASSWORD)


def test_the_owner_of_the_account_accepts_logged_in(director, known_person):
    link = invite(director, email="connue@example.org")
    client = Client()
    client.force_login(known_person.user)
    assert client.post(link).status_code == 302
    assert known_person.user.memberships.filter(agency=director.agency).exists()


def test_someone_else_logged_in_cannot_accept_for_them(director, known_person):
    link = invite(director, email="connue@example.org")
    other = world.member(director.agency)
    client = Client()
    client.force_login(other.user)
    assert "un autre compte" in client.get(link).text
    assert client.post(link).status_code == 403
    assert known_person.user.memberships.count() == 1


def test_a_new_link_replaces_the_previous_one(director):
    first = invite(director)
    with isolation.within(director.agency_id):
        invitations.resend_invitation(invitation=Invitation.objects.get(), by=director, base_url="")
        second = sent_link("nouvelle@example.org")
    assert first != second
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200


def test_a_cancelled_invitation_opens_nothing_and_is_not_sent(director):
    link = invite(director)
    with isolation.within(director.agency_id):
        invitations.cancel_invitation(invitation=Invitation.objects.get(), by=director)
        assert not Message.objects.filter(cancelled_at__isnull=True).exists()
    assert Client().get(link).status_code == 410


def test_another_agency_cannot_touch_an_invitation(director):
    invite(director)
    stranger = world.member(world.agency(insee=world.BAGNOLET), Role.DIRECTOR)
    with isolation.within(stranger.agency_id):
        for act in (
            lambda row: invitations.cancel_invitation(invitation=row, by=stranger),
            lambda row: invitations.resend_invitation(invitation=row, by=stranger, base_url=""),
        ):
            with pytest.raises(NotAllowed):
                act(Invitation.objects.get())


def test_a_partner_role_takes_an_organisation_of_this_agency(director):
    foreign = world.organisation(world.agency(insee=world.BAGNOLET))
    own = world.organisation(director.agency)
    with pytest.raises(InvalidInput, match="de votre réseau"):
        invite(director, role=Role.COORDINATOR, organisation_id=foreign.pk)
    assert invite(director, role=Role.COORDINATOR, organisation_id=own.pk)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DIRECTOR])
def test_only_a_director_invites(director, role):
    member = world.member(director.agency, role)
    with isolation.within(member.agency_id), pytest.raises(NotAllowed):
        invitations.invite(
            email="x@example.org", full_name="X", role=Role.ADVISER, by=member, base_url=""
        )
