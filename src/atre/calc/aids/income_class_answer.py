"""One household's income class, with the sentence, the table and the source behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Self

from atre.calc.aids.ceilings import (
    CLASSES_BY_CODE,
    CLASSES_WITH_CEILING,
    IncomeClass,
    ceiling_key,
)
from atre.calc.aids.income_class import class_ceilings_eur, income_class
from atre.calc.errors import RefusedInput
from atre.calc.parameters import Confidence, UnknownParameter, parameter
from atre.calc.wording import NO_BREAK, date_fr, euros_fr, list_fr, persons_fr

MISSING_LABELS_FR = {
    "rfr_eur": "le revenu fiscal de référence",
    "persons": "le nombre de personnes du ménage",
    "in_idf": "la commune du logement",
    "ceilings": "les plafonds de cette année-là",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomeClassAnswer:
    """A class, or None with what is missing.

    `ceiling_eur` is the ceiling of the class found; for « supérieurs », the last ceiling, which
    the income exceeds. `missing` holds names among `MISSING_LABELS_FR`. `caution_fr` is set when
    the reader must check something.
    """

    rfr_eur: Decimal | None
    persons: int | None
    in_idf: bool | None
    on: date
    income_class: IncomeClass | None
    missing: tuple[str, ...]
    sentence_fr: str
    ceiling_eur: Decimal | None = None
    table_key: str | None = None
    source_title: str | None = None
    source_address: str | None = None
    confidence: Confidence | None = None
    caution_fr: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values only (text, whole numbers, booleans, None, lists), fit for a JSON column."""
        return {
            "rfr_eur": None if self.rfr_eur is None else str(self.rfr_eur),
            "persons": self.persons,
            "in_idf": self.in_idf,
            "on": self.on.isoformat(),
            "income_class": None if self.income_class is None else str(self.income_class),
            "missing": list(self.missing),
            "sentence_fr": self.sentence_fr,
            "ceiling_eur": None if self.ceiling_eur is None else str(self.ceiling_eur),
            "table_key": self.table_key,
            "source_title": self.source_title,
            "source_address": self.source_address,
            "confidence": None if self.confidence is None else str(self.confidence),
            "caution_fr": self.caution_fr,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The answer as it was given, read back from `as_dict`."""
        found, confidence = stored["income_class"], stored["confidence"]
        return cls(
            rfr_eur=_decimal(stored["rfr_eur"]),
            persons=stored["persons"],
            in_idf=stored["in_idf"],
            on=date.fromisoformat(stored["on"]),
            income_class=None if found is None else IncomeClass(found),
            missing=tuple(stored["missing"]),
            sentence_fr=stored["sentence_fr"],
            ceiling_eur=_decimal(stored["ceiling_eur"]),
            table_key=stored["table_key"],
            source_title=stored["source_title"],
            source_address=stored["source_address"],
            confidence=None if confidence is None else Confidence(confidence),
            caution_fr=stored["caution_fr"],
        )


def explain_income_class(
    *, rfr_eur: Decimal | None, persons: int | None, in_idf: bool | None, on: date
) -> IncomeClassAnswer:
    """The class of one household, through the same function as a million of them.

    None means unknown, and gives an answer without class that names what is missing. Raises
    `RefusedInput` for an impossible income (negative, absurd, finer than a cent) or size.

    >>> answer = explain_income_class(
    ...     rfr_eur=Decimal("28934.20"), persons=1, in_idf=True, on=date(2026, 6, 1))
    >>> answer.income_class.value, answer.ceiling_eur
    ('modestes', Decimal('29253'))
    >>> explain_income_class(rfr_eur=None, persons=1, in_idf=True, on=date(2026, 6, 1)).missing
    ('rfr_eur',)
    """
    _refuse_finer_than_cents(rfr_eur)
    given = {"rfr_eur": rfr_eur, "persons": persons, "in_idf": in_idf}
    missing = [name for name, value in given.items() if value is None]
    try:
        # Impossible values are refused even when another is missing: the person must know.
        code = int(
            income_class(
                float("nan") if rfr_eur is None else float(rfr_eur),
                float("nan") if persons is None else persons,
                -1 if in_idf is None else int(in_idf),
                on,
            )[0]
        )
    except UnknownParameter:
        missing.append("ceilings")
    if missing or rfr_eur is None or persons is None or in_idf is None:
        return IncomeClassAnswer(
            rfr_eur=rfr_eur,
            persons=persons,
            in_idf=in_idf,
            on=on,
            income_class=None,
            missing=tuple(missing),
            sentence_fr=_missing_sentence(missing, on),
        )
    return _known_answer(CLASSES_BY_CODE[code], rfr_eur, persons, in_idf, on)


def _known_answer(
    found: IncomeClass, rfr_eur: Decimal, persons: int, in_idf: bool, on: date
) -> IncomeClassAnswer:
    ceilings = class_ceilings_eur(persons, in_idf, on)
    bounding = found if found in CLASSES_WITH_CEILING else CLASSES_WITH_CEILING[-1]
    ceiling = ceilings[bounding]
    table = parameter(ceiling_key(bounding, in_idf), on=on)
    within_last_euro = found in CLASSES_WITH_CEILING and rfr_eur > ceiling
    confidence = table.confidence
    if within_last_euro and confidence is Confidence.HIGH:
        confidence = Confidence.MEDIUM
    return IncomeClassAnswer(
        rfr_eur=rfr_eur,
        persons=persons,
        in_idf=in_idf,
        on=on,
        income_class=found,
        missing=(),
        sentence_fr=_known_sentence(found, rfr_eur, persons, in_idf, on, ceilings),
        ceiling_eur=ceiling,
        table_key=table.key,
        source_title=table.source.title,
        source_address=table.source.address,
        confidence=confidence,
        caution_fr=_last_euro_caution(ceiling) if within_last_euro else None,
    )


def _known_sentence(
    found: IncomeClass,
    rfr_eur: Decimal,
    persons: int,
    in_idf: bool,
    on: date,
    ceilings: Mapping[str, Decimal],
) -> str:
    rank = CLASSES_BY_CODE.index(found)
    bounds = []
    if rank > 0:
        bounds.append(f"au-dessus de {euros_fr(ceilings[CLASSES_BY_CODE[rank - 1]])}")
    if found in CLASSES_WITH_CEILING:
        bounds.append(f"jusqu’à {euros_fr(ceilings[found])}")
    place = "en Île-de-France" if in_idf else "hors Île-de-France"
    return (
        f"Avec un revenu fiscal de référence de {euros_fr(rfr_eur)} "
        f"pour {persons_fr(persons)} {place}, "
        f"le ménage est dans la catégorie «{NO_BREAK}{found.label_fr}{NO_BREAK}» de l’Anah "
        f"({', '.join(bounds)}, plafonds en vigueur le {date_fr(on)})."
    )


def _missing_sentence(missing: list[str], on: date) -> str:
    names = list_fr([MISSING_LABELS_FR[name] for name in missing])
    return (
        f"La catégorie de revenus au {date_fr(on)} ne peut pas être établie{NO_BREAK}: "
        f"il manque {names}."
    )


def _last_euro_caution(ceiling: Decimal) -> str:
    return (
        f"Le revenu dépasse le plafond de {euros_fr(ceiling)} de moins d’un euro. "
        f"Les avis d’imposition sont en euros entiers{NO_BREAK}: vérifiez le montant sur l’avis."
    )


def _refuse_finer_than_cents(rfr_eur: Decimal | None) -> None:
    if rfr_eur is None:
        return
    if not rfr_eur.is_finite() or rfr_eur != round(rfr_eur, 2):
        raise RefusedInput(
            "Le revenu fiscal de référence s’écrit en euros, avec deux décimales au plus.",
            field="rfr_eur",
        )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
