"""Writing a visit while it takes place. A draft may be incomplete, never impossible."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput, NotAllowed, StaleSave
from atre.domain.households import states
from atre.domain.households.actions import moving
from atre.domain.households.models import Case
from atre.domain.visits import canonical, schemas
from atre.domain.visits.enums import AppointmentState, VisitState
from atre.domain.visits.errors import DifferentContent, VisitSealed
from atre.domain.visits.faults import DocumentRefused
from atre.domain.visits.models import Appointment, Visit
from atre.domain.visits.validation import validate

STALE = (
    "Quelqu’un d’autre a modifié cette partie de la visite pendant que vous écriviez. Comparez "
    "les deux versions avant d’enregistrer."
)


@transaction.atomic
def start_visit(*, by: Membership, case: Case, identifier: UUID, visited_on: date) -> Visit:
    """Open the visit of a case, linked to its planned appointment if there is one.

    A case has one open visit: starting again, or from a second tablet, returns it. The same
    `identifier` returns the same visit; on another case, `DifferentContent`.
    """
    fresh = moving.locked_case(by=by, case=case, right="visit.write")
    same = Visit.objects.filter(agency_id=by.agency_id, identifier=identifier).first()
    if same is not None:
        if same.case_id != fresh.pk:
            raise DifferentContent("Cette visite a déjà été enregistrée pour un autre dossier.")
        return same
    states.check("visit", fresh.state)
    draft = Visit.objects.filter(agency_id=by.agency_id, case=fresh, state=VisitState.DRAFT).first()
    if draft is not None:
        return draft
    document = schemas.empty(visited_on.isoformat())
    _refuse_faults(document)
    _take_what_is_known(document, case=fresh)
    visit = Visit.objects.create(
        agency_id=by.agency_id,
        identifier=identifier,
        case=fresh,
        appointment=Appointment.objects.filter(
            agency_id=by.agency_id, case=fresh, state=AppointmentState.PLANNED, visit=None
        ).first(),
        state=VisitState.DRAFT,
        schema_version=schemas.CURRENT,
        document=document,
        visited_on=visited_on,
        author=by,
    )
    _record("start_visit", visit, by=by)
    return visit


@transaction.atomic
def save_draft(*, by: Membership, visit: Visit, document: dict[str, Any], revision: int) -> Visit:
    """Keep a whole document. Sending what is already kept changes nothing.

    `revision` is the visit's when it was read. Errors: `DocumentRefused` with each fault,
    `StaleSave` when another save came first, `VisitSealed`.
    """
    row = locked_visit(by=by, visit=visit)
    if canonical.digest(row.document) == canonical.digest(document):
        return row
    _refuse_sealed(row)
    if row.revision != revision:
        raise StaleSave(STALE, current=row)
    return _keep(row, document, by=by, parts=["document"])


@transaction.atomic
def save_parts(
    *, by: Membership, visit: Visit, parts: dict[str, Any], seen: dict[str, str]
) -> Visit:
    """Keep some parts of a document (« heating », « bills »…), as two people fill it together.

    `seen` gives, by part, the digest (`canonical.part_digest`) of what the person had on screen:
    only a part that somebody else changed is a `StaleSave`. Other errors as `save_draft`.
    """
    row = locked_visit(by=by, visit=visit)
    unknown = set(parts) - set(row.document)
    if unknown:
        raise InvalidInput("Cette partie n’existe pas dans une visite.")
    changed = {name: part for name, part in parts.items() if row.document[name] != part}
    if not changed:
        return row
    _refuse_sealed(row)
    if any(canonical.part_digest(row.document[name]) != seen.get(name) for name in changed):
        raise StaleSave(STALE, current=row)
    return _keep(row, row.document | changed, by=by, parts=sorted(changed))


def locked_visit(*, by: Membership, visit: Visit) -> Visit:
    """The visit, locked with its case until the transaction ends, if it is within reach."""
    moving.locked_case(by=by, case=visit.case, right="visit.write")
    row = (
        Visit.objects.select_for_update(of=("self",))
        .filter(pk=visit.pk, agency_id=by.agency_id)
        .first()
    )
    if row is None:
        raise NotAllowed("Cette visite n’est pas dans votre champ.")
    return row


def _keep(row: Visit, document: dict[str, Any], *, by: Membership, parts: list[str]) -> Visit:
    _refuse_faults(document)
    row.document = document
    row.visited_on = date.fromisoformat(document["visited_on"])
    row.revision += 1
    row.save()
    _record("save_visit", row, by=by, details={"parts": parts, "revision": row.revision})
    return row


def _refuse_faults(document: dict[str, Any]) -> None:
    if faults := validate(document, today=timezone.localdate()):
        raise DocumentRefused(faults)


def _refuse_sealed(visit: Visit) -> None:
    if visit.state == VisitState.SEALED:
        raise VisitSealed("Cette visite est terminée : elle ne se modifie plus.")


def _take_what_is_known(document: dict[str, Any], *, case: Case) -> None:
    """What the request already said is not asked again; the visitor corrects it on the spot."""
    dwelling = document["dwelling"]
    dwelling["kind"] = case.dwelling.kind or None
    area = case.dwelling.floor_area_m2
    dwelling["floor_area_m2"] = None if area is None else format(area.normalize(), "f")
    dwelling["occupants"] = case.household.persons


def _record(
    action: str, visit: Visit, *, by: Membership, details: dict[str, Any] | None = None
) -> None:
    audit.record(
        agency=visit.agency_id,
        action=action,
        obj=visit,
        by=by,
        case_id=visit.case_id,
        details=details,
    )
