"""What a visit report says, before it is laid out."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from atre.documents.people import Addressee, AgencyIdentity, ContactPerson


class BillReading(StrEnum):
    """Where a billed quantity comes from, as printed."""

    READ = "relevé"
    ESTIMATED = "estimé"
    PARTLY_ESTIMATED = "en partie estimé"
    UNKNOWN = "non renseigné"


@dataclass(frozen=True, kw_only=True)
class EnergyUse:
    """One energy (or water) over the period its bills cover.

    `quantity` is in `unit` (« kWh », « m³ »…) over the period; `cost_eur` is TTC, subscription included.
    The period is that of the bills as they print it, the last day being also the first of the next bill.
    `covered_days` counts the days of the period that a bill covers. Annual values are given only when the bills
    allow them; otherwise `annual_unknown_because` is the sentence that says why. None is unknown, 0 is zero.
    """

    energy: str
    unit: str
    quantity: Decimal | None
    cost_eur: Decimal | None
    period_start: date | None
    period_end: date | None
    covered_days: int | None
    reading: BillReading
    annual_quantity: Decimal | None
    annual_cost_eur: Decimal | None
    annual_unknown_because: str | None = None

    def __post_init__(self) -> None:
        for value in (
            self.quantity,
            self.cost_eur,
            self.annual_quantity,
            self.annual_cost_eur,
            self.covered_days,
        ):
            if value is not None and value < 0:
                raise ValueError(
                    f"{self.energy}: a quantity, cost or number of days is never negative"
                )
        if self.period_start and self.period_end and self.period_end < self.period_start:
            raise ValueError(f"{self.energy}: the period ends before it starts")
        incomplete = self.annual_quantity is None or self.annual_cost_eur is None
        if incomplete and not self.annual_unknown_because:
            raise ValueError(f"{self.energy}: an unknown annual value needs its reason")


@dataclass(frozen=True, kw_only=True)
class RoomMeasure:
    """Air temperature (°C) and relative humidity (%) read in one room during the visit."""

    room: str
    temperature_c: Decimal | None
    humidity_percent: Decimal | None


@dataclass(frozen=True, kw_only=True)
class DwellingFacts:
    """The dwelling as seen. Words are ready to print; None prints « non renseigné »."""

    kind: str | None
    tenure: str | None
    floor_area_m2: Decimal | None
    built: str | None
    occupants: int | None
    heating: str | None
    hot_water: str | None
    ventilation: str | None
    dpe_class: str | None
    measures: tuple[RoomMeasure, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing seen during the visit, and the caution that goes with it."""

    sentence: str
    caution: str | None = None


@dataclass(frozen=True, kw_only=True)
class EquipmentGiven:
    item: str
    quantity: int | None
    purpose: str


@dataclass(frozen=True, kw_only=True)
class EstimatedSaving:
    """An estimate made at the visit, per year, in `unit` (« € », « kWh », « m³ »), with the source that allows it."""

    low: Decimal
    high: Decimal
    unit: str
    source: str

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high:
            raise ValueError("an estimated saving goes from a low to a high value, both positive")
        if not self.source.strip():
            raise ValueError("an estimated saving has a source")


@dataclass(frozen=True, kw_only=True)
class GestureAdvised:
    """A gesture to try. `saving` is None when nothing sound puts a figure on it: printed « non chiffré »."""

    text: str
    saving: EstimatedSaving | None


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What is done next: a whole sentence, who does it, by when (None: no date set)."""

    action: str
    who: str
    by_household: bool
    due: date | None


@dataclass(frozen=True, kw_only=True)
class ServiceReferral:
    """A service the household was directed to. `state` is said in plain words (« demande envoyée le… »)."""

    name: str
    purpose: str
    state: str | None
    phone: str | None


@dataclass(frozen=True, kw_only=True)
class PrivacyNotice:
    """Who keeps the file, how long after the last contact, and where to write about it."""

    controller: str
    contact: str
    kept_years_after_last_contact: int
    shared_with: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VisitReport:
    """Everything the report prints. Tuples may be empty: the report then says so, or leaves the section out."""

    reference: str
    issued_on: date
    visited_on: date
    household: Addressee
    programme_name: str
    agency: AgencyIdentity
    visitors: tuple[str, ...]
    main_contact: ContactPerson
    dwelling: DwellingFacts
    privacy: PrivacyNotice
    difficulties: tuple[str, ...] = ()
    household_words: str | None = None
    uses: tuple[EnergyUse, ...] = ()
    energy_basis: str | None = None
    findings: tuple[Finding, ...] = ()
    equipment: tuple[EquipmentGiven, ...] = ()
    gestures: tuple[GestureAdvised, ...] = ()
    steps: tuple[NextStep, ...] = ()
    other_contacts: tuple[ContactPerson, ...] = ()
    services: tuple[ServiceReferral, ...] = ()
    visitor_note: str | None = None
    private_link: str | None = None

    def __post_init__(self) -> None:
        if self.issued_on < self.visited_on:
            raise ValueError("a report is not issued before its visit")
        if not self.visitors:
            raise ValueError("a visit has a visitor")
