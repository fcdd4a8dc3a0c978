"""Letters of a support, drawn from the case, its sealed visit and what the adviser typed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from atre.documents.law import RentedDwelling
from atre.documents.letters import (
    Addressee,
    AgencyIdentity,
    Agreement,
    ContactPerson,
    LandlordCase,
    LandlordFirstContact,
    LandlordFormalNotice,
    LandlordReminder,
    Letter,
    LetterContent,
    OneYearQuestionnaire,
    render_letter,
)
from atre.documents.people import MOST_ADDRESS_LINES
from atre.domain.agencies.models import Membership
from atre.domain.errors import InvalidInput
from atre.domain.households.models import Case
from atre.domain.support.enums import MediationStepKind
from atre.domain.support.models import LandlordMediation, MediationStep
from atre.domain.territories.enums import Zone
from atre.domain.visits import catalogue
from atre.domain.visits.models import Visit

FILE_NAMES: dict[str, str] = {
    MediationStepKind.FIRST_CONTACT: "Lettre au bailleur.pdf",
    MediationStepKind.REMINDER: "Relance au bailleur.pdf",
    MediationStepKind.FORMAL_NOTICE: "Mise en demeure à signer par le locataire.pdf",
}
POSTAL_CODE = re.compile(r"\b\d{5}\s+(?P<town>[^\n,]+)")
CEDEX = re.compile(r"\bcedex\b.*", re.IGNORECASE)
SCOPE_FR = "vous parler de ce logement et de ce qui y a été constaté"


@dataclass(frozen=True, kw_only=True)
class LandlordLetterText:
    """What the adviser checked before printing: whole sentences, one an item."""

    kind: str
    place: str
    written_on: date
    reply_by: date
    findings: tuple[str, ...]
    requests: tuple[str, ...]
    answer_so_far: str = ""


def landlord_letter_pdf(
    *,
    case: Case,
    visit: Visit,
    mediation: LandlordMediation,
    steps: Sequence[MediationStep],
    text: LandlordLetterText,
    by: Membership,
) -> bytes:
    """A letter of the mediation as a PDF/UA, signed by `by` (the notice: by the tenant).

    Raises `InvalidInput` for what a letter must not be sent without; DocumentError.
    """
    return render_letter(
        landlord_letter(case=case, visit=visit, mediation=mediation, steps=steps, text=text, by=by)
    )


def landlord_letter(
    *,
    case: Case,
    visit: Visit,
    mediation: LandlordMediation,
    steps: Sequence[MediationStep],
    text: LandlordLetterText,
    by: Membership,
) -> Letter:
    """What the letter says. Refuses in words what its dataclasses would refuse."""
    if mediation.agreed_on is None:
        raise InvalidInput("L’accord du ménage n’est pas noté : rien ne part au bailleur.")
    if not text.findings or not text.requests:
        raise InvalidInput(
            "Une lettre dit ce qui a été vu et ce qui est demandé.", field="findings"
        )
    if text.reply_by <= text.written_on:
        raise InvalidInput("La réponse est attendue après la date de la lettre.", field="due_on")
    lines = tuple(line.strip() for line in mediation.landlord_address.splitlines() if line.strip())
    if not lines or len(lines) + 1 > MOST_ADDRESS_LINES:
        raise InvalidInput(
            f"L’adresse du bailleur tient en {MOST_ADDRESS_LINES - 1} lignes : complétez-la.",
            field="landlord_address",
        )
    agency = case.programme.agency
    return Letter(
        reference=case.reference,
        written_on=text.written_on,
        place=text.place,
        agency=agency_identity(case),
        programme_name=case.programme.name,
        recipient=Addressee(name=mediation.landlord_name, address_lines=lines),
        signatory=ContactPerson(
            name=by.user.full_name,
            role="suit ce dossier",
            phone=agency.phone or None,
            email=agency.email or None,
        ),
        content=_content(case, visit, mediation, steps, text),
    )


def _content(
    case: Case,
    visit: Visit,
    mediation: LandlordMediation,
    steps: Sequence[MediationStep],
    text: LandlordLetterText,
) -> LetterContent:
    assert mediation.agreed_on is not None
    about = LandlordCase(
        tenant_name=household_name(case),
        dwelling_address=", ".join(home_lines(case)),
        dwelling=RentedDwelling(
            dpe_class=visit.document["dwelling"]["dpe_class"],
            # A visit reads no certificate of energy performance beyond its letter.
            final_kwh_per_m2=None,
            overseas=case.dwelling.commune.zone != Zone.METRO,
        ),
        visited_on=visit.visited_on,
        findings=text.findings,
        requests=text.requests,
        reply_by=text.reply_by,
        agreement=Agreement(given_on=mediation.agreed_on, scope=SCOPE_FR),
    )
    if text.kind == MediationStepKind.FIRST_CONTACT:
        return LandlordFirstContact(case=about)
    sent_on = tuple(
        step.on
        for step in steps
        if step.kind in {MediationStepKind.FIRST_CONTACT, MediationStepKind.REMINDER}
        and step.on < text.written_on
    )
    if not sent_on:
        raise InvalidInput(
            "Une relance ou une mise en demeure suit une première lettre, envoyée un jour d’avant.",
            field="kind",
        )
    if text.kind == MediationStepKind.REMINDER:
        return LandlordReminder(
            case=about, sent_on=sent_on, answer_so_far=text.answer_so_far or None
        )
    if text.kind == MediationStepKind.FORMAL_NOTICE:
        return LandlordFormalNotice(
            case=about, sent_on=sent_on, tenant_address_lines=tuple(home_lines(case))
        )
    raise InvalidInput("Cette étape n’a pas de lettre à imprimer.", field="kind")


def questionnaire_pdf(*, case: Case, visit: Visit, place: str, on: date, reply_by: date) -> bytes:
    """The one-year questions on paper, for a household that does not answer the telephone."""
    adviser = case.adviser
    agency = case.programme.agency
    return render_letter(
        Letter(
            reference=case.reference,
            written_on=on,
            place=place,
            agency=agency_identity(case),
            programme_name=case.programme.name,
            recipient=Addressee(name=household_name(case), address_lines=tuple(home_lines(case))),
            signatory=ContactPerson(
                name=adviser.user.full_name if adviser else agency.name,
                role="suit votre dossier",
                phone=agency.phone or None,
                email=agency.email or None,
            ),
            content=OneYearQuestionnaire(
                household_name=household_name(case),
                visited_on=visit.visited_on,
                reply_by=reply_by,
                gestures=tuple(catalogue.GESTURES[code].label for code in advised_gestures(visit)),
            ),
        )
    )


def advised_gestures(visit: Visit) -> list[str]:
    """Codes of the gestures advised at a visit, each once."""
    codes = [row["code"] for row in visit.document["gestures"] if row["code"] is not None]
    return list(dict.fromkeys(codes))


def usual_place(case: Case) -> str:
    """The town of the agency's postal address: what follows its postal code; "" without one."""
    codes = list(POSTAL_CODE.finditer(case.programme.agency.postal_address))
    return CEDEX.sub("", codes[-1]["town"]).strip() if codes else ""


def household_name(case: Case) -> str:
    """First name, then name, as letters write them."""
    return f"{case.household.first_name} {case.household.last_name}"


def home_lines(case: Case) -> list[str]:
    """The dwelling's address, line by line."""
    home = case.dwelling
    lines = [home.address_extra, home.address_line, f"{home.postal_code} {home.commune.name}"]
    return [line for line in lines if line]


def agency_identity(case: Case) -> AgencyIdentity:
    """The agency as it heads its letters."""
    agency = case.programme.agency
    return AgencyIdentity(
        name=agency.name,
        address_lines=tuple(line for line in agency.postal_address.splitlines() if line.strip()),
        phone=agency.phone or None,
        email=agency.email or None,
        website=agency.website or None,
    )
