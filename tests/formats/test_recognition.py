"""What a file is, told from its first bytes; and whatever bytes come, a reading or a sentence."""

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from atre.formats import gzip_files, recognition
from atre.formats.reading import Reading, UnreadableFile
from atre.formats.recognition import recognise, recognise_stream
from tests.support.enedis_files import curve, half_hours, reading, real, workbook

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = {
    "HDM_C5_CDC.csv.gz": "enedis_hdm",
    "HDM_C5_IDX.csv.gz": "enedis_hdm",
    "R50.xml": "enedis_r50",
    "R4Q.xml.gz": "enedis_r4",
    "R151.xml": "enedis_r151",
    "R171.xml": "enedis_r171",
    "ConsultationMesures_C5_response.xml": "enedis_consultation_mesures",
}


@pytest.mark.parametrize(("name", "key"), PUBLISHED.items())
def test_each_published_file_is_recognised_by_one_format_only(name, key):
    head = real(name)[:65_536]
    assert [known.key for known in recognition.FORMATS if known.recognises(head)] == [key]


def test_keys_and_titles_are_unique():
    assert len({known.key for known in recognition.FORMATS}) == len(recognition.FORMATS)
    assert len({known.title_fr for known in recognition.FORMATS}) == len(recognition.FORMATS)


def test_the_reference_page_lists_every_format():
    page = (ROOT / "docs" / "reference" / "formats.md").read_text(encoding="utf-8")
    missing = [known.key for known in recognition.FORMATS if f"`{known.key}`" not in page]
    assert missing == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"\n\n  \n", "lignes vides"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", ".xls"),
        (b"<!DOCTYPE html><html><body>", "page web"),
        (b'<?xml version="1.0"?><Facture/>', "Facture"),
        (b"{}", "JSON"),
        ("a;b\n1;2".encode("utf-16"), "UTF-16"),
        (b"\x00\x01\x02", "ni du texte"),
        (b"nom;prenom\nA;B\n", "nom;prenom"),
        (b"PK\x03\x04rien", "archive"),
    ],
)
def test_an_unknown_file_is_told_apart_and_what_is_read_is_pointed_at(content, words):
    with pytest.raises(UnreadableFile) as refusal:
        recognise(content)
    assert words in refusal.value.message_fr
    assert "On sait lire" in refusal.value.message_fr
    assert "docs/reference/formats.md" in refusal.value.message_fr


def test_a_workbook_is_recognised_whole_even_when_its_table_is_far_from_its_beginning():
    rows = [["Début", "Fin", "Valeur (en kW)"]]
    rows += [["02/03/2023 00:00:00", "02/03/2023 00:30:00", str(n)] for n in range(20_000)]
    content = workbook(rows)
    assert len(content) > 65_536
    stream = io.BytesIO(content)
    assert recognise_stream(stream).key == "enedis_export_xlsx"
    assert stream.tell() == 0


def read_or_refused(content: bytes) -> Reading | None:
    """Nothing else than a Reading or an UnreadableFile may come out of a file."""
    try:
        found = reading(content)
    except UnreadableFile:
        return None
    for reject in found.rejects:
        assert reject.reason_fr
        assert len(reject.found) <= 200
    return found


SMALL = {
    "curve": curve(*half_hours(*(f"2021-01-07T0{h}:00:00+01:00" for h in range(1, 8)))),
    "local": curve(*half_hours(*(f"31/10/2021 0{h}:30" for h in (1, 2, 2, 3)))),
    "flat": (
        "Identifiant PRM;Grandeur physique;Grandeur métier;Unité;Horodate;Valeur;Pas\n"
        "1;PA;CONS;W;2023-03-13 00:30:00;692;PT30M\n1;PA;CONS;W;2023-03-13 01:00:00;1;PT30M\n"
    ).encode(),
    "debut": b"debut;fin;kWh\n2025-03-02 00:00:00;2025-03-02 00:30:00;0,5\n",
    "edf": b"30/01/2026;;\n00:00:00;3916;R\n23:30:00;4522;R\n29/01/2026;;\n00:00:00;3916;R\n",
    "r64": json.dumps(
        {
            "header": {"codeFlux": "R64"},
            "mesures": [
                {
                    "idPrm": "1",
                    "contexte": [
                        {
                            "grandeur": [
                                {
                                    "grandeurMetier": "CONS",
                                    "grandeurPhysique": "EA",
                                    "unite": "Wh",
                                    "cadranTotalisateur": {"valeur": [{"d": "2026-01-01", "v": 1}]},
                                }
                            ]
                        }
                    ],
                }
            ],
        }
    ).encode(),
    "xlsx": workbook(
        [["Début", "Fin", "Valeur (en kW)"], ["02/03/2023 00:00:00", "02/03/2023 00:30:00", 1]]
    ),
    "r50": (
        b"<R50><PRM><Id_PRM>1</Id_PRM><Donnees_Releve><PDC><H>2022-02-02T00:30:00+01:00</H>"
        b"<V>476</V><IV>0</IV></PDC><PDC><H>2022-02-02T01:00:00+01:00</H><V>1</V></PDC>"
        b"</Donnees_Releve></PRM></R50>"
    ),
    "r4": (
        b"<Courbe><Corps><Identifiant_PRM>1</Identifiant_PRM><Donnees_Courbe><Granularite>10"
        b"</Granularite><Unite_Mesure>kW</Unite_Mesure><Grandeur_Metier>CONS</Grandeur_Metier>"
        b"<Grandeur_Physique>EA</Grandeur_Physique><Donnees_Point_Mesure "
        b'Horodatage="2022-02-02T00:00:00+01:00" Valeur_Point="28" Statut_Point="R"/>'
        b"</Donnees_Courbe></Corps></Courbe>"
    ),
    "r151": (
        b"<R151><PRM><Id_PRM>1</Id_PRM><Donnees_Releve><Date_Releve>2022-02-02</Date_Releve>"
        b"<Classe_Temporelle><Id_Classe_Temporelle>BASE</Id_Classe_Temporelle><Rang_Cadran>1"
        b"</Rang_Cadran><Valeur>9744495</Valeur></Classe_Temporelle><Puissance_Maximale>"
        b"<Valeur>1</Valeur></Puissance_Maximale></Donnees_Releve></PRM></R151>"
    ),
    "r171": (
        b"<R171><serieMesuresDatees><prmId>1</prmId><grandeurMetier>CONS</grandeurMetier>"
        b"<grandeurPhysique>EA</grandeurPhysique><unite>Wh</unite><mesureDatee><dateFin>"
        b"2022-02-03T02:37:56</dateFin><valeur>1</valeur></mesureDatee></serieMesuresDatees></R171>"
    ),
}


@pytest.mark.parametrize("name", SMALL)
def test_each_small_file_is_read_without_a_reject(name):
    found = reading(SMALL[name])
    assert found.rows > 0
    assert not found.rejects or name in {"r4"}


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b"<R50>")
def test_any_bytes_give_a_reading_or_a_sentence(content):
    read_or_refused(content)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(SMALL)),
    changes=st.lists(
        st.tuples(
            st.integers(0, 2_000),
            st.integers(0, 30),
            st.one_of(
                st.binary(max_size=12),
                st.sampled_from(
                    [
                        b";", b"\n", b"\r", b'"', b"\xff", b"\x00", b"<", b"9" * 40, b"-1", b"1e308",
                        b"nan", b"2021-10-31T02:30:00", b"31/12/9999 23:59", b"0001-01-01", b"Inf",
                        b"]]", b"{", b"&lt;", b"\xc3\xa9", "٣".encode(), b"24:00:00", b"PT9999H",
                    ]
                ),
            ),
        ),
        min_size=1,
        max_size=6,
    ),
)  # fmt: skip
def test_a_file_damaged_anywhere_gives_a_reading_or_a_sentence(name, changes):
    content = SMALL[name]
    for place, length, inserted in changes:
        at = place % (len(content) + 1)
        content = content[:at] + inserted + content[at + length :]
    read_or_refused(content)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(sorted(PUBLISHED)), cut=st.integers(0, 200_000))
def test_a_published_file_cut_anywhere_gives_a_reading_or_a_sentence(name, cut):
    content = real(name)
    read_or_refused(content[: min(cut, len(content), 40_000)])


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["2021-03-28", "2021-10-31", "2021-01-07", "1980-01-01", "2021-02-30"]),
        st.sampled_from(["00:00", "01:30", "02:00", "02:30", "03:00", "23:30", "25:00"]),
        st.sampled_from(["", "+01:00", "+02:00", "Z"]),
        st.sampled_from(["", "0", "500", "-1", "1e12", "douze", "1 234,5", "NaN"]),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, unit=st.sampled_from(["W", "kW", "Wh", "W·10min", "VA", ""]))
def test_whatever_rows_a_curve_has_its_intervals_are_ordered_apart_and_counted(rows, unit):
    lines = [f"{day}T{hour}{offset};{value}" for day, hour, offset, value in rows]
    found = read_or_refused(curve(*lines, unit=unit))
    if found is None or not found.tables:
        return
    (table,) = found.tables
    starts, ends = table["start"].to_pylist(), table["end"].to_pylist()
    assert all(start < end for start, end in zip(starts, ends, strict=True))
    assert starts[1:] == ends[:-1]
    assert all(kwh is None or kwh >= 0 for kwh in table["kwh"].to_pylist())
    # Each line is either an interval or a reject (a refused value may be both); holes come on top.
    assert table.num_rows + len(found.rejects) >= len(lines)


GROWING_CURVE = """
import io, resource, sys
import numpy as np
from atre.formats import load_curve
from atre.formats.enedis_hdm import read

load_curve.WINDOW_POINTS = 20_000


class Curve(io.RawIOBase):
    head = (
        "Identifiant PRM;Type de donnees;Grandeur physique;Grandeur metier;Unite\\n"
        "1;Courbe de charge;Energie active;Consommation;W\\nHorodate;Valeur\\n"
    ).encode()

    def __init__(self, rows):
        self.left, self.done, self.buffer, self.weight = rows, 0, self.head, 0

    def read(self, size=-1):
        while len(self.buffer) < size and self.left:
            count = min(self.left, 20_000)
            steps = np.arange(self.done + 1, self.done + 1 + count)
            at = np.datetime64("1996-02-01T00:00:00") + steps * np.timedelta64(10, "m")
            self.buffer += "".join(f"{t}Z;1000\\n" for t in np.datetime_as_string(at)).encode()
            self.left, self.done = self.left - count, self.done + count
        given, self.buffer = self.buffer[:size], self.buffer[size:]
        self.weight += len(given)
        return given


stream = Curve(int(sys.argv[1]))
rows = sum(part.rows.num_rows for part in read(stream) if part.rows.num_columns)
print(rows, stream.weight, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def grown(rows: int) -> tuple[int, int, int]:
    """Rows read, bytes given and highest memory (MB) of a process that reads such a curve."""
    told = subprocess.run(
        [sys.executable, "-c", GROWING_CURVE, str(rows)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    read_rows, weight, megabytes = told.stdout.split()
    return int(read_rows), int(weight), int(megabytes)


def test_memory_does_not_grow_with_the_file():
    small_rows, small_weight, small = grown(100_000)
    large_rows, large_weight, large = grown(800_000)
    assert (small_rows, large_rows) == (100_000, 800_000)
    # 17 MB more of file, held in memory as texts or rows, would weigh several times that.
    assert large_weight - small_weight > 17_000_000
    assert large - small < 15


@pytest.mark.parametrize("name", ["curve", "flat", "xlsx", "r50", "r64"])
def test_a_gzip_of_one_known_file_is_read_like_the_file(name):
    plain, packed = reading(SMALL[name]), reading(gzip.compress(SMALL[name]))
    assert packed.format.key == plain.format.key
    assert packed.tables == plain.tables
    assert packed.rejects == plain.rejects


@pytest.mark.parametrize(
    ("packed", "words"),
    [
        (gzip.compress(b"bonjour"), "bonjour"),
        (gzip.compress(gzip.compress(b"date,kwh\n")), "gzip"),
        (gzip.compress(SMALL["curve"])[:60], "coupé"),
        (gzip.compress(SMALL["curve"])[:-6] + b"\x00" * 6, "coupé"),
        (b"\x1f\x8b", "coupé"),
    ],
)
def test_a_gzip_that_holds_nothing_known_is_refused_with_a_sentence(packed, words):
    with pytest.raises(UnreadableFile) as refusal:
        reading(packed)
    assert words in refusal.value.message_fr


def test_a_gzip_is_read_no_further_than_its_bound(monkeypatch):
    monkeypatch.setattr(gzip_files, "MAX_UNPACKED_BYTES", 1_000_000)
    content = SMALL["curve"] + b"2021-01-08T00:00:00+01:00;1000\n" * 60_000
    with pytest.raises(UnreadableFile, match="décompressé"):
        reading(gzip.compress(content))


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        (b"jour;conso kwh\n1;2\n", ["plain_daily", "plain_bills", "enedis_export_csv"]),
        ("Relevé;Horodate;PRM\n".encode(), ["enedis_hdm", "enedis_export_csv"]),
        (
            "jour;température\n".encode(),
            ["plain_temperatures", "odre_temperatures", "meteofrance_daily"],
        ),
        (b"<Inconnu/>", ["enedis_r50", "enedis_consultation_mesures", "facturx_xml"]),
        (b"{}", ["grdf_json", "enedis_r64"]),
        (b"%PDF-1.7", ["facturx_pdf", "enedis_export_xlsx", "grdf_xlsx"]),
        (b"PK\x03\x04rien", ["enedis_export_xlsx", "grdf_xlsx"]),
        (b"bonjour", []),
        (b"", []),
        (b"\x89PNG kwh", []),
    ],
)
def test_the_nearest_formats_are_guessed_from_the_kind_and_the_words(content, keys):
    assert [known.key for known in recognition.nearest(content)] == keys


def test_a_refusal_is_short():
    with pytest.raises(UnreadableFile) as refusal:
        recognise(b"jour;conso kwh\n1;2\n")
    assert len(refusal.value.message_fr) < 400


def test_every_format_that_is_guessed_exists():
    guessed = {key for _, keys in recognition.WORDS for key in keys}
    guessed |= {*recognition.WORKBOOKS, *recognition.XMLS, *recognition.JSONS, *recognition.PDFS}
    assert guessed <= {known.key for known in recognition.FORMATS}
