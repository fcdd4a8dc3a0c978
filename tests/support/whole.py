"""One agency with one of everything, so that each route of Âtre has an object to be tried on."""

import io
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone
from PIL import Image

from atre.domain.agencies import invitations, isolation
from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Agency, Membership
from atre.domain.households.actions import (
    assigning,
    attaching,
    filtering,
    linking,
    merging,
    noting,
    tasking,
)
from atre.domain.households.enums import AttachmentKind
from atre.domain.households.importing import store
from atre.domain.households.listing import Criteria
from atre.domain.households.models import Case
from atre.domain.network.enums import OrganisationKind
from atre.domain.support.actions import aiding, mediating, orienting, supporting
from atre.domain.support.enums import FollowUpState
from atre.domain.support.models import FollowUp
from atre.domain.visits.actions import appointments, drafting, photographing, reporting, slots
from atre.formats.case_table import sheet_names
from tests.support import visited, world

PDF = b"%PDF-1.7\n%%EOF\n"


def picture(kind: str = "PNG") -> bytes:
    """A small square photograph."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, kind)
    return out.getvalue()


@dataclass
class Whole:
    """`case` was visited and is accompanied; `waiting` has a visit planned; `aside` is nobody's."""

    agency: Agency
    people: dict[Role, Membership]
    case: Case
    waiting: Case
    referred: Case
    aside: Case
    link: str
    values: dict[str, Any] = field(default_factory=dict)


def whole_agency(**changes: object) -> Whole:
    """Built through the actions, as people would; `changes` go to each household's request."""
    followed = visited.followed(**changes)
    agency, adviser = followed.agency, followed.adviser
    authority = world.organisation(agency, OrganisationKind.EPCI)
    with isolation.within(agency):
        authority.perimeter = agency.perimeter
        authority.save(update_fields=["perimeter"])
    people = {
        Role.DIRECTOR: followed.director,
        Role.ADVISER: adviser,
        Role.COORDINATOR: world.member(agency, Role.COORDINATOR, of=followed.operator),
        Role.VISITOR: followed.visitor,
        Role.REFERRER: followed.partner,
        Role.OBSERVER: world.member(agency, Role.OBSERVER, of=authority),
        Role.FEDERATION: world.member(agency, Role.FEDERATION),
    }
    scheme = followed.programme
    with isolation.within(agency):
        whole = Whole(
            agency=agency,
            people=people,
            case=followed.case,
            waiting=_other(scheme, "Attendue", "0612345602", **changes),
            referred=_other(scheme, "Adressée", "0612345603", by=followed.partner, **changes),
            aside=_other(scheme, "Personne", "0612345604", **changes),
            link=linking.issue_link(case=followed.case),
        )
        whole.values |= {"programme": scheme.slug, "organisation": followed.service.pk}
        _desk(whole)
        _visits(whole, followed)
        _support(whole, followed)
        _settings(whole)
    return whole


def _other(scheme: Any, surname: str, number: str, **changes: Any) -> Case:
    return world.case(scheme, **{"last_name": surname, "phone": number, "email": ""} | changes)


def _desk(whole: Whole) -> None:
    by, today = whole.people[Role.ADVISER], timezone.localdate()
    programme = whole.case.programme
    kept, absorbed = (_other(programme, f"Double{n}", f"061234570{n}") for n in (1, 2))
    noting.add_note(by=by, case=whole.case, text="Une note de l’équipe.", on=today)
    whole.values |= {
        "attachment": attaching.add_attachment(
            by=by, case=whole.case, kind=AttachmentKind.BILL, name="facture.png", content=picture()
        ).pk,
        "task": tasking.add_task(
            by=by, case=whole.case, title="Rappeler", due_on=today, on=today
        ).pk,
        "filter": filtering.save_filter(
            by=by, name="Les miens", criteria=Criteria(state="open")
        ).pk,
        "merge": merging.merge_households(
            by=by, kept=kept.household, absorbed=absorbed.household, reason="Même ménage."
        ).pk,
    }


def _visits(whole: Whole, followed: visited.Followed) -> None:
    visitor = whole.people[Role.VISITOR]
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    case = assigning.assign_case(
        by=whole.people[Role.ADVISER],
        case=whole.waiting,
        operator=followed.operator,
        visitor=visitor,
        adviser=whole.people[Role.ADVISER],
    )
    (slot,) = slots.offer_slots(
        by=visitor, visitor=visitor, ranges=[(start, start + timedelta(hours=2))]
    )
    appointment = appointments.schedule_appointment(
        by=visitor,
        case=case,
        starts_at=start + timedelta(days=1),
        ends_at=start + timedelta(days=1, hours=1),
        visitors=[visitor],
    )
    drafting.start_visit(by=visitor, case=case, identifier=uuid4(), visited_on=timezone.localdate())
    photo = photographing.add_visit_photo(
        by=visitor, case=case, kind=AttachmentKind.PHOTO, name="mur.png", content=picture()
    )
    report = reporting.store_report(by=visitor, visit=followed.visit, pdf=PDF)
    whole.waiting = Case.objects.get(pk=case.pk)
    whole.values |= {
        "slot": slot.pk,
        "appointment": appointment.pk,
        "photo": photo.pk,
        "report": report.pk,
    }


def _support(whole: Whole, followed: visited.Followed) -> None:
    by, today = whole.people[Role.ADVISER], timezone.localdate()
    followed.agree()
    case = whole.case
    orientation = orienting.send_orientation(
        by=by, case=case, service=followed.service, purpose="Une aide.", on=today, answer_days=15
    )
    supporting.open_support(by=by, case=case, goal="Avoir chaud.", on=today)
    aid = aiding.ask_aid(
        by=by, case=case, kind="fsl", asked_on=today, asked_eur=Decimal("150"), today=today
    )
    mediation = mediating.open_mediation(
        by=by,
        case=case,
        landlord=mediating.Landlord(name="Bailleur inventé", address="1 rue des Essais"),
        problem="La fenêtre ferme mal.",
        agreed_on=today,
        on=today,
    )
    # A real one opens a year after the visit, once the support is over: this case has both.
    FollowUp.objects.create(
        agency=whole.agency,
        case=case,
        due_on=today,
        state=FollowUpState.DUE,
        opened_at=timezone.now(),
    )
    whole.values |= {"orientation": orientation.pk, "aid": aid.pk, "mediation": mediation.pk}


def _settings(whole: Whole) -> None:
    invitation = invitations.invite(
        email=f"invitee-{whole.agency.pk}@example.org",
        full_name="Personne Invitée",
        role=Role.ADVISER,
        by=whole.people[Role.DIRECTOR],
        base_url="",
    )
    colleague = world.member(whole.agency, Role.ADVISER)
    content = "Nom;Prénom;Téléphone\nImporté;Paul;0612345699\n".encode()
    waiting = store.keep(
        by=whole.people[Role.DIRECTOR],
        content=content,
        filename="dossiers.csv",
        programme_id=whole.case.programme_id,
        sheets=sheet_names(content),
    )
    whole.values |= {
        "invitation": invitation.pk,
        "membership": colleague.pk,
        "import": waiting.identifier,
    }
