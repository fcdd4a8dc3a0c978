"""A sealed visit becomes the household's report, without a figure that the visit did not hold."""

from decimal import Decimal

import pytest
from django.utils import timezone

from atre.documents.from_visit import visit_report, visit_report_pdf
from atre.documents.visit_report import BillReading
from atre.domain.agencies import isolation
from atre.domain.visits.actions.sealing import seal_visit
from atre.domain.visits.models import Visit
from atre.domain.visits.savings import estimated_saving
from tests.domain.visits.conftest import make_operator
from tests.domain.visits.documents import blank, full
from tests.domain.visits.test_visit import start


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
