"""Kinds of homes met by an energy adviser, and what heats them. Invented, within what is usual."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Home:
    """One kind of home. Consumptions are kWh a year before the household's own variation."""

    key: str
    kind: str
    area: tuple[int, int]
    system: str
    energy: str | None
    scope: str
    hot_water: tuple[str, str | None]
    built: tuple[str, ...]
    heat_kwh: tuple[int, int]
    power_kwh: tuple[int, int]
    tenures: tuple[str, ...]
    damp: float


GAS_FLAT = Home(
    *("gas_flat", "flat", (38, 78), "boiler", "natural_gas", "individual"),
    ("boiler", "natural_gas"),
    ("before_1949", "1949_1974", "1975_1989"),
    *((7500, 14500), (1500, 2900), ("private_tenant", "social_tenant", "owner"), 0.45),
)
CONVECTORS = Home(
    *("convectors", "flat", (22, 62), "electric", "electricity", "individual"),
    ("tank", "electricity"),
    ("1949_1974", "1975_1989", "1990_2000"),
    *((0, 0), (5200, 11800), ("private_tenant", "private_tenant", "hosted"), 0.55),
)
COLLECTIVE = Home(
    *("collective", "flat", (45, 82), "collective", "district_heat", "collective"),
    ("collective", "district_heat"),
    ("1949_1974", "1975_1989"),
    *((0, 0), (1700, 3200), ("social_tenant", "social_tenant", "owner"), 0.35),
)
OIL_HOUSE = Home(
    *("oil_house", "house", (72, 125), "boiler", "fuel_oil", "individual"),
    ("boiler", "fuel_oil"),
    ("before_1949", "1949_1974"),
    *((12000, 21000), (2200, 3900), ("owner", "owner", "private_tenant"), 0.3),
)
WOOD_HOUSE = Home(
    *("wood_house", "house", (65, 118), "stove", "wood_logs", "individual"),
    ("tank", "electricity"),
    ("before_1949", "1975_1989"),
    *((9000, 16000), (3600, 6400), ("owner", "owner", "private_tenant"), 0.25),
)
GAS_HOUSE = Home(
    *("gas_house", "house", (68, 112), "boiler", "natural_gas", "individual"),
    ("boiler", "natural_gas"),
    ("before_1949", "1949_1974", "1975_1989"),
    *((12500, 22000), (2100, 3600), ("owner", "private_tenant"), 0.3),
)
AIR_HEAT_PUMP = Home(
    *("air_heat_pump", "house", (55, 98), "heat_pump_air", "electricity", "individual"),
    ("tank", "electricity"),
    ("1975_1989", "1990_2000"),
    *((0, 0), (4800, 8900), ("owner", "private_tenant"), 0.15),
)

BY_CLIMATE: dict[str, tuple[Home, ...]] = {
    "idf": (GAS_FLAT, GAS_FLAT, CONVECTORS, CONVECTORS, COLLECTIVE, GAS_HOUSE),
    "ouest": (GAS_FLAT, CONVECTORS, COLLECTIVE, OIL_HOUSE, GAS_HOUSE, WOOD_HOUSE),
    "sud_est": (CONVECTORS, AIR_HEAT_PUMP, OIL_HOUSE, WOOD_HOUSE, GAS_FLAT, CONVECTORS),
}


def draw(rng: Random, climate: str) -> Home:
    return rng.choice(BY_CLIMATE[climate])
