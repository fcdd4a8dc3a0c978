"""Classes of a map: every commune is in the one whose words hold its value."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from atre.web.observatory.mapping import classes

numbers = arrays(
    np.float64,
    st.integers(0, 60),
    elements=st.floats(0, 1e7).map(lambda value: round(value, 1)) | st.just(np.nan),
)


@given(numbers)
def test_each_known_value_is_between_the_limits_of_its_class(values):
    limits = classes.limits(values, 1)
    edges = [-np.inf, *limits, np.inf]
    for value, place in zip(values, classes.classed(values, limits), strict=True):
        if np.isnan(value):
            assert place == classes.OUTSIDE
        else:
            assert edges[place] <= value < edges[place + 1]


@given(numbers)
def test_the_legend_counts_every_known_value_once_and_no_class_is_empty(values):
    limits = classes.limits(values, 1)
    legend = classes.legend(limits, classes.classed(values, limits), 1)
    assert sum(one.count for one in legend) == np.isfinite(values).sum()
    assert all(one.count for one in legend)
    assert len(legend) <= classes.MOST


@given(numbers)
def test_shades_go_darker_with_the_values(values):
    limits = classes.limits(values, 1)
    shades = [one.shade for one in classes.legend(limits, classes.classed(values, limits), 1)]
    assert shades == sorted(set(shades))


def test_limits_are_said_as_the_classes_are_cut():
    values = np.array([1.0, 2.0, 3.0, 4.0])
    limits = classes.limits(values, 0, most=2)
    legend = classes.legend(limits, classes.classed(values, limits), 0)
    assert [(one.label, one.count) for one in legend] == [("moins de 3", 2), ("3 et plus", 2)]


def test_one_value_everywhere_is_one_class():
    values = np.array([5.0, 5.0, np.nan])
    legend = classes.legend([], classes.classed(values, classes.limits(values, 0)), 0)
    assert [(one.label, one.count) for one in legend] == [("une seule valeur", 2)]


def test_decimals_leave_three_figures_to_a_middling_value():
    assert classes.decimals_for(np.array([0.0, 12.345, np.nan])) == 1
    assert classes.decimals_for(np.array([4_321.0])) == 0
    assert classes.decimals_for(np.array([np.nan])) == 0
