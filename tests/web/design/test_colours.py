"""Each text colour on each ground it meets holds WCAG AA, computed from the stylesheet itself."""

import re
from pathlib import Path

import pytest

import atre.web.design

TOKENS = Path(atre.web.design.__file__).parent / "assets" / "css" / "tokens.css"
COLOURS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", TOKENS.read_text(encoding="utf-8")))


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("ground", ["paper", "surface", "sunk", "glow"])
@pytest.mark.parametrize("text", ["ink", "ink-soft", "ember-deep", "teal", "moss", "amber", "wine"])
def test_text_on_the_grounds_of_a_page(text, ground):
    assert contrast(COLOURS[text], COLOURS[ground]) >= 4.5


@pytest.mark.parametrize("tone", ["ember", "teal", "moss", "amber", "wine"])
def test_each_tone_on_its_own_soft_ground(tone):
    assert contrast(COLOURS[tone], COLOURS[f"{tone}-soft"]) >= 4.5
    assert contrast(COLOURS["ink"], COLOURS[f"{tone}-soft"]) >= 7


@pytest.mark.parametrize("ground", ["ember", "ember-deep", "wine"])
def test_white_on_a_full_button(ground):
    assert contrast("#ffffff", COLOURS[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["paper", "surface", "sunk"])
def test_borders_of_controls_and_the_focus_ring_are_seen(ground):
    assert contrast(COLOURS["line"], COLOURS[ground]) >= 3
    assert contrast(COLOURS["teal-deep"], COLOURS[ground]) >= 4.5
