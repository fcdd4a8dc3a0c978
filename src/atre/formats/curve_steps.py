"""How long each point of a load curve lasted, told from its neighbours.

A gap between two points is a step only when it is one of the usual steps and is repeated; any other
gap is a hole, and the point beside it lasts as long as the repeated steps around it.
"""

import numpy as np
from numpy.typing import NDArray

from atre.formats.local_time import Instants

Integers = NDArray[np.int64]

MINUTE = 60_000_000  # in microseconds
USUAL_STEPS = np.array([5, 10, 15, 20, 30, 60], dtype=np.int64) * MINUTE
# A run of equal gaps shorter than this is not yet a step: two missing half hours are no hour.
REPEATED = 4


def interval_lengths(at: Instants, declared: Integers, *, ends: bool) -> Integers:
    """The length of each point's interval in microseconds, 0 where it cannot be told.

    at : instants strictly increasing, shape (n,). declared : the length the file says, 0 if none.
    ends : whether an instant is the end of its interval, its beginning otherwise.

    >>> night = np.array(["2021-02-12T11", "2021-02-12T12", "2021-02-13T00:30"], "datetime64[us]")
    >>> (interval_lengths(night, np.zeros(3, np.int64), ends=True) / MINUTE).tolist()
    [60.0, 60.0, 60.0]
    """
    if not at.size or (declared > 0).all():
        return declared
    gaps = np.diff(at).astype(np.int64)
    steps = _repeated_steps(gaps)
    # The gap that ends (or begins) at each point; the one the curve lacks is taken as unknown.
    own = np.concatenate(([0], steps)) if ends else np.concatenate((steps, [0]))
    before = _last_known(own)
    after = _last_known(own[::-1])[::-1]
    both = np.where((before > 0) & (after > 0), np.minimum(before, after), before + after)
    told = np.where(own > 0, own, both)
    own_gap = np.concatenate(([0], gaps)) if ends else np.concatenate((gaps, [0]))
    # A point nearer than its step would overlap: only a usual gap is then a length.
    nearer = (own_gap > 0) & (own_gap < told)
    told = np.where(nearer, np.where(np.isin(own_gap, USUAL_STEPS), own_gap, 0), told)
    lengths: Integers = np.where(declared > 0, declared, told)
    return lengths


def _repeated_steps(gaps: Integers) -> Integers:
    """Each gap where it is a usual step repeated `REPEATED` times (or, in a curve too short for
    that, the smallest usual gap); 0 elsewhere."""
    usual = np.isin(gaps, USUAL_STEPS)
    if not usual.any():
        return np.zeros_like(gaps)
    bounds = np.flatnonzero(np.concatenate(([True], np.diff(gaps) != 0, [True])))
    runs = np.repeat(np.diff(bounds), np.diff(bounds))
    repeated = usual & (runs >= REPEATED)
    if not repeated.any():
        repeated = gaps == gaps[usual].min()
    steps: Integers = np.where(repeated, gaps, 0)
    return steps


def _last_known(steps: Integers) -> Integers:
    """Each value, or the last one before it that is not 0."""
    places = np.maximum.accumulate(np.where(steps > 0, np.arange(steps.size), 0))
    known: Integers = steps[places]
    return known


def written_lengths(starts: Instants, ends: Instants) -> Integers:
    """The lengths between two legal times as written: the hour that a change of clock adds or
    takes away is given back; 0 for what is still no usual length.

    >>> autumn = np.array(["2021-10-31T02:30"], "datetime64[us]")
    >>> (written_lengths(autumn, autumn - np.timedelta64(30, "m")) / MINUTE).tolist()
    [30.0]
    """
    lengths = np.where(np.isnat(starts) | np.isnat(ends), 0, (ends - starts).astype(np.int64))
    told = np.zeros(lengths.shape, dtype=np.int64)
    for hour in (0, 60 * MINUTE, -60 * MINUTE):
        shifted = lengths + hour
        told = np.where((told == 0) & np.isin(shifted, USUAL_STEPS), shifted, told)
    return told
