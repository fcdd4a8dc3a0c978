"""A household's data: giving it back to the household, and erasing it."""

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from atre.domain.agencies.permissions import may
from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError
from atre.domain.households.models import Case
from atre.domain.privacy.actions import erase_household, export_household
from atre.web.access import screen
from atre.web.household.lookup import case_or_404
from atre.web.organisation.forms import EraseForm
from atre.web.organisation.refusals import form_page, show_refusal


@screen(right="case.export")
def overview(request: HttpRequest, reference: str) -> HttpResponse:
    """What a director can do about a household's data."""
    case = case_or_404(request, reference, right="case.export")
    audit.log_read(by=request.membership, case_id=case.pk, screen="case_privacy")
    context = {"case": case, "may_erase": may(request.membership, "case.erase")}
    return render(request, "organisation/case_privacy.html", context)


def ask_again(request: HttpRequest, path: str) -> HttpResponse:
    """Who leaves a screen unlocked does not give a file away: the password comes first."""
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': path})}")


@screen(right="case.export", writes=True)
def export(request: HttpRequest, reference: str) -> HttpResponse:
    """The archive for the household, after the password was given again."""
    case = case_or_404(request, reference, right="case.export")
    if not did_recently_reauthenticate(request):
        return ask_again(request, request.path)
    if request.method != "POST":
        return render(request, "organisation/case_export.html", {"case": case})
    archive = export_household(household=case.household, by=request.membership)
    audit.log_read(by=request.membership, case_id=case.pk, screen="case_export")
    response = HttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="donnees-{case.reference}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@screen(right="case.erase", writes=True)
def erase(request: HttpRequest, reference: str) -> HttpResponse:
    """Erase a household, its reference typed as confirmation. Cannot be undone."""
    case = case_or_404(request, reference, right="case.erase")
    if not did_recently_reauthenticate(request):
        return ask_again(request, request.path)
    form = EraseForm(request.POST or None, expected=case.reference)
    if request.method == "POST" and form.is_valid():
        try:
            erase_household(
                household=case.household,
                by=request.membership,
                reason=form.cleaned_data["reason"],
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"Le ménage du dossier {case.reference} est effacé.")
            return redirect("case_list")
    cases = Case.objects.filter(agency=request.agency, household=case.household)
    return form_page(
        request, "case_erase.html", form, case=case, cases=list(cases.order_by("reference"))
    )
