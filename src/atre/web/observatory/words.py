"""Figures of the observatory in French: sectors, energies, categories, units and flags."""

from collections.abc import Sequence

from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.figures import Figure
from atre.warehouse.indicators import FLAGS_FR, Aggregation, Flag
from atre.warehouse.wording import (
    BASES_FR,
    LEVELS_FR,
    STANDINGS_FR,
    STATUSES_FR,
    category_fr,
    cut_fr,
    energy_fr,
    sector_fr,
    unit_fr,
)
from atre.web.design.formatting import NBSP, UNKNOWN, number, percent
from atre.web.observatory import publishers

# The words of the warehouse, said by screens as by the command line.
__all__ = [
    "BASES_FR",
    "LEVELS_FR",
    "STANDINGS_FR",
    "STATUSES_FR",
    "category_fr",
    "cut_fr",
    "energy_fr",
    "sector_fr",
]
# Word of an address, dimension of the warehouse.
CUTS = {"secteur": "sector", "energie": "energy", "categorie": "category"}
# From how much on a unit is too small to be read, the larger unit, and how many it holds.
SCALES: dict[str, Sequence[tuple[float, str, float]]] = {
    "kWh": ((1e10, "TWh", 1e9), (1e7, "GWh", 1e6), (1e4, "MWh", 1e3)),
    "kW": ((1e7, "GW", 1e6), (1e4, "MW", 1e3)),
    "tCO2e": ((1e8, "Mt CO₂e", 1e6), (1e5, "kt CO₂e", 1e3)),
}
COUNTED = frozenset({"households", "dwellings", "persons"})
MODELS = frozenset({"model_energy_poverty"})
# Three figures that mean something: « 12,3 », « 1,23 », « 123 ».
SIGNIFICANT = 3
SMALLEST = 0.01


def share_fr(share: float) -> str:
    """« 42 % »; a part that rounds to nothing is not nothing."""
    return f"moins de 1{NBSP}%" if 0 < share < 0.005 else percent(share)


VOWELS = tuple("aâeéèêhiîoôuûy")


def of_fr(words: str) -> str:
    """« d’appartements », « de maisons »."""
    return f"d’{words}" if words.startswith(VOWELS) else f"de {words}"


def named(name: str) -> str:
    """An official name with the apostrophe that French readers write."""
    return name.replace("'", "’")


def scale_of(largest: float | None, unit: str) -> tuple[str, float]:
    """The unit in which a value is read, and how many of the first it holds."""
    for start, name, size in SCALES.get(unit, ()):
        if largest is not None and abs(largest) >= start:
            return name, size
    return unit_fr(unit), 1.0


def decimals_of(value: float) -> int:
    """How many decimals give three figures that mean something; a count has none."""
    whole = len(str(int(abs(value)))) if abs(value) >= 1 else 1
    return max(SIGNIFICANT - whole, 0)


def quantity_fr(value: float | None, unit: str, largest: float | None = None) -> str:
    """« 12,3 GWh », « 24 540 € par an… », « 1 234 habitants »; unknown in words.

    `largest`: of values read together, whose unit is theirs unless they would be nothing in it.
    """
    if value is None:
        return UNKNOWN
    name, size = scale_of(value if largest is None else largest, unit)
    if largest is not None and 0 < abs(value) / size < SMALLEST:
        name, size = scale_of(value, unit)
    if unit == "%":
        return f"{number(value, 1)}{NBSP}%"
    shown = value / size
    decimals = decimals_of(shown) if unit in SCALES and size > 1 and value else 0
    return f"{number(shown, decimals)}{NBSP}{name}"


def value_fr(figure: Figure, largest: float | None = None) -> str:
    """The value of a figure as it may be said: « au moins 12,3 GWh » when some of it is secret,
    « environ 54 500 ménages » when a model counts what nobody counted."""
    if figure.value is None:
        return "secret" if figure.flag is Flag.SECRET else UNKNOWN
    if figure.unit in COUNTED and figure.source in MODELS:
        return f"environ {quantity_fr(rounded(figure.value), figure.unit)}"
    text = quantity_fr(figure.value, figure.unit, largest)
    return f"au moins {text}" if is_partial(figure) else text


def is_partial(figure: Figure) -> bool:
    """Whether a sum of ours lacks what is secret, or communes that no file speaks of.

    A cutting lacks communes for another reason: one without farms has no line of farms.
    """
    if figure.as_published or CATALOGUE[figure.indicator].aggregation is not Aggregation.SUM:
        return False
    cut = figure.sector or figure.energy or figure.category
    return figure.secret_share > 0 or (not cut and figure.known < figure.territories)


def headline_fr(figure: Figure) -> str:
    """The value of a figure where a sentence begins."""
    text = value_fr(figure)
    return text[:1].upper() + text[1:]


def rounded(value: float) -> float:
    """To three figures that mean something: a model does not count to the household."""
    digits = len(str(int(abs(value)))) - SIGNIFICANT
    return round(value, -digits) if digits > 0 else value


def bounds_fr(figure: Figure) -> str:
    """« entre 12 GWh et 14 GWh », empty where nothing bounds the figure."""
    if figure.lower is None or figure.upper is None or figure.lower == figure.upper:
        return ""
    low, high = figure.lower, figure.upper
    if figure.unit in COUNTED and figure.source in MODELS:
        low, high = rounded(low), rounded(high)
    return f"entre {quantity_fr(low, figure.unit)} et {quantity_fr(high, figure.unit)}"


def flag_fr(flag: Flag) -> str:
    return FLAGS_FR[flag]


def secret_fr(share: float) -> str:
    """« 3 % des données élémentaires sont secrètes », empty when none is."""
    if share <= 0:
        return ""
    text = percent(share) if share >= 0.01 else f"moins de 1{NBSP}%"
    return f"{text} des données élémentaires sont secrètes"


def known_fr(figure: Figure) -> str:
    """« connu pour 46 communes sur 51 », empty when all are known or when there is one alone."""
    if figure.territories <= 1 or figure.known >= figure.territories:
        return ""
    communes = "commune" if figure.known < 2 else "communes"
    return f"connu pour {number(figure.known)} {communes} sur {number(figure.territories)}"


def publishers_fr(figure: Figure) -> str:
    return publishers.short_fr(figure.source)
