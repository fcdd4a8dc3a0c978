"""Whatever is hidden and whatever totals are out, the interval holds the hidden value."""

from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.formats.territory_figures import Level
from atre.warehouse import building, engine, gate
from atre.warehouse.indicators import Flag
from atre.warehouse.marts.shape import MART
from atre.warehouse.reconstruction import _ceilings
from atre.warehouse.secrecy.cells import cells_of, membership
from atre.warehouse.secrecy.hidden_cells import bounded
from atre.warehouse.secrecy.published_totals import totals_of
from atre.warehouse.territories import atlas
from tests.support.observatory import NOW, row

COMMUNES = [f"9500{n}" for n in range(1, 7)]
# The second EPCI crosses two departments, so that totals do not nest.
EPCI = ["200000001"] * 2 + ["200000002"] * 4
DEPARTMENT = ["95"] * 4 + ["94"] * 2
PLACES = membership(
    pa.table({"code": COMMUNES, "epci": EPCI, "department": DEPARTMENT, "region": ["11"] * 6}), "FR"
)


def mart_row(level, territory, value, *, category=None):
    is_secret = value is None
    return {
        "territory": territory, "level": level, "indicator": "production", "year": 2023,
        "energy": "electricity", "category": category, "value": value, "value_pcs": value,
        "flag": "secret" if is_secret else "measured", "cells": 1, "known_cells": int(not is_secret),
        "secret_cells": int(is_secret), "estimated_cells": 0, "geographies": 1, "unit": "kWh",
        "source": "enedis",
    }  # fmt: skip


def found_for(rows):
    cells = cells_of(pa.Table.from_pylist(rows, schema=MART))
    totals = totals_of(cells, PLACES, frozenset())
    none = np.full(len(rows), np.inf)
    return cells, bounded(cells, totals, none, np.full(len(rows), np.nan))


def rows_of(values, hidden, *, levels, category=None):
    rows = [
        mart_row(Level.COMMUNE.value, code, None if is_hidden else value, category=category)
        for code, value, is_hidden in zip(COMMUNES, values, hidden, strict=True)
    ]
    owners = {Level.EPCI: EPCI, Level.DEPARTMENT: DEPARTMENT, Level.REGION: ["11"] * 6}
    for level in levels:
        for owner in sorted(set(owners[level])):
            total = sum(v for v, o in zip(values, owners[level], strict=True) if o == owner)
            rows.append(mart_row(level.value, owner, float(total), category=category))
    return rows


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.integers(0, 10_000), min_size=6, max_size=6),
    hidden=st.lists(st.booleans(), min_size=6, max_size=6).filter(any),
    levels=st.sets(st.sampled_from([Level.EPCI, Level.DEPARTMENT, Level.REGION]), min_size=1),
)
def test_the_interval_holds_what_is_hidden(values, hidden, levels):
    witness = rows_of([5.0] * 6, [False] * 6, levels=levels, category="wind")
    rows = rows_of([float(v) for v in values], hidden, levels=levels, category="solar")

    cells, found = found_for([*rows, *witness])

    truth = np.array([values[COMMUNES.index(str(cells.territory[at]))] for at in found.place])
    slack = 1e-6 * (1 + sum(values))
    assert (found.lower <= truth + slack).all()
    assert (truth <= found.upper + slack).all()
    known = ~np.isnan(found.central)
    assert (found.central[known] >= found.lower[known] - slack).all()
    assert (found.central[known] <= found.upper[known] + slack).all()


def test_a_total_larger_than_its_communes_elsewhere_only_bounds_from_above():
    """What is unallocated is counted above and nowhere below: the rest is not the hidden cell's."""
    witness = rows_of([5.0] * 6, [False] * 6, levels=[Level.DEPARTMENT], category="wind")
    for one in witness[6:]:
        one["value"] = one["value_pcs"] = one["value"] + 100.0
    rows = rows_of([10.0, 20.0] + [1.0] * 4, [True] + [False] * 5, levels=[Level.DEPARTMENT])

    _, found = found_for([*rows, *witness])

    assert found.lower[0] == 0
    assert found.upper[0] >= 10.0
    assert np.isnan(found.central[0])


def test_communes_that_exceed_their_total_leave_the_cell_unbounded():
    rows = rows_of([10.0] * 6, [True] + [False] * 5, levels=[Level.REGION])
    rows[-1]["value"] = rows[-1]["value_pcs"] = 20.0

    _, found = found_for(rows)

    assert np.isinf(found.upper[0])


def test_the_perimeter_of_an_epci_is_trusted_once_the_file_proves_it():
    rows = rows_of([10.0, 20.0] + [1.0] * 4, [True, True] + [False] * 4, levels=[Level.EPCI])
    alone = found_for(rows)[1]
    witness = rows_of([5.0] * 6, [False] * 6, levels=[Level.EPCI], category="wind")
    proved = found_for([*rows, *witness])[1]

    assert np.isnan(alone.central).all()
    assert proved.central.sum() == pytest.approx(30)


SECRET = {"status": "secret", "sector": "residential", "energy": "gas"}
KNOWN = {"sector": "residential", "energy": "gas"}


def build(observatory):
    """The mart of consumption alone, with its bounds: the others take most of the time."""
    chosen = {"consumption": building.MARTS["consumption"]}
    with (
        patch.object(building, "MARTS", chosen),
        patch.object(building, "CALCULATIONS", {}),
        patch.object(building, "BOUNDED_MARTS", ("consumption",)),
        engine.opened("") as opened,
    ):
        return building.build(opened, observatory.folders, now=NOW)


def gas(observatory, rows):
    observatory.receive("sdes_local_energy", rows)
    build(observatory)
    known = gate.profile(commune(observatory), cut=False, folders=observatory.folders)
    return [one for one in known if one.indicator == "consumption"]


def commune(observatory):
    return atlas(observatory.folders).territory("com:95002")


def test_the_rule_of_the_publisher_bounds_what_no_total_bounds(observatory):
    rows = [
        row("95001", 500.0, basis="pcs", **KNOWN),
        row("95002", None, basis="pcs", **SECRET),
    ]

    [figure] = gas(observatory, rows)

    assert (figure.value, figure.flag) == (None, Flag.SECRET)
    # 200 MWh PCS for residential gas since 2018, in PCI.
    assert figure.upper == pytest.approx(200_000 / 1.111, rel=1e-3)


def test_a_cell_that_totals_give_away_is_shown_no_more_than_a_secret(observatory):
    rows = [
        row("95001", 500.0, basis="pcs", **KNOWN),
        row("95002", None, basis="pcs", **SECRET),
        row("95003", 100.0, basis="pcs", **KNOWN),
        row("95", 650.0, level="department", basis="pcs", **KNOWN),
    ]

    [figure] = gas(observatory, rows)

    assert (figure.value, figure.upper, figure.flag) == (None, None, Flag.SECRET)


def test_two_secrets_under_a_total_are_reconstructed_with_their_bounds(observatory):
    rows = [
        row("95001", 500.0, basis="pcs", **KNOWN),
        row("95002", None, basis="pcs", **SECRET),
        row("95003", None, basis="pcs", **SECRET),
        row("95", 700.0, level="department", basis="pcs", **KNOWN),
    ]

    [figure] = gas(observatory, rows)

    assert figure.flag is Flag.RECONSTRUCTED
    assert figure.lower == pytest.approx(0, abs=1)
    assert figure.value == pytest.approx(100_000 / 1.111, rel=1e-3)
    assert figure.upper == pytest.approx(200_000 / 1.111, rel=1e-3)


def test_no_rule_bounds_a_cell_of_another_publisher():
    cells = cells_of(pa.Table.from_pylist([mart_row("commune", "95001", None)], schema=MART))

    assert np.isinf(_ceilings(cells, "ore_consumption", 2023)).all()


def test_nothing_hidden_is_nothing_to_bound(observatory):
    observatory.receive("ore_consumption", [row("95001", 5.0)])

    assert build(observatory).bounds == {}


def test_a_total_that_is_itself_secret_discredits_none_of_its_territory():
    rows = rows_of([10.0, 20.0] + [1.0] * 4, [True, True] + [False] * 4, levels=[Level.DEPARTMENT])
    other = rows_of([5.0] * 6, [False] * 6, levels=[], category="wind")
    other.append(mart_row(Level.DEPARTMENT.value, "95", None, category="wind"))

    _, found = found_for([*rows, *other])

    # Give or take the rounding of whole kWh.
    assert found.upper[:2].tolist() == pytest.approx([30.0, 30.0], abs=2.5)
