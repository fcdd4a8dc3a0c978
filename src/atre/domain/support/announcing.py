"""Messages about orientations and the one-year follow-up. None names a household."""

from django.conf import settings

from atre.calc.wording import date_fr
from atre.domain.agencies.enums import Role
from atre.domain.agencies.models import Membership
from atre.domain.households.models import Case
from atre.domain.messages import actions as messages
from atre.domain.support.enums import OrientationState
from atre.domain.support.models import Orientation

# Must stay the address of the page named « orientation_received »; a test compares them.
INBOX_PATH = "/orientations-recues/{pk}/"


def recipients(orientation: Orientation) -> list[str]:
    """The service's own address, else those of its people who answer orientations."""
    service = orientation.service
    if service.email:
        return [service.email]
    people = Membership.objects.filter(
        agency_id=orientation.agency_id, organisation=service, role=Role.REFERRER, is_active=True
    )
    return sorted(people.values_list("user__email", flat=True))


def announce_sent(orientation: Orientation) -> int:
    """Tell the service that something waits in its inbox; how many messages were written."""
    return _to_service(
        orientation,
        kind="sent",
        subject=f"Une orientation vous attend, dossier {orientation.case.reference}",
        opening=f"{orientation.agency.name} vous adresse un ménage, avec son accord.",
    )


def announce_reminder(orientation: Orientation, *, number: int) -> int:
    """Remind a service that has not answered; how many messages were written."""
    return _to_service(
        orientation,
        kind=f"reminder:{number}",
        subject=f"Rappel : une orientation attend votre réponse, dossier {orientation.case.reference}",
        opening=(
            f"{orientation.agency.name} vous a adressé un ménage. Une réponse était attendue le "
            f"{date_fr(orientation.answer_due_on)}, nous ne l’avons pas encore."
        ),
    )


def announce_answer(orientation: Orientation) -> None:
    """Tell the person who sent it that the service answered."""
    reference = orientation.case.reference
    state = OrientationState(orientation.state).label.lower()
    messages.queue(
        agency=orientation.agency_id,
        kind="orientation_answer",
        dedupe_key=f"orientation:{orientation.pk}:answer:{orientation.state}",
        to_email=orientation.sent_by.user.email,
        case_id=orientation.case_id,
        subject=f"Réponse à une orientation, dossier {reference}",
        body="\n\n".join(
            [
                "Bonjour,",
                f"L’orientation du dossier {reference} est {state}.",
                f"La réponse est dans le dossier : {settings.BASE_URL}/dossiers/{reference}/",
            ]
        ),
    )


def forget_reminders(orientation: Orientation) -> int:
    """Cancel reminders written but not sent yet; how many."""
    return messages.cancel(
        agency=orientation.agency_id, dedupe_prefix=f"orientation:{orientation.pk}:reminder"
    )


def announce_follow_up(case: Case) -> bool:
    """Tell the household that it will be called a year after; False when it has no address."""
    agency = case.programme.agency
    ways = " ou ".join(way for way in (agency.phone, agency.email) if way)
    message = messages.queue(
        agency=case.agency_id,
        kind="follow_up_opened",
        dedupe_key=f"follow_up:{case.pk}:opened",
        to_email=case.household.email,
        case_id=case.pk,
        subject="Un an après votre visite : comment allez-vous ?",
        body="\n\n".join(
            [
                "Bonjour,",
                "Il y a un an, nous sommes venus chez vous. Nous vous appellerons bientôt pour "
                "savoir ce qui a changé : le froid, l’humidité, vos factures.",
                "Si vous le pouvez, gardez à portée de main vos factures d’énergie de l’année. "
                "Vous pouvez aussi ne pas répondre : cela ne change rien pour vous.",
                f"Pour nous joindre : {ways}." if ways else "",
                f"Référence de votre dossier : {case.reference}",
                agency.name,
            ]
        ).replace("\n\n\n\n", "\n\n"),
    )
    return message is not None


def _to_service(orientation: Orientation, *, kind: str, subject: str, opening: str) -> int:
    link = settings.BASE_URL + INBOX_PATH.format(pk=orientation.pk)
    body = "\n\n".join(
        [
            "Bonjour,",
            opening,
            f"Pour lire la demande et répondre, connectez-vous : {link}",
            f"Réponse attendue avant le {date_fr(orientation.answer_due_on)}.",
            f"Référence : {orientation.case.reference}",
            orientation.agency.name,
        ]
    )
    written = [
        messages.queue(
            agency=orientation.agency_id,
            kind="orientation_" + kind.split(":")[0],
            dedupe_key=f"orientation:{orientation.pk}:{kind}:{rank}",
            to_email=email,
            case_id=orientation.case_id,
            subject=subject,
            body=body,
        )
        for rank, email in enumerate(recipients(orientation))
    ]
    return sum(message is not None for message in written)
