"""The words of each kind of letter."""

from datetime import date

from atre.documents.household_letters import (
    appointment_body,
    questionnaire_body,
)
from atre.documents.landlord_letters import first_contact_body, formal_notice_body, reminder_body
from atre.documents.letter_blocks import LetterBody
from atre.documents.letter_content import (
    AppointmentConfirmation,
    FslSupport,
    LandlordFirstContact,
    LandlordFormalNotice,
    LandlordReminder,
    LetterContent,
    OneYearQuestionnaire,
    SocialWorkerLink,
)
from atre.documents.social_letters import fsl_body, social_worker_body


def body_of(content: LetterContent, *, programme: str, agency: str, on: date) -> LetterBody:
    """Return the words of a letter written `on` a day; rules of law are those citable that day."""
    match content:
        case LandlordFirstContact():
            return first_contact_body(content.case, programme=programme, agency=agency, on=on)
        case LandlordReminder():
            return reminder_body(content, on=on)
        case LandlordFormalNotice():
            return formal_notice_body(content, agency=agency, on=on)
        case SocialWorkerLink():
            return social_worker_body(content, programme=programme, agency=agency)
        case FslSupport():
            return fsl_body(content, programme=programme, agency=agency, on=on)
        case AppointmentConfirmation():
            return appointment_body(content, programme=programme)
        case OneYearQuestionnaire():
            return questionnaire_body(content, programme=programme)
