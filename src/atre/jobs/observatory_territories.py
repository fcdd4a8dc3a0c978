"""The territories that a person can name at the command line: official ones, several together, and
the perimeters drawn in the platform."""

from collections.abc import Callable, Iterable
from datetime import date

from atre.warehouse.folders import Folders, data_folder
from atre.warehouse.geographies import Geographies, atlas_of, geographies
from atre.warehouse.territories import Atlas, Territory, UnknownTerritory, atlas

# The communes of each perimeter of a name.
PerimetersNamed = Callable[[str], list[Iterable[str]]]


class SeveralPerimeters(LookupError):
    """A name that several perimeters of different communes bear."""

    def __init__(self, name: str, count: int) -> None:
        self.message_fr = (
            f"{count} périmètres différents s’appellent « {name} » : donnez ses intercommunalités, "
            "comme epci:248300394,epci:200040210."
        )
        super().__init__(self.message_fr)


def territory_named(
    text: str,
    *,
    perimeters: PerimetersNamed,
    geography: int | None = None,
    folders: Folders | None = None,
) -> Territory:
    """The territory of « dep:95 », of « epci:…,com:… » together, or of a perimeter's name.

    `geography`: the year of its communes, None for those of today. Raises UnknownTerritory,
    UnknownGeography, SeveralPerimeters, NotBuilt.
    """
    folders = folders or data_folder()
    known = atlas(folders) if geography is None else atlas_of(folders, geography)
    if geography is not None:
        # A perimeter is drawn in communes of today.
        perimeters = _as_of(perimeters, geographies(folders), geography)
    parts = [part.strip() for part in text.split(",") if part.strip()]
    try:
        found = [known.territory(part) for part in parts]
    except UnknownTerritory:
        return _perimeter(text.strip(), known, perimeters)
    if len(found) == 1:
        return found[0]
    communes = {code for one in found for code in one.communes}
    return known.drawn(" + ".join(one.name for one in found), communes)


def _as_of(perimeters: PerimetersNamed, known: Geographies, year: int) -> PerimetersNamed:
    def named(name: str) -> list[Iterable[str]]:
        return [known.as_of(communes, year) for communes in perimeters(name)]

    return named


def _perimeter(name: str, known: Atlas, perimeters: PerimetersNamed) -> Territory:
    drawn = {known.drawn(name, communes) for communes in perimeters(name)}
    if not drawn:
        raise UnknownTerritory(name)
    if len(drawn) > 1:
        raise SeveralPerimeters(name, len(drawn))
    return drawn.pop()


def perimeters_of_the_platform(on: date) -> PerimetersNamed:
    """Looks for the agencies and programmes of a name in the database, which Django must be set up
    for; their perimeters as they stand `on`. For who administers the platform: all agencies."""

    def named(name: str) -> list[Iterable[str]]:
        from atre.domain.agencies import isolation  # noqa: PLC0415
        from atre.domain.agencies.models import Agency  # noqa: PLC0415
        from atre.domain.agencies.selectors import named_perimeters  # noqa: PLC0415
        from atre.domain.territories.selectors import perimeter_communes  # noqa: PLC0415

        found: list[Iterable[str]] = []
        for agency in Agency.objects.order_by("pk"):
            with isolation.reading(agency.pk):
                found += [
                    list(perimeter_communes(one.perimeter, on).values_list("insee", flat=True))
                    for one in named_perimeters(agency=agency)
                    if one.name.casefold() == name.casefold()
                ]
        return found

    return named
