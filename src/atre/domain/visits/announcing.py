"""What a household is told about its appointment, written with the change it announces."""

from datetime import datetime, timedelta

from django.utils import timezone

from atre.domain.households.models import Case
from atre.domain.messages import actions as messages
from atre.domain.messages.models import Message
from atre.domain.visits.models import Appointment
from atre.domain.visits.wording import day_fr, moment_fr

REMINDER_BEFORE = timedelta(days=2)

TO_PREPARE = (
    "Pour que la visite vous serve le plus, gardez à portée de main vos factures d’énergie et "
    "d’eau des douze derniers mois, si vous les avez. Ne rangez rien : nous venons pour le "
    "logement, pas pour le ménage."
)


def announce_planned(*, appointment: Appointment, case: Case, moved: bool) -> None:
    """Queue the confirmation and, when there is time for one, the reminder two days before."""
    forget_unsent(appointment=appointment)
    when = moment_fr(appointment.starts_at)
    opening = (
        f"Votre visite est déplacée : elle aura lieu {when}."
        if moved
        else f"Votre visite est prévue {when}."
    )
    _queue(
        appointment=appointment,
        case=case,
        kind="confirmation",
        subject=f"Votre visite du {day_fr(appointment.starts_at)}",
        paragraphs=[opening, _who_comes(appointment), TO_PREPARE, _to_change(case)],
    )
    queue_reminder(appointment=appointment, case=case)


def queue_reminder(*, appointment: Appointment, case: Case) -> Message | None:
    """The reminder of an appointment, once; None when it is too near or nobody can receive it."""
    send_after = appointment.starts_at - REMINDER_BEFORE
    if send_after <= timezone.now():
        return None
    return _queue(
        appointment=appointment,
        case=case,
        kind="reminder",
        subject=f"Rappel : votre visite du {day_fr(appointment.starts_at)}",
        paragraphs=[
            f"Nous vous rappelons votre visite, {moment_fr(appointment.starts_at)}.",
            _who_comes(appointment),
            TO_PREPARE,
            _to_change(case),
        ],
        send_after=send_after,
    )


def announce_cancelled(*, appointment: Appointment, case: Case) -> None:
    """Queue the cancellation, and drop whatever was not sent yet."""
    forget_unsent(appointment=appointment)
    _queue(
        appointment=appointment,
        case=case,
        kind="cancellation",
        subject=f"Votre visite du {day_fr(appointment.starts_at)} est annulée",
        paragraphs=[
            f"La visite prévue {moment_fr(appointment.starts_at)} n’aura pas lieu.",
            "Votre dossier reste ouvert : nous vous recontacterons pour trouver une autre date.",
            _to_change(case),
        ],
    )


def forget_unsent(*, appointment: Appointment) -> int:
    """Cancel what was to be sent about an appointment; how many messages."""
    return messages.cancel(
        agency=appointment.agency_id, dedupe_prefix=f"appointment:{appointment.pk}:"
    )


def _queue(
    *,
    appointment: Appointment,
    case: Case,
    kind: str,
    subject: str,
    paragraphs: list[str],
    send_after: datetime | None = None,
) -> Message | None:
    return messages.queue(
        agency=appointment.agency_id,
        kind=f"visit_{kind}",
        # The sequence makes a moved appointment say its new time.
        dedupe_key=f"appointment:{appointment.pk}:{appointment.sequence}:{kind}",
        to_email=case.household.email,
        case_id=case.pk,
        subject=subject,
        body="\n\n".join(
            [
                "Bonjour,",
                *(p for p in paragraphs if p),
                f"Référence de votre dossier : {case.reference}",
                case.programme.agency.name,
            ]
        ),
        send_after=send_after,
    )


def _who_comes(appointment: Appointment) -> str:
    names = [v.user.full_name for v in appointment.visitors.select_related("user").order_by("pk")]
    if not names:
        return ""
    verb = "viendra" if len(names) == 1 else "viendront"
    return f"{' et '.join(names)} {verb} chez vous."


def _to_change(case: Case) -> str:
    agency = case.programme.agency
    ways = [way for way in (agency.phone, agency.email) if way]
    if not ways:
        return ""
    return f"Un empêchement ? Prévenez-nous : {' ou '.join(ways)}."
