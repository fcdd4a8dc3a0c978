"""Points of a load curve, from columns of text: each cell that cannot be read costs its row and is
said; blanks stay, as unknown values."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atre.formats.curve_steps import Integers
from atre.formats.instants import Floats, instants_of, numbers_of
from atre.formats.local_time import (
    NEVER_EXISTED_FR,
    SECOND_OF_TWO_FR,
    Instants,
    Mask,
    ParisClock,
)
from atre.formats.reading import Reject
from atre.formats.text_files import WarningTally, rejected

BLANK_FR = "Valeur vide : gardée comme inconnue, elle n’est pas comptée comme zéro."
NO_DATE_FR = "Date illisible, ou hors des années 1996 à 2099."
NO_NUMBER_FR = "Valeur qui n’est pas un nombre ; l’intervalle est gardé, sans valeur."


@dataclass(frozen=True, slots=True)
class Points:
    """Points of one curve, shape (n,): UTC instants (no NaT), values (NaN for blank), the line of
    each, the length in microseconds when the file says it (0 when not), the file's own word."""

    at: Instants
    values: Floats
    lines: Integers
    steps: Integers
    quality: NDArray[np.object_]

    def taken(self, chosen: NDArray[np.intp] | Mask | slice) -> "Points":
        return Points(
            self.at[chosen],
            self.values[chosen],
            self.lines[chosen],
            self.steps[chosen],
            self.quality[chosen],
        )


def joined(pieces: list[Points]) -> Points:
    """Points of one meter end to end, in the order given; at least one piece. Nothing is sorted nor
    made unique here: the curve does that, which also knows the points given before.

    >>> late, early = (
    ...     points_of([day], ["1"], [line], clock=ParisClock(), warnings=WarningTally())[0]
    ...     for line, day in ((2, "2022-02-02"), (3, "2022-02-01"))
    ... )
    >>> joined([late, early]).at.astype("datetime64[D]").astype(str).tolist()
    ['2022-02-01', '2022-01-31']
    """
    return Points(
        np.concatenate([piece.at for piece in pieces]),
        np.concatenate([piece.values for piece in pieces]),
        np.concatenate([piece.lines for piece in pieces]),
        np.concatenate([piece.steps for piece in pieces]),
        np.concatenate([piece.quality for piece in pieces]),
    )


def points_of(
    times: Sequence[str],
    values: Sequence[str],
    lines: Sequence[int],
    *,
    clock: ParisClock,
    warnings: WarningTally,
    steps: Sequence[int] | Integers | int = 0,
    quality: Sequence[str | None] | None = None,
) -> tuple[Points, list[Reject]]:
    """The points of text columns of the same length, and the rows refused.

    steps : the length that the file says, in microseconds, 0 when it says none. A row without a
    readable date is left out; a row without a readable number stays, with an unknown value.

    >>> points, rejects = points_of(
    ...     ["2021-01-07T01:00:00+01:00", "hier"], ["", "5"], [4, 5],
    ...     clock=ParisClock(), warnings=WarningTally(),
    ... )
    >>> points.at.astype(str).tolist(), points.values.tolist(), [r.line for r in rejects]
    (['2021-01-07T00:00:00.000000'], [nan], [5])
    """
    read = instants_of(times, clock)
    numbers, unreadable = numbers_of(values)
    rows = np.asarray(lines, dtype=np.int64)
    rejects = _refused(np.isnat(read.utc), rows, NO_DATE_FR, times)
    rejects += _refused(unreadable & ~np.isnat(read.utc), rows, NO_NUMBER_FR, values)
    rejects += _refused(read.missing, rows, NEVER_EXISTED_FR, times)
    kept = ~np.isnat(read.utc) & ~read.missing
    _warn_first(warnings, BLANK_FR, np.isnan(numbers) & ~unreadable & kept, rows)
    _warn_first(warnings, SECOND_OF_TWO_FR, read.twice, rows)
    words = np.full(len(rows), None, dtype=object)
    if quality is not None:
        words[:] = [word or None for word in quality]
    points = Points(
        at=read.utc,
        values=numbers,
        lines=rows,
        steps=np.broadcast_to(np.asarray(steps, dtype=np.int64), rows.shape),
        quality=words,
    )
    return (points if kept.all() else points.taken(kept)), rejects


def _refused(refused: Mask, lines: Integers, reason_fr: str, texts: Sequence[str]) -> list[Reject]:
    return [
        rejected(int(lines[place]), reason_fr, found=texts[int(place)])
        for place in np.flatnonzero(refused)
    ]


def _warn_first(warnings: WarningTally, reason_fr: str, found: Mask, lines: Integers) -> None:
    if found.any():
        line = int(lines[int(np.argmax(found))])
        warnings.add(reason_fr, line=line, count=int(found.sum()))
