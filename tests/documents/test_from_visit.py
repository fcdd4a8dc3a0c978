"""A sealed visit becomes the household's report, without a figure that the visit did not hold."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from atre.documents.from_visit import visit_report, visit_report_pdf
from atre.documents.visit_report import BillReading
from atre.documents.visit_report_view import visit_report_data
from atre.domain.agencies import isolation
from atre.domain.visits.actions.sealing import seal_visit
from atre.domain.visits.models import Visit
from atre.domain.visits.savings import estimated_saving
from tests.domain.visits.conftest import make_operator
from tests.domain.visits.documents import blank, full
from tests.domain.visits.test_visit import start

PLAIN = str.maketrans("\u202f\xa0", "  ")


@pytest.fixture
def operator(db):
    operator = make_operator()
    with isolation.within(operator.agency):
        yield operator


def sealed_with(operator, document):
    visit = start(operator)
    seal_visit(by=operator.visitor, visit=visit, document=document)
    return Visit.objects.select_related("case__household", "case__dwelling").get(pk=visit.pk)


def report_of(visit):
    return visit_report(case=visit.case, visit=visit, issued_on=timezone.localdate())


def test_the_report_holds_what_the_visit_said(operator):
    visit = sealed_with(operator, full())
    report = report_of(visit)

    assert [use.energy for use in report.uses] == ["Électricité", "Gaz de réseau", "Eau"]
    assert report.uses[1].annual_quantity == Decimal("12400.00")
    assert report.uses[1].reading is BillReading.READ
    assert report.equipment[0].quantity == 4
    assert report.visitors == (operator.visitor.user.full_name,)
    assert [step.by_household for step in report.steps] == [False, True]
    assert report.dwelling.heating == "Chaudière, gaz de réseau, individuelle"


def test_a_gesture_on_heating_alone_is_put_in_euros_with_its_source(operator):
    visit = sealed_with(operator, full())
    lower, shutters = report_of(visit).gestures
    assert (lower.saving.low, lower.saving.unit) == (Decimal("87"), "€")
    assert "Ademe" in lower.saving.source
    assert shutters.saving is None, "no sound source puts a figure on shutters"
    assert estimated_saving(visit).kwh_per_year == Decimal("868")


def test_a_saving_is_unknown_when_heating_shares_its_energy(operator):
    shared = full() | {"uses": full()["uses"] | {"cooking_energy": "natural_gas"}}
    visit = sealed_with(operator, shared)
    saving = estimated_saving(visit)
    assert saving.kwh_per_year is None
    assert "la cuisson" in saving.unknown_because_fr
    assert report_of(visit).gestures[0].saving is None


def test_a_bill_prints_the_days_that_were_typed(operator):
    typed = full()
    typed["bills"] = [
        typed["bills"][0] | {"energy": "electricity", "unit": "kwh", "start": start, "end": end}
        for start, end in (("2025-12-28", "2026-01-28"), ("2026-01-28", "2026-02-28"))
    ]
    visit = sealed_with(operator, typed)
    [use] = report_of(visit).uses
    [line] = visit_report_data(report_of(visit))["uses"]

    assert (use.period_start, use.period_end) == (date(2025, 12, 28), date(2026, 2, 28))
    assert line["period"].translate(PLAIN) == "du 28 décembre 2025 au 28 février 2026"
    assert line["coverage"].translate(PLAIN) == "62 jours couverts par une facture, sur 62"


def test_one_covered_day_is_said_in_the_singular(operator):
    typed = full()
    typed["bills"] = [
        typed["bills"][0]
        | {"energy": "electricity", "unit": "kwh", "start": "2026-01-28", "end": "2026-01-29"}
    ]
    [line] = visit_report_data(report_of(sealed_with(operator, typed)))["uses"]
    assert line["coverage"].translate(PLAIN) == "1 jour couvert par une facture, sur 1"


def test_a_visit_where_nothing_is_known_still_prints(operator):
    visit = sealed_with(operator, blank())
    report = report_of(visit)
    assert report.dwelling.heating is None
    assert report.uses == ()
    pdf = visit_report_pdf(case=visit.case, visit=visit, issued_on=timezone.localdate())
    assert pdf.startswith(b"%PDF-")


def test_the_same_visit_gives_the_same_bytes(operator):
    visit = sealed_with(operator, full())
    day = timezone.localdate()
    first = visit_report_pdf(case=visit.case, visit=visit, issued_on=day)
    assert first == visit_report_pdf(case=visit.case, visit=visit, issued_on=day)


def test_a_draft_has_no_report(operator):
    with pytest.raises(ValueError, match="sealed"):
        report_of(start(operator))
