"""What a director may change of the agency and of its programmes. Each change is in the journal."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from atre.calc.errors import CalcRefusal
from atre.calc.poverty.exit_definition import ExitDefinition
from atre.domain.agencies import permissions
from atre.domain.agencies.enums import RequiredIncomeClass
from atre.domain.agencies.models import Agency, Membership, Programme
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput, NotAllowed, StaleSave

# Closed lists and dates say nothing of anyone: the journal may keep what they were.
TOLD_IN_JOURNAL = {"required_income_class", "support_target_share", "opens_on", "closes_on"}

# What each form shows, and therefore what someone else may have changed meanwhile.
CONTACT_FIELDS = ("phone", "email", "website", "postal_address")
PROGRAMME_FIELDS = (
    "summary",
    "required_income_class",
    "support_target_share",
    "opens_on",
    "closes_on",
)
EXIT_FIELDS = ("exit_test",)


def version_of(row: Agency | Programme, fields: Iterable[str]) -> str:
    """A short digest of what a form showed: it changes when one of its values does."""
    values = {name: getattr(row, name) for name in fields}
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _refuse_stale(row: Agency | Programme, fields: Iterable[str], seen: str | None) -> None:
    if seen is not None and seen != version_of(row, fields):
        raise StaleSave("Ces réglages ont changé pendant que vous les corrigiez.", current=row)


@transaction.atomic
def update_agency_contact(
    *,
    agency: Agency,
    by: Membership,
    phone: str,
    email: str,
    website: str,
    postal_address: str,
    seen: str | None = None,
) -> Agency:
    """What households and partners read to reach the agency.

    `seen` is the `version_of` CONTACT_FIELDS that was corrected; None checks nothing. `StaleSave`.
    """
    permissions.require(by, "people.manage")
    fresh = Agency.objects.select_for_update().filter(pk=agency.pk).filter(pk=by.agency_id).first()
    if fresh is None:
        raise NotAllowed("Cette agence n’est pas la vôtre.")
    _refuse_stale(fresh, CONTACT_FIELDS, seen)
    values = {
        "phone": phone,
        "email": email,
        "website": website,
        "postal_address": postal_address,
    }
    if changed := _assign(fresh, values):
        fresh.save(update_fields=sorted(changed))
        audit.record(
            agency=fresh,
            action="update_agency_contact",
            obj=fresh,
            by=by,
            details={"fields": sorted(changed)},
        )
    return fresh


@transaction.atomic
def update_programme(
    *,
    programme: Programme,
    by: Membership,
    summary: str,
    required_income_class: str,
    support_target_share: Decimal | None,
    opens_on: date,
    closes_on: date | None,
    seen: str | None = None,
) -> Programme:
    """Change a programme for the requests to come; cases keep the answer of their own day.

    `support_target_share` is a share from 0 to 1; None sets no target. `seen` is the `version_of`
    PROGRAMME_FIELDS that was corrected; None checks nothing. Errors: `InvalidInput`, `StaleSave`.
    """
    if required_income_class not in RequiredIncomeClass.values:
        raise InvalidInput("Choisissez un plafond de la liste.", field="required_income_class")
    if closes_on is not None and closes_on < opens_on:
        raise InvalidInput("La fermeture est avant l’ouverture.", field="closes_on")
    if support_target_share is not None and not 0 <= support_target_share <= 1:
        raise InvalidInput("Une part va de 0 à 100 %.", field="support_target")
    fresh = _own_programme(programme, by=by)
    _refuse_stale(fresh, PROGRAMME_FIELDS, seen)
    values = {
        "summary": summary,
        "required_income_class": required_income_class,
        "support_target_share": support_target_share,
        "opens_on": opens_on,
        "closes_on": closes_on,
    }
    before = {name: str(getattr(fresh, name)) for name in TOLD_IN_JOURNAL}
    if changed := _assign(fresh, values):
        fresh.save(update_fields=sorted(changed))
        told = {
            name: {"from": before[name], "to": str(values[name])}
            for name in sorted(changed & TOLD_IN_JOURNAL)
        }
        audit.record(
            agency=by.agency_id,
            action="update_programme",
            obj=fresh,
            by=by,
            details={"fields": sorted(changed), "values": told},
        )
    return fresh


@transaction.atomic
def set_exit_test(
    *,
    programme: Programme,
    by: Membership,
    definition: Mapping[str, Any] | None,
    seen: str | None = None,
) -> Programme:
    """How this programme judges that a household left energy poverty; None judges nothing.

    The definition follows calc/poverty/exit_test.schema.json. `InvalidInput` says where it fails;
    `StaleSave` when the test is no longer the one `seen` (its `version_of` EXIT_FIELDS).
    """
    if definition is not None:
        try:
            ExitDefinition.from_dict(definition)
        except CalcRefusal as refusal:
            raise InvalidInput(str(refusal)) from refusal
    fresh = _own_programme(programme, by=by)
    _refuse_stale(fresh, EXIT_FIELDS, seen)
    if fresh.exit_test == definition:
        return fresh
    fresh.exit_test = dict(definition) if definition is not None else None
    fresh.save(update_fields=["exit_test"])
    audit.record(
        agency=by.agency_id,
        action="set_exit_test",
        obj=fresh,
        by=by,
        details={"definition": fresh.exit_test},
    )
    return fresh


def _own_programme(programme: Programme, *, by: Membership) -> Programme:
    permissions.require(by, "programme.edit")
    rows = Programme.objects.select_for_update().filter(agency_id=by.agency_id)
    fresh = rows.filter(pk=programme.pk).first()
    if fresh is None:
        raise NotAllowed("Ce dispositif n’est pas de votre agence.")
    return fresh


def _assign(row: models.Model, values: Mapping[str, Any]) -> set[str]:
    """Set the values; the names of those that were different."""
    changed = {name for name, value in values.items() if getattr(row, name) != value}
    for name in changed:
        setattr(row, name, values[name])
    return changed
