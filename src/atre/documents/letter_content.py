"""What each kind of letter needs to know. Refuses what a letter must not be sent without."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from atre.documents.law import RentedDwelling
from atre.documents.people import Agreement


class LetterKind(StrEnum):
    LANDLORD_FIRST_CONTACT = "landlord_first_contact"
    LANDLORD_REMINDER = "landlord_reminder"
    LANDLORD_FORMAL_NOTICE = "landlord_formal_notice"
    SOCIAL_WORKER = "social_worker"
    FSL_SUPPORT = "fsl_support"
    APPOINTMENT_CONFIRMATION = "appointment_confirmation"
    ONE_YEAR_QUESTIONNAIRE = "one_year_questionnaire"


@dataclass(frozen=True, kw_only=True)
class LandlordCase:
    """What is told to a landlord, with the tenant's agreement, and what is asked of them.

    `findings` and `requests` are whole sentences. `reply_by` is the day we ask an answer for: our own choice,
    not a legal delay.
    """

    tenant_name: str
    dwelling_address: str
    dwelling: RentedDwelling
    visited_on: date
    findings: tuple[str, ...]
    requests: tuple[str, ...]
    reply_by: date
    agreement: Agreement

    def __post_init__(self) -> None:
        if not self.findings or not self.requests:
            raise ValueError("a letter to a landlord says what was seen and what is asked")


@dataclass(frozen=True, kw_only=True)
class LandlordFirstContact:
    case: LandlordCase
    kind = LetterKind.LANDLORD_FIRST_CONTACT


@dataclass(frozen=True, kw_only=True)
class LandlordReminder:
    """`answer_so_far` is the landlord's incomplete answer in one sentence; None when there was none."""

    case: LandlordCase
    sent_on: tuple[date, ...]
    answer_so_far: str | None = None
    kind = LetterKind.LANDLORD_REMINDER

    def __post_init__(self) -> None:
        if not self.sent_on:
            raise ValueError("a reminder follows a letter")


@dataclass(frozen=True, kw_only=True)
class LandlordFormalNotice:
    """A formal notice that the tenant reads, corrects, dates, signs and sends: never the agency's own letter."""

    case: LandlordCase
    sent_on: tuple[date, ...]
    tenant_address_lines: tuple[str, ...]
    kind = LetterKind.LANDLORD_FORMAL_NOTICE

    def __post_init__(self) -> None:
        if not self.sent_on:
            raise ValueError("a formal notice follows at least one letter")


@dataclass(frozen=True, kw_only=True)
class SocialWorkerLink:
    """What we tell the social worker who follows the household, and what we ask. Sentences ready to print."""

    household_name: str
    visited_on: date
    situation: tuple[str, ...]
    done: tuple[str, ...]
    requests: tuple[str, ...]
    agreement: Agreement
    kind = LetterKind.SOCIAL_WORKER


@dataclass(frozen=True, kw_only=True)
class FslSupport:
    """Support for an FSL request. Amounts in euros TTC; None is printed « non renseigné », never zero."""

    household_name: str
    household_address: str
    visited_on: date
    supplier: str | None
    energy: str
    debt_eur: Decimal | None
    requested_eur: Decimal | None
    requested_on: date | None
    reasons: tuple[str, ...]
    already_done: tuple[str, ...]
    main_residence: bool
    agreement: Agreement
    kind = LetterKind.FSL_SUPPORT

    def __post_init__(self) -> None:
        for amount in (self.debt_eur, self.requested_eur):
            if amount is not None and amount < 0:
                raise ValueError("a debt or a requested aid is never negative")


@dataclass(frozen=True, kw_only=True)
class AppointmentConfirmation:
    """A visit at home. `starts_at` is in local time (aware). `assurances` are the programme's own promises."""

    household_name: str
    starts_at: datetime
    minutes: int | None
    place: str
    visitors: tuple[str, ...]
    visitor_organisation: str | None
    to_prepare: tuple[str, ...]
    change_phone: str | None
    change_email: str | None
    assurances: tuple[str, ...] = ()
    kind = LetterKind.APPOINTMENT_CONFIRMATION

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None:
            raise ValueError("an appointment has a time zone")
        if not self.change_phone and not self.change_email:
            raise ValueError(
                "the household needs a phone number or an e-mail address to change the appointment"
            )


@dataclass(frozen=True, kw_only=True)
class OneYearQuestionnaire:
    """The questions of the follow-up, on paper. `gestures` are those advised at the visit."""

    household_name: str
    visited_on: date
    reply_by: date
    gestures: tuple[str, ...]
    private_link: str | None = None
    kind = LetterKind.ONE_YEAR_QUESTIONNAIRE


LetterContent = (
    LandlordFirstContact
    | LandlordReminder
    | LandlordFormalNotice
    | SocialWorkerLink
    | FslSupport
    | AppointmentConfirmation
    | OneYearQuestionnaire
)
