"""Addresses of territories: « /observatoire/commune/95018/ » is the commune 95018 of the atlas.

An agency's own perimeters answer to its people alone; for anyone else they do not exist.
"""

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate

from atre.domain.agencies import isolation
from atre.domain.agencies.models import Agency
from atre.domain.agencies.selectors import named_perimeters
from atre.domain.territories.selectors import perimeter_communes
from atre.warehouse.folders import data_folder
from atre.warehouse.territories import Atlas, Kind, Territory, UnknownTerritory, atlas
from atre.web.observatory.words import named

# The word of an address, and the kind it names.
WORDS = {
    "commune": Kind.COMMUNE,
    "epci": Kind.EPCI,
    "ept": Kind.EPT,
    "departement": Kind.DEPARTMENT,
    "region": Kind.REGION,
    "pays": Kind.COUNTRY,
}
WORD_OF = {kind: word for word, kind in WORDS.items()}
COUNTRY, SET, PERIMETER = "FR", "choix", "perimetre"
# An address longer than two thousand characters is cut by some programs.
MOST_DRAWN = 300
KINDS_FR = {
    Kind.COMMUNE: "commune",
    Kind.EPCI: "intercommunalité",
    Kind.EPT: "établissement public territorial",
    Kind.DEPARTMENT: "département",
    Kind.REGION: "région",
    Kind.COUNTRY: "pays",
    Kind.SET: "communes choisies",
}
# As the law names them: the article goes with the name.
PARENTS = (Kind.EPT, Kind.EPCI, Kind.DEPARTMENT, Kind.REGION)


@dataclass(frozen=True)
class Place:
    """A territory and the address that names it. `own` : a perimeter of the person's agency."""

    territory: Territory
    word: str
    code: str
    own: bool = False

    @property
    def kind_fr(self) -> str:
        return "périmètre de l’agence" if self.own else KINDS_FR[self.territory.kind]

    @property
    def name(self) -> str:
        return named(self.territory.name)

    @property
    def url(self) -> str:
        return self.url_of("observatory_territory")

    def url_of(self, route: str, **more: str) -> str:
        """The address of one of this territory's pages."""
        return reverse(route, kwargs={"place": self.word, "code": self.code, **more})


@dataclass(frozen=True)
class Link:
    """Another territory, as a link."""

    name: str
    url: str
    kind_fr: str


def place_of(request: HttpRequest, word: str, code: str) -> Place:
    """The territory of an address. 404 when there is none, or none that this person may see.

    Raises NotBuilt before the first build.
    """
    known = atlas(data_folder())
    try:
        if word == PERIMETER:
            return _own_perimeter(request, known, code)
        if word == SET:
            return Place(_drawn(known, code), word, code)
        return Place(_coded(known, word, code), word, code)
    except UnknownTerritory:
        raise Http404 from None


def _coded(known: Atlas, word: str, code: str) -> Territory:
    kind = WORDS.get(word)
    if kind is None or (kind is Kind.COUNTRY and code != COUNTRY):
        raise Http404
    return known.territory(str(kind) if kind is Kind.COUNTRY else f"{kind}:{code}")


def _drawn(known: Atlas, code: str) -> Territory:
    communes = code.split("-")
    if len(communes) > MOST_DRAWN:
        raise Http404
    count = len(set(communes))
    name = f"{count} communes choisies" if count > 1 else "1 commune choisie"
    return known.drawn(name, communes)


def _own_perimeter(request: HttpRequest, known: Atlas, code: str) -> Place:
    agency = request.agency
    if agency is None or not code.isdecimal():
        raise Http404
    with isolation.reading(agency.pk):
        for one in named_perimeters(agency=agency):
            if one.perimeter.pk == int(code):
                communes = perimeter_communes(one.perimeter, localdate())
                codes = list(communes.values_list("pk", flat=True))
                # A commune that left the official list keeps its place in old perimeters.
                current = [each for each in codes if each in known.names[Kind.COMMUNE]]
                return Place(known.drawn(one.name, current), PERIMETER, code, own=True)
    raise Http404


def own_places(agency: Agency) -> list[Link]:
    """The perimeters of an agency, as links."""
    with isolation.reading(agency.pk):
        return [
            Link(one.name, _url(PERIMETER, str(one.perimeter.pk)), one.what_fr)
            for one in named_perimeters(agency=agency)
        ]


def parents_of(place: Place) -> list[Link]:
    """What a commune belongs to; what all the communes of another territory belong to."""
    known = atlas(data_folder())
    found = []
    for kind in PARENTS:
        owners = {known.parents[code].get(kind) for code in place.territory.communes}
        owner = owners.pop() if len(owners) == 1 else None
        if owner is not None and (kind, owner) != (place.territory.kind, place.territory.code):
            found.append(link_to(known.territory(f"{kind}:{owner}")))
    if place.territory.kind is not Kind.COUNTRY:
        found.append(Link("France", _url("pays", COUNTRY), KINDS_FR[Kind.COUNTRY]))
    return found


def department_of(place: Place) -> Place | None:
    """The department that holds all of a place; None when there are several."""
    known = atlas(data_folder())
    owners = {known.parents[code].get(Kind.DEPARTMENT) for code in place.territory.communes}
    owner = owners.pop() if len(owners) == 1 else None
    if owner is None:
        return None
    return Place(known.territory(f"{Kind.DEPARTMENT}:{owner}"), WORD_OF[Kind.DEPARTMENT], owner)


def link_to(territory: Territory) -> Link:
    """A territory of the official list, as a link."""
    code = COUNTRY if territory.kind is Kind.COUNTRY else territory.code
    url = _url(WORD_OF[territory.kind], code)
    return Link(named(territory.name), url, KINDS_FR[territory.kind])


def _url(word: str, code: str) -> str:
    return reverse("observatory_territory", kwargs={"place": word, "code": code})
