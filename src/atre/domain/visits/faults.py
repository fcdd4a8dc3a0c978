"""What is wrong in a visit document, one French sentence a fault, pointing at its field."""

from collections.abc import Sequence
from dataclasses import dataclass

from atre.domain.errors import InvalidInput

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """`path` leads to the field: ("bills", 0, "euros"); () is the document as a whole."""

    path: Path
    message_fr: str


class DocumentRefused(InvalidInput):
    """A document that cannot be. `faults` holds each reason, in the order of the document."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            " ".join(fault.message_fr for fault in faults),
            field=".".join(str(step) for step in faults[0].path),
        )
        self.faults = tuple(faults)
