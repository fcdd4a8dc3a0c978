"""Correcting what was written about a household and its dwelling."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput, StaleSave
from atre.domain.households import keys
from atre.domain.households.actions.moving import locked_case
from atre.domain.households.actions.opening import write_tokens
from atre.domain.households.models import Case, Dwelling, Household


@dataclass(frozen=True, kw_only=True)
class Contacts:
    """Who the household is and how to reach it, as typed; None or "" is not known."""

    first_name: str
    last_name: str
    birth_date: date | None
    phone: str
    email: str
    contact_preference: str


@dataclass(frozen=True, kw_only=True)
class Home:
    """The dwelling, but for its commune: another commune is another request."""

    address_line: str
    address_extra: str
    postal_code: str
    kind: str
    floor_area_m2: Decimal | None
    landlord_name: str
    tenure: str


@transaction.atomic
def update_contacts(
    *, by: Membership, case: Case, contacts: Contacts, revision: int, on: date
) -> Household:
    """Correct names and contacts. `revision` is the household's, as it was on screen.

    Errors: `NotAllowed`, `StaleSave` (its `current` is the household as saved), `InvalidInput`.
    """
    household = _locked_household(by=by, case=case, revision=revision)
    phone = keys.phone_e164(contacts.phone)
    if not contacts.first_name.strip() or not contacts.last_name.strip():
        raise InvalidInput("Un ménage est connu par un prénom et un nom.", field="last_name")
    if not phone and not contacts.email:
        raise InvalidInput(
            "Gardez un téléphone ou une adresse e-mail : sans eux, personne ne pourra rappeler.",
            field="phone",
        )
    if contacts.birth_date is not None and not date(1900, 1, 1) <= contacts.birth_date <= on:
        raise InvalidInput(
            "Cette date de naissance n’est pas possible : vérifiez l’année.", field="birth_date"
        )
    values = {
        "first_name": contacts.first_name.strip(),
        "last_name": contacts.last_name.strip(),
        "birth_date": contacts.birth_date,
        "phone": phone,
        "email": contacts.email.lower(),
        "contact_preference": contacts.contact_preference,
    }
    changed = _apply(household, values)
    household.name_key = keys.name_key(household.first_name, household.last_name)
    household.revision += 1
    household.save()
    if {"first_name", "last_name"} & set(changed):
        write_tokens(household=household)
    audit.record(
        agency=household.agency_id,
        action="update_contacts",
        obj=household,
        by=by,
        case_id=case.pk,
        details={"fields": changed},
    )
    return household


@transaction.atomic
def update_home(*, by: Membership, case: Case, home: Home, revision: int) -> Household:
    """Correct the case's dwelling and tenure, under the household's `revision`."""
    household = _locked_household(by=by, case=case, revision=revision)
    if not home.address_line.strip():
        raise InvalidInput("L’adresse du logement est nécessaire.", field="address_line")
    if home.floor_area_m2 is not None and home.floor_area_m2 <= 0:
        raise InvalidInput("Une surface est plus grande que zéro.", field="floor_area_m2")
    dwelling = Dwelling.objects.select_for_update().get(pk=case.dwelling_id, agency_id=by.agency_id)
    changed = _apply(
        dwelling,
        {
            "address_line": home.address_line.strip(),
            "address_extra": home.address_extra,
            "postal_code": home.postal_code,
            "kind": home.kind,
            "floor_area_m2": home.floor_area_m2,
            "landlord_name": home.landlord_name,
        },
    )
    dwelling.address_key = keys.address_key(dwelling.address_line, dwelling.postal_code)
    dwelling.save()
    changed += _apply(household, {"tenure": home.tenure})
    household.revision += 1
    household.save(update_fields=["tenure", "revision"])
    audit.record(
        agency=household.agency_id,
        action="update_home",
        obj=dwelling,
        by=by,
        case_id=case.pk,
        details={"fields": changed},
    )
    return household


def _locked_household(*, by: Membership, case: Case, revision: int) -> Household:
    fresh = locked_case(by=by, case=case, right="case.edit")
    household = (
        Household.objects.select_for_update(of=("self",))
        .select_related("dwelling")
        .get(pk=fresh.household_id, agency_id=by.agency_id)
    )
    if household.revision != revision:
        raise StaleSave(
            "Cette fiche a changé pendant que vous écriviez. Comparez les deux versions avant "
            "d’enregistrer.",
            current=household,
        )
    return household


def _apply(row: Household | Dwelling, values: Mapping[str, object]) -> list[str]:
    """Set the values; the names of those that changed."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed
