"""Setting up a real agency: its perimeter, its programmes, and the invitation of its first director."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from atre.domain.agencies import actions, isolation
from atre.domain.agencies.addresses import is_reserved
from atre.domain.agencies.enums import RequiredIncomeClass, Role
from atre.domain.agencies.invitations import INVITATION_DAYS
from atre.domain.agencies.models import Agency, Invitation, Programme
from atre.domain.audit import actions as audit
from atre.domain.errors import InvalidInput
from atre.domain.households.consent_texts import TEXTS
from atre.domain.messages import actions as messages
from atre.domain.territories.actions import create_perimeter
from atre.domain.territories.errors import UnknownTerritory
from atre.domain.territories.models import Epci
from atre.domain.territories.selectors import PerimeterSummary, communes_of, perimeter_summary

CHANNEL = "command line"
CODE = re.compile(r"[A-Z][A-Z0-9]{1,5}")


@dataclass(frozen=True)
class ProgrammeSetup:
    """A scheme to open on the whole perimeter, and the widest income class it accepts."""

    name: str
    income_class: RequiredIncomeClass


@dataclass(frozen=True, kw_only=True)
class AgencySetup:
    """What is asked of whoever sets up an agency. `code` None: drawn from the name."""

    name: str
    sirens: tuple[str, ...]
    programmes: tuple[ProgrammeSetup, ...]
    director_name: str
    director_email: str
    code: str | None = None


@dataclass(frozen=True)
class PerimeterPreview:
    """What a list of SIREN codes covers, to be read before anything is written."""

    groupings: tuple[Epci, ...]
    summary: PerimeterSummary


@dataclass(frozen=True)
class SetUp:
    """What was made. `invitation_link` is shown once: only its digest is kept."""

    agency: Agency
    programmes: tuple[Programme, ...]
    invitation_link: str


def preview(sirens: Sequence[str]) -> PerimeterPreview:
    """The groupings of these SIREN codes with their communes and populations.

    `InvalidInput` without any code, `UnknownTerritory` naming those that lead nowhere.
    """
    asked = list(dict.fromkeys(sirens))
    if not asked:
        raise InvalidInput("Donnez au moins un code SIREN d’intercommunalité.", field="sirens")
    found = {row.pk: row for row in Epci.objects.filter(pk__in=asked, is_current=True)}
    unknown = [siren for siren in asked if siren not in found]
    if unknown:
        raise UnknownTerritory(
            f"SIREN d’intercommunalité inconnu : {', '.join(unknown)}.",
            ('Neuf chiffres. Cherchez-le par le nom : ./atre territory "Est Ensemble"',),
        )
    groupings = tuple(found[siren] for siren in asked)
    return PerimeterPreview(groupings, perimeter_summary(communes_of(groupings)))


def check(setup: AgencySetup) -> None:
    """Refuse what cannot be, before a person is asked to confirm. `InvalidInput`, `UnknownTerritory`."""
    if not setup.name.strip():
        raise InvalidInput("Donnez un nom à l’agence.", field="name")
    same = Agency.objects.filter(name__iexact=setup.name.strip()).first()
    if same is not None:
        raise InvalidInput(f"Une agence s’appelle déjà « {same.name} ».", field="name")
    if not setup.programmes:
        raise InvalidInput("Une agence a au moins un dispositif.", field="programme")
    if not setup.director_name.strip():
        raise InvalidInput(
            "Donnez le nom de la personne qui dirige l’agence.", field="director_name"
        )
    try:
        validate_email(setup.director_email)
    except ValidationError as fault:
        raise InvalidInput(
            f"« {setup.director_email} » n’est pas une adresse e-mail.", field="director_email"
        ) from fault
    if setup.code is not None:
        _check_code(setup.code)
    preview(setup.sirens)


@transaction.atomic
def set_up_agency(setup: AgencySetup, *, on: date, base_url: str) -> SetUp:
    """Create the agency, its programmes and its first director's invitation, or nothing at all.

    `on` is the day the programmes open. Errors as `check`.
    """
    check(setup)
    name = setup.name.strip()
    perimeter = create_perimeter(name=name, sirens=setup.sirens)
    agency = actions.create_agency(
        name=name,
        slug=_free_slug(Agency, name),
        code=setup.code or _free_code(name),
        perimeter=perimeter,
        email=setup.director_email.lower(),
    )
    programmes = tuple(
        actions.create_programme(
            agency=agency,
            name=programme.name,
            slug=_free_slug(Programme, programme.name),
            perimeter=perimeter,
            required_income_class=programme.income_class,
            opens_on=on,
            consent_text_version=max(TEXTS),
        )
        for programme in setup.programmes
    )
    with isolation.within(agency):
        link = _invite_first_director(agency, setup, base_url=base_url)
    return SetUp(agency, programmes, link)


def _invite_first_director(agency: Agency, setup: AgencySetup, *, base_url: str) -> str:
    """The one invitation that nobody of the agency sends: there is nobody yet."""
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        agency=agency,
        email=setup.director_email.lower(),
        full_name=setup.director_name.strip(),
        role=Role.DIRECTOR,
        token_digest=actions.token_digest(token),
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    link = f"{base_url}/invitation/{token}/"
    messages.queue(
        agency=agency,
        kind="invitation",
        # As the other invitations: sending it again cancels this one.
        dedupe_key=f"invitation:{invitation.pk}:{invitation.token_digest[:16]}",
        to_email=invitation.email,
        subject=f"Votre accès à Âtre pour {agency.name}",
        body=(
            f"Bonjour,\n\nL’agence « {agency.name} » vient d’être créée sur Âtre et vous la "
            f"dirigez. Choisissez votre mot de passe dans les {INVITATION_DAYS} jours :"
            f"\n\n{link}\n\nVous pourrez ensuite inviter votre équipe et vos partenaires."
        ),
    )
    audit.record(
        agency=agency,
        action="invite",
        obj=invitation,
        by=None,
        channel=CHANNEL,
        details={"role": str(Role.DIRECTOR)},
    )
    return link


def _check_code(code: str) -> None:
    if not CODE.fullmatch(code):
        raise InvalidInput(
            "Le préfixe des références a de deux à six signes, lettres majuscules ou chiffres, et "
            "commence par une lettre : « MVE ».",
            field="code",
        )
    if Agency.objects.filter(code=code).exists():
        raise InvalidInput(
            f"Le préfixe « {code} » est déjà celui d’une autre agence.", field="code"
        )


def _free_code(name: str) -> str:
    """Initials of the name, else its first letters; a figure is added while it is taken."""
    parts = [part for part in slugify(name).split("-") if part[0].isalpha()]
    initials = "".join(part[0] for part in parts).upper()[:5]
    stem = initials if len(initials) > 1 else "".join(parts).upper()[:3].ljust(2, "X")
    taken = set(Agency.objects.filter(code__startswith=stem).values_list("code", flat=True))
    codes = [stem, *(f"{stem[:4]}{number}" for number in range(2, 100))]
    return next(code for code in codes if code not in taken)


def _free_slug(model: type[Agency] | type[Programme], name: str) -> str:
    """The name as an address, with a figure while another row or a page of the site has it."""
    stem = slugify(name)[:45] or "agence"
    taken = set(model.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slugs = [stem, *(f"{stem}-{number}" for number in range(2, 1000))]
    return next(slug for slug in slugs if slug not in taken and not is_reserved(slug))
