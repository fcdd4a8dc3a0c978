"""Finding the territory a person means: a commune, an EPCI, an EPT, a department, a region."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from django import forms

from atre.domain.territories.names import normalise, without_legal_form
from atre.warehouse.edition import NotBuilt
from atre.warehouse.folders import data_folder
from atre.warehouse.territories import Atlas, Kind, atlas
from atre.web import communes
from atre.web.design.widgets import CommuneEntry
from atre.web.observatory.places import KINDS_FR, WORD_OF

GROUPS = (Kind.EPCI, Kind.EPT, Kind.DEPARTMENT, Kind.REGION)
SHORTEST = 2
MOST_COMMUNES, MOST_GROUPS, MOST_NAMED = 6, 4, 5


class Suggestion(NamedTuple):
    """One line under the field, in the shape the design component reads."""

    insee_code: str
    name: str
    postal_codes: tuple[str, ...] = ()
    postal_code: str = ""
    department_name: str = ""


class Group(NamedTuple):
    """A territory larger than a commune, and the spellings it answers to."""

    kind: Kind
    code: str
    name: str
    spellings: tuple[str, ...]

    @property
    def address(self) -> str:
        return f"{WORD_OF[self.kind]}/{self.code}"


@lru_cache(maxsize=2)
def _groups(known: Atlas) -> tuple[Group, ...]:
    """Every group of communes; a code of two or three digits names a department too."""
    return tuple(
        Group(kind, code, name, tuple(_spellings(kind, code, name)))
        for kind in GROUPS
        for code, name in known.names[kind].items()
    )


def _spellings(kind: Kind, code: str, name: str) -> Iterator[str]:
    full = normalise(name)
    yield full
    yield without_legal_form(full)
    if kind is Kind.DEPARTMENT:
        yield code.lower()


def groups_for(typed: str) -> list[Group]:
    """Groups whose name starts with what is typed, then those that hold it; none before a build."""
    wanted = normalise(typed)
    if len(wanted) < SHORTEST:
        return []
    try:
        known = _groups(atlas(data_folder()))
    except NotBuilt:
        return []
    first = [one for one in known if any(name.startswith(wanted) for name in one.spellings)]
    inside = [one for one in known if any(f" {wanted}" in name for name in one.spellings)]
    return list(dict.fromkeys([*first, *inside]))


def suggestions(typed: str) -> list[Suggestion]:
    """Communes and larger territories for what is typed so far."""
    found = [
        Suggestion(f"commune/{one.insee_code}", one.name, one.postal_codes, "", one.department_name)
        for one in communes.suggestions(typed)[:MOST_COMMUNES]
    ]
    groups = [
        Suggestion(one.address, one.name, (), KINDS_FR[one.kind])
        for one in groups_for(typed)[:MOST_GROUPS]
    ]
    return found + groups


def resolve(entry: CommuneEntry) -> str:
    """The address « commune/95018 » of the territory picked or meant. Raises ValidationError."""
    if entry.code.count("/") == 1:
        return entry.code
    wanted = normalise(entry.text)
    groups = groups_for(entry.text)
    same = [one for one in groups if wanted in one.spellings]
    try:
        return f"commune/{communes.resolve(entry).pk}"
    except forms.ValidationError as refusal:
        if len(same) == 1 or len(groups) == 1:
            return (same or groups)[0].address
        if not groups:
            raise forms.ValidationError(
                "Aucun territoire de ce nom. Essayez un code postal, le numéro d’un département, "
                "ou le nom d’une commune ou d’une intercommunalité.",
                code="unknown",
            ) from refusal
        names = ", ".join(one.name for one in groups[:MOST_NAMED])
        raise forms.ValidationError(
            f"À vérifier : {names} ? Choisissez dans la liste, ou écrivez le nom en entier.",
            code="ambiguous",
        ) from refusal
