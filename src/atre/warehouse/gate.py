"""The one door out: screens, files, maps, documents and the API read figures through it.

A test of the architecture holds everybody else away from the marts.
"""

from collections.abc import Sequence
from dataclasses import replace

from atre.warehouse import engine
from atre.warehouse.catalogue import indicator as catalogued
from atre.warehouse.edition import read_edition
from atre.warehouse.figures import Figure, figures
from atre.warehouse.folders import Folders, data_folder
from atre.warehouse.indicators import Flag
from atre.warehouse.territories import Territory


def released(
    indicator: str,
    territory: Territory,
    *,
    years: Sequence[int] | None = None,
    by: Sequence[str] = (),
    basis: str = "pci",
    folders: Folders | None = None,
) -> list[Figure]:
    """The figures of a territory that may be shown, each with what may be said of it.

    `years`: None for all. `by`: the cuttings wanted, among the indicator's dimensions.
    Raises UnknownIndicator, NotBuilt.
    """
    folders = folders or data_folder()
    found = figures(
        engine.current(),
        folders,
        read_edition(folders),
        indicator=catalogued(indicator),
        territory=territory,
        years=years,
        by=by,
        basis=basis,
    )
    return [_without_secret(one) for one in found]


def _without_secret(one: Figure) -> Figure:
    return replace(one, value=None) if one.flag is Flag.SECRET else one
