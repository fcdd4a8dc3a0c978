"""Forty-three agencies with their people, made through the actions, and sessions for some of them."""

from datetime import date
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from atre.domain.agencies import actions, isolation
from atre.domain.agencies.enums import RequiredIncomeClass, Role
from atre.domain.agencies.models import Membership, User
from atre.domain.network.enums import OrganisationKind
from atre.domain.network.models import Organisation
from atre.domain.territories.actions import create_perimeter
from atre.domain.territories.models import Commune, Epci
from atre.web.household.searches import SESSION_KEY as SEARCHES
from benchmarks.support.crowd import Tenant

AGENCIES = 43
# The last three are small on purpose: pages must ask as many questions there as in the largest.
SMALL = (100, 1_000, 10_000)


def sizes(households: int) -> list[int]:
    """How many households each agency has: one large, thirty-nine alike, three small."""
    small = [min(size, households // 50) for size in SMALL]
    largest = households // 10
    alike = (households - largest - sum(small)) // (AGENCIES - 4)
    return [largest, *[alike] * (AGENCIES - 4), *small]


def found_all(households: int) -> list[Tenant]:
    """Every agency on an EPCI of its own, with five people of each working role."""
    groupings = list(Epci.objects.filter(is_current=True).order_by("pk")[:AGENCIES])
    tenants, first = [], 1
    for number, (grouping, size) in enumerate(zip(groupings, sizes(households), strict=True)):
        tenants.append(_found(number, grouping, first, first + size - 1))
        first += size
    return tenants


def _found(number: int, grouping: Epci, first: int, last: int) -> Tenant:
    perimeter = create_perimeter(name=grouping.name, sirens=[grouping.pk])
    code = f"B{number:02d}"
    agency = actions.create_agency(
        name=f"Agence de mesure {number}", slug=f"mesure-{number}", code=code, perimeter=perimeter
    )
    programme = actions.create_programme(
        agency=agency,
        name="Visites énergie",
        slug=f"mesure-visites-{number}",
        perimeter=perimeter,
        required_income_class=RequiredIncomeClass.TRES_MODESTES,
        opens_on=date(2024, 1, 1),
        consent_text_version="2026-01",
    )
    with isolation.within(agency):
        operator = Organisation.objects.create(
            agency=agency, kind=OrganisationKind.OPERATOR, name="Opérateur"
        )
        ccas = Organisation.objects.create(agency=agency, kind=OrganisationKind.CCAS, name="CCAS")
    people = {
        role: [_member(agency, role, number, rank, partner).pk for rank in range(4)]
        for role, partner in (
            (Role.DIRECTOR, None),
            (Role.ADVISER, None),
            (Role.VISITOR, operator),
            (Role.REFERRER, ccas),
        )
    }
    communes = Commune.objects.filter(epci=grouping, is_current=True).order_by("pk")
    return Tenant(
        agency=agency.pk,
        code=code,
        programme=programme.pk,
        operator=operator.pk,
        advisers=people[Role.ADVISER],
        visitors=people[Role.VISITOR],
        referrer=people[Role.REFERRER][0],
        communes=list(communes.values_list("pk", flat=True)),
        first=first,
        last=last,
    )


def _member(agency, role, number, rank, partner) -> Membership:
    # No password: sessions are opened below, logins are measured by benchmarks/login.py.
    user = User.objects.create_user(
        f"{role}{rank}.{number}@example.org", None, full_name=f"{role} {rank}"
    )
    return actions.add_member(
        agency=agency, user=user, role=role, organisation_id=partner.pk if partner else None
    )


def session_cookie(user: User, *, search: str) -> str:
    """The cookie of a person logged in, with one search already typed under « mesure »."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store[SEARCHES] = {"mesure": search}
    store.save()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"
