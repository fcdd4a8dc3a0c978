"""What every request gets before its screen: a current membership, and no trace left behind."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from atre.domain.agencies.models import Membership
from atre.domain.agencies.selectors import current_membership
from atre.web.account import second_factor

Next = Callable[[HttpRequest], HttpResponse]

# Pages a person without a second factor may still reach: to set one up, or to leave.
WITHOUT_SECOND_FACTOR = ("/compte/", "/static/", "/invitation/")


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
        if self.must_set_up(request):
            return redirect("mfa_index")
        return self.get_response(request)

    def must_set_up(self, request: HttpRequest) -> bool:
        if settings.DEMO or not request.user.is_authenticated:
            return False
        if request.path.startswith(WITHOUT_SECOND_FACTOR):
            return False
        return not second_factor.proved(request, request.user)
