"""Indicators that never add up: a median or a rate stays with the territory it was published for."""

from collections.abc import Sequence

from atre.warehouse import engine as e
from atre.warehouse.engine import Table
from atre.warehouse.indicators import Flag
from atre.warehouse.marts.additive import summed
from atre.warehouse.marts.inputs import Inputs
from atre.warehouse.staging.figures import Standing


def as_published(inputs: Inputs, measures: Sequence[str]) -> Table:
    """Rows of MART for these measures. A commune made of several that were published apart has no
    figure of its own: it is missing, never their mean."""
    staged = inputs.staged
    kept = staged.filter(
        (staged.standing == Standing.KEPT.value) & staged.measure.isin(list(measures))
    )
    rows = summed(kept)
    is_alone = rows.cells == 1
    return rows.mutate(
        value=is_alone.ifelse(rows.value, e.null("float64")),
        value_pcs=e.null("float64"),
        known_cells=is_alone.ifelse(rows.known_cells, 0),
        flag=is_alone.ifelse(rows.flag, Flag.MISSING.value),
    )
