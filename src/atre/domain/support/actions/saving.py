"""Keeping savings, one a tier and a case. Null is unknown, and its basis says why."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.households.models import Case
from atre.domain.support.enums import SavingTier
from atre.domain.support.models import SavingRecord
from atre.domain.visits.enums import VisitState
from atre.domain.visits.models import Visit
from atre.domain.visits.savings import estimated_saving


def sealed_visit(case: Case) -> Visit | None:
    """The last finished visit of a case."""
    return (
        Visit.objects.filter(agency_id=case.agency_id, case=case, state=VisitState.SEALED)
        .order_by("-sealed_at")
        .first()
    )


@transaction.atomic
def record_saving(
    *,
    case: Case,
    tier: SavingTier,
    kwh_per_year: float | Decimal | None,
    euros_per_year: Decimal | None,
    basis: str,
    on: date,
    by: Membership | None,
    channel: str = "screen",
) -> SavingRecord:
    """Write the saving of one tier, in the place of an earlier one of the same tier."""
    record, _ = SavingRecord.objects.update_or_create(
        case=case,
        tier=tier,
        defaults={
            "agency_id": case.agency_id,
            "kwh_per_year": None if kwh_per_year is None else Decimal(str(kwh_per_year)),
            "euros_per_year": euros_per_year,
            "basis": basis,
            "recorded_on": on,
        },
    )
    audit.record(
        agency=case.agency_id,
        action="record_saving",
        obj=record,
        by=by,
        channel=channel,
        case_id=case.pk,
        details={"tier": str(tier), "known": kwh_per_year is not None},
    )
    return record


def record_estimate(
    *, case: Case, visit: Visit, by: Membership | None, channel: str = "screen"
) -> SavingRecord:
    """The first tier, from the sealed visit: its figure, or why there is none."""
    estimate = estimated_saving(visit)
    return record_saving(
        case=case,
        tier=SavingTier.ESTIMATED,
        kwh_per_year=estimate.kwh_per_year,
        euros_per_year=estimate.euros_per_year,
        basis=estimate.basis_fr or estimate.unknown_because_fr or "",
        on=visit.visited_on,
        by=by,
        channel=channel,
    )
