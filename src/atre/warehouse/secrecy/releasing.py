"""A table set asks to go out: its cells one by one, then all together, then with what is out already."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from atre.calc.errors import CalcRefusal
from atre.calc.secrecy.gate import OpenRelease, Release, close_release, refuse_open_release
from atre.calc.secrecy.rules import (
    REASONS_FR,
    CellFacts,
    Population,
    PrimaryReason,
    primary_reasons,
    protection_levels,
)
from atre.calc.wording import number_fr
from atre.warehouse.folders import Folders
from atre.warehouse.secrecy import ledger
from atre.warehouse.secrecy.cells import Places
from atre.warehouse.secrecy.ledger import LedgerEntry, Outcome
from atre.warehouse.secrecy.table_sets import TableSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who wants to publish what, under which rules.

    `indicator`: what is counted; cells of one indicator keep their names from one release to the next.
    `width`: below this difference, in the table's unit, two values are the same thing.
    """

    name: str
    indicator: str
    asked_by: str
    population: Population
    on: date
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a request. `why_fr`: the cell and the attack; empty when it may go out.
    `primary`, `complementary`: places of the cells hidden by themselves and to protect others."""

    outcome: Outcome
    why_fr: str
    release: Release
    primary: Places
    complementary: Places
    entry: LedgerEntry | None


def ask(
    folders: Folders,
    tables: TableSet,
    request: Request,
    *,
    now: datetime,
    protect: bool = False,
    keep: bool = True,
) -> Answer:
    """Lets a table set out, or refuses it, and writes either in the ledger.

    `protect`: hides what must be, instead of refusing it. `keep`: False only says what would happen.
    Raises `RefusedInput` for tables that contradict themselves or what is out, `BrokenLedger`.
    """
    with ledger.writing(folders):
        earlier = ledger.earlier_releases(ledger.entries(folders), request.indicator)
        wanted, reasons = _release(tables, request)
        release, why_fr = _judged(wanted, reasons, earlier, protect=protect)
        outcome = Outcome.REFUSED if why_fr else Outcome.RELEASED
        entry = None
        if keep and not _is_out_already(release, earlier, outcome):
            entry = ledger.append(
                folders,
                release,
                indicator=request.indicator,
                asked_by=request.asked_by,
                at=now.isoformat(timespec="seconds"),
                outcome=outcome,
                why_fr=why_fr,
            )
    hidden = wanted.published & ~release.published
    return Answer(
        outcome=outcome,
        why_fr=why_fr,
        release=release,
        primary=np.flatnonzero(hidden & release.secret),
        complementary=np.flatnonzero(hidden & ~release.secret),
        entry=entry,
    )


def _release(tables: TableSet, request: Request) -> tuple[Release, np.ndarray]:
    facts = CellFacts(tables.values, tables.contributors, largest=tables.largest)
    reasons = primary_reasons(facts, request.population, request.on)
    levels = protection_levels(facts, reasons, request.on, minimum_width=request.width)
    release = Release(
        label_fr=request.name,
        tables=tables.tables,
        values=tables.values,
        published=tables.wanted,
        secret=(reasons != PrimaryReason.PUBLISHABLE) & tables.listed,
        levels=levels,
    )
    return release, reasons


def _judged(
    wanted: Release, reasons: np.ndarray, earlier: Sequence[Release], *, protect: bool
) -> tuple[Release, str]:
    """The release as it would go out, and why it may not."""
    release = wanted
    both = np.flatnonzero(wanted.published & wanted.secret)
    if both.size and not protect:
        return release, _primary_fr(wanted, reasons, both)
    try:
        if protect:
            release = replace(wanted, published=wanted.published & ~wanted.secret)
            release = close_release(release, earlier)
        refuse_open_release(release, earlier)
    except OpenRelease as refusal:
        return release, str(refusal)
    except CalcRefusal as refusal:
        # « Cannot protect », or an attack in doubt: what is not known safe does not go out.
        return replace(release, published=np.zeros_like(release.published)), str(refusal)
    return release, ""


def _primary_fr(release: Release, reasons: np.ndarray, cells: Places) -> str:
    first = int(cells[0])
    reason = REASONS_FR[PrimaryReason(int(reasons[first]))]
    others = len(cells) - 1
    more = f" {number_fr(others)} autre{'s' if others > 1 else ''} avec elle." if others else ""
    return (
        f"« {release.label_fr} » ne peut pas être publié. « {release.tables.cells[first]} » ne se publie "
        f"pas seule : {reason}.{more} Écrivez « non » dans la colonne « publier », ou demandez que ce "
        "qui doit l’être soit masqué (--protect)."
    )


def _is_out_already(release: Release, earlier: Sequence[Release], outcome: Outcome) -> bool:
    """The same table asked again is the same release."""
    if outcome is Outcome.REFUSED:
        return False
    return any(
        list(one.tables.cells) == list(release.tables.cells)
        and bool((one.published == release.published).all())
        and bool(np.array_equal(one.values, release.values, equal_nan=True))
        for one in earlier
    )
