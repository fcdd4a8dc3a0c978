"""A household already visited, for tests of what follows a visit."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import time_machine

from atre.domain.agencies import isolation
from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Agency, Membership, Programme
from atre.domain.households.actions import assigning, moving
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case
from atre.domain.network.enums import OrganisationKind
from atre.domain.network.models import Organisation
from atre.domain.support.actions.sharing import record_sharing_consent
from atre.domain.visits import schemas
from atre.domain.visits.actions.drafting import start_visit
from atre.domain.visits.actions.sealing import seal_visit
from atre.domain.visits.models import Visit
from tests.support import world

VISITED_ON = date(2025, 11, 10)


def bill(energy: str, end: date, *, quantity: str, euros: str, days: int = 365) -> dict[str, Any]:
    """Bills of one year of an energy that end on a day, as one row."""
    return {
        "energy": energy,
        "start": (end - timedelta(days=days)).isoformat(),
        "end": end.isoformat(),
        "quantity": quantity,
        "unit": "kwh",
        "kwh_per_m3": None,
        "euros": euros,
        "estimated": False,
        "reference": None,
    }


def document(on: date = VISITED_ON) -> dict[str, Any]:
    """A cold flat heated with gas, cooking and hot water on electricity, one unpaid bill."""
    parts = schemas.empty(on.isoformat())
    parts["heating"] |= {"system": "boiler", "energy": "natural_gas"}
    parts["hot_water"] |= {"system": "tank", "energy": "electricity"}
    parts["uses"] |= {"cooking_energy": "electricity"}
    parts["dwelling"] |= {"dpe_class": "G"}
    parts["comfort"] |= {"cold_in_winter": True, "damp": "marked"}
    last = on - timedelta(days=20)
    parts["bills"] = [
        bill("natural_gas", last, quantity="10000", euros="1200"),
        bill("electricity", last, quantity="3000", euros="750"),
    ]
    contract = dict.fromkeys(schemas.field_schema(("contracts", 0))["properties"])
    parts["contracts"] = [contract | {"energy": "natural_gas", "arrears_eur": "180"}]
    parts["gestures"] = [{"code": "minus_1_degree", "note": None}, {"code": "led", "note": None}]
    parts["conclusion"]["findings"] = [
        {"sentence": "La fenêtre de la chambre ne ferme plus", "caution": None}
    ]
    return parts


@dataclass
class Followed:
    """An agency with one case, the people around it, and a partner service."""

    agency: Agency
    programme: Programme
    adviser: Membership
    director: Membership
    operator: Organisation
    visitor: Membership
    service: Organisation
    partner: Membership
    case: Case
    visit: Visit | None = field(default=None)

    def agree(self) -> None:
        """The household agrees to share with the service."""
        record_sharing_consent(by=self.adviser, case=self.case, service=self.service)

    def fresh(self) -> Case:
        return Case.objects.get(pk=self.case.pk)


def followed(
    *, state: str = CaseState.REPORTED, programme: dict[str, Any] | None = None, **changes: object
) -> Followed:
    """A case taken to « reported » (or « visited »), visited on 10 November 2025."""
    agency = world.agency()
    scheme = world.programme(agency, **(programme or {}))
    operator = world.organisation(agency)
    service = world.organisation(agency, OrganisationKind.CCAS)
    adviser = world.member(agency)
    visitor = world.member(agency, Role.VISITOR, of=operator)
    # The rows are read within the agency: on PostgreSQL they show nowhere else.
    with isolation.within(agency), time_machine.travel(world.at(VISITED_ON.isoformat(), 9)):
        case = world.case(scheme, on=VISITED_ON - timedelta(days=30), **changes)
        assigning.assign_case(
            by=adviser, case=case, operator=operator, visitor=visitor, adviser=adviser
        )
        visit = start_visit(by=visitor, case=case, identifier=uuid4(), visited_on=VISITED_ON)
        seal_visit(by=visitor, visit=visit, document=document())
        if state == CaseState.REPORTED:
            moving.move_case(case=case, verb="report", by=visitor)
        case, visit = Case.objects.get(pk=case.pk), Visit.objects.get(pk=visit.pk)
    return Followed(
        agency=agency,
        programme=scheme,
        adviser=adviser,
        director=world.member(agency, Role.DIRECTOR),
        operator=operator,
        visitor=visitor,
        service=service,
        partner=world.member(agency, Role.REFERRER, of=service),
        case=case,
        visit=visit,
    )
