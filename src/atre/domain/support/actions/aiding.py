"""Financial aids asked for a household: asked, then granted or refused, then paid."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError, InvalidInput
from atre.domain.households.actions.moving import locked_case
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case
from atre.domain.support.enums import AidKind, AidState
from atre.domain.support.models import AidFile

# Where each state may come from. A grant may be corrected; what is paid is over.
SOURCES: dict[str, frozenset[str]] = {
    AidState.GRANTED: frozenset({AidState.ASKED, AidState.GRANTED, AidState.REFUSED}),
    AidState.REFUSED: frozenset({AidState.ASKED, AidState.GRANTED}),
    AidState.PAID: frozenset({AidState.GRANTED}),
}


@transaction.atomic
def ask_aid(
    *,
    by: Membership,
    case: Case,
    kind: str,
    asked_on: date,
    asked_eur: Decimal | None,
    note: str = "",
    today: date,
) -> AidFile:
    """Note an aid asked. `asked_eur` is None when no amount was asked: the payer decides it."""
    fresh = locked_case(by=by, case=case, right="support.write")
    if fresh.state == CaseState.CLOSED:
        raise DomainError("Ce dossier est clos : rouvrez-le avant de demander une aide.")
    if kind not in AidKind.values:
        raise InvalidInput("Choisissez une aide.", field="kind")
    if asked_on > today:
        raise InvalidInput("Cette date est dans le futur.", field="asked_on")
    _refuse_negative(asked_eur, field="asked_eur")
    aid = AidFile.objects.create(
        agency_id=fresh.agency_id,
        case=fresh,
        kind=kind,
        state=AidState.ASKED,
        asked_on=asked_on,
        asked_eur=asked_eur,
        note=note.strip(),
        by=by,
    )
    _record(aid, "ask_aid", by=by)
    return aid


@transaction.atomic
def decide_aid(
    *,
    by: Membership,
    aid: AidFile,
    state: str,
    decided_on: date,
    granted_eur: Decimal | None,
    note: str = "",
    today: date,
) -> AidFile:
    """Note that an aid was granted (its amount is then required), refused, or paid.

    For a payment `decided_on` is the day of the payment and the granted amount stays unless given.
    Errors: `NotAllowed`, `InvalidInput`.
    """
    locked_case(by=by, case=aid.case, right="support.write")
    row = AidFile.objects.select_for_update().get(pk=aid.pk, agency_id=by.agency_id)
    if row.state not in SOURCES.get(state, frozenset()):
        label = AidState(row.state).label.lower()
        raise InvalidInput(f"Cette aide est « {label} » : ce passage n’existe pas.", field="state")
    if decided_on > today:
        raise InvalidInput("Cette date est dans le futur.", field="decided_on")
    if decided_on < (row.decided_on or row.asked_on):
        raise InvalidInput("Cette date vient avant la demande ou la décision.", field="decided_on")
    amount = granted_eur
    if state == AidState.PAID and amount is None:
        amount = row.granted_eur
    if state != AidState.REFUSED and amount is None:
        raise InvalidInput("Indiquez le montant accordé.", field="granted_eur")
    _refuse_negative(amount, field="granted_eur")
    row.state = state
    row.granted_eur = None if state == AidState.REFUSED else amount
    if state == AidState.PAID:
        row.paid_on = decided_on
    else:
        row.decided_on = decided_on
    row.note = "\n".join(part for part in (row.note, note.strip()) if part)
    row.save()
    _record(row, f"aid_{state}", by=by)
    return row


def _record(aid: AidFile, action: str, *, by: Membership) -> None:
    audit.record(
        agency=aid.agency_id,
        action=action,
        obj=aid,
        by=by,
        case_id=aid.case_id,
        details={"kind": aid.kind, "state": aid.state},
    )


def _refuse_negative(amount: Decimal | None, *, field: str) -> None:
    if amount is not None and amount < 0:
        raise InvalidInput("Un montant ne peut pas être négatif.", field=field)
