"""The shapes of answers, from which the OpenAPI document is written.

Names do not change within /api/v1/: one may be added, none renamed or given another meaning.
"""

from ninja import Field, Schema

from atre.warehouse.indicators import Aggregation, Flag, Quantity, Secrecy


class Refusal(Schema):
    """Why there is no answer."""

    error: str = Field(description="Code stable, pour un programme.")
    message: str = Field(description="Ce qui ne va pas et quoi faire, en français.")
    parameter: str | None = Field(description="Le paramètre à changer.")


class EditionOut(Schema):
    """The tables being served."""

    edition: str
    built_at: str = Field(description="Date et heure ISO 8601 de la construction.")
    geography_year: int = Field(description="Année des communes.")
    rows: dict[str, int] = Field(description="Lignes de chaque table.")
    sources: int = Field(description="Fichiers dont elles sont faites.")
    software: str


class EquivalentOut(Schema):
    """A cut of ours and its identifier in Territoires en transitions."""

    cae: str
    title: str
    unit: str
    ours_in_theirs: float = Field(
        description="Notre valeur divisée par ce nombre est dans « unit »."
    )
    indicator: str
    sector: str | None
    energy: str | None
    category: str | None
    caution: str | None
    source: str


class EquivalentsOut(Schema):
    """The whole crosswalk: it is short."""

    edition: str
    equivalents: list[EquivalentOut]


class OfferOut(Schema):
    """A year of an indicator that communes have."""

    year: int | None
    source: str
    communes: int
    sectors: list[str]
    energies: list[str]
    categories: list[str]


class IndicatorOut(Schema):
    """A line of the catalogue."""

    key: str
    title: str
    unit: str
    quantity: Quantity
    aggregation: Aggregation = Field(
        description="Comment les communes s’ajoutent : « never » quand elles ne s’ajoutent pas."
    )
    secrecy: Secrecy
    dimensions: list[str]
    cautions: list[str]
    sources: list[str] = Field(description="Clés des sources, la préférée d’abord.")
    bars_follow_up: list[str] = Field(
        description="Secteurs répartis par des clés nationales : ils ne suivent pas une action locale."
    )
    cae: list[str]


class IndicatorDetail(IndicatorOut):
    """The same, with what can be asked of communes."""

    edition: str
    years: list[OfferOut]


class IndicatorsOut(Schema):
    """The whole catalogue: it is short."""

    edition: str
    indicators: list[IndicatorOut]


class Page(Schema):
    """`total` is of all pages; `next` is null on the last one."""

    edition: str
    total: int
    limit: int
    offset: int
    next: str | None


class TerritoryOut(Schema):
    """A territory of the official list."""

    territory: str = Field(description="Le code à donner aux autres adresses : `epci:200054781`.")
    kind: str
    code: str
    name: str
    communes: int


class TerritoriesOut(Page):
    """A page of territories."""

    territories: list[TerritoryOut]


class Named(Schema):
    """A code and its name."""

    territory: str
    name: str


class TerritoryDetail(TerritoryOut):
    """A territory with its communes, and what contains it whole."""

    edition: str
    geography_year: int
    parents: list[Named]
    members: list[Named]


class FigureOut(Schema):
    """One figure. `value` is null when it is secret or unknown, never zero for want of a value."""

    indicator: str
    territory: str
    year: int | None
    sector: str | None
    energy: str | None
    category: str | None
    value: float | None
    unit: str
    basis: str | None
    flag: Flag
    secret_share: float = Field(description="Part des données élémentaires secrètes, de 0 à 1.")
    lower: float | None
    upper: float | None
    source: str
    publisher: str
    vintage: int | None
    geography_year: int
    known: int = Field(description="Communes dont le chiffre est connu…")
    territories: int = Field(description="… sur combien.")
    as_published: bool = Field(description="Total donné par le producteur, non notre somme.")
    cae: str | None = Field(description="Identifiant dans Territoires en transitions.")
    cae_caution: str | None = Field(description="Ce qui sépare ce chiffre de cet identifiant.")


class FiguresOut(Page):
    """A page of figures."""

    indicator: str
    territory: str
    name: str
    cautions: list[str]
    figures: list[FigureOut]


class SourceRowOut(Schema):
    """A figure as a file gives it. `standing` says whether it counts."""

    source: str
    file: str
    line: int | None
    level: str
    published_territory: str
    territory: str
    year: int | None
    sector: str | None
    energy: str | None
    category: str | None
    published_value: float | None
    published_unit: str
    basis: str | None
    value: float | None
    unit: str
    status: str
    standing: str


class SourceRowsOut(Page):
    """A page of rows, in the order of the files and their lines."""

    rows: list[SourceRowOut]


class CommuneValuesOut(Schema):
    """Columns of the same length, a place a commune: null where a value is secret or unknown."""

    edition: str
    indicator: str
    year: int | None
    sector: str | None
    energy: str | None
    category: str | None
    unit: str
    basis: str | None
    source: str | None
    publisher: str | None
    geography_year: int
    cautions: list[str]
    codes: list[str]
    values: list[float | None]
    lower: list[float | None]
    upper: list[float | None]
    flags: list[Flag]
    secret_share: list[float]


class SourceOut(Schema):
    """A file received: `key` is the « file » of its rows."""

    key: str
    source: str
    title: str
    name: str
    publisher: str
    licence: str | None
    received_at: str
    vintage: int | None
    years: list[int]
    levels: list[str]
    measures: list[str]
    rows: int
    rejected: int
    standings: dict[str, int] | None = Field(
        description="Lignes qui comptent ou non ; null si le fichier est reçu depuis la construction."
    )


class SourcesOut(Page):
    """A page of files, the first received first."""

    sources: list[SourceOut]
