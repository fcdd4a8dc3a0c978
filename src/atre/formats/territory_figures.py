"""Figures about territories, as every reader of a territorial file gives them: one row a figure.

A reader translates its publisher's words for sectors and energies into ours, and changes nothing
else: value, unit, basis and territory code stay as published, and `line` leads back to the file.
"""

from enum import StrEnum

import pyarrow as pa


class Level(StrEnum):
    """What a territory code designates."""

    COMMUNE = "commune"
    IRIS = "iris"
    EPCI = "epci"
    DEPARTMENT = "department"
    REGION = "region"
    COUNTRY = "country"


class Status(StrEnum):
    """What a publisher says of a figure. Only `published`, `estimated` and `partial` have a value."""

    PUBLISHED = "published"
    ESTIMATED = "estimated"
    # A total that lacks cells its publisher hid or did not know: no less than the value.
    PARTIAL = "partial"
    SECRET = "secret"
    MISSING = "missing"


class Sector(StrEnum):
    """Who consumes or emits. The first eight are the sectors of a PCAET."""

    RESIDENTIAL = "residential"
    TERTIARY = "tertiary"
    ROAD_TRANSPORT = "road_transport"
    OTHER_TRANSPORT = "other_transport"
    AGRICULTURE = "agriculture"
    WASTE = "waste"
    INDUSTRY = "industry"
    ENERGY = "energy"
    # The publisher could not say whose the delivery point is.
    UNALLOCATED = "unallocated"
    # Small professional connections, a category of their own since 2018 at the SDES.
    SMALL_PROFESSIONAL = "small_professional"


class Energy(StrEnum):
    """What is consumed."""

    ELECTRICITY = "electricity"
    GAS = "gas"
    HEAT_NETWORK = "heat_network"
    COLD_NETWORK = "cold_network"
    OIL = "oil"
    LPG = "lpg"
    WOOD = "wood"
    COAL = "coal"
    OTHER = "other"


# `measure`: what is counted, an identifier in English (consumption, sites, production,
# installed_power, emissions, median_income, poverty_rate, dwellings…); each reader documents its
# own. `category`: a cutting that is neither sector nor energy (way of producing, DPE class,
# occupancy, decile…), else null. `line`: 1 for the first line of the file.
FIGURES = pa.schema(
    [
        pa.field("level", pa.string(), nullable=False),
        pa.field("territory", pa.string(), nullable=False),
        pa.field("year", pa.int16()),
        pa.field("measure", pa.string(), nullable=False),
        pa.field("sector", pa.string()),
        pa.field("energy", pa.string()),
        pa.field("category", pa.string()),
        pa.field("value", pa.float64()),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("basis", pa.string()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("line", pa.int64()),
    ]
)
