"""The words a household agrees to, by version. A text once published is never edited: add one.

The rows of `Consent` keep the version, so that the exact words can be shown again years later.
"""

from dataclasses import dataclass

from atre.domain.agencies.models import Programme
from atre.domain.errors import DomainError
from atre.domain.households.enums import ConsentKind


class UnknownConsentText(DomainError):
    """The programme names a version that has no text: nothing may be asked in its name."""


@dataclass(frozen=True)
class ConsentText:
    """What is asked, in the household's words, and what it means."""

    kind: ConsentKind
    version: str
    statement: str
    meaning: str


# An agreement that the agency collected in words of its own, before it used this software.
TAKEN_OVER = "reprise-2026-01"

# version → kind → (statement, meaning). {agency} and {programme} are names.
# Two years after the last contact: CNIL, référentiel « gestion des activités sociales ».
TEXTS: dict[str, dict[ConsentKind, tuple[str, str]]] = {
    "2026-01": {
        ConsentKind.PROCESSING: (
            "J’accepte que {agency} garde ces renseignements pour traiter ma demande.",
            "Ils servent à « {programme} » : vérifier si vous y avez droit, vous rappeler, organiser "
            "la visite chez vous et en voir le résultat un an après. Ils sont lus par l’agence et par "
            "l’opérateur qui fait la visite, jamais vendus, et effacés deux ans après notre dernier "
            "échange. Vous pouvez à tout moment les lire, les corriger, les faire effacer ou retirer "
            "cet accord.",
        ),
        ConsentKind.INFORM_REFERRER: (
            "J’accepte que la personne qui transmet cette demande sache où elle en est.",
            "Elle verra seulement l’étape du dossier. Jamais les ressources, les notes ni ce qui est "
            "vu pendant la visite.",
        ),
        ConsentKind.SHARE_WITH_PARTNERS: (
            "J’accepte que {agency} parle de ma situation aux services cochés.",
            "Seulement pour vous aider, et seulement ce qui leur est utile. Les autres services ne "
            "reçoivent rien. Ne rien cocher ne change rien à votre demande.",
        ),
    },
}

# Kept apart: no form ever asks for it, and « the latest text » must not be this one.
TAKEN_OVER_TEXTS: dict[str, dict[ConsentKind, tuple[str, str]]] = {
    TAKEN_OVER: {
        ConsentKind.PROCESSING: (
            "{agency} atteste avoir recueilli mon accord pour garder ces renseignements.",
            "Cet accord a été donné avant que le dossier soit repris ici ; l’agence en garde la "
            "trace. Vous pouvez à tout moment lire ces renseignements, les corriger, les faire "
            "effacer ou retirer cet accord.",
        ),
    },
}


def consent_text(*, programme: Programme, kind: str, version: str | None = None) -> ConsentText:
    """The words of one consent; `version` defaults to the programme's own.

    Raises `UnknownConsentText`: a form without its text must not be shown.
    """
    wanted = version or programme.consent_text_version
    try:
        statement, meaning = (TEXTS | TAKEN_OVER_TEXTS)[wanted][ConsentKind(kind)]
    except KeyError:
        raise UnknownConsentText(
            f"Le texte d’accord « {wanted} » n’existe pas : la demande ne peut pas être ouverte.",
            version=wanted,
        ) from None
    names = {"agency": programme.agency.name, "programme": programme.name}
    return ConsentText(
        kind=ConsentKind(kind),
        version=wanted,
        statement=statement.format(**names),
        meaning=meaning.format(**names),
    )
