"""INSEE's Filosofi: incomes and poverty by commune (`cc_filosofi_AAAA_COM.csv`) and by IRIS
(`BASE_TD_FILO_*_IRIS_AAAA_DEC.csv`, declared, and `_DISP.csv`, disposable).

The year is that of the titles, whatever it is. A median is of incomes per consumption unit and per
year. The low-income rate of declared incomes is no poverty rate: it has a name of its own.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import BinaryIO

import pyarrow.compute as pc

from atre.formats.figure_cells import Measured, full_year
from atre.formats.reading import Format, Part
from atre.formats.territory_figures import Level, Status
from atre.formats.text_files import WarningTally
from atre.formats.wide_figures import SECRET_FR, Block, WideTable, is_wide, wide_parts


class IncomeBasis(StrEnum):
    """Incomes before (declared) or after benefits and direct taxes (disposable)."""

    DECLARED = "declared"
    DISPOSABLE = "disposable"


EURO = "EUR/UC/year"
PERCENT = "%"
# Secret; not significant (too few answers); not available; without object. Only the first hides a
# value that exists.
MARKS: dict[str, Status] = {
    "s": Status.SECRET,
    "ns": Status.MISSING,
    "nd": Status.MISSING,
    "so": Status.MISSING,
    "": Status.MISSING,
}
# Title without prefix and year: measure, unit, category.
MEASURES: dict[str, tuple[str, str, str | None]] = {
    "NBMENFISC": ("tax_households", "households", None),
    "NBPERSMENFISC": ("tax_household_persons", "persons", None),
    "MED": ("median_income", EURO, None),
    "PIMP": ("taxed_households_share", PERCENT, None),
    "TP60": ("poverty_rate", PERCENT, None),
    "TP60AGE1": ("poverty_rate", PERCENT, "age:under_30"),
    "TP60AGE2": ("poverty_rate", PERCENT, "age:30_39"),
    "TP60AGE3": ("poverty_rate", PERCENT, "age:40_49"),
    "TP60AGE4": ("poverty_rate", PERCENT, "age:50_59"),
    "TP60AGE5": ("poverty_rate", PERCENT, "age:60_74"),
    "TP60AGE6": ("poverty_rate", PERCENT, "age:75_and_over"),
    "TP60TOL1": ("poverty_rate", PERCENT, "tenure:owner"),
    "TP60TOL2": ("poverty_rate", PERCENT, "tenure:tenant"),
    "Q1": ("quartile_1", EURO, None),
    "Q3": ("quartile_3", EURO, None),
    "EQ": ("interquartile_ratio", "ratio", None),
    **{f"D{rank}": (f"decile_{rank}", EURO, None) for rank in (1, 2, 3, 4, 6, 7, 8, 9)},
    "RD": ("decile_ratio", "ratio", None),
    "S80S20": ("s80_s20_ratio", "ratio", None),
    "GI": ("gini", "ratio", None),
    "PACT": ("income_share", PERCENT, "income:activity"),
    "PTSA": ("income_share", PERCENT, "income:wages"),
    "PCHO": ("income_share", PERCENT, "income:unemployment"),
    "PBEN": ("income_share", PERCENT, "income:self_employed"),
    "PPEN": ("income_share", PERCENT, "income:pensions"),
    "PAUT": ("income_share", PERCENT, "income:other"),
    "PPAT": ("income_share", PERCENT, "income:property"),
    "PPSOC": ("income_share", PERCENT, "income:benefits"),
    "PPFAM": ("income_share", PERCENT, "income:family_benefits"),
    "PPMINI": ("income_share", PERCENT, "income:minimum_benefits"),
    "PPLOGT": ("income_share", PERCENT, "income:housing_benefits"),
    "PIMPOT": ("income_share", PERCENT, "income:taxes"),
}
_TITLE = re.compile(
    r"(?:(?P<basis>DEC|DISP)_)?(?P<name>"
    + "|".join(sorted(MEASURES, key=len, reverse=True))
    + r")(?P<year>\d{2})"
)
_NOTE = re.compile(r"(?:DEC|DISP)_NOTE\d{2}")
TERRITORIES: dict[str, Level] = {"CODGEO": Level.COMMUNE, "IRIS": Level.IRIS}

UNKNOWN_FR = (
    "Les titres ne sont pas ceux de Filosofi (CODGEO ou IRIS, puis MED21, TP6021…) : prenez le "
    "fichier tel que l’INSEE le publie, avec sa ligne de titres."
)
NOT_SIGNIFICANT_FR = (
    "Valeurs « ns » (non significatif) : l’INSEE ne les publie pas, faute de réponses assez sûres. "
    "Gardées comme absentes."
)
NOT_AVAILABLE_FR = (
    "Valeurs « nd » (non disponible) ou « so » (sans objet) : gardées comme absentes."
)
NOTED_FR = (
    "Lignes que l’INSEE accompagne d’une note de précaution (colonne NOTE différente de 0) : lues "
    "comme les autres, à confirmer dans sa documentation."
)
DECLARED_FR = (
    "Revenus déclarés, avant prestations et impôts : le taux à 60 % est un taux de bas revenus "
    "déclarés, pas un taux de pauvreté."
)


def _measured(title: str) -> Measured | None:
    found = _TITLE.fullmatch(title)
    if found is None:
        return None
    measure, unit, category = MEASURES[found["name"]]
    declared = found["basis"] == "DEC"
    if declared and measure == "poverty_rate":
        measure = "low_declared_income_rate"
    counted = unit in {"households", "persons"}
    basis = IncomeBasis.DECLARED if declared else IncomeBasis.DISPOSABLE
    return Measured(
        measure=measure,
        unit=unit,
        year=full_year(found["year"]),
        category=category,
        basis=None if counted else str(basis),
    )


def _table(titles: Sequence[str]) -> WideTable | None:
    upper = [title.strip().upper() for title in titles]
    at = next((place for place, title in enumerate(upper) if title in TERRITORIES), None)
    if at is None:
        return None
    level = TERRITORIES[upper[at]]
    found = {place: _measured(title) for place, title in enumerate(upper)}
    columns = {place: measured for place, measured in found.items() if measured}
    if not {"median_income", "tax_households"} & {each.measure for each in columns.values()}:
        return None
    notes = tuple(place for place, title in enumerate(upper) if _NOTE.fullmatch(title))
    return WideTable(
        level=level,
        territory=at,
        columns=columns,
        marks=MARKS,
        checks=_doubts,
        watched=notes,
        mark_sentences={Status.SECRET: SECRET_FR},
    )


def _doubts(block: Block, tally: WarningTally) -> None:
    notes = {place for place in block.cells if _NOTE.fullmatch(block.titles[place].upper())}
    for words, sentence in (
        (("ns",), NOT_SIGNIFICANT_FR),
        (("nd", "so"), NOT_AVAILABLE_FR),
    ):
        count = sum(
            pc.sum(pc.equal(cells, word)).as_py() or 0
            for place, cells in block.cells.items()
            for word in words
            if place not in notes
        )
        tally.add(sentence, count=count)
    for place in notes:
        at = pc.match_substring_regex(block.cells[place], "^[1-9]$")
        tally.add(NOTED_FR, count=pc.sum(at).as_py() or 0)


def _is_filosofi(head: bytes) -> bool:
    return is_wide(head, _table)


def read_filosofi(stream: BinaryIO) -> Iterator[Part]:
    """Rows of `FIGURES`: median_income, deciles, quartiles (EUR per consumption unit and year),
    poverty_rate, income_share, taxed_households_share (%), tax_households, tax_household_persons.
    `basis` is « declared » or « disposable ».

    Raises UnreadableFile for other titles and for a file without lines. Source: INSEE, Filosofi.

    >>> import io
    >>> text = b"CODGEO;NBMENFISC19;MED19;TP6019\\n01004;6855;21660;17,0\\n01005;800;24610;s\\n"
    >>> parts = [*read_filosofi(io.BytesIO(text))]
    >>> rows = parts[0].rows.select(["territory", "year", "measure", "value", "status"]).to_pylist()
    >>> rows[-1]
    {'territory': '01005', 'year': 2019, 'measure': 'poverty_rate', 'value': None, 'status': 'secret'}
    """
    tally = WarningTally()

    def told(titles: Sequence[str]) -> WideTable | None:
        table = _table(titles)
        if table and any(each.basis == IncomeBasis.DECLARED for each in table.columns.values()):
            tally.add(DECLARED_FR)
        return table

    yield from wide_parts(stream, told, tally, unknown_fr=UNKNOWN_FR)


FORMATS: tuple[Format, ...] = (
    Format(
        key="filosofi",
        title_fr="revenus et pauvreté de l’INSEE, Filosofi, par commune ou par IRIS (CSV)",
        recognises=_is_filosofi,
        read=read_filosofi,
    ),
)
