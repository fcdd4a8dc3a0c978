"""The ledger of releases: what went out, what was refused, who asked, when and why. Append-only.

Each entry is one file that nobody rewrites, named by its rank and its content, which holds the digest
of the entry before it: one taken away or changed shows. Entries hold hidden values, without which no
later release could be attacked: they are as secret as the cases, and readable by the server alone.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from atre.calc.secrecy.gate import Release
from atre.calc.secrecy.rules import ProtectionLevels
from atre.calc.secrecy.tables import LinkedTables
from atre.warehouse.atomic import write_bytes
from atre.warehouse.folders import Folders


class Outcome(StrEnum):
    """What became of a request to publish."""

    RELEASED = "released"
    REFUSED = "refused"


class BrokenLedger(Exception):
    """An entry is missing or was changed; `message_fr` says which."""

    def __init__(self, name: str) -> None:
        self.message_fr = (
            f"Le registre des publications est abîmé à l’entrée {name} : rétablissez-la depuis une "
            "sauvegarde. Sans elle, une nouvelle publication ne peut pas être attaquée."
        )
        super().__init__(self.message_fr)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One request to publish. `cells`: label, value, published, secret, below, above, NaN as null.
    `equations`: « parts − total = 0 » as places and weights. `why_fr`: empty when released."""

    number: int
    name: str
    indicator: str
    asked_by: str
    at: str
    outcome: Outcome
    why_fr: str
    cells: tuple[tuple[Any, ...], ...]
    equations: tuple[tuple[tuple[int, float], ...], ...]
    previous: str

    def release(self) -> Release:
        """As the attack reads it."""
        columns = list(zip(*self.cells, strict=True))
        rows = [number for number, terms in enumerate(self.equations) for _ in terms]
        places = [place for terms in self.equations for place, _ in terms]
        weights = [weight for terms in self.equations for _, weight in terms]
        matrix = sparse.csr_array(
            (np.array(weights, dtype=np.float64), (rows, places)),
            shape=(len(self.equations), len(self.cells)),
        )
        numbers = [
            np.array([np.nan if value is None else value for value in columns[place]], dtype=float)
            for place in (1, 4, 5)
        ]
        return Release(
            label_fr=self.name,
            tables=LinkedTables(np.array(columns[0], dtype=object), matrix),
            values=numbers[0],
            published=np.array(columns[2], dtype=bool),
            secret=np.array(columns[3], dtype=bool),
            levels=ProtectionLevels(below=numbers[1], above=numbers[2]),
        )


def releases_folder(folders: Folders) -> Path:
    return folders.data / "observatory" / "releases"


@contextmanager
def writing(folders: Folders) -> Iterator[None]:
    """Two people who publish together wait for each other: each attack must see the other's."""
    folder = releases_folder(folders)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def entries(folders: Folders) -> list[LedgerEntry]:
    """Every entry, the first one first. Raises BrokenLedger."""
    found: list[LedgerEntry] = []
    previous = ""
    for number, path in enumerate(sorted(releases_folder(folders).glob("*.json")), 1):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        try:
            entry = _read(content)
        except (ValueError, TypeError, KeyError) as fault:
            raise BrokenLedger(path.name) from fault
        if path.name != _file_name(number, digest) or entry.previous != previous:
            raise BrokenLedger(path.name)
        previous = digest
        found.append(entry)
    return found


def earlier_releases(known: Sequence[LedgerEntry], indicator: str) -> list[Release]:
    """What went out about an indicator: what a new release of it is attacked with."""
    return [
        entry.release()
        for entry in known
        if entry.outcome is Outcome.RELEASED and entry.indicator == indicator
    ]


def append(
    folders: Folders,
    release: Release,
    *,
    indicator: str,
    asked_by: str,
    at: str,
    outcome: Outcome,
    why_fr: str = "",
) -> LedgerEntry:
    """Writes an entry, whole or not at all; to be called within `writing`. Raises BrokenLedger."""
    known = entries(folders)
    entry = LedgerEntry(
        number=len(known) + 1,
        name=release.label_fr,
        indicator=indicator,
        asked_by=asked_by,
        at=at,
        outcome=outcome,
        why_fr=why_fr,
        cells=_cells(release),
        equations=_equations(release.tables),
        previous=_last_digest(folders),
    )
    content = json.dumps(asdict(entry), ensure_ascii=False).encode()
    name = _file_name(entry.number, hashlib.sha256(content).hexdigest())
    target = releases_folder(folders) / name
    former = os.umask(0o077)
    try:
        write_bytes(target, content)
    finally:
        os.umask(former)
    return entry


def _cells(release: Release) -> tuple[tuple[Any, ...], ...]:
    def number(value: float) -> float | None:
        return float(value) if np.isfinite(value) else None

    return tuple(
        (str(label), number(value), bool(out), bool(secret), number(below), number(above))
        for label, value, out, secret, below, above in zip(
            release.tables.cells,
            release.values,
            release.published,
            release.secret,
            release.levels.below,
            release.levels.above,
            strict=True,
        )
    )


def _equations(tables: LinkedTables) -> tuple[tuple[tuple[int, float], ...], ...]:
    matrix = tables.equations
    return tuple(
        tuple(
            (int(place), float(weight))
            for place, weight in zip(
                matrix.indices[start:stop], matrix.data[start:stop], strict=True
            )
        )
        for start, stop in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)
    )


def _read(content: bytes) -> LedgerEntry:
    written = json.loads(content)
    written["outcome"] = Outcome(written["outcome"])
    written["cells"] = tuple(tuple(cell) for cell in written["cells"])
    written["equations"] = tuple(
        tuple((int(place), float(weight)) for place, weight in terms)
        for terms in written["equations"]
    )
    return LedgerEntry(**written)


def _file_name(number: int, digest: str) -> str:
    return f"{number:06d}-{digest[:16]}.json"


def _last_digest(folders: Folders) -> str:
    paths = sorted(releases_folder(folders).glob("*.json"))
    return hashlib.sha256(paths[-1].read_bytes()).hexdigest() if paths else ""
