"""What the template shows of a board: titles, chart rows, and the few figures to start with."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from atre.domain.steering.figures import Board, Group
from atre.web.design.formatting import duration, number, percent
from atre.web.steering import titles


def context(board: Board) -> dict[str, Any]:
    """Everything the board's template reads."""
    return {
        "board": board,
        "question": board.question,
        "source": board.question.source,
        "key_figures": list(key_figures(board)),
        "intake": [
            chart(board.channels, titles.largest(board.channels)),
            chart(board.difficulties, titles.largest(board.difficulties)),
        ],
        "eligibility": chart(board.eligibility, titles.eligibility(board.eligibility)),
        "delays": [
            {"title": titles.delay(one), "delay": one} for one in (board.to_visit, board.to_report)
        ],
        "appointments": board.appointments
        and chart(board.appointments, titles.appointments(board.appointments)),
        "orientations": chart(board.orientations, titles.orientations(board.orientations)),
        "support": chart(board.support, titles.support(board)) | {"share_rows": share_rows(board)},
        "support_percent": percent_of(board.support.share("supported")),
        "support_target": percent_of(board.support_target),
        "time": time_rows(board),
        "aids": aid_totals(board),
        "follow_ups": chart(board.follow_ups, titles.follow_ups(board.follow_ups)),
        "exits": chart(board.exits, titles.exits(board.exits)),
    }


def chart(group: Group, title: str) -> dict[str, Any]:
    return {"title": title, "group": group, "rows": titles.chart_rows(group)}


def share_rows(board: Board) -> list[dict[str, Any]]:
    """The supported share alone, on the scale of its target."""
    share = board.support.share("supported")
    return [{"label": board.support.cell("supported").label, "value": percent_of(share)}]


def percent_of(share: float | Decimal | None) -> float | None:
    return None if share is None else float(share) * 100


def key_figures(board: Board) -> Iterator[dict[str, Any]]:
    """The figures a meeting starts with, each with what it is a part of."""
    requests, eligible = board.channels.total, board.eligibility.cell("yes")
    yield {"label": "Demandes", "value": shown(requests.count)}
    yield {
        "label": "Éligibles",
        "value": shown(eligible.count),
        "note": part(board.eligibility, "yes", "des demandes"),
    }
    visited = board.visits or board.support.total
    yield {
        "label": "Visites faites" if board.visits else "Ménages visités",
        "value": shown(visited.count),
    }
    days = board.to_visit.median_days
    yield {
        "label": "De la demande à la visite",
        "value": None if days is None else f"{number(days)} j",
        "note": "" if days is None else "délai médian",
    }
    yield {
        "label": "Accompagnés après la visite",
        "value": shown(board.support.cell("supported").count),
        "note": part(board.support, "supported", "des ménages visités"),
        "target": percent(board.support_target) if board.support_target is not None else "",
    }
    yield {
        "label": "Suivis à un an faits",
        "value": shown(board.follow_ups.cell("done").count),
        "note": part(board.follow_ups, "done", "des suivis dus"),
    }


def shown(count: int | None) -> str:
    return "secret" if count is None else number(count)


def part(group: Group, key: str, words: str) -> str:
    share = group.share(key)
    return "" if share is None else f"{percent(share)} {words}"


def time_rows(board: Board) -> dict[str, Any]:
    """Time by kind, and its total when no kind is missing."""
    whole = sum(line.minutes for line in board.time)
    return {
        "lines": [
            {
                "label": line.label,
                "households": line.households,
                "duration": duration_text(line.minutes),
            }
            for line in board.time
        ],
        "total": None if board.hidden or not board.time else duration_text(whole),
    }


def duration_text(minutes: int) -> str:
    """Hours stay hours: a team counts its work in hours, not in days."""
    return duration(minutes) if minutes < 48 * 60 else f"{number(minutes / 60)} h"


def aid_totals(board: Board) -> dict[str, Any]:
    """Aid lines with their totals, unknown amounts counted apart; no total over hidden lines."""
    if board.hidden:
        return {"lines": board.aids, "totals": None}
    known = [aid.granted_eur for aid in board.aids if aid.granted_eur is not None]
    asked = [aid.asked_eur for aid in board.aids if aid.asked_eur is not None]
    return {
        "lines": board.aids,
        "totals": {
            "files": sum(aid.files or 0 for aid in board.aids),
            "asked_eur": sum(asked, Decimal(0)) if asked else None,
            "asked_unknown": sum(aid.asked_unknown or 0 for aid in board.aids),
            "granted": sum(aid.granted or 0 for aid in board.aids),
            "granted_eur": sum(known, Decimal(0)) if known else None,
            "refused": sum(aid.refused or 0 for aid in board.aids),
            "pending": sum(aid.pending or 0 for aid in board.aids),
        },
    }
