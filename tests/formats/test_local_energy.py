"""Local consumption of electricity, gas, heat and cold: Agence ORE and the SDES."""

import contextlib
import csv
import gzip
import io
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.formats import figure_lines, figure_places, territory_codes
from atre.formats import local_energy_words as told
from atre.formats.reading import Reading, UnreadableFile, collect
from atre.formats.recognition import recognise_stream
from atre.formats.sdes import ADDRESS_FR
from atre.formats.sdes_secrecy import hidden_mwh_at_most
from atre.formats.territory_figures import FIGURES

REAL = Path(__file__).parents[3] / "shared" / "reference" / "data"
ORE = "ore_consommation_communes_95_2020_2024.csv.gz"
DLE = "dle_{}_2019_cc_pays_de_montereau_sans_adresse.csv.gz"
ORE_TITLES = (
    "OPERATEUR;Année;FILIERE;Code Commune;Nom Commune;Code EPCI;Code Département;"
    "CODE GRAND SECTEUR;CODE SECTEUR NAF2;Nb sites;Conso totale (MWh);Conso moyenne (MWh);"
    "Nombre de mailles secretisées"
)
SDES_TITLES = (
    "OPERATEUR;CODE_EIC;ANNEE;FILIERE;IRIS_CODE;IRIS_LIBELLE;CODE_CATEGORIE_CONSOMMATION;"
    "CODE_SECTEUR_NAF2;CODE_GRAND_SECTEUR;CONSO;PDL;INDQUAL;THERMOR;PART"
)


def real(name: str) -> bytes:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"real files absent: {path} is not in the repository")
    return gzip.decompress(path.read_bytes())


def read(content: bytes) -> Reading:
    known = recognise_stream(io.BytesIO(content))
    return collect(known, known.read(io.BytesIO(content)))


def reasons(reading: Reading) -> dict[str, int]:
    return {each.reason_fr: each.count for each in reading.warnings}


def refusals(reading: Reading) -> list[tuple[int | None, str]]:
    return [(each.line, each.reason_fr) for each in reading.rejects]


def figures(reading: Reading) -> pa.Table:
    assert reading.tables[0].schema == FIGURES
    return reading.tables[0]


def one(reading: Reading, measure: str) -> dict[str, object]:
    (found,) = figures(reading).filter(pc.field("measure") == measure).to_pylist()
    return found


def total(table: pa.Table, **wanted: object) -> float:
    for name, value in wanted.items():
        table = table.filter(pc.field(name) == value)
    return pc.sum(table["value"]).as_py() or 0.0


def sdes(*lines: str) -> bytes:
    return "\n".join([SDES_TITLES, *lines]).encode()


def ore(*lines: str) -> bytes:
    return "\n".join([ORE_TITLES, *lines]).encode()


def iris(**cells: str) -> str:
    """A line of the SDES by IRIS; what is not given is usual."""
    usual = {
        "operator": "Enedis",
        "year": "2019",
        "energy": "E",
        "iris": "770540000",
        "category": "RES",
        "naf": "",
        "sector": "R",
        "conso": "120,5",
        "pdl": "30",
    } | cells
    return (
        "{operator};;{year};{energy};{iris};X;{category};{naf};{sector};{conso};{pdl};1;;".format(
            **usual
        )
    )


def commune(**cells: str) -> str:
    """A line of Agence ORE by commune; what is not given is usual."""
    usual = {
        "operator": "Enedis",
        "year": "2023",
        "energy": "Electricité",
        "code": "95002",
        "department": "95",
        "sector": "TERTIAIRE",
        "naf": "47",
        "sites": "12",
        "mwh": "340,5",
        "masked": "0",
    } | cells
    return (
        "{operator};{year};{energy};{code};X;200058485;{department};{sector};{naf};{sites};{mwh};"
        "28,4;{masked}".format(**usual)
    )


class TestRealFiles:
    def test_totals_of_agence_ore_equal_the_file_by_year_and_energy(self):
        wanted: Counter[tuple[int, str, str]] = Counter()
        energies = {"Electricité": "electricity", "Gaz": "gas"}
        for row in csv.DictReader(real(ORE).decode("utf-8-sig").splitlines()):
            key = (int(row["annee"]), energies[row["filiere"]])
            wanted[*key, "consumption"] += float(row["conso_mwh"])
            wanted[*key, "sites"] += float(row["sites"])
        table = figures(read(real(ORE)))
        found = {key: total(table, year=key[0], energy=key[1], measure=key[2]) for key in wanted}
        assert found == pytest.approx(dict(wanted), rel=1e-12)

    def test_agence_ore_has_183_communes_and_nothing_is_refused(self):
        reading = read(real(ORE))
        assert reading.format.key == "ore_consumption"
        assert len(figures(reading)["territory"].unique()) == 183
        assert reading.rejects == ()
        assert told.years_fr(2020, 2024) in reasons(reading)

    def test_zeros_of_no_site_are_unknown_not_zero(self):
        rows = list(csv.DictReader(real(ORE).decode("utf-8-sig").splitlines()))
        zeros = sum(float(row["conso_mwh"]) == 0 and row["sites"] == "0" for row in rows)
        reading = read(real(ORE))
        assert reasons(reading)[told.ZERO_FR] == 2 * zeros
        assert total(figures(reading).filter(pc.field("value") == 0)) == 0
        assert figures(reading).filter(pc.field("value") == 0).num_rows == 0

    def test_the_row_without_sector_counts_and_is_told(self):
        reading = read(real(ORE))
        table = figures(reading).filter(
            (pc.field("territory") == "95394")
            & (pc.field("year") == 2024)
            & (pc.field("sector") == "unallocated")
            & (pc.field("energy") == "electricity")
        )
        assert total(table, measure="consumption") == pytest.approx(79.174833)
        assert reasons(reading)[told.NO_SECTOR_FR] == 1

    @pytest.mark.parametrize(("energy", "basis"), [("elec", None), ("gaz", "pcs")])
    def test_totals_by_address_equal_the_file_by_iris_and_sector(self, energy: str, basis: str):
        wanted: Counter[tuple[str, str, str]] = Counter()
        sectors = {"R": "residential", "T": "tertiary", "I": "industry", "A": "agriculture"}
        content = real(DLE.format(energy))
        for row in csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"):
            key = (row["CODE_IRIS"], sectors[row["CODE_GRAND_SECTEUR"]])
            wanted[*key, "consumption"] += float(row["CONSO"].replace(",", "."))
            wanted[*key, "sites"] += float(row["PDL"])
        reading = read(content)
        found = {
            (row["territory"], row["sector"], row["measure"]): row["value"]
            for row in figures(reading).to_pylist()
        }
        assert reading.format.key == "sdes_addresses"
        assert found == pytest.approx(dict(wanted), rel=1e-12)
        consumption = figures(reading).filter(pc.field("measure") == "consumption")
        assert consumption["basis"].unique().to_pylist() == [basis]

    def test_what_2018_broke_is_told(self):
        assert told.BREAK_FR in reasons(read(real(DLE.format("elec"))))


class TestSecrecy:
    @pytest.mark.parametrize("word", ["s", "S", "secret"])
    def test_a_secret_word_is_secret_without_value(self, word: str):
        reading = read(sdes(iris(conso=word, pdl=word)))
        assert (one(reading, "consumption")["value"], one(reading, "sites")["value"]) == (
            None,
            None,
        )
        assert one(reading, "consumption")["status"] == "secret"
        assert reasons(reading)[told.SECRET_FR] == 2

    def test_minus_99_is_secret_up_to_2017_and_refused_after(self):
        before = read(sdes(iris(year="2017", conso="-99", pdl="-99")))
        after = read(sdes(iris(year="2018", conso="-99", pdl="12")))
        assert one(before, "consumption")["status"] == "secret"
        assert refusals(after) == [(2, told.NEGATIVE_FR)]
        assert one(after, "sites")["value"] == 12

    def test_not_available_is_missing_not_secret(self):
        reading = read(sdes(iris(energy="C", conso="nd", pdl="nd")))
        assert one(reading, "consumption")["status"] == "missing"
        assert one(reading, "consumption")["energy"] == "heat_network"

    def test_zero_published_by_the_ministry_stays_zero(self):
        found = one(read(sdes(iris(conso="0", pdl="0"))), "consumption")
        assert (found["value"], found["status"]) == (0.0, "published")

    def test_a_total_with_hidden_iris_is_partial(self):
        titles = (
            "OPERATEUR;ANNEE;FILIERE;CODE_EPCI_CODE;CODE_GRAND_SECTEUR;CONSO;PDL;NB_IRIS_MASQUES"
        )
        lines = ["Enedis;2021;E;200027100;R;500;90;2", "Enedis;2021;E;200040202;R;700;95;0"]
        reading = read("\n".join([titles, *lines]).encode())
        found = figures(reading).filter(pc.field("measure") == "consumption").to_pylist()
        assert [(row["level"], row["status"]) for row in found] == [
            ("epci", "partial"),
            ("epci", "published"),
        ]
        assert reasons(reading)[told.PARTIAL_FR] == 2

    def test_one_secret_operator_makes_the_sum_partial(self):
        reading = read(sdes(iris(), iris(operator="SICAE", conso="s", pdl="s")))
        found = one(reading, "consumption")
        assert (found["value"], found["status"]) == (120.5, "partial")

    def test_masked_cells_of_agence_ore_are_secret_when_nothing_is_left(self):
        hidden = read(ore(commune(mwh="", sites="", masked="2")))
        known = read(ore(commune(mwh="0", sites="0", masked="0")))
        assert one(hidden, "consumption")["status"] == "secret"
        assert (one(known, "consumption")["value"], one(known, "consumption")["status"]) == (
            0.0,
            "published",
        )

    def test_a_hidden_value_is_bounded_by_vintage_energy_and_sector(self):
        bounds = hidden_mwh_at_most(
            ["gas", "gas", "electricity", "electricity", "gas"],
            ["residential", "residential", "residential", "small_professional", "industry"],
            [2015, 2020, 2020, 2020, 2020],
        )
        assert bounds.tolist()[:2] == [200, 200]
        assert bounds[3] == 50
        assert all(bounds[[2, 4]] != bounds[[2, 4]])


class TestWords:
    def test_small_professionals_are_a_sector_of_their_own(self):
        letter = one(read(sdes(iris(category="", sector="P"))), "consumption")
        category = one(read(sdes(iris(category="PRO", sector="X"))), "consumption")
        firm = one(read(sdes(iris(category="ENT", sector="X"))), "consumption")
        assert [letter["sector"], category["sector"], firm["sector"]] == [
            "small_professional",
            "small_professional",
            "unallocated",
        ]

    def test_labels_above_the_names_are_passed_over(self):
        labels = '"index";"Nom de l\'opérateur";"Millésime des données";"Code de l\'IRIS - Code de la zone";"Energie concernée";"Code du grand secteur";"Consommation (en MWh)";"Nombre de points de livraison"'
        names = '"ID";"OPERATEUR";"ANNEE";"IRIS";"FILIERE";"CODE_GRAND_SECTEUR";"CONSO";"PDL"'
        line = '"0108C";"RÉSEAU";"2023";"010530103";"F";"R";1929;4'
        reading = read("\n".join([labels, names, line]).encode())
        assert one(reading, "consumption")["value"] == 1929
        assert (one(reading, "sites")["energy"], one(reading, "sites")["line"]) == (
            "cold_network",
            3,
        )
        assert reading.rejects == ()

    def test_one_column_a_sector_gives_one_row_a_sector(self):
        titles = "operateur;annee;filiere;code_commune;code_epci;consoa;pdla;consoi;pdli;consot;pdlt;consor;pdlr;nombre_maille_secretisees_r;consona;pdlna;consototale"
        line = "GRDF;2019;Gaz;95002;200058485;;;10,5;1;20;2;30;40;3;0;0;60,5"
        reading = read(f"{titles}\n{line}".encode())
        found = {
            row["sector"]: (row["value"], row["status"], row["basis"])
            for row in figures(reading).filter(pc.field("measure") == "consumption").to_pylist()
        }
        assert reading.format.key == "ore_consumption_wide"
        assert found == {
            "agriculture": (None, "missing", "pcs"),
            "industry": (10.5, "published", "pcs"),
            "tertiary": (20.0, "published", "pcs"),
            "residential": (30.0, "partial", "pcs"),
            "unallocated": (None, "missing", "pcs"),
        }

    def test_an_unknown_energy_sector_or_year_refuses_its_line(self):
        reading = read(sdes(iris(energy="Z"), iris(sector="Q"), iris(year="19"), iris()))
        assert sorted(refusals(reading)) == [
            (2, told.ENERGY_FR),
            (3, told.SECTOR_FR),
            (4, told.YEAR_FR),
        ]
        assert one(reading, "consumption")["value"] == 120.5


class TestTerritories:
    def test_iris_xxxx_is_kept_and_told(self):
        reading = read(sdes(iris(iris="77054XXXX")))
        assert one(reading, "consumption")["territory"] == "77054XXXX"
        assert reasons(reading)[figure_places.WITHIN_COMMUNE_FR] == 1

    def test_a_lost_zero_is_put_back_and_counted(self):
        reading = read(ore(commune(code="1004", department="1")))
        assert one(reading, "consumption")["territory"] == "01004"
        assert reasons(reading)[territory_codes.REPAIRED_FR] == 1

    def test_a_lost_zero_that_the_department_contradicts_is_refused(self):
        reading = read(ore(commune(code="1004", department="95"), commune()))
        assert refusals(reading) == [(2, figure_places.OTHER_DEPARTMENT_FR)]
        assert one(reading, "consumption")["territory"] == "95002"

    def test_a_line_without_commune_stays_at_its_epci_as_unlocated(self):
        reading = read(ore(commune(code=""), commune()))
        table = figures(reading).filter(pc.field("measure") == "consumption").to_pylist()
        assert [(row["level"], row["category"]) for row in table] == [
            ("epci", "unlocated"),
            ("commune", None),
        ]

    def test_a_code_of_no_place_is_refused(self):
        reading = read(ore(commune(code="ZZZZZ"), commune()))
        assert [each.line for each in reading.rejects] == [2]


class TestLines:
    def test_divisions_and_operators_are_added_up(self):
        reading = read(ore(commune(naf="47"), commune(naf="86", mwh="10", sites="1")))
        assert one(reading, "consumption")["value"] == 350.5
        assert reasons(reading)[told.ADDED_FR] == 2

    def test_a_line_twice_counts_once(self):
        reading = read(ore(commune(), commune()))
        assert refusals(reading) == [(3, figure_lines.SAME_FR)]
        assert one(reading, "consumption")["value"] == 340.5

    def test_a_line_again_with_other_figures_keeps_the_first(self):
        reading = read(ore(commune(), commune(mwh="999")))
        assert refusals(reading) == [(3, figure_lines.OTHER_FR)]
        assert one(reading, "consumption")["value"] == 340.5

    def test_two_vintages_are_kept_apart_and_told_with_the_break(self):
        reading = read(sdes(iris(year="2016"), iris(year="2019")))
        consumption = figures(reading).filter(pc.field("measure") == "consumption")
        assert consumption["year"].to_pylist() == [2016, 2019]
        assert {told.years_fr(2016, 2019), told.BREAK_FR} <= reasons(reading).keys()

    def test_addresses_are_added_up_and_not_kept(self):
        titles = (
            "OPERATEUR;ANNEE;FILIERE;CODE_IRIS;NOM_COMMUNE;ADRESSE;CODE_GRAND_SECTEUR;CONSO;PDL"
        )
        lines = [
            "Enedis;2019;E;770540000;X;1 RUE DES LILAS;R;10;12",
            "Enedis;2019;E;770540000;X;2 RUE DES LILAS;R;10;12",
            "Enedis;2019;E;770540000;X;2 RUE DES LILAS;R;10;12",
        ]
        reading = read("\n".join([titles, *lines]).encode())
        assert one(reading, "consumption")["value"] == 20
        assert refusals(reading) == [(4, figure_lines.SAME_FR)]
        assert "LILAS" not in str(figures(reading).to_pylist())
        assert ADDRESS_FR in reasons(reading)

    def test_titles_without_lines_are_refused(self):
        with pytest.raises(UnreadableFile, match="aucune ligne"):
            read(sdes())

    def test_a_pointer_instead_of_the_file_is_told(self):
        pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 123456\n"
        with pytest.raises(UnreadableFile, match="pointeur Git LFS"):
            read(pointer)


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from([ORE, DLE.format("gaz")]),
    place=st.integers(0, 2_990),
    written=st.binary(max_size=8),
)
def test_a_real_file_with_bytes_changed_is_refused_or_read(name: str, place: int, written: bytes):
    content = real(name)[:3_000]
    changed = content[:place] + written + content[place + len(written) :]
    with contextlib.suppress(UnreadableFile):
        read(changed)


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(
        st.one_of(st.floats(0, 1e6).map(lambda value: f"{value:.3f}"), st.just("s"), st.just("nd")),
        min_size=1,
        max_size=20,
    )
)
def test_whatever_is_hidden_the_sum_is_that_of_what_is_published(values: list[str]):
    lines = [iris(operator=f"R{rank}", conso=value) for rank, value in enumerate(values)]
    found = one(read(sdes(*lines)), "consumption")
    known = [float(value) for value in values if value not in ("s", "nd")]
    assert (found["value"] is None) == (not known)
    assert (found["value"] or 0) == pytest.approx(sum(known))
    whole = len(known) == len(values)
    hidden = "secret" if "s" in values else "missing"
    assert found["status"] == ("published" if whole else "partial" if known else hidden)
