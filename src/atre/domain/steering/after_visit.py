"""What follows a visit: partners, reinforced support, time, aid."""

from django.db.models import Count, Exists, Max, OuterRef, Q, Sum

from atre.domain.households.models import Case
from atre.domain.steering import counting
from atre.domain.steering.figures import Aid, Cell, Group, TimeSpent
from atre.domain.steering.question import Question
from atre.domain.support.enums import AidKind, AidState, OrientationState, SupportActionKind
from atre.domain.support.models import AidFile, Orientation, Support, SupportAction
from atre.domain.visits.enums import VisitState
from atre.domain.visits.models import Visit

GRANTED = (AidState.GRANTED, AidState.PAID)


def orientations(question: Question) -> Group:
    """Orientations sent in the period, by where they stand today. One query.

    A reader outside the agency gets households alone: several orientations may be one household's,
    so that their number would pass the threshold for too few people.
    """
    rows = Orientation.objects.filter(
        question.cases("case__"),
        agency_id=question.agency_id,
        sent_at__date__gte=question.period.start,
        sent_at__date__lte=question.period.end,
    )
    if question.restricted:
        return Group(
            key="orientations",
            title="Ménages orientés vers un partenaire",
            counted=f"ménages avec une orientation envoyée {question.period.sentence}",
            unit="ménages",
            total=counting.total(
                rows.order_by().values("case__household").distinct().count(), "Ménages orientés"
            ),
            cells=(),
        )
    counts = counting.counts_by(rows, "state")
    return Group(
        key="orientations",
        title="Orientations vers des partenaires",
        counted=f"orientations envoyées {question.period.sentence}, à leur état d’aujourd’hui",
        unit="orientations",
        total=counting.total(sum(counts.values()), "Orientations"),
        cells=counting.cells(OrientationState.choices, counts),
    )


def support(question: Question) -> Group:
    """Households visited in the period, with and without a reinforced support. One query."""
    visited = Visit.objects.filter(
        question.within("visited_on"),
        agency_id=question.agency_id,
        case=OuterRef("pk"),
        state=VisitState.SEALED,
    )
    supported = Support.objects.filter(agency_id=question.agency_id, case=OuterRef("pk"))
    rows = Case.objects.filter(Exists(visited), question.cases())
    counts = counting.counts_of(
        rows.annotate(has_support=Exists(supported)),
        supported=Q(has_support=True),
        not_supported=Q(has_support=False),
    )
    return Group(
        key="support",
        title="Accompagnement renforcé",
        counted=f"ménages visités {question.period.sentence}",
        unit="ménages",
        total=counting.total(counts["total"], "Ménages visités"),
        cells=(
            Cell("supported", "Accompagnés après la visite", counts["supported"]),
            Cell("not_supported", "Visités sans accompagnement", counts["not_supported"]),
        ),
    )


def time_spent(question: Question) -> tuple[TimeSpent, ...]:
    """Time noted on support actions of the period, by kind. One query."""
    rows = (
        SupportAction.objects.filter(
            question.cases("support__case__"), question.within("on"), agency_id=question.agency_id
        )
        .order_by()
        .values_list("kind")
        .annotate(n=Count("pk"), minutes=Sum("minutes"), households=Count("support", distinct=True))
    )
    found = {kind: figures for kind, *figures in rows}
    return tuple(
        TimeSpent(
            label=str(label),
            actions=found[kind][0],
            minutes=found[kind][1],
            households=Cell(kind, str(label), found[kind][2]),
        )
        for kind, label in SupportActionKind.choices
        if kind in found
    )


def aids(question: Question) -> tuple[Aid, ...]:
    """Aid files asked in the period, by kind, at their state of today. One query."""
    rows = (
        AidFile.objects.filter(
            question.cases("case__"), question.within("asked_on"), agency_id=question.agency_id
        )
        .order_by()
        .values("kind")
        .annotate(
            files=Count("pk"),
            households=Count("case__household", distinct=True),
            granted_households=Count("case__household", filter=Q(state__in=GRANTED), distinct=True),
            asked=Sum("asked_eur"),
            asked_known=Count("asked_eur"),
            granted=Count("pk", filter=Q(state__in=GRANTED)),
            granted_sum=Sum("granted_eur", filter=Q(state__in=GRANTED)),
            largest=Max("granted_eur", filter=Q(state__in=GRANTED)),
            refused=Count("pk", filter=Q(state=AidState.REFUSED)),
            pending=Count("pk", filter=Q(state=AidState.ASKED)),
        )
    )
    found = {row["kind"]: row for row in rows}
    return tuple(
        Aid(
            label=str(label),
            households=Cell(kind, str(label), found[kind]["households"]),
            files=found[kind]["files"],
            asked_eur=found[kind]["asked"],
            asked_unknown=found[kind]["files"] - found[kind]["asked_known"],
            granted=found[kind]["granted"],
            granted_eur=found[kind]["granted_sum"],
            refused=found[kind]["refused"],
            pending=found[kind]["pending"],
            granted_households=found[kind]["granted_households"],
            largest_eur=found[kind]["largest"],
        )
        for kind, label in AidKind.choices
        if kind in found
    )
