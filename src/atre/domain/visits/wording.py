"""Moments as French readers write them, in the time of the agency."""

from datetime import datetime

from django.utils import timezone

from atre.calc.wording import NO_BREAK, date_fr

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def time_fr(moment: datetime) -> str:
    """« 14 h 30 », « 9 h »."""
    local = timezone.localtime(moment)
    minutes = f"{NO_BREAK}{local.minute:02d}" if local.minute else ""
    return f"{local.hour}{NO_BREAK}h{minutes}"


def day_fr(moment: datetime) -> str:
    """« jeudi 12 mars 2026 »."""
    local = timezone.localtime(moment)
    return f"{WEEKDAYS[local.weekday()]} {date_fr(local.date())}"


def moment_fr(moment: datetime) -> str:
    """« jeudi 12 mars 2026 à 14 h 30 »."""
    return f"{day_fr(moment)} à {time_fr(moment)}"
