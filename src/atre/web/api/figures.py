"""Endpoints of figures: of a territory, of every commune, and the rows of files behind them.

Everything comes through the gate: what is secret has no value here, and bounds where totals give some.
"""

from dataclasses import asdict
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from numpy.typing import NDArray

from atre.warehouse import gate
from atre.warehouse.commune_values import CommuneValues
from atre.warehouse.crosswalk import equivalent_of
from atre.warehouse.figures import Figure
from atre.warehouse.indicators import Indicator, Quantity
from atre.warehouse.staging.geography import GEOGRAPHY_YEAR
from atre.web.api import asking
from atre.web.api.answers import CommuneValuesOut, FiguresOut, Refusal, SourceRowsOut
from atre.web.api.describing import REFUSALS, offers, unchecked
from atre.web.api.questions import CommuneValuesQuestion, FiguresQuestion, Paged, SourceRowsQuestion
from atre.web.observatory import publishers

router = Router(tags=["Chiffres"])
PCI = "pci"


@router.get(
    "/figures",
    response={200: FiguresOut, REFUSALS: Refusal},
    summary="Les chiffres d’un territoire",
)
def figures(request: HttpRequest, asked: Query[FiguresQuestion]) -> dict[str, Any]:
    """Un indicateur d’un territoire, année par année, découpé comme demandé. Ce qui est secret n’a
    pas de valeur ; `lower` et `upper` l’encadrent quand des totaux publiés le permettent."""
    edition = asking.edition_of(asked)
    indicator = asking.indicator_of(asked.indicator)
    territory = asking.territory_of(asked.territory)
    found = gate.released(
        indicator.key,
        territory,
        years=asking.years_of(asked.years),
        by=asking.cutting_of(asked.by, indicator),
        basis=asked.basis,
    )
    page = found[asked.offset : asked.offset + asked.limit]
    return {
        **asking.page_of(request, asked, edition, len(found)),
        "indicator": indicator.key,
        "territory": territory.key,
        "name": territory.name,
        "cautions": list(indicator.cautions_fr),
        "figures": [_figure(one, basis_of(indicator, asked.basis)) for one in page],
    }


@router.get(
    "/source-rows",
    response={200: SourceRowsOut, REFUSALS: Refusal},
    summary="Les lignes de fichiers derrière un chiffre",
)
def source_rows(request: HttpRequest, asked: Query[SourceRowsQuestion]) -> dict[str, Any]:
    """Ce que les producteurs ont publié, ligne par ligne, et si la ligne compte (`standing`)."""
    edition = asking.edition_of(asked)
    indicator = asking.indicator_of(asked.indicator)
    found = gate.source_rows(
        indicator.key,
        asking.territory_of(asked.territory),
        year=asked.year,
        cut=asking.cut_of(asked, indicator),
        limit=asked.limit,
        offset=asked.offset,
    )
    return {
        **asking.page_of(request, asked, edition, found.total),
        "rows": [asdict(row) for row in found.rows],
    }


@router.get(
    "/commune-values",
    response={200: CommuneValuesOut, REFUSALS: Refusal},
    summary="Une valeur par commune, pour une carte",
)
def commune_values(request: HttpRequest, asked: Query[CommuneValuesQuestion]) -> HttpResponse:
    """Toutes les communes d’une année en colonnes de même longueur, dans l’ordre de leurs codes.
    Sans `year` : la dernière année publiée. Gaz en PCI."""
    edition = asking.edition_of(Paged())
    indicator = asking.indicator_of(asked.indicator)
    cut = asking.cut_of(asked, indicator)
    year = asked.year if asked.year is not None else latest_year(indicator)
    found = gate.of_communes(indicator.key, year=year, cut=cut)
    kept = np.ones(len(found.codes), dtype=bool)
    if asked.within is not None:
        inside = asking.territory_of(asked.within, "within").communes
        kept = np.isin(found.codes.astype(str), np.asarray(inside, dtype=str))
    said = {
        "edition": edition,
        "indicator": indicator.key,
        "year": found.year,
        **{name: cut.get(name) for name in ("sector", "energy", "category")},
        "unit": found.unit,
        "basis": basis_of(indicator, PCI),
        "source": found.source,
        "publisher": publishers.short_fr(found.source) if found.source else None,
        "geography_year": GEOGRAPHY_YEAR,
        "cautions": list(indicator.cautions_fr),
        **_columns(found, kept),
    }
    return unchecked(said)


def latest_year(indicator: Indicator) -> int | None:
    """The last year that communes have, None for what has no year."""
    years = [one.year for one in offers() if one.indicator == indicator.key]
    return years[0] if years else None


def basis_of(indicator: Indicator, basis: str) -> str | None:
    """The calorific value of an energy; None where it means nothing."""
    return basis if indicator.quantity is Quantity.ENERGY else None


def _columns(found: CommuneValues, kept: NDArray[np.bool_]) -> dict[str, list[Any]]:
    columns = {
        "codes": found.codes,
        "values": found.values,
        "lower": found.lower,
        "upper": found.upper,
        "flags": found.flags,
        "secret_share": found.secret_share,
    }
    return {name: column[kept].tolist() for name, column in columns.items()}


def _figure(one: Figure, basis: str | None) -> dict[str, Any]:
    equal = equivalent_of(
        one.indicator, sector=one.sector, energy=one.energy, category=one.category
    )
    return {
        **asdict(one),
        "basis": basis,
        "publisher": publishers.short_fr(one.source),
        "vintage": one.year,
        "cae": None if equal is None else equal.cae,
        "cae_caution": (equal.caution_fr or None) if equal else None,
    }
