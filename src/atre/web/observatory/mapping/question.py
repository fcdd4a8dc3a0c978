"""What a map shows: an indicator, a year, one cutting, divided by what, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, QueryDict

from atre.warehouse import gate
from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.edition import read_edition
from atre.warehouse.folders import Folders, data_folder
from atre.warehouse.indicators import Aggregation, Indicator
from atre.warehouse.offered import Offer
from atre.web.observatory.places import Place, place_of
from atre.web.observatory.words import CUTS

NO_YEAR = "non-dite"
# What opens the map, the first that this installation has.
FIRST = ("energy_poverty_share", "consumption", "degree_days", "dwellings")
# A figure of our own people's work, for them alone: never on a public map.
STAFF_ONLY = frozenset({"cases_opened"})


class Per(StrEnum):
    """What a sum is divided by, so that a large commune is not dark for being large."""

    INHABITANT = "habitant"
    DWELLING = "logement"
    WHOLE = "total"


@dataclass(frozen=True)
class Question:
    """`cut`: pairs of a dimension of the warehouse and its value. `place`: None for the country."""

    indicator: Indicator
    year: int | None
    per: Per | None = None
    cut: tuple[tuple[str, str], ...] = ()
    place: Place | None = None

    @property
    def is_private(self) -> bool:
        """Whether only some people may ask it: an agency's own perimeter."""
        return self.place is not None and self.place.own

    def parameters(self, **changed: str) -> dict[str, str]:
        """The words of its address; one that is changed to nothing is left out."""
        found = {"indicateur": self.indicator.key, "annee": year_word(self.year)}
        cut = dict(self.cut)
        found |= {word: cut[name] for word, name in CUTS.items() if name in cut}
        if self.per:
            found["par"] = self.per
        if self.place:
            found["territoire"] = f"{self.place.word}/{self.place.code}"
        return {name: value for name, value in (found | changed).items() if value}

    def query(self, **changed: str) -> str:
        return urlencode(self.parameters(**changed), safe="/")


def year_word(year: int | None) -> str:
    return NO_YEAR if year is None else str(year)


def offers(folders: Folders | None = None) -> dict[str, list[Offer]]:
    """What can be asked, by indicator, once an edition. Raises NotBuilt."""
    folders = folders or data_folder()
    return _offers(folders, read_edition(folders).key)


@lru_cache(maxsize=4)
def _offers(folders: Folders, edition: str) -> dict[str, list[Offer]]:
    found: dict[str, list[Offer]] = {}
    for one in gate.offered(folders=folders):
        if one.indicator not in STAFF_ONLY:
            found.setdefault(one.indicator, []).append(one)
    return found


def modes(indicator: Indicator, *, by_category: bool = False) -> tuple[Per, ...]:
    """What an indicator may be divided by, the usual one first; empty when it is no sum.

    A share, a median or degree days are not divided: they do not grow with the commune.
    """
    if indicator.aggregation is not Aggregation.SUM:
        return ()
    if indicator.key == "population":
        return Per.WHOLE, Per.DWELLING
    if indicator.key == "dwellings" and not by_category:
        return Per.INHABITANT, Per.WHOLE
    if indicator.key in {"dwellings", "dpe_count", "energy_poverty_households", "tax_households"}:
        return Per.DWELLING, Per.INHABITANT, Per.WHOLE
    return Per.INHABITANT, Per.DWELLING, Per.WHOLE


def read_question(request: HttpRequest, asked: QueryDict) -> Question:
    """The question of an address; what it does not say, or cannot be asked, takes its usual value.

    404 for an indicator or a territory that does not exist. Raises NotBuilt.
    """
    known = offers()
    key = asked.get("indicateur") or first_of(known)
    if key not in known:
        raise Http404
    indicator = CATALOGUE[key]
    offer = offer_of(known[key], asked.get("annee", ""))
    cut = tuple(
        (name, value)
        for word, name in CUTS.items()
        if (value := asked.get(word, "")) in cuts_of(offer, name)
    )
    offered = modes(indicator, by_category="category" in dict(cut))
    return Question(
        indicator=indicator,
        year=offer.year,
        per=next((mode for mode in offered if mode == asked.get("par")), next(iter(offered), None)),
        cut=cut,
        place=place_asked(request, asked.get("territoire", "")),
    )


def first_of(known: Mapping[str, object]) -> str:
    """The indicator that opens the map; empty when nothing can be asked."""
    return next((key for key in (*FIRST, *known) if key in known), "")


def offer_of(found: list[Offer], year: str) -> Offer:
    """The year asked; else the latest that most communes have, since some publish a year early."""
    for one in found:
        if year_word(one.year) == year:
            return one
    most = max(one.communes for one in found)
    return next(one for one in found if one.communes * 2 >= most)


def cuts_of(offer: Offer, name: str) -> tuple[str, ...]:
    """The values of one dimension that a year has."""
    return {"sector": offer.sectors, "energy": offer.energies, "category": offer.categories}[name]


def place_asked(request: HttpRequest, text: str) -> Place | None:
    """The place of « departement/95 »; None for the whole country. 404 as `place_of` says it."""
    word, _, code = text.partition("/")
    if not word or (word, code) == ("pays", "FR"):
        return None
    return place_of(request, word, code)
