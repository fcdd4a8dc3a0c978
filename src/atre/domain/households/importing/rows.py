"""From the lines of a file to requests, or to the reason why a line cannot be one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

from atre.domain.agencies.models import Programme
from atre.domain.errors import DomainError, InvalidInput
from atre.domain.households.actions.opening import Request, check_told
from atre.domain.households.enums import ConsentKind, Difficulty
from atre.domain.households.importing import cells
from atre.domain.households.importing.cells import Value
from atre.domain.households.importing.columns import BY_KEY
from atre.domain.households.importing.places import Places
from atre.domain.households.keys import phone_e164

# Any constant would do, once for ever: the same line of the same agency gives the same submission.
NAMESPACE = UUID("6e0c2a0a-9d0e-5b0f-8a5c-2b6f0c0f7a11")
OLDEST_DEPOSIT = date(2000, 1, 1)
WIDEST = 10_000


@dataclass(frozen=True)
class Parsed:
    """A line that can become a case."""

    number: int
    submission: UUID
    deposited_on: date
    request: Request


@dataclass(frozen=True)
class Rejected:
    """A line that cannot, and why, in French. `reason` may quote the line: it stays private."""

    number: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a file is to be read: {column key: position}, and the agreement attested for all lines."""

    programme: Programme
    mapping: Mapping[str, int]
    consented_on: date | None
    on: date


def parse_lines(
    lines: Sequence[tuple[int, Sequence[Value]]], *, reading: Reading, places: Places
) -> Iterator[Parsed | Rejected]:
    """Each line in order. The same case twice in the file is rejected the second time."""
    seen: dict[UUID, int] = {}
    for number, values in lines:
        picked = {
            key: values[position] if position < len(values) else None
            for key, position in reading.mapping.items()
        }
        try:
            parsed = _parse(number, picked, reading=reading, places=places)
        except DomainError as refusal:
            yield Rejected(number, refusal.message_fr)
            continue
        if parsed.submission in seen:
            yield Rejected(
                number, f"Même dossier que la ligne {seen[parsed.submission]} de ce fichier."
            )
            continue
        seen[parsed.submission] = number
        yield parsed


def submission_of(*, programme: Programme, picked: Mapping[str, Value]) -> UUID:
    """The same line always gives the same identifier: by the agency's own number, else by content."""
    own = " ".join(str(picked["own_key"]).split()) if picked.get("own_key") is not None else ""
    content = (
        f"key:{own}"
        if own
        else json.dumps({k: str(v) for k, v in picked.items() if v is not None}, sort_keys=True)
    )
    return uuid5(NAMESPACE, f"{programme.agency_id}:{programme.pk}:{content}")


def _parse(number: int, picked: Mapping[str, Value], *, reading: Reading, places: Places) -> Parsed:
    def get(key: str) -> Value:
        return picked.get(key)

    def text(key: str, longest: int) -> str:
        return cells.text(get(key), longest=longest, field=key, label=BY_KEY[key].label)

    def day(key: str) -> date | None:
        return cells.day(get(key), field=key, label=BY_KEY[key].label)

    for key in ("last_name", "first_name", "address_line", "commune", "deposited_on"):
        if cells.is_blank(get(key)):
            raise InvalidInput(f"{BY_KEY[key].label} : il manque.", field=key)
    deposited_on = day("deposited_on")
    assert deposited_on is not None
    if not OLDEST_DEPOSIT <= deposited_on <= reading.on:
        raise InvalidInput(
            "Date de la demande : elle doit être passée, et après l’an 2000.", field="deposited_on"
        )
    code = cells.postal_code(get("postal_code"))
    commune = places.commune(text("commune", 120), postal_code=code)
    places.check_covered(commune, on=deposited_on)
    request = Request(
        first_name=text("first_name", 100),
        last_name=text("last_name", 100),
        birth_date=day("birth_date"),
        phone=cells.phone(get("phone")),
        email=_email(text("email", 254)),
        contact_preference="",
        adults=cells.whole(get("adults"), most=30, field="adults", label="Adultes"),
        children=cells.whole(get("children"), most=30, field="children", label="Enfants"),
        tenure=cells.tenure(get("tenure")),
        address_line=text("address_line", 200),
        address_extra=text("address_extra", 200),
        postal_code=code or places.only_postal_code(commune),
        commune=commune,
        dwelling_kind=cells.dwelling_kind(get("dwelling_kind")),
        floor_area_m2=_area(get("floor_area_m2")),
        landlord_name=text("landlord_name", 150),
        difficulties=frozenset(
            difficulty
            for difficulty in Difficulty
            if cells.told_yes(get(difficulty), field=difficulty, label=str(difficulty.label))
        ),
        told=text("told", 4000),
        rfr_eur=cells.amount(get("rfr_eur"), field="rfr_eur", label=BY_KEY["rfr_eur"].label),
        rfr_income_year=_income_year(get("rfr_income_year"), deposited_on),
        consents=frozenset({ConsentKind.PROCESSING}),
        consented_on=_consent(day("consented_on"), reading=reading),
    )
    check_told(request=request, on=deposited_on)
    phone_e164(request.phone)
    return Parsed(
        number=number,
        submission=submission_of(programme=reading.programme, picked=picked),
        deposited_on=deposited_on,
        request=request,
    )


def _consent(told: date | None, *, reading: Reading) -> date:
    """When the household agreed: its own date, else the one attested for the whole file."""
    agreed = told or reading.consented_on
    if agreed is None:
        raise InvalidInput(
            "Accord du ménage : ni date sur la ligne, ni attestation pour le fichier.",
            field="consented_on",
        )
    if not OLDEST_DEPOSIT <= agreed <= reading.on:
        raise InvalidInput("Date de l’accord du ménage : elle doit être passée.", field="consent")
    return agreed


def _email(typed: str) -> str:
    if typed and (typed.count("@") != 1 or " " in typed or "." not in typed.split("@")[1]):
        raise InvalidInput("Adresse e-mail : elle n’est pas complète.", field="email")
    return typed


def _area(value: Value) -> Decimal | None:
    area = cells.amount(value, field="floor_area_m2", label="Surface")
    if area is not None and not 0 < area < WIDEST:
        raise InvalidInput("Surface : elle n’est pas possible.", field="floor_area_m2")
    return area


def _income_year(value: Value, deposited_on: date) -> int | None:
    year = cells.whole(value, most=2100, field="rfr_income_year", label="Année des revenus")
    if year is not None and not deposited_on.year - 5 <= year < deposited_on.year:
        raise InvalidInput(
            f"Année des revenus : entre {deposited_on.year - 5} et {deposited_on.year - 1} pour "
            "une demande de cette date.",
            field="rfr_income_year",
        )
    return year
