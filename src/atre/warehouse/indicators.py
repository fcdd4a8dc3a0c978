"""What an indicator is: what it counts, how it adds up, who may be recognised in it."""

from dataclasses import dataclass, field
from enum import StrEnum

# What figures may be cut by.
DIMENSIONS = ("sector", "energy", "category")


class Quantity(StrEnum):
    """The kind of a quantity: what may be added to what."""

    ENERGY = "energy"
    POWER = "power"
    EMISSIONS = "emissions"
    COUNT = "count"
    MONEY = "money"
    SHARE = "share"
    DEGREE_DAYS = "degree_days"


class Aggregation(StrEnum):
    """How the figures of several communes make one."""

    SUM = "sum"
    WEIGHTED_MEAN = "weighted_mean"
    MAX = "max"
    # A median of medians is no median: the communes are listed, never summed up.
    NEVER = "never"


class Secrecy(StrEnum):
    """Which rule a figure passes before it leaves."""

    # Published by its producer under its own rule: what it hid stays hidden, or bounded.
    PUBLISHER = "publisher"
    HOUSEHOLDS = "households"
    ESTABLISHMENTS = "establishments"
    # About places, not people: populations of law, degree days.
    NONE = "none"


class Flag(StrEnum):
    """Where a figure comes from; shown beside it wherever it goes."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    RECONSTRUCTED = "reconstructed"
    SECRET = "secret"
    MISSING = "missing"


FLAGS_FR = {
    Flag.MEASURED: "publiée",
    Flag.ESTIMATED: "estimée",
    Flag.RECONSTRUCTED: "reconstituée, avec ses bornes",
    Flag.SECRET: "secrète",
    Flag.MISSING: "inconnue",
}


# In `default_categories`: the rows without a category, which are the whole of the others.
WHOLE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One line of the catalogue.

    key: also the `measure` of the rows of files that feed it. unit: ours. dimensions: the cuttings
    it has, among sector, energy and category. sources: the formats that feed it, the one to prefer
    first. bars_follow_up: sectors that may not follow a local action, being allocations.
    stated_by: cuttings that are always told, without which a figure of it means nothing.
    """

    key: str
    title_fr: str
    unit: str
    quantity: Quantity
    aggregation: Aggregation
    secrecy: Secrecy
    sources: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    # What is counted when no cutting by category is asked; empty when categories add up.
    default_categories: tuple[str, ...] = ()
    cautions_fr: tuple[str, ...] = ()
    bars_follow_up: tuple[str, ...] = field(default=())
    stated_by: tuple[str, ...] = ()
