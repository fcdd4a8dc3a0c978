"""What a mart may be built from."""

from dataclasses import dataclass, field

from atre.warehouse.engine import Engine, Table


@dataclass(frozen=True, slots=True)
class Inputs:
    """`staged`: every row received. `communes`: those of today, with what they belong to.

    `written`: the marts already written, by name: adding up 27 million rows once is enough.
    """

    engine: Engine
    staged: Table
    communes: Table
    written: dict[str, Table] = field(default_factory=dict)
