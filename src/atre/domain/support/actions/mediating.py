"""Speaking with a landlord: what was written, answered and promised, each with its date."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError, InvalidInput
from atre.domain.households.actions import attaching
from atre.domain.households.actions.moving import locked_case
from atre.domain.households.enums import AttachmentKind, CaseState
from atre.domain.households.models import Case
from atre.domain.support.enums import MediationState, MediationStepKind
from atre.domain.support.models import LandlordMediation, MediationStep


@dataclass(frozen=True, kw_only=True)
class Landlord:
    """Whom to write to, as typed; the address may not be known yet."""

    name: str
    address: str = ""
    email: str = ""


@dataclass(frozen=True)
class PrintedLetter:
    """A letter made by the documents: its name and its PDF."""

    name: str
    content: bytes


@transaction.atomic
def open_mediation(
    *,
    by: Membership,
    case: Case,
    landlord: Landlord,
    problem: str,
    agreed_on: date | None,
    on: date,
) -> LandlordMediation:
    """Start a mediation. Without the household's agreement (`agreed_on`) nothing is written.

    `problem` lists what is asked, one request a line. Errors: `NotAllowed`, `InvalidInput`.
    """
    fresh = locked_case(by=by, case=case, right="support.write")
    if fresh.state == CaseState.CLOSED:
        raise DomainError("Ce dossier est clos : rouvrez-le avant d’écrire au bailleur.")
    if not landlord.name.strip():
        raise InvalidInput("Indiquez le nom du bailleur.", field="landlord_name")
    if not problem.strip():
        raise InvalidInput("Écrivez ce qui est demandé au bailleur.", field="problem")
    if agreed_on is None:
        raise InvalidInput(
            "Demandez d’abord l’accord du ménage : son bailleur va savoir qu’il se plaint.",
            field="agreed_on",
        )
    if agreed_on > on:
        raise InvalidInput("Cette date est dans le futur.", field="agreed_on")
    mediation = LandlordMediation.objects.create(
        agency_id=fresh.agency_id,
        case=fresh,
        landlord_name=landlord.name.strip(),
        landlord_address=landlord.address.strip(),
        landlord_email=landlord.email,
        problem=problem.strip(),
        agreed_on=agreed_on,
        state=MediationState.OPEN,
        opened_on=on,
    )
    _record(mediation, "open_mediation", by=by)
    return mediation


@transaction.atomic
def add_mediation_step(
    *,
    by: Membership,
    mediation: LandlordMediation,
    kind: str,
    on: date,
    due_on: date | None,
    text: str = "",
    letter: PrintedLetter | None = None,
    today: date,
) -> MediationStep:
    """Note a step; a printed letter goes with the files of the case.

    `due_on` is when silence calls for the next step. Errors: `NotAllowed`, `InvalidInput`.
    """
    row = _locked(by=by, mediation=mediation)
    if row.state != MediationState.OPEN:
        raise DomainError("Cette médiation est close.")
    if kind not in MediationStepKind.values:
        raise InvalidInput("Choisissez une étape.", field="kind")
    if on > today:
        raise InvalidInput("Cette date est dans le futur.", field="on")
    if due_on is not None and due_on <= on:
        raise InvalidInput("L’échéance vient après l’étape.", field="due_on")
    if letter is None and not text.strip():
        raise InvalidInput("Écrivez ce qui a été dit ou fait.", field="text")
    attachment = None
    if letter is not None:
        attachment = attaching.add_attachment(
            by=by,
            case=row.case,
            kind=AttachmentKind.LETTER,
            name=letter.name,
            content=letter.content,
        )
    step = MediationStep.objects.create(
        agency_id=row.agency_id,
        mediation=row,
        kind=kind,
        on=on,
        due_on=due_on,
        text=text.strip(),
        letter=attachment,
        by=by,
    )
    _record(row, "add_mediation_step", by=by, kind=str(kind), letter=letter is not None)
    return step


@transaction.atomic
def close_mediation(
    *, by: Membership, mediation: LandlordMediation, solved: bool, on: date
) -> LandlordMediation:
    """End a mediation, solved or without result."""
    row = _locked(by=by, mediation=mediation)
    if row.state != MediationState.OPEN:
        raise DomainError("Cette médiation est déjà close.")
    row.state = MediationState.SOLVED if solved else MediationState.FAILED
    row.closed_on = on
    row.save(update_fields=["state", "closed_on"])
    _record(row, "close_mediation", by=by, state=row.state)
    return row


def _locked(*, by: Membership, mediation: LandlordMediation) -> LandlordMediation:
    locked_case(by=by, case=mediation.case, right="support.write")
    return (
        LandlordMediation.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=mediation.pk, agency_id=by.agency_id)
    )


def _record(
    mediation: LandlordMediation, action: str, *, by: Membership, **details: object
) -> None:
    audit.record(
        agency=mediation.agency_id,
        action=action,
        obj=mediation,
        by=by,
        case_id=mediation.case_id,
        details=details,
    )
