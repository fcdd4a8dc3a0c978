"""Finding the commune a person means, for every form that asks one."""

from typing import NamedTuple

from django import forms
from django.db.models import QuerySet

from atre.domain.territories.models import Commune, PostalCode
from atre.domain.territories.names import normalise
from atre.domain.territories.selectors import search_communes
from atre.web.design.widgets import CommuneEntry

MOST_TYPED = 80
MOST_NAMED = 5


class Suggestion(NamedTuple):
    """One line under the field, in the shape the design component reads."""

    insee_code: str
    name: str
    postal_codes: tuple[str, ...]
    department_name: str


def suggestions(typed: str) -> list[Suggestion]:
    """Communes for what is typed so far; none before two letters."""
    if len(typed.strip()) < 2:
        return []
    return [
        Suggestion(
            hit.place.insee,
            hit.place.name,
            hit.place.postal_codes[:3],
            hit.place.department_name,
        )
        for hit in search_communes(typed[:MOST_TYPED])
    ]


def resolve(entry: CommuneEntry, postal_code: str = "") -> Commune:
    """The commune picked, or the only one that the text can mean, helped by a postal code.

    Raises ValidationError with the communes to choose from, or saying that none is known.
    """
    if entry.code:
        picked = _current().filter(pk=entry.code[:5]).first()
        if picked is not None:
            return picked
    hits = search_communes(entry.text[:MOST_TYPED])
    if postal_code:
        hits = [hit for hit in hits if postal_code in hit.place.postal_codes] or hits
    wanted = normalise(entry.text)
    exact = [hit for hit in hits if hit.place.search_name == wanted]
    # A name typed whole is that commune; else the text must leave no choice.
    sure = exact if len(exact) == 1 else hits if len(hits) == 1 else []
    if sure and sure[0].reason != "spelling":
        return _current().get(pk=sure[0].place.insee)
    if hits:
        names = ", ".join(hit.label for hit in hits[:MOST_NAMED])
        raise forms.ValidationError(
            f"À vérifier : {names} ? Choisissez votre commune dans la liste, ou écrivez son nom "
            "en entier.",
            code="ambiguous",
        )
    raise forms.ValidationError(
        "Nous ne trouvons pas cette commune. Essayez son code postal, ou son nom sans abréviation.",
        code="unknown",
    )


def _current() -> QuerySet[Commune]:
    return Commune.objects.filter(is_current=True).select_related("department", "region")


def postal_code_of(commune: Commune, typed: str) -> str:
    """The postal code typed, or the commune's own when it has a single one.

    Raises ValidationError when it belongs to other communes, or when there are several to choose.
    """
    known = sorted(PostalCode.objects.filter(commune=commune).values_list("code", flat=True))
    if not typed:
        if len(known) == 1:
            return known[0]
        raise forms.ValidationError("Indiquez le code postal : cinq chiffres.", code="required")
    if typed in known or not PostalCode.objects.filter(code=typed).exists():
        return typed
    raise forms.ValidationError(
        f"Ce code postal n’est pas celui de {commune.name} ({', '.join(known[:MOST_NAMED])}). "
        "Vérifiez l’un ou l’autre.",
        code="mismatch",
    )


def entry_of(insee: str) -> CommuneEntry:
    """The starting value of a commune field for a code found in an address; empty when unknown."""
    commune = _current().filter(pk=insee[:5]).first() if insee else None
    return CommuneEntry(commune.name, commune.pk) if commune else CommuneEntry("", "")
