"""An observatory's export read through a mapping of its columns."""

import io
import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.formats import figure_lines, mapped_columns, territory_codes, wide_figures
from atre.formats.column_mapping import OUR_WORDS, SCHEMA_FILE, mapping_of
from atre.formats.mapped_columns import load_mapping, mapped_format, read_mapped
from atre.formats.reading import Reading, UnreadableFile, collect
from tests.support.territory_files import figures, refused, warned

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "colonnes.md"
MAPPING = """
columns: {territory: Code INSEE, year: Année, sector: Secteur, energy: Énergie, value: Conso}
fixed: {level: commune, measure: consumption, unit: GWh, basis: pci}
words:
  sector: {Résidentiel: residential, Tertiaire: tertiary, Tous: total}
  energy: {Électricité: electricity, Gaz: gas}
ignored: {energy: [Toutes énergies]}
secret: [secret, "-99"]
missing: [nd]
"""
TITLES = "Code INSEE;Année;Secteur;Énergie;Conso"


def read(*lines: str, mapping: str = MAPPING, titles: str = TITLES) -> Reading:
    told = mapping_of(mapping.encode())
    content = "\n".join([titles, *lines]).encode()
    return collect(mapped_format(told), read_mapped(io.BytesIO(content), told))


def page_example() -> str:
    (found,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return found


def test_the_example_of_the_reference_page_reads_an_export(tmp_path):
    path = tmp_path / "orcae.yaml"
    path.write_text(page_example(), encoding="utf-8")
    mapping = load_mapping(path)
    lines = [
        "Code INSEE;Commune;Année;Secteur;Énergie;Consommation",
        "1004;Ambérieu;2021;Résidentiel;Électricité;30,5",
        "01004;Ambérieu;2021;Gestion des déchets;Bois-énergie;secret",
        "01004;Ambérieu;2021;Tous secteurs;Électricité;99",
        "01004;Ambérieu;2021;Fret fluvial;Gaz;1",
    ]
    stream = io.BytesIO("\n".join(lines).encode())
    reading = collect(mapped_format(mapping), read_mapped(stream, mapping))
    told = [
        (row["territory"], row["year"], row["sector"], row["energy"], row["value"], row["status"])
        for row in figures(reading)
    ]
    assert told == [
        ("01004", 2021, "residential", "electricity", 30.5, "published"),
        ("01004", 2021, "waste", "wood", None, "secret"),
    ]
    assert {(row["unit"], row["basis"]) for row in figures(reading)} == {("GWh", "pci")}
    assert [line for line, _ in refused(reading)] == [5]
    assert warned(reading)[mapped_columns.IGNORED_FR] == 1
    assert warned(reading)[mapped_columns.UNMAPPED_FR] == 1


def test_the_reference_page_names_every_word_of_ours():
    page = PAGE.read_text(encoding="utf-8")
    missing = [word for words in OUR_WORDS.values() for word in words if word not in page]
    assert missing == []


def test_the_schema_knows_the_words_of_the_code():
    properties = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))["properties"]["words"]
    known = {
        name: words["additionalProperties"]["enum"]
        for name, words in properties["properties"].items()
        if name != "category"
    }
    assert known == {name: [str(word) for word in words] for name, words in OUR_WORDS.items()}


def test_json_and_yaml_say_the_same():
    told = {
        "columns": {"territory": "a", "value": "b"},
        "fixed": {"level": "epci", "year": 2020, "measure": "emissions", "unit": "tCO2e"},
    }
    as_yaml = "columns: {territory: a, value: b}\nfixed: {level: epci, year: 2020, measure: emissions, unit: tCO2e}"
    assert mapping_of(json.dumps(told).encode()) == mapping_of(as_yaml.encode())


def test_a_word_of_yaml_stays_a_word():
    mapping = MAPPING.replace("Tertiaire: tertiary", "NON: tertiary")
    assert figures(read("01004;2021;Non;Gaz;1", mapping=mapping))[0]["sector"] == "tertiary"


def test_a_total_has_no_sector():
    assert figures(read("01004;2021;Tous;Gaz;1"))[0]["sector"] is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("01004;2021;Fret;Gaz;1", "« Fret » (colonne « Secteur ») n’est pas dans"),
        ("01004;2021;;Gaz;1", "Cellule vide (colonne « Secteur ») n’est pas dans"),
        ("01004;2021;Tertiaire;Tourbe;1", "« Tourbe » (colonne « Énergie ») n’est pas dans"),
        ("99004;2021;Tertiaire;Gaz;1", territory_codes.NAMES_FR[territory_codes.Level.COMMUNE]),
        ("01004;21;Tertiaire;Gaz;1", mapped_columns.YEAR_FR),
        ("01004;;Tertiaire;Gaz;1", mapped_columns.YEAR_FR),
        ("01004;2021;Tertiaire;Gaz;?", wide_figures.NOT_NUMBER_FR),
        ("01004;2021;Tertiaire;Gaz", figure_lines.WIDTH_FR),
        ("01005;2021;Tertiaire;Gaz;7", figure_lines.SAME_FR),
        ("1005;2021;TERTIAIRE;gaz;8", figure_lines.OTHER_FR),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_and_the_one_before_is_not(line, reason):
    reading = read("01005;2021;Tertiaire;Gaz;7", line)
    ((number, said),) = refused(reading)
    assert number == 3
    assert reason in said
    assert [row["value"] for row in figures(reading)] == [7]


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("secret", "secret"),
        ("-99", "secret"),
        ("ND", "missing"),
        ("", "missing"),
        ("0", "published"),
    ],
)
def test_secret_missing_and_zero_are_three_things(cell, status):
    (row,) = figures(read(f"01004;2021;Tertiaire;Gaz;{cell}"))
    assert row["status"] == status
    assert row["value"] == (0 if status == "published" else None)


def test_a_column_of_flags_says_what_is_estimated_or_hidden():
    mapping = """
columns: {territory: code, value: v, status: drapeau}
fixed: {level: epci, year: 2020, measure: emissions, unit: tCO2e}
words: {status: {ok: published, est: estimated, s: secret}}
"""
    reading = read(
        "200027100;1;ok",
        "200040202;2;est",
        "200040210;3;s",
        mapping=mapping,
        titles="code;v;drapeau",
    )
    assert [(row["value"], row["status"]) for row in figures(reading)] == [
        (1.0, "published"),
        (2.0, "estimated"),
        (None, "secret"),
    ]


def test_a_column_of_levels_judges_each_code_by_its_own():
    mapping = """
columns: {territory: code, value: v, level: maille}
fixed: {year: 2020, measure: emissions, unit: tCO2e}
words: {level: {Commune: commune, Intercommunalité: epci, Région: region}}
"""
    lines = ["1004;1;Commune", "200027100;2;Intercommunalité", "93;3;Région", "93;4;Commune"]
    reading = read(*lines, mapping=mapping, titles="code;v;maille")
    assert [(row["level"], row["territory"]) for row in figures(reading)] == [
        ("commune", "01004"),
        ("epci", "200027100"),
        ("region", "93"),
    ]
    assert [line for line, _ in refused(reading)] == [5]


def test_a_file_without_a_column_of_the_mapping_is_refused_with_its_titles():
    with pytest.raises(UnreadableFile, match="« Énergie »"):
        read("01004;2021;1", titles="Code INSEE;Année;Conso")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("residential", "résidentiel"), "n’est pas un de nos mots"),
        (("unit: GWh, ", ""), "unit"),
        (("unit: GWh", "unit: GWh, year: 2021"), "year"),
        (("energy: Énergie, ", ""), "energy"),
        (("secret:", "secrets:"), "secrets"),
        (("Année", "code insee"), "deux fois la colonne"),
        (("  energy: {Électricité: electricity, Gaz: gas}\n", ""), "mots de « energy »"),
        (("Tous: total", "residentiel: total"), "deux sens"),
        (("Tous: total", "Tous: total, Tous: tertiary"), "deux fois « Tous »"),
        (("columns: {", "columns: ["), "YAML"),
        (("secret: [secret", "secret: &a [secret"), None),
        (("missing: [nd]", "missing: *a"), "renvois"),
        (("level: commune", "level: commun"), "fixed → level"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(change, said):
    told = MAPPING.replace(*change)
    assert told != MAPPING
    if said is None:
        mapping_of(told.encode())
        return
    with pytest.raises(UnreadableFile) as refusal:
        mapping_of(told.encode())
    assert said in refusal.value.message_fr


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_refused_as_a_mapping(content: bytes):
    with pytest.raises(UnreadableFile):
        mapping_of(content)


@pytest.mark.parametrize("content", [b"[" * 100_000, b"{a: " * 50_000, b"- " * 100_000])
def test_a_mapping_nested_without_end_is_refused_at_once(content):
    began = time.process_time()
    with pytest.raises(UnreadableFile, match="niveaux"):
        mapping_of(content)
    assert time.process_time() - began < 2


CELLS = st.text(st.characters(exclude_characters='\x00;\r\n"', codec="utf-8"), max_size=12)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.sampled_from(["01004", "1005", "2A004"]), CELLS),
            st.one_of(st.sampled_from(["2020", "2021"]), CELLS),
            st.one_of(st.sampled_from(["Résidentiel", "tertiaire"]), CELLS),
            st.sampled_from(["Gaz", "Toutes énergies", "x"]),
            st.one_of(st.sampled_from(["1,5", "secret", "nd"]), CELLS),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_each_line_is_a_figure_a_refusal_or_a_line_left_on_demand(lines):
    written = [";".join(cells) for cells in lines if "".join(cells).strip()]
    reading = read(*written)
    left = warned(reading).get(mapped_columns.IGNORED_FR, 0)
    assert reading.rows + len(reading.rejects) + left == len(written)
