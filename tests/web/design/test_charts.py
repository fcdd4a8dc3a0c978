"""The drawings start at zero, and never draw what is not known."""

import pytest

from atre.web.design import charts


def test_bars_share_one_scale_from_zero():
    bars, target = charts.bars([("a", 50), ("b", 100), ("c", 0)], "", 0, None, 25)

    assert [bar.width for bar in bars] == ["50.0", "100.0", "0.0"]
    assert target == "25.0"


def test_an_unknown_and_a_secret_value_have_no_bar_and_say_so():
    rows = [("a", None), {"label": "b", "value": 3, "secret": True}, ("c", 10)]

    bars, _ = charts.bars(rows, "kWh", 0, None, None)

    assert [(bar.width, bar.text) for bar in bars] == [
        (None, "non renseigné"),
        (None, "secret statistique"),
        ("100.0", "10\u00a0kWh"),
    ]


def test_a_secret_value_does_not_set_the_scale():
    rows = [{"label": "a", "value": 1000, "secret": True}, ("b", 10)]

    bars, _ = charts.bars(rows, "", 0, None, None)

    assert bars[1].width == "100.0"


def test_negative_values_are_refused():
    with pytest.raises(ValueError, match="negative"):
        charts.bars([("a", -1)], "", 0, None, None)


def test_shares_follow_each_other_and_fill_the_whole():
    parts = charts.shares([("a", 1), ("b", 3)], "", 0)

    assert [(part.offset, part.width, part.note) for part in parts] == [
        ("0.0", "25.0", "25\u00a0%"),
        ("25.0", "75.0", "75\u00a0%"),
    ]


def test_a_whole_with_an_unknown_part_is_not_drawn():
    parts = charts.shares([("a", 1), ("b", None)], "", 0)

    assert [part.width for part in parts] == [None, None]


def test_a_missing_month_breaks_the_curve():
    points = [("j", 1), ("f", 2), ("m", None), ("a", 4), ("m", 2)]

    (line,), _ = charts.lines([{"name": "2026", "points": points}], "", 0, None)

    assert len(line.paths) == 2
    assert [point.known for point in line.points] == [True, True, False, True, True]
    assert line.points[2].text == "non renseigné"


def test_the_labels_of_two_close_curves_stay_apart():
    series = [
        {"name": "a", "points": [("j", 1), ("f", 10)]},
        {"name": "b", "points": [("j", 1), ("f", 9.9)]},
    ]

    drawn, _ = charts.lines(series, "", 0, None)

    assert abs(float(drawn[0].label_y) - float(drawn[1].label_y)) >= charts.LABEL_GAP


def test_a_chart_without_any_value_is_still_a_chart():
    bars, _ = charts.bars([("a", None)], "", 0, None, None)
    (line,), _ = charts.lines([{"name": "a", "points": [("j", None)]}], "", 0, None)

    assert bars[0].width is None
    assert line.paths == []
    assert line.end_text == "non renseigné"
