"""One cell of an agency's file as the value it means. What cannot be read is refused, not guessed."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from atre.calc.wording import MONTHS
from atre.domain.errors import InvalidInput
from atre.domain.households.enums import DwellingKind, Tenure
from atre.domain.households.keys import words

Value = str | int | float | bool | date | None

YES = frozenset({"oui", "o", "x", "1", "vrai", "true", "yes"})
NO = frozenset({"non", "n", "0", "faux", "false", "no"})
NOT_TOLD = frozenset({"nc", "ne sait pas", "nsp", "inconnu", "non renseigne", "na"})
NUMERIC_DATE = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
WRITTEN_DATE = re.compile(r"(\d{1,2})(?:er)? (\w+) (\d{4})")
MONTH_NUMBERS = {words(month)[0]: rank for rank, month in enumerate(MONTHS, start=1)}
SPACES = re.compile(r"[\s\u00a0\u202f']")

TENURES: Mapping[str, Tenure] = {
    "proprietaire": Tenure.OWNER,
    "proprietaire occupant": Tenure.OWNER,
    "po": Tenure.OWNER,
    "locataire prive": Tenure.PRIVATE_TENANT,
    "locataire parc prive": Tenure.PRIVATE_TENANT,
    "locataire du parc prive": Tenure.PRIVATE_TENANT,
    "locataire social": Tenure.SOCIAL_TENANT,
    "locataire parc social": Tenure.SOCIAL_TENANT,
    "locataire du parc social": Tenure.SOCIAL_TENANT,
    "locataire hlm": Tenure.SOCIAL_TENANT,
    "hlm": Tenure.SOCIAL_TENANT,
    "heberge": Tenure.HOSTED,
    "heberge a titre gratuit": Tenure.HOSTED,
    "heberge gratuitement": Tenure.HOSTED,
    "autre": Tenure.OTHER,
    "autre situation": Tenure.OTHER,
}
KINDS: Mapping[str, DwellingKind] = {
    "appartement": DwellingKind.FLAT,
    "appart": DwellingKind.FLAT,
    "logement collectif": DwellingKind.FLAT,
    "collectif": DwellingKind.FLAT,
    "maison": DwellingKind.HOUSE,
    "maison individuelle": DwellingKind.HOUSE,
    "individuel": DwellingKind.HOUSE,
    "autre": DwellingKind.OTHER,
}


def is_blank(value: Value) -> bool:
    return value is None or " ".join(words(str(value))) in NOT_TOLD or not str(value).strip()


def text(value: Value, *, longest: int, field: str, label: str) -> str:
    """The text of a cell; empty when blank. A number is written without its decimals."""
    if is_blank(value):
        return ""
    found = " ".join(str(value).split())
    if len(found) > longest:
        raise InvalidInput(f"{label} : plus de {longest} caractères.", field=field)
    return found


def day(value: Value, *, field: str, label: str) -> date | None:
    """A date cell, or a text such as 12/03/2026, 2026-03-12, 12 mars 2026. Years have four digits."""
    if is_blank(value):
        return None
    if isinstance(value, date):
        return value
    typed = str(value).strip()
    parts: tuple[int, int, int] | None = None
    if match := ISO_DATE.fullmatch(typed):
        parts = int(match[1]), int(match[2]), int(match[3])
    elif match := NUMERIC_DATE.fullmatch(typed):
        parts = int(match[3]), int(match[2]), int(match[1])
    elif match := WRITTEN_DATE.fullmatch(" ".join(words(typed))):
        parts = int(match[3]), MONTH_NUMBERS.get(match[2], 0), int(match[1])
    try:
        if parts is not None:
            return date(*parts)
    except ValueError:
        pass
    raise InvalidInput(
        f"{label} : cette date ne se lit pas (attendu : jour/mois/année sur quatre chiffres).",
        field=field,
    )


def whole(value: Value, *, most: int, field: str, label: str) -> int | None:
    """A whole number from zero to `most`; None when blank."""
    if is_blank(value):
        return None
    number = amount(value, field=field, label=label)
    assert number is not None
    if number != number.to_integral_value() or not 0 <= number <= most:
        raise InvalidInput(f"{label} : attendu un nombre entier de 0 à {most}.", field=field)
    return int(number)


def amount(value: Value, *, field: str, label: str) -> Decimal | None:
    """A number written as French people do: « 18 000,50 € »; None when blank."""
    if is_blank(value):
        return None
    if not isinstance(value, bool | date):
        bare = SPACES.sub("", str(value)).replace("€", "").removesuffix("m²").removesuffix("m2")
        if bare.count(",") <= 1 and not ("," in bare and "." in bare):
            try:
                found = Decimal(bare.replace(",", "."))
            except InvalidOperation:
                found = Decimal("NaN")
            if found.is_finite() and abs(found) < Decimal(10) ** 8:
                return found
    raise InvalidInput(f"{label} : ce nombre ne se lit pas.", field=field)


def told_yes(value: Value, *, field: str, label: str) -> bool:
    """Whether a difficulty is told; blank is « not told », anything unclear is refused."""
    if is_blank(value):
        return False
    if isinstance(value, bool):
        return value
    said = " ".join(words(str(value)))
    if said in YES or said in NO:
        return said in YES
    raise InvalidInput(f"{label} : attendu oui, non, ou rien.", field=field)


def tenure(value: Value) -> str:
    return _listed(value, TENURES, "tenure", "Statut d’occupation", Tenure.labels)


def dwelling_kind(value: Value) -> str:
    return _listed(value, KINDS, "dwelling_kind", "Type de logement", DwellingKind.labels)


def _listed(
    value: Value, known: Mapping[str, str], field: str, label: str, allowed: list[str]
) -> str:
    if is_blank(value):
        return ""
    try:
        return str(known[" ".join(words(str(value)))])
    except KeyError as unknown:
        raise InvalidInput(
            f"{label} : « {str(value)[:40]} » n’est pas dans la liste ({', '.join(allowed)}).",
            field=field,
        ) from unknown


def phone(value: Value) -> str:
    """The digits as typed; a spreadsheet that took them for a number ate the first zero."""
    if is_blank(value):
        return ""
    typed = str(value).strip()
    digits = re.sub(r"\D", "", typed)
    return f"0{digits}" if len(digits) == 9 and digits[0] != "0" and "+" not in typed else typed


def postal_code(value: Value) -> str:
    """Five digits; « 1000 » read as a number was « 01000 ». Empty when blank."""
    if is_blank(value):
        return ""
    code = str(value).strip().zfill(5) if isinstance(value, int) else str(value).strip()
    if not re.fullmatch(r"\d{5}", code):
        raise InvalidInput("Code postal : attendu cinq chiffres.", field="postal_code")
    return code
