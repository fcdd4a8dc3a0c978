"""The figures of a board as flat rows, for a file: one figure a line, with all it needs to be read."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from atre.domain.steering.figures import Board, Cell, Delay, Group, Measure
from atre.domain.steering.secrecy import FEWEST

# One word for the small cells and for those that would betray them: two would tell which is which.
SECRET = f"secret (moins de {FEWEST}, ou le révélerait)"
UNKNOWN = "inconnu"

Value = int | float | Decimal | str


@dataclass(frozen=True)
class Row:
    """One figure. `value` is a number, or the word that says why there is none."""

    section: str
    label: str
    value: Value
    unit: str
    counted: str


def rows(board: Board) -> Iterator[Row]:
    """Every figure of a board that its reader may see."""
    for group in (board.channels, board.difficulties, board.eligibility):
        yield from _group(group)
    yield from _delay(board.to_visit)
    yield from _delay(board.to_report)
    if board.waiting is not None:
        yield Row(
            "Dossiers qui attendent",
            board.waiting.cases.label,
            _count(board.waiting.cases),
            "dossiers",
            "dossiers ouverts au jour de lecture",
        )
    during = board.question.period.sentence
    if board.visits is not None:
        yield Row("Visites", "Visites faites", _count(board.visits), "visites", during)
    if board.appointments is not None:
        yield from _group(board.appointments)
    for kit in board.kits:
        yield Row("Matériel donné", kit.label, kit.objects, "objets", f"visites faites {during}")
        if kit.without_quantity:
            yield Row(
                "Matériel donné",
                f"{kit.label}, nombre non noté",
                kit.without_quantity,
                "lignes",
                f"visites faites {during}",
            )
    yield from _group(board.orientations)
    yield from _group(board.support)
    if board.support_target is not None:
        yield Row(
            board.support.title,
            "Objectif du dispositif",
            board.support_target * 100,
            "%",
            board.support.counted,
        )
    yield from _work(board)
    yield from _group(board.follow_ups)
    yield from _group(board.exits)
    yield from _savings(board)


def _count(cell: Cell) -> Value:
    return SECRET if cell.count is None else cell.count


def _group(group: Group) -> Iterator[Row]:
    yield Row(group.title, group.total.label, _count(group.total), group.unit, group.counted)
    for cell in group.cells:
        yield Row(group.title, cell.label, _count(cell), group.unit, group.counted)


def _delay(delay: Delay) -> Iterator[Row]:
    none = SECRET if delay.cases.secret else UNKNOWN
    for label, days in (("Médiane", delay.median_days), ("90e centile", delay.p90_days)):
        yield Row(delay.title, label, none if days is None else days, "jours", delay.counted)
    if not delay.cases.secret:
        yield Row(delay.title, "Mesurés", _count(delay.cases), "dossiers", delay.counted)


def _work(board: Board) -> Iterator[Row]:
    during = board.question.period.sentence
    for line in board.time:
        yield Row("Temps passé", line.label, line.minutes, "minutes", f"actions {during}")
    for aid in board.aids:
        counted = f"aides demandées {during}, à leur état du jour de lecture"
        yield Row("Aides", f"{aid.label}, ménages", _count(aid.households), "ménages", counted)
        for label, count in (
            ("dossiers", aid.files),
            ("accordés", aid.granted),
            ("refusés", aid.refused),
            ("en attente", aid.pending),
            ("montant demandé inconnu", aid.asked_unknown),
        ):
            if count is not None:
                yield Row("Aides", f"{aid.label}, {label}", count, "dossiers", counted)
        for label, amount in (("demandé", aid.asked_eur), ("accordé", aid.granted_eur)):
            if amount is not None:
                yield Row("Aides", f"{aid.label}, {label}", amount, "€", counted)


def _savings(board: Board) -> Iterator[Row]:
    during = f"économies établies {board.question.period.sentence}"
    for tier in board.savings:
        section = f"Économies : {tier.label.lower()}"
        yield Row(section, "Dossiers", _count(tier.cases), "dossiers", during)
        for measure in (tier.kwh_per_year, tier.euros_per_year):
            yield from _measure(section, measure, during)


def _measure(section: str, measure: Measure, during: str) -> Iterator[Row]:
    known = _count(measure.known)
    yield Row(section, f"Dossiers où les {measure.unit} sont connus", known, "dossiers", during)
    for label, value in (("Somme", measure.total), ("Médiane", measure.median)):
        none = SECRET if measure.known.secret else UNKNOWN
        yield Row(section, label, none if value is None else value, measure.unit, during)
