"""How a view says who may open it. The tests walk the routes and refuse an undeclared one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from atre.domain.agencies import isolation, permissions
from atre.domain.errors import NotAllowed

View = Callable[..., HttpResponseBase]
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Access:
    """What a view declared. `right` is None for a page without account."""

    right: str | None
    writes: bool


def screen(*, right: str, writes: bool = False) -> Callable[[View], View]:
    """A page for a person of an agency who has `right`; its queries see that agency only.

    A view that `writes` runs in one transaction; one that does not refuses other methods.
    """
    if right not in permissions.RIGHTS:
        raise ValueError(f"unknown right: {right}")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            membership = request.membership
            try:
                permissions.require(membership, right)
                if request.method in SAFE_METHODS:
                    opened = isolation.reading(membership.agency_id)
                elif writes:
                    opened = isolation.within(membership.agency_id)
                else:
                    raise NotAllowed("Cette page se lit seulement.")
                with opened:
                    return view(request, *args, **kwargs)
            except NotAllowed as refusal:
                raise PermissionDenied(refusal.message_fr) from refusal

        guarded.access = Access(right=right, writes=writes)  # type: ignore[attr-defined]
        return guarded

    return decorate


def public_screen(*, writes: bool = False) -> Callable[[View], View]:
    """A page without account. The view itself enters the agency it finds."""

    def decorate(view: View) -> View:
        view.access = Access(right=None, writes=writes)  # type: ignore[attr-defined]
        return login_not_required(view)

    return decorate
