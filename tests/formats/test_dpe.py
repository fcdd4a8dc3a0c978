"""The ADEME's energy performance certificates, already counted or one a line."""

import contextlib
import csv
import io
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atre.formats import dpe, dpe_rows, territory_codes
from atre.formats.reading import UnreadableFile
from tests.support.territory_files import (
    figures,
    read_file,
    real_bytes,
    real_rows,
    real_text,
    refused,
    warned,
)

COUNTED = "dpe_communes_95_2026.csv.gz"
CLASSES = [f"{label}_{rank}" for label in ("dpe", "ges") for rank in "ABCDEFG"]
# Some columns of the portal, in its order: what is personal stands beside what is counted.
TITLES = [
    "numero_dpe",
    "date_etablissement_dpe",
    "etiquette_dpe",
    "etiquette_ges",
    "adresse_ban",
    "code_postal_ban",
    "code_insee_ban",
    "nom_commune_ban",
]


def certificate(number: str, commune: str, energy: str, gas: str, address: str = "3 rue A") -> list:
    return [number, "2025-09-29", energy, gas, address, "95450", commune, "Ableiges"]


def written(rows: list[list[str]], titles: list[str] = TITLES) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([titles, *rows])
    return text.getvalue().encode()


def counts(content: bytes) -> dict[tuple[str, str | None], float]:
    rows = figures(read_file(content))
    return {(row["territory"], row["category"]): row["value"] for row in rows if row["value"]}


def test_the_real_table_has_the_certificates_of_its_lines():
    reading = read_file(real_bytes(COUNTED))
    rows = figures(reading)
    lines = [*real_rows(COUNTED, ",")]
    assert (reading.format.key, reading.rejects) == ("dpe_counted", ())
    assert sum(row["value"] for row in rows if row["category"] is None) == 262_914
    for name in CLASSES:
        mine = [row["value"] for row in rows if row["category"] == name.replace("_", ":")]
        assert mine == [float(line[name]) for line in lines]


def test_a_total_that_is_not_its_sum_is_told_and_kept():
    titles = ["code", "commune", "total", *CLASSES]
    line = ["95002", "Ableiges", "9", "1", "1", *"00000", "2", *"000000"]
    reading = read_file(written([line], titles))
    assert warned(reading)[dpe.SUM_FR] == 2
    assert figures(reading)[0]["value"] == 9


def test_certificates_are_counted_by_commune_and_class():
    content = written(
        [
            certificate("A1", "95002", "C", "B"),
            certificate("A2", "95002", "C", "E"),
            certificate("A3", "95018", "G", "G"),
        ]
    )
    assert counts(content) == {
        ("95002", None): 2,
        ("95002", "dpe:C"): 2,
        ("95002", "ges:B"): 1,
        ("95002", "ges:E"): 1,
        ("95018", None): 1,
        ("95018", "dpe:G"): 1,
        ("95018", "ges:G"): 1,
    }


def test_a_class_without_certificate_is_zero_not_absent():
    rows = figures(read_file(written([certificate("A1", "95002", "C", "B")])))
    assert len(rows) == 15
    assert {row["status"] for row in rows} == {"published"}


def test_nothing_of_a_certificate_is_kept_but_its_commune_and_classes():
    content = written(
        [
            certificate("2195E0000001A", "95002", "C", "B", "12 impasse des Lilas"),
            certificate("2195E0000002B", "99999", "C", "B", "14 impasse des Lilas"),
            ["2195E0000003C", "12 impasse des Lilas"],
        ]
    )
    reading = read_file(content)
    told = f"{figures(reading)}{reading.rejects}{reading.warnings}"
    assert len(reading.rejects) == 2
    for personal in ("2195E", "Lilas", "2025-09-29"):
        assert personal not in told


def test_a_certificate_met_twice_is_counted_once_and_told():
    content = written([certificate("A1", "95002", "C", "B")] * 3)
    assert counts(content)["95002", None] == 1
    assert warned(read_file(content))[dpe_rows.TWICE_FR] == 2


def test_certificates_without_number_are_all_counted_and_told():
    content = written([certificate("", "95002", "C", "B")] * 3)
    assert counts(content)["95002", None] == 3
    assert warned(read_file(content))[dpe_rows.NO_NUMBER_FR] == 3


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            certificate("A2", "99123", "C", "B"),
            territory_codes.unknown_code_fr(territory_codes.Level.COMMUNE),
        ),
        (certificate("A2", "", "C", "B"), dpe_rows.NO_COMMUNE_FR),
        (certificate("A2", "95002", "", "B"), dpe_rows.NO_CLASS_FR),
        (certificate("A2", "95002", "C", "N"), dpe_rows.NO_CLASS_FR),
    ],
)
def test_a_certificate_that_counts_nowhere_is_refused_and_its_neighbour_counted(row, reason):
    content = written([certificate("A1", "95002", "D", "D"), row])
    assert refused(read_file(content)) == [(None, reason)]
    assert counts(content)["95002", None] == 1


def test_a_commune_that_lost_its_zero_finds_it():
    reading = read_file(written([certificate("A1", "1004", "C", "B")]))
    assert {row["territory"] for row in figures(reading)} == {"01004"}
    assert warned(reading)[territory_codes.REPAIRED_FR] == 1


def test_the_titles_of_the_portal_before_are_known_too():
    titles = ["N°DPE", "Etiquette_GES", "Etiquette_DPE", "Code_INSEE_(BAN)"]
    assert counts(written([["A1", "B", "C", "95002"]], titles))["95002", "dpe:C"] == 1


def test_titles_that_are_not_in_utf8_are_known_too():
    text = (
        "N°DPE;Etiquette_DPE;Etiquette_GES;Code_INSEE_(BAN);Adresse_(BAN)\r\n1;C;B;95002;rue é\r\n"
    )
    assert counts(text.encode("cp1252"))["95002", "dpe:C"] == 1


def test_a_line_with_cells_missing_is_refused_and_placed():
    content = written([certificate("A1", "95002", "C", "B"), ["A2"]])
    assert refused(read_file(content)) == [(3, dpe_rows.RAGGED_FR)]


def test_a_line_cut_short_in_another_encoding_is_refused_all_the_same():
    content = written([certificate("A1", "95002", "C", "B")]) + "A2,rue é\r\n".encode("cp1252")
    assert refused(read_file(content)) == [(3, dpe_rows.RAGGED_FR)]


def test_a_file_of_which_every_line_is_cut_short_counts_its_refusals():
    reading = read_file(written([["A1"], ["A2"]]))
    assert (reading.rows, len(reading.rejects)) == (0, 2)


def test_an_address_on_two_lines_does_not_cut_its_certificate():
    content = written([certificate("A1", "95002", "C", "B", "3 rue A\nbâtiment B")])
    assert counts(content)["95002", None] == 1


def test_a_million_bytes_of_certificates_give_the_counts_of_their_lines():
    dice = random.Random(4)
    rows = [
        certificate(
            f"2195E{n:07}A", dice.choice(["95002", "95018", "2A004"]), *dice.choices("ABCDEFG", k=2)
        )
        for n in range(20_000)
    ]
    expected: Counter[tuple[str, str | None]] = Counter()
    for row in rows:
        expected.update([(row[6], None), (row[6], f"dpe:{row[2]}"), (row[6], f"ges:{row[3]}")])
    assert counts(written(rows)) == dict(expected)


def test_titles_without_certificates_are_refused():
    with pytest.raises(UnreadableFile, match="aucun DPE"):
        read_file(written([]))


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 1_990), written=st.binary(max_size=8))
def test_the_real_table_with_bytes_changed_is_refused_or_read(place: int, written: bytes):
    content = real_text(COUNTED)[:2_000]
    changed = content[:place] + written + content[place + len(written) :]
    with contextlib.suppress(UnreadableFile):
        figures(read_file(changed))


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 390), bytes_=st.binary(max_size=8))
def test_certificates_with_bytes_changed_are_refused_or_counted(place: int, bytes_: bytes):
    content = written([certificate(f"A{n}", "95002", "C", "B") for n in range(5)])
    changed = content[:place] + bytes_ + content[place + len(bytes_) :]
    with contextlib.suppress(UnreadableFile):
        [*dpe_rows.read_dpe_rows(io.BytesIO(changed))]


LABELS = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=2)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["95002", "1004", "00000", ""]), LABELS, LABELS),
        min_size=1,
        max_size=20,
    )
)
def test_every_certificate_is_counted_or_refused(found):
    rows = [certificate(f"A{n}", *cells) for n, cells in enumerate(found)]
    reading = read_file(written(rows))
    counted = sum(row["value"] for row in figures(reading) if row["category"] is None)
    assert counted + len(reading.rejects) == len(rows)
