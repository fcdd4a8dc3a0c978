"""Making one household of two files of the same people, and undoing it."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import require
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.households.models import Case, Household, HouseholdMerge


@transaction.atomic
def merge_households(
    *, by: Membership, kept: Household, absorbed: Household, reason: str
) -> HouseholdMerge:
    """Give the cases of `absorbed` to `kept`. Nothing of either file is rewritten or lost.

    Errors: `NotAllowed` for another agency's household, `InvalidInput` when it makes no sense.
    """
    require(by, "case.merge")
    if not reason.strip():
        raise InvalidInput("Dites à quoi vous reconnaissez le même ménage.", field="reason")
    if kept.pk == absorbed.pk:
        raise InvalidInput("C’est la même fiche : il n’y a rien à fusionner.")
    rows = _locked(by, kept.pk, absorbed.pk)
    keeper, gone = rows[kept.pk], rows[absorbed.pk]
    if keeper.merged_into_id or gone.merged_into_id:
        raise InvalidInput("L’une de ces fiches est déjà fusionnée avec une autre.")
    moved = list(
        Case.objects.select_for_update(of=("self",))
        .filter(agency_id=by.agency_id, household=gone)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    Case.objects.filter(agency_id=by.agency_id, pk__in=moved).update(
        household=keeper, revision=F("revision") + 1
    )
    gone.merged_into = keeper
    gone.revision += 1
    gone.save(update_fields=["merged_into", "revision"])
    merge = HouseholdMerge.objects.create(
        agency_id=by.agency_id,
        kept=keeper,
        absorbed=gone,
        moved_case_ids=moved,
        reason=reason.strip(),
        by=by,
    )
    audit.record(
        agency=by.agency_id,
        action="merge_households",
        obj=merge,
        by=by,
        case_id=moved[0] if moved else None,
        reason=reason.strip(),
        details={"kept": keeper.pk, "absorbed": gone.pk, "cases": moved},
    )
    return merge


@transaction.atomic
def undo_merge(*, by: Membership, merge: HouseholdMerge) -> HouseholdMerge:
    """Give back to each file its own cases; those opened since stay with the file kept.

    Errors: `NotAllowed`, `InvalidInput` when already undone or when the file kept was itself
    merged since: that merge is undone first.
    """
    require(by, "case.merge")
    row = (
        HouseholdMerge.objects.select_for_update(of=("self",))
        .filter(pk=merge.pk, agency_id=by.agency_id)
        .first()
    )
    if row is None:
        raise NotAllowed("Cette fusion n’est pas dans votre champ.")
    if row.undone_at is not None:
        raise InvalidInput("Cette fusion est déjà annulée.")
    rows = _locked(by, row.kept_id, row.absorbed_id)
    if rows[row.kept_id].merged_into_id:
        raise InvalidInput(
            "La fiche gardée a été fusionnée à son tour : annulez d’abord cette autre fusion."
        )
    gone = rows[row.absorbed_id]
    Case.objects.filter(
        agency_id=by.agency_id, pk__in=row.moved_case_ids, household_id=row.kept_id
    ).update(household=gone, revision=F("revision") + 1)
    gone.merged_into = None
    gone.revision += 1
    gone.save(update_fields=["merged_into", "revision"])
    row.undone_at, row.undone_by = timezone.now(), by
    row.save(update_fields=["undone_at", "undone_by"])
    audit.record(
        agency=by.agency_id,
        action="undo_merge",
        obj=row,
        by=by,
        case_id=row.moved_case_ids[0] if row.moved_case_ids else None,
        details={"cases": row.moved_case_ids},
    )
    return row


def _locked(by: Membership, *households: int) -> dict[int, Household]:
    """Both households, locked in one order so that two crossed merges cannot block each other."""
    rows = Household.objects.select_for_update().filter(
        agency_id=by.agency_id, pk__in=households, erased_at__isnull=True
    )
    found = {row.pk: row for row in rows.order_by("pk")}
    if len(found) != len(set(households)):
        raise NotAllowed("Ce ménage n’est pas connu de votre agence.")
    return found
