"""What the sections of an HDM file share: their heading, how a row is cut, and what is skipped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from atre.formats.reading import Part, Reject, without_rows
from atre.formats.text_files import fields_of, plain, rejected

DELIMITER = ";"
SHORT_FR = "Ligne à laquelle il manque des colonnes."
NOT_A_ROW_FR = "Ligne qui n’est pas une mesure."


@dataclass(frozen=True, slots=True)
class Heading:
    """The values of a section's titles (« Grandeur physique » → « Energie active »…)."""

    line: int
    values: dict[str, str]

    def __getitem__(self, title: str) -> str:
        return self.values.get(title, "")

    @property
    def meter_id(self) -> str | None:
        return self["identifiant prm"] or None

    @property
    def is_consumption(self) -> bool:
        return is_consumption(self["grandeur metier"])

    @property
    def is_active(self) -> bool:
        return is_active(self["grandeur physique"])

    @property
    def is_maximum_power(self) -> bool:
        return "puissance maximale" in plain(self["type de donnees"])


def is_consumption(text: str) -> bool:
    """Whether a « grandeur métier » is drawn from the grid; an empty one is not known to be.

    >>> [is_consumption(text) for text in ("Consommation", "CONS", "Production", "")]
    [True, True, False, False]
    """
    return plain(text) in {"cons", "consommation", "soutirage"}


def is_active(text: str) -> bool:
    """Whether a « grandeur physique » is active power or energy, or the highest power.

    >>> [is_active(text) for text in ("Énergie active", "PMA", "Energie réactive", "Tension")]
    [True, True, False, False]
    """
    name = plain(text)
    return "reactive" not in name and (
        name in {"ea", "pa", "pma"} or "active" in name or "puissance" in name
    )


class Section(Protocol):
    """Rows of one kind, given as they come."""

    def rows(self, numbers: Sequence[int], lines: Sequence[str]) -> Iterator[Part]: ...

    def frame(self, number: int, line: str) -> Iterator[Part]:
        """A line that does not begin as a row."""
        ...

    def finish(self) -> Iterator[Part]: ...


def not_a_row(number: int, line: str) -> Iterator[Part]:
    """The reject of a line that stands among the rows of a section and is none of them.

    >>> next(not_a_row(7, "Total;12")).rejects
    (Reject(line=7, reason_fr='Ligne qui n’est pas une mesure.', place='', found='Total;12'),)
    """
    yield without_rows(rejects=(rejected(number, NOT_A_ROW_FR, found=line),))


def cut_rows(
    numbers: Sequence[int], lines: Sequence[str], width: int
) -> tuple[list[list[str]], list[int], list[Reject]]:
    """The cells of each row with at least `width` of them, the lines they are on, and the refusal
    of the others. All the rows are cut at once unless one has quotes.

    >>> cells, numbers, refused = cut_rows([4, 5], ["2021-01-07;12;", "2021-01-08"], width=2)
    >>> cells, numbers, refused[0].line, refused[0].reason_fr
    ([['2021-01-07', '12', '']], [4], 5, 'Ligne à laquelle il manque des colonnes.')
    """
    if '"' in "".join(lines):
        rows = [fields_of(line, DELIMITER) for line in lines]
    else:
        rows = [line.split(DELIMITER) for line in lines]
    if min(map(len, rows), default=width) >= width:
        return rows, list(numbers), []
    kept, kept_numbers, rejects = [], [], []
    for number, line, row in zip(numbers, lines, rows, strict=True):
        if len(row) >= width:
            kept.append(row)
            kept_numbers.append(number)
        else:
            rejects.append(rejected(number, SHORT_FR, found=line))
    return kept, kept_numbers, rejects


class SkippedSection:
    """A section that is not read: said once, its rows counted."""

    def __init__(self, line: int, reason_fr: str) -> None:
        self._line = line
        self._reason_fr = reason_fr
        self._count = 0

    def rows(self, numbers: Sequence[int], lines: Sequence[str]) -> Iterator[Part]:
        self._count += len(lines)
        yield from ()

    def frame(self, number: int, line: str) -> Iterator[Part]:
        yield from ()

    def finish(self) -> Iterator[Part]:
        found = f"{self._count} lignes"
        yield without_rows(rejects=(rejected(self._line, self._reason_fr, found=found),))
