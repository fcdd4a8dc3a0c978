"""The cases behind the figures, one a line, without what names or finds a person."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import require
from atre.domain.households.enums import CaseState, Channel, ClosingReason, EligibilityAnswer
from atre.domain.households.models import Case
from atre.domain.steering.question import Question
from atre.domain.steering.taking_in import STANDING_ANSWER
from atre.domain.support.enums import ExitAnswer, FollowUpState
from atre.domain.visits.enums import VisitState
from atre.domain.visits.models import Visit, VisitReport

HEADERS = (
    "Référence",
    "Dispositif",
    "Code Insee",
    "Commune",
    "Voie",
    "Déposé le",
    "Factures élevées",
    "Difficultés à payer",
    "Trop froid ou trop chaud",
    "Humidité",
    "Éligibilité",
    "État",
    "Dans cet état depuis",
    "Motif de clôture",
    "Première visite",
    "Compte rendu remis",
    "Jours de la demande à la visite",
    "Jours de la visite au compte rendu",
    "Accompagnement ouvert le",
    "Suivi à un an",
    "Sortie de précarité",
)
Value = str | int | date | None


def cases(*, by: Membership, question: Question) -> Iterator[tuple[Value, ...]]:
    """Requests deposited in the period, oldest first, as `HEADERS`; None is unknown. One query.

    Erased households are left out: their case has nothing more to tell.
    """
    require(by, "steering.export")
    for row in _rows(question):
        yield _line(row)


def _rows(question: Question) -> Iterator[Mapping[str, Any]]:
    visited = Visit.objects.filter(
        agency_id=question.agency_id, case=OuterRef("pk"), state=VisitState.SEALED
    )
    reported = VisitReport.objects.filter(
        agency_id=question.agency_id, visit__case=OuterRef("pk"), handed_over_on__isnull=False
    )
    return (
        Case.objects.filter(
            question.cases(), question.within("deposited_on"), erased_at__isnull=True
        )
        .annotate(
            standing=STANDING_ANSWER,
            first_visit=Subquery(_first(visited, "visited_on", by="case")),
            first_report=Subquery(_first(reported, "handed_over_on", by="visit__case")),
        )
        .order_by("deposited_on", "pk")
        .values(
            "reference",
            "programme__name",
            "dwelling__commune_id",
            "dwelling__commune__name",
            "channel",
            "deposited_on",
            "high_bills",
            "trouble_paying",
            "too_cold_or_hot",
            "damp",
            "standing",
            "state",
            "state_since",
            "closing_reason",
            "first_visit",
            "first_report",
            "support__opened_on",
            "follow_up__state",
            "follow_up__exit_answer",
        )
        .iterator(chunk_size=2000)
    )


def _first(rows: QuerySet[Any], field: str, *, by: str) -> QuerySet[Any]:
    return rows.order_by().values(by).annotate(first=Min(field)).values("first")


def _line(row: Mapping[str, Any]) -> tuple[Value, ...]:
    deposited, visit, report = row["deposited_on"], row["first_visit"], row["first_report"]
    return (
        row["reference"],
        row["programme__name"],
        row["dwelling__commune_id"],
        row["dwelling__commune__name"],
        Channel(row["channel"]).label,
        deposited,
        *(
            "oui" if row[name] else "non cité"
            for name in ("high_bills", "trouble_paying", "too_cold_or_hot", "damp")
        ),
        EligibilityAnswer(row["standing"]).label,
        CaseState(row["state"]).label,
        timezone.localtime(row["state_since"]).date(),
        ClosingReason(row["closing_reason"]).label if row["closing_reason"] else None,
        visit,
        report,
        (visit - deposited).days if visit else None,
        (report - visit).days if visit and report else None,
        row["support__opened_on"],
        FollowUpState(row["follow_up__state"]).label if row["follow_up__state"] else None,
        ExitAnswer(row["follow_up__exit_answer"]).label if row["follow_up__exit_answer"] else None,
    )
