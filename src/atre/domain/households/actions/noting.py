"""Notes of those who follow a case, and the date of the last contact with the household."""

from datetime import date

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput
from atre.domain.households.actions.moving import locked_case
from atre.domain.households.models import Case, Note


def note_contact(*, case: Case, on: date) -> None:
    """The household and the agency spoke that day; an older contact never takes its place.

    To be called inside the transaction of the action that was the contact: a visit held, a call,
    a follow-up answered. It leaves the revision alone: a contact is nobody's edit.
    """
    Case.objects.filter(pk=case.pk, agency_id=case.agency_id).update(
        last_contact_on=Greatest(F("last_contact_on"), on), purge_notified_at=None
    )
    case.last_contact_on = max(case.last_contact_on, on)


@transaction.atomic
def add_note(
    *, by: Membership, case: Case, text: str, on: date, contact_on: date | None = None
) -> Note:
    """Write a note; `contact_on` when it tells of a contact with the household that day.

    `on` is today: a contact does not lie ahead.
    """
    fresh = locked_case(by=by, case=case, right="case.income")
    if not text.strip():
        raise InvalidInput("Écrivez la note avant de l’enregistrer.", field="text")
    note = Note.objects.create(agency_id=fresh.agency_id, case=fresh, text=text.strip(), by=by)
    if contact_on is not None:
        if not fresh.deposited_on <= contact_on <= on:
            raise InvalidInput(
                "Un contact se situe entre la demande et aujourd’hui : vérifiez la date.",
                field="contact_on",
            )
        note_contact(case=fresh, on=contact_on)
    audit.record(
        agency=fresh.agency_id,
        action="add_note",
        obj=note,
        by=by,
        case_id=fresh.pk,
        details={"contact": contact_on is not None},
    )
    return note
