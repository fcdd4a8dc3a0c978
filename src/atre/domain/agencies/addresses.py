"""Addresses that a programme cannot take: it answers at its own name, beside the site's pages."""

from atre.domain.errors import InvalidInput

# The first word of every address of the site (a test compares them with the routes), and those
# that the server keeps for files and programs.
RESERVED = frozenset(
    {
        "accessibilite",
        "agenda",
        "api",
        "compte",
        "demande",
        "donnees-personnelles",
        "dossiers",
        "fusions",
        "invitation",
        "mes-demandes",
        "observatoire",
        "orientations-recues",
        "pilotage",
        "reglages",
        "reseau",
        "static",
        "style",
        "suivi",
        "taches",
        "visites",
    }
)


def is_reserved(slug: str) -> bool:
    """Whether a page of the site, and not a programme, answers at that word."""
    return slug.lower() in RESERVED


def refuse_reserved(slug: str) -> None:
    """`InvalidInput` for the address of one of the site's pages: nobody would reach the programme."""
    if is_reserved(slug):
        raise InvalidInput(
            f"« {slug} » est déjà l’adresse d’une page du site : choisissez-en une autre pour ce "
            f"dispositif, par exemple « {slug}-energie ».",
            field="slug",
        )
