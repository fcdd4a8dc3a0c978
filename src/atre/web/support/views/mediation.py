"""Speaking with the landlord: opening, letters, replies, closing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate

from atre.documents import from_support
from atre.domain.agencies.models import Membership
from atre.domain.errors import DomainError
from atre.domain.households.models import Case
from atre.domain.support.actions import mediating
from atre.domain.support.actions.saving import sealed_visit
from atre.domain.support.enums import MediationStepKind
from atre.domain.support.mediation_plan import PRINTED
from atre.domain.support.selectors import MediationView
from atre.domain.visits.models import Visit
from atre.web.access import screen
from atre.web.household.lookup import case_or_404
from atre.web.household.refusals import form_page, show_refusal
from atre.web.support.forms import (
    MediationCloseForm,
    MediationForm,
    MediationLetterForm,
    MediationStepForm,
    lines,
    proposed_due_on,
)
from atre.web.support.lookup import mediation_or_404

FORM = "support/form.html"


@screen(right="support.write", writes=True)
def mediation_open(request: HttpRequest, reference: str) -> HttpResponse:
    """Name the landlord, what is asked of it, and the household's agreement."""
    case = case_or_404(request, reference, right="support.write")
    form = MediationForm(
        request.POST or None, initial={"landlord_name": case.dwelling.landlord_name}
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        landlord = mediating.Landlord(
            name=told["landlord_name"],
            address=told["landlord_address"],
            email=told["landlord_email"],
        )
        try:
            mediating.open_mediation(
                by=request.membership,
                case=case,
                landlord=landlord,
                problem=told["problem"],
                agreed_on=told["agreed_on"],
                on=localdate(),
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "La médiation est ouverte. Écrivez maintenant au bailleur.")
            return redirect("case_detail", reference=reference)
    return form_page(
        request,
        FORM,
        form,
        case=case,
        title="Ouvrir une médiation avec le bailleur",
        button="Ouvrir la médiation",
    )


@screen(right="support.write", writes=True)
def mediation_step(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Note what the landlord answered or promised, or what was done without a printed letter."""
    on = localdate()
    case = case_or_404(request, reference, right="support.write")
    view = mediation_or_404(request, case, pk, on=on)
    proposed = view.proposal.kind if view.proposal and view.proposal.kind else ""
    form = MediationStepForm(
        request.POST or None, kind=request.GET.get("etape", str(proposed)), on=on
    )
    if request.method == "POST" and form.is_valid():
        try:
            mediating.add_mediation_step(
                by=request.membership, mediation=view.row, today=on, **form.cleaned_data
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "L’étape est notée.")
            return redirect("case_detail", reference=reference)
    return form_page(
        request,
        FORM,
        form,
        case=case,
        title=f"Étape avec {view.row.landlord_name}",
        button="Enregistrer l’étape",
    )


@screen(right="support.write", writes=True)
def mediation_letter(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Read over a letter, then print it: it joins the files of the case and opens a deadline."""
    on = localdate()
    case = case_or_404(request, reference, right="support.write")
    view = mediation_or_404(request, case, pk, on=on)
    kind = request.GET.get("sorte") or request.POST.get("sorte") or ""
    if kind not in PRINTED:
        kind = str(MediationStepKind.FIRST_CONTACT)
    visit = sealed_visit(case)
    form = MediationLetterForm(
        request.POST or None,
        initial={
            "findings": "\n".join(_findings(visit)),
            "requests": view.row.problem,
            "place": from_support.usual_place(case),
            "due_on": proposed_due_on(kind, on=on),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            _print_and_file(request.membership, case, visit, view, kind, form.cleaned_data)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(
                request, "La lettre est dans les pièces du dossier : relisez-la et envoyez-la."
            )
            return redirect("case_detail", reference=reference)
    return form_page(
        request,
        "support/letter.html",
        form,
        case=case,
        mediation=view.row,
        kind=kind,
        title=MediationStepKind(kind).label,
        is_notice=kind == MediationStepKind.FORMAL_NOTICE,
    )


def _findings(visit: Visit | None) -> list[str]:
    if visit is None:
        return []
    rows = visit.document["conclusion"]["findings"]
    return [row["sentence"] for row in rows if row["sentence"]]


def _print_and_file(
    by: Membership,
    case: Case,
    visit: Visit | None,
    view: MediationView,
    kind: str,
    told: dict[str, Any],
) -> None:
    if visit is None:
        raise DomainError("La lettre cite la visite : terminez-la d’abord.")
    on = localdate()
    text = from_support.LandlordLetterText(
        kind=kind,
        place=told["place"],
        written_on=on,
        reply_by=told["due_on"],
        findings=lines(told["findings"]),
        requests=lines(told["requests"]),
        answer_so_far=told["answer_so_far"],
    )
    content = from_support.landlord_letter_pdf(
        case=case, visit=visit, mediation=view.row, steps=view.steps, text=text, by=by
    )
    mediating.add_mediation_step(
        by=by,
        mediation=view.row,
        kind=kind,
        on=on,
        due_on=told["due_on"],
        letter=mediating.PrintedLetter(from_support.FILE_NAMES[kind], content),
        today=on,
    )


@screen(right="support.write", writes=True)
def mediation_close(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """End the mediation, solved or not."""
    on = localdate()
    case = case_or_404(request, reference, right="support.write")
    view = mediation_or_404(request, case, pk, on=on)
    form = MediationCloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mediating.close_mediation(
                by=request.membership,
                mediation=view.row,
                solved=form.cleaned_data["solved"] == "yes",
                on=on,
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "La médiation est close.")
            return redirect("case_detail", reference=reference)
    return form_page(
        request,
        FORM,
        form,
        case=case,
        title=f"Clore la médiation avec {view.row.landlord_name}",
        button="Clore la médiation",
    )
