"""A territory as a set of communes of today: « epci:200054781 », « dep:95 », or communes drawn."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import pyarrow.parquet as pq

from atre.formats.territory_figures import Level
from atre.warehouse.edition import NotBuilt
from atre.warehouse.folders import Folders
from atre.warehouse.staging.geography import COMMUNES_FILE


class Kind(StrEnum):
    """What a territory is; its value is the prefix people type."""

    COMMUNE = "com"
    EPCI = "epci"
    EPT = "ept"
    DEPARTMENT = "dep"
    REGION = "reg"
    COUNTRY = "fr"
    # Communes chosen one by one: a pact, a SCoT, a drawing on the map.
    SET = "set"


# Levels at which publishers give totals of their own, beside those of their communes.
PUBLISHED_LEVELS: Mapping[Kind, Level] = {
    Kind.EPCI: Level.EPCI,
    Kind.DEPARTMENT: Level.DEPARTMENT,
    Kind.REGION: Level.REGION,
    Kind.COUNTRY: Level.COUNTRY,
}
CODED = {kind.value: kind for kind in Kind if kind not in {Kind.COUNTRY, Kind.SET}}
COLUMNS = {Kind.EPCI: "epci", Kind.EPT: "ept", Kind.DEPARTMENT: "department", Kind.REGION: "region"}


@dataclass(frozen=True, slots=True)
class Territory:
    """`communes`: codes of today, sorted. `code` is empty for a set of communes."""

    kind: Kind
    code: str
    name: str
    communes: tuple[str, ...]

    @property
    def key(self) -> str:
        """How it is written in an address: « epci:200054781 »."""
        return f"{self.kind}:{self.code}" if self.code else str(self.kind)


class UnknownTerritory(LookupError):
    """A text that designates no territory; `message_fr` says how to write one."""

    def __init__(self, text: str) -> None:
        self.message_fr = (
            f"« {text} » n’est pas un territoire connu. Écrivez com:95018, epci:200054781, "
            "ept:200057941, dep:95, reg:11, fr, plusieurs séparés par des virgules, ou le nom d’un "
            "périmètre."
        )
        super().__init__(self.message_fr)


class Atlas:
    """The communes of today and what they belong to, in memory: 35 000 short rows."""

    def __init__(self, rows: Iterable[Mapping[str, str | None]]) -> None:
        self.names: dict[Kind, dict[str, str]] = defaultdict(dict)
        self.members: dict[Kind, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.parents: dict[str, dict[Kind, str]] = {}
        for row in rows:
            code = row["code"] or ""
            self.names[Kind.COMMUNE][code] = row["name"] or code
            self.parents[code] = {}
            for kind, column in COLUMNS.items():
                owner = row[column]
                if owner:
                    self.members[kind][owner].append(code)
                    self.names[kind].setdefault(owner, row[f"{column}_name"] or owner)
                    self.parents[code][kind] = owner

    def territory(self, text: str) -> Territory:
        """The territory that a text like « dep:95 » designates. Raises UnknownTerritory."""
        prefix, _, code = text.strip().partition(":")
        if prefix == Kind.COUNTRY and not code:
            return Territory(Kind.COUNTRY, "", "France", tuple(sorted(self.names[Kind.COMMUNE])))
        if re.fullmatch(r"[0-9AB]{2,9}", code) and prefix in CODED:
            kind = CODED[prefix]
            name = self.names[kind].get(code)
            if name is not None:
                communes = [code] if kind is Kind.COMMUNE else self.members[kind][code]
                return Territory(kind, code, name, tuple(sorted(communes)))
        raise UnknownTerritory(text)

    def drawn(self, name: str, communes: Iterable[str]) -> Territory:
        """A set of communes under a name. Raises UnknownTerritory for a code of no commune."""
        wanted = tuple(sorted(set(communes)))
        for code in wanted:
            if code not in self.names[Kind.COMMUNE]:
                raise UnknownTerritory(code)
        return Territory(Kind.SET, "", name, wanted)


def owners_of(known: Atlas, key: str) -> tuple[str, ...]:
    """The territories that a commune counts in, by key: « com:95018 » in « epci:… », « dep:95 »…"""
    prefix, _, code = key.partition(":")
    if prefix == Kind.COMMUNE:
        return tuple(f"{kind}:{owner}" for kind, owner in known.parents.get(code, {}).items())
    if prefix == Kind.DEPARTMENT and known.members[Kind.DEPARTMENT].get(code):
        region = known.parents[known.members[Kind.DEPARTMENT][code][0]].get(Kind.REGION)
        return (f"{Kind.REGION}:{region}",) if region else ()
    return ()


def members_of(known: Atlas, key: str) -> int:
    """How many communes a territory has, by key; 0 for what is no territory."""
    prefix, _, code = key.partition(":")
    kind = CODED.get(prefix)
    return 0 if kind is None else len(known.members[kind].get(code, ()))


def atlas(folders: Folders) -> Atlas:
    """The atlas of this installation, read once a process. Raises NotBuilt."""
    path = folders.reference / COMMUNES_FILE
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise NotBuilt from None


@lru_cache(maxsize=2)
def _read(path: Path, stamp: int) -> Atlas:
    owners = [name for column in COLUMNS.values() for name in (column, f"{column}_name")]
    return Atlas(pq.read_table(path, columns=["code", "name", *owners]).to_pylist())
