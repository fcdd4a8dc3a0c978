"""Production of electricity by territory: the national register, and Pays de la Loire."""

import contextlib
import csv
import gzip
import io
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.formats import production_communes as communes
from atre.formats import production_register as register
from atre.formats.figure_lines import OTHER_FR, SAME_FR
from atre.formats.generation import WORD_FR, WORDS, Generation
from atre.formats.reading import Reading, UnreadableFile, collect
from atre.formats.recognition import recognise_stream
from atre.formats.territory_figures import FIGURES

REAL = Path(__file__).parents[3] / "shared" / "reference" / "data"
REGISTER = "registre_production_elec_95_2026.csv.gz"
INDICATORS = "enr_registre_indicateurs_pays_de_la_loire_2017_2019.csv.gz"
ENEDIS = "enr_enedis_communes_pays_de_la_loire_2011_2019.parquet"
TITLES = (
    "idPEPS;nomInstallation;codeEICResourceObject;codeINSEECommune;commune;codeEPCI;codeDepartement;"
    "filiere;technologie;puisMaxInstallee;nbInstallations;regime;energieAnnuelleGlissanteInjectee"
)


def real(name: str) -> bytes:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"real files absent: {path} is not in the repository")
    content = path.read_bytes()
    return gzip.decompress(content) if name.endswith(".gz") else content


def read(content: bytes) -> Reading:
    known = recognise_stream(io.BytesIO(content))
    return collect(known, known.read(io.BytesIO(content)))


def reasons(reading: Reading) -> dict[str, int]:
    return {each.reason_fr: each.count for each in reading.warnings}


def refusals(reading: Reading) -> list[tuple[int | None, str]]:
    return [(each.line, each.reason_fr) for each in reading.rejects]


def totals(reading: Reading, *keys: str) -> dict[tuple[object, ...], float]:
    assert reading.tables[0].schema == FIGURES
    found = reading.tables[0].group_by([*keys]).aggregate([("value", "sum")])
    return {tuple(row[key] for key in keys): row["value_sum"] or 0.0 for row in found.to_pylist()}


def installation(**cells: str) -> str:
    usual = {
        "id": "",
        "eic": "",
        "code": "49007",
        "epci": "244900015",
        "filiere": "Solaire",
        "kw": "36,5",
        "count": "12",
        "regime": "En service",
        "kwh": "41000",
    } | cells
    return (
        "{id};Agrégation;{eic};{code};Angers;{epci};49;{filiere};Photovoltaïque;{kw};{count};"
        "{regime};{kwh}".format(**usual)
    )


def table(*lines: str) -> bytes:
    return "\n".join([TITLES, *lines]).encode()


class TestRegister:
    def test_totals_equal_the_real_file_by_commune_and_way(self):
        wanted: Counter[tuple[str, str, str]] = Counter()
        columns = {
            "installed_power": "puissance_kw",
            "production": "injection_kwh",
            "installations": "installations",
        }
        ways = {
            "Solaire": "solar",
            "Thermique non renouvelable": "fossil_thermal",
            "Bioénergies": "bioenergy",
            "Autre": "other",
        }
        for row in csv.DictReader(real(REGISTER).decode("utf-8-sig").splitlines()):
            for measure, column in columns.items():
                wanted[row["code"], ways[row["filiere"]], measure] += float(row[column])
        found = totals(read(real(REGISTER)), "territory", "category", "measure")
        assert found == pytest.approx(dict(wanted))

    def test_zero_kwh_of_the_real_export_is_unknown(self):
        reading = read(real(REGISTER))
        assert reasons(reading)[register.NO_PRODUCTION_FR] == 19
        production = reading.tables[0].filter(pc.field("measure") == "production")
        assert Counter(production["status"].to_pylist()) == {
            "published": 36,
            "partial": 8,
            "missing": 7,
        }

    def test_no_name_of_installation_is_kept(self):
        text = str(read(real(REGISTER)).tables[0].to_pylist())
        assert "DECATHLON" not in text

    def test_zero_kwh_of_the_register_itself_is_zero_and_blank_is_missing(self):
        reading = read(table(installation(kwh="0"), installation(code="49001", kwh="")))
        production = reading.tables[0].filter(pc.field("measure") == "production").to_pylist()
        assert [(row["value"], row["status"]) for row in production] == [
            (0.0, "published"),
            (None, "missing"),
        ]

    def test_what_is_not_in_service_is_refused(self):
        reading = read(table(installation(regime="Arrêtée"), installation()))
        assert refusals(reading) == [(2, register.OFF_FR)]
        assert totals(reading, "measure")[("installations",)] == 12

    def test_a_unit_listed_twice_counts_once(self):
        unit = installation(eic="17W100P100P0090I")
        assert refusals(read(table(unit, unit))) == [(3, SAME_FR)]

    def test_an_unknown_way_of_producing_is_refused(self):
        reading = read(table(installation(filiere="Lunaire"), installation()))
        assert refusals(reading) == [(2, WORD_FR)]

    def test_aggregates_without_commune_stay_at_their_epci(self):
        reading = read(table(installation(code=""), installation()))
        rows = reading.tables[0].select(["level", "category"]).to_pylist()
        assert {(row["level"], row["category"]) for row in rows} == {
            ("epci", "unlocated:solar"),
            ("commune", "solar"),
        }


class TestPaysDeLaLoire:
    def test_totals_of_enedis_equal_the_real_file_by_year_and_indicator(self):
        source = pq.read_table(pa.BufferReader(real(ENEDIS)))
        measures = {
            "Energie.totale.en.kWh": "production",
            "Nombre de sites": "installations",
            "Puissance.totale.en.kW": "installed_power",
        }
        summed = source.group_by(["annee", "indicateur", "estimation"]).aggregate(
            [("valeur", "sum")]
        )
        wanted = {
            (
                int(row["annee"]),
                measures[row["indicateur"]],
                "estimated" if row["estimation"] else "published",
            ): row["valeur_sum"]
            for row in summed.to_pylist()
        }
        reading = read(real(ENEDIS))
        assert totals(reading, "year", "measure", "status") == pytest.approx(wanted, rel=1e-12)
        assert reading.tables[0].num_rows == source.num_rows == 131_196
        assert reasons(reading)[communes.ESTIMATED_FR] == 4_615 + 3_578
        assert reading.rejects == ()

    def test_totals_of_the_indicators_equal_the_real_file(self):
        measures = {
            "nb_inst": "installations",
            "nb_enr": "renewable_installations",
            "puiss_MW": "installed_power",
            "prod_MWh_an": "production",
            "prod_renouv_MWh_an": "renewable_production",
        }
        levels = {
            "Communes": "commune",
            "Epci": "epci",
            "Départements": "department",
            "Régions": "region",
        }
        wanted: Counter[tuple[str, str]] = Counter()
        for row in csv.DictReader(real(INDICATORS).decode("utf-8-sig").splitlines()):
            if row["CodeZone"] != "ZZZZ85113":
                measure = measures[row["variable"].split("__")[0]]
                wanted[levels[row["TypeZone"]], measure] += float(row["valeur"])
        reading = read(real(INDICATORS))
        assert totals(reading, "level", "measure") == pytest.approx(dict(wanted))
        assert len(reading.rejects) == 55
        assert {each.found for each in reading.rejects} == {"ZZZZ85113"}
        assert reasons(reading)[communes.NO_YEAR_FR] == 1

    def test_every_way_of_the_real_files_has_a_word(self):
        rows = csv.DictReader(real(INDICATORS).decode("utf-8-sig").splitlines())
        assert {row["variable"].split("__")[1] for row in rows} <= WORDS.keys()
        assert set(WORDS.values()) <= set(Generation)

    def test_a_row_again_with_another_value_keeps_the_first(self):
        row = {
            "TypeZone": "Communes",
            "CodeZone": "44001",
            "Filiere.de.production": "Eolien",
            "annee": "2019",
            "indicateur": "Energie.totale.en.kWh",
            "valeur": 5.0,
            "estimation": False,
        }
        sink = io.BytesIO()
        pq.write_table(pa.Table.from_pylist([row, row | {"valeur": 6.0}]), sink)
        reading = read(sink.getvalue())
        assert refusals(reading) == [(2, OTHER_FR)]
        assert reading.tables[0]["value"].to_pylist() == [5.0]

    def test_another_parquet_file_is_refused(self):
        sink = io.BytesIO()
        pq.write_table(pa.table({"CodeZone": ["44001"]}), sink)
        with pytest.raises(UnreadableFile, match="Parquet"):
            read(sink.getvalue())


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from([REGISTER, INDICATORS]),
    place=st.integers(0, 2_990),
    written=st.binary(max_size=8),
)
def test_a_real_file_with_bytes_changed_is_refused_or_read(name: str, place: int, written: bytes):
    content = real(name)[:3_000]
    changed = content[:place] + written + content[place + len(written) :]
    with contextlib.suppress(UnreadableFile):
        read(changed)


@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, 1_000_000), written=st.binary(min_size=1, max_size=8))
def test_a_parquet_file_with_bytes_changed_is_refused_or_read(place: int, written: bytes):
    rows = pq.read_table(pa.BufferReader(real(ENEDIS))).slice(0, 200)
    sink = io.BytesIO()
    pq.write_table(rows, sink)
    content = sink.getvalue()
    at = place % len(content)
    changed = content[:at] + written + content[at + len(written) :]
    with contextlib.suppress(UnreadableFile):
        read(changed)
