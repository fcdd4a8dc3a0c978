"""Whether a household may enter a programme that asks for an income class: yes, no or unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from atre.calc.aids.ceilings import CLASSES_BY_CODE, UNKNOWN_CLASS, IncomeClass
from atre.calc.aids.income_class_answer import IncomeClassAnswer, explain_income_class
from atre.calc.three_valued import Answer, Codes, answer_from_code, codes_from_condition
from atre.calc.wording import NO_BREAK


class RequiredClass(StrEnum):
    """The highest class a programme accepts; NONE is a programme without income condition."""

    TRES_MODESTES = "tres_modestes"
    MODESTES = "modestes"
    INTERMEDIAIRES = "intermediaires"
    NONE = "none"

    @property
    def label_fr(self) -> str:
        if self is RequiredClass.NONE:
            return "aucune condition de revenus"
        return f"ménages aux revenus {IncomeClass(self.value).label_fr}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """The verdict a case stores, with the inputs that recompute it.

    `income` is the class answer behind it (None for a programme without income condition, whose
    verdict needs no income).
    """

    required_class: RequiredClass
    on: date
    rfr_eur: Decimal | None
    persons: int | None
    in_idf: bool | None
    answer: Answer
    missing: tuple[str, ...]
    sentence_fr: str
    income: IncomeClassAnswer | None

    def as_dict(self) -> dict[str, Any]:
        """Plain values only, fit for a JSON column; read back by `from_dict`."""
        return {
            "required_class": str(self.required_class),
            "on": self.on.isoformat(),
            "rfr_eur": None if self.rfr_eur is None else str(self.rfr_eur),
            "persons": self.persons,
            "in_idf": self.in_idf,
            "answer": str(self.answer),
            "missing": list(self.missing),
            "sentence_fr": self.sentence_fr,
            "income": None if self.income is None else self.income.as_dict(),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The verdict as it was given."""
        rfr, income = stored["rfr_eur"], stored["income"]
        return cls(
            required_class=RequiredClass(stored["required_class"]),
            on=date.fromisoformat(stored["on"]),
            rfr_eur=None if rfr is None else Decimal(rfr),
            persons=stored["persons"],
            in_idf=stored["in_idf"],
            answer=Answer(stored["answer"]),
            missing=tuple(stored["missing"]),
            sentence_fr=stored["sentence_fr"],
            income=None if income is None else IncomeClassAnswer.from_dict(income),
        )

    def recomputed(self) -> "Eligibility":
        """The verdict made again from its own inputs and date; equal unless a rule was mended."""
        return judge(
            required_class=self.required_class,
            rfr_eur=self.rfr_eur,
            persons=self.persons,
            in_idf=self.in_idf,
            on=self.on,
        )


def eligible(class_codes: NDArray[np.int8], required_class: RequiredClass) -> Codes:
    """Three-valued verdicts of n households from the codes of `income_class`.

    Returns int8, shape (n,): 1 yes, 0 no, -1 unknown.

    >>> eligible(np.array([0, 1, -1], np.int8), RequiredClass.TRES_MODESTES).tolist()
    [1, 0, -1]
    >>> eligible(np.array([3, -1], np.int8), RequiredClass.NONE).tolist()
    [1, 1]
    """
    if required_class is RequiredClass.NONE:
        return np.ones(class_codes.shape, dtype=np.int8)
    highest = CLASSES_BY_CODE.index(IncomeClass(required_class.value))
    return codes_from_condition(class_codes <= highest, class_codes != UNKNOWN_CLASS)


def judge(
    *,
    required_class: RequiredClass | str,
    rfr_eur: Decimal | None,
    persons: int | None,
    in_idf: bool | None,
    on: date,
) -> Eligibility:
    """Judge one household for a programme, by the ceilings of the deposit date.

    None means unknown. Raises `RefusedInput` for impossible values and `ValueError` for a class
    no programme can ask for.

    >>> judge(required_class="tres_modestes", rfr_eur=Decimal("17363"), persons=1, in_idf=False,
    ...       on=date(2026, 6, 1)).answer.value
    'yes'
    """
    required = RequiredClass(required_class)
    income = explain_income_class(rfr_eur=rfr_eur, persons=persons, in_idf=in_idf, on=on)
    code = (
        UNKNOWN_CLASS if income.income_class is None else CLASSES_BY_CODE.index(income.income_class)
    )
    answer = answer_from_code(int(eligible(np.array([code], dtype=np.int8), required)[0]))
    without_condition = required is RequiredClass.NONE
    return Eligibility(
        required_class=required,
        on=on,
        rfr_eur=rfr_eur,
        persons=persons,
        in_idf=in_idf,
        answer=answer,
        missing=() if without_condition else income.missing,
        sentence_fr=_sentence(required, answer, income),
        income=None if without_condition else income,
    )


def _sentence(required: RequiredClass, answer: Answer, income: IncomeClassAnswer) -> str:
    if required is RequiredClass.NONE:
        return "Le programme n’a pas de condition de revenus."
    verdict = {
        Answer.YES: "Le ménage remplit la condition de revenus du programme",
        Answer.NO: "Le ménage ne remplit pas la condition de revenus du programme",
        Answer.UNKNOWN: "La condition de revenus du programme ne peut pas encore être vérifiée",
    }[answer]
    limit = f"(jusqu’à «{NO_BREAK}{IncomeClass(required.value).label_fr}{NO_BREAK}»)"
    return f"{verdict} {limit}. {income.sentence_fr}"
