"""Directing a household to a partner, and writing the answer it gave by telephone."""

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate

from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError
from atre.domain.network.selectors import proposable
from atre.domain.support import announcing
from atre.domain.support.actions import orienting, sharing
from atre.domain.support.models import Orientation
from atre.domain.support.orientation_states import UNANSWERED
from atre.web.access import screen
from atre.web.household.lookup import case_or_404
from atre.web.household.refusals import form_page, show_refusal
from atre.web.support.forms import AnswerForm, OrientationForm
from atre.web.support.lookup import orientation_or_404


@dataclass(frozen=True)
class Words:
    """How the page speaks of what a service says."""

    title: str
    button: str
    saved: str


FIRST_ANSWER = Words(
    "Réponse de", "Enregistrer la réponse", "La réponse est notée. Les relances s’arrêtent."
)
# The service has accepted: it now says whether it came to something.
WHAT_FOLLOWED = Words("Suite donnée par", "Enregistrer la suite", "La suite est notée.")


@screen(right="orientation.send", writes=True)
def orientation_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose the service, say what for; note the household's agreement when it was given orally."""
    by = request.membership
    case = case_or_404(request, reference, right="orientation.send")
    standing = sharing.standing_sharing(case)
    agreed = {partner.pk for partner in standing.partners.all()} if standing else set()
    services = proposable(by=by, commune=case.dwelling.commune_id)
    form = OrientationForm(request.POST or None, services=services, agreed=agreed)
    if request.method == "POST" and form.is_valid():
        try:
            # Both or neither: an agreement is not kept for an orientation that was refused.
            with transaction.atomic():
                if form.cleaned_data["agreed"]:
                    sharing.record_sharing_consent(by=by, case=case, service=form.chosen)
                orientation = orienting.send_orientation(
                    by=by,
                    case=case,
                    service=form.chosen,
                    purpose=form.cleaned_data["purpose"],
                    answer_due_on=form.cleaned_data["answer_due_on"],
                    on=localdate(),
                )
        except orienting.NoConsent as refusal:
            form.add_error("agreed", refusal.message_fr)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            _say_sent(request, orientation)
            return redirect("case_detail", reference=reference)
    if request.method == "GET":
        audit.log_read(by=by, case_id=case.pk, screen="orientation_new")
    return form_page(request, "support/orientation.html", form, case=case, services=services)


def _say_sent(request: HttpRequest, orientation: Orientation) -> None:
    if announcing.recipients(orientation):
        messages.success(
            request, "L’orientation est envoyée. Vous verrez ici quand elle est lue, puis répondue."
        )
    else:
        messages.warning(
            request,
            f"L’orientation est notée, mais {orientation.service.name} n’a ni adresse e-mail ni "
            "compte : prévenez ce service par téléphone.",
        )


@screen(right="orientation.send", writes=True)
def orientation_record_answer(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Write what the service answered by telephone."""
    case = case_or_404(request, reference, right="orientation.send")
    orientation = orientation_or_404(request, case, pk)
    form = AnswerForm(request.POST or None, state=orientation.state)
    words = FIRST_ANSWER if orientation.state in UNANSWERED else WHAT_FOLLOWED
    if request.method == "POST" and form.is_valid():
        try:
            orienting.record_answer(
                by=request.membership, orientation=orientation, **form.cleaned_data
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, words.saved)
            return redirect("case_detail", reference=reference)
    return form_page(
        request,
        "support/form.html",
        form,
        case=case,
        title=f"{words.title} {orientation.service.name}",
        button=words.button,
    )
