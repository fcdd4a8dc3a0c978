"""Reading territories: search, resolution, perimeters and their populations."""

from collections.abc import Iterable
from datetime import date
from threading import Lock
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from atre.domain.territories.enums import PopulationKind
from atre.domain.territories.gazetteer import Former, Gazetteer, Grouping, Hit, Place
from atre.domain.territories.models import (
    Commune,
    Department,
    Epci,
    FormerCommune,
    Perimeter,
    PerimeterMember,
    Population,
    PostalCode,
    TerritoryVintage,
)

_building = Lock()
_built: dict[str, Gazetteer] = {}


class PopulationFigure(NamedTuple):
    """A sum of one kind and one legal year over `known` communes out of `communes`."""

    kind: str
    year: int
    value: int
    known: int
    communes: int

    @property
    def is_complete(self) -> bool:
        return self.known == self.communes


class PerimeterSummary(NamedTuple):
    """How many communes, and each legal population known of them, most complete first."""

    communes: int
    population: list[PopulationFigure]


def current_vintage() -> TerritoryVintage | None:
    """The reference that the tables hold; None before the first loading."""
    return TerritoryVintage.objects.order_by("-loaded_at").first()


def gazetteer() -> Gazetteer:
    """The in-memory index of the loaded reference: one query, and a building once per vintage."""
    vintage = current_vintage()
    if vintage is None:
        return Gazetteer((), (), ())
    with _building:
        if vintage.content_sha256 not in _built:
            index = _read_gazetteer()
            _built.clear()
            _built[vintage.content_sha256] = index
        return _built[vintage.content_sha256]


def _read_gazetteer() -> Gazetteer:
    departments = dict(Department.objects.values_list("code", "name"))
    postal_codes: dict[str, list[str]] = {}
    for insee, code in PostalCode.objects.order_by("id").values_list("commune_id", "code"):
        postal_codes.setdefault(insee, []).append(code)
    municipal = dict(
        Population.objects.filter(kind=PopulationKind.MUNICIPAL)
        .order_by("year")
        .values_list("commune_id", "value")
    )
    rows = Commune.objects.filter(is_current=True).order_by("insee")
    columns = ("insee", "name", "search_name", "department_id", "region_id", "epci_id", "ept_id")
    places = (
        Place(
            insee, name, search_name, department, departments[department], region, epci, ept, siren,
            tuple(postal_codes.get(insee, ())), municipal.get(insee),
        )
        for insee, name, search_name, department, region, epci, ept, siren in rows.values_list(
            *columns, "siren"
        )
    )  # fmt: skip
    formers = FormerCommune.objects.order_by("id")
    groupings = Epci.objects.filter(is_current=True).order_by("siren")
    return Gazetteer(
        places,
        [Former(*row) for row in formers.values_list("code", "name", "search_name", "commune_id")],
        [Grouping(*row) for row in groupings.values_list("siren", "name", "search_name", "kind")],
    )


def search_communes(text: str, limit: int = 10) -> list[Hit]:
    """Communes for what a person typed, the likeliest first.

    By name (accents, case, hyphens, « st » and one slip forgiven), postal code, INSEE code,
    former code or former name. `hit.place.insee` is the key of `Commune`.
    """
    return gazetteer().search(text, limit)


def resolve_territory(text: str) -> Commune | Epci:
    """The territory a SIREN, an INSEE code or a name designates. Raises UnknownTerritory."""
    found = gazetteer().resolve(text)
    if isinstance(found, Grouping):
        return Epci.objects.get(pk=found.siren)
    return Commune.objects.get(pk=found.insee)


def communes_of(territories: Iterable[Commune | Epci]) -> QuerySet[Commune]:
    """The communes of several territories, each once."""
    sirens: list[str] = []
    codes: list[str] = []
    for territory in territories:
        (sirens if isinstance(territory, Epci) else codes).append(territory.pk)
    return Commune.objects.filter(is_current=True).filter(
        Q(pk__in=codes) | Q(epci__in=sirens) | Q(ept__in=sirens)
    )


def _valid(on: date | None) -> Q:
    """Members in force that day, first and last days included; every member when None."""
    if on is None:
        return Q()
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=on)) & (
        Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    )


def perimeter_communes(perimeter: Perimeter, on: date | None) -> QuerySet[Commune]:
    """The communes a perimeter covers that day, in one query; on=None ignores all dates."""
    members = PerimeterMember.objects.filter(_valid(on), perimeter=perimeter)
    groupings = members.filter(epci__isnull=False).values("epci")
    # Joined by UNION, each way in reads its own index; joined by OR, all of France is read.
    covered = members.filter(commune__isnull=False).values("commune")
    covered = covered.union(
        Commune.objects.filter(epci__in=groupings).order_by().values("pk"),
        Commune.objects.filter(ept__in=groupings).order_by().values("pk"),
    )
    return Commune.objects.filter(is_current=True, pk__in=covered)


def _covering_members(commune_insee: str, on: date | None) -> QuerySet[PerimeterMember]:
    return PerimeterMember.objects.filter(
        Q(commune=commune_insee)
        | Q(epci__in=Commune.objects.filter(pk=commune_insee, epci__isnull=False).values("epci"))
        | Q(epci__in=Commune.objects.filter(pk=commune_insee, ept__isnull=False).values("ept")),
        _valid(on),
    )


def perimeter_contains(perimeter: Perimeter, commune_insee: str, on: date | None) -> bool:
    """Whether the perimeter covers that commune that day, in one query."""
    return _covering_members(commune_insee, on).filter(perimeter=perimeter).exists()


def perimeters_covering(commune_insee: str, on: date | None) -> QuerySet[Perimeter]:
    """Every perimeter that covers that commune that day, in one query when read."""
    covering = _covering_members(commune_insee, on).filter(perimeter=OuterRef("pk"))
    return Perimeter.objects.filter(Exists(covering))


def perimeter_summary(communes: QuerySet[Commune]) -> PerimeterSummary:
    """Counts communes and sums each legal population apart, in two queries.

    Kinds and years are never added up; a figure that some communes lack says how many have it.
    """
    total = communes.count()
    rows = (
        Population.objects.filter(commune__in=communes.order_by().values("pk"))
        .values_list("kind", "year")
        .annotate(value=Sum("value"), known=Count("commune"))
        .order_by()
    )
    figures = [
        PopulationFigure(kind, year, value, known, total) for kind, year, value, known in rows
    ]
    return PerimeterSummary(total, sort_figures(figures))


def sort_figures(figures: Iterable[PopulationFigure]) -> list[PopulationFigure]:
    """Complete figures first, then the latest year, municipal before total."""
    return sorted(figures, key=lambda figure: (-figure.known, -figure.year, figure.kind))
