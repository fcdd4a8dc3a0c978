"""What comes in: requests by channel and difficulty, eligibility, and what waits for a visit."""

from datetime import timedelta

from django.db.models import Case as Choose
from django.db.models import CharField, F, Q, When

from atre.domain.households.enums import (
    CaseState,
    Channel,
    ClosingReason,
    Difficulty,
    EligibilityAnswer,
)
from atre.domain.households.models import Case
from atre.domain.steering import counting
from atre.domain.steering.figures import Group, Waiting, WaitingCase
from atre.domain.steering.question import Question

# No text sets it: two months without a visit is the house's working value for « stalled », as in
# domain/households/rhythm.py. Delays of visits made would otherwise look short (demarches 4690).
WAITING_TOO_LONG_DAYS = 60
MOST_NAMED = 15
BEFORE_VISIT = (
    CaseState.RECEIVED,
    CaseState.TO_COMPLETE,
    CaseState.ELIGIBLE,
    CaseState.ASSIGNED,
    CaseState.SCHEDULED,
)
# A person's decision stands over the computed answer.
STANDING_ANSWER = Choose(
    When(override_answer="", then=F("eligibility_answer")),
    default=F("override_answer"),
    output_field=CharField(),
)


def requests(question: Question) -> tuple[Group, Group, Group]:
    """(by channel, by difficulty, by eligibility) of requests deposited in the period. One query."""
    rows = Case.objects.filter(question.cases(), question.within("deposited_on"))
    counts = counting.counts_of(
        rows.annotate(standing=STANDING_ANSWER),
        **{f"channel_{channel}": Q(channel=channel) for channel in Channel},
        **{f"difficulty_{name}": Q(**{str(name): True}) for name in Difficulty},
        **{f"answer_{answer}": Q(standing=answer) for answer in EligibilityAnswer},
    )
    counted = f"demandes déposées {question.period.sentence}"
    whole = counting.total(counts["total"], "Demandes")

    def group(key: str, title: str, choices: list[tuple[str, str]], *, exclusive: bool) -> Group:
        return Group(
            key=key,
            title=title,
            counted=counted,
            unit="demandes",
            total=whole,
            cells=counting.cells(choices, {str(k): counts[f"{key}_{k}"] for k, _ in choices}),
            exclusive=exclusive,
        )

    return (
        group("channel", "Demandes par voie d’arrivée", Channel.choices, exclusive=True),
        group("difficulty", "Difficultés citées", Difficulty.choices, exclusive=False),
        group("answer", "Éligibilité", EligibilityAnswer.choices, exclusive=True),
    )


def doubles(question: Question) -> int:
    """Requests of the period closed as doubles, which no figure counts."""
    return Case.objects.filter(
        question.reach(),
        question.within("deposited_on"),
        state=CaseState.CLOSED,
        closing_reason=ClosingReason.DUPLICATE,
    ).count()


def waiting(question: Question) -> Waiting:
    """Open cases without a visit since too long, whatever the period. Two queries."""
    rows = Case.objects.filter(
        question.cases(),
        state__in=BEFORE_VISIT,
        deposited_on__lt=question.on - timedelta(days=WAITING_TOO_LONG_DAYS),
    )
    label = f"Dossiers sans visite depuis plus de {WAITING_TOO_LONG_DAYS} jours"
    oldest = (
        []
        if question.restricted
        else rows.select_related("dwelling__commune").order_by("deposited_on", "pk")[:MOST_NAMED]
    )
    return Waiting(
        after_days=WAITING_TOO_LONG_DAYS,
        cases=counting.total(rows.count(), label),
        oldest=tuple(
            WaitingCase(
                reference=case.reference,
                state=case.get_state_display(),
                commune=case.dwelling.commune.name,
                days=(question.on - case.deposited_on).days,
            )
            for case in oldest
        ),
    )
