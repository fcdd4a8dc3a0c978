"""The case page, and the small things written from it: notes and tasks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from atre.domain.audit import actions as audit
from atre.web.access import screen
from atre.web.household import sections
from atre.web.household.case_page import case_context
from atre.web.household.lookup import case_or_404


@screen(right="case.view")
def case_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """The household's story, from who they are to what happened."""
    case = case_or_404(request, reference, right="case.view")
    audit.log_read(by=request.membership, case_id=case.pk, screen="case_detail")
    context = case_context(by=request.membership, case=case, on=localdate())
    context["sections"] = sections.rendered_sections(request, case)
    return render(request, "household/case.html", context)
