"""Letters about a household to those who can help it: its social worker, the housing fund (FSL).

Nothing leaves without the household's agreement that this very service learns of its situation.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.timezone import localdate

from atre.documents.from_support import agency_identity, home_lines, household_name
from atre.documents.letters import (
    Addressee,
    Agreement,
    ContactPerson,
    FslSupport,
    Letter,
    LetterContent,
    SocialWorkerLink,
    render_letter,
)
from atre.documents.people import MOST_ADDRESS_LINES
from atre.domain.agencies.models import Membership
from atre.domain.errors import DomainError, InvalidInput
from atre.domain.households.models import Case
from atre.domain.network.models import Organisation
from atre.domain.support.actions.sharing import standing_sharing
from atre.domain.support.models import AidFile
from atre.domain.visits.models import Visit

SCOPE_FR = "vous dire sa situation et ce que nous faisons avec lui"
# As the letters name them; the rules they cite depend on these words.
ENERGIES_FR = {
    "electricity": "Électricité",
    "natural_gas": "Gaz naturel",
    "district_heat": "Chaleur",
    "fuel_oil": "Fioul",
    "propane": "Gaz en bouteille ou en citerne",
    "wood_logs": "Bois en bûches",
    "wood_pellets": "Granulés de bois",
    "water": "Eau",
}


class NotAgreed(DomainError):
    """The household has not agreed that this service learns of its situation."""


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Who writes to whom. An empty `address` takes the one of the service's own sheet."""

    service: Organisation
    attention: str
    address: str
    place: str
    written_on: date


@dataclass(frozen=True, kw_only=True)
class SocialWorkerText:
    """Whole sentences, one an item."""

    situation: tuple[str, ...]
    done: tuple[str, ...]
    requests: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FslText:
    """What the adviser checked. None is printed « non renseigné », never zero."""

    energy: str
    supplier: str
    debt_eur: Decimal | None
    main_residence: bool
    reasons: tuple[str, ...]
    already_done: tuple[str, ...]


def social_worker_letter_pdf(
    *, case: Case, visit: Visit, envelope: Envelope, text: SocialWorkerText, by: Membership
) -> bytes:
    """The letter as a PDF/UA signed by `by`. Errors: `NotAgreed`, `InvalidInput`; DocumentError."""
    content = SocialWorkerLink(
        household_name=household_name(case),
        visited_on=visit.visited_on,
        situation=text.situation,
        done=text.done,
        requests=text.requests,
        agreement=agreement_of(case, envelope.service),
    )
    return render_letter(_letter(case, envelope, content, by=by))


def fsl_letter_pdf(
    *, case: Case, visit: Visit, aid: AidFile, envelope: Envelope, text: FslText, by: Membership
) -> bytes:
    """Support for an aid asked of the FSL, the amounts and day those of the aid file.

    Errors: `NotAgreed`, `InvalidInput`; DocumentError.
    """
    content = FslSupport(
        household_name=household_name(case),
        household_address=", ".join(home_lines(case)),
        visited_on=visit.visited_on,
        supplier=text.supplier or None,
        energy=ENERGIES_FR[text.energy],
        debt_eur=text.debt_eur,
        requested_eur=aid.asked_eur,
        requested_on=aid.asked_on,
        reasons=text.reasons,
        already_done=text.already_done,
        main_residence=text.main_residence,
        agreement=agreement_of(case, envelope.service),
    )
    return render_letter(_letter(case, envelope, content, by=by))


def agreement_of(case: Case, service: Organisation) -> Agreement:
    """The standing agreement to share with this service, or `NotAgreed`."""
    standing = standing_sharing(case)
    if standing is None or all(partner.pk != service.pk for partner in standing.partners.all()):
        raise NotAgreed(
            f"Le ménage n’a pas donné son accord pour que {service.name} connaisse sa situation. "
            "S’il vient de vous le donner, cochez la case.",
        )
    return Agreement(given_on=localdate(standing.given_at), scope=SCOPE_FR)


def _letter(case: Case, envelope: Envelope, content: LetterContent, *, by: Membership) -> Letter:
    agency = case.programme.agency
    return Letter(
        reference=case.reference,
        written_on=envelope.written_on,
        place=envelope.place,
        agency=agency_identity(case),
        programme_name=case.programme.name,
        recipient=_addressee(envelope),
        signatory=ContactPerson(
            name=by.user.full_name,
            role="suit ce dossier",
            phone=agency.phone or None,
            email=agency.email or None,
        ),
        content=content,
    )


def _addressee(envelope: Envelope) -> Addressee:
    typed = envelope.address.strip() or envelope.service.postal_address
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if not lines:
        raise InvalidInput(
            "La fiche de ce service n’a pas d’adresse postale : écrivez-la ici.", field="address"
        )
    if envelope.attention:
        lines.insert(0, f"À l’attention de {envelope.attention}")
    if len(lines) + 1 > MOST_ADDRESS_LINES:
        raise InvalidInput(
            f"L’adresse tient en {MOST_ADDRESS_LINES} lignes, nom du service compris.",
            field="address",
        )
    return Addressee(name=envelope.service.name, address_lines=tuple(lines))
