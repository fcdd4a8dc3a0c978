"""Reading the network of partners. The membership acting comes first, always."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import require
from atre.domain.network.enums import OrganisationKind
from atre.domain.network.models import Organisation, OrganisationContact
from atre.domain.territories.models import Perimeter, PerimeterMember
from atre.domain.territories.selectors import perimeters_covering


@dataclass(frozen=True, kw_only=True)
class NetworkSearch:
    """What the list is narrowed to; empty narrows nothing."""

    kind: str = ""
    commune: str = ""
    text: str = ""
    inactive: bool = False


def organisations(*, by: Membership, search: NetworkSearch) -> QuerySet[Organisation]:
    """Services of the network by kind then name.

    With a commune (INSEE code): those that cover it, and those whose territory nobody wrote down,
    which may cover it. Raises `NotAllowed`.
    """
    require(by, "network.view")
    rows = Organisation.objects.filter(agency_id=by.agency_id, is_active=not search.inactive)
    if search.kind:
        rows = rows.filter(kind=search.kind)
    if search.commune:
        covering = perimeters_covering(search.commune, None).values("pk")
        rows = rows.filter(Q(perimeter__in=covering) | Q(perimeter__isnull=True))
    for word in search.text.split():
        rows = rows.filter(Q(name__icontains=word) | Q(what_for__icontains=word))
    return rows.select_related("perimeter").order_by("kind", "name")


def organisation_for(*, by: Membership, pk: int) -> Organisation:
    """One service with its contacts and territory; `DoesNotExist` when foreign or absent."""
    require(by, "network.view")
    members = PerimeterMember.objects.select_related("epci", "commune").order_by("pk")
    return (
        Organisation.objects.select_related("perimeter")
        .prefetch_related(
            Prefetch("contacts", OrganisationContact.objects.order_by("name")),
            Prefetch("perimeter__members", members),
        )
        .get(pk=pk, agency_id=by.agency_id)
    )


def proposable(*, by: Membership, commune: str = "") -> list[Organisation]:
    """Services a household may be directed to: active, not said to be full, not a visit operator.

    Those known to cover the commune come first, then those whose territory nobody wrote down.
    """
    require(by, "orientation.send")
    covering = perimeters_covering(commune, None).filter(pk=OuterRef("perimeter"))
    rows = (
        Organisation.objects.filter(agency_id=by.agency_id, is_active=True)
        .exclude(kind=OrganisationKind.OPERATOR)
        .exclude(accepts_referrals=False)
        .annotate(
            distance=Case(
                When(Exists(covering), then=Value(0)),
                When(perimeter__isnull=True, then=Value(1)),
                default=Value(2),
            )
        )
        .order_by("distance", "kind", "name")
    )
    return list(rows)


def territory_names(perimeter: Perimeter | None) -> list[str]:
    """The groupings and communes of a territory; empty when nobody wrote it down."""
    if perimeter is None:
        return []
    members: Iterable[PerimeterMember] = perimeter.members.all()
    names = [(member.epci or member.commune) for member in members]
    return [place.name for place in names if place is not None]
