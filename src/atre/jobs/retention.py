"""How long things are kept. Runs every night.

CNIL: two years after the last contact for households (délibération 2023-095), six to twelve
months for access logs (délibération 2021-122).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from atre.domain.agencies import isolation
from atre.domain.agencies.models import Agency
from atre.domain.audit import actions as audit
from atre.domain.audit.models import ReadEntry
from atre.domain.households.models import Case, Household
from atre.domain.messages import actions as messages
from atre.domain.privacy import erasure_ledger
from atre.domain.privacy.actions import erase_household
from atre.domain.privacy.periods import KEPT_AFTER_LAST_CONTACT, NOTICE

READS_KEPT = timedelta(days=365)
REASON = "Deux ans sans contact avec le ménage."


@dataclass(frozen=True)
class Applied:
    """What one night did, in one agency."""

    agency: str
    announced: int
    erased: int
    reads_purged: int


def apply(on: date | None = None) -> list[Applied]:
    """Announce, erase and purge in every agency. Running it twice changes nothing more."""
    day = on or timezone.localdate()
    done = [_apply_to(agency, day) for agency in Agency.objects.order_by("pk")]
    # A line lost to a crash right after its erasure is written here.
    erasure_ledger.keep()
    return done


def _apply_to(agency: Agency, day: date) -> Applied:
    announced = sum(1 for household in _silent(agency, day, NOTICE) if _announce(household, day))
    erased = 0
    for household in _silent(agency, day, timedelta(0)):
        erased += _erase_if_announced(household, day)
    with isolation.within(agency):
        limit = timezone.now() - READS_KEPT
        purged, _ = ReadEntry.objects.filter(agency=agency, at__lt=limit).delete()
    return Applied(agency=agency.slug, announced=announced, erased=erased, reads_purged=purged)


def _silent(agency: Agency, day: date, ahead: timedelta) -> Iterator[Household]:
    """Households whose last contact, over all their cases, will be too old in `ahead`."""
    with isolation.within(agency):
        rows: QuerySet[Household] = (
            Household.objects.filter(
                agency=agency, erased_at__isnull=True, merged_into__isnull=True
            )
            .annotate(last_contact=Max("cases__last_contact_on"))
            .filter(last_contact__lte=day - KEPT_AFTER_LAST_CONTACT + ahead)
        )
        found = list(rows)
    yield from found


def _announce(household: Household, day: date) -> bool:
    """Tell the household, and its adviser's agency, that its file will be erased."""
    with isolation.within(household.agency_id):
        waiting = _cases_to_announce(household)
        cases = list(waiting.select_related("programme__agency"))
        if not cases:
            return False
        agency = cases[0].programme.agency
        messages.queue(
            agency=agency,
            kind="retention_notice",
            dedupe_key=f"retention:{household.pk}:{day.isoformat()}",
            to_email=household.email,
            case_id=cases[0].pk,
            subject="Vos données vont être effacées",
            body=(
                f"Bonjour,\n\nNous n’avons plus de contact depuis bientôt deux ans. Sans nouvelle "
                f"de votre part d’ici {NOTICE.days} jours, {agency.name} effacera votre dossier "
                "et ses pièces.\n\nPour le garder, répondez-nous ou appelez-nous."
            ),
        )
        waiting.update(purge_notified_at=timezone.now())
        audit.record(
            agency=agency,
            action="announce_erasure",
            obj=household,
            by=None,
            channel="retention",
            case_id=cases[0].pk,
        )
    return True


def _cases_to_announce(household: Household) -> QuerySet[Case]:
    """Cases without a standing notice: a contact made after a notice cancels it."""
    return Case.objects.filter(agency_id=household.agency_id, household=household).filter(
        Q(purge_notified_at__isnull=True) | Q(purge_notified_at__date__lt=F("last_contact_on"))
    )


def _erase_if_announced(household: Household, day: date) -> bool:
    """Erase only what was announced at least thirty days before."""
    with isolation.within(household.agency_id):
        cases = Case.objects.filter(agency_id=household.agency_id, household=household)
        limit = timezone.now() - NOTICE
        if _cases_to_announce(household).exists():
            return False
        if cases.filter(purge_notified_at__gt=limit).exists():
            return False
        erase_household(household=household, by=None, reason=REASON)
    return True
