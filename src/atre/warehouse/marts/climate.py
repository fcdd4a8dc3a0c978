"""Degree days of a commune: those of its department, weighed by inhabitants in a larger place."""

from atre.formats.territory_figures import Level
from atre.warehouse import engine as e
from atre.warehouse.engine import Table
from atre.warehouse.indicators import Flag
from atre.warehouse.marts.additive import shaped, summed
from atre.warehouse.marts.inputs import Inputs
from atre.warehouse.staging.figures import Standing

POPULATION, MUNICIPAL = "population", "municipal"
CONVENTIONAL, OF_YEAR = "degree_days", "heating_degree_days"


def climate(inputs: Inputs) -> Table:
    """Rows of MART for degree days, conventional and of each year, one a commune of a department that
    has some. Estimated: the department's figure knows nothing of the commune's altitude."""
    staged = inputs.staged.filter(inputs.staged.standing == Standing.KEPT.value)
    days = summed(
        staged.filter(
            staged.measure.isin((CONVENTIONAL, OF_YEAR)) & (staged.level == Level.DEPARTMENT.value)
        )
    )
    days = days.rename(of_department="territory").drop("level", "weight", "flag")
    members = inputs.communes.select(territory="code", department="department")
    rows = days.join(members, days.of_department == members.department)
    people = inhabitants(staged)
    rows = rows.left_join(people, rows.territory == people.inhabited)
    return shaped(
        rows.mutate(
            level=e.literal(Level.COMMUNE.value),
            weight=rows.inhabitants,
            estimated_cells=rows.known_cells,
            flag=(rows.known_cells > 0).ifelse(Flag.ESTIMATED.value, Flag.MISSING.value),
        )
    )


def inhabitants(staged: Table) -> Table:
    """The latest municipal population of each commune: `inhabited`, `inhabitants`."""
    known = staged.filter(
        (staged.measure == POPULATION) & (staged.category == MUNICIPAL) & staged.value.notnull()
    )
    last = known.group_by(of="territory").agg(last_year=known.year.max())
    known = known.semi_join(last, [known.territory == last.of, known.year == last.last_year])
    return known.group_by(inhabited="territory").agg(inhabitants=known.value.sum())
