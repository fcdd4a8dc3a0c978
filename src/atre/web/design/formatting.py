"""Figures, amounts, dates and durations as French readers write them.

Every function takes None (unknown) and answers « non renseigné »: zero is a value, an absence is not.
"""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone

UNKNOWN = "non renseigné"
NNBSP = "\u202f"  # narrow: between thousands, before ; ! ?
NBSP = "\u00a0"  # before units, € and %, before : and inside « »

MONTHS = [
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
]

Number = int | float | Decimal


def is_unknown(value: object) -> bool:
    return value is None or value == ""


def as_decimal(value: object) -> Decimal:
    """Reads a number; ValueError when it is none (a template shows a fault, never a wrong figure)."""
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"not a number: {type(value).__name__}") from error
    if not number.is_finite():
        raise ValueError("not a finite number")
    return number


def number(value: object, decimals: int = 0) -> str:
    """`1240.5, 1` → « 1 240,5 », rounded half up, with a true minus sign."""
    if is_unknown(value):
        return UNKNOWN
    rounded = as_decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,.{decimals}f}".replace(",", NNBSP).replace(".", ",")
    return f"\u2212{text}" if rounded < 0 else text


def euros(value: object, decimals: int | None = None) -> str:
    """« 1 240 € »; cents appear when there are some, or when `decimals` is 2."""
    if is_unknown(value):
        return UNKNOWN
    if decimals is None:
        decimals = 0 if as_decimal(value) == as_decimal(value).to_integral_value() else 2
    return f"{number(value, decimals)}{NBSP}€"


def quantity(value: object, unit: str, decimals: int = 0) -> str:
    """A figure and its unit held together: « 12 300 kWh »."""
    if is_unknown(value):
        return UNKNOWN
    return f"{number(value, decimals)}{NBSP}{unit}" if unit else number(value, decimals)


def plural(value: object, endings: str = "s") -> str:
    """The ending that goes with a number: "s", or the second of « t,ent », from two on.

    French counts « 0 ménage » and « 1,5 jour » in the singular.
    """
    one, _, many = endings.rpartition(",")
    return many if abs(as_decimal(value)) >= 2 else one


def counted(value: object, one: str, many: str = "") -> str:
    """« 0 jour », « 1 jour », « 12 jours »; the plural is `one` and an s unless given."""
    if is_unknown(value):
        return UNKNOWN
    rounded = as_decimal(value).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return quantity(rounded, many or f"{one}s" if plural(rounded) else one)


def percent(share: object, decimals: int = 0) -> str:
    """A share between 0 and 1: 0.3 → « 30 % »."""
    if is_unknown(share):
        return UNKNOWN
    return f"{number(as_decimal(share) * 100, decimals)}{NBSP}%"


def local(value: dt.datetime) -> dt.datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def date(value: dt.date | None) -> str:
    """« 12 mars 2026 », « 1er mars 2026 »; a datetime is read in the site's time zone."""
    if is_unknown(value) or value is None:
        return UNKNOWN
    if isinstance(value, dt.datetime):
        value = local(value).date()
    day = "1er" if value.day == 1 else str(value.day)
    return f"{day}{NBSP}{MONTHS[value.month - 1]} {value.year}"


def clock(value: dt.datetime | dt.time | None) -> str:
    """« 9 h 30 », « 14 h »."""
    if value is None:
        return UNKNOWN
    moment = local(value) if isinstance(value, dt.datetime) else value
    return f"{moment.hour}{NBSP}h" + (f"{NBSP}{moment.minute:02d}" if moment.minute else "")


def moment(value: dt.date | None) -> str:
    """« 12 mars 2026 à 9 h 30 »; a plain date has no hour to show."""
    if isinstance(value, dt.datetime):
        return f"{date(value)} à {clock(value)}"
    return date(value)


def duration(value: dt.timedelta | Number | None) -> str:
    """Minutes or a timedelta: « 45 min », « 1 h 30 », « 12 jours » from two days on."""
    if value is None or value == "":
        return UNKNOWN
    delta = value if isinstance(value, dt.timedelta) else dt.timedelta(minutes=float(value))
    minutes = round(delta.total_seconds() / 60)
    if minutes >= 2 * 24 * 60:
        return counted(minutes // (24 * 60), "jour")
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")


def phone(value: str | None) -> str:
    """« 01 42 87 13 55 »; a foreign number keeps its prefix, what is no number stays as typed."""
    if not value:
        return UNKNOWN
    import phonenumbers

    try:
        parsed = phonenumbers.parse(str(value), "FR")
    except phonenumbers.NumberParseException:
        return str(value)
    style = phonenumbers.PhoneNumberFormat
    kind = style.NATIONAL if parsed.country_code == 33 else style.INTERNATIONAL
    return phonenumbers.format_number(parsed, kind).replace(" ", NBSP)


def spaced(text: object) -> str:
    """Puts the French non-breaking spaces before : ; ! ? » and after «."""
    result = str(text).replace("« ", f"«{NBSP}")
    for sign in ":»%€":
        result = result.replace(f" {sign}", f"{NBSP}{sign}")
    for sign in ";!?":
        result = result.replace(f" {sign}", f"{NNBSP}{sign}")
    return result
