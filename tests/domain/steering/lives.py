"""Cases with a past, for steering tests: what the journey would have written, row by row."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.agencies.models import Membership, Programme
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case
from atre.domain.network.models import Organisation
from atre.domain.support.models import (
    AidFile,
    FollowUp,
    Orientation,
    SavingRecord,
    Support,
    SupportAction,
)
from atre.domain.visits import schemas
from atre.domain.visits.enums import VisitState
from atre.domain.visits.models import Appointment, Visit, VisitReport
from tests.support import world


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())


class Life:
    """One case, and what happens to it."""

    def __init__(
        self,
        scheme: Programme,
        by: Membership,
        on: date,
        *,
        sent_by: Membership | None = None,
        **request: Any,
    ) -> None:
        self.by = by
        self.case = world.case(scheme, by=sent_by, on=on, **request)
        self.agency = scheme.agency

    def move(self, state: str, **changes: Any) -> "Life":
        with isolation.within(self.agency):
            Case.objects.filter(pk=self.case.pk).update(state=state, **changes)
        return self

    def visited(self, on: date, equipment: tuple[tuple[str, int | None], ...] = ()) -> "Life":
        document = schemas.empty(on.isoformat()) | {
            "equipment": [
                {"item": item, "quantity": quantity, "note": None} for item, quantity in equipment
            ]
        }
        with isolation.within(self.agency):
            self.visit = Visit.objects.create(
                agency=self.agency,
                identifier=uuid4(),
                case=self.case,
                state=VisitState.SEALED,
                schema_version=1,
                document=document,
                visited_on=on,
                author=self.by,
                sealed_at=noon(on),
                document_sha256="0" * 64,
            )
        return self.move(CaseState.VISITED)

    def reported(self, on: date) -> "Life":
        with isolation.within(self.agency):
            VisitReport.objects.create(
                agency=self.agency,
                visit=self.visit,
                sha256="0" * 64,
                size_bytes=1,
                handed_over_on=on,
            )
        return self.move(CaseState.REPORTED)

    def appointment(self, on: date, state: str) -> "Life":
        with isolation.within(self.agency):
            Appointment.objects.create(
                agency=self.agency,
                case=self.case,
                starts_at=noon(on),
                ends_at=noon(on) + timedelta(hours=1),
                state=state,
            )
        return self

    def oriented(self, on: date, state: str, service: Organisation) -> "Life":
        with isolation.within(self.agency):
            Orientation.objects.create(
                agency=self.agency,
                case=self.case,
                service=service,
                purpose="Un secours",
                state=state,
                sent_at=noon(on),
                sent_by=self.by,
                answer_due_on=on + timedelta(days=15),
            )
        return self

    def supported(self, on: date, minutes: int = 60) -> "Life":
        with isolation.within(self.agency):
            support = Support.objects.create(
                agency=self.agency, case=self.case, goal="Tenir", opened_on=on, adviser=self.by
            )
            SupportAction.objects.create(
                agency=self.agency,
                support=support,
                kind="formalities",
                on=on,
                minutes=minutes,
                text="Un courrier",
                by=self.by,
            )
        return self.move(CaseState.SUPPORTED)

    def aided(self, on: date, state: str, asked: int | None, granted: int | None) -> "Life":
        with isolation.within(self.agency):
            AidFile.objects.create(
                agency=self.agency,
                case=self.case,
                kind="fsl",
                state=state,
                asked_on=on,
                asked_eur=asked,
                granted_eur=granted,
                by=self.by,
            )
        return self

    def followed_up(self, due: date, state: str, answer: str = "") -> "Life":
        with isolation.within(self.agency):
            FollowUp.objects.create(
                agency=self.agency,
                case=self.case,
                due_on=due,
                state=state,
                opened_at=noon(due),
                exit_answer=answer,
            )
        return self

    def saved(self, on: date, tier: str, kwh: str | None, euros: str | None) -> "Life":
        with isolation.within(self.agency):
            SavingRecord.objects.create(
                agency=self.agency,
                case=self.case,
                tier=tier,
                kwh_per_year=None if kwh is None else Decimal(kwh),
                euros_per_year=None if euros is None else Decimal(euros),
                basis="Essai",
                recorded_on=on,
            )
        return self
