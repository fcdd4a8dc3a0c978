"""What a mart may be built from."""

from dataclasses import dataclass

from atre.warehouse.engine import Engine, Table


@dataclass(frozen=True, slots=True)
class Inputs:
    """`staged`: every row received. `communes`: those of today, with what they belong to."""

    engine: Engine
    staged: Table
    communes: Table
