"""What a visit document may say, in words that point at the field."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from atre.domain.visits import catalogue, schemas
from atre.domain.visits.missing import missing
from atre.domain.visits.results import compute_results
from atre.domain.visits.validation import validate
from tests.domain.visits.documents import bill, blank, full, period

TODAY = timezone.localdate()


def faults(document):
    return [(".".join(map(str, f.path)), f.message_fr) for f in validate(document, today=TODAY)]


def test_a_document_where_nothing_is_known_is_allowed_and_says_what_it_lacks():
    document = blank()
    assert faults(document) == []
    assert {"bills", "heating", "comfort"} <= {gap.section for gap in missing(document)}
    assert missing(full()) == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"euros": "-3"}, "bills.0.euros", "négative"),
        ({"quantity": "-1"}, "bills.0.quantity", "négative"),
        ({"quantity": "beaucoup"}, "bills.0.quantity", "écrivez un nombre"),
        ({"start": "2026-02-30"}, "bills.0.start", "n’existe pas"),
        ({"start": "2026", "end": None}, "bills.0.start", "pas complète"),
        ({"unit": None}, "bills.0.unit", "précisez l’unité"),
        ({"unit": "litre"}, "bills.0.unit", "comptez en kWh"),
        ({"energy": "coal"}, "bills.0.energy", "dans la liste"),
        ({"kwh_per_m3": "11.2"}, "bills.0.kwh_per_m3", "gaz en m³"),
        (
            {"kwh_per_m3": "2", "energy": "natural_gas", "unit": "m3"},
            "bills.0.kwh_per_m3",
            "moins 5",
        ),
    ],
)
def test_an_impossible_bill_is_refused_with_a_sentence_on_its_field(changes, field, words):
    assert faults(blank(bills=[bill()])) == []
    (found,) = faults(blank(bills=[bill(**changes)]))
    assert found[0] == field
    assert words in found[1]


@pytest.mark.parametrize(
    ("start", "days", "field"),
    [
        (TODAY - timedelta(50), -5, "end"),
        (TODAY - timedelta(450), 401, "end"),
        (TODAY - timedelta(9), 30, "end"),
    ],
)
def test_an_impossible_period_is_refused(start, days, field):
    (found,) = faults(blank(bills=[bill(**period(start, days))]))
    assert found[0] == f"bills.0.{field}"


def test_two_bills_of_one_energy_on_the_same_days_are_refused_naming_both():
    first = bill(**period(TODAY - timedelta(200), 60))
    second = bill(**period(TODAY - timedelta(150), 60))
    gas = bill("natural_gas", **period(TODAY - timedelta(150), 60))

    (found,) = faults(blank(bills=[first, gas, second]))

    assert found[0] == "bills.2.start"
    assert "facture 1 (électricité" in found[1]
    assert "facture 3 (électricité" in found[1]


def test_bills_that_follow_each_other_may_share_their_reading_day():
    first = bill(**period(TODAY - timedelta(200), 60))
    second = bill(**period(TODAY - timedelta(140), 60))
    assert faults(blank(bills=[second, first])) == []


def test_a_long_bill_hides_no_overlap_behind_a_short_one():
    long = bill(**period(TODAY - timedelta(300), 250))
    inside = bill(**period(TODAY - timedelta(290), 10))
    late = bill(**period(TODAY - timedelta(100), 40))
    found = {field for field, _ in faults(blank(bills=[long, inside, late]))}
    assert found == {"bills.1.start", "bills.2.start"}


def test_a_visit_in_the_future_is_refused():
    tomorrow = blank() | {"visited_on": (TODAY + timedelta(1)).isoformat()}
    assert [field for field, _ in faults(tomorrow)] == ["visited_on"]


def test_a_sign_that_a_database_refuses_is_refused_first():
    document = blank(conclusion={"household_words": "Il fait\x00froid"})
    assert [field for field, _ in faults(document)] == ["conclusion.household_words"]


def test_every_code_of_the_schema_has_a_french_label():
    def lists(part):
        if isinstance(part, dict):
            if "x-choices" in part:
                yield part
            for inner in part.values():
                yield from lists(inner)

    found = list(lists(schemas.schema()))
    assert len(found) > 20
    for field in found:
        assert field["enum"] == [*catalogue.CHOICES[field["x-choices"]], None]


def test_a_figure_beside_a_gesture_has_a_source_a_date_and_some_confidence():
    quoted = [gesture.saving for gesture in catalogue.GESTURES.values() if gesture.saving]
    assert quoted
    for saving in quoted:
        assert saving.confidence in {"medium", "high"}
        assert saving.source
        assert saving.address.startswith("http")
        assert date.fromisoformat(saving.read_on)
    assert catalogue.GESTURES["cut_standby"].saving is None, "no source is sound enough"


def test_a_year_of_bills_is_counted_by_energy_and_water_apart():
    uses = {use["energy"]: use for use in compute_results(full())["uses"]}
    assert uses["natural_gas"]["annual_quantity"] == "12400.00"
    assert uses["water"]["annual_quantity"] == "96.50"
    assert (uses["water"]["unit"], uses["natural_gas"]["unit"]) == ("m³", "kWh")
    assert uses["electricity"]["annual_euros"] == "870.00"


def test_an_unknown_quantity_stays_unknown_and_says_why():
    results = compute_results(
        blank(bills=[bill(quantity=None), bill("water", unit="m3", euros=None)])
    )
    electricity, water = results["uses"]
    assert (electricity["quantity"], electricity["annual_quantity"]) == (None, None)
    assert electricity["annual_euros"] == "1240.50"
    assert "pas de quantité" in electricity["annual_unknown_because"]
    assert (water["annual_euros"], water["annual_quantity"]) == (None, "12400.00")
    assert water["annual_unknown_because"]


def test_half_a_year_is_not_a_year():
    short = bill(**period(TODAY - timedelta(190), 180))
    (use,) = compute_results(blank(bills=[short]))["uses"]
    assert use["annual_quantity"] is None
    assert use["quantity"] == "12400.00"
    assert "Pas de total annuel" in use["annual_unknown_because"]


def test_a_bill_without_a_period_is_set_aside_and_said():
    results = compute_results(blank(bills=[bill(), bill(start=None)]))
    assert len(results["uses"]) == 1
    assert "facture 2" in results["set_aside"][0]
