"""Finishing a visit: from then on it is evidence, and it never changes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import StaleSave
from atre.domain.households.actions import moving
from atre.domain.visits import announcing, canonical
from atre.domain.visits.actions.drafting import STALE, locked_visit
from atre.domain.visits.enums import AppointmentState, VisitState
from atre.domain.visits.errors import DifferentContent
from atre.domain.visits.faults import DocumentRefused
from atre.domain.visits.models import Appointment, Visit
from atre.domain.visits.results import compute_results
from atre.domain.visits.validation import validate


@dataclass(frozen=True)
class SealReceipt:
    """Proof that a visit was received: its content's digest, and when it was sealed."""

    identifier: UUID
    sha256: str
    sealed_at: datetime
    first_time: bool


@transaction.atomic
def seal_visit(
    *,
    by: Membership,
    visit: Visit,
    document: dict[str, Any] | None = None,
    revision: int | None = None,
) -> SealReceipt:
    """Finish a visit; the case becomes « visited » and the appointment « held ».

    `document` is the whole content when it comes from a tablet, None to seal the draft as it is
    (then `revision` tells which draft was on screen). Sealing again the same content gives the
    same receipt; another content is `DifferentContent`. Errors: `DocumentRefused`, `StaleSave`,
    `IllegalTransition` when the case moved on.
    """
    row = locked_visit(by=by, visit=visit)
    content = canonical.content(row.document if document is None else document)
    sha256 = canonical.digest(content)
    if row.state == VisitState.SEALED:
        if sha256 != row.document_sha256:
            raise DifferentContent(
                "Cette visite est déjà terminée, avec un autre contenu. Rien n’a été remplacé : "
                "demandez à votre coordination de comparer les deux."
            )
        return _receipt(row, first_time=False)
    if revision is not None and revision != row.revision:
        raise StaleSave(STALE, current=row)
    if faults := validate(content, today=timezone.localdate()):
        raise DocumentRefused(faults)
    row.document = content | {canonical.RESULTS: compute_results(content)}
    row.visited_on = date.fromisoformat(content["visited_on"])
    row.state, row.sealed_at, row.document_sha256 = VisitState.SEALED, timezone.now(), sha256
    row.revision += 1
    row.appointment = _hold_appointment(row)
    row.save()
    case = moving.locked_case(by=by, case=row.case, right="visit.write")
    case.last_contact_on = max(case.last_contact_on, timezone.localdate())
    moving.change_state(case=case, verb="visit", by=by)
    audit.record(
        agency=row.agency_id,
        action="seal_visit",
        obj=row,
        by=by,
        case_id=row.case_id,
        details={"sha256": sha256, "schema": row.schema_version},
    )
    return _receipt(row, first_time=True)


def _hold_appointment(visit: Visit) -> Appointment | None:
    """The planned appointment that this visit was, noted as held."""
    appointment = Appointment.objects.filter(
        agency_id=visit.agency_id, case_id=visit.case_id, state=AppointmentState.PLANNED
    ).first()
    if appointment is None:
        return visit.appointment
    appointment.state = AppointmentState.HELD
    appointment.sequence += 1
    appointment.save()
    announcing.forget_unsent(appointment=appointment)
    return appointment


def _receipt(visit: Visit, *, first_time: bool) -> SealReceipt:
    assert visit.sealed_at is not None
    return SealReceipt(
        identifier=visit.identifier,
        sha256=visit.document_sha256,
        sealed_at=visit.sealed_at,
        first_time=first_time,
    )
