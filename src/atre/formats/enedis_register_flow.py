"""What the flows of indexes share: registers and highest powers gathered as they are met, and the
refusal of those that cannot be read."""

from collections.abc import Iterator

import numpy as np

from atre.formats.curve_points import NO_DATE_FR
from atre.formats.enedis_hdm_powers import FULL_SCALE_FR, FULL_SCALE_VA, power_batch
from atre.formats.enedis_hdm_registers import NEGATIVE_FR, NO_NUMBER_FR, Registers
from atre.formats.instants import instants_of, numbers_of
from atre.formats.local_time import ParisClock
from atre.formats.reading import Part, Reject, without_rows
from atre.formats.text_files import WarningTally, rejected


class RegisterFlow:
    """Gathers registers and powers; unreadable ones are refused with their line."""

    def __init__(self) -> None:
        self.warnings = WarningTally()
        self._registers = Registers()
        self._powers: dict[tuple[str, np.datetime64], float] = {}
        self._rejects: list[Reject] = []

    @property
    def rows(self) -> int:
        return len(self._registers.at) + len(self._powers)

    def instant(self, text: str, line: int) -> np.datetime64 | None:
        at = instants_of([text], ParisClock()).utc[0]
        if np.isnat(at):
            self.refuse(line, NO_DATE_FR, text)
            return None
        return np.datetime64(at, "us")

    def number(self, text: str, line: int) -> float | None:
        values, unreadable = numbers_of([text])
        if unreadable[0] or np.isnan(values[0]) or values[0] < 0:
            self.refuse(line, NEGATIVE_FR if values[0] < 0 else NO_NUMBER_FR, text)
            return None
        return float(values[0])

    def refuse(self, line: int, reason_fr: str, found: str) -> None:
        self._rejects.append(rejected(line, reason_fr, found=found))

    def register(
        self,
        meter_id: str,
        at: np.datetime64,
        *,
        calendar: str,
        register: str,
        kwh: float,
        quality: str,
        temporal_class: str,
    ) -> None:
        filled = self._registers
        filled.meter.append(meter_id or None)
        filled.at.append(at)
        filled.calendar.append(calendar or None)
        filled.register.append(register)
        filled.kwh.append(kwh)
        filled.quality.append(quality or None)
        filled.temporal_class.append(temporal_class or None)

    def power(self, meter_id: str, at: np.datetime64, power_va: float, line: int) -> None:
        """The highest of the classes of a day: they are those of one meter at one time."""
        if power_va == FULL_SCALE_VA:
            self.refuse(line, FULL_SCALE_FR, f"{power_va:.0f}")
            return
        known = self._powers.get((meter_id, at), 0.0)
        self._powers[meter_id, at] = max(known, power_va)

    def take(self, *, is_last: bool) -> Iterator[Part]:
        registers, self._registers = self._registers, Registers()
        powers, self._powers = self._powers, {}
        rejects, self._rejects = tuple(self._rejects), []
        if registers.at:
            yield Part(rows=registers.batch())
        meters: dict[str, list[tuple[np.datetime64, float]]] = {}
        for (meter_id, at), power in powers.items():
            meters.setdefault(meter_id, []).append((at, power))
        for meter_id, found in meters.items():
            instants = np.array([at for at, _ in found], dtype="datetime64[us]")
            values = np.array([power for _, power in found])
            yield Part(rows=power_batch(meter_id or None, instants, values))
        warnings = self.warnings.take() if is_last else ()
        if rejects or warnings:
            yield without_rows(rejects=rejects, warnings=warnings)
