"""Île-de-France or not, from an INSEE commune code."""

import re

from atre.calc.errors import RefusedInput

ILE_DE_FRANCE_DEPARTMENTS = frozenset({"75", "77", "78", "91", "92", "93", "94", "95"})

# Five characters; only Corsica has a letter. Overseas codes start with 97 or 98.
_COMMUNE_CODE = re.compile(r"(?:\d{2}|2[AB])\d{3}")


def in_ile_de_france(commune_code: str) -> bool:
    """Whether a commune is in Île-de-France, from the department in its INSEE code.

    The code is not looked up in the geographical reference: a well-formed code that no commune
    bears is answered like any other. A postal code is not an INSEE code.

    Raises `RefusedInput` when the text is not five characters of an INSEE code.

    >>> in_ile_de_france("93006"), in_ile_de_france("83137"), in_ile_de_france("2A004")
    (True, False, False)
    """
    if not _COMMUNE_CODE.fullmatch(commune_code):
        raise RefusedInput(
            f"« {commune_code} » n’est pas un code Insee de commune : cinq caractères, "
            "par exemple 93006 pour Bagnolet.",
            field="commune",
        )
    return commune_code[:2] in ILE_DE_FRANCE_DEPARTMENTS
