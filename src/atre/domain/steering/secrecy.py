"""Which counts a reader outside the agency may see. Explained in docs/reference/steering.md.

The reader is taken for an attacker who knows this file. In a list of counts that share a known
total, the hidden cells are the smallest ones, ties included: whoever knows how much they add up to
cannot tell which is which, because exchanging two of them hides the same cells. So the cells
hidden together must not all be equal, and must add up to more than the threshold.
"""

from collections.abc import Sequence

# Household counts below eleven are not published (INSEE, manuel de protection des tableaux:
# fewer than 11 fiscal units).
FEWEST = 11
# One contributor above this share of an amount would be read from the amount (same manual).
DOMINANCE = 0.85


def is_small(count: int) -> bool:
    return count < FEWEST


def hidden_cells(counts: Sequence[int]) -> frozenset[int]:
    """Positions to hide among counts that partition a total the reader knows.

    >>> sorted(hidden_cells([40, 5, 60, 25]))
    [1, 3]
    >>> sorted(hidden_cells([40, 30]))
    []
    """
    if not any(is_small(count) for count in counts):
        return frozenset()
    limit = max(count for count in counts if is_small(count))
    while True:
        hidden = [count for count in counts if count <= limit]
        shown = [count for count in counts if count > limit]
        if not shown or _is_safe(hidden):
            return frozenset(rank for rank, count in enumerate(counts) if count <= limit)
        limit = min(shown)


def _is_safe(hidden: Sequence[int]) -> bool:
    return len(set(hidden)) > 1 and sum(hidden) >= FEWEST
