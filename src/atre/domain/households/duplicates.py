"""Households that may already be known, for the eyes of the agency's own team before it saves.

The public page never calls this: telling a stranger that someone is known here is a leak.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import Scope, require
from atre.domain.errors import InvalidInput, NotAllowed
from atre.domain.households import keys
from atre.domain.households.actions.opening import Request
from atre.domain.households.models import Case, Household

# Below, two strangers who share a building or a birthday would be shown to each other's adviser.
SHOWN_FROM = 45
MOST_SHOWN = 10
# A tower block has one address: enough of its households are read to find the right one.
MOST_READ = 300
# « Dupont » and « Dupond » are one slip apart; so are « Ali » and « Eli », who are two people.
LETTERS_PER_SLIP = 5
CLOSE_NAME = 90.0
CLOSE_NAME_POINTS = 40


@dataclass(frozen=True)
class KnownCase:
    """One case of a candidate household."""

    reference: str
    programme: str
    state: str
    deposited_on: date


@dataclass(frozen=True)
class DuplicateCandidate:
    """A known household that may be the one of the request; score from 0 to 100."""

    household_id: int
    name: str
    birth_date: date | None
    phone: str
    email: str
    address: str
    commune: str
    score: int
    reasons: tuple[str, ...]
    cases: tuple[KnownCase, ...]


@dataclass(frozen=True)
class _Asked:
    """The folded forms of the request."""

    name_key: str
    birth_date: date | None
    phone: str
    email: str
    address_key: str


def candidates(*, by: Membership, request: Request) -> list[DuplicateCandidate]:
    """Households of the agency that look like the request's, the likeliest first.

    Three queries whatever the number of households: equality on indexed columns finds who shares a
    name (in any order, without accents), a birth date, a telephone, an e-mail or an address, then
    slips are weighed among those. Raises `NotAllowed` outside the agency's own team.
    """
    if require(by, "case.open") is not Scope.AGENCY:
        raise NotAllowed("Seule l’agence compare une demande aux ménages connus.")
    asked = _folded(request)
    found = []
    for household in _sharing_something(by.agency_id, asked):
        weighed = list(_resemblances(household, asked))
        score = sum(points for points, _ in weighed)
        if score >= SHOWN_FROM:
            reasons = tuple(reason for _, reason in weighed)
            found.append(_candidate(household, min(score, 100), reasons))
    found.sort(key=lambda candidate: (-candidate.score, candidate.household_id))
    return found[:MOST_SHOWN]


def _folded(request: Request) -> _Asked:
    try:
        phone = keys.phone_e164(request.phone)
    except InvalidInput:
        # The form itself will refuse the number; the rest still tells something.
        phone = ""
    address = request.address_line.strip()
    return _Asked(
        name_key=keys.name_key(request.first_name, request.last_name),
        birth_date=request.birth_date,
        phone=phone,
        email=request.email.lower(),
        address_key=keys.address_key(address, request.postal_code) if address else "",
    )


def _sharing_something(agency_id: int, asked: _Asked) -> list[Household]:
    """Households that share an indexed value with the request. Blank values match nothing."""
    shared = Q(pk__in=[])
    for column in ("name_key", "birth_date", "phone", "email"):
        if value := getattr(asked, column):
            shared |= Q(**{column: value})
    standing = Household.objects.filter(
        agency_id=agency_id, merged_into__isnull=True, erased_at__isnull=True
    ).select_related("dwelling__commune")
    # Two lookups and not one: an OR across two tables would read both of them whole. No order
    # either: sorted and limited, a planner may walk the whole table by its key.
    found = {household.pk: household for household in standing.filter(shared)[:MOST_READ]}
    if asked.address_key:
        same_place = standing.filter(
            dwelling__agency_id=agency_id, dwelling__address_key=asked.address_key
        )
        found |= {household.pk: household for household in same_place[:MOST_READ]}
    households = list(found.values())
    prefetch_related_objects(households, Prefetch("cases", queryset=_cases(agency_id)))
    return households


def _cases(agency_id: int) -> QuerySet[Case]:
    return (
        Case.objects.filter(agency_id=agency_id)
        .select_related("programme")
        .order_by("-deposited_on", "-pk")
    )


def _resemblances(household: Household, asked: _Asked) -> Iterator[tuple[int, str]]:
    """(points, reason in French) for each thing that agrees; negative when one contradicts."""
    by_name = list(_name_resemblance(household.name_key, asked.name_key))
    yield from by_name
    for points, reason in _birth_resemblance(household.birth_date, asked.birth_date):
        # Two people of one home have two birth dates: only namesakes are told apart by them.
        if points > 0 or any(of_name >= CLOSE_NAME_POINTS for of_name, _ in by_name):
            yield points, reason
    if asked.phone and household.phone == asked.phone:
        yield 45, "même téléphone"
    if asked.email and household.email == asked.email:
        yield 45, "même adresse e-mail"
    if asked.address_key and household.dwelling.address_key == asked.address_key:
        yield 20, "même adresse"


def _name_resemblance(known: str, asked: str) -> Iterator[tuple[int, str]]:
    if not known or not asked:
        return
    if known == asked:
        yield 50, "même nom"
    elif _is_slip(known, asked):
        yield CLOSE_NAME_POINTS, "nom presque identique"
    elif set(known.split()) & set(asked.split()):
        yield 25, "un nom en commun"


def _is_slip(known: str, asked: str) -> bool:
    """Whether a hand typing one name may have written the other."""
    letters = min(len(known), len(asked)) - min(known.count(" "), asked.count(" "))
    slips = OSA.distance(known, asked, score_cutoff=3)
    if slips <= 1 + max(0, letters // (2 * LETTERS_PER_SLIP) - 1) and letters > LETTERS_PER_SLIP:
        return True
    # A slip on a first letter moves the word in the sorted key: compare words in any order.
    return fuzz.token_sort_ratio(known, asked) >= CLOSE_NAME or _words_slip(known, asked)


def _words_slip(known: str, asked: str) -> bool:
    """Whether the same number of words agree one to one but for a single slip."""
    left, right = known.split(), asked.split()
    if len(left) != len(right):
        return False
    for word in list(left):
        if word in right:
            left.remove(word)
            right.remove(word)
    if len(left) != 1:
        return False
    (one,), (other,) = left, right
    return min(len(one), len(other)) >= LETTERS_PER_SLIP - 1 and OSA.distance(one, other) == 1


def _birth_resemblance(known: date | None, asked: date | None) -> Iterator[tuple[int, str]]:
    if known is None or asked is None:
        return
    if known == asked:
        yield 30, "même date de naissance"
    elif (known.year, known.month, known.day) == (asked.year, asked.day, asked.month):
        yield 20, "jour et mois de naissance inversés"
    elif OSA.distance(known.isoformat(), asked.isoformat()) == 1:
        yield 10, "date de naissance à un chiffre près"
    else:
        yield -30, "date de naissance différente"


def _candidate(household: Household, score: int, reasons: tuple[str, ...]) -> DuplicateCandidate:
    dwelling = household.dwelling
    return DuplicateCandidate(
        household_id=household.pk,
        name=f"{household.first_name} {household.last_name}",
        birth_date=household.birth_date,
        phone=household.phone,
        email=household.email,
        address=dwelling.address_line,
        commune=dwelling.commune.name,
        score=score,
        reasons=reasons,
        cases=tuple(
            KnownCase(
                reference=case.reference,
                programme=case.programme.name,
                state=case.get_state_display(),
                deposited_on=case.deposited_on,
            )
            for case in household.cases.all()
        ),
    )
