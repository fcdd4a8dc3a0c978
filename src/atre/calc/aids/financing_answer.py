"""One household's financing plan in words and exact cents, with the trace of each aid."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from atre.calc.aids.financing import FinancingPlans, Route
from atre.calc.aids.result import AidAnswer, AidStatus, Euros, cents
from atre.calc.aids.situation_fields import label_fr
from atre.calc.wording import NO_BREAK, euros_fr, list_fr

# What the plan sets by itself is never « missing » to the reader.
SET_BY_THE_PLAN = ("loan_wanted_eur",)


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancingAnswer:
    """One plan. Amounts None where unknown; `missing` says what the remainder waits for."""

    route: Route
    on: date
    amounts: dict[str, Decimal | None]
    aids: tuple[AidAnswer, ...]
    loan: AidAnswer
    loan_years: Decimal | None
    missing: tuple[str, ...]
    sentences_fr: tuple[str, ...]
    cautions_fr: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values only, fit for a JSON column or the command line."""
        return {
            "route": str(self.route),
            "on": self.on.isoformat(),
            **{name: None if value is None else str(value) for name, value in self.amounts.items()},
            "loan_years": None if self.loan_years is None else str(self.loan_years),
            "missing": list(self.missing),
            "aids": [aid.as_dict() for aid in self.aids],
            "loan": self.loan.as_dict(),
            "sentences_fr": list(self.sentences_fr),
            "cautions_fr": list(self.cautions_fr),
        }


AMOUNTS = (
    "works_ttc_eur",
    "accompagnateur_eur",
    "cost_ttc_eur",
    "other_public_aids_eur",
    "aids_eur",
    "excess_eur",
    "remainder_eur",
    "loan_eur",
    "own_money_eur",
    "advance_eur",
    "monthly_payment_eur",
    "monthly_saving_eur",
    "monthly_balance_eur",
)


def explain_plan(plans: FinancingPlans, row: int = 0) -> FinancingAnswer:
    """The plan of one row, in exact euros and cents; None is an amount that cannot be known.

    >>> from atre.calc.aids.examples import example_project
    >>> from atre.calc.aids.financing import financing_plans
    >>> answer = explain_plan(financing_plans(example_project(), date(2026, 3, 12), Route.AMPLEUR))
    >>> answer.amounts["remainder_eur"], answer.missing
    (Decimal('15475.00'), ())
    """
    columns: dict[str, Euros] = {name: getattr(plans, name) for name in AMOUNTS}
    amounts = {name: cents(float(values[row])) for name, values in columns.items()}
    aids = tuple(result.explain(row) for result in plans.aids.values())
    loan = plans.loan.results.explain(row)
    missing = tuple(name for name, rows in plans.missing.items() if rows[row])
    years = cents(float(plans.loan.years[row]))
    return FinancingAnswer(
        route=plans.route,
        on=plans.on,
        amounts=amounts,
        aids=aids,
        loan=loan,
        loan_years=years,
        missing=missing,
        sentences_fr=tuple(_sentences(plans.route, amounts, aids, loan, missing, years)),
        cautions_fr=_cautions(amounts, aids, loan, bool(plans.loan_with_gestes[row])),
    )


def _sentences(
    route: Route,
    amounts: dict[str, Decimal | None],
    aids: tuple[AidAnswer, ...],
    loan: AidAnswer,
    missing: tuple[str, ...],
    years: Decimal | None,
) -> list[str]:
    said = [f"Travaux{NO_BREAK}: {_euros(amounts['works_ttc_eur'])} TTC."]
    if route is Route.AMPLEUR:
        said.append(f"Accompagnateur{NO_BREAK}: {_euros(amounts['accompagnateur_eur'])} TTC.")
    said += [aid.sentence_fr for aid in aids]
    said.append(f"Autres aides publiques{NO_BREAK}: {_euros(amounts['other_public_aids_eur'])}.")
    if amounts["advance_eur"]:
        said.append(
            f"Avance possible sur MaPrimeRénov’ avant les travaux{NO_BREAK}: "
            f"{_euros(amounts['advance_eur'])}."
        )
    if amounts["remainder_eur"] is None:
        said.append(
            f"Reste à charge{NO_BREAK}: inconnu, il manque "
            f"{list_fr([label_fr(name) for name in missing])}."
        )
        return said
    said.append(f"Reste à charge{NO_BREAK}: {_euros(amounts['remainder_eur'])}.")
    return said + _loan_sentences(amounts, loan, years)


def _loan_sentences(
    amounts: dict[str, Decimal | None], loan: AidAnswer, years: Decimal | None
) -> list[str]:
    if loan.status is not AidStatus.AMOUNT:
        return [loan.sentence_fr]
    if not amounts["loan_eur"]:
        return ["Rien à emprunter."]
    saving = amounts["monthly_saving_eur"]
    said = [
        f"Éco-prêt à taux zéro de {_euros(amounts['loan_eur'])} sur {years:.0f} ans{NO_BREAK}: "
        f"{_euros(amounts['monthly_payment_eur'])} par mois ; apport de "
        f"{_euros(amounts['own_money_eur'])}."
    ]
    if saving is None:
        return [*said, "Économie de factures inconnue."]
    balance = amounts["monthly_balance_eur"]
    side = "couvre" if balance is not None and balance >= 0 else "ne couvre pas"
    said.append(
        f"Économie estimée de {_euros(saving)} par mois{NO_BREAK}: elle {side} la mensualité "
        f"(différence de {_euros(None if balance is None else abs(balance))})."
    )
    return said


def _cautions(
    amounts: dict[str, Decimal | None],
    aids: tuple[AidAnswer, ...],
    loan: AidAnswer,
    with_gestes: bool,
) -> tuple[str, ...]:
    found = [caution for answer in (*aids, loan) for caution in answer.cautions_fr]
    if amounts["excess_eur"]:
        found.insert(
            0,
            f"Les aides dépassent le coût de {_euros(amounts['excess_eur'])}{NO_BREAK}: un des "
            "financeurs réduira la sienne.",
        )
    if amounts["advance_eur"]:
        found.append("D’autres taux d’avance ont été publiés : demandez-le à l’Anah.")
    if with_gestes and amounts["loan_eur"] and loan.status is AidStatus.AMOUNT:
        found.append(
            "Le plafond et la durée de l’éco-prêt « avec MaPrimeRénov’ » sont appliqués ici à des "
            "travaux par geste ; aucune page officielle lue ne le confirme pour eux : demandez-le à "
            "la banque ou à l’ADIL."
        )
    if amounts["remainder_eur"] is not None and loan.status is AidStatus.AMOUNT:
        found.append(
            "Le prêt dépend de la banque ; l’économie de factures est une estimation, pas une "
            "promesse."
        )
    return tuple(dict.fromkeys(found))


def _euros(amount: Decimal | None) -> str:
    return "montant inconnu" if amount is None or np.isnan(float(amount)) else euros_fr(amount)
