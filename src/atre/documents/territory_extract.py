"""The cited extract of a territory, for the annexes of a SCoT, PLU(i), PLH or PCAET. Dataclass in, PDF out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from atre.documents.engine import Template, compile_pdf
from atre.documents.french import french_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One numbered source. `method` : the section that says how figures are made of it."""

    number: int
    producer: str
    title: str
    vintage: str
    licence: str
    files: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class Bar:
    """`share`: of the longest bar, 0 to 1; None draws none. `value`: its words."""

    label: str
    share: float | None
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A table, and the chart drawn from it where there is one.

    `numeric`: how many columns, from the last one, are read as figures. `statement`: how surely the
    figures are known, in words. `cautions`: footnotes. `bars_are_years`: drawn upright.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: str
    widths: tuple[float, ...]
    statement: str
    citations: tuple[int, ...]
    cautions: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = ()
    bars_are_years: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """`empty`: why there is nothing in it, where there is nothing."""

    title: str
    exhibits: tuple[Exhibit, ...] = ()
    notes: tuple[str, ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryExtract:
    """Everything that is printed. `edition`: the key of the tables, so that it can be done again."""

    territory: str
    kind: str
    communes: int
    purpose: str
    author: str
    issued_on: date
    built_on: date
    edition: str
    geography_year: int
    basis: str
    address: str
    chapters: tuple[Chapter, ...]
    citations: tuple[Citation, ...]
    method: tuple[tuple[str, tuple[str, ...]], ...]


def render_territory_extract(extract: TerritoryExtract) -> bytes:
    """The extract as an accessible PDF (PDF/UA-1, French). Same extract, same bytes.

    Raises DocumentError when the PDF cannot be made.
    """
    data = asdict(extract) | {
        "title": f"L’énergie du territoire{NO_BREAK}: {extract.territory}",
        "issued_on_text": french_date(extract.issued_on),
        "built_on_text": french_date(extract.built_on),
        "href": extract.address,
        "chapters": _numbered(extract.chapters),
    }
    del data["issued_on"], data["built_on"]
    return compile_pdf(Template.TERRITORY_EXTRACT, data, issued_on=extract.issued_on)


NO_BREAK = "\u00a0"


def _numbered(chapters: Sequence[Chapter]) -> list[dict[str, object]]:
    """Chapters with their tables and charts numbered from the first to the last."""
    found: list[dict[str, object]] = []
    said: dict[str, int] = {}
    tables = charts = 0
    for chapter in chapters:
        exhibits = []
        for one in chapter.exhibits:
            tables += 1
            charts += bool(one.bars)
            exhibits.append(
                asdict(one)
                | {
                    "table": tables,
                    "chart": charts if one.bars else None,
                    "alt": _alt(one),
                    "cautions": [_footnote(caution, said) for caution in one.cautions],
                }
            )
        found.append(asdict(chapter) | {"exhibits": exhibits})
    return found


def _footnote(caution: str, said: dict[str, int]) -> dict[str, object]:
    """A caution is written once, and called again by its number."""
    is_first = caution not in said
    number = said.setdefault(caution, len(said) + 1)
    return {"key": number, "text": caution if is_first else None}


def _alt(exhibit: Exhibit) -> str:
    """What the drawing says, for who does not see it."""
    values = "; ".join(f"{bar.label}{NO_BREAK}: {bar.value}" for bar in exhibit.bars)
    return f"{exhibit.title}. {values}."
