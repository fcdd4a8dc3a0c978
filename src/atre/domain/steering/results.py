"""What changed a year later: follow-ups, exit from energy poverty, savings by tier."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Q

from atre.domain.steering import counting
from atre.domain.steering.figures import Cell, Group, Measure, TierResult
from atre.domain.steering.question import Question
from atre.domain.support.enums import ExitAnswer, FollowUpState, SavingTier
from atre.domain.support.models import FollowUp, SavingRecord


def follow_ups(question: Question) -> tuple[Group, Group]:
    """(by state, by exit from energy poverty) of follow-ups due in the period. One query."""
    rows = FollowUp.objects.filter(
        question.cases("case__"),
        agency_id=question.agency_id,
        due_on__gte=question.period.start,
        due_on__lte=min(question.period.end, question.on),
    )
    done = Q(state=FollowUpState.DONE)
    counts = counting.counts_of(
        rows,
        **{str(state): Q(state=state) for state in FollowUpState},
        exit_yes=done & Q(exit_answer=ExitAnswer.YES),
        exit_no=done & Q(exit_answer=ExitAnswer.NO),
        # A follow-up without an answer to this question says nothing: it is not a « no ».
        exit_unknown=done & Q(exit_answer__in=["", ExitAnswer.UNKNOWN]),
    )
    due = f"suivis à faire {question.period.sentence}, jusqu’au jour de lecture"
    by_state = Group(
        key="follow_ups",
        title="Suivis à un an",
        counted=due,
        unit="suivis",
        total=counting.total(counts["total"], "Suivis dus"),
        cells=counting.cells(FollowUpState.choices, counts),
    )
    by_exit = Group(
        key="exits",
        title="Sortie de précarité énergétique",
        counted=f"suivis faits parmi ceux dus {question.period.sentence}",
        unit="ménages",
        total=counting.total(counts[FollowUpState.DONE], "Suivis faits"),
        cells=counting.cells(
            ExitAnswer.choices, {str(each): counts[f"exit_{each}"] for each in ExitAnswer}
        ),
    )
    return by_state, by_exit


def savings(question: Question) -> tuple[TierResult, ...]:
    """Savings recorded in the period, tier by tier, never added across tiers. One query."""
    rows = SavingRecord.objects.filter(
        question.cases("case__"), question.within("recorded_on"), agency_id=question.agency_id
    ).values_list("tier", "kwh_per_year", "euros_per_year")
    by_tier: dict[str, list[tuple[Decimal | None, Decimal | None]]] = {t: [] for t in SavingTier}
    for tier, kwh, euros in rows.iterator(chunk_size=5000):
        by_tier[tier].append((kwh, euros))
    return tuple(
        TierResult(
            tier=str(tier),
            label=str(SavingTier(tier).label),
            cases=Cell(str(tier), str(SavingTier(tier).label), len(found)),
            kwh_per_year=_measure("kWh/an", [kwh for kwh, _ in found]),
            euros_per_year=_measure("€/an", [euros for _, euros in found]),
        )
        for tier, found in by_tier.items()
    )


def _measure(unit: str, values: Sequence[Decimal | None]) -> Measure:
    known = [value for value in values if value is not None]
    return Measure(
        unit=unit,
        known=Cell(unit, unit, len(known)),
        total=float(sum(known)) if known else None,
        median=counting.median([float(value) for value in known]),
    )
