"""Numbers inside the sentences of a trace, where any of them may be unknown."""

import math

from atre.calc.wording import euros_fr, number_fr


def plain_fr(number: float, decimals: int = 1) -> str:
    """A number without useless decimals; « inconnu » for NaN.

    >>> plain_fr(15.0), plain_fr(5.5), plain_fr(float("nan"))
    ('15', '5,5', 'inconnu')
    """
    if math.isnan(number):
        return "inconnu"
    return number_fr(number, 0 if number == int(number) else decimals)


def euros_or_unknown_fr(amount: float) -> str:
    """An amount in euros; « un montant inconnu » for NaN.

    >>> euros_or_unknown_fr(float("nan"))
    'un montant inconnu'
    """
    return "un montant inconnu" if math.isnan(amount) else euros_fr(round(amount, 2))
