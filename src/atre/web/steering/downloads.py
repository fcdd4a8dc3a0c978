"""The files that leave the steering page."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import require
from atre.domain.steering import case_list, table
from atre.domain.steering.board import board
from atre.domain.steering.question import Question
from atre.formats import outgoing
from atre.formats.outgoing import Cell

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIGURE_HEADERS = (
    "Rubrique",
    "Chiffre",
    "Valeur",
    "Unité",
    "Ce qui est compté",
    "Dispositif",
    "Territoire",
    "Du",
    "Au",
    "Source",
)


@dataclass(frozen=True)
class MadeFile:
    content: bytes
    rows: int


@dataclass(frozen=True)
class Download:
    """One file a person may take."""

    name: str
    label: str
    about: str
    stem: str
    extension: str

    @property
    def content_type(self) -> str:
        return CSV if self.extension == "csv" else XLSX

    def filename(self, question: Question) -> str:
        start, end = question.period.start, question.period.end
        return f"{self.stem}-{start.isoformat()}-{end.isoformat()}.{self.extension}"

    def make(self, *, by: Membership, question: Question) -> MadeFile:
        """The file's bytes. Raises `NotAllowed` without the right to export."""
        require(by, "steering.export")
        figures = self.stem == "pilotage"
        headers: Sequence[str] = FIGURE_HEADERS if figures else case_list.HEADERS
        lines: Iterable[Sequence[Cell]] = (
            figure_lines(question) if figures else case_list.cases(by=by, question=question)
        )
        counted = Counted(lines)
        if self.extension == "csv":
            content = outgoing.csv_bytes(headers, counted)
        else:
            content = outgoing.xlsx_bytes(headers, counted, sheet=self.stem)
        return MadeFile(content=content, rows=counted.seen)


class Counted:
    """Lines that pass once, and how many did."""

    def __init__(self, lines: Iterable[Sequence[Cell]]) -> None:
        self.lines, self.seen = lines, 0

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for line in self.lines:
            self.seen += 1
            yield line


def figure_lines(question: Question) -> Iterator[Sequence[Cell]]:
    for row in table.rows(board(question)):
        yield (
            row.section,
            row.label,
            row.value,
            row.unit,
            row.counted,
            question.programme_name,
            question.territory,
            question.period.start,
            question.period.end,
            question.source,
        )


FIGURES = "Les chiffres de la page, un par ligne, avec leur unité, leur période et leur source."
CASES = (
    "Les demandes déposées dans la période, une par ligne : référence, dates, commune, état, "
    "délais. Ni nom, ni adresse, ni ressources."
)
DOWNLOADS = {
    download.name: download
    for download in (
        Download("figures-xlsx", "Chiffres, pour un tableur (XLSX)", FIGURES, "pilotage", "xlsx"),
        Download("figures-csv", "Chiffres, en texte (CSV)", FIGURES, "pilotage", "csv"),
        Download("cases-xlsx", "Dossiers, pour un tableur (XLSX)", CASES, "dossiers", "xlsx"),
        Download("cases-csv", "Dossiers, en texte (CSV)", CASES, "dossiers", "csv"),
    )
}
