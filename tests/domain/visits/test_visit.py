"""Writing a visit together, finishing it once, and never changing it afterwards."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from atre.domain.agencies.enums import Role
from atre.domain.errors import InvalidInput, NotAllowed, StaleSave
from atre.domain.households.models import Case
from atre.domain.messages.models import Message
from atre.domain.visits import canonical
from atre.domain.visits.actions.drafting import save_draft, save_parts, start_visit
from atre.domain.visits.actions.reporting import hand_over_report, store_report
from atre.domain.visits.actions.sealing import seal_visit
from atre.domain.visits.enums import AppointmentState
from atre.domain.visits.errors import DifferentContent, VisitSealed
from atre.domain.visits.faults import DocumentRefused
from atre.domain.visits.models import Appointment, Visit
from atre.domain.visits.selectors import report_for, report_for_household, reports_of_case
from tests.domain.visits.documents import bill, blank, full
from tests.domain.visits.test_appointments import begun, book, state_of
from tests.support import world

pytestmark = pytest.mark.usefixtures("inside")


def start(operator, case=None, **changes) -> Visit:
    values = {
        "by": operator.visitor,
        "case": case or visited_by(operator),
        "identifier": uuid4(),
        "visited_on": timezone.localdate(),
    } | changes
    return start_visit(**values)


def visited_by(operator) -> Case:
    """A case whose planned visit is now."""
    case = operator.assigned_case()
    begun(book(operator, case))
    return case


def sealed(operator) -> Visit:
    visit = start(operator)
    seal_visit(by=operator.visitor, visit=visit, document=full())
    return Visit.objects.get(pk=visit.pk)


def test_a_visit_starts_from_the_request_and_its_appointment(operator):
    case = visited_by(operator)
    visit = start(operator, case)
    assert visit.appointment == Appointment.objects.get(case=case)
    assert visit.document["dwelling"]["floor_area_m2"] == "54"
    assert visit.document["dwelling"]["occupants"] == 3
    assert visit.document["heating"]["energy"] is None


def test_starting_again_gives_the_same_visit(operator):
    case = visited_by(operator)
    identifier = uuid4()
    first = start(operator, case, identifier=identifier)
    assert start(operator, case, identifier=identifier) == first
    assert start(operator, case) == first, "one open visit a case"
    with pytest.raises(DifferentContent):
        start(operator, identifier=identifier)


def test_a_visit_is_not_written_from_another_agency_or_operator(operator):
    visit = start(operator)
    elsewhere = world.member(world.agency(insee=world.ANGERS), Role.DIRECTOR)
    neighbour = world.member(operator.agency, Role.VISITOR)
    with pytest.raises(Case.DoesNotExist):
        save_draft(by=elsewhere, visit=visit, document=full(), revision=1)
    with pytest.raises(NotAllowed):
        save_draft(by=neighbour, visit=visit, document=full(), revision=1)
    assert save_draft(by=operator.visitor, visit=visit, document=full(), revision=1).revision == 2


def test_sending_a_draft_twice_keeps_it_once(operator):
    visit = start(operator)
    first = save_draft(by=operator.visitor, visit=visit, document=full(), revision=1)
    again = save_draft(by=operator.visitor, visit=visit, document=full(), revision=1)
    assert (first.revision, again.revision) == (2, 2)


def test_a_stale_draft_is_refused_with_the_current_one(operator):
    visit = start(operator)
    save_draft(by=operator.visitor, visit=visit, document=full(), revision=1)
    with pytest.raises(StaleSave) as refusal:
        save_draft(by=operator.coordinator, visit=visit, document=blank(), revision=1)
    assert refusal.value.current.document == full()


def test_two_people_fill_different_parts_without_meeting(operator):
    visit = start(operator)
    seen = {name: canonical.part_digest(part) for name, part in visit.document.items()}
    save_parts(by=operator.visitor, visit=visit, parts={"heating": full()["heating"]}, seen=seen)
    save_parts(
        by=operator.coordinator, visit=visit, parts={"comfort": full()["comfort"]}, seen=seen
    )
    other = full()["heating"] | {"energy": "fuel_oil"}
    with pytest.raises(StaleSave):
        save_parts(by=operator.coordinator, visit=visit, parts={"heating": other}, seen=seen)
    kept = Visit.objects.get(pk=visit.pk).document
    assert (kept["heating"], kept["comfort"]) == (full()["heating"], full()["comfort"])


def test_an_impossible_draft_is_refused_and_the_former_kept(operator):
    visit = start(operator)
    with pytest.raises(DocumentRefused) as refusal:
        save_draft(
            by=operator.visitor, visit=visit, document=blank(bills=[bill(), bill()]), revision=1
        )
    assert refusal.value.faults[0].path == ("bills", 1, "start")
    assert Visit.objects.get(pk=visit.pk).document["bills"] == []


def test_sealing_moves_the_case_holds_the_appointment_and_computes(operator):
    case = visited_by(operator)
    visit = start(operator, case)
    receipt = seal_visit(by=operator.visitor, visit=visit, document=full())

    row = Visit.objects.get(pk=visit.pk)
    assert state_of(case) == "visited"
    assert row.appointment.state == AppointmentState.HELD
    assert receipt.sha256 == row.document_sha256 == canonical.digest(full())
    assert {use["energy"] for use in row.document["results"]["uses"]} == {
        "natural_gas",
        "electricity",
        "water",
    }
    assert not Message.objects.filter(
        case_id=case.pk, kind__startswith="visit_", cancelled_at=None, sent_at=None
    ).exists()


def test_a_visit_sealed_twice_has_one_receipt_and_other_content_is_refused(operator):
    visit = start(operator)
    first = seal_visit(by=operator.visitor, visit=visit, document=full())
    again = seal_visit(by=operator.visitor, visit=visit, document=full())
    assert (again.sha256, again.sealed_at) == (first.sha256, first.sealed_at)
    assert (first.first_time, again.first_time) == (True, False)
    with pytest.raises(DifferentContent):
        seal_visit(by=operator.visitor, visit=visit, document=blank())


def test_a_sealed_visit_does_not_change(operator):
    visit = sealed(operator)
    with pytest.raises(VisitSealed):
        save_draft(by=operator.visitor, visit=visit, document=blank(), revision=visit.revision)
    assert Visit.objects.get(pk=visit.pk).document == visit.document


def test_sealing_a_draft_that_changed_on_another_screen_is_stale(operator):
    visit = start(operator)
    save_draft(by=operator.coordinator, visit=visit, document=full(), revision=1)
    with pytest.raises(StaleSave):
        seal_visit(by=operator.visitor, visit=visit, revision=1)
    assert seal_visit(by=operator.visitor, visit=visit, revision=2).first_time


def test_a_report_is_kept_once_and_handing_it_over_moves_the_case(operator):
    visit = sealed(operator)
    report = store_report(by=operator.visitor, visit=visit, pdf=b"%PDF-1.7 essai")
    assert store_report(by=operator.visitor, visit=visit, pdf=b"%PDF-1.7 essai") == report
    assert report_for_household(case=visit.case) is None

    today = timezone.localdate()
    hand_over_report(by=operator.visitor, report=report, on=today)
    hand_over_report(by=operator.visitor, report=report, on=today)

    assert state_of(visit.case) == "reported"
    assert report_for_household(case=visit.case) == report
    assert Message.objects.filter(kind="visit_report", case_id=visit.case_id).count() == 1


def test_a_report_needs_a_finished_visit_a_pdf_and_a_possible_day(operator):
    with pytest.raises(InvalidInput):
        store_report(by=operator.visitor, visit=start(operator), pdf=b"%PDF-1.7")
    visit = sealed(operator)
    with pytest.raises(InvalidInput):
        store_report(by=operator.visitor, visit=visit, pdf=b"<html>")
    report = store_report(by=operator.visitor, visit=visit, pdf=b"%PDF-1.7")
    for days in (-1, 1):
        on = timezone.localdate() + timedelta(days=days)
        with pytest.raises(InvalidInput):
            hand_over_report(by=operator.visitor, report=report, on=on)


def test_reports_are_read_within_reach_only(operator):
    visit = sealed(operator)
    report = store_report(by=operator.visitor, visit=visit, pdf=b"%PDF-1.7")
    neighbour = world.member(operator.agency, Role.COORDINATOR)
    assert reports_of_case(by=operator.coordinator, case=visit.case) == [report]
    assert reports_of_case(by=neighbour, case=visit.case) == []
    from atre.domain.visits.models import VisitReport

    with pytest.raises(VisitReport.DoesNotExist):
        report_for(by=neighbour, pk=report.pk)
