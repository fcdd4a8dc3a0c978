"""Highest powers of each day in an HDM file."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from atre.formats.curve_points import NO_DATE_FR
from atre.formats.enedis_hdm_section import Heading, cut_rows, not_a_row
from atre.formats.instants import Floats, instants_of, numbers_of
from atre.formats.local_time import Instants, ParisClock
from atre.formats.reading import MAXIMUM_POWERS, Part
from atre.formats.text_files import WarningTally, plain, rejected

POWER_IN_W_FR = "Puissance maximale écrite en W ; c’est une puissance apparente, en VA."
NO_POWER_FR = "Puissance qui n’est pas un nombre."
# The register has 16 bits: this value is its end of scale, not a power. Seen in a published file.
FULL_SCALE_VA = 65_535.0
FULL_SCALE_FR = "65 535 VA : c’est la fin d’échelle du compteur, pas une puissance."
BLANK_POWER_FR = "Jour sans puissance maximale : gardé comme inconnu."


class PowerSection:
    """The section « Puissance maximale quotidienne » of one meter."""

    def __init__(self, heading: Heading, columns: list[str], warnings: WarningTally) -> None:
        self._meter_id = heading.meter_id
        self._warnings = warnings
        self._time = columns.index("horodate")
        self._value = columns.index("valeur")
        self._clock = ParisClock()
        unit = plain(heading["unite"])
        self._va = 1000.0 if unit in {"kva", "kw"} else 1.0
        if unit not in {"va", "kva"}:
            warnings.add(POWER_IN_W_FR, line=heading.line)

    def rows(self, numbers: Sequence[int], lines: Sequence[str]) -> Iterator[Part]:
        width = max(self._time, self._value) + 1
        cells, kept, rejects = cut_rows(numbers, lines, width)
        read = instants_of([row[self._time] for row in cells], self._clock)
        values, unreadable = numbers_of([row[self._value] for row in cells])
        is_full = values * self._va == FULL_SCALE_VA
        unreadable |= (values < 0) | is_full
        for place in np.flatnonzero(np.isnat(read.utc) | unreadable):
            if np.isnat(read.utc[place]):
                reason, found = NO_DATE_FR, cells[place][self._time]
            else:
                reason = FULL_SCALE_FR if is_full[place] else NO_POWER_FR
                found = cells[place][self._value]
            rejects.append(rejected(kept[place], reason, found=found))
        blank = np.isnan(values) & ~unreadable
        self._warnings.add(
            BLANK_POWER_FR,
            line=kept[int(np.argmax(blank))] if blank.any() else None,
            count=int(blank.sum()),
        )
        known = ~np.isnat(read.utc) & ~unreadable
        yield Part(
            rows=power_batch(self._meter_id, read.utc[known], values[known] * self._va),
            rejects=tuple(rejects),
        )

    def frame(self, number: int, line: str) -> Iterator[Part]:
        yield from not_a_row(number, line)

    def finish(self) -> Iterator[Part]:
        yield from ()


def power_batch(meter_id: str | None, at: Instants, power_va: Floats) -> pa.RecordBatch:
    """Rows of `MAXIMUM_POWERS` of one meter: UTC instants and apparent powers in VA, both of shape
    (n,); NaN becomes null.

    >>> days = np.array(["2022-02-01", "2022-02-02"], dtype="datetime64[us]")
    >>> power_batch("1", days, np.array([3817.0, np.nan]))["power_va"].to_pylist()
    [3817.0, None]
    """
    return pa.RecordBatch.from_arrays(
        [
            pa.repeat(pa.scalar(meter_id, pa.string()), len(at)),
            pa.array(at.astype("datetime64[us]"), MAXIMUM_POWERS.field("at").type),
            pa.array(power_va, pa.float64(), mask=np.isnan(power_va)),
        ],
        schema=MAXIMUM_POWERS,
    )
