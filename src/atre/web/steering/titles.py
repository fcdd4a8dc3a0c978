"""One message a chart: what its figures say, in a sentence that a meeting can read aloud."""

from atre.domain.steering.figures import Board, Delay, Group
from atre.web.design.formatting import counted, number, percent, plural
from atre.web.steering.words import agreed


def of(count: int | None, whole: int | None, unit: str) -> str:
    """« 12 demandes sur 80 », « 1 demande sur 80 », as far as it is known."""
    return f"{number(count)} {agreed(count, unit)} sur {number(whole)}"


def verb(count: int, one: str, many: str) -> str:
    return many if plural(count) else one


def largest(group: Group) -> str:
    """The largest cell, or the plain title when cells are secret, empty or even."""
    known = [cell for cell in group.cells if cell.count]
    if any(cell.secret for cell in group.cells) or not known or not group.total.count:
        return group.title
    first, *others = sorted(known, key=lambda cell: -(cell.count or 0))
    if others and others[0].count == first.count:
        return f"{group.title} : {first.label.lower()} et {others[0].label.lower()} à égalité"
    return f"{first.label} : {of(first.count, group.total.count, group.unit)}"


def eligibility(group: Group) -> str:
    yes, unknown = group.cell("yes").count, group.cell("unknown").count
    if yes is None or unknown is None or not group.total.count:
        return group.title
    are = verb(yes, "est éligible", "sont éligibles")
    title = f"{of(yes, group.total.count, group.unit)} {are}"
    remain = verb(unknown, "reste", "restent")
    return f"{title}, {number(unknown)} {remain} à établir" if unknown else title


def appointments(group: Group) -> str:
    held, absent = group.cell("held").count, group.cell("no_show").count
    if not group.total.count:
        return "Aucun rendez-vous de visite dans la période"
    if held is None:
        return group.title
    title = f"{of(held, group.total.count, group.unit)} {verb(held, 'a été tenu', 'ont été tenus')}"
    if not absent:
        return title
    away = verb(absent, "ménage était absent", "ménages étaient absents")
    return f"{title}, {number(absent)} {away}"


def orientations(group: Group) -> str:
    """A receipt is not an answer: accepted, declined or done are."""
    if not group.cells or not group.total.count:
        return group.title
    answered = sum(group.cell(key).count or 0 for key in ("accepted", "declined", "done"))
    have = verb(answered, "a", "ont")
    return f"{of(answered, group.total.count, group.unit)} {have} reçu une réponse"


def support(board: Board) -> str:
    share = board.support.share("supported")
    if share is None:
        return board.support.title
    done = f"{percent(share)} des ménages visités sont accompagnés après la visite"
    if board.support_target is None:
        return done
    reached = share >= float(board.support_target)
    verdict = "objectif atteint" if reached else "sous l’objectif"
    return f"{done} : {verdict} ({percent(board.support_target)})"


def delay(one: Delay) -> str:
    if one.median_days is None:
        return one.title
    return f"{one.title} : {counted(one.median_days, 'jour')} pour la moitié des dossiers"


def follow_ups(group: Group) -> str:
    done = group.cell("done").count
    if done is None or not group.total.count:
        return group.title
    are = verb(done, "est fait", "sont faits")
    return f"{of(done, group.total.count, group.unit)} à un an {are}"


def exits(group: Group) -> str:
    yes = group.cell("yes").count
    if yes is None or not group.total.count:
        return group.title
    out = verb(yes, "sorti", "sortis")
    return f"{of(yes, group.total.count, group.unit)} {out} de précarité énergétique"


def chart_rows(group: Group) -> list[dict[str, str | int | None]]:
    """Rows as the chart components read them, with their share when it may be told."""
    rows = []
    for cell in group.cells:
        share = group.share(cell.key)
        rows.append(
            {
                "label": cell.label,
                "value": cell.count,
                "secret": cell.secret,
                "note": percent(share) if share is not None else "",
            }
        )
    return rows
