"""A visit on the screen: booked, filled section by section, finished, printed, handed over."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.households.models import Attachment, Case
from atre.domain.visits.canonical import part_digest
from atre.domain.visits.models import Appointment, Slot, Visit, VisitReport
from atre.web.visit.showing import told
from tests.domain.visits.conftest import in_days
from tests.domain.visits.documents import full
from tests.domain.visits.test_appointments import book
from tests.domain.visits.test_visit import sealed, visited_by
from tests.support import world


def inside(operator):
    return isolation.within(operator.agency)


def booking(operator, case, **changes):
    day = in_days(7)
    return {
        "day": day.date().isoformat(),
        "begins": "10:00",
        "ends": "11:30",
        "visitor": operator.visitor.pk,
        "second": "",
        "practical": "Code 12",
        "revision": case.revision,
    } | changes


@pytest.fixture
def visitor(client, operator):
    client.force_login(operator.visitor.user)
    return client


@pytest.fixture
def coordinator(client, operator):
    client.force_login(operator.coordinator.user)
    return client


def test_a_visit_is_booked_from_the_page(coordinator, operator):
    case = operator.assigned_case()
    page = reverse("visit_schedule", args=[case.reference])
    assert coordinator.get(page).status_code == 200
    answer = coordinator.post(page, booking(operator, case))
    assert answer.status_code == 302
    with inside(operator):
        appointment = Appointment.objects.get(case=case)
        assert timezone.localtime(appointment.starts_at).hour == 10
        assert appointment.practical == "Code 12"


def test_a_busy_visitor_is_said_and_what_was_typed_is_kept(coordinator, operator):
    with inside(operator):
        book(operator, operator.assigned_case())
    case = operator.assigned_case()
    answer = coordinator.post(
        reverse("visit_schedule", args=[case.reference]), booking(operator, case)
    )
    assert answer.status_code == 422
    assert "a déjà une visite" in answer.content.decode()
    assert "Code 12" in answer.content.decode()


def test_a_booking_on_an_old_screen_shows_both_versions(coordinator, operator):
    case = operator.assigned_case()
    with inside(operator):
        book(operator, case)
    answer = coordinator.post(
        reverse("visit_schedule", args=[case.reference]), booking(operator, case)
    )
    assert answer.status_code == 409
    assert "Deux versions" in answer.content.decode()


def test_free_slots_are_proposed_before_free_time(coordinator, operator):
    day = in_days(3).date().isoformat()
    answer = coordinator.post(
        reverse("slot_new"),
        {
            "visitor": operator.visitor.pk,
            "day": day,
            "begins": "09:00",
            "ends": "12:00",
            "weeks": 2,
        },
    )
    assert answer.status_code == 302
    with inside(operator):
        assert Slot.objects.filter(visitor=operator.visitor).count() == 2
    case = operator.assigned_case()
    page = coordinator.get(reverse("visit_schedule", args=[case.reference])).content.decode()
    assert page.count("Choisir<span") == 2


def test_a_slot_in_the_past_is_refused_on_its_field(coordinator, operator):
    slot = {
        "visitor": operator.visitor.pk,
        "day": "2020-01-06",
        "begins": "09:00",
        "ends": "12:00",
        "weeks": 1,
    }
    answer = coordinator.post(reverse("slot_new"), slot)
    assert answer.status_code == 422
    assert "déjà passé" in answer.content.decode()


def test_the_agenda_shows_the_week_asked_and_only_what_is_in_reach(client, operator):
    with inside(operator):
        appointment = book(operator, operator.assigned_case())
    week = {"semaine": timezone.localdate(appointment.starts_at).isoformat()}
    stranger = world.member(operator.agency, Role.VISITOR)
    for who, seen in ((operator.visitor, True), (operator.second, False), (stranger, False)):
        client.force_login(who.user)
        page = client.get(reverse("agenda"), week).content.decode()
        assert (appointment.case.reference in page) is seen
    assert client.get(reverse("agenda"), {"semaine": "n’importe quoi"}).status_code == 200
    assert client.get(reverse("agenda"), {"semaine": "2026-02-31"}).status_code == 200


def test_the_agenda_asks_as_many_queries_with_one_visit_as_with_six(
    coordinator, operator, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        week = {"semaine": in_days(7).date().isoformat()}
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert coordinator.get(reverse("agenda"), week).status_code == 200
        return len(queries)

    with inside(operator):
        book(operator, operator.assigned_case(), start=in_days(7, 8), hours=1)
    cost()
    one = cost()
    with inside(operator):
        for hour in range(9, 14):
            book(operator, operator.assigned_case(), start=in_days(7, hour), hours=1)
    assert cost() == one


def start(client, case):
    page = reverse("visit", args=[case.reference])
    form = client.get(page).context["form"]
    sent = {
        "visited_on": timezone.localdate().isoformat(),
        "identifier": form["identifier"].value(),
    }
    return client.post(page, sent)


def section(client, case, slug, data=None, **headers):
    page = reverse("visit_section", args=[case.reference, slug])
    if data is None:
        return client.get(page)
    return client.post(page, data, **headers)


def seen_of(answer):
    return {f"seen-{name}": digest for name, digest in answer.context["form"].seen}


def heating(answer, **changes):
    return seen_of(answer) | {"s-system": "boiler", "s-energy": "natural_gas"} | changes


def bills(answer, *lines):
    data = seen_of(answer) | {"bills-TOTAL_FORMS": len(lines) + 1, "bills-INITIAL_FORMS": 0}
    for rank, line in enumerate([*lines, {}]):
        data |= {f"bills-{rank}-{name}": value for name, value in line.items()}
    return data


BILL = {
    "energy": "electricity",
    "start": "2025-01-10",
    "end": "2025-03-10",
    "quantity": "1 240,5",
    "unit": "kwh",
    "euros": "312,40",
    "estimated": "no",
}


def test_a_section_is_saved_and_leads_to_the_next(visitor, operator):
    with inside(operator):
        case = visited_by(operator)
    assert start(visitor, case).status_code == 302
    page = section(visitor, case, "chauffage")
    assert page.status_code == 200

    answer = section(
        visitor, case, "chauffage", heating(page) | {"next": "1", "s-thermostat": "no"}
    )

    assert answer.url.endswith("/visite/eau-chaude/")
    with inside(operator):
        kept = Visit.objects.get(case=case).document["heating"]
        assert (kept["energy"], kept["thermostat"], kept["valves"]) == ("natural_gas", False, None)


def test_bills_are_typed_as_french_people_write_numbers(visitor, operator):
    with inside(operator):
        case = visited_by(operator)
    start(visitor, case)
    page = section(visitor, case, "factures")
    assert section(visitor, case, "factures", bills(page, BILL) | {"add": "1"}).status_code == 302
    with inside(operator):
        (bill,) = Visit.objects.get(case=case).document["bills"]
    assert (bill["quantity"], bill["euros"], bill["estimated"]) == ("1240.5", "312.4", False)
    again = section(visitor, case, "factures")
    assert 'value="1240,5"' in again.content.decode()


def test_overlapping_bills_are_refused_on_the_line_and_kept_on_screen(visitor, operator):
    with inside(operator):
        case = visited_by(operator)
    start(visitor, case)
    second = BILL | {"start": "2025-03-01", "end": "2025-05-01", "euros": "99"}
    answer = section(
        visitor, case, "factures", bills(section(visitor, case, "factures"), BILL, second)
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Deux factures couvrent les mêmes jours" in page
    assert 'href="#id_bills-1-start"' in page
    assert 'value="99"' in page
    with inside(operator):
        assert Visit.objects.get(case=case).document["bills"] == []


def test_a_line_ticked_for_removal_goes(visitor, operator):
    with inside(operator):
        case = visited_by(operator)
    start(visitor, case)
    section(visitor, case, "factures", bills(section(visitor, case, "factures"), BILL))
    page = section(visitor, case, "factures")
    section(visitor, case, "factures", bills(page, BILL | {"DELETE": "on"}))
    with inside(operator):
        assert Visit.objects.get(case=case).document["bills"] == []


def test_another_persons_change_gives_both_versions_and_mine_can_be_saved(
    visitor, operator, client
):
    with inside(operator):
        case = visited_by(operator)
    start(visitor, case)
    old = section(visitor, case, "chauffage")
    section(visitor, case, "chauffage", heating(old, **{"s-energy": "fuel_oil"}))

    conflict = section(visitor, case, "chauffage", heating(old))
    assert conflict.status_code == 409
    page = conflict.content.decode()
    assert "Fioul" in page
    assert "Gaz de réseau" in page
    mine = dict(conflict.context["fields"]) | {f"seen-{n}": d for n, d in conflict.context["seen"]}
    assert section(visitor, case, "chauffage", mine).status_code == 302
    with inside(operator):
        assert Visit.objects.get(case=case).document["heating"]["energy"] == "natural_gas"


def test_typing_saves_by_itself_and_hands_back_the_new_version(visitor, operator):
    with inside(operator):
        case = visited_by(operator)
    start(visitor, case)
    page = section(visitor, case, "chauffage")
    answer = section(visitor, case, "chauffage", heating(page), headers={"HX-Request": "true"})
    assert "Enregistré à" in answer.content.decode()
    with inside(operator):
        stored = Visit.objects.get(case=case).document["heating"]
    assert part_digest(stored) in answer.content.decode()
    refused = section(
        visitor,
        case,
        "chauffage",
        heating(section(visitor, case, "chauffage"), **{"s-installed_year": "12"}),
        headers={"HX-Request": "true"},
    )
    assert refused.status_code == 422


def test_what_is_missing_is_shown_before_finishing(visitor, operator):
    with inside(operator):
        case = visited_by(operator)
    start(visitor, case)
    page = visitor.get(reverse("visit_finish", args=[case.reference]))
    assert "Une température mesurée" in page.content.decode()
    sent = {"revision": page.context["visit"].revision}
    answer = visitor.post(reverse("visit_finish", args=[case.reference]), sent)
    assert answer.status_code == 302
    assert visitor.post(reverse("visit_finish", args=[case.reference]), sent).status_code == 302
    with inside(operator):
        assert Case.objects.get(pk=case.pk).state == "visited"


def test_the_report_is_made_read_and_handed_over(visitor, operator):
    with inside(operator):
        visit = sealed(operator)
        reference = visit.case.reference
    assert visitor.get(reverse("visit", args=[reference])).status_code == 200
    assert visitor.post(reverse("report_make", args=[reference])).status_code == 302
    with inside(operator):
        report = VisitReport.objects.get(visit=visit)
    pdf = visitor.get(reverse("report_download", args=[reference, report.pk]))
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")
    assert (pdf["X-Content-Type-Options"], pdf["Content-Disposition"][:10]) == (
        "nosniff",
        "attachment",
    )
    page = reverse("report_hand_over", args=[reference, report.pk])
    form = visitor.get(page).context["form"]
    sent = {"on": timezone.localdate().isoformat(), "revision": form["revision"].value()}
    too_early = sent | {"on": (timezone.localdate() - timedelta(days=3)).isoformat()}
    assert visitor.post(page, too_early).status_code == 422
    assert visitor.post(page, sent).status_code == 302
    with inside(operator):
        assert Case.objects.get(reference=reference).state == "reported"


def test_a_photo_loses_its_hidden_data_and_a_huge_one_is_refused(visitor, operator, settings):
    import io

    from PIL import Image

    with inside(operator):
        case = visited_by(operator)
    page = reverse("visit_photo", args=[case.reference])
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (40, 30)).save(buffer, "JPEG", exif=exif)
    good = SimpleUploadedFile("mur.jpg", buffer.getvalue(), "image/jpeg")
    assert visitor.post(page, {"file": good, "kind": "photo"}).status_code == 302
    with inside(operator):
        photo = Attachment.objects.get(case=case)
    address = reverse("visit_photo_file", args=[case.reference, photo.pk])
    assert b"secret place" not in b"".join(visitor.get(address).streaming_content)

    settings.UPLOAD_MAX_BYTES = 100
    huge = SimpleUploadedFile("mur.jpg", buffer.getvalue(), "image/jpeg")
    answer = visitor.post(page, {"file": huge, "kind": "photo"})
    assert answer.status_code == 422
    assert "la limite est de" in answer.content.decode()


PAGES = ("visit_schedule", "visit", "visit_finish", "visit_photo")


@pytest.mark.parametrize("name", PAGES)
def test_a_strangers_case_and_no_case_look_alike(client, operator, name):
    with inside(operator):
        case = visited_by(operator)
    client.force_login(operator.visitor.user)
    start(client, case)
    assert client.get(reverse(name, args=[case.reference])).status_code == 200
    neighbour = world.member(operator.agency, Role.COORDINATOR)
    elsewhere = world.member(world.agency(insee=world.ANGERS), Role.DIRECTOR)
    for who in (neighbour, elsewhere):
        client.force_login(who.user)
        assert client.get(reverse(name, args=[case.reference])).status_code == 404
        assert client.get(reverse(name, args=["A0-XXXXXX"])).status_code == 404


def test_a_document_from_elsewhere_reads_the_same(visitor, operator):
    with inside(operator):
        reference = sealed(operator).case.reference
    page = visitor.get(reverse("visit", args=[reference])).content.decode()
    assert "On dort dans le salon" in page
    assert full()["conclusion"]["findings"][0]["sentence"] in page


def test_a_year_is_not_written_as_a_quantity_and_an_empty_column_is_named_apart(operator):
    document = full()
    document["heating"]["installed_year"] = 2009
    for bill in document["bills"]:
        bill["kwh_per_m3"] = None
    sections = {part.section.slug: part for part in told(document)}

    assert ("Année de pose", "2009") in sections["chauffage"].facts
    [(_title, heads, _lines)] = sections["factures"].tables
    assert "Coefficient (gaz en m³)" not in heads
    assert any(name.startswith("Coefficient") for name in sections["factures"].unknown)


def test_what_a_visit_does_not_know_is_folded_in_one_line(visitor, operator):
    with inside(operator):
        visit = sealed(operator)
        unknown = [name for part in told(visit.document) for name in part.unknown]
        address = reverse("visit", args=[visit.case.reference])
    page = visitor.get(address).content.decode()
    read, folded = page.split('<details class="fold">')

    assert len(unknown) > 2
    assert f"{len(unknown)}\u00a0informations inconnues" in folded
    assert all(str(escape(name)) in folded for name in unknown)
    assert read.count('<span class="unknown">') == 0
    assert "Chaudière" in read
