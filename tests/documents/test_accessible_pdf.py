"""Every document is a tagged French PDF/UA-1 file, the same bytes each time.

These tests read what the file declares and its structure tree. No PDF/UA validator (veraPDF) was run: none is in
the package registries we use. Typst refuses by itself what its own PDF/UA-1 checks find.
"""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from atre.documents.letters import LetterKind, render_letter
from atre.documents.visit_report import render_visit_report
from tests.documents.letter_samples import letter_of
from tests.documents.pdf_reading import tags_of
from tests.documents.samples import bare_report, full_report

DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "visit report": lambda: render_visit_report(full_report()),
    "bare visit report": lambda: render_visit_report(bare_report()),
    **{kind.value: (lambda kind=kind: render_letter(letter_of(kind))) for kind in LetterKind},
}
every_document = pytest.mark.parametrize("make", DOCUMENTS.values(), ids=DOCUMENTS.keys())


@every_document
def test_declares_language_tags_and_pdf_ua(make: Callable[[], bytes]):
    pdf = make()

    assert b"/Lang(fr-FR)" in pdf
    assert b"/MarkInfo<</Marked true" in pdf
    assert b"/StructTreeRoot" in pdf
    assert b"/DisplayDocTitle true" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"Exemple" not in pdf[pdf.index(b"<dc:title>") : pdf.index(b"</dc:title>")]


@every_document
def test_headings_start_at_one_and_skip_no_level(make: Callable[[], bytes]):
    levels = [int(tag.role[1]) for tag in tags_of(make()) if tag.role in {"H1", "H2", "H3"}]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@every_document
def test_each_table_has_header_cells_and_each_figure_its_text(make: Callable[[], bytes]):
    tags = tags_of(make())

    tables = [index for index, tag in enumerate(tags) if tag.role == "Table"]
    for start in tables:
        inside = []
        for tag in tags[start + 1 :]:
            if tag.depth <= tags[start].depth:
                break
            inside.append(tag.role)
        assert "TH" in inside
    assert all(tag.alt for tag in tags if tag.role == "Figure")


def test_the_drawing_says_its_figures_in_words():
    drawings = [
        tag.alt for tag in tags_of(render_visit_report(full_report())) if tag.role == "Figure"
    ]

    said = drawings[0].replace("\u202f", " ").replace("\u00a0", " ")
    assert "Gaz naturel 12 910 kWh, Électricité 4 380 kWh" in said
    assert "Gaz naturel 1 597 €" in said


@every_document
def test_same_input_gives_same_bytes_in_any_thread(make: Callable[[], bytes]):
    here = make()
    with ThreadPoolExecutor(max_workers=4) as pool:
        elsewhere = list(pool.map(lambda _: make(), range(8)))

    assert {hashlib.sha256(pdf).hexdigest() for pdf in elsewhere} == {
        hashlib.sha256(here).hexdigest()
    }
