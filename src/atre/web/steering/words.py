"""Number agreement of what the figures count: « 1 demande déposée », « 12 demandes déposées »."""

from atre.domain.steering.figures import Group
from atre.web.design.formatting import number, plural

# What the domain counts is named in the plural; the singular of each name is said here.
SINGULARS = {
    "aides demandées": "aide demandée",
    "comptes rendus remis": "compte rendu remis",
    "demandes": "demande",
    "demandes déposées": "demande déposée",
    "ménages": "ménage",
    "ménages visités": "ménage visité",
    "orientations": "orientation",
    "orientations envoyées": "orientation envoyée",
    "premières visites faites": "première visite faite",
    "rendez-vous": "rendez-vous",
    "rendez-vous prévus": "rendez-vous prévu",
    "suivis": "suivi",
    "suivis faits": "suivi fait",
    "suivis à faire": "suivi à faire",
    "à leur état": "à son état",
}
VOWELS = tuple("aâeéèêiîoôuûy")
LONGEST_FIRST = sorted(SINGULARS, key=len, reverse=True)


def agreed(count: int | None, words: str) -> str:
    """`words` as they follow `count`: in the singular for 0 and 1, untouched when it is secret."""
    if count is None or plural(count):
        return words
    head = next((one for one in LONGEST_FIRST if words.startswith(one)), "")
    rest = words.removeprefix(head).replace("à leur état", SINGULARS["à leur état"])
    return SINGULARS.get(head, "") + rest


def basis(group: Group) -> str:
    """« Base : 12 demandes déposées du … au …. »"""
    if group.total.count is None:
        of = "d’" if group.counted.startswith(VOWELS) else "de "
        return f"Base : nombre secret {of}{group.counted}."
    return f"Base : {number(group.total.count)} {agreed(group.total.count, group.counted)}."
