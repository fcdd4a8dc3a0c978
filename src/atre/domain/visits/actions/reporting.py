"""The report given to the household: kept as made, then handed over on a date."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.households import files
from atre.domain.households.actions import moving
from atre.domain.households.enums import CaseState
from atre.domain.messages import actions as messages
from atre.domain.visits.enums import VisitState
from atre.domain.visits.models import Visit, VisitReport

PDF = b"%PDF-"


@transaction.atomic
def store_report(*, by: Membership, visit: Visit, pdf: bytes) -> VisitReport:
    """Keep a report made from a sealed visit. The same bytes again give the same report."""
    moving.locked_case(by=by, case=visit.case, right="visit.view")
    if visit.state != VisitState.SEALED:
        raise InvalidInput("Terminez la visite avant de faire son compte rendu.")
    if not pdf.startswith(PDF):
        raise InvalidInput("Ce compte rendu n’est pas un PDF.")
    stored = files.store(agency_id=by.agency_id, content=pdf)
    known = VisitReport.objects.filter(
        agency_id=by.agency_id, visit=visit, sha256=stored.sha256
    ).first()
    if known is not None:
        return known
    report = VisitReport.objects.create(
        agency_id=by.agency_id,
        visit=visit,
        sha256=stored.sha256,
        size_bytes=stored.size_bytes,
        made_by=by,
    )
    audit.record(
        agency=by.agency_id,
        action="store_report",
        obj=report,
        by=by,
        case_id=visit.case_id,
        details={"sha256": stored.sha256, "bytes": stored.size_bytes},
    )
    return report


@transaction.atomic
def hand_over_report(
    *, by: Membership, report: VisitReport, on: date, revision: int | None = None
) -> VisitReport:
    """Note that the household received its report; the first time, the case is « reported ».

    `on` lies between the visit and today. An e-mail says that the report is on the private link.
    """
    case = moving.locked_case(by=by, case=report.visit.case, right="visit.view", revision=revision)
    row = (
        VisitReport.objects.select_for_update(of=("self",))
        .filter(pk=report.pk, agency_id=by.agency_id)
        .first()
    )
    if row is None:
        raise NotAllowed("Ce compte rendu n’est pas dans votre champ.")
    if not report.visit.visited_on <= on <= timezone.localdate():
        raise InvalidInput(
            "Le compte rendu se remet entre le jour de la visite et aujourd’hui.", field="on"
        )
    if row.handed_over_on is not None:
        return row
    row.handed_over_on = on
    row.save()
    case.last_contact_on = max(case.last_contact_on, on)
    if case.state == CaseState.VISITED:
        moving.change_state(case=case, verb="report", by=by)
    else:
        case.revision += 1
        case.save()
    messages.queue(
        agency=by.agency_id,
        kind="visit_report",
        dedupe_key=f"report:{row.pk}",
        to_email=case.household.email,
        case_id=case.pk,
        subject="Le compte rendu de votre visite est prêt",
        body=(
            "Bonjour,\n\nLe compte rendu de votre visite est prêt : ce que nous avons vu, ce que "
            "vous pouvez faire, et qui appeler.\n\nVous le trouverez avec le lien personnel reçu "
            "à l’enregistrement de votre demande. Si vous ne l’avez plus, appelez-nous"
            f"{_phone(case.programme.agency.phone)} : nous vous en donnerons un autre.\n\n"
            f"Référence de votre dossier : {case.reference}\n\n{case.programme.agency.name}"
        ),
    )
    audit.record(
        agency=by.agency_id,
        action="hand_over_report",
        obj=row,
        by=by,
        case_id=case.pk,
        details={"on": on.isoformat()},
    )
    return row


def _phone(phone: str) -> str:
    return f" au {phone}" if phone else ""
