"""Letters of the support: dataclass in, accessible PDF out, ready for a window envelope."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from atre.documents.engine import Template, compile_pdf
from atre.documents.french import french_date
from atre.documents.letter_bodies import body_of
from atre.documents.letter_content import (
    AppointmentConfirmation,
    FslSupport,
    LandlordCase,
    LandlordFirstContact,
    LandlordFormalNotice,
    LandlordReminder,
    LetterContent,
    LetterKind,
    OneYearQuestionnaire,
    SocialWorkerLink,
)
from atre.documents.people import (
    Addressee,
    AgencyIdentity,
    Agreement,
    ContactPerson,
    addressee_data,
    agency_data,
    contact_data,
)

__all__ = [
    "Addressee",
    "AgencyIdentity",
    "Agreement",
    "AppointmentConfirmation",
    "ContactPerson",
    "FslSupport",
    "LandlordCase",
    "LandlordFirstContact",
    "LandlordFormalNotice",
    "LandlordReminder",
    "Letter",
    "LetterContent",
    "LetterKind",
    "OneYearQuestionnaire",
    "SocialWorkerLink",
    "render_letter",
]


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter: who writes to whom, when and from where; `content` decides its kind and its words."""

    reference: str
    written_on: date
    place: str
    agency: AgencyIdentity
    programme_name: str
    recipient: Addressee
    signatory: ContactPerson
    content: LetterContent

    def __post_init__(self) -> None:
        sent_before = getattr(self.content, "sent_on", ())
        if any(day >= self.written_on for day in sent_before):
            raise ValueError("an earlier letter was sent before this one is written")
        reply_by = self._reply_by()
        if reply_by is not None and reply_by <= self.written_on:
            raise ValueError("the day an answer is asked for comes after the letter's own day")

    def _reply_by(self) -> date | None:
        match self.content:
            case LandlordFirstContact() | LandlordReminder() | LandlordFormalNotice():
                return self.content.case.reply_by
            case OneYearQuestionnaire():
                return self.content.reply_by
            case _:
                return None

    @property
    def kind(self) -> LetterKind:
        return self.content.kind


def render_letter(letter: Letter) -> bytes:
    """Return the letter as an accessible PDF (PDF/UA-1, French). Same letter, same bytes.

    Raises DocumentError when the PDF cannot be made.
    """
    return compile_pdf(Template.LETTER, _letter_data(letter), issued_on=letter.written_on)


def _letter_data(letter: Letter) -> dict[str, Any]:
    body = body_of(
        letter.content,
        programme=letter.programme_name,
        agency=letter.agency.name,
        on=letter.written_on,
    )
    return {
        # The subject can name the tenant; a file's title shows in many places, so it keeps to the reference.
        "title": f"{body.title}, dossier {letter.reference}",
        "reference": letter.reference,
        "programme": letter.programme_name,
        "agency": agency_data(letter.agency),
        "addressee": addressee_data(letter.recipient),
        "signatory": contact_data(letter.signatory),
        "place_and_date": f"{letter.place}, le {french_date(letter.written_on)}",
        "subject": body.subject,
        "salutation": body.salutation,
        "blocks": list(body.blocks),
        "closing": body.closing,
        "signed_by_household": body.signed_by,
        "household_lines": list(body.sender_lines),
        "delivery": body.delivery,
        "after": list(body.after),
    }
