"""Rows of files as a page shows them: what was published, where, and what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atre.warehouse.behind import SourceRow
from atre.warehouse.folders import data_folder
from atre.warehouse.sources.receipts import receipts
from atre.warehouse.staging.figures import Standing
from atre.web.design.formatting import number
from atre.web.observatory import publishers, words

A_PAGE = 100
MOST_PAGES = 100_000


@dataclass(frozen=True)
class Line:
    """One row of a file."""

    file: str
    source: str
    line: str
    territory: str
    year: str
    cut: str
    published: str
    standing: str


def asked_fr(year: int | None, cut: Mapping[str, str]) -> str:
    """« 2023, Résidentiel, Gaz », empty when everything is asked."""
    named = (
        "" if year is None else str(year),
        words.sector_fr(cut["sector"]) if "sector" in cut else "",
        words.energy_fr(cut["energy"]) if "energy" in cut else "",
        words.category_fr(cut["category"]) if "category" in cut else "",
    )
    return ", ".join(one for one in named if one)


def lines(found: Iterable[SourceRow]) -> list[Line]:
    """Rows in words, each with the name of its file."""
    names = {receipt.key: receipt.name for receipt in receipts(data_folder())}
    return [_line(row, names.get(row.file, row.file)) for row in found]


def _line(row: SourceRow, file: str) -> Line:
    cut = (
        words.sector_fr(row.sector) if row.sector else "",
        words.energy_fr(row.energy) if row.energy else "",
        words.category_fr(row.category) if row.category else "",
    )
    return Line(
        file=file,
        source=publishers.short_fr(row.source),
        line="" if row.line is None else str(row.line),
        territory=f"{words.LEVELS_FR.get(row.level, row.level)} {row.published_territory}",
        year="" if row.year is None else str(row.year),
        cut=", ".join(one for one in cut if one) or "ensemble",
        published=_published(row),
        standing=_standing(row),
    )


def _standing(row: SourceRow) -> str:
    """« publiée, compte dans le chiffre », « secrète »…"""
    status = words.STATUSES_FR.get(row.status, row.status)
    if row.standing == Standing.KEPT and row.published_value is None:
        return status
    return f"{status}, {words.STANDINGS_FR.get(row.standing, row.standing)}"


def _published(row: SourceRow) -> str:
    """The value as its producer wrote it, with his unit and his basis."""
    if row.published_value is None:
        return ""
    exact = row.published_value
    text = number(exact, 0 if exact.is_integer() else 3)
    basis = words.BASES_FR.get(row.basis or "", "")
    return f"{text} {words.unit_fr(row.published_unit)} {basis}".strip()
