"""Which sessions proved a second factor, as allauth tells it."""

from typing import Any

from allauth.account.signals import authentication_step_completed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from atre.domain.agencies import login_attempts
from atre.domain.agencies.models import User
from atre.domain.agencies.selectors import has_second_factor
from atre.web.account import devices

SESSION_KEY = "second_factor"


def listen() -> None:
    """Called once, when Django starts."""
    authentication_step_completed.connect(_step_completed, dispatch_uid="atre.second_factor.step")
    authenticator_added.connect(_added, dispatch_uid="atre.second_factor.added")
    authenticator_removed.connect(_removed, dispatch_uid="atre.second_factor.removed")
    password_reset.connect(_password_was_reset, dispatch_uid="atre.second_factor.reset")


def proved(request: HttpRequest, user: AbstractBaseUser) -> bool:
    """Whether this session, and not only this account, went through a second factor."""
    return bool(request.session.get(SESSION_KEY) == user.pk)


def _step_completed(*, request: HttpRequest, method: str, user: User, **_: Any) -> None:
    if method == "mfa":
        request.session[SESSION_KEY] = user.pk


def _added(*, request: HttpRequest, user: User, **_: Any) -> None:
    # Setting a factor up takes its code, or the key itself.
    if has_second_factor(user=user):
        request.session[SESSION_KEY] = user.pk


def _removed(*, request: HttpRequest, user: User, **_: Any) -> None:
    if not has_second_factor(user=user):
        request.session.pop(SESSION_KEY, None)


def _password_was_reset(*, request: HttpRequest, user: User, **_: Any) -> None:
    login_attempts.forget_address(email=user.email, origin=devices.origin(request))
