"""The worked example of the secrecy page is recomputed: the page cannot drift from the code."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from atre.calc.parameters import parameter
from atre.calc.secrecy.attack import attack_intervals
from atre.calc.secrecy.gate import OpenRelease, Release, find_openings, refuse_open_release
from atre.calc.secrecy.protection import protect
from atre.calc.secrecy.reconstruction import reconstruct
from atre.calc.secrecy.rules import (
    DOMINANCE_KEY,
    ESTABLISHMENTS_KEY,
    HOUSEHOLDS_KEY,
    PROTECTION_KEY,
    CellFacts,
    Population,
    ProtectionLevels,
    primary_reasons,
    protection_levels,
)
from atre.calc.secrecy.tables import Dimension, crossed_tables, tables_from_totals
from atre.calc.wording import number_fr

ON = date(2026, 1, 1)
PAGE = re.sub(
    r"\s+",
    " ",
    (Path(__file__).parents[2] / "docs/explanation/secret-statistique.md").read_text("utf-8"),
)
COMMUNES, ENERGIES = ["Aulnes", "Brières", "Chênaie"], ["gaz", "bois"]
MWH = [[400, 72], [560, 210], [310, 260]]
HOUSEHOLDS = [[40, 6], [55, 20], [30, 25]]
TABLES = crossed_tables(
    [
        Dimension(["EPCI", *COMMUNES], [-1, 0, 0, 0]),
        Dimension(["toutes", *ENERGIES], [-1, 0, 0]),
    ]
)


def with_totals(inner):
    table = np.zeros((4, 3))
    table[1:, 1:] = inner
    table[0] = table.sum(axis=0)
    table[:, 0] = table.sum(axis=1)
    return table.ravel()


VALUES, CONTRIBUTORS = with_totals(MWH), with_totals(HOUSEHOLDS)
FACTS = CellFacts(VALUES, CONTRIBUTORS)
REASONS = primary_reasons(FACTS, Population.HOUSEHOLDS, ON)
SECRET = REASONS > 0
LEVELS = protection_levels(FACTS, REASONS, ON, minimum_width=1)
HIDDEN = protect(TABLES, VALUES, SECRET, LEVELS).hidden


def written(value, decimals=0):
    return re.sub(r"\s", " ", number_fr(round(float(value), 6), decimals))


def release(hidden):
    return Release("Consommations 2023", TABLES, VALUES, ~hidden, SECRET, LEVELS)


def test_the_rules_of_the_page_are_those_in_force():
    for key, said in (
        (HOUSEHOLDS_KEY, "| 11 au moins |"),
        (ESTABLISHMENTS_KEY, "| 3 au moins |"),
        (DOMINANCE_KEY, "| 85 % au plus |"),
        (PROTECTION_KEY, "possible à 10 % de part et d’autre"),
    ):
        assert f"{parameter(key, on=ON).number:g}" in said
        assert said in PAGE


def test_the_table_of_the_page_closes():
    rows = dict(zip(["EPCI", *COMMUNES], range(4), strict=True))
    for name, row in rows.items():
        cells = [
            f"{written(VALUES[3 * row + c])} ({written(CONTRIBUTORS[3 * row + c])})"
            for c in (1, 2, 0)
        ]
        assert f"| {name} | {' | '.join(cells)} |" in PAGE


def test_the_refusal_is_quoted_as_it_is():
    opening = find_openings(release(SECRET))[0]
    assert opening.sentence_fr.split(" Totaux")[0] in PAGE
    assert (opening.lower, opening.upper) == (72.0, 72.0)
    assert TABLES.cells[SECRET].tolist() == ["Aulnes · bois"]


def test_the_hidden_cells_and_their_intervals_are_those_of_the_page():
    found = attack_intervals(TABLES, VALUES, HIDDEN)
    assert HIDDEN.sum() == 4
    for cell in np.flatnonzero(HIDDEN):
        figures = (VALUES[cell], found.lower[cell], found.upper[cell])
        assert f"| {TABLES.cells[cell]} | {' | '.join(map(written, figures))} |" in PAGE
    assert VALUES[HIDDEN & ~SECRET].sum() == 970
    secret = int(np.flatnonzero(SECRET)[0])
    low, high = VALUES[secret] - LEVELS.below[secret], VALUES[secret] + LEVELS.above[secret]
    assert f"de {written(low, 1)} à {written(high, 1)} MWh" in PAGE
    assert find_openings(release(HIDDEN)) == ()


def test_the_later_release_is_refused_with_the_difference_of_the_page():
    tables = tables_from_totals({"Pays d’Aulnes · bois": ["Aulnes · bois", "Brières · bois"]})
    nothing = np.zeros(3)
    later = Release(
        "Bois du Pays d’Aulnes",
        tables,
        np.array([282.0, 72.0, 210.0]),
        np.array([True, False, False]),
        nothing > 0,
        ProtectionLevels(nothing, nothing),
    )
    with pytest.raises(OpenRelease) as refusal:
        refuse_open_release(later, [release(HIDDEN)])
    formula = refusal.value.openings[0].proofs[0].formula_fr
    assert formula in refusal.value.message_fr
    assert f"avec {formula}" in PAGE


def test_the_reconstruction_of_the_page_is_recomputed():
    cell = int(np.flatnonzero(SECRET)[0])
    informed = reconstruct(TABLES, VALUES, HIDDEN, prior=CONTRIBUTORS).central[cell]
    blind = reconstruct(TABLES, VALUES, HIDDEN).central[cell]
    assert f"retrouve {written(informed, 2)} MWh" in PAGE
    assert f"sans lui, {written(blind)}." in PAGE
