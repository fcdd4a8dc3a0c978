"""Endpoints about the figures: what can be asked, from whom it comes, in which edition."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic_core import to_json

from atre import __version__
from atre.warehouse import crosswalk
from atre.warehouse.catalogue import CASES
from atre.warehouse.crosswalk import Equivalent
from atre.warehouse.edition import read_edition
from atre.warehouse.folders import data_folder
from atre.warehouse.gate import offered
from atre.warehouse.indicators import Indicator
from atre.warehouse.offered import Offer
from atre.warehouse.sources.receipts import Receipt, receipts
from atre.warehouse.staging.geography import GEOGRAPHY_YEAR
from atre.web.api import asking
from atre.web.api.answers import (
    EditionOut,
    EquivalentsOut,
    IndicatorDetail,
    IndicatorsOut,
    Refusal,
    SourcesOut,
)
from atre.web.api.questions import IndicatorKey, Paged
from atre.web.api.refusals import TYPE
from atre.web.observatory import publishers

router = Router(tags=["Ce que l’on a"])
REFUSALS = frozenset({404, 409, 422, 429, 500})


@router.get("/edition", response={200: EditionOut, REFUSALS: Refusal}, summary="L’édition servie")
def edition(request: HttpRequest) -> dict[str, Any]:
    """Les tables servies en ce moment : une réponse ne change pas tant que l’édition ne change pas."""
    served = read_edition(data_folder())
    return {
        "edition": served.key,
        "built_at": served.built_at,
        "geography_year": GEOGRAPHY_YEAR,
        "rows": served.rows,
        "sources": len(served.sources),
        "software": f"Âtre {__version__}",
    }


@router.get(
    "/indicators", response={200: IndicatorsOut, REFUSALS: Refusal}, summary="Les indicateurs"
)
def indicators(request: HttpRequest) -> dict[str, Any]:
    """Le catalogue : ce que compte chaque indicateur, son unité, comment ses communes s’ajoutent,
    la règle de secret, ce dont il faut se méfier, d’où il vient."""
    served = read_edition(data_folder())
    listed = [_indicator(one) for one in asking.open_catalogue().values()]
    return {"edition": served.key, "indicators": listed}


@router.get(
    "/indicators/{key}",
    response={200: IndicatorDetail, REFUSALS: Refusal},
    summary="Un indicateur, ses années et ses découpages",
)
def indicator(request: HttpRequest, key: Path[IndicatorKey]) -> dict[str, Any]:
    """Un indicateur, et ce que ses communes ont : les années, la dernière d’abord."""
    found = asking.indicator_of(key)
    years = [_offer(one) for one in offers() if one.indicator == found.key]
    return {**_indicator(found), "edition": read_edition(data_folder()).key, "years": years}


@router.get(
    "/equivalents",
    response={200: EquivalentsOut, REFUSALS: Refusal},
    summary="Les identifiants de Territoires en transitions",
)
def equivalents(request: HttpRequest) -> dict[str, Any]:
    """Nos découpages sous les identifiants `cae_*` de Territoires en transitions, avec l’unité et
    ce qui les sépare. Un identifiant absent n’a pas d’égal ici."""
    return {
        "edition": read_edition(data_folder()).key,
        "equivalents": [_equivalent(one) for one in crosswalk.EQUIVALENTS],
    }


@router.get("/sources", response={200: SourcesOut, REFUSALS: Refusal}, summary="Les fichiers lus")
def sources(request: HttpRequest, asked: Query[Paged]) -> dict[str, Any]:
    """Chaque fichier reçu : qui le publie, sous quelle licence, ses années, ce qui en a été lu."""
    key = asking.edition_of(asked)
    served = read_edition(data_folder())
    standings = {one.file: one.standings for one in served.accounts}
    listed = [one for one in receipts(data_folder()) if one.format != CASES]
    page = listed[asked.offset : asked.offset + asked.limit]
    return {
        **asking.page_of(request, asked, key, len(listed)),
        "sources": [_source(one, standings.get(one.key)) for one in page],
    }


def unchecked(said: dict[str, Any]) -> HttpResponse:
    """An answer of tens of thousands of communes, written as it is: checking each costs a second.

    A test holds it against its schema instead.
    """
    return HttpResponse(to_json(said, inf_nan_mode="null"), content_type=TYPE)


def offers() -> tuple[Offer, ...]:
    """The years and cuttings of every indicator, asked once an edition. Raises NotBuilt."""
    folders = data_folder()
    return _offers(read_edition(folders).key, str(folders.data))


@lru_cache(maxsize=2)
def _offers(edition: str, folder: str) -> tuple[Offer, ...]:
    return tuple(offered())


def _indicator(one: Indicator) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": one.title_fr,
        "unit": one.unit,
        "quantity": one.quantity,
        "aggregation": one.aggregation,
        "secrecy": one.secrecy,
        "dimensions": list(one.dimensions),
        "cautions": list(one.cautions_fr),
        "sources": list(one.sources),
        "bars_follow_up": list(one.bars_follow_up),
        "cae": [equal.cae for equal in crosswalk.of_indicator(one.key)],
    }


def _offer(one: Offer) -> dict[str, Any]:
    return {
        "year": one.year,
        "source": one.source,
        "communes": one.communes,
        "sectors": list(one.sectors),
        "energies": list(one.energies),
        "categories": list(one.categories),
    }


def _equivalent(one: Equivalent) -> dict[str, Any]:
    return {
        "cae": one.cae,
        "title": one.title_fr,
        "unit": one.unit,
        "ours_in_theirs": one.ours_in_theirs,
        "indicator": one.indicator,
        "sector": one.sector,
        "energy": one.energy,
        "category": one.category,
        "caution": one.caution_fr or None,
        "source": crosswalk.SOURCE,
    }


def _source(one: Receipt, standings: dict[str, int] | None) -> dict[str, Any]:
    return {
        "key": one.key,
        "source": one.format,
        "title": one.title_fr,
        "name": one.name,
        "publisher": publishers.short_fr(one.format),
        "licence": publishers.licence_fr(one.format) or None,
        "received_at": one.received_at,
        "vintage": max(one.years, default=None),
        "years": list(one.years),
        "levels": list(one.levels),
        "measures": list(one.measures),
        "rows": one.rows,
        "rejected": one.rejected,
        "standings": standings,
    }
