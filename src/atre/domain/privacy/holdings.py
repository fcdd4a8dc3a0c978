"""Finding every row that tells of one household."""

from django.db.models import Q, QuerySet

from atre.domain.agencies.models import TenantModel
from atre.domain.households.models import Household
from atre.domain.privacy.register import REGISTER, Holding


def cases_of(household: Household) -> list[int]:
    """Ids of the household's cases, through merges too."""
    files = household_ids(household)
    return list(
        household.cases.model.objects.filter(
            agency_id=household.agency_id, household_id__in=files
        ).values_list("pk", flat=True)
    )


def household_ids(household: Household) -> list[int]:
    """The household's own file and those merged into it."""
    absorbed = Household.objects.filter(agency_id=household.agency_id, merged_into=household)
    return [household.pk, *absorbed.values_list("pk", flat=True)]


def rows(holding: Holding, *, household: Household, case_ids: list[int]) -> QuerySet[TenantModel]:
    """Rows of one table that tell of this household."""
    ids = household_ids(household)
    found = holding.model_class()._default_manager.filter(agency_id=household.agency_id)
    if holding.path == "self":
        return found.filter(pk__in=case_ids)
    if holding.path == "household":
        is_household = holding.model_class() is Household
        return found.filter(**{"pk__in" if is_household else "household_id__in": ids})
    if holding.path == "dwelling":
        return found.filter(Q(household__in=ids) | Q(cases__in=case_ids)).distinct()
    if holding.path == "merge":
        return found.filter(Q(kept__in=ids) | Q(absorbed__in=ids))
    return found.filter(**{f"{holding.path}__in": case_ids})


def about_households() -> list[Holding]:
    """The tables that tell of households."""
    return [holding for holding in REGISTER if not holding.not_the_household]
