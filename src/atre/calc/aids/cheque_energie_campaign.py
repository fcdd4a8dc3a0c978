"""The campaigns of the chèque énergie: which one takes requests on a day, what is not known."""

from datetime import date

import numpy as np

from atre.calc.aids.facts_on import fact_on
from atre.calc.aids.judgement import Judgement
from atre.calc.errors import RefusedInput
from atre.calc.parameters import DatedValue
from atre.calc.wording import date_fr

COUNTER_KEY = "cheque_energie.campaign_open_to_requests"
# The chèque replaced the social tariffs of energy everywhere that year (loi 2015-992, art. 201).
FIRST_CAMPAIGN = 2018
LAST_CAMPAIGN = 2100


def checked_campaign(campaign: int) -> int:
    """The year of a campaign; raises `RefusedInput` for a year that has none.

    A request's year comes from a form or a file: a slip of the keyboard is refused here.

    >>> checked_campaign(2026)
    2026
    >>> try:
    ...     checked_campaign(206)
    ... except RefusedInput as refusal:
    ...     refusal.field
    'campaign'
    """
    if not FIRST_CAMPAIGN <= campaign <= LAST_CAMPAIGN:
        raise RefusedInput(
            f"Le chèque énergie existe depuis {FIRST_CAMPAIGN} : une campagne est une année, "
            "par exemple 2026.",
            field="campaign",
        )
    return campaign


def open_campaign(on: date) -> int | None:
    """The year of the campaign whose requests are taken on a day, 0 for none, None unknown.

    >>> open_campaign(date(2026, 2, 28)), open_campaign(date(2026, 3, 1))
    (2025, 0)
    >>> open_campaign(date(2024, 6, 1)) is None
    True
    """
    counter = fact_on(COUNTER_KEY, on)
    return None if counter is None else int(counter.number)


def campaign_on(on: date) -> int:
    """The campaign a day is judged by: the one that takes requests, otherwise that of its year.

    >>> campaign_on(date(2026, 1, 15)), campaign_on(date(2026, 3, 15)), campaign_on(date(2024, 6, 1))
    (2025, 2026, 2024)
    """
    return open_campaign(on) or on.year


def caution_calendar(judgement: Judgement, on: date, campaign: int) -> None:
    """Say, on every row, what the calendar allows that day and what it leaves unknown.

    >>> from atre.calc.aids.result import Aid
    >>> from atre.calc.wording import NO_BREAK
    >>> judgement = Judgement(Aid.CHEQUE_ENERGIE, on=date(2026, 3, 15), n=1)
    >>> caution_calendar(judgement, date(2026, 3, 15), 2026)
    >>> said = judgement.results().explain(0).cautions_fr[0]
    >>> said.replace(NO_BREAK, " ").split(" : ")[0]
    'Aucun guichet ne reçoit de demande le 15 mars 2026'
    """
    everyone = np.ones(judgement.n, np.bool_)
    for sentence in (_counter_fr(fact_on(COUNTER_KEY, on), on, campaign), _income_fr(campaign)):
        judgement.caution(everyone, sentence)


def _counter_fr(counter: DatedValue | None, on: date, campaign: int) -> str:
    if counter is None:
        return (
            f"Les dates du guichet des demandes n’ont pas été trouvées pour le {date_fr(on)} : "
            "voyez chequeenergie.gouv.fr."
        )
    if int(counter.number) == 0:
        return (
            f"Aucun guichet ne reçoit de demande le {date_fr(on)} : la campagne précédente est "
            "close et la suivante n’a pas commencé."
        )
    if int(counter.number) != campaign:
        return f"Le guichet ouvert le {date_fr(on)} est celui de la campagne {int(counter.number)}."
    if counter.note_fr is None:
        return f"Le guichet de la campagne {campaign} est ouvert."
    return f"Campagne {campaign} : {counter.note_fr}"


def _income_fr(campaign: int) -> str:
    year = fact_on("cheque_energie.income_year", date(campaign, 1, 1))
    if year is None:
        return (
            f"L’année de revenus que regarde la campagne {campaign} n’a pas été trouvée : vérifiez "
            "quel avis d’imposition prendre."
        )
    return (
        f"La campagne {campaign} regarde les revenus de {int(year.number)} : prenez l’avis "
        "d’imposition de l’année suivante."
    )
