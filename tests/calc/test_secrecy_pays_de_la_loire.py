"""Hide what the Pays de la Loire file says it re-ventilated: the intervals must hold it."""

from pathlib import Path

import numpy as np
import pytest

from atre.calc.secrecy.attack import attack_intervals
from atre.calc.secrecy.reconstruction import reconstruct
from atre.calc.secrecy.tables import Dimension, crossed_tables

SHARED = Path(__file__).parents[3] / "shared" / "reference" / "data"
FILE = SHARED / "enr_enedis_communes_pays_de_la_loire_2011_2019.parquet"
ENERGY, SITES = "Energie.totale.en.kWh", "Nombre de sites"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="../shared is absent: no real file")


@pytest.fixture(scope="module")
def rows():
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(FILE)
    names = ["CodeZone", "Filiere.de.production", "annee", "indicateur", "valeur", "estimation"]
    return [tuple(row[name] for name in names) for row in table.to_pylist()]


def region_in(year, rows):
    """Region, departments and communes × production; values, sites and what is hidden (n,)."""
    here = [row for row in rows if row[2] == year]
    communes = sorted({row[0] for row in here})
    kinds = sorted({row[1] for row in here})
    departments = sorted({commune[:2] for commune in communes})
    parents = [-1] + [0] * len(departments) + [1 + departments.index(c[:2]) for c in communes]
    place = Dimension(["région", *departments, *communes], parents)
    kind = Dimension(["toutes", *kinds], [-1] + [0] * len(kinds))
    shape = (len(place.labels), len(kind.labels))
    cells = {ENERGY: np.zeros(shape), SITES: np.zeros(shape)}
    hidden = np.zeros(shape, dtype=bool)
    start = 1 + len(departments)
    row_of = {commune: start + rank for rank, commune in enumerate(communes)}
    for commune, production, _, indicator, value, estimated in here:
        if indicator in cells:
            where = (row_of[commune], 1 + kinds.index(production))
            cells[indicator][where] = value
            hidden[where] |= estimated and indicator == ENERGY
    for table in cells.values():
        for rank, department in enumerate(departments):
            of_it = [row_of[c] for c in communes if c[:2] == department]
            table[1 + rank] = table[of_it].sum(axis=0)
        table[0] = table[1:start].sum(axis=0)
        table[:, 0] = table[:, 1:].sum(axis=1)
    # A commune's total over all productions would give its hidden part away.
    hidden[:, 0] = hidden[:, 1:].any(axis=1)
    tables = crossed_tables([place, kind])
    return tables, cells[ENERGY].ravel(), cells[SITES].ravel(), hidden.ravel()


@pytest.mark.parametrize("year", ["2011", "2015", "2019"])
def test_every_hidden_production_lies_in_its_interval(rows, year):
    tables, energy, sites, hidden = region_in(year, rows)
    found = reconstruct(tables, energy, hidden, prior=sites)
    slack = 1e-6 * energy.max()
    inside = (found.lower <= energy + slack) & (energy <= found.upper + slack)
    print(year, int(hidden.sum()), "cases,", f"couverture {inside[hidden].mean():.1%}")
    assert hidden.sum() > 400
    assert inside.all()
    assert np.isfinite(found.upper).all()
    assert not np.isnan(found.central).any()
    gap = np.abs(tables.equations @ found.central)
    assert (gap <= 1e-7 * energy.max()).all()


def test_a_lone_hidden_commune_is_found_by_subtraction(rows):
    tables, energy, _, hidden = region_in("2015", rows)
    alone = np.zeros_like(hidden)
    alone[np.flatnonzero(hidden & (energy > 0))[-1]] = True
    found = attack_intervals(tables, energy, alone)
    assert (found.upper - found.lower)[alone][0] <= 1e-6 * energy.max()


def test_hidden_measures_lie_in_intervals_too_wide_to_be_a_figure(rows):
    """The values above were made from totals by the publisher; these were metered."""
    tables, energy, sites, estimated = region_in("2019", rows)
    place, kind = np.array([str(label).split(" · ") for label in tables.cells]).T
    solar = (np.char.str_len(place) == 5) & (kind == "Photovoltaïque")
    metered = solar & ~estimated & (energy > 0)
    hidden = (estimated | metered).reshape(-1, len(set(kind)))
    hidden[:, 0] = hidden[:, 1:].any(axis=1)
    hidden = hidden.ravel()
    found = reconstruct(tables, energy, hidden, prior=sites)
    blind = reconstruct(tables, energy, hidden)
    slack = 1e-6 * energy.max()
    inside = (found.lower <= energy + slack) & (energy <= found.upper + slack)
    width = np.median((found.upper - found.lower)[metered] / energy[metered])
    median_error = np.median(np.abs(found.central - energy)[metered] / energy[metered])

    def misplaced(central):
        return np.abs(central - energy)[metered].sum() / energy[metered].sum()

    print(int(metered.sum()), "mesures cachées, couverture", f"{inside[metered].mean():.1%},")
    print(f"intervalle {width:.0f} fois la valeur, erreur médiane {median_error:.0%},")
    print(
        f"énergie mal placée {misplaced(found.central):.0%}, {misplaced(blind.central):.0%} sans poids"
    )
    assert metered.sum() > 800
    assert inside.all()
    assert width > 100
    assert misplaced(found.central) < misplaced(blind.central)
