"""What an invented household answers one year later, and the bills it has kept."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from atre.domain.households.models import Case
from atre.domain.support import questionnaire
from atre.domain.support.actions.following import Told
from atre.domain.visits.models import Visit
from atre.jobs.demonstration.fates import Fate, one_of

WORKS = ("Fenêtres du séjour changées", "Ventilation remise en marche", "Chaudière remplacée")
WORDS = (
    "On a repris la chambre, les enfants y dorment.",
    "Je regarde mon compteur le premier du mois, ça m’aide.",
    "Il fait toujours froid, mais au moins je sais à qui parler.",
    "Merci pour le thermomètre, je n’aurais pas cru qu’il faisait 15.",
)
KEPT = 365


def answers(fate: Fate, case: Case, *, visited: Visit, on: date) -> Told:
    """The questionnaire filled in, with its « ne sait pas », and this year's bills if any."""
    rng = fate.rng
    helped = rng.random() < (0.75 if fate.supported else 0.55)
    gestures = [row["code"] for row in visited.document["gestures"] if row["code"]]
    works = rng.random() < (0.3 if fate.supported else 0.12)
    income = rng.randrange(9600, 21000, 100)
    filled = questionnaire.empty(gestures) | {
        "cold_in_winter": _still(rng, case.too_cold_or_hot, helped),
        "hot_in_summer": rng.choice(["yes", "no", "unknown"]),
        "damp": _still(rng, case.damp, helped),
        "late_on_payments": _still(rng, case.trouble_paying, helped),
        "works_done": "yes" if works else "no",
        "works": one_of(rng, WORKS) if works else None,
        "help_was_useful": "yes" if helped or rng.random() < 0.4 else rng.choice(["no", "unknown"]),
        "says_out_of_poverty": rng.choice(["yes", "unknown"]) if helped else rng.choice(["no", "no", "unknown"]),
        "words": one_of(rng, (*WORDS, None)),
        "income_before_eur": str(income) if rng.random() < 0.7 else None,
        "income_after_eur": str(income + rng.randrange(-800, 1500, 50)) if rng.random() < 0.65 else None,
        "gestures": {code: rng.choice(["yes", "yes", "no", "unknown"]) for code in gestures},
    }  # fmt: skip
    bills = _bills(rng, visited, helped=helped, on=on) if rng.random() < 0.6 else []
    return Told(answers=filled, bills=bills, answered_on=on)


def _still(rng: Random, before: bool, helped: bool) -> str:
    """Whether a difficulty lasts; a help that worked ends it more often than not."""
    if rng.random() < 0.08:
        return "unknown"
    if not before:
        return "yes" if rng.random() < 0.06 else "no"
    return "no" if rng.random() < (0.68 if helped else 0.22) else "yes"


def _bills(rng: Random, visited: Visit, *, helped: bool, on: date) -> list[dict[str, Any]]:
    """The visit's bills a year later, a little lower when things went well."""
    factor = Decimal(str(round(rng.uniform(0.76, 0.99) if helped else rng.uniform(0.92, 1.12), 3)))
    rows = []
    for bill in visited.document["bills"]:
        end = date.fromisoformat(bill["end"]) + timedelta(days=KEPT)
        if end > on:
            continue
        start = date.fromisoformat(bill["start"]) + timedelta(days=KEPT)
        quantity = bill["quantity"] and str(int(Decimal(bill["quantity"]) * factor))
        euros = (Decimal(bill["euros"]) * factor).quantize(Decimal("0.01"))
        rows.append(
            bill
            | {
                "start": start.isoformat(),
                "end": end.isoformat(),
                "quantity": quantity,
                "euros": format(euros, "f"),
            }
        )
    return rows
