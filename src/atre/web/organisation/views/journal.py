"""The journal: who did what, newest first, and whether anyone rewrote it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from atre.domain.audit import selectors
from atre.domain.households.models import Case
from atre.web.access import screen
from atre.web.organisation import journal_words
from atre.web.organisation.forms import JournalForm

PAGE = 50


@screen(right="audit.view")
def entries(request: HttpRequest) -> HttpResponse:
    """Fifty entries a page; those of one case, with who opened its file, when a reference is given."""
    form = JournalForm(request.GET)
    reference = form.cleaned_data["dossier"].strip().upper() if form.is_valid() else ""
    case = Case.objects.filter(agency=request.agency, reference=reference).first()
    rows = selectors.entries(agency=request.agency, case_id=case.pk if case else None)
    if reference and case is None:
        rows = rows.none()
    before = request.GET.get("avant", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(sequence__lt=int(before))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    context = {
        "form": form,
        "reference": reference,
        "case": case,
        "rows": [journal_words.told(entry) for entry in shown],
        "next_url": _next(shown, reference) if len(found) > PAGE else "",
        "first_url": reverse("audit_journal") if before else "",
        "reads": list(selectors.reads(agency=request.agency, case_id=case.pk)[:PAGE])
        if case
        else [],
    }
    return render(request, "organisation/journal.html", context)


def _next(shown: list, reference: str) -> str:
    query = {"avant": shown[-1].sequence} | ({"dossier": reference} if reference else {})
    return f"{reverse('audit_journal')}?{urlencode(query)}"


@screen(right="audit.view")
def check(request: HttpRequest) -> HttpResponse:
    """Follow the whole chain; say where it breaks, if it does."""
    broken = selectors.first_broken_link(agency=request.agency)
    if broken is None:
        messages.success(request, "La chaîne est entière : aucune entrée n’a été modifiée.")
    else:
        messages.error(
            request,
            f"La chaîne est rompue à l’entrée n° {broken} : elle ou une voisine a été modifiée "
            "hors d’Âtre. Prévenez la personne qui administre le serveur.",
        )
    return redirect("audit_journal")
