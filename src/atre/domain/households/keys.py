"""Folded forms of names, addresses and telephones, so that typing habits do not hide a double."""

import re
import unicodedata

from atre.domain.errors import InvalidInput

LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
STREET_WORDS = {
    "avenue": "av",
    "boulevard": "bd",
    "allee": "all",
    "place": "pl",
    "impasse": "imp",
    "chemin": "che",
    "route": "rte",
    "residence": "res",
    "batiment": "bat",
    "appartement": "apt",
    "saint": "st",
    "sainte": "ste",
}


def words(text: str) -> list[str]:
    """Lower-case ASCII words: « Œuvré-Léa » gives ["oeuvre", "lea"]."""
    decomposed = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).lower()
    return re.findall(r"[a-z0-9]+", bare)


def name_key(first_name: str, last_name: str) -> str:
    """The words of a name in alphabetical order: swapped first and last names meet."""
    return " ".join(sorted(words(f"{first_name} {last_name}")))[:220]


def address_key(address_line: str, postal_code: str) -> str:
    """Number and street in their short postal forms, after the postal code."""
    short = [STREET_WORDS.get(word, word) for word in words(address_line)]
    return " ".join([postal_code, *short])[:220]


def phone_e164(text: str) -> str:
    """A telephone as +33612345678; empty stays empty; else `InvalidInput`."""
    if not text.strip():
        return ""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise InvalidInput(
            "Ce numéro de téléphone n’est pas complet : dix chiffres, par exemple 06 12 34 56 78.",
            field="phone",
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
