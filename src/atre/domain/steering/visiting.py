"""What happens at homes: delays, visits and absences, and what was given."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from atre.domain.steering import counting
from atre.domain.steering.figures import Cell, Delay, Group, Kit
from atre.domain.steering.question import Question
from atre.domain.visits import catalogue
from atre.domain.visits.enums import AppointmentState, VisitState
from atre.domain.visits.models import Appointment, Visit, VisitReport


def _sealed(question: Question) -> Any:
    return Visit.objects.filter(
        question.cases("case__"),
        question.within("visited_on"),
        agency_id=question.agency_id,
        state=VisitState.SEALED,
    )


def visits(question: Question) -> Cell:
    """Visits finished, by their day. One query."""
    return Cell("visits", "Visites faites", _sealed(question).count())


def delay_to_visit(question: Question) -> Delay:
    """From the request to the case's first visit, for visits made in the period. One query."""
    earlier = Visit.objects.filter(
        Q(visited_on__lt=OuterRef("visited_on"))
        | Q(visited_on=OuterRef("visited_on"), pk__lt=OuterRef("pk")),
        agency_id=question.agency_id,
        case=OuterRef("case"),
        state=VisitState.SEALED,
    )
    return counting.delay(
        _sealed(question).filter(~Exists(earlier)),
        of=F("visited_on") - F("case__deposited_on"),
        key="to_visit",
        title="De la demande à la visite",
        counted=f"premières visites faites {question.period.sentence}",
    )


def delay_to_report(question: Question) -> Delay:
    """From the visit to its first report handed over in the period. One query."""
    earlier = VisitReport.objects.filter(
        Q(handed_over_on__lt=OuterRef("handed_over_on"))
        | Q(handed_over_on=OuterRef("handed_over_on"), pk__lt=OuterRef("pk")),
        agency_id=question.agency_id,
        visit=OuterRef("visit"),
    )
    handed_over = VisitReport.objects.filter(
        question.cases("visit__case__"),
        question.within("handed_over_on"),
        agency_id=question.agency_id,
    )
    return counting.delay(
        handed_over.filter(~Exists(earlier)),
        of=F("handed_over_on") - F("visit__visited_on"),
        key="to_report",
        title="De la visite au compte rendu",
        counted=f"comptes rendus remis {question.period.sentence}",
    )


def appointments(question: Question) -> Group:
    """What became of the appointments of the period, up to the day of reading. One query."""
    rows = Appointment.objects.filter(
        question.cases("case__"),
        agency_id=question.agency_id,
        starts_at__date__gte=question.period.start,
        starts_at__date__lte=min(question.period.end, question.on),
    )
    counts = counting.counts_by(rows, "state")
    return Group(
        key="appointments",
        title="Rendez-vous de visite",
        counted=f"rendez-vous prévus {question.period.sentence}, jusqu’au jour de lecture",
        unit="rendez-vous",
        total=counting.total(sum(counts.values()), "Rendez-vous"),
        cells=counting.cells(AppointmentState.choices, counts),
    )


def kits(question: Question) -> tuple[Kit, ...]:
    """Objects given, the most given first; a line without a number is counted apart. One query."""
    objects: Counter[str] = Counter()
    households: dict[str, set[int]] = defaultdict(set)
    unspecified: Counter[str] = Counter()
    lists = _sealed(question).values_list("case__household_id", "document__equipment")
    for household, lines in lists.iterator(chunk_size=2000):
        for line in lines or []:
            if line["item"] is None:
                continue
            households[line["item"]].add(household)
            if line["quantity"] is None:
                unspecified[line["item"]] += 1
            else:
                objects[line["item"]] += line["quantity"]
    return tuple(
        Kit(
            label=catalogue.EQUIPMENT[item].label,
            objects=objects[item],
            households=Cell(item, catalogue.EQUIPMENT[item].label, len(households[item])),
            without_quantity=unspecified[item],
        )
        for item in sorted(households, key=lambda item: (-objects[item], item))
    )
