"""The pages about the observatory say what it does: their commands run, their words are the code's."""

import re
import shlex
from enum import StrEnum
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from atre.config import cli
from atre.config.places import ROOT
from atre.formats import territory_figures
from atre.jobs import reference
from atre.warehouse import edition, indicators, territories
from atre.warehouse.catalogue import CATALOGUE
from atre.warehouse.publishers import PUBLISHERS
from atre.warehouse.sources import drops
from atre.warehouse.staging import figures, geography
from atre.web.observatory.extract.citing import METHOD_PAGE, SECTIONS

GUIDE = ROOT / "docs" / "how-to" / "observatoire.md"
CONSUMPTION = """code_commune,nom_commune,annee,filiere,code_grand_secteur,conso_mwh,sites
95127,Cergy,2024,Electricité,RESIDENTIEL,100.5,40
95127,Cergy,2024,Gaz,RESIDENTIEL,222.2,30
95127,Cergy,2024,Electricité,TERTIAIRE,s,2
"""
INCOMES = """CODGEO;NBMENFISC21;MED21;TP6021
95127;24000;20560;21
95018;40000;s;s
"""
# File of the reference, and the column that says the department.
CUT = {
    "communes-2026.parquet": "department",
    "formers.parquet": "code_2026",
    "commune-populations.parquet": "code",
    "iris-2021.parquet": "code",
    "degree-days.parquet": "department",
}


def commands(page: Path) -> list[list[str]]:
    """The commands of a page's blocks, in order, without the program's name."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.strip()]
    assert all(line.startswith("./atre ") for line in lines), lines
    return [shlex.split(line, comments=True)[1:] for line in lines]


@pytest.fixture
def small_department(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that knows Val-d'Oise alone, and two small invented files."""
    (tmp_path / "data" / "reference").mkdir(parents=True)
    for name, column in CUT.items():
        rows = pq.read_table(reference.reference_file().parent / name)
        wanted = pc.fill_null(pc.starts_with(rows[column], "95"), False)
        pq.write_table(rows.filter(wanted), tmp_path / "data" / "reference" / name)
    (tmp_path / "consommation.csv").write_text(CONSUMPTION, encoding="utf-8")
    (tmp_path / "revenus.csv").write_text(INCOMES, encoding="utf-8")
    monkeypatch.setenv("ATRE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_commands_of_the_guide_run_in_their_order(
    small_department: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for arguments in commands(GUIDE):
        code = cli.main(arguments)
        captured = capsys.readouterr()
        assert code == 0, f"./atre {' '.join(arguments)} : {captured.out}{captured.err}"
        said.append(captured.out)

    whole = "\n".join(said)
    assert "Agence ORE — Consommation annuelle" in whole
    assert '"flag": "measured"' in whole
    assert (small_department / "extrait.pdf").read_bytes().startswith(b"%PDF")


def test_every_command_line_of_the_readme_is_one_of_ours() -> None:
    named = {arguments[0] for arguments in commands(ROOT / "README.md")}
    assert named <= set(cli.command_names())
    for arguments in commands(ROOT / "README.md"):
        cli.parse(arguments[0], cli.load(arguments[0]), arguments[1:])


def test_each_indicator_has_its_section_in_the_explanation() -> None:
    page = (ROOT / METHOD_PAGE).read_text(encoding="utf-8")
    headings = set(re.findall(r"^## (.+)$", page, re.MULTILINE))
    assert set(SECTIONS.values()) <= headings


def closed_lists() -> list[type[StrEnum]]:
    modules = (drops, edition, figures, geography, indicators, territories, territory_figures)
    return [
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, StrEnum)
        and thing.__module__ == module.__name__
    ]


@pytest.mark.parametrize("closed", closed_lists(), ids=lambda closed: closed.__name__)
def test_terminology_defines_the_closed_lists_of_the_observatory(closed: type[StrEnum]) -> None:
    page = (ROOT / "docs" / "terminology.md").read_text(encoding="utf-8")
    assert f"`{closed.__name__}`" in page


def test_each_source_of_the_catalogue_has_a_publisher() -> None:
    sources = {source for one in CATALOGUE.values() for source in one.sources}
    assert sources <= set(PUBLISHERS)
