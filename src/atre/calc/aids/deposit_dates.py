"""Households whose files were deposited on different days, each judged by the rules of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from atre.calc.aids.result import AidResults, Euros, Ranks
from atre.calc.aids.situation import Situations
from atre.calc.three_valued import UNKNOWN_CODE, Codes


@dataclass(frozen=True, slots=True)
class DatedAnswers:
    """`status`, `amount_eur`, `confidence` as in `AidResults`, all (n,)."""

    status: Codes
    amount_eur: Euros
    confidence: Ranks


def judged_by_deposit_date(
    situations: Situations,
    deposit_on: NDArray[np.datetime64],
    judge: Callable[[Situations, date], AidResults],
) -> DatedAnswers:
    """Judge n households, each by its deposit date.

    `deposit_on`: datetime64[D], shape (n,); NaT = unknown, and so is the answer. One pass over the
    households of each distinct day: a year of files costs a few hundred passes, not n.

    >>> from atre.calc.aids.examples import example_projects
    >>> from atre.calc.aids.mpr_ampleur import mpr_ampleur
    >>> days = np.array(["2025-08-01", "2025-10-15", "NaT"], dtype="datetime64[D]")
    >>> judged_by_deposit_date(example_projects(3), days, mpr_ampleur).status.tolist()
    [0, 1, -1]
    """
    answers = DatedAnswers(
        np.full(situations.n, UNKNOWN_CODE, dtype=np.int8),
        np.full(situations.n, np.nan),
        np.zeros(situations.n, dtype=np.int8),
    )
    order = np.argsort(deposit_on, kind="stable")
    # NaT sorts last.
    known = order[: int((~np.isnat(deposit_on)).sum())]
    days, starts = np.unique(deposit_on[known], return_index=True)
    bounds = [*starts.tolist(), known.size]
    batches = situations.rows(known).between_bounds(bounds)
    for day, start, batch in zip(days, starts, batches, strict=False):
        found = judge(batch, day.astype("datetime64[D]").item())
        rows = known[start : start + batch.n]
        answers.status[rows] = found.status
        answers.amount_eur[rows] = found.amount_eur
        answers.confidence[rows] = found.confidence
    return answers
