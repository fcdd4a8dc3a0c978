"""The Anah ceilings of a date as arrays, and the classes they separate."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from atre.calc.parameters import DatedValue, parameter


class IncomeClass(StrEnum):
    """The four classes of the Anah, from the lowest income to the highest."""

    TRES_MODESTES = "tres_modestes"
    MODESTES = "modestes"
    INTERMEDIAIRES = "intermediaires"
    SUPERIEURS = "superieurs"

    @property
    def label_fr(self) -> str:
        return _LABELS_FR[self]


_LABELS_FR = {
    IncomeClass.TRES_MODESTES: "très modestes",
    IncomeClass.MODESTES: "modestes",
    IncomeClass.INTERMEDIAIRES: "intermédiaires",
    IncomeClass.SUPERIEURS: "supérieurs",
}

# The int8 code of a class in arrays is its rank here; -1 is unknown.
CLASSES_BY_CODE = tuple(IncomeClass)
UNKNOWN_CLASS = -1

# The classes that have a ceiling: « supérieurs » is whatever lies above the last one.
CLASSES_WITH_CEILING = CLASSES_BY_CODE[:-1]


def ceiling_key(income_class: IncomeClass, in_idf: bool) -> str:
    """The parameter key of a class's ceilings.

    >>> ceiling_key(IncomeClass.MODESTES, in_idf=False)
    'anah.ceilings.hors_idf.modestes'
    """
    return f"anah.ceilings.{'idf' if in_idf else 'hors_idf'}.{income_class}"


@dataclass(frozen=True, slots=True)
class CeilingTables:
    """The six tables in force on one day.

    `listed_eur` has the shape (2 regions: hors IdF then IdF, 3 classes, sizes listed) and
    `per_extra_person_eur` (2, 3); both in euros of revenu fiscal de référence a year.
    """

    listed_eur: NDArray[np.float64]
    per_extra_person_eur: NDArray[np.float64]
    values: dict[str, DatedValue]

    def for_households(
        self, persons: NDArray[np.int64], idf: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Ceilings in euros, shape (3 classes, n), for n households of known size and region."""
        sizes_listed = self.listed_eur.shape[2]
        listed = self.listed_eur[idf, :, np.minimum(persons, sizes_listed) - 1]
        extra = np.maximum(persons - sizes_listed, 0)
        ceilings: NDArray[np.float64] = (
            listed + extra[:, np.newaxis] * self.per_extra_person_eur[idf]
        )
        return ceilings.T


def ceiling_tables(on: date) -> CeilingTables:
    """The tables in force on a day. Raises `UnknownParameter` when that year is not published."""
    values = {
        ceiling_key(income_class, in_idf): parameter(ceiling_key(income_class, in_idf), on=on)
        for in_idf in (False, True)
        for income_class in CLASSES_WITH_CEILING
    }
    tables = [
        [values[ceiling_key(income_class, in_idf)].table for income_class in CLASSES_WITH_CEILING]
        for in_idf in (False, True)
    ]
    return CeilingTables(
        listed_eur=np.array([[table.persons for table in row] for row in tables], dtype=np.float64),
        per_extra_person_eur=np.array(
            [[table.per_extra_person for table in row] for row in tables], dtype=np.float64
        ),
        values=values,
    )
