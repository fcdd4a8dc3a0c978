"""The day one year after another."""

from datetime import date


def year_after(day: date) -> date:
    """The same day of the next year; 28 February after a 29.

    >>> year_after(date(2024, 2, 29))
    datetime.date(2025, 2, 28)
    """
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def year_before(day: date) -> date:
    """The last day whose anniversary has come on `day`.

    >>> year_before(date(2025, 2, 28))
    datetime.date(2024, 2, 29)
    >>> year_before(date(2024, 2, 29))
    datetime.date(2023, 2, 28)
    """
    if day.month == 2 and day.day == 28:
        try:
            return date(day.year - 1, 2, 29)
        except ValueError:
            return date(day.year - 1, 2, 28)
    if day.month == 2 and day.day == 29:
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)
