"""Two files of the same household: side by side, made one, and taken apart again."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from atre.domain.audit import actions as audit
from atre.domain.errors import DomainError
from atre.domain.households import daily_selectors
from atre.domain.households.actions import merging
from atre.domain.households.models import Case, HouseholdMerge
from atre.domain.households.selectors import case_for
from atre.web.access import screen
from atre.web.household import presentation
from atre.web.household.forms_case import MergeForm
from atre.web.household.lookup import case_or_404
from atre.web.household.refusals import form_page, show_refusal

COMPARED = (
    ("Nom", "last_name"),
    ("Prénom", "first_name"),
    ("Date de naissance", "birth_date"),
    ("Téléphone", "phone"),
    ("Adresse e-mail", "email"),
)


@screen(right="case.merge", writes=True)
def case_merge(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the other file's reference, compare, choose the one to keep and say why."""
    case = case_or_404(request, reference, right="case.merge")
    other, sentence = other_case(request, case)
    if other is None:
        return render(
            request,
            "household/merge_ask.html",
            {"case": case, "sentence": sentence, "typed": request.GET.get("avec", "")},
        )
    choices = [
        (case.reference, f"Celle du dossier {case.reference}"),
        (other.reference, f"Celle du dossier {other.reference}"),
    ]
    form = MergeForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        kept, absorbed = (case, other) if form.cleaned_data["kept"] == reference else (other, case)
        try:
            merging.merge_households(
                by=request.membership,
                kept=kept.household,
                absorbed=absorbed.household,
                reason=form.cleaned_data["reason"],
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Les deux fiches n’en font plus qu’une.")
            return redirect("case_detail", reference=reference)
    if request.method == "GET":
        for shown in (case, other):
            audit.log_read(by=request.membership, case_id=shown.pk, screen="case_merge")
    rows = compared(case, other)
    return form_page(request, "household/merge.html", form, case=case, other=other, rows=rows)


def other_case(request: HttpRequest, case: Case) -> tuple[Case | None, str]:
    """The case whose household is compared, or None with what to say about it."""
    typed = request.GET.get("avec", "").strip().upper()
    if not typed:
        return None, ""
    try:
        found = case_for(by=request.membership, reference=typed, right="case.merge")
    except Case.DoesNotExist:
        return None, "Aucun dossier de votre agence n’a cette référence."
    if found.household_id == case.household_id:
        return None, "Ce dossier est déjà celui du même ménage."
    return found, ""


def compared(case: Case, other: Case) -> list[dict[str, object]]:
    """What tells two files apart, line by line."""
    rows: list[dict[str, object]] = [
        {
            "label": label,
            "one": getattr(case.household, name),
            "two": getattr(other.household, name),
        }
        for label, name in COMPARED
    ]
    rows += [
        {
            "label": "Logement",
            "one": presentation.address(case.dwelling),
            "two": presentation.address(other.dwelling),
        },
        {
            "label": "Composition",
            "one": presentation.composition(case.household),
            "two": presentation.composition(other.household),
        },
        {"label": "Demande du", "one": case.deposited_on, "two": other.deposited_on},
    ]
    for row in rows:
        row["differs"] = row["one"] != row["two"]
    return rows


@screen(right="case.merge", writes=True)
@require_POST
def merge_undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Take two merged files apart."""
    by = request.membership
    try:
        merge = daily_selectors.merge_for(by=by, merge_id=merge_id)
    except HouseholdMerge.DoesNotExist as absent:
        raise Http404 from absent
    try:
        merging.undo_merge(by=by, merge=merge)
    except DomainError as refusal:
        messages.error(request, refusal.message_fr)
    else:
        messages.success(request, "La fusion est annulée : chaque fiche a repris ses dossiers.")
    return redirect("case_list")
