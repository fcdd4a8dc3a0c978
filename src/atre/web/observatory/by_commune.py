"""One indicator commune by commune in a territory: those that lack it are listed too."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from atre.warehouse.catalogue import indicator as catalogued
from atre.warehouse.folders import data_folder
from atre.warehouse.gate import of_communes, released
from atre.warehouse.indicators import Flag, Indicator
from atre.warehouse.staging.geography import GEOGRAPHY_YEAR
from atre.warehouse.territories import Kind, atlas
from atre.web.design.formatting import NNBSP
from atre.web.observatory import publishers, words
from atre.web.observatory.places import Place
from atre.web.observatory.reading import last


@dataclass(frozen=True, slots=True)
class CommuneLine:
    """One commune. `value`, `lower` and `upper` are None where nothing is known."""

    code: str
    name: str
    value: float | None
    lower: float | None
    upper: float | None
    flag: Flag
    secret_share: float | None
    unit: str

    @property
    def text(self) -> str:
        if self.value is None:
            return "secret" if self.flag is Flag.SECRET else "pas de donnée"
        text = words.quantity_fr(self.value, self.unit)
        return f"au moins {text}" if self.secret_share else text

    @property
    def bounds(self) -> str:
        if self.lower is None or self.upper is None or self.lower == self.upper:
            return ""
        low = words.quantity_fr(self.lower, self.unit)
        return f"entre {low} et {words.quantity_fr(self.upper, self.unit)}"

    @property
    def standing(self) -> str:
        if self.flag is Flag.MISSING:
            return "inconnue"
        parts = (words.flag_fr(self.flag), words.secret_fr(self.secret_share or 0.0))
        return f"{NNBSP}; ".join(part for part in parts if part)


@dataclass(frozen=True)
class ByCommune:
    """The communes of a place for an indicator and a year, in the order of their names."""

    place: Place
    indicator: Indicator
    year: int | None
    cut: Mapping[str, str]
    source: str
    lines: list[CommuneLine]
    geography_year: int = GEOGRAPHY_YEAR

    @property
    def known(self) -> int:
        return sum(line.value is not None for line in self.lines)

    @property
    def publisher(self) -> str:
        return publishers.short_fr(self.source) if self.source else ""

    def by_value(self) -> list[CommuneLine]:
        """The largest first, those without value at the end."""
        return sorted(
            self.lines, key=lambda one: (one.value is None, -(one.value or 0.0), one.name)
        )


def years_of(key: str, place: Place) -> list[int]:
    """The years an indicator has in a place, the last one first."""
    found = {one.year for one in released(key, place.territory) if one.year is not None}
    return sorted(found, reverse=True)


def by_commune(
    place: Place, key: str, year: int | None, cut: Mapping[str, str] | None = None
) -> ByCommune:
    """The communes of a place, one value each; `year` None for the last one there is.

    Raises UnknownIndicator, NotBuilt.
    """
    asked = catalogued(key)
    if year is None:
        end = last(released(key, place.territory))
        year = end.year if end else None
    found = of_communes(key, year=year, cut=cut)
    at = {code: position for position, code in enumerate(found.codes.tolist())}
    names = atlas(data_folder()).names[Kind.COMMUNE]
    columns = (found.values.tolist(), found.lower.tolist(), found.upper.tolist())
    shares = found.secret_share.tolist()
    lines = []
    for code in place.territory.communes:
        spot = at.get(code)
        value, lower, upper = (None, None, None) if spot is None else (_known(c[spot]) for c in columns)  # fmt: skip
        flag = Flag.MISSING if spot is None else Flag(found.flags[spot])
        share = None if spot is None else shares[spot]
        lines.append(
            CommuneLine(
                code, words.named(names[code]), value, lower, upper, flag, share, found.unit
            )
        )
    lines.sort(key=lambda one: (one.name, one.code))
    return ByCommune(place, asked, year, dict(cut or {}), found.source or "", lines)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
