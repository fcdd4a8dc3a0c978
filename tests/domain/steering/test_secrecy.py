"""What a reader who knows the rules can deduce from what is shown: never a hidden count."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atre.domain.steering.figures import Cell, Group
from atre.domain.steering.secrecy import FEWEST, hidden_cells
from atre.domain.steering.withholding import withhold_group


def group(counts, *, total=None, exclusive=True) -> Group:
    return Group(
        key="g",
        title="Essai",
        counted="essais",
        unit="ménages",
        total=Cell("total", "Total", sum(counts) if total is None else total),
        cells=tuple(Cell(str(rank), str(rank), count) for rank, count in enumerate(counts)),
        exclusive=exclusive,
    )


def shown(counts, **options):
    found = withhold_group(group(counts, **options))
    return (found.total.count, *(cell.count for cell in found.cells))


@pytest.mark.parametrize(("cells", "largest"), [(2, 60), (3, 48), (4, 26)])
def test_every_hidden_count_keeps_several_possible_values_for_one_who_knows_the_rules(
    cells, largest
):
    """All the tables there are, sorted by what is shown of them: the attacker's own computation."""
    worlds = defaultdict(list)
    for counts in product(range(largest + 1), repeat=cells):
        if sum(counts) <= largest:
            worlds[shown(counts)].append(counts)
    for seen, possible in worlds.items():
        for rank, count in enumerate(seen[1:]):
            if count is None:
                assert len({world[rank] for world in possible}) > 1, (seen, possible)


def test_the_largest_tables_are_examined_where_saturation_could_betray():
    assert shown([10, 10, 11]) == (31, None, None, None)
    assert shown([10, 10, 10, 40]) == (70, None, None, None, None)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=8))
def test_no_shown_count_is_under_the_threshold(counts):
    assert all(count is None or count >= FEWEST for count in shown(counts))


@given(st.lists(st.integers(0, 500), min_size=2, max_size=8))
def test_hidden_cells_never_add_up_to_a_small_count(counts):
    hidden = hidden_cells(counts)
    if sum(counts) >= FEWEST and hidden:
        assert sum(counts[rank] for rank in hidden) >= FEWEST
        assert len(hidden) > 1


@given(st.lists(st.integers(11, 500), min_size=1, max_size=8))
def test_a_table_without_small_counts_is_shown_whole(counts):
    assert shown(counts) == (sum(counts), *counts)


def test_a_count_that_leaves_few_others_is_hidden_as_if_they_were_shown():
    assert shown([95, 50], total=100, exclusive=False) == (100, None, 50)
    assert shown([100, 50], total=100, exclusive=False) == (100, None, 50)
