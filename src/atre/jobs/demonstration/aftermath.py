"""After the report: partner services, reinforced support, and the question one year later."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from atre.domain.agencies.models import Membership
from atre.domain.households.actions import moving
from atre.domain.households.enums import CaseState, Tenure
from atre.domain.households.models import Case
from atre.domain.network.models import Organisation
from atre.domain.support.actions import aiding, following, mediating, orienting, sharing, supporting
from atre.domain.support.enums import AidKind, AidState, FollowUpState, MediationStepKind
from atre.domain.support.models import AidFile, FollowUp, LandlordMediation, Orientation
from atre.domain.support.orientation_states import UNANSWERED
from atre.jobs.demonstration import words, yearly
from atre.jobs.demonstration.fates import at, euros, one_of, pick

if TYPE_CHECKING:
    from atre.jobs.demonstration.story import Told

Story = Iterator[datetime]
# Services with an account in the demonstration answer by themselves; the others by telephone.
WITH_ACCOUNT = {"ccas", "social", "hygiene"}


def tell(told: "Told") -> Story:
    """From the report to the result: orientations, support, follow-up."""
    anniversary = _anniversary(told)
    yield told.after(0, 6)
    sent = _orient(told)
    if told.fate.supported:
        yield told.after(3, 20)
        yield from _support(told, sent)
    else:
        yield from _answers(told, sent)
        if told.fate.chance(0.75):
            yield told.after(5, 40)
            moving.move_case(case=told.fresh(), verb="await_follow_up", by=told.adviser)
    yield anniversary
    yield from _follow_up(told)


def _anniversary(told: "Told") -> datetime:
    """The morning on which the job of the day finds the visit a year old."""
    visited_on = told.case.visits.order_by("-pk").values_list("visited_on", flat=True)[0]
    return at(visited_on + timedelta(days=366), 6, 30)


def _orient(told: "Told") -> list[Orientation]:
    sent = []
    for key in _services(told):
        service = told.cast.organisations[key]
        if not sharing.agrees_to_share(told.fresh(), service):
            if told.fate.chance(0.4):
                continue
            sharing.record_sharing_consent(by=told.adviser, case=told.case, service=service)
        sent.append(
            orienting.send_orientation(
                by=told.adviser,
                case=told.case,
                service=service,
                purpose=one_of(told.fate.rng, words.PURPOSES[key]),
                on=timezone.localdate(),
            )
        )
    return sent


def _services(told: "Told") -> list[str]:
    """Whom this household's difficulties lead to."""
    case, household, rng = told.fresh(), told.case.household, told.fate.rng
    found = []
    if case.trouble_paying:
        found.append(rng.choice(["ccas", "social", "social", "supplier"]))
    if case.damp:
        found.append("hygiene")
    if household.tenure == Tenure.PRIVATE_TENANT and rng.random() < 0.3:
        found.append(rng.choice(["legal", "caf"]))
    if household.tenure == Tenure.OWNER and rng.random() < 0.5:
        found.append("anah")
    return found if rng.random() < 0.7 else found[:1]


def _answers(told: "Told", sent: list[Orientation]) -> Story:
    """Each service receives, answers or stays silent, in its own time."""
    for orientation in sent:
        fate = pick(told.fate.rng, {"done": 42, "accepted": 18, "declined": 18, "silent": 22})
        if fate == "silent":
            yield told.after(55, 80)
            _give_up(told, orientation)
            continue
        by = _at_service(told, orientation.service)
        yield told.after(1, 6)
        if by is not None:
            orienting.receive_orientation(by=by, orientation=orientation)
        yield told.after(3, 16)
        _answer(told, orientation, by, str(fate))
        if fate == "done":
            yield told.after(10, 40)
            _finish(told, orientation, by)


def _give_up(told: "Told", orientation: Orientation) -> None:
    """After the reminders, the adviser notes the silence: nothing waits for ever."""
    orienting.record_answer(
        by=told.adviser, orientation=orientation, verb="decline", words=words.NO_ANSWER
    )


def _at_service(told: "Told", service: Organisation) -> Membership | None:
    """Whoever works at the service and has an account here."""
    for key in WITH_ACCOUNT:
        if told.cast.organisations[key].pk == service.pk:
            return told.cast.people[key]
    return None


def _answer(told: "Told", orientation: Orientation, by: Membership | None, fate: str) -> None:
    verb = "decline" if fate == "declined" else "accept"
    said = one_of(told.fate.rng, words.DECLINED if verb == "decline" else words.ACCEPTED)
    _write_answer(told, orientation, by, verb, said)


def _finish(told: "Told", orientation: Orientation, by: Membership | None) -> None:
    orientation.refresh_from_db()
    if orientation.state in {*UNANSWERED, "accepted"}:
        _write_answer(told, orientation, by, "finish", _done_words(told, orientation))


def _done_words(told: "Told", orientation: Orientation) -> object:
    """What came of it, as that kind of service would say."""
    key = next(
        key
        for key, service in told.cast.organisations.items()
        if service.pk == orientation.service_id
    )
    return one_of(told.fate.rng, words.DONE[key])


def _write_answer(
    told: "Told", orientation: Orientation, by: Membership | None, verb: str, said: object
) -> None:
    if by is not None:
        orienting.answer_orientation(by=by, orientation=orientation, verb=verb, words=str(said))
    else:
        orienting.record_answer(
            by=told.adviser, orientation=orientation, verb=verb, words=str(said)
        )


def _support(told: "Told", sent: list[Orientation]) -> Story:
    supporting.open_support(
        by=told.adviser,
        case=told.fresh(),
        goal=str(one_of(told.fate.rng, words.GOALS)),
        on=timezone.localdate(),
    )
    yield from _answers(told, sent)
    mediation = _open_mediation(told)
    aid = _ask_aid(told)
    for round_ in range(told.fate.rng.randint(2, 6)):
        yield told.after(9, 30)
        _one_action(told)
        if mediation is not None:
            _mediation_step(told, mediation, round_)
        if aid is not None and round_ == 1:
            aid = _decide(told, aid)
    if mediation is not None:
        yield told.after(5, 20)
        mediating.close_mediation(
            by=told.adviser,
            mediation=mediation,
            solved=told.fate.chance(0.55),
            on=timezone.localdate(),
        )
    if told.fate.chance(0.85):
        yield told.after(4, 20)
        if told.fresh().state == CaseState.SUPPORTED:
            supporting.close_support(
                by=told.adviser,
                case=told.case,
                outcome=str(one_of(told.fate.rng, words.OUTCOMES)),
                on=timezone.localdate(),
            )


def _one_action(told: "Told") -> None:
    kind = str(one_of(told.fate.rng, tuple(words.SUPPORT_WORDS)))
    supporting.add_support_action(
        by=told.adviser,
        case=told.fresh(),
        kind=kind,
        on=timezone.localdate(),
        minutes=told.fate.rng.randrange(15, 121, 15),
        text=str(one_of(told.fate.rng, words.SUPPORT_WORDS[kind])),
        today=timezone.localdate(),
    )


def _open_mediation(told: "Told") -> LandlordMediation | None:
    rents = told.fresh().household.tenure in {Tenure.PRIVATE_TENANT, Tenure.SOCIAL_TENANT}
    if not rents or not told.fate.chance(0.6):
        return None
    today = timezone.localdate()
    return mediating.open_mediation(
        by=told.adviser,
        case=told.case,
        landlord=mediating.Landlord(
            name=told.case.dwelling.landlord_name or "Propriétaire inventé",
            address=f"2 rue de la Bouillotte (adresse inventée), {told.cast.plan.town}",
            email=f"bailleur.{told.cast.plan.key}@example.org",
        ),
        problem=str(one_of(told.fate.rng, words.PROBLEMS)),
        agreed_on=today,
        on=today,
    )


MEDIATION = (
    (MediationStepKind.FIRST_CONTACT, "Courrier simple : constats de la visite et demandes.", 30),
    (MediationStepKind.REMINDER, "Relance : pas de réponse au premier courrier.", 20),
    (MediationStepKind.REPLY, "Le bailleur répond : un artisan doit passer.", None),
    (MediationStepKind.COMMITMENT, "Engagement écrit : fenêtres changées avant l’hiver.", 60),
    (MediationStepKind.WORKS_DONE, "Travaux constatés par le ménage, photo à l’appui.", None),
)


def _mediation_step(told: "Told", mediation: LandlordMediation, rank: int) -> None:
    if rank >= len(MEDIATION):
        return
    kind, text, days = MEDIATION[rank]
    today = timezone.localdate()
    mediating.add_mediation_step(
        by=told.adviser,
        mediation=mediation,
        kind=kind,
        on=today,
        due_on=today + timedelta(days=days) if days else None,
        text=text,
        today=today,
    )


def _ask_aid(told: "Told") -> AidFile | None:
    if not told.fate.chance(0.75):
        return None
    rng, today = told.fate.rng, timezone.localdate()
    kind = pick(rng, {"fsl": 5, "cheque_energie": 3, "ccas": 3, "anah": 2, "supplier": 1})
    large = kind == AidKind.ANAH
    return aiding.ask_aid(
        by=told.adviser,
        case=told.fresh(),
        kind=str(kind),
        asked_on=today,
        asked_eur=None if kind == "cheque_energie" else euros(rng, 4000 if large else 120, 16000 if large else 900),
        today=today,
    )  # fmt: skip


def _decide(told: "Told", aid: AidFile) -> AidFile:
    rng, today = told.fate.rng, timezone.localdate()
    verdict = pick(rng, {"granted": 55, "paid": 20, "refused": 15, "waiting": 10})
    if verdict == "waiting":
        return aid
    if verdict == "refused":
        return aiding.decide_aid(
            by=told.adviser,
            aid=aid,
            state=AidState.REFUSED,
            decided_on=today,
            granted_eur=None,
            note="Ressources au-dessus du barème local.",
            today=today,
        )
    amount = _granted(told, aid)
    row = aiding.decide_aid(
        by=told.adviser,
        aid=aid,
        state=AidState.GRANTED,
        decided_on=today,
        granted_eur=amount,
        today=today,
    )
    if verdict == "paid":
        row = aiding.decide_aid(
            by=told.adviser,
            aid=row,
            state=AidState.PAID,
            decided_on=today,
            granted_eur=None,
            today=today,
        )
    return row


def _granted(told: "Told", aid: AidFile) -> Decimal:
    rng = told.fate.rng
    if aid.asked_eur is None:
        return euros(rng, 48, 277, 1)
    return min(aid.asked_eur, euros(rng, int(aid.asked_eur) // 2 // 10 * 10, int(aid.asked_eur)))


def _follow_up(told: "Told") -> Story:
    follow_up = following.open_follow_up(case=told.fresh())
    if follow_up is None:
        return
    if told.fate.follow_up == "late":
        # Nobody had the time yet; it is caught up with in the end.
        yield told.after(50, 90)
    yield told.after(3, 35)
    follow_up.refresh_from_db()
    _conclude(told, told.fresh(), follow_up)


def _conclude(told: "Told", case: Case, follow_up: FollowUp) -> None:
    today = timezone.localdate()
    if told.fate.follow_up in following.WITHOUT_ANSWER:
        unreachable = told.fate.follow_up == FollowUpState.UNREACHABLE
        following.end_without_answer(
            by=told.adviser,
            follow_up=follow_up,
            outcome=told.fate.follow_up,
            reason="Quatre appels et un courriel sans réponse." if unreachable else "Le ménage ne souhaite pas répondre.",
            on=today,
            revision=follow_up.revision,
        )  # fmt: skip
        return
    following.complete_follow_up(
        by=told.adviser,
        follow_up=follow_up,
        told=yearly.answers(told.fate, case, visited=case.visits.latest("pk"), on=today),
        revision=follow_up.revision,
    )
