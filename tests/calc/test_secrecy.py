"""What holds of any set of tables, invented by the hundred: nothing secret can be recomputed."""

from datetime import date

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from atre.calc.errors import CalcRefusal
from atre.calc.secrecy.attack import attack_intervals
from atre.calc.secrecy.certificate import Side, certificate
from atre.calc.secrecy.gate import (
    OpenRelease,
    Release,
    close_release,
    find_openings,
    refuse_open_release,
)
from atre.calc.secrecy.protection import CannotProtect, protect
from atre.calc.secrecy.reconstruction import CellFlag, reconstruct
from atre.calc.secrecy.rules import (
    CellFacts,
    Population,
    PrimaryReason,
    ProtectionLevels,
    primary_reasons,
    protection_levels,
)
from atre.calc.secrecy.tables import Dimension, crossed_tables, tables_from_totals

ON = date(2026, 1, 1)
FEW = settings(max_examples=40, deadline=None)


def territory(communes, epcis):
    """Communes in EPCIs in one department, as an axis: département, EPCIs, communes."""
    labels = ["département"] + [f"EPCI {e}" for e in range(epcis)]
    parents = [-1] + [0] * epcis
    for rank in range(communes):
        labels.append(f"commune {rank}")
        parents.append(1 + rank % epcis)
    return Dimension(labels, parents)


def energies(count):
    return Dimension(["toutes", *(f"énergie {e}" for e in range(count))], [-1] + [0] * count)


def totals_up(leaves, dimension):
    """Values of every node of an axis from those of its leaves, along the first axis."""
    parents = np.asarray(dimension.parents)
    found = np.zeros((len(parents), *leaves.shape[1:]))
    found[np.setdiff1d(np.arange(len(parents)), parents)] = leaves
    for node in range(len(parents) - 1, 0, -1):
        found[parents[node]] += found[node]
    return found


def cube(leaves, place, energy):
    by_place = totals_up(leaves, place)
    return totals_up(by_place.T, energy).T.ravel()


@st.composite
def invented_tables(draw):
    """A department with its communes and energies: tables, values, contributors (n,)."""
    communes, epcis = draw(st.integers(2, 6)), draw(st.integers(1, 2))
    place, energy = territory(communes, epcis), energies(draw(st.integers(1, 3)))
    shape = (communes, len(energy.labels) - 1)
    counts = st.integers(0, 3) | st.integers(0, 60)
    cells = shape[0] * shape[1]
    people = np.array(draw(st.lists(counts, min_size=cells, max_size=cells))).reshape(shape)
    each = np.array(draw(st.lists(st.integers(0, 40), min_size=cells, max_size=cells)))
    # MWh, or kWh with all their decimals: sums of floats that do not quite close.
    unit = draw(st.sampled_from([0.25, 1000 / 3]))
    values = people * each.reshape(shape) * unit
    return crossed_tables([place, energy]), cube(values, place, energy), cube(people, place, energy)


def protected(tables, values, contributors):
    facts = CellFacts(values, contributors)
    reasons = primary_reasons(facts, Population.HOUSEHOLDS, ON)
    levels = protection_levels(facts, reasons, ON, minimum_width=2.0)
    return protect(tables, values, reasons > 0, levels), levels


@given(invented_tables(), st.randoms(use_true_random=False))
@FEW
def test_the_true_value_lies_in_the_interval_of_the_attack(invented, random):
    tables, values, _ = invented
    hidden = np.array([random.random() < 0.5 for _ in values])
    found = attack_intervals(tables, values, hidden)
    slack = 1e-6 * (1 + values.max())
    assert (found.lower <= values + slack).all()
    assert (found.upper >= values - slack).all()
    assert (found.lower[~hidden] == values[~hidden]).all()
    assert (found.upper[~hidden] == values[~hidden]).all()


@given(invented_tables())
@FEW
def test_no_secret_cell_is_narrower_than_required_once_protected(invented):
    tables, values, contributors = invented
    suppression, levels = protected(tables, values, contributors)
    # Exact intervals, not those of the protection's own solutions.
    found = attack_intervals(tables, values, suppression.hidden)
    slack = 1e-5 * (1 + values.max())
    secret = suppression.primary
    assert (found.lower <= values - levels.below + slack)[secret].all()
    assert (found.upper >= values + levels.above - slack)[secret].all()
    assert (contributors[~suppression.hidden] >= 11).all()


@given(invented_tables())
@FEW
def test_what_was_protected_passes_the_gate_and_primary_alone_names_what_it_opens(invented):
    tables, values, contributors = invented
    suppression, levels = protected(tables, values, contributors)
    secret = suppression.primary

    def release(hidden):
        return Release("essai", tables, values, ~hidden, secret, levels)

    refuse_open_release(release(suppression.hidden))
    openings = find_openings(release(secret))
    assume(openings)
    with pytest.raises(OpenRelease) as refusal:
        refuse_open_release(release(secret))
    assert openings[0].cell in refusal.value.message_fr


@given(invented_tables(), st.data())
@FEW
def test_a_second_cut_of_the_same_communes_is_closed_before_it_goes_out(invented, data):
    tables, values, contributors = invented
    suppression, levels = protected(tables, values, contributors)
    secret = suppression.primary
    first = Release("EPCI", tables, values, ~suppression.hidden, secret, levels)
    leaves = [place for place, label in enumerate(tables.cells) if "commune" in label]
    chosen = data.draw(st.lists(st.sampled_from(leaves), min_size=2, max_size=5, unique=True))
    cut = tables_from_totals({"périmètre": list(tables.cells[chosen])})
    held = np.array([values[chosen].sum(), *values[chosen]])
    shown = np.array([True] + [False] * len(chosen))
    none = np.zeros(len(held))
    later = Release("périmètre", cut, held, shown, none > 0, ProtectionLevels(none, none))
    openings = find_openings(later, [first])
    closed = close_release(later, [first])
    refuse_open_release(closed, [first])
    assert closed.published[0] or openings


@given(invented_tables())
@FEW
def test_a_proof_is_checked_by_hand(invented):
    tables, values, contributors = invented
    hidden = contributors < 11
    assume(hidden.any() and not hidden.all())
    found = attack_intervals(tables, values, hidden)
    value_of = dict(zip(tables.cells, values, strict=True))
    slack = 1e-5 * (1 + values.max())
    for cell in np.flatnonzero(hidden)[:3]:
        for side, bound in ((Side.LOWER, found.lower[cell]), (Side.UPPER, found.upper[cell])):
            proof = certificate(tables, values, hidden, int(cell), side)
            if proof is None:
                assert np.isinf(bound)
                continue
            by_hand = sum(weight * value_of[label] for label, weight in proof.published)
            assert by_hand == pytest.approx(bound, abs=slack)
            assert proof.equations or not proof.published


@given(invented_tables(), st.booleans())
@FEW
def test_a_reconstruction_closes_on_every_total_inside_its_intervals(invented, with_prior):
    tables, values, contributors = invented
    hidden = contributors < 11
    found = reconstruct(tables, values, hidden, prior=contributors if with_prior else None)
    slack = 1e-6 * (1 + values.max())
    given_one = ~np.isnan(found.central)
    assert (found.central >= found.lower - slack)[given_one].all()
    assert (found.central <= found.upper + slack)[given_one].all()
    assert (found.central[~hidden] == values[~hidden]).all()
    assert (found.flags[~hidden] == CellFlag.MEASURED).all()
    whole = ~(abs(tables.equations) @ (~given_one).astype(float) > 0)
    gap = np.abs(tables.equations @ np.where(given_one, found.central, 0.0))
    assert (gap[whole] <= 1e-7 * (1 + values.max())).all()
    if np.isfinite(found.upper).all():
        assert given_one.all()


@given(invented_tables())
@FEW
def test_same_tables_same_suppressions(invented):
    one, _ = protected(*invented)
    again, _ = protected(*invented)
    assert (one.hidden == again.hidden).all()


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=20),
)
@FEW
def test_zeros_and_whole_groups_of_the_few_are_never_published(drawn):
    part = np.array([min(pair) for pair in drawn], dtype=float)
    whole = np.array([max(pair) for pair in drawn], dtype=float)
    reasons = primary_reasons(CellFacts(part, whole, whole=whole), Population.HOUSEHOLDS, ON)
    telling = (whole > 0) & ((part == 0) | (part == whole))
    assert (reasons[telling] != PrimaryReason.PUBLISHABLE).all()
    assert (reasons[(whole >= 11) & ~telling] == PrimaryReason.PUBLISHABLE).all()


def test_a_secret_zero_is_given_room_and_passes_the_gate():
    tables = tables_from_totals({"EPCI": ["A", "B", "C"]})
    values, contributors = [90.0, 0.0, 40.0, 50.0], [44, 4, 20, 20]
    suppression, levels = protected(tables, np.array(values), np.array(contributors))
    found = attack_intervals(tables, values, suppression.hidden)
    assert found.upper[1] >= 2.0
    assert levels.above[1] == 2.0


def test_an_unbounded_cell_is_said_unbounded():
    tables = tables_from_totals({"EPCI": ["A", "B"], "SCoT": ["A", "C"]})
    found = attack_intervals(tables, [0, 0, 10, 0, 5], [1, 1, 0, 1, 0])
    assert np.isinf(found.upper[tables.positions(["EPCI", "A", "SCoT"])]).all()


def test_a_zero_left_by_totals_that_do_not_quite_close_has_its_proof():
    tables = tables_from_totals([("EPCI", ["A", "B", "C"]), ("gaz", ["A", "B", "C", "D"])])
    parts = np.array([0.1, 0.2, 0.0])
    total = 0.3  # 0.1 + 0.2 is 0.30000000000000004
    values = np.array([total, *parts, parts.sum() + 0.7, 0.7])
    secret = tables.cells == "C"
    levels = ProtectionLevels(np.zeros(6), np.where(secret, 0.1, 0.0))
    openings = find_openings(Release("Gaz", tables, values, ~secret, secret, levels))
    assert [opening.cell for opening in openings] == ["C"]
    assert openings[0].exact


def test_any_structural_zero_may_be_fixed_while_the_rest_is_protected():
    tables = tables_from_totals({"EPCI": ["A", "B", "C", "D"]})
    values = np.array([100.0, 5.0, 0.0, 40.0, 55.0])
    primary = np.array([0, 1, 0, 0, 0], dtype=bool)
    levels = ProtectionLevels(primary * 2.0, primary * 2.0)
    found = protect(tables, values, primary, levels, already_published=values == 0)
    assert not found.hidden[2]
    assert found.complementary[3]


@pytest.mark.parametrize("count", [0, 4, 6])
def test_arrays_of_another_length_are_refused(count):
    tables = tables_from_totals({"EPCI": ["A", "B", "C", "D"]})
    with pytest.raises(CalcRefusal):
        attack_intervals(tables, np.ones(count), np.zeros(count, dtype=bool))


def test_a_published_cell_without_a_value_is_refused_by_name():
    tables = tables_from_totals({"EPCI": ["A", "B"]})
    with pytest.raises(CalcRefusal, match="« A »"):
        attack_intervals(tables, [100, np.nan, 0], [0, 0, 1])


def test_the_refusal_to_protect_names_the_cell():
    tables = tables_from_totals({"EPCI": ["A", "B"]})
    primary = np.array([0, 1, 0], dtype=bool)
    levels = ProtectionLevels(primary * 2.0, primary * 2.0)
    with pytest.raises(CannotProtect, match="« A »"):
        protect(tables, [100, 5, 95], primary, levels, already_published=[1, 0, 1])


def test_a_refusal_says_no_figure():
    tables = tables_from_totals({"EPCI": ["A", "B"]})
    secret = np.array([0, 0, 1], dtype=bool)
    levels = ProtectionLevels(secret * 2.0, secret * 2.0)
    release = Release("Gaz", tables, np.array([1234.0, 1000.0, 234.0]), ~secret, secret, levels)
    with pytest.raises(OpenRelease) as refusal:
        refuse_open_release(release)
    assert not any(figure in refusal.value.message_fr for figure in ("1234", "1000", "234"))


def test_a_million_cells_are_judged_at_once():
    count = np.tile([3.0, 11.0, np.nan, 40.0], 250_000)
    reasons = primary_reasons(CellFacts(count * 2, count), Population.HOUSEHOLDS, ON)
    assert np.bincount(reasons).tolist() == [500_000, 250_000, 0, 0, 0, 250_000]
