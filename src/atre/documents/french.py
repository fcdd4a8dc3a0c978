"""Dates, amounts and quantities as printed. Unknown is printed as such, never as zero."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from atre.calc.wording import NO_BREAK, date_fr, number_fr

UNKNOWN = "non renseigné"

_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

Number = int | float | Decimal


def french_date(day: date | None) -> str:
    """« 12 mars 2026 », « non renseigné »."""
    return UNKNOWN if day is None else date_fr(day)


def french_day_and_time(moment: datetime) -> str:
    """« mardi 12 mars 2026 à 14 h 30 », in the moment's own time zone."""
    hour = f"{moment.hour}{NO_BREAK}h"
    if moment.minute:
        hour += f"{NO_BREAK}{moment.minute:02d}"
    return f"{_WEEKDAYS[moment.weekday()]} {french_date(moment.date())} à {hour}"


def french_period(first: date | None, last: date | None) -> str:
    """« du 1er mars 2025 au 28 février 2026 »; an unknown end is said."""
    if first is None and last is None:
        return f"période {UNKNOWN}e"
    return f"du {french_date(first)} au {french_date(last)}"


def french_quantity(value: Number | None, unit: str) -> str:
    """« 1 240 € », « 12 400 kWh », « 62,5 m³ », « non renseigné ».

    One decimal below a hundred when there is one to show: 0,4 m³ is not « 0 m³ ».
    """
    if value is None:
        return UNKNOWN
    tenths = Decimal(str(value)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    decimals = 1 if abs(tenths) < 100 and tenths != tenths.to_integral_value() else 0
    return f"{number_fr(value, decimals)}{NO_BREAK}{unit}"


def french_range(low: Number, high: Number, unit: str) -> str:
    """« environ 40 € », « entre 40 € et 60 € »."""
    if low == high:
        return f"environ {french_quantity(low, unit)}"
    return f"entre {french_quantity(low, unit)} et {french_quantity(high, unit)}"


def french_phone(phone: str) -> str:
    """Group a ten-digit French number by two; any other number is printed as it was given."""
    digits = "".join(phone.split()).replace(".", "").replace("-", "")
    if digits.startswith("+33") and len(digits) == 12:
        digits = "0" + digits[3:]
    if len(digits) == 10 and digits.startswith("0") and digits.isdecimal():
        return NO_BREAK.join(digits[i : i + 2] for i in range(0, 10, 2))
    return phone


def sentence(text: str) -> str:
    """End a text with a full stop unless it already ends a sentence."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…", ":")) else f"{text}."
