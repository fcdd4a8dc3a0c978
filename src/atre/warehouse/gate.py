"""The one door out: screens, files, maps, documents and the API read figures through it.

A test of the architecture holds everybody else away from the marts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from atre.warehouse import behind, commune_values, engine
from atre.warehouse import offered as offers
from atre.warehouse.behind import SourceRows
from atre.warehouse.case_figures import case_figures, cases_by_commune
from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.catalogue import indicator as catalogued
from atre.warehouse.commune_values import CommuneValues
from atre.warehouse.edition import read_edition
from atre.warehouse.figures import Figure, figures
from atre.warehouse.folders import Folders, data_folder
from atre.warehouse.indicators import DIMENSIONS, Flag
from atre.warehouse.offered import Offer
from atre.warehouse.rebasing import rebased
from atre.warehouse.territories import Territory


def released(
    indicator: str,
    territory: Territory,
    *,
    years: Sequence[int] | None = None,
    by: Sequence[str] = (),
    basis: str = "pci",
    geography: int | None = None,
    folders: Folders | None = None,
) -> list[Figure]:
    """The figures of a territory that may be shown, each with what may be said of it.

    `years`: None for all. `by`: the cuttings wanted, among the indicator's dimensions. `geography`:
    the year of the communes, and of the territory, from `geographies.atlas_of`; None for those of
    today. Raises UnknownIndicator, UnknownGeography, NotBuilt.
    """
    wanted = catalogued(indicator)
    if geography is None:
        return _released([wanted.key], territory, years=years, by=by, basis=basis, folders=folders)
    folders = folders or data_folder()
    found = rebased(
        engine.current(),
        folders,
        read_edition(folders),
        indicators=[wanted],
        territory=territory,
        geography=geography,
        years=years,
        by=by,
        basis=basis,
    )
    return [_without_secret(one) for one in found]


def profile(
    territory: Territory, *, basis: str = "pci", cut: bool = True, folders: Folders | None = None
) -> list[Figure]:
    """All there is of a territory: each indicator and year, cut as finely as it is published, or
    added up when `cut` is False. One question either way. Raises NotBuilt."""
    by = DIMENSIONS if cut else ()
    return _released(list(CATALOGUE), territory, years=None, by=by, basis=basis, folders=folders)


def source_rows(
    indicator: str,
    territory: Territory,
    *,
    year: int | None = None,
    cut: Mapping[str, str] | None = None,
    limit: int = 100,
    offset: int = 0,
    folders: Folders | None = None,
) -> SourceRows:
    """The rows of files behind a figure, a page at a time, as their producers published them.

    `cut`: one sector, energy or category. Raises UnknownIndicator, NotBuilt.
    """
    folders = folders or data_folder()
    return behind.source_rows(
        engine.current(),
        folders,
        read_edition(folders),
        indicator=catalogued(indicator),
        territory=territory,
        year=year,
        cut=cut,
        limit=limit,
        offset=offset,
    )


def of_communes(
    indicator: str,
    *,
    year: int | None,
    cut: Mapping[str, str] | None = None,
    folders: Folders | None = None,
) -> CommuneValues:
    """One value a commune, for a map or a list of communes: NaN where it is secret or unknown. The
    last ones asked are kept: their arrays are read, never written.

    `cut`: one sector, energy or category. Raises UnknownIndicator, NotBuilt.
    """
    folders = folders or data_folder()
    asked = tuple(sorted((cut or {}).items()))
    wanted = catalogued(indicator)
    return _of_communes(folders, read_edition(folders).key, wanted.key, year, asked)


# A map is looked at for a while, by several people: some three megabytes each.
@lru_cache(maxsize=16)
def _of_communes(
    folders: Folders,
    edition_key: str,
    indicator: str,
    year: int | None,
    cut: tuple[tuple[str, str], ...],
) -> CommuneValues:
    found = commune_values.commune_values(
        engine.current(),
        folders,
        read_edition(folders),
        indicator=CATALOGUE[indicator],
        year=year,
        cut=dict(cut),
    )
    shown = np.where(found.flags == Flag.SECRET, np.nan, found.values)
    for kept in (found.codes, shown, found.lower, found.upper, found.flags, found.secret_share):
        kept.setflags(write=False)
    return replace(found, values=shown)


def offered(*, folders: Folders | None = None) -> list[Offer]:
    """The years and cuttings that can be asked of communes, by indicator: no figure, only what
    there is. Raises NotBuilt."""
    folders = folders or data_folder()
    return offers.offered(engine.current(), folders, read_edition(folders))


def cases_opened(
    agency: str,
    territory: Territory,
    *,
    years: Sequence[int] | None = None,
    by: Sequence[str] = (),
    folders: Folders | None = None,
) -> list[Figure]:
    """The cases that one agency opened in a territory: its own, which no other agency is shown.

    `agency`: its identifier, of the person who asks. `by`: « category » for programmes and progress.
    """
    return case_figures(folders or data_folder(), agency, territory, years=years, by=by)


def cases_of_communes(agency: str, *, year: int, folders: Folders | None = None) -> CommuneValues:
    """The cases one agency opened in each commune where it works: NaN where they are too few."""
    return cases_by_commune(folders or data_folder(), agency, year=year)


def _released(
    keys: Sequence[str],
    territory: Territory,
    *,
    years: Sequence[int] | None,
    by: Sequence[str],
    basis: str,
    folders: Folders | None,
) -> list[Figure]:
    folders = folders or data_folder()
    found = figures(
        engine.current(),
        folders,
        read_edition(folders),
        indicators=[CATALOGUE[key] for key in keys],
        territory=territory,
        years=years,
        by=by,
        basis=basis,
    )
    return [_without_secret(one) for one in found]


def _without_secret(one: Figure) -> Figure:
    return replace(one, value=None) if one.flag is Flag.SECRET else one
