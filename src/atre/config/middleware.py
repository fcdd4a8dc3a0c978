"""What every request gets before its screen: a current membership, and no trace left behind."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from atre.domain.agencies.models import Membership
from atre.domain.agencies.selectors import current_membership
from atre.web.account import second_factor

Next = Callable[[HttpRequest], HttpResponse]

ACCOUNT_PAGES = "/compte/"


class PrivateByDefault:
    """Pages are not kept by browsers or proxies unless a view says otherwise."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(self), geolocation=(), microphone=(), payment=()"
        )
        if request.path == reverse("account_logout") and request.method == "POST":
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class CurrentMembership:
    """Sets `request.membership` and `request.agency`; both None for a visitor without account."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = self.find(request)
        request.agency = request.membership.agency if request.membership else None
        return self.get_response(request)

    def find(self, request: HttpRequest) -> Membership | None:
        if not request.user.is_authenticated:
            return None
        return current_membership(user=request.user, chosen=request.session.get("membership"))


class SecondFactorForStaff:
    """Outside the demonstration, nobody sees a household's file behind a password alone."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Next, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Sends a person whose session proved no second factor to where one is set up."""
        if settings.DEMO or not request.user.is_authenticated or is_open(request, view):
            return None
        if second_factor.proved(request, request.user):
            return None
        return redirect("mfa_index")


def is_open(request: HttpRequest, view: Next) -> bool:
    """Pages that a password alone opens: public ones, and those to set a factor up or to leave."""
    declared = getattr(view, "access", None)
    if declared is not None:
        return bool(declared.right is None)
    return request.path.startswith(ACCOUNT_PAGES)
