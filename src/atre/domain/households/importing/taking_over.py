"""From a file that waits to cases that stand: first what would happen, then batch after batch."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from atre.calc.aids.programme_eligibility import judge
from atre.calc.three_valued import Answer
from atre.domain.agencies import isolation
from atre.domain.agencies.models import Membership, Programme
from atre.domain.agencies.permissions import require
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError, InvalidInput
from atre.domain.households.actions.opening import open_case
from atre.domain.households.enums import Channel
from atre.domain.households.importing import known, store
from atre.domain.households.importing.columns import missing
from atre.domain.households.importing.places import Places
from atre.domain.households.importing.rows import Parsed, Reading, Rejected, parse_lines
from atre.domain.households.importing.store import Import, Progress
from atre.domain.privacy.periods import is_over
from atre.formats.case_table import Table, read_table
from atre.formats.outgoing import Cell

# One transaction each: short enough to answer, long enough to be worth its commit.
BATCH = 40


@dataclass(frozen=True)
class DryRun:
    """What taking the file over would do. `resembling` lines are ready too, if wanted."""

    ready: int
    already_there: int
    rejected: tuple[Rejected, ...]
    resembling: tuple[known.Resemblance, ...]
    answers: Counter[Answer]
    total: int
    # Ready lines so old that the rule on keeping data applies to them as soon as they stand: the
    # day of the request is the last contact that a file tells.
    beyond_retention: int


def table_of(waiting: Import) -> Table:
    """The lines of the chosen sheet. Raises `UnreadableTable`."""
    return read_table(store.content_of(waiting), sheet=waiting.sheet)


def _programme(by: Membership, waiting: Import) -> Programme:
    return Programme.objects.select_related("agency", "perimeter").get(
        pk=waiting.programme_id, agency_id=by.agency_id
    )


def _parsed(
    by: Membership, waiting: Import, table: Table, *, on: date
) -> tuple[Programme, list[Parsed | Rejected]]:
    lacking = missing(waiting.mapping)
    if lacking:
        raise InvalidInput(f"Il manque une colonne pour : {', '.join(lacking)}.", field="mapping")
    programme = _programme(by, waiting)
    reading = Reading(
        programme=programme, mapping=waiting.mapping, consented_on=waiting.consented_on, on=on
    )
    lines = [(line.number, line.values) for line in table.lines]
    return programme, list(parse_lines(lines, reading=reading, places=Places(programme)))


def try_out(*, by: Membership, waiting: Import, on: date) -> DryRun:
    """What would happen, without writing anything. Queries grow with communes, not with lines."""
    require(by, "case.import")
    programme, outcomes = _parsed(by, waiting, table_of(waiting), on=on)
    parsed = [line for line in outcomes if isinstance(line, Parsed)]
    there = known.taken_over(by=by, submissions=[line.submission for line in parsed])
    fresh = [line for line in parsed if line.submission not in there]
    return DryRun(
        ready=len(fresh),
        already_there=len(parsed) - len(fresh),
        rejected=tuple(line for line in outcomes if isinstance(line, Rejected)),
        resembling=tuple(known.resemblances(by=by, lines=fresh)),
        answers=Counter(_answer(programme, line) for line in fresh),
        total=len(outcomes),
        beyond_retention=sum(is_over(line.deposited_on, on=on) for line in fresh),
    )


def _answer(programme: Programme, line: Parsed) -> Answer:
    request = line.request
    persons = (
        None
        if request.adults is None or request.children is None
        else request.adults + request.children
    )
    return judge(
        required_class=programme.required_income_class,
        rfr_eur=request.rfr_eur,
        persons=persons,
        in_idf=request.commune.is_ile_de_france,
        on=line.deposited_on,
    ).answer


def launch(*, by: Membership, waiting: Import, keep_doubles: bool, on: date) -> Import:
    """Decide, once for the whole run, what happens to lines that look like known households.

    Later on, the lines of the file itself would look like known households.
    """
    trial = try_out(by=by, waiting=waiting, on=on)
    aside = [
        (found.number, f"Ressemble au dossier {found.reference} : {', '.join(found.signs)}.")
        for found in trial.resembling
    ]
    launched = replace(
        waiting,
        launched=True,
        keep_doubles=keep_doubles,
        set_aside=() if keep_doubles else tuple(aside),
        total_lines=trial.total,
        progress=Progress(),
    )
    store.save(launched)
    return launched


def take_over_batch(*, by: Membership, waiting: Import, on: date) -> Import:
    """Open the cases of the next lines, in one transaction; the file's state once it went forward.

    Killed at any moment, the batch is all there or not at all, and running it again changes
    nothing: each line has its own submission, the same for ever. One journal entry a batch beside
    those of its cases.
    """
    require(by, "case.import")
    if not waiting.launched:
        raise InvalidInput("Vérifiez le fichier avant de le reprendre.")
    programme, outcomes = _parsed(by, waiting, table_of(waiting), on=on)
    start = waiting.progress.next_line
    batch = outcomes[start : start + BATCH]
    with isolation.within(by.agency_id):
        progress = _open_all(by, programme, waiting, batch)
        advanced = replace(waiting, progress=progress, total_lines=len(outcomes))
        audit.record(
            agency=by.agency_id,
            action="import_cases",
            obj=programme,
            by=by,
            channel=Channel.IMPORT,
            details={
                "file": str(waiting.identifier),
                "lines": [start, start + len(batch)],
                "created": progress.created - waiting.progress.created,
            },
        )
        # The state speaks of rows that stand: written before the commit, a kill would lose lines.
        transaction.on_commit(lambda: store.save(advanced))
    return advanced


def _open_all(
    by: Membership, programme: Programme, waiting: Import, batch: Sequence[Parsed | Rejected]
) -> Progress:
    progress, aside = waiting.progress, dict(waiting.set_aside)
    created, there, rejected = progress.created, progress.already_there, list(progress.rejected)
    for line in batch:
        if isinstance(line, Rejected):
            rejected.append((line.number, line.reason))
        elif line.number in aside:
            rejected.append((line.number, aside[line.number]))
        else:
            try:
                receipt = open_case(
                    programme=programme,
                    request=line.request,
                    submission=line.submission,
                    channel=Channel.IMPORT,
                    by=by,
                    on=line.deposited_on,
                )
            except DomainError as refusal:
                rejected.append((line.number, refusal.message_fr))
                continue
            created += receipt.created
            there += not receipt.created
    return Progress(
        next_line=progress.next_line + len(batch),
        created=created,
        already_there=there,
        rejected=tuple(rejected),
    )


def rejected_lines(waiting: Import) -> tuple[list[str], list[list[Cell]]]:
    """Headers and lines that were not taken, as in the file, with their number and the reason."""
    table = table_of(waiting)
    reasons = dict(waiting.progress.rejected)
    lines: list[list[Cell]] = [
        [line.number, reasons[line.number], *line.values]
        for line in table.lines
        if line.number in reasons
    ]
    return ["Ligne", "Pourquoi elle n’est pas reprise", *table.headers], lines
