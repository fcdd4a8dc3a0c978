"""The conditions of an éco-PTZ for a « performance énergétique globale »."""

from datetime import date

import numpy as np

from atre.calc.aids.explanation import HIGH, lowest_rank
from atre.calc.aids.facts_on import fact_on, facts
from atre.calc.aids.judgement import Judgement
from atre.calc.aids.plain_numbers import plain_fr
from atre.calc.aids.result import Flags
from atre.calc.aids.situation import Situations
from atre.calc.aids.situation_fields import DPE_CLASSES
from atre.calc.parameters import DatedValue
from atre.calc.three_valued import (
    UNKNOWN_CODE,
    YES_CODE,
    Codes,
    all_of,
    codes_from_condition,
)

Rules = tuple[DatedValue | None, DatedValue | None, DatedValue | None]


def require_global_performance(
    judgement: Judgement, situations: Situations, is_global: Flags, on: date
) -> Flags:
    """Lay the condition; only rows of `is_global` have to meet it.

    Returns the rows (n,) where a rule read with low confidence bears on the answer.

    >>> from atre.calc.aids.result import Aid
    >>> house = Situations.of(1, dwelling_kind="house", energy_gain_pct=40, dpe_after="C",
    ...     energy_audit=True)
    >>> on, is_global = date(2026, 9, 1), np.array([True])
    >>> judgement = Judgement(Aid.ECO_PTZ, on=on, n=1)
    >>> require_global_performance(judgement, house, is_global, on).tolist()
    [True]
    """
    rules = (
        fact_on("eco_ptz.global_least_gain", on),
        fact_on("eco_ptz.global_classes_after", on),
        fact_on("eco_ptz.global_needs_audit", on),
    )
    read = facts(*rules)
    codes = np.where(is_global, _conditions(situations, rules), np.int8(YES_CODE))
    judgement.require(
        "global_performance",
        codes.astype(np.int8),
        sentence=lambda row: _sentence(bool(is_global[row]), rules),
        needs={
            "energy_gain_pct": is_global & situations.unknown("energy_gain_pct"),
            "dpe_after": is_global & situations.unknown("dpe_after"),
            "energy_audit": is_global & situations.unknown("energy_audit"),
            "published_rule": is_global & (None in rules),
        },
        row_facts=lambda row: read if is_global[row] else (),
        row_ranks=np.where(is_global, np.int8(lowest_rank(read)), np.int8(HIGH)),
    )
    return _caution_of_september_2026(judgement, situations, is_global, on)


def _conditions(situations: Situations, rules: Rules) -> Codes:
    gain_rule, classes_rule, audit_rule = rules
    if gain_rule is None or classes_rule is None or audit_rule is None:
        return np.full(situations.n, UNKNOWN_CODE, dtype=np.int8)
    gain = situations.number("energy_gain_pct")
    after = situations.choice("dpe_after")
    accepted = [DPE_CLASSES.index(name) for name in classes_rule.names]
    conditions = [
        codes_from_condition(gain >= gain_rule.number, ~np.isnan(gain)),
        codes_from_condition(np.isin(after, accepted), after != UNKNOWN_CODE),
    ]
    if audit_rule.holds:
        conditions.append(situations.flag("energy_audit"))
    return all_of(*conditions)


def _sentence(is_global: bool, rules: Rules) -> str:
    gain, classes, _ = rules
    if not is_global:
        return "Aucune performance globale n’est demandée pour ces travaux."
    if gain is None or classes is None:
        return "Les conditions de la performance globale à cette date n’ont pas été trouvées."
    return (
        "Une performance globale demande un audit, un gain d’énergie d’au moins "
        f"{plain_fr(gain.number)} % et la classe {classes.names[-1]} ou mieux après travaux."
    )


def _caution_of_september_2026(
    judgement: Judgement, situations: Situations, is_global: Flags, on: date
) -> Flags:
    """A rule known only from transcriptions: said, never used to refuse a household."""
    rule = fact_on("eco_ptz.global_house_must_decarbonise", on)
    if rule is None or not rule.holds:
        return np.zeros(situations.n, np.bool_)
    apartment = situations.choice("dwelling_kind") == situations.rank("dwelling_kind", "apartment")
    rows: Flags = is_global & ~apartment
    judgement.caution(
        rows,
        "Depuis le 1er septembre 2026, en maison, une performance globale devrait aussi "
        f"décarboner le chauffage et l’eau chaude. {rule.note_fr} ({rule.source.line_fr})",
    )
    return rows
