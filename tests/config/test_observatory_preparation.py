"""A first start gives the figures of every commune; the next ones find nothing to do."""

from pathlib import Path

import pytest

from atre.config import preparation
from atre.jobs import reference, territory_sources
from atre.warehouse.folders import Folders
from atre.warehouse.gate import released
from atre.warehouse.territories import atlas


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """A data folder with what is installed, after its first preparation."""
    folder = tmp_path_factory.mktemp("data")
    real = reference.reference_file().parent
    missing = [path.name for path in territory_sources.files(real) if not path.is_file()]
    assert not missing, f"{missing} manquent : lancez ./atre test, qui les construit."
    (folder / "reference").symlink_to(real)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ATRE_DATA_DIR", str(folder))
        preparation.ensure_observatory()
    return Folders(folder)


@pytest.mark.parametrize("code", ["83050", "95127", "49007", "2A004", "62893"])
def test_any_commune_has_people_dwellings_and_degree_days(prepared: Folders, code: str) -> None:
    commune = atlas(prepared).territory(f"com:{code}")
    for indicator in ("population", "dwellings", "degree_days"):
        figures = released(indicator, commune, folders=prepared)
        assert figures, f"{indicator} de {commune.name}"
        assert all(one.value is not None and one.value > 0 for one in figures)


def test_a_second_start_finds_nothing_to_do(
    prepared: Folders, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATRE_DATA_DIR", str(prepared.data))
    preparation.ensure_observatory()
    assert capsys.readouterr().out == ""


def test_what_stops_the_observatory_does_not_stop_the_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATRE_DATA_DIR", str(tmp_path))

    preparation.ensure_observatory()

    said = capsys.readouterr().out
    assert "L’observatoire n’a pas pu être construit. Aucun fichier n’a été reçu" in said
    assert "Le reste d’Âtre démarre" in said
    assert not Folders(tmp_path).edition.exists()
    assert not preparation.observatory_is_current()


def test_a_fault_of_the_software_is_logged_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ATRE_DATA_DIR", str(tmp_path))
    (tmp_path / "observatory").write_text("a file where a folder is expected")

    preparation.ensure_observatory()

    said = capsys.readouterr().out
    assert "Erreur du logiciel, notée dans" in said
    assert "Traceback" not in said
    log = tmp_path / "logs" / "observatory.log"
    assert "Traceback" in log.read_text(encoding="utf-8")
