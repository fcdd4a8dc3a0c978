"""A household takes an agreement back, by its private link or by telling the agency."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import require
from atre.domain.audit import actions as audit
from atre.domain.errors import NotAllowed
from atre.domain.households import states
from atre.domain.households.actions.moving import case_is_within, change_state
from atre.domain.households.enums import CaseState, ClosingReason, ConsentKind
from atre.domain.households.models import Case, Consent
from atre.domain.messages.models import Message
from atre.domain.visits.enums import AppointmentState

WITHDRAWN = "Le ménage retire son accord."
BY_LINK = "private link"


@transaction.atomic
def withdraw_consent(
    *, case: Case, kind: ConsentKind, by: Membership | None, channel: str = "screen"
) -> bool:
    """Take back one agreement; False when none of this kind stands (sending twice is harmless).

    `by` is None for the household itself, on its private link. Without the agreement to keep the
    file nothing may go on: the case closes, its planned visit and its unsent messages are
    cancelled. Raises `NotAllowed`.
    """
    if by is None and channel != BY_LINK:
        raise NotAllowed("Retirer un accord demande le lien personnel du ménage.")
    with isolation.within(case.agency_id):
        fresh = Case.objects.select_for_update(of=("self",)).get(
            pk=case.pk, agency_id=case.agency_id
        )
        if by is not None and not case_is_within(fresh, by=by, reach=require(by, "case.edit")):
            raise NotAllowed("Ce dossier n’est pas dans votre champ.", right="case.edit")
        now = timezone.now()
        withdrawn = Consent.objects.filter(
            agency_id=fresh.agency_id, case=fresh, kind=kind, withdrawn_at__isnull=True
        ).update(withdrawn_at=now)
        if not withdrawn:
            return False
        audit.record(
            agency=fresh.agency_id,
            action="withdraw_consent",
            obj=fresh,
            by=by,
            channel=channel,
            case_id=fresh.pk,
            details={"kind": str(kind)},
        )
        if kind == ConsentKind.PROCESSING:
            _stop(fresh, by=by)
    return True


def _stop(case: Case, *, by: Membership | None) -> None:
    case.appointments.filter(state=AppointmentState.PLANNED).update(
        state=AppointmentState.CANCELLED, reason=WITHDRAWN, sequence=F("sequence") + 1
    )
    Message.objects.filter(
        agency_id=case.agency_id, case_id=case.pk, sent_at__isnull=True, cancelled_at__isnull=True
    ).update(cancelled_at=timezone.now())
    if CaseState(case.state) in states.OPEN_STATES:
        case.closing_reason = ClosingReason.WITHDRAWN
        change_state(case=case, verb="close", by=by, reason=WITHDRAWN)
