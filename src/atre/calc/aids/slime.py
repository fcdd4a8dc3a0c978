"""Which households a Slime takes: the national programme's classes, and the local choice.

A Slime is run by a local authority and half paid by energy savings certificates. The national
programme counts households in energy poverty whose income is « très modeste » at the Anah's scale,
owners and tenants alike. An authority may choose to visit others at its own cost: they are then
taken, and not counted. The two answers are kept apart.

Source: Slime programme, frequent questions; parameters `slime.*`.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atre.calc.aids.ceilings import CLASSES_BY_CODE, UNKNOWN_CLASS
from atre.calc.aids.facts_on import fact_on
from atre.calc.aids.programme_eligibility import RequiredClass, eligible
from atre.calc.parameters import DatedValue
from atre.calc.three_valued import (
    UNKNOWN_CODE,
    Answer,
    Codes,
    all_of,
    answer_from_code,
    codes_from_condition,
    known_flags,
)
from atre.calc.wording import date_fr, list_fr

CLASSES_KEY = "slime.accepted_classes"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlimeResults:
    """n households: `taken` by the local choice, `counted` by the national programme.

    Both int8, shape (n,): 1 yes, 0 no, -1 unknown. `class_unknown` and `poverty_unknown` say
    which input each unknown waits for; `national` is the dated fact, None where unpublished.
    """

    on: date
    local: RequiredClass
    taken: Codes
    counted: Codes
    class_unknown: NDArray[np.bool_]
    poverty_unknown: NDArray[np.bool_]
    national: DatedValue | None

    def missing(self, row: int = 0) -> tuple[str, ...]:
        """The inputs that the answers of one household wait for."""
        waits = UNKNOWN_CODE in (self.taken[row], self.counted[row])
        lacks = {
            "income_class": waits and bool(self.class_unknown[row]),
            "energy_poverty": waits and bool(self.poverty_unknown[row]),
            "published_rule": waits and self.national is None,
        }
        return tuple(name for name, lacking in lacks.items() if lacking)

    def sentence_fr(self, row: int = 0) -> str:
        """One household's two answers in words.

        >>> found = slime([1], [True], date(2026, 6, 1), local=RequiredClass.MODESTES)
        >>> "à la charge de la collectivité" in found.sentence_fr()
        True
        """
        taken, counted = answer_from_code(self.taken[row]), answer_from_code(self.counted[row])
        return f"{_TAKEN_FR[taken]} {self._counted_fr(taken, counted)}"

    def _counted_fr(self, taken: Answer, counted: Answer) -> str:
        if self.national is None:
            return f"Les règles du programme national au {date_fr(self.on)} ne sont pas connues."
        classes = list_fr([_CLASS_FR[name] for name in self.national.names])
        rule = f"Le programme national compte les ménages {classes} en précarité énergétique"
        if counted is Answer.YES:
            return f"{rule} : celui-ci en est."
        if counted is Answer.UNKNOWN:
            return f"{rule} : on ne sait pas encore si celui-ci en est."
        cost = " ; sa visite est à la charge de la collectivité" if taken is Answer.YES else ""
        return f"{rule} : celui-ci n’en est pas{cost}."


_CLASS_FR = {str(one): f"« {one.label_fr} »" for one in CLASSES_BY_CODE}
_TAKEN_FR = {
    Answer.YES: "Le ménage entre dans le Slime local.",
    Answer.NO: "Le ménage n’entre pas dans le Slime local.",
    Answer.UNKNOWN: "On ne sait pas encore si le ménage entre dans le Slime local.",
}


def slime(
    class_codes: ArrayLike,
    in_energy_poverty: ArrayLike,
    on: date,
    *,
    local: RequiredClass | str,
) -> SlimeResults:
    """Judge n households for a Slime on the day of their request.

    Parameters
    ----------
    class_codes : int8 codes of `income_class`, shape (n,), -1 unknown; tenants and owners are
        classed by the dwelling's region.
    in_energy_poverty : booleans or codes 1, 0, -1, shape (n,): what the visitor or the referrer
        says, since the legal definition has no figure.
    local : the highest class that this Slime takes, by its own choice.

    Raises `ValueError` for a class that no programme can ask for.

    >>> found = slime([0, 1, 0], [True, True, None], date(2026, 6, 1), local="modestes")
    >>> found.taken.tolist(), found.counted.tolist()
    ([1, 1, -1], [1, 0, -1])
    >>> slime([0], [True], date(2028, 1, 1), local="tres_modestes").counted.tolist()
    [-1]
    """
    choice = RequiredClass(local)
    codes, poverty = np.broadcast_arrays(
        np.atleast_1d(np.asarray(class_codes, dtype=np.int8)), _flags(in_energy_poverty)
    )
    fact = fact_on(CLASSES_KEY, on)
    return SlimeResults(
        on=on,
        local=choice,
        taken=all_of(eligible(codes, choice), poverty),
        counted=all_of(_counted(codes, fact), poverty),
        class_unknown=codes == UNKNOWN_CLASS,
        poverty_unknown=poverty == UNKNOWN_CODE,
        national=fact,
    )


def _counted(codes: Codes, fact: DatedValue | None) -> Codes:
    if fact is None:
        return np.full(codes.shape, UNKNOWN_CODE, dtype=np.int8)
    accepted = [code for code, one in enumerate(CLASSES_BY_CODE) if one in fact.names]
    return codes_from_condition(np.isin(codes, accepted), codes != UNKNOWN_CLASS)


def _flags(values: ArrayLike) -> Codes:
    if isinstance(values, list | tuple):
        values = [-1 if value is None else int(value) for value in values]
    return np.atleast_1d(known_flags(np.asarray(values)))
