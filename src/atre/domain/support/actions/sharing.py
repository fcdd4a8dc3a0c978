"""The household's agreement that a partner learns of its situation, told to a person of the team."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput
from atre.domain.households.actions.moving import locked_case
from atre.domain.households.consent_texts import consent_text
from atre.domain.households.enums import ConsentKind
from atre.domain.households.models import Case, Consent
from atre.domain.network.models import Organisation


def standing_sharing(case: Case) -> Consent | None:
    """The agreement to share in force for a case, with the partners it names."""
    return (
        Consent.objects.filter(
            agency_id=case.agency_id,
            case=case,
            kind=ConsentKind.SHARE_WITH_PARTNERS,
            withdrawn_at__isnull=True,
        )
        .prefetch_related("partners")
        .first()
    )


def agrees_to_share(case: Case, service: Organisation) -> bool:
    """Whether the household agrees today that this service learns of its situation."""
    standing = standing_sharing(case)
    return standing is not None and any(p.pk == service.pk for p in standing.partners.all())


@transaction.atomic
def record_sharing_consent(
    *, by: Membership, case: Case, service: Organisation, at: datetime | None = None
) -> Consent:
    """Write that the household agreed, by word of mouth, to share with one more service.

    An agreement is never edited: the standing one is ended and a new one names its partners and
    this one, stated by the person acting. Already agreed: nothing changes. Errors: `NotAllowed`,
    `InvalidInput`.
    """
    fresh = locked_case(by=by, case=case, right="orientation.send")
    if service.agency_id != fresh.agency_id:
        raise InvalidInput("Ce service n’est pas dans votre réseau.", field="service")
    text = consent_text(programme=fresh.programme, kind=ConsentKind.SHARE_WITH_PARTNERS)
    standing = standing_sharing(fresh)
    partners = {partner.pk for partner in standing.partners.all()} if standing else set()
    if standing is not None and service.pk in partners:
        return standing
    now = timezone.now()
    if standing is not None:
        standing.withdrawn_at = now
        standing.save(update_fields=["withdrawn_at"])
    consent = Consent.objects.create(
        agency_id=fresh.agency_id,
        case=fresh,
        kind=ConsentKind.SHARE_WITH_PARTNERS,
        text_version=text.version,
        given_at=at or now,
        stated_by=by,
    )
    consent.partners.set(partners | {service.pk})
    audit.record(
        agency=fresh.agency_id,
        action="record_sharing_consent",
        obj=consent,
        by=by,
        case_id=fresh.pk,
        details={"service": service.pk, "partners": len(partners) + 1},
    )
    return consent
