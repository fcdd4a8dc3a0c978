"""Agencies, their network and their people, before the first household calls."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from atre.domain.agencies import actions
from atre.domain.agencies.models import Agency, Membership, Programme, User
from atre.domain.network.actions import (
    ContactDetails,
    OrganisationDetails,
    create_organisation,
)
from atre.domain.network.models import Organisation
from atre.domain.territories.actions import create_perimeter
from atre.domain.territories.models import Epci
from atre.jobs.demonstration.accounts import (
    FEDERATION,
    FEDERATION_EMAIL,
    PASSPHRASE,
    PEOPLE,
    WHO,
    Person,
)
from atre.jobs.demonstration.agencies import AgencyPlan, OrganisationPlan, ProgrammePlan
from atre.jobs.demonstration.names import LANDLINE_FOR_FICTION

CONSENT_TEXT = "2026-01"


@dataclass(frozen=True)
class Cast:
    """Everyone a story needs, by key."""

    plan: AgencyPlan
    agency: Agency
    programmes: dict[str, Programme]
    organisations: dict[str, Organisation]
    people: dict[str, Membership]


def found_agency(plan: AgencyPlan, *, opens_on: date) -> Agency:
    """The tenant itself, on the perimeter of its groupings."""
    names = Epci.objects.filter(pk__in=plan.sirens).order_by("pk").values_list("name", flat=True)
    return actions.create_agency(
        name=plan.name,
        slug=plan.slug,
        code=plan.code,
        perimeter=create_perimeter(name=", ".join(names), sirens=plan.sirens),
        phone=f"+33{LANDLINE_FOR_FICTION[plan.climate][1:]}0100",
        email=f"contact.{plan.key}@example.org",
        postal_address=f"1 place du Thermomètre (adresse inventée), {plan.town}",
    )


def gather(plan: AgencyPlan, agency: Agency, *, opens_on: date) -> Cast:
    """Its programmes, its partners and its people. Runs inside the agency."""
    director = _member(agency, PEOPLE[0], plan, {}, by=None)
    organisations = {
        partner.key: _organisation(director, partner, rank, plan, opens_on)
        for rank, partner in enumerate(plan.organisations)
    }
    people = {"direction": director}
    for person in PEOPLE[1:]:
        people[person.key] = _member(agency, person, plan, organisations, by=director)
    federation = User.objects.filter(email=FEDERATION_EMAIL).first()
    federation = federation or account(FEDERATION_EMAIL, FEDERATION.full_name)
    people["federation"] = actions.add_member(
        agency=agency, user=federation, role=FEDERATION.role, by=director
    )
    programmes = {
        scheme.slug: _programme(agency, scheme, opens_on, by=director) for scheme in plan.programmes
    }
    return Cast(plan, agency, programmes, organisations, people)


@cache
def _passphrase_hash() -> str:
    """The passphrase is one and public: hashing it forty times would only take two seconds more."""
    return make_password(PASSPHRASE)


def account(email: str, full_name: str) -> User:
    """An account that opens with the demonstration's passphrase."""
    return User.objects.create(
        email=email,
        full_name=full_name,
        password=_passphrase_hash(),
        date_joined=timezone.now(),
    )


def _organisation(
    director: Membership, partner: OrganisationPlan, rank: int, plan: AgencyPlan, on: date
) -> Organisation:
    return create_organisation(
        by=director,
        details=OrganisationDetails(
            kind=partner.kind,
            name=partner.name,
            what_for=partner.what_for,
            answer_days=partner.answer_days,
            accepts_referrals=partner.accepts,
            email=f"{partner.key}.{plan.key}@example.org",
            phone=f"{LANDLINE_FOR_FICTION[plan.climate]}{200 + rank:04d}",
            checked_on=on if partner.answer_days else None,
            territory=plan.sirens,
            contacts=_contacts(partner, plan),
        ),
        on=on,
    )


def _contacts(partner: OrganisationPlan, plan: AgencyPlan) -> tuple[ContactDetails, ...]:
    """Whoever has an account there, and an office for the others."""
    people = [person for person in PEOPLE if person.organisation == partner.key]
    return tuple(
        ContactDetails(
            name=person.full_name, position=WHO[person.key], email=person.email(plan.key)
        )
        for person in people
    ) or (ContactDetails(name="Accueil", position="Standard"),)


def _member(
    agency: Agency,
    person: Person,
    plan: AgencyPlan,
    organisations: dict[str, Organisation],
    *,
    by: Membership | None,
) -> Membership:
    user = account(person.email(plan.key), person.full_name)
    organisation = organisations[person.organisation] if person.organisation else None
    membership = actions.add_member(
        agency=agency,
        user=user,
        role=person.role,
        organisation_id=organisation.pk if organisation else None,
        by=by,
    )
    membership.agency, membership.user = agency, user
    return membership


def _programme(
    agency: Agency, scheme: ProgrammePlan, opens_on: date, *, by: Membership
) -> Programme:
    perimeter = agency.perimeter
    if set(scheme.sirens) != set(_sirens(agency)):
        names = Epci.objects.filter(pk__in=scheme.sirens).order_by("pk")
        perimeter = create_perimeter(
            name=", ".join(names.values_list("name", flat=True)), sirens=scheme.sirens
        )
    programme = actions.create_programme(
        agency=agency,
        name=scheme.name,
        slug=scheme.slug,
        summary=scheme.summary,
        perimeter=perimeter,
        required_income_class=scheme.income,
        opens_on=opens_on,
        consent_text_version=CONSENT_TEXT,
        support_target_share=scheme.support_target,
        exit_test=scheme.exit_test,
        by=by,
    )
    programme.agency = agency
    return programme


def _sirens(agency: Agency) -> list[str]:
    members = agency.perimeter.members.filter(epci__isnull=False)
    return list(members.values_list("epci_id", flat=True))
