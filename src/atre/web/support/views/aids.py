"""Financial aids: asked, decided, paid."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate

from atre.domain.errors import DomainError
from atre.domain.support.actions import aiding
from atre.domain.support.enums import AidState
from atre.web.access import screen
from atre.web.household.lookup import case_or_404
from atre.web.household.refusals import form_page, show_refusal
from atre.web.support.forms import AidDecisionForm, AidForm
from atre.web.support.lookup import aid_or_404

FORM = "support/form.html"


@screen(right="support.write", writes=True)
def aid_new(request: HttpRequest, reference: str) -> HttpResponse:
    """Note an aid asked for the household."""
    case = case_or_404(request, reference, right="support.write")
    form = AidForm(request.POST or None, on=localdate())
    if request.method == "POST" and form.is_valid():
        try:
            aiding.ask_aid(by=request.membership, case=case, today=localdate(), **form.cleaned_data)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "La demande d’aide est notée.")
            return redirect("case_detail", reference=reference)
    return form_page(
        request, FORM, form, case=case, title="Noter une demande d’aide", button="Enregistrer"
    )


@screen(right="support.write", writes=True)
def aid_decide(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Note that an aid was granted, refused or paid."""
    case = case_or_404(request, reference, right="support.write")
    aid = aid_or_404(request, case, pk)
    if aid.state == AidState.PAID:
        messages.info(request, "Cette aide est déjà versée.")
        return redirect("case_detail", reference=reference)
    form = AidDecisionForm(request.POST or None, aid=aid, on=localdate())
    if request.method == "POST" and form.is_valid():
        try:
            aiding.decide_aid(
                by=request.membership, aid=aid, today=localdate(), **form.cleaned_data
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "L’aide est à jour.")
            return redirect("case_detail", reference=reference)
    return form_page(
        request,
        FORM,
        form,
        case=case,
        title=f"Suite de la demande : {aid.get_kind_display()}",
        button="Enregistrer",
    )
