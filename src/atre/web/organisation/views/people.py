"""Who has access: invite, end, send again, cancel."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from atre.domain.agencies import actions, invitations
from atre.domain.agencies.models import Invitation, Membership
from atre.domain.agencies.selectors import members
from atre.domain.errors import DomainError
from atre.domain.network.models import Organisation
from atre.web.access import screen
from atre.web.organisation.forms import InvitationForm
from atre.web.organisation.refusals import form_page, show_refusal


@screen(right="people.manage")
def settings_home(request: HttpRequest) -> HttpResponse:
    """The agency at a glance: its people, its invitations, its programmes, its journal."""
    by = request.membership
    now = timezone.now()
    people = members(agency=by.agency).select_related("organisation")
    context = {
        "people": people.order_by("role", "user__full_name"),
        "pending": [
            {"row": row, "expired": row.expires_at <= now}
            for row in invitations.pending_invitations(by=by)
        ],
        "programmes": by.agency.programmes.order_by("name"),
        "mine": by.pk,
    }
    return render(request, "organisation/settings.html", context)


@screen(right="people.manage", writes=True)
def invite(request: HttpRequest) -> HttpResponse:
    """Offer someone an access; the e-mail leaves with the next sending."""
    by = request.membership
    partners = Organisation.objects.filter(agency=by.agency_id, is_active=True).order_by("name")
    form = InvitationForm(request.POST or None, organisations=list(partners))
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        values["organisation_id"] = values.pop("organisation")
        try:
            invitations.invite(by=by, base_url=settings.BASE_URL, **values)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "L’invitation part par e-mail. Elle vaut quatorze jours.")
            return redirect("settings")
    return form_page(request, "invite.html", form)


@screen(right="people.manage", writes=True)
@require_POST
def end_access(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Take an access away at once; what the person did stays signed with their name."""
    found = Membership.objects.filter(agency=request.agency, is_active=True)
    membership = found.filter(pk=membership_id).select_related("user").first()
    if membership is None:
        raise Http404
    try:
        actions.end_membership(membership=membership, by=request.membership)
    except DomainError as refusal:
        messages.error(request, refusal.message_fr)
    else:
        messages.success(request, f"{membership.user.full_name} n’a plus cet accès.")
    return redirect("settings")


def pending_or_404(request: HttpRequest, invitation_id: int) -> Invitation:
    rows = invitations.pending_invitations(by=request.membership)
    invitation = rows.filter(pk=invitation_id).first()
    if invitation is None:
        raise Http404
    return invitation


@screen(right="people.manage", writes=True)
@require_POST
def resend(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """A new link, for fourteen more days."""
    invitation = pending_or_404(request, invitation_id)
    invitations.resend_invitation(
        invitation=invitation, by=request.membership, base_url=settings.BASE_URL
    )
    messages.success(request, "Un nouveau lien part par e-mail. Le précédent ne marche plus.")
    return redirect("settings")


@screen(right="people.manage", writes=True)
@require_POST
def cancel(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """The link stops working at once."""
    invitation = pending_or_404(request, invitation_id)
    invitations.cancel_invitation(invitation=invitation, by=request.membership)
    messages.success(request, "L’invitation est annulée : son lien ne marche plus.")
    return redirect("settings")
