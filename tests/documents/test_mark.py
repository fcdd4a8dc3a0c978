"""The mark on paper is the one of the screens: one drawing, three places that cannot share a file."""

import re
from pathlib import Path

import atre.documents
import atre.web.design

ON_SCREENS = Path(atre.web.design.__path__[0])
ON_PAPER = Path(atre.documents.__path__[0]) / "templates/mark.svg"
ICON = ON_SCREENS / "assets/images/mark.svg"
HEADER = ON_SCREENS / "templates/design/components/mark.html"


def strokes(path: Path) -> list[str]:
    return re.findall(r'\sd="([^"]+)"', path.read_text(encoding="utf-8"))


def test_paper_and_screens_show_the_same_mark():
    assert ON_PAPER.read_bytes() == ICON.read_bytes()
    assert len(strokes(HEADER)) == 3
    assert [d.split() for d in strokes(HEADER)] == [d.split() for d in strokes(ICON)]


def test_letters_draw_that_file_and_nothing_of_their_own():
    house = (ON_PAPER.parent / "house.typ").read_text(encoding="utf-8")
    assert "curve(" not in house
    assert 'image("mark.svg"' in house
