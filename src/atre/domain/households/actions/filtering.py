"""Searches that a person keeps under a name."""

from django.db import transaction

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import require
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput
from atre.domain.households.listing import Criteria
from atre.domain.households.models import SavedFilter

MAX_FILTERS = 20


@transaction.atomic
def save_filter(*, by: Membership, name: str, criteria: Criteria) -> SavedFilter:
    """Keep a search for oneself; the same name again replaces it. A typed text is not kept:
    it would be a person's name."""
    require(by, "case.view")
    if not name.strip():
        raise InvalidInput("Donnez un nom à ce filtre.", field="name")
    if criteria.is_empty():
        raise InvalidInput("Choisissez au moins un critère avant de l’enregistrer.")
    own = SavedFilter.objects.filter(agency_id=by.agency_id, membership=by)
    if own.count() >= MAX_FILTERS and not own.filter(name=name.strip()).exists():
        raise InvalidInput(f"Vous avez déjà {MAX_FILTERS} filtres : supprimez-en un d’abord.")
    row, _ = SavedFilter.objects.update_or_create(
        membership=by,
        name=name.strip()[:80],
        defaults={"agency_id": by.agency_id, "criteria": criteria.as_dict()},
    )
    audit.record(agency=by.agency_id, action="save_filter", obj=row, by=by)
    return row


@transaction.atomic
def delete_filter(*, by: Membership, filter_id: int) -> None:
    """Forget one of one's own filters; `SavedFilter.DoesNotExist` for anyone else's."""
    require(by, "case.view")
    row = SavedFilter.objects.select_for_update().get(
        pk=filter_id, agency_id=by.agency_id, membership=by
    )
    audit.record(agency=by.agency_id, action="delete_filter", obj=row, by=by)
    row.delete()
