"""Figures, dates and phone numbers read as French readers write them."""

import datetime as dt
from decimal import Decimal

import pytest

from atre.web.design import formatting


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1240, "1\u202f240\u00a0€"),
        (Decimal("12.40"), "12,40\u00a0€"),
        (0, "0\u00a0€"),
        (-3, "\u22123\u00a0€"),
        (1234567.5, "1\u202f234\u202f567,50\u00a0€"),
    ],
)
def test_euros_keep_their_cents_and_their_sign(value, text):
    assert formatting.euros(value) == text


@pytest.mark.parametrize(
    "write",
    [
        formatting.euros,
        formatting.number,
        formatting.percent,
        formatting.date,
        formatting.moment,
        formatting.clock,
        formatting.duration,
        formatting.phone,
        lambda value: formatting.quantity(value, "kWh"),
    ],
)
def test_unknown_is_said_in_words_and_never_zero(write):
    assert write(None) == "non renseigné"


def test_rounding_is_half_up_as_on_a_bill():
    assert formatting.number(Decimal("2.5")) == "3"
    assert formatting.number(Decimal("0.125"), 2) == "0,13"


@pytest.mark.parametrize("value", ["douze", float("nan"), float("inf")])
def test_what_is_no_figure_is_refused_rather_than_shown(value):
    with pytest.raises(ValueError, match="number"):
        formatting.number(value)


def test_a_share_becomes_a_percentage():
    assert formatting.percent(0.3) == "30\u00a0%"
    assert formatting.percent(Decimal("0.342"), 1) == "34,2\u00a0%"


def test_the_first_of_the_month_is_written_1er():
    assert formatting.date(dt.date(2026, 3, 1)) == "1er\u00a0mars 2026"
    assert formatting.date(dt.date(2026, 8, 12)) == "12\u00a0août 2026"


def test_a_moment_is_read_in_paris():
    late_evening_utc = dt.datetime(2026, 6, 30, 22, 30, tzinfo=dt.UTC)

    assert formatting.moment(late_evening_utc) == "1er\u00a0juillet 2026 à 0\u00a0h\u00a030"
    assert formatting.date(late_evening_utc) == "1er\u00a0juillet 2026"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0\u00a0min"),
        (45, "45\u00a0min"),
        (60, "1\u00a0h"),
        (95, "1\u00a0h\u00a035"),
        (dt.timedelta(hours=47), "47\u00a0h"),
        (dt.timedelta(days=12), "12\u00a0jours"),
    ],
)
def test_durations_from_minutes_to_days(value, text):
    assert formatting.duration(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0199001234", "01\u00a099\u00a000\u00a012\u00a034"),
        ("+33199001234", "01\u00a099\u00a000\u00a012\u00a034"),
        ("+3222345678", "+32\u00a02\u00a0234\u00a056\u00a078"),
        ("poste 12 bis", "poste 12 bis"),
    ],
)
def test_phone_numbers(value, text):
    assert formatting.phone(value) == text


def test_french_spaces():
    assert formatting.spaced("Froid ? « Oui » : 12 %") == (
        "Froid\u202f? «\u00a0Oui\u00a0»\u00a0: 12\u00a0%"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0\u00a0jour"), (1, "1\u00a0jour"), (1.5, "2\u00a0jours"), (12, "12\u00a0jours")],
)
def test_a_counted_thing_is_plural_from_two_on(value, text):
    assert formatting.counted(value, "jour") == text


def test_what_agrees_with_a_number_takes_the_ending_of_its_own():
    assert [formatting.plural(n, "t,ent") for n in (0, 1, 2)] == ["t", "t", "ent"]
