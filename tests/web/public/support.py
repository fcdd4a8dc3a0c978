"""What the public form sends, and worlds for its pages."""

from datetime import date
from uuid import uuid4

import time_machine
from django.test import Client

from atre.domain.agencies.models import Programme
from atre.web.public.forms import opened_now
from tests.support import world

TODAY = date(2026, 3, 2)


def typed(**changes: object) -> dict[str, object]:
    """A complete form in the household's words; a None takes a field away."""
    values = {
        "difficulties": ["too_cold_or_hot", "high_bills"],
        "told": "Il fait 14 °C dans la chambre.",
        "address_line": "3 rue des Essais",
        "address_extra": "Bâtiment B",
        "postal_code": "94130",
        "commune": "Nogent-sur-Marne",
        "commune_code": world.NOGENT,
        "tenure": "private_tenant",
        "dwelling_kind": "flat",
        "floor_area_m2": "54,5",
        "landlord_name": "",
        "first_name": "Amina",
        "last_name": "Exemple",
        "birth_date": "1980-05-04",
        "phone": "06 12 34 56 78",
        "email": "menage@example.org",
        "contact_preference": "le matin",
        "adults": "1",
        "children": "2",
        "rfr_eur": "18 000 €",
        "rfr_income_year": "2024",
        "processing": "on",
        "submission": str(uuid4()),
        "opened": opened_at_leisure(),
        "website": "",
    } | changes
    return {name: value for name, value in values.items() if value is not None}


def opened_at_leisure() -> str:
    """A page opened ten minutes before."""
    import time

    with time_machine.travel(time.time() - 600):
        return opened_now()


def post(client: Client, programme: Programme, **changes: object):
    return client.post(f"/{programme.slug}/demande", typed(**changes))
