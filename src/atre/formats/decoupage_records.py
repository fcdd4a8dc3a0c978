"""The territories of France as records: regions, departments, groupings, communes, codes that are no
more, and populations; with what could not be read."""

from dataclasses import dataclass, field
from typing import NamedTuple


class RegionRecord(NamedTuple):
    code: str
    name: str


class DepartmentRecord(NamedTuple):
    code: str
    name: str
    region: str


class GroupingRecord(NamedTuple):
    siren: str
    name: str
    kind: str


class CommuneRecord(NamedTuple):
    insee: str
    name: str
    department: str
    region: str
    zone: str
    siren: str | None
    epci: str | None
    ept: str | None
    postal_codes: tuple[str, ...]


class FormerRecord(NamedTuple):
    """A code that is no commune of today; the name is None where the source has only a code."""

    code: str
    name: str | None
    kind: str
    commune: str


class PopulationRecord(NamedTuple):
    insee: str
    kind: str
    year: int
    value: int


class Reject(NamedTuple):
    """Something of the file that was not read, and why (French, for the person who imports)."""

    file: str
    key: str
    reason: str


@dataclass
class Decoupage:
    """Every territory read, and every row refused."""

    version: str
    cog: int
    regions: list[RegionRecord] = field(default_factory=list)
    departments: list[DepartmentRecord] = field(default_factory=list)
    groupings: list[GroupingRecord] = field(default_factory=list)
    communes: list[CommuneRecord] = field(default_factory=list)
    formers: list[FormerRecord] = field(default_factory=list)
    populations: list[PopulationRecord] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
