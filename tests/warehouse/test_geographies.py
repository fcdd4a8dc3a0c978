"""Figures re-based to the communes of a year: merged, divided, with an older code; nothing shared out."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from atre.warehouse.gate import released
from atre.warehouse.geographies import YEARS, UnknownGeography, atlas_of, geographies
from atre.warehouse.indicators import Flag
from atre.warehouse.territories import UnknownTerritory
from tests.support.observatory import SmallObservatory, row

EAST, WEST = "200000001", "200000002"
MERGED, JOINED, STEADY, DIVIDED, PIECE = "95001", "95002", "95003", "95010", "95011"
# Joined takes part in Merged on 1 January 2023; Divided gives Piece on 1 January 2024.
LAST_APART, LAST_WHOLE = 2022, 2023
OWNERS = {MERGED: EAST, JOINED: WEST, STEADY: EAST, DIVIDED: WEST, PIECE: WEST}
OLD = "95900"


def exists(code, year):
    return {JOINED: year <= LAST_APART, PIECE: year > LAST_WHOLE}.get(code, True)


def held(code, year, other):
    """The commune of another year that holds one whole, None where it was divided."""
    if code in {MERGED, JOINED}:
        if year > LAST_APART >= other:
            return None
        return MERGED if other > LAST_APART else code
    if code in {DIVIDED, PIECE}:
        if year <= LAST_WHOLE < other:
            return None
        return DIVIDED if other <= LAST_WHOLE else code
    return code


@pytest.fixture
def observatory(tmp_path):
    return changing(tmp_path / "data")


def changing(path):
    """An observatory of communes that merge, divide or stay, of two EPCI of one department."""
    small = SmallObservatory.at(path)
    reference = small.folders.reference
    today = [
        {
            "code": code,
            "name": f"Commune {code}",
            "department": "95",
            "department_name": "Val-d’Oise",
            "region": "11",
            "region_name": "Île-de-France",
            "epci": OWNERS[code],
            "epci_name": f"CC {OWNERS[code]}",
            "ept": None,
            "ept_name": None,
        }
        for code in OWNERS
        if exists(code, YEARS[-1])
    ]
    schema = pa.schema([(name, pa.string()) for name in today[0]])
    pq.write_table(pa.Table.from_pylist(today, schema), reference / "communes-2026.parquet")
    years = [
        {
            "code": code,
            "year": year,
            "name": f"Commune {code}",
            "department": "95",
            "epci": OWNERS[code],
            **{f"code_{other}": held(code, year, other) for other in YEARS},
        }
        for code in OWNERS
        for year in YEARS
        if exists(code, year)
    ]
    pq.write_table(pa.Table.from_pylist(years), reference / "commune-years.parquet")
    formers = [
        {"code": code, "name": None, "kind": "old_code", "code_2026": target}
        for code, target in ((JOINED, MERGED), (OLD, STEADY))
    ]
    pq.write_table(pa.Table.from_pylist(formers), reference / "formers.parquet")
    return small


def figures(observatory, territory, geography, indicator="consumption", **more):
    places = atlas_of(observatory.folders, geography)
    place = territory if not isinstance(territory, str) else places.territory(territory)
    return released(indicator, place, geography=geography, folders=observatory.folders, **more)


def value(observatory, territory, geography, **more):
    found = figures(observatory, territory, geography, **more)
    return found[0].value if found else None


APART = [row(MERGED, 1.0), row(JOINED, 2.0), row(STEADY, 4.0), row(DIVIDED, 8.0)]
TOGETHER = [row(MERGED, 3.0), row(STEADY, 4.0), row(DIVIDED, 5.0), row(PIECE, 3.0)]


def test_a_commune_that_merged_has_its_own_rows_in_the_years_it_was_apart(observatory):
    observatory.receive("ore_consumption", APART)
    observatory.build("consumption")

    assert value(observatory, f"com:{MERGED}", 2022) == 1000
    assert value(observatory, f"com:{JOINED}", 2022) == 2000
    assert value(observatory, f"com:{MERGED}", 2023) == 3000


def test_the_figure_of_a_merged_commune_is_never_shared_out(observatory):
    observatory.receive("ore_consumption", TOGETHER)
    observatory.build("consumption")

    [found] = figures(observatory, f"com:{JOINED}", 2022)

    assert (found.value, found.flag, found.known) == (None, Flag.MISSING, 0)
    assert found.geography_year == 2022
    assert f"Commune {MERGED}" in found.reason_fr
    assert value(observatory, f"com:{MERGED}", 2022) is None
    assert value(observatory, f"com:{MERGED}", 2023) == 3000


def test_the_figure_of_a_commune_divided_since_is_not_that_of_what_is_left(observatory):
    observatory.receive("ore_consumption", APART)
    observatory.build("consumption")

    assert value(observatory, f"com:{DIVIDED}", 2023) == 8000
    assert value(observatory, f"com:{DIVIDED}", 2024) is None
    assert value(observatory, f"com:{PIECE}", 2024) is None


def test_the_parts_of_a_divided_commune_make_it_again_in_the_years_before(observatory):
    observatory.receive("ore_consumption", TOGETHER)
    observatory.build("consumption")

    assert value(observatory, f"com:{DIVIDED}", 2023) == 8000
    assert value(observatory, f"com:{PIECE}", 2024) == 3000


def test_an_epci_is_added_up_on_its_communes_of_that_year(observatory):
    observatory.receive("ore_consumption", APART)
    observatory.build("consumption")

    assert value(observatory, f"epci:{EAST}", 2022) == 5000
    assert value(observatory, f"epci:{EAST}", 2023) == 7000
    assert value(observatory, f"epci:{WEST}", 2022) == 10_000
    assert value(observatory, f"epci:{WEST}", 2023) == 8000


def test_an_epci_says_which_of_its_communes_of_that_year_are_unknown(observatory):
    observatory.receive("ore_consumption", TOGETHER)
    observatory.build("consumption")

    [found] = figures(observatory, f"epci:{EAST}", 2022)

    assert (found.value, found.known, found.territories) == (4000, 1, 2)
    assert "publiées seulement avec d’autres" in found.reason_fr


def test_a_territory_that_has_all_of_a_merged_commune_has_its_whole_figure(observatory):
    observatory.receive("ore_consumption", TOGETHER)
    observatory.build("consumption")

    [found] = figures(observatory, "dep:95", 2022)

    assert (found.value, found.known, found.territories) == (15_000, 4, 4)
    assert found.reason_fr is None


def test_the_other_communes_of_a_file_tell_whether_one_is_the_merged_one(observatory):
    observatory.receive("ore_consumption", [row(MERGED, 1.0), row(DIVIDED, 8.0)])
    observatory.receive(
        "sdes_local_energy",
        [row(MERGED, 3.0, year=2021), row(PIECE, 3.0, year=2021), row(DIVIDED, 1.0, year=2021)],
    )
    observatory.build("consumption")

    later = {one.year: one.value for one in figures(observatory, f"com:{MERGED}", 2023)}

    assert later == {2021: 3000, 2023: 1000}


def test_what_two_geographies_say_of_the_same_communes_is_not_added_up(observatory):
    observatory.receive("ore_consumption", APART)
    observatory.receive("ore_consumption", [row(MERGED, 3.0), row(DIVIDED, 5.0), row(PIECE, 3.0)])
    observatory.build("consumption")

    assert value(observatory, f"com:{MERGED}", 2023) == 3000
    assert value(observatory, f"com:{MERGED}", 2022) is None
    assert value(observatory, f"com:{DIVIDED}", 2024) == 5000


def test_a_secret_stays_secret_in_every_year(observatory):
    observatory.receive(
        "ore_consumption",
        [row(MERGED, None, status="secret"), row(JOINED, 2.0), row(DIVIDED, 8.0)],
    )
    observatory.build("consumption")

    [apart] = figures(observatory, f"com:{MERGED}", 2022)
    [merged] = figures(observatory, f"com:{MERGED}", 2023)

    assert (apart.flag, apart.value) == (Flag.SECRET, None)
    assert (merged.value, merged.secret_share) == (2000, 0.5)


def test_a_code_from_before_follows_its_commune(observatory):
    observatory.receive("ore_consumption", [row(STEADY, 4.0), row(OLD, 1.0)])
    observatory.build("consumption")

    assert {value(observatory, f"com:{STEADY}", year) for year in YEARS} == {5000}


def test_iris_make_their_commune_of_that_year(observatory):
    dwellings = {"measure": "dwellings", "unit": "dwellings", "level": "iris"}
    observatory.receive(
        "base_logement",
        [
            row(f"{code}{rank:04}", 10.0, **dwellings)
            for code in (MERGED, JOINED, DIVIDED)
            for rank in (1, 2)
        ],
    )
    observatory.build("dwellings")

    assert value(observatory, f"com:{JOINED}", 2021, indicator="dwellings") == 20
    assert value(observatory, f"com:{MERGED}", 2026, indicator="dwellings") == 40


def test_the_medians_of_two_communes_make_none_for_the_one_they_became(observatory):
    income = {"measure": "median_income", "unit": "EUR/UC/year"}
    observatory.receive("filosofi", [row(MERGED, 20_000, **income), row(JOINED, 30_000, **income)])
    observatory.build("incomes")

    [apart] = figures(observatory, f"com:{JOINED}", 2022, indicator="median_income")
    [merged] = figures(observatory, f"com:{MERGED}", 2023, indicator="median_income")

    assert apart.value == 30_000
    assert (merged.value, merged.flag) == (None, Flag.MISSING)
    assert merged.reason_fr


def test_a_model_of_todays_communes_says_nothing_of_one_that_merged_since(observatory):
    gas = {"sector": "residential", "energy": "gas"}
    observatory.receive(
        "ore_consumption", [row(MERGED, 3.0, **gas, year=2024), row(STEADY, 4.0, **gas, year=2024)]
    )
    observatory.build("consumption")

    [before] = figures(observatory, f"com:{JOINED}", 2022, indicator="consumption_emissions")

    assert (before.value, before.flag) == (None, Flag.MISSING)
    assert value(observatory, f"com:{MERGED}", 2023, indicator="consumption_emissions") > 0
    assert value(observatory, f"com:{STEADY}", 2022, indicator="consumption_emissions") > 0


def test_communes_of_today_become_those_that_they_were(observatory):
    known = geographies(observatory.folders)

    assert known.as_of([MERGED, STEADY], 2022) == {MERGED, JOINED, STEADY}
    assert known.as_of([DIVIDED, PIECE], 2022) == {DIVIDED}


def test_a_part_of_a_commune_of_then_is_no_territory_of_then(observatory):
    with pytest.raises(UnknownTerritory):
        geographies(observatory.folders).as_of([PIECE], 2022)


def test_a_year_whose_communes_are_not_known_is_refused(observatory):
    with pytest.raises(UnknownGeography) as refused:
        atlas_of(observatory.folders, 2015)
    assert "2021 à 2026" in refused.value.message_fr


def test_a_commune_of_another_year_is_no_territory_of_this_one(observatory):
    assert atlas_of(observatory.folders, 2022).territory(f"com:{JOINED}").communes == (JOINED,)
    with pytest.raises(UnknownTerritory):
        atlas_of(observatory.folders, 2023).territory(f"com:{JOINED}")


@pytest.mark.parametrize("published", YEARS)
@pytest.mark.parametrize("asked", YEARS)
def test_every_commune_counts_in_one_place_of_every_year_and_none_is_left_out(
    observatory, published, asked
):
    known = geographies(observatory.folders)

    for family in known.members:
        places = {
            known.spread(code, published, asked) for code in known.communes(family, published)
        }
        # Apart, and together all the communes of the year: what is added up is there once.
        assert sorted(code for place in places for code in place) == sorted(
            known.communes(family, asked)
        )


kwh = st.one_of(st.none(), st.integers(0, 10**6).map(float))


@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(values=st.lists(kwh, min_size=5, max_size=5), vintage=st.sampled_from(YEARS))
def test_the_total_of_communes_closed_under_merges_is_the_same_in_every_year(
    tmp_path_factory, values, vintage
):
    observatory = changing(tmp_path_factory.mktemp("closed") / "data")
    codes = [code for code in OWNERS if exists(code, vintage)]
    published = dict(zip(codes, values, strict=False))
    observatory.receive(
        "ore_consumption", [row(code, known, unit="kWh") for code, known in published.items()]
    )
    observatory.build("consumption")
    known = [one for one in published.values() if one is not None]

    totals = []
    for geography in YEARS:
        places = atlas_of(observatory.folders, geography)
        everything = places.drawn("tout", [c for c in OWNERS if exists(c, geography)])
        totals.append(value(observatory, everything, geography))

    assert totals == [pytest.approx(sum(known)) if known else None] * len(YEARS)
