"""The household's private link to its own case."""

import base64
import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from atre.domain.agencies import isolation
from atre.domain.agencies.actions import token_digest
from atre.domain.agencies.models import Agency
from atre.domain.audit import actions as audit
from atre.domain.households.models import Case, CaseLink
from atre.domain.messages import actions as messages

LINK_DAYS = 730
# Someone who lost the e-mail asks twice; more than this a day is a mailbox being flooded.
LINKS_A_DAY = 3


def receipt_token(submission: UUID) -> str:
    """The token of the link that a request receives.

    Derived from the form's own number and the installation's key, so that a form sent twice gets
    the same receipt although only a digest is kept. A copy of the database lacks the key.
    """
    mac = salted_hmac("atre.households.receipt", submission.bytes, algorithm="sha256")
    return base64.urlsafe_b64encode(mac.digest()).decode().rstrip("=")


def issue_link(*, case: Case, token: str | None = None) -> str:
    """A new private link for the household; the former ones stop working."""
    token = token or secrets.token_urlsafe(24)
    now = timezone.now()
    CaseLink.objects.filter(case_id=case.pk, agency_id=case.agency_id, revoked_at=None).update(
        revoked_at=now
    )
    CaseLink.objects.create(
        agency_id=case.agency_id,
        case_id=case.pk,
        token_digest=token_digest(token),
        expires_at=now + timedelta(days=LINK_DAYS),
    )
    return token


@transaction.atomic
def renew_link(*, reference: str, email: str) -> bool:
    """E-mail a new private link to the household that has this reference and this address.

    Returns whether a message was written. What the person who asked is told must not depend on it:
    otherwise the page would say whose file exists.
    """
    code, _, _ = reference.partition("-")
    agency = Agency.objects.filter(code=code).first()
    if agency is None or not email:
        return False
    with isolation.within(agency):
        case = (
            Case.objects.filter(
                agency=agency,
                reference=reference,
                household__email=email.lower(),
                erased_at__isnull=True,
            )
            .select_related("household", "programme")
            .first()
        )
        if case is None or _asked_too_often(case):
            return False
        token = issue_link(case=case)
        link = CaseLink.objects.get(token_digest=token_digest(token))
        messages.queue(
            agency=agency,
            kind="new_link",
            dedupe_key=f"new_link:{link.pk}",
            to_email=case.household.email,
            case_id=case.pk,
            subject=f"Votre nouveau lien pour la demande {case.reference}",
            body=(
                "Bonjour,\n\nVoici un nouveau lien personnel pour suivre votre demande "
                f"{case.reference}. L’ancien ne fonctionne plus.\n"
                f"{settings.BASE_URL}/suivi/{token}/\n\n"
                "Si vous n’avez rien demandé, ce message ne change rien à votre dossier.\n\n"
                f"{agency.name}"
            ),
        )
        audit.record(
            agency=agency, action="renew_link", obj=case, by=None, channel="public", case_id=case.pk
        )
    return True


def _asked_too_often(case: Case) -> bool:
    since = timezone.now() - timedelta(days=1)
    recent = CaseLink.objects.filter(
        case_id=case.pk, agency_id=case.agency_id, created_at__gte=since
    )
    return recent.count() > LINKS_A_DAY
