"""Accepting an invitation, and choosing for whom one works."""

from http import HTTPStatus

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from atre.domain.agencies import invitations
from atre.domain.agencies.models import Invitation, User
from atre.domain.agencies.selectors import standing_memberships
from atre.domain.errors import DomainError, InvalidInput
from atre.web.access import public_screen, screen
from atre.web.account import devices
from atre.web.account.forms import FirstPasswordForm, MembershipForm


@public_screen()
def closed(request: HttpRequest, **_: str) -> HttpResponse:
    """A page of the login library that an invited account has no use for."""
    raise Http404


@public_screen(writes=True)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation offers; POST accepts it."""
    try:
        found = invitations.pending_invitation(token=token)
        account = invitations.invited_account(found)
        if account is not None:
            return _accept_logged_in(request, token, found, account=account)
        return _accept_with_password(request, token, found)
    except invitations.InvitationExpired as refusal:
        context = {"sentence": refusal.message_fr}
        return render(request, "account/invitation_expired.html", context, status=HTTPStatus.GONE)


def _accept_logged_in(
    request: HttpRequest, token: str, found: Invitation, *, account: User
) -> HttpResponse:
    """The address has an account: its owner accepts, logged in."""
    reader = request.user
    mine = reader == account
    if request.method == "POST" and mine and isinstance(reader, User):
        membership = invitations.accept_invitation(token=token, user=reader)
        request.session["membership"] = membership.pk
        messages.success(request, f"Vous travaillez maintenant pour {found.agency.name}.")
        return redirect("home")
    context = {"invitation": found, "agency": found.agency, "mine": mine, "next": request.path}
    status = HTTPStatus.FORBIDDEN if request.method == "POST" else HTTPStatus.OK
    return render(request, "account/invitation_accept.html", context, status=status)


def _accept_with_password(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    """The address is new here: it gets an account, and goes in."""
    form = FirstPasswordForm(request.POST or None, invitation=found)
    if request.method == "POST" and form.is_valid():
        try:
            membership = invitations.accept_invitation(
                token=token, password=form.cleaned_data["password"]
            )
        except InvalidInput as refusal:
            form.add_error("password", refusal.message_fr)
        except invitations.InvitationExpired:
            raise
        except DomainError as refusal:
            form.add_error(None, refusal.message_fr)
        else:
            return _go_in(request, membership.user, membership.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"invitation": found, "agency": found.agency, "form": form}
    return render(request, "account/invitation_password.html", context, status=status)


def _go_in(request: HttpRequest, user: User, membership_id: int) -> HttpResponse:
    get_adapter().login(request, user)
    # They have just typed it twice: setting a second factor up does not ask for it again.
    record_authentication(request, user, "password", reauthenticated=True)
    request.session["membership"] = membership_id
    response = redirect("home")
    devices.remember_device(request, response, email=user.email)
    return response


@screen(right="home.view", writes=True)
def membership_switch(request: HttpRequest) -> HttpResponse:
    """Choose among one's own standing memberships."""
    standing = list(standing_memberships(user=request.membership.user))
    form = MembershipForm(request.POST or None, standing=standing, current=request.membership)
    if request.method == "POST" and form.is_valid():
        request.session["membership"] = int(form.cleaned_data["membership"])
        return redirect("home")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "standing": standing}
    return render(request, "account/membership_switch.html", context, status=status)
