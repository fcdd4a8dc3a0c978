"""From the gate's figures to a document."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from atre.documents.territory_extract import Chapter, TerritoryExtract
from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.edition import read_edition
from atre.warehouse.folders import data_folder
from atre.warehouse.sources.receipts import receipts
from atre.warehouse.staging.geography import GEOGRAPHY_YEAR
from atre.web.design.formatting import spaced
from atre.web.observatory import words
from atre.web.observatory.extract import consumption_told, figures_told, needs_told
from atre.web.observatory.extract.choices import CHAPTERS, PURPOSES
from atre.web.observatory.extract.citing import Citations
from atre.web.observatory.extract.method import METHOD
from atre.web.observatory.places import Place
from atre.web.observatory.reading import Reading, read

Teller = Callable[[Reading, Citations], Chapter]
TELLERS: dict[str, Teller] = {
    "population": figures_told.population,
    "consommation": consumption_told.consumption,
    "production": figures_told.production,
    "emissions": needs_told.emissions,
    "revenus": needs_told.incomes,
    "dpe": needs_told.certificates,
}
assert list(TELLERS) == list(CHAPTERS)


def territory_extract(
    place: Place,
    *,
    purpose: str,
    chapters: Sequence[str],
    author: str,
    issued_on: date,
    address: str = "",
) -> TerritoryExtract:
    """The extract of a place, its chapters in the order of the document. KeyError for a purpose or
    chapter that does not exist; NotBuilt before the first build."""
    folders = data_folder()
    edition = read_edition(folders)
    reading = read(place)
    cited = Citations(receipts(folders))
    told = tuple(TELLERS[key](reading, cited) for key in CHAPTERS if key in chapters)
    return TerritoryExtract(
        territory=place.name,
        kind=place.kind_fr[:1].upper() + place.kind_fr[1:],
        communes=len(place.territory.communes),
        purpose=PURPOSES[purpose].title_fr,
        author=author,
        issued_on=issued_on,
        built_on=datetime.fromisoformat(edition.built_at).date(),
        edition=edition.key,
        geography_year=GEOGRAPHY_YEAR,
        basis=words.BASES_FR[reading.basis],
        address=address,
        chapters=told,
        citations=cited.listed(),
        method=(*METHOD, ("Indicateur par indicateur", _cautions(reading))),
    )


def _cautions(reading: Reading) -> tuple[str, ...]:
    """What to beware of, each with the indicators it is about."""
    about: dict[str, list[str]] = {}
    for key in dict.fromkeys(one.indicator for one in reading.totals):
        for caution in CATALOGUE[key].cautions_fr:
            about.setdefault(caution, []).append(CATALOGUE[key].title_fr)
    return tuple(spaced(f"{' ; '.join(titles)} : {caution}") for caution, titles in about.items())
