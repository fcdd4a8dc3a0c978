"""Reading what follows a visit. The membership acting comes first, always."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet, Sum

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import require
from atre.domain.households.models import Case
from atre.domain.households.selectors import cases_in_scope
from atre.domain.support.enums import MediationState
from atre.domain.support.mediation_plan import Proposal, next_step
from atre.domain.support.models import (
    AidFile,
    FollowUp,
    LandlordMediation,
    MediationStep,
    Orientation,
    SavingRecord,
    Support,
    SupportAction,
)


@dataclass(frozen=True)
class MediationView:
    """A mediation with its steps in order and what they call for."""

    row: LandlordMediation
    steps: list[MediationStep]
    proposal: Proposal | None


def orientations_of(*, by: Membership, case: Case) -> list[Orientation]:
    """Where a household was directed, the newest first."""
    require(by, "orientation.send")
    rows = Orientation.objects.filter(agency_id=by.agency_id, case=case)
    return list(
        rows.select_related(
            "service", "sent_by__user", "received_by__user", "answered_by__user"
        ).order_by("-sent_at")
    )


def orientation_for(*, by: Membership, case: Case, pk: int) -> Orientation:
    """One orientation of a case; `DoesNotExist` when foreign or absent."""
    require(by, "orientation.send")
    rows = Orientation.objects.select_related("service", "case")
    return rows.get(pk=pk, agency_id=by.agency_id, case=case)


def support_of(*, by: Membership, case: Case) -> Support | None:
    """The reinforced support of a case, open or closed, with its actions (`actions.all()`)."""
    require(by, "support.write")
    actions = SupportAction.objects.select_related("by__user").order_by("-on", "-pk")
    return (
        Support.objects.filter(agency_id=by.agency_id, case=case)
        .select_related("adviser__user")
        .prefetch_related(Prefetch("actions", actions))
        .first()
    )


def minutes_spent(*, by: Membership, case: Case) -> int | None:
    """Time noted on a case; None when nothing was."""
    require(by, "support.write")
    rows = SupportAction.objects.filter(agency_id=by.agency_id, support__case=case)
    total: int | None = rows.aggregate(total=Sum("minutes"))["total"]
    return total


def aids_of(*, by: Membership, case: Case) -> list[AidFile]:
    """Aids asked for a household, the newest first."""
    require(by, "support.write")
    rows = AidFile.objects.filter(agency_id=by.agency_id, case=case)
    return list(rows.select_related("by__user").order_by("-asked_on", "-pk"))


def aid_for(*, by: Membership, case: Case, pk: int) -> AidFile:
    """One aid file of a case; `DoesNotExist` when foreign or absent."""
    require(by, "support.write")
    return AidFile.objects.select_related("case").get(pk=pk, agency_id=by.agency_id, case=case)


def mediations_of(*, by: Membership, case: Case, on: date) -> list[MediationView]:
    """Mediations of a case with their steps, the newest first."""
    require(by, "support.write")
    rows = _with_steps(LandlordMediation.objects.filter(agency_id=by.agency_id, case=case))
    return [_mediation_view(row, on=on) for row in rows.order_by("-opened_on", "-pk")]


def mediation_for(*, by: Membership, case: Case, pk: int, on: date) -> MediationView:
    """One mediation of a case; `DoesNotExist` when foreign or absent."""
    require(by, "support.write")
    rows = LandlordMediation.objects.filter(agency_id=by.agency_id, case=case)
    return _mediation_view(_with_steps(rows).select_related("case").get(pk=pk), on=on)


def _with_steps(rows: QuerySet[LandlordMediation]) -> QuerySet[LandlordMediation]:
    steps = MediationStep.objects.select_related("by__user", "letter").order_by("on", "pk")
    return rows.prefetch_related(Prefetch("steps", steps))


def _mediation_view(row: LandlordMediation, *, on: date) -> MediationView:
    steps = list(row.steps.all())
    proposal = next_step(steps, on=on) if row.state == MediationState.OPEN else None
    return MediationView(row=row, steps=steps, proposal=proposal)


def follow_up_of(*, by: Membership, case: Case) -> FollowUp | None:
    """The one-year follow-up of a case in reach; None before it opens."""
    reachable = cases_in_scope(by=by, right="follow_up.write")
    return (
        FollowUp.objects.filter(agency_id=by.agency_id, case=case, case__in=reachable.values("pk"))
        .select_related("case__programme", "by__user")
        .first()
    )


def savings_of(*, by: Membership, case: Case) -> list[SavingRecord]:
    """The savings of a case, one a tier; a tier without a row was never worked out."""
    require(by, "follow_up.write")
    return list(SavingRecord.objects.filter(agency_id=by.agency_id, case=case))
