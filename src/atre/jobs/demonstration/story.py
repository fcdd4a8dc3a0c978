"""A household's story until its visit report, told as a generator.

`yield moment` means « nothing happens until then ». The loader plays all the stories of an agency
together, in the order of time, and stops each one at today: what a case has become depends on its
age, and each row is written by the action that a person would have used.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from atre.documents.from_visit import visit_report_pdf
from atre.domain.agencies.models import Membership, Programme
from atre.domain.audit import actions as audit
from atre.domain.households.actions import (
    assigning,
    attaching,
    closing,
    judging,
    moving,
    noting,
    opening,
)
from atre.domain.households.enums import (
    AttachmentKind,
    CaseState,
    Channel,
    ClosingReason,
    EligibilityAnswer,
)
from atre.domain.households.models import Case
from atre.domain.support.actions import saving
from atre.domain.visits.actions import appointments, attendance, drafting, reporting, sealing
from atre.domain.visits.models import Appointment, Visit
from atre.jobs.demonstration import aftermath, words
from atre.jobs.demonstration.asking import submission, very_modest_ceiling, write_request
from atre.jobs.demonstration.diary import Diary
from atre.jobs.demonstration.fates import Fate, at, euros, one_of, working_day
from atre.jobs.demonstration.founding import Cast
from atre.jobs.demonstration.homes import Home, draw
from atre.jobs.demonstration.papers import one_line_pdf
from atre.jobs.demonstration.visiting import fill

Story = Iterator[datetime]
VISIT_LENGTH = timedelta(minutes=90)


@dataclass
class Told:
    """One story under way: who acts, and the case as the last action left it."""

    fate: Fate
    cast: Cast
    programme: Programme
    home: Home
    diary: Diary
    today: date
    prints_report: bool
    case: Case

    @property
    def adviser(self) -> Membership:
        return self.cast.people[self.fate.adviser]

    @property
    def director(self) -> Membership:
        return self.cast.people["direction"]

    @property
    def coordinator(self) -> Membership:
        return self.cast.people["coordination"]

    def after(self, low: int, high: int, *, hour: int = 0) -> datetime:
        """A working moment `low` to `high` days from the story's present."""
        day = timezone.localdate() + timedelta(days=self.fate.rng.randint(low, high))
        return at(
            working_day(day), hour or self.fate.rng.randint(9, 17), self.fate.rng.randrange(60)
        )

    def fresh(self) -> Case:
        self.case = Case.objects.select_related("programme__agency", "household", "dwelling").get(
            pk=self.case.pk
        )
        return self.case


def tell(fate: Fate, cast: Cast, *, diary: Diary, today: date, prints_report: bool) -> Story:
    """The whole story of one household."""
    programme = cast.programmes[fate.programme]
    home = draw(fate.rng, cast.plan.climate)
    yield fate.deposited
    case = _open(fate, cast, programme, home)
    told = Told(fate, cast, programme, home, diary, today, prints_report, case)
    yield from _until_eligible(told)
    if told.case.state != CaseState.ELIGIBLE:
        return
    yield from _entrust(told)
    if told.case.state == CaseState.CLOSED:
        return
    yield from _until_visited(told)
    yield from _report(told)
    yield from aftermath.tell(told)


def _open(fate: Fate, cast: Cast, programme: Programme, home: Home) -> Case:
    by = None
    if fate.channel == Channel.REFERRER:
        by = cast.people[fate.referrer]
    elif fate.channel == Channel.STAFF:
        by = cast.people[fate.adviser]
    receipt = opening.open_case(
        programme=programme,
        request=write_request(fate, cast, programme, home),
        submission=submission(fate),
        channel=fate.channel,
        by=by,
        on=timezone.localdate(),
    )
    return receipt.case


def _until_eligible(told: Told) -> Story:
    fate = told.fate
    if told.case.state == CaseState.TO_COMPLETE:
        yield told.after(2, 9)
        noting.add_note(
            by=told.adviser,
            case=told.case,
            text=one_of(fate.rng, words.NOTES),
            on=timezone.localdate(),
        )
        if fate.chance(0.2):
            yield told.after(35, 70)
            _close(told, "unreachable")
            return
        yield told.after(4, 25)
        _complete(told)
    if told.case.state == CaseState.NOT_ELIGIBLE:
        yield told.after(2, 12)
        if fate.chance(0.2):
            told.case = judging.override_eligibility(
                by=told.director,
                case=told.case,
                answer=EligibilityAnswer.YES,
                reason=one_of(fate.rng, words.OVERRIDES),
            )
        else:
            yield told.after(5, 25)
            _close(told, "not_eligible")


def _complete(told: Told) -> None:
    """The missing facts arrive; what stays unknown would keep the case waiting."""
    case = told.fresh()
    household = case.household
    adults, children = household.adults or 1, household.children or 0
    ceiling = very_modest_ceiling(told.cast.plan.climate == "idf", adults + children)
    told.case = judging.complete_income(
        by=told.adviser,
        case=case,
        rfr_eur=case.rfr_eur
        if case.rfr_eur is not None
        else euros(told.fate.rng, 6000, int(ceiling)),
        rfr_income_year=case.rfr_income_year or case.deposited_on.year - 1,
        adults=adults,
        children=children,
    )
    attaching.add_attachment(
        by=told.adviser,
        case=told.case,
        kind=AttachmentKind.TAX_NOTICE,
        name="avis-imposition.pdf",
        content=one_line_pdf(f"Avis invente pour la demonstration - {told.case.reference}"),
    )


def _entrust(told: Told) -> Story:
    yield told.after(1, 9)
    audit.log_read(by=told.adviser, case_id=told.case.pk, screen="case")
    if told.fate.ends_early in {"withdrawn", "other"} and told.fate.chance(0.5):
        _close(told, told.fate.ends_early)
        return
    visitor = told.cast.people["visite" if told.fate.chance(0.55) else "visite2"]
    told.case = assigning.assign_case(
        by=told.adviser,
        case=told.case,
        operator=told.cast.organisations["operator"],
        visitor=visitor if told.fate.chance(0.6) else None,
        adviser=told.adviser,
    )
    if told.fate.ends_early in {"unreachable", "moved"}:
        yield told.after(20, 45)
        _close(told, told.fate.ends_early)


def _until_visited(told: Told) -> Story:
    yield told.after(2, 14)
    booked = _book(told)
    if told.fate.cancelled:
        yield told.after(1, 2)
        if timezone.now() < booked.starts_at:
            appointments.cancel_appointment(
                by=told.coordinator, appointment=booked, reason=one_of(told.fate.rng, words.CANCELS)
            )
            yield told.after(2, 8)
            booked = _book(told)
    if told.fate.no_show:
        yield booked.starts_at + timedelta(minutes=20)
        attendance.mark_no_show(
            by=booked.visitors.earliest("pk"),
            appointment=booked,
            reason=one_of(told.fate.rng, words.NO_SHOWS),
        )
        yield told.after(1, 10)
        booked = _book(told)
    yield booked.starts_at + timedelta(minutes=5)
    yield from _visit(told, booked)


def _book(told: Told) -> Appointment:
    """The first free hour of a visitor, one to three weeks ahead, or this week for recent cases."""
    own = told.fresh().visitor
    visitor = own or told.cast.people["visite" if told.fate.chance(0.5) else "visite2"]
    others = [
        p for key, p in told.cast.people.items() if key in {"visite", "visite2"} and p != visitor
    ]
    people = [visitor, *others] if told.fate.chance(0.12) else [visitor]
    wish = told.after(5, 24, hour=9).date()
    starts_at = told.diary.book([p.pk for p in people], wish=_near_today(told, wish))
    return appointments.schedule_appointment(
        by=visitor if own and told.fate.chance(0.3) else told.coordinator,
        case=told.case,
        starts_at=starts_at,
        ends_at=starts_at + VISIT_LENGTH,
        visitors=people,
        practical="Code de l’immeuble donné par téléphone" if told.home.kind == "flat" else "",
    )


def _near_today(told: Told, wish: date) -> date:
    """Visits of this week gather on today and tomorrow, so that someone has a day's work."""
    if not -2 <= (wish - told.today).days <= 6 or timezone.localdate() >= told.today:
        return wish
    return told.today + timedelta(days=told.fate.chance(0.4))


def _visit(told: Told, booked: Appointment) -> Story:
    visitor = booked.visitors.earliest("pk")
    visit = drafting.start_visit(
        by=visitor,
        case=told.case,
        identifier=UUID(int=told.fate.rng.getrandbits(128), version=4),
        visited_on=timezone.localdate(),
    )
    document = fill(visit.document, fate=told.fate, home=told.home, case=told.fresh())
    visit = drafting.save_draft(by=visitor, visit=visit, document=document, revision=visit.revision)
    yield booked.ends_at + timedelta(hours=told.fate.rng.choice([0, 2, 20, 30]))
    sealing.seal_visit(by=visitor, visit=visit)
    told.fresh()


def _report(told: Told) -> Story:
    visit = Visit.objects.select_related("case__programme__agency").get(case=told.case)
    # The job of the night does this; alone in its process, the story does it itself.
    saving.record_estimate(case=visit.case, visit=visit, by=None, channel="job")
    yield told.after(2, 12)
    on = timezone.localdate()
    if told.prints_report:
        pdf = visit_report_pdf(case=told.fresh(), visit=visit, issued_on=on)
        report = reporting.store_report(by=told.adviser, visit=visit, pdf=pdf)
        reporting.hand_over_report(by=told.adviser, report=report, on=on)
    else:
        moving.move_case(
            case=told.case, verb="report", by=told.adviser, reason="Compte rendu remis sur papier."
        )
    told.fresh()


def _close(told: Told, reason: str) -> None:
    told.case = closing.close_case(
        by=told.adviser,
        case=told.case,
        reason_code=ClosingReason(reason),
        reason=one_of(told.fate.rng, words.CLOSINGS[reason]),
    )
