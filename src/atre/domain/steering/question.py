"""What a reader of the steering page asks, and what a reader outside the agency may ask."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from atre.calc.wording import NO_BREAK, date_fr
from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Membership, Programme
from atre.domain.agencies.permissions import Scope, require
from atre.domain.errors import NotAllowed
from atre.domain.households.enums import CaseState, ClosingReason
from atre.domain.network.enums import OrganisationKind
from atre.domain.territories.models import Commune
from atre.domain.territories.selectors import perimeter_communes

AUTHORITIES = frozenset({OrganisationKind.COMMUNE, OrganisationKind.EPCI})
EVERYWHERE = "tout le territoire de l’agence"


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end`, both included."""

    start: date
    end: date
    label: str

    @property
    def sentence(self) -> str:
        return f"du {date_fr(self.start)} au {date_fr(self.end)}"


@dataclass(frozen=True)
class Audience:
    """How far a reader sees. `communes` None is no limit; `restricted` hides small counts."""

    restricted: bool
    communes: frozenset[str] | None
    label: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """Whose cases, of which programme and communes, over which days. `on` is the day of reading."""

    agency_id: int
    programme: Programme | None
    communes: frozenset[str] | None
    territory: str
    period: Period
    on: date
    restricted: bool

    @property
    def source(self) -> str:
        return f"dossiers de l’agence, au {date_fr(self.on)}"

    @property
    def programme_name(self) -> str:
        return self.programme.name if self.programme else "tous les dispositifs"

    def reach(self, prefix: str = "") -> Q:
        """Every case of the programme and communes, seen from a model that reaches it by `prefix`."""
        condition = Q(**{f"{prefix}agency_id": self.agency_id})
        if self.programme is not None:
            condition &= Q(**{f"{prefix}programme_id": self.programme.pk})
        if self.communes is not None:
            condition &= Q(**{f"{prefix}dwelling__commune_id__in": sorted(self.communes)})
        return condition

    def cases(self, prefix: str = "") -> Q:
        """The same without the doubles: a case closed as one is not a second request."""
        return self.reach(prefix) & ~Q(
            **{
                f"{prefix}state": CaseState.CLOSED,
                f"{prefix}closing_reason": ClosingReason.DUPLICATE,
            }
        )

    def within(self, field: str) -> Q:
        """The condition that a date falls in the period."""
        return Q(**{f"{field}__gte": self.period.start, f"{field}__lte": self.period.end})


def audience(*, by: Membership, on: date) -> Audience:
    """What the membership may see. `NotAllowed`, with the reason, for an observer of nowhere."""
    if require(by, "steering.view") is Scope.AGENCY:
        return Audience(restricted=False, communes=None, label=EVERYWHERE)
    if by.role == Role.FEDERATION:
        return Audience(restricted=True, communes=None, label=EVERYWHERE)
    organisation = by.organisation
    if organisation is None or organisation.kind not in AUTHORITIES:
        raise NotAllowed(
            "Votre compte n’est rattaché à aucune collectivité : demandez à l’agence de le faire."
        )
    if organisation.perimeter is None:
        raise NotAllowed(
            f"Le territoire de {organisation.name} n’est pas encore renseigné dans sa fiche : "
            "demandez à l’agence de le faire, puis revenez."
        )
    communes = perimeter_communes(organisation.perimeter, on).values_list("pk", flat=True)
    return Audience(restricted=True, communes=frozenset(communes), label=organisation.name)


def programmes(*, by: Membership) -> list[Programme]:
    """The agency's programmes, closed ones too: they have results."""
    return list(Programme.objects.filter(agency_id=by.agency_id).order_by("name"))


def communes(*, by: Membership, on: date) -> list[Commune]:
    """Communes that the agency covers on that day, with their groupings."""
    return list(
        perimeter_communes(by.agency.perimeter, on).select_related("epci", "ept").order_by("name")
    )


def presets(on: date) -> dict[str, Period]:
    """The usual periods of a reader of the agency."""
    try:
        a_year_ago = on.replace(year=on.year - 1)
    except ValueError:  # 29 February
        a_year_ago = date(on.year - 1, 2, 28)
    return {
        "this_year": Period(date(on.year, 1, 1), on, f"{on.year}, à ce jour"),
        "last_year": whole_year(on.year - 1),
        "twelve_months": Period(a_year_ago + timedelta(days=1), on, "12 derniers mois"),
    }


def whole_year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31), f"année{NO_BREAK}{year}")


def published_years(*, schemes: list[Programme], on: date) -> list[Period]:
    """Years a restricted reader may ask, latest first: whole and over.

    Years do not overlap: two answers never differ by the few households of a few days.
    """
    if not schemes:
        return []
    first = min(programme.opens_on.year for programme in schemes)
    return [whole_year(year) for year in range(on.year - 1, first - 1, -1)]
