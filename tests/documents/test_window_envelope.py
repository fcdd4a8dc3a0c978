"""The address shows through a French DL envelope's window, whichever way the folded sheet slides."""

from dataclasses import replace

import pytest

from atre.documents.letters import Addressee, LetterKind, render_letter
from atre.documents.visit_report import render_visit_report
from tests.documents.letter_samples import letter_of
from tests.documents.pdf_reading import plain, text_between
from tests.documents.samples import full_report

# Envelope 110 x 220 mm, window 35 x 100 mm at 20 mm from the right and the bottom; sheet 99 x 210 mm once folded,
# so it slides by 11 mm up and 10 mm sideways.
ALWAYS_SEEN = {"left": 100, "right": 190, "top": 55, "bottom": 79}
SOMETIMES_SEEN = {"left": 90, "right": 200, "top": 44, "bottom": 85}

SIX_LINES = Addressee(
    name="Famille Exemple-Modèle de la Grande Invention",
    address_lines=(
        "Résidence des Peupliers d’Italie",
        "Bâtiment C, escalier 4, porte 12",
        "Chez Madame Essai",
        "124 bis avenue de la Grande Invention",
        "93170 Bagnolet",
    ),
)


@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_letter_shows_the_whole_address_and_nothing_else(kind: LetterKind):
    pdf = render_letter(replace(letter_of(kind), recipient=SIX_LINES))

    address = plain(" ".join([SIX_LINES.name, *SIX_LINES.address_lines]))
    assert text_between(pdf, **ALWAYS_SEEN) == address
    assert text_between(pdf, **SOMETIMES_SEEN) == address


def test_the_report_can_be_posted_too():
    pdf = render_visit_report(replace(full_report(), household=SIX_LINES))

    address = plain(" ".join([SIX_LINES.name, *SIX_LINES.address_lines]))
    assert text_between(pdf, **ALWAYS_SEEN) == address
    assert text_between(pdf, **SOMETIMES_SEEN) == address


def test_an_address_of_seven_lines_or_without_name_is_refused():
    with pytest.raises(ValueError, match="6 lines"):
        replace(SIX_LINES, address_lines=(*SIX_LINES.address_lines, "France"))
    with pytest.raises(ValueError, match="has a name"):
        replace(SIX_LINES, name=" ")
