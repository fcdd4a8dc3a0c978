"""A household asks for help: an invented request on a real commune of the programme."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import Sum

from atre.calc.aids.ceilings import IncomeClass, ceiling_key
from atre.calc.parameters import parameter
from atre.domain.agencies.models import Programme
from atre.domain.households.actions.opening import Request
from atre.domain.households.enums import Channel, ConsentKind, Difficulty
from atre.domain.households.keys import words
from atre.domain.territories.models import Commune, PostalCode
from atre.domain.territories.selectors import perimeter_communes
from atre.jobs.demonstration import names
from atre.jobs.demonstration.fates import Fate, one_of
from atre.jobs.demonstration.founding import Cast
from atre.jobs.demonstration.homes import Home
from atre.jobs.demonstration.words import TOLD

CEILINGS_OF = date(2024, 6, 30)


@dataclass(frozen=True)
class Place:
    """A commune of a perimeter, one of its postal codes, and its weight among the others."""

    commune: Commune
    postal_code: str
    weight: int


@lru_cache(maxsize=16)
def places_of(perimeter_id: int, programme: Programme, on: date) -> tuple[Place, ...]:
    """The communes of a programme, weighted by their inhabitants. Three queries, once."""
    communes = list(perimeter_communes(programme.perimeter, on).select_related("region"))
    codes: dict[str, str] = {}
    for insee, code in PostalCode.objects.filter(commune__in=communes).values_list(
        "commune_id", "code"
    ):
        codes.setdefault(insee, code)
    people = dict(
        Commune.objects.filter(pk__in=[c.pk for c in communes])
        .annotate(people=Sum("populations__value"))
        .values_list("pk", "people")
    )
    return tuple(
        Place(commune, codes[commune.pk], people[commune.pk] or 1)
        for commune in sorted(communes, key=lambda row: row.pk)
        if commune.pk in codes
    )


def draw_place(rng: Random, programme: Programme, on: date) -> Place:
    places = places_of(programme.perimeter_id, programme, on)
    return rng.choices(places, weights=[place.weight for place in places])[0]


def write_request(fate: Fate, cast: Cast, programme: Programme, home: Home) -> Request:
    """What the household tells, with the blanks that real forms have."""
    rng = fate.rng
    on = fate.deposited.date()
    place = draw_place(rng, programme, on)
    first_name, last_name = one_of(rng, names.FIRST_NAMES), one_of(rng, names.SURNAMES)
    adults, children = rng.choices([1, 2, 3], [55, 40, 5])[0], rng.choices(range(5), [45, 22, 18, 11, 4])[0]  # fmt: skip
    tenure = one_of(rng, home.tenures)
    difficulties = _difficulties(rng, home)
    rfr, year = _income(fate, place.commune, adults + children, on)
    return Request(
        first_name=first_name,
        last_name=last_name,
        birth_date=on - timedelta(days=rng.randint(24 * 365, 86 * 365)) if fate.chance(0.9) else None,
        phone=f"{names.MOBILE_FOR_FICTION}{rng.randrange(10000):04d}",
        email=_email(fate, first_name, last_name) if fate.chance(0.55) else "",
        contact_preference=one_of(rng, names.PREFERENCES),
        adults=adults,
        children=children if fate.chance(0.96) else None,
        tenure=tenure if fate.chance(0.95) else "",
        address_line=f"{rng.randint(1, 98)} {one_of(rng, names.STREETS)}",
        address_extra=one_of(rng, names.EXTRAS) if home.kind == "flat" else "",
        postal_code=place.postal_code,
        commune=place.commune,
        dwelling_kind=home.kind,
        floor_area_m2=Decimal(rng.randint(*home.area)) if fate.chance(0.7) else None,
        landlord_name=_landlord(rng, tenure, cast),
        difficulties=difficulties,
        told=_told(fate, difficulties),
        rfr_eur=rfr,
        rfr_income_year=year,
        **_agreements(fate, cast),
    )  # fmt: skip


def submission(fate: Fate) -> UUID:
    """The number of the form, the same each time the demonstration is loaded."""
    return UUID(int=fate.rng.getrandbits(128), version=4)


def _email(fate: Fate, first_name: str, last_name: str) -> str:
    local = ".".join(["".join(words(first_name)), "".join(words(last_name))])
    return f"{local}.{fate.number}@example.org"


def _landlord(rng: Random, tenure: object, cast: Cast) -> str:
    if tenure == "social_tenant":
        return cast.organisations["landlord"].name
    if tenure == "private_tenant" and rng.random() < 0.6:
        return (
            f"SCI des {one_of(rng, ('Marronniers', 'Lilas', 'Glycines', 'Peupliers'))} (inventée)"
        )
    return ""


def _difficulties(rng: Random, home: Home) -> frozenset[Difficulty]:
    found = {
        difficulty
        for difficulty, share in (
            (Difficulty.TOO_COLD_OR_HOT, 0.65),
            (Difficulty.HIGH_BILLS, 0.6),
            (Difficulty.TROUBLE_PAYING, 0.42),
            (Difficulty.DAMP, home.damp),
        )
        if rng.random() < share
    }
    return frozenset(found or {Difficulty.HIGH_BILLS})


def _told(fate: Fate, difficulties: frozenset[Difficulty]) -> str:
    if fate.chance(0.2):
        return ""
    chosen = sorted(difficulties)[: 1 + fate.chance(0.4)]
    return " ".join(one_of(fate.rng, TOLD[Difficulty(name)]) for name in chosen)


def _income(
    fate: Fate, commune: Commune, persons: int, on: date
) -> tuple[Decimal | None, int | None]:
    """Under or over the ceilings of the deposit date; unknown when the notice is missing."""
    if fate.income == "unknown":
        return None, None
    ceiling = very_modest_ceiling(commune.is_ile_de_france, persons)
    share = fate.rng.uniform(0.35, 0.97) if fate.income == "under" else fate.rng.uniform(1.6, 2.2)
    return Decimal(int(ceiling * share)), on.year - fate.rng.choice([1, 1, 2])


def very_modest_ceiling(in_idf: bool, persons: int) -> float:
    """The Anah's ceiling of « très modestes » in 2024, for the invented income to stand near.

    Later ceilings are higher: an income under this one stays under them.
    """
    table = parameter(ceiling_key(IncomeClass.TRES_MODESTES, in_idf), on=CEILINGS_OF).table
    return float(table.persons[min(persons, len(table.persons)) - 1])


def _agreements(fate: Fate, cast: Cast) -> dict[str, Any]:
    consents = {ConsentKind.PROCESSING}
    partners: tuple[int, ...] = ()
    if fate.channel == Channel.REFERRER and fate.chance(0.85):
        consents.add(ConsentKind.INFORM_REFERRER)
    if fate.chance(0.7):
        consents.add(ConsentKind.SHARE_WITH_PARTNERS)
        keys = ("ccas", "social", "hygiene", "caf", "legal", "supplier", "anah")
        chosen = keys if fate.chance(0.6) else fate.rng.sample(keys, 3)
        partners = tuple(cast.organisations[key].pk for key in chosen)
    return {"consents": frozenset(consents), "partner_ids": partners}
