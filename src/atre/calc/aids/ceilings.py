"""The Anah ceilings of a date as arrays, and the classes they separate."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from atre.calc.parameters import parameter


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


@lru_cache(maxsize=512)
def ceiling_tables(on: date) -> CeilingTables:
    """The tables in force on a day, euros a year. Raises `UnknownParameter` when it is not published.

    Cached: building the arrays costs ten times the classing of one household, and an agency
    judges many cases of the same few days. Source: parameters `anah.ceilings.*`.

    One person outside Île-de-France, from « très modestes » to « intermédiaires »:

    >>> ceiling_tables(date(2026, 6, 1)).listed_eur[0, :, 0].tolist()
    [17363.0, 22259.0, 31185.0]
    """
    tables = [
        [parameter(ceiling_key(which, in_idf), on=on).table for which in CLASSES_WITH_CEILING]
        for in_idf in (False, True)
    ]
    listed = np.array([[table.persons for table in row] for row in tables], dtype=np.float64)
    extra = np.array([[table.per_extra_person for table in row] for row in tables], np.float64)
    # Shared by every caller of that day through the cache.
    listed.flags.writeable = extra.flags.writeable = False
    return CeilingTables(listed_eur=listed, per_extra_person_eur=extra)
