"""The same figures for a reader outside the agency: small counts, and what betrays them, hidden."""

from dataclasses import replace

from atre.domain.steering.figures import (
    Aid,
    Board,
    Cell,
    Delay,
    Group,
    Measure,
    TierResult,
    TimeSpent,
)
from atre.domain.steering.secrecy import DOMINANCE, FEWEST, hidden_cells, is_small


def withhold(board: Board) -> Board:
    """A board without any count under the threshold, nor anything from which one is deduced."""
    follow_ups = withhold_group(board.follow_ups)
    return replace(
        board,
        channels=withhold_group(board.channels),
        difficulties=withhold_group(board.difficulties),
        eligibility=withhold_group(board.eligibility),
        to_visit=_delay(board.to_visit),
        to_report=_delay(board.to_report),
        # Of today, not of the period: two readings a day apart would show one household.
        waiting=None,
        # Of events and not of households: a household may have several.
        visits=None,
        appointments=None,
        kits=tuple(
            replace(kit, without_quantity=None)
            for kit in board.kits
            if _is_tellable(kit.households)
        ),
        orientations=withhold_group(board.orientations),
        support=withhold_group(board.support),
        time=tuple(_time(line) for line in board.time if _is_tellable(line.households)),
        aids=tuple(_aid(aid) for aid in board.aids if _is_tellable(aid.households)),
        follow_ups=follow_ups,
        exits=_exits(board.exits, done_is_hidden=follow_ups.cell("done").secret),
        savings=tuple(_tier(tier) for tier in board.savings),
        left_out_doubles=None,
        hidden=True,
    )


def withhold_group(group: Group) -> Group:
    """A group in which no count under the threshold can be read or deduced."""
    counts = [cell.count or 0 for cell in group.cells]
    whole = group.total.count or 0
    if is_small(whole):
        return replace(
            group, total=_secret(group.total), cells=tuple(_secret(cell) for cell in group.cells)
        )
    if group.exclusive:
        hidden = hidden_cells(counts)
    else:
        # Each cell stands alone over the total: « 95 of 100 » also says 5.
        hidden = frozenset(
            rank for rank, count in enumerate(counts) if hidden_cells([count, whole - count])
        )
    return replace(
        group,
        cells=tuple(
            _secret(cell) if rank in hidden else cell for rank, cell in enumerate(group.cells)
        ),
    )


def _secret(cell: Cell) -> Cell:
    return replace(cell, count=None)


def _is_tellable(cell: Cell) -> bool:
    return not is_small(cell.count or 0)


def _alone(cell: Cell) -> Cell:
    return cell if _is_tellable(cell) else _secret(cell)


def _exits(group: Group, *, done_is_hidden: bool) -> Group:
    """Its total is a cell of the follow-ups: hidden there, it must not be read here."""
    if done_is_hidden:
        return replace(
            group, total=_secret(group.total), cells=tuple(_secret(cell) for cell in group.cells)
        )
    return withhold_group(group)


def _delay(delay: Delay) -> Delay:
    """How many cases is not said: beside the number of visited households, it would tell the few
    who were visited twice."""
    cases = _secret(delay.cases)
    if is_small(delay.cases.count or 0):
        return replace(delay, cases=cases, median_days=None, p90_days=None)
    return replace(delay, cases=cases)


def _time(line: TimeSpent) -> TimeSpent:
    return replace(line, actions=None)


def _aid(aid: Aid) -> Aid:
    households, granted = aid.households.count or 0, aid.granted_households or 0
    tellable = (
        aid.granted_eur is not None
        and aid.largest_eur is not None
        and not hidden_cells([granted, households - granted])
        and float(aid.largest_eur) <= DOMINANCE * float(aid.granted_eur)
    )
    return replace(
        aid,
        files=None,
        asked_eur=None,
        asked_unknown=None,
        granted=None,
        granted_eur=aid.granted_eur if tellable else None,
        refused=None,
        pending=None,
        granted_households=None,
        largest_eur=None,
    )


def _tier(tier: TierResult) -> TierResult:
    return replace(
        tier,
        cases=_alone(tier.cases),
        kwh_per_year=_measure(tier.kwh_per_year, tier.cases),
        euros_per_year=_measure(tier.euros_per_year, tier.cases),
    )


def _measure(measure: Measure, cases: Cell) -> Measure:
    """Hidden when few know it, and when few do not: the two counts stand side by side."""
    known, whole = measure.known.count or 0, cases.count or 0
    if is_small(known) or 0 < whole - known < FEWEST:
        return replace(measure, known=_secret(measure.known), total=None, median=None)
    return measure
