"""What is taken back or taken off: an agreement of the household, a file of the case."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from atre.domain.agencies.permissions import may
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError
from atre.domain.households import daily_selectors
from atre.domain.households.actions import attaching, consenting
from atre.domain.households.enums import ConsentKind
from atre.domain.households.models import Attachment
from atre.web.access import screen
from atre.web.household.lookup import case_or_404
from atre.web.household.refusals import form_page, show_refusal

WITHDRAWING = {
    ConsentKind.PROCESSING: (
        "Sans cet accord l’agence ne peut plus aider ce ménage : le dossier est clos, la visite "
        "prévue est annulée, les messages qui attendent ne partent pas."
    ),
    ConsentKind.INFORM_REFERRER: (
        "La personne qui a transmis la demande ne verra plus où elle en est. Le reste continue."
    ),
    ConsentKind.SHARE_WITH_PARTNERS: (
        "Plus rien ne sera dit à ces services. Ce qu’ils savent déjà, ils le savent : prévenez-les "
        "si le ménage le demande. Le reste du dossier continue."
    ),
}


@screen(right="case.edit", writes=True)
def consent_withdraw(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """Note that the household took an agreement back; say first what that changes."""
    by = request.membership
    case = case_or_404(request, reference, right="case.edit")
    standing = [
        row for row in daily_selectors.standing_consents(by=by, case=case) if row.kind == kind
    ]
    if request.method == "POST" and kind in ConsentKind.values:
        consenting.withdraw_consent(case=case, kind=ConsentKind(kind), by=by)
        # Sent twice, the agreement is already taken back: the same answer.
        messages.success(request, "L’accord est retiré.")
        return redirect("case_detail", reference=reference)
    if not standing:
        raise Http404
    audit.log_read(by=by, case_id=case.pk, screen="consent_withdraw")
    return render(
        request,
        "household/consent_withdraw.html",
        {
            "case": case,
            "consents": standing,
            "kind_label": ConsentKind(kind).label,
            "meaning": WITHDRAWING[ConsentKind(kind)],
            "stops_everything": kind == ConsentKind.PROCESSING,
            "may_answer_rights": may(by, "case.export"),
        },
    )


class RemovalForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi la retirer",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Par exemple : facture d’un autre ménage. Ce motif reste dans le journal.",
        error_messages={"required": "Dites pourquoi cette pièce est retirée."},
    )


@screen(right="case.income", writes=True)
def attachment_remove(request: HttpRequest, reference: str, attachment_id: int) -> HttpResponse:
    """Take a file off the case, its content with it, after a word on why."""
    by = request.membership
    case = case_or_404(request, reference, right="case.income")
    try:
        row = daily_selectors.attachment_for(by=by, case=case, attachment_id=attachment_id)
    except Attachment.DoesNotExist as absent:
        raise Http404 from absent
    form = RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            attaching.remove_attachment(by=by, attachment=row, reason=form.cleaned_data["reason"])
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"La pièce « {row.name} » est retirée du dossier.")
            return redirect("case_detail", reference=reference)
    return form_page(request, "household/attachment_remove.html", form, case=case, attachment=row)
