"""Which lines of a file are already here: taken over before, or a household known otherwise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Q

from atre.domain.agencies.models import Membership
from atre.domain.agencies.permissions import require
from atre.domain.errors import InvalidInput
from atre.domain.households import keys
from atre.domain.households.importing.rows import Parsed
from atre.domain.households.models import Case, Household

# SQLite and PostgreSQL both take this many values in one list.
CHUNK = 400
T = TypeVar("T")


@dataclass(frozen=True)
class Resemblance:
    """A line that looks like a household already known, by which signs, and its latest case."""

    number: int
    household_id: int
    reference: str
    signs: tuple[str, ...]


def taken_over(*, by: Membership, submissions: Sequence[UUID]) -> frozenset[UUID]:
    """Which submissions already have their case."""
    require(by, "case.import")
    found: set[UUID] = set()
    for part in _chunks(submissions):
        found.update(
            Case.objects.filter(agency_id=by.agency_id, submission__in=part).values_list(
                "submission", flat=True
            )
        )
    return frozenset(found)


def resemblances(*, by: Membership, lines: Sequence[Parsed]) -> list[Resemblance]:
    """Lines that share a name and one more sign, or a telephone or e-mail and a birth date.

    A few queries for every 400 lines: slips of the keyboard are left to the desk's own comparison,
    which weighs one request at a time.
    """
    require(by, "case.import")
    found = []
    for part in _chunks(lines):
        found += _of_part(by.agency_id, part)
    return found


def _of_part(agency_id: int, lines: Sequence[Parsed]) -> list[Resemblance]:
    folded = [(line, _folded(line)) for line in lines]
    names, phones, emails = ({f[i] for _, f in folded} - {""} for i in range(3))
    households = list(
        Household.objects.filter(
            Q(name_key__in=names) | Q(phone__in=phones) | Q(email__in=emails),
            agency_id=agency_id,
            merged_into__isnull=True,
            erased_at__isnull=True,
        ).select_related("dwelling")
    )
    latest = dict(
        Case.objects.filter(agency_id=agency_id, household__in=[h.pk for h in households])
        .order_by("deposited_on", "pk")
        .values_list("household_id", "reference")
    )
    by_sign: dict[str, list[Household]] = {}
    for household in households:
        for sign in {household.name_key, household.phone, household.email} - {""}:
            by_sign.setdefault(sign, []).append(household)
    found = []
    for line, (name, phone, email, address) in folded:
        close = {h.pk: h for sign in (name, phone, email) for h in by_sign.get(sign, ())}
        for household in close.values():
            signs = _signs(line, household, name=name, phone=phone, email=email, address=address)
            if len(signs) > 1:
                found.append(
                    Resemblance(
                        line.number, household.pk, latest.get(household.pk, ""), tuple(signs)
                    )
                )
                break
    return found


def _signs(
    line: Parsed, household: Household, *, name: str, phone: str, email: str, address: str
) -> list[str]:
    birth = line.request.birth_date
    return [
        word
        for word, same in (
            ("même nom", bool(name) and household.name_key == name),
            ("même date de naissance", birth is not None and household.birth_date == birth),
            ("même téléphone", bool(phone) and household.phone == phone),
            ("même adresse e-mail", bool(email) and household.email == email),
            ("même adresse", bool(address) and household.dwelling.address_key == address),
        )
        if same
    ]


def _folded(line: Parsed) -> tuple[str, str, str, str]:
    request = line.request
    try:
        phone = keys.phone_e164(request.phone)
    except InvalidInput:
        # Refused when the case opens; here it only compares nothing.
        phone = ""
    return (
        keys.name_key(request.first_name, request.last_name),
        phone,
        request.email.lower(),
        keys.address_key(request.address_line, request.postal_code),
    )


def _chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
