"""Who writes, who answers the phone, who receives: parts shared by every printed document."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from atre.documents.french import UNKNOWN, french_phone

# La Poste reads at most six lines in an address block, name included.
MOST_ADDRESS_LINES = 6


@dataclass(frozen=True, kw_only=True)
class AgencyIdentity:
    """The agency as its letterhead names it. `phone` and `email` are None when it has none."""

    name: str
    address_lines: tuple[str, ...]
    phone: str | None
    email: str | None
    website: str | None = None
    opening_hours: str | None = None


@dataclass(frozen=True, kw_only=True)
class ContactPerson:
    """Someone to call. `role` says what for, in the reader's words (« votre conseillère énergie »)."""

    name: str
    role: str
    phone: str | None
    email: str | None = None
    availability: str | None = None


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """Name and address as they show through the envelope's window: six lines at most, name included."""

    name: str
    address_lines: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("an addressee has a name")
        if len(self.address_lines) + 1 > MOST_ADDRESS_LINES:
            raise ValueError(f"an address block holds {MOST_ADDRESS_LINES} lines, name included")


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """The household's consent that a document relies on, and the day it was given."""

    given_on: date
    scope: str


def agency_data(agency: AgencyIdentity) -> dict[str, Any]:
    return {
        "name": agency.name,
        "address_lines": list(agency.address_lines),
        "phone": french_phone(agency.phone) if agency.phone else None,
        "email": agency.email,
        "website": agency.website,
        "opening_hours": agency.opening_hours,
    }


def contact_data(contact: ContactPerson) -> dict[str, Any]:
    return {
        "name": contact.name,
        "role": contact.role,
        "phone": french_phone(contact.phone) if contact.phone else f"téléphone {UNKNOWN}",
        "email": contact.email,
        "availability": contact.availability,
    }


def addressee_data(addressee: Addressee) -> dict[str, Any]:
    return {"name": addressee.name, "lines": list(addressee.address_lines)}
