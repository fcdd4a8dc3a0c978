"""Reading what is around a case day after day: agreements, tasks, files, who may take it up."""

from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import require
from atre.domain.households.models import (
    Attachment,
    Case,
    Consent,
    Household,
    HouseholdMerge,
    SavedFilter,
    Task,
)
from atre.domain.network.enums import OrganisationKind
from atre.domain.network.models import Organisation


def standing_consents(*, by: Membership, case: Case) -> list[Consent]:
    """What the household agrees to today, with the partners it named."""
    rows = Consent.objects.filter(agency_id=by.agency_id, case=case, withdrawn_at__isnull=True)
    return list(rows.prefetch_related("partners").order_by("given_at", "pk"))


def open_tasks(*, by: Membership, case: Case) -> list[Task]:
    """What is still to do for a case, the most pressing first."""
    require(by, "case.income")
    rows = Task.objects.filter(agency_id=by.agency_id, case=case, done_at__isnull=True)
    return list(rows.select_related("assigned_to__user").order_by("due_on", "pk"))


def task_for(*, by: Membership, task_id: int) -> Task:
    """A task of the agency; `Task.DoesNotExist` when foreign or absent."""
    require(by, "case.income")
    return Task.objects.select_related("case").get(pk=task_id, agency_id=by.agency_id)


def attachments(*, by: Membership, case: Case) -> list[Attachment]:
    """The files of a case, newest first."""
    require(by, "case.income")
    rows = Attachment.objects.filter(agency_id=by.agency_id, case=case)
    return list(rows.select_related("by__user").order_by("-at", "-pk"))


def attachment_for(*, by: Membership, case: Case, attachment_id: int) -> Attachment:
    """One file of a case; `Attachment.DoesNotExist` when foreign or absent."""
    require(by, "case.income")
    rows = Attachment.objects.select_related("case")
    return rows.get(pk=attachment_id, agency_id=by.agency_id, case=case)


def other_cases(*, by: Membership, case: Case) -> list[Case]:
    """The household's other cases in the agency."""
    require(by, "case.income")
    rows = Case.objects.filter(agency_id=by.agency_id, household_id=case.household_id)
    return list(rows.exclude(pk=case.pk).select_related("programme").order_by("-deposited_on"))


def household_for(*, by: Membership, household_id: str) -> Household | None:
    """A household of the agency that is neither merged nor erased; None when there is none."""
    require(by, "case.income")
    if not household_id.isdigit():
        return None
    return (
        Household.objects.filter(
            agency_id=by.agency_id, merged_into__isnull=True, erased_at__isnull=True
        )
        .select_related("dwelling__commune")
        .filter(pk=int(household_id))
        .first()
    )


def standing_merges(*, by: Membership, household: Household) -> list[HouseholdMerge]:
    """Files that were merged into this household's and can be taken out again."""
    require(by, "case.merge")
    rows = HouseholdMerge.objects.filter(
        agency_id=by.agency_id, kept=household, undone_at__isnull=True
    )
    return list(rows.select_related("absorbed", "by__user").order_by("-at"))


def merge_for(*, by: Membership, merge_id: int) -> HouseholdMerge:
    """One merge; `HouseholdMerge.DoesNotExist` when foreign or absent."""
    require(by, "case.merge")
    return HouseholdMerge.objects.select_related("kept", "absorbed").get(
        pk=merge_id, agency_id=by.agency_id
    )


def saved_filters(*, by: Membership) -> list[SavedFilter]:
    """The searches this person kept."""
    return list(SavedFilter.objects.filter(agency_id=by.agency_id, membership=by).order_by("name"))


def operators(*, by: Membership) -> list[Organisation]:
    """Organisations that visit homes for the agency."""
    rows = Organisation.objects.filter(
        agency_id=by.agency_id, kind=OrganisationKind.OPERATOR, is_active=True
    )
    return list(rows.order_by("name"))


def visitors(*, by: Membership) -> list[Membership]:
    """People who visit homes, with their operator."""
    rows = Membership.objects.filter(
        agency_id=by.agency_id, role__in=[Role.VISITOR, Role.COORDINATOR], is_active=True
    )
    return list(
        rows.select_related("user", "organisation").order_by(
            "organisation__name", "user__full_name"
        )
    )


def advisers(*, by: Membership) -> list[Membership]:
    """People of the agency who follow cases."""
    rows = Membership.objects.filter(
        agency_id=by.agency_id, role__in=[Role.ADVISER, Role.DIRECTOR], is_active=True
    )
    return list(rows.select_related("user").order_by("user__full_name"))
