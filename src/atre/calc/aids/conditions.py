"""Conditions that several aids share, laid on a judgement with their dated facts."""

from datetime import date

import numpy as np

from atre.calc.aids.facts_on import fact_on, facts, number_of
from atre.calc.aids.judgement import Judgement
from atre.calc.aids.plain_numbers import plain_fr
from atre.calc.aids.situation import Situations
from atre.calc.parameters import DatedValue
from atre.calc.three_valued import NO_CODE, UNKNOWN_CODE, YES_CODE, Codes, codes_from_condition
from atre.calc.wording import date_fr

# The counter closed at noon that day (no finance law): a deposit of the morning counts.
HALF_DAY = date(2025, 12, 31)


def negated(codes: Codes) -> Codes:
    """Yes becomes no, no becomes yes, unknown stays.

    >>> negated(np.array([1, 0, -1], np.int8)).tolist()
    [0, 1, -1]
    """
    return np.where(codes == UNKNOWN_CODE, codes, 1 - codes).astype(np.int8)


def require_open(judgement: Judgement, key: str) -> None:
    """The counter takes files on the deposit date; a date nobody documents is unknown.

    `key`: a yes/no parameter. The same answer for the n households.

    >>> from atre.calc.aids.result import Aid
    >>> judgements = [Judgement(Aid.MPR_AMPLEUR, on=on, n=1)
    ...     for on in (date(2026, 6, 1), date(2025, 7, 1), date(2019, 1, 1))]
    >>> for judgement in judgements:
    ...     require_open(judgement, "mpr.ampleur.deposit_open")
    >>> [judgement.eligible().item() for judgement in judgements]
    [1, 0, -1]
    """
    fact = fact_on(key, judgement.on)
    code = UNKNOWN_CODE if fact is None else YES_CODE if fact.holds else NO_CODE
    judgement.require(
        "deposit_open",
        np.full(judgement.n, code, dtype=np.int8),
        sentence=lambda row: _open_fr(fact, judgement.on),
        needs={"published_rule": np.full(judgement.n, fact is None)},
        facts=facts(fact),
    )
    if judgement.on == HALF_DAY:
        judgement.caution(
            np.ones(judgement.n, np.bool_),
            "Le guichet a fermé le 31 décembre 2025 à midi : l’heure du dépôt compte.",
        )


def _open_fr(fact: DatedValue | None, on: date) -> str:
    if fact is None:
        return f"Nous ne savons pas si le guichet était ouvert le {date_fr(on)}."
    if fact.holds:
        return f"Le guichet est ouvert le {date_fr(on)}."
    until = "" if fact.valid_to is None else f", jusqu’au {date_fr(fact.valid_to)} inclus"
    return f"Le guichet doit être ouvert ; il est fermé le {date_fr(on)}{until}."


def require_flag(
    judgement: Judgement, situations: Situations, name: str, sentence_fr: str, key: str
) -> None:
    """A yes/no input that must be yes, under the rule `key`; one that nobody answered is unknown.

    >>> from atre.calc.aids.result import Aid
    >>> asking = Situations.of(3, rge_firms=[True, False, None])
    >>> judgement = Judgement(Aid.MPR_GESTES, on=date(2026, 6, 1), n=3)
    >>> require_flag(judgement, asking, "rge_firms", "Les entreprises sont qualifiées RGE.",
    ...     "mpr.gestes.rge_required")
    >>> judgement.eligible().tolist()
    [1, 0, -1]
    """
    judgement.require(
        name,
        situations.flag(name),
        sentence=lambda row: sentence_fr,
        needs={name: situations.unknown(name)},
        facts=facts(fact_on(key, judgement.on)),
    )


def require_at_least(
    judgement: Judgement, situations: Situations, name: str, key: str, unit_fr: str
) -> None:
    """A number that must reach the parameter `key`, in the same unit, the bound included.

    >>> from atre.calc.aids.result import Aid
    >>> asking = Situations.of(3, dwelling_age_years=[15, 14, None])
    >>> judgement = Judgement(Aid.MPR_AMPLEUR, on=date(2026, 6, 1), n=3)
    >>> require_at_least(judgement, asking, "dwelling_age_years", "mpr.ampleur.min_age", "ans")
    >>> judgement.eligible().tolist()
    [1, 0, -1]
    """
    fact = fact_on(key, judgement.on)
    values = situations.number(name)
    judgement.require(
        name,
        codes_from_condition(values >= number_of(fact), ~np.isnan(values) & (fact is not None)),
        sentence=lambda row: (
            f"{fact.label_fr if fact else name} : {plain_fr(number_of(fact))} {unit_fr} "
            f"(indiqué : {plain_fr(values[row])})."
        ),
        needs={
            name: np.isnan(values),
            "published_rule": np.full(judgement.n, fact is None),
        },
        facts=facts(fact),
    )


def require_works_after_deposit(judgement: Judgement, situations: Situations, key: str) -> None:
    """The file is deposited before the works begin, under the rule `key`.

    >>> from atre.calc.aids.result import Aid
    >>> asking = Situations.of(3, works_started=[False, True, None])
    >>> judgement = Judgement(Aid.MPR_AMPLEUR, on=date(2026, 6, 1), n=3)
    >>> require_works_after_deposit(judgement, asking, "mpr.ampleur.works_after_deposit")
    >>> judgement.eligible().tolist()
    [1, 0, -1]
    """
    judgement.require(
        "works_started",
        negated(situations.flag("works_started")),
        sentence=lambda row: "Le dossier est déposé avant le début des travaux.",
        needs={"works_started": situations.unknown("works_started")},
        facts=facts(fact_on(key, judgement.on)),
    )
