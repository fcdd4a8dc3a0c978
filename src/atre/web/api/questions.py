"""What a question may say: names, kinds and limits of its parameters, as the OpenAPI document has them."""

from typing import Annotated, Literal

from ninja import Field, Schema

from atre.formats.territory_figures import Energy, Sector

MOST_ROWS, ROWS = 1000, 100
# Beyond, an offset is no longer a page of anything.
MOST_OFFSET = 100_000_000
FIRST_YEAR, LAST_YEAR = 1900, 2200

TerritoryCode = Annotated[
    str,
    Field(
        max_length=2000,
        description="`com:95018`, `epci:200054781`, `ept:200057941`, `dep:95`, `reg:11`, `fr`, ou "
        "des communes choisies : `set:95018-95127`.",
        examples=["dep:95"],
    ),
]
Limit = Annotated[
    int,
    Field(
        ge=1, le=MOST_ROWS, description=f"Lignes par page : {ROWS} si absent, {MOST_ROWS} au plus."
    ),
]
Offset = Annotated[
    int, Field(ge=0, le=MOST_OFFSET, description="Lignes à passer : suivez plutôt `next`.")
]
EditionKey = Annotated[
    str | None,
    Field(
        max_length=80,
        description="L’`edition` de la première page : 409 si elle a changé depuis.",
    ),
]
Year = Annotated[
    int | None,
    Field(
        ge=FIRST_YEAR, le=LAST_YEAR, description="Une année ; toutes si absent.", examples=[2023]
    ),
]
Category = Annotated[
    str | None,
    Field(max_length=60, description="Une catégorie de l’indicateur (filière, classe, décile…)."),
]
IndicatorKey = Annotated[
    str,
    Field(max_length=80, description="Une clé de `/api/v1/indicators`.", examples=["consumption"]),
]


class Paged(Schema):
    """A page is asked by `limit` and `offset`; `next` of an answer gives the following one."""

    limit: Limit = ROWS
    offset: Offset = 0
    edition: EditionKey = None


class Cuts(Schema):
    """One sector, energy or category; what is not named is added up."""

    sector: Annotated[Sector | None, Field(description="Un secteur ; tous si absent.")] = None
    energy: Annotated[Energy | None, Field(description="Une énergie ; toutes si absent.")] = None
    category: Category = None


class TerritoriesQuestion(Paged):
    """Which territories."""

    kind: Annotated[
        Literal["com", "epci", "ept", "dep", "reg", "fr"] | None, Field(description="Un type.")
    ] = None
    q: Annotated[
        str, Field(max_length=100, description="Début ou mot d’un nom, ou début d’un code.")
    ] = ""
    within: Annotated[TerritoryCode | None, Field(description="Contenus dans ce territoire.")] = (
        None
    )


class FiguresQuestion(Paged):
    """Which figures of a territory."""

    indicator: IndicatorKey
    territory: TerritoryCode
    years: Annotated[
        str | None, Field(max_length=400, description="`2018,2023` ; toutes si absent.")
    ] = None
    by: Annotated[
        str,
        Field(max_length=60, description="`sector,energy` : découpages ; le reste est additionné."),
    ] = ""
    basis: Annotated[
        Literal["pci", "pcs"],
        Field(description="Pouvoir calorifique du gaz : `pci` si absent, comme un PCAET."),
    ] = "pci"


class SourceRowsQuestion(Paged, Cuts):
    """Which rows of files."""

    indicator: IndicatorKey
    territory: TerritoryCode
    year: Year = None


class CommuneValuesQuestion(Cuts):
    """One value a commune."""

    indicator: IndicatorKey
    year: Annotated[Year, Field(description="La dernière publiée si absent.")] = None
    within: Annotated[
        TerritoryCode | None, Field(description="Les communes de ce territoire seulement.")
    ] = None
