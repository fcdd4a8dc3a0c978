"""Units of active power and energy, as files name them. Power is never taken for energy: a value in
kW becomes kWh only with the length of its interval."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """How a value becomes kWh: `kw` times hours for a power, `kwh` for an energy."""

    kw: float | None = None
    kwh: float | None = None


_UNITS = {
    "w": Unit(kw=0.001),
    "kw": Unit(kw=1.0),
    "mw": Unit(kw=1000.0),
    "wh": Unit(kwh=0.001),
    "kwh": Unit(kwh=1.0),
    "mwh": Unit(kwh=1000.0),
}
_POWER_TIME = re.compile(r"(k?w)[.·*×x\s-]*(\d{1,3})\s*mi?n")


def unit_of(text: str) -> Unit | None:
    """The unit a file names, None when it is not one of active power or energy.

    >>> unit_of("kW"), unit_of("W·10min").kwh == 0.001 / 6, unit_of("VArh")
    (Unit(kw=1.0, kwh=None), True, None)
    """
    plain_unit = text.strip().casefold()
    if plain_unit in _UNITS:
        return _UNITS[plain_unit]
    found = _POWER_TIME.fullmatch(plain_unit)
    if found is None:
        return None
    return Unit(kwh=(_UNITS[found[1]].kw or 0.0) * int(found[2]) / 60)
