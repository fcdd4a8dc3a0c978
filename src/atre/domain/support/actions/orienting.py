"""Directing a household to a partner service, and the service's answer."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import Scope, require
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError, InvalidInput, NotAllowed
from atre.domain.households.actions.moving import locked_case
from atre.domain.households.enums import CaseState
from atre.domain.households.models import Case
from atre.domain.network.enums import OrganisationKind
from atre.domain.network.models import Organisation
from atre.domain.support import announcing, orientation_states
from atre.domain.support.actions.sharing import agrees_to_share
from atre.domain.support.enums import OrientationState
from atre.domain.support.models import Orientation

LONGEST_ANSWER_DAYS = 180


class NoConsent(DomainError):
    """The household did not agree that this service learns of its situation."""


@transaction.atomic
def send_orientation(
    *,
    by: Membership,
    case: Case,
    service: Organisation,
    purpose: str,
    on: date,
    answer_days: int | None = None,
    answer_due_on: date | None = None,
) -> Orientation:
    """Direct a household to a service, which is told by e-mail without any personal data.

    The answer is due on `answer_due_on`, else `answer_days` after `on` (today), else after the
    service's own delay. Errors: `NoConsent`, `NotAllowed`, `InvalidInput`.
    """
    fresh = locked_case(by=by, case=case, right="orientation.send")
    if fresh.state == CaseState.CLOSED:
        raise DomainError("Ce dossier est clos : rouvrez-le avant d’orienter le ménage.")
    row = _usable_service(by=by, service=service)
    if not purpose.strip():
        raise InvalidInput("Dites ce que le ménage attend de ce service.", field="purpose")
    if not agrees_to_share(fresh, row):
        raise NoConsent(
            f"Le ménage n’a pas donné son accord pour que « {row.name} » connaisse sa situation. "
            "Demandez-le-lui ; s’il dit oui, notez son accord ici."
        )
    _refuse_double(fresh, row)
    orientation = Orientation.objects.create(
        agency_id=fresh.agency_id,
        case=fresh,
        service=row,
        purpose=purpose.strip(),
        state=OrientationState.SENT,
        sent_at=timezone.now(),
        sent_by=by,
        answer_due_on=_due_on(row, on=on, days=answer_days, due_on=answer_due_on),
    )
    told = announcing.announce_sent(orientation)
    audit.record(
        agency=fresh.agency_id,
        action="send_orientation",
        obj=orientation,
        by=by,
        case_id=fresh.pk,
        details={"service": row.pk, "messages": told},
    )
    return orientation


@transaction.atomic
def receive_orientation(*, by: Membership, orientation: Orientation) -> Orientation:
    """Note that the service opened it: the proof of receipt. Later openings change nothing."""
    row = _locked_at_service(by=by, orientation=orientation)
    if row.state != OrientationState.SENT:
        return row
    _move(row, "receive", by=by)
    row.save()
    _record(row, "receive_orientation", by=by)
    return row


@transaction.atomic
def answer_orientation(
    *, by: Membership, orientation: Orientation, verb: str, words: str = ""
) -> Orientation:
    """The service accepts, declines (in words) or says it is done. `verb` is one of `ANSWERS`.

    Errors: `NotAllowed`, `IllegalMove`.
    """
    row = _locked_at_service(by=by, orientation=orientation)
    _answer(row, verb, by=by, words=words)
    return row


@transaction.atomic
def record_answer(
    *, by: Membership, orientation: Orientation, verb: str, words: str = ""
) -> Orientation:
    """A person of the agency writes the answer that the service gave by telephone."""
    locked_case(by=by, case=orientation.case, right="orientation.send")
    row = _locked(orientation, agency_id=by.agency_id)
    _answer(row, verb, by=by, words=words)
    return row


def _answer(row: Orientation, verb: str, *, by: Membership, words: str) -> None:
    if verb not in orientation_states.ANSWERS:
        raise InvalidInput("Choisissez une réponse.", field="verb")
    orientation_states.check(verb, row.state, words=words)
    _move(row, verb, by=by)
    row.answer = words.strip() or row.answer
    row.save()
    announcing.forget_reminders(row)
    if by.pk != row.sent_by_id:
        announcing.announce_answer(row)
    _record(row, f"{verb}_orientation", by=by)


def _move(row: Orientation, verb: str, *, by: Membership) -> None:
    """Set the state and the dates it implies: an answered orientation was received."""
    now = timezone.now()
    row.state = orientation_states.MOVES[verb].target
    if row.received_at is None:
        row.received_at, row.received_by = now, by
    if verb != "receive":
        if row.answered_at is None or verb == "decline":
            row.answered_at = now
        row.answered_by = by
    if verb == "finish":
        row.done_at = now


def _record(row: Orientation, action: str, *, by: Membership) -> None:
    audit.record(
        agency=row.agency_id,
        action=action,
        obj=row,
        by=by,
        case_id=row.case_id,
        details={"state": row.state},
    )


def _locked(orientation: Orientation, *, agency_id: int) -> Orientation:
    return (
        Orientation.objects.select_for_update(of=("self",))
        .select_related("agency", "case", "service", "sent_by__user")
        .get(pk=orientation.pk, agency_id=agency_id)
    )


def _locked_at_service(*, by: Membership, orientation: Orientation) -> Orientation:
    """The orientation, locked, when it was sent to the organisation of the person acting."""
    reach = require(by, "orientation.answer")
    mine = (
        orientation.agency_id == by.agency_id
        and by.organisation_id is not None
        and orientation.service_id == by.organisation_id
    )
    if reach is not Scope.ORGANISATION or not mine:
        raise NotAllowed("Cette orientation n’est pas adressée à votre service.")
    return _locked(orientation, agency_id=by.agency_id)


def _refuse_double(case: Case, service: Organisation) -> None:
    under_way = Orientation.objects.filter(
        agency_id=case.agency_id,
        case=case,
        service=service,
        state__in=[*orientation_states.UNANSWERED, OrientationState.ACCEPTED],
    )
    if under_way.exists():
        raise InvalidInput(
            "Ce service a déjà une orientation en cours pour ce ménage.", field="service"
        )


def _usable_service(*, by: Membership, service: Organisation) -> Organisation:
    row = Organisation.objects.filter(pk=service.pk, agency_id=by.agency_id).first()
    if row is None:
        raise InvalidInput("Ce service n’est pas dans votre réseau.", field="service")
    if not row.is_active or row.kind == OrganisationKind.OPERATOR:
        raise InvalidInput(
            "Ce service n’est plus proposé : choisissez-en un autre.", field="service"
        )
    if row.accepts_referrals is False:
        raise InvalidInput(
            "Ce service ne prend pas d’orientations en ce moment. S’il en prend de nouveau, "
            "mettez sa fiche à jour.",
            field="service",
        )
    return row


def _due_on(service: Organisation, *, on: date, days: int | None, due_on: date | None) -> date:
    if due_on is None:
        delay = days if days is not None else service.answer_days
        if delay is None:
            raise InvalidInput("Indiquez quand une réponse est attendue.", field="answer_due_on")
        due_on = on + timedelta(days=delay)
    if due_on <= on:
        raise InvalidInput("La réponse est attendue après aujourd’hui.", field="answer_due_on")
    if due_on > on + timedelta(days=LONGEST_ANSWER_DAYS):
        raise InvalidInput(
            f"C’est trop loin : {LONGEST_ANSWER_DAYS} jours au plus.", field="answer_due_on"
        )
    return due_on
