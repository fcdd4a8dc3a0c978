"""Opening a case from a request, once, whole, or not at all."""

import secrets
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from atre.domain.agencies import isolation, permissions
from atre.domain.agencies.actions import token_digest
from atre.domain.agencies.models import Agency, Membership, Programme
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.households import keys
from atre.domain.households.actions.judging import judge_case
from atre.domain.households.actions.linking import issue_link, receipt_token
from atre.domain.households.actions.moving import change_state
from atre.domain.households.consent_texts import TAKEN_OVER
from atre.domain.households.enums import (
    CaseState,
    Channel,
    ConsentKind,
    Difficulty,
    EligibilityAnswer,
)
from atre.domain.households.models import (
    Case,
    CaseLink,
    Consent,
    Dwelling,
    Household,
    HouseholdToken,
)
from atre.domain.households.rhythm import day_start
from atre.domain.messages import actions as messages
from atre.domain.network.models import Organisation
from atre.domain.territories.models import Commune
from atre.domain.territories.selectors import perimeter_contains

# No vowels and no look-alikes: a reference is read over the telephone and spells nothing.
REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
OPENING_ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a household, or someone with its agreement, tells when asking for help.

    None is « not told ». Text is as typed, trimmed; amounts in euros.
    """

    first_name: str
    last_name: str
    birth_date: date | None
    phone: str
    email: str
    contact_preference: str
    adults: int | None
    children: int | None
    tenure: str
    address_line: str
    address_extra: str
    postal_code: str
    commune: Commune
    dwelling_kind: str
    floor_area_m2: Decimal | None
    landlord_name: str
    difficulties: frozenset[Difficulty]
    told: str
    rfr_eur: Decimal | None
    rfr_income_year: int | None
    consents: frozenset[ConsentKind]
    partner_ids: tuple[int, ...] = field(default=())
    # When the agreement was given before today, in a file taken over.
    consented_on: date | None = None


@dataclass(frozen=True)
class Receipt:
    """What the sender of a request keeps: the same when the same form is sent again.

    `link_token` is None once the link given with the receipt has been replaced or has expired.
    """

    case: Case
    link_token: str | None
    created: bool


def open_case(
    *,
    programme: Programme,
    request: Request,
    submission: UUID,
    channel: Channel,
    by: Membership | None,
    on: date,
    household: Household | None = None,
) -> Receipt:
    """Open a case from a request, judged by the rules of its deposit date.

    Sending the same `submission` again, even at the same moment, returns the same receipt and
    changes nothing. Give `household` when staff recognised a household that is already known.
    Errors: `NotAllowed`, `InvalidInput` with the field to correct.
    """
    for attempts_left in reversed(range(OPENING_ATTEMPTS)):
        try:
            return _open_once(
                programme=programme,
                request=request,
                submission=submission,
                channel=channel,
                by=by,
                on=on,
                household=household,
            )
        except IntegrityError:
            # Two sends of one form ran together and the other one opened the case, which the next
            # attempt finds; or the reference drawn exists already, and the next attempt redraws.
            if not attempts_left:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def _open_once(
    *,
    programme: Programme,
    request: Request,
    submission: UUID,
    channel: Channel,
    by: Membership | None,
    on: date,
    household: Household | None,
) -> Receipt:
    with isolation.within(programme.agency_id):
        _check_may_open(by=by, programme=programme, channel=channel)
        known = _receipt_of(submission, programme=programme)
        if known is not None:
            return known
        _check_request(programme=programme, request=request, on=on)
        if household is None:
            household = _register_household(agency=programme.agency_id, request=request)
        elif household.agency_id != programme.agency_id:
            raise NotAllowed("Ce ménage n’est pas connu de cette agence.")
        case = _write_case(
            programme=programme,
            request=request,
            submission=submission,
            channel=channel,
            by=by,
            on=on,
            household=household,
        )
        _write_consents(case=case, request=request, by=by)
        change_state(case=case, verb=None, to=CaseState.RECEIVED, by=by)
        audit.record(
            agency=case.agency_id,
            action="open_case",
            obj=case,
            by=by,
            channel=channel,
            case_id=case.pk,
        )
        judge_case(case=case, by=by)
        token = issue_link(case=case, token=receipt_token(submission))
        if channel != Channel.IMPORT:
            # A household taken over from a file asked nothing today: it gets no receipt.
            _announce_receipt(case=case, token=token)
        return Receipt(case=case, link_token=token, created=True)


def _receipt_of(submission: UUID, *, programme: Programme) -> Receipt | None:
    """The receipt already given for this form, None the first time."""
    case = (
        Case.objects.filter(agency_id=programme.agency_id, submission=submission)
        .select_related("programme__agency")
        .first()
    )
    if case is None:
        return None
    token = receipt_token(submission)
    stands = CaseLink.objects.filter(
        agency_id=case.agency_id,
        case_id=case.pk,
        token_digest=token_digest(token),
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
    ).exists()
    return Receipt(case=case, link_token=token if stands else None, created=False)


def _check_may_open(*, by: Membership | None, programme: Programme, channel: Channel) -> None:
    if by is None:
        if channel not in {Channel.PUBLIC, Channel.IMPORT}:
            raise NotAllowed("Cette voie demande un compte.")
        return
    permissions.require(by, "case.import" if channel == Channel.IMPORT else "case.open")
    if by.agency_id != programme.agency_id:
        raise NotAllowed("Ce dispositif n’est pas celui de votre agence.")


def _check_request(*, programme: Programme, request: Request, on: date) -> None:
    check_told(request=request, on=on)
    _check_partners(programme=programme, request=request)
    if not perimeter_contains(programme.perimeter, request.commune.pk, on):
        raise InvalidInput(
            f"{request.commune.name} n’est pas dans le territoire de « {programme.name} ».",
            field="commune",
        )


def check_told(*, request: Request, on: date) -> None:
    """What a request must hold by itself, whoever takes it. `InvalidInput` naming the field."""
    if ConsentKind.PROCESSING not in request.consents:
        raise InvalidInput(
            "Sans l’accord du ménage, la demande ne peut pas être enregistrée.",
            field="consent_processing",
        )
    if not request.phone and not request.email:
        raise InvalidInput(
            "Donnez un téléphone ou une adresse e-mail : sans eux, personne ne pourra rappeler.",
            field="phone",
        )
    if request.birth_date is not None and not date(1900, 1, 1) <= request.birth_date <= on:
        raise InvalidInput(
            "Cette date de naissance n’est pas possible : vérifiez l’année.", field="birth_date"
        )
    if request.adults == 0:
        raise InvalidInput("Un ménage compte au moins un adulte.", field="adults")
    if request.rfr_eur is not None and request.rfr_eur < 0:
        raise InvalidInput(
            "Un revenu fiscal de référence n’est jamais négatif : écrivez 0 s’il est nul.",
            field="rfr_eur",
        )


def _check_partners(*, programme: Programme, request: Request) -> None:
    asked = set(request.partner_ids)
    if not asked:
        return
    own = Organisation.objects.filter(agency_id=programme.agency_id, pk__in=asked, is_active=True)
    if own.count() != len(asked):
        raise InvalidInput("Un des services choisis n’est plus proposé.", field="partners")


def _register_household(*, agency: int, request: Request) -> Household:
    dwelling = Dwelling.objects.create(
        agency_id=agency,
        address_line=request.address_line,
        address_extra=request.address_extra,
        postal_code=request.postal_code,
        commune=request.commune,
        address_key=keys.address_key(request.address_line, request.postal_code),
        kind=request.dwelling_kind,
        floor_area_m2=request.floor_area_m2,
        landlord_name=request.landlord_name,
    )
    household = Household.objects.create(
        agency_id=agency,
        dwelling=dwelling,
        first_name=request.first_name,
        last_name=request.last_name,
        birth_date=request.birth_date,
        phone=keys.phone_e164(request.phone),
        email=request.email.lower(),
        contact_preference=request.contact_preference,
        adults=request.adults,
        children=request.children,
        tenure=request.tenure,
        name_key=keys.name_key(request.first_name, request.last_name),
    )
    write_tokens(household=household)
    return household


def write_tokens(*, household: Household) -> None:
    """Index the words of a household's name for search; called whenever the name changes."""
    HouseholdToken.objects.filter(household=household, agency_id=household.agency_id).delete()
    HouseholdToken.objects.bulk_create(
        HouseholdToken(agency_id=household.agency_id, household=household, token=word[:60])
        for word in sorted(set(household.name_key.split()))
    )


def _write_case(
    *,
    programme: Programme,
    request: Request,
    submission: UUID,
    channel: Channel,
    by: Membership | None,
    on: date,
    household: Household,
) -> Case:
    return Case.objects.create(
        agency_id=programme.agency_id,
        reference=_new_reference(programme.agency),
        submission=submission,
        programme=programme,
        household=household,
        dwelling=household.dwelling,
        state=CaseState.RECEIVED,
        state_since=timezone.now(),
        channel=channel,
        referrer=by if channel == Channel.REFERRER else None,
        deposited_on=on,
        told=request.told,
        rfr_eur=request.rfr_eur,
        rfr_income_year=request.rfr_income_year,
        eligibility_answer=EligibilityAnswer.UNKNOWN,
        last_contact_on=on,
        **{str(difficulty): True for difficulty in request.difficulties},
    )


def _new_reference(agency: Agency) -> str:
    """A reference that says nothing of the household: agency prefix and six random signs."""
    return f"{agency.code}-" + "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(6))


def _write_consents(*, case: Case, request: Request, by: Membership | None) -> None:
    given_at, version = timezone.now(), case.programme.consent_text_version
    if case.channel == Channel.IMPORT:
        version = TAKEN_OVER
    if request.consented_on is not None:
        given_at = day_start(request.consented_on)
    for kind in sorted(request.consents):
        consent = Consent.objects.create(
            agency_id=case.agency_id,
            case=case,
            kind=kind,
            text_version=version,
            given_at=given_at,
            stated_by=by,
        )
        if kind == ConsentKind.SHARE_WITH_PARTNERS:
            consent.partners.set(request.partner_ids)


def _announce_receipt(*, case: Case, token: str) -> None:
    messages.queue(
        agency=case.agency_id,
        kind="receipt",
        dedupe_key=f"receipt:{case.pk}",
        to_email=case.household.email,
        case_id=case.pk,
        subject=f"Votre demande {case.reference} est enregistrée",
        body=(
            f"Bonjour,\n\nVotre demande « {case.programme.name} » est bien arrivée. "
            f"Sa référence est {case.reference}.\n\nSuivez-la ici (lien personnel, à ne pas "
            f"transmettre) :\n{settings.BASE_URL}/suivi/{token}/\n\n{case.programme.agency.name}"
        ),
    )
