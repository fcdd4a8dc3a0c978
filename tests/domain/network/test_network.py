"""Partners: what is known of each, and what nobody asked yet."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.audit.models import AuditEntry
from atre.domain.errors import DomainError, InvalidInput, NotAllowed
from atre.domain.network import actions
from atre.domain.network.actions import ContactDetails, OrganisationDetails
from atre.domain.network.models import Organisation
from atre.domain.network.selectors import (
    NetworkSearch,
    organisation_for,
    organisations,
    proposable,
    territory_names,
)
from tests.support import world

pytestmark = pytest.mark.django_db


def details(**changes) -> OrganisationDetails:
    return OrganisationDetails(**({"kind": "ccas", "name": "CCAS de Nogent"} | changes))


def create(by, **changes) -> Organisation:
    return actions.create_organisation(by=by, details=details(**changes), on=localdate())


@pytest.fixture
def adviser():
    """The test stands in this person's agency, as a view does."""
    agency = world.agency()
    with isolation.within(agency):
        yield world.member(agency)


def test_what_nobody_asked_stays_unknown(adviser):
    row = create(adviser)

    assert (row.accepts_referrals, row.answer_days, row.checked_on, row.perimeter) == (None,) * 4
    assert AuditEntry.objects.get(action="create_organisation").actor == adviser


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"kind": "école"}, "kind"),
        ({"answer_days": 0}, "answer_days"),
        ({"phone": "01"}, "phone"),
        ({"checked_on": localdate() + timedelta(days=2)}, "checked_on"),
    ],
)
def test_impossible_sheets_are_refused_at_their_field(adviser, changes, field):
    with pytest.raises(InvalidInput) as refusal:
        create(adviser, **changes)

    assert refusal.value.field == field
    assert create(adviser).pk


def test_two_services_of_a_kind_have_different_names(adviser):
    create(adviser)

    with pytest.raises(InvalidInput, match="existe déjà"):
        create(adviser, name=" CCAS  de Nogent ")
    create(adviser, kind="commune")


def test_updating_replaces_contacts_and_territory(territories, adviser):
    row = create(adviser, contacts=(ContactDetails(name="Ancien"),), territory=(world.NOGENT,))

    actions.update_organisation(
        by=adviser,
        organisation=row,
        details=details(
            accepts_referrals=True,
            answer_days=10,
            contacts=(ContactDetails(name="Mme Neuve", phone="01 43 00 00 00"),),
            territory=(world.BAGNOLET,),
        ),
        on=localdate(),
    )

    found = organisation_for(by=adviser, pk=row.pk)
    assert [(c.name, c.phone) for c in found.contacts.all()] == [("Mme Neuve", "+33143000000")]
    assert territory_names(found.perimeter) == ["Bagnolet"]
    changed = AuditEntry.objects.get(action="update_organisation").details["changed"]
    assert changed == ["accepts_referrals", "answer_days", "territory"]


def test_an_unknown_place_is_refused_in_words(territories, adviser):
    with pytest.raises(DomainError):
        create(adviser, territory=("Nulle-Part-sur-Rien",))


def test_a_search_by_commune_keeps_services_whose_territory_is_unknown(territories, adviser):
    here = create(adviser, name="Ici", territory=(world.NOGENT,))
    create(adviser, name="Ailleurs", territory=(world.BAGNOLET,))
    unknown = create(adviser, name="On ne sait pas")

    rows = organisations(by=adviser, search=NetworkSearch(commune=world.NOGENT))

    assert {row.pk for row in rows} == {here.pk, unknown.pk}


def test_services_said_to_be_full_or_deactivated_are_not_proposed(adviser):
    free = create(adviser, name="Libre", accepts_referrals=True)
    unknown = create(adviser, name="Jamais demandé")
    create(adviser, name="Complet", accepts_referrals=False)
    gone = create(adviser, name="Fermé")
    actions.deactivate_organisation(by=adviser, organisation=gone, reason="N’existe plus")

    assert {row.pk for row in proposable(by=adviser)} == {free.pk, unknown.pk}


def test_the_nearest_services_come_first(territories, adviser):
    unknown = create(adviser, name="A, territoire inconnu")
    here = create(adviser, name="Z, couvre la commune", territory=(world.NOGENT,))

    assert [row.pk for row in proposable(by=adviser, commune=world.NOGENT)] == [
        here.pk,
        unknown.pk,
    ]


def test_another_agency_neither_sees_nor_changes_a_service(adviser):
    row = create(adviser)
    stranger = world.member(world.agency())

    with pytest.raises(Organisation.DoesNotExist):
        organisation_for(by=stranger, pk=row.pk)
    with pytest.raises(NotAllowed):
        actions.deactivate_organisation(by=stranger, organisation=row, reason="Non")
    assert list(organisations(by=stranger, search=NetworkSearch())) == []


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.VISITOR, Role.REFERRER])
def test_partners_do_not_edit_the_network(adviser, role):
    with pytest.raises(NotAllowed):
        create(world.member(adviser.agency, role))


def test_deactivating_asks_why_and_can_be_undone(adviser):
    row = create(adviser)

    with pytest.raises(InvalidInput, match="pourquoi"):
        actions.deactivate_organisation(by=adviser, organisation=row, reason=" ")
    actions.deactivate_organisation(by=adviser, organisation=row, reason="Fermé l’été")
    actions.reactivate_organisation(by=adviser, organisation=row)

    row.refresh_from_db()
    assert row.is_active
