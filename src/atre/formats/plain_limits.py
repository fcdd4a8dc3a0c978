"""What no meter and no thermometer gives, in files that a person wrote: refused with its line, or
doubted aloud when it is only too much for a dwelling."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np

from atre.calc.wording import NO_BREAK, number_fr
from atre.formats.daily_temperatures import IMPOSSIBLE_FR, DailySeries
from atre.formats.load_curve import NEGATIVE_FR
from atre.formats.reading import Reject, UnreadableFile
from atre.formats.text_files import WarningTally, rejected

# First day, end of a bill as written, value, meter or place.
Row: TypeAlias = tuple[date, date | None, float | None, str | None]

# 40 MW without a pause: a large factory, and far more often a wrong unit.
MAX_KWH_A_DAY = 1_000_000.0
# 109 500 kWh a year: no single dwelling.
IMPROBABLE_KWH_A_DAY = 300.0
KEPT_FR = "La série est lue telle quelle, mais aucune économie ne sera mesurée avec elle."
ABSURD_FR = "Plus d’un million de kWh par jour : la valeur ou l’unité est fausse."


def possible_temperatures(
    rows: Sequence[Row], numbers: Sequence[int], series: DailySeries, warnings: WarningTally
) -> tuple[list[Row], list[Reject]]:
    """The rows whose temperature can be outdoor degrees Celsius, and the others refused, by place.

    A series in another unit is kept whole and told in the calculation's own sentence: the
    calculation refuses it with a reason of its own, that a program can tell from a broken file.

    >>> days = [date(2024, 1, 1 + day) for day in range(4)]
    >>> rows = [(day, None, degrees, None) for day, degrees in zip(days, (4.0, None, 3.0, -99.0))]
    >>> series = DailySeries(WarningTally(), has_extremes=False)
    >>> kept, refused = possible_temperatures(rows, [2, 3, 4, 5], series, WarningTally())
    >>> [row[2] for row in kept], refused[0].line, refused[0].reason_fr
    ([4.0, None, 3.0], 5, 'Température impossible en degrés Celsius : la ligne n’est pas gardée.')
    """
    if not rows:
        return [], []
    mean = np.array([np.nan if row[2] is None else row[2] for row in rows], dtype=np.float64)
    try:
        plausible = series.plausible(mean, [row[3] for row in rows], on=max(row[0] for row in rows))
    except UnreadableFile as other_unit:
        told = f"{other_unit.message_fr} {KEPT_FR}"
        warnings.add(told, line=numbers[0], count=len(rows))
        return list(rows), []
    kept, rejects = [], []
    for number, row, is_plausible in zip(numbers, rows, plausible, strict=True):
        if row[2] is None or is_plausible:
            kept.append(row)
        else:
            rejects.append(rejected(number, IMPOSSIBLE_FR, found=f"{row[2]:g}"))
    return kept, rejects


@dataclass(slots=True)
class _Use:
    first_line: int
    kwh: float = 0.0
    days: int = 0


class UseByMeter:
    """Follows what each meter of a file uses, to see whether a dwelling can."""

    def __init__(self) -> None:
        self._use: dict[str, _Use] = {}

    def counted(
        self, rows: Sequence[Row], numbers: Sequence[int], includes_last_day: bool
    ) -> tuple[list[Row], list[Reject]]:
        """The rows whose energy a meter can give, and the others refused."""
        kept, rejects = [], []
        for number, row in zip(numbers, rows, strict=True):
            first, end, kwh, owner = row
            days = 1 if end is None else max(1, (end - first).days + includes_last_day)
            if kwh is None:
                kept.append(row)
            elif kwh < 0:
                rejects.append(rejected(number, NEGATIVE_FR, found=f"{kwh:g}"))
            elif kwh > MAX_KWH_A_DAY * days:
                rejects.append(rejected(number, ABSURD_FR, found=f"{kwh:g}"))
            else:
                kept.append(row)
                use = self._use.setdefault(owner or "", _Use(first_line=number))
                use.kwh += kwh
                use.days += days
        return kept, rejects

    def doubt(self, warnings: WarningTally) -> None:
        """Says which meters use, on average, what no dwelling does."""
        for meter, use in self._use.items():
            mean = use.kwh / use.days
            if mean <= IMPROBABLE_KWH_A_DAY:
                continue
            whose = f" pour le compteur {meter}" if meter else ""
            warnings.add(
                f"{number_fr(mean)}{NO_BREAK}kWh par jour en moyenne{whose}, sur "
                f"{number_fr(use.days)}{NO_BREAK}j : c’est trop pour un logement. Vérifiez l’unité "
                "(Wh au lieu de kWh ?), et que ce compteur n’est pas celui d’un immeuble.",
                line=use.first_line,
            )
