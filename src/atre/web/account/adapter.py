"""Accounts come from invitations, never from a sign-up page; guessing is slowed, nobody locked."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from atre.domain.agencies import login_attempts
from atre.domain.agencies.models import User
from atre.web.account import devices


class InvitationOnly(DefaultAccountAdapter):
    """Closes self-registration; counts failed logins by device and origin, not by account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; the same for an address nobody has."""
        attempt = attempt_of(request, email=credentials.get("email", ""))
        try:
            login_attempts.begin(attempt, at=timezone.now())
        except login_attempts.TooManyAttempts as refusal:
            raise ValidationError(refusal.message_fr, code="too_many_login_attempts") from refusal

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            login_attempts.succeeded(attempt_of(request, email=credentials.get("email", "")))
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        """allauth looks for the address in a table of its own, which invitations do not fill."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **options)
        devices.remember_device(request, response, email=user.email)
        return response


def attempt_of(request: HttpRequest, *, email: str) -> login_attempts.Attempt:
    """Which counters this attempt adds to."""
    device = devices.known_device(request, email=email)
    if device is not None:
        return login_attempts.Attempt.from_known_device(email=email, device=device)
    return login_attempts.Attempt.from_elsewhere(email=email, origin=devices.origin(request))
