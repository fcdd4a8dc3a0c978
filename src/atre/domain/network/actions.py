"""Keeping the agency's partners up to date. A service is never erased: cases point at it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import require
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.households.keys import phone_e164
from atre.domain.network.enums import OrganisationKind
from atre.domain.network.models import Organisation, OrganisationContact
from atre.domain.territories.actions import create_perimeter
from atre.domain.territories.models import Epci, Perimeter
from atre.domain.territories.selectors import resolve_territory


@dataclass(frozen=True, kw_only=True)
class ContactDetails:
    """Someone of the service, as typed."""

    name: str
    position: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class OrganisationDetails:
    """A service's sheet as typed. None is what nobody asked yet.

    `territory` names communes and groupings (name, INSEE code or SIREN); empty is not known.
    """

    kind: str
    name: str
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    what_for: str = ""
    accepts_referrals: bool | None = None
    answer_days: int | None = None
    checked_on: date | None = None
    territory: tuple[str, ...] = ()
    contacts: tuple[ContactDetails, ...] = field(default=())


SIMPLE_FIELDS = (
    "kind",
    "email",
    "postal_address",
    "what_for",
    "accepts_referrals",
    "answer_days",
    "checked_on",
)


@transaction.atomic
def create_organisation(*, by: Membership, details: OrganisationDetails, on: date) -> Organisation:
    """Add a service to the network. `on` is today: a sheet is not checked in the future.

    Errors: `NotAllowed`, `InvalidInput`, `UnknownTerritory`.
    """
    require(by, "network.edit")
    organisation = Organisation(agency_id=by.agency_id)
    _write(organisation, details, on=on)
    organisation.perimeter = _perimeter(details)
    organisation.save()
    _write_contacts(organisation, details.contacts)
    audit.record(agency=by.agency_id, action="create_organisation", obj=organisation, by=by)
    return organisation


@transaction.atomic
def update_organisation(
    *, by: Membership, organisation: Organisation, details: OrganisationDetails, on: date
) -> Organisation:
    """Correct a service's sheet, its contacts included. Errors as for creating."""
    row = _locked(by=by, organisation=organisation)
    before = {name: getattr(row, name) for name in (*SIMPLE_FIELDS, "name", "phone")}
    had_territory = territory_lines(organisation=row)
    _write(row, details, on=on)
    if tuple(had_territory) != details.territory:
        # A perimeter may be shared with a programme: another territory is another perimeter.
        row.perimeter = _perimeter(details)
    row.save()
    row.contacts.all().delete()
    _write_contacts(row, details.contacts)
    changed = [name for name, value in before.items() if getattr(row, name) != value]
    if tuple(had_territory) != details.territory:
        changed.append("territory")
    audit.record(
        agency=by.agency_id,
        action="update_organisation",
        obj=row,
        by=by,
        details={"changed": sorted(changed), "contacts": len(details.contacts)},
    )
    return row


@transaction.atomic
def deactivate_organisation(
    *, by: Membership, organisation: Organisation, reason: str
) -> Organisation:
    """Stop proposing a service. What was sent to it stays where it is."""
    row = _locked(by=by, organisation=organisation)
    if not reason.strip():
        raise InvalidInput("Dites pourquoi ce service n’est plus proposé.", field="reason")
    row.is_active = False
    row.save(update_fields=["is_active"])
    audit.record(
        agency=by.agency_id,
        action="deactivate_organisation",
        obj=row,
        by=by,
        reason=reason.strip(),
    )
    return row


@transaction.atomic
def reactivate_organisation(*, by: Membership, organisation: Organisation) -> Organisation:
    """Propose a service again."""
    row = _locked(by=by, organisation=organisation)
    row.is_active = True
    row.save(update_fields=["is_active"])
    audit.record(agency=by.agency_id, action="reactivate_organisation", obj=row, by=by)
    return row


def territory_lines(*, organisation: Organisation) -> list[str]:
    """The codes of the territory covered (SIREN first), as one writes them back in the form."""
    if organisation.perimeter is None:
        return []
    members = organisation.perimeter.members.order_by("epci", "commune")
    codes = [(member.epci_id or "", member.commune_id or "") for member in members]
    return [siren or insee for siren, insee in sorted(codes, key=lambda row: (row[0] == "", row))]


def _locked(*, by: Membership, organisation: Organisation) -> Organisation:
    require(by, "network.edit")
    row = (
        Organisation.objects.select_for_update()
        .filter(pk=organisation.pk, agency_id=by.agency_id)
        .first()
    )
    if row is None:
        raise NotAllowed("Ce service n’est pas dans votre réseau.", right="network.edit")
    return row


def _write(row: Organisation, details: OrganisationDetails, *, on: date) -> None:
    name = " ".join(details.name.split())
    if not name:
        raise InvalidInput("Indiquez le nom du service.", field="name")
    if details.kind not in OrganisationKind.values:
        raise InvalidInput("Choisissez une sorte de service.", field="kind")
    if details.checked_on is not None and details.checked_on > on:
        raise InvalidInput("Cette date est dans le futur.", field="checked_on")
    if details.answer_days == 0:
        raise InvalidInput("Un délai de réponse est d’au moins un jour.", field="answer_days")
    same = Organisation.objects.filter(agency_id=row.agency_id, kind=details.kind, name=name)
    if same.exclude(pk=row.pk).exists():
        raise InvalidInput("Un service de ce nom et de cette sorte existe déjà.", field="name")
    for field_name in SIMPLE_FIELDS:
        setattr(row, field_name, getattr(details, field_name))
    row.name, row.phone = name, phone_e164(details.phone)


def _write_contacts(organisation: Organisation, contacts: Sequence[ContactDetails]) -> None:
    OrganisationContact.objects.bulk_create(
        OrganisationContact(
            agency_id=organisation.agency_id,
            organisation=organisation,
            name=contact.name.strip(),
            position=contact.position.strip(),
            phone=phone_e164(contact.phone),
            email=contact.email.lower(),
        )
        for contact in contacts
        if contact.name.strip()
    )


def _perimeter(details: OrganisationDetails) -> Perimeter | None:
    if not details.territory:
        return None
    places = [resolve_territory(text) for text in details.territory]
    return create_perimeter(
        name=f"Territoire de {details.name}"[:200],
        sirens=[place.pk for place in places if isinstance(place, Epci)],
        communes=[place.pk for place in places if not isinstance(place, Epci)],
    )
