"""Curves built piece by piece are those built whole; lengths come from repeated steps only."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atre.formats import enedis_hdm, load_curve
from atre.formats.curve_steps import MINUTE, interval_lengths
from atre.formats.energy_units import unit_of
from atre.formats.reading import collect
from tests.support.enedis_files import curve, doubts, half_hours, real, real_reading, reasons

START = np.datetime64("2021-01-07T00:00", "us")


@pytest.mark.parametrize("name", ["HDM_C5_CDC.csv.gz", "HDM_C4_CDC.csv.gz"])
@pytest.mark.parametrize("window", [97, 1_000, 5_000])
def test_a_curve_read_through_small_windows_is_the_one_read_whole(name, window, monkeypatch):
    whole = real_reading(name)
    monkeypatch.setattr(load_curve, "WINDOW_POINTS", window)
    # Blocks of lines must be small too, or one block fills the window at once.
    content = io.BytesIO(real(name)[:400_000])
    expected = whole.tables[0]
    blocks = enedis_hdm.line_blocks
    monkeypatch.setattr(
        enedis_hdm, "line_blocks", lambda stream, warned: blocks(stream, warned, rows=61)
    )
    found = collect(whole.format, enedis_hdm.read(content))
    table = found.tables[0]
    assert table.num_rows > 10_000
    # The last two rows are those of a file cut in the middle of a line.
    assert table.slice(0, table.num_rows - 2).equals(expected.slice(0, table.num_rows - 2))


def lengths_of(*gaps: int, ends: bool = True) -> list[float]:
    at = START + np.cumsum([0, *gaps]) * np.timedelta64(1, "m")
    told = interval_lengths(at, np.zeros(at.size, np.int64), ends=ends)
    return (told / MINUTE).tolist()


def test_a_step_that_changes_is_followed_from_its_first_point():
    assert lengths_of(60, 60, 60, 60, 30, 30, 30, 30) == [60, 60, 60, 60, 60, 30, 30, 30, 30]


def test_after_a_hole_the_smaller_of_the_steps_around_is_taken():
    assert lengths_of(60, 60, 60, 60, 750, 30, 30, 30, 30)[5] == 30
    assert lengths_of(30, 30, 30, 30, 750, 60, 60, 60, 60)[5] == 30


def test_stamped_at_the_beginning_the_same_steps_are_shifted_by_one():
    forwards = lengths_of(60, 60, 60, 60, 30, 30, 30, 30, ends=False)
    assert forwards == [60, 60, 60, 60, 30, 30, 30, 30, 30]


def test_a_gap_that_is_no_usual_step_gives_no_length():
    assert lengths_of(7, 7, 7, 7, 7) == [0] * 6


def test_a_single_point_has_no_length():
    assert lengths_of() == [0]


@given(
    step=st.sampled_from([5, 10, 15, 30, 60]),
    kept=st.sets(st.integers(0, 200), min_size=60),
    ends=st.booleans(),
)
def test_whatever_points_are_missing_at_random_no_interval_is_longer_than_the_gap(step, kept, ends):
    """Energy is never counted over a time that another point already counts."""
    at = START + np.array(sorted(kept)) * np.timedelta64(step, "m")
    told = interval_lengths(at, np.zeros(at.size, np.int64), ends=ends)
    gaps = np.diff(at).astype(np.int64)
    assert (told[1:] <= gaps).all() if ends else (told[:-1] <= gaps).all()


def test_a_line_that_comes_after_its_window_is_refused_and_said(monkeypatch):
    monkeypatch.setattr(load_curve, "WINDOW_POINTS", 200)
    blocks = enedis_hdm.line_blocks
    monkeypatch.setattr(
        enedis_hdm, "line_blocks", lambda stream, warned: blocks(stream, warned, rows=100)
    )
    at = START + np.arange(1, 1_000) * np.timedelta64(30, "m")
    times = [f"{moment}Z" for moment in np.datetime_as_string(at, unit="s")]
    late = times.pop(3)
    content = io.BytesIO(curve(*half_hours(*times, late)))
    found = collect(enedis_hdm.FORMATS[0], enedis_hdm.read(content))
    assert reasons(found) == [load_curve.TOO_LATE_FR]
    assert doubts(found)[load_curve.HOLE_FR] == 1


@pytest.mark.parametrize(
    ("text", "kw", "kwh"),
    [
        ("W", 0.001, None),
        ("kW", 1.0, None),
        ("Wh", None, 0.001),
        ("KWH", None, 1.0),
        ("W.10min", None, 0.001 / 6),
        ("kW·30 min", None, 0.5),
    ],
)
def test_power_and_energy_are_never_mistaken(text, kw, kwh):
    unit = unit_of(text)
    assert unit is not None
    assert (unit.kw, unit.kwh) == (kw, pytest.approx(kwh) if kwh else None)


@pytest.mark.parametrize("text", ["", "VA", "VAr", "kVArh", "m3", "s", "€"])
def test_another_unit_is_unknown(text):
    assert unit_of(text) is None
