"""Small invented worlds for tests: real communes, invented people, built through the actions."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from atre.domain.agencies import actions as agency_actions
from atre.domain.agencies import isolation
from atre.domain.agencies.enums import RequiredIncomeClass, Role
from atre.domain.agencies.models import Agency, Membership, Programme, User
from atre.domain.households.actions.opening import Request, open_case
from atre.domain.households.enums import Channel, ConsentKind, Difficulty
from atre.domain.households.models import Case
from atre.domain.network.enums import OrganisationKind
from atre.domain.network.models import Organisation
from atre.domain.territories.actions import create_perimeter
from atre.domain.territories.models import Commune, Department, Region

PARIS = ZoneInfo("Europe/Paris")
PASSWORD = "une phrase de passe bien longue"
NOGENT, BAGNOLET, ANGERS, HYERES = "94052", "93006", "49007", "83069"
COMMUNES = {
    NOGENT: ("Nogent-sur-Marne", "94", "Val-de-Marne", "11", "Île-de-France"),
    BAGNOLET: ("Bagnolet", "93", "Seine-Saint-Denis", "11", "Île-de-France"),
    ANGERS: ("Angers", "49", "Maine-et-Loire", "52", "Pays de la Loire"),
    HYERES: ("Hyères", "83", "Var", "93", "Provence-Alpes-Côte d’Azur"),
}
_number = count(1)


def commune(insee: str = NOGENT) -> Commune:
    name, department, department_name, region, region_name = COMMUNES[insee]
    region_row, _ = Region.objects.get_or_create(code=region, defaults={"name": region_name})
    department_row, _ = Department.objects.get_or_create(
        code=department, defaults={"name": department_name, "region": region_row}
    )
    row, _ = Commune.objects.get_or_create(
        insee=insee,
        defaults={
            "name": name,
            "search_name": name.lower(),
            "department": department_row,
            "region": region_row,
            "zone": "metro",
        },
    )
    return row


def agency(*, insee: str = NOGENT, name: str | None = None) -> Agency:
    commune(insee)
    number = next(_number)
    perimeter = create_perimeter(name=f"Périmètre {number}", communes=[insee])
    return agency_actions.create_agency(
        name=name or f"Agence {number}",
        slug=f"agence-{number}",
        code=f"A{number}",
        perimeter=perimeter,
        phone="+33140000000",
        email=f"agence{number}@example.org",
    )


def programme(owner: Agency, **changes: object) -> Programme:
    number = next(_number)
    values = {
        "agency": owner,
        "name": f"Visites {number}",
        "slug": f"visites-{number}",
        "perimeter": owner.perimeter,
        "required_income_class": RequiredIncomeClass.TRES_MODESTES,
        "opens_on": date(2024, 1, 1),
        "consent_text_version": "2026-01",
    } | changes
    return agency_actions.create_programme(**values)


def organisation(
    owner: Agency, kind: str = OrganisationKind.OPERATOR, name: str | None = None
) -> Organisation:
    with isolation.within(owner):
        return Organisation.objects.create(
            agency=owner,
            kind=kind,
            name=name or f"Organisation {next(_number)}",
            email=f"service{next(_number)}@example.org",
        )


@cache
def hashed_password() -> str:
    """PASSWORD as the database keeps it. Hashed once: Argon2 is slow on purpose."""
    return make_password(PASSWORD)


def member(
    owner: Agency, role: str = Role.ADVISER, *, of: Organisation | None = None, email: str = ""
) -> Membership:
    """A person with one role; partner roles get an organisation of their own unless given."""
    if of is None and role in agency_actions.PARTNER_ROLES:
        kind = OrganisationKind.CCAS if role == Role.REFERRER else OrganisationKind.OPERATOR
        of = organisation(owner, kind)
    number = next(_number)
    user = User.objects.create(
        email=email or f"personne{number}@example.org",
        full_name=f"Personne {number}",
        password=hashed_password(),
    )
    return agency_actions.add_member(
        agency=owner, user=user, role=role, organisation_id=of.pk if of else None
    )


def request(**changes: object) -> Request:
    """An eligible household's request in Nogent-sur-Marne; override what the test is about."""
    base = Request(
        first_name="Amina",
        last_name="Exemple",
        birth_date=date(1980, 5, 4),
        phone="0612345678",
        email="menage@example.org",
        contact_preference="",
        adults=1,
        children=2,
        tenure="private_tenant",
        address_line="3 rue des Essais",
        address_extra="",
        postal_code="94130",
        commune=commune(),
        dwelling_kind="flat",
        floor_area_m2=Decimal("54.0"),
        landlord_name="",
        difficulties=frozenset({Difficulty.TOO_COLD_OR_HOT, Difficulty.HIGH_BILLS}),
        told="",
        rfr_eur=Decimal("18000"),
        rfr_income_year=2025,
        consents=frozenset({ConsentKind.PROCESSING, ConsentKind.INFORM_REFERRER}),
    )
    return replace(base, **changes)


def case(
    scheme: Programme,
    *,
    by: Membership | None = None,
    on: date = date(2026, 3, 2),
    **changes: object,
) -> Case:
    """A case just opened, by the public page or by a member (referrer or staff)."""
    channel = Channel.PUBLIC
    if by is not None:
        channel = Channel.REFERRER if by.role == Role.REFERRER else Channel.STAFF
    receipt = open_case(
        programme=scheme,
        request=request(**changes),
        submission=uuid4(),
        channel=channel,
        by=by,
        on=on,
    )
    return receipt.case


def at(day: str, hour: int = 10, minute: int = 0) -> datetime:
    """A moment in Paris: at("2026-03-12", 14)."""
    return datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=PARIS)


def later(moment: datetime, minutes: int = 90) -> datetime:
    return moment + timedelta(minutes=minutes)
