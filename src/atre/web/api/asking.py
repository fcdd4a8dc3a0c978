"""What the parameters of a question designate, or the sentence that says why they designate nothing."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import urlencode

from django.http import HttpRequest

from atre.warehouse.catalogue import CATALOGUE, UnknownIndicator
from atre.warehouse.edition import read_edition
from atre.warehouse.folders import data_folder
from atre.warehouse.indicators import DIMENSIONS, Indicator, Secrecy
from atre.warehouse.territories import Atlas, Kind, Territory, UnknownTerritory, atlas
from atre.web.api.questions import FIRST_YEAR, LAST_YEAR, Cuts, Paged
from atre.web.api.refusals import Refused, bad_parameter, not_found

# What publishers publish, and what is about places. What an agency counts of its own cases is
# for its own people: here it does not exist.
OPEN = frozenset({Secrecy.PUBLISHER, Secrecy.NONE})
MOST_CHOSEN = 300


def open_catalogue() -> Mapping[str, Indicator]:
    """The indicators that anyone may read."""
    return MappingProxyType({key: one for key, one in CATALOGUE.items() if one.secrecy in OPEN})


def indicator_of(key: str) -> Indicator:
    """An open indicator; one that is not open and one that is not look alike."""
    found = open_catalogue().get(key)
    if found is None:
        listed = ", ".join(open_catalogue())
        raise not_found(
            "unknown_indicator",
            f"« {key} » n’est pas un indicateur. Ceux que l’on a : {listed}.",
            "indicator",
        ) from UnknownIndicator(key)
    return found


def known_places() -> Atlas:
    return atlas(data_folder())


def territory_of(text: str, parameter: str = "territory") -> Territory:
    """The territory of a text, or the communes of « set:95018-95127 »."""
    known = known_places()
    kind, _, codes = text.strip().partition(":")
    try:
        if kind == Kind.SET:
            return _chosen(known, codes.split("-"), parameter)
        return known.territory(text)
    except UnknownTerritory as unknown:
        raise not_found("unknown_territory", unknown.message_fr, parameter) from unknown


def _chosen(known: Atlas, codes: Sequence[str], parameter: str) -> Territory:
    if len(codes) > MOST_CHOSEN:
        raise bad_parameter(
            parameter, f"Au plus {MOST_CHOSEN} communes choisies : demandez un territoire entier."
        )
    return known.drawn("Communes choisies", codes)


def years_of(text: str | None) -> list[int] | None:
    """« 2018,2023 » as years; None for all of them."""
    if text is None:
        return None
    found = []
    for one in text.split(","):
        if not (one.isascii() and one.isdigit() and FIRST_YEAR <= int(one) <= LAST_YEAR):
            raise bad_parameter("years", f"« {one} » n’est pas une année. Écrivez years=2018,2023.")
        found.append(int(one))
    return found


def cutting_of(text: str, indicator: Indicator) -> tuple[str, ...]:
    """« sector,energy » as cuttings that the indicator has, in one order."""
    wanted = [one for one in text.split(",") if one]
    for one in wanted:
        if one not in DIMENSIONS:
            raise bad_parameter("by", f"« {one} » : écrivez parmi {', '.join(DIMENSIONS)}.")
        _require_cut(indicator, one, "by")
    return tuple(one for one in DIMENSIONS if one in wanted)


def cut_of(asked: Cuts, indicator: Indicator) -> dict[str, str]:
    """The sector, energy or category that is asked."""
    found = {name: getattr(asked, name) for name in DIMENSIONS}
    cut = {name: str(value) for name, value in found.items() if value is not None}
    for name in cut:
        _require_cut(indicator, name, name)
    return cut


def _require_cut(indicator: Indicator, dimension: str, parameter: str) -> None:
    if dimension not in indicator.dimensions:
        has = ", ".join(indicator.dimensions)
        how = f"se découpe par : {has}" if has else "ne se découpe pas"
        raise bad_parameter(
            parameter, f"« {indicator.key} » {how} ; « {dimension} » n’a pas de sens pour lui."
        )


def edition_of(asked: Paged) -> str:
    """The key of the edition being served; refused when the reader's pages are of another one."""
    key = read_edition(data_folder()).key
    if asked.edition is not None and asked.edition != key:
        raise Refused(
            HTTPStatus.CONFLICT,
            "edition_changed",
            "L’observatoire a été reconstruit depuis votre première page : reprenez au début.",
            "edition",
        )
    return key


def page_of(request: HttpRequest, asked: Paged, edition: str, total: int) -> dict[str, object]:
    """What every page says of itself; `next` keeps to the edition of this one."""
    after = asked.offset + asked.limit
    following = None
    if after < total:
        given = request.GET.dict() | {
            "limit": str(asked.limit), "offset": str(after), "edition": edition,
        }  # fmt: skip
        following = f"{request.path}?{urlencode(given)}"
    return {
        "edition": edition,
        "total": total,
        "limit": asked.limit,
        "offset": asked.offset,
        "next": following,
    }
