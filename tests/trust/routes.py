"""Every route of Âtre, read from the URL resolver, and the object each of its arguments names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from atre.web.access import Access
from tests.support.whole import Whole


@dataclass(frozen=True)
class Route:
    """One address. `access` is None when its view declared nothing."""

    pattern: str
    name: str | None
    view: Callable[..., Any]
    access: Access | None
    kwargs: tuple[str, ...]

    def __str__(self) -> str:
        return self.name or self.pattern

    @property
    def right(self) -> str | None:
        return self.access.right if self.access else None

    def path(self, values: dict[str, Any]) -> str:
        return reverse(self.name, kwargs=values)


def all_routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[Any], prefix: str) -> Iterator[Route]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield Route(
                pattern=prefix + str(entry.pattern),
                name=entry.name,
                view=entry.callback,
                access=getattr(entry.callback, "access", None),
                kwargs=tuple(entry.pattern.regex.groupindex),
            )


def screens() -> list[Route]:
    """Pages that need a right."""
    return [route for route in all_routes() if route.right is not None]


SECTION = "chauffage"
# Arguments that are words of ours, the same for every agency.
WORDS = {
    "visit_section": {"slug"},
    "consent_withdraw": {"kind"},
    # Files of the observatory are everybody's: a key is no agency's object.
    "observatory_progress": {"source"},
    "observatory_rejects": {"source"},
}

# Argument, or (argument, start of the route's name) → the object of an agency that it names.
OBJECTS: dict[Any, Callable[[Whole], Any]] = {
    "attachment_id": lambda whole: whole.values["attachment"],
    ("kind", "consent_withdraw"): lambda whole: "processing",
    "task_id": lambda whole: whole.values["task"],
    "merge_id": lambda whole: whole.values["merge"],
    "filter_id": lambda whole: whole.values["filter"],
    "slot_id": lambda whole: whole.values["slot"],
    "appointment_id": lambda whole: whole.values["appointment"],
    "photo_id": lambda whole: whole.values["photo"],
    "report_id": lambda whole: whole.values["report"],
    "membership_id": lambda whole: whole.values["membership"],
    "invitation_id": lambda whole: whole.values["invitation"],
    "identifier": lambda whole: whole.values["import"],
    ("source", "observatory_"): lambda whole: "0" * 16,
    "programme": lambda whole: whole.values["programme"],
    "reference": lambda whole: whole.case.reference,
    ("reference", "referral_receipt"): lambda whole: whole.referred.reference,
    ("reference", "visit"): lambda whole: whole.waiting.reference,
    ("reference", "appointment_"): lambda whole: whole.waiting.reference,
    ("slug", "referral_new"): lambda whole: whole.values["programme"],
    ("slug", "visit_section"): lambda whole: SECTION,
    ("pk", "orientation_"): lambda whole: whole.values["orientation"],
    ("pk", "aid_"): lambda whole: whole.values["aid"],
    ("pk", "mediation_"): lambda whole: whole.values["mediation"],
    ("pk", "organisation_"): lambda whole: whole.values["organisation"],
}


class UnknownArgument(Exception):
    """A route takes an argument that this file cannot give an object to."""


def object_of(route: Route, argument: str, whole: Whole) -> Any:
    """The value of one argument for one agency's objects."""
    for key, found in OBJECTS.items():
        if isinstance(key, tuple) and key[0] == argument and str(route).startswith(key[1]):
            return found(whole)
    if argument in OBJECTS:
        return OBJECTS[argument](whole)
    raise UnknownArgument(
        f"The route « {route} » takes « {argument} », which the access matrix does not know: add "
        f"{argument!r} (or ({argument!r}, {str(route)!r})) to OBJECTS in tests/trust/routes.py, "
        "and its object to tests/support/whole.py."
    )


def values_of(route: Route, whole: Whole) -> dict[str, Any]:
    return {argument: object_of(route, argument, whole) for argument in route.kwargs}


def placed(route: Route, whole: Whole) -> dict[str, Any] | None:
    """The same, None for a route whose argument is unknown: another test fails for it."""
    try:
        return values_of(route, whole)
    except UnknownArgument:
        return None


def names_an_object(route: Route) -> bool:
    return bool(objects_named(route))


def objects_named(route: Route) -> set[str]:
    """The arguments that name a row: a section of the form, a kind of agreement are words."""
    return set(route.kwargs) - WORDS.get(route.name or "", set())
