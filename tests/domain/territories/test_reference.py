"""The reference: complete, loaded whole or not at all, and only once."""

import gzip
import json
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from pytest_django import DjangoAssertNumQueries

from atre.domain.territories import actions, selectors
from atre.domain.territories.enums import FormerKind, PopulationKind
from atre.domain.territories.models import (
    Commune,
    Department,
    Epci,
    FormerCommune,
    Population,
    PostalCode,
    Region,
    TerritoryVintage,
)
from atre.formats.decoupage import CommuneRecord, Decoupage
from atre.jobs import reference
from atre.warehouse.atomic import write_bytes


def test_every_territory_of_2026_is_there(territories: TerritoryVintage) -> None:
    assert Commune.objects.filter(is_current=True).count() == territories.communes == 34_969
    assert Region.objects.count() == 26
    assert Department.objects.count() == 109
    assert Epci.objects.exclude(kind="EPT").count() == 1_255
    assert Epci.objects.filter(kind="EPT").count() == 11
    assert PostalCode.objects.values("code").distinct().count() == 6_310
    assert FormerCommune.objects.filter(kind=FormerKind.DISTRICT).count() == 45
    assert territories.vintage == "COG 2026"
    assert territories.version == "6.0.0"
    assert territories.licence == "Licence Ouverte"


def test_only_four_islands_and_overseas_collectivities_have_no_epci(
    territories: TerritoryVintage,
) -> None:
    alone = Commune.objects.filter(epci__isnull=True).exclude(zone="com")
    assert set(alone.values_list("insee", flat=True)) == {"22016", "29083", "29155", "85113"}
    assert not Commune.objects.filter(epci__kind="EPT").exists()
    assert not Commune.objects.filter(ept__isnull=False).exclude(epci="200054781").exists()
    assert Commune.objects.filter(ept__isnull=False).exclude(ept__kind="EPT").count() == 0


def test_department_and_commune_agree_on_the_region(territories: TerritoryVintage) -> None:
    assert not Commune.objects.exclude(region=F("department__region")).exists()


def test_each_figure_keeps_its_kind_and_year(territories: TerritoryVintage) -> None:
    def known(insee: str) -> dict[tuple[str, int], int]:
        rows = Population.objects.filter(commune=insee)
        return {
            (kind, year): value for kind, year, value in rows.values_list("kind", "year", "value")
        }

    assert known("93006") == {
        ("municipal", 2022): 41_776,
        ("municipal", 2023): 43_086,
        ("total", 2022): 41_918,
        ("total", 2023): 43_234,
    }
    assert known("97611") == {("municipal", 2017): 71_437, ("total", 2017): 72_974}
    assert set(known("98818")) == {("municipal", 2025)}
    assert known("98901") == {}
    assert known("55039")[PopulationKind.MUNICIPAL, 2023] == 0


def test_every_former_code_leads_to_a_commune_of_today(territories: TerritoryVintage) -> None:
    assert FormerCommune.objects.count() == 4_871
    assert not FormerCommune.objects.filter(commune__is_current=False).exists()
    assert FormerCommune.objects.get(code="93059").commune_id == "93066"
    assert FormerCommune.objects.get(code="01120").name == "Cordieux"
    assert FormerCommune.objects.get(code="20004").name is None


def test_loading_twice_writes_nothing(
    territories: TerritoryVintage,
    territory_file: Path,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        assert reference.load_territories(target=territory_file) is False
    assert TerritoryVintage.objects.count() == 1


def small(version: str = "6.0.0", **changes: object) -> Decoupage:
    """One region, one department, one commune."""
    _, content = reference.read_territories()
    commune = CommuneRecord("93006", "Bagnolet", "93", "11", "metro", None, None, None, ("93170",))
    return Decoupage(
        version=version,
        cog=2027,
        regions=[region for region in content.regions if region.code == "11"],
        departments=[department for department in content.departments if department.code == "93"],
        communes=[commune._replace(**changes)],
    )


def load(content: Decoupage, fingerprint: str) -> bool:
    return actions.load_reference(
        content=content,
        fingerprint=fingerprint,
        source="essai",
        version=content.version,
        licence="Licence Ouverte",
        vintage="COG 2027",
    )


def test_a_new_vintage_updates_names_and_keeps_what_left_the_list(
    territories: TerritoryVintage,
) -> None:
    assert load(small(name="Bagnolet-le-Neuf"), "a" * 64) is True
    assert Commune.objects.get(is_current=True).name == "Bagnolet-le-Neuf"
    assert Commune.objects.get(pk="94052").is_current is False
    assert PostalCode.objects.count() == 1
    assert [h.place.name for h in selectors.search_communes("bagnolet")] == ["Bagnolet-le-Neuf"]
    assert selectors.search_communes("nogent") == []


def test_coming_back_to_a_former_vintage_loads_it_again(
    territories: TerritoryVintage, territory_file: Path
) -> None:
    assert load(small(), "b" * 64) is True
    assert reference.load_territories(target=territory_file) is True
    assert selectors.current_vintage() == territories
    assert Commune.objects.filter(is_current=True).count() == 34_969


def test_a_loading_that_fails_leaves_the_former_reference(territories: TerritoryVintage) -> None:
    broken = small()
    broken.communes.append(broken.communes[0]._replace(insee="93007", zone=None))
    with pytest.raises(IntegrityError), transaction.atomic():
        load(broken, "c" * 64)
    assert Commune.objects.filter(is_current=True).count() == 34_969
    assert selectors.current_vintage() == territories


def test_the_file_says_where_it_comes_from(territory_file: Path) -> None:
    with gzip.open(territory_file) as handle:
        first_line = json.loads(handle.readline())
    assert first_line["version"] == "6.0.0"
    assert first_line["licence"] == "Licence Ouverte"
    assert first_line["vintage"] == "COG 2026"
    assert len(first_line["source_sha256"]) == 64


def test_building_again_writes_nothing_and_gives_the_same_bytes(
    tmp_path: Path, territory_file: Path
) -> None:
    target = tmp_path / "territories.json.gz"
    said: list[str] = []
    reference.build_territories(target=target, progress=said.append)
    written = target.stat().st_mtime_ns
    assert target.read_bytes() == territory_file.read_bytes()
    assert len(said) == 2
    reference.build_territories(target=target, progress=said.append)
    assert (target.stat().st_mtime_ns, len(said)) == (written, 2)


def test_a_damaged_file_is_built_again(tmp_path: Path, territory_file: Path) -> None:
    target = tmp_path / "territories.json.gz"
    target.write_bytes(territory_file.read_bytes()[:20])
    reference.build_territories(target=target)
    assert target.read_bytes() == territory_file.read_bytes()


def test_a_writing_cut_short_leaves_the_former_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "territories.json.gz"
    write_bytes(target, b"avant")

    def power_cut(descriptor: int) -> None:
        raise OSError("coupure")

    with monkeypatch.context() as patched:
        patched.setattr(reference.os, "fsync", power_cut)
        with pytest.raises(OSError, match="coupure"):
            write_bytes(target, b"apres")
    assert target.read_bytes() == b"avant"
    assert list(tmp_path.iterdir()) == [target]


def test_a_missing_package_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(reference.ReferenceMissing, match="npm ci"):
        reference.build_territories(package=tmp_path, target=tmp_path / "x.json.gz")
