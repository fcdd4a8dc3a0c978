"""The estimate of energy poverty held against what is published of the communes of France.

The files are those of INSEE beside the repository: Filosofi 2021 by commune and the dwellings of
the census of 2021.
"""

import csv
import gzip
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq
import pytest

from atre.calc.dwelling.conventional_year import conventional_degree_days
from atre.calc.dwelling.conversions import Prices
from atre.calc.dwelling.estimate import estimate
from atre.calc.dwelling.inputs import read_dwellings
from atre.calc.parameters import parameter
from atre.calc.poverty.income_distribution import fitted_incomes, spread_reference
from atre.calc.poverty.territory import NeedMethod, poverty_rate_band, summed_need, territory_need
from atre.calc.poverty.territory_spending import Territories
from atre.calc.wording import number_fr
from tests.calc.test_dwelling_stock import AREAS_M2, MACHINES, PERIODS, rows, zone_shares

ON = date(2021, 7, 1)
DATA = Path(__file__).parents[3] / "shared" / "reference" / "data"
PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "precarite-territoire.md"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="../shared is absent: no real file")


class Filosofi(NamedTuple):
    codes: list[str]
    median: np.ndarray
    first: np.ndarray
    ninth: np.ndarray
    poverty: np.ndarray
    households: np.ndarray


@cache
def filosofi() -> Filosofi:
    with gzip.open(DATA / "filosofi_2021_communes.csv.gz", "rt", encoding="utf-8-sig") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    # « s » is secret, « nd » not available: unknown, and never zero.
    columns = [
        np.array(
            [
                np.nan if one[name] in ("s", "nd", "") else float(one[name].replace(",", "."))
                for one in lines
            ]
        )
        for name in ("MED21", "D121", "D921", "TP6021", "NBMENFISC21")
    ]
    return Filosofi([one["CODGEO"] for one in lines], *columns)


class Fit(NamedTuple):
    bias: float
    deviation: float
    covered: float
    width: float


def held_against_published(rows, first, ninth, reference) -> Fit:
    """Errors in points of the poverty rate, on communes that publish it (a whole number)."""
    found = filosofi()
    line = parameter("territory_poverty.poverty_line", on=ON).number
    incomes = fitted_incomes(found.median, first, ninth, found.households, reference)
    low, central, high = (100 * side[rows] for side in poverty_rate_band(incomes, line, ON))
    published = found.poverty[rows]
    inside = (np.round(low) <= published) & (published <= np.round(high))
    error = central - published
    return Fit(error.mean(), error.std(), 100 * inside.mean(), (high - low).mean())


def said(value: float, decimals: int = 1) -> str:
    return number_fr(round(value, decimals), decimals)


@cache
def page() -> str:
    return " ".join(PAGE.read_text(encoding="utf-8").split())


def test_published_deciles_give_the_published_poverty_rate():
    found = filosofi()
    known = ~np.isnan(found.poverty)
    fit = held_against_published(known, found.first, found.ninth, None)
    print(f"{known.sum()} communes, {fit}")
    assert known.sum() == 4_397
    assert abs(fit.bias) < 0.4
    assert fit.deviation < 1.0
    assert fit.covered > 90
    line = f"| Déciles publiés | 4 397 | {said(fit.bias)} | {said(fit.deviation)} | {said(fit.width)} | {said(fit.covered, 0)} % |"
    assert line in page()


def test_hidden_deciles_are_found_again_from_other_communes():
    found = filosofi()
    other = np.arange(len(found.codes)) % 2 == 0
    reference = spread_reference(
        np.where(other, found.median, np.nan), found.first, found.ninth, found.households
    )
    hidden = ~np.isnan(found.poverty) & ~other
    secret = np.full(found.median.size, np.nan)
    fit = held_against_published(hidden, secret, secret, reference)
    print(f"{hidden.sum()} communes, {fit}")
    assert abs(fit.bias) < 0.5
    assert fit.covered > 90
    line = f"| Déciles cachés, une commune sur deux | {number_fr(int(hidden.sum()))} | {said(fit.bias)} | {said(fit.deviation)} | {said(fit.width)} | {said(fit.covered, 0)} % |"
    assert line.replace("\u202f", " ") in page()


def test_small_communes_are_found_again_from_larger_ones():
    found = filosofi()
    large = found.households >= np.median(found.households[~np.isnan(found.first)])
    reference = spread_reference(
        np.where(large, found.median, np.nan), found.first, found.ninth, found.households
    )
    small = ~np.isnan(found.poverty) & ~large
    secret = np.full(found.median.size, np.nan)
    fit = held_against_published(small, secret, secret, reference)
    print(f"{small.sum()} communes, {fit}")
    assert abs(fit.bias) < 0.5
    assert fit.covered > 90
    line = f"| Déciles cachés, petites communes par les grandes | {number_fr(int(small.sum()))} | {said(fit.bias)} | {said(fit.deviation)} | {said(fit.width)} | {said(fit.covered, 0)} % |"
    assert line.replace("\u202f", " ") in page()


@cache
def france() -> tuple[Territories, np.ndarray]:
    found = filosofi()
    census = pq.read_table(DATA / "iris_rp2021_population_logement.parquet").to_pydict()
    dwellings: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for code, houses, flats in zip(
        census["com"], census["maisons"], census["appartements"], strict=True
    ):
        dwellings[code][0] += houses or 0
        dwellings[code][1] += flats or 0
    counted = np.array([dwellings.get(code, [np.nan, np.nan]) for code in found.codes])
    days = conventional_degree_days([code[:2] for code in found.codes])
    weighted = ~np.isnan(days * found.households)
    return (
        Territories(
            median_eur=found.median,
            first_decile_eur=found.first,
            ninth_decile_eur=found.ninth,
            households=found.households,
            houses=counted[:, 0],
            flats=counted[:, 1],
            degree_days=days,
            national_degree_days=float(
                np.average(days[weighted], weights=found.households[weighted])
            ),
        ),
        found.households,
    )


@cache
def need_of_france():
    territories, households = france()
    found = filosofi()
    reference = spread_reference(found.median, found.first, found.ninth, households)
    return territory_need(territories, income_year=2021, reference=reference)


def test_the_communes_add_up_to_about_the_published_national_rate():
    low, central, high, covered = summed_need(need_of_france().tee_share, france()[1])
    published = parameter("territory_poverty.published_tee_3d", on=ON).named_numbers
    share = 100 * central / covered
    print(f"TEE_3D 2021: {share:.1f} % ({100 * low / covered:.1f} to {100 * high / covered:.1f})")
    assert (
        100 * low / covered
        < min(published.values())
        < max(published.values())
        < 100 * high / covered
    )
    assert abs(share - np.mean([published["year_2019"], published["year_2022"]])) < 1.5
    assert (
        f"{said(share)} % des ménages (de {said(100 * low / covered)} à {said(100 * high / covered)} %)"
        in page()
    )


def test_what_is_unknown_of_france_stays_unknown_and_is_counted():
    need = need_of_france()
    known = ~np.isnan(need.tee_share.central)
    silent = np.isnan(filosofi().median)
    assert not known[silent].any()
    assert known.sum() > 30_000
    assert f"{number_fr(int(known.sum()))} communes".replace("\u202f", " ") in page()
    small = sum(
        one is NeedMethod.MEDIAN_OF_SMALL
        for one, has in zip(need.methods, known, strict=True)
        if has
    )
    assert f"{number_fr(small)} d’entre elles".replace("\u202f", " ") in page()
    assert all(need.missing_fr(row) for row in np.flatnonzero(~known)[:200].tolist())


def test_the_pact_of_the_var_has_as_many_estimates_as_known_medians():
    path = DATA / "ges_igt_ademe_pacte_var_51_communes.csv"
    with path.open(encoding="utf-8") as file:
        reader = csv.DictReader(file)
        column = next(name for name in reader.fieldnames or [] if "INSEE" in name.upper())
        pact = {line[column] for line in reader}
    found = filosofi()
    rows = [place for place, code in enumerate(found.codes) if code in pact]
    estimated = ~np.isnan(need_of_france().tee_share.central[rows])
    assert (len(pact), estimated.sum()) == (51, 46)


def test_spending_by_kind_of_dwelling_is_what_the_census_gives():
    cells = [
        row
        for row in rows("rp_logements_croisements_france.csv.gz")
        if row["occupancy_type"] == "primary residence"
        and row["heating_system"] in MACHINES
        and row["occupant_count"] != "0"
        and float(row["IPONDL"] or 0) > 0
    ]
    persons = np.array([int(row["occupant_count"].strip(">")) for row in cells])
    units = np.where(persons == 1, 1.0, 1.5 + 0.4 * np.maximum(persons - 2, 0))
    weight = np.array([float(row["IPONDL"]) for row in cells])
    is_house = np.array([row["residential_type"] == "house" for row in cells])
    spending = spending_by_zone(cells)
    shares = np.array(list(zone_shares().values()))
    means, by_unit, spreads = {}, {}, {}
    for kind, chosen in (("house", is_house), ("flat", ~is_house)):
        logs = np.log(spending[:, chosen] / units[chosen])
        middle = np.average(logs, axis=1, weights=weight[chosen])
        spread = np.average((logs - middle[:, None]) ** 2, axis=1, weights=weight[chosen])
        means[kind] = shares @ np.average(spending[:, chosen], axis=1, weights=weight[chosen])
        by_unit[kind], spreads[kind] = np.exp(shares @ middle), np.sqrt(shares @ spread)
    # 16 916 999 houses and 13 489 038 flats are main dwellings in 2023 (SDES, CEREN).
    house_share = 16_916_999 / (16_916_999 + 13_489_038)
    mean = house_share * means["house"] + (1 - house_share) * means["flat"]
    published = parameter("territory_poverty.spending_per_unit", on=ON).named_numbers
    by_kind = parameter("territory_poverty.spending_by_kind", on=ON).named_numbers
    for kind in ("house", "flat"):
        assert by_unit[kind] / mean == pytest.approx(published[kind], abs=0.003)
        assert means[kind] / mean == pytest.approx(by_kind[kind], abs=0.003)
        assert spreads[kind] == pytest.approx(0.22, abs=0.005)


def spending_by_zone(cells) -> np.ndarray:
    """Euros a year of each census cell in each climate zone, at the relative prices of 2024."""
    machines = [MACHINES[row["heating_system"]] for row in cells]
    hot = {
        "boiler": "boiler",
        "electric": "tank",
        "collective": "collective",
        "heat_pump_water": "tank",
    }
    columns = {
        "kind": ["house" if row["residential_type"] == "house" else "flat" for row in cells],
        "built": [PERIODS[row["construction_year_class"]] for row in cells],
        "floor_area_m2": np.array([AREAS_M2[row["living_area_class"]] for row in cells]),
        "occupants": [int(row["occupant_count"].strip(">")) for row in cells],
        "heating_system": [system for system, _energy in machines],
        "heating_energy": [energy for _system, energy in machines],
        "hot_water_system": [hot[system] for system, _energy in machines],
        "hot_water_energy": [
            "electricity" if hot[system] == "tank" else energy for system, energy in machines
        ],
        "cooking_energy": "electricity",
    }
    prices = Prices(
        read_on=date(2024, 12, 31),
        eur_ttc_per_kwh={
            "electricity": 0.2678,
            "natural_gas": 0.137,
            "fuel_oil": 1.2004 / 10.67,
            "district_heat": 0.085,
        },
    )
    return np.stack(
        [
            estimate(read_dwellings({**columns, "zone": zone}), on=date(2026, 6, 1), prices=prices)[
                "eur_ttc"
            ].central
            for zone in zone_shares()
        ]
    )
