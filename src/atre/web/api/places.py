"""Endpoints about territories: their codes, names and communes."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from atre.domain.territories.names import normalise
from atre.warehouse.staging.geography import GEOGRAPHY_YEAR
from atre.warehouse.territories import COLUMNS, Atlas, Kind, Territory
from atre.web.api import asking
from atre.web.api.answers import Refusal, TerritoriesOut, TerritoryDetail
from atre.web.api.describing import REFUSALS, unchecked
from atre.web.api.questions import Paged, TerritoriesQuestion, TerritoryCode

router = Router(tags=["Territoires"])
ORDER = (Kind.COUNTRY, Kind.REGION, Kind.DEPARTMENT, Kind.EPCI, Kind.EPT, Kind.COMMUNE)


class Listed(NamedTuple):
    """A territory of the list. `words`: its name as people type it, after a space."""

    kind: Kind
    code: str
    name: str
    words: str
    communes: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.code}" if self.code else str(self.kind)


@lru_cache(maxsize=2)
def _listed(known: Atlas) -> tuple[Listed, ...]:
    """Every territory, the largest kinds first, then by code: the order of the pages."""
    found = []
    for kind in ORDER:
        for code, name in sorted(_names(known, kind).items()):
            territory = known.territory(f"{kind}:{code}" if code else str(kind))
            words = f" {normalise(name)}"
            found.append(Listed(kind, code, name, words, territory.communes))
    return tuple(found)


def _names(known: Atlas, kind: Kind) -> dict[str, str]:
    return {"": "France"} if kind is Kind.COUNTRY else known.names[kind]


@router.get(
    "/territories", response={200: TerritoriesOut, REFUSALS: Refusal}, summary="Les territoires"
)
def territories(request: HttpRequest, asked: Query[TerritoriesQuestion]) -> dict[str, Any]:
    """Les territoires de la liste officielle, par type, par nom, ou contenus dans un autre."""
    key = asking.edition_of(asked)
    found: Iterable[Listed] = _listed(asking.known_places())
    if asked.kind is not None:
        found = (one for one in found if one.kind == asked.kind)
    if asked.q:
        found = _named(found, asked.q)
    if asked.within is not None:
        inside = set(asking.territory_of(asked.within, "within").communes)
        found = (one for one in found if inside.issuperset(one.communes))
    kept = list(found)
    page = kept[asked.offset : asked.offset + asked.limit]
    return {
        **asking.page_of(request, asked, key, len(kept)),
        "territories": [_row(one.key, one.kind, one.code, one.name, one.communes) for one in page],
    }


def _named(found: Iterable[Listed], typed: str) -> Iterable[Listed]:
    """Those with a word that starts as typed, or such a code; none for signs that spell nothing."""
    words, code = normalise(typed), typed.strip().upper()
    if not words:
        return ()
    return (one for one in found if f" {words}" in one.words or one.code.startswith(code))


@router.get(
    "/territories/{territory}",
    response={200: TerritoryDetail, REFUSALS: Refusal},
    summary="Un territoire et ses communes",
)
def territory(request: HttpRequest, territory: Path[TerritoryCode]) -> HttpResponse:
    """Un territoire, ses communes d’aujourd’hui, et les territoires qui le contiennent entier."""
    found = asking.territory_of(territory)
    known = asking.known_places()
    names = known.names[Kind.COMMUNE]
    said = {
        **_row(found.key, found.kind, found.code, found.name, found.communes),
        "edition": asking.edition_of(Paged()),
        "geography_year": GEOGRAPHY_YEAR,
        "parents": _parents(known, found),
        "members": [{"territory": f"com:{code}", "name": names[code]} for code in found.communes],
    }
    return unchecked(said)


def _parents(known: Atlas, found: Territory) -> list[dict[str, str]]:
    parents = []
    for kind in COLUMNS:
        owners = {known.parents[code].get(kind) for code in found.communes}
        owner = owners.pop() if len(owners) == 1 else None
        if owner is not None and (kind, owner) != (found.kind, found.code):
            parents.append({"territory": f"{kind}:{owner}", "name": known.names[kind][owner]})
    return parents


def _row(key: str, kind: Kind, code: str, name: str, communes: tuple[str, ...]) -> dict[str, Any]:
    return {
        "territory": key,
        "kind": kind.value,
        "code": code,
        "name": name,
        "communes": len(communes),
    }
