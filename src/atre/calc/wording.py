"""Amounts, dates and lists as French readers write them.

Spaces are the typographic ones (narrow no-break between thousands, no-break before units),
so that a sentence made here never breaks in the middle of a figure.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NARROW = "\u202f"
NO_BREAK = "\u00a0"

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def number_fr(value: Decimal | float | int, decimals: int = 0) -> str:
    """Write a number with French separators.

    >>> number_fr(28934.2, 2).replace(NARROW, "_")
    '28_934,20'
    """
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{rounded:,.{decimals}f}".replace(",", NARROW).replace(".", ",")


def euros_fr(value: Decimal | float | int) -> str:
    """Write an amount: whole euros without decimals, otherwise with its cents.

    >>> euros_fr(Decimal("1240")).replace(NARROW, "_").replace(NO_BREAK, " ")
    '1_240 €'
    >>> euros_fr(Decimal("28934.20")).replace(NARROW, "_").replace(NO_BREAK, " ")
    '28_934,20 €'
    """
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    decimals = 0 if exact == exact.to_integral_value() else 2
    return f"{number_fr(exact, decimals)}{NO_BREAK}€"


def date_fr(day: date) -> str:
    """Write a date in full.

    >>> date_fr(date(2026, 3, 12)).replace(NO_BREAK, " ")
    '12 mars 2026'
    >>> date_fr(date(2026, 1, 1)).replace(NO_BREAK, " ")
    '1er janvier 2026'
    """
    first = "1er" if day.day == 1 else str(day.day)
    return f"{first}{NO_BREAK}{MONTHS[day.month - 1]}{NO_BREAK}{day.year}"


def list_fr(words: Sequence[str]) -> str:
    """Join words with commas and a final « et ».

    >>> list_fr(["le revenu", "la commune", "la date"])
    'le revenu, la commune et la date'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"


def persons_fr(count: int) -> str:
    """Write a number of persons.

    >>> persons_fr(1).replace(NO_BREAK, " "), persons_fr(4).replace(NO_BREAK, " ")
    ('1 personne', '4 personnes')
    """
    return f"{count}{NO_BREAK}personne{'s' if count > 1 else ''}"
