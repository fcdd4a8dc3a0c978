"""Erasures told beside the database, so that a restored backup forgets them again (RGPD, art. 17).

One line an erasure: numbers and an instant, no name. The file is not part of a backup: it must
know what was erased after it.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from atre.domain.agencies import isolation
from atre.domain.agencies.models import Agency
from atre.domain.households.models import Household


@dataclass(frozen=True, order=True)
class Erasure:
    """A household that must stay erased."""

    agency: int
    household: int
    erased_at: datetime


def ledger_path() -> Path:
    return Path(settings.DATA_DIR) / "effacements.jsonl"


def told(path: Path | None = None) -> set[Erasure]:
    """The erasures of a ledger; none when there is no file. ValueError on a line that is not one."""
    path = path or ledger_path()
    if not path.is_file():
        return set()
    lines = path.read_text(encoding="utf-8").splitlines()
    return {_read(line) for line in lines if line.strip()}


def _read(line: str) -> Erasure:
    try:
        found = json.loads(line)
        at = datetime.fromisoformat(found["erased_at"])
        return Erasure(int(found["agency"]), int(found["household"]), at)
    except (KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"not a line of the ledger of erasures: {line[:80]!r}") from fault


def keep() -> int:
    """Add to the ledger the erasures of the database that it does not tell yet; how many."""
    missing = sorted(set(_erased()) - told())
    write(missing)
    return len(missing)


def write(erasures: Iterable[Erasure]) -> None:
    """Add lines at the end of the ledger; they are on the disk when it returns."""
    lines = "".join(
        json.dumps(
            {
                "agency": one.agency,
                "household": one.household,
                "erased_at": one.erased_at.isoformat(),
            }
        )
        + "\n"
        for one in erasures
    )
    if not lines:
        return
    path = ledger_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(lines)
        handle.flush()
        os.fsync(handle.fileno())


def _erased() -> Iterator[Erasure]:
    for agency in Agency.objects.order_by("pk"):
        with isolation.reading(agency):
            rows = Household.objects.filter(agency=agency, erased_at__isnull=False)
            for pk, erased_at in rows.values_list("pk", "erased_at"):
                if erased_at is not None:
                    yield Erasure(agency.pk, pk, erased_at)
